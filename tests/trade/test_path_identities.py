"""Trade that answers slowly: what must hold in any world, on any path of shocks."""

from dataclasses import fields, replace
from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.core.errors import InputError, SolveError
from accord.core.status import Status
from accord.trade.config import Closure, Competition, TradeConfig
from accord.trade.model import TradeModel
from accord.trade.path.solver import solve_trade_path
from accord.trade.path.sourcing import SOURCING, Sourcing
from accord.trade.plan import TradeShock
from accord.trade.solver import solve_trade
from accord.trade.welfare.decomposition import decompose_welfare
from tests.trade.worlds import Traits, draw_model, draw_shock, permute, permute_shock

SEEDS = st.integers(0, 10_000)
SIZE = (3, 4)
TIGHT = TradeConfig(tolerance=1e-12)
SLOW = Sourcing(0.3, 0.25)


def draw(seed: int, traits: Traits = Traits()) -> tuple[TradeModel, TradeShock, TradeShock]:  # noqa: B008
    rng = np.random.default_rng(seed)
    model = draw_model(rng, SIZE, traits)
    return model, draw_shock(rng, model), draw_shock(rng, model)


@given(
    SEEDS,
    st.sampled_from(get_args(Closure)),
    st.sampled_from(get_args(Competition)),
    st.sampled_from([0.0, 0.5]),
)
def test_every_equation_of_every_year_holds_under_any_closure(
    seed: int, closure: Closure, competition: Competition, kappa: float
) -> None:
    model, first, second = draw(seed, Traits(scale=0.5))
    config = TradeConfig(closure, competition, labour_elasticity=kappa, tolerance=1e-12)
    path = solve_trade_path(model, [first, first, None, second], sourcing=SLOW, config=config)
    assert path.status is Status.CONVERGED
    assert all(max(year.values()) < 1e-9 for year in path.residuals)
    assert path.residual <= 1e-12
    assert path.solved == 4


@given(SEEDS, st.sampled_from(get_args(Closure)), st.floats(0.05, 1.0))
def test_equal_elasticities_give_the_static_equilibrium_of_every_year(
    seed: int, closure: Closure, speed: float
) -> None:
    model, first, second = draw(seed)
    config = TradeConfig(closure, tolerance=1e-12)
    shocks = [first, first, None, second, second]
    path = solve_trade_path(model, shocks, sourcing=Sourcing(1.0, speed), config=config)
    for year, shock in zip(path.years, shocks, strict=True):
        static = solve_trade(model, shock, config=config).value
        np.testing.assert_allclose(year.value.welfare, static.welfare, atol=1e-10)
        np.testing.assert_allclose(
            year.value.flows, static.flows, atol=1e-10 * model.value_added.sum()
        )
    assert path.solved == 3  # years under an unchanged shock are settled


@given(SEEDS)
def test_the_first_year_is_the_static_equilibrium_at_the_short_run_elasticity(seed: int) -> None:
    model, shock, _ = draw(seed)
    first = solve_trade_path(model, [shock], sourcing=SLOW, config=TIGHT).years[0].value
    short = replace(model, elasticity=0.3 * np.asarray(model.elasticity))
    static = solve_trade(short, shock, config=TIGHT).value
    for item in fields(static):
        expected = getattr(static, item.name)
        scale = max(1.0, np.abs(expected).max())
        np.testing.assert_allclose(getattr(first, item.name), expected, atol=1e-10 * scale)


@pytest.mark.parametrize("competition", get_args(Competition))
@pytest.mark.parametrize("seed", [1, 4])
def test_a_shock_that_lasts_leads_to_the_static_long_run(
    seed: int, competition: Competition
) -> None:
    model, shock, _ = draw(seed, Traits(scale=0.3))
    config = TradeConfig(competition=competition, tolerance=1e-12)
    path = solve_trade_path(model, [shock] * 60, sourcing=Sourcing(0.3, 0.5), config=config)
    static = solve_trade(model, shock, config=config).value
    left = [np.abs(year.value.welfare - static.welfare).max() for year in path.years]
    assert left[0] > 1e-4
    assert left[-1] < 1e-9
    np.testing.assert_allclose(path.years[-1].value.trade_share, static.trade_share, atol=1e-9)
    assert path.solved < 60


@given(SEEDS, st.sampled_from([0.0, 0.3]), st.sampled_from([0.0, 0.2]))
def test_no_shock_gives_exactly_ones_every_year(seed: int, zero_flows: float, idle: float) -> None:
    model, _, _ = draw(seed, Traits(zero_flows=zero_flows, idle_sectors=idle))
    path = solve_trade_path(model, [None] * 5, sourcing=SLOW, settled=0.0)
    for year in path.years:
        assert (year.value.wage_change == 1).all()
        assert (year.value.price_change == 1).all()
        assert np.abs(year.value.welfare).max() < 1e-13
    np.testing.assert_array_less(np.abs(path.value.flows - model.flows), 1e-12 * model.flows.max())
    np.testing.assert_array_less(np.abs(path.value.quantity - model.flows),
                                 1e-12 * model.flows.max())  # fmt: skip


