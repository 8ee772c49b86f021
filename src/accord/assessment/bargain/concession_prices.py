"""Concession prices: what one step of each term is worth to each party."""

from dataclasses import dataclass

import numpy as np

from accord.assessment.bargain.movable_package import MovablePackage
from accord.bargaining.plan import Party, Term
from accord.core.arrays import Float
from accord.core.notebook import Shown
from accord.deal.terms.entries import TermEntry

BENT = 0.25  # of a price: a difference between one step up and one down that is told
SHARE = 0.05  # of the range of a term: the least that is moved, so that no lump decides
IDLE = 1e-9  # of the payoffs: a price that is none


@dataclass(frozen=True, eq=False, repr=False)
class TermPrice(Shown):
    """What one step of a term is worth, bn USD of present value.

    Attributes:
        entry: The term.
        value: What it is in the package, in units of its field.
        up: Change of each payoff per step more; NaN where the bound is nearer.
        down: Change of each payoff per step less; NaN where the bound is nearer.
    """

    entry: TermEntry
    value: float
    up: Party
    down: Party

    @property
    def price(self) -> Party:
        """Derivative of each payoff per step: the mean of both sides, or the one there is."""
        sides = np.stack([self.up, -self.down])
        known = np.isfinite(sides)
        total = np.where(known, sides, 0.0).sum(axis=0)
        return np.asarray(np.where(known.any(axis=0), total / np.maximum(known.sum(axis=0), 1),
                                   np.nan))  # fmt: skip

    @property
    def is_bent(self) -> bool:
        """Whether one step more and one less differ by more than a quarter of the larger."""
        if not (np.isfinite(self.up).all() and np.isfinite(self.down).all()):
            return False
        largest = np.maximum(np.abs(self.up), np.abs(self.down)).max()
        return bool(np.abs(self.up + self.down).max() > BENT * largest)


@dataclass(frozen=True, eq=False, repr=False)
class ConcessionPrices(Shown):
    """Prices of all terms of a package.

    Attributes:
        movable: The package and its terms.
        payoffs: Payoff of each party over no deal as the package is, bn USD.
        rows: One for each term.
    """

    movable: MovablePackage
    payoffs: Party
    rows: tuple[TermPrice, ...]

    def exchange(self, party: int) -> Float[np.ndarray, "given taken"]:
        """Return how many steps of one term make up to a party for one step more of another.

        Row: the term of which there is one step more; column: the term that makes up for it.
        NaN where the other term is worth nothing to the party.
        """
        prices = np.array([row.price[party] for row in self.rows])
        size = IDLE * max(float(np.abs(self.payoffs).max()), 1.0)
        idle = ~(np.abs(prices) > size)
        safe = np.where(idle, 1.0, prices)
        rates = -np.where(np.isnan(prices), 0.0, prices)[:, None] / safe[None, :]
        return np.asarray(np.where(idle[None, :], np.nan, rates + 0.0))


def price_terms(movable: MovablePackage) -> ConcessionPrices:
    """Return what one step of each term is worth to each party, by differences up and down.

    A difference spans whole steps, and at least a twentieth of the range of the term: money is
    spent on whole projects, and a smaller change can move none or one.

    Examples:
        >>> from accord.deal.terms.entries import TermEntry
        >>> entry = TermEntry(
        ...     name="cash",
        ...     title="the cash",
        ...     where={"kind": "investment"},
        ...     field="amount",
        ...     low=0,
        ...     high=10,
        ...     step=1,
        ...     unit="bn",
        ... )
        >>> movable = MovablePackage(
        ...     "signed",
        ...     ("A", "B"),
        ...     (entry,),
        ...     np.array([5.0]),
        ...     lambda t: np.array([t["cash"], -2 * t["cash"]]),
        ... )
        >>> price_terms(movable).rows[0].price.tolist()
        [1.0, -2.0]
    """
    counts = [
        max(1.0, round(SHARE * (entry.high - entry.low) / entry.step)) for entry in movable.entries
    ]
    moved = {
        (at, sign): place
        for at, count in enumerate(counts)
        for sign in (1.0, -1.0)
        if (place := _step(movable, at, sign * count)) is not None
    }
    movable.announce([movable.base, *moved.values()])
    now = movable.at(movable.base)
    none = np.full(len(now), np.nan)
    rows = []
    for at, (entry, count) in enumerate(zip(movable.entries, counts, strict=True)):
        up, down = (
            (movable.at(moved[at, sign]) - now) / count if (at, sign) in moved else none
            for sign in (1.0, -1.0)
        )
        rows.append(TermPrice(entry, float(movable.base[at]), up, down))
    return ConcessionPrices(movable, now, tuple(rows))


def _step(movable: MovablePackage, at: int, steps: float) -> Term | None:
    """Return the package with a term some steps away; None beyond its bounds."""
    entry, place = movable.entries[at], movable.base.copy()
    place[at] += steps * entry.step
    slack = 1e-9 * entry.step
    if not entry.low - slack <= place[at] <= entry.high + slack:
        return None
    place[at] = min(max(place[at], entry.low), entry.high)
    return place
