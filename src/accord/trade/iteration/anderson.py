"""Anderson acceleration of a fixed-point map, safeguarded, as one compiled loop.

Type-II acceleration (Anderson 1965; Walker and Ni 2011, SIAM J. Numer. Anal. 49(4)): the next
state is the combination of past moves whose linear model has the smallest norm. The Gram matrix
of the moves is kept from step to step, so a step costs two passes over the history. Steps are
capped, and a step that multiplies the best residual by more than `SETBACK` is undone: the history
is cleared and the loop restarts from the best state with a shorter step.
"""

from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax.lax.linalg import triangular_solve

from accord.core.arrays import Bool, Float
from accord.core.jax_arrays import Array, FloatScalar, IntScalar

DEPTH = 8
SETBACK = 4.0
LONGEST_MOVE = 1.0

Vector = Float[Array, " state"]
Move = Callable[[Vector], tuple[Vector, FloatScalar]]


class FixedPoint(NamedTuple):
    """Where the loop ended: state, its residual, evaluations of the map, and restarts."""

    state: Vector
    residual: FloatScalar
    steps: IntScalar
    restarts: IntScalar


class Acceleration(NamedTuple):
    """A search under way: where it is, what it saw, and the moves that it remembers."""

    z: Vector
    f: Vector
    residual: FloatScalar
    z_past: Vector
    f_past: Vector
    z_best: Vector
    f_best: Vector
    best: FloatScalar
    damping: FloatScalar
    F: Float[Array, "depth state"]
    G: Float[Array, "depth state"]
    gram: Float[Array, "depth depth"]
    stored: IntScalar
    steps: IntScalar
    restarts: IntScalar


def accelerate(move: Move, start: Vector, tolerance: float | Array, max_steps: int) -> FixedPoint:
    """Return the state where `move` is zero, as far as `max_steps` evaluations reach.

    Args:
        move: Returns the proposed move at a state, and the residual of that state.
        start: Where to begin.
        tolerance: The loop ends when the residual is at or below it.
        max_steps: Largest number of evaluations of `move`.
    """

    def advance(loop: Acceleration) -> Acceleration:
        loop = propose(loop, loop.steps % DEPTH)
        return judge(loop, *move(loop.z))

    end = jax.lax.while_loop(
        lambda loop: unfinished(loop, tolerance, max_steps), advance, begin(start)
    )
    return FixedPoint(end.z, end.residual, end.steps, end.restarts)


def begin(start: Vector) -> Acceleration:
    """Return a search that has evaluated nothing: its first step stays at the start."""
    none = jnp.zeros((), dtype=int)
    still, history = jnp.zeros_like(start), jnp.zeros((DEPTH, start.size))
    infinite = jnp.full((), jnp.inf)
    return Acceleration(
        start, still, infinite, start, still, start, still, infinite, jnp.ones(()),
        history, history, jnp.zeros((DEPTH, DEPTH)), none - 1, none, none,
    )  # fmt: skip


def unfinished(
    loop: Acceleration, tolerance: float | Array, max_steps: int | Array
) -> Bool[Array, ""]:
    """Whether a search goes on: the tolerance is not met, and there are steps and numbers left."""
    on = (loop.residual > tolerance) & (loop.steps < max_steps) & jnp.isfinite(loop.residual)
    return on | (loop.steps == 0)


def propose(loop: Acceleration, slot: IntScalar) -> Acceleration:
    """Return the search at its next state, which is to be evaluated.

    Args:
        loop: The search.
        slot: Where the newest move enters the history: one further each step, in a ring.
    """
    keep = jnp.where(loop.stored > 0, 1.0, 0.0)
    df = (loop.f - loop.f_past) * keep
    dg = df + (loop.z - loop.z_past) * keep
    F = jax.lax.dynamic_update_slice(loop.F, df[None], (slot, jnp.zeros_like(slot)))
    G = jax.lax.dynamic_update_slice(loop.G, dg[None], (slot, jnp.zeros_like(slot)))
    products = F @ df
    gram = loop.gram.at[slot, :].set(products).at[:, slot].set(products)
    used = (slot - jnp.arange(DEPTH)) % DEPTH < loop.stored
    change = loop.f - _least_squares(gram, F @ loop.f, used) @ G
    longest = jnp.maximum(jnp.max(jnp.abs(change)), 1e-300)
    z = loop.z + change * jnp.minimum(1.0, LONGEST_MOVE / longest)
    return loop._replace(z=z, z_past=loop.z, f_past=loop.f, F=F, G=G, gram=gram)


def judge(loop: Acceleration, f: Vector, residual: FloatScalar) -> Acceleration:
    """Return the search after its state was evaluated: gone on, or set back to the best one."""
    setback = ~(residual < SETBACK * loop.best)
    better = residual < loop.best
    z_best = jnp.where(better, loop.z, loop.z_best)
    f_best = jnp.where(better, f, loop.f_best)
    best = jnp.where(better, residual, loop.best)
    damping = jnp.where(setback, loop.damping / 2, jnp.minimum(1.0, 1.2 * loop.damping))
    return loop._replace(
        z=jnp.where(setback, z_best, loop.z),
        f=jnp.where(setback, damping * f_best, f),
        residual=jnp.where(setback, best, residual),
        z_best=z_best,
        f_best=f_best,
        best=best,
        damping=damping,
        stored=jnp.where(setback, 0, loop.stored + 1),
        steps=loop.steps + 1,
        restarts=loop.restarts + setback,
    )


def _least_squares(
    gram: Float[Array, "depth depth"],
    right: Float[Array, " depth"],
    used: Bool[Array, " depth"],
) -> Float[Array, " depth"]:
    """Return the coefficients of the slots in use, zero for the rest."""
    diagonal = jnp.diag(gram)
    used = used & (diagonal > 0)
    scale = jnp.where(used, 1 / jnp.sqrt(jnp.where(used, diagonal, 1.0)), 0.0)
    M = gram * scale[:, None] * scale[None, :] + jnp.diag(jnp.where(used, 1e-12, 1.0))
    factor = jnp.linalg.cholesky(M)
    # jax.scipy.linalg.cho_solve is these two lines, and takes a sixth of a second to import
    half = triangular_solve(factor, right * scale, left_side=True, lower=True)
    return jnp.asarray(
        scale * triangular_solve(factor, half, left_side=True, lower=True, transpose_a=True)
    )
