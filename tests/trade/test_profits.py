"""A fixed number of firms: profits against closed forms and against firms written out in levels."""

from dataclasses import fields, replace
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar, root

from accord.assessment.settings import AssessSettings
from accord.core.errors import InputError
from accord.core.status import Status
from accord.trade.batch import solve_trade_many
from accord.trade.config import TradeConfig
from accord.trade.model import TradeModel
from accord.trade.plan import TradeShock
from accord.trade.solver import solve_trade
from accord.trade.strategy.strategy import best_response
from tests.trade.worlds import Traits, draw_model, draw_shock, permute, permute_shock

FIXED = TradeConfig(competition="fixed_entry", tolerance=1e-12)
WORLD = Traits(value_added=(0.5, 0.9), scale=0.8)
SEEDS = st.integers(0, 10_000)


class Firms(NamedTuple):
    """A world of firms in levels: what they can do, how many there are, who buys what."""

    b: np.ndarray  # labour in costs
    g: np.ndarray  # inputs in costs
    alpha: np.ndarray
    theta: np.ndarray
    mu: np.ndarray  # markups
    staff: np.ndarray
    ease: np.ndarray  # number of firms and their productivity less trade costs, to the power theta
    deficit: np.ndarray


class Levels(NamedTuple):
    """An equilibrium of `Firms`, world value added being one."""

    flows: np.ndarray
    utility: np.ndarray
    profits: np.ndarray


def draw_firms(seed: int) -> Firms:
    """Return firms of three countries and four sectors, with inputs and deficits."""
    rng = np.random.default_rng([14, seed])
    b = rng.uniform(0.4, 0.8, (3, 4))
    g = rng.dirichlet(np.ones(4), size=(3, 4)).transpose(0, 2, 1) * (1 - b)[:, None, :]
    theta = rng.uniform(2.0, 7.0, 4)
    ease = np.exp(rng.normal(0, 0.7, (3, 3, 4)))
    ease[np.arange(3), np.arange(3)] *= 8
    deficit = 0.01 * rng.normal(size=3)
    return Firms(
        b, g, rng.dirichlet(np.ones(4), size=3), theta, rng.uniform(0.3, 1.0, 4) / theta,
        np.exp(rng.normal(0, 0.5, 3)), ease, deficit - deficit.mean(),
    )  # fmt: skip


def settle(firms: Firms, tau: np.ndarray) -> Levels:
    """Return the equilibrium in levels: firms set prices, profits are spent by their country."""

    def accounts(w: np.ndarray) -> tuple[np.ndarray, ...]:
        P = np.ones(firms.b.shape)
        for _ in range(400):
            cost = w[:, None] ** firms.b * np.exp(np.einsum("nkj,nk->nj", firms.g, np.log(P)))
            price = (1 + firms.mu) * cost[None] * (1 + tau)
            offer = firms.ease * price**-firms.theta
            P = offer.sum(axis=1) ** (-1 / firms.theta)
        share = offer / offer.sum(axis=1, keepdims=True)
        Y = np.ones(firms.b.shape) / firms.b.size
        for _ in range(600):
            costs = Y / (1 + firms.mu)
            bought = np.einsum("nkj,nj->nk", firms.g, costs)
            duty = (share * tau / (1 + tau)).sum(axis=1)
            cash = w * firms.staff + (Y - costs).sum(axis=1) + firms.deficit
            income = (cash + (duty * bought).sum(axis=1)) / (1 - (duty * firms.alpha).sum(axis=1))
            X = bought + firms.alpha * income[:, None]
            flows = share * X[:, None] / (1 + tau)
            Y = flows.sum(axis=0)
        return w * firms.staff, (firms.b * Y / (1 + firms.mu)).sum(axis=1), Y, P, income, flows

    def gaps(log_w: np.ndarray) -> np.ndarray:
        paid, asked, Y, *_ = accounts(np.exp(log_w))
        world = paid.sum() + (firms.mu / (1 + firms.mu) * Y).sum()
        return np.append(np.log(asked / paid)[:-1], np.log(world))

    log_w = root(gaps, np.log(0.3 / firms.staff), tol=1e-13).x
    assert np.abs(gaps(log_w)).max() < 1e-11
    _, _, Y, P, income, flows = accounts(np.exp(log_w))
    return Levels(flows, income / np.prod(P**firms.alpha, axis=1), firms.mu / (1 + firms.mu) * Y)


def calibrate(firms: Firms, tau: np.ndarray) -> TradeModel:
    """Return the model of the flows of firms; their value added has profits in it."""
    m = firms.mu / (1 + firms.mu)
    return TradeModel.from_arrays(
        flows=settle(firms, tau).flows, tariff=tau, value_added_share=firms.b * (1 - m) + m,
        input_share=firms.g * (1 - m), elasticity=firms.theta, scale_elasticity=firms.mu,
    )  # fmt: skip


