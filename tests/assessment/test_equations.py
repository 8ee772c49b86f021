"""The verdict's equations: the method page and an explanation print those the code works with."""

import doctest

import numpy as np
import pytest

from accord.assessment.valuation import equations
from accord.assessment.valuation.equations import (
    COMPONENTS,
    EQUATIONS,
    annuities,
    capacity_gain,
    crash_cost,
    gradual,
    present_value,
    risk_discount,
    sent,
    tariff_gain,
    terms_of_trade_gain,
    years_at_risk,
)
from tests.architecture.repository import ROOT, read_table
from tests.assessment.verdicts import small_result

RNG = np.random.default_rng(5)
CUBE = (3, 4, 2)


def test_the_page_of_the_verdict_has_the_equations_of_the_code():
    rows = read_table(ROOT / "docs" / "theory" / "verdict.md", "component")
    assert rows == [
        [name.replace("_", " "), EQUATIONS[name].payer, EQUATIONS[name].host] for name in COMPONENTS
    ]


@pytest.mark.parametrize("name", COMPONENTS)
def test_an_explanation_prints_the_equation_of_the_code(name):
    tree = small_result().explain(name, "KOR", package="deal")
    (told,) = [child.note for child in tree.children if child.name == "equation"]
    assert told == EQUATIONS[name].text


def test_the_equilibrium_parts_add_up_to_the_whole_gain():
    """Their sum is `G (EV(tau, T, S, A) - EV(tau_0))` and what is in kind, less the cost."""
    growth = RNG.uniform(1, 2, CUBE[:2])
    whole, money, tariffs, without, cost = RNG.normal(size=(5, *CUBE))
    flows = dict(zip(("kind", "sent", "home"), RNG.normal(size=(3, *CUBE)), strict=True))
    total = (
        tariff_gain(growth, tariffs - without)
        + terms_of_trade_gain(growth, money - tariffs, flows)
        + flows["sent"] + flows["home"]
        + capacity_gain(growth, whole - money, cost)
    )  # fmt: skip
    expected = growth[:, :, None] * (whole - without) + flows["kind"] - cost
    np.testing.assert_allclose(total, expected, rtol=1e-12, atol=1e-12)


def test_trade_that_answers_at_once_has_the_gains_of_the_long_run():
    gains = RNG.normal(size=CUBE)
    assert gradual(gains, gains, np.full(3, 0.3)) is gains
    np.testing.assert_array_equal(gradual(gains, gains.copy(), np.full(3, 0.3)), gains)


def test_a_lasting_change_moves_from_the_first_year_to_the_long_run():
    at_once, long_run = np.full((1, 60, 1), -2.0), np.full((1, 60, 1), 3.0)
    path = gradual(at_once, long_run, np.array([0.25]))[0, :, 0]
    np.testing.assert_allclose(path, 3 - 5 * 0.75 ** np.arange(60), rtol=1e-12)


def test_what_ended_leaves_a_trace_that_fades():
    at_once, long_run = np.zeros((2, 1, 40, 1))
    at_once[0, :5], long_run[0, :5] = 1.0, 2.0
    path = gradual(at_once, long_run, np.array([0.25]))[0, :, 0]
    assert 0 < path[39] < path[10] < path[5] < 1


def test_a_swap_of_equal_risks_costs_nothing_and_more_risk_never_pays():
    receipts, real = RNG.uniform(0, 5, CUBE), np.full((3, 2), 1.03)
    years = years_at_risk(RNG.uniform(0, 5, CUBE[:2]))
    premiums = [np.full(3, premium) for premium in (0.0, 0.02, 0.06)]
    none, low, high = (risk_discount(receipts, real, premium, years) for premium in premiums)
    assert (none == 0).all()
    assert (high <= low).all()
    assert (low <= 0).all()
    swap = risk_discount(receipts - receipts, real, premiums[2], years)
    assert (swap == 0).all()


def test_what_earns_the_return_for_its_risk_is_worth_what_was_invested():
    invested = np.array([[100.0, *[0.0] * 29]])
    premium, rate = np.array([0.04]), np.array([0.03])
    paid = annuities(invested, rate + premium)[:, :, None]
    whole = paid + risk_discount(paid, 1 + rate[None], premium, years_at_risk(invested))
    factors = (1 + rate[:, None, None]) ** -np.arange(30.0)[:, None]
    np.testing.assert_allclose((whole * factors).sum(), 100.0, rtol=2e-3)


def test_nothing_displaced_sends_all_and_everything_displaced_only_what_is_called_on_top():
    called, other = RNG.uniform(size=(2, *CUBE[:2]))
    np.testing.assert_array_equal(sent(np.zeros((3, 1)), called, other), called + other)
    np.testing.assert_array_equal(sent(np.ones((3, 1)), called, other), other)


def test_a_crash_that_is_certain_costs_what_it_loses_and_a_risk_more_than_its_mean():
    loss, output = np.array([0.05, 0.3]), np.full((2, 3), 100.0)
    aversion = np.array([1.0, 4.0])
    np.testing.assert_allclose(
        crash_cost(np.ones((2, 3)), loss, output, aversion)[:, 0], [-5.0, -30.0]
    )
    assert (crash_cost(np.zeros((2, 3)), loss, output, aversion) == 0).all()
    risky = crash_cost(np.full((2, 3), 0.1), loss, output, aversion)
    assert (risky < -0.1 * loss[:, None] * output).all()
    # Logarithmic utility at one, and no jump beside it.
    np.testing.assert_allclose(risky[0], -100 * (1 - 0.95**0.1))
    near = crash_cost(np.full((2, 3), 0.1), loss, output, aversion + 1e-6)
    np.testing.assert_allclose(near, risky, rtol=1e-5)
    bolder = crash_cost(np.full((2, 3), 0.1), loss, output, aversion / 2)
    assert (bolder > risky).all()


def test_an_annuity_is_worth_what_was_invested_at_its_own_rate():
    invested = RNG.uniform(0, 10, (2, 8))
    rate = np.array([0.0, 0.07])
    factors = (1 + rate[:, None]) ** -np.arange(8.0)
    paid = annuities(invested, rate)
    values = [
        present_value(flow[:, None, :, None], factors[:, :, None]) for flow in (paid, invested)
    ]
    np.testing.assert_allclose(values[0], values[1], rtol=1e-12)


def test_the_examples_in_the_docstrings_hold():
    assert doctest.testmod(equations).failed == 0
