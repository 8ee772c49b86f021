"""The three charts of a briefing, each with a finding, a description and its table."""

from collections.abc import Callable

from accord.briefing.charts.base import (
    WelfareBar,
    build_welfare_chart,
)
from accord.briefing.charts.comparison import ComparedBar, build_comparison_chart
from accord.briefing.document.blocks import Chart, Column, Row, RowGroup, Table
from accord.briefing.document.facts import SMALLEST, Prose, quoted
from accord.briefing.view import BASELINE, NO_DEAL, BriefingView
from accord.briefing.words.yearly import money, share

SHOWN_COUNTRIES = 4
SHOWN_SECTORS = 9
SHOWN_ORIGINS = 7
SAME = 5e-5  # a change of sales that would print as nothing


def build_welfare_figure(view: BriefingView) -> Chart:
    """Return the chart of welfare by country, every package against no deal, bn USD a year."""
    others = [
        region
        for region in view.third_countries[:SHOWN_COUNTRIES]
        if any(abs(view.welfare(name, NO_DEAL, region).ev) >= SMALLEST for name in view.alike)
    ]
    countries = (*view.parties, *others)
    bars: list[WelfareBar] = []
    groups: list[RowGroup] = []
    for country in countries:
        rows: list[Row] = []
        is_party = country in view.parties
        for package in view.alike:
            welfare = view.welfare(package, NO_DEAL, country)
            name = view.label(package)
            parts = (
                welfare.tariff_part,
                welfare.transfer_part,
                welfare.ev,
                welfare.low,
                welfare.high,
            )
            bars.append(WelfareBar(view.region_label(country), name, *parts, is_party))
            cells = tuple(money(part) for part in (parts if view.transfers else parts[2:]))
            rows.append(Row(quoted(name), cells))
        heading = view.marked(view.region_label(country), country)
        groups.append(RowGroup(heading, tuple(rows)))
    unit = view.say("trade.welfare_unit")
    labels_of = [
        view.text(key)
        for key in ("column.tariffs", "trade.column.transfer", "column.total", "column.low",
                    "column.high")
    ]  # fmt: skip
    table = Table(
        "welfare-data",
        view.text("trade.title.welfare_table"),
        unit,
        (
            Column(view.text("column.package"), numeric=False),
            *(Column(label, decimals=2) for label in labels_of[0 if view.transfers else 2 :]),
        ),
        tuple(groups),
    )
    axis, other = view.text("trade.axis.welfare"), view.text("trade.axis.other_scale")
    labels = (view.text("trade.label.tariffs"), view.text("trade.label.transfer"))
    return Chart(
        id="welfare",
        title=view.text("trade.title.welfare"),
        finding=_welfare_finding(view),
        alt=view.text(f"trade.alt.welfare_{'figure' if view.transfers else 'alone'}"),
        wide=build_welfare_chart(bars, "wide", axis=axis, labels=labels, other=other),
        narrow=build_welfare_chart(bars, "narrow", axis=axis, labels=labels, other=other),
        table=table,
        key=(_welfare_key(view),),
    )


def _welfare_key(view: BriefingView) -> Prose:
    key = view.say(f"trade.key.marks{'' if view.transfers else '_alone'}")
    if len(view.sets) > 1:
        key += view.say("trade.key.range")
    return key + view.say("trade.key.sides")


def _welfare_finding(view: BriefingView) -> Prose:
    candidates = (NO_DEAL, *view.alike)
    whole = view.say(f"trade.finding.{'welfare_transfer' if view.transfers else 'welfare'}")
    for party in view.parties:
        worth = {name: view.welfare(name, NO_DEAL, party).ev for name in candidates}
        most = max(worth.values())
        best = [view.name_among(name) for name in candidates if most - worth[name] < SMALLEST]
        key = "best" if len(best) == 1 else "best_of_equals"
        names = view.words.listed(best)
        whole += view.say(f"trade.finding.{key}", party=view.region(party), names=names)
    return whole


