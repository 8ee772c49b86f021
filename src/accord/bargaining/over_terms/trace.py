"""The frontier over terms: one optimisation a point, with more points at bends and in long gaps.

Two parties: starting from the best point of each, the stretch that needs it most is halved. The
new point is the furthest feasible one from the middle of the chord in the direction in which both
gain (Pascoletti and Serafini 1984), so that concave and other frontiers are followed alike. More
parties: the same from an even lattice of reference points (Das and Dennis 1998).
"""

from dataclasses import dataclass, replace
from itertools import combinations_with_replacement, pairwise
from math import comb

import numpy as np

from accord.bargaining.equations import find_efficient
from accord.bargaining.over_terms.goals import SMALL, raise_least, raise_sum
from accord.bargaining.over_terms.search import Peak, Search
from accord.bargaining.plan import Party, Term
from accord.core.arrays import Bool, Float

SAME = 1e-5  # distance, over the length of the frontier, at which two points are one
SPACING = 0.2  # longest stretch without a point, over the length of the frontier
REPAIRS = 20  # how often a point found above the frontier may be taken up
TRIES = 3  # how many such points are tried before the frontier is left as it is
BISECTIONS = 8  # how often the side of a gap is looked for, each time in half of what is left
AFTER_HALVING = 4  # a smooth curve is this many times closer to the halves of a chord


@dataclass(frozen=True, eq=False)
class Arc:
    """The frontier between two points.

    Attributes:
        left: The point that is better for the second party.
        right: The point that is better for the first.
        bend: Distance expected between frontier and chord; infinite while nothing is known.
        area: Area expected between them.
        jump: Whether there is nothing efficient in between.
    """

    left: Peak
    right: Peak
    bend: float = np.inf
    area: float = np.inf
    jump: bool = False


@dataclass(frozen=True, eq=False)
class Trace:
    """Points of a frontier, with what is known of the way between them.

    Attributes:
        peaks: Efficient points; with two parties ordered by the first one's gain.
        jumps: For two parties, whether nothing efficient lies between neighbours.
        deviation: Distance expected between frontier and chords, over the length of the frontier.
        area: Area expected between them, in units of the search.
        residual: Largest residual of the first-order conditions of the points kept.
        failed: Points left out because their residual was above the tolerance.
        above: How far above the frontier the highest point lies that was evaluated on the way, over
            the length of the frontier; NaN for more than two parties.
    """

    peaks: tuple[Peak, ...]
    jumps: Bool[np.ndarray, " segment"]
    deviation: float
    area: float
    residual: float
    failed: int
    above: float = np.nan


def trace(search: Search, floors: Party) -> Trace | None:
    """Return the frontier of the terms at which every gain is at least its floor (or −∞).

    None if the best point of a party was not found.
    """
    ends = []
    for party in range(len(floors)):
        end = _best_end(search, party, floors)
        if end is None or _gap(search, end) > search.config.tolerance:
            return None
        ends.append(end)
    if len(ends) == 2:
        return _between(search, ends[1], ends[0], floors)
    return _over_lattice(search, ends, floors)


def _best_end(search: Search, party: int, floors: Party) -> Peak | None:
    """Return the best point of a party; of several, the one that is best for the others."""
    reward = np.eye(len(floors))[party]
    best = search.maximise(raise_sum(reward, floors))
    if best is None:
        return None
    kept = floors.copy()
    kept[party] = best.gains[party]
    kinder = search.maximise(raise_sum(1 - reward, kept), (best.place,))
    return best if kinder is None or kinder.score <= best.gains @ (1 - reward) else kinder


def _between(search: Search, left: Peak, right: Peak, floors: Party) -> Trace:
    """Return the frontier of two parties from one end to the other."""
    length = np.abs(right.gains - left.gains)
    if length.max() < SAME:
        return _keep(search, [left], [])
    length = np.maximum(length, SAME)
    arcs = _refine(search, [Arc(left, right)], length, floors)
    for _ in range(REPAIRS):
        places, over = _find_above(search, arcs, length, floors)
        missed = [at for at in np.argsort(-over)[:TRIES] if over[at] > 3 * search.config.accuracy]
        peaks = (_from_below(search, places[at], length, floors) for at in missed)
        peak = next((candidate for candidate in peaks if candidate is not None), None)
        if peak is None or len(arcs) + 1 >= search.config.points:
            break
        arcs = _refine(search, _insert(arcs, peak), length, floors)
    arcs = [_bound(arc, length) if np.isinf(arc.bend) else arc for arc in arcs]
    traced = _keep(search, _points(arcs), arcs)
    return replace(
        traced, above=max(0.0, float(_find_above(search, arcs, length, floors)[1].max()))
    )


