"""Derivatives with respect to every rate against differences of two solves."""

from dataclasses import replace

import numpy as np
import pytest

from accord.core.errors import InputError
from accord.markets.config import MarketConfig
from accord.markets.plan import DemandMoments, Duties, Horizon, Relocation
from accord.markets.sensitivity import differentiate_market
from accord.markets.solver import solve_market
from tests.markets.plans import made, random_plan

RATES = Duties(product={"origin 1": 0.25, "origin 2": 0.15},
               parts={"origin 1": 0.25, "origin 2": 0.2})  # fmt: skip
STEP = 1e-5
FIGURES = {
    "profit": lambda value: value.after.profit,
    "duty": lambda value: value.duty_paid[1],
    "surplus": lambda value: value.consumer_surplus,
    "price": lambda value: value.after.price,
    "units": lambda value: value.after.units,
}


def plants(plan):
    return {plant: units * (1.03 if plant[1] == plan.home else 1.5)
            for plant, units in made(plan).items()}  # fmt: skip


def market(name):
    plan = random_plan(after=RATES)
    moving = Relocation(premium=0.02)
    if name == "short run":
        return replace(plan, horizon=Horizon(passthrough=0.4, stock=0.2, dealer_share=0.3))
    if name == "groups":
        demand = DemandMoments(mean_markup=0.2, segment_correlation=0.4, group_correlation=0.7)
        return replace(plan, group=plan.country, demand=demand)
    if name == "offset":
        return replace(plan, after=replace(RATES, offset=0.02))
    if name == "plants":
        return replace(plan, plants=plants(plan), horizon=Horizon(relocation=moving))
    if name in {"filled", "exceeded"}:
        units = sum(n for (_, place), n in made(plan).items() if place == "origin 1")
        share = {"filled": 0.5, "exceeded": 0.1}[name]
        rated = replace(RATES, quota={"origin 1": share * units}, auctioned=0.4,
                        over_quota={"origin 1": 0.6})  # fmt: skip
        return replace(plan, plants=plants(plan), after=rated,
                       horizon=Horizon(passthrough=0.7, stock=0.1, dealer_share=0.2,
                                       relocation=moving))  # fmt: skip
    if name == "quota":
        units = sum(n for (_, place), n in made(plan).items() if place == "origin 1")
        quota = replace(RATES, quota={"origin 1": units / 2})
        return replace(plan, plants=plants(plan), after=quota,
                       horizon=Horizon(passthrough=0.7, stock=0.1, dealer_share=0.2,
                                       relocation=moving))  # fmt: skip
    return plan


@pytest.mark.parametrize(
    "name",
    ["plain", "short run", "groups", "offset", "plants", "quota", "filled", "exceeded"],
)
def test_derivatives_are_those_of_the_solution(name):
    plan = market(name)
    solution = solve_market(plan)
    if name in {"plants", "quota"}:
        assert np.any(solution.value.scarcity > 0)
    if name in {"filled", "exceeded"}:
        last = solution.value.scarcity[-1]
        assert last == 1 if name == "exceeded" else 0 < last < 1
    tangent = differentiate_market(solution)
    for column, (kind, place) in enumerate(tangent.rates):
        ends = []
        for step in (STEP, -STEP):
            rates = dict(getattr(plan.after, kind))
            rates[place] = rates.get(place, 0.0) + step
            ends.append(solve_market(replace(plan, after=replace(plan.after, **{kind: rates}))))
        for figure, read in FIGURES.items():
            told = getattr(tangent, figure)
            seen = (read(ends[0].value) - read(ends[1].value)) / (2 * STEP)
            assert told[..., column] == pytest.approx(seen, abs=2e-6 * np.abs(told).max()), figure


def test_a_solution_of_draws_or_a_failed_one_has_no_derivatives():
    plan = random_plan()
    drawn = replace(plan, demand=replace(plan.demand, own_elasticity=[-5.0, -6.0]))
    failed = solve_market(plan, MarketConfig(max_steps=1), throw=False)
    for solution in (solve_market(drawn), failed):
        with pytest.raises(InputError) as error:
            differentiate_market(solution)
        assert error.value.problems[0].path == "solution"
