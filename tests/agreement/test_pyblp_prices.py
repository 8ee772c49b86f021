"""Equilibrium prices of random markets against those of PyBLP (Conlon and Gortmaker 2020)."""

import numpy as np
import pytest

from accord.markets.plan import DemandMoments
from accord.markets.solver import solve_market
from tests.markets.plans import levels, random_plan

pyblp = pytest.importorskip(
    "pyblp", reason="PyBLP is not installed: it comes with the development dependencies"
)

MARKETS = {
    "logit": (0.0, 5), "loose segments": (0.3, 6), "tight segments": (0.7, 7),
    "near-perfect substitutes": (0.9, 8),
}  # fmt: skip


def prices_of_pyblp(plan, alpha, correlation, cost):
    """Return PyBLP's prices for the demand of a plan, at these marginal costs."""
    pyblp.options.verbose = False
    count = len(plan.maker)
    data = {
        "market_ids": np.zeros(count),
        "firm_ids": np.array([plan.makers.index(name) for name in plan.maker]),
        "nesting_ids": np.array([int(name.split()[1]) for name in plan.segment]),
        "prices": plan.price,
        "xi": np.zeros(count),
    }
    logit = levels(solve_market(plan))
    simulation = pyblp.Simulation(
        product_formulations=pyblp.Formulation("1 + prices"),
        product_data=data, beta=[0.0, -alpha], rho=correlation, xi=logit.delta,
    )  # fmt: skip
    results = simulation.replace_endogenous(
        costs=cost, prices=plan.price, iteration=pyblp.Iteration("simple", {"atol": 1e-13})
    )
    return results.product_data.prices.flatten()


@pytest.mark.parametrize("name", MARKETS)
def test_prices_are_those_of_pyblp(name):
    correlation, seed = MARKETS[name]
    demand = DemandMoments(own_elasticity=-5.5, segment_correlation=correlation)
    solution = solve_market(random_plan(makers=6, segments=4, seed=seed, demand=demand))
    plan, alpha = solution.plan, levels(solution).alpha
    for figures in (solution.value.before, solution.value.after):
        theirs = prices_of_pyblp(plan, alpha, correlation, figures.cost)
        assert figures.price == pytest.approx(theirs, rel=1e-8)
