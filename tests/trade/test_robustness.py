"""Shocks that break other solvers: solved in every equation, or said not to be."""

from dataclasses import fields, replace

import numpy as np
import pytest

from accord.core.arrays import frozen
from accord.core.errors import SolveError
from accord.core.status import Status
from accord.trade.config import TradeConfig
from accord.trade.iteration.kernel import sweep
from accord.trade.iteration.prepare import prepare
from accord.trade.iteration.state import initial_state, join, split
from accord.trade.model import TradeModel
from accord.trade.plan import TradeShock
from accord.trade.solver import solve_trade
from tests.published.caliendo_parro import GOODS, USA, N, load_inputs
from tests.trade.worlds import CLOSURES, LARGEST_SCALE, SIZES, Traits, draw_model

pytestmark = pytest.mark.first

KOREA = 18
EVERY_EQUATION = 1e-9


def raised(model: TradeModel, points: float, importers: slice | int) -> TradeShock:
    """Tariffs on foreign goods raised by `points` (a fraction)."""
    tariff = np.array(model.tariff)
    tariff[importers, :, :GOODS] += points
    tariff[np.arange(N), np.arange(N)] = 0.0
    return TradeShock(tariff=tariff)


def thin() -> TradeModel:
    """The same flows with elasticity 15 everywhere and a fifth of the value added."""
    model = load_inputs().model.balanced
    beta = 0.2 * model.value_added_share
    total = model.input_share.sum(axis=1, keepdims=True)
    even = np.full_like(model.input_share, 1 / model.input_share.shape[1])
    mix = np.divide(model.input_share, total, out=even, where=total > 1e-9)
    return TradeModel.from_shares(
        trade_share=model.trade_share,
        final_share=model.final_share,
        tariff=model.tariff,
        value_added_share=beta,
        input_share=mix * (1 - beta)[:, None, :],
        elasticity=np.full(model.elasticity.size, 15.0),
        value_added=model.value_added,
        deficit=model.deficit,
    )


def cases() -> dict[str, tuple[TradeModel, TradeShock]]:
    inputs = load_inputs()
    model, balanced = inputs.model, inputs.model.balanced
    everything = TradeShock(tariff=inputs.tariff_2005)
    return {
        "all tariffs 1993 to 2005, with deficits": (model, everything),
        "all tariffs 1993 to 2005, balanced": (balanced, everything),
        "the largest country adds 25 points": (model, raised(model, 0.25, USA)),
        "free trade": (model, TradeShock(tariff=np.zeros_like(model.tariff))),
        "everybody adds 100 points": (model, raised(model, 1.0, slice(None))),
        "everybody adds 1000 points, balanced": (balanced, raised(model, 10.0, slice(None))),
        "one country adds 1000 points": (model, raised(model, 10.0, KOREA)),
        "elasticity 15": (
            replace(model, elasticity=frozen(np.full(model.elasticity.size, 15.0))),
            everything,
        ),
    }


NAMES = (
    "all tariffs 1993 to 2005, with deficits",
    "all tariffs 1993 to 2005, balanced",
    "the largest country adds 25 points",
    "free trade",
    "everybody adds 100 points",
    "everybody adds 1000 points, balanced",
    "one country adds 1000 points",
    "elasticity 15",
)


@pytest.mark.parametrize("name", NAMES)
def test_hard_cases_are_solved_in_every_equation(name: str) -> None:
    model, shock = cases()[name]
    solution = solve_trade(model, shock)
    assert np.max([*solution.residuals.values()]) < EVERY_EQUATION
    assert np.isfinite(solution.value.welfare).all()


def test_high_elasticities_with_thin_value_added() -> None:
    model = thin()
    for shock in (raised(model, 0.25, USA), TradeShock(tariff=load_inputs().tariff_2005)):
        assert np.max([*solve_trade(model, shock).residuals.values()]) < EVERY_EQUATION


def draw_hard_shock(rng: np.random.Generator, model: TradeModel) -> TradeShock:
    regions = len(model.regions)
    tariff = np.array(model.tariff) + rng.choice([0.0, 0.1, 0.5, 2.0]) * rng.random(
        model.tariff.shape
    )
    tariff[np.arange(regions), np.arange(regions)] = 0.0
    receipts = 0.05 * rng.random() * model.value_added.min() * rng.normal(size=regions)
    return TradeShock(tariff=tariff, transfer=receipts - receipts.mean())


@pytest.mark.parametrize(
    ("size", "closure"),
    # A program a size and closure is what takes the time: each size once, each closure at least.
    [*zip(SIZES, (*CLOSURES, "fixed"), strict=True)],
)
def test_random_worlds(size: tuple[int, int], closure: str) -> None:
    """51 worlds of each of four sizes, under one of three closures: 204 in all, and all solve."""
    rng = np.random.default_rng([*size, CLOSURES.index(closure)])
    for k in range(51):
        traits = Traits(
            elasticities=(1.0, 15.0) if k % 3 == 0 else (2.0, 8.0),
            value_added=(0.05, 0.4) if k % 4 == 1 else (0.3, 0.8),
            zero_flows=0.3 if k % 2 and size[0] > 2 else 0.0,  # two regions must trade
            idle_sectors=0.2 if k % 5 == 2 else 0.0,
            scale=LARGEST_SCALE if k % 6 == 3 else 0.0,
        )
        model = draw_model(rng, size, traits)
        config = TradeConfig(
            closure=closure,  # type: ignore[arg-type]
            competition="monopolistic" if traits.scale else "perfect",
            labour_elasticity=0.5 if k % 7 == 5 else 0.0,
        )
        solution = solve_trade(model, draw_hard_shock(rng, model), config=config, throw=False)
        assert solution.status is Status.CONVERGED, (k, solution.status)
        assert np.max([*solution.residuals.values()]) < EVERY_EQUATION, (k, solution.residuals)
        assert np.isfinite(solution.value.welfare).all()


