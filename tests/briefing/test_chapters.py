"""What a reader of a whole chapter would stumble over: kinds of faults that were found there."""

import datetime as dt
import json
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accord.assessment.bargain.bargain import settle
from accord.briefing.charts.base import WelfareBar, build_welfare_chart, render_svg
from accord.briefing.charts.external import DollarYear, build_dollar_chart
from accord.briefing.charts.tornado import Bar, build_tornado_chart
from accord.briefing.document.blocks import (
    Chart,
    Column,
    Row,
    RowGroup,
    Table,
)
from accord.briefing.document.facts import Fact, quoted, sentence
from accord.briefing.opening.turning import build_turning
from accord.briefing.sections import bargain as bargain_section
from accord.briefing.sections import drivers, external, finance, verdict
from accord.briefing.sections.goods import third_countries
from accord.briefing.view import BriefingView
from accord.briefing.words.law_changes import find_law_changes
from accord.cases.shipped import case_names
from accord.deal.deal import Deal
from accord.deal.load import load_deal
from tests.briefing.chapters import (
    blocks,
    document,
    every_prose,
    table_of,
    told,
    with_records,
)
from tests.golden.regenerate import DATE
from tests.golden.shared import shared_example

# ---- the bargain ---------------------------------------------------------------------------------

GAIN = st.floats(-200, 200).map(lambda value: round(value, 1)).filter(lambda value: value != 0)


@given(st.lists(st.tuples(GAIN, GAIN), min_size=2, max_size=2))
@settings(max_examples=40, deadline=None)
def test_a_payment_is_named_only_where_those_who_gain_can_pay_it(gains):
    view = BriefingView(shared_example())
    made = settle(view.deal, view.alike, np.array(gains), focus=view.alike[-1])
    text = told(bargain_section.build(BriefingView(shared_example(), bargain=made)))
    if any(min(pair) > 0 for pair in gains):
        assert "payment" not in text
    elif max(sum(pair) for pair in gains) < 0:
        assert "No payment between the parties would open one" in text
    else:
        payment = made.zone.side_payment
        assert "The smallest payment between the parties that would open one is" in text
        assert float(payment.transfer.sum()) == pytest.approx(0.0, abs=1e-9)
        assert sum(gains[payment.package]) >= 0


def test_a_package_has_more_futures_than_others_only_if_they_are_printed_so(monkeypatch):
    view = BriefingView(shared_example())
    first, *_, last = view.alike
    chances = dict.fromkeys(view.alike, 0.5) | {first: 0.814, last: 0.812}
    monkeypatch.setattr(BriefingView, "chance_all", lambda self, name: chances[name])
    assert "more than from any other" not in told(bargain_section.build(view))
    chances[first] = 0.93
    text = told(bargain_section.build(BriefingView(shared_example())))
    assert f"gain from {view.name_among(first)} in 93 of 100 simulated futures, more than" in text


def test_packages_that_all_accept_are_not_listed_one_by_one():
    view = BriefingView(shared_example())
    payoffs = np.full((len(view.alike), 2), 5.0)
    made = settle(view.deal, view.alike, payoffs, focus=view.alike[-1])
    text = told(bargain_section.build(BriefingView(shared_example(), bargain=made)))
    assert "all sides prefer every package on the table to no deal" in text


# ---- unknowns ------------------------------------------------------------------------------------

TOLD = {
    "take_up": "were at percentile 70 of its range instead of 50",
    "division": "were at percentile 70 of its range instead of 50",
    "displacement": "were at percentile 70 of its range instead of 50",
    "discount": "were 70 points higher",
    "growth": "instead of",
}


@pytest.mark.parametrize("unknown", TOLD)
def test_a_value_is_told_as_what_it_is(monkeypatch, unknown):
    """A place in a range is no share, and a shift of a rate is not the rate."""

    def change(rows):
        return [{**row, "parameter": unknown, "value": 0.7, "central": 0.5} for row in rows]

    view = with_records(monkeypatch, "thresholds", change)
    text = " ".join(map(str, build_turning(view))).replace("\u00a0", " ")
    assert TOLD[unknown] in text
    assert unknown == "growth" or "%" not in text.partition(TOLD[unknown])[2].partition(".")[0][:3]
    section = drivers.build(view)
    assert ("percentile" in told(section)) == ("percentile" in TOLD[unknown])


