"""Draws: each is the market of its own numbers, however they are put in blocks."""

from dataclasses import replace

import numpy as np
import pytest

from accord.markets.config import MarketConfig
from accord.markets.plan import DemandMoments, Duties, Horizon, ProductCosts, Relocation
from accord.markets.solver import solve_market
from tests.markets.plans import made, random_plan

DRAWS = 7


def drawn():
    """Return a plan by draw, and how to make the plan of one of them."""
    rng = np.random.default_rng(2)
    base = random_plan()
    count = len(base.maker)
    plants = {plant: 1.05 * units for plant, units in made(base).items()}
    numbers = {
        "elasticity": -rng.uniform(5, 7, DRAWS), "correlation": rng.uniform(0.3, 0.7, DRAWS),
        "customs": rng.uniform(0.5, 0.7, (DRAWS, count)), "exempt": rng.uniform(0, 0.3, (DRAWS, 1)),
        "parts": rng.uniform(0, 0.1, (DRAWS, count, 3)), "rate": rng.uniform(0.1, 0.3, DRAWS),
        "passthrough": rng.uniform(0.3, 0.9, (DRAWS, 1)), "stock": rng.uniform(0, 0.2, DRAWS),
        "premium": rng.uniform(0, 0.05, DRAWS),
    }  # fmt: skip

    def plan(at):
        at = slice(None) if at is None else at
        return replace(
            base, plants=plants,
            demand=DemandMoments(own_elasticity=numbers["elasticity"][at],
                                 segment_correlation=numbers["correlation"][at]),
            costs=ProductCosts(numbers["customs"][at], numbers["exempt"][at], numbers["parts"][at]),
            after=Duties(product={"origin 1": numbers["rate"][at], "origin 2": 0.15}),
            horizon=Horizon(numbers["passthrough"][at], numbers["stock"][at],
                            relocation=Relocation(premium=numbers["premium"][at])),
        )  # fmt: skip

    return plan


def test_each_draw_is_the_market_of_its_own_numbers():
    plan = drawn()
    whole = solve_market(plan(None)).value
    for at in range(DRAWS):
        single = solve_market(plan(at)).value
        for figures in ("before", "after", "incidence"):
            for name in getattr(whole, figures).__dataclass_fields__:
                wide = getattr(getattr(whole, figures), name)[at]
                alone = getattr(getattr(single, figures), name)
                assert wide == pytest.approx(alone, rel=1e-8, abs=1e-9), name
        assert whole.consumer_surplus[at] == pytest.approx(single.consumer_surplus, rel=1e-9)
        assert whole.duty_paid[at] == pytest.approx(single.duty_paid, rel=1e-9)


def test_blocks_change_nothing():
    plan = drawn()(None)
    apart = solve_market(plan, MarketConfig(block=2)).value
    together = solve_market(plan, MarketConfig(block=100)).value
    assert apart.after.price == pytest.approx(together.after.price, rel=1e-10)
    assert apart.scarcity.shape == together.scarcity.shape == (DRAWS, len(together.limits))


def test_a_single_draw_keeps_its_axis():
    plan = random_plan()
    drawn_once = replace(plan, demand=replace(plan.demand, own_elasticity=[-6.0]))
    value, single = solve_market(drawn_once).value, solve_market(plan).value
    assert value.after.price.shape == (1, len(plan.maker))
    assert value.after.price[0] == pytest.approx(single.after.price, rel=1e-14)
