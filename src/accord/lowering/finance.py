"""From clauses to the plans of the finance engine, one function for each kind of clause.

A package can move money between several pairs of parties; each pair has a plan of its own. Amounts
become bn USD, days become years from 1 January of the first year.
"""

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from accord.deal.business_days import add_business_days
from accord.deal.clauses.investment import InvestmentClause, Portion
from accord.deal.clauses.profit_split import ProfitSplitClause
from accord.deal.clauses.purchase import PurchaseClause
from accord.deal.clauses.raid import RaidClause
from accord.deal.clauses.registry import Clause
from accord.deal.clauses.visa import VisaClause
from accord.deal.deal import Deal
from accord.deal.fields import RateText
from accord.deal.projects import BASE_KIND, ProjectTable, read_rate
from accord.finance.accounts.ledger import Ledger, build_ledger
from accord.finance.construction.pipeline import selection_times
from accord.finance.construction.projects import (
    Absence,
    LabourSupply,
    Phase,
    ProjectKind,
    RandomQuantity,
    Visas,
    count_projects,
)
from accord.finance.instruments import (
    BuyerCredit,
    Direct,
    Equity,
    Guarantee,
    Instrument,
    Loan,
    PurchaseCommitment,
    RefundGuarantee,
)
from accord.finance.plan import Facility, FinancePlan, Missed, Pace, ProfitSplit
from accord.finance.rates import RateTerms, ReferenceRate
from accord.finance.solution import FinanceSolution
from accord.lowering.incentives import lower_approval, lower_incentives
from accord.lowering.roles import party_of

BILLION = 1e9
SELECTION_YEARS = 3.0
DEFAULT_RATE = "ust20"
DAYS = 365.25
LATE = 1.5  # construction of the last project, over its average
MOST_YEARS = 100


@dataclass(frozen=True)
class PairPlan:
    """The money between two parties under a package.

    Attributes:
        payer: Who invests (or buys, where nothing is invested).
        host: Where it is invested.
        plan: What the finance engine takes.
        clauses: The investment clause behind each facility, in order; for a clause of several
            instruments one for each, with the amount that it takes.
        portions: What each facility takes of the amount of its clause.
        host_tax: Rate of the host's taxes on what projects earn, a fraction; None if not known.
    """

    payer: str
    host: str
    plan: FinancePlan
    clauses: tuple[InvestmentClause, ...]
    portions: tuple[Portion, ...] = ()
    host_tax: float | None = None


@dataclass(frozen=True, eq=False)
class PairFinance:
    """The money between two parties under a package: the plan, and its solution."""

    package: str
    pair: PairPlan
    solution: FinanceSolution

    @property
    def ledger(self) -> Ledger:
        """Mean flows by year in whole cents."""
        return build_ledger(self.solution)


def lower_finance(deal: Deal, name: str) -> tuple[PairPlan, ...]:
    """Return the plan of every pair of parties between which a package moves money.

    Raises:
        InputError: A notice in business days needs holidays of a country that has none.
    """
    clauses = deal.clauses(name)
    investments = [clause for clause in clauses if isinstance(clause, InvestmentClause)]
    purchases = [clause for clause in clauses if isinstance(clause, PurchaseClause)]
    pairs = list(dict.fromkeys((clause.payer, clause.host) for clause in investments))
    for clause in purchases:
        if not any({clause.buyer, clause.seller} == {*pair} for pair in pairs):
            pairs.append((clause.buyer, clause.seller))
    return tuple(_lower_pair(deal, clauses, pair) for pair in pairs)


def _lower_pair(deal: Deal, clauses: Sequence[Clause], pair: tuple[str, str]) -> PairPlan:
    payer, host = pair
    start = dt.date(deal.window[0], 1, 1)
    table = deal.projects
    invested = [
        clause
        for clause in clauses
        if isinstance(clause, InvestmentClause) and (clause.payer, clause.host) == pair
    ]
    portions = tuple(portion for clause in invested for portion in clause.portions)
    parts = [part for clause in invested for part in clause.parts]
    own = tuple(_with_amount(part, portion) for part, portion in zip(parts, portions, strict=True))
    kinds = lower_kinds(table, own)
    facilities = tuple(lower_investment(clause, start, kinds) for clause in own)
    splits = [
        clause
        for clause in clauses
        if isinstance(clause, ProfitSplitClause) and {*pair} == {*clause.until_recovery}
    ]
    split = lower_split(splits[0], payer, own) if splits and own else None
    if split is not None and deal.settings.after == "contract":
        split = replace(split, ends=float(deal.settings.contract_years))
    plan = FinancePlan(
        first_year=start.year,
        years=years_followed(deal, facilities, kinds),
        facilities=facilities,
        kinds=kinds,
        discount=(discount_rate(deal, payer), discount_rate(deal, host)),
        split=split,
        purchases=tuple(
            lower_purchase(clause, deal, payer)
            for clause in clauses
            if isinstance(clause, PurchaseClause) and {clause.buyer, clause.seller} == {*pair}
        ),
        incentives=tuple(lower_incentives(clauses, pair, start)) if own else (),
        labour=lower_labour(clauses, pair, start),
        references=tuple(
            ReferenceRate(rate.name, rate.level, rate.volatility, rate.reversion)
            for rate in table.rates.values()
        ),
        inflation=deal.settings.inflation,
    )
    taxes = {**table.taxes, **deal.settings.tax_rates}
    return PairPlan(payer, host, plan, own, portions, taxes.get(host))


