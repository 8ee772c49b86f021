"""Worlds that fall into parts without trade between them: what happens in one stays in it."""

from dataclasses import replace

import numpy as np
import pytest

from accord.core.errors import InputError
from accord.core.status import Status
from accord.trade.config import TradeConfig
from accord.trade.iteration.gradient import welfare_gradient
from accord.trade.model import TradeModel
from accord.trade.plan import TradeShock
from accord.trade.solver import solve_trade
from tests.trade.worlds import Traits, draw_model

CONFIGS = (
    TradeConfig(),
    TradeConfig(closure="share"),
    TradeConfig(closure="balanced"),
    TradeConfig(closure="share", labour_elasticity=0.5),
    TradeConfig(competition="monopolistic", scale_strength=0.3),
)


def join(first: TradeModel, second: TradeModel, tie: float = 0.0) -> TradeModel:
    """Return one world of two, with flows of `tie` between their first regions."""
    n, m = len(first.regions), len(second.regions)
    flows = np.zeros((n + m, n + m, len(first.sectors)))
    tariff = np.zeros_like(flows)
    flows[:n, :n], flows[n:, n:] = first.flows, second.flows
    tariff[:n, :n], tariff[n:, n:] = first.tariff, second.tariff
    flows[0, n] = flows[n, 0] = tie
    return TradeModel.from_arrays(
        flows=flows,
        tariff=tariff,
        value_added_share=np.concatenate([first.value_added_share, second.value_added_share]),
        input_share=np.concatenate([first.input_share, second.input_share]),
        elasticity=first.elasticity,
        scale_elasticity=first.scale_elasticity,
    )


def two_blocs() -> tuple[TradeModel, TradeModel]:
    rng = np.random.default_rng(5)
    first = draw_model(rng, (3, 4), Traits(scale=0.3))
    second = draw_model(rng, (3, 4), Traits(scale=0.3, money=50.0))
    same = replace(second, elasticity=first.elasticity, scale_elasticity=first.scale_elasticity)
    return first, same


@pytest.mark.parametrize("config", CONFIGS, ids=str)
def test_a_tariff_in_one_bloc_leaves_the_other_exactly_as_it_was(config: TradeConfig) -> None:
    """Each bloc of a world without trade between blocs is a world of its own."""
    first, second = two_blocs()
    world = join(first, second)
    assert len(world.parts) == 2
    assert np.abs(world.deficit).max() > 0.01 * world.value_added.min()
    tariff = np.array(world.tariff)
    tariff[0, 1:3] += 0.3
    solved = solve_trade(world, TradeShock(tariff=tariff), config=config)
    assert "2 parts" in repr(solved)
    assert max(solved.residuals.values()) < 1e-8
    np.testing.assert_allclose(solved.value.welfare[3:], 0.0, atol=1e-11)
    np.testing.assert_allclose(solved.value.wage_change[3:], 1.0, atol=1e-11)
    alone = solve_trade(first, TradeShock(tariff=tariff[:3, :3]), config=config)
    np.testing.assert_allclose(solved.value.welfare[:3], alone.value.welfare, atol=1e-8)
    np.testing.assert_allclose(solved.value.flows[:3, :3], alone.value.flows, rtol=1e-7)


def test_the_gradient_does_not_reach_across() -> None:
    first, second = two_blocs()
    world = join(first, second)
    tariff = np.array(world.tariff)
    tariff[0, 1:3] += 0.3
    solved = solve_trade(world, TradeShock(tariff=tariff))
    gradient = welfare_gradient(solved, world.regions[0])
    alone = welfare_gradient(
        solve_trade(first, TradeShock(tariff=tariff[:3, :3])), first.regions[0]
    )
    np.testing.assert_allclose(gradient[:3, :3], alone, atol=1e-7)
    np.testing.assert_allclose(gradient[3:, 3:], 0.0, atol=1e-10)


def test_money_cannot_cross_where_nothing_is_traded() -> None:
    world = join(*two_blocs())
    gift = np.array([-1.0, 0, 0, 1.0, 0, 0])
    with pytest.raises(InputError, match=r"shock.transfer: sums to -1 over region 1, .*nobody"):
        solve_trade(world, TradeShock(transfer=gift))
    within = np.array([-1.0, 1.0, 0, 0, 0, 0])
    assert solve_trade(world, TradeShock(transfer=within)).value.welfare[3:] == pytest.approx(0.0)


@pytest.mark.parametrize("tie", [1e-10, 1e-8, 1e-6, 1e-4, 1e-2, 1.0])
def test_a_wage_that_little_trade_leaves_open_is_never_reported_as_found(tie: float) -> None:
    """Whatever the tie, a solve says so or gives what a solve of a finer tolerance gives."""
    world = join(*two_blocs(), tie=tie)
    tariff = np.array(world.tariff)
    tariff[0, 1:3] += 0.3
    shock = TradeShock(tariff=tariff)
    solved = solve_trade(world, shock, throw=False)
    assert solved.status in {Status.CONVERGED, Status.UNSETTLED_WAGE, Status.MAX_STEPS}
    if len(world.parts) == 1 and solved.status.ok:
        fine = solve_trade(world, shock, config=TradeConfig(tolerance=1e-13), throw=False)
        if fine.status.ok:
            np.testing.assert_allclose(solved.value.welfare, fine.value.welfare, atol=2e-4)


def test_shares_of_two_blocs_have_deficits_that_sum_to_zero_in_each() -> None:
    world = join(*two_blocs())
    shares = {
        name: getattr(world, name)
        for name in ("trade_share", "final_share", "tariff", "value_added_share", "input_share",
                     "elasticity", "value_added", "deficit", "scale_elasticity")
    }  # fmt: skip
    labels = (["A", "B", "C", "D", "E", "F"], ["w", "x", "y", "z"])
    same = TradeModel.from_shares(**shares, labels=labels)
    assert same.parts == (("A", "B", "C"), ("D", "E", "F"))
    np.testing.assert_array_equal(same.scale_elasticity, world.scale_elasticity)
    np.testing.assert_allclose(same.sales, world.sales, rtol=1e-8)
    shifted = shares["deficit"] + np.array([1.0, 0, 0, -1.0, 0, 0])
    with pytest.raises(InputError, match=r"deficit: sums to .* over A, B, C, which trade with"):
        TradeModel.from_shares(**{**shares, "deficit": shifted}, labels=labels)