def test_a_share_that_no_clause_gives_is_itself(monkeypatch):
    def change(rows):
        return [{**row, "parameter": "displacement", "value": 0.7} for row in rows]

    monkeypatch.setattr("accord.briefing.words.unknowns._has_displacement", lambda view: False)
    view = with_records(monkeypatch, "thresholds", change)
    text = " ".join(map(str, build_turning(view)))
    assert "percentile" not in text
    assert "were 70\u202f% instead of" in text


def test_the_cells_of_unknowns_have_the_unit_of_their_row(monkeypatch):
    def change(rows):
        return [{**row, "parameter": "take_up", "low": 0.05, "high": 0.95} for row in rows]

    section = drivers.build(with_records(monkeypatch, "swings", change))
    assert section is not None
    cells = table_of(section, "verdict-tornado-data").groups[0].rows[0].cells
    assert [str(cell).replace("\u00a0", " ") for cell in cells[:2]] == [
        "percentile 5", "percentile 95",
    ]  # fmt: skip


@pytest.mark.parametrize("scale", [0.04, 0.4, 3.0, 80.0])
def test_ends_of_a_bar_that_differ_are_printed_so(scale):
    bars = [Bar("a", -1.6 * scale, 2.3 * scale), Bar("b", 0.9 * scale, 1.4 * scale)]
    spec = build_tornado_chart(
        bars, scale, "wide", axis="bn USD", words=("low", "high", "{low}…{high}")
    )
    texts = {row["text"] for row in json.loads(spec)["data"]["values"]}
    assert len(texts) == len(bars)
    for text in texts:
        low, _, high = text.partition("…")
        assert low != high


# ---- tables --------------------------------------------------------------------------------------


def test_no_column_of_a_chapter_is_empty():
    for table in blocks(Table):
        rows = [row for group in table.groups for row in group.rows]
        for at, column in enumerate(table.columns[1:]):
            assert any(row.cells[at] is not None for row in rows), (table.id, column.label)


def test_a_review_that_no_package_has_is_no_column(monkeypatch):
    def reviewed(rows):
        return [{**row, "recovery_chance": 0.3} for row in rows]

    label = BriefingView(shared_example()).text("finance.column.recovered_by_the_review")
    table = table_of(finance.build(BriefingView(shared_example())), "money-table")
    assert label not in [column.label for column in table.columns]
    assert label not in str(table.notes[0])
    table = table_of(finance.build(with_records(monkeypatch, "finance", reviewed)), "money-table")
    assert label in [column.label for column in table.columns]
    assert label in str(table.notes[0])


def cells(*values):
    return tuple(Fact(value, "bn USD") for value in values)


@pytest.mark.parametrize(("rows", "places"), [
    ([(0.4, 1.5, -0.82, -0.39), (-0.1, 0.12, -0.2, 0.03)], 2),
    ([(140.0, 280.8, -123.1, -0.3), (-150.0, 33.6, -185.0, 0.1)], 1),
])  # fmt: skip
def test_what_adds_up_shows_the_same_decimals(rows, places):
    columns = (Column("Package", numeric=False), *(Column(name, decimals=1) for name in "abcd"))
    group = RowGroup(None, tuple(Row(quoted("x"), cells(*row)) for row in rows))
    made = Table("t", "Caption", sentence("unit"), columns, (group,), sums=True)
    assert {column.decimals for column in made.columns[1:]} == {places}


def test_later_law_is_a_table_only_where_it_moves_a_payoff(monkeypatch):
    view = BriefingView(shared_example())
    section = verdict.build(view)
    assert any(getattr(block, "id", "") == "verdict-law" for block in section.blocks)
    payoff = BriefingView.payoff
    monkeypatch.setattr(
        BriefingView, "payoff", lambda self, name, party, law="": payoff(self, name, party)
    )
    section = verdict.build(BriefingView(shared_example()))
    assert not any(getattr(block, "id", "") == "verdict-law" for block in section.blocks)


