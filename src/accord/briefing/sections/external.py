"""The section on the currency: reserves, the dollar, public debt, and what is safe to pay."""

import math
from collections.abc import Mapping
from typing import Any

from accord.assessment.snapshot.external import STRUCTURES
from accord.briefing.charts.comparison import Comparison, build_comparison_chart
from accord.briefing.charts.external import DollarYear, build_dollar_chart
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
from accord.briefing.document.facts import Cite, Fact, Name, Prose, quoted, sentence
from accord.briefing.sections.published import Stated, read_stated
from accord.briefing.view import NO_DEAL, BriefingView

YEARS = 10
CRASH = "fall"
COVER = "guidotti"
METRIC = "ara_floating"
LINES = {COVER: "Reserves below short-term debt", METRIC: "Below the IMF line"}
USUAL = 0.05  # the limit that the text is about
Values = Mapping[tuple[str, str], dict[str, Any]]


def build_currency(view: BriefingView) -> Section | None:
    """Return the section on the payer's currency, or None where its balance sheet is not known."""
    payer = view.payer
    floors: Values = {
        (row["package"], row["metric"]): row
        for row in view.records("floors")
        if row["party"] == payer
    }
    shown = [name for name in view.packages if (name, CRASH) in floors]
    if not shown:
        return None
    focus = view.focus if view.focus in shown else shown[0]
    blocks: list[Block] = [
        Paragraph(_start(view, floors)),
        _table(view, shown, floors),
        _dollar_figure(view, _compared(shown, focus, floors), floors),
    ]
    amounts = [row for row in view.records("capacity") if row["party"] == payer]
    if amounts:
        blocks.append(_capacity_figure(view, amounts))
    blocks.append(Paragraph(_limits(view), quiet=True))
    return Section("currency", "The currency", tuple(blocks))


def _compared(shown: list[str], focus: str, floors: Values) -> list[str]:
    """Return no deal, the package that is hardest on the currency, and the one in focus."""
    hardest = max(shown, key=lambda name: float(floors[name, CRASH]["chance_1"]))
    return list(dict.fromkeys(name for name in (NO_DEAL, hardest, focus) if name in shown))


def _start(view: BriefingView, floors: Values) -> Prose:
    payer = view.payer
    start = {
        row["metric"]: float(row["value"])
        for row in view.records("adequacy")
        if row["party"] == payer
    }
    months = Fact(start["import_months"], "ratio")
    if METRIC not in {metric for _, metric in floors}:
        return sentence(
            "At the start the reserves of {payer} cover {months} months of imports. A crash is a "
            "dollar that gets dearer by a quarter within a year.",
            payer=Name(view.region(payer)),
            months=months,
        )
    return sentence(
        "At the start the reserves of {payer} cover {cover:size} times the debt that falls due "
        "within a year, {floating} of what the International Monetary Fund asks of a country whose "
        "currency floats, {fixed} of what it asks of one that fixes it, and {months} months of "
        "imports. A crash is a dollar that gets dearer by a quarter within a year.",
        payer=Name(view.region(payer)),
        cover=Fact(start[COVER], "ratio"),
        floating=Fact(start[METRIC], "share"),
        fixed=Fact(start["ara_fixed"], "share"),
        months=months,
    )


def _table(view: BriefingView, shown: list[str], floors: Values) -> Table:
    dollar = {(row["package"], row["year"]): row for row in _own(view, "dollar")}
    debt = {(row["package"], row["year"]): row for row in _own(view, "public_debt")}
    lines = [metric for metric in LINES if (shown[0], metric) in floors]
    rows = []
    for package in shown:
        crash = floors[package, CRASH]
        cells: tuple[Cell, ...] = (
            _chance(crash["chance_1"]),
            _chance(crash["chance_10"]),
            *(_chance(floors[package, metric]["chance_10"]) for metric in lines),
            _ranged(dollar[package, 1]),
            _ranged(debt[package, YEARS]) if (package, YEARS) in debt else None,
        )
        rows.append(Row(sentence("{name}", name=Name(view.label(package))), cells))
    return Table(
        "currency-table",
        f"What each package does to the currency of {view.region(view.payer)}",
        sentence("In per cent; chances over the years named, debt in per cent of GDP."),
        (
            Column("Package", numeric=False),
            Column("Crash in the first year", style="", decimals=1),
            Column("Crash within ten years", style="", decimals=1),
            *(Column(LINES[metric], style="", decimals=1) for metric in lines),
            Column("Dollar after a year", decimals=0, ranged=True),
            Column("Public debt after ten", style="", decimals=0, ranged=True),
        ),
        (RowGroup(None, tuple(rows)),),
        (_key(view, shown[0], floors),),
    )


