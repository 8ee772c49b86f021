"""Tables of the money: clauses that add up, ranges of a mix, the budget, and the host's taxes."""

import numpy as np
import pandas as pd
import pytest

from accord.assessment.explain.facilities import explain_facilities
from accord.assessment.snapshot.finance import solve_package_finance
from accord.assessment.tables.budget import (
    borrow,
    build_budget,
    build_taxes,
    carry_losses,
    depreciate,
)
from accord.assessment.tables.finance import (
    FINANCE_TABLES,
    build_cash,
    build_facilities,
    build_finance,
)
from accord.core.errors import InputError
from accord.deal.load import load_deal, read_deal
from accord.finance.config import FinanceConfig
from accord.lowering.external import has_public_payer, monthly_payments

HEAD = """
schema = 1
name = "mine"
title = "Mine"
parties = ["USA", "KOR"]
price_year = 2024
[assessment]
evaluate_on = 2025-11-14
first_year = 2026
horizon = 30
discount_rates = { KOR = 0.05, USA = 0.05 }
[[project]]
name = "sure"
size = 10e9
phases = [{ name = "building", years = 1.0, cost = 1.0 }]
planned_return = 0.1
earning = { mean = 1.0 }
overrun = { mean = 0.0 }
delay = { mean = 0.0 }
failure = 0.0
life = 20.0
[no_deal]
[[package]]
name = "signed"
"""
CASH = """
[[package.clause]]
kind = "investment"
title = "Cash"
payer = "KOR"
host = "USA"
amount = 100e9
instrument = "equity"
from = 2026-01-01
select_until = 2030-12-31
sectors = { sure = 1.0 }
"""
PRIVATE = CASH.replace('"Cash"', '"Pledges of firms"').replace("100e9", '50e9\nfunds = "private"')
MIX = """
[[package.clause]]
kind = "investment"
payer = "KOR"
host = "USA"
amount = 100e9
instrument = "mix"
from = 2026-01-01
select_until = 2030-12-31
sectors = { sure = 1.0 }
[[package.clause.mix]]
instrument = "refund_guarantee"
share = SHARE
used = USED
fee = 0.01
[[package.clause.mix]]
instrument = "direct"
share = 0.5
"""


def solved(text, paths=60):
    return solve_package_finance(read_deal(HEAD + text), ["signed"], FinanceConfig(paths))


@pytest.fixture(scope="module")
def money():
    """Return the money of the signed package of the shipped case."""
    return solve_package_finance(load_deal("us-korea-2025"), ["signed"], FinanceConfig(40))


def test_flows_add_up_to_clauses_and_clauses_to_the_whole(money):
    finance = build_finance(money).set_index("party")["npv"]
    clauses = build_facilities(money).set_index("clause")
    flows = FINANCE_TABLES["facility_values"](money)
    for party, column in (("KOR", "to_payer"), ("USA", "to_host")):
        assert clauses[column].sum() == pytest.approx(finance[party], rel=1e-9)
        own = flows[flows["party"] == party].groupby("clause")["value"].sum()
        for clause, value in own.items():
            assert value == pytest.approx(clauses[column][str(clause)], abs=1e-9)


def test_explain_leads_from_the_money_to_clauses_flows_and_sources(money):
    tables = {name: build(money) for name, build in FINANCE_TABLES.items()}
    deal = load_deal("us-korea-2025")
    tree = explain_facilities(deal, tables.__getitem__, "KOR", package="signed")

    def below(node):
        return [child.value for child in node.children if child.unit == "bn USD"]

    assert sum(below(tree)) == pytest.approx(tree.value, rel=1e-9)
    for node in (node for node in tree.children if node.unit == "bn USD"):
        assert sum(below(node)) == pytest.approx(node.value, abs=1e-9)
    text = str(tree)
    for words in ("200 bn in cash", "refund_guarantee", "profit paid to the payer", "jfs [A]"):
        assert words in text
    with pytest.raises(InputError, match="no money passes"):
        explain_facilities(deal, tables.__getitem__, "JPN", package="signed")


def mixed(share, used):
    return solved(MIX.replace("SHARE", share).replace("USED", used))