def test_packages_that_leave_the_currency_alone_share_a_row(monkeypatch):
    def same(table):
        def change(rows):
            first: dict[tuple[object, ...], dict[str, object]] = {}
            keys = [key for key in ("party", "metric", "year") if key in rows[0]]
            for row in rows:
                first.setdefault(tuple(row[key] for key in keys), row)
            return [
                {**first[tuple(row[key] for key in keys)], "package": row["package"]}
                for row in rows
            ]

        return with_records(monkeypatch, table, change)

    several = table_of(external.build(BriefingView(shared_example())), "currency-table")
    assert len(several.groups[0].rows) > 1
    same("floors"), same("dollar")
    section = external.build(same("public_debt"))
    assert section is not None
    table = table_of(section, "currency-table")
    assert len(table.groups[0].rows) == 1
    assert "No package changes a figure of this table" in str(table.notes[0])
    figure = next(
        block for block in section.blocks if getattr(block, "id", "") == "currency-dollar"
    )
    assert isinstance(figure, Chart)
    (group,) = figure.table.groups
    assert (
        str(group.heading) == str(table.groups[0].rows[0].heading) == "Every package, and no deal"
    )
    assert str(figure.finding).startswith("No package moves the price of the dollar")


# ---- references ----------------------------------------------------------------------------------


def test_a_chapter_that_is_named_is_on_the_page():
    titles = {section.title for section in document().sections}
    text = " ".join(str(prose) for prose in every_prose(document()))
    named = set(re.findall(r"under “([^”]+)”", text))
    assert named
    assert named <= titles


def test_without_money_no_text_speaks_of_a_transfer_or_its_chapter(monkeypatch):
    monkeypatch.setattr(BriefingView, "transfers", {})
    monkeypatch.setattr("accord.briefing.sections.drivers.paying_pairs", lambda view: ())
    view = BriefingView(shared_example())
    assert "The money" not in str(table_of(drivers.build(view), "verdict-parameters").unit)
    section = third_countries.build(view)
    assert "transfer" not in told(section)
    assert "transfer" in told(third_countries.build(with_transfers(monkeypatch)))


def with_transfers(monkeypatch):
    monkeypatch.setattr(BriefingView, "transfers", {"signed": ()})
    return BriefingView(shared_example())


def bar(tariffs, transfer):
    return WelfareBar("A", "x", tariffs, transfer, tariffs + transfer, 0.0, 1.0, party=True)


def test_a_chart_without_a_second_part_has_no_key_for_it():
    labels = ("Tariffs", "Transfer")
    alone = render_svg(
        build_welfare_chart([bar(2.0, 0.0)], "wide", axis="a", labels=labels), "a", "t", "d"
    )
    both = render_svg(
        build_welfare_chart([bar(2.0, 1.0)], "wide", axis="a", labels=labels), "a", "t", "d"
    )
    assert "Transfer" in both
    assert "Transfer" not in alone


@pytest.mark.parametrize("size", ["wide", "narrow"])
def test_the_name_of_a_panel_is_never_cut(size):
    name = "The plant with the incentives of October 2022 and every later change of its terms"
    years = [
        DollarYear(label, year, -1.0, 0.0, 1.0)
        for label in (name, "No deal", "x")
        for year in range(3)
    ]
    drawn = render_svg(build_dollar_chart(years, size, ("years", "per cent")), "d", "t", "d")
    assert "…" not in drawn
    body = drawn.partition("</desc>")[2]
    shown = " ".join(re.findall(r">([^<>]+)</t", body))
    for word in name.split():
        assert word in shown


# ---- law and names -------------------------------------------------------------------------------


def test_a_change_that_several_packages_have_is_told_once(monkeypatch):
    view = BriefingView(shared_example(), date=DATE)
    (clause,) = view.deal.no_deal.clause
    starts = {"from_": dt.date(2026, 1, 15), "until": dt.date(2026, 3, 1)}
    monkeypatch.setattr(
        Deal, "clauses", lambda self, name: (clause.model_copy(update={**starts, "note": name}),)
    )
    told_of = [str(change.tell(view)) for change in find_law_changes(view)]
    assert [text.split("” ")[1][:7] for text in told_of] == ["started", "ended (2"[:7]]


def test_short_names_of_shipped_packages_read_on_in_a_sentence():
    for name in case_names():
        deal = load_deal(name)
        for package in deal.packages:
            if package.short:
                assert re.match(r"the |free trade ", package.short), (name, package.short)
