"""The section on the currency: reserves, the dollar, public debt, and what is safe to pay."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from accord.assessment.snapshot.safe_amounts import STRUCTURES, SWAP
from accord.assessment.tables.external import STOP_COLUMNS
from accord.briefing.charts.comparison import ComparedBar, build_comparison_chart
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
    with_suffix,
)
from accord.briefing.document.facts import Cite, Fact, Prose, fill, quoted
from accord.briefing.pairs import seen_between
from accord.briefing.sections.published import Stated, read_stated
from accord.briefing.view import NO_DEAL, BriefingView
from accord.external.equations import STOP_QUANTILES, stop_chance
from accord.lowering.sudden_stops import find_history, lower_stop

YEARS = 10
MOVED = 0.005  # of the price of the dollar: packages that move it less are told as one
CRASH = "fall"
COVER = "guidotti"
METRIC = "ara_floating"
LINES = (COVER, METRIC)
ORDER = 60
CONTINGENT = ("guarantees",)  # ways in which the amount is not all paid
USUAL = 0.05  # the limit that the text is about
Values = Mapping[tuple[str, str], dict[str, Any]]


def build(view: BriefingView) -> Section | None:
    """Return the section on the currencies followed, or None where no balance sheet is known."""
    known = {row["party"] for row in view.records("floors") if row["metric"] == CRASH}
    followed = [party for party in view.parties if party in known]
    if not followed:
        return None
    blocks: list[Block] = []
    for at, party in enumerate(followed):
        told = _blocks_of(seen_between(view, party, view.host))
        blocks += [with_suffix(block, f"-{at + 1}" if at else "") for block in told]
    blocks.append(Paragraph(_limits(view), quiet=True))
    sources = tuple(stated.source for party in followed for stated in read_stated(party))
    return Section("currency", view.text("external.title.section"), tuple(blocks), sources)


def _blocks_of(view: BriefingView) -> list[Block]:
    """Return what is said of the currency of the payer."""
    payer = view.payer
    floors: Values = {
        (row["package"], row["metric"]): row
        for row in view.records("floors")
        if row["party"] == payer
    }
    shown = [name for name in view.packages if (name, CRASH) in floors]
    focus = view.focus if view.focus in shown else shown[0]
    still = _are_equal(view, shown, floors)
    blocks: list[Block] = [
        Paragraph(_start(view, floors)),
        _table(view, shown[:1] if still else shown, floors, still=still),
        _dollar_figure(view, _compared(view, shown, focus, floors), floors),
    ]
    amounts = [row for row in view.records("capacity") if row["party"] == payer]
    if amounts:
        blocks.append(_capacity_figure(view, amounts))
    return blocks


def _are_equal(view: BriefingView, shown: list[str], floors: Values) -> bool:
    """Return whether every package has the same row in the table, as it is printed."""
    dollar = {row["package"]: row for row in _own(view, "dollar") if row["year"] == 1}
    debt = {row["package"]: row for row in _own(view, "public_debt") if row["year"] == YEARS}
    rows = set()
    for name in shown:
        chances = [floors[name, CRASH][f"chance_{years}"] for years in (1, YEARS)]
        chances += [floors[name, line]["chance_10"] for line in LINES if (name, line) in floors]
        ranges = [_ranged(known[name]) for known in (dollar, debt) if name in known]
        told = [_chance(chance).text(decimals=1) for chance in chances]
        rows.add((*told, *(fact.text(style, 0) for fact in ranges for style in ("", "range"))))
    return len(rows) == 1


def _moves_dollar(view: BriefingView, shown: list[str]) -> bool:
    """Return whether packages move the price of the dollar in any year by as much as is said."""
    ends: dict[int, list[list[float]]] = {}
    for row in _own(view, "dollar"):
        if row["package"] in shown:
            ends.setdefault(row["year"], []).append([row["low"], row["median"], row["high"]])
    return any(float(np.ptp(np.array(rows), axis=0).max()) >= MOVED for rows in ends.values())


def _compared(view: BriefingView, shown: list[str], focus: str, floors: Values) -> list[str]:
    """Return no deal, the package that is hardest on the currency, and the one in focus.

    Only one where no package moves the dollar.
    """
    if not _moves_dollar(view, shown):
        return shown[:1]
    hardest = max(shown, key=lambda name: float(floors[name, CRASH]["chance_1"]))
    return list(dict.fromkeys(name for name in (NO_DEAL, hardest, focus) if name in shown))


def _start(view: BriefingView, floors: Values) -> Prose:
    """Return what the reserves cover at the start, and what is called a crash."""
    start = {
        row["metric"]: float(row["value"])
        for row in view.records("adequacy")
        if row["party"] == view.payer
    }
    whole = view.say("external.start.months", months=Fact(start["import_months"], "ratio"))
    if METRIC in {metric for _, metric in floors}:
        whole += view.say("external.start.cover", cover=Fact(start[COVER], "ratio"))
        whole += view.say(
            "external.start.fund",
            floating=Fact(start[METRIC], "share"),
            fixed=Fact(start["ara_fixed"], "share"),
        )
    return whole + view.say("external.start.crash")


def _table(view: BriefingView, shown: list[str], floors: Values, *, still: bool) -> Table:
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
        name = view.text("external.still.row") if still else view.label(package)
        rows.append(Row(quoted(name), cells))
    return Table(
        "currency-table",
        view.text("external.title.table"),
        view.say("external.table.unit"),
        (
            Column(view.text("column.package"), numeric=False),
            Column(view.text("external.column.crash_in_the_first_year"), style="", decimals=1),
            Column(view.text("external.column.crash_within_ten_years"), style="", decimals=1),
            *(
                Column(view.text(f"external.line.{metric}"), style="", decimals=1)
                for metric in lines
            ),
            Column(view.text("external.column.dollar_after_a_year"), decimals=0, ranged=True),
            Column(
                view.text("external.column.public_debt_after_ten"),
                style="",
                decimals=0,
                ranged=True,
            ),
        ),
        (RowGroup(None, tuple(rows)),),
        (*([view.say("external.still.every")] if still else []), _key(view, shown[0], floors)),
    )


def _key(view: BriefingView, package: str, floors: Values) -> Prose:
    """Return what the table's columns are, for the lines that are watched."""
    key = view.say("external.key.median")
    if (package, METRIC) in floors:
        key += view.say(
            "external.key.fund",
            share=Fact(float(floors[package, METRIC]["level"]), "share"),
        )
    if _stops(view):
        key += view.say("external.key.stops")
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
        name = view.label(package) if len(packages) > 1 else view.text("external.still.row")
        years.append(DollarYear(name, 0, 0.0, 0.0, 0.0))
        rows = []
        for row in own:
            if row["package"] != package:
                continue
            low, median, high = (100 * float(row[end]) for end in ("low", "median", "high"))
            years.append(DollarYear(name, int(row["year"]), low, median, high))
            cells = tuple(Fact(float(row[end]), "share") for end in ("low", "median", "high"))
            rows.append(Row(fill("{n}", {"n": Fact(int(row["year"]), "count")}), cells))
        groups.append(RowGroup(quoted(name), tuple(rows)))
    hardest = max(packages, key=lambda name: float(floors[name, CRASH]["chance_1"]))
    first = next(row for row in own if row["package"] == hardest and row["year"] == 1)
    title = view.text("external.title.dollar")
    axes = (view.text("external.axis.years"), view.text("external.axis.change"))
    return Chart(
        id="currency-dollar",
        title=title,
        finding=view.say(
            "external.dollar.finding" if len(packages) > 1 else "external.still.dollar",
            package=view.package(hardest),
            least=Fact(MOVED, "points"),
            rise=Fact(first["median"], "share"),
            low=Fact(first["low"], "share"),
            high=Fact(first["high"], "share"),
            chance=_chance(floors[hardest, CRASH]["chance_1"]),
        ),
        alt=view.text("external.alt.dollar"),
        wide=build_dollar_chart(years, "wide", axes),
        narrow=build_dollar_chart(years, "narrow", axes),
        table=Table(
            "currency-dollar-data", title,
            view.say("external.dollar.unit"),
            (
                Column(view.text("column.year"), numeric=False),
                *(
                    Column(view.text(key), decimals=1)
                    for key in ("column.low", "external.column.median", "column.high")
                ),
            ),
            tuple(groups),
        ),
    )  # fmt: skip


