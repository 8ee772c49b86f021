"""Many equilibria in one compiled loop: lanes side by side, each refilled when its member is done.

Every lane runs the search of `anderson` for one member of the batch. A lane whose member has ended
hands its state over and takes the next member in the same loop, so members that converge early cost
nothing more. A member that never ends holds its own lane only. The number of lanes is fixed, so a
batch of any size needs one program.
"""

from functools import partial
from typing import NamedTuple, cast

import jax
import jax.numpy as jnp

from accord.core.arrays import Float, Int
from accord.core.jax_arrays import Array, FloatScalar, IntScalar
from accord.trade.iteration.anderson import DEPTH, Acceleration, begin, judge, propose, unfinished
from accord.trade.iteration.kernel import step, sweep
from accord.trade.iteration.state import OWN, Kernel, Lanes, Sweep

WIDTH = 8


class Ended(NamedTuple):
    """Where members ended: states, one evaluation there (by chunks of lanes), and steps taken.

    `clock` counts the steps of the lanes, which is what the call cost.
    """

    state: Float[Array, "member state"]
    out: Sweep
    steps: Int[Array, " member"]
    clock: IntScalar


class _Progress(NamedTuple):
    loop: Acceleration
    kernel: Kernel
    member: Int[Array, " lane"]
    waiting: IntScalar
    clock: IntScalar
    states: Float[Array, "member state"]
    steps: Int[Array, " member"]


@partial(jax.jit, static_argnames=("max_steps",))
def solve_lanes(
    kernel: Kernel,
    start: Float[Array, "member state"],
    count: IntScalar | int,
    tolerance: FloatScalar | float,
    *,
    max_steps: int,
) -> Ended:
    """Return where the search for each of the first `count` members ended.

    Args:
        kernel: The kernels of all members, side by side.
        start: Where each begins.
        count: How many of them there are; the rest is padding.
        tolerance: The residual at which a search ends.
        max_steps: Largest number of steps of each.
    """
    room = len(start)
    first = jnp.arange(WIDTH)
    member = jnp.where(first < count, first, room)
    none = jnp.zeros((), dtype=int)
    loop = jax.vmap(begin)(jnp.take(start, member, axis=0, mode="clip"))
    steps = jnp.zeros(room, dtype=int)
    run = _Progress(loop, _pick(kernel, member), member, none + WIDTH, none, start, steps)

    def over(run: _Progress) -> Array:
        going = jax.vmap(lambda loop: unfinished(loop, tolerance, max_steps))(run.loop)
        return ~going & (run.member < room)

    def hand_over(run: _Progress) -> _Progress:
        done = over(run)
        target = jnp.where(done, run.member, room)
        following = run.waiting + jnp.cumsum(done) - 1
        member = jnp.where(done, jnp.where(following < count, following, room), run.member)
        fresh = jax.vmap(begin)(jnp.take(start, member, axis=0, mode="clip"))
        loop = jax.tree.map(partial(_choose, done), fresh, run.loop)
        return _Progress(
            loop, _pick(kernel, member), member, run.waiting + done.sum(), run.clock,
            run.states.at[target].set(run.loop.z, mode="drop"),
            run.steps.at[target].set(run.loop.steps, mode="drop"),
        )  # fmt: skip

    def advance(run: _Progress) -> _Progress:
        loop = jax.vmap(propose, in_axes=(0, None))(run.loop, run.clock % DEPTH)
        moves, residuals = step(run.kernel, loop.z.T)
        loop = jax.vmap(judge)(loop, moves.T, residuals)
        return run._replace(loop=loop, clock=run.clock + 1)

    def until_one_ends(run: _Progress) -> _Progress:
        return hand_over(jax.lax.while_loop(lambda run: ~jnp.any(over(run)), advance, run))

    end = jax.lax.while_loop(lambda run: jnp.any(run.member < room), until_one_ends, run)

    def look(chunk: Array) -> Sweep:
        member = chunk * WIDTH + first
        return sweep(_pick(kernel, member), end.states[member].T, repeats=1)

    return Ended(end.states, jax.lax.map(look, jnp.arange(room // WIDTH)), end.steps, end.clock)


def _choose(done: Array, fresh: Array, old: Array) -> Array:
    return jnp.where(done.reshape(-1, *[1] * (old.ndim - 1)), fresh, old)


def _pick(kernel: Kernel, member: Array) -> Kernel:
    """Return the kernel of the members that are in the lanes; the last one stands for none."""

    def take(array: Array | None) -> Array | None:
        return None if array is None else jnp.take(array, member, axis=-1, mode="clip")

    base, change, lanes = kernel.base, kernel.change, cast("Lanes", kernel.lanes)
    own = OWN if base.m is None else (*OWN, "beta")
    return kernel._replace(
        base=base._replace(**{name: take(getattr(base, name)) for name in own}),  # type: ignore[arg-type]
        change=type(change)(*(take(array) for array in change)),  # type: ignore[arg-type]
        lanes=lanes._replace(
            A=jnp.take(lanes.A, member, axis=-1, mode="clip"),
            B=jnp.take(lanes.B, member, axis=-1, mode="clip"),
        ),
    )
