"""Newton's method on the whole state, its directions found by GMRES.

The move that a step proposes is zero at an equilibrium, and so well conditioned that a Krylov space
of a few dozen directions (Saad and Schultz 1986, SIAM J. Sci. Stat. Comput. 7(3)) has the Newton
direction in it. It finds equilibria that accelerated steps circle around: those that the dynamics
of entry lead away from, and those behind a change of many hundred per cent.
"""

from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from accord.core.arrays import Float
from accord.core.jax_arrays import Array, FloatScalar, IntScalar
from accord.trade.iteration.anderson import FixedPoint, Vector
from accord.trade.iteration.kernel import step
from accord.trade.iteration.state import Kernel, State

MAX_ITERATIONS = 40
PATIENCE = 8  # iterations in which the move has to shrink
PROGRESS = 0.7  # to this part of its length, or the search is given up
HALVINGS = 10
SUFFICIENT = 1e-3
CHUNK = 20  # directions added between two looks at the error of a linear solve
CHUNKS = 4
LINEAR_TOLERANCE = 1e-6
LONGEST_MOVE = 2.0
BREAKDOWN = 1e-13
RESTARTS = 6


class _Space(NamedTuple):
    """Orthonormal directions, the map among them, and the best combination so far."""

    V: Float[Array, "direction state"]
    H: Float[Array, "direction direction_before"]
    used: IntScalar
    y: Float[Array, " direction_before"]
    error: FloatScalar


def solve_whole(
    kernel: Kernel, start: State, tolerance: float, most: int = MAX_ITERATIONS
) -> FixedPoint:
    """Return where at most `most` iterations of Newton's method end that start at `start`.

    Steps counts evaluations of the map and of its derivative; restarts counts Newton iterations.
    """
    state = start
    move, residual = _evaluate(kernel, state)
    steps, iterations, lengths = 1, 0, [float(jnp.linalg.norm(move))]
    while tolerance < float(residual) < np.inf and iterations < most:
        if len(lengths) > PATIENCE and lengths[-1] > PROGRESS * lengths[-1 - PATIENCE]:
            break
        direction, used = _direction(kernel, state, move)
        steps, iterations = steps + int(used), iterations + 1
        length = min(1.0, LONGEST_MOVE / max(float(jnp.abs(direction).max()), 1e-300))
        for _ in range(HALVINGS):
            trial = state + length * direction
            moved, gap = _evaluate(kernel, trial)
            steps += 1
            if float(jnp.linalg.norm(moved)) < lengths[-1] * (1 - SUFFICIENT * length):
                break
            length /= 2
        else:
            break
        state, move, residual = trial, moved, gap
        lengths.append(float(jnp.linalg.norm(moved)))
    return FixedPoint(state, residual, jnp.asarray(steps), jnp.asarray(iterations))


@jax.jit
def _evaluate(kernel: Kernel, state: State) -> tuple[Vector, FloatScalar]:
    return step(kernel, state)


@jax.jit
def _direction(kernel: Kernel, state: State, move: Vector) -> tuple[Vector, Array]:
    """Return the Newton direction, and the products with the derivative that it took."""
    _, push = jax.linearize(lambda z: step(kernel, z)[0], state)
    return project(lambda v: -push(v), move, LINEAR_TOLERANCE)


def solve_linear(
    apply: Callable[[Vector], Vector], right: Vector, tolerance: float
) -> tuple[Vector, FloatScalar]:
    """Return `x` with `apply(x) = right`, and the largest entry of what it leaves.

    GMRES is begun again from where it ended, a few times at most.
    """

    def again(search: tuple[Vector, Vector, Array]) -> tuple[Vector, Vector, Array]:
        x, rest, count = search
        x = x + project(apply, rest, LINEAR_TOLERANCE)[0]
        return x, right - apply(x), count + 1

    x, rest, _ = jax.lax.while_loop(
        lambda search: (jnp.max(jnp.abs(search[1])) > tolerance) & (search[2] < RESTARTS),
        again,
        (jnp.zeros_like(right), right, jnp.zeros((), int)),
    )
    return x, jnp.max(jnp.abs(rest))


def project(
    apply: Callable[[Vector], Vector], right: Vector, tolerance: float
) -> tuple[Vector, Array]:
    """Return the `x` of a Krylov space for which `apply(x)` is nearest to `right`.

    Args:
        apply: A linear map.
        right: What it is to give.
        tolerance: Error over the length of `right` from which the space is wide enough.

    Returns:
        The solution, and the number of products with the map.
    """
    most = min(CHUNK * CHUNKS, right.size)
    size = jnp.maximum(jnp.linalg.norm(right), 1e-300)
    target = jnp.zeros(most + 1).at[0].set(size)
    V = jnp.zeros((most + 1, right.size)).at[0].set(right / size)

    def extend(k: Array, space: tuple[Array, Array]) -> tuple[Array, Array]:
        V, H = space
        image = apply(V[k])
        for _ in range(2):  # once is not orthogonal enough
            part = V @ image
            image = image - part @ V
            H = H.at[:, k].add(part)
        length = jnp.linalg.norm(image)
        alive = length > BREAKDOWN
        V = V.at[k + 1].set(jnp.where(alive, image / jnp.where(alive, length, 1.0), 0.0))
        return V, H.at[k + 1, k].set(jnp.where(alive, length, 0.0))

    def widen(search: _Space) -> _Space:
        end = jnp.minimum(search.used + CHUNK, most)
        V, H = jax.lax.fori_loop(search.used, end, extend, (search.V, search.H))
        y = jnp.linalg.lstsq(H, target)[0]
        return _Space(V, H, end, y, jnp.linalg.norm(H @ y - target))

    start = _Space(V, jnp.zeros((most + 1, most)), jnp.zeros((), int), jnp.zeros(most), error=size)
    end = jax.lax.while_loop(
        lambda search: (search.used < most) & (search.error > tolerance * size), widen, start
    )
    return end.y @ end.V[:-1], end.used
