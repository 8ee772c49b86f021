"""The section on makers of cars: price, units, profit, who bears the duty, and what moves home."""

from math import isnan
from typing import TYPE_CHECKING, Any

from accord.assessment.cars.study import cars
from accord.assessment.facade import Assessment
from accord.briefing.document.blocks import Block, Column, Paragraph, Row, RowGroup, Section, Table
from accord.briefing.document.facts import Fact, quoted
from accord.briefing.view import NO_DEAL, BriefingView
from accord.briefing.words.yearly import money, share
from accord.lowering.cars.market import load_car_market
from accord.lowering.cars.plan import Run

if TYPE_CHECKING:
    from accord.assessment.cars.result import CarStudy

ORDER = 46
DRAWS = 200
THOUSAND = 1000
RUNS: tuple[Run, ...] = ("short", "long")
SAME = 1e-6  # a rate that no clause has moved
COLUMNS = ("price", "units", "share", "profit", "against", "treasury", "buyers", "makers", "moved")
Record = dict[str, Any]


def build(view: BriefingView) -> Section | None:
    """Return the section, or None where the package leaves cars of the American market alone."""
    market = load_car_market()
    given = view.assessment
    if market.home not in view.deal.parties or not isinstance(given, Assessment):
        return None
    studies = {
        name: cars(view.deal, scenario=name, world=view.world, draws=DRAWS)
        for name in (NO_DEAL, view.focus)
    }
    rates = [studies[name].scenarios[0].rates for name in studies]
    pairs = [(getattr(rate, good), good) for rate in rates for good in ("cars", "parts")]
    moved = any(
        abs(old[place] - new[place]) > SAME
        for (old, _), (new, _) in zip(pairs[:2], pairs[2:], strict=True)
        for place in old
    )
    if not moved:
        return None
    gains = _gains(studies, view.focus)
    best, worst = max(gains, key=gains.__getitem__), min(gains, key=gains.__getitem__)
    lead = view.say("cars.lead", year=Fact(market.year, "year"))
    if gains[best] > 0:
        lead += view.say("cars.best", maker=best, gain=money(gains[best]))
    if gains[worst] < 0:
        lead += view.say("cars.worst", maker=worst, gain=money(gains[worst]))
    blocks: tuple[Block, ...] = (
        Paragraph(lead),
        _makers(view, studies),
        _countries(view, studies[view.focus]),
        Paragraph(view.say("cars.model"), quiet=True),
        *(Paragraph(quoted(view.words.translated(note)), quiet=True) for note in market.notes),
    )
    return Section("cars", view.text("cars.title.section"), blocks, market.sources)


def _rows(study: "CarStudy", table: str, run: Run) -> list[Record]:
    frame = study.to_frame(table)
    chosen = frame[frame["run"] == run]
    return [{str(key): value for key, value in row.items()} for row in chosen.to_dict("records")]


def _gains(studies: "dict[str, CarStudy]", focus: str) -> dict[str, float]:
    """Return what the package adds to the profit of each maker in the third year, bn USD."""
    without, under = (
        {row["maker"]: row["profit_change"] for row in _rows(studies[name], "makers", "long")}
        for name in (NO_DEAL, focus)
    )
    return {maker: under[maker] - without[maker] for maker in under}


def _makers(view: BriefingView, studies: "dict[str, CarStudy]") -> Table:
    groups = []
    for run in RUNS:
        without = {row["maker"]: row for row in _rows(studies[NO_DEAL], "makers", run)}
        rows = [
            Row(quoted(row["maker"]), (
                Fact(row["price_change"], "ratio"), share(row["units_change"]),
                share(row["share"]), money(row["profit_change"]),
                money(row["profit_change"] - without[row["maker"]]["profit_change"]),
                *(money(row[name]) for name in ("treasury", "buyers", "makers")),
                Fact(round(THOUSAND * row["moved_home"]), "count"),
            ))
            for row in _rows(studies[view.focus], "makers", run)
        ]  # fmt: skip
        groups.append(RowGroup(view.say(f"cars.run.{run}"), tuple(rows)))
    styles = {"price": ("signed", 0), "share": ("", 1), "units": ("signed", 1), "moved": ("", 0)}
    columns = (
        Column(view.text("cars.column.maker"), numeric=False),
        *(
            Column(view.text(f"cars.column.{name}"), style=styles.get(name, ("signed", 2))[0],
                   decimals=styles.get(name, ("signed", 2))[1])
            for name in COLUMNS
        ),
    )  # fmt: skip
    unit = view.say("cars.unit.makers", year=Fact(load_car_market().year, "year"))
    return Table("cars-makers", view.text("cars.title.makers"), unit, columns, tuple(groups))


def _countries(view: BriefingView, study: "CarStudy") -> Table:
    """Return imports by country in the third year, beside what the trade engine says."""
    rows = tuple(
        Row(quoted(view.region_label(row["country"])), (
            share(row["rate_before"]), share(row["rate_after"]), share(row["units_change"]),
            None if isnan(row["trade_engine"]) else share(row["trade_engine"]),
        ))
        for row in _rows(study, "countries", "long")
    )  # fmt: skip
    columns = (
        Column(view.text("third.column.country"), numeric=False),
        *(Column(view.text(f"cars.column.{name}"), style="", decimals=1)
          for name in ("before", "after")),
        *(Column(view.text(f"cars.column.{name}"), decimals=0) for name in ("market", "engine")),
    )  # fmt: skip
    unit = view.say("cars.unit.countries", year=Fact(load_car_market().year, "year"))
    title = view.text("cars.title.countries")
    return Table("cars-countries", title, unit, columns, (RowGroup(None, rows),))
