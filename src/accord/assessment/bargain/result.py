"""The result of a bargain: packages, zone, agreements, chances, terms and retaliation."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from accord.assessment.bargain.objectives import Objective, RevealedObjective
from accord.assessment.bargain.over_terms import TermBargain
from accord.assessment.bargain.retaliation import Retaliation
from accord.assessment.bargain.threats import Threat
from accord.bargaining.acceptance import ChanceOutcome
from accord.bargaining.config import Rule
from accord.bargaining.over_time.patience import TimePrices
from accord.bargaining.plan import BargainingProblem, PackageParty, Party
from accord.bargaining.solution import BargainOutcome, ZoneOutcome
from accord.core.notebook import Shown
from accord.deal.deal import Deal


@dataclass(frozen=True, eq=False, repr=False)
class Pressure(Shown):
    """What time does to alternating offers over a frontier.

    Attributes:
        period: Years from one proposal to the next.
        rates: Yearly rate at which each party discounts, a fraction.
        agreement: Payoffs agreed if the first party proposes first; NaN without an agreement.
        limit: Payoffs as proposals follow each other without delay.
        prices: What delay, the first move and a deadline are worth.
    """

    period: float
    rates: tuple[float, float]
    agreement: Party
    limit: Party
    prices: TimePrices


@dataclass(frozen=True, eq=False)
class BargainData:
    """What parties can agree on; payoffs over no deal, bn USD of present value.

    Payoffs, chances, threats and retaliation are by the objective.

    Attributes:
        deal: The deal.
        packages: The packages that are a choice of the parties.
        problem: They as a bargaining problem.
        zone: The zone of possible agreement over packages.
        agreements: What each rule picks among packages taken whole; where nothing is acceptable
            to all, nothing.
        chances: With what probability each gains, from the draws; None without draws.
        needed: What each party must get, or see, on top of each package to accept it.
        needed_surely: The same to accept it in 90 % of the draws; None without draws.
        terms: The bargain over the terms of one package; None where none move.
        retaliations: No deal answered with tariffs, once for each party on which others raise
            theirs, the party that pays first; empty where not asked for.
        pressure: What time does; None where there is no zone, or with more than two parties.
        focus: The package whose terms move, or the one that was signed.
        objective: What the parties want: welfare, or what their tariffs reveal.
        revealed: What the tariffs of those that raise any reveal; empty where welfare counts.
            Parties that are not among them want welfare.
        welfare: Welfare of each package to each party, whatever the objective, bn USD.
        welfare_gains: Share of the draws in which its welfare rises, whatever the objective; None
            without draws.
        threats: The threat of each party that raises tariffs on another under no deal.
        term_welfare: Welfare to each party of the terms that each rule picks, bn USD; empty where
            welfare is the objective, or no terms move.
    """

    deal: Deal
    packages: tuple[str, ...]
    problem: BargainingProblem
    zone: ZoneOutcome
    agreements: Mapping[Rule, BargainOutcome]
    chances: ChanceOutcome | None
    needed: PackageParty
    needed_surely: PackageParty | None
    terms: TermBargain | None
    retaliations: tuple[Retaliation, ...]
    pressure: Pressure | None
    focus: str
    objective: Objective = "welfare"
    revealed: tuple[RevealedObjective, ...] = ()
    welfare: PackageParty | None = None
    welfare_gains: PackageParty | None = None
    threats: tuple[Threat, ...] = ()
    term_welfare: Mapping[Rule, Party] = field(default_factory=dict)

    @property
    def payoffs(self) -> PackageParty:
        """Payoff of each package to each party, bn USD."""
        table = self.problem.packages
        if table is None:
            raise AssertionError("a bargain without packages: please report this")
        return table.payoffs

    @property
    def has_zone(self) -> bool:
        """Whether some package, or some terms where they move, are acceptable to all."""
        return self.zone.exists or (self.terms is not None and self.terms.has_zone)

    @property
    def is_accepted(self) -> np.ndarray:
        """Whether every party accepts each package."""
        return np.asarray((self.payoffs >= 0).all(axis=1))

    def __repr__(self) -> str:
        """One line: deal, packages, whether there is a zone."""
        word = "a zone" if self.has_zone else "no zone"
        return f"{type(self).__name__}({self.deal.name!r}: {', '.join(self.packages)}; {word})"
