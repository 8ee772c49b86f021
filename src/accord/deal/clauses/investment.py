"""Money one party puts into another: amount, instrument, pace, and what it displaces."""

from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from accord.core.errors import Problem
from accord.core.words import suggest
from accord.deal.business_days import has_holidays
from accord.deal.checks.text.as_written import Place, as_number, show_number
from accord.deal.clauses.base import ClauseBase, Component, Engine, Regions, Wording
from accord.deal.clauses.checking import CheckContext
from accord.deal.fields import (
    Day,
    Flag,
    Mix,
    Money,
    Number,
    Part,
    Rate,
    RateText,
    Region,
    RegionShares,
    Share,
    Spread,
    Whole,
    Years,
)
from accord.deal.products import did_you_mean

Instrument = Literal["equity", "loan", "guarantee", "direct"]
Amortisation = Literal["equal", "annuity", "bullet"]


class MissedCalls(Part):
    """Calls that the payer does not meet, to see what follows."""

    from_: Day = Field(alias="from")
    """First day on which calls are missed."""
    until: Day
    """Last day."""
    share: Share = 1.0
    """Share of the calls in between that is not paid."""
    made_up: Day | None = None
    """Day on which the payer makes up what is still missing; never if left out."""


class InvestmentClause(ClauseBase):
    """Money one party puts into another: amount, instrument, pace, and what it displaces."""

    phrase: ClassVar[str] = "an investment"
    touches: ClassVar[frozenset[Engine]] = frozenset({"trade", "finance", "external"})
    lineage: ClassVar[Mapping[Component, str]] = {
        "transfer": "the money that is called",
        "terms_of_trade": "the money that changes hands, and where it is spent",
        "capacity": "what is built",
        "profit": "what the projects earn, and the payer's share of it",
        "risk": "the foreign currency the payer has to find",
    }
    between: ClassVar[tuple[str, str] | None] = ("payer", "host")

    kind: Literal["investment"]
    """Always "investment"."""
    payer: Region
    """Region that pays."""
    host: Region
    """Region where the money is invested."""
    amount: Money
    """Total commitment, in units of the file's currency (200e9 is 200 billion)."""
    instrument: Instrument
    """`equity`: paid in for a share of the cash flow; `direct`: built and owned by the payer's
    firms; `loan`: paid out as projects need it, and repaid; `guarantee`: paid only if called."""
    up_front: Flag = False
    """The whole amount is paid at `from`, whatever projects need."""
    annual_cap: Money | None = None
    """Most that can be called in one calendar year; the rest waits."""
    from_: Day | None = Field(default=None, alias="from")
    """First day on which projects can be selected; the first year of the assessment if left
    out."""
    select_until: Day | None = None
    """Last day on which projects can be selected; three years after `from` if left out."""
    until: Day | None = None
    """Last day on which money can be called; no end if left out."""
    notice_business_days: Whole | None = None
    """Business days of both countries that must pass between selection and payment."""
    displacement: Share | Spread | None = None
    """Share that would have been invested anyway: a number, or { low, mode, high }.
    0 if left out."""
    sectors: Mix = Field(default_factory=dict)
    """Kinds of projects the money goes to, as shares that sum to one; `average` if left out."""
    procurement: RegionShares = Field(default_factory=dict)
    """Shares of the spending bought from each region; at most one in all. Only the payer's share
    counts; the rest is bought in the host."""
    ownership: Share = 1.0
    """Equity: share of the cash flow that is the payer's where no `profit_split` covers it."""
    interest: RateText | None = None
    """Loans and guaranteed loans: a fraction, or text such as "ust20 + 0.01"; the 20-year Treasury
    rate if left out."""
    floating: Flag = False
    """Loans: whether the rate follows its reference, rather than the day's rate being kept."""
    loan_years: Years = 20.0
    """Loans: life of each drawing, grace included."""
    grace_years: Annotated[Number, Field(ge=0)] = 5.0
    """Loans: years after each drawing in which nothing is repaid and interest is added."""
    amortisation: Amortisation = "equal"
    """Loans: `equal` instalments of principal, a level `annuity`, or all at the end (`bullet`)."""
    fee: Rate = 0.0
    """Guarantees: yearly fee on the debt outstanding, as a fraction."""
    default_rate: Share = 0.0069
    """Guarantees: chance a year that a borrower defaults, for the actuarial value."""
    recovery: Share = 0.8
    """Guarantees: share of a defaulted debt that is recovered, for the actuarial value."""
    owner: Region | None = None
    """Who owns the projects and keeps what their debt leaves; the host if left out."""
    missed: tuple[MissedCalls, ...] = ()
    """Calls not met, to see what follows."""

    def wording(self) -> Wording:
        """Return the title of an investment: who invests where."""
        pieces = {"payer": Regions((self.payer,)), "host": Regions((self.host,))}
        return Wording("investment of {payer} in {host}", pieces)

    @classmethod
    def check(cls, place: Place, context: CheckContext) -> Iterator[Problem]:
        """Yield a cap above the amount, unknown projects, and terms that do not go together."""
        yield from _check_amounts(place)
        yield from _check_projects(place, context.projects)
        path, written = place.path, place.as_written
        life = as_number(written.get("loan_years", 20.0))
        grace = as_number(written.get("grace_years", 5.0))
        if written.get("instrument") in ("loan", "guarantee") and life and grace and grace >= life:
            message = f"{grace:g} years are not within the {life:g} of the loan"
            yield Problem(f"{path}.grace_years", message, "shorten the grace, or lengthen the loan")
        owner = written.get("owner")
        if isinstance(owner, str) and owner not in (written.get("payer"), written.get("host")):
            message = f'"{owner}" is neither payer nor host'
            yield Problem(f"{path}.owner", message, "name one of the two")
        yield from _check_notice(place)


def _check_amounts(place: Place) -> Iterator[Problem]:
    """Yield a cap above the amount, and a pace given twice."""
    path, written = place.path, place.as_written
    amount, cap = as_number(written.get("amount")), as_number(written.get("annual_cap"))
    if amount is not None and cap is not None and cap > amount > 0:
        message = f"{show_number(cap)} exceeds amount {show_number(amount)}"
        remedy = "lower the cap, or raise the amount (both are in units of the currency)"
        yield Problem(f"{path}.annual_cap", message, remedy)
    if written.get("up_front") is True and cap is not None:
        message = "contradicts up_front = true"
        yield Problem(f"{path}.annual_cap", message, "keep one of the two")


def _check_projects(place: Place, known: tuple[str, ...]) -> Iterator[Problem]:
    sectors = place.as_written.get("sectors")
    for name in sectors if isinstance(sectors, Mapping) else ():
        if name not in known:
            message = f'"{name}" is not a kind of project'
            remedy = did_you_mean(suggest(name, known)) or (
                f"one of: {', '.join(known)}; or add a [[project]] of this name"
            )
            yield Problem(f"{place.path}.sectors", message, remedy)


def _check_notice(place: Place) -> Iterator[Problem]:
    """Yield countries whose holidays a notice in business days needs, and that have none."""
    if not place.as_written.get("notice_business_days"):
        return
    for name in ("payer", "host"):
        country = place.as_written.get(name)
        if isinstance(country, str) and not has_holidays(country):
            message = f'there are no holidays for "{country}"'
            remedy = "leave the notice out: business days need the holidays of both countries"
            yield Problem(f"{place.path}.notice_business_days", message, remedy)
