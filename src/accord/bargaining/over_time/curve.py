"""The frontier of two parties as a function: the most that one gets for a payoff of the other."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np

from accord.bargaining.equations import concave_chain
from accord.core.arrays import Float, frozen
from accord.core.errors import InputError, Problem

Pair = Float[np.ndarray, " 2"]


@runtime_checkable
class Curve(Protocol):
    """A concave frontier of two parties; throwing payoffs away is always possible."""

    def most(self, party: int, /) -> float:
        """Return the largest payoff of a party."""

    def best(self, party: int, floor: float, /) -> float:
        """Return the largest payoff of a party if the other gets at least `floor`; NaN if none."""


@dataclass(frozen=True, eq=False)
class PointCurve:
    """A frontier through points, straight in between: lotteries of packages, or a traced frontier.

    Attributes:
        points: Corners, in the order of the first party's payoff, the second's falling.
    """

    points: Float[np.ndarray, "point 2"]

    @classmethod
    def from_points(cls, points: Any) -> "PointCurve":
        """Return the concave hull of points: what lotteries over them reach.

        Raises:
            InputError: They are not pairs of finite numbers.
        """
        array = np.asarray(points, dtype=np.float64)
        if array.ndim != 2 or array.shape[1] != 2 or not len(array) or not np.isfinite(array).all():
            remedy = "Give one row for each point, with the payoffs of two sides"
            if array.ndim == 2 and array.shape[1] > 2:
                remedy += ": add up the payoffs of parties that make one side"
            raise InputError([Problem("points", "are not pairs of numbers", remedy)], "the curve")
        return cls(frozen(array[concave_chain(array)]))

    def most(self, party: int, /) -> float:
        """Return the largest payoff of a party."""
        return float(self.points[:, party].max())

    def best(self, party: int, floor: float, /) -> float:
        """Return the largest payoff of a party if the other gets at least `floor`; NaN if none."""
        own, other = self.points[:, party], self.points[:, 1 - party]
        if _is_beyond(floor, float(other.max())):
            return float("nan")
        order = np.argsort(other)
        return float(np.interp(max(floor, other.min()), other[order], own[order]))


@dataclass(frozen=True, eq=False)
class SmoothCurve:
    """A frontier given by a formula.

    Attributes:
        function: The second party's payoff at a payoff of the first: falling and concave.
        low: Lowest payoff of the first party; the second's is largest there.
        high: Highest payoff of the first party.
    """

    function: Callable[[float], float]
    low: float
    high: float

    def most(self, party: int, /) -> float:
        """Return the largest payoff of a party."""
        return self.high if party == 0 else float(self.function(self.low))

    def best(self, party: int, floor: float, /) -> float:
        """Return the largest payoff of a party if the other gets at least `floor`; NaN if none."""
        from scipy.optimize import brentq  # slow to import

        if _is_beyond(floor, self.most(1 - party)):
            return float("nan")
        if party == 1:
            return float(self.function(min(max(floor, self.low), self.high)))
        if self.function(self.high) >= floor:
            return self.high
        if self.function(self.low) <= floor:
            return self.low
        root = brentq(lambda x: self.function(x) - floor, self.low, self.high, xtol=1e-15)
        return float(root)


def _is_beyond(floor: float, most: float) -> bool:
    """Return whether a floor is above the largest payoff by more than rounding."""
    return bool(floor > most + 1e-12 * max(1.0, abs(most)))


def split(size: float = 1.0) -> SmoothCurve:
    """Return the frontier of a pie of a given size, split between two."""
    return SmoothCurve(lambda x: size - x, 0.0, size)


def product_point(
    curve: Curve, alpha: Float[np.ndarray, " 2"], point: Pair, floors: Pair
) -> Pair | None:
    """Return the weighted Nash solution on a curve, with payoffs at least `floors`.

    A party with all the weight takes what the other's floor leaves. None if the floors cannot both
    be met.

    Args:
        curve: The frontier.
        alpha: Weights; they sum to one.
        point: Payoffs from which gains are counted.
        floors: Least payoffs, no lower than `point`.
    """
    from scipy.optimize import minimize_scalar  # slow to import

    top = curve.best(0, float(floors[1]))
    if not top >= floors[0]:
        return None
    if alpha.min() <= 0:
        lead = int(np.argmax(alpha))
        own = curve.best(lead, float(floors[1 - lead]))
        pair = np.array([own, own])
        pair[1 - lead] = max(curve.best(1 - lead, own), floors[1 - lead])
        return pair

    def fall(x: float) -> float:
        gains = np.array([x, curve.best(1, x)]) - point
        return -float(alpha @ np.log(np.maximum(gains, 1e-300)))

    low = float(floors[0])
    done = minimize_scalar(fall, bounds=(low, top), method="bounded", options={"xatol": 1e-14})
    tried = [low, top, float(done.x)]
    if isinstance(curve, PointCurve):  # at a corner a search is less exact than the corner
        tried += [float(x) for x in curve.points[:, 0] if low < x < top]
    best = min(tried, key=fall)
    return np.array([best, max(curve.best(1, best), floors[1])])
