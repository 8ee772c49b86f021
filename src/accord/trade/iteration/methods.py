"""The methods, tried in turn: accelerated steps, Newton, the shock in parts.

Where scale economies are so strong that a sector can close, the dynamics of entry come before the
parts: the equilibrium near the baseline may be one that a sector leaves as soon as anything moves.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from accord.core.arrays import Bool, Float
from accord.core.jax_arrays import Array, FloatScalar, IntScalar
from accord.core.status import Status
from accord.trade.config import TradeConfig
from accord.trade.economy import LOOSE, Economy
from accord.trade.iteration.anderson import FixedPoint, accelerate
from accord.trade.iteration.budget import count_strayed, draw_account
from accord.trade.iteration.corners import seek_corner, shut, strong_sectors
from accord.trade.iteration.kernel import LEAST_KEPT, step, sweep
from accord.trade.iteration.krylov import solve_whole
from accord.trade.iteration.newton import solve_wages
from accord.trade.iteration.prepare import Cube, prepare
from accord.trade.iteration.state import Kernel, MoneyChange, State, Sweep, initial_state
from accord.trade.plan import TradeShock
from accord.trade.solution import GONE, SolveStats, TradeSolution

SMALLEST_PART = 1 / 64
NEAR = 1e-4  # residual of Newton's method on wages from which that on everything goes on
FEW = 12  # Newton iterations on everything, before those on wages, which cost more and fail less
DUST = 1e-12  # of world value added: spending below this is zero
WAGE_TOLERANCE = 1e-4  # of the trade that ties a part of the world to the rest
MARGIN = 0.5  # the loop aims below the tolerance: the final plain pass measures a little more


class _Attempt(NamedTuple):
    state: State
    out: Sweep
    steps: IntScalar
    met: Bool[Array, ""]


class _Ended(NamedTuple):
    """Where a search ended: the attempt, its kernel, the method, and what it cost."""

    attempt: _Attempt
    kernel: Kernel
    method: str
    parts: int
    steps: int


def iterate(
    model: Economy,
    shock: TradeShock,
    config: TradeConfig,
    start: State | None,
    *,
    sourcing: Cube | None = None,
) -> TradeSolution:
    """Return the result of the first of the methods that meets the tolerance.

    If none does, what is returned is the attempt at the whole shock: never a part of it. Shares
    of spending are weighted with `sourcing`, the baseline shares if it is left out.
    """
    form = partial(prepare, model, shock, config, sourcing=sourcing)
    kernel = form()
    whole = _fast(kernel, start, config.tolerance, max_steps=most_steps(config))
    ended = _Ended(whole, kernel, "accelerated", 1, int(whole.steps))
    if not bool(whole.met):
        begin = initial_state(kernel.base) if start is None else start
        hard = _with_scale if config.competition == "monopolistic" else _without_scale
        ended = hard(form, ended, begin, config)
    unpaid = False
    strayed = count_strayed(kernel, ended.attempt.state, start, config.labour_elasticity)
    if strayed or (kernel.budget is not None and not bool(ended.attempt.met)):
        lump_sum = replace(config, revenue_use="lump_sum")
        plain = iterate(model, shock, lump_sum, start, sourcing=sourcing)
        ended = _pay(ended, plain, start, config) if plain.status.ok else ended
        unpaid = plain.status.ok and not bool(ended.attempt.met)
    reached = ended.attempt if bool(ended.attempt.met) else whole
    status = Status.UNPAID_BUDGET if unpaid else _status(reached, kernel, model, config)
    return TradeSolution(
        model=model,
        shock=shock,
        config=config,
        status=status,
        residual=float(reached.out.residual),
        stats=SolveStats(ended.steps, ended.method, ended.parts),
        state=reached.state,
        formed=ended.kernel if bool(ended.attempt.met) else kernel,
        sweep=reached.out,
        sourcing=sourcing,
    )


def _without_scale(
    form: Callable[..., Kernel], whole: _Ended, begin: State, config: TradeConfig
) -> _Ended:
    """Return the end of Newton's methods on a shock, then on parts of it.

    Where deficits or transfers change as well as costs, they do so first: there may be too little
    trade to carry half of a deficit through half of a shock that ends trade.
    """
    kernel, tolerance = whole.kernel, config.tolerance
    attempt = _look(kernel, solve_whole(kernel, begin, MARGIN * tolerance, FEW), tolerance)
    steps = whole.steps + int(attempt.steps)
    if bool(attempt.met):
        return _Ended(attempt, kernel, "newton", 1, steps)
    first = _sure(form(0.0, money=1.0), None, tolerance)
    steps += int(first.steps)
    money = 1.0 if bool(first.met) else None
    state = first.state if bool(first.met) else None
    ended = _in_parts(
        partial(form, money=money), lambda k, s: _polished(k, s, tolerance), state, 1.0
    )
    return ended._replace(kernel=kernel, steps=steps + ended.steps)


def _with_scale(
    form: Callable[..., Kernel], whole: _Ended, begin: State, config: TradeConfig
) -> _Ended:
    """Return the end of Newton's method, then of the dynamics of entry, then of Newton in parts."""
    kernel, tolerance = whole.kernel, config.tolerance
    goal = MARGIN * tolerance

    def solve(kernel: Kernel, state: State) -> FixedPoint:
        return solve_whole(kernel, state, goal)

    def try_both(kernel: Kernel, state: State) -> FixedPoint:
        point = solve(kernel, state)
        if float(point.residual) <= goal:
            return point
        again = _fast(kernel, state, tolerance, max_steps=most_steps(config))
        return FixedPoint(
            again.state, again.out.residual, point.steps + again.steps, point.restarts
        )

    attempt = _look(kernel, solve(kernel, begin), tolerance)
    steps = whole.steps + int(attempt.steps)
    if bool(attempt.met):
        return _Ended(attempt, kernel, "newton", 1, steps)
    if strong_sectors(kernel.base).any():
        corner = seek_corner(kernel, begin, tolerance, try_both)
        attempt = _look(corner.kernel, corner.point, tolerance)
        steps += corner.steps
        if bool(attempt.met):
            state = shut(kernel, attempt.state, corner.closed)
            return _Ended(attempt._replace(state=state), corner.kernel, "entry", 1, steps)
    first = _look(form(0.0, money=1.0), solve(form(0.0, money=1.0), begin), tolerance)
    steps += int(first.steps)
    money, state = (1.0, first.state) if bool(first.met) else (None, begin)
    ended = _in_parts(
        partial(form, money=money), lambda k, s: _look(k, solve(k, s), tolerance), state, 0.25
    )
    return ended._replace(kernel=kernel, steps=steps + ended.steps)


