"""Tariff-rate quotas: three regimes by hand, first-order conditions, and who has the rent."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import brentq

from accord.markets.plan import Duties, Horizon, ProductCosts, Relocation
from accord.markets.solver import solve_market
from tests.markets.plans import few, levels, made, random_plan

# One maker, one product: price 30, share 0.2, elasticity -5. So alpha is 5 / (30 0.8), the markup 6
# and the cost 24. Half of the price is dutiable: 10 % are 1.5 a unit, 30 % are 4.5.
ALPHA, COST, LOW, HIGH, MARKET = 5 / 24, 24.0, 1.5, 4.5, 10.0


def units_at(price):
    weight = 0.2 * np.exp(-ALPHA * (price - 30.0))
    return MARKET * weight / (0.8 + weight)


def monopoly(cost):
    """Return price and units of a logit monopoly, by its first-order condition alone."""

    def gap(price):
        return price - cost - 1 / (ALPHA * (1 - units_at(price) / MARKET))

    price = brentq(gap, cost, cost + 40, xtol=1e-13)
    return price, units_at(price)


def single(quota, **duties):
    after = Duties(product={"abroad": 0.1}, quota={"abroad": quota}, over_quota={"abroad": 0.3})
    return few(1, costs=ProductCosts(customs_share=0.5), after=replace(after, **duties))


def test_a_quota_that_is_not_filled_leaves_the_rate_within():
    price, units = monopoly(COST + LOW)
    value = solve_market(single(units * 1.01)).value
    assert value.after.price[0] == pytest.approx(price, rel=1e-11)
    assert value.scarcity[0] == value.quota_rent[0] == 0.0
    assert value.duty_paid[1] == pytest.approx(LOW * units, rel=1e-10)


def test_a_quota_that_is_exceeded_prices_at_the_rate_beyond_and_leaves_a_rent():
    price, units = monopoly(COST + HIGH)
    quota = 0.6 * units
    value = solve_market(single(quota)).value
    assert value.after.price[0] == pytest.approx(price, rel=1e-11)
    assert value.scarcity[0] == 1.0
    paid = LOW * quota + HIGH * (units - quota)
    assert value.duty_paid[1] == pytest.approx(paid, rel=1e-10)
    assert value.quota_rent[0] == pytest.approx((HIGH - LOW) * quota, rel=1e-10)
    assert value.after.profit[0] == pytest.approx((price - COST) * units - paid, rel=1e-10)


def test_a_quota_between_is_just_filled_at_a_rate_between():
    most, least = monopoly(COST + LOW)[1], monopoly(COST + HIGH)[1]
    quota = (most + least) / 2
    share = quota / MARKET
    price = 30.0 + np.log(0.25 * (1 - share) / share) / ALPHA
    worth = price - 1 / (ALPHA * (1 - share)) - COST - LOW
    value = solve_market(single(quota)).value
    assert value.after.units[0] == pytest.approx(quota, rel=1e-11)
    assert value.after.price[0] == pytest.approx(price, rel=1e-11)
    assert 0 < value.scarcity[0] < 1
    assert value.scarcity[0] == pytest.approx(worth / (HIGH - LOW), rel=1e-9)
    assert value.quota_rent[0] == pytest.approx(worth * quota, rel=1e-9)
    assert value.duty_paid[1] == pytest.approx(LOW * quota, rel=1e-10)


@pytest.mark.parametrize("part", [0.5, 0.97])
def test_who_has_the_rent_changes_nothing_but_who_has_it(part):
    """Sold rights cost makers what they are worth; prices are those of the last unit."""
    quota = part * monopoly(COST + LOW)[1]
    kept, sold = (solve_market(single(quota, auctioned=share)).value for share in (0.0, 0.75))
    assert sold.after.price == pytest.approx(kept.after.price, rel=1e-12)
    assert sold.quota_rent == pytest.approx(kept.quota_rent, rel=1e-10)
    moved = 0.75 * kept.quota_rent[0]
    assert moved > 0
    assert sold.duty_paid[1] - kept.duty_paid[1] == pytest.approx(moved, rel=1e-9)
    assert kept.after.profit[0] - sold.after.profit[0] == pytest.approx(moved, rel=1e-9)


def test_the_rights_of_an_absolute_quota_can_be_sold_too():
    units = solve_market(few(2)).value.before.units.sum()
    kept, sold = (
        solve_market(few(2, after=Duties(quota={"abroad": 0.8 * units}, auctioned=share))).value
        for share in (0.0, 1.0)
    )
    assert kept.quota_rent.sum() == pytest.approx(kept.scarcity[0] * 0.8 * units, rel=1e-9)
    assert sold.duty_paid[1] == pytest.approx(kept.quota_rent.sum(), rel=1e-9)
    assert sold.after.price == pytest.approx(kept.after.price, rel=1e-12)


# ---- many products -----------------------------------------------------------------------------

WITHIN, BEYOND = 0.05, 0.4


def rated(share, **given):
    """Return a random market with a tariff-rate quota on one origin, a share of its units."""
    plan = random_plan(after=Duties(), **given)
    units = sum(n for (_, place), n in made(plan).items() if place == "origin 1")
    after = Duties(product={"origin 1": WITHIN, "origin 2": 0.1}, quota={"origin 1": share * units},
                   over_quota={"origin 1": BEYOND})  # fmt: skip
    return replace(plan, after=after)


@pytest.mark.parametrize(("share", "regime"), [(1.2, 0), (0.7, 0.5), (0.1, 1)])
def test_conditions_hold_in_every_regime(share, regime):
    plan = rated(share)
    solution = solve_market(plan)
    value = solution.value
    own = np.array(plan.country) == "origin 1"
    theta, quota = value.scarcity[0], plan.after.quota["origin 1"]
    enters = value.after.units[own].sum()
    if regime == 0:
        assert theta == 0
        assert enters < quota
    elif regime == 1:
        assert theta == 1
        assert enters > quota
    else:
        assert 0 < theta < 1
        assert enters == pytest.approx(quota, rel=1e-9)
    rate = np.array([plan.after.product.get(place, 0.0) for place in plan.country])
    rate[own] += theta * (BEYOND - WITHIN)
    perceived = value.before.cost + rate * 0.9 * 0.6 * plan.price
    assert np.abs(levels(solution).first_order(value.after.price, perceived)).max() < 1e-9
    assert np.max([*solution.residuals.values()]) < 1e-10


def test_a_larger_quota_lowers_the_rate_of_the_last_unit_step_by_step():
    shares = [0.05, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 1.1]
    told = [solve_market(rated(share)).value for share in shares]
    theta = [value.scarcity[0] for value in told]
    assert (theta[0], theta[-1]) == (1.0, 0.0)
    assert theta == sorted(theta, reverse=True)
    surplus = [float(value.consumer_surplus) for value in told]
    assert np.diff(surplus).min() > -1e-9


def test_the_same_rate_on_both_sides_is_a_plain_duty():
    plan = rated(0.3)
    flat = replace(plan.after, over_quota={"origin 1": WITHIN})
    plain = replace(plan.after, over_quota={}, quota={})
    ends = [solve_market(replace(plan, after=after)).value for after in (flat, plain)]
    assert ends[0].after.price == pytest.approx(ends[1].after.price, rel=1e-12)
    assert ends[0].duty_paid == pytest.approx(ends[1].duty_paid, rel=1e-12)
    assert ends[0].quota_rent == pytest.approx(0.0, abs=1e-12)


def test_a_rate_beyond_that_nobody_pays_is_an_absolute_quota_where_products_are_alike():
    units = 0.8 * solve_market(few(2)).value.before.units.sum()
    hard = Duties(quota={"abroad": units})
    steep = Duties(quota={"abroad": units}, over_quota={"abroad": 3.0})
    first, second = (solve_market(few(2, after=after)).value for after in (hard, steep))
    assert second.after.price == pytest.approx(first.after.price, rel=1e-10)
    assert second.quota_rent == pytest.approx(first.quota_rent, rel=1e-8)


@pytest.mark.parametrize("share", [0.1, 0.7])
def test_what_is_paid_is_what_is_borne_in_either_run(share):
    plan = rated(share)
    plants = {plant: units * (1.03 if plant[1] == plan.home else 1.5)
              for plant, units in made(plan).items()}  # fmt: skip
    runs = (Horizon(passthrough=0.4, stock=0.2, dealer_share=0.3),
            Horizon(relocation=Relocation(premium=0.02)))  # fmt: skip
    for horizon in runs:
        after = replace(plan.after, auctioned=0.4)
        value = solve_market(replace(plan, plants=plants, horizon=horizon, after=after)).value
        borne = value.incidence
        paid = borne.treasury + borne.building
        assert paid == pytest.approx(borne.buyers + borne.dealers + borne.makers, abs=1e-9)
        gained = value.after.profit - value.before.profit
        assert np.isfinite(gained).all()
        assert value.duty_paid[1] == pytest.approx((value.after.duty * value.after.units).sum())


def test_draws_of_rates_are_markets_of_their_own():
    plan = rated(0.7)
    rates = [0.1, 0.2, 0.6]
    whole = solve_market(replace(plan, after=replace(plan.after, over_quota={"origin 1": rates})))
    for at, rate in enumerate(rates):
        after = replace(plan.after, over_quota={"origin 1": rate})
        single_one = solve_market(replace(plan, after=after)).value
        assert whole.value.after.price[at] == pytest.approx(single_one.after.price, rel=1e-10)
        assert whole.value.quota_rent[at] == pytest.approx(single_one.quota_rent, rel=1e-7)
