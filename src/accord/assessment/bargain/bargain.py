"""The verb of the bargain: from an assessment to what the parties can agree on, and why not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING

import numpy as np

from accord.assessment.bargain.movable_package import make_offer
from accord.assessment.bargain.over_terms import TermBargain, bargain_over_terms
from accord.assessment.bargain.retaliation import Retaliation, find_retaliation
from accord.assessment.valuation.appraiser import Appraiser
from accord.assessment.valuation.surface import Progress
from accord.bargaining.acceptance import ChanceOutcome, assess_chances, required_side_payment
from accord.bargaining.config import RULE_MEANING, Rule
from accord.bargaining.over_time.alternating_offers import (
    AlternatingOffers,
    discount_per_period,
    solve_offers,
)
from accord.bargaining.over_time.curve import PointCurve
from accord.bargaining.over_time.patience import TimePrices, price_time
from accord.bargaining.plan import BargainingProblem, PackageParty, Party
from accord.bargaining.solution import BargainOutcome, ZoneOutcome
from accord.bargaining.solver import solve_bargain
from accord.bargaining.zone import find_zone
from accord.core.errors import InputError, Problem
from accord.core.numerics.surrogate import SurrogateConfig
from accord.core.words import suggest
from accord.deal.clauses.investment import InvestmentClause
from accord.deal.deal import NO_DEAL, Deal
from accord.deal.terms.terms import terms_of
from accord.lowering.finance import discount_rate
from accord.lowering.tariff_path import Timeline

if TYPE_CHECKING:
    from accord.assessment.result import Assessment

SIGNED = "signed"
CONFIDENCE = 0.9
PERIOD = 1 / 12  # years from one proposal to the next
DEADLINES = (1, 2, 3, 6, 12)


@dataclass(frozen=True, eq=False)
class Pressure:
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
class Bargain:
    """What parties can agree on; payoffs over no deal, bn USD of present value.

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
        retaliation: No deal answered with tariffs by who pays; None where not asked for.
        pressure: What time does; None where there is no zone, or with more than two parties.
        focus: The package whose terms move, or the one that was signed.
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
    retaliation: Retaliation | None
    pressure: Pressure | None
    focus: str

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

    def summary(self) -> str:
        """Return what can be agreed on, and why not, in a few lines of text."""
        from accord.assessment.bargain.render import render_bargain

        return render_bargain(self)

    def to_dict(self) -> dict[str, object]:
        """Return everything as plain data, ready for JSON."""
        from accord.assessment.bargain.render import plain_bargain

        return plain_bargain(self)

    def __repr__(self) -> str:
        """One line: deal, packages, whether there is a zone."""
        word = "a zone" if self.has_zone else "no zone"
        return f"Bargain({self.deal.name!r}: {', '.join(self.packages)}; {word})"


def bargain(
    assessment: "Assessment",
    *,
    package: str | None = None,
    terms: Sequence[str] | bool = True,
    retaliation: bool = True,
    config: SurrogateConfig | None = None,
    timeline: Timeline = "dated",
    progress: Progress | None = None,
) -> Bargain:
    """Return what the parties of an assessed deal can agree on.

    Args:
        assessment: The packages, assessed.
        package: The package whose terms move; "signed", or the first of the parties' choices.
        terms: Names of the terms that move; True for all that matter, False for none.
        retaliation: Whether to work out what an answer to no deal would do.
        config: How many evaluations are spent on the terms.
        timeline: Which tariffs hold when.
        progress: Told what is being done, how much of it is done, and of how much.

    Raises:
        InputError: The package or a term is not known.
        SolveError: An equilibrium was not found.
    """
    deal, world, settings = assessment.deal, assessment.world, assessment.settings
    names = choices(deal)
    focus = package or (SIGNED if SIGNED in names else names[0])
    if focus not in names:
        meant = suggest(focus, names)
        remedy = f"Did you mean {meant!r}?" if meant else f"Known: {', '.join(names)}"
        raise InputError([Problem("package", f"there is no {focus!r} to choose", remedy)])
    appraiser = Appraiser(world, settings, timeline)
    moving = bool(terms) and (not isinstance(terms, bool) or bool(terms_of(deal, focus)))
    offer = None
    if moving:
        wanted = None if isinstance(terms, bool) else terms
        offer = make_offer(deal, focus, appraiser.payoff, world, names=wanted)
    verdict = assessment.verdict if progress is None else assessment.reach_verdict(progress)
    at = [verdict.regions.index(party) for party in deal.parties]
    payoffs = np.stack([verdict.payoff(name, timeline)[at] for name in names])
    draws = np.stack([verdict.draws(name, timeline)[:, at] for name in names], axis=1)
    over = None
    if offer is not None:
        named = not isinstance(terms, bool)
        over = bargain_over_terms(offer, all_terms=named, config=config, progress=progress)
    answer = None
    if retaliation and len(deal.parties) == 2:
        payer = payer_of(deal)
        host = next(party for party in deal.parties if party != payer)
        answer = find_retaliation(
            deal, world, assessment.model, appraiser.payoff,
            by=payer, against=host, config=settings.trade,
        )  # fmt: skip
    return settle(
        deal, names, payoffs, draws if len(draws) else None,
        focus=focus, terms=over, retaliation=answer,
    )  # fmt: skip


