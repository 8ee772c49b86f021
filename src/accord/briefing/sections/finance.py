"""The section on the money: what is paid, what comes back, what that is worth, how surely."""

import math
from typing import Any

from accord.briefing.charts.finance import (
    BridgeStep,
    CashYear,
    build_bridge_chart,
    build_cash_chart,
)
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
from accord.briefing.document.facts import Fact, Name, Prose, quoted, sentence
from accord.briefing.view import BriefingView

SHOWN = 0.05  # bn USD: less is not worth a bar
IN_KIND = ("purchases", "goods_received")
LABELS = {
    "equity_called": "Paid in",
    "loans_drawn": "Lent",
    "paid_to_payer": "Profits",
    "interest": "Interest",
    "principal": "Loans repaid",
    "guarantee_called": "Guarantee called",
    "guarantee_recovered": "Got back after calls",
    "guarantee_fee": "Guarantee fee",
}


def build_money(view: BriefingView) -> Section | None:
    """Return the section on the money, or None where no package moves any."""
    values = {(row["package"], row["party"]): row for row in view.records("finance")}
    shown = [name for name in view.packages if (name, view.payer) in values]
    if not shown:
        return None
    focus = view.focus if view.focus in shown else shown[0]
    blocks: list[Block] = [
        Paragraph(_what_is_measured(view, values[focus, view.payer])),
        _values_table(view, shown, values),
        _bridge_figure(view, focus),
        _cash_figure(view, focus),
    ]
    guarantees = view.records("guarantees")
    if guarantees:
        blocks.append(_guarantee_table(view, guarantees))
    blocks.append(Paragraph(_limits(), quiet=True))
    return Section("money", "The money", tuple(blocks))


def _what_is_measured(view: BriefingView, row: dict[str, Any]) -> Prose:
    settings = view.deal.settings
    text = sentence(
        "The money is followed for {years} years from {first}, on {paths} random paths of costs, "
        "delays, failures, earnings and interest rates. {payer} values it at {own} a year. What "
        "projects earn after the last year is not counted.",
        years=Fact(settings.horizon, "count"),
        first=Fact(view.deal.window[0], "year"),
        paths=Fact(int(view.assessment.settings.paths), "count"),
        payer=Name(view.region(view.payer)),
        own=Fact(float(row["rate"]), "share"),
    )
    chance = float(row["recovery_chance"])
    if math.isnan(chance):
        return text
    if chance < 0.005:
        return text + sentence(
            "Under {package} it recovers principal and interest by the review on none of the "
            "paths.",
            package=Name(view.package(str(row["package"]))),
        )
    return text + sentence(
        "Under {package} it recovers principal and interest by the review on {chance} of the "
        "paths.",
        package=Name(view.package(str(row["package"]))),
        chance=Fact(chance, "share"),
    )


def _values_table(
    view: BriefingView, shown: list[str], values: dict[tuple[str, str], dict[str, Any]]
) -> Table:
    payer, host = view.payer, view.host
    rows = []
    for package in shown:
        mine, theirs = values[package, payer], values.get((package, host))
        cells: tuple[Cell, ...] = (
            Fact(mine["called"], "bn USD"),
            _ranged(mine),
            _share(mine["gain_chance"]),
            _share(mine["internal_return"]),
            _share(mine["recovery_chance"]),
            Fact(mine["tail_loss"], "bn USD"),
            None if theirs is None else _ranged(theirs),
        )
        rows.append(Row(sentence("{name}", name=Name(view.label(package))), cells))
    return Table(
        "money-table",
        f"What the money is worth to {view.region(payer)} and {view.region(host)}",
        sentence("In bn USD; chances and returns in per cent."),
        (
            Column("Package", numeric=False),
            Column("Paid in", style="", decimals=0),
            Column(f"Value to {view.region_label(payer)}", decimals=0, ranged=True),
            Column("Chance of a gain", style="", decimals=0, with_unit=True),
            Column("Return a year", style="", decimals=1, with_unit=True),
            Column("Recovered by the review", style="", decimals=0, with_unit=True),
            Column("Tail loss", style="", decimals=0),
            Column(f"Value to {view.region_label(host)}", decimals=0, ranged=True),
        ),
        (RowGroup(None, tuple(rows)),),
        (
            sentence(
                "Each value is a net present value at the party's own rate, with the interval that "
                "holds nine paths in ten. Recovered: share of paths on which principal and "
                "interest are back by the review. Tail loss: mean loss on the worst path in "
                "twenty. The host's value is its share of the profits; what the spending does to "
                "its economy is in the ledger, and the two are not added up."
            ),
        ),
    )


def _ranged(row: dict[str, Any]) -> Fact:
    low, value, high = row["npv_low"], row["npv"], row["npv_high"]
    return Fact(value, "bn USD", (min(low, value), max(high, value)))


def _share(value: float) -> Fact | None:
    return None if math.isnan(value) else Fact(value, "share")


