"""Agreements over packages, whole or by lottery, with the residuals of what they promise."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from accord.bargaining.config import RULE_AXIOM, Rule
from accord.bargaining.over_packages.lotteries import (
    NEGLIGIBLE,
    Lottery,
    best_gains,
    best_level,
    best_lottery,
    largest_product,
    least_first,
    measure,
    product_gap,
)
from accord.bargaining.over_packages.packages import choose_package
from accord.bargaining.over_terms.goals import weigh
from accord.bargaining.plan import PackageParty, Party
from accord.bargaining.solution import BargainOutcome, no_agreement
from accord.core.status import Status

EFFICIENT = 1e-6  # over the range of gains

Choice = tuple[BargainOutcome, Status, Mapping[str, float]]


def choose_whole(
    gains: PackageParty, disagreement: Party, rule: Rule, weights: Party, *, rational: bool
) -> Choice:
    """Return the package that a rule chooses."""
    choice = choose_package(gains, rule, weights, rational=rational)
    if choice is None:
        return no_agreement(len(weights)), Status.NO_AGREEMENT, {}
    lottery = np.zeros(len(gains))
    lottery[choice.package] = 1.0
    gain = gains[choice.package]
    value = BargainOutcome(
        disagreement + gain, gain, package=choice.package, lottery=lottery, ties=choice.ties
    )
    size = measure(gains)
    better = ((gains - gain) / size).min(axis=1).max()
    return value, Status.CONVERGED, {
        RULE_AXIOM[rule]: choice.axiom,
        "efficiency": max(0.0, float(better)),
        "individual rationality": lost(gain, size),
    }  # fmt: skip


@dataclass(frozen=True, eq=False)
class _LotteryChoice:
    """What a lottery is chosen for: gains, rule, weights, least and largest gain of each party."""

    gains: PackageParty
    rule: Rule
    weights: Party
    floors: Party
    most: Party


def choose_lottery(
    gains: PackageParty, disagreement: Party, rule: Rule, weights: Party, *, rational: bool
) -> Choice:
    """Return the lottery over packages that a rule chooses."""
    nobody = no_agreement(len(weights))
    bound = rule != "utilitarian" or rational
    floors = np.full(len(weights), 0.0 if bound else -np.inf)
    most, size = best_gains(gains, floors), measure(gains)
    if most is None or (bound and (most <= NEGLIGIBLE * size).all()):
        return nobody, Status.NO_AGREEMENT, {}
    task = _LotteryChoice(gains, rule, weights, floors, most)
    lottery = _find_lottery(task)
    if lottery is None:
        return nobody, Status.NO_OPTIMUM, {}
    gain = lottery @ gains
    level = best_level(gains - gain, size, np.full(len(weights), -np.inf))
    residuals = {
        RULE_AXIOM[rule]: _axiom(task, gain),
        "efficiency": np.inf if level is None else max(0.0, level),
        "individual rationality": lost(gain, size),
    }
    sure = [residuals["efficiency"]]
    if rule in {"nash", "utilitarian"}:
        sure.append(residuals[RULE_AXIOM[rule]])
    if max(sure) > EFFICIENT:
        return nobody, Status.NO_OPTIMUM, residuals
    certain = np.flatnonzero(lottery >= 1.0 - NEGLIGIBLE)
    package = int(certain[0]) if certain.size else None
    value = BargainOutcome(disagreement + gain, gain, package=package, lottery=lottery)
    return value, Status.CONVERGED, residuals


def lost(gain: Party, size: Party) -> float:
    """Return the largest loss of a party, over the range of its gains."""
    return max(0.0, float((-gain / size).max()))


def _find_lottery(task: _LotteryChoice) -> Lottery | None:
    gains, weights = task.gains, task.weights
    if task.rule == "nash":
        return largest_product(gains, weights)
    if task.rule == "utilitarian":
        return _largest_sum(task)
    able = task.most > NEGLIGIBLE * measure(gains)
    scale = weights * task.most if task.rule == "kalai_smorodinsky" else weights
    return least_first(gains, np.where(able, scale, 0.0), task.floors)


def _largest_sum(task: _LotteryChoice) -> Lottery | None:
    """Return the lottery with the largest sum; of several, the one kindest to the worst off."""
    gains, sums = task.gains, task.gains @ task.weights
    close = NEGLIGIBLE / 10 * float(np.abs(sums).max())
    if np.isinf(task.floors).all():
        tied = np.flatnonzero(sums >= sums.max() - close)
        among = np.ones(1)
        if len(tied) > 1:
            kindest = least_first(gains[tied], task.weights, task.floors)
            among = np.eye(len(tied))[0] if kindest is None else kindest
        lottery = np.zeros(len(gains))
        lottery[tied] = among
        return lottery
    best = best_lottery(gains, task.weights, task.floors)
    if best is None:
        return None
    wider = np.concatenate([gains, sums[:, None]], axis=1)
    floors = np.append(task.floors, float(best @ sums) - close)
    kinder = least_first(wider, np.append(task.weights, 0.0), floors)
    return best if kinder is None else kinder


def _axiom(task: _LotteryChoice, gain: Party) -> float:
    """Return how far a lottery is from what its rule promises."""
    gains, weights = task.gains, task.weights
    if task.rule == "nash":
        return product_gap(gains, gain, weights)
    if task.rule == "utilitarian":
        best = best_lottery(gains, weights, task.floors)
        top = np.inf if best is None else float(best @ gains @ weights)
        return max(0.0, (top - float(gain @ weights)) / float(measure(gains) @ weights))
    shares = weigh(gain, weights * task.most if task.rule == "kalai_smorodinsky" else weights)
    return float(np.ptp(shares) / np.abs(shares).max())
