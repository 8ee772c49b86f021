"""Methods of valuation against other libraries, parity and limits."""

from math import exp, log, sqrt

import numpy as np
import numpy_financial as npf
import pytest
from scipy.stats import norm

from accord.finance.equations import (
    actuarial_loss,
    discount_factors,
    internal_return,
    merton_put,
    other_return,
    payback,
    present_value,
    tail_mean,
)


@pytest.mark.parametrize("seed", range(20))
def test_internal_return_and_present_value_agree_with_a_library(seed):
    rng = np.random.default_rng(seed)
    flow = np.concatenate([-rng.uniform(1, 5, 4), rng.uniform(0, 2, 30)])
    assert internal_return(flow, 1) == pytest.approx(npf.irr(flow), abs=1e-8)
    quarterly = (1 + npf.irr(flow)) ** 4 - 1
    assert internal_return(flow) == pytest.approx(quarterly, rel=1e-7)
    rate = rng.uniform(-0.05, 0.2)
    library = npf.npv(rate, flow) * (1 + rate) ** -0.5
    assert present_value(flow[None], rate, 1)[0] == pytest.approx(library)


def test_returns_that_do_not_exist():
    assert internal_return([-1.0, 0.0, 0.0]) == -1.0
    assert np.isnan(internal_return([0.0, 1.0]))
    assert np.isnan(internal_return([1.0, 2.0]))


def test_a_fee_before_the_first_payment_makes_no_return():
    """A second root of many million per cent is not the return."""
    flow = np.concatenate([[3e-8], -np.ones(20), np.full(60, 0.4)])
    assert internal_return(flow, 1) == pytest.approx(npf.irr(flow[1:]), abs=1e-7)
    assert internal_return(flow) < 0.1


def test_a_flow_with_two_meaningful_returns_says_so():
    """Worth nothing at 10 and at 20 %, as where a site must be cleared at the end."""
    flow = [-100.0, 230.0, -132.0]
    both = sorted([internal_return(flow, 1), other_return(flow, 1)])
    assert both == pytest.approx([0.1, 0.2], abs=1e-9)
    quarterly = np.zeros(9)
    quarterly[[0, 4, 8]] = flow
    both = sorted([internal_return(quarterly), other_return(quarterly)])
    assert both == pytest.approx([0.1, 0.2], abs=1e-8)


@pytest.mark.parametrize("seed", range(20))
def test_a_flow_that_changes_sign_once_has_one_return(seed):
    rng = np.random.default_rng(seed)
    flow = np.concatenate([-rng.uniform(1, 5, 4), rng.uniform(0, 2, 30)])
    assert np.isnan(other_return(flow, 1))
    fee = np.concatenate([[3e-8], flow])
    assert np.isnan(other_return(fee, 1))


def test_discounting_is_to_the_middle_of_the_step():
    np.testing.assert_allclose(discount_factors(0.21, 3, 2), 1.21 ** -np.array([0.25, 0.75, 1.25]))


@pytest.mark.parametrize(
    ("flow", "years"),
    [
        ([-1.0, 0.5, 0.5, 1.0], 3.0),
        ([-1.0, 2.0, -3.0, 5.0], 4.0),
        ([-1.0, 0.1], np.inf),
        ([1.0], 0),
    ],
)
def test_payback_is_when_the_sum_stays_out_of_the_red(flow, years):
    assert payback(np.array(flow), 1) == years


@pytest.mark.parametrize("value", [20.0, 80.0, 100.0, 300.0])
@pytest.mark.parametrize("volatility", [0.05, 0.2, 0.6])
@pytest.mark.parametrize("rate", [0.0, 0.03])
def test_merton_put_meets_parity_with_the_call(value, volatility, rate):
    debt, years = 100.0, 7.0
    spread = volatility * sqrt(years)
    d1 = (log(value / debt) + (rate + volatility**2 / 2) * years) / spread
    call = value * norm.cdf(d1) - debt * exp(-rate * years) * norm.cdf(d1 - spread)
    put = merton_put(value, debt, rate=rate, volatility=volatility, years=years)
    assert put == pytest.approx(call - value + debt * exp(-rate * years), abs=1e-10)


def test_merton_put_without_volatility_is_the_shortfall():
    rich = merton_put(120.0, 100.0, rate=0.03, volatility=0.0, years=5.0)
    poor = merton_put(50.0, 100.0, rate=0.03, volatility=0.0, years=5.0)
    assert rich == 0.0
    assert poor == pytest.approx(100 * exp(-0.15) - 50)


def test_a_certain_default_costs_the_whole_promise():
    promised = 100 * exp(-0.03 * 5)
    assert merton_put(0.0, 100.0, rate=0.03, volatility=0.3, years=5.0) == pytest.approx(promised)
    wild = merton_put(50.0, 100.0, rate=0.03, volatility=50.0, years=5.0)
    assert wild == pytest.approx(promised)
    assert actuarial_loss(100.0, 1.0, 0.0, 5.0) == 100.0
    assert merton_put(50.0, 0.0, rate=0.03, volatility=0.3, years=5.0) == 0.0


def test_actuarial_loss_multiplies_chance_loss_and_exposure():
    assert actuarial_loss(200.0, 0.01, 0.8, 1.0) == pytest.approx(200 * 0.01 * 0.2)
    assert actuarial_loss(200.0, 0.01, 0.8, 2.0) == pytest.approx(200 * 0.0199 * 0.2)


def test_the_tail_is_the_mean_of_the_worst_twentieth():
    assert tail_mean(np.arange(100.0)) == pytest.approx(2.0)
    assert tail_mean(np.array([3.0])) == 3.0
