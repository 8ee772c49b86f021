"""Strong scale economies: every sector clears its own market, or has closed and says so."""

from dataclasses import replace
from typing import cast

import jax.numpy as jnp
import numpy as np
import pytest

from accord.core.arrays import frozen
from accord.core.errors import SolveError
from accord.core.status import Status
from accord.trade.batch import solve_trade_many
from accord.trade.config import TradeConfig
from accord.trade.iteration.gradient import Aim, _pull_back, welfare_gradient
from accord.trade.iteration.prepare import prepare
from accord.trade.model import TradeModel
from accord.trade.plan import TradeShock
from accord.trade.rebase import rebase
from accord.trade.solution import TradeSolution
from accord.trade.solver import solve_trade
from accord.trade.strategy.ascent import Probe, climb
from accord.trade.strategy.strategy import best_response
from tests.published.caliendo_parro import load_inputs
from tests.trade.worlds import CLOSURES, SIZES, Traits, draw_model

pytestmark = pytest.mark.first

CLEARED = 1e-8
SCALE = TradeConfig(competition="monopolistic")
STRONG = (0.2, 1.2)
CLOSED = ("fixed", "balanced")  # the same compiled programs serve both


def draw_strong(
    seed: int, sizes: tuple[tuple[int, int], ...] = ((3, 4),), closures: tuple[str, ...] = CLOSED
) -> tuple[TradeModel, TradeShock, TradeConfig]:
    """Return a world with scale times trade elasticity up to 1.2, and tariffs up to 100 % more."""
    rng = np.random.default_rng([17, seed])
    N, J = size = sizes[seed % len(sizes)]
    traits = Traits(value_added=(0.3, 0.8) if seed % 3 else (0.9, 1.0))
    model = with_scale(draw_model(rng, size, traits), rng.uniform(*STRONG, J))
    moved = rng.random((N, N, J)) < rng.choice([0.2, 0.6, 1.0])
    tariff = model.tariff + rng.uniform(-0.25, 1.0, (N, N, J)) * moved
    tariff[np.arange(N), np.arange(N)] = 0.0
    closure = closures[(seed // 2) % len(closures)]
    return model, TradeShock(tariff=tariff), replace(SCALE, closure=closure)  # type: ignore[arg-type]


def with_scale(model: TradeModel, strength: np.ndarray | float) -> TradeModel:
    """Return a model whose scale times trade elasticity is as given."""
    return replace(model, scale_elasticity=frozen(strength / model.elasticity))


def market_gaps(solution: TradeSolution) -> dict[str, float]:
    """Return gaps of every market from wages, prices and sales, written out anew.

    That of sales is relative to the sector's own sales, however small they are.
    """
    model, value, shock = solution.model, solution.value, solution.shock
    w, Y, tau = value.wage_change, value.sales, shock.tariff
    assert tau is not None
    beta, theta = model.value_added_share, model.elasticity
    open_now = Y > 0
    inputs = np.einsum("nkj,nk->nj", model.input_share, np.log(value.price_change))
    log_cost = beta * np.log(w)[:, None] + inputs
    staff = np.log(np.where(open_now, Y, 1) / np.where(open_now, model.sales, 1) / w[:, None])
    log_cost -= np.where(open_now, model.scale_elasticity * staff, 0.0)
    offer = model.trade_share * ((1 + tau) / (1 + model.tariff) * np.exp(log_cost)) ** -theta
    offer *= open_now
    total = offer.sum(axis=1)
    share = offer / total[:, None]
    duty = (tau / (1 + tau) * share).sum(axis=1)
    bought = np.einsum("nkj,nj->nk", model.input_share, Y)
    cash = w * model.value_added + value.deficit + (duty * bought).sum(axis=1)
    income = cash / (1 - (duty * model.final_share).sum(axis=1))
    spent = bought + model.final_share * income[:, None]
    demand = (share * spent[:, None] / (1 + tau)).sum(axis=0)
    wages = (beta * Y).sum(axis=1)
    gaps = {
        "sales": demand[open_now] / Y[open_now] - 1,
        "price": total ** (-1 / theta) / value.price_change - 1,
        "labour": wages / (w * model.value_added) - 1,
    }
    return {name: float(np.abs(gap).max()) for name, gap in gaps.items()}


def test_whatever_converges_clears_the_market_of_every_sector(long: bool) -> None:
    """Sixty worlds, or five hundred: none of them ends with a sector out of its own market."""
    statuses = []
    for seed in range(500 if long else 60):
        model, shock, config = draw_strong(seed, SIZES, CLOSURES) if long else draw_strong(seed)
        solution = solve_trade(model, shock, config=config, throw=False)
        statuses.append(solution.status)
        if not solution.has_numbers:
            assert np.isnan(solution.value.welfare).all()
            continue
        assert np.max([*market_gaps(solution).values()]) < CLEARED, (seed, market_gaps(solution))
        assert np.max([*solution.residuals.values()]) < CLEARED, (seed, solution.residuals)
        closed = solution.value.sales <= 1e-9 * solution.model.sales
        assert (solution.status is Status.CORNER) == closed.any(), seed
        assert len(solution.closed) == closed.sum()
        gone = (solution.value.sales == 0) & (solution.model.sales > 0)
        strong = solution.scale_elasticity * model.elasticity >= 1 - 1e-9
        assert not gone[:, ~strong].any(), seed  # below one a sector shrinks, and stays
    corners = statuses.count(Status.CORNER)
    assert statuses.count(Status.CONVERGED) + corners >= 0.9 * len(statuses)
    assert corners > 0


def test_a_sector_that_is_out_of_its_market_is_seen_in_the_residuals() -> None:
    """A sector at a billionth of its size, whose sales are twice what is asked for."""
    model = with_scale(draw_model(np.random.default_rng(4), (3, 4)), 0.9)
    tariff = model.tariff + 0.1 * (1 - np.eye(3)[:, :, None])
    solution = solve_trade(model, TradeShock(tariff=tariff), config=SCALE)
    assert solution.residuals["sales"] < CLEARED
    sales = solution.value.sales.copy()
    sales[1, 2] *= 1e-9
    value = replace(
        solution.value, sales=sales,
        employment_change=sales / model.sales / solution.value.wage_change[:, None],
    )  # fmt: skip
    wrong = replace(solution)
    wrong.__dict__["value"] = value
    assert wrong.residuals["sales"] > 0.5


def test_scale_elasticities_of_one_over_theta_say_that_other_equilibria_exist() -> None:
    model = draw_model(np.random.default_rng(4), (3, 4))
    mixed = with_scale(model, np.array([0.5, 1.0, 0.99, 1.1]))
    assert solve_trade(mixed, config=SCALE).multiplicity == ("sector 2", "sector 4")
    assert solve_trade(mixed, config=replace(SCALE, scale_strength=0.5)).multiplicity == ()
    assert solve_trade(mixed).multiplicity == ()


def corner() -> TradeSolution:
    """Return the first of the worlds that ends at a corner."""
    for seed in range(60):
        model, shock, config = draw_strong(seed)
        solution = solve_trade(model, shock, config=config, throw=False)
        if solution.status is Status.CORNER and (solution.value.sales == 0).any():
            return solution
    raise AssertionError("no corner")


def test_a_corner_names_what_has_closed_and_is_an_equilibrium_of_the_rest() -> None:
    solution = corner()
    model, value = cast(TradeModel, solution.model), solution.value
    assert "closed" in repr(solution)
    for region, sector in solution.closed:
        n, j = model.regions.index(region), model.sectors.index(sector)
        assert value.employment_change[n, j] <= 1e-9
        assert value.flows[:, n, j].max() <= 1e-9 * model.sales[n, j]
    assert all(np.isfinite(getattr(value, name)).all() for name in ("welfare", "flows", "income"))
    region = model.regions[0]
    slope = welfare_gradient(solution, region)
    step = 1e-5
    moved = np.array(value.tariff)
    moved[0, 1, 0] += step
    changed = TradeShock(tariff=moved)
    more = solve_trade(model, changed, config=solution.config, start=solution, throw=False)
    with pytest.raises(SolveError, match="corner"):
        solve_trade(model, solution.shock, config=solution.config)
    if more.closed == solution.closed:  # else the step itself has closed or opened a sector
        rise = (more.value.welfare[0] - value.welfare[0]) / step
        assert rise == pytest.approx(slope[0, 1, 0], rel=1e-2, abs=1e-6)


def test_many_at_once_are_what_each_is_alone() -> None:
    model, shock, config = draw_strong(1)
    assert shock.tariff is not None
    tariffs = [model.tariff + part * (shock.tariff - model.tariff) for part in (0.1, 0.2, 0.3, 0.4)]
    shocks = [TradeShock(tariff=tariff) for tariff in tariffs]
    together = solve_trade_many(model, shocks, config=config, throw=False)
    for solution, each in zip(together, shocks, strict=True):
        alone = solve_trade(model, each, config=config, throw=False)
        assert alone.has_numbers == solution.has_numbers
        if solution.has_numbers:
            assert np.max([*market_gaps(solution).values()]) < CLEARED


@pytest.mark.parametrize("strength", [0.5, 0.9, 1.0])
def test_autarky_is_the_closed_form(strength: float) -> None:
    """Without inputs and tariffs a region alone pays `(pi / 1)^(1/theta)` and gains from scale."""
    drawn = draw_model(np.random.default_rng(6), (3, 4), Traits(value_added=(0.5, 0.9)))
    flat = TradeModel.from_arrays(
        flows=drawn.flows, tariff=np.zeros_like(drawn.flows), value_added_share=np.ones((3, 4)),
        input_share=np.zeros((3, 4, 4)), elasticity=drawn.elasticity,
        scale_elasticity=strength / drawn.elasticity,
    )  # fmt: skip
    apart = np.full(drawn.tariff.shape, 1e5)
    apart[np.arange(3), np.arange(3)] = 1.0
    shock = TradeShock(trade_cost=apart, deficit=np.zeros(3))
    solution = solve_trade(flat, shock, config=replace(SCALE, tolerance=1e-12))
    home = np.einsum("nnj->nj", flat.trade_share)
    staff = flat.final_share * flat.value_added[:, None] / flat.sales
    theta, mu = flat.elasticity, flat.scale_elasticity
    wage = np.prod((home ** (1 / theta) * staff**mu) ** flat.final_share, axis=1)
    np.testing.assert_allclose(solution.value.real_wage_change, wage, rtol=1e-8)
    expected = wage * flat.value_added / flat.income - 1
    np.testing.assert_allclose(solution.value.welfare, expected, atol=1e-8)


@pytest.mark.parametrize("scale_of", ["labour", "bundles"])
def test_autarky_with_inputs_is_the_closed_form_of_costinot_and_rodriguez_clare(scale_of) -> None:
    """Columns 3 and 5 of their table of gains (Handbook of International Economics 4, 2014).

    A country alone has `ln P_j = (1 + mu_j [bundles]) ln c_j - ln(pi_jj) / theta_j - mu_j ln Y_j`
    at a wage of one, its sales being what final demand and inputs ask for.
    """
    drawn = draw_model(np.random.default_rng(6), (3, 4), Traits(value_added=(0.6, 0.9)))
    model = TradeModel.from_arrays(
        flows=drawn.flows, tariff=np.zeros_like(drawn.flows), input_share=drawn.input_share,
        value_added_share=drawn.value_added_share, elasticity=drawn.elasticity,
        scale_elasticity=0.4 / drawn.elasticity,
    )  # fmt: skip
    apart = np.full(drawn.tariff.shape, 1e5)
    apart[np.arange(3), np.arange(3)] = 1.0
    config = replace(SCALE, scale_of=scale_of)
    solution = solve_trade(model, TradeShock(trade_cost=apart, deficit=np.zeros(3)), config=config)
    home, mu = np.einsum("nnj->nj", model.trade_share), model.scale_elasticity
    for n in range(3):
        gamma = model.input_share[n]
        sales = np.linalg.solve(np.eye(4) - gamma, model.final_share[n] * model.value_added[n])
        own = -np.log(home[n]) / model.elasticity - mu * np.log(sales / model.sales[n])
        times = 1 + mu * (scale_of == "bundles")
        log_price = np.linalg.solve(np.eye(4) - times[:, None] * gamma.T, own)
        real = np.exp(-model.final_share[n] @ log_price)
        assert solution.value.real_wage_change[n] == pytest.approx(real, rel=1e-8)
    assert np.max([*solution.residuals.values()]) < 1e-8


def test_autarky_and_closed_deficits_are_one_shock_like_two() -> None:
    """The published world of 1993: trade ends and deficits close, at once or in turn."""
    model = load_inputs().model
    N = len(model.regions)
    apart = np.full(model.tariff.shape, 1e3)
    apart[np.arange(N), np.arange(N)] = 1.0
    at_once = solve_trade(model, TradeShock(trade_cost=apart, deficit=np.zeros(N)))
    after = solve_trade(model.balanced, TradeShock(trade_cost=apart))
    np.testing.assert_allclose(
        at_once.value.real_wage_change,
        after.value.real_wage_change * model_price(model),
        rtol=1e-6,
    )


def model_price(model: TradeModel) -> np.ndarray:
    """Return what closing deficits alone does to real wages."""
    closed = solve_trade(model, TradeShock(deficit=np.zeros(len(model.regions))))
    return closed.value.real_wage_change


def test_deficits_that_close_only_at_a_corner_leave_no_baseline() -> None:
    """Else a baseline without some of its sectors would stand in for the world."""
    for seed in range(60):
        model = with_scale(draw_model(np.random.default_rng(seed), (3, 4)), 1.15)
        deficit = 0.3 * model.value_added.min() * np.array([1.0, -0.5, -0.5])
        solution = solve_trade(model, TradeShock(deficit=deficit), config=SCALE, throw=False)
        if solution.status is Status.CORNER:
            break
    assert solution.status is Status.CORNER
    with pytest.raises(SolveError) as caught:
        rebase(model, deficit, SCALE)
    assert caught.value.status is Status.CORNER


def test_a_baseline_that_closes_only_at_a_corner_leaves_no_number_alone_or_among_many() -> None:
    """Else numbers of the start, or of a world with its deficits, would stand in for it."""
    model, _, config = draw_strong(47, SIZES, CLOSURES)
    assert config.closure == "balanced"
    shocks = []
    for at in range(9):
        tariff = np.array(model.tariff)
        tariff[0, 1:] += 0.01 * at
        shocks.append(TradeShock(tariff=tariff))
    together = solve_trade_many(model, shocks, config=config, throw=False)
    for solution in (solve_trade(model, shocks[0], config=config, throw=False), *together):
        assert solution.status is Status.CORNER
        assert not solution.has_numbers
        assert np.isnan(solution.value.welfare).all()
        assert solution.closed == ()


def test_a_solution_of_one_market_structure_is_a_start_for_the_other() -> None:
    model = with_scale(draw_model(np.random.default_rng(4), (3, 4)), 0.6)
    tariff = model.tariff + 0.1 * (1 - np.eye(3)[:, :, None])
    shock = TradeShock(tariff=tariff)
    for config, other in ((SCALE, TradeConfig()), (TradeConfig(), SCALE)):
        cold = solve_trade(model, shock, config=config)
        warm = solve_trade(
            model, shock, config=config, start=solve_trade(model, shock, config=other)
        )
        np.testing.assert_allclose(warm.value.welfare, cold.value.welfare, atol=1e-9)
        again = solve_trade(model, shock, config=config, start=cold)
        assert again.stats.steps == 1


def test_a_best_response_that_ends_where_equilibria_end_says_so() -> None:
    """Welfare rises with the rate until a sector that inputs make stronger folds away."""
    model = with_scale(draw_model(np.random.default_rng(1), (3, 4)), 0.9)
    best = best_response(model, "region 1", over="mfn", config=replace(SCALE, closure="balanced"))
    assert best.status is Status.EDGE
    assert best.stats.steps < 300
    assert np.isnan(best.value.welfare).all()
    weaker = replace(SCALE, closure="balanced", scale_strength=0.5)
    assert best_response(model, "region 1", over="mfn", config=weaker).status is Status.CONVERGED


def test_gmres_finds_the_gradient_that_accelerated_steps_find() -> None:
    model = with_scale(draw_model(np.random.default_rng(4), (3, 4)), 0.8)
    solution = solve_trade(model, TradeShock(tariff=model.tariff * 1.5), config=SCALE)
    income = jnp.asarray(model.income / model.value_added.sum())
    aim = Aim(jnp.asarray(np.array([1.0, 0.0, 0.0])))  # type: ignore[arg-type]
    fast, hard = (
        _pull_back(solution.kernel, solution.state, income, aim, hard=hard)
        for hard in (False, True)
    )
    for steps, gmres in zip(fast[0][:2], hard[0][:2], strict=True):
        np.testing.assert_allclose(gmres, steps, atol=1e-8 * float(jnp.abs(steps).max()))
    assert float(hard[1]) < 1e-9


def test_a_climb_tells_every_point_it_goes_on_from_and_no_other() -> None:
    tried: list[float] = []
    stood: list[float] = []

    def evaluate(x: np.ndarray) -> Probe[float]:
        tried.append(float(x[0]))
        value = -(abs(float(x[0]) - 0.1) ** 1.5)
        slope = -1.5 * abs(x[0] - 0.1) ** 0.5 * np.sign(x - 0.1)
        return Probe(value, slope, np.full(1, 0.5), float(x[0]))

    climb(evaluate, np.zeros(1), (-3.0, 3.0), tolerance=1e-4, max_steps=30, accept=stood.append)
    assert set(stood) < set(tried)
    heights = [-(abs(x - 0.1) ** 1.5) for x in stood]
    assert np.all(np.diff(heights) > -1e-10)


def test_the_prepared_shock_of_a_corner_has_no_offer_of_what_has_closed() -> None:
    solution = corner()
    gone = np.argwhere((solution.value.sales == 0) & (solution.model.sales > 0))
    offered = np.asarray(solution.kernel.A)
    whole = np.asarray(prepare(solution.model, solution.shock, solution.config).A)
    for n, j in gone:
        assert (offered[j, :, n] == 0).all()
        assert (whole[j, :, n] > 0).any()
