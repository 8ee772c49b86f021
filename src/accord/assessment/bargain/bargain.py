"""Bargaining over a deal: from an assessment to what the parties can agree on, and why not."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import isfinite

import numpy as np

from accord.assessment.bargain.movable_package import make_movable
from accord.assessment.bargain.objectives import (
    OBJECTIVES,
    Objective,
    RevealedObjective,
    politics_of,
    reveal_objectives,
)
from accord.assessment.bargain.over_terms import TermBargain, bargain_over_terms
from accord.assessment.bargain.payoffs import PackagePayoffs, wanted_payoffs, welfare_payoffs
from accord.assessment.bargain.plain import plain_bargain
from accord.assessment.bargain.render import find_more_sides, render_bargain
from accord.assessment.bargain.result import BargainData, Pressure
from accord.assessment.bargain.retaliation import Retaliation, find_retaliations
from accord.assessment.bargain.threats import find_threats
from accord.assessment.names import choices, find_unknown, package_in_focus
from accord.assessment.result import Assessed
from accord.assessment.valuation.appraiser import Appraiser
from accord.assessment.valuation.welfare.surface import Progress
from accord.bargaining.acceptance import assess_chances, required_side_payment
from accord.bargaining.config import RULE_MEANING, Rule
from accord.bargaining.over_time.alternating_offers import (
    AlternatingOffers,
    discount_per_period,
    solve_offers,
)
from accord.bargaining.over_time.curve import PointCurve
from accord.bargaining.over_time.patience import price_time
from accord.bargaining.plan import BargainingProblem, PackageParty, Party
from accord.bargaining.solver import solve_bargain
from accord.bargaining.zone import find_zone
from accord.core.arguments import check_kind, public
from accord.core.errors import InputError
from accord.core.notebook import Shown
from accord.core.numerics.surrogate import SurrogateConfig
from accord.deal.deal import Deal
from accord.deal.terms.terms import terms_of
from accord.lowering.finance import discount_rate
from accord.lowering.roles import lead_payer
from accord.lowering.tariff_path import Timeline

CONFIDENCE = 0.9
PERIOD = 1 / 12  # years from one proposal to the next
DEADLINES = (1, 2, 3, 6, 12)


@dataclass(frozen=True, eq=False, repr=False)
class Bargain(BargainData, Shown):
    """What parties can agree on; payoffs over no deal, bn USD of present value."""

    def summary(self) -> str:
        """Return what can be agreed on, and why not, in a few lines of text."""
        return render_bargain(self)

    def alternating_offers(self) -> Pressure | None:
        """Return what time does to alternating offers; None where there is no zone.

        Raises:
            InputError: The deal has more than two parties; the message says which to merge.
        """
        problems = find_more_sides("parties", self.deal)
        if problems:
            raise InputError(problems, "the bargain")
        return self.pressure

    def to_dict(self) -> dict[str, object]:
        """Return everything as plain data, ready for JSON."""
        return plain_bargain(self)


@public
def bargain(
    assessment: Assessed,
    *,
    package: str | None = None,
    terms: Sequence[str] | bool = True,
    retaliation: bool = True,
    objective: Objective = "welfare",
    config: SurrogateConfig | None = None,
    timeline: Timeline = "dated",
    progress: Progress | None = None,
) -> Bargain:
    """Return what the parties of an assessed deal can agree on.

    Args:
        assessment: The packages, assessed.
        package: The package whose terms move; the one in focus if left out.
        terms: Names of the terms that move; True for all that matter, False for none.
        retaliation: Whether to work out what an answer to no deal would do.
        objective: What parties want: `"welfare"`, or `"revealed"`: welfare, with the weights on
            sectors at which the tariffs of those that raise any are best for them.
        config: How many evaluations are spent on the terms.
        timeline: Which tariffs hold when.
        progress: Told what is being done, how much of it is done, and of how much.

    Raises:
        InputError: The package, a term or the objective is not known, or no party raises tariffs
            that could reveal what it wants.
        SolveError: An equilibrium was not found.
    """
    check_kind("assessment", assessment, Assessed, "Assess the deal first: ac.assess(deal)")
    deal, world, settings = assessment.deal, assessment.world, assessment.settings
    names = choices(deal)
    focus = package or package_in_focus(deal)
    problems = find_unknown("package", focus, names)
    problems += find_unknown("objective", objective, OBJECTIVES)
    if problems:
        raise InputError(problems, "the choices of the parties")
    for_welfare = appraiser = Appraiser(world, settings, timeline, assessment.cache)
    revealed: tuple[RevealedObjective, ...] = ()
    if objective == "revealed":
        revealed = reveal_objectives(deal, world, for_welfare)
        politics = politics_of(revealed, world, len(for_welfare.solvers[-1].sets))
        appraiser = Appraiser(world, settings, timeline, assessment.cache, politics)
    moving = bool(terms) and (not isinstance(terms, bool) or bool(terms_of(deal, focus)))
    movable = None
    if moving:
        wanted = None if isinstance(terms, bool) else terms
        movable = make_movable(
            deal, focus, appraiser.payoff, world, names=wanted, announce=appraiser.announce
        )
    verdict = assessment.verdict if progress is None else assessment.reach_verdict(progress)
    welfare = counted = welfare_payoffs(verdict, names, deal.parties, timeline)
    if revealed:
        counted = wanted_payoffs(assessment, appraiser, names, progress)
    over = None
    if movable is not None:
        named = not isinstance(terms, bool)
        over = bargain_over_terms(movable, all_terms=named, config=config, progress=progress)
    answers: tuple[Retaliation, ...] = ()
    if retaliation:
        model = appraiser.model
        answers = find_retaliations(
            deal, world, model, appraiser.payoff, revealed=revealed, config=settings.trade
        )
    settled = settle(
        deal, names, counted.whole, counted.draws if len(counted.draws) else None,
        focus=focus, terms=over, retaliations=answers,
    )  # fmt: skip
    return replace(
        settled, objective=objective, revealed=revealed, welfare=welfare.whole,
        welfare_gains=_gains(welfare),
        threats=find_threats(deal, world, counted, settings.triggered),
        term_welfare=_in_welfare(deal, for_welfare, over) if revealed else {},
    )  # fmt: skip


def _gains(payoffs: PackagePayoffs) -> PackageParty | None:
    """Return the share of draws in which each package is a gain to each party; None without."""
    return np.asarray((payoffs.draws > 0).mean(axis=0)) if len(payoffs.draws) else None


def _in_welfare(deal: Deal, appraiser: Appraiser, over: TermBargain | None) -> dict[Rule, Party]:
    """Return the welfare of the terms that each rule picks to each party, bn USD."""
    if over is None:
        return {}
    plain = make_movable(
        deal, over.movable.package, appraiser.payoff, appraiser.world, names=over.movable.names
    )
    return {rule: plain.at(agreement.terms) for rule, agreement in over.agreements.items()}


def settle(
    deal: Deal,
    names: tuple[str, ...],
    payoffs: PackageParty,
    draws: np.ndarray | None = None,
    *,
    focus: str,
    terms: TermBargain | None = None,
    retaliations: tuple[Retaliation, ...] = (),
    timed: bool = True,
) -> Bargain:
    """Return the bargain over packages whose payoffs over no deal are known.

    Args:
        deal: The deal.
        names: The packages.
        payoffs: Payoff of each to each party, bn USD.
        draws: The same by draw, with common random numbers; None without draws.
        focus: The package in question.
        terms: The bargain over its terms.
        retaliations: No deal with an answer, once for each party that answers.
        timed: Whether to work out what time does, `pressure`.
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
        retaliations=retaliations,
        pressure=_pressure(deal, payoffs, terms) if timed else None,
        focus=focus,
    )


def _pressure(deal: Deal, payoffs: PackageParty, terms: TermBargain | None) -> Pressure | None:
    """Return what time does on the hull of terms evaluated, or of packages; None without a zone."""
    if len(deal.parties) != 2:
        return None
    points = payoffs
    if terms is not None:
        points = terms.evaluated
    curve = PointCurve.from_points(np.concatenate([points, np.zeros((1, 2))]))
    own, other = (discount_rate(deal, party) for party in deal.parties)
    rates = (own, other)
    discount = tuple(discount_per_period(float(np.log1p(rate)), PERIOD) for rate in rates)
    first = 1 - deal.parties.index(lead_payer(deal))  # the party that demands
    game = AlternatingOffers(curve, (discount[0], discount[1]), first=first)
    if game.problems():
        return None
    offers = solve_offers(game)
    if not offers.status.ok or not all(isfinite(payoff) for payoff in offers.value.agreement):
        return None
    if not (offers.value.gains > 0).any():
        return None
    return Pressure(
        PERIOD, rates, offers.value.agreement, offers.value.limit,
        price_time(game, deadlines=DEADLINES),
    )  # fmt: skip
