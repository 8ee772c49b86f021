"""Geometry of payoffs: what is dominated, the concave hull of two parties, areas under it."""

import numpy as np

from accord.core.arrays import Bool, Float, Int

Points = Float[np.ndarray, "point party"]
Plane = Float[np.ndarray, "point 2"]


def find_efficient(payoffs: Points) -> Bool[np.ndarray, " point"]:
    """Return which points no other point beats: at least as good for all, better for one."""
    kept = np.ones(len(payoffs), dtype=bool)
    for at, point in enumerate(payoffs):
        others = payoffs[kept]
        better = (others >= point).all(axis=1) & (others > point).any(axis=1)
        kept[at] = not better.any()
    return kept


def concave_chain(payoffs: Plane) -> Int[np.ndarray, " vertex"]:
    """Return the points whose lotteries are the frontier of two parties, in order.

    From the one that is best for the second party to the one that is best for the first.
    """
    order = np.flatnonzero(find_efficient(payoffs))
    order = order[np.lexsort((payoffs[order, 1], payoffs[order, 0]))]
    chain: list[int] = []
    for at in order:
        if chain and (payoffs[chain[-1]] == payoffs[at]).all():
            continue
        while len(chain) > 1 and _turn(payoffs[chain[-2]], payoffs[chain[-1]], payoffs[at]) >= 0:
            chain.pop()
        chain.append(int(at))
    return np.array(chain, dtype=np.int64)


def _turn(a: np.ndarray, b: np.ndarray, c: np.ndarray) -> float:
    """Return twice the signed area of a triangle: positive for a turn to the left."""
    return float((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]))


def area_above(
    frontier: Plane, floor: Float[np.ndarray, " 2"], jumps: Bool[np.ndarray, " segment"]
) -> float:
    """Return the area of what lies above a floor and under a frontier of two parties.

    Args:
        frontier: Points in the order of the first party's payoff, the second's falling.
        floor: Payoffs without an agreement.
        jumps: Which segments hold no points: there the frontier is a step down.
    """
    x, y = (frontier - floor).T
    left, right = np.concatenate([[0.0], x[:-1]]), x
    start = np.concatenate([y[:1], np.where(jumps, y[1:], y[:-1])])
    return float(sum(map(_area_of_segment, left, right, start, y)))


def _area_of_segment(left: float, right: float, start: float, end: float) -> float:
    """Return the area above both axes under a straight piece that does not rise."""
    if right <= 0 or start <= 0 or right <= left:
        return 0.0
    slope = (end - start) / (right - left)
    if left < 0:
        start, left = start - slope * left, 0.0
    if end < 0:
        right, end = left - start / slope, 0.0
    return max(0.0, (right - left) * (start + end) / 2)
