"""Solutions that choose one package, by comparing all of them."""

from dataclasses import dataclass

import numpy as np

from accord.bargaining.config import Rule
from accord.bargaining.over_terms.goals import weigh
from accord.bargaining.plan import PackageParty, Party
from accord.core.arrays import Bool, Float

ROUNDING = 1e-12  # relative: a difference that is none


@dataclass(frozen=True, eq=False)
class Choice:
    """A package by a rule: its place, those that tie with it, and the residual of the axiom."""

    package: int
    ties: tuple[int, ...]
    axiom: float


def find_acceptable(gains: Float[np.ndarray, "*draw package party"]) -> Bool[np.ndarray, "..."]:
    """Return the packages at which no party loses and at least one gains."""
    size = ROUNDING * np.abs(gains).max(axis=-2, keepdims=True, initial=0.0)
    return np.asarray((gains >= -size).all(axis=-1) & (gains > size).any(axis=-1))


def choose_package(
    gains: PackageParty, rule: Rule, weights: Party, *, rational: bool
) -> Choice | None:
    """Return the package that a rule chooses; None if none is acceptable.

    Ties go to the package whose worst-off party is best off, then the second worst, and so on.
    """
    free = rule == "utilitarian" and not rational
    allowed = np.arange(len(gains)) if free else np.flatnonzero(find_acceptable(gains))
    if not allowed.size:
        return None
    pool = gains[allowed]
    scale = weights * pool.max(axis=0) if rule == "kalai_smorodinsky" else weights
    shares = weigh(pool, scale)
    ranks = np.sort(shares, axis=1)
    keys = ranks
    if rule == "nash":
        keys = _by_product(pool, weights)
    elif rule == "utilitarian":
        keys = (pool @ weights)[:, None]
    best = _lexicographic(keys)
    chosen = int(best[_lexicographic(ranks[best])[0]])
    axiom = 0.0
    if rule == "kalai_smorodinsky":
        axiom = float(np.ptp(shares[chosen]))
    elif rule == "egalitarian":
        axiom = float(np.ptp(shares[chosen]) / np.abs(shares).max())
    return Choice(int(allowed[chosen]), tuple(int(allowed[at]) for at in best), axiom)


def _by_product(gains: PackageParty, weights: Party) -> Float[np.ndarray, "package 2"]:
    """Return how many parties gain, then the logarithm of the weighted product of their gains.

    Where no package lets every party gain, those that let most parties gain come first
    (Caragiannis et al. 2019).
    """
    positive = gains > ROUNDING * np.abs(gains).max(axis=0)
    logs = np.where(positive, np.log(np.where(positive, gains, 1.0)), 0.0) @ weights
    return np.stack([positive.sum(axis=1), logs], axis=1)


def _lexicographic(keys: Float[np.ndarray, "row key"]) -> np.ndarray:
    """Return the rows whose keys are largest, the first key first, but for rounding."""
    rows = np.arange(len(keys))
    for key in keys.T:
        slack = ROUNDING * max(float(np.abs(key).max()), 1e-300)
        rows = rows[key[rows] >= key[rows].max() - slack]
    return rows
