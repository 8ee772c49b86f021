"""Sectors that close: corner solutions under strong scale economies.

A sector that sells less has higher costs, and loses buyers for it: scale times trade elasticity of
them for each per cent. Below one, demand falls more slowly than sales do, and the sector settles at
a smaller size, however small. From one on, demand can fall faster at every size: the sector closes,
and nobody gains by opening it again. The search follows the dynamics of entry, in which a sector
grows while demand is above its sales, closes what vanishes, and solves for the rest.
"""

from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from accord.core.arrays import Bool, Float
from accord.core.jax_arrays import Array
from accord.trade.iteration.anderson import FixedPoint
from accord.trade.iteration.kernel import step
from accord.trade.iteration.prepare import SHUT
from accord.trade.iteration.state import Baseline, Kernel, State, log_sales, split
from accord.trade.solution import KNIFE_EDGE

VANISHED = -9.0  # log of sales over baseline sales: of a market share that no longer matters
STEPS = 300  # of the dynamics, between two looks at what has vanished
ROUNDS = 8
SETTLING = 0.3  # largest gap of demand, in logs, from which an equilibrium is sought
LONGEST_DRIFT = 0.5
ENTRY = 0.3  # of the gap of demand that sales close in a step
WAGES = 0.5  # of the solver's step of wages; entry must be slow beside it, or it overshoots

Closed = Bool[np.ndarray, "region sector"]
Solve = Callable[[Kernel, State], FixedPoint]


class Dynamics(NamedTuple):
    """Where the dynamics of entry stand: the state, and how far demand is above sales, in logs."""

    state: State
    gap: Float[Array, "region sector"]


class Corner(NamedTuple):
    """Where a search for a corner ended: the economy with closed sectors, and what was reached."""

    kernel: Kernel
    point: FixedPoint
    closed: Closed
    steps: int


def strong_sectors(base: Baseline) -> Bool[np.ndarray, " sector"]:
    """Whether scale times trade elasticity is at least one in each sector, so that it can close."""
    if base.mu is None:
        return np.zeros(base.theta.shape[0], dtype=bool)
    return np.asarray(base.mu * base.theta >= 1 - KNIFE_EDGE)


def close(kernel: Kernel, closed: Closed) -> Kernel:
    """Return the kernel in which the sectors given sell nothing at any price."""
    if not closed.any():
        return kernel
    kept = jnp.asarray(~closed.T, dtype=float)[:, None, :]
    base = kernel.base._replace(Y=jnp.where(closed, 0.0, kernel.base.Y))
    if base.V is not None:
        base = base._replace(V=jnp.where(closed, 0.0, base.V))
    return kernel._replace(base=base, A=kernel.A * kept, B=kernel.B * kept)


def seek_corner(kernel: Kernel, start: State, tolerance: float, solve: Solve) -> Corner:
    """Return where the dynamics of entry lead, sectors that vanish being closed on the way.

    A sector is closed for good only where it would not be opened again. Above the knife-edge of
    scale times trade elasticity of one nobody ever would; on it, demand is looked at.

    Args:
        kernel: The economy with every sector open.
        start: Where the dynamics start.
        tolerance: The residual that ends the search.
        solve: Finds an equilibrium from a state near it.
    """
    closed = np.zeros(kernel.base.Y.shape, dtype=bool)
    some, state, steps = kernel, start, 0
    point = FixedPoint(start, jnp.asarray(np.inf), jnp.asarray(0), jnp.asarray(0))
    for _ in range(ROUNDS):
        at = drift(some, state)
        state, steps = at.state, steps + STEPS
        more = _vanishing(some, at) & ~closed
        closed |= more
        some = close(kernel, closed)
        if more.any() or float(jnp.abs(at.gap).max()) < SETTLING:
            point = solve(some, state)
            steps += int(point.steps)
            if float(point.residual) <= tolerance and not _reopens(kernel, point, closed):
                break
            point = point._replace(residual=jnp.asarray(np.inf))
    return Corner(some, point, closed, steps)


def shut(kernel: Kernel, state: State, closed: Closed) -> State:
    """Return a state with closed sectors near nothing, for solves that begin from it."""
    N, J = kernel.base.Y.shape
    sales = state[N + N * J :].reshape(-1, N, J)  # of makers, and at buyers' prices if they count
    return jnp.concatenate([state[: N + N * J], jnp.where(closed, SHUT, sales).ravel()])


@jax.jit
def drift(kernel: Kernel, start: State) -> Dynamics:
    """Return where the dynamics of entry lead in some steps."""
    base = kernel.base
    gain = jnp.full_like(base.Y, ENTRY)
    slow = kernel._replace(base=base._replace(gain=gain, eta=WAGES * base.eta))

    def advance(_: Array, state: State) -> State:
        move, _ = step(slow, state)
        longest = jnp.maximum(jnp.max(jnp.abs(move)), 1e-300)
        return state + move * jnp.minimum(1.0, LONGEST_DRIFT / longest)

    end = jax.lax.fori_loop(0, STEPS, advance, start)
    move, _ = step(slow, end)
    N, J = base.Y.shape
    return Dynamics(end, move[N + N * J : N + 2 * N * J].reshape(N, J))


def _vanishing(kernel: Kernel, at: Dynamics) -> Closed:
    """Return the sectors that have all but closed and go on shrinking."""
    _, _, Y, _ = split(kernel, at.state)
    small = np.asarray(log_sales(kernel.base, Y)) < VANISHED
    return np.asarray(small & (np.asarray(at.gap) < 0) & strong_sectors(kernel.base))


def _reopens(kernel: Kernel, point: FixedPoint, closed: Closed) -> bool:
    """Whether a closed sector on the knife-edge would sell more than it makes if it were opened."""
    strength = np.asarray(kernel.base.mu) * np.asarray(kernel.base.theta)
    edge = closed & (np.abs(strength - 1) <= KNIFE_EDGE)
    if not edge.any():
        return False
    move, _ = step(kernel, shut(kernel, point.state, closed))
    N, J = closed.shape
    return bool(np.any(np.asarray(move)[N + N * J : N + 2 * N * J].reshape(N, J)[edge] > 0))
