"""Welfare by year from a few solved years of every regime, against every year solved."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.cases.shipped import case_names
from accord.core.errors import InputError, SolveError
from accord.data.store import load_world
from accord.deal.load import load_deal
from accord.lowering.tariff_path import tariff_path
from accord.lowering.trade import build_trade_model
from accord.trade.config import TradeConfig
from accord.trade.path.interpolation import interpolate_welfare
from accord.trade.path.solver import solve_trade_path
from accord.trade.path.sourcing import Sourcing
from accord.trade.plan import TradeShock
from accord.trade.solver import solve_trade
from tests.trade.worlds import draw_model, draw_shock

SEEDS = st.integers(0, 10_000)
TIGHT = TradeConfig(tolerance=1e-12)
FLAGSHIP = "us-korea-2025"


@given(SEEDS)
def test_all_years_solved_is_the_path_itself(seed: int) -> None:
    rng = np.random.default_rng(seed)
    model = draw_model(rng, (3, 4))
    first, second = draw_shock(rng, model), draw_shock(rng, model)
    shocks = [first, first, first, None, second, second]
    path = solve_trade_path(model, shocks, config=TIGHT)
    near = interpolate_welfare(model, shocks, config=TIGHT, solved_years=3)
    np.testing.assert_allclose(near.welfare, path.value.welfare, atol=1e-10)
    assert near.solved == 6


@given(SEEDS, st.integers(1, 3))
def test_equal_elasticities_leave_nothing_to_interpolate(seed: int, solved_years: int) -> None:
    rng = np.random.default_rng(seed)
    model = draw_model(rng, (3, 4))
    shock = draw_shock(rng, model)
    near = interpolate_welfare(
        model, [None, *[shock] * 6], sourcing=Sourcing(1.0), config=TIGHT,
        solved_years=solved_years,
    )  # fmt: skip
    static = solve_trade(model, shock, config=TIGHT).value.welfare
    np.testing.assert_allclose(near.welfare[1:], np.tile(static, (6, 1)), atol=1e-10)
    np.testing.assert_allclose(near.welfare[0], 0.0, atol=1e-12)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_regime_that_lasts_ends_in_its_long_run_and_is_remembered_by_the_next(seed: int) -> None:
    rng = np.random.default_rng(seed)
    model = draw_model(rng, (3, 4))
    shock = draw_shock(rng, model)
    shocks = [shock] * 80 + [None]
    near = interpolate_welfare(model, shocks, config=TIGHT, solved_years=2)
    static = solve_trade(model, shock, config=TIGHT).value.welfare
    np.testing.assert_allclose(near.welfare[79], static, atol=1e-8)
    every = solve_trade_path(model, shocks, config=TIGHT).value.welfare
    assert np.abs(every[80]).max() > 1e-5
    np.testing.assert_allclose(near.welfare[80], every[80], atol=1e-7)
    assert near.solved == 4


@pytest.mark.parametrize("name", ["no_deal", "signed"])
def test_errors_on_the_tariffs_of_the_flagship_case_fall_with_each_year_solved(
    name: str,
) -> None:
    """Present values at 3 per cent over fifteen years; `docs/performance.md` has them for 35."""
    assert FLAGSHIP in case_names()
    world, deal = load_world(), load_deal(FLAGSHIP)
    model = build_trade_model(world, "fontagne")
    regimes = tariff_path(deal, name, world, "dated")
    shocks = [TradeShock(tariff=levies.tariff) for levies in regimes.regimes]
    plan = [shocks[at] for at in regimes.by_year[:15]]
    parties = [world.region_index(party) for party in deal.parties]
    factors = 0.97 ** np.arange(len(plan))
    exact = solve_trade_path(model, plan).value.welfare
    size = np.abs(factors @ (exact * model.income)[:, parties])
    errors = []
    for solved_years in (1, 2, 3):
        near = interpolate_welfare(model, plan, solved_years=solved_years)
        gap = (near.welfare - exact)[:, parties] * model.income[parties]
        errors.append(np.abs(factors @ gap) / size)
        assert near.solved < 10
    assert (errors[0] < 0.03).all()
    assert (errors[1] < 0.01).all()
    assert (errors[2] < 0.003).all()
    assert (errors[0] > errors[1]).all()
    assert (errors[1] > errors[2]).all()


def test_what_cannot_be_solved_is_an_error() -> None:
    model = draw_model(np.random.default_rng(2), (3, 4))
    with pytest.raises(InputError, match="solved_years"):
        interpolate_welfare(model, [None], solved_years=0)
    tribute = np.array([-2.0, 1.0, 1.0]) * model.income[0]
    with pytest.raises(SolveError):
        interpolate_welfare(model, [None, TradeShock(transfer=tribute)])
