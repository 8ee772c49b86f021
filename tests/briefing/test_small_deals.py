"""What two pages say of a deal of which a part, or trade itself, moves nothing."""

from dataclasses import replace

import pytest

from accord.briefing.document.blocks import Chart, Table
from accord.briefing.document.facts import SMALLEST
from accord.briefing.metrics.verdict import PARTS
from accord.briefing.opening.balance import _finding, build_balance
from accord.briefing.opening.headline import _called
from accord.briefing.opening.key_points import _sector_point, _third_point
from accord.briefing.opening.not_priced import build_not_priced
from accord.briefing.opening.picture import _label, build_picture
from accord.briefing.opening.terms import build_terms
from accord.briefing.opening.turning import build_turning
from accord.briefing.pairs import paying_pairs
from accord.briefing.sections import drivers, facilities, finance, verdict
from accord.briefing.sections.goods import third_countries, trade
from accord.briefing.view import NO_DEAL, BriefingView
from accord.briefing.words.law_changes import _is_own
from accord.deal.clauses.investment import InvestmentClause
from accord.deal.clauses.purchase import PurchaseClause
from accord.deal.clauses.tariff import TariffClause
from accord.deal.deal import Deal
from tests.briefing.chapters import with_records
from tests.golden.shared import shared_example


def leave_out(monkeypatch, kind):
    """Take the clauses of a kind out of every package."""
    package = Deal.package

    def without(deal, name):
        made = package(deal, name)
        rest = [clause for clause in made.clause if not isinstance(clause, kind)]
        return made.model_copy(update={"clause": tuple(rest)})

    monkeypatch.setattr(Deal, "package", without)


@pytest.mark.parametrize(
    ("gain", "loss", "text"),
    [
        (3.0, -2.0, "Largest plus: a. Largest minus: b."),
        (3.0, 0.0, "All comes from: a."),
        (3.0, -SMALLEST / 2, "All comes from: a."),
        (0.0, -2.0, "All is lost to: b."),
        (0.0, 0.0, "Nothing is gained or lost."),
    ],
)
def test_a_part_that_moves_nothing_is_not_named(gain, loss, text):
    assert str(_finding(BriefingView(shared_example()), ("A", gain), ("B", loss))) == text


def test_a_sector_whose_sales_read_the_same_is_no_point(monkeypatch):
    view = BriefingView(shared_example())
    assert _sector_point(view) is not None
    exports = type(view).exports
    monkeypatch.setattr(type(view), "exports", lambda self, _, *rest: exports(self, NO_DEAL, *rest))
    assert _sector_point(view) is None


def test_packages_that_pledge_no_money_have_no_columns_for_it(monkeypatch):
    view = BriefingView(shared_example())
    headings = [column.label for column in build_terms(view).columns]
    assert {"Pledged", "Of it paid in"} <= set(headings)
    leave_out(monkeypatch, InvestmentClause)
    table = build_terms(BriefingView(shared_example()))
    assert [column.label for column in table.columns] == [
        heading for heading in headings if heading not in ("Pledged", "Of it paid in")
    ]
    assert all(len(row.cells) == len(table.columns) - 1 for row in table.groups[0].rows)
    assert "pledged" not in str(table.unit)


def test_money_without_cash_has_no_figure_of_cash(monkeypatch):
    """Goods bought above their price are worth something, and nothing is paid in or back."""
    view = with_records(monkeypatch, "cash", lambda rows: [])
    section = finance.build(view)
    assert section is not None
    ids = {getattr(block, "id", "") for block in section.blocks}
    assert "money-bridge" in ids
    assert "money-cash" not in ids


def test_goods_at_market_prices_are_no_money_between_parties(monkeypatch):
    def empty(rows):
        return [{**row, "called": 0.0, "npv": 0.0} for row in rows]

    view = with_records(monkeypatch, "finance", empty)
    assert paying_pairs(view) == ()
    assert finance.build(view) is None
    assert facilities.build(view) is None


def test_purchases_at_market_prices_are_named_as_not_counted(monkeypatch):
    def told(premium):
        bought = PurchaseClause(kind="purchase", buyer="KOR", seller="USA", amount=1e9,
                                premium=premium)  # fmt: skip
        monkeypatch.setattr(Deal, "clauses", lambda self, name: (bought,))
        return " ".join(map(str, build_not_priced(BriefingView(shared_example()))))

    assert "Promised purchases: bought at market prices" in told(0.0)
    assert "Promised purchases: bought at market prices" not in told(0.1)


