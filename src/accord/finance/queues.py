"""Waiting lines: money under a yearly cap, work for a limited number of installers.

Both serve first what came first, and what is not used is not kept. Amounts are cumulated at the
edges of the steps (edge 0 is the start), and flow evenly within a step, so that the time at which
a unit is served can be read between the edges.
"""

import numpy as np
from jaxtyping import Float

from accord.finance.rates import STEPS

Flow = Float[np.ndarray, "path step"]
Edges = Float[np.ndarray, "path edge"]
Times = Float[np.ndarray, " path"]

TOUCH = 1e-12  # of the total: a level this close counts as reached


def flow_between(
    start: Float[np.ndarray, "path item"],
    end: Float[np.ndarray, "path item"],
    amount: Float[np.ndarray, "path item"] | Float[np.ndarray, " item"],
    steps: int,
) -> Flow:
    """Return amounts spread evenly from `start` to `end` (in steps), summed over items."""
    length = np.maximum(end - start, 1e-3)
    rate = amount / length
    return np.asarray(switch_on(start, rate, steps) - switch_on(start + length, rate, steps))


def switch_on(
    at: Float[np.ndarray, "path item"],
    rate: Float[np.ndarray, "path item"] | Float[np.ndarray, " item"],
    steps: int,
) -> Flow:
    """Return the flow of rates (a step) switched on at given times (in steps), and never off.

    A time before the start counts as the start; one after the end gives nothing.
    """
    paths = at.shape[0]
    at = np.clip(at, 0.0, float(steps))
    first = np.floor(at).astype(np.int64)
    part = at - first
    rate = np.broadcast_to(rate, at.shape)
    width = steps + 2
    cell = (np.arange(paths, dtype=np.int64)[:, None] * width + first).ravel()
    size = paths * width
    here = np.bincount(cell, weights=(rate * (1 - part)).ravel(), minlength=size)
    there = np.bincount(cell + 1, weights=(rate * part).ravel(), minlength=size)
    change = (here + there).reshape(paths, width)
    return np.asarray(np.cumsum(change, axis=1)[:, :steps])


def lump(
    at: Float[np.ndarray, "path item"],
    amount: Float[np.ndarray, "path item"] | Float[np.ndarray, " item"],
    steps: int,
) -> Flow:
    """Return amounts that fall due at single times (in steps); those after the end are lost."""
    paths = at.shape[0]
    first = np.clip(np.floor(at), 0, steps).astype(np.int64)
    cell = (np.arange(paths, dtype=np.int64)[:, None] * (steps + 1) + first).ravel()
    weights = np.broadcast_to(amount, at.shape).ravel()
    whole = np.bincount(cell, weights=weights, minlength=paths * (steps + 1))
    return np.asarray(whole.reshape(paths, steps + 1)[:, :steps])


def to_edges(flow: Flow) -> Edges:
    """Return the cumulated amount at every edge of the steps, zero at the start."""
    edges = np.zeros((flow.shape[0], flow.shape[1] + 1))
    np.cumsum(flow, axis=1, out=edges[:, 1:])
    return edges


def pay_under_cap(asked: Flow, cap: float | None, until: int) -> Flow:
    """Return what is paid when at most `cap` falls in a calendar year (bn USD a step).

    What waits is spread over the steps left in the year, so that money under a binding cap is not
    all called in January. A higher cap never lowers what has been paid by any date.

    Args:
        asked: What projects ask for, a step.
        cap: Most that is paid in a year of four steps; None for no cap.
        until: Steps after which nothing is paid.
    """
    if until < asked.shape[1]:
        asked = asked.copy()
        asked[:, until:] = 0.0
    if cap is None:
        return asked
    paid = np.zeros_like(asked)
    waiting = np.zeros(asked.shape[0])
    room = np.zeros(asked.shape[0])
    for step in range(min(until, asked.shape[1])):
        left = STEPS - step % STEPS
        if left == STEPS:
            room = np.full(asked.shape[0], float(cap))
        waiting += asked[:, step]
        now = np.minimum(waiting, room / left)
        waiting -= now
        room -= now
        paid[:, step] = now
    return paid


def serve(asked: Flow, capacity: Flow) -> Flow:
    """Return the work done each step when no more than `capacity` can be done in it."""
    done = np.zeros_like(asked)
    waiting = np.zeros(asked.shape[0])
    for step in range(asked.shape[1]):
        waiting += asked[:, step]
        now = np.minimum(waiting, capacity[:, step])
        waiting -= now
        done[:, step] = now
    return done


def level_at(edges: Edges, time: Times) -> Times:
    """Return the cumulated amount at a time (in steps) of every path."""
    last = edges.shape[1] - 1
    time = np.clip(time, 0.0, float(last))
    first = np.minimum(time.astype(np.int64), last - 1)
    rows = np.arange(edges.shape[0])
    low, high = edges[rows, first], edges[rows, first + 1]
    return np.asarray(low + (high - low) * (time - first))


def time_of(edges: Edges, level: Times) -> Times:
    """Return the first time (in steps) at which the cumulated amount reaches a level.

    A level that is never reached gives infinity.
    """
    level = level - TOUCH * np.maximum(edges[:, -1], 1.0)
    above = edges >= level[:, None]
    reached = above[:, -1]
    first = np.where(reached, np.argmax(above, axis=1), 1)
    rows = np.arange(edges.shape[0])
    before = np.maximum(first - 1, 0)
    low, high = edges[rows, before], edges[rows, np.maximum(first, 1)]
    rise = np.where(high > low, high - low, 1.0)
    part = np.where(first > 0, np.clip((level - low) / rise, 0.0, 1.0), 0.0)
    return np.where(reached, before + part, np.inf)
