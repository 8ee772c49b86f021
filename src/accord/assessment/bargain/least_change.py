"""The least change of a package that makes every party accept it, by single terms and by pairs."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np

from accord.assessment.bargain.movable_package import MovablePackage
from accord.bargaining.plan import Party, Term
from accord.core.arrays import Float
from accord.core.notebook import Shown
from accord.core.numerics.surrogate import Surrogate

STEPS = 400  # of a line, over the range of a term
TRIES = 5  # evaluations until a change is exact enough
CLOSE = 2e-3  # over the range of the payoffs: how far inside a change may end
SAME = 1e-9
PAYS = 0.9  # of the smaller change alone: a pair that moves more is not listed
ROUGH = 0.25  # of the same: beyond it the surrogate is not believed


@dataclass(frozen=True, eq=False, repr=False)
class LeastChange(Shown):
    """A change of a package that every party accepts; the payoffs are evaluated, not estimated.

    Attributes:
        terms: Positions of the terms that change.
        values: Their new values, in units of their fields.
        payoffs: Payoff of each party over no deal, bn USD.
        size: The largest change of a term over its range.
    """

    terms: tuple[int, ...]
    values: tuple[float, ...]
    payoffs: Party
    size: float


def find_least_changes(
    movable: MovablePackage, surrogate: Surrogate, floor: Party, *, pairs: int = 3
) -> tuple[tuple[LeastChange, ...], tuple[LeastChange, ...]]:
    """Return the least changes of single terms, and the best pairs, smallest first.

    Both terms of a pair move by the same share of their range, and by less than either alone.

    Args:
        movable: The package, which some party rejects.
        surrogate: Payoffs over its terms.
        floor: Payoffs without a deal, bn USD.
        pairs: Most pairs that are evaluated.
    """
    singles = [
        single
        for at in range(len(movable.base))
        if (single := _least(movable, surrogate, floor, (at,))) is not None
    ]
    alone = {single.terms[0]: single.size for single in singles}
    candidates: list[tuple[float, tuple[int, ...]]] = []
    for pair in combinations(range(len(movable.base)), 2):
        size = min((size for size, _ in _inside(movable, surrogate, floor, pair)), default=np.inf)
        if size < PAYS * min(alone.get(at, np.inf) for at in pair):
            candidates.append((size, pair))
    changes: list[LeastChange] = []
    for _, two in sorted(candidates)[: 2 * pairs]:
        change = _least(movable, surrogate, floor, two)
        best = PAYS * min(alone.get(at, np.inf) for at in two)
        if change is not None and change.size < best and len(changes) < pairs:
            changes.append(change)
    return tuple(sorted(singles, key=_size)), tuple(sorted(changes, key=_size))


def _size(change: LeastChange) -> float:
    return change.size


def _least(
    movable: MovablePackage, surrogate: Surrogate, floor: Party, terms: tuple[int, ...]
) -> LeastChange | None:
    """Return the least change found with the surrogate, corrected until it is true.

    The payoffs at a change are evaluated; what they miss is added to what the surrogate must
    reach, until every party accepts and none would with much less.
    """
    margin = np.zeros(len(floor))
    best: LeastChange | None = None
    for _ in range(TRIES):
        places = list(_inside(movable, surrogate, floor + margin, terms))
        if not places:
            break
        size, place = min(places, key=lambda candidate: candidate[0])
        payoffs = movable.at(place)
        gains = (payoffs - floor) / surrogate.size
        if gains.min() >= 0:
            change = LeastChange(terms, tuple(float(place[at]) for at in terms), payoffs, size)
            if best is None or size < best.size:
                best = change
            if gains.min() <= CLOSE:
                break
        miss = surrogate.value(place) - payoffs
        if np.abs(miss / surrogate.size).max() > ROUGH:
            break
        moved = miss + CLOSE / 4 * surrogate.size
        if np.allclose(moved, margin):
            break
        margin = moved
    return best


def _inside(
    movable: MovablePackage, surrogate: Surrogate, floor: Party, terms: tuple[int, ...]
) -> Iterator[tuple[float, Term]]:
    """Yield changes that all parties accept by the surrogate, with their size."""
    for places, sizes in _lines(movable, terms):
        accepted = (surrogate.values(places) >= floor).all(axis=1)
        yield from zip(sizes[accepted].tolist(), places[accepted], strict=True)


def _lines(
    movable: MovablePackage, terms: tuple[int, ...]
) -> Iterator[tuple[Float[np.ndarray, "place term"], Float[np.ndarray, " place"]]]:
    """Yield places to each side of the package, each term moved by the same share of its range.

    A share beyond a bound of one term moves that one to the bound.
    """
    low, high = movable.bounds.T
    at = list(terms)
    sizes = np.linspace(0.0, 1.0, STEPS + 1)[1:]
    for signs in product((1.0, -1.0), repeat=len(terms)):
        places = np.tile(movable.base, (STEPS, 1))
        places[:, at] += sizes[:, None] * (np.array(signs) * (high - low)[at])
        places = np.clip(places, low, high)
        moved = (np.abs(places - movable.base) / (high - low)).max(axis=1)
        inside = moved >= sizes - SAME
        yield places[inside], sizes[inside]
