"""Caliendo and Parro (2015), Table 2: NAFTA tariff changes alone, trade balanced first."""

import numpy as np
import pytest

from accord.trade.plan import TradeShock
from accord.trade.solution import TradeSolution
from accord.trade.solver import solve_trade
from accord.trade.welfare.decomposition import decompose_welfare, first_order_welfare
from tests.published.caliendo_parro import (
    CAN,
    MEX,
    SHIPPED,
    USA,
    derive_arrays,
    load_inputs,
    shipped_arrays,
)


@pytest.fixture(scope="module")
def nafta() -> TradeSolution:
    inputs = load_inputs()
    shock = TradeShock(tariff=inputs.nafta_tariff)
    return solve_trade(inputs.model.balanced, shock)


PRINTED = {MEX: (-0.41, 1.72, 1.31), CAN: (-0.11, 0.04, -0.06), USA: (0.04, 0.04, 0.08)}


@pytest.mark.parametrize("country", PRINTED)
def test_first_order_measure_matches_the_printed_digits(nafta: TradeSolution, country: int) -> None:
    terms, volume, total = PRINTED[country]
    got = first_order_welfare(nafta)
    assert 100 * got.terms_of_trade[country] == pytest.approx(terms, abs=0.005)
    assert 100 * got.volume_of_trade[country] == pytest.approx(volume, abs=0.005)
    assert 100 * got.total[country] == pytest.approx(total, abs=0.005)


@pytest.mark.parametrize(("country", "expected"), [(MEX, 0.007), (CAN, -0.110), (USA, 0.074)])
def test_exact_equivalent_variation_of_the_same_equilibrium(
    nafta: TradeSolution, country: int, expected: float
) -> None:
    assert 100 * nafta.value.welfare[country] == pytest.approx(expected, abs=0.0005)


def test_path_decomposition_explains_the_gap(nafta: TradeSolution) -> None:
    parts = decompose_welfare(nafta)
    whole = parts.terms_of_trade + parts.volume_of_trade + parts.transfers
    whole = whole + parts.trade_costs + parts.productivity + parts.placed_spending + parts.residual
    np.testing.assert_allclose(whole, parts.welfare, atol=1e-15)
    assert np.abs(parts.residual).max() < 1.5e-5
    assert np.abs(parts.transfers).max() < 1e-12
    assert 100 * parts.terms_of_trade[MEX] == pytest.approx(-0.679, abs=0.0005)
    assert 100 * parts.volume_of_trade[MEX] == pytest.approx(0.685, abs=0.0005)


def test_every_equation_holds(nafta: TradeSolution) -> None:
    assert nafta.stats.method == "accelerated"
    assert np.max([*nafta.residuals.values()]) < 1e-9


def test_the_arrays_that_come_with_the_tests_are_those_of_the_authors() -> None:
    derived, shipped = derive_arrays(), shipped_arrays()
    assert sorted(derived) == sorted(shipped)
    for name, array in derived.items():
        np.testing.assert_array_equal(shipped[name], array, err_msg=name)


def test_the_arrays_are_light() -> None:
    assert SHIPPED.stat().st_size < 300_000
