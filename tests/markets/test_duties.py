"""Duties, parts, offsets, stocks: who pays, and that what is paid is what is borne."""

from dataclasses import replace

import numpy as np
import pytest

from accord.markets.plan import Duties, Horizon, ProductCosts, Relocation
from accord.markets.solver import solve_market
from tests.markets.plans import few, random_plan

HORIZONS = {
    "long run": Horizon(),
    "short run": Horizon(passthrough=0.3, stock=0.2, dealer_share=0.25),
    "moving": Horizon(relocation=Relocation(premium=0.02, spread=0.3, pace=0.1)),
}


@pytest.mark.parametrize("name", HORIZONS)
def test_what_is_paid_is_what_is_borne(name):
    plan = random_plan(horizon=HORIZONS[name])
    value = solve_market(plan).value
    shares = value.incidence
    paid = shares.duty + shares.building
    assert shares.stocks + shares.buyers + shares.dealers + shares.makers == pytest.approx(paid)
    old = (value.before.duty * value.after.units).sum()
    assert shares.treasury.sum() == pytest.approx(value.duty_paid[1] - old, rel=1e-12)
    assert value.duty_paid[1] == pytest.approx((value.after.duty * value.after.units).sum())


def test_profit_is_margin_with_what_stocks_and_dealers_take_off_the_maker():
    plan = random_plan(horizon=HORIZONS["short run"])
    value = solve_market(plan).value
    maker = np.array(plan.maker)
    for at, name in enumerate(plan.makers):
        own = maker == name
        margin = (value.after.price - value.after.cost)[own] @ value.after.units[own]
        relief = value.incidence.stocks[at] + value.incidence.dealers[at]
        assert value.after.profit[at] == pytest.approx(margin + relief, rel=1e-12)


def test_the_duty_is_on_the_customs_value_that_is_not_exempt():
    costs = ProductCosts(customs_share=0.5, exempt_share=0.4)
    value = solve_market(few(price=40.0, costs=costs, after=Duties(product={"abroad": 0.25}))).value
    assert value.after.duty[0] == pytest.approx(40 * 0.5 * 0.6 * 0.25)
    assert value.after.cost[0] - value.before.cost[0] == pytest.approx(3.0)


def test_a_home_built_car_pays_for_its_parts_beyond_the_offset():
    parts = np.array([[0.2, 0.1]])
    plan = few(price=40.0)
    plan = replace(plan, country=["home"])
    costs = ProductCosts(customs_share=0.5, parts_share=parts)
    full = Duties(product={}, parts={"home": 0.0, "abroad": 0.25})
    duties = [replace(full, offset=share) for share in (0.0, 0.01, 0.5)]
    paid = [solve_market(replace(plan, costs=costs, after=after)).value.after.duty[0]
            for after in duties]  # fmt: skip
    assert paid == pytest.approx([0.25 * 0.1 * 20, 0.25 * 0.1 * 20 - 0.4, 0.0])


def test_stocks_that_paid_the_old_duty_cost_the_treasury_and_help_the_maker():
    plan = random_plan(horizon=Horizon(passthrough=0.4))
    dry = solve_market(plan).value
    wet = solve_market(replace(plan, horizon=Horizon(passthrough=0.4, stock=0.25))).value
    assert wet.after.price == pytest.approx(dry.after.price, rel=1e-13)
    saved = dry.duty_paid[1] - wet.duty_paid[1]
    assert saved == pytest.approx(wet.incidence.stocks.sum(), rel=1e-12)
    assert wet.after.profit.sum() - dry.after.profit.sum() == pytest.approx(saved, rel=1e-9)


def test_those_whose_rivals_pay_earn_more():
    plan = random_plan(makers=2, origins=2)
    spared = [name if at % 4 else "spared" for at, name in enumerate(plan.maker)]
    origin = ["origin 0" if name == "spared" else "origin 1" for name in spared]
    plan = replace(plan, maker=spared, country=origin, costs=ProductCosts(),
                   after=Duties(product={"origin 1": 0.25}))  # fmt: skip
    value = solve_market(plan).value
    at = plan.makers.index("spared")
    change = value.after.profit - value.before.profit
    assert change[at] > 0
    assert np.all(np.delete(change, at) < 0)
    assert value.incidence.makers[at] < 0


def test_a_ten_point_cut_helps_whoever_gets_it_and_hurts_rivals():
    plan = random_plan(makers=3)
    cut = replace(plan.after, product={**plan.after.product, "origin 2": 0.10})
    own = replace(plan, maker=[f"{m} {o}" for m, o in zip(plan.maker, plan.country, strict=True)])
    high, low = (solve_market(replace(own, after=after)).value.after.profit
                 for after in (plan.after, cut))  # fmt: skip
    got = np.array([name.endswith("origin 2") for name in own.makers])
    assert np.all((low - high)[got] > 0)
    assert np.all((low - high)[~got] < 0)
