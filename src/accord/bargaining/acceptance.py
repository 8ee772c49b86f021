"""Acceptance over draws: the chance that each party gains, and the side payment it would need."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from accord.bargaining.config import SearchStats
from accord.bargaining.over_packages.lotteries import best_gains
from accord.bargaining.over_packages.packages import find_acceptable
from accord.bargaining.plan import BargainingProblem, PackageParty, Packages
from accord.bargaining.zone import area_of_packages
from accord.core.arguments import check_kind, public
from accord.core.arrays import Float
from accord.core.errors import InputError, Problem
from accord.core.notebook import Shown
from accord.core.status import Status

RANGE = (5.0, 50.0, 95.0)  # per cent of the draws below


@dataclass(frozen=True, eq=False, repr=False)
class ChanceOutcome(Shown):
    """What the draws say of each package and of the zone. Probabilities are shares of the draws.

    Attributes:
        gains: Probability that each party gains.
        all_gain: Probability that every party gains.
        error: Largest standard error of a probability: half over the root of the draws.
        regret: Mean loss of each party against the best it could have had in the same draw, among
            all packages and no agreement.
        worst_regret: The largest of these losses among the draws.
        regret_of_signing: Mean loss against no agreement, gains counted as no loss.
        regret_of_refusing: Mean gain over no agreement, losses counted as no gain.
        zone: Probability that some package is acceptable to all.
        zone_with_lotteries: Probability that some lottery over packages is.
        zone_at_means: Number of packages acceptable at mean payoffs.
        zone_count: Mean number of packages acceptable to all.
        area: 5th, 50th and 95th percentile of the area above no agreement under the lotteries of
            packages; NaN for more than two parties.
        area_at_means: The area at mean payoffs.
    """

    gains: PackageParty
    all_gain: Float[np.ndarray, " package"]
    error: float
    regret: PackageParty
    worst_regret: PackageParty
    regret_of_signing: PackageParty
    regret_of_refusing: PackageParty
    zone: float
    zone_with_lotteries: float
    zone_at_means: int
    zone_count: float
    area: Float[np.ndarray, " 3"]
    area_at_means: float


@dataclass(frozen=True, eq=False, repr=False)
class ChanceSolution(Shown):
    """Acceptance under uncertainty: `value`, `status`, `residuals` and `stats`."""

    problem: BargainingProblem
    value: ChanceOutcome
    status: Status
    residuals: Mapping[str, float]
    stats: SearchStats


@public
def assess_chances(problem: BargainingProblem) -> ChanceSolution:
    """Return with what probability each party gains from each package, and that a zone exists.

    Raises:
        InputError: The problem has no draws.

    Examples:
        >>> draws = [[[1, 2], [3, -1]], [[-1, 2], [3, 1]]]
        >>> problem = BargainingProblem.from_packages(draws=draws, disagreement=[0, 0])
        >>> assess_chances(problem).value.all_gain.tolist()
        [0.5, 0.5]
    """
    packages = _packages(problem)
    if packages.draws is None:
        remedy = "Make the problem with draws=..., payoffs [draw, package, party]"
        raise InputError([Problem("problem.packages.draws", "is missing", remedy)], "the call")
    none = packages.disagreement_draws
    gains = packages.draws - (problem.disagreement if none is None else none[:, None, :])
    count, _, parties = gains.shape
    acceptable = find_acceptable(gains)
    best = np.maximum(gains.max(axis=1, keepdims=True), 0.0)
    means = gains.mean(axis=0)
    two = parties == 2
    areas = np.array([area_of_packages(draw) for draw in gains]) if two else np.array([np.nan])
    value = ChanceOutcome(
        gains=(gains > 0).mean(axis=0),
        all_gain=(gains > 0).all(axis=2).mean(axis=0),
        error=float(0.5 / np.sqrt(count)),
        regret=(best - gains).mean(axis=0),
        worst_regret=(best - gains).max(axis=0),
        regret_of_signing=np.maximum(-gains, 0.0).mean(axis=0),
        regret_of_refusing=np.maximum(gains, 0.0).mean(axis=0),
        zone=float(acceptable.any(axis=1).mean()),
        zone_with_lotteries=float(
            np.mean([_mixes(*gain) for gain in zip(gains, acceptable, strict=True)])
        ),
        zone_at_means=int(find_acceptable(means).sum()),
        zone_count=float(acceptable.sum(axis=1).mean()),
        area=np.percentile(areas, RANGE),
        area_at_means=area_of_packages(means) if two else np.nan,
    )
    return ChanceSolution(problem, value, Status.CONVERGED, {}, SearchStats(values=count))


@public
def required_side_payment(
    problem: BargainingProblem, *, confidence: float | None = None
) -> PackageParty:
    """Return what each party must get on top of each package to accept it; zero where it does.

    Paid in money, or seen in what the payoffs leave out: security, credibility, votes.

    Args:
        problem: A problem with packages.
        confidence: Share of the draws in which the party is to accept; None for the payoffs as
            they stand.

    Raises:
        InputError: The problem has no packages, or no draws where confidence is asked for.

    Examples:
        >>> problem = BargainingProblem.from_packages([[5, -2], [-1, 4]], [0, 0])
        >>> required_side_payment(problem).tolist()
        [[0.0, 2.0], [1.0, 0.0]]
    """
    packages = _packages(problem)
    if confidence is None:
        return np.asarray(np.maximum(problem.disagreement - packages.payoffs, 0.0))
    check_kind("confidence", confidence, float, "Write confidence=0.9")
    problems = []
    if packages.draws is None:
        problems.append(Problem("problem.packages.draws", "is missing", "Or leave confidence out"))
    if not 0 < confidence < 1:
        problems.append(Problem("confidence", f"{confidence:g} is not between 0 and 1"))
    if problems or packages.draws is None:
        raise InputError(problems, "the call")
    none = packages.disagreement_draws
    losses = (problem.disagreement if none is None else none[:, None, :]) - packages.draws
    needed = np.quantile(losses, confidence, axis=0, method="inverted_cdf")
    return np.asarray(np.maximum(needed, 0.0))


def _packages(problem: BargainingProblem) -> Packages:
    check_kind("problem", problem, BargainingProblem, "Make one: BargainingProblem.from_packages")
    if problem.packages is None:
        remedy = "Make packages of the terms that matter, or of the points of the frontier"
        raise InputError([Problem("problem", "has terms and no packages", remedy)], "the call")
    return problem.packages


def _mixes(gains: PackageParty, acceptable: np.ndarray) -> bool:
    """Return whether some lottery over packages leaves nobody worse off and somebody better."""
    if acceptable.any():
        return True
    if gains.shape[1] == 2:
        return area_of_packages(gains) > 0
    most = best_gains(gains, np.zeros(gains.shape[1]))
    return most is not None and bool((most > 1e-9 * np.abs(gains).max(axis=0)).any())
