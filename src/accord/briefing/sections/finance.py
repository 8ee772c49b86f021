"""The section on the money: what is paid, what comes back, and what that is worth."""

import math
from typing import Any

from accord.assessment.snapshot.commitments import Commitment, follow_commitments
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
    with_suffix,
)
from accord.briefing.document.facts import Fact, Prose, fill, quoted
from accord.briefing.pairs import paying_pairs, seen_between
from accord.briefing.view import BriefingView

SHOWN = 0.05  # bn USD: less is not worth a bar
IN_KIND = ("purchases", "goods_received")
NO_CASH = (*IN_KIND, "capital_cost")
INCENTIVES = ("incentive_paid", "incentive_returned")
FLOWS = (
    "equity_called",
    "loans_drawn",
    "paid_to_payer",
    "interest",
    "principal",
    "guarantee_called",
    "guarantee_recovered",
    "guarantee_fee",
    "refunds_paid",
    "ships_resold",
    "refund_fee",
    "credit_drawn",
    "credit_served",
    "credit_recovered",
    "capital_cost",
    "incentive_paid",
    "incentive_returned",
)
ORDER = 50


def build(view: BriefingView) -> Section | None:
    """Return the section on the money of every pair, or None where no package moves any."""
    pairs = paying_pairs(view)
    if not pairs:
        return None
    blocks: list[Block] = []
    for at, pair in enumerate(pairs):
        told = _blocks_of(seen_between(view, *pair))
        blocks += [with_suffix(block, f"-{at + 1}" if at else "") for block in told]
    blocks += _commitments(view)
    guarantees = view.records("guarantees")
    if guarantees:
        blocks.append(_guarantee_table(view, guarantees))
    blocks.append(Paragraph(view.say("finance.limits"), quiet=True))
    return Section("money", view.text("finance.title.section"), tuple(blocks))


def _blocks_of(view: BriefingView) -> list[Block]:
    """Return what is said of the money of one pair."""
    values = {
        (row["package"], row["party"]): row
        for row in view.records("finance")
        if _is_of_pair(view, row)
    }
    shown = [name for name in view.packages if (name, view.payer) in values]
    focus = view.focus if view.focus in shown else shown[0]
    cash = _cash_years(view, focus)
    return [
        Paragraph(_what_is_measured(view, values[focus, view.payer])),
        _values_table(view, shown, values),
        _bridge_figure(view, focus),
        *([_cash_figure(view, focus, cash)] if cash else []),
    ]


def _is_of_pair(view: BriefingView, row: dict[str, Any]) -> bool:
    return (row["payer"], row["host"]) == (view.payer, view.host)


def _commitments(view: BriefingView) -> list[Block]:
    """Return what is called and finished of each commitment, and a sentence on what never is."""
    followed = [kept for kept in follow_commitments(view.deal) if kept.package in view.packages]
    blocks: list[Block] = [_commitments_table(view, followed)] if followed else []
    short = [kept for kept in followed if not kept.is_called]
    if short:
        worst = max(short, key=lambda kept: kept.committed - kept.called)
        told = view.say(
            "finance.commitments.short",
            package=view.package(worst.package),
            never=Fact(worst.committed - worst.called, "bn USD"),
            committed=Fact(worst.committed, "bn USD"),
            last=Fact(worst.horizon.year, "year"),
        )
        blocks.append(Paragraph(told))
    return blocks


def _commitments_table(view: BriefingView, followed: list[Commitment]) -> Table:
    rows = []
    for kept in followed:
        name = f"{view.label(kept.package)}: {kept.title}"
        ends = [
            None if day is None else Fact(day.year, "year")
            for day in (kept.last_call, kept.last_finish)
        ]
        amounts = [Fact(value, "bn USD") for value in (kept.committed, kept.called, kept.finished)]
        rows.append(Row(quoted(name), (amounts[0], amounts[1], ends[0], amounts[2], ends[1])))
    by = view.text("finance.column.by")
    return Table(
        "commitments-table",
        view.text("finance.title.commitments"),
        view.say("finance.commitments.unit"),
        (
            Column(view.text("column.package"), numeric=False),
            Column(view.text("finance.column.committed"), style="", decimals=1),
            Column(view.text("finance.column.called"), style="", decimals=1),
            Column(by, style="", decimals=0),
            Column(view.text("finance.column.finished"), style="", decimals=1),
            Column(by, style="", decimals=0),
        ),
        (RowGroup(None, tuple(rows)),),
        (view.say("finance.commitments.note"),),
    )


