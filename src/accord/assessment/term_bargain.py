"""A bargain over the terms of a package: zone, frontier, agreements, and what opens a zone."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from accord.assessment.changes import Change, find_changes
from accord.assessment.offers import Offer
from accord.assessment.surrogate import Surrogate, SurrogateConfig
from accord.bargaining.config import RULE_MEANING, Rule, SearchConfig
from accord.bargaining.frontier import trace_frontier
from accord.bargaining.problem import BargainingProblem, Party, Term
from accord.bargaining.solution import FrontierSolution, ZoneSolution
from accord.bargaining.solver import solve_bargain
from accord.bargaining.zone import find_zone

SEARCH = SearchConfig(samples=64, starts=3, points=25, accuracy=4e-3)
APART = 1e-3  # over the range of each term: places closer than this count as one
Probe = Callable[[str], None]


@dataclass(frozen=True, eq=False)
class TermAgreement:
    """Terms that a rule picks, and what they are worth.

    Attributes:
        terms: Value of each term, in units of its field.
        payoffs: Payoff of each party over no deal at these terms, evaluated, bn USD.
        expected: The same by the surrogate on which the terms were found.
    """

    terms: Term
    payoffs: Party
    expected: Party

    @property
    def miss(self) -> float:
        """How far the surrogate was off, the largest of the parties, bn USD."""
        return float(np.abs(self.payoffs - self.expected).max())


@dataclass(frozen=True, eq=False)
class TermBargain:
    """A bargain over the terms of a package; payoffs over no deal, bn USD of present value.

    Attributes:
        offer: The package and its terms.
        payoffs: Payoffs of the package as it is.
        surrogate: Payoffs over the terms, with its error.
        problem: The terms as a bargaining problem.
        zone: The zone of possible agreement over the terms.
        frontier: Efficient terms, in the zone and outside it.
        agreements: What each rule picks; empty where there is no zone.
        changes: Least changes of single terms that both accept; empty where both accept already.
        pairs: Least changes of two terms at once.
    """

    offer: Offer
    payoffs: Party
    surrogate: Surrogate
    problem: BargainingProblem
    zone: ZoneSolution
    frontier: FrontierSolution
    agreements: Mapping[Rule, TermAgreement]
    changes: tuple[Change, ...]
    pairs: tuple[Change, ...]

    @property
    def is_accepted(self) -> bool:
        """Whether every party prefers the package as it is to no deal, or is indifferent."""
        return bool((self.payoffs >= self.problem.disagreement).all())

    def with_disagreement(self, floor: Party) -> BargainingProblem:
        """Return the same terms against another outcome without a deal, bn USD over no deal."""
        return self.problem_of(self.surrogate, self.offer, floor)

    @staticmethod
    def problem_of(surrogate: Surrogate, offer: Offer, floor: Party) -> BargainingProblem:
        """Return terms as a bargaining problem."""
        return BargainingProblem.from_terms(
            surrogate, offer.bounds, floor, parties=offer.parties, names=offer.names
        )


def bargain_over_terms(
    offer: Offer,
    *,
    floor: Party | None = None,
    config: SurrogateConfig | None = None,
    search: SearchConfig = SEARCH,
    tell: Probe | None = None,
) -> TermBargain:
    """Return the bargain over the terms of a package.

    The surrogate learns from the agreements and the ends of the frontier that it led to, which
    are evaluated, and is searched again; what is reported was evaluated at the end.

    Args:
        offer: The package and its terms.
        floor: Payoffs without a deal; zero if left out.
        config: How many evaluations are spent on what.
        search: How terms are searched for.
        tell: Told what is being done.
    """
    say = tell or _hush
    floor = np.zeros(len(offer.parties)) if floor is None else floor
    emulation = offer.emulate(config)
    say("payoffs over terms")
    surrogate = emulation.fit()
    for _ in range(emulation.config.rounds):
        say("agreements, to learn from")
        problem = TermBargain.problem_of(surrogate, offer, floor)
        probes = _probes(problem, offer, surrogate, search)[: emulation.config.probes]
        if not len(probes):
            break
        surrogate = emulation.learn(surrogate, probes)
    problem = TermBargain.problem_of(surrogate, offer, floor)
    say("frontier and zone")
    zone = find_zone(problem, config=search, throw=False)
    frontier = trace_frontier(problem, config=search, throw=False)
    agreements = {
        rule: TermAgreement(terms, emulation.at(terms), surrogate.value(terms))
        for rule, terms in _agreed(problem, search).items()
    }
    payoffs = emulation.at(offer.base)
    changes: tuple[Change, ...] = ()
    pairs: tuple[Change, ...] = ()
    if (payoffs < floor).any():
        say("least changes")
        changes, pairs = find_changes(offer, surrogate, floor)
    return TermBargain(
        offer, payoffs, surrogate, problem, zone, frontier, agreements, changes, pairs
    )


def _hush(_: str) -> None:
    """Tell nobody."""


def _agreed(problem: BargainingProblem, search: SearchConfig) -> dict[Rule, Term]:
    """Return the terms that each rule picks, where it picks any; nobody may lose."""
    found: dict[Rule, Term] = {}
    for rule in RULE_MEANING:
        value = solve_bargain(problem, rule, rational=True, config=search, throw=False).value
        if value.terms is not None:
            found[rule] = value.terms
    return found


def _probes(
    problem: BargainingProblem, offer: Offer, surrogate: Surrogate, search: SearchConfig
) -> Float[np.ndarray, "probe term"]:
    """Return agreements, then points of the frontier, that are apart and were not evaluated."""
    coarse = SearchConfig(search.samples, search.starts, 8, 2e-2)
    frontier = trace_frontier(problem, config=coarse, throw=False).value
    wanted = list(_agreed(problem, search).values())
    if frontier.terms is not None and len(frontier.terms):
        order = np.argsort(np.abs((frontier.payoffs / surrogate.size) @ np.array([1.0, -1.0])))
        wanted += list(frontier.terms[order]) if frontier.payoffs.shape[1] == 2 else []
    low, high = offer.bounds.T
    kept: list[Term] = []
    sites = list(low + (high - low) * surrogate.sites)
    for one in wanted:
        if all(np.abs((one - other) / (high - low)).max() > APART for other in (*sites, *kept)):
            kept.append(one)
    return np.array(kept).reshape(-1, len(low))
