"""The zone of possible agreement: what every party prefers to no agreement."""

from dataclasses import replace

import numpy as np

from accord.bargaining.config import SearchConfig, SearchStats
from accord.bargaining.equations import area_above, concave_chain, find_efficient
from accord.bargaining.frontier import frontier_of_terms
from accord.bargaining.over_packages.lotteries import NEGLIGIBLE, best_gains, measure
from accord.bargaining.over_packages.packages import find_acceptable
from accord.bargaining.over_terms.agree import best_for, find_able, find_best_worst
from accord.bargaining.over_terms.goals import lower_compensation, raise_sum
from accord.bargaining.over_terms.search import Peak, Search
from accord.bargaining.plan import BargainingProblem, PackageParty, Party
from accord.bargaining.solution import SidePayment, ZoneOutcome, ZoneSolution
from accord.core.arguments import check_kind, public
from accord.core.errors import InputError, SolveError
from accord.core.status import Status

EDGE = 1e-6  # over the range of payoffs: a gain that is none


@public
def find_zone(
    problem: BargainingProblem, *, config: SearchConfig | None = None, throw: bool = True
) -> ZoneSolution:
    """Return the zone of possible agreement: whether there is one, its size, what would open it.

    An empty zone is an answer: the status is `CONVERGED`, `value.exists` is false, and
    `value.side_payment` says what would open one.

    Args:
        problem: Parties, packages or terms.
        config: How terms are searched for.
        throw: Raise `SolveError` when a search failed, rather than return the status.

    Raises:
        InputError: With everything wrong in the call.
        SolveError: If the search over terms failed and `throw` is true.

    Examples:
        >>> problem = BargainingProblem.from_packages([[5, -2], [-1, 4]], [0, 0])
        >>> zone = find_zone(problem).value
        >>> zone.exists, zone.side_payment.package, zone.side_payment.transfer.tolist()
        (False, 1, [1.0, -1.0])
    """
    check_kind("problem", problem, BargainingProblem, "Make one: BargainingProblem.from_packages")
    config = SearchConfig() if config is None else config
    check_kind("config", config, SearchConfig, "Give SearchConfig(samples=128), or leave it out")
    if config.problems():
        raise InputError(config.problems(), "the call")
    if problem.packages is not None:
        gains = problem.packages.payoffs - problem.disagreement
        value = zone_of_packages(gains, problem.disagreement)
        return ZoneSolution(problem, value, Status.CONVERGED, {}, SearchStats())
    if problem.terms is None:
        raise AssertionError("a problem of nothing: please report this")
    solution = _zone_of_terms(problem, Search(problem.terms, problem.disagreement, config))
    if throw and not solution.status.ok:
        raise SolveError(solution.status, "the zone of possible agreement")
    return solution


def zone_of_packages(gains: PackageParty, disagreement: Party) -> ZoneOutcome:
    """Return the zone of packages, from gains over no agreement."""
    parties = gains.shape[1]
    acceptable, nothing = find_acceptable(gains), np.full(parties, np.nan)
    most = best_gains(gains, np.zeros(parties))
    mixed = most is not None and bool((most > NEGLIGIBLE * measure(gains)).any())
    pool = gains[acceptable & find_efficient(gains)]
    exists = bool(acceptable.any())
    return ZoneOutcome(
        exists=exists,
        exists_with_lotteries=mixed or exists,
        acceptable=acceptable,
        area=area_of_packages(gains) if parties == 2 else np.nan,
        area_error=0.0,
        least_gain=pool.min(axis=0) if exists else nothing,
        most_gain=pool.max(axis=0) if exists else nothing,
        side_payment=_cheapest_package(gains, disagreement),
    )


def area_of_packages(gains: PackageParty) -> float:
    """Return the area above no agreement under the lotteries of packages, for two parties."""
    points = gains[concave_chain(gains)]
    return area_above(points, np.zeros(2), np.zeros(len(points) - 1, dtype=bool))


def share_payment(gains: Party) -> tuple[float, float, Party]:
    """Return what losers must receive, what of it comes from outside, and who receives what.

    Parties that gain pay in proportion to their gains, and nothing beyond them.
    """
    losses, wins = np.maximum(-gains, 0.0), np.maximum(gains, 0.0)
    amount = float(losses.sum())
    outside = max(0.0, amount - float(wins.sum()))
    paid = wins * ((amount - outside) / wins.sum()) if wins.any() else wins
    return amount, outside, losses - paid


