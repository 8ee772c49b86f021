"""The verb of the trade engine: from a model and a shock to a solution."""

from dataclasses import replace
from functools import partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Bool, Float

from accord.core.arguments import check_kind
from accord.core.arrays import frozen
from accord.core.errors import InputError, Problem, SolveError
from accord.core.jax_arrays import Array, FloatScalar, IntScalar
from accord.core.status import Status
from accord.trade.calibration import baseline_from_shares
from accord.trade.config import TradeConfig
from accord.trade.iteration.anderson import accelerate
from accord.trade.iteration.kernel import Kernel, State, Sweep, initial_state, step, sweep
from accord.trade.iteration.newton import solve_wages
from accord.trade.iteration.prepare import prepare
from accord.trade.model import TradeModel
from accord.trade.plan import TradeShock
from accord.trade.solution import SolveStats, TradeSolution

SMALLEST_PART = 1 / 64
SCALE_PATIENCE = 5  # scale economies make steps many and cheap
DUST = 1e-12  # of world value added: spending below this is zero
MARGIN = 0.5  # the loop aims below the tolerance: the final plain pass measures a little more


class _Attempt(NamedTuple):
    state: State
    out: Sweep
    steps: IntScalar
    met: Bool[Array, ""]


def solve_trade(
    model: TradeModel,
    shock: TradeShock | None = None,
    *,
    config: TradeConfig | None = None,
    start: TradeSolution | None = None,
    throw: bool = True,
) -> TradeSolution:
    """Return the equilibrium after a shock (equations 1 to 10 of `docs/method.md`).

    An accelerated iteration on wages, prices and sales comes first; if it does not reach the
    tolerance, Newton's method on wages; if that fails too, the shock is applied in parts. No
    change returns exactly ones after one evaluation.

    Args:
        model: The calibrated baseline. With `closure="balanced"` its deficits are closed first,
            under the market structure and labour supply of `config`.
        shock: What changes; None for no change.
        config: Closure, market structure, labour supply, tolerance.
        start: A solution of the same model, to begin from (a warm start).
        throw: Raise `SolveError` when the tolerance is not met, rather than return the status. The
            `value` of what is then returned is NaN throughout.

    Raises:
        InputError: With everything wrong in the shock.
        SolveError: If no equilibrium was found and `throw` is true.
    """
    check_kind("model", model, TradeModel, "Make one: ac.TradeModel.from_arrays(flows=..., ...)")
    config = config or TradeConfig()
    shock = TradeShock() if shock is None else shock
    check_kind("shock", shock, TradeShock, "Say what changes: ac.TradeShock(tariff=...)")
    problems = shock.problems(len(model.regions), len(model.sectors))
    if config.competition == "monopolistic" and not np.any(model.scale_elasticity > 0):
        remedy = "Give `scale_elasticity` to the model, or use perfect competition"
        problems.append(
            Problem("config.competition", "needs scale elasticities, and all are zero", remedy)
        )
    if problems:
        raise InputError(problems, "the shock")
    if config.closure == "balanced" and np.any(model.deficit != 0):
        try:
            model = model.balance(config)
        except SolveError as error:
            if throw:
                raise
            return _unsolved(model, shock, config, error.status)
    warm = start.state if start is not None and start.status.ok else None
    solution = _solve(model, shock, config, warm)
    if throw and not solution.status.ok:
        detail = f"the trade equilibrium (residual {solution.residual:.1e})"
        raise SolveError(solution.status, detail)
    return solution


def rebase(
    model: TradeModel, deficit: Float[np.ndarray, " region"], config: TradeConfig | None = None
) -> TradeModel:
    """Return the model moved to the equilibrium with the given deficits, tariffs unchanged.

    Args:
        model: Where to start.
        deficit: Deficits after the move, in the money of the model; they sum to zero.
        config: Market structure, labour supply and tolerance of the move; its closure is ignored.

    Raises:
        SolveError: If that equilibrium is not found.
    """
    config = replace(config or TradeConfig(), closure="fixed")
    solution = _solve(model, TradeShock(deficit=deficit), config, None)
    if not solution.status.ok:
        raise SolveError(solution.status, "moving the baseline to the given deficits")
    value = solution.value
    arrays = baseline_from_shares(
        {
            "trade_share": value.trade_share,
            "final_share": model.final_share,
            "tariff": model.tariff,
            "value_added_share": model.value_added_share,
            "input_share": model.input_share,
            "elasticity": model.elasticity,
            "value_added": value.wage_change * value.labour_change * model.value_added,
            "deficit": deficit,
        }
    )
    return replace(
        model,
        trade_share=frozen(arrays["trade_share"]),
        sales=frozen(arrays["sales"]),
        expenditure=frozen(arrays["expenditure"]),
        deficit=frozen(arrays["deficit"]),
        value_added=frozen((model.value_added_share * arrays["sales"]).sum(axis=1)),
    )


