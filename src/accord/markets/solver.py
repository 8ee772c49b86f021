"""Solving the markets engine: from a plan to prices, units, profits and who bears the duty."""

import numpy as np

from accord.core.arguments import check_kind, public
from accord.core.errors import InputError, SolveError
from accord.core.status import Status
from accord.markets.calibration import as_columns, calibrate
from accord.markets.checks import check_plan, count_draws
from accord.markets.config import MarketConfig
from accord.markets.costs import cost_lines, find_limits
from accord.markets.figures import blank, collect
from accord.markets.iteration import MarketState, make_game, play
from accord.markets.plan import MarketPlan
from accord.markets.solution import MarketSolution, MarketStats, Solved


@public
def solve_market(
    plan: MarketPlan, config: MarketConfig | None = None, *, throw: bool = True
) -> MarketSolution:
    """Return what duties do to a market of differentiated products (docs/markets.md).

    Shares and prices of the plan are taken as an equilibrium under its duties before. Makers then
    set prices under those after: Bertrand's game, by the fixed point of Morrow and Skerlos (2011).

    Args:
        plan: Products, what buyers do, costs and duties. Where its numbers are by draw, every
            figure of the solution has draws first.
        config: Tolerance and largest number of steps.
        throw: Raise `SolveError` when the tolerance is not met, rather than return the status.

    Raises:
        InputError: With everything wrong in the plan.
        SolveError: If no equilibrium was found and `throw` is true.
    """
    check_kind("plan", plan, MarketPlan, "Make one: MarketPlan(maker=..., segment=..., ...)")
    config = MarketConfig() if config is None else config
    check_kind("config", config, MarketConfig, "Give MarketConfig(tolerance=1e-10), or leave it")
    problems = check_plan(plan)
    if problems:
        raise InputError(problems, "the market plan")
    model = calibrate(plan)
    lines, limits = cost_lines(plan, model), find_limits(plan, model)
    passthrough = as_columns(plan.horizon.passthrough, model.tree)
    state = play(
        make_game(model, lines, passthrough), model.tree, limits, size=plan.size, config=config
    )
    status = _judge(state, config)
    if throw and not status.ok:
        raise SolveError(status, f"the market (residual {np.nanmax(state.gap):.1e})")
    solved = Solved(model, lines, limits, state, passthrough)
    value = collect(plan, solved)
    if not status.ok:
        value = blank(value)
    gap = state.gap.max(axis=1)
    residuals = {
        "first-order conditions": float(gap[0]),
        "plants and quotas are kept": float(gap[1]),
    }
    stats = MarketStats(count_draws(plan) or 1, int(state.steps.max()))
    return MarketSolution(plan, value, status, residuals, stats, solved if status.ok else None)


def _judge(state: MarketState, config: MarketConfig) -> Status:
    if not np.all(np.isfinite(state.gap)) or not np.all(np.isfinite(state.price)):
        return Status.DIVERGED
    return Status.CONVERGED if np.all(state.gap <= config.tolerance) else Status.MAX_STEPS
