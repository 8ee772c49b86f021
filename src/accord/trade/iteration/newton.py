"""The most reliable method: Newton on wages, with prices and sales solved exactly inside.

Given wages, prices and sales are contractions (value added leaks out of every round of inputs),
so the only hard unknowns are one wage a region. Their Jacobian comes from the implicit function
theorem, all directions at once. It needs five to eight iterations where the joint iteration of
`anderson` is badly conditioned: near autarky, or with thin value-added shares and high
elasticities. It costs some fifty times more, so it is the second choice.
"""

from typing import NamedTuple

import jax
import jax.numpy as jnp

from accord.core.arrays import Float
from accord.core.jax_arrays import Array, FloatScalar, IntScalar
from accord.trade.iteration.anderson import FixedPoint, Vector, accelerate
from accord.trade.iteration.kernel import sweep, world_change
from accord.trade.iteration.state import Kernel, State, earned, join, split

MAX_ITERATIONS = 30
INNER_TOLERANCE = 1e-12
INNER_STEPS = 400
INNER_FAILURE = 1e-6  # prices and sales that do not settle at given wages: no use going on
TANGENT_TOLERANCE = 1e-7
TANGENT_STEPS = 600
HALVINGS = 8
LONGEST_WAGE_MOVE = 1.0

LogWages = Float[Array, " region"]


class _Search(NamedTuple):
    log_w: LogWages
    inner: Vector
    excess: LogWages
    inner_residual: FloatScalar
    merit: FloatScalar
    length: FloatScalar
    tries: IntScalar
    steps: IntScalar


class _Newton(NamedTuple):
    log_w: LogWages
    inner: Vector
    excess: LogWages
    inner_residual: FloatScalar
    iterations: IntScalar
    steps: IntScalar


def solve_wages(kernel: Kernel, start: State, tolerance: float | Array) -> FixedPoint:
    """Return the equilibrium found by Newton's method on log wages, from `start`.

    Steps counts evaluations of the map; restarts counts Newton iterations.
    """
    N = kernel.base.VA.size
    log_w, inner = start[:N], start[N:]
    inner, excess, gap, used = _solve_inner(kernel, log_w, inner)
    loop = _Newton(log_w, inner, excess, gap, jnp.zeros((), dtype=int), used)

    def unfinished(loop: _Newton) -> Array:
        residual = jnp.max(jnp.abs(loop.excess))
        return (residual > tolerance) & (loop.iterations < MAX_ITERATIONS) & jnp.isfinite(residual)

    end = jax.lax.while_loop(unfinished, lambda loop: _iterate(kernel, loop), loop)
    state = jnp.concatenate([end.log_w, end.inner])
    return FixedPoint(state, sweep(kernel, state).residual, end.steps, end.iterations)


def _iterate(kernel: Kernel, loop: _Newton) -> _Newton:
    jacobian = _wage_jacobian(kernel, loop.log_w, loop.inner)
    direction = jnp.linalg.solve(jacobian, -loop.excess)
    longest = jnp.maximum(jnp.max(jnp.abs(direction)), 1e-300)
    length = jnp.minimum(1.0, LONGEST_WAGE_MOVE / longest)
    start = jnp.linalg.norm(direction)
    trial = _Search(
        loop.log_w, loop.inner, loop.excess, loop.inner_residual, 2 * start, length,
        jnp.zeros((), dtype=int), loop.steps,
    )  # fmt: skip

    def resists(trial: _Search) -> Array:
        accepted = (trial.merit < start * (1 - 0.1 * trial.length)) & (trial.inner_residual < 1e-8)
        return jnp.asarray(~accepted & (trial.tries < HALVINGS))

    def shorten(trial: _Search) -> _Search:
        length = jnp.where(trial.tries == 0, trial.length, trial.length / 2)
        log_w = loop.log_w + length * direction
        inner, excess, gap, used = _solve_inner(kernel, log_w, loop.inner)
        merit = jnp.linalg.norm(jnp.linalg.solve(jacobian, -excess))
        return _Search(log_w, inner, excess, gap, merit, length, trial.tries + 1,
                       trial.steps + used)  # fmt: skip

    end = jax.lax.while_loop(resists, shorten, trial)
    stuck = end.tries >= HALVINGS
    iterations = jnp.where(stuck, MAX_ITERATIONS, loop.iterations + 1)
    return _Newton(end.log_w, end.inner, end.excess, end.inner_residual, iterations, end.steps)


def _inner_move(kernel: Kernel, log_w: LogWages, inner: Vector) -> tuple[Vector, FloatScalar]:
    out = sweep(kernel, jnp.concatenate([log_w, inner]))
    move = join(kernel, log_w, out.log_P, (out.Y, out.V))[log_w.size :] - inner
    return move, jnp.max(jnp.abs(move))


def _solve_inner(
    kernel: Kernel, log_w: LogWages, inner: Vector
) -> tuple[Vector, LogWages, FloatScalar, IntScalar]:
    point = accelerate(lambda x: _inner_move(kernel, log_w, x), inner, INNER_TOLERANCE, INNER_STEPS)
    return point.state, _excess(kernel, log_w, point.state), point.residual, point.steps


def _excess(kernel: Kernel, log_w: LogWages, inner: Vector) -> LogWages:
    """Return log excess demand for labour plus the gap of the numeraire.

    With prices and sales solved, excess demands add up to zero over the world (Walras), so all
    entries are zero only where every labour market clears and world value added is unchanged. The
    same holds for each part of a world that falls into parts.
    """
    state = jnp.concatenate([log_w, inner])
    out = sweep(kernel, state, repeats=1)
    wage_bill = jnp.exp(log_w) * out.L_hat * kernel.base.VA
    value_added = earned(kernel.base, wage_bill, split(kernel, state)[3])
    return out.excess + jnp.log(world_change(kernel.base, value_added))


def _wage_jacobian(kernel: Kernel, log_w: LogWages, inner: Vector) -> Float[Array, "region region"]:
    N = log_w.size
    _, push_inner = jax.linearize(lambda w, x: _inner_move(kernel, w, x)[0], log_w, inner)
    _, push_excess = jax.linearize(lambda w, x: _excess(kernel, w, x), log_w, inner)
    wages = jnp.eye(N)

    def improve(carry: tuple[Array, Array, Array]) -> tuple[Array, Array, Array]:
        tangents, _, count = carry
        moves = jax.vmap(push_inner)(wages, tangents)
        return tangents + moves, jnp.max(jnp.abs(moves)), count + 1

    tangents, _, _ = jax.lax.while_loop(
        lambda carry: (carry[1] > TANGENT_TOLERANCE) & (carry[2] < TANGENT_STEPS),
        improve,
        (jnp.zeros((N, inner.size)), jnp.ones(()), jnp.zeros((), dtype=int)),
    )
    return jnp.asarray(jax.vmap(push_excess)(wages, tangents).T)
