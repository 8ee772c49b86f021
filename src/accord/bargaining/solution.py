"""The results of the bargaining engine: agreements, frontiers, zones and chances."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from accord.bargaining.config import Rule, SearchStats
from accord.bargaining.plan import BargainingProblem, Party, Term
from accord.core.arrays import Bool, Float, Int
from accord.core.notebook import Shown
from accord.core.status import Status


@dataclass(frozen=True, eq=False, repr=False)
class BargainOutcome(Shown):
    """An agreement and what it brings. Without an agreement payoffs are NaN and the rest is None.

    Attributes:
        payoffs: Payoff of each party.
        gains: The same less what each has without an agreement.
        package: The package agreed; None for a lottery over several, and for terms.
        lottery: Probability of each package; None for terms.
        terms: The terms agreed; None for packages.
        ties: Packages that do as well by the rule, the chosen one included.
    """

    payoffs: Party
    gains: Party
    package: int | None = None
    lottery: Float[np.ndarray, " package"] | None = None
    terms: Term | None = None
    ties: tuple[int, ...] = ()

    @property
    def accepted(self) -> Bool[np.ndarray, " party"]:
        """Whether each party prefers this to no agreement, or is indifferent."""
        size = np.abs(self.payoffs).max() + np.abs(self.gains).max()
        return np.asarray(self.gains >= -1e-9 * size)


@dataclass(frozen=True, eq=False, repr=False)
class BargainSolution(Shown):
    """The agreement by one rule: `value`, `status`, `residuals` and `stats`.

    `residuals` name the axiom of the rule and how far the agreement is from it (over the range of
    payoffs), "efficiency" (how much all could gain at once; over terms, the first-order
    conditions) and "individual rationality" (the largest loss). Where packages are chosen whole,
    equal shares or gains need not exist, and the residual of these axioms says what is missing.
    """

    problem: BargainingProblem
    rule: Rule
    value: BargainOutcome
    status: Status
    residuals: Mapping[str, float]
    stats: SearchStats


@dataclass(frozen=True, eq=False, repr=False)
class FrontierOutcome(Shown):
    """Efficient agreements: what one party can get only at another's cost.

    Attributes:
        payoffs: Payoffs of each point; with two parties ordered by the first one's.
        packages: The package of each point; None for terms.
        terms: The terms of each point; None for packages.
        jumps: For two parties, whether there is nothing efficient between neighbours; without
            lotteries between packages, everywhere.
        concave: For two parties, whether no lottery of points lies above the frontier.
        deviation: Largest distance expected between the frontier and the straight lines through
            its points, over the range of payoffs; 0 for packages, NaN for more than two parties.
        area_error: Area expected between the two, in units of payoffs.
    """

    payoffs: Float[np.ndarray, "point party"]
    packages: Int[np.ndarray, " point"] | None
    terms: Float[np.ndarray, "point term"] | None
    jumps: Bool[np.ndarray, " segment"]
    concave: bool
    deviation: float = 0.0
    area_error: float = 0.0


@dataclass(frozen=True, eq=False, repr=False)
class FrontierSolution(Shown):
    """A frontier: `value`, `status`, `residuals` and `stats`."""

    problem: BargainingProblem
    value: FrontierOutcome
    status: Status
    residuals: Mapping[str, float]
    stats: SearchStats


@dataclass(frozen=True, eq=False)
class SidePayment:
    """The smallest payment that makes every party accept something.

    First as little as possible comes from outside, then as little as possible changes hands.

    Attributes:
        amount: What the parties that would lose receive in all, in units of payoffs.
        outside: The part of it that no party could pay and keep a gain.
        transfer: What each party receives (negative: pays); the sum is `outside`.
        payoffs: Payoffs before the transfer.
        package: The package that it opens; None for terms.
        terms: The terms that it opens; None for packages.
    """

    amount: float
    outside: float
    transfer: Party
    payoffs: Party
    package: int | None = None
    terms: Term | None = None


@dataclass(frozen=True, eq=False, repr=False)
class ZoneOutcome(Shown):
    """The zone of possible agreement: what every party prefers to no agreement.

    Attributes:
        exists: Whether there is a package, or terms, at which no party loses and one gains.
        exists_with_lotteries: Whether there is a lottery over packages of that kind; over terms,
            the same as `exists`.
        acceptable: Which packages are in the zone; None for terms.
        area: Area above no agreement under the frontier (two parties; with lotteries where there
            are packages), in units of payoffs squared; NaN for more parties.
        area_error: Error expected in it.
        least_gain: Least that each party gains in an efficient agreement of the zone; for more
            than two parties over terms, the least where others gain most. NaN if empty.
        most_gain: Most that each party gains in the zone; NaN if empty.
        side_payment: What would open a zone; nothing where there is one.
    """

    exists: bool
    exists_with_lotteries: bool
    acceptable: Bool[np.ndarray, " package"] | None
    area: float
    area_error: float
    least_gain: Party
    most_gain: Party
    side_payment: SidePayment

    @property
    def count(self) -> int:
        """Number of packages in the zone; 0 for terms."""
        return 0 if self.acceptable is None else int(self.acceptable.sum())


@dataclass(frozen=True, eq=False, repr=False)
class ZoneSolution(Shown):
    """A zone of possible agreement: `value`, `status`, `residuals` and `stats`."""

    problem: BargainingProblem
    value: ZoneOutcome
    status: Status
    residuals: Mapping[str, float]
    stats: SearchStats


def no_agreement(parties: int) -> BargainOutcome:
    """Return the outcome of a problem in which nothing is agreed."""
    return BargainOutcome(np.full(parties, np.nan), np.full(parties, np.nan))