def _key(view: BriefingView, package: str, floors: Values) -> Prose:
    """Return what the table's columns are, for the lines that are watched."""
    key = sentence("Dollar and debt: median, with the interval that holds nine paths in ten.")
    if (package, METRIC) in floors:
        key += sentence(
            " IMF line: {share} of what the Fund asks of a floating currency. Both chances on "
            "reserves are within ten years.",
            share=Fact(float(floors[package, METRIC]["level"]), "share"),
        )
    if _stops(view):
        key += sentence(
            " Sudden stops come in every package, no deal included: what a package does is the "
            "difference."
        )
    return key


def _chance(value: float) -> Fact:
    return Fact(float(value), "share")


def _ranged(row: dict[str, Any]) -> Fact:
    return Fact(row["median"], "share", (row["low"], row["high"]))


def _own(view: BriefingView, name: str) -> list[dict[str, Any]]:
    return [row for row in view.records(name) if row["party"] == view.payer]


def _dollar_figure(view: BriefingView, packages: list[str], floors: Values) -> Chart:
    own = [row for row in _own(view, "dollar") if row["package"] in packages]
    years: list[DollarYear] = []
    groups: list[RowGroup] = []
    for package in packages:
        name = view.label(package)
        years.append(DollarYear(name, 0, 0.0, 0.0, 0.0))
        rows = []
        for row in own:
            if row["package"] != package:
                continue
            low, median, high = (100 * float(row[one]) for one in ("low", "median", "high"))
            years.append(DollarYear(name, int(row["year"]), low, median, high))
            cells = tuple(Fact(float(row[one]), "share") for one in ("low", "median", "high"))
            rows.append(Row(sentence("{n}", n=Fact(int(row["year"]), "count")), cells))
        groups.append(RowGroup(quoted(name), tuple(rows)))
    hardest = max(packages, key=lambda name: float(floors[name, CRASH]["chance_1"]))
    first = next(row for row in own if row["package"] == hardest and row["year"] == 1)
    words = (
        "Under {package} the dollar stands {rise:signed} after a year ({low:signed} to "
        "{high:signed}), and a crash in that year comes on {chance} of the paths."
    )
    title = f"How much dearer the dollar gets in {view.region(view.payer)}"
    return Chart(
        id="currency-dollar",
        title=title,
        finding=sentence(
            words,
            package=Name(view.package(hardest)),
            rise=Fact(first["median"], "share"),
            low=Fact(first["low"], "share"),
            high=Fact(first["high"], "share"),
            chance=_chance(floors[hardest, CRASH]["chance_1"]),
        ),
        alt="A panel for each package with a line for the median of the price of the dollar over "
        "ten years and an area that holds nine paths in ten. The table below the chart holds the "
        "same numbers.",
        wide=build_dollar_chart(years, "wide"),
        narrow=build_dollar_chart(years, "narrow"),
        table=Table(
            "currency-dollar-data", title,
            sentence("Change of the price of the dollar since the start, per cent."),
            (
                Column("Year", numeric=False),
                *(Column(label, decimals=1) for label in ("Low", "Median", "High")),
            ),
            tuple(groups),
        ),
    )  # fmt: skip


