"""The section on the money clause by clause: it adds up, and says whose money it is."""

from dataclasses import replace
from typing import get_args

import pytest

from accord.briefing.sections.facilities import build
from accord.briefing.view import BriefingView
from accord.briefing.words.messages import Messages
from accord.deal.clauses.investment import Instrument
from accord.deal.load import read_deal
from accord.finance.accounts.books import INCENTIVES
from tests.golden.example import DEAL, ExampleAssessment, build_world
from tests.golden.regenerate import DATE
from tests.golden.shared import shared_example


def view_of(assessment):
    return BriefingView(assessment, date=DATE)


def tables_of(section):
    return {block.id: block for block in section.blocks if hasattr(block, "groups")}


def words_of(section):
    return " ".join(str(block.prose) for block in section.blocks if hasattr(block, "prose"))


def numbers(row):
    """Return paid, value to the payer and value to the host of a row."""
    return [row.cells[at].number for at in (1, 2, 4)]


def test_the_clauses_of_a_package_add_up_to_its_value_in_the_table_of_the_money():
    example = shared_example()
    table = tables_of(build(view_of(example)))["facilities-table"]
    finance = example.to_frame("finance").set_index(["package", "party"])["npv"]
    assert [str(group.heading) for group in table.groups] == [
        "The demand", "The memorandum of 14 November 2025"
    ]  # fmt: skip
    for group, package in zip(table.groups, ("demand", "signed"), strict=True):
        *rows, whole = group.rows
        parts = [sum(column) for column in zip(*(numbers(row) for row in rows), strict=True)]
        assert parts == pytest.approx(numbers(whole))
        assert numbers(whole)[1:] == pytest.approx(
            [finance[package, "KOR"], finance[package, "USA"]]
        )


def test_budget_and_taxes_are_folded_and_follow_the_package_in_focus():
    example = shared_example()
    section = build(view_of(example))
    tables = tables_of(section)
    assert tables["budget-table"].folded
    assert tables["taxes-table"].folded
    budget = example.to_frame("budget").query("package == 'signed'").set_index("year")
    (group,) = tables["budget-table"].groups
    for row in group.rows[:12]:
        year = int(str(row.heading))
        assert row.cells[0].number == pytest.approx(budget["called"][year])
        assert row.cells[-1].number == pytest.approx(budget["debt"][year])
    assert "in no payoff" in str(tables["taxes-table"].notes[0])
    assert "private firms" not in words_of(section)  # the memorandum is public money


def test_private_money_is_flagged_and_no_budget_pays_it():
    text = DEAL.replace('instrument = "equity"', 'instrument = "equity"\nfunds = "private"')
    world = build_world()
    example = ExampleAssessment(world, read_deal(text, world=world))
    section = build(view_of(example))
    assert "200 bn USD is the money of private firms" in words_of(section).replace("\u00a0", " ")
    (group,) = tables_of(section)["budget-table"].groups
    assert all(abs(row.cells[0].number) < 1e-9 for row in group.rows)
    whose = [
        str(row.cells[0]) for row in tables_of(section)["facilities-table"].groups[1].rows[:-1]
    ]
    assert whose == ["Private", "Public"]


def test_a_deal_without_money_has_no_such_section():
    example = shared_example()
    none = replace(example, change=lambda name, frame: frame[:0] if name == "finance" else frame)
    assert build(view_of(none)) is None


def test_every_name_that_the_books_give_to_money_has_its_words():
    """A row of the table without a clause is called by its instrument, or by `INCENTIVES`."""
    names = {INCENTIVES, *get_args(Instrument)}
    assert len(names) > 3
    assert [name for name in names if not Messages().has(f"instrument.{name}")] == []
