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
from jaxtyping import Bool, Float

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


class _Loop(NamedTuple):
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
    f, residual = move(start)
    size = start.size
    zero = jnp.zeros((), dtype=int)
    history = jnp.zeros((DEPTH, size))
    loop = _Loop(
        start, f, residual, start, f, start, f, residual, jnp.ones(()), history, history,
        jnp.zeros((DEPTH, DEPTH)), zero, zero + 1, zero,
    )  # fmt: skip

    def unfinished(loop: _Loop) -> Bool[Array, ""]:
        return (loop.residual > tolerance) & (loop.steps < max_steps) & jnp.isfinite(loop.residual)

    end = jax.lax.while_loop(unfinished, lambda loop: _advance(move, loop), loop)
    return FixedPoint(end.z, end.residual, end.steps, end.restarts)


def _advance(move: Move, loop: _Loop) -> _Loop:
    slot = (loop.stored - 1) % DEPTH
    keep = jnp.where(loop.stored > 0, 1.0, 0.0)
    df = (loop.f - loop.f_past) * keep
    dg = df + (loop.z - loop.z_past) * keep
    F = jax.lax.dynamic_update_slice(loop.F, df[None], (slot, jnp.zeros_like(slot)))
    G = jax.lax.dynamic_update_slice(loop.G, dg[None], (slot, jnp.zeros_like(slot)))
    products = F @ df
    gram = loop.gram.at[slot, :].set(products).at[:, slot].set(products)
    used = jnp.arange(DEPTH) < loop.stored
    change = loop.f - _least_squares(gram, F @ loop.f, used) @ G
    longest = jnp.maximum(jnp.max(jnp.abs(change)), 1e-300)
    z = loop.z + change * jnp.minimum(1.0, LONGEST_MOVE / longest)
    f, residual = move(z)

    setback = ~(residual < SETBACK * loop.best)
    better = residual < loop.best
    z_best = jnp.where(better, z, loop.z_best)
    f_best = jnp.where(better, f, loop.f_best)
    best = jnp.where(better, residual, loop.best)
    damping = jnp.where(setback, loop.damping / 2, jnp.minimum(1.0, 1.2 * loop.damping))
    return _Loop(
        z=jnp.where(setback, z_best, z),
        f=jnp.where(setback, damping * f_best, f),
        residual=jnp.where(setback, best, residual),
        z_past=loop.z,
        f_past=loop.f,
        z_best=z_best,
        f_best=f_best,
        best=best,
        damping=damping,
        F=F,
        G=G,
        gram=gram,
        stored=jnp.where(setback, 0, loop.stored + 1),
        steps=loop.steps + 1,
        restarts=loop.restarts + setback,
    )


def _least_squares(
    gram: Float[Array, "depth depth"],
    right: Float[Array, " depth"],
    used: Bool[Array, " depth"],
) -> Float[Array, " depth"]:
    """Return the coefficients of the slots in use, zero for the rest.

    The Cholesky factor is written out: at this size a library call costs more than the work.
    """
    diagonal = jnp.diag(gram)
    used = used & (diagonal > 0)
    scale = jnp.where(used, 1 / jnp.sqrt(jnp.where(used, diagonal, 1.0)), 0.0)
    M = gram * scale[:, None] * scale[None, :] + jnp.diag(jnp.where(used, 1e-12, 1.0))
    b = right * scale
    L: list[list[Array]] = []
    y: list[Array] = []
    for i in range(DEPTH):
        row: list[Array] = []
        for j in range(i):
            row.append((M[i, j] - _dot(row, L[j][:j])) / L[j][j])
        row.append(jnp.sqrt(jnp.maximum(M[i, i] - _dot(row, row), 1e-300)))
        L.append(row)
        y.append((b[i] - _dot(row[:i], y)) / row[i])
    x: list[Array] = []
    for i in reversed(range(DEPTH)):
        above = [L[k][i] for k in range(i + 1, DEPTH)]
        x.insert(0, (y[i] - _dot(above, x)) / L[i][i])
    return scale * jnp.stack(x)


def _dot(left: list[Array], right: list[Array]) -> Array | float:
    total: Array | float = 0.0
    for a, b in zip(left, right, strict=True):
        total = total + a * b
    return total