def _cheapest_package(gains: PackageParty, disagreement: Party) -> SidePayment:
    options = [share_payment(gain) for gain in gains]
    sums = gains.sum(axis=1)
    # First the least from outside, then the least that changes hands, then the largest sum.
    at = min(
        range(len(gains)),
        key=lambda package: (options[package][1], options[package][0], -sums[package]),
    )
    amount, outside, transfer = options[at]
    return SidePayment(amount, outside, transfer, disagreement + gains[at], package=at)


def _zone_of_terms(problem: BargainingProblem, search: Search) -> ZoneSolution:
    """Return the zone of terms."""
    nothing = np.full(len(problem.parties), np.nan)
    unknown = ZoneOutcome(
        exists=False, exists_with_lotteries=False, acceptable=None, area=np.nan, area_error=np.nan,
        least_gain=nothing, most_gain=nothing,
        side_payment=SidePayment(np.nan, np.nan, nothing, nothing),
    )  # fmt: skip
    failed = ZoneSolution(problem, unknown, Status.NO_OPTIMUM, {}, search.cost())
    best = find_best_worst(search) if search.places else None
    if best is None:
        return failed
    if find_able(search, best).any():
        return _zone_that_exists(problem, search, best, unknown)
    payment, residual = _cheapest_terms(search, best)
    residuals = {"side payment": residual}
    if payment is None or residual > search.config.tolerance:
        return replace(failed, residuals=residuals, stats=search.cost())
    value = replace(unknown, area=0.0, area_error=0.0, side_payment=payment)
    return ZoneSolution(problem, value, Status.CONVERGED, residuals, search.cost())


def _zone_that_exists(
    problem: BargainingProblem, search: Search, best: Peak, unknown: ZoneOutcome
) -> ZoneSolution:
    """Return the size of a zone of terms that is not empty."""
    payoffs = search.payoffs(best.gains)
    free = SidePayment(0.0, 0.0, np.zeros(len(payoffs)), payoffs, terms=search.at(best.place))
    value = replace(unknown, exists=True, exists_with_lotteries=True, side_payment=free)
    if len(payoffs) > 2:
        peaks = [best_for(search, party, best) for party in range(len(payoffs))]
        points = np.array([peak.gains for peak in peaks if peak is not None])
        status = Status.CONVERGED if len(points) == len(peaks) else Status.NO_OPTIMUM
        residuals = {"individual rationality": max(0.0, -float(points.min(initial=0.0)))}
    else:
        frontier = frontier_of_terms(problem, search, within_zone=True)
        status, residuals, traced = frontier.status, dict(frontier.residuals), frontier.value
        points = (traced.payoffs - problem.disagreement) / search.size
        if status.ok:
            area = area_above(traced.payoffs, problem.disagreement, traced.jumps)
            value = replace(value, area=area, area_error=traced.area_error)
    if status.ok:
        points = np.maximum(points, 0.0) * search.size
        value = replace(value, least_gain=points.min(axis=0), most_gain=points.max(axis=0))
    return ZoneSolution(problem, value, status, residuals, search.cost())


def _cheapest_terms(search: Search, best: Peak) -> tuple[SidePayment | None, float]:
    """Return the smallest side payment over terms, and the residual of its optimum."""
    size = search.size
    richest = search.maximise(raise_sum(size / size.sum()), (best.place,))
    if richest is None:
        return None, np.inf
    peak, weights = richest, (size, size)
    if size @ richest.gains > 0:
        cheapest = search.maximise(lower_compensation(size), (richest.place, best.place))
        if cheapest is None:
            return None, np.inf
        peak = cheapest
        weights = (np.where(peak.gains < -EDGE, size, 0.0), np.where(peak.gains > EDGE, 0.0, size))
        if size @ peak.gains <= EDGE * size.sum():  # what is won just pays for what is lost
            weights = (np.zeros(len(size)), np.full(len(size), np.inf))
    amount, outside, transfer = share_payment(size * peak.gains)
    payoffs = search.payoffs(peak.gains)
    payment = SidePayment(amount, outside, transfer, payoffs, terms=search.at(peak.place))
    return payment, search.stationarity(peak, *weights)