def _capacity_figure(view: BriefingView, amounts: list[dict[str, Any]]) -> Chart:
    ways = list(dict.fromkeys(str(row["paid"]) for row in amounts))
    limits = sorted({float(row["limit"]) for row in amounts})
    safe = {(str(row["paid"]), float(row["limit"])): float(row["amount"]) for row in amounts}
    labels = {limit: f"adds at most {100 * limit:g} points to a risk" for limit in limits}
    most = max((value for value in safe.values() if math.isfinite(value)), default=1.0)
    bars = [
        Comparison(way[:1].upper() + way[1:], labels[limit], min(safe[way, limit], most))
        for way in ways
        for limit in limits
    ]
    stated = next(iter(read_stated(view.payer)), None)
    band = None if stated is None else (stated.low, stated.high)
    usual = min(limits, key=lambda limit: abs(limit - USUAL))
    title = f"What {view.region(view.payer)} can safely pay a year, by how it is paid"
    rows = tuple(
        Row(quoted(way[:1].upper() + way[1:]), tuple(_amount(safe[way, one]) for one in limits))
        for way in ways
    )
    return Chart(
        id="currency-capacity",
        title=title,
        finding=_capacity_finding(view, {way: safe[way, usual] for way in ways}, usual, stated),
        alt="Bars for each way of paying: the yearly amount that is safe, by how much it may add "
        "to the chance of a crash or of reserves below short-term debt. The table below the chart "
        "holds the same numbers.",
        wide=build_comparison_chart(bars, "wide", "bn USD a year, for ten years", band=band),
        narrow=build_comparison_chart(bars, "narrow", "bn USD a year", band=band),
        table=Table(
            "currency-capacity-data", title,
            sentence("In bn USD a year, for ten years."),
            (
                Column("How it is paid", numeric=False),
                *(Column(labels[one].capitalize(), style="", decimals=1) for one in limits),
            ),
            (RowGroup(None, rows),),
        ),
        key=(_ways(ways), *_capacity_key(stated)),
    )  # fmt: skip


def _amount(value: float) -> Cell:
    return Fact(value, "bn USD a year") if math.isfinite(value) else quoted("any amount")


def _capacity_finding(
    view: BriefingView, safe: dict[str, float], limit: float, stated: Stated | None
) -> Prose:
    least = min(safe, key=lambda way: safe[way])
    most = max(safe, key=lambda way: safe[way])
    whole = sentence(
        "If paying may add {limit:size} to the chance of a crash or of reserves below short-term "
        "debt, {payer} can pay from {low} a year ({least}) to {high} a year ({best}).",
        limit=Fact(limit, "points"),
        payer=Name(view.region(view.payer)),
        low=Fact(safe[least], "bn USD a year"),
        high=Fact(safe[most], "bn USD a year") if math.isfinite(safe[most]) else Name("any amount"),
        least=Name(least),
        best=Name(most),
    )
    if stated is None:
        return whole
    low, high = stated.low, stated.high
    if safe[least] > high:
        verdict = "Even the tightest way is above"
    elif safe[least] < low:
        verdict = "The tightest way is below"
    else:
        verdict = "The tightest way is within"
    return whole + sentence(
        verdict + " the {low:size} to {high} a year that {who} has called bearable{cite}.",
        low=Name(f"{low:g}"),
        high=Fact(high, "bn USD a year", source=stated.source.id),
        who=Name(stated.who),
        cite=Cite(stated.source.id),
    )


def _ways(names: list[str]) -> Prose:
    """Return what each way of paying is."""
    known = "; ".join(f"{one.name}: {one.meaning}" for one in STRUCTURES if one.name in names)
    return quoted(f"{known[:1].upper()}{known[1:]}.")


def _capacity_key(stated: Stated | None) -> tuple[Prose, ...]:
    words = "The amount is paid every year on the same random paths as no payment at all."
    if stated is None:
        return (sentence(words),)
    return (
        sentence(words),
        sentence("Grey band: what {who} has stated. {why}", who=Name(stated.who),
                 why=quoted(stated.why)),
    )  # fmt: skip


def _stops(view: BriefingView) -> bool:
    """Return whether sudden stops come to the payer at all."""
    return view.deal.dollars_of(view.payer).stop_rate > 0


def _limits(view: BriefingView) -> Prose:
    moved = "by its own history and by what is bought in the market; no sudden stop is assumed"
    if _stops(view):
        moved = (
            "by its own history, by what is bought in the market and by sudden stops, whose "
            "chance and size are those of one country's past two"
        )
    return sentence(
        f"The price of the dollar moves {moved}. What a purchase "
        "does to it is uncertain by about a third and varies over the paths. No controls on "
        "capital and no loan of the Fund are in it, and what a weaker currency does to trade and "
        "prices is not counted here."
    )