def _from_below(search: Search, place: Term, length: Party, floors: Party) -> Peak | None:
    """Return an efficient point that is at least as good for both as a place."""
    gains = search.gains(place)
    least = raise_least(length, gains, spare=SMALL, bound=floors)
    for goal in (least, raise_sum(1 / length, np.maximum(gains, floors))):
        peak = search.maximise(goal, (place,), samples=0)
        if peak is not None and (peak.gains >= gains - SAME * length).all():
            return peak
    return None


def _refine(search: Search, arcs: list[Arc], length: Party, floors: Party) -> list[Arc]:
    """Return the arcs of a frontier with points where it bends or is long."""
    arcs, accuracy = list(arcs), search.config.accuracy

    def need(arc: Arc) -> float:
        if arc.jump:
            return 0.0
        span = float((np.abs(arc.right.gains - arc.left.gains) / length).max())
        # Of an arc of which nothing is known, a length below the root of the accuracy is safe.
        bend = span**2 if np.isinf(arc.bend) else arc.bend
        return max(span / SPACING, bend / accuracy) if span > SAME else 0.0

    while len(arcs) + 1 < search.config.points:
        needs = [need(arc) for arc in arcs]
        worst = int(np.argmax(needs))
        if needs[worst] <= 1.0:
            break
        arcs[worst : worst + 1] = _halve(search, arcs[worst], length, floors)
    return arcs


def _bound(arc: Arc, length: Party) -> Arc:
    """Return an arc of which nothing is known with what its ends allow."""
    span = np.abs(arc.right.gains - arc.left.gains)
    return replace(arc, bend=float((span / length).max() / 2), area=float(span.prod() / 2))


def _points(arcs: list[Arc]) -> list[Peak]:
    return [arcs[0].left, *(arc.right for arc in arcs)]


def _insert(arcs: list[Arc], peak: Peak) -> list[Arc]:
    """Return the arcs with a further point, without those points that it dominates."""
    points = [*_points(arcs), peak]
    gains = np.stack([point.gains for point in points])
    rows = np.flatnonzero(find_efficient(gains))
    order = rows[np.argsort(gains[rows, 0])]
    known = {(id(arc.left), id(arc.right)): arc for arc in arcs}
    pairs = pairwise([points[at] for at in order])
    return [known.get((id(a), id(b)), Arc(a, b)) for a, b in pairs] or arcs


def _find_above(
    search: Search, arcs: list[Arc], length: Party, floors: Party
) -> tuple[Float[np.ndarray, "place term"], Float[np.ndarray, " place"]]:
    """Return all places that were evaluated and how far above a frontier each lies.

    Over the length of the frontier, and the smaller of the distances straight up and straight
    across; minus infinity where a gain is below its floor.
    """
    places, gains = search.known()
    x, y = np.stack([peak.gains for peak in _points(arcs)]).T
    at = np.clip(np.searchsorted(x, gains[:, 0]), 0, len(x) - 1)
    jump = np.array([False, *(arc.jump for arc in arcs)])[at]
    height = np.where(jump, y[at], np.interp(gains[:, 0], x, y))
    height = np.where(gains[:, 0] > x[-1], -np.inf, height)
    reach = np.where(jump, x[at - 1], np.interp(gains[:, 1], y[::-1], x[::-1]))
    reach = np.where(gains[:, 1] > y[0], -np.inf, reach)
    over = np.minimum((gains[:, 1] - height) / length[1], (gains[:, 0] - reach) / length[0])
    return places, np.where((gains >= floors).all(axis=1), over, -np.inf)


def _halve(search: Search, arc: Arc, length: Party, floors: Party) -> list[Arc]:
    """Return the two arcs that a new point makes of one, or the arc marked as a jump."""
    left, right = arc.left.gains / length, arc.right.gains / length
    peak = _from_middle(search, arc, length, floors)
    if peak is None:
        return [Arc(arc.left, arc.right, jump=True)]
    point = peak.gains / length
    (run, rise), (ahead, up) = right - left, point - left
    area = abs(run * up - rise * ahead) / 2
    bend = 2 * area / float(np.hypot(run, rise)) / AFTER_HALVING
    # Of a parabola, the triangle is three quarters of the area above its chord (Archimedes), so
    # each half of what is left is an eighth of that area, a sixth of the triangle.
    left_over = area * float(length.prod()) / 6
    return [Arc(arc.left, peak, bend, left_over), Arc(peak, arc.right, bend, left_over)]


