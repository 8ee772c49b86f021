"""A bargain over the terms of a package: zone, frontier, agreements, and side payments."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from accord.assessment.bargain.least_change import LeastChange, find_least_changes
from accord.assessment.bargain.movable_package import MovablePackage, screen
from accord.assessment.valuation.welfare.surface import Progress
from accord.bargaining.config import RULE_MEANING, Rule, SearchConfig
from accord.bargaining.frontier import trace_frontier
from accord.bargaining.plan import BargainingProblem, PackageParty, Party, Term
from accord.bargaining.solution import (
    FrontierOutcome,
    FrontierSolution,
    SidePayment,
    ZoneOutcome,
    ZoneSolution,
)
from accord.bargaining.solver import solve_bargain
from accord.bargaining.zone import find_zone
from accord.core.arrays import Float
from accord.core.notebook import Shown
from accord.core.numerics.surrogate import Emulation, Surrogate, SurrogateConfig
from accord.deal.terms.entries import TermEntry

SEARCH = SearchConfig(samples=64, starts=3, points=13, accuracy=1e-2)
APART = 1e-3  # over the range of each term: places closer than this count as one


@dataclass(frozen=True, eq=False, repr=False)
class TermAgreement(Shown):
    """Terms that a rule picks, and what they are worth.

    Attributes:
        terms: Value of each term, in units of its field.
        payoffs: Payoff of each party over no deal at these terms, evaluated, bn USD.
    """

    terms: Term
    payoffs: Party


@dataclass(frozen=True, eq=False, repr=False)
class TermBargain(Shown):
    """A bargain over the terms of a package; payoffs over no deal, bn USD of present value.

    Attributes:
        movable: The package and its terms.
        payoffs: Payoffs of the package as it is.
        surrogate: Payoffs over the terms, with its error.
        problem: The terms as a bargaining problem.
        guess: Zone and frontier by the surrogate; where it led to was evaluated.
        zone: The zone among all terms evaluated.
        frontier: Terms evaluated that no lottery of others is better than for all, in order, with
            their payoffs.
        opening: The smallest side payment that opens a zone at terms that were evaluated; nothing
            where all accept some of them.
        agreements: What each rule picks; empty where no terms evaluated are acceptable to all.
        changes: Least changes of single terms that both accept; empty where both accept already.
        pairs: Least changes of two terms at once.
        evaluated: Payoffs of all terms evaluated, whoever gains.
        idle: Terms of the package left as they are, because they hardly move any payoff.
    """

    movable: MovablePackage
    payoffs: Party
    surrogate: Surrogate
    problem: BargainingProblem
    guess: tuple[ZoneSolution, FrontierSolution]
    zone: ZoneOutcome
    frontier: FrontierOutcome
    opening: SidePayment
    agreements: Mapping[Rule, TermAgreement]
    changes: tuple[LeastChange, ...]
    pairs: tuple[LeastChange, ...]
    evaluated: PackageParty
    idle: tuple[TermEntry, ...] = ()

    @property
    def has_zone(self) -> bool:
        """Whether some terms that were evaluated are acceptable to all."""
        return bool(self.agreements)

    @property
    def is_accepted(self) -> bool:
        """Whether every party prefers the package as it is to no deal, or is indifferent."""
        return bool((self.payoffs >= self.problem.disagreement).all())

    def with_disagreement(self, floor: Party) -> BargainingProblem:
        """Return the same terms against another outcome without a deal, bn USD over no deal."""
        return self.problem_of(self.surrogate, self.movable, floor)

    @staticmethod
    def problem_of(
        surrogate: Surrogate, movable: MovablePackage, floor: Party
    ) -> BargainingProblem:
        """Return terms as a bargaining problem."""
        return BargainingProblem.from_terms(
            surrogate, movable.bounds, floor, parties=movable.parties, names=movable.names
        )


def bargain_over_terms(
    movable: MovablePackage,
    *,
    floor: Party | None = None,
    all_terms: bool = True,
    config: SurrogateConfig | None = None,
    search: SearchConfig = SEARCH,
    progress: Progress | None = None,
) -> TermBargain:
    """Return the bargain over the terms of a package.

    The surrogate learns from the agreements and the ends of the frontier that it led to, which
    are evaluated, and is searched again; what is reported was evaluated at the end.

    Args:
        movable: The package and its terms.
        floor: Payoffs without a deal; zero if left out.
        all_terms: Whether terms that hardly move any payoff are searched over too.
        config: How many evaluations are spent on what.
        search: How terms are searched for.
        progress: Told what is being done, how much of it is done, and of how much.
    """
    floor = np.zeros(len(movable.parties)) if floor is None else floor
    movable, idle = (
        (_watched(movable, progress), ()) if all_terms else screen(_watched(movable, progress))
    )
    emulation = movable.emulate(config)
    surrogate = emulation.fit()
    for _ in range(emulation.config.rounds):
        problem = TermBargain.problem_of(surrogate, movable, floor)
        probes = _probes(problem, movable, surrogate, search)[: emulation.config.probes]
        if not len(probes):
            break
        surrogate = emulation.learn(surrogate, probes)
    problem = TermBargain.problem_of(surrogate, movable, floor)
    guess = (
        find_zone(problem, config=search, throw=False),
        trace_frontier(problem, config=search, throw=False),
    )
    led_to = list(_agreed(problem, search).values())
    led_to += [] if guess[1].value.terms is None else list(guess[1].value.terms)
    opening = guess[0].value.side_payment.terms
    if led_to := [*led_to, *([] if opening is None else [opening])]:
        emulation.evaluate_all(np.stack(led_to))
    evaluated = _evaluated(emulation, movable, floor)
    places = emulation.known[0]
    agreements = _pick(evaluated, places)
    payoffs = emulation.at(movable.base)
    changes: tuple[LeastChange, ...] = ()
    pairs: tuple[LeastChange, ...] = ()
    if (payoffs < floor).any():
        changes, pairs = find_least_changes(movable, surrogate, floor)
    return TermBargain(
        movable, payoffs, surrogate, problem, guess, find_zone(evaluated).value,
        _efficient(evaluated, places), _opening(evaluated, places), agreements, changes, pairs,
        emulation.known[1], idle,
    )  # fmt: skip


def _efficient(
    problem: BargainingProblem, places: Float[np.ndarray, "site term"]
) -> FrontierOutcome:
    """Return the terms evaluated that no lottery of others is better than for all."""
    frontier = trace_frontier(problem, lotteries=True).value
    return replace(frontier, packages=None, terms=None if frontier.packages is None
                   else places[frontier.packages])  # fmt: skip


def _watched(movable: MovablePackage, progress: Progress | None) -> MovablePackage:
    """Return a package whose evaluations are told."""
    if progress is None:
        return movable
    config = SurrogateConfig()
    count = len(movable.base)
    total = 1 + (2 + config.mixed) * count + config.held_out + config.rounds * config.probes
    done = 0

    def evaluate(values: Mapping[str, float]) -> Party:
        nonlocal done
        progress("payoffs over terms", min(done, total - 1), total)
        done += 1
        return movable.evaluate(values)

    return replace(movable, evaluate=evaluate)


def _agreed(problem: BargainingProblem, search: SearchConfig) -> dict[Rule, Term]:
    """Return the terms that each rule picks, where it picks any; nobody may lose."""
    agreed: dict[Rule, Term] = {}
    for rule in RULE_MEANING:
        value = solve_bargain(problem, rule, rational=True, config=search, throw=False).value
        if value.terms is not None:
            agreed[rule] = value.terms
    return agreed


def _evaluated(emulation: Emulation, movable: MovablePackage, floor: Party) -> BargainingProblem:
    """Return all terms evaluated as packages to choose from."""
    _, payoffs = emulation.known
    return BargainingProblem.from_packages(payoffs, floor, parties=movable.parties)


def _pick(
    problem: BargainingProblem, places: Float[np.ndarray, "site term"]
) -> dict[Rule, TermAgreement]:
    """Return what each rule picks among all terms evaluated, those the surrogate led to included.

    So no rule is content with terms that are worse, by the rule itself, than others that are known.
    """
    picks = {}
    for rule in RULE_MEANING:
        value = solve_bargain(problem, rule, rational=True).value
        if value.package is not None:
            picks[rule] = TermAgreement(places[value.package], value.payoffs)
    return picks


def _opening(problem: BargainingProblem, places: Float[np.ndarray, "site term"]) -> SidePayment:
    """Return the smallest side payment that opens a zone among all terms evaluated."""
    payment = find_zone(problem).value.side_payment
    return replace(payment, package=None, terms=places[payment.package or 0])


def _probes(
    problem: BargainingProblem, movable: MovablePackage, surrogate: Surrogate, search: SearchConfig
) -> Float[np.ndarray, "probe term"]:
    """Return agreements and points of the frontier, its ends first, that were not evaluated.

    A surrogate errs most at its ends, where few evaluations are near and an optimum finds the error
    that flatters it.
    """
    coarse = SearchConfig(search.samples, search.starts, 9, 2e-2)
    agreed = list(_agreed(problem, search).values())
    frontier = trace_frontier(problem, within_zone=bool(agreed), config=coarse, throw=False).value
    if not agreed:
        opening = find_zone(problem, config=search, throw=False).value.side_payment.terms
        agreed = [] if opening is None else [opening]
    along = [] if frontier.terms is None else [frontier.terms[at] for at in _ends_first(frontier)]
    wanted = [*agreed[:1], *along[:2], *agreed[1:], *along[2:]]
    low, high = movable.bounds.T
    kept: list[Term] = []
    sites = list(surrogate.sites)
    for probe in wanted:
        if all(np.abs((probe - other) / (high - low)).max() > APART for other in (*sites, *kept)):
            kept.append(probe)
    return np.array(kept).reshape(-1, len(low))


def _ends_first(frontier: FrontierOutcome) -> list[int]:
    """Return the points of a frontier, each the one furthest from those before it."""
    points = frontier.payoffs
    left = list(range(len(points)))
    order = left[:1]
    while len(order) < len(left):
        gaps = np.abs(points[:, None, :] - points[order][None, :, :]).max(axis=2).min(axis=1)
        order.append(int(gaps.argmax()) if gaps.max() > 0 else next(iter({*left} - {*order})))
    return order