def draw_tariffs(seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng([15, seed])
    before, after = rng.uniform(0, 0.2, (3, 3, 4)), rng.uniform(-0.2, 0.6, (3, 3, 4))
    for tau in (before, after):
        tau[np.arange(3), np.arange(3)] = 0.0
    return before, after


@pytest.mark.parametrize("seed", range(4))
def test_firms_in_levels_have_the_welfare_flows_and_profits_of_the_model(seed: int) -> None:
    firms, (before, after) = draw_firms(seed), draw_tariffs(seed)
    old, new = settle(firms, before), settle(firms, after)
    solution = solve_trade(calibrate(firms, before), TradeShock(tariff=after), config=FIXED)
    value = solution.value
    np.testing.assert_allclose(value.welfare, new.utility / old.utility - 1, atol=1e-8)
    np.testing.assert_allclose(value.flows, new.flows, atol=1e-8)
    np.testing.assert_allclose(value.profits, new.profits, atol=1e-8)


def test_a_tariff_between_two_alike_is_the_formula_by_hand() -> None:
    """Both charge `t - 1` on a good with markups; the other good has none, and is not traded.

    Wages stay one. The dear good costs `(pi + (1 - pi) t**-theta)**(-1/theta)`. With `phi` what
    sellers get of a dollar spent on it, wages are `(1 - m) alpha phi I + (1 - alpha) I`.
    """
    theta, mu, alpha, home, t = 4.0, 0.25, 0.4, 0.6, 1.3
    m = mu / (1 + mu)
    dear = np.array([[home, 1 - home], [1 - home, home]]) * alpha
    flows = np.stack([dear, np.eye(2) * (1 - alpha)], axis=2)
    model = TradeModel.from_arrays(
        flows=flows, tariff=np.zeros_like(flows), value_added_share=np.ones((2, 2)),
        input_share=np.zeros((2, 2, 2)), elasticity=[theta, theta], scale_elasticity=[mu, 0.0],
    )  # fmt: skip
    tariff = np.zeros_like(flows)
    tariff[[0, 1], [1, 0], 0] = t - 1
    value = solve_trade(model, TradeShock(tariff=tariff), config=FIXED).value
    total = home + (1 - home) * t**-theta
    phi = (home + (1 - home) * t ** (-theta - 1)) / total
    income = (1 - m * alpha) / ((1 - alpha) + (1 - m) * alpha * phi)
    expected = income * total ** (alpha / theta) - 1
    np.testing.assert_allclose(value.welfare, expected, atol=1e-10)
    perfect = solve_trade(model, TradeShock(tariff=tariff)).value
    assert value.welfare[0] < perfect.welfare[0] < 0  # it makes too little of the dear good already
    earned = value.profits.sum(axis=1) / (value.wage_change * (1 - m * alpha))
    paid = m * alpha * phi / ((1 - alpha) + (1 - m) * alpha * phi)
    np.testing.assert_allclose(earned, paid, atol=1e-10)


@given(SEEDS)
def test_what_is_sold_is_paid_out_as_wages_inputs_and_profits(seed: int) -> None:
    rng = np.random.default_rng(seed)
    model = draw_model(rng, (3, 4), WORLD)
    shock = draw_shock(rng, model)
    nothing = solve_trade(model, config=FIXED)
    assert nothing.stats.steps == 1
    assert (nothing.value.wage_change == 1).all()
    assert (nothing.value.price_change == 1).all()
    assert np.abs(nothing.value.welfare).max() < 1e-13
    solution = solve_trade(model, shock, config=FIXED)
    value, m = solution.value, model.scale_elasticity / (1 + model.scale_elasticity)
    assert np.max([*solution.residuals.values()]) < 1e-9
    world = model.value_added.sum()
    wages = value.wage_change * ((model.value_added_share - m) * model.sales).sum(axis=1)
    inputs = (model.input_share * value.sales[:, None]).sum(axis=(1, 2))
    paid = wages + inputs + value.profits.sum(axis=1)
    np.testing.assert_allclose(paid, value.sales.sum(axis=1), atol=1e-9 * world)
    received = wages + value.profits.sum(axis=1) + value.tariff_revenue + value.deficit
    np.testing.assert_allclose(received, value.income, atol=1e-9 * world)
    assert (wages + value.profits.sum(axis=1)).sum() == pytest.approx(world, rel=1e-9)
    balance = value.flows.sum(axis=(1, 2)) - value.flows.sum(axis=(0, 2))
    np.testing.assert_allclose(balance, value.deficit, atol=1e-9 * world)  # Walras


@given(SEEDS)
def test_names_order_and_units_do_not_matter(seed: int) -> None:
    rng = np.random.default_rng(seed)
    model = draw_model(rng, (3, 4), WORLD)
    shock = draw_shock(rng, model)
    n, j = rng.permutation(3), rng.permutation(4)
    value = solve_trade(model, shock, config=FIXED).value
    moved = solve_trade(permute(model, n, j), permute_shock(shock, n, j), config=FIXED).value
    np.testing.assert_allclose(moved.welfare, value.welfare[n], atol=1e-9)
    np.testing.assert_allclose(moved.profits, value.profits[np.ix_(n, j)], rtol=1e-8)
    richer = draw_model(np.random.default_rng(seed), (3, 4), replace(WORLD, money=2000.0))
    assert shock.transfer is not None
    assert shock.spending is not None
    more = replace(shock, transfer=2 * shock.transfer, spending=2 * shock.spending)
    twice = solve_trade(richer, more, config=FIXED).value
    money = {"flows", "sales", "expenditure", "tariff_revenue", "deficit", "income", "profits"}
    for item in fields(value):
        expected = getattr(value, item.name) * (2 if item.name in money else 1)
        error = 1e-9 * max(1.0, float(np.abs(expected).max()))
        np.testing.assert_allclose(getattr(twice, item.name), expected, atol=error)


def test_markups_of_nothing_are_perfect_competition() -> None:
    rng = np.random.default_rng(5)
    model = draw_model(rng, (3, 4), WORLD)
    shock = draw_shock(rng, model)
    weak = solve_trade(model, shock, config=replace(FIXED, scale_strength=1e-12)).value
    perfect = solve_trade(model, shock, config=TradeConfig(tolerance=1e-12)).value
    np.testing.assert_allclose(weak.welfare, perfect.welfare, atol=1e-10)
    strong = solve_trade(model, shock, config=FIXED).value
    assert np.abs(strong.welfare - perfect.welfare).max() > 1e-4


def test_many_at_once_may_differ_in_their_markups() -> None:
    rng = np.random.default_rng(6)
    model = draw_model(rng, (5, 3), WORLD)  # of five, so that lanes share most importers
    tariff = np.array(model.tariff)
    tariff[0, 1:] += 0.3
    shocks = [None, *[TradeShock(tariff=tariff)] * 8]
    configs = [replace(FIXED, scale_strength=0.1 * at) for at in range(1, 10)]
    for solution, shock, config in zip(
        solve_trade_many(model, shocks, config=configs), shocks, configs, strict=True
    ):
        alone = solve_trade(model, shock, config=config)
        assert solution.formed is None  # side by side
        np.testing.assert_allclose(solution.value.welfare, alone.value.welfare, atol=1e-9)
        np.testing.assert_allclose(solution.value.profits, alone.value.profits, rtol=1e-8)


def test_the_best_tariff_of_a_country_whose_firms_earn_profits_is_that_of_firms_in_levels() -> None:
    firms, (before, _) = draw_firms(1), draw_tariffs(1)
    best = best_response(
        calibrate(firms, before), "region 1", over="mfn", config=FIXED,
        options={"sectors": ["sector 2"], "tolerance": 1e-9},
    )  # fmt: skip
    assert best.status is Status.CONVERGED

    def loss(rate: float) -> float:
        tau = before.copy()
        tau[0, 1:, 1] = rate
        return -float(settle(firms, tau).utility[0])

    level = minimize_scalar(loss, (0.0, 0.2), tol=1e-8)
    assert best.value.overall_tariff[0] == pytest.approx(level.x, abs=1e-5)
    gain = -level.fun / settle(firms, before).utility[0] - 1
    assert best.value.welfare[0] == pytest.approx(gain, abs=1e-9)


def test_profits_above_value_added_are_refused_by_cell() -> None:
    model = draw_model(np.random.default_rng(5), (3, 4), replace(WORLD, scale=12.0))
    with pytest.raises(InputError, match=r"value_added_share\[region 3, sector 2") as caught:
        solve_trade(model, config=FIXED)
    assert all("Profits are part of value added" in it.remedy for it in caught.value.problems)
    with pytest.raises(InputError, match="is below the profits"):
        best_response(model, "region 1", config=FIXED)
    with pytest.raises(InputError, match="needs scale elasticities"):
        solve_trade(draw_model(np.random.default_rng(5), (3, 4)), config=FIXED)


def test_a_verdict_has_no_account_of_profits_and_says_so() -> None:
    with pytest.raises(InputError, match="which no verdict values"):
        AssessSettings(competition="fixed_entry")