def _solve(
    model: TradeModel, shock: TradeShock, config: TradeConfig, start: State | None
) -> TradeSolution:
    """Return the result of the first of the three methods that meets the tolerance.

    If none does, what is returned is the attempt at the whole shock: never a part of it.
    """
    scale = config.competition == "monopolistic"
    fast = partial(_fast, max_steps=config.max_steps * (SCALE_PATIENCE if scale else 1))
    kernel = prepare(model, shock, config)
    whole = attempt = fast(kernel, start, config.tolerance)
    method, parts, steps = "accelerated", 1, int(attempt.steps)
    if not bool(attempt.met):
        # Newton needs prices and sales to settle at given wages; scale economies can prevent it.
        method, again = ("accelerated", fast) if scale else ("newton", _sure)
        parts, done, part, state = 0, 0.0, 0.25 if scale else 1.0, None
        while done < 1.0 and part >= SMALLEST_PART:
            weight = min(1.0, done + part)
            attempt = again(prepare(model, shock, config, weight), state, config.tolerance)
            steps, parts = steps + int(attempt.steps), parts + 1
            if bool(attempt.met):
                done, state = weight, attempt.state
            else:
                part /= 4
    reached = attempt if bool(attempt.met) else whole
    return TradeSolution(
        model=model,
        shock=shock,
        config=config,
        status=_status(attempt, kernel, config.tolerance),
        residual=float(reached.out.residual),
        stats=SolveStats(steps, method, parts),
        state=reached.state,
        kernel=kernel,
        sweep=reached.out,
    )


def _unsolved(
    model: TradeModel, shock: TradeShock, config: TradeConfig, status: Status
) -> TradeSolution:
    """Return the solution of a shock that was not tried, because its baseline was not found."""
    kernel = prepare(model, shock, config)
    state = initial_state(kernel.base)
    out = sweep(kernel, state, repeats=1)
    stats = SolveStats(0, "none", 0)
    return TradeSolution(model, shock, config, status, residual=float(out.residual), stats=stats,
                         state=state, kernel=kernel, sweep=out)  # fmt: skip


def _status(attempt: _Attempt, kernel: Kernel, tolerance: float) -> Status:
    if bool(attempt.met):
        return Status.CONVERGED
    residual, change = float(attempt.out.residual), kernel.change
    cash = np.asarray(kernel.base.VA + change.D_fixed)
    if change.S_new is not None:
        cash = cash - np.asarray(change.S_new).sum(axis=1)
    if residual <= tolerance or np.any(cash <= 0):
        return Status.NEGATIVE_INCOME
    return Status.MAX_STEPS if np.isfinite(residual) else Status.DIVERGED


def _finish(
    kernel: Kernel, state: State, steps: IntScalar, tolerance: FloatScalar | float
) -> _Attempt:
    out = sweep(kernel, state, repeats=1)
    free = out.income
    if kernel.change.S_new is not None:
        free = free - kernel.change.S_new.sum(axis=1)
    met = (out.residual <= tolerance) & jnp.all(free > 0) & jnp.all(out.X >= -DUST)
    return _Attempt(state, out, steps, met)


@partial(jax.jit, static_argnames=("max_steps",))
def _fast(
    kernel: Kernel, start: State | None, tolerance: FloatScalar | float, *, max_steps: int
) -> _Attempt:
    state = initial_state(kernel.base) if start is None else start
    point = accelerate(partial(step, kernel), state, MARGIN * tolerance, max_steps)
    return _finish(kernel, point.state, point.steps, tolerance)


@jax.jit
def _sure(kernel: Kernel, start: State | None, tolerance: FloatScalar | float) -> _Attempt:
    state = initial_state(kernel.base) if start is None else start
    point = solve_wages(kernel, state, MARGIN * tolerance)
    return _finish(kernel, point.state, point.steps, tolerance)
