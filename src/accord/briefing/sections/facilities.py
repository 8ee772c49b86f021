"""The section on the money of each clause, on what it costs a budget, and on the host's taxes."""

import math
from collections.abc import Iterable
from typing import Any

from accord.briefing.document.blocks import (
    Block,
    Column,
    Paragraph,
    Row,
    RowGroup,
    Section,
    Table,
    with_suffix,
)
from accord.briefing.document.facts import SMALLEST, Fact, Prose, fill, quoted
from accord.briefing.pairs import paying_pairs, seen_between
from accord.briefing.view import BriefingView
from accord.briefing.words.clause_titles import clause_title
from accord.deal.clauses.investment import InvestmentClause

ORDER = 55
BUDGET = ("called", "guarantees", "back", "fees", "interest", "debt")
RECEIVED = ("profits", "repaid", "recovered")

Record = dict[str, Any]


def build(view: BriefingView) -> Section | None:
    """Return the section, or None where no money passes under any clause."""
    blocks: list[Block] = []
    for at, pair in enumerate(paying_pairs(view)):
        told = _blocks_of(seen_between(view, *pair))
        blocks += [with_suffix(block, f"-{at + 1}" if at else "") for block in told]
    if not blocks:
        return None
    return Section("facilities", view.text("facilities.title.section"), tuple(blocks))


def _blocks_of(view: BriefingView) -> list[Block]:
    """Return what is said of the clauses of one pair."""
    rows = _of_pair(view, "facilities")
    if not rows:
        return []
    shown = [name for name in view.packages if any(row["package"] == name for row in rows)]
    focus = view.focus if view.focus in shown else shown[0]
    blocks: list[Block] = [_values_table(view, shown, rows)]
    private = sum(
        float(row["paid"]) for row in rows if row["package"] == focus and row["funds"] == "private"
    )
    if private >= SMALLEST:
        amount = Fact(private, "bn USD")
        blocks.append(
            Paragraph(view.say("facilities.private", package=view.package(focus), amount=amount))
        )
    budget = [row for row in _of_pair(view, "budget") if row["package"] == focus]
    if budget:
        blocks.append(_budget_table(view, focus, budget))
    taxes = [row for row in _of_pair(view, "taxes") if row["package"] == focus]
    if taxes:
        blocks.append(_taxes_table(view, focus, taxes))
    return blocks


def _of_pair(view: BriefingView, table: str) -> list[Record]:
    return [
        row for row in view.records(table) if (row["payer"], row["host"]) == (view.payer, view.host)
    ]


def _values_table(view: BriefingView, shown: list[str], rows: list[Record]) -> Table:
    groups = []
    for package in shown:
        every = [row for row in rows if row["package"] == package]
        own = [row for row in every if _is_worth_a_row(row)]
        titles = _titles(view, package)
        cells = [
            Row(titles.get(row["clause"], view.say(f"instrument.{row['instrument']}")),
                _cells(view, row))
            for row in own
        ]  # fmt: skip
        whole = {
            name: sum(float(row[name]) for row in every if not math.isnan(row[name]))
            for name in ("paid", "to_payer", "to_host")
        }
        cells.append(Row(view.say("facilities.values.whole"), _cells(view, {**whole, "funds": ""})))
        groups.append(RowGroup(quoted(view.label(package)), tuple(cells)))
    payer, host = view.region_label(view.payer), view.region_label(view.host)
    return Table(
        "facilities-table",
        view.text(
            "facilities.title.values", payer=view.region(view.payer), host=view.region(view.host)
        ),
        view.say("facilities.values.unit"),
        (
            Column(view.text("facilities.column.clause"), numeric=False),
            Column(view.text("facilities.column.funds"), numeric=False),
            Column(view.text("finance.column.paid"), style="", decimals=1),
            Column(view.text("finance.column.value_to_payer", payer=payer), decimals=1),
            Column(view.text("facilities.column.share"), decimals=0, with_unit=True),
            Column(view.text("finance.column.value_to_host", host=host), decimals=1),
        ),
        tuple(groups),
        (view.say("facilities.values.note"),),
    )


def _is_worth_a_row(row: Record) -> bool:
    return any(abs(float(row[name])) >= SMALLEST for name in ("paid", "to_payer", "to_host"))


def _titles(view: BriefingView, package: str) -> dict[str, Prose]:
    """Return what each facility of a package is called, by its place in the file."""
    titles = {}
    for clause in view.deal.package(package).clause:
        if not isinstance(clause, InvestmentClause):
            continue
        title = clause_title(clause, view)
        for part in clause.parts:
            instrument = view.text(f"instrument.{part.instrument}").lower()
            titles[part.path] = (
                view.phrase("facilities.named", title=str(title), instrument=instrument)
                if clause.mix
                else title
            )
    return titles


def _cells(view: BriefingView, row: Record) -> tuple[Fact | Prose | None, ...]:
    paid, worth = float(row["paid"]), float(row["to_payer"])
    funds = row["funds"]
    return (
        view.say(f"facilities.funds.{funds}") if funds else None,
        None if math.isnan(paid) else Fact(paid, "bn USD"),
        Fact(worth, "bn USD"),
        Fact(worth / paid, "share") if paid >= SMALLEST else None,
        Fact(float(row["to_host"]), "bn USD"),
    )


def _budget_table(view: BriefingView, package: str, rows: list[Record]) -> Table:
    told = [
        {**row, "back": sum(float(row[name]) for name in RECEIVED)}
        for row in _in_horizon(view, rows)
    ]
    headings = {"called": "finance.column.called"}
    return Table(
        "budget-table",
        view.text(
            "facilities.title.budget",
            package=view.package(package),
            payer=view.region(view.payer),
        ),
        view.say("facilities.budget.unit"),
        (
            Column(view.text("column.year"), numeric=False),
            *(
                Column(
                    view.text(headings.get(name, f"facilities.column.{name}")),
                    style="",
                    decimals=1,
                )
                for name in BUDGET
            ),
        ),
        (RowGroup(None, tuple(_year_row(row, BUDGET) for row in told)),),
        (view.say("facilities.budget.note"),),
        folded=True,
    )


def _taxes_table(view: BriefingView, package: str, rows: list[Record]) -> Table:
    told = _in_horizon(view, rows)
    worth = sum(float(row["present_value"]) for row in told)
    note = view.say(
        "facilities.taxes.note", rate=Fact(float(rows[0]["rate"]), "share"),
        worth=Fact(worth, "bn USD"),
    )  # fmt: skip
    names = ("profit", "tax")
    return Table(
        "taxes-table",
        view.text(
            "facilities.title.taxes", host=view.region(view.host), package=view.package(package)
        ),
        view.say("facilities.taxes.unit"),
        (
            Column(view.text("column.year"), numeric=False),
            *(
                Column(view.text(f"facilities.column.{name}"), style="", decimals=2)
                for name in names
            ),
        ),
        (RowGroup(None, tuple(_year_row(row, names) for row in told)),),
        (note,),
        folded=True,
    )


def _in_horizon(view: BriefingView, rows: list[Record]) -> list[Record]:
    last = view.deal.window[0] + view.deal.settings.horizon
    return [row for row in rows if int(row["year"]) < last]


def _year_row(row: Record, names: Iterable[str]) -> Row:
    year = fill("{year}", {"year": Fact(int(row["year"]), "year")})
    return Row(year, tuple(Fact(float(row[name]), "bn USD") for name in names))