def test_a_part_that_is_nothing_to_anybody_has_no_bar_and_no_column():
    view = BriefingView(shared_example())
    for chart in build_balance(view):
        *parts, _ = chart.table.groups[0].rows
        assert str(parts[0].heading) == "Tariffs"
        assert 0 < len(parts) < len(PARTS)
    told = {
        metric.name
        for metric in PARTS
        for package in view.offers
        for party in view.parties
        if (fact := metric.read(view, package, party)) and abs(fact.number) >= SMALLEST
    }
    (table,) = (
        block
        for block in verdict.build(view).blocks
        if isinstance(block, Table) and block.id == "verdict-table"
    )
    headings = [column.label for column in table.columns]
    for metric in PARTS:
        assert (view.text(f"metric.{metric.name}") in headings) == (metric.name in told)


def test_chapters_on_trade_are_left_out_where_none_is_seen(monkeypatch):
    assert trade.build(BriefingView(shared_example())) is not None
    exports = BriefingView.exports
    monkeypatch.setattr(
        BriefingView, "exports", lambda self, _, *rest: exports(self, NO_DEAL, *rest)
    )
    assert trade.build(BriefingView(shared_example())) is None


def untouched():
    """A view in which no year brings anybody more than a trace."""
    view = BriefingView(shared_example())
    small = {key: replace(welfare, ev=1e-6 * welfare.ev) for key, welfare in view._welfare.items()}
    vars(view)["_welfare"] = small
    return view


def test_countries_that_gain_or_lose_a_trace_are_not_named():
    point = str(_third_point(untouched()))
    assert point.endswith("None of them gains or loses more than a trace.")
    assert third_countries.build(untouched()) is None
    assert third_countries.build(BriefingView(shared_example())) is not None


def test_a_deal_that_sets_no_tariff_is_not_one_of_capitals(monkeypatch):
    view = BriefingView(shared_example())
    assert _called(view, "USA") == "Washington"
    leave_out(monkeypatch, TariffClause)
    assert _called(view, "USA") == "the United States"


def test_rates_that_no_package_moves_have_no_columns(monkeypatch):
    monkeypatch.setattr(BriefingView, "rate", lambda self, *given: 0.1)
    table = build_terms(BriefingView(shared_example()))
    assert [column.label for column in table.columns[:2]] == ["Package", "Pledged"]
    assert "Tariffs of" not in str(table.unit)


def test_an_unknown_that_hardly_moves_the_payoff_has_no_row(monkeypatch):
    def with_idle(rows):
        idle = {**rows[0], "parameter": "aversion", "at_low": 1.0, "at_high": 1.0001}
        return [*rows, *({**idle, "party": row["party"], "package": row["package"]}
                         for row in rows)]  # fmt: skip

    section = drivers.build(with_records(monkeypatch, "swings", with_idle))
    assert section is not None
    chart = section.blocks[0]
    assert isinstance(chart, Chart)
    rows = chart.table.groups[0].rows
    assert len(rows) > 1
    assert not any("aversion" in str(row.heading) for row in rows)


def test_a_factor_is_told_as_so_many_times_what_is_assumed(monkeypatch):
    def factor(rows):
        return [{**row, "parameter": "aversion", "value": 3.0, "central": 2.0} for row in rows]

    told = " ".join(map(str, build_turning(with_records(monkeypatch, "thresholds", factor))))
    assert "were 1.5 times what is assumed" in told


def test_the_mark_of_a_package_has_its_short_name_and_the_table_its_own(monkeypatch):
    view = BriefingView(shared_example())
    assert _label(view, view.focus) == view.label(view.focus)
    package = Deal.package
    monkeypatch.setattr(
        Deal, "package", lambda *given: package(*given).model_copy(update={"short": "the plant"})
    )
    assert _label(view, view.focus) == "The plant"
    names = [str(row.heading) for row in build_picture(view).table.groups[0].rows]
    assert view.label(view.focus) in names


def test_the_warning_names_first_what_the_parties_charge_each_other():
    view = BriefingView(shared_example())
    (clause, *_) = (
        clause for clause in view.deal.clauses(view.focus) if isinstance(clause, TariffClause)
    )
    assert _is_own(view, clause)
    other = clause.model_copy(update={"exporters": ("JPN",), "except_exporters": ()})
    assert not _is_own(view, other)