def _capacity_figure(view: BriefingView, amounts: list[dict[str, Any]]) -> Chart:
    ways = list(dict.fromkeys(str(row["paid"]) for row in amounts))
    limits = sorted({float(row["limit"]) for row in amounts})
    safe = {(str(row["paid"]), float(row["limit"])): float(row["amount"]) for row in amounts}
    labels = {
        limit: str(view.phrase("external.limit", points=f"{100 * limit:g}")) for limit in limits
    }
    most = max((value for value in safe.values() if math.isfinite(value)), default=1.0)
    bars = [
        ComparedBar(_way(view, way), labels[limit], min(safe[way, limit], most))
        for way in ways
        for limit in limits
    ]
    stated = next(iter(read_stated(view.payer)), None)
    band = None if stated is None else (stated.low, stated.high)
    usual = min(limits, key=lambda limit: abs(limit - USUAL))
    title = view.text("external.title.capacity")
    several = {str(row["paid"]): row for row in amounts if float(row["limit"]) == usual}
    shown = [name for name in STOP_COLUMNS if _stops(view) and name in amounts[0]]
    added = [name for name in ("debt_addition",) if name in amounts[0]]  # not in older saved files
    rows = tuple(
        Row(
            quoted(_way(view, way)),
            (
                *(_amount(view, safe[way, limit]) for limit in limits),
                *(_amount(view, float(several[way][column])) for column in shown),
                *(Fact(float(several[way][name]), "share") for name in added),
            ),
        )
        for way in ways
    )
    return Chart(
        id="currency-capacity",
        title=title,
        finding=_capacity_finding(view, {way: safe[way, usual] for way in ways}, usual, stated),
        alt=view.text("external.alt.capacity"),
        wide=build_comparison_chart(bars, "wide", view.text("external.axis.capacity"), band=band),
        narrow=build_comparison_chart(bars, "narrow", view.text("trade.axis.short"), band=band),
        table=Table(
            "currency-capacity-data", title,
            view.say("external.capacity.unit"),
            (
                Column(view.text("external.column.how_it_is_paid"), numeric=False),
                *(Column(labels[limit].capitalize(), style="", decimals=1) for limit in limits),
                *(Column(view.text(f"external.column.{column}"), style="", decimals=1)
                  for column in shown),
                *(Column(view.text(f"external.column.{name}"), style="", decimals=1)
                  for name in added),
            ),
            (RowGroup(None, rows),),
        ),
        key=(*_ways(view, ways), *_capacity_key(view, stated, usual)),
    )  # fmt: skip


