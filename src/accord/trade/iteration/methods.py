"""The three methods, tried in turn: accelerated steps, Newton on wages, the shock in parts."""

from functools import partial
from typing import Any, NamedTuple

import jax
import numpy as np
from jaxtyping import Bool

from accord.core.jax_arrays import Array, FloatScalar, IntScalar
from accord.core.status import Status
from accord.trade.config import TradeConfig
from accord.trade.economy import LOOSE, Economy
from accord.trade.iteration.anderson import accelerate
from accord.trade.iteration.kernel import (
    Kernel,
    MoneyChange,
    State,
    Sweep,
    initial_state,
    step,
    sweep,
)
from accord.trade.iteration.newton import solve_wages
from accord.trade.iteration.prepare import Cube, prepare
from accord.trade.plan import TradeShock
from accord.trade.solution import SolveStats, TradeSolution

SMALLEST_PART = 1 / 64
SCALE_PATIENCE = 5  # scale economies make steps many and cheap
DUST = 1e-12  # of world value added: spending below this is zero
WAGE_TOLERANCE = 1e-4  # of the trade that ties a part of the world to the rest
MARGIN = 0.5  # the loop aims below the tolerance: the final plain pass measures a little more


class _Attempt(NamedTuple):
    state: State
    out: Sweep
    steps: IntScalar
    met: Bool[Array, ""]


def iterate(
    model: Economy,
    shock: TradeShock,
    config: TradeConfig,
    start: State | None,
    *,
    sourcing: Cube | None = None,
) -> TradeSolution:
    """Return the result of the first of the three methods that meets the tolerance.

    If none does, what is returned is the attempt at the whole shock: never a part of it. Shares
    of spending are weighted with `sourcing`, the baseline shares if it is left out.
    """
    form = partial(prepare, model, shock, config, sourcing=sourcing)
    scale = config.competition == "monopolistic"
    fast = partial(_fast, max_steps=most_steps(config))
    kernel = form()
    whole = attempt = fast(kernel, start, config.tolerance)
    method, parts, steps = "accelerated", 1, int(attempt.steps)
    if not bool(attempt.met):
        # Newton needs prices and sales to settle at given wages; scale economies can prevent it.
        method, again = ("accelerated", fast) if scale else ("newton", _sure)
        parts, done, part, state = 0, 0.0, 0.25 if scale else 1.0, None
        while done < 1.0 and part >= SMALLEST_PART:
            weight = min(1.0, done + part)
            attempt = again(form(weight), state, config.tolerance)
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
        status=_status(attempt, kernel, model, config.tolerance),
        residual=float(reached.out.residual),
        stats=SolveStats(steps, method, parts),
        state=reached.state,
        formed=kernel,
        sweep=reached.out,
        sourcing=sourcing,
    )


def most_steps(config: TradeConfig) -> int:
    """Return how many accelerated steps are tried before another method takes over."""
    return config.max_steps * (SCALE_PATIENCE if config.competition == "monopolistic" else 1)


def _status(attempt: _Attempt, kernel: Kernel, model: Economy, tolerance: float) -> Status:
    if bool(attempt.met):
        return settle(attempt.state, attempt.out, model)
    residual, change = float(attempt.out.residual), kernel.change
    cash = np.asarray(kernel.base.VA + change.D_fixed)
    if change.S_new is not None:
        cash = cash - np.asarray(change.S_new).sum(axis=1)
    if residual <= tolerance or np.any(cash <= 0):
        return Status.NEGATIVE_INCOME
    return Status.MAX_STEPS if np.isfinite(residual) else Status.DIVERGED


def settle(state: State, out: Sweep, model: Economy) -> Status:
    """Return the status of a state that met the tolerance."""
    return Status.CONVERGED if _wages_settled(state, out, model) else Status.UNSETTLED_WAGE


def _wages_settled(state: State, out: Sweep, model: Economy) -> bool:
    """Whether parts of the world that trade little with each other have the wage they must have.

    The excess demand for the labour of such a part is small whatever its wage is. It must be small
    against the trade that ties the part to others, too.
    """
    weak = model.weak_parts
    if weak.max() + 1 == len(model.member):
        return True
    wage_bill = np.asarray(out.L_hat) * np.asarray(model.device.VA)
    wage_bill = wage_bill * np.exp(np.asarray(state)[: weak.size])
    excess = np.expm1(np.asarray(out.excess)) * wage_bill
    flows = model.flows.sum(axis=2) / model.value_added.sum()
    for part in range(weak.max() + 1):
        inside = weak == part
        tie = flows[inside][:, ~inside].sum() + flows[~inside][:, inside].sum()
        if (
            abs(excess[inside].sum()) > WAGE_TOLERANCE * tie
            and tie > LOOSE * wage_bill[inside].sum()
        ):
            return False
    return True


def _finish(
    kernel: Kernel, state: State, steps: IntScalar, tolerance: FloatScalar | float
) -> _Attempt:
    out = sweep(kernel, state, repeats=1)
    return _Attempt(state, out, steps, is_met(out, kernel.change, tolerance))


def is_met(out: Sweep, change: MoneyChange, tolerance: FloatScalar | float) -> Any:
    """Whether a state meets the tolerance, and leaves everybody something to live on."""
    free = out.income
    if change.S_new is not None:
        free = free - change.S_new.sum(axis=1)
    fed = (free > 0).all(axis=0) & (out.X >= -DUST).all(axis=(0, 1))
    return (out.residual <= tolerance) & fed


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
