"""The input of the finance engine: facilities, projects, installers, the split, the rates."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from math import inf
from typing import Literal

from accord.core.errors import Problem
from accord.core.words import propose
from accord.finance.construction.projects import LabourSupply, ProjectKind, count_each
from accord.finance.incentives import Approval, Incentive, check_approval, check_incentives
from accord.finance.instruments import (
    BuyerCredit,
    Guarantee,
    Instrument,
    Loan,
    PurchaseCommitment,
    RefundGuarantee,
)
from accord.finance.rates import RateTerms, ReferenceRate

SUM_TOLERANCE = 1e-9
MOST_PROJECTS = 1_000


@dataclass(frozen=True)
class Missed:
    """Calls that the payer does not meet.

    Attributes:
        start: Years from the start of the plan.
        end: Years from the start of the plan.
        share: Share of the calls in between that is not paid.
        made_up: When the payer makes up what is still missing; None for never.
    """

    start: float
    end: float
    share: float
    made_up: float | None = None


@dataclass(frozen=True)
class Pace:
    """When projects are selected and how fast their money may be called.

    Attributes:
        select_from: First selection, years from the start of the plan.
        select_until: Last selection, the same way.
        notice: Years that must pass between each selection and its first call, by project order;
            a single number for all.
        annual_cap: Most that can be called in a calendar year, bn USD; None for no cap. What is
            over waits its turn.
        until: No call after this many years; None for no end.
        up_front: The whole amount is called at `select_from`, whatever the projects need.
        missed: Calls the payer does not meet.
        chosen: Kinds whose projects are known to be selected at a time, years from the start of the
            plan: they are not spread over the window, and are paid before the others.
    """

    select_from: float = 0.0
    select_until: float = 3.0
    notice: float | tuple[float, ...] = 0.0
    annual_cap: float | None = None
    until: float | None = None
    up_front: bool = False
    missed: tuple[Missed, ...] = ()
    chosen: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Facility:
    """One instrument, its pace, and what it is spent on.

    Attributes:
        name: Label of the facility.
        instrument: The terms.
        pace: When the money moves.
        mix: Shares of kinds of projects; they sum to one. Empty where nothing is built.
        owner: Who gets what debt leaves: "payer" or "host". Equity has its own shares.
        approval: What may stop its projects; None where nothing may.
    """

    name: str
    instrument: Instrument
    pace: Pace
    mix: Mapping[str, float]
    owner: Literal["payer", "host"] = "host"
    approval: Approval | None = None

    @property
    def builds(self) -> bool:
        """Whether the money builds projects."""
        return not isinstance(self.instrument, RefundGuarantee | BuyerCredit)


@dataclass(frozen=True)
class ProfitSplit:
    """How free cash flow is shared until the payer has recovered, and afterwards.

    Attributes:
        until_recovery: Share of the payer before.
        after_recovery: Share of the payer after.
        deemed: Interest on the payer's balance.
        counts: Which cash counts towards recovery: the payer's own "share", or the "whole" flow.
        pooled: One account for all projects; otherwise one for each.
        review: Years after the first call at which the split may change; None for no review.
        reviewed_share: Share of the payer from the review on, until recovery, if it has not
            recovered by then; None leaves it as it was.
        covers: Names of the facilities it covers.
        withhold: Whether the host keeps the payer's distributions while calls are missed, and
            counts them towards what is missing.
        ends: Years after the first call at which the payer's claim ends; None for never.
    """

    until_recovery: float
    after_recovery: float
    deemed: RateTerms
    counts: Literal["share", "whole"] = "share"
    pooled: bool = True
    review: float | None = None
    reviewed_share: float | None = None
    covers: tuple[str, ...] = ()
    withhold: bool = True
    ends: float | None = None


@dataclass(frozen=True)
class FinancePlan:
    """Everything one package commits in money. Years count from the start of the first year.

    Attributes:
        first_year: Calendar year in which the plan starts.
        years: Horizon. What projects earn afterwards is not counted.
        facilities: The commitments.
        kinds: The kinds of projects they are spent on.
        discount: Yearly rates of the payer and of the host, fractions.
        split: How profits are shared; None leaves each instrument to its own terms.
        purchases: Promises to buy.
        incentives: What the host pays as building proceeds.
        labour: Installers at hand.
        references: Market rates that terms cite.
        inflation: Yearly rise of the prices at which projects earn, a fraction.
        common: Share of the variance of costs and earnings that all projects have in common.
    """

    first_year: int
    years: int
    facilities: tuple[Facility, ...]
    kinds: tuple[ProjectKind, ...]
    discount: tuple[float, float]
    split: ProfitSplit | None = None
    purchases: tuple[PurchaseCommitment, ...] = ()
    incentives: tuple[Incentive, ...] = ()
    labour: LabourSupply = field(default_factory=LabourSupply)
    references: tuple[ReferenceRate, ...] = ()
    inflation: float = 0.0
    common: float = 0.3

    @property
    def building(self) -> tuple[tuple[int, Facility], ...]:
        """The facilities that build projects, with their positions."""
        return tuple(
            (at, facility) for at, facility in enumerate(self.facilities) if facility.builds
        )

    def problems(self) -> list[Problem]:
        """Return everything wrong with the plan."""
        problems = [*_check_size(self), *_check_kinds(self), *_check_terms(self)]
        for at, facility in enumerate(self.facilities):
            problems += _check_facility(f"facilities[{at}]", facility, self)
        problems += check_incentives(self.incentives, builds=bool(self.building))
        if self.split is not None:
            problems += _check_split(self.split, self)
        return problems or list(_check_count(self))

    def count_projects(self) -> int:
        """Return the number of projects that all facilities are divided into."""
        return sum(
            sum(count_each(facility.instrument.amount, facility.mix, self.kinds).values())
            for facility in self.facilities
        )


def _check_size(plan: FinancePlan) -> Iterator[Problem]:
    if not 1 <= plan.years <= 100:
        yield Problem("years", f"{plan.years} is outside 1 to 100", "Give a horizon in years")
    for at, rate in enumerate(plan.discount):
        if rate <= -1:
            yield Problem(f"discount[{at}]", f"{rate:g} is at or below -1", "A rate is a fraction")
    if not 0 <= plan.common <= 1:
        yield Problem("common", f"{plan.common:g} is outside 0 to 1", "It is a share")
    if plan.inflation <= -1:
        yield Problem("inflation", f"{plan.inflation:g} is at or below -1", "A rate is a fraction")
    for at, purchase in enumerate(plan.purchases):
        if not 0 <= purchase.first <= purchase.last < plan.years:
            yield Problem(
                f"purchases[{at}]",
                f"years {purchase.first} to {purchase.last} are not in the {plan.years} years "
                "of the plan",
                "Deliver within the horizon, or lengthen it",
            )


def _check_kinds(plan: FinancePlan) -> Iterator[Problem]:
    names = [kind.name for kind in plan.kinds]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield Problem("kinds", f'"{name}" is given twice', "Rename or delete one")
    for kind in plan.kinds:
        path = f"kinds.{kind.name}"
        if not kind.size > 0:
            yield Problem(f"{path}.size", f"{kind.size:g} is not positive", "Give bn USD")
        if abs(sum(phase.cost for phase in kind.phases) - 1) > SUM_TOLERANCE:
            total = sum(phase.cost for phase in kind.phases)
            yield Problem(f"{path}.phases", f"costs sum to {total:g}, not 1", "Give shares")
        for name in ("failure", "salvage"):
            if not 0 <= getattr(kind, name) <= 1:
                yield Problem(f"{path}.{name}", f"{getattr(kind, name):g} is outside 0 to 1")
        if kind.planned_return <= -1:
            yield Problem(f"{path}.planned_return", f"{kind.planned_return:g} is at or below -1")
        for name in ("overrun", "delay"):
            if getattr(kind, name).mean <= -1:
                yield Problem(f"{path}.{name}", "is at or below -1", "0.3 is 30 % over the plan")


def _check_terms(plan: FinancePlan) -> Iterator[Problem]:
    known = [reference.name for reference in plan.references]
    terms: list[tuple[str, RateTerms]] = []
    if plan.split is not None:
        terms.append(("split.deemed", plan.split.deemed))
    for at, facility in enumerate(plan.facilities):
        instrument = facility.instrument
        debts = Guarantee | BuyerCredit
        debt = instrument.debt if isinstance(instrument, debts) else instrument
        if isinstance(debt, Loan):
            terms.append((f"facilities[{at}].instrument.interest", debt.interest))
            if not 0 <= debt.grace < debt.years:
                yield Problem(
                    f"facilities[{at}].instrument.grace",
                    f"{debt.grace:g} years are not within the {debt.years:g} years of the loan",
                    "Shorten the grace, or lengthen the loan",
                )
    for path, interest in terms:
        if interest.reference and interest.reference not in known:
            remedy = propose(interest.reference, known)
            yield Problem(path, f'"{interest.reference}" is not a reference rate here', remedy)
            continue
        level = {reference.name: reference.level for reference in plan.references}
        rate = interest.spread + level.get(interest.reference, 0.0)
        if rate <= -1:
            yield Problem(path, f"a rate of {rate:.0%} is at or below −100 %", "0.05 is 5 %")


def _check_count(plan: FinancePlan) -> Iterator[Problem]:
    count = plan.count_projects()
    if count > MOST_PROJECTS:
        message = f"{count:,} projects are more than {MOST_PROJECTS:,}"
        remedy = "An amount is divided by the size of its kinds of projects: correct either"
        yield Problem("facilities", message, remedy)


def _check_facility(path: str, facility: Facility, plan: FinancePlan) -> Iterator[Problem]:
    pace, amount = facility.pace, facility.instrument.amount
    if not 0 < amount < inf:
        message = f"{amount:g} is not positive" + (" and finite" if amount > 0 else "")
        yield Problem(f"{path}.instrument.amount", message, "Give bn USD")
    if pace.annual_cap is not None and pace.annual_cap <= 0:
        yield Problem(
            f"{path}.pace.annual_cap", f"a cap of {pace.annual_cap:g} lets nothing be paid",
            "Leave the cap out for no cap",
        )  # fmt: skip
    if not pace.select_from <= pace.select_until < plan.years:
        yield Problem(
            f"{path}.pace.select_until",
            f"selection from year {pace.select_from:g} to {pace.select_until:g} does not lie in "
            f"the {plan.years} years of the plan",
            "Correct the years, or lengthen the horizon",
        )
    for name, when in pace.chosen.items():
        if name not in facility.mix:
            yield Problem(f"{path}.pace.chosen", f'"{name}" is not in the mix', "Name one of it")
        elif not 0 <= when < plan.years:
            message = f"year {when:g} is not in the {plan.years} years of the plan"
            yield Problem(f"{path}.pace.chosen", message, "Correct it, or lengthen the horizon")
    yield from _check_odds(f"{path}.instrument", facility.instrument)
    yield from check_approval(f"{path}.approval", facility.approval)
    if not facility.builds:
        return
    total = sum(facility.mix.values())
    if abs(total - 1) > SUM_TOLERANCE:
        yield Problem(f"{path}.mix", f"shares sum to {total:g}, not 1", "Give shares of the amount")
    known = [kind.name for kind in plan.kinds]
    for name in facility.mix:
        if name not in known:
            message = f'"{name}" is not a kind of project here'
            yield Problem(f"{path}.mix", message, propose(name, known))


def _check_odds(path: str, instrument: Instrument) -> Iterator[Problem]:
    """Yield chances and shares of an instrument outside their range, and what is never written."""
    for name in ("share", "default_rate", "recovery", "capital"):
        value = getattr(instrument, name, 0.0)
        if not 0 <= value <= 1:
            yield Problem(f"{path}.{name}", f"{value:g} is outside 0 to 1", "It is a share")
    if getattr(instrument, "borrowers", 1) < 1:
        yield Problem(f"{path}.borrowers", "there are none", "Give one or more")
    if isinstance(instrument, RefundGuarantee) and instrument.years <= 0:
        yield Problem(f"{path}.years", f"{instrument.years:g} is not positive", "2 is two years")


def _check_split(split: ProfitSplit, plan: FinancePlan) -> Iterator[Problem]:
    shares = ("until_recovery", "after_recovery", "reviewed_share")
    for name in shares:
        value = getattr(split, name)
        if value is not None and not 0 <= value <= 1:
            yield Problem(f"split.{name}", f"{value:g} is outside 0 to 1", "Give the payer's share")
    if split.review is not None and split.review > plan.years:
        yield Problem(
            "split.review",
            f"a review after {split.review:g} years lies beyond the horizon of {plan.years}",
            "Review earlier, or lengthen the horizon",
        )
    known = {facility.name: facility.instrument for facility in plan.facilities}
    for name in split.covers:
        if name not in known:
            yield Problem("split.covers", f'"{name}" is not a facility', f"Known: {list(known)}")
        elif isinstance(known[name], Guarantee | RefundGuarantee | BuyerCredit):
            yield Problem("split.covers", f'"{name}" pays nothing in: there is nothing to recover')
