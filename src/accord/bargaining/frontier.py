"""The frontier: the payoffs at which no party can gain unless another loses."""

import numpy as np

from accord.bargaining.config import SearchConfig, SearchStats
from accord.bargaining.equations import concave_chain, find_efficient
from accord.bargaining.over_packages.lotteries import best_lottery, measure
from accord.bargaining.over_terms.search import Search
from accord.bargaining.over_terms.trace import Trace, trace
from accord.bargaining.plan import BargainingProblem, PackageParty
from accord.bargaining.solution import FrontierOutcome, FrontierSolution
from accord.core.arguments import check_kind, public
from accord.core.errors import InputError, SolveError
from accord.core.status import Status

STRAIGHT = 1e-6  # over the range of payoffs: a dent of the frontier that is none


@public
def trace_frontier(
    problem: BargainingProblem,
    *,
    lotteries: bool = False,
    within_zone: bool = False,
    config: SearchConfig | None = None,
    throw: bool = True,
) -> FrontierSolution:
    """Return the Pareto frontier: agreements at which no party can gain unless another loses.

    Args:
        problem: Parties, packages or terms.
        lotteries: Whether a lottery over packages may dominate a package: then only the corners of
            the hull are kept. Over terms, it has no effect.
        within_zone: Keep only what every party prefers to no agreement.
        config: How terms are searched for, how many points, how close.
        throw: Raise `SolveError` when the frontier was not found, rather than return the status.

    Raises:
        InputError: With everything wrong in the call.
        SolveError: If no point of the frontier was found and `throw` is true.

    Examples:
        >>> problem = BargainingProblem.from_packages([[5, 1], [2, 2], [3, 3], [1, 4]], [0, 1])
        >>> trace_frontier(problem).value.payoffs.tolist()
        [[1.0, 4.0], [3.0, 3.0], [5.0, 1.0]]
    """
    check_kind("problem", problem, BargainingProblem, "Make one: BargainingProblem.from_packages")
    config = SearchConfig() if config is None else config
    check_kind("config", config, SearchConfig, "Give SearchConfig(samples=128), or leave it out")
    if config.problems():
        raise InputError(config.problems(), "the call")
    if problem.terms is not None:
        search = Search(problem.terms, problem.disagreement, config)
        solution = frontier_of_terms(problem, search, within_zone=within_zone)
    else:
        solution = _frontier_of_packages(problem, lotteries=lotteries, within_zone=within_zone)
    if throw and not solution.status.ok and solution.status is not Status.NO_AGREEMENT:
        raise SolveError(solution.status, "the frontier")
    return solution


def frontier_of_terms(
    problem: BargainingProblem, search: Search, *, within_zone: bool
) -> FrontierSolution:
    """Return the frontier over terms."""
    floors = np.full(len(problem.parties), 0.0 if within_zone else -np.inf)
    traced = trace(search, floors) if search.places else None
    if traced is None or not traced.peaks:
        empty = np.zeros((0, len(problem.parties)))
        value = FrontierOutcome(empty, None, np.zeros((0, len(search.terms.low))),
                                np.zeros(0, dtype=bool), concave=False)  # fmt: skip
        return FrontierSolution(problem, value, Status.NO_OPTIMUM, {}, search.cost())
    residuals = {"efficiency": traced.residual, "points left out": float(traced.failed)}
    if len(problem.parties) == 2:
        residuals["terms found above"] = traced.above
    value = _value(search, traced)
    return FrontierSolution(problem, value, Status.CONVERGED, residuals, search.cost())


def _value(search: Search, traced: Trace) -> FrontierOutcome:
    payoffs = np.stack([search.payoffs(peak.gains) for peak in traced.peaks])
    size = float(np.prod(search.size))
    return FrontierOutcome(
        payoffs=payoffs,
        packages=None,
        terms=np.stack([search.at(peak.place) for peak in traced.peaks]),
        jumps=traced.jumps,
        concave=len(search.size) == 2 and not traced.jumps.any() and is_concave(payoffs),
        deviation=traced.deviation,
        area_error=traced.area * size,
    )


def is_concave(payoffs: PackageParty) -> bool:
    """Return whether ordered points of two parties lie on a concave curve."""
    span = np.ptp(payoffs, axis=0)
    points = np.unique(payoffs / np.where(span > 0, span, 1.0), axis=0)
    if len(points) < 3:
        return True
    step = np.diff(points, axis=0)
    turn = step[:-1, 0] * step[1:, 1] - step[:-1, 1] * step[1:, 0]
    dent = turn / np.linalg.norm(points[2:] - points[:-2], axis=1)
    return bool((dent <= STRAIGHT).all())


def _frontier_of_packages(
    problem: BargainingProblem, *, lotteries: bool, within_zone: bool
) -> FrontierSolution:
    """Return the efficient packages."""
    packages = problem.packages
    payoffs = np.zeros((0, len(problem.parties))) if packages is None else packages.payoffs
    rows = np.flatnonzero(find_efficient(payoffs))
    two = payoffs.shape[1] == 2
    if two:
        rows = rows[np.argsort(payoffs[rows, 0], kind="stable")]
    if lotteries:
        rows = concave_chain(payoffs) if two else _efficient_in_hull(payoffs, rows)
    if within_zone:
        rows = rows[(payoffs[rows] >= problem.disagreement).all(axis=1)]
    points = payoffs[rows]
    value = FrontierOutcome(
        payoffs=points, packages=rows, terms=None,
        jumps=np.full(max(len(rows) - 1, 0), not lotteries),
        concave=two and len(rows) > 0 and is_concave(points),
    )  # fmt: skip
    status = Status.CONVERGED if len(rows) else Status.NO_AGREEMENT
    return FrontierSolution(problem, value, status, {"efficiency": 0.0}, SearchStats())


def _efficient_in_hull(payoffs: PackageParty, rows: np.ndarray) -> np.ndarray:
    """Return the packages of which no lottery is better for all."""
    size = measure(payoffs - payoffs.mean(axis=0))
    kept = []
    for row in rows:
        more = (payoffs - payoffs[row]) / size
        lottery = best_lottery(more, np.ones(len(size)), np.zeros(len(size)))
        kept.append(lottery is None or (lottery @ more).sum() <= STRAIGHT)
    return np.asarray(rows[np.array(kept, dtype=bool)])