def _pay(first: _Ended, plain: TradeSolution, start: State | None, config: TradeConfig) -> _Ended:
    """Return the end of a solve in which the budget of governments changes in parts.

    It begins where revenue is paid out and taxes on labour stay as they were: that equilibrium pays
    for a budget of its own, which is moved to the one asked for. Where the rate on wages that takes
    most is passed on the way, no rate pays for more. What was found at `first` is kept if as many
    rates stay on their side of that one there.
    """
    kernel, paid = plain.kernel, draw_account(plain.kernel, plain.state).paid
    budget, tolerance, kappa = first.kernel.budget, config.tolerance, config.labour_elasticity

    def form(weight: float) -> Kernel:
        return kernel._replace(budget=paid + weight * (budget - paid))

    def solve(kernel: Kernel, state: State) -> _Attempt:
        return _look(kernel, solve_whole(kernel, state, MARGIN * tolerance), tolerance)

    def strayed(ended: _Ended) -> int:
        return count_strayed(first.kernel, ended.attempt.state, start, kappa)

    ended = _in_parts(form, solve, plain.state, 0.25)
    keeps = bool(first.attempt.met) and not (
        bool(ended.attempt.met) and strayed(ended) < strayed(first)
    )
    steps = first.steps + plain.stats.steps + ended.steps
    return first._replace(steps=steps) if keeps else ended._replace(steps=steps)


def _in_parts(
    form: Callable[..., Kernel],
    solve: Callable[[Kernel, State], _Attempt],
    state: State | None,
    part: float,
) -> _Ended:
    """Return the end of a shock that is applied in parts, each begun where the last one ended."""
    steps, parts, done = 0, 0, 0.0
    while True:
        weight = min(1.0, done + part)
        kernel = form(weight)
        attempt = solve(kernel, initial_state(kernel.base) if state is None else state)
        steps, parts = steps + int(attempt.steps), parts + 1
        if bool(attempt.met):
            done, state = weight, attempt.state
        else:
            part /= 4
        if done >= 1.0 or part < SMALLEST_PART:
            return _Ended(attempt, kernel, "newton", parts, steps)


