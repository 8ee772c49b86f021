"""What must hold in any world: no change is one, markets clear, names and units do not matter."""

from dataclasses import fields, replace
from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.trade.config import Closure, Competition, TradeConfig
from accord.trade.model import TradeModel
from accord.trade.plan import TradeShock
from accord.trade.solver import solve_trade
from accord.trade.welfare.decomposition import decompose_welfare
from tests.trade.worlds import Traits, draw_model, draw_shock

SEEDS = st.integers(0, 10_000)
SIZE = (3, 4)


def draw(seed: int, traits: Traits = Traits()) -> tuple[TradeModel, TradeShock]:  # noqa: B008
    rng = np.random.default_rng(seed)
    model = draw_model(rng, SIZE, traits)
    tariff = model.tariff + 0.4 * rng.random(model.tariff.shape)
    tariff[np.arange(3), np.arange(3)] = 0.0
    receipts = 0.03 * model.value_added.min() * rng.normal(size=3)
    return model, TradeShock(tariff=tariff, transfer=receipts - receipts.mean())


@given(SEEDS, st.sampled_from([0.0, 0.3]), st.sampled_from([0.0, 0.2]))
def test_no_change_gives_exactly_ones_in_one_evaluation(
    seed: int, zero_flows: float, idle: float
) -> None:
    model, _ = draw(seed, Traits(zero_flows=zero_flows, idle_sectors=idle))
    solution = solve_trade(model)
    assert solution.stats.steps == 1
    assert (solution.value.wage_change == 1).all()
    assert (solution.value.price_change == 1).all()
    assert np.abs(solution.value.welfare).max() < 1e-13


@given(
    SEEDS,
    st.sampled_from(get_args(Closure)),
    st.sampled_from(get_args(Competition)),
    st.sampled_from([0.0, 0.5]),
)
def test_every_equation_holds_after_a_shock_to_everything(
    seed: int, closure: Closure, competition: Competition, kappa: float
) -> None:
    config = TradeConfig(closure, competition, labour_elasticity=kappa, tolerance=1e-12)
    rng = np.random.default_rng(seed)
    model = draw_model(rng, SIZE, Traits(scale=0.5))
    shock = draw_shock(rng, model)
    solution = solve_trade(model, shock, config=config)
    assert np.max([*solution.residuals.values()]) < 1e-9
    assert abs(solution.value.deficit.sum()) < 1e-9 * model.value_added.sum()
    assert shock.transfer is not None
    kept = solution.value.deficit - shock.transfer
    expected = {
        "fixed": model.deficit,
        "balanced": np.zeros(3),
        "share": share_deficit(model, solution.value.sales),
    }[closure]
    np.testing.assert_allclose(kept, expected, atol=1e-8 * model.value_added.sum())


def share_deficit(model: TradeModel, sales: np.ndarray) -> np.ndarray:
    """Deficits at their old share of value added, the sum of which is spread by value added."""
    value_added = (model.value_added_share * sales).sum(axis=1)
    kept = model.deficit / model.value_added * value_added
    return np.asarray(kept - kept.sum() * value_added / value_added.sum())


MONEY = ("flows", "sales", "expenditure", "tariff_revenue", "deficit", "income")


@given(SEEDS)
def test_twice_the_money_is_twice_every_value_and_the_same_prices(seed: int) -> None:
    rng = np.random.default_rng(seed)
    model = draw_model(rng, SIZE, Traits(money=1.0))
    shock = draw_shock(rng, model)
    richer = draw_model(np.random.default_rng(seed), SIZE, Traits(money=2.0))
    assert shock.transfer is not None
    assert shock.spending is not None
    more = replace(shock, transfer=2 * shock.transfer, spending=2 * shock.spending)
    before, after = (solve_trade(*pair).value for pair in ((model, shock), (richer, more)))
    for item in fields(before):
        times = 2.0 if item.name in MONEY else 1.0
        value = times * getattr(before, item.name)
        error = 1e-8 * max(1.0, np.abs(value).max())
        np.testing.assert_allclose(getattr(after, item.name), value, atol=error, err_msg=item.name)


@given(SEEDS)
def test_a_prohibitive_tariff_leaves_no_missing_number(seed: int) -> None:
    """2400 % by one country on another, where flows and whole sectors are missing as well."""
    rng = np.random.default_rng(seed)
    model = draw_model(rng, SIZE, Traits(zero_flows=0.3, idle_sectors=0.2))
    tariff = np.array(model.tariff)
    tariff[0, 1] = 24.0
    solution = solve_trade(model, TradeShock(tariff=tariff), config=TradeConfig("balanced"))
    assert np.max([*solution.residuals.values()]) < 1e-9
    for item in fields(solution.value):
        assert np.isfinite(getattr(solution.value, item.name)).all(), item.name
    assert solution.value.flows[0, 1].sum() <= 0.05 * model.flows[0, 1].sum()


