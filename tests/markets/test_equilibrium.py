"""Prices against closed forms and first-order conditions found by complex steps."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.special import lambertw

from accord.core.errors import SolveError
from accord.core.status import Status
from accord.markets.calibration import MarketModel, calibrate, observed_shares
from accord.markets.config import MarketConfig
from accord.markets.costs import cost_lines, find_limits
from accord.markets.iteration import make_game, play
from accord.markets.plan import DemandMoments, Duties, Horizon, ProductCosts
from accord.markets.solver import solve_market
from accord.markets.tree import plant_tree
from tests.markets.plans import LOGIT, few, levels, random_plan

TWO_LEVELS = DemandMoments(mean_markup=0.2, segment_correlation=0.3, group_correlation=0.8)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("grouped", [False, True])
def test_first_order_conditions_hold_in_levels(seed, grouped):
    plan = random_plan(seed=seed)
    if grouped:
        plan = replace(plan, group=plan.country, demand=TWO_LEVELS)
    solution = solve_market(plan)
    value, logit = solution.value, levels(solution)
    for figures in (value.before, value.after):
        assert np.abs(logit.first_order(figures.price, figures.cost)).max() < 1e-10
    assert solution.residuals["first-order conditions"] < 1e-12


def test_no_change_of_duties_changes_nothing():
    plan = random_plan()
    value = solve_market(replace(plan, before=plan.after)).value
    assert value.after.price == pytest.approx(plan.price, rel=1e-13)
    assert value.after.profit == pytest.approx(value.before.profit, rel=1e-11)
    assert value.consumer_surplus == pytest.approx(0.0, abs=1e-11)


@pytest.mark.parametrize("rate", [0.05, 0.25, 1.0])
def test_a_monopoly_of_one_product_has_the_price_of_lambert(rate):
    """With logit demand alpha (p - c) - 1 = W(exp(delta - alpha c - 1))."""
    solution = solve_market(few(after=Duties(product={"abroad": rate})))
    value, logit = solution.value, levels(solution)
    alpha = logit.alpha
    (cost,) = value.after.cost
    (delta,) = logit.delta
    expected = cost + (1 + lambertw(np.exp(delta - alpha * cost - 1)).real) / alpha
    assert value.after.price[0] == pytest.approx(expected, rel=1e-13)


@pytest.mark.parametrize("rate", [0.0, 0.25, 0.6])
def test_a_symmetric_duopoly_solves_its_one_equation(rate):
    solution = solve_market(few(2, after=Duties(product={"abroad": rate})))
    logit, (cost, _) = levels(solution), solution.value.after.cost

    def excess(price):
        value = np.exp(logit.delta[0] - logit.alpha * price)
        share = value / (1 + 2 * value)
        return price - cost - 1 / (logit.alpha * (1 - share))

    expected = brentq(excess, cost, 3 * cost, xtol=1e-13, rtol=1e-15)
    assert solution.value.after.price == pytest.approx([expected, expected], rel=1e-12)


def test_the_lerner_index_of_a_single_product_is_the_inverse_elasticity():
    value = solve_market(random_plan(makers=5, origins=1, segments=1)).value
    lerner = (value.before.price - value.before.cost) / value.before.price
    assert lerner == pytest.approx(-1 / value.own_elasticity, rel=1e-12)


@pytest.mark.parametrize("share", [1e-6, 0.5, 0.99])
def test_a_monopoly_passes_on_what_its_share_leaves(share):
    """With logit demand dp/dc = 1 - s: all of it for the smallest, none for one that has all."""
    demand = replace(LOGIT, own_elasticity=-1.0 - share)
    plan = few(share=share, demand=demand, after=Duties(product={"abroad": 1e-7}))
    assert solve_market(plan).value.passthrough[0] == pytest.approx(1 - share, rel=1e-5, abs=1e-6)


def test_makers_of_a_like_product_price_at_cost_as_it_becomes_the_same():
    demand = DemandMoments(own_elasticity=-5.0, segment_correlation=0.0)
    apart = solve_market(few(2, demand=demand)).value.before
    alike = replace(demand, segment_correlation=0.9)
    margins = [
        solve_market(few(2, demand=replace(moment, own_elasticity=-5.0))).value.before
        for moment in (demand, alike)
    ]
    assert margins[0].cost == pytest.approx(apart.cost)
    # At one elasticity the margin of a single product is the same however alike they are.
    assert margins[1].cost == pytest.approx(margins[0].cost, rel=1e-12)


def play_with(model, plan, names):
    """Return prices, in the order of the plan, when products belong to the makers named."""
    tree = plant_tree(tuple(names), tuple(plan.segment), None)
    back = np.argsort(model.tree.order)[tree.order]
    base = observed_shares(plan.share[tree.order, None], tree)
    other = MarketModel(tree, base, model.nesting, model.price[back], model.cost[back],
                        model.units[back])  # fmt: skip
    still = replace(plan, after=plan.before)
    game = make_game(other, cost_lines(still, other), np.ones_like(other.price))
    state = play(game, tree, find_limits(still, other), size=plan.size,
                 config=MarketConfig())  # fmt: skip
    assert state.gap.max() < 1e-11
    return state.price[np.argsort(tree.order), 0]


def test_splitting_a_maker_lowers_its_prices_and_those_of_its_rivals():
    plan = random_plan(makers=3)
    model = calibrate(plan)
    assert play_with(model, plan, plan.maker) == pytest.approx(plan.price, rel=1e-12)
    split = [f"{name} {at % 2}" if name == "maker 0" else name
             for at, name in enumerate(plan.maker)]  # fmt: skip
    price = play_with(model, plan, split)
    own = np.array(plan.maker) == "maker 0"
    assert np.all(price[own] < plan.price[own] - 1e-4)
    assert np.all(price[~own] < plan.price[~own])


def test_a_tariff_on_all_origins_is_a_rise_of_costs():
    plan = random_plan(home="nowhere", after=Duties())
    cost = solve_market(plan).value.before.cost
    dutiable = ProductCosts(customs_share=cost / plan.price)
    rates = dict.fromkeys(plan.countries, 0.2)
    taxed = solve_market(replace(plan, costs=dutiable, after=Duties(product=rates)))
    assert taxed.value.after.cost == pytest.approx(1.2 * cost, rel=1e-12)
    logit = levels(taxed)
    price = taxed.value.after.price
    assert np.abs(logit.first_order(price, 1.2 * cost)).max() < 1e-10
    one_by_one = replace(plan, costs=dutiable, country=["sea"] * len(plan.maker),
                         after=Duties(product={"sea": 0.2}))  # fmt: skip
    assert solve_market(one_by_one).value.after.price == pytest.approx(price, rel=1e-12)


def test_money_and_units_may_be_in_any_unit():
    plan = random_plan()
    base = solve_market(plan).value
    scaled = solve_market(replace(plan, price=1000 * plan.price, size=plan.size / 10)).value
    assert scaled.after.price == pytest.approx(1000 * base.after.price, rel=1e-11)
    assert scaled.after.profit == pytest.approx(100 * base.after.profit, rel=1e-9)
    assert scaled.consumer_surplus == pytest.approx(100 * base.consumer_surplus, rel=1e-9)


def test_short_run_prices_go_part_of_the_way():
    plan = random_plan()
    long = solve_market(plan).value.after.price
    short = solve_market(replace(plan, horizon=Horizon(passthrough=0.3))).value.after.price
    assert short == pytest.approx(plan.price + 0.3 * (long - plan.price), rel=1e-12)


def test_a_failed_solve_leaves_no_figure():
    plan, config = random_plan(), MarketConfig(max_steps=2)
    with pytest.raises(SolveError):
        solve_market(plan, config)
    failed = solve_market(plan, config, throw=False)
    assert failed.status is Status.MAX_STEPS
    assert failed.solved is None
    for figures in (failed.value.before, failed.value.after, failed.value.incidence):
        for name in figures.__dataclass_fields__:
            assert np.all(np.isnan(getattr(figures, name))), name
    assert np.isnan(failed.value.consumer_surplus)
