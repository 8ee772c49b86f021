"""The section on what would change the verdict: tornado, thresholds and distributions."""

import math
from collections.abc import Mapping
from typing import Any

from accord.briefing.charts.tornado import Bar, build_tornado_chart
from accord.briefing.document.blocks import (
    Block,
    Cell,
    Chart,
    Column,
    Paragraph,
    Row,
    RowGroup,
    Section,
    Table,
)
from accord.briefing.document.facts import SMALLEST, Fact, Prose, quoted
from accord.briefing.pairs import paying_pairs
from accord.briefing.view import BriefingView
from accord.briefing.words.unknowns import read_kind, shift_way, unknown_cell, unknown_fact

ORDER = 15
SHOWN_BARS = 9
LEFT_OUT = 0.01  # of what the first unknown moves: below this one has no row


def build(view: BriefingView) -> Section | None:
    """Return what decides the verdict on the package in focus, or None without draws."""
    swings = [row for row in view.records("swings") if row["package"] == view.focus]
    if not swings:
        return None
    parties = view.parties if view.several else (view.payer,)
    blocks: list[Block] = [_tornado(view, swings, party) for party in parties]
    turning = _thresholds(view)
    blocks += [*([Paragraph(turning)] if turning.pieces else []), _parameters(view)]
    return Section("drivers", view.text("drivers.title.section"), tuple(blocks))


def _tornado(view: BriefingView, swings: list[dict[str, Any]], party: str) -> Chart:
    """Return what moves the payoff of a party, the unknown that moves it most first."""
    own = [row for row in swings if row["party"] == party]
    own.sort(key=lambda row: -abs(row["at_high"] - row["at_low"]))
    widest = abs(own[0]["at_high"] - own[0]["at_low"])
    least = max(SMALLEST, LEFT_OUT * widest)
    own = [row for row in own if abs(row["at_high"] - row["at_low"]) >= least] or own[:1]
    bars = [
        Bar(_unknown_label(view, row), float(row["at_low"]), float(row["at_high"]))
        for row in own[:SHOWN_BARS]
    ]
    centre = view.payoff(view.focus, party).value
    title = view.text("drivers.title.tornado", party=view.region(party))
    name = "verdict-tornado" if party == view.payer else f"verdict-tornado-{party.lower()}"
    top = own[0]
    ends = sorted((float(top["at_low"]), float(top["at_high"])))
    shared = any(_share(view, party, str(row["parameter"])) for row in own)
    unit = view.say("drivers.tornado.unit")
    rows = tuple(
        Row(
            quoted(_unknown_label(view, row)),
            (
                unknown_cell(view, row["parameter"], float(row["low"])),
                unknown_cell(view, row["parameter"], float(row["high"])),
                Fact(float(row["at_low"]), "bn USD"), Fact(float(row["at_high"]), "bn USD"),
                *((_share(view, party, str(row["parameter"])),) if shared else ()),
            ),
        )
        for row in own
    )  # fmt: skip
    axis = view.text("drivers.axis")
    words = (
        view.text("drivers.column.low_value"),
        view.text("drivers.column.high_value"),
        view.words.templates["drivers.span"],
    )
    return Chart(
        id=name,
        title=title,
        finding=view.say(
            "drivers.tornado.finding",
            what=_unknown(view, top),
            low=Fact(ends[0], "bn USD"),
            high=Fact(ends[1], "bn USD"),
        ),
        alt=view.text("drivers.alt"),
        wide=build_tornado_chart(bars, centre, "wide", axis=axis, words=words),
        narrow=build_tornado_chart(bars, centre, "narrow", axis=axis, words=words),
        table=Table(
            f"{name}-data", title,
            unit + view.say("drivers.tornado.shares") if shared else unit,
            (
                Column(view.text("drivers.column.unknown"), numeric=False),
                *(
                    Column(view.text(key), style="", decimals=1, with_unit=True)
                    for key in ("drivers.column.low_value", "drivers.column.high_value")
                ),
                Column(view.text("drivers.column.payoff_at_the_low"), decimals=1),
                Column(view.text("drivers.column.payoff_at_the_high"), decimals=1),
                *(
                    (Column(view.text("drivers.column.share_of_variance"), style="", decimals=0),)
                    if shared
                    else ()
                ),
            ),
            (RowGroup(None, rows),),
        ),
        key=(
            view.say("drivers.tornado.key"),
        ),
    )  # fmt: skip


