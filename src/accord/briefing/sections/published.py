"""Published evaluations of a deal between the same parties, shown beside our own figure."""

import datetime as dt
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from accord.briefing.charts.figures import money, share
from accord.briefing.document.blocks import (
    Bullets,
    Column,
    Paragraph,
    Row,
    RowGroup,
    Section,
    Table,
)
from accord.briefing.document.facts import Cite, Fact, Name, quoted, sentence
from accord.briefing.view import BASELINE, NO_DEAL, BriefingView
from accord.cases.shipped import case_files
from accord.core.provenance import Source


@dataclass(frozen=True)
class Comparator:
    """One published evaluation: a change in exports, bn USD a year and fractions."""

    parties: tuple[str, ...]
    who: str
    date: dt.date
    scenario: str
    exporter: str
    importer: str
    change: float
    change_of_gdp: float
    share_of_exports: float
    conclusion: str
    why: tuple[str, ...]
    source: Source


@dataclass(frozen=True)
class Stated:
    """What somebody has called a bearable yearly payment of a party, bn USD a year."""

    party: str
    who: str
    low: float
    high: float
    why: str
    source: Source


def read_stated(party: str) -> tuple[Stated, ...]:
    """Return the yearly payments that have been called bearable for a party."""
    return tuple(
        Stated(source=Source(**entry["cite"]), **{name: entry[name] for name in _STATED})
        for entry in _entries("stated")
        if entry["party"] == party
    )


def read_comparators(parties: Iterable[str]) -> tuple[Comparator, ...]:
    """Return the published evaluations of deals between exactly these parties."""
    found = []
    for entry in _entries("comparator"):
        cite = Source(**entry["cite"])
        fields = {name: entry[name] for name in _PLAIN}
        one = Comparator(
            parties=tuple(entry["parties"]), why=tuple(entry["why"]), source=cite, **fields
        )
        if set(one.parties) == set(parties):
            found.append(one)
    return tuple(found)


def _entries(kind: str) -> Iterator[Mapping[str, Any]]:
    for path in case_files("comparators.toml"):
        yield from tomllib.loads(path.read_text(encoding="utf-8")).get(kind, ())


_STATED = ("party", "who", "low", "high", "why")
_PLAIN = (
    "who",
    "date",
    "scenario",
    "exporter",
    "importer",
    "change",
    "change_of_gdp",
    "share_of_exports",
    "conclusion",
)


def build_comparison(view: BriefingView) -> Section | None:
    """Return the section with published evaluations, or None where none is known."""
    known = read_comparators(view.deal.parties)
    one = known[0] if known else None
    if one is None or (one.exporter, one.importer) != (view.payer, view.host):
        return None
    goods = list(view.goods)

    def total(package: str) -> float:
        return sum(view.exports(package, one.exporter, name) for name in goods)

    base, none, deal = (total(package) for package in (BASELINE, NO_DEAL, view.focus))
    output = _gdp(view, one.exporter)
    focus = Name(view.package(view.focus))
    rows = (
        Row(
            sentence("{who}, {date}{cite}", who=Name(one.who), date=Fact(one.date, "date"),
                     cite=Cite(one.source.id)),
            (
                quoted(one.scenario),
                Fact(one.change, "bn USD a year", source=one.source.id),
                Fact(one.share_of_exports, "share", source=one.source.id),
                Fact(one.change_of_gdp, "share", source=one.source.id),
            ),
        ),
        Row(
            sentence("This briefing"),
            (
                sentence("no deal in place of {package}", package=focus),
                money(none - deal),
                share(none / deal - 1.0),
                share((none - deal) / output) if output else None,
            ),
        ),
        Row(
            sentence("This briefing"),
            (
                sentence("no deal in place of the tariffs of {year}",
                         year=Fact(view.year, "year")),
                money(none - base),
                share(none / base - 1.0),
                share((none - base) / output) if output else None,
            ),
        ),
    )  # fmt: skip
    table = Table(
        "comparison-table",
        f"Goods sold by {view.region(one.exporter)} to {view.region(one.importer)}",
        sentence("Change in sales, bn USD a year."),
        (
            Column("Estimate", numeric=False),
            Column("What is compared", numeric=False),
            Column("Change", decimals=1),
            Column("Of these exports", decimals=1, with_unit=True),
            Column("Of GDP", decimals=1, with_unit=True),
        ),
        (RowGroup(None, rows),),
    )
    lead = sentence(
        "One published estimate asks a similar question and concludes that {words}.",
        words=Name(one.conclusion),
    )
    between = sentence("Why the figures differ:")
    why = Bullets(tuple(quoted(reason) for reason in one.why))
    blocks = (Paragraph(lead), table, Paragraph(between), why)
    return Section("comparison", "Beside another estimate", blocks)


def _gdp(view: BriefingView, region: str) -> float:
    """Return value added of a region, bn USD a year."""
    return float(view.world.value_added[view.world.region_index(region)])
