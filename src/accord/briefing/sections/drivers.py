"""What decides a verdict: the tornado, the values that would turn it, and what is drawn."""

import math
from typing import Any

from accord.assessment.valuation.uncertainty import TITLES
from accord.briefing.charts.tornado import Bar, build_tornado_chart
from accord.briefing.document.blocks import (
    Block,
    Cell,
    Chart,
    Column,
    Paragraph,
    Row,
    RowGroup,
    Table,
)
from accord.briefing.document.facts import Fact, Name, Prose, Unit, quoted, sentence
from accord.briefing.sections.headline import Verdicts
from accord.briefing.view import BriefingView

SHOWN_BARS = 9
PLAIN = ("flow_price", "tariff_years")  # unknowns that are no fractions


def build_decisive(view: BriefingView) -> list[Block]:
    """Return what decides the verdict on the package in focus; nothing without draws."""
    swings = [row for row in view.records("swings") if row["package"] == view.focus]
    if not swings:
        return []
    return [
        _tornado(view, Verdicts(view), swings),
        Paragraph(_thresholds(view)),
        _parameters(view),
    ]


def _tornado(view: BriefingView, verdicts: Verdicts, swings: list[dict[str, Any]]) -> Chart:
    payer = view.payer
    own = [row for row in swings if row["party"] == payer]
    own.sort(key=lambda row: -abs(row["at_high"] - row["at_low"]))
    bars = [
        Bar(TITLES[row["parameter"]], float(row["at_low"]), float(row["at_high"]))
        for row in own[:SHOWN_BARS]
    ]
    centre = verdicts.get(view.focus, payer).value
    title = f"What moves the payoff of {view.region(payer)} under {view.package(view.focus)}"
    top = own[0]
    ends = sorted((float(top["at_low"]), float(top["at_high"])))
    rows = tuple(
        Row(
            quoted(TITLES[row["parameter"]]),
            (
                _value(row["parameter"], float(row["low"])),
                _value(row["parameter"], float(row["high"])),
                Fact(float(row["at_low"]), "bn USD"), Fact(float(row["at_high"]), "bn USD"),
                _share(view, str(row["parameter"])),
            ),
        )
        for row in own
    )  # fmt: skip
    axis = "bn USD, present value"
    return Chart(
        id="verdict-tornado",
        title=title,
        finding=sentence(
            "Most depends on {what}: from {low:signed} to {high:signed}, all else central.",
            what=Name(TITLES[top["parameter"]]),
            low=Fact(ends[0], "bn USD"),
            high=Fact(ends[1], "bn USD"),
        ),
        alt="Bars from the payoff at a low value of each unknown to that at a high value, the "
        "widest first, around the central payoff. The table below the chart holds the numbers.",
        wide=build_tornado_chart(bars, centre, "wide", axis),
        narrow=build_tornado_chart(bars, centre, "narrow", axis),
        table=Table(
            "verdict-tornado-data", title,
            sentence("Payoffs in bn USD; shares of their variance in per cent."),
            (
                Column("Unknown", numeric=False),
                Column("Low value", style="", decimals=1, with_unit=True),
                Column("High value", style="", decimals=1, with_unit=True),
                Column("Payoff at the low", decimals=1),
                Column("Payoff at the high", decimals=1),
                Column("Share of variance", style="", decimals=0),
            ),
            (RowGroup(None, rows),),
        ),
        key=(
            sentence(
                "Dark end: a low value of the unknown; light end: a high one. Ends are the fifth "
                "and the ninety-fifth percentile; for tariffs, the end of the term of the office "
                "that set them and the whole horizon; for elasticities, the sets named in Method."
            ),
        ),
    )  # fmt: skip


def _share(view: BriefingView, parameter: str) -> Cell:
    for row in view.records("drivers"):
        wanted = (view.focus, view.payer, parameter)
        if (row["package"], row["party"], row["parameter"]) == wanted:
            return Fact(max(float(row["total"]), 0.0), "share")
    return None


def _value(parameter: str, value: float) -> Cell:
    """Return a value of an unknown: most are fractions, and print in per cent."""
    if math.isnan(value):
        return None
    return Fact(value, _unit(parameter))


def _unit(parameter: str) -> Unit:
    return "ratio" if parameter in PLAIN else "share"


def _thresholds(view: BriefingView) -> Prose:
    """Return which values would turn the verdict on the package in focus, party by party."""
    whole: Prose | None = None
    for party in view.parties:
        own = [
            row
            for row in view.records("thresholds")
            if (row["package"], row["party"]) == (view.focus, party)
        ]
        found = [row for row in own if math.isfinite(row["value"])]
        if not found:
            one = sentence(
                "No single unknown within its range turns the verdict for {party}; only several "
                "together, or how the projects turn out, do.",
                party=Name(view.region(party)),
            )
        else:
            parts: dict[str, Fact | Name] = {"party": Name(view.region(party))}
            words = []
            for at, row in enumerate(found):
                words.append(f"{{what{at}}} of {{value{at}}} (central {{central{at}}})")
                parts[f"what{at}"] = Name(TITLES[row["parameter"]])
                unit = _unit(row["parameter"])
                parts[f"value{at}"] = Fact(float(row["value"]), unit)
                parts[f"central{at}"] = Fact(float(row["central"]), unit)
            one = sentence(
                "What would turn the verdict for {party}, alone and all else central: "
                + "; ".join(words) + ".",
                **parts,
            )  # fmt: skip
        whole = one if whole is None else whole + one
    return whole if whole is not None else Prose(())


def _parameters(view: BriefingView) -> Table:
    rows = tuple(
        Row(
            quoted(str(row["title"])),
            (
                *(_value(row["parameter"], float(row[end])) for end in ("low", "central", "high")),
                quoted(str(row["unit"])),
                quoted(str(row["source"])), quoted(str(row["grade"])),
            ),
        )
        for row in view.records("parameters")
    )  # fmt: skip
    return Table(
        "verdict-parameters",
        "What is drawn: ranges and where they come from",
        sentence(
            "Grade U is an assumption. Trade elasticities are mixtures of the sets in Method, and "
            "how projects turn out comes from the paths of “The money”."
        ),
        (
            Column("Unknown", numeric=False),
            *(
                Column(label, style="", decimals=1, with_unit=True)
                for label in ("Low", "Central", "High")
            ),
            Column("Unit", numeric=False),
            Column("Source", numeric=False),
            Column("Grade", numeric=False),
        ),
        (RowGroup(None, rows),),
        folded=True,
    )