def settle(
    deal: Deal,
    names: tuple[str, ...],
    payoffs: PackageParty,
    draws: np.ndarray | None = None,
    *,
    focus: str,
    terms: TermBargain | None = None,
    retaliation: Retaliation | None = None,
) -> Bargain:
    """Return the bargain over packages whose payoffs over no deal are known.

    Args:
        deal: The deal.
        names: The packages.
        payoffs: Payoff of each to each party, bn USD.
        draws: The same by draw, with common random numbers; None without draws.
        focus: The package in question.
        terms: The bargain over its terms.
        retaliation: No deal with an answer.
    """
    nothing = np.zeros(len(deal.parties))
    sample = {} if draws is None else {
        "draws": draws, "disagreement_draws": np.zeros((len(draws), len(nothing))),
    }  # fmt: skip
    problem = BargainingProblem.from_packages(
        payoffs, nothing, parties=deal.parties, names=names, **sample
    )
    return Bargain(
        deal=deal,
        packages=names,
        problem=problem,
        zone=find_zone(problem).value,
        agreements={
            rule: solve_bargain(problem, rule, rational=True).value for rule in RULE_MEANING
        },
        chances=None if draws is None else assess_chances(problem).value,
        needed=required_side_payment(problem),
        needed_surely=(
            None if draws is None else required_side_payment(problem, confidence=CONFIDENCE)
        ),
        terms=terms,
        retaliation=retaliation,
        pressure=_pressure(deal, payoffs, terms),
        focus=focus,
    )


def choices(deal: Deal) -> tuple[str, ...]:
    """Return the packages that leave other countries' tariffs as no deal does; all if none does."""
    like = [one.name for one in deal.packages if one.background == deal.no_deal.background]
    return tuple(like) or tuple(name for name in deal.package_names if name != NO_DEAL)


def payer_of(deal: Deal) -> str:
    """Return the party that pays for an investment in the other; the second if none does."""
    for package in reversed(deal.packages):
        for clause in package.clause:
            if isinstance(clause, InvestmentClause) and clause.payer in deal.parties:
                return clause.payer
    return deal.parties[1]


def _pressure(deal: Deal, payoffs: PackageParty, terms: TermBargain | None) -> Pressure | None:
    """Return what time does on the hull of terms evaluated, or of packages; None without a zone."""
    if len(deal.parties) != 2:
        return None
    points = payoffs
    if terms is not None:
        points = terms.evaluated
    curve = PointCurve.from_points(np.concatenate([points, np.zeros((1, 2))]))
    rates = (discount_rate(deal, deal.parties[0]), discount_rate(deal, deal.parties[1]))
    discount = tuple(discount_per_period(float(np.log1p(rate)), PERIOD) for rate in rates)
    first = 1 - deal.parties.index(payer_of(deal))  # the party that demands
    game = AlternatingOffers(curve, (discount[0], discount[1]), first=first)
    if game.problems():
        return None
    found = solve_offers(game)
    if not found.status.ok or not all(isfinite(one) for one in found.value.agreement):
        return None
    if not (found.value.gains > 0).any():
        return None
    return Pressure(
        PERIOD, rates, found.value.agreement, found.value.limit,
        price_time(game, deadlines=DEADLINES),
    )  # fmt: skip
