"""Published evaluations of a deal between the same parties, shown beside our own figure."""

import datetime as dt
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from accord.briefing.document.blocks import (
    Bullets,
    Column,
    Paragraph,
    Row,
    RowGroup,
    Section,
    Table,
)
from accord.briefing.document.facts import Cite, Fact, quoted
from accord.briefing.view import BASELINE, NO_DEAL, BriefingView
from accord.briefing.words.yearly import money, share
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
    known = []
    for entry in _entries("comparator"):
        cite = Source(**entry["cite"])
        fields = {name: entry[name] for name in _PLAIN}
        comparator = Comparator(
            parties=tuple(entry["parties"]), why=tuple(entry["why"]), source=cite, **fields
        )
        if set(comparator.parties) == set(parties):
            known.append(comparator)
    return tuple(known)


def _entries(kind: str) -> Iterator[Mapping[str, Any]]:
    for path in case_files("comparators.toml"):
        yield from tomllib.loads(path.read_text(encoding="utf-8")).get(kind, ())


ORDER = 90
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


def build(view: BriefingView) -> Section | None:
    """Return the section with published evaluations, or None where none is known."""
    known = read_comparators(view.deal.parties)
    if not known or (known[0].exporter, known[0].importer) != (view.payer, view.host):
        return None
    published = known[0]
    goods = list(view.goods)

    def total(package: str) -> float:
        return sum(view.exports(package, published.exporter, name) for name in goods)

    base, none, deal = (total(package) for package in (BASELINE, NO_DEAL, view.focus))
    output = _gdp(view, published.exporter)
    rows = (
        Row(
            view.say("published.who", who=published.who, date=Fact(published.date, "date"),
                     cite=Cite(published.source.id)),
            (
                quoted(published.scenario),
                Fact(published.change, "bn USD a year", source=published.source.id),
                Fact(published.share_of_exports, "share", source=published.source.id),
                Fact(published.change_of_gdp, "share", source=published.source.id),
            ),
        ),
        Row(
            view.say("published.ours"),
            (
                view.say("published.compared.package"),
                money(none - deal),
                share(none / deal - 1.0),
                share((none - deal) / output) if output else None,
            ),
        ),
        Row(
            view.say("published.ours"),
            (
                view.say("published.compared.baseline"),
                money(none - base),
                share(none / base - 1.0),
                share((none - base) / output) if output else None,
            ),
        ),
    )  # fmt: skip
    table = Table(
        "comparison-table",
        view.text(
            "published.title.table",
            exporter=view.region(published.exporter),
            importer=view.region(published.importer),
        ),
        view.say("published.unit"),
        (
            Column(view.text("published.column.estimate"), numeric=False),
            Column(view.text("published.column.what_is_compared"), numeric=False),
            Column(view.text("column.change"), decimals=1),
            Column(view.text("published.column.of_these_exports"), decimals=1, with_unit=True),
            Column(view.text("published.column.of_gdp"), decimals=1, with_unit=True),
        ),
        (RowGroup(None, rows),),
    )
    lead = view.say(
        "published.lead",
        words=published.conclusion,
    )
    between = view.say("published.why")
    why = Bullets(tuple(quoted(reason) for reason in published.why))
    blocks = (Paragraph(lead), table, Paragraph(between), why)
    return Section("comparison", view.text("published.title.section"), blocks, (published.source,))


def _gdp(view: BriefingView, region: str) -> float:
    """Return value added of a region, bn USD a year."""
    return float(view.world.value_added[view.world.region_index(region)])