def _share(view: BriefingView, party: str, parameter: str) -> Cell:
    for row in view.records("drivers"):
        wanted = (view.focus, party, parameter)
        if (row["package"], row["party"], row["parameter"]) == wanted:
            return Fact(min(max(float(row["total"]), 0.0), 1.0), "share")
    return None


def _thresholds(view: BriefingView) -> Prose:
    """Return which values would turn the verdict on the package in focus, party by party.

    The two pages say of a party without such a value how far a single unknown can move it.
    """
    whole = Prose(())
    for party in view.parties:
        turning = [
            row
            for row in view.records("thresholds")
            if (row["package"], row["party"]) == (view.focus, party) and math.isfinite(row["value"])
        ]
        whole += _turns(view, party, turning) if turning else Prose(())
    return whole


def _turns(view: BriefingView, party: str, turning: list[dict[str, Any]]) -> Prose:
    whole = view.say("drivers.threshold.some", party=view.region(party))
    for row in turning:
        name, value = row["parameter"], float(row["value"])
        kind = read_kind(view, name)
        key = {"percentile": kind, "shift": shift_way(value)}.get(kind, "value")
        whole += view.say(
            f"drivers.threshold.{key}",
            what=_unknown(view, row),
            value=unknown_fact(view, name, value),
            central=unknown_fact(view, name, float(row["central"])),
        )
    return whole


def _unknown(view: BriefingView, row: Mapping[str, Any]) -> str:
    """Return the name of an unknown in the middle of a sentence."""
    return view.words.templates[f"unknown.{row['parameter']}"]


def _unknown_label(view: BriefingView, row: Mapping[str, Any]) -> str:
    return view.text(f"unknown.{row['parameter']}")


def _end(view: BriefingView, unknown: str, value: float) -> Cell:
    """Return an end of the range of an unknown; the unit of a percentile has a column."""
    if read_kind(view, unknown) != "percentile":
        return unknown_cell(view, unknown, value)
    return view.phrase("drivers.place", value=unknown_fact(view, unknown, value))


def _unit(view: BriefingView, row: Mapping[str, Any]) -> Prose:
    """Return the unit of an unknown; a percentile is one of the deal file's own range."""
    kind = read_kind(view, str(row["parameter"]))
    if kind == "percentile":
        return view.phrase("drivers.own_range")
    if str(row["parameter"]) == "displacement":
        return view.phrase("drivers.share")
    return quoted(str(row["unit"]))


def _parameters_unit(view: BriefingView) -> Prose:
    """Return how to read the table of unknowns, with where the returns of projects come from."""
    whole = view.say("drivers.parameters.unit")
    if not paying_pairs(view):
        return whole
    return whole + view.say("drivers.parameters.paths")


def _parameters(view: BriefingView) -> Table:
    rows = tuple(
        Row(
            quoted(_unknown_label(view, row)),
            (
                *(_end(view, row["parameter"], float(row[end]))
                  for end in ("low", "central", "high")),
                _unit(view, row),
                quoted(str(row["source"])), quoted(str(row["grade"])),
            ),
        )
        for row in view.records("parameters")
    )  # fmt: skip
    return Table(
        "verdict-parameters",
        view.text("drivers.title.parameters"),
        _parameters_unit(view),
        (
            Column(view.text("drivers.column.unknown"), numeric=False),
            *(
                Column(label, style="", decimals=1, with_unit=True)
                for label in (
                    view.text("column.low"),
                    view.text("column.central"),
                    view.text("column.high"),
                )
            ),
            Column(view.text("drivers.column.unit"), numeric=False),
            Column(view.text("drivers.column.source"), numeric=False),
            Column(view.text("drivers.column.grade"), numeric=False),
        ),
        (RowGroup(None, rows),),
        folded=True,
    )