def _bridge_figure(view: BriefingView, package: str) -> Chart:
    rows_of = [
        row
        for row in view.records("values")
        if row["package"] == package and row["party"] == view.payer
    ]
    steps = [
        BridgeStep(label, float(row["value"]))
        for flow, label in LABELS.items()
        for row in rows_of
        if row["flow"] == flow
    ]
    premium = sum(float(row["value"]) for row in rows_of if row["flow"] in IN_KIND)
    if abs(premium) >= SHOWN:
        steps.append(BridgeStep("Purchases, less the goods", premium))
    total = sum(step.value for step in steps)
    steps.append(BridgeStep("Net present value", total, is_total=True))
    rows = tuple(Row(quoted(step.name), (Fact(step.value, "bn USD"),)) for step in steps)
    title = f"From what {view.region(view.payer)} pays to what that is worth"
    paid = sum(step.value for step in steps[:-1] if step.value < 0)
    if total >= 0:
        words = "Under {package} what comes back is worth {less} more than what is paid."
    else:
        words = "Under {package} what comes back is worth {less} less than what is paid, {paid}."
    return Chart(
        id="money-bridge",
        title=title,
        finding=sentence(
            words,
            package=Name(view.package(package)),
            less=Fact(abs(total), "bn USD"),
            paid=Fact(abs(paid), "bn USD"),
        ),
        alt="Floating bars from the present value of what is paid in, through what comes back, to "
        "the net present value. The table below the chart holds the same numbers.",
        wide=build_bridge_chart(steps, "wide"),
        narrow=build_bridge_chart(steps, "narrow"),
        table=Table(
            "money-bridge-data", title, sentence("In bn USD, present value at the payer's rate."),
            (Column("Flow", numeric=False), Column("Present value", decimals=1)),
            (RowGroup(None, rows),),
        ),
    )  # fmt: skip


def _cash_figure(view: BriefingView, package: str) -> Chart:
    paid: dict[int, float] = {}
    received: dict[int, float] = {}
    for row in view.records("cash"):
        if row["package"] != package or row["flow"] in IN_KIND:
            continue
        year, mean = int(row["year"]), float(row["mean"])
        paid[year] = paid.get(year, 0.0) - (mean if row["from"] == view.payer else 0.0)
        received[year] = received.get(year, 0.0) + (mean if row["to"] == view.payer else 0.0)
    years, total = [], 0.0
    for year in sorted(paid):
        total += paid[year] + received[year]
        years.append(CashYear(year, paid[year], received[year], total))
    lowest = min(years, key=lambda one: one.total)
    title = f"Cash paid and received by {view.region(view.payer)}, by year"
    rows = tuple(
        Row(
            sentence("{year}", year=Fact(one.year, "year")),
            (Fact(one.paid, "bn USD"), Fact(one.received, "bn USD"), Fact(one.total, "bn USD")),
        )
        for one in years
    )
    return Chart(
        id="money-cash",
        title=title,
        finding=sentence(
            "Under {package} the most that is out at once is {most}, in {year}; at the end of "
            "{last} the sum stands at {end:signed}.",
            package=Name(view.package(package)),
            most=Fact(-min(lowest.total, 0.0), "bn USD"),
            year=Fact(lowest.year, "year"),
            last=Fact(years[-1].year, "year"),
            end=Fact(years[-1].total, "bn USD"),
        ),
        alt="Bars by year, below the line what is paid and above it what is received, with a line "
        "for the sum so far. The table below the chart holds the same numbers.",
        wide=build_cash_chart(years, "wide"),
        narrow=build_cash_chart(years, "narrow"),
        table=Table(
            "money-cash-data", title, sentence("In bn USD, mean over the paths, not discounted."),
            (
                Column("Year", numeric=False),
                *(Column(label, decimals=1) for label in ("Paid", "Received", "Sum so far")),
            ),
            (RowGroup(None, rows),),
        ),
    )  # fmt: skip


def _guarantee_table(view: BriefingView, guarantees: list[dict[str, Any]]) -> Table:
    titles = {
        clause.path: clause.title
        for name in view.packages
        for clause in view.deal.package(name).clause
    }
    rows = tuple(
        Row(
            sentence(
                "{title} ({package})",
                title=Name(titles.get(row["clause"], "") or "Guarantee"),
                package=Name(view.package(row["package"])),
            ),
            tuple(
                Fact(float(row[name]), "bn USD")
                for name in ("face", "contingent", "actuarial", "simulated")
            ),
        )
        for row in guarantees
    )
    return Table(
        "guarantees-table",
        "What the guarantees are worth, by three methods",
        sentence("In bn USD, value at the start."),
        (
            Column("Guarantee", numeric=False),
            *(
                Column(label, style="", decimals=1)
                for label in ("Face", "As an option", "Actuarial", "On the paths")
            ),
        ),
        (RowGroup(None, rows),),
        (
            sentence(
                "As an option: the price of a put on the projects (Merton), which charges for risk "
                "and takes all projects as one. Actuarial: chance of default times loss times "
                "exposure, at rates of past project loans. On the paths: what is called less what "
                "is got back later."
            ),
        ),
    )


def _limits() -> Prose:
    return sentence(
        "Returns, overruns and failures are those of industries and of past projects, not of the "
        "projects that will be chosen; the shares of sectors are in the terms of each package. "
        "Correlations, ramp-ups and the spread of luck are assumptions (grade U)."
    )
