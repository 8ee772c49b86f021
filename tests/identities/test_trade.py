"""What must hold in any world: no change is one, markets clear, names and units do not matter."""

from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize

from accord.trade.config import Closure, TradeConfig
from accord.trade.decomposition import decompose_welfare
from accord.trade.model import TradeModel
from accord.trade.shock import TradeShock
from accord.trade.solver import solve_trade
from tests.trade_worlds import Traits, draw_model

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


@given(SEEDS, st.sampled_from(get_args(Closure)))
def test_markets_clear_and_deficits_sum_to_zero(seed: int, closure: Closure) -> None:
    model, shock = draw(seed)
    solution = solve_trade(model, shock, config=TradeConfig(closure=closure))
    assert max(solution.residuals.values()) < 1e-9
    assert abs(solution.value.deficit.sum()) < 1e-9 * model.value_added.sum()
    if closure == "balanced" and shock.transfer is not None:
        np.testing.assert_allclose(
            solution.value.deficit, shock.transfer, atol=1e-8 * model.value_added.sum()
        )


@given(SEEDS)
def test_the_unit_of_money_does_not_matter(seed: int) -> None:
    small, shock = draw(seed, Traits(money=1.0))
    large, _ = draw(seed, Traits(money=1000.0))
    assert shock.transfer is not None
    more = TradeShock(tariff=shock.tariff, transfer=1000 * shock.transfer)
    one, other = solve_trade(small, shock), solve_trade(large, more)
    np.testing.assert_allclose(one.value.welfare, other.value.welfare, atol=1e-9)


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
    found = [
        solve_trade(
            model, shock, config=TradeConfig(labour_elasticity=0.7, max_steps=steps)
        ).value.welfare
        for steps in (600, 1)
    ]
    np.testing.assert_allclose(found[0], found[1], atol=1e-8)


def test_decomposition_adds_up_better_with_more_segments() -> None:
    model, shock = draw(5)
    solution = solve_trade(model, shock)
    left = []
    for segments in (4, 8):
        parts = decompose_welfare(solution, segments)
        whole = parts.terms_of_trade + parts.volume_of_trade + parts.transfers
        whole = whole + parts.trade_costs + parts.productivity + parts.residual
        np.testing.assert_allclose(whole, solution.value.welfare, atol=1e-14)
        left.append(np.abs(parts.residual).max())
    assert left[1] < 0.3 * left[0]
    assert left[1] < 1e-3


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


def test_one_sector_against_an_independent_root_finder() -> None:
    """Wages of a one-sector world with tariffs, solved from the market-clearing equations."""
    rng = np.random.default_rng(8)
    flows = np.diag([90.0, 40.0, 20.0]) + rng.uniform(1, 8, (3, 3)) * (1 - np.eye(3))
    tariff = rng.uniform(0, 0.3, (3, 3)) * (1 - np.eye(3))
    new = rng.uniform(0, 0.6, (3, 3)) * (1 - np.eye(3))
    theta = 5.0
    spending = (flows * (1 + tariff)).sum(axis=1)
    share = flows * (1 + tariff) / spending[:, None]
    output, deficit = flows.sum(axis=0), flows.sum(axis=1) - flows.sum(axis=0)

    def new_flows(wage: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        weight = share * (wage[None] * (1 + new) / (1 + tariff)) ** -theta
        pi = weight / weight.sum(axis=1, keepdims=True)
        kept = 1 - (new / (1 + new) * pi).sum(axis=1)
        income = (wage * output + deficit) / kept
        return pi * income[:, None] / (1 + new), income

    def gap(log_wage: np.ndarray) -> np.ndarray:
        wage = np.exp(np.append(log_wage, 0.0))
        wage = wage * output.sum() / (wage * output).sum()
        return (new_flows(wage)[0].sum(axis=0) / (wage * output) - 1)[:2]

    root = optimize.root(gap, np.zeros(2), tol=1e-13)
    wage = np.exp(np.append(root.x, 0.0))
    wage = wage * output.sum() / (wage * output).sum()
    model = TradeModel.from_arrays(
        flows=flows[:, :, None],
        tariff=tariff[:, :, None],
        value_added_share=np.ones((3, 1)),
        input_share=np.zeros((3, 1, 1)),
        elasticity=np.array([theta]),
    )
    value = solve_trade(model, TradeShock(tariff=new[:, :, None])).value
    np.testing.assert_allclose(value.wage_change, wage, rtol=1e-8)
    np.testing.assert_allclose(value.flows[:, :, 0], new_flows(wage)[0], rtol=1e-7)


@pytest.mark.parametrize("receiver", [0, 1, 2])
def test_a_transfer_moves_money_and_creates_none(receiver: int) -> None:
    model, _ = draw(21)
    receipts = np.full(3, -1.0)
    receipts[receiver] = 2.0
    value = solve_trade(model, TradeShock(transfer=receipts)).value
    np.testing.assert_allclose(value.deficit - model.deficit, receipts, atol=1e-7)
    assert value.welfare[receiver] > 0