def test_intervals_hold_the_ranges_of_a_mix():
    point, wide = "{ low = 0.5, mode = 0.5, high = 0.5 }", "{ low = 0.1, mode = 0.5, high = 0.9 }"
    sure, divided, filled = mixed(point, point), mixed(wide, point), mixed(point, wide)
    widths, spans = [], []
    for money in (sure, divided, filled):
        row = build_finance(money).set_index("party").loc["KOR"]
        assert row["npv_low"] < row["npv"] < row["npv_high"]
        widths.append(row["npv_high"] - row["npv_low"])
        fee = build_cash(money).query("flow == 'refund_fee' and year == 2029").iloc[0]
        assert fee["low"] <= fee["mean"] <= fee["high"]
        spans.append(fee["high"] - fee["low"])
    assert divided
    assert min(widths[1:]) > widths[0]
    assert spans[0] == pytest.approx(0.0, abs=1e-12)  # a fee is the same on every path
    assert min(spans[1:]) > 0.1
    # A plain number is a range of no width.
    assert build_finance(mixed("0.5", "0.5")).equals(build_finance(sure))


def test_the_budget_holds_public_money_alone_and_private_money_the_currency_alone():
    public, both, firms = solved(CASH), solved(CASH + PRIVATE), solved(PRIVATE)
    assert build_budget(firms).empty
    pd.testing.assert_frame_equal(build_budget(both), build_budget(public), rtol=1e-9)
    funds = build_facilities(both).set_index("clause")["funds"]
    assert list(funds) == ["public", "private"]
    purse, market = monthly_payments("KOR", firms)
    assert not purse.any()  # no claim on reserves or public borrowing
    called = firms[0].solution.value.called.mean()
    assert 0.8 * called < market.sum() < called  # bought in the market, less what comes back
    assert not has_public_payer(read_deal(HEAD + PRIVATE), "KOR")


def test_the_budget_is_the_money_of_the_package_told_as_debt():
    money = solved(CASH)
    table = build_budget(money)
    called = money[0].solution.value.called.mean()
    assert table["called"].sum() == pytest.approx(called)
    spent = table[["called", "guarantees"]].sum(axis=1)
    back = table[["profits", "repaid", "recovered", "fees"]].sum(axis=1)
    np.testing.assert_allclose(table["net"], spent - back)
    # Debt at the end is what the package is worth at the payer's rate, carried to that day.
    worth = build_finance(money).set_index("party")["npv"]["KOR"]
    end = float(table["debt"].iloc[-1]) / 1.05 ** len(table)
    assert end == pytest.approx(-worth, rel=0.01)


def test_interest_of_a_budget_by_hand():
    interest, debt = borrow(np.array([10.0, 0.0, -5.0]), 0.1)
    np.testing.assert_allclose(interest, [0.5, 1.05, 0.905])
    np.testing.assert_allclose(debt, [10.5, 11.55, 7.455])


def test_taxes_of_a_sure_project_by_hand():
    built = np.array([[0.0, 10.0, 10.0, 0.0, 0.0, 0.0]])
    np.testing.assert_allclose(depreciate(built, 2), [[0, 0, 5, 10, 5, 0]])
    np.testing.assert_allclose(carry_losses(np.array([[-3.0, 2, 2, -1, 3]])), [[0, 0, 1, 0, 2]])
    money = solved(CASH, paths=0)
    table = build_taxes(money)
    # Over a whole life what is written off is what was spent, whatever the years.
    long = solved(CASH.replace("2030-12-31", "2026-12-31"), paths=0)
    flows = long[0].solution.value.by_facility["package[1].clause[1]"]
    earned, spent = flows["cash_flow"].sum(), flows["construction"].sum()
    tax = build_taxes(long)["tax"].sum()
    assert tax == pytest.approx(0.256 / 0.744 * (earned - spent), rel=1e-6)
    assert (table["tax"] == 0.256 * table["profit"]).all()


def test_a_rate_of_the_file_counts_and_a_host_without_one_has_no_table():
    given = HEAD.replace("[[project]]", "tax_rates = { USA = 0.5 }\n[[project]]", 1) + CASH
    money = solve_package_finance(read_deal(given), ["signed"], FinanceConfig(0))
    assert set(build_taxes(money)["rate"]) == {0.5}
    swapped = (HEAD + CASH).replace('payer = "KOR"\nhost = "USA"', 'payer = "USA"\nhost = "KOR"')
    assert build_taxes(solve_package_finance(read_deal(swapped), ["signed"])).empty
    with pytest.raises(InputError, match=r"tax_rates\.JPN"):
        read_deal(given.replace("USA = 0.5", "JPN = 0.5"))