@pytest.mark.parametrize("seed", [1, 2])
def test_a_shock_that_ends_is_forgotten(seed: int) -> None:
    model, shock, _ = draw(seed)
    shocks = [shock] * 3 + [None] * 57
    path = solve_trade_path(model, shocks, sourcing=Sourcing(0.3, 0.4), config=TIGHT)
    after = np.abs(path.value.welfare[3:]).max(axis=1)
    assert after[0] > 1e-5  # buyers' old choices outlive the shock that made them
    assert after[-1] < 1e-9
    np.testing.assert_allclose(path.value.flows[-1], model.flows, atol=1e-8 * model.flows.max())


@given(SEEDS)
def test_names_and_order_do_not_matter(seed: int) -> None:
    model, first, second = draw(seed)
    rng = np.random.default_rng(seed + 1)
    n, j = rng.permutation(3), rng.permutation(4)
    shocks = [first, second, second]
    here = solve_trade_path(model, shocks, sourcing=SLOW, config=TIGHT).value
    moved = [permute_shock(shock, n, j) for shock in shocks]
    there = solve_trade_path(permute(model, n, j), moved, sourcing=SLOW, config=TIGHT).value
    np.testing.assert_allclose(there.welfare, here.welfare[:, n], atol=1e-9)
    cube = np.ix_(np.arange(3), n, n, j)
    scale = model.flows.max()
    for name in ("flows", "quantity", "duty"):
        expected = getattr(here, name)[cube]
        np.testing.assert_allclose(getattr(there, name), expected, atol=1e-8 * scale)


def test_settled_years_are_not_solved_again_and_say_what_was_neglected() -> None:
    model, shock, _ = draw(5)
    shocks = [shock] * 30 + [None] * 2
    every = solve_trade_path(model, shocks, sourcing=SLOW, config=TIGHT, settled=0.0)
    some = solve_trade_path(model, shocks, sourcing=SLOW, config=TIGHT, settled=1e-3)
    assert every.solved == 32
    assert some.solved < 28
    assert some.years[29] is some.years[28]
    neglected = [year["sourcing weight"] for year in some.residuals]
    assert 1e-5 < np.max(neglected) < 2e-3
    assert np.max([year["sourcing weight"] for year in every.residuals]) < 1e-15
    gap = np.abs(some.value.welfare - every.value.welfare).max(axis=1)
    assert gap.max() < 1e-3
    assert gap[30] < gap[29]  # what was not solved again is remembered all the same


def test_flows_duties_and_quantities_add_up() -> None:
    model, shock, _ = draw(9)
    value = solve_trade_path(model, [None, shock, shock], sourcing=SLOW).value
    np.testing.assert_allclose(value.duty.sum(axis=(2, 3)), value.tariff_revenue, rtol=1e-9)
    assert shock.trade_cost is not None
    year = solve_trade_path(model, [shock], sourcing=SLOW).years[0]
    price = year.value.gate_price_change[None] * shock.trade_cost
    some = model.flows > 0
    index = (value.quantity[1] / np.where(some, model.flows, 1.0))[some]
    np.testing.assert_allclose(
        index, (year.value.flows / price / np.where(some, model.flows, 1.0))[some], rtol=1e-8
    )


def test_a_year_without_an_equilibrium_leaves_no_number_from_then_on() -> None:
    model, _, _ = draw(2)
    tribute = np.array([-2.0, 1.0, 1.0]) * model.income[0]
    shocks = [None, TradeShock(transfer=tribute), None]
    path = solve_trade_path(model, shocks, sourcing=SLOW, throw=False)
    assert not path.status.ok
    assert path.years[0].status.ok
    assert np.isfinite(path.value.welfare[0]).all()
    assert np.isnan(path.value.welfare[1:]).all()
    assert np.isnan(path.value.flows[1:]).all()
    assert np.isnan(np.max([*path.residuals[2].values()]))
    with pytest.raises(SolveError, match="year 2"):
        solve_trade_path(model, shocks, sourcing=SLOW)


def test_everything_wrong_with_a_path_is_said_at_once() -> None:
    model, shock, _ = draw(2)
    short = TradeShock(transfer=np.array([1.0, -1.0]))
    costly = TradeShock(trade_cost=np.zeros((3, 3, 4)))
    with pytest.raises(InputError) as caught:
        solve_trade_path(model, [shock, short, costly, short])
    paths = [problem.path for problem in caught.value.problems]
    assert paths == ["shocks[1].transfer", "shocks[2].trade_cost"]
    with pytest.raises(InputError, match="0 years"):
        solve_trade_path(model, [])
    with pytest.raises(InputError) as caught:
        Sourcing(1.5, 25.0)
    assert [problem.path for problem in caught.value.problems] == ["ratio", "speed"]
    with pytest.raises(InputError, match="short-run elasticity"):
        solve_trade_path(model, [None], sourcing=Sourcing(0.001))


def test_a_year_of_a_path_is_not_decomposed() -> None:
    model, shock, _ = draw(2)
    with pytest.raises(InputError, match="year of a path"):
        decompose_welfare(solve_trade_path(model, [shock]).years[0])


def test_the_central_calibration_is_the_default_and_has_its_sources() -> None:
    assert Sourcing().ratio == SOURCING["ratio"].central
    assert Sourcing().speed == SOURCING["speed"].central
    for number in SOURCING.values():
        assert number.low < number.central < number.high
        assert number.sources
    within_seven, within_ten = (1 - Sourcing().remembered(years) for years in (7, 10))
    assert within_seven > 0.85
    assert within_ten > 0.94