def test_a_transfer_above_all_income_is_a_status_with_a_remedy() -> None:
    model = draw_model(np.random.default_rng(3), (3, 4))
    receipts = np.array([-2.0, 1.0, 1.0]) * model.value_added[0]
    shock = TradeShock(transfer=receipts)
    with pytest.raises(SolveError, match="make the transfer smaller"):
        solve_trade(model, shock)
    solution = solve_trade(model, shock, throw=False)
    assert solution.status is Status.NEGATIVE_INCOME


def test_an_unsolved_shock_leaves_no_number() -> None:
    """What is left is the attempt at the whole shock: NaN, a status, and its residual."""
    model = load_inputs().model
    shock = raised(model, 10.0, slice(None))
    solution = solve_trade(model, shock, throw=False)
    assert not solution.status.ok
    assert solution.stats.parts > 1
    assert solution.residual > 1e-3
    for item in fields(solution.value):
        value = getattr(solution.value, item.name)
        assert value.shape == getattr(solve_trade(model).value, item.name).shape
        assert np.isnan(value).all() == (item.name != "tariff")
    assert solution.value.tariff is shock.tariff
    assert np.isnan(list(solution.residuals.values())).all()
    assert (
        np.asarray(solution.kernel.A) == np.asarray(prepare(model, shock, TradeConfig()).A)
    ).all()


def test_an_unsolved_solution_is_no_start() -> None:
    model = draw_model(np.random.default_rng(3), (3, 4))
    receipts = np.array([-2.0, 1.0, 1.0]) * model.value_added[0]
    unsolved = solve_trade(model, TradeShock(transfer=receipts), throw=False)
    again = solve_trade(model, start=unsolved)
    assert again.stats.steps == 1


@pytest.mark.parametrize("factor", [0.9, 1.1, 3.0])
def test_placed_spending_must_leave_something_to_live_on(factor: float) -> None:
    model = draw_model(np.random.default_rng(3), (3, 4))
    placed = np.zeros((3, 4))
    placed[1] = factor * model.income[1] / 4
    solution = solve_trade(model, TradeShock(spending=placed), throw=False)
    assert (solution.status is Status.CONVERGED) == (factor < 1)
    if factor > 1:
        assert solution.status is Status.NEGATIVE_INCOME
        assert "placed spending" in solution.status.value


def test_a_wrong_deficit_is_seen_in_the_residuals() -> None:
    """Residuals take the deficit from the closure and the shock, not from the solution."""
    model = draw_model(np.random.default_rng(3), (3, 4))
    receipts = np.array([-0.02, 0.01, 0.01]) * model.value_added.min()
    solution = solve_trade(model, TradeShock(transfer=receipts))
    assert solution.residuals["income"] < EVERY_EQUATION
    forgotten = replace(solution, shock=TradeShock())
    assert forgotten.residuals["income"] > 1e-4
    assert forgotten.residuals["trade balance"] > 1e-4
    other = replace(solution, config=TradeConfig(closure="share"))
    assert other.residuals["income"] > 1e-6


def test_a_wrong_unit_of_account_is_no_solution() -> None:
    """With balanced trade, twice all wages, prices and sales is out in the numeraire alone."""
    model = draw_model(np.random.default_rng(3), (3, 4)).balanced
    kernel = prepare(model, TradeShock(), TradeConfig())
    log_w, log_P, Y, V = split(kernel, initial_state(kernel.base))
    two = np.log(2.0)
    state = join(kernel, log_w + two, log_P + two, (2.0 * Y, 2.0 * V))
    assert float(sweep(kernel, state).residual) == pytest.approx(1.0)


CLOSED = {
    "perfect competition": TradeConfig(),
    "scale economies": TradeConfig(competition="monopolistic"),
    "elastic labour": TradeConfig(labour_elasticity=0.5),
}


@pytest.mark.parametrize("name", CLOSED)
def test_deficits_are_closed_under_the_configuration_of_the_solve(name: str) -> None:
    """Closing them at once, or as the change of a model that keeps them, is the same economy."""
    model = draw_model(np.random.default_rng(3), (3, 4), Traits(scale=0.5))
    config = CLOSED[name]
    closed = model.balance(config)
    assert closed is model.balance(replace(config, closure="share"))
    direct = solve_trade(model, TradeShock(deficit=np.zeros(3)), config=config).value
    np.testing.assert_allclose(closed.sales, direct.sales, rtol=1e-8)
    np.testing.assert_allclose(closed.trade_share, direct.trade_share, atol=1e-9)
    wages = direct.wage_change * direct.labour_change * model.value_added
    np.testing.assert_allclose(closed.value_added, wages, rtol=1e-8)
    assert np.abs(closed.deficit).max() == 0.0
    solution = solve_trade(model, config=replace(config, closure="balanced"))
    assert solution.model is closed
    assert solution.stats.steps == 1
    if name != "perfect competition":
        assert np.abs(closed.sales / model.balanced.sales - 1).max() > 1e-4
