"""Estimates of a package with moved terms, from packages that were solved at a few values of each.

One term after the other is moved and its effect is read off a smooth curve through the solved
values. Effects are added, so what terms do together is left out: the exact figures follow.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from accord.core.arrays import Float
from accord.deal.terms.entries import TermEntry

PLACES = (0.0, 0.25, 0.5, 0.75, 1.0)  # of the range of a term, beside where it is


@dataclass(frozen=True, eq=False)
class TermCurve:
    """Solved figures at several values of a term.

    Attributes:
        at: The values, in units of the field, in order.
        figures: Components by value and region, bn USD.
    """

    at: Float[np.ndarray, " value"]
    figures: Float[np.ndarray, "value component region"]

    def change(self, start: float, end: float) -> Float[np.ndarray, "component region"]:
        """Return what moving the term from one value to another adds, bn USD."""
        from scipy.interpolate import PchipInterpolator

        curve = PchipInterpolator(self.at, self.figures, axis=0)
        return np.asarray(curve(end) - curve(start))

    @cached_property
    def error(self) -> Float[np.ndarray, " region"]:
        """Largest error of the whole at a value in between, bn USD, if it had not been solved."""
        from scipy.interpolate import PchipInterpolator

        errors = [np.zeros(self.figures.shape[2])]
        for out in range(1, len(self.at) - 1):
            kept = [at for at in range(len(self.at)) if at != out]
            curve = PchipInterpolator(self.at[kept], self.figures[kept].sum(axis=1), axis=0)
            errors.append(np.abs(curve(self.at[out]) - self.figures[out].sum(axis=0)))
        return np.asarray(np.max(errors, axis=0))


@dataclass(frozen=True, eq=False)
class Estimate:
    """Estimated central figures.

    Attributes:
        components: What adds up to the payoff, by component and region, bn USD.
        error: About how far the payoff is from the exact one, by region, bn USD.
    """

    components: Float[np.ndarray, "component region"]
    error: Float[np.ndarray, " region"]


def places_of(entry: TermEntry, now: float) -> list[float]:
    """Return the values at which a term is solved: over its range, and where it is."""
    spread = [entry.low + share * (entry.high - entry.low) for share in PLACES]
    if entry.is_division or entry.field.count(".") == 0:
        spread = [_fit(entry, value) for value in spread]
    return sorted({*spread, now})


def _fit(entry: TermEntry, value: float) -> float:
    """Return a value on the steps of a term, which whole numbers need."""
    steps = round((value - entry.low) / entry.step)
    return min(entry.high, entry.low + steps * entry.step)


def estimate(
    base: Float[np.ndarray, "component region"],
    now: Mapping[str, float],
    curves: Mapping[str, TermCurve],
    moved: Mapping[str, float],
) -> Estimate | None:
    """Return figures at moved terms; None where a term that moved has no curve yet.

    Args:
        base: Exact figures before terms moved.
        now: Values of the terms there.
        curves: What each term does.
        moved: New values of all terms.
    """
    changed = {name: value for name, value in moved.items() if value != now[name]}
    if not changed.keys() <= curves.keys():
        return None
    components, error = base.copy(), np.zeros(base.shape[1])
    for name, value in changed.items():
        components += curves[name].change(now[name], value)
        error += curves[name].error
    return Estimate(components, error)