@given(SEEDS)
def test_names_and_order_do_not_matter(seed: int) -> None:
    model, shock = draw(seed)
    rng = np.random.default_rng(seed + 1)
    n, j = rng.permutation(3), rng.permutation(4)
    cube = np.ix_(n, n, j)
    moved = TradeModel.from_arrays(
        flows=model.flows[cube],
        tariff=model.tariff[cube],
        value_added_share=model.value_added_share[np.ix_(n, j)],
        input_share=model.input_share[np.ix_(n, j, j)],
        elasticity=model.elasticity[j],
    )
    assert shock.tariff is not None
    assert shock.transfer is not None
    other = solve_trade(moved, TradeShock(tariff=shock.tariff[cube], transfer=shock.transfer[n]))
    value = solve_trade(model, shock).value
    np.testing.assert_allclose(other.value.welfare, value.welfare[n], atol=1e-9)
    np.testing.assert_allclose(other.value.flows, value.flows[cube], atol=1e-8 * model.flows.max())


@given(SEEDS)
def test_a_warm_start_and_newton_find_the_same_equilibrium(seed: int) -> None:
    model, shock = draw(seed)
    first = solve_trade(model, shock)
    warm = solve_trade(model, shock, start=solve_trade(model, TradeShock(tariff=shock.tariff)))
    newton = solve_trade(model, shock, config=TradeConfig(max_steps=1))
    assert newton.stats.method == "newton"
    np.testing.assert_allclose(warm.value.welfare, first.value.welfare, atol=1e-8)
    np.testing.assert_allclose(newton.value.welfare, first.value.welfare, atol=1e-8)


def test_newton_and_the_iteration_agree_with_elastic_labour() -> None:
    model, shock = draw(11)
    welfare = [
        solve_trade(
            model, shock, config=TradeConfig(labour_elasticity=0.7, max_steps=steps)
        ).value.welfare
        for steps in (600, 1)
    ]
    np.testing.assert_allclose(welfare[0], welfare[1], atol=1e-8)


DECOMPOSED = {
    "perfect competition": TradeConfig(),
    "deficits as shares": TradeConfig(closure="share"),
    "elastic labour": TradeConfig(labour_elasticity=0.7),
    "scale economies": TradeConfig(competition="monopolistic"),
    "fixed entry": TradeConfig(competition="fixed_entry"),
    "scale of bundles": TradeConfig(competition="monopolistic", scale_of="bundles"),
}


@pytest.mark.parametrize("name", DECOMPOSED)
@pytest.mark.parametrize("seed", [0, 5])
def test_decomposition_of_a_shock_to_everything_closes_with_the_square_of_the_segments(
    seed: int, name: str
) -> None:
    rng = np.random.default_rng(seed)
    model = draw_model(rng, SIZE, Traits(scale=0.5))
    config = replace(DECOMPOSED[name], tolerance=1e-12)
    solution = solve_trade(model, draw_shock(rng, model), config=config)
    left = []
    for segments in (8, 16):
        parts = decompose_welfare(solution, segments)
        whole = parts.terms_of_trade + parts.volume_of_trade + parts.transfers
        whole = whole + parts.trade_costs + parts.productivity + parts.placed_spending
        whole = whole + parts.profits
        np.testing.assert_allclose(whole + parts.residual, solution.value.welfare, atol=1e-14)
        left.append(np.abs(parts.residual).max())
    assert np.abs(parts.placed_spending).max() > 1e-5
    assert (np.abs(parts.profits).max() > 1e-5) == (name == "fixed entry")
    assert left[1] < 2e-4
    assert left[1] == pytest.approx(left[0] / 4, rel=0.05)


def test_parts_of_a_shock_name_their_cause() -> None:
    model, _ = draw(5)
    better = TradeShock(productivity=np.full((3, 4), 1.05))
    parts = decompose_welfare(solve_trade(model, better))
    assert (parts.productivity > 0.03).all()
    nearer = np.full((3, 3, 4), 0.9)
    nearer[np.arange(3), np.arange(3)] = 1.0
    parts = decompose_welfare(solve_trade(model, TradeShock(trade_cost=nearer)))
    assert (parts.trade_costs > 0.01).all()


def test_autarky_costs_the_home_share_to_the_power_of_one_over_theta() -> None:
    """Arkolakis, Costinot and Rodríguez-Clare (2012), American Economic Review 102(1)."""
    flows = np.array([[80.0, 15.0, 5.0], [15.0, 60.0, 10.0], [5.0, 10.0, 30.0]])[:, :, None]
    model = TradeModel.from_arrays(
        flows=flows,
        tariff=np.zeros_like(flows),
        value_added_share=np.ones((3, 1)),
        input_share=np.zeros((3, 1, 1)),
        elasticity=np.array([4.0]),
    )
    wall = np.full_like(flows, 1e5)
    wall[np.arange(3), np.arange(3)] = 1.0
    welfare = solve_trade(model, TradeShock(trade_cost=wall)).value.welfare
    own = np.array([0.80, 60 / 85, 30 / 45])
    np.testing.assert_allclose(welfare, own ** (1 / 4) - 1, atol=1e-10)


@pytest.mark.parametrize("receiver", [0, 1, 2])
def test_a_transfer_moves_money_and_creates_none(receiver: int) -> None:
    model, _ = draw(21)
    receipts = np.full(3, -1.0)
    receipts[receiver] = 2.0
    value = solve_trade(model, TradeShock(transfer=receipts)).value
    np.testing.assert_allclose(value.deficit - model.deficit, receipts, atol=1e-7)
    assert value.welfare[receiver] > 0