def most_steps(config: TradeConfig) -> int:
    """Return how many accelerated steps are tried before another method takes over."""
    return config.max_steps


def _status(attempt: _Attempt, kernel: Kernel, model: Economy, config: TradeConfig) -> Status:
    if bool(attempt.met):
        if config.revenue_use == "labour_tax" and kernel.budget is None:
            needed = jnp.asarray(model.budget(config) / model.value_added.sum())
            rate = draw_account(kernel, attempt.state).rate(needed)
            if np.any(np.asarray(rate) >= 1 - LEAST_KEPT):
                return Status.UNPAID_BUDGET
        return settle(attempt.state, attempt.out, model, config)
    residual, change = float(attempt.out.residual), kernel.change
    cash = np.asarray(kernel.base.GDP + change.D_fixed)
    if change.S_new is not None:
        cash = cash - np.asarray(change.S_new).sum(axis=1)
    if residual <= config.tolerance or np.any(cash <= 0):
        return Status.NEGATIVE_INCOME
    return Status.MAX_STEPS if np.isfinite(residual) else Status.DIVERGED


def settle(state: State, out: Sweep, model: Economy, config: TradeConfig) -> Status:
    """Return the status of a state that met the tolerance."""
    if not _wages_settled(state, out, model, model.wage_bill(config)):
        return Status.UNSETTLED_WAGE
    scale = config.competition == "monopolistic"
    return Status.CORNER if scale and closed_in(out, model).any() else Status.CONVERGED


def closed_in(out: Sweep, model: Economy) -> Bool[np.ndarray, "region sector"]:
    """Whether each sector that sold in the baseline has closed."""
    left = np.asarray(out.Y) * model.value_added.sum()
    return np.asarray((model.sales > 0) & (left <= GONE * model.sales))


def _wages_settled(
    state: State, out: Sweep, model: Economy, wages: Float[np.ndarray, " region"]
) -> bool:
    """Whether parts of the world that trade little with each other have the wage they must have.

    The excess demand for the labour of such a part is small whatever its wage is. It must be small
    against the trade that ties the part to others, too.
    """
    weak = model.weak_parts
    if weak.max() + 1 == len(model.member):
        return True
    wage_bill = np.asarray(out.L_hat) * (wages / model.value_added.sum())
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


_finish_on_device = jax.jit(_finish)


def is_met(out: Sweep, change: MoneyChange, tolerance: FloatScalar | float) -> Any:
    """Whether a state meets the tolerance, and leaves everybody something to live on."""
    free = out.income
    if change.S_new is not None:
        free = free - change.S_new.sum(axis=1)
    fed = (free > 0).all(axis=0) & (out.X >= -DUST).all(axis=(0, 1))
    return (out.residual <= tolerance) & fed


def _look(kernel: Kernel, point: FixedPoint, tolerance: float) -> _Attempt:
    """Return the attempt that ended at a point."""
    attempt: _Attempt = _finish_on_device(kernel, point.state, point.steps, tolerance)
    return attempt


@partial(jax.jit, static_argnames=("max_steps",))
def _fast(
    kernel: Kernel, start: State | None, tolerance: FloatScalar | float, *, max_steps: int
) -> _Attempt:
    state = initial_state(kernel.base) if start is None else start
    point = accelerate(partial(step, kernel), state, MARGIN * tolerance, max_steps)
    return _finish(kernel, point.state, point.steps, tolerance)


def _polished(kernel: Kernel, start: State | None, tolerance: float) -> _Attempt:
    """Return the end of Newton's method on wages, and of that on everything where it stops short.

    Where trade is all but gone, what rounding leaves of excess demand is above the tolerance.
    """
    attempt: _Attempt = _sure(kernel, start, tolerance)
    if bool(attempt.met) or not float(attempt.out.residual) < NEAR:
        return attempt
    again = _look(kernel, solve_whole(kernel, attempt.state, MARGIN * tolerance, FEW), tolerance)
    steps = attempt.steps + again.steps
    return again._replace(steps=steps) if bool(again.met) else attempt._replace(steps=steps)


@jax.jit
def _sure(kernel: Kernel, start: State | None, tolerance: FloatScalar | float) -> _Attempt:
    state = initial_state(kernel.base) if start is None else start
    point = solve_wages(kernel, state, MARGIN * tolerance)
    return _finish(kernel, point.state, point.steps, tolerance)