def _with_amount(part: InvestmentClause, portion: Portion) -> InvestmentClause:
    """Return the clause of an instrument with what it takes at the middle of all ranges."""
    clause = part.model_copy(update={"amount": portion.central})
    clause.place_at(part.path)
    return clause


def lower_investment(
    clause: InvestmentClause, start: dt.date, kinds: tuple[ProjectKind, ...]
) -> Facility:
    """Return the facility of an investment clause; its name is the clause's place in the file."""
    first = clause.from_ or start
    later = (known.no_other_before for known in clause.chosen)
    first = max(first, *(day for day in later if day is not None), first)
    begin = max(_years(start, first), 0.0)
    last = begin + SELECTION_YEARS
    if clause.select_until is not None:
        last = max(_years(start, clause.select_until), begin)
    pace = Pace(
        select_from=begin,
        select_until=begin if clause.up_front else last,
        annual_cap=None if clause.annual_cap is None else clause.annual_cap / BILLION,
        until=None if clause.until is None else _years(start, clause.until + dt.timedelta(1)),
        up_front=clause.up_front,
        missed=tuple(
            Missed(
                _years(start, missed.from_), _years(start, missed.until + dt.timedelta(1)),
                missed.share,
                None if missed.made_up is None else _years(start, missed.made_up),
            )
            for missed in clause.missed
        ),
        chosen={
            known.projects: max(_years(start, known.on), 0.0)
            for known in clause.chosen
            if known.projects in clause.sectors and clause.builds
        },
    )  # fmt: skip
    mix = (dict(clause.sectors) or {BASE_KIND: 1.0}) if clause.builds else {}
    facility = Facility(
        clause.path or "investment", lower_instrument(clause), pace, mix,
        "payer" if clause.owner == clause.payer else "host",
        lower_approval(clause.approval, start),
    )  # fmt: skip
    if not clause.notice_business_days or clause.up_front or not clause.builds:
        return facility
    return _with_notice(facility, clause, start, kinds)


def lower_instrument(clause: InvestmentClause) -> Instrument:
    """Return the terms of an investment clause."""
    amount = clause.amount / BILLION
    if clause.instrument == "equity":
        return Equity(amount, clause.ownership)
    if clause.instrument == "direct":
        return Direct(amount, clause.ownership)
    if clause.instrument == "refund_guarantee":
        return RefundGuarantee(
            amount, clause.fee, clause.default_rate, clause.recovery, clause.exposure_years,
            clause.capital, clause.capital_cost,
        )  # fmt: skip
    loan = Loan(
        amount,
        lower_rate(clause.interest if clause.interest is not None else DEFAULT_RATE,
                   floating=clause.floating),
        clause.loan_years,
        clause.grace_years,
        clause.amortisation,
    )  # fmt: skip
    if clause.instrument == "loan":
        return loan
    if clause.instrument == "buyer_credit":
        return BuyerCredit(loan, clause.default_rate, clause.recovery)
    return Guarantee(
        loan, clause.fee, clause.default_rate, clause.recovery, clause.capital, clause.capital_cost
    )


def lower_split(
    clause: ProfitSplitClause, payer: str, investments: Iterable[InvestmentClause]
) -> ProfitSplit:
    """Return the split of a profit clause, from the side of the payer."""
    deemed = clause.deemed_rate if clause.deemed_rate is not None else 0.0
    return ProfitSplit(
        until_recovery=clause.until_recovery.get(payer, 0.0),
        after_recovery=clause.after_recovery.get(payer, 0.0),
        deemed=lower_rate(deemed, floating=clause.floating),
        counts=clause.counts,
        pooled=clause.pooled,
        review=None if clause.review_year is None else float(clause.review_year),
        reviewed_share=clause.reviewed.get(payer) if clause.reviewed else None,
        covers=tuple(
            investment.path or "investment"
            for investment in investments
            if investment.instrument in clause.covers
        ),
        withhold=clause.withhold,
    )


def lower_purchase(clause: PurchaseClause, deal: Deal, payer: str) -> PurchaseCommitment:
    """Return the commitment of a purchase clause, its years counted from the first year."""
    first_year, last_year = deal.window[0], deal.window[-1]
    first = (clause.from_.year if clause.from_ is not None else first_year) - first_year
    last = (clause.until.year if clause.until is not None else last_year) - first_year
    first = max(first, 0)
    return PurchaseCommitment(
        clause.amount / BILLION, first, max(last, first), clause.premium, clause.buyer == payer
    )