def _from_middle(search: Search, arc: Arc, length: Party, floors: Party) -> Peak | None:
    """Return an efficient point between two, or None if there is none."""
    middle = (arc.left.gains + arc.right.gains) / 2
    goal = raise_least(length, middle, spare=SMALL, bound=floors)
    few = min(1, search.config.starts - 1)
    edge = 2 * search.config.accuracy  # how closely the sides of a gap are followed
    middle_place = (arc.left.place + arc.right.place) / 2
    peak = None
    for near, samples in (((middle_place,), few), ((arc.left.place, arc.right.place), None)):
        peak = search.maximise(goal, near, samples=samples)
        if peak is not None and _is_between(peak, arc, length, edge):
            return peak
    if peak is None:
        return None
    # The middle led to one end: nothing efficient is on that side, but on the other there may be.
    closer_to_right = peak.gains[0] > middle[0]
    party, start, end = (0, arc.left, arc.right) if closer_to_right else (1, arc.right, arc.left)
    low, high = start.gains[party], end.gains[party]
    for _ in range(BISECTIONS):
        high = (low + high) / 2
        kept = floors.copy()
        kept[party] = high
        other = raise_sum(np.eye(2)[1 - party], kept)
        peak = search.maximise(other, (start.place, end.place), samples=few)
        if peak is not None and _is_between(peak, arc, length, edge):
            return peak
    return None


def _is_between(peak: Peak, arc: Arc, length: Party, edge: float) -> bool:
    """Return whether a point lies between the ends of an arc and no closer than an edge."""
    point, left, right = (there.gains / length for there in (peak, arc.left, arc.right))
    inside = left[0] < point[0] < right[0] and right[1] < point[1] < left[1]
    return bool(inside and min(np.abs(point - left).max(), np.abs(point - right).max()) > edge)


def _over_lattice(search: Search, ends: list[Peak], floors: Party) -> Trace:
    """Return the frontier of several parties from reference points between their best points."""
    corners = np.stack([end.gains for end in ends])
    length = np.ptp(corners, axis=0)
    length = np.where(length > SAME, length, 1.0)
    peaks = list(ends)
    for weights in lattice(len(ends), search.config.points):
        goal = raise_least(length, weights @ corners, spare=SMALL, bound=floors)
        near = weights @ np.stack([end.place for end in ends])
        peak = search.maximise(goal, (near,))
        if peak is not None:
            peaks.append(peak)
    return _keep(search, peaks, [])


def lattice(parties: int, most: int) -> Float[np.ndarray, "point party"]:
    """Return evenly spaced weights that sum to one, without the corners, at most `most`."""
    steps = 1
    while comb(steps + parties, parties - 1) <= most:
        steps += 1
    picks = combinations_with_replacement(range(parties), steps)
    counts = np.array([np.bincount(pick, minlength=parties) for pick in picks])
    return np.asarray(counts[counts.max(axis=1) < steps] / steps).reshape(-1, parties)


def _gap(search: Search, peak: Peak) -> float:
    """Return how far a point is from the first-order conditions of an efficient one."""
    count = len(search.size)
    return search.stationarity(peak, np.zeros(count), np.full(count, np.inf))


def _keep(search: Search, peaks: list[Peak], arcs: list[Arc]) -> Trace:
    """Return the points that are efficient, to first order and among themselves."""
    parties = len(search.size)
    gaps = np.array([_gap(search, peak) for peak in peaks])
    sure = gaps <= search.config.tolerance
    rows = np.flatnonzero(sure)
    rows = rows[find_efficient(np.stack([peaks[at].gains for at in rows]))] if rows.size else rows
    jumps = [any(arc.jump for arc in arcs[a:b]) for a, b in pairwise(rows)]
    bends = [arc.bend for arc in arcs if not arc.jump]
    areas = [arc.area for arc in arcs if not arc.jump]
    if parties > 2:
        bends = areas = [np.nan]
    return Trace(
        peaks=tuple(peaks[at] for at in rows),
        jumps=np.array(jumps, dtype=bool),
        deviation=max(bends, default=0.0),
        area=float(sum(areas)),
        residual=float(gaps[rows].max(initial=0.0)),
        failed=int((~sure).sum()),
    )
