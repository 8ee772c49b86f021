"""The clauses of a deal file that move money, and those that decide how well it is spent."""

from typing import Annotated, Literal

from pydantic import Field

from accord.deal.fields import (
    ClauseBase,
    Day,
    Flag,
    Money,
    Number,
    Part,
    Rate,
    Region,
    Share,
    Shares,
    Whole,
)

Instrument = Literal["equity", "loan", "guarantee", "direct"]
Amortisation = Literal["equal", "annuity", "bullet"]
RateText = str | Annotated[Number, Field(gt=-1)]
Years = Annotated[Number, Field(gt=0)]


class Spread(Part):
    """A triangular distribution of a share."""

    low: Share
    """Lowest value."""
    mode: Share
    """Most likely value."""
    high: Share
    """Highest value."""

    @property
    def mean(self) -> float:
        """Mean of the triangular distribution, a share."""
        return (self.low + self.mode + self.high) / 3.0


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
    sectors: Shares = Field(default_factory=dict)
    """Kinds of projects the money goes to, as shares that sum to one; `average` if left out."""
    procurement: Shares = Field(default_factory=dict)
    """Shares of the spending bought from each region; at most one in all."""
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


class ProfitSplitClause(ClauseBase):
    """How the cash flow of the projects is shared."""

    kind: Literal["profit_split"]
    """Always "profit_split"."""
    until_recovery: Shares
    """Shares until principal and interest are recovered; they sum to one."""
    after_recovery: Shares
    """Shares afterwards; they sum to one."""
    deemed_rate: RateText | None = None
    """Interest counted towards recovery: a fraction, or text such as "ust20 + 0.01"; none if left
    out."""
    floating: Flag = False
    """Whether deemed interest follows its reference, rather than each call keeping its day's."""
    counts: Literal["share", "whole"] = "share"
    """What counts towards recovery: the payer's `share` of the cash, or the `whole` cash flow."""
    covers: tuple[Instrument, ...] = ("equity",)
    """Instruments whose money is recovered through the split; others keep their own terms."""
    pooled: Flag = False
    """Whether projects share one account, so that a loss on one is met from the others."""
    review_year: Whole | None = None
    """Years after the first call at which the split may be adjusted if recovery is not in sight."""
    reviewed: Shares = Field(default_factory=dict)
    """Shares from the review until recovery, if there is none by then; unchanged if left out."""
    withhold: Flag = True
    """Whether the host keeps the payer's profits while calls are missed, until they are made up."""


class SwapLineClause(ClauseBase):
    """A currency swap line between central banks."""

    kind: Literal["swap_line"]
    """Always "swap_line"."""
    provider: Region
    """Region that lends its currency."""
    user: Region
    """Region that may draw."""
    amount: Money | None = None
    """Size of the line; unlimited if left out."""
    rate: Rate | None = None
    """Interest on what is drawn, as a fraction."""
    from_: Day | None = Field(default=None, alias="from")
    """First day."""
    until: Day | None = None
    """Last day."""


class FxAdjustmentClause(ClauseBase):
    """A say in the pace of calls when the currency is disorderly."""

    kind: Literal["fx_adjustment"]
    """Always "fx_adjustment"."""
    party: Region | None = None
    """Region that may ask."""
    right: Flag = False
    """True: a right to a change; false: only a right to ask."""
    granted: Share = 0.5
    """Chance that a request is granted, where there is no right; an assumption if left out."""
    disorderly: Rate = 0.08
    """Logarithmic fall of the currency in three months from which payments can be put off."""


class VisaClause(ClauseBase):
    """Visas for the people who install the projects: how many can work, and from when."""

    kind: Literal["visa"]
    """Always "visa"."""
    host: Region | None = None
    """Region that issues them; the host of the investments if left out."""
    payer: Region | None = None
    """Region whose people receive them; the payer of the investments if left out."""
    quota: Whole | None = None
    """Visas a year, each for one person's work for a year; none if only procedures change."""
    from_: Day | None = Field(default=None, alias="from")
    """First day of the quota; from the start if left out."""
    installer_supply: Rate | None = None
    """Installers at hand without the quota, as a fraction of the number needed at the peak of
    building as planned. Where no visa clause gives one, installers are no constraint."""
    training_years: Years | None = None
    """Years in which people trained in the host close the gap; never if left out."""


class RaidClause(ClauseBase):
    """Installers who are taken away, or stay away, for a while from a day on."""

    kind: Literal["raid"]
    """Always "raid"."""
    host: Region
    """Region in which it happens."""
    from_: Day = Field(alias="from")
    """First day."""
    people: Whole
    """Installers who are away."""
    months: Years
    """How long they are away."""


class PurchaseClause(ClauseBase):
    """A promise to buy."""

    kind: Literal["purchase"]
    """Always "purchase"."""
    buyer: Region
    """Region that buys."""
    seller: Region
    """Region that sells."""
    products: tuple[str, ...] = ()
    """What is bought, as in a tariff clause; free text is allowed."""
    amount: Money
    """Total, in the file's currency."""
    premium: Annotated[Number, Field(gt=-1)] = 0.0
    """How far the price lies above that of the next best seller, as a fraction."""
    from_: Day | None = Field(default=None, alias="from")
    """First day; the first year of the assessment if left out."""
    until: Day | None = Field(default=None, alias="to")
    """Last day; the last year over which tariffs are averaged if left out."""