def lower_labour(clauses: Iterable[Clause], pair: tuple[str, str], start: dt.date) -> LabourSupply:
    """Return the installers that visa and raid clauses leave at hand in the host."""
    payer, host = pair
    staffed: float | None = None
    training: float | None = None
    visas, absences = [], []
    for clause in clauses:
        if isinstance(clause, VisaClause):
            if clause.host not in (None, host) or clause.payer not in (None, payer):
                continue
            if clause.installer_supply is not None:
                staffed, training = clause.installer_supply, clause.training_years
            if clause.quota is not None:
                begin = 0.0 if clause.from_ is None else _years(start, clause.from_)
                visas.append(Visas(begin, float(clause.quota)))
        elif isinstance(clause, RaidClause) and clause.host == host:
            begin = _years(start, clause.from_)
            absences.append(Absence(begin, clause.months / 12, float(clause.people)))
    return LabourSupply(staffed, tuple(visas), tuple(absences), training)


def years_followed(deal: Deal, facilities: Iterable[Facility], kinds: Iterable[ProjectKind]) -> int:
    """Return the years over which money is followed: the horizon, or to the end of the last life.

    The last project is taken to wait for its money for as long as the yearly cap asks, and to take
    half as long again to build as it does on average.
    """
    horizon = deal.settings.horizon
    if deal.settings.after == "horizon":
        return horizon
    named = {kind.name: kind for kind in kinds}
    ends = [float(horizon)]
    for facility in facilities:
        pace, amount = facility.pace, facility.instrument.amount
        waits = 0.0 if pace.annual_cap is None else amount / pace.annual_cap
        for name in facility.mix:
            kind = named[name]
            builds = LATE * kind.construction * (1 + kind.delay.mean)
            ends.append(pace.select_until + waits + builds + kind.ramp_up + kind.life)
    return min(math.ceil(max(ends)), MOST_YEARS)


def lower_kinds(
    table: ProjectTable, investments: Iterable[InvestmentClause]
) -> tuple[ProjectKind, ...]:
    """Return the kinds of projects that investments use, with every figure filled in."""
    names = dict.fromkeys(
        name
        for investment in investments
        if investment.builds
        for name in investment.sectors or (BASE_KIND,)
    )
    return tuple(_lower_kind(table, name) for name in names)


def _lower_kind(table: ProjectTable, name: str) -> ProjectKind:
    def outcome(figure: str) -> RandomQuantity:
        entry = table.figure(name, figure)
        return RandomQuantity(entry.mean, entry.spread)

    phases = tuple(
        Phase(phase.name, phase.years, phase.cost, phase.installers_per_bn)
        for phase in table.figure(name, "phases")
    )
    plain = (
        "planned_return",
        "cost_of_capital",
        "failure",
        "salvage",
        "ramp_up",
        "life",
        "delay_cost",
        "volatility",
    )
    return ProjectKind(
        name=name,
        size=table.figure(name, "size") / BILLION,
        phases=phases,
        earning=outcome("earning"),
        overrun=outcome("overrun"),
        delay=outcome("delay"),
        **{figure: table.figure(name, figure) for figure in plain},
    )


def lower_rate(text: RateText, *, floating: bool = False) -> RateTerms:
    """Return the terms of a rate that the checks have accepted."""
    terms = read_rate(text)
    if terms is None:
        raise AssertionError(f"the rate {text!r} was not checked; please report this")
    return RateTerms(terms[1], terms[0], "floating" if floating else "fixed")


def discount_rate(deal: Deal, party: str) -> float:
    """Return the yearly rate at which a party, or a member of one, values money, a fraction."""
    given = deal.settings.discount_rates
    terms = lower_rate(given.get(party_of(party, deal.parties), DEFAULT_RATE))
    level = deal.projects.rates[terms.reference].level if terms.reference else 0.0
    return level + terms.spread


def _with_notice(
    facility: Facility, clause: InvestmentClause, start: dt.date, kinds: tuple[ProjectKind, ...]
) -> Facility:
    """Return the facility with the time its notice takes, project by project."""
    places, _ = count_projects(facility.instrument.amount, dict(facility.mix), kinds)
    waits = []
    for when in selection_times(facility, [kinds[place].name for place in places]):
        selected = start + dt.timedelta(days=round(float(when) * DAYS))
        called = add_business_days(
            selected, clause.notice_business_days or 0, (clause.payer, clause.host)
        )
        waits.append((called - selected).days / DAYS)
    return replace(facility, pace=replace(facility.pace, notice=tuple(waits)))


def _years(start: dt.date, day: dt.date) -> float:
    """Return years from the start to a day; negative before it."""
    return (day - start).days / DAYS
