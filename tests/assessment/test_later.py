"""Money after the horizon: to the end of each life, or of the contract, discounted and at risk."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from accord.assessment.valuation.cash_flows import CashFlows, FacilityFlows, move_pair
from accord.assessment.valuation.receipts import later_gains
from accord.assessment.valuation.uncertainty import central_inputs
from accord.deal.load import load_deal
from accord.finance.config import FinanceConfig
from accord.finance.solution import HOST, PAYER
from accord.finance.solver import solve_finance
from accord.lowering.finance import lower_finance
from tests.finance.plans import SPLIT, cash_plan

REAL = 1.03
REGIONS = ("HOME", "AWAY")


def money(years, **flows) -> CashFlows:
    """Return the money of one facility, level flows by name."""
    names = ("called", "other", "owned", "lent", "built", "earned", "apart_out", "apart_earned",
             "apart_lent")  # fmt: skip
    level: dict[str, Any] = {
        name: np.full((1, years), float(flows.get(name, 0.0))) for name in names
    }
    facility = FacilityFlows("part", displacement=0.0, **level)
    return CashFlows("HOME", "AWAY", (facility,), np.ones(1), np.ones(1))


def later(within, after, **values):
    """Return what each later year is worth in the last year of the horizon, by year and region."""
    inputs = central_inputs(1).with_values(**values)
    flows = replace(within, later=after)
    real = np.full((1, 2), REAL)
    moved = [move_pair(flows, inputs, 0.03)]
    return later_gains([flows], moved, inputs, real, own_rates={"HOME": 0.03}, regions=REGIONS)[0]


def test_safe_money_after_the_horizon_is_a_discounted_annuity():
    gains = later(money(10, called=1.0), money(30, owned=2.0), risk_premium=0.0)
    annuity = (1 - REAL**-30) / (REAL - 1)
    np.testing.assert_allclose(gains.sum(axis=0), [2 * annuity, -2 * annuity], rtol=1e-12)


def test_risk_is_priced_from_the_calls_on_and_more_of_it_never_raises_the_value():
    within, after = money(1, called=5.0), money(20, owned=2.0)
    gains = later(within, after, risk_premium=0.04)
    plain = 2.0 * (REAL + 0.04) ** -np.arange(1.0, 21.0)
    np.testing.assert_allclose(gains[:, 0], plain, rtol=1e-12)
    worth = [
        later(within, after, risk_premium=premium)[:, 0].sum() for premium in (0.0, 0.02, 0.06)
    ]
    assert worth == sorted(worth, reverse=True)


def test_new_capacity_earns_for_the_host_after_the_horizon():
    gains = later(money(5, called=1.0), money(4, earned=3.0), risk_premium=0.0, additional=0.5)
    np.testing.assert_allclose(gains[:, 1], 1.5 * REAL ** -np.arange(1.0, 5.0))
    assert not gains[:, 0].any()


def test_what_is_not_followed_is_worth_nothing():
    within = money(10, called=1.0, owned=3.0)
    assert later(within, None).shape == (0, 2)


def followed(after: str):
    """Return the money of the memorandum on the central path, by rule for what comes later."""
    deal = load_deal("us-korea-2025")
    deal = replace(deal, settings=deal.settings.model_copy(update={"after": after}))
    (pair,) = lower_finance(deal, "signed")
    return pair, solve_finance(pair.plan, FinanceConfig(paths=0)).value


def test_every_project_is_followed_to_the_end_of_its_own_life():
    short, long = followed("horizon"), followed("life")
    assert short[0].plan.years == 35
    # Nuclear plants, chosen to 2029 and paid for at 20 bn a year, live for sixty years.
    assert 75 < long[0].plan.years <= 100
    cash = long[1].mean_flow("cash_flow")
    assert cash[-1] == 0.0
    assert cash[60] > 0
    for name in ("cash_flow", "paid_to_payer", "equity_called"):
        within = long[1].mean_flow(name)[:35]
        np.testing.assert_allclose(within, short[1].mean_flow(name), atol=1e-9)


def test_a_claim_that_ends_with_the_contract_leaves_the_rest_to_the_host():
    life, contract = followed("life"), followed("contract")
    cash = life[0].plan.facilities[0].name
    kept, ended = (value.by_facility[cash] for _, value in (life, contract))
    last = contract[0].plan.split.ends
    assert last == 20.0
    np.testing.assert_allclose(kept["cash_flow"], ended["cash_flow"])
    assert ended["paid_to_payer"][:, 22:].max() == 0.0
    np.testing.assert_allclose(ended["paid_to_host"][:, 22:], kept["cash_flow"][:, 22:])
    np.testing.assert_allclose(ended["paid_to_payer"][:, :20], kept["paid_to_payer"][:, :20])


@pytest.mark.parametrize("pooled", [True, False])
def test_the_earlier_a_claim_ends_the_less_it_is_worth(pooled):
    worth = []
    for ends in (5.0, 12.0, 30.0, None):
        split = replace(SPLIT, ends=ends, pooled=pooled)
        value = solve_finance(cash_plan(split=split), FinanceConfig(paths=20)).value
        worth.append(value.npv[PAYER].mean())
        whole = value.flows["paid_to_payer"] + value.flows["paid_to_host"]
        np.testing.assert_allclose(whole, value.flows["cash_flow"], atol=1e-9)
        assert value.npv[HOST].min() >= 0
    assert worth == sorted(worth)
