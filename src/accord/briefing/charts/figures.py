"""The three charts of a briefing, each with a finding, a description and its table."""

from collections.abc import Callable

from accord.briefing.charts.base import (
    WelfareBar,
    build_welfare_chart,
)
from accord.briefing.charts.comparison import Comparison, build_comparison_chart
from accord.briefing.document.blocks import Chart, Column, Row, RowGroup, Table
from accord.briefing.document.facts import Fact, Name, Prose, quoted, sentence
from accord.briefing.view import BASELINE, NO_DEAL, BriefingView

SHOWN_COUNTRIES = 4
SHOWN_SECTORS = 9
SHOWN_ORIGINS = 7
SAME = 5e-5  # a change of sales that would print as nothing


def money(value: float, interval: tuple[float, float] | None = None) -> Fact:
    """Return a yearly flow, bn USD, as a fact."""
    return Fact(value, "bn USD a year", interval)


def share(value: float, source: str = "accord") -> Fact:
    """Return a fraction as a fact that prints in per cent."""
    return Fact(value, "share", source=source)


def build_welfare_figure(view: BriefingView) -> Chart:
    """Return the chart of welfare by country, every package against no deal, bn USD a year."""
    countries = (*view.parties, *view.third_countries[:SHOWN_COUNTRIES])
    bars: list[WelfareBar] = []
    groups: list[RowGroup] = []
    for country in countries:
        rows: list[Row] = []
        is_party = country in view.parties
        for package in view.alike:
            got = view.welfare(package, NO_DEAL, country)
            name = view.label(package)
            parts = (got.tariff_part, got.transfer_part, got.ev, got.low, got.high)
            bars.append(WelfareBar(view.region_label(country), name, *parts, is_party))
            cells = (*(money(part) for part in parts[:3]), money(got.low), money(got.high))
            rows.append(Row(quoted(name), cells))
        heading = view.marked(view.region_label(country), country)
        groups.append(RowGroup(heading, tuple(rows)))
    unit = sentence(
        "In bn USD a year, in prices of {year}, against no deal.",
        year=Fact(view.deal.price_year, "year"),
    )
    table = Table(
        "welfare-data",
        "Welfare by country and package",
        unit,
        (
            Column("Package", numeric=False),
            *(Column(label, decimals=2) for label in ("Tariffs", "Transfer", "Total")),
            *(Column(label, decimals=2) for label in ("Low", "High")),
        ),
        tuple(groups),
    )
    return Chart(
        id="welfare",
        title="Who gains and who loses, against no deal",
        finding=_welfare_finding(view),
        alt="Bars for each country and package: the part that comes from tariffs, the part that "
        "comes from the transfer, their total as a diamond and its range as a line. "
        "The table below the chart holds the same numbers.",
        wide=build_welfare_chart(bars, "wide"),
        narrow=build_welfare_chart(bars, "narrow"),
        table=table,
        key=(_welfare_key(view),),
    )


def _welfare_key(view: BriefingView) -> Prose:
    words = "Diamond: tariffs and transfer together, with its value at the right. "
    if len(view.sets) > 1:
        words += "Line: range over the sets of elasticities that Method names. "
    words += "Bars to the right of the vertical line are gains, to the left losses."
    return sentence(words)


def _welfare_finding(view: BriefingView) -> Prose:
    candidates = (NO_DEAL, *view.alike)

    def best(region: str) -> str:
        return max(candidates, key=lambda name: view.welfare(name, NO_DEAL, region).ev)

    first, second = best(view.payer), best(view.host)
    words = "{payer} does best under {first} and {host} under {second}."
    if first == second:
        words = "{payer} and {host} both do best under {first}."
    choice = "Of no deal and the packages on the table, "
    if view.transfers:
        choice += "counting the transfer as money paid, before any return on it, "
    words = choice + words
    return sentence(
        words,
        first=Name(view.package(first)),
        second=Name(view.package(second)),
        payer=Name(view.region(view.payer)),
        host=Name(view.region(view.host)),
    )


def build_sector_figure(view: BriefingView) -> Chart:
    """Return the chart of exports from payer to host by sector, bn USD a year."""
    goods = list(view.goods)
    payer = view.payer
    goods.sort(key=lambda name: (-view.exports(BASELINE, payer, name), name))
    shown, rest = goods[:SHOWN_SECTORS], goods[SHOWN_SECTORS:]

    def value(package: str, item: str) -> float:
        names = rest if item == "" else [item]
        return sum(view.exports(package, payer, name) for name in names)

    items = {name: view.sector(name) for name in shown}
    if rest:
        items[""] = "All other goods"
    totals = {
        package: sum(view.exports(package, payer, name) for name in goods)
        for package in (BASELINE, NO_DEAL, view.focus)
    }
    finding = sentence(
        "Under no deal {payer} sells {less} in {year} to {host}; under {package} it sells {other} "
        "then.",
        payer=Name(view.region(payer)),
        host=Name(view.region(view.host)),
        package=Name(view.package(view.focus)),
        year=Fact(view.year, "year"),
        less=_compared(totals[NO_DEAL], totals[BASELINE]),
        other=_compared(totals[view.focus], totals[BASELINE]),
    )
    title = f"Exports of {view.region(payer)} to {view.region(view.host)}, by sector"
    return _comparison(view, ("sectors", title, finding), (items, "Sector"), value)


def _compared(new: float, old: float) -> Prose:
    """Return "12 % less than", "12 % more than" or "as much as"; nothing bought stays nothing."""
    change = share(new / old - 1.0 if old else 0.0)
    if abs(change.number) < SAME:
        return quoted("as much as")
    return sentence(
        "{change:size} more than" if new > old else "{change:size} less than", change=change
    )


def build_origin_figure(view: BriefingView) -> Chart:
    """Return the chart of the host's imports in the most affected sector by exporter."""
    sector = view.main_sector
    origins = [*view.origins]
    origins.sort(key=lambda name: (-view.exports(BASELINE, name, sector), name))
    shown = origins[:SHOWN_ORIGINS]
    if view.payer not in shown:
        shown[-1] = view.payer

    def value(package: str, item: str) -> float:
        return view.exports(package, item, sector)

    payer = view.payer
    finding = sentence(
        "Of {sector}, {payer} sells {less} in {year} under no deal and {other} then under "
        "{package}.",
        sector=Name(view.sector(sector).lower()),
        payer=Name(view.region(payer)),
        year=Fact(view.year, "year"),
        less=_compared(value(NO_DEAL, payer), value(BASELINE, payer)),
        other=_compared(value(view.focus, payer), value(BASELINE, payer)),
        package=Name(view.package(view.focus)),
    )
    items = {name: view.region_label(name) for name in shown}
    host = view.region(view.host)
    title = f"{view.sector(sector)}: imports of {host}, by origin"
    return _comparison(view, ("origins", title, finding), (items, "Exporter"), value)


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
        Comparison(label, scenario, value(package, item))
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
    unit = sentence("In bn USD a year, value at customs before duty.")
    axis = "bn USD a year, value at customs before duty"
    return Chart(
        id=name,
        title=title,
        finding=finding,
        alt="For each row three bars: the base year, no deal, and the package. "
        "The table below the chart holds the same numbers.",
        wide=build_comparison_chart(bars, "wide", axis),
        narrow=build_comparison_chart(bars, "narrow", "bn USD a year"),
        table=Table(f"{name}-data", title, unit, columns, (RowGroup(None, rows),)),
    )