def _what_is_measured(view: BriefingView, row: dict[str, Any]) -> Prose:
    settings = view.deal.settings
    text = view.say(
        "finance.what",
        years=Fact(_years_followed(view, settings.horizon), "count"),
        first=Fact(view.deal.window[0], "year"),
        paths=Fact(int(view.assessment.settings.paths), "count"),
        own=Fact(float(row["rate"]), "share"),
    )
    chance = float(row["recovery_chance"])
    if math.isnan(chance):
        return text
    if chance < 0.005:
        return text + view.say(
            "finance.recovery.never",
            package=view.package(str(row["package"])),
        )
    return text + view.say(
        "finance.recovery.chance",
        package=view.package(str(row["package"])),
        chance=Fact(chance, "share"),
    )


def _years_followed(view: BriefingView, horizon: int) -> int:
    """Return the years for which money is followed: to the last that the table of cash holds."""
    last = max((int(row["year"]) for row in view.records("cash")), default=0)
    return max(last - view.deal.window[0] + 1, horizon)


def _values_table(
    view: BriefingView, shown: list[str], values: dict[tuple[str, str], dict[str, Any]]
) -> Table:
    payer, host = view.payer, view.host
    rows = []
    reviewed = [name for name in shown if not math.isnan(values[name, payer]["recovery_chance"])]
    for package in shown:
        mine, theirs = values[package, payer], values.get((package, host))
        recovery = (_share(mine["recovery_chance"]),) if reviewed else ()
        cells: tuple[Cell, ...] = (
            Fact(mine["called"], "bn USD"),
            _ranged(mine),
            _share(mine["gain_chance"]),
            _share(mine["internal_return"]),
            *recovery,
            Fact(mine["tail_loss"], "bn USD"),
            None if theirs is None else _ranged(theirs),
        )
        rows.append(Row(quoted(view.label(package)), cells))
    recovered = view.text("finance.column.recovered_by_the_review")
    note = view.say("finance.values.note")
    if any(_is_of_pair(view, row) and row["flow"] in INCENTIVES for row in view.records("values")):
        note += view.say("finance.values.incentives")
    if reviewed:
        note += view.say("finance.values.recovered", column=recovered)
    columns_of_recovery = (
        (Column(recovered, style="", decimals=0, with_unit=True),) if reviewed else ()
    )
    return Table(
        "money-table",
        view.text("finance.title.values"),
        view.say("finance.values.unit"),
        (
            Column(view.text("column.package"), numeric=False),
            Column(view.text("finance.column.paid_in"), style="", decimals=0),
            Column(
                view.text("finance.column.value_to_payer", payer=view.region_label(payer)),
                decimals=0,
                ranged=True,
            ),
            Column(
                view.text("finance.column.chance_of_a_gain"), style="", decimals=0, with_unit=True
            ),
            Column(view.text("finance.column.return_a_year"), style="", decimals=1, with_unit=True),
            *columns_of_recovery,
            Column(view.text("finance.column.tail_loss"), style="", decimals=0),
            Column(
                view.text("finance.column.value_to_host", host=view.region_label(host)),
                decimals=0,
                ranged=True,
            ),
        ),
        (RowGroup(None, tuple(rows)),),
        (note + view.say("finance.values.verdict"),),
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
        if row["package"] == package and row["party"] == view.payer and _is_of_pair(view, row)
    ]
    steps = [
        BridgeStep(view.text(f"flow.{flow}"), float(row["value"]))
        for flow in FLOWS
        for row in rows_of
        if row["flow"] == flow
    ]
    premium = sum(float(row["value"]) for row in rows_of if row["flow"] in IN_KIND)
    if abs(premium) >= SHOWN:
        steps.append(BridgeStep(view.text("finance.step.purchases"), premium))
    total = sum(step.value for step in steps)
    steps.append(BridgeStep(view.text("finance.step.total"), total, is_total=True))
    rows = tuple(Row(quoted(step.name), (Fact(step.value, "bn USD"),)) for step in steps)
    title = view.text("finance.title.bridge")
    paid = sum(step.value for step in steps[:-1] if step.value < 0)
    finding = "finance.bridge.gain" if total >= 0 else "finance.bridge.loss"
    return Chart(
        id="money-bridge",
        title=title,
        finding=view.say(
            finding,
            package=view.package(package),
            less=Fact(abs(total), "bn USD"),
            paid=Fact(abs(paid), "bn USD"),
        ),
        alt=view.text("finance.alt.bridge"),
        wide=build_bridge_chart(steps, "wide", view.text("finance.axis.wide")),
        narrow=build_bridge_chart(steps, "narrow", view.text("finance.axis.narrow")),
        table=Table(
            "money-bridge-data", title, view.say("finance.bridge.unit"),
            (
                Column(view.text("finance.column.flow"), numeric=False),
                Column(view.text("finance.column.present_value"), decimals=1),
            ),
            (RowGroup(None, rows),),
        ),
    )  # fmt: skip