def _way(view: BriefingView, way: str) -> str:
    """Return a way of paying as a label; one of the reader's own keeps its name."""
    known = {structure.name: structure for structure in STRUCTURES}
    key = way.replace(" ", "_").replace(",", "")
    return view.text(f"structure.{key}.name") if way in known else way[:1].upper() + way[1:]


def _amount(view: BriefingView, value: float) -> Fact | Prose:
    if math.isfinite(value):
        return Fact(value, "bn USD a year")
    return view.phrase("external.capacity.any")


def _capacity_finding(
    view: BriefingView, safe: dict[str, float], limit: float, stated: Stated | None
) -> Prose:
    least, most = (pick(safe, key=lambda way: safe[way]) for pick in (min, max))
    whole = view.say("external.capacity.limit", limit=Fact(limit, "points"))
    if least == most or safe[least] == safe[most]:
        return whole + view.say("external.capacity.only", amount=_amount(view, safe[most]))
    for key, way in (("least", least), ("most", most)):
        amount = _amount(view, safe[way])
        whole += view.say(f"external.capacity.{key}", amount=amount, way=_way(view, way).lower())
    if stated is None:
        return whole
    cash = [amount for way, amount in safe.items() if way not in CONTINGENT]
    side = "within"
    if min(cash) > stated.high:
        side = "above"
    elif max(cash) < stated.low:
        side = "below"
    return whole + view.say(
        f"external.stated.{side}",
        low=Fact(stated.low, "bn USD a year", source=stated.source.id),
        high=Fact(stated.high, "bn USD a year", source=stated.source.id),
        who=stated.who,
        cite=Cite(stated.source.id),
    )


def _ways(view: BriefingView, names: list[str]) -> tuple[Prose, ...]:
    """Return what each way of paying is."""
    keys = [way.name.replace(" ", "_").replace(",", "") for way in STRUCTURES if way.name in names]
    swap = Fact(SWAP, "bn USD")
    return tuple(view.say(f"structure.{key}.meaning", swap=swap) for key in keys)


def _capacity_key(view: BriefingView, stated: Stated | None, usual: float) -> tuple[Prose, ...]:
    key: tuple[Prose, ...] = (view.say("external.capacity.key"),)
    history = find_history(view.deal, view.payer)
    if history is not None and history.events:
        stop = lower_stop(view.deal, view.payer)
        low, central, high = (Fact(stop_chance(stop, at), "share") for at in STOP_QUANTILES)
        key += (
            view.say(
                "external.capacity.chances", low=low, central=central, high=high,
                limit=Fact(usual, "points"), events=Fact(history.events, "count"),
                years=Fact(history.years, "count"),
            ),
        )  # fmt: skip
    if stated is None:
        return key
    return (*key, view.say("external.capacity.band", who=stated.who, why=quoted(stated.why)))


def _stops(view: BriefingView) -> bool:
    """Return whether sudden stops come to the payer at all."""
    return lower_stop(view.deal, view.payer).rate > 0


def _limits(view: BriefingView) -> Prose:
    moved = view.say(f"external.limits.{'stops' if _stops(view) else 'history'}")
    return moved + view.say("external.limits.rest")
