"""Implicit derivatives of welfare against central differences."""

from dataclasses import replace

import numpy as np
import pytest

from accord.core.arrays import frozen
from accord.core.errors import SolveError
from accord.trade.config import TradeConfig
from accord.trade.iteration.gradient import joint_gradient, welfare_gradient
from accord.trade.plan import TradeShock
from accord.trade.solver import solve_trade
from tests.trade.worlds import Traits, draw_model

STEP = 1e-4
CONFIGS = {
    "fixed deficits": TradeConfig(tolerance=1e-12),
    "deficits as shares": TradeConfig(closure="share", tolerance=1e-12),
    "balanced trade": TradeConfig(closure="balanced", tolerance=1e-12),
    "elastic labour": TradeConfig(labour_elasticity=0.6, tolerance=1e-12),
    "scale economies": TradeConfig(competition="monopolistic", tolerance=1e-12),
    "scale of bundles": TradeConfig(
        competition="monopolistic", scale_of="bundles", scale_strength=0.7, tolerance=1e-12
    ),
    "fixed entry": TradeConfig(competition="fixed_entry", tolerance=1e-12),
}


@pytest.mark.parametrize("name", CONFIGS)
@pytest.mark.parametrize("party", [0, 2])
def test_gradient_of_every_tariff_matches_central_differences(name: str, party: int) -> None:
    rng = np.random.default_rng(17)
    model = draw_model(rng, (3, 4), Traits(scale=0.5))
    tariff = model.tariff + 0.3 * rng.random(model.tariff.shape)
    tariff[np.arange(3), np.arange(3)] = 0.0
    config = CONFIGS[name]
    solution = solve_trade(model, TradeShock(tariff=tariff), config=config)
    gradient = welfare_gradient(solution, model.regions[party])
    for cell in np.ndindex(*tariff.shape):
        ends = []
        for sign in (1, -1):
            moved = tariff.copy()
            moved[cell] += sign * STEP
            value = solve_trade(model, TradeShock(tariff=moved), config=config).value
            ends.append(value.welfare[party])
        slope = (ends[0] - ends[1]) / (2 * STEP)
        assert gradient[cell] == pytest.approx(slope, rel=2e-5, abs=1e-8)


@pytest.mark.parametrize("name", CONFIGS)
def test_a_weighted_sum_has_the_weighted_sum_of_gradients(name: str) -> None:
    rng = np.random.default_rng(18)
    model = draw_model(rng, (3, 4), Traits(scale=0.5))
    tariff = model.tariff + 0.3 * rng.random(model.tariff.shape)
    solution = solve_trade(model, TradeShock(tariff=tariff), config=CONFIGS[name])
    weights = np.array([0.3, -2.0, 500.0])  # a weight of any size costs the same steps
    parts = [welfare_gradient(solution, region) for region in model.regions]
    whole = joint_gradient(solution, weights)
    error = 1e-7 * np.abs(whole).max()
    np.testing.assert_allclose(whole, np.tensordot(weights, parts, 1), atol=error)
    assert np.all(joint_gradient(solution, np.zeros(3)) == 0)


def test_gradient_of_an_unsolved_equilibrium_is_refused() -> None:
    model = draw_model(np.random.default_rng(1), (3, 4))
    receipts = np.array([-3.0, 1.0, 2.0]) * model.value_added[0]
    solution = solve_trade(model, TradeShock(transfer=receipts), throw=False)
    with pytest.raises(SolveError):
        welfare_gradient(solution, model.regions[0])


def test_cells_without_trade_have_no_gradient() -> None:
    model = draw_model(np.random.default_rng(4), (3, 4), Traits(zero_flows=0.4))
    empty = np.argwhere(model.trade_share == 0)
    assert len(empty) > 0
    gradient = welfare_gradient(solve_trade(replace(model, elasticity=frozen(model.elasticity))),
                                model.regions[1])  # fmt: skip
    assert all(gradient[tuple(cell)] == 0 for cell in empty)
