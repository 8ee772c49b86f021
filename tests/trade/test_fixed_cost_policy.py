"""Duties before freight, and tariffs that parties choose, where fixed costs are paid in markets."""

from dataclasses import replace

import numpy as np
import pytest

from accord.core.status import Status
from accord.trade.plan import TradeShock
from accord.trade.solver import solve_trade
from accord.trade.strategy.strategy import best_response, nash_tariffs
from tests.trade.test_fixed_costs import MELITZ, calibrate, draw_firms, settle


@pytest.mark.parametrize("seed", [0, 1])
def test_duties_before_freight_are_those_of_firms_in_levels(seed: int) -> None:
    """A duty on the value before freight is a smaller part of a price that freight raised."""
    firms, rng = draw_firms(seed, 3, 0.0), np.random.default_rng([93, seed])
    size, apart = (3, 3, 2), ~np.eye(3, dtype=bool)[:, :, None]
    before, law = (rng.uniform(0.0, 0.4, size) * apart for _ in range(2))
    iceberg, later = (np.exp(rng.uniform(0.4, 0.7, size) * apart) for _ in range(2))
    old = settle(firms, before, iceberg)
    risen = later / iceberg
    new = settle(firms, law / risen, later)
    solution = solve_trade(
        calibrate(firms, old, before), TradeShock(tariff=law, trade_cost=risen),
        config=replace(MELITZ, customs_value="fob"),
    )  # fmt: skip
    np.testing.assert_allclose(solution.value.welfare, new.real / old.real - 1, atol=1e-8)
    np.testing.assert_allclose(solution.value.flows, new.flows, atol=1e-8)
    np.testing.assert_allclose(solution.value.tariff_revenue, new.revenue, atol=1e-8)
    assert np.max([*solution.residuals.values()]) < 1e-9


def test_no_tariffs_near_the_best_serve_firms_in_levels_better() -> None:
    firms, rng = draw_firms(1, 2, 0.0), np.random.default_rng(94)
    size, apart = (2, 2, 2), ~np.eye(2, dtype=bool)[:, :, None]
    before = rng.uniform(0.0, 0.2, size) * apart
    iceberg = np.exp(rng.uniform(0.4, 0.7, size) * apart)
    old = settle(firms, before, iceberg)
    model = calibrate(firms, old, before)
    best = best_response(model, model.regions[0], config=MELITZ)
    assert best.status is Status.CONVERGED

    def gain(tariff: np.ndarray) -> float:
        return float(settle(firms, tariff, iceberg).real[0] / old.real[0] - 1)

    top = gain(best.value.tariff)
    assert best.value.welfare[0] == pytest.approx(top, abs=1e-8)
    assert top > 1e-4
    for _ in range(12):
        tariff = best.value.tariff.copy()
        tariff[0, 1] += rng.normal(size=2) * 10 ** rng.uniform(-2.5, -1)
        assert gain(tariff) <= top + 1e-10
    war = nash_tariffs(model, model.regions, config=MELITZ)
    assert war.status is Status.CONVERGED
    assert (war.value.overall_tariff > 0.05).all()
