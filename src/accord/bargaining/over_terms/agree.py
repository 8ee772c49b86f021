"""Agreements over terms, with the residuals of the conditions of an optimum."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from accord.bargaining.config import RULE_AXIOM, Rule
from accord.bargaining.over_packages.choose import lost
from accord.bargaining.over_terms.goals import (
    raise_least,
    raise_least_at_sum,
    raise_product,
    raise_sum,
    weigh,
)
from accord.bargaining.over_terms.search import NEGLIGIBLE, Peak, Search
from accord.bargaining.plan import Party
from accord.bargaining.solution import BargainOutcome, no_agreement
from accord.core.status import Status

# Over the range of payoffs:
BINDING = 1e-6  # a gain this close to its floor is at it
TIE = 1e-9  # sums this close tie, if the gains in them are
APART = 1e-3  # this far apart: far more than what a smooth optimum leaves open


@dataclass(frozen=True, eq=False)
class _Agreed:
    """Where a rule led: the point, the residual of its axiom, that of its optimum."""

    peak: Peak
    axiom: float
    optimum: float


def agree_on_terms(
    search: Search, rule: Rule, weights: Party, *, rational: bool
) -> tuple[BargainOutcome, Status, Mapping[str, float]]:
    """Return the terms that a rule picks, how that ended, and the residuals."""
    nobody = no_agreement(len(weights))
    if not search.places:
        return nobody, Status.NO_OPTIMUM, {}
    if rule == "utilitarian" and not rational:
        return _report(search, rule, _most_in_sum(search, weights, None))
    zone = find_best_worst(search)
    if zone is None:
        return nobody, Status.NO_OPTIMUM, {}
    able = find_able(search, zone)
    if not able.any():
        return nobody, Status.NO_AGREEMENT, {}
    if rule == "nash":
        agreed = _largest_product(search, weights * able, zone)
    elif rule == "utilitarian":
        agreed = _most_in_sum(search, weights, zone)
    else:
        unit = find_ideal(search, zone) if rule == "kalai_smorodinsky" else 1 / search.size
        scale = weights * able * unit
        known = np.isfinite(scale).all() and scale.max() > 0
        agreed = _equal_shares(search, scale / scale.max(), zone) if known else None
    return _report(search, rule, agreed)


def find_best_worst(search: Search) -> Peak | None:
    """Return the terms at which the smallest gain over no agreement is largest."""
    return search.maximise(raise_least(np.ones(len(search.size))))


def find_able(search: Search, zone: Peak) -> Party:
    """Return which parties (ones) gain at some terms at which none loses."""
    count = len(search.size)
    if zone.extra[0] < -NEGLIGIBLE:
        return np.zeros(count)
    if zone.extra[0] > NEGLIGIBLE:
        return np.ones(count)
    able = np.zeros(count)
    for party in range(count):
        peak = best_for(search, party, zone)
        able[party] = peak is not None and peak.gains[party] > BINDING
    return able


def find_ideal(search: Search, zone: Peak) -> Party:
    """Return the most each party gains in the zone, over its range; NaN where none was found."""
    peaks = [best_for(search, party, zone) for party in range(len(search.size))]
    return np.array([
        np.nan if peak is None else peak.gains[party] for party, peak in enumerate(peaks)
    ])  # fmt: skip


def best_for(search: Search, party: int, zone: Peak | None) -> Peak | None:
    """Return the terms that are best for a party; in the zone, unless that is None."""
    floors = None if zone is None else np.zeros(len(search.size))
    goal = raise_sum(np.eye(len(search.size))[party], floors)
    return search.maximise(goal, () if zone is None else (zone.place,))


def _largest_product(search: Search, weights: Party, zone: Peak) -> _Agreed | None:
    """Return the largest weighted product of gains."""
    counted = weights > 0
    if not (zone.gains[counted] > 0).all():
        inside = search.maximise(
            raise_least(counted.astype(float), bound=np.zeros(len(weights))), (zone.place,)
        )
        if inside is None or inside.extra[0] <= 0:
            return None
        zone = inside
    floor = np.where(counted, 1e-3 * zone.gains, 1.0)
    alpha = weights / weights.sum()
    peak = search.maximise(raise_product(alpha, floor), (zone.place,))
    if peak is None or not (peak.gains[counted] > floor[counted]).all():
        return None
    slope = np.where(counted, alpha / np.where(counted, peak.gains, 1.0), 0.0)
    gap = search.stationarity(peak, slope, np.where(counted, slope, np.inf))
    # Payoffs measured so that weights sum to one, as everywhere: the residual has no unit.
    return _Agreed(peak, gap, gap)


def _equal_shares(search: Search, scale: Party, zone: Peak) -> _Agreed | None:
    """Return the largest gains in proportion to a scale, then what can be added to them."""
    nothing = np.zeros(len(scale))
    peak = search.maximise(raise_least(scale, bound=nothing), (zone.place,))
    if peak is None:
        return None
    level = float(peak.extra[0])
    shares = np.where(scale > 0, peak.gains / np.where(scale > 0, scale, 1.0), np.inf)
    free = (shares <= level + BINDING) | (peak.gains <= BINDING)
    optimum = search.stationarity(peak, nothing, np.where(free, np.inf, 0.0))
    floors = np.maximum(level * scale, 0.0)
    more = search.maximise(raise_sum(np.ones(len(scale)), floors), (peak.place,))
    if more is not None and more.gains.sum() > peak.gains.sum() + BINDING:
        peak = more
    spread = weigh(peak.gains, scale)
    return _Agreed(peak, float(np.ptp(spread) / np.abs(spread).max()), optimum)


def _most_in_sum(search: Search, weights: Party, zone: Peak | None) -> _Agreed | None:
    """Return the largest weighted sum of payoffs; of several, the one kindest to the worst off."""
    price = weights * search.size
    price /= price.sum()
    floors = np.full(len(weights), -np.inf if zone is None else 0.0)
    start = () if zone is None else (zone.place,)
    peaks = search.climb(raise_sum(price, floors), start)
    if not peaks:
        return None
    peak = max(peaks, key=lambda summit: summit.score)
    binding = peak.gains <= floors + BINDING
    optimum = search.stationarity(peak, price, np.where(binding, np.inf, price))
    level = peak.score - TIE
    tied = [summit for summit in peaks if summit.score >= level]
    if max(np.abs(summit.gains - peak.gains).max() for summit in tied) > APART:
        goal = raise_least_at_sum(weights / search.size, price, level, floors)
        kinder = search.maximise(goal, [summit.place for summit in tied])
        peak = peak if kinder is None else kinder
    return _Agreed(peak, optimum, optimum)


def _report(
    search: Search, rule: Rule, agreed: _Agreed | None
) -> tuple[BargainOutcome, Status, Mapping[str, float]]:
    """Return an agreement with its status and residuals; without a number unless it is one."""
    parties = len(search.size)
    if agreed is None:
        return no_agreement(parties), Status.NO_OPTIMUM, {}
    peak = agreed.peak
    efficiency = search.stationarity(peak, np.zeros(parties), np.full(parties, np.inf))
    residuals = {
        RULE_AXIOM[rule]: agreed.axiom,
        "efficiency": efficiency,
        "individual rationality": lost(peak.gains, np.ones(parties)),
    }
    if max(agreed.optimum, efficiency) > search.config.tolerance:
        return no_agreement(parties), Status.NO_OPTIMUM, residuals
    payoffs = search.payoffs(peak.gains)
    value = BargainOutcome(payoffs, payoffs - search.disagreement, terms=search.at(peak.place))
    return value, Status.CONVERGED, residuals
