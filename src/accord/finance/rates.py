"""Reference rates, and the terms that are set on them."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from accord.core.arrays import Float

STEPS = 4  # quarters in a year
DAYS_OFF = 0.03  # of a step: quarters begin up to two days off those of years of 365.25 days

PathStep = Float[np.ndarray, "path step"]


def steps_until(years: float | Float[np.ndarray, "*shape"]) -> Float[np.ndarray, "*shape"]:
    """Return steps from the start to a day; a day that begins a quarter is not in the one before.

    Args:
        years: Years of 365.25 days from the start.
    """
    steps = np.asarray(years, dtype=float) * STEPS
    after = np.ceil(steps)
    return np.asarray(np.where(after - steps <= DAYS_OFF, after, steps))


@dataclass(frozen=True)
class ReferenceRate:
    """A market rate: where it stands, and how it moves around that level.

    Attributes:
        name: Name by which terms cite it, such as "ust20".
        level: Yearly rate today and in the long run, a fraction.
        volatility: Standard deviation of its change over a year, a fraction; zero keeps it still.
        reversion: Share of a gap to `level` that closes in a year (Vasicek 1977, Journal of
            Financial Economics 5(2)).
    """

    name: str
    level: float
    volatility: float = 0.0
    reversion: float = 0.2


@dataclass(frozen=True)
class RateTerms:
    """The interest of a contract: a reference rate plus a spread, or a plain rate.

    Attributes:
        spread: Yearly rate on top of the reference, or the whole rate where there is none.
        reference: Name of a reference rate, or "" for a plain rate.
        kind: "fixed" keeps the rate of the day the money is paid; "floating" follows the
            reference.
    """

    spread: float
    reference: str = ""
    kind: Literal["fixed", "floating"] = "fixed"


def level_of(terms: RateTerms, references: tuple[ReferenceRate, ...]) -> float:
    """Return the yearly rate of the terms at today's reference, a fraction.

    Raises:
        KeyError: The terms cite a reference that is not there.
    """
    if not terms.reference:
        return terms.spread
    return terms.spread + _find(terms.reference, references).level


def rate_paths(
    terms: RateTerms,
    references: tuple[ReferenceRate, ...],
    shocks: Float[np.ndarray, "path step"],
) -> PathStep:
    """Return the yearly rate in force at every step, a fraction, one row a path.

    Args:
        terms: The contract's interest.
        references: The market rates known.
        shocks: Standard normal draws that move the reference; zeros keep it at its level.
    """
    if not terms.reference:
        return np.full_like(shocks, terms.spread)
    reference = _find(terms.reference, references)
    return reference_paths(reference, shocks) + terms.spread


def reference_paths(reference: ReferenceRate, shocks: PathStep) -> PathStep:
    """Return a reference rate at every step: exact steps of a mean-reverting normal process."""
    stay = (1.0 - reference.reversion) ** (1 / STEPS)
    pull = -np.log(max(1.0 - reference.reversion, 1e-12))
    spread = reference.volatility * np.sqrt((1 - stay**2) / (2 * pull) if pull else 1 / STEPS)
    moved = np.ascontiguousarray((spread * shocks).T)  # by step: read in order
    gap = np.zeros_like(moved)
    for step in range(1, len(gap)):
        gap[step] = stay * gap[step - 1] + moved[step]
    return np.ascontiguousarray(reference.level + gap.T)


def a_step(yearly: float | np.ndarray, steps: int = STEPS) -> np.ndarray:
    """Return the rate of one step that compounds to the yearly rate."""
    return np.asarray((1.0 + np.asarray(yearly)) ** (1 / steps) - 1.0)


def _find(name: str, references: tuple[ReferenceRate, ...]) -> ReferenceRate:
    for reference in references:
        if reference.name == name:
            return reference
    raise KeyError(name)
