"""The US tariffs of 2026 by partner and date, from the shared background, against a series.

Clauses are written from the law and the lists of goods, never from the series; what differs is
named in docs/deal-file.md, which has the table. The bounds are those of the named differences.
"""

import csv
from datetime import date
from pathlib import Path

import pytest

from accord.data.store import load_world
from accord.deal.clauses.tariff import TariffClause
from accord.deal.load import load_deal
from accord.deal.products import build_cells
from accord.lowering.tariff_schedule import added_rate
from tests.reference import reference_file

WORLD = load_world()
DEAL = load_deal("us-korea-2025", WORLD)
TARIFFS = [c for c in DEAL.background.clause if isinstance(c, TariffClause)]
PAGE = Path(__file__).resolve().parents[2] / "docs" / "deal-file.md"
DAYS = (date(2026, 2, 24), date(2026, 4, 6), date(2026, 7, 24), date(2026, 8, 22))

# Points added on DAYS, as printed in the series (two decimals), whose last day is 19 August 2026.
PRINTED = {
    "KOR": (11.31, 12.88, 13.61, 13.61),
    "JPN": (11.47, 12.70, 13.73, 13.73),
    "EU": (8.39, 8.95, 9.07, 9.07),
    "TWN": (5.59, 5.83, 5.93, 5.93),
    "CHN": (10.77, 10.26, 11.94, 11.94),
    "CHE": (4.63, 4.42, 5.33, 5.33),
    "CAN": (3.15, 5.82, 5.82, 7.66),
    "MEX": (6.14, 7.66, 7.66, 7.66),
    "BRA": (7.03, 10.60, 17.83, 17.83),
    "GBR": (8.39, 8.10, 8.15, 8.15),
    "IND": (8.71, 9.59, 9.65, 9.65),
    "IDN": (10.29, 10.43, 10.50, 10.50),
    "AUS": (6.01, 6.50, 7.61, 7.61),
    "NOR": (7.18, 6.83, 8.24, 8.24),
    "TUR": (11.82, 13.78, 15.60, 15.60),
}
NAMES = {
    "KOR": "KOREA, SOUTH", "JPN": "JAPAN", "EU": "EUROPEAN UNION", "TWN": "TAIWAN",
    "CHN": "CHINA", "CHE": "SWITZERLAND", "CAN": "CANADA", "MEX": "MEXICO", "BRA": "BRAZIL",
    "GBR": "UNITED KINGDOM", "IND": "INDIA", "IDN": "INDONESIA", "AUS": "AUSTRALIA",
    "NOR": "NORWAY", "TUR": "TURKEY",
}  # fmt: skip
# Where a named difference is larger than the plain bound of 0.75 points from April on.
WIDER = {"JPN": 1.75, "EU": 1.1, "CAN": 1.5, "MEX": 1.3, "BRA": 0.85}


def added(exporter, day, clauses=None):
    """Points added on a day by the background and the signed package."""
    clauses = DEAL.clauses("signed") if clauses is None else clauses
    return 100 * added_rate(clauses, WORLD, day, importer="USA", exporter=exporter)


@pytest.mark.parametrize("exporter", PRINTED)
def test_from_april_on_the_background_is_within_the_named_differences(exporter):
    for day, points in list(zip(DAYS, PRINTED[exporter], strict=True))[1:]:
        assert added(exporter, day) == pytest.approx(points, abs=WIDER.get(exporter, 0.75)), day


def test_korea_is_within_a_quarter_point_through_2026_from_april():
    for day, points in list(zip(DAYS, PRINTED["KOR"], strict=True))[1:]:
        assert added("KOR", day) == pytest.approx(points, abs=0.25)


def test_the_steps_are_those_of_the_series():
    """What a measure adds on its day: metals, section 301 for China, section 338, Brazil's own."""
    before = added("CAN", date(2026, 8, 21))
    assert added("CAN", date(2026, 8, 22)) - before == pytest.approx(7.66 - 5.82, abs=0.15)
    before = added("BRA", date(2026, 7, 21))
    assert added("BRA", date(2026, 7, 22)) - before == pytest.approx(17.43 - 10.60, abs=0.25)
    before = added("CHN", date(2026, 7, 23))
    assert added("CHN", date(2026, 7, 24)) - before == pytest.approx(11.94 - 10.26, abs=0.4)


def test_each_partner_of_2026_pays_section_301_once():
    """Every region is named by one of the clauses of 24 July, none by two."""
    clauses = [c for c in TARIFFS if (c.id or "").startswith("section-301")]
    cells = build_cells(WORLD, "USA")
    for region in (name for name in WORLD.regions if name != "USA"):
        chosen = cells.select_exporters([region])
        hits = [c.id for c in clauses if (chosen & cells.select_exporters(c.exporters)).any()]
        assert len(hits) == 1, (region, hits)


def test_a_good_of_the_metals_lists_is_on_one_list():
    """The tiers of April 2026 part the goods: nothing pays two of them."""
    cells = build_cells(WORLD, "USA")
    tiers = [
        clause
        for clause in TARIFFS
        if (clause.id or "").startswith("metals-") and clause.from_ == date(2026, 4, 6)
    ]
    hits = [0] * cells.imports.size
    for clause in tiers:
        for cell in cells.select(clause):
            hits[cell] += 1
    assert len(tiers) == 8
    assert max(hits) == 1


def test_without_a_deal_korea_would_pay_more_on_patented_medicines_and_furniture():
    day = DEAL.included[0].as_of
    gap = added("KOR", day, DEAL.clauses("no_deal")) - added("KOR", day)
    cars = [c for c in DEAL.clauses("no_deal") if c.replaces == ("cars-kor",)]
    others = [c for c in DEAL.clauses("signed") if c.replaces != ("cars-kor",)]
    assert gap > added("KOR", day, [*others, *cars]) - added("KOR", day) > 0


def test_the_printed_points_are_those_of_the_file():
    with reference_file("us_tariffs_2025/country-by-time.csv").open() as stream:
        rows = list(csv.DictReader(stream))
    for exporter, series in PRINTED.items():
        own = [row for row in rows if row["country_name"] == NAMES[exporter]]
        for day, points in zip(DAYS, series, strict=True):
            latest = max((r for r in own if r["date"] <= day.isoformat()), key=lambda r: r["date"])
            assert float(latest["effective tariff"]) == pytest.approx(points, abs=0.006)


def render_table():
    """The table of the page: points added, computed (series), by partner and day."""
    head = "| partner | " + " | ".join(day.isoformat() for day in DAYS) + " |"
    lines = [head, "|---" * (len(DAYS) + 1) + "|"]
    for exporter, series in PRINTED.items():
        cells = (
            f"{added(exporter, day):.2f} ({points:.2f})"
            for day, points in zip(DAYS, series, strict=True)
        )
        lines.append(f"| {exporter} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def test_the_page_prints_the_table_as_computed():
    page = PAGE.read_text(encoding="utf-8")
    between = page.split("<!-- 2026: start -->", 1)[1].split("<!-- 2026: end -->", 1)[0]
    assert between.strip() == render_table()