def _cash_years(view: BriefingView, package: str) -> list[CashYear]:
    """Return the cash of a pair by year; none where it only buys goods, for instance."""
    paid: dict[int, float] = {}
    received: dict[int, float] = {}
    for row in view.records("cash"):
        if row["package"] != package or row["flow"] in NO_CASH or not _is_of_pair(view, row):
            continue
        year, mean = int(row["year"]), float(row["mean"])
        paid[year] = paid.get(year, 0.0) - (mean if row["from"] == view.payer else 0.0)
        received[year] = received.get(year, 0.0) + (mean if row["to"] == view.payer else 0.0)
    years, total = [], 0.0
    for year in sorted(paid):
        total += paid[year] + received[year]
        years.append(CashYear(year, paid[year], received[year], total))
    return years


def _cash_figure(view: BriefingView, package: str, years: list[CashYear]) -> Chart:
    lowest = min(years, key=lambda flow: flow.total)
    title, axis = view.text("finance.title.cash"), view.text("finance.axis.narrow")
    paid_in, got, so_far = (
        view.text(f"finance.column.{key}") for key in ("paid", "received", "sum_so_far")
    )
    labels = (paid_in, got, so_far)
    rows = tuple(
        Row(
            fill("{year}", {"year": Fact(flow.year, "year")}),
            (Fact(flow.paid, "bn USD"), Fact(flow.received, "bn USD"), Fact(flow.total, "bn USD")),
        )
        for flow in years
    )
    return Chart(
        id="money-cash",
        title=title,
        finding=view.say(
            "finance.cash.finding",
            package=view.package(package),
            most=Fact(-min(lowest.total, 0.0), "bn USD"),
            year=Fact(lowest.year, "year"),
            last=Fact(years[-1].year, "year"),
            end=Fact(years[-1].total, "bn USD"),
        ),
        alt=view.text("finance.alt.cash"),
        wide=build_cash_chart(years, "wide", labels, axis),
        narrow=build_cash_chart(years, "narrow", labels, axis),
        table=Table(
            "money-cash-data", title, view.say("finance.cash.unit"),
            (
                Column(view.text("column.year"), numeric=False),
                *(Column(label, decimals=1) for label in labels),
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
            view.say(
                "finance.guarantee_name",
                title=titles.get(row["clause"], "") or view.text("finance.column.guarantee"),
                package=view.package(row["package"]),
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
        view.text("finance.title.guarantees"),
        view.say("finance.guarantees.unit"),
        (
            Column(view.text("finance.column.guarantee"), numeric=False),
            *(
                Column(label, style="", decimals=1)
                for label in (
                    view.text("finance.column.face"),
                    view.text("finance.column.as_an_option"),
                    view.text("finance.column.actuarial"),
                    view.text("finance.column.on_the_paths"),
                )
            ),
        ),
        (RowGroup(None, rows),),
        (view.say("finance.guarantees.note"),),
    )
