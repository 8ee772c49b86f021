"""Queues: for money under a yearly cap, and for a limited number of installers.

Both serve first what came first, and what is not used is not kept. Amounts are cumulated at the
edges of the steps (edge 0 is the start), and flow evenly within a step, so that the time at which
a unit is served can be read between the edges.
"""

import numpy as np

from accord.core.arrays import Float
from accord.finance.rates import STEPS

Flow = Float[np.ndarray, "path step"]
StepPath = Float[np.ndarray, "step path"]
Edges = Float[np.ndarray, "path edge"]
Items = Float[np.ndarray, "path item"]
Item = Float[np.ndarray, " item"]

TOUCH = 1e-12  # of the total: a level this close counts as reached
SHORTEST = 1e-3  # steps: what flows in less time flows in this


class Switches:
    """Rates that are switched on and off at any time, added up into one flow.

    Times and rates are by path and item; times in steps, rates an amount a step. A time before the
    start counts as the start; one after the end gives nothing.
    """

    def __init__(self, paths: int, steps: int) -> None:
        """Begin with nothing switched on."""
        self.steps = steps
        self.change = np.zeros((paths, steps + 2))

    def turn_on(self, at: Items, rate: Items | Item) -> None:
        """Add a flow that starts at a time and never ends; a negative rate ends one."""
        paths, width = self.change.shape
        at = np.clip(at, 0.0, float(self.steps))
        first = at.astype(np.int64)
        part = (at - first) * rate
        first += np.arange(paths, dtype=np.int64)[:, None] * width
        cell = first.ravel()
        whole = np.broadcast_to(rate, at.shape)
        size = paths * width
        self.change += np.bincount(cell, (whole - part).ravel(), size).reshape(paths, width)
        self.change += np.bincount(cell + 1, part.ravel(), size).reshape(paths, width)

    def spread(self, start: Items, end: Items, amount: Items | Item) -> None:
        """Add amounts that flow evenly from one time to another."""
        length = np.maximum(end - start, SHORTEST)
        rate = amount / length
        self.turn_on(start, rate)
        self.turn_on(start + length, -rate)

    def flow(self) -> Flow:
        """Return the flow of every step."""
        return np.asarray(np.cumsum(self.change, axis=1)[:, : self.steps])


def lump(at: Items, amount: Items | Item, steps: int) -> Flow:
    """Return amounts that fall due at single times (in steps); those after the end are lost."""
    paths = at.shape[0]
    first = np.clip(np.floor(at), 0, steps).astype(np.int64)
    cell = (np.arange(paths, dtype=np.int64)[:, None] * (steps + 1) + first).ravel()
    weights = np.broadcast_to(amount, at.shape).ravel()
    whole = np.bincount(cell, weights=weights, minlength=paths * (steps + 1))
    return np.asarray(whole.reshape(paths, steps + 1)[:, :steps])


def by_step(flow: Flow) -> StepPath:
    """Return a flow with the step first, so that a loop over steps reads memory in order."""
    return np.ascontiguousarray(flow.T)


def by_path(flow: StepPath) -> Flow:
    """Return a flow with the path first again."""
    return np.ascontiguousarray(flow.T)


def by_year(flow: Flow) -> Float[np.ndarray, "path year"]:
    """Return a flow by step as a flow by year."""
    return np.asarray(sum(flow[:, step::STEPS] for step in range(STEPS)))


def to_edges(flow: Flow) -> Edges:
    """Return the cumulated amount at every edge of the steps, zero at the start."""
    edges = np.zeros((flow.shape[0], flow.shape[1] + 1))
    np.cumsum(flow, axis=1, out=edges[:, 1:])
    return edges


def pay_under_cap(
    asked: Flow, cap: float | None, until: int, set_aside: Flow | None = None
) -> Flow:
    """Return what is paid when at most `cap` falls in a calendar year (bn USD a step).

    What waits is spread over the steps left in the year, so that money under a binding cap is not
    all called in January. A higher cap never lowers what has been paid by any date.

    Args:
        asked: What projects ask for, a step.
        cap: Most that is paid in a year of four steps; None for no cap.
        until: Steps after which nothing is paid.
        set_aside: What is paid before of the same cap, a step: it is kept free all year.
    """
    if until < asked.shape[1]:
        asked = asked.copy()
        asked[:, until:] = 0.0
    if cap is None:
        return asked
    wanted = by_step(asked)
    paid = np.zeros_like(wanted)
    waiting = np.zeros(asked.shape[0])
    room = np.zeros(asked.shape[0])
    kept = (
        np.zeros((len(asked), asked.shape[1] // STEPS)) if set_aside is None else by_year(set_aside)
    )
    for step in range(min(until, asked.shape[1])):
        left = STEPS - step % STEPS
        if left == STEPS:
            room = np.maximum(float(cap) - kept[:, step // STEPS], 0.0)
        waiting += wanted[step]
        paid[step] = now = np.minimum(waiting, room / left)
        waiting -= now
        room -= now
    return by_path(paid)


def serve(asked: Flow, capacity: Flow) -> Flow:
    """Return the work done each step when no more than `capacity` can be done in it."""
    wanted, room = by_step(asked), by_step(capacity)
    done = np.zeros_like(wanted)
    waiting = np.zeros(asked.shape[0])
    for step, here in enumerate(wanted):
        waiting += here
        done[step] = now = np.minimum(waiting, room[step])
        waiting -= now
    return by_path(done)


def level_at(edges: Edges, time: Items) -> Items:
    """Return the cumulated amount at times (in steps) of every path."""
    last = edges.shape[1] - 1
    time = np.clip(time, 0.0, float(last))
    first = np.minimum(time.astype(np.int64), last - 1)
    low = np.take_along_axis(edges, first, axis=1)
    high = np.take_along_axis(edges, first + 1, axis=1)
    return np.asarray(low + (high - low) * (time - first))


def time_of(edges: Edges, level: Items) -> Items:
    """Return the first time (in steps) at which the cumulated amount reaches a level.

    A level that is never reached gives infinity.
    """
    width = edges.shape[1]
    level = level - TOUCH * np.maximum(edges[:, -1:], 1.0)
    first = np.empty(level.shape, dtype=np.int64)
    for path, (edge, wanted) in enumerate(zip(edges, level, strict=True)):
        first[path] = edge.searchsorted(wanted)
    reached = level <= edges[:, -1:]
    at = np.clip(first, 1, width - 1)
    low = np.take_along_axis(edges, at - 1, axis=1)
    high = np.take_along_axis(edges, at, axis=1)
    part = np.clip((level - low) / np.where(high > low, high - low, 1.0), 0.0, 1.0)
    return np.where(reached, np.where(first > 0, at - 1 + part, 0.0), np.inf)
