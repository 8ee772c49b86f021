"""Full plants, quotas, and production that is built at home instead."""

from dataclasses import replace

import numpy as np
import pytest

from accord.markets.plan import Duties, Horizon, Relocation
from accord.markets.solver import solve_market
from tests.markets.plans import levels, made, random_plan

MOVING = Relocation(premium=0.02, spread=0.3, pace=0.1, delay=1.0, years=3.0)


def with_plants(plan, room, abroad=2.0):
    units = made(plan)
    return replace(plan, plants={
        plant: amount * (room if plant[1] == plan.home else abroad)
        for plant, amount in units.items()
    })  # fmt: skip


def used(plan, value):
    """Return the units that each plant makes after."""
    units = dict.fromkeys(plan.plants or {}, 0.0)
    rows = zip(plan.maker, plan.country, value.after.units, value.after.moved, strict=True)
    for maker, place, sold, moved in rows:
        units[maker, place] += sold * (1 - moved)
        if moved:
            units[maker, plan.home] += sold * moved
    return units


def test_plants_are_not_overrun_and_idle_ones_cost_nothing():
    plan = with_plants(random_plan(), room=1.02)
    value = solve_market(replace(plan, horizon=Horizon(relocation=MOVING))).value
    scarcity = dict(zip(value.limits, value.scarcity, strict=True))
    after = used(plan, value)
    assert any(scarcity[f"{m} {o}"] > 0.1 for m, o in after)
    for (maker, place), units in after.items():
        most = plan.plants[maker, place]
        if scarcity[f"{maker} {place}"] > 0:
            assert units == pytest.approx(most, rel=1e-9)
        else:
            assert units <= most * (1 + 1e-9)


def test_a_full_plant_prices_as_if_its_units_cost_more():
    plan = with_plants(random_plan(), room=1.01)
    solution = solve_market(plan)
    value = solution.value
    scarcity = dict(zip(value.limits, value.scarcity, strict=True))
    extra = [scarcity[f"{m} {o}"] for m, o in zip(plan.maker, plan.country, strict=True)]
    perceived = value.after.cost + np.array(extra)
    assert max(extra) > 0
    assert np.abs(levels(solution).first_order(value.after.price, perceived)).max() < 1e-9


def test_room_enough_is_no_limit():
    plan = random_plan()
    free = solve_market(plan).value
    roomy = solve_market(with_plants(plan, room=50.0)).value
    assert roomy.after.price == pytest.approx(free.after.price, rel=1e-12)
    assert np.all(roomy.scarcity == 0)


def test_a_quota_is_kept_and_its_worth_is_the_tariff_that_would_keep_it():
    plan = random_plan(after=Duties())
    units = sum(n for (_, place), n in made(plan).items() if place == "origin 1")
    quota = replace(plan, after=Duties(quota={"origin 1": 0.8 * units}))
    value = solve_market(quota).value
    abroad = np.array(plan.country) == "origin 1"
    assert value.after.units[abroad].sum() == pytest.approx(0.8 * units, rel=1e-9)
    assert value.limits == ("origin 1",)
    logit = levels(solve_market(plan))
    perceived = value.after.cost + value.scarcity[0] * abroad
    assert np.abs(logit.first_order(value.after.price, perceived)).max() < 1e-9
    assert value.after.cost == pytest.approx(value.before.cost)


def test_quotas_hold_in_the_short_run_as_well():
    plan = random_plan(after=Duties())
    units = sum(n for (_, place), n in made(plan).items() if place == "origin 1")
    quota = replace(plan, after=Duties(quota={"origin 1": 0.9 * units}),
                    horizon=Horizon(passthrough=0.4))  # fmt: skip
    value = solve_market(quota).value
    abroad = np.array(plan.country) == "origin 1"
    assert value.after.units[abroad].sum() == pytest.approx(0.9 * units, rel=1e-9)


def test_production_moves_where_the_duty_is_more_than_moving_costs():
    plan = random_plan(after=Duties(product={"origin 1": 0.25, "origin 2": 0.01}))
    plan = replace(plan, horizon=Horizon(relocation=MOVING))
    moved = solve_market(plan).value.after.moved
    origin = np.array(plan.country)
    # The first unit moved saves 0.9 * 25 % less 2 % of its value, the last 30 % less than that.
    assert moved[origin == "origin 1"] == pytest.approx(0.2)
    assert np.all(moved[origin == "origin 2"] == 0)
    assert np.all(moved[origin == "origin 0"] == 0)
    patient = replace(MOVING, years=9.0)
    later = solve_market(replace(plan, horizon=Horizon(relocation=patient))).value.after.moved
    assert later[origin == "origin 1"] == pytest.approx((0.9 * 0.25 - 0.02) / 0.3)


@pytest.mark.parametrize("years", [0.0, 1.0])
def test_nothing_moves_before_its_time(years):
    plan = random_plan(horizon=Horizon(relocation=replace(MOVING, years=years)))
    fixed = solve_market(replace(plan, horizon=Horizon())).value
    value = solve_market(plan).value
    assert np.all(value.after.moved == 0)
    assert value.after.price == pytest.approx(fixed.after.price, rel=1e-13)


def test_nothing_moves_if_duties_stay_even_where_the_old_ones_were_high():
    plan = random_plan(horizon=Horizon(relocation=replace(MOVING, premium=0.0, years=9.0)))
    value = solve_market(replace(plan, before=plan.after)).value
    assert value.after.moved == pytest.approx(0.0, abs=1e-12)
    assert value.after.price == pytest.approx(plan.price, rel=1e-12)


def test_a_maker_without_a_plant_at_home_moves_nothing():
    plan = random_plan(makers=3, horizon=Horizon(relocation=MOVING))
    origin = [("origin 1" if maker == "maker 0" and place == "origin 0" else place)
              for maker, place in zip(plan.maker, plan.country, strict=True)]  # fmt: skip
    plan = replace(plan, country=origin)
    given = replace(plan, plants=dict.fromkeys(made(plan), float("inf")))
    for case in (plan, given):
        moved = solve_market(case).value.after.moved
        own = np.array(case.maker) == "maker 0"
        assert np.all(moved[own] == 0)
        assert moved[~own].max() > 0


def test_moving_lowers_costs_and_the_duty_paid():
    plan = random_plan()
    fixed = solve_market(plan).value
    moving = solve_market(replace(plan, horizon=Horizon(relocation=MOVING))).value
    assert np.all(moving.after.cost <= fixed.after.cost + 1e-12)
    assert moving.duty_paid[1] < fixed.duty_paid[1]
    assert moving.consumer_surplus > fixed.consumer_surplus