def build_sector_figure(view: BriefingView) -> Chart:
    """Return the chart of exports from payer to host by sector, bn USD a year."""
    goods, payer = list(view.goods), view.payer
    goods.sort(key=lambda name: (-view.exports(BASELINE, payer, name), name))
    shown, rest = goods[:SHOWN_SECTORS], goods[SHOWN_SECTORS:]

    def value(package: str, item: str) -> float:
        names = rest if item == "" else [item]
        return sum(view.exports(package, payer, name) for name in names)

    items = {name: view.sector(name) for name in shown}
    if rest:
        items[""] = view.text("trade.other_goods")
    totals = {
        package: sum(view.exports(package, payer, name) for name in goods)
        for package in (BASELINE, NO_DEAL, view.focus)
    }
    finding = view.say(
        "trade.finding.sectors",
        payer=view.region(payer),
        less=_compared(view, totals[NO_DEAL], totals[BASELINE]),
        other=_compared(view, totals[view.focus], totals[BASELINE]),
    )
    title = view.text("trade.title.sectors", payer=view.region(payer))
    return _comparison(
        view, ("sectors", title, finding), (items, view.text("trade.column.sector")), value
    )


def _compared(view: BriefingView, new: float, old: float) -> Prose:
    """Return "12 % less than", "12 % more than" or "as much as"; nothing bought stays nothing."""
    change = share(new / old - 1.0 if old else 0.0)
    if abs(change.number) < SAME:
        return view.phrase("trade.compared.same")
    return view.phrase(f"trade.compared.{'more' if new > old else 'less'}", change=change)


def build_origin_figure(view: BriefingView) -> Chart:
    """Return the chart of the host's imports in the most affected sector by exporter."""
    sector = view.main_sector
    origins = [*view.origins]
    origins.sort(key=lambda name: (-view.exports(BASELINE, name, sector), name))
    shown = origins[:SHOWN_ORIGINS]
    unseen = [party for party in view.partners if party not in shown]
    shown = [*shown[: SHOWN_ORIGINS - len(unseen)], *unseen]

    def value(package: str, item: str) -> float:
        return view.exports(package, item, sector)

    finding = Prose(())
    for party in view.partners:
        finding += view.say(
            "trade.finding.origins",
            payer=view.region(party),
            sector=view.sector(sector).lower(),
            less=_compared(view, value(NO_DEAL, party), value(BASELINE, party)),
            other=_compared(view, value(view.focus, party), value(BASELINE, party)),
        )
    items = {name: view.region_label(name) for name in shown}
    host = view.region(view.host)
    title = view.text("trade.title.origins", sector=view.sector(sector), host=host)
    return _comparison(
        view, ("origins", title, finding), (items, view.text("trade.column.exporter")), value
    )


def _comparison(
    view: BriefingView,
    words: tuple[str, str, Prose],
    rows_of: tuple[dict[str, str], str],
    value: Callable[[str, str], float],
) -> Chart:
    name, title, finding = words
    items, heading = rows_of
    scenarios = {
        BASELINE: view.title(BASELINE),
        NO_DEAL: view.title(NO_DEAL),
        view.focus: view.label(view.focus),
    }
    bars = [
        ComparedBar(label, scenario, value(package, item))
        for item, label in items.items()
        for package, scenario in scenarios.items()
    ]
    rows = tuple(
        Row(
            view.marked(label, item),
            tuple(money(value(package, item)) for package in scenarios),
        )
        for item, label in items.items()
    )
    columns = (
        Column(heading, numeric=False),
        *(Column(scenario, style="", decimals=2) for scenario in scenarios.values()),
    )
    unit = view.say("trade.unit")
    axis = view.text("trade.axis.customs")
    return Chart(
        id=name,
        title=title,
        finding=finding,
        alt=view.text("trade.alt.comparison"),
        wide=build_comparison_chart(bars, "wide", axis),
        narrow=build_comparison_chart(bars, "narrow", view.text("trade.axis.short")),
        table=Table(f"{name}-data", title, unit, columns, (RowGroup(None, rows),)),
    )
