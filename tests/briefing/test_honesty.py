"""What a briefing must not leave out: the day of the rates, weak figures, what nobody chose."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

import pytest

from accord.assessment.settings import AssessSettings
from accord.assessment.views.error import MERGED
from accord.briefing.brief import brief
from accord.briefing.document.blocks import Bullets, Paragraph, Table
from accord.briefing.document.facts import Fact
from accord.core.errors import InputError
from accord.data.records import Adjustment, MacroFigure
from accord.deal.deal import NO_DEAL
from accord.deal.load import read_deal
from tests.golden.example import DEAL, ExampleAssessment, build_world
from tests.golden.shared import shared_briefing, shared_example

PLAIN = {0xA0: " ", 0x202F: " "}  # spaces at which no line breaks
DATE = dt.date(2026, 11, 24)
QUO = """
[[package]]
name = "quo"
title = "Status quo"
background = false
"""
BACKGROUND = """
[background]
title = "Tariffs on the others"
[[background.clause]]
kind = "tariff"
title = "Mexican cars 10 %"
importer = "USA"
exporters = ["MEX"]
products = ["motor_vehicles"]
rate = 0.10
rule = "add"
basis = "IEEPA"
from = 2025-08-01
until = 2026-02-28
source = ["rumour", "notice"]
[[background.clause]]
kind = "tariff"
importer = "USA"
exporters = ["JPN", "EU"]
products = ["all"]
except_products = ["electronics"]
rate = 0.20
rule = "ceiling"
basis = "232"
from = 2026-03-01
source = "notice"
[[background.clause]]
kind = "ruling"
importer = "USA"
basis = "IEEPA"
from = 2026-02-20
"""


@dataclass(frozen=True)
class Example(ExampleAssessment):
    """The made-up assessment with other settings."""

    chosen: Any = None

    @property
    def settings(self) -> Any:
        return self.chosen or super().settings


def made(text="", world=None, **others):
    """An example with more in its deal file."""
    world = world or build_world()
    return Example(world, read_deal(DEAL + text, world=world), **others)


def section(briefing, name):
    return next(part for part in briefing.document.sections if part.id == name)


def words(briefing):
    return " ".join(str(prose) for prose in briefing.document.prose()).translate(PLAIN)


def year_points(briefing):
    return next(b for b in section(briefing, "ledger").blocks if isinstance(b, Bullets)).items


def test_the_yearly_figures_say_whose_rates():
    first = section(shared_briefing(), "ledger").blocks[0]
    assert isinstance(first, Paragraph)
    told = str(first.prose).translate(PLAIN)
    assert told.count("at the tariffs of 14 November 2025") == 1


def test_a_warning_says_what_has_changed_since():
    warning = str(brief(made(BACKGROUND), date=DATE).document.warning).translate(PLAIN)
    assert "Since 14 November 2025 the rules have changed. “The United States: tariffs" in warning
    assert "void from 20 February 2026” (20 February 2026)." in warning
    assert (
        "“Mexican cars 10 %” ended (1 March 2026). The full briefing lists 1 more change."
        in warning
    )
    early = brief(made(BACKGROUND), date=dt.date(2026, 2, 20)).document.warning
    assert "1 more" not in str(early)
    for made_on, text in ((dt.date(2026, 2, 19), BACKGROUND), (DATE, "")):
        assert brief(made(text), date=made_on).document.warning is None


def test_every_change_is_listed_below():
    lists = [b for b in section(brief(made(BACKGROUND), date=DATE), "terms").blocks
             if isinstance(b, Bullets)]  # fmt: skip
    (changes,) = [block for block in lists if "Changed since" in block.folded]
    assert len(changes.items) == 3
    assert "started (1 March 2026)" in str(changes.items[-1]).translate(PLAIN)


def test_the_background_is_on_the_page_with_grades():
    briefing = brief(made(BACKGROUND + QUO, change=like_demand), date=DATE, length="full")
    lists = [b for b in section(briefing, "terms").blocks if isinstance(b, Bullets)]
    (common,) = [block for block in lists if "Tariffs on the others" in block.folded]
    assert common.folded == "Tariffs on the others: the same in every package but “Status quo”"
    first, second, third = (str(item).replace("\u202f", " ") for item in common.items)
    assert first == "Mexican cars 10 %. Grades A and C."
    assert {piece.cite for piece in common.items[0].pieces} == {"", "rumour", "notice"}
    assert second == (
        "The United States on Japan and the European Union: at most 20 % on all goods but "
        "computers, electronics, optics (section 232). Grade A."
    )
    assert third.startswith("The United States: tariffs under IEEPA are void from")
    assert [fact.number for fact in common.items[1].facts] == [0.2]
    assert common.folded in briefing.html.replace("&#34;", '"')


def like_demand(name, frame):
    """Give the package nobody chooses figures better than any other."""
    if name == "welfare":
        best = frame["package"] == "quo"
        frame.loc[best, ["ev", "tariff_part", "low", "high", "tariff_low", "tariff_high"]] = 99.0
        frame.loc[best, "transfer_part"] = 0.0
    return frame


def test_a_package_that_nobody_chooses_is_shown_and_never_called_best():
    world = build_world()
    text = DEAL.replace("[[package]]", QUO + "[[package]]", 1).replace('"signed"', '"agreed"')
    deal = read_deal(text, world=world)
    briefing = brief(Example(world, deal, change=like_demand), date=DATE)
    assert "the demand" in str(briefing.document.headline).lower()
    ledger = section(briefing, "ledger")
    table, chart = ledger.blocks[-2:]
    assert isinstance(table, Table)
    assert "Status quo" in [str(row.heading) for row in table.groups[0].rows]
    assert "no choice of the parties: “Status quo”" in " ".join(map(str, table.notes))
    assert "between no deal and the packages on the table" in str(chart.finding)
    assert "Status quo" not in str(chart.finding)
    assert "Status quo" not in chart.wide


FARMS = """
kind = "tariff"
importer = "KOR"
exporters = ["all"]
except_exporters = ["JPN"]
products = ["agriculture"]
rate = 0.08
rule = "level"
"""
CHIPS = """
kind = "tariff"
importer = "USA"
exporters = ["JPN", "MEX", "DEU", "FRA"]
products = ["electronics"]
rate = 0.1
rule = "add"
basis = "IEEPA"
"""
LOAN = """
kind = "investment"
payer = "KOR"
host = "USA"
amount = 1e9
instrument = "loan"
"""


@pytest.mark.parametrize(
    ("clause", "title"),
    [
        (FARMS, "South Korea on every country but Japan: 8 % all in on agriculture,"),
        (CHIPS, "The United States on Japan, Mexico, Germany and 1 more: 10 % on computers,"),
        (LOAN, "Investment of South Korea in the United States. 1 bn USD, lent"),
        ('kind = "visa"\nhost = "USA"', "Visas."),
    ],
    ids=["level", "add", "loan", "visa"],
)
def test_a_clause_without_a_title_is_called_by_what_it_says(clause, title):
    briefing = brief(made(f"[[package.clause]]\n{clause}\n"), date=DATE)
    lists = [b for b in section(briefing, "terms").blocks if isinstance(b, Bullets)]
    assert str(lists[-1].items[-1]).translate(PLAIN).replace("\u202f", " ").startswith(title)


def test_an_assumed_total_is_marked_beside_the_name():
    macro = (
        MacroFigure("JPN", "gdp_2024", 4000.0, "bn USD", "2024", "table", "U"),
        MacroFigure("MEX", "gdp_2024", 1800.0, "bn USD", "2024", "table", "C"),
        MacroFigure("MEX", "exchange_rate_2024", 18.0, "MXN per USD", "2024", "table", "C"),
    )
    world = replace(build_world(), macro=macro)
    briefing = brief(made(world=world), date=DATE)
    table = next(b for b in section(briefing, "third").blocks if isinstance(b, Table))
    cited = {
        str(row.heading): [piece.cite for piece in row.heading.pieces if piece.cite]
        for row in table.groups[0].rows
    }
    assert cited["Japan"] == ["table"]
    assert cited["Mexico"] == []
    grades = str(briefing.document.grades)
    assert "of 1 of 7 regions is of grade C" in grades
    assert "A total of Japan is of grade U" in grades
    assert "wherever" not in grades
    assert "grade C" not in str(brief(made(), date=DATE).document.grades)


def test_retaliation_is_among_what_is_not_counted():
    told = " ".join(str(line) for line in shared_briefing().document.not_priced)
    assert "no country retaliates" in told


def test_baseline_tariffs_and_the_day_of_the_packages_are_told_apart():
    method = section(shared_briefing(), "method")
    points = next(block for block in method.blocks if isinstance(block, Bullets)).items
    (baseline,) = [str(point) for point in points if str(point).startswith("Baseline")]
    (packages,) = [str(point) for point in points if str(point).startswith("Packages")]
    assert "“example-world”, which describes 2024" in baseline
    assert "November" not in baseline
    assert "before any clause" in baseline
    assert "14\u00a0November\u00a02025" in packages


def test_what_merging_a_large_world_costs_is_told_under_method():
    """The largest move against no deal: 0.5 bn for South Korea, where both moved by 1 in all."""
    example = shared_example()
    package = example.deal.packages[0].name
    rows = tuple(
        Adjustment(MERGED, party, name, before, after, "bn USD")
        for party, name, before, after in (
            ("KOR", NO_DEAL, -2.0, -1.0),
            ("KOR", package, 1.0, 2.5),
            ("USA", NO_DEAL, 5.0, 4.0),
            ("USA", package, 6.0, 5.1),
        )
    )
    merged = replace(example, world=replace(example.world, adjustments=rows))
    told, silent = (
        " ".join(
            str(point)
            for block in section(brief(given, date=DATE), "method").blocks
            if isinstance(block, Bullets)
            for point in block.items
        ).translate(PLAIN)
        for given in (merged, example)
    )
    assert "South Korea" in told
    assert "to +3.5 bn USD from +3 bn USD in the whole world" in told
    assert "merged" not in silent


def test_the_tariff_part_has_a_range_and_the_sets_have_names():
    briefing = shared_briefing()
    point = str(year_points(briefing)[0]).translate(PLAIN)
    assert "against no deal (range 3.4–4.2)" in point
    ledger = next(b for b in section(briefing, "ledger").blocks if isinstance(b, Table))
    tariffs = ledger.groups[0].rows[-1].cells[0]
    assert isinstance(tariffs, Fact)
    assert tariffs.interval == pytest.approx((0.8 * 4.2, 4.2))
    assert "runs over 2 published sets" in " ".join(map(str, ledger.notes)).translate(PLAIN)


@pytest.mark.parametrize(
    "chosen", [{"ranges": False}, {"ranges": True, "competition": "monopolistic"}]
)
def test_without_other_sets_nothing_is_said_of_ranges(chosen):
    settings = AssessSettings(elasticities="first", paths=0, **chosen)
    briefing = brief(made(chosen=settings), date=DATE, length="full")
    told = words(briefing)
    assert "No other set was solved, so there are no ranges." in told
    notes = [str(note) for b in section(briefing, "ledger").blocks if isinstance(b, Table)
             for note in b.notes]  # fmt: skip
    assert not any("range" in note for note in notes)


def test_money_up_front_is_told_as_what_it_counts_for():
    notes = [str(note).translate(PLAIN)
             for b in section(shared_briefing(), "ledger").blocks
             if isinstance(b, Table) for note in b.notes]  # fmt: skip
    (spread,) = [note for note in notes if note.startswith("Payments count")]
    assert "over 2026 to 2035" in spread
    assert "Under the demand that is 350 bn USD in all, or 35 bn USD a year" in spread


def test_a_world_without_years_is_refused():
    world = build_world()
    for other in (replace(world, base_year=0), replace(world, price_year=0)):
        with pytest.raises(InputError, match=r"world\.base_year: .*from_arrays"):
            brief(made(world=other), date=DATE)


def test_a_world_without_sources_says_so():
    told = words(brief(made(world=replace(build_world(), sources=())), date=DATE, length="full"))
    assert "It names no sources" in told
    assert "known product by product" not in told
    assert "It names no sources" not in words(brief(made(), date=DATE, length="full"))
