"""Published evaluations of a deal between the same parties, shown beside our own figure."""

import datetime as dt
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from accord.briefing.document.blocks import (
    Block,
    Bullets,
    Column,
    Paragraph,
    Row,
    RowGroup,
    Section,
    Table,
)
from accord.briefing.document.facts import Cite, Fact, Unit, quoted
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
class Finding:
    """What somebody found of a deal or of its absence, as a range.

    Attributes:
        quantity: "gdp" (fraction of a year's GDP), "exports" (fraction of what the party sells to
            the other one) or "value" (of the money to the party, bn USD of present value).
        party: Whose it is.
        package: The package of ours that comes nearest to what was asked.
        against: What that is compared with: a package, or "baseline".
    """

    parties: tuple[str, ...]
    who: str
    date: dt.date
    scenario: str
    quantity: Literal["gdp", "exports", "value"]
    party: str
    low: float
    high: float
    package: str
    against: str
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


def read_estimates(parties: Iterable[str]) -> tuple[Finding, ...]:
    """Return what others found of deals between exactly these parties."""
    wanted = set(parties)
    return tuple(
        Finding(
            parties=tuple(entry["parties"]), why=tuple(entry["why"]),
            source=Source(**entry["cite"]), **{name: entry[name] for name in _RANGED},
        )
        for entry in _entries("estimate")
        if set(entry["parties"]) == wanted
    )  # fmt: skip


def _entries(kind: str) -> Iterator[Mapping[str, Any]]:
    for path in case_files("comparators.toml"):
        yield from tomllib.loads(path.read_text(encoding="utf-8")).get(kind, ())


ORDER = 90
_STATED = ("party", "who", "low", "high", "why")
_RANGED = ("who", "date", "scenario", "quantity", "party", "low", "high", "package", "against")
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
    exports, sources = _beside_exports(view)
    estimates = [study for study in read_estimates(view.deal.parties) if _is_told(view, study)]
    if not exports and not estimates:
        return None
    blocks = (*exports, *(_beside_estimates(view, estimates) if estimates else ()))
    sources += tuple(dict.fromkeys(study.source for study in estimates))
    return Section("comparison", view.text("published.title.section"), blocks, sources)


def _is_told(view: BriefingView, study: Finding) -> bool:
    """Return whether the page has a figure to set beside an estimate."""
    if not {study.package, study.against} <= {*view.packages, BASELINE}:
        return False
    return study.quantity != "exports" or study.party == view.payer


def _beside_estimates(view: BriefingView, estimates: list[Finding]) -> tuple[Block, ...]:
    """Return the table of estimates beside our figures, and the reasons for the difference."""
    rows = []
    for study in estimates:
        unit: Unit = "bn USD" if study.quantity == "value" else "share"
        ends = [Fact(end, unit, source=study.source.id) for end in (study.low, study.high)]
        theirs = ends[0] if study.low == study.high else view.phrase(
            "published.span", low=ends[0], high=ends[1]
        )  # fmt: skip
        rows.append(
            Row(
                view.say("published.who", who=study.who, date=Fact(study.date, "date"),
                         cite=Cite(study.source.id)),
                (
                    view.say(f"published.what.{study.quantity}", party=view.region(study.party),
                             scenario=study.scenario),
                    theirs,
                    Fact(_our_figure(view, study), unit),
                ),
            )
        )  # fmt: skip
    quantities = dict.fromkeys(study.quantity for study in estimates)
    table = Table(
        "estimates-table",
        view.text("published.title.estimates"),
        view.say("published.estimates_unit"),
        (
            Column(view.text("published.column.estimate"), numeric=False),
            Column(view.text("published.column.what_is_compared"), numeric=False),
            Column(view.text("published.column.published"), with_unit=True),
            Column(view.text("published.ours"), with_unit=True),
        ),
        (RowGroup(None, tuple(rows)),),
        tuple(view.say(f"published.ours_is.{quantity}") for quantity in quantities),
    )
    reasons = dict.fromkeys(reason for study in estimates for reason in study.why)
    why = Bullets(tuple(quoted(reason) for reason in reasons))
    return (table, Paragraph(view.say("published.why")), why)


def _our_figure(view: BriefingView, study: Finding) -> float:
    """Return our figure for what an estimate is about: a fraction, or bn USD for the money."""
    if study.quantity == "gdp":
        line = view.welfare(study.package, study.against, study.party)
        return line.change * line.tariff_part / line.ev if line.ev else 0.0
    if study.quantity == "exports":
        new, old = (
            sum(view.exports(name, study.party, good) for good in view.goods)
            for name in (study.package, study.against)
        )
        return new / old - 1.0
    return sum(
        float(row["npv"])
        for row in view.records("finance")
        if (row["package"], row["party"], row["payer"]) == (study.package, *(study.party,) * 2)
    )


def _beside_exports(view: BriefingView) -> tuple[tuple[Block, ...], tuple[Source, ...]]:
    """Return the exports of a published evaluation beside ours, with its source; or nothing."""
    known = read_comparators(view.deal.parties)
    if not known or (known[0].exporter, known[0].importer) != (view.payer, view.host):
        return (), ()
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
    return (Paragraph(lead), table, Paragraph(between), why), (published.source,)


def _gdp(view: BriefingView, region: str) -> float:
    """Return value added of a region, bn USD a year."""
    return float(view.world.value_added[view.world.region_index(region)])
