"""Shares, elasticities and calibration against the textbook's nested logit in levels."""

from dataclasses import replace

import numpy as np
import pytest

from accord.markets.plan import DemandMoments, Horizon
from accord.markets.solver import solve_market
from tests.markets.plans import levels, random_plan

NESTINGS = {
    "logit": {"demand": DemandMoments(own_elasticity=-5.0, segment_correlation=0.0)},
    "segments": {},
    "groups": {"demand": DemandMoments(own_elasticity=-6.0, segment_correlation=0.3,
                                       group_correlation=0.7)},
}  # fmt: skip


def nested(name, **given):
    plan = random_plan(**given, **NESTINGS[name])
    return replace(plan, group=plan.country) if name == "groups" else plan


@pytest.mark.parametrize("name", NESTINGS)
def test_units_are_those_of_the_nested_logit_in_levels(name):
    solution = solve_market(nested(name))
    plan, after = solution.plan, solution.value.after
    logit = levels(solution)
    assert logit.shares(plan.price).real == pytest.approx(plan.share, rel=1e-12)
    assert plan.size * logit.shares(after.price).real == pytest.approx(after.units, rel=1e-11)


@pytest.mark.parametrize("name", NESTINGS)
def test_own_elasticities_are_those_of_the_shares(name):
    solution = solve_market(nested(name))
    plan = solution.plan
    slopes = np.diag(levels(solution).slopes(plan.price))
    expected = slopes * plan.price / plan.share
    assert solution.value.own_elasticity == pytest.approx(expected, rel=1e-11)
    mean = (plan.share * expected).sum() / plan.share.sum()
    assert mean == pytest.approx(plan.demand.own_elasticity, rel=1e-12)


def test_a_mean_markup_is_met():
    demand = DemandMoments(mean_markup=0.23, segment_correlation=0.5)
    plan = random_plan(demand=demand)
    before = solve_market(plan).value.before
    lerner = (before.price - before.cost) / before.price
    assert (plan.share * lerner).sum() / plan.share.sum() == pytest.approx(0.23, rel=1e-12)


def test_diversion_to_buying_nothing_is_met_and_says_how_alike_products_are():
    demand = DemandMoments(own_elasticity=-6.0, outside_diversion=0.2)
    solution = solve_market(random_plan(demand=demand))
    plan = solution.plan
    slopes = levels(solution).slopes(plan.price)
    diversion = slopes.sum(axis=0) / np.diag(slopes)  # of what a product loses, what nobody gets
    mean = (plan.share * diversion).sum() / plan.share.sum()
    assert mean == pytest.approx(0.2, rel=1e-9)
    assert 0 < solution.value.correlation < 1


def test_products_of_a_nest_are_independent_of_irrelevant_alternatives():
    """What happens to a third product leaves the ratio of two others of its segment alone."""
    solution = solve_market(random_plan())
    plan, logit = solution.plan, levels(solution)
    same = [k for k, name in enumerate(plan.segment) if name == "segment 0"]
    price = plan.price.copy()
    price[same[2]] *= 1.3
    ratio = logit.shares(price).real / plan.share
    assert ratio[same[0]] == pytest.approx(ratio[same[1]], rel=1e-12)
    other = plan.segment.index("segment 1")
    assert abs(ratio[same[0]] / ratio[other] - 1) > 1e-4


def test_consumer_surplus_is_the_area_under_demand():
    """A path of small price changes loses the units bought on it."""
    solution = solve_market(random_plan())
    plan, logit = solution.plan, levels(solution)
    rise = solution.value.after.price - plan.price
    nodes, weights = np.polynomial.legendre.leggauss(24)
    units = [plan.size * logit.shares(plan.price + rise * (1 + x) / 2).real for x in nodes]
    area = sum(w / 2 * (u * rise).sum() for w, u in zip(weights, units, strict=True))
    assert solution.value.consumer_surplus == pytest.approx(-area, rel=1e-10)


def test_prices_that_have_not_moved_leave_everything_but_costs_as_it_was():
    plan = random_plan(horizon=Horizon(passthrough=0.0))
    value = solve_market(plan).value
    assert value.after.price == pytest.approx(plan.price, rel=1e-15)
    assert value.after.units == pytest.approx(value.before.units, rel=1e-12)
    assert value.consumer_surplus == pytest.approx(0.0, abs=1e-12)
    rise = value.after.cost - value.before.cost
    loss = value.before.profit - value.after.profit
    assert loss.sum() == pytest.approx((rise * value.before.units).sum(), rel=1e-12)
