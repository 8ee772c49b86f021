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
    present_value,
    sent,
    tariff_gain,
    terms_of_trade_gain,
)
from tests.architecture.repository import ROOT, read_table
from tests.assessment.verdicts import small_result

RNG = np.random.default_rng(5)
CUBE = (3, 4, 2)


def test_the_method_page_has_the_equations_of_the_code():
    rows = read_table(ROOT / "docs" / "method.md", "component")
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
    whole, money, tariffs, without, kind, out, home, cost = RNG.normal(size=(8, *CUBE))
    lasting = np.ones(CUBE[:2], dtype=bool)
    total = (
        tariff_gain(growth, tariffs, without, lasting)
        + terms_of_trade_gain(growth, money, tariffs, (kind, out, home))
        + out + home
        + capacity_gain(growth, whole, money, cost)
    )  # fmt: skip
    expected = growth[:, :, None] * (whole - without) + kind - cost
    np.testing.assert_allclose(total, expected, rtol=1e-12, atol=1e-12)


def test_nothing_displaced_sends_all_and_everything_displaced_only_what_is_called_on_top():
    called, other = RNG.uniform(size=(2, *CUBE[:2]))
    np.testing.assert_array_equal(sent(np.zeros((3, 1)), called, other), called + other)
    np.testing.assert_array_equal(sent(np.ones((3, 1)), called, other), other)


def test_a_crash_that_is_certain_costs_what_it_loses_and_a_risk_more_than_its_mean():
    loss, output = np.array([0.05, 0.3]), np.full((2, 3), 100.0)
    np.testing.assert_allclose(crash_cost(np.ones((2, 3)), loss, output)[:, 0], [-5.0, -30.0])
    assert (crash_cost(np.zeros((2, 3)), loss, output) == 0).all()
    risky = crash_cost(np.full((2, 3), 0.1), loss, output)
    assert (risky < -0.1 * loss[:, None] * output).all()


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
