"""Money one party puts into another: amount, instrument, pace, and what it displaces."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from accord.core.errors import Problem
from accord.core.words import suggest
from accord.deal.business_days import has_holidays
from accord.deal.checks.text.as_written import (
    SUM_TOLERANCE,
    Place,
    as_number,
    show_number,
    tables_of,
)
from accord.deal.clauses.base import CheckContext, ClauseBase, Component, Engine, Regions, Wording
from accord.deal.clauses.incentive import ApprovalEntry
from accord.deal.fields import (
    Cited,
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
    quantile_of,
)
from accord.deal.products import did_you_mean

Instrument = Literal["equity", "loan", "guarantee", "direct", "refund_guarantee", "buyer_credit"]
BUYERS = ("refund_guarantee", "buyer_credit")  # what stands behind buyers builds nothing
LENT = ("loan", "guarantee", "buyer_credit")
Amortisation = Literal["equal", "annuity", "bullet"]
Funds = Literal["public", "private"]


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


class ChosenProjects(Cited):
    """Projects whose selection is known."""

    projects: str
    """Their kind, one of the `sectors` of the clause."""
    on: Day
    """Day on which they were selected. They are paid before the others under a yearly cap."""
    no_other_before: Day | None = None
    """First day on which any other project of the clause can have been selected; the `from` of the
    clause if left out."""


class MixPart(Cited):
    """A part of the money of an investment with several instruments.

    Terms that a part leaves out are those of the clause.
    """

    instrument: Instrument
    """What this part is."""
    share: Share | Spread
    """Its share of the amount: a number, or { low, mode, high }. Shares are divided by their sum,
    so that they add to one at every draw."""
    used: Share | Spread | None = None
    """Share of it that is used."""
    from_: Day | None = Field(default=None, alias="from")
    """First day, as for the clause."""
    select_until: Day | None = None
    """Last day, as for the clause."""
    displacement: Share | Spread | None = None
    """Share that would have been invested anyway."""
    sectors: Mix | None = None
    """Kinds of projects, as shares that sum to one."""
    ownership: Share | None = None
    """Share of the cash flow that is the payer's."""
    interest: RateText | None = None
    """Interest of loans."""
    loan_years: Years | None = None
    """Life of each drawing, grace included."""
    grace_years: Annotated[Number, Field(ge=0)] | None = None
    """Years after each drawing in which nothing is repaid."""
    amortisation: Amortisation | None = None
    """How loans are repaid."""
    fee: Rate | None = None
    """Yearly fee on what is guaranteed."""
    default_rate: Share | None = None
    """Chance a year of a default."""
    recovery: Share | None = None
    """Share of a default that is recovered."""
    exposure_years: Years | None = None
    """Years that a refund guarantee is outstanding."""
    capital: Share | None = None
    """Capital held, as a share of what is outstanding."""
    capital_cost: Rate | None = None
    """Yearly return on that capital above the payer's own rate."""


@dataclass(frozen=True)
class Portion:
    """What one instrument of a clause takes of its amount.

    Attributes:
        shares: Shares of all instruments of the clause.
        at: Place of this one among them.
        used: Share of what it takes that is used.
        amount: Amount of the clause, in units of the file's currency.
    """

    shares: tuple[float | Spread, ...]
    at: int
    used: float | Spread
    amount: float

    def taken(self, division: np.ndarray, use: np.ndarray) -> np.ndarray:
        """Return the share of the amount that is taken, at quantiles of division and of use.

        The instrument named first has the share at the quantile given, the others have theirs at
        the opposite one, and all are divided by their sum.
        """
        shares = [
            quantile_of(share, 1 - division if at else division)
            for at, share in enumerate(self.shares)
        ]
        return np.asarray(shares[self.at] / sum(shares) * quantile_of(self.used, use))

    @property
    def central(self) -> float:
        """The amount that is taken at the middle of all ranges."""
        middle = np.array([0.5])
        return self.amount * float(self.taken(middle, middle)[0])

    def scale(self, division: np.ndarray, use: np.ndarray) -> np.ndarray:
        """Return what is taken at quantiles over what is taken at the middle."""
        return self.taken(division, use) * self.amount / self.central


class InvestmentClause(ClauseBase):
    """Money one party puts into another: amount, instrument, pace, and what it displaces."""

    phrase: ClassVar[str] = "an investment"
    touches: ClassVar[frozenset[Engine]] = frozenset({"trade", "finance", "external"})
    lineage: ClassVar[Mapping[Component, str]] = {
        "transfer": "the money that is called",
        "terms_of_trade": "the money that changes hands, and where it is spent",
        "capacity": "what is built",
        "profit": "what the projects earn, and the payer's share of it",
        "receipts_risk": "the risk of what the projects pay",
        "later": "what the projects earn after the horizon",
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
    instrument: Instrument | Literal["mix"]
    """`equity`: paid in for a share of the cash flow; `direct`: built and owned by the payer's
    firms; `loan`: paid out as projects need it, and repaid; `guarantee`: paid only if called;
    `refund_guarantee`: gives buyers of ships their instalments back if the yard fails;
    `buyer_credit`: loans to buyers of ships; `mix`: several of these, see `mix`."""
    mix: tuple[MixPart, ...] = ()
    """The instruments of a clause of several, with the share and the terms of each."""
    used: Share | Spread = 1.0
    """Share of the amount that is used: a number, or { low, mode, high }."""
    funds: Funds | None = None
    """Whose money it is: `public`, which can come out of reserves and public borrowing and adds to
    public debt, or `private`, whose dollars are bought in the market. If left out, `direct`
    investment is private and everything else public."""
    up_front: Flag = False
    """The whole amount is paid at `from`, whatever projects need."""
    ends_with_tariffs: Flag = False
    """No more is called once the tariffs of the deal are removed (`removal` of `[assessment]`)."""
    annual_cap: Money | None = None
    """Most that can be called in one calendar year; the rest waits."""
    from_: Day | None = Field(default=None, alias="from")
    """First day on which projects can be selected; the first year of the assessment if left
    out."""
    select_until: Day | None = None
    """Last day on which projects can be selected; three years after `from` if left out."""
    chosen: tuple[ChosenProjects, ...] = ()
    """Projects whose day of selection is known; the others are spread evenly over the window."""
    until: Day | None = None
    """Last day on which money can be called; no end if left out."""
    notice_business_days: Whole | None = None
    """Business days of both countries that must pass between selection and payment."""
    displacement: Share | Spread | None = None
    """Share that would have been invested anyway: a number, or { low, mode, high }; 0 if left out
    for the yearly figures, and any share from none to all in the verdict. Public money would have
    been in other assets of the host; private money in the same projects, so that the displaced
    share of it changes nothing."""
    sectors: Mix = Field(default_factory=dict)
    """Kinds of projects the money goes to, as shares that sum to one; `average` if left out."""
    procurement: RegionShares = Field(default_factory=dict)
    """Shares of the spending bought from each region; at most one in all. Only the payer's share
    counts; the rest is bought in the host."""
    ownership: Share = 1.0
    """Equity and direct investment: share of the cash flow that is the payer's where no
    `profit_split` covers it."""
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
    """Guarantees: yearly fee on what is outstanding, as a fraction."""
    default_rate: Share = 0.0069
    """Guarantees: chance a year that a borrower defaults, for the actuarial value. Refund
    guarantees: that a yard fails. Credits to buyers: that a buyer defaults."""
    recovery: Share = 0.8
    """The share of a default that is recovered: of the debt of projects (for the actuarial value),
    of refunds by selling the unfinished ship, of a buyer's debt by selling its ship."""
    exposure_years: Years = 2.0
    """Refund guarantees: years from the instalments to the delivery of a ship, in which each is
    outstanding. The amount is the most that is outstanding at one time."""
    capital: Share = 0.08
    """Guarantees: capital held against what is outstanding, as a share of it. The minimum of
    Basel is 8 % of what carries full weight."""
    capital_cost: Rate = 0.0446
    """Guarantees: yearly return on that capital above the payer's own rate. The premium on
    shares of average risk of January 2026 (Damodaran) if left out."""
    owner: Region | None = None
    """Who owns the projects and keeps what their debt leaves; the host if left out."""
    missed: tuple[MissedCalls, ...] = ()
    """Calls not met, to see what follows."""
    approval: ApprovalEntry | None = None
    """Approval that may be withdrawn, so that the projects are abandoned."""

    @property
    def builds(self) -> bool:
        """Whether the money builds projects; a clause of several instruments says of each."""
        return self.instrument not in BUYERS

    @property
    def parts(self) -> "tuple[InvestmentClause, ...]":
        """The clause of each instrument, its whole amount before it is divided; itself if one."""
        if not self.mix:
            return (self,)
        clauses = []
        for number, part in enumerate(self.mix, start=1):
            given = {name: getattr(part, name) for name in part.model_fields_set if name != "share"}
            if not part.source_ids:
                given.pop("source", None)
            clause = self.model_copy(update={**given, "mix": ()})
            clause.place_at(f"{self.path}.mix[{number}]")
            clauses.append(clause)
        return tuple(clauses)

    @property
    def portions(self) -> "tuple[Portion, ...]":
        """What each part takes of the amount, in the order of `parts`."""
        shares = tuple(part.share for part in self.mix) or (1.0,)
        return tuple(
            Portion(shares, at, part.used, self.amount) for at, part in enumerate(self.parts)
        )

    @property
    def is_private(self) -> bool:
        """Whether the money is that of firms, which have no claim on reserves."""
        usual = "private" if self.instrument == "direct" else "public"
        return (self.funds or usual) == "private"

    def wording(self) -> Wording:
        """Return the title of an investment: who invests where."""
        pieces = {"payer": Regions((self.payer,)), "host": Regions((self.host,))}
        return Wording("investment of {payer} in {host}", pieces)

    @classmethod
    def check(cls, place: Place, context: CheckContext) -> Iterator[Problem]:
        """Yield a cap above the amount, unknown projects, and terms that do not go together."""
        yield from _check_amounts(place)
        yield from _check_mix(place)
        yield from _check_projects(place, context.projects)
        path, written = place.path, place.as_written
        life = as_number(written.get("loan_years", 20.0))
        grace = as_number(written.get("grace_years", 5.0))
        if written.get("instrument") in LENT and life and grace and grace >= life:
            message = f"{grace:g} years are not within the {life:g} of the loan"
            yield Problem(f"{path}.grace_years", message, "shorten the grace, or lengthen the loan")
        owner = written.get("owner")
        if isinstance(owner, str) and owner not in (written.get("payer"), written.get("host")):
            message = f'"{owner}" is neither payer nor host'
            yield Problem(f"{path}.owner", message, "name one of the two")
        yield from _check_notice(place)


def _check_mix(place: Place) -> Iterator[Problem]:
    """Yield parts without a `mix`, a `mix` without parts, and shares that cannot add to one."""
    path, written = place.path, place.as_written
    parts = tables_of(written.get("mix"))
    if (written.get("instrument") == "mix") != bool(parts):
        message = "has parts" if parts else "has no parts"
        remedy = (
            'write `instrument = "mix"`, or leave `mix` out'
            if parts
            else 'add `mix = [{ instrument = "equity", share = 0.5 }, …]`'
        )
        yield Problem(f"{path}.mix", message, remedy)
        return
    shares = [part.get("share") for part in parts]
    likeliest = [
        as_number(share.get("mode") if isinstance(share, Mapping) else share) for share in shares
    ]
    total = sum(share for share in likeliest if share is not None)
    if None not in likeliest and parts and abs(total - 1) > SUM_TOLERANCE:
        message = f"the likeliest shares sum to {total:g}, not 1"
        yield Problem(f"{path}.mix", message, "give shares that add to 1")


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
    """Yield kinds of projects that are not there, in the clause and in its parts."""
    mixes = {f"{place.path}.sectors": place.as_written.get("sectors")}
    for number, part in enumerate(tables_of(place.as_written.get("mix")), start=1):
        mixes[f"{place.path}.mix[{number}].sectors"] = part.get("sectors")
    for path, sectors in mixes.items():
        for name in sectors if isinstance(sectors, Mapping) else ():
            if name not in known:
                message = f'"{name}" is not a kind of project'
                remedy = did_you_mean(suggest(name, known)) or (
                    f"one of: {', '.join(known)}; or add a [[project]] of this name"
                )
                yield Problem(path, message, remedy)
    for number, entry in enumerate(tables_of(place.as_written.get("chosen")), start=1):
        name = entry.get("projects")
        named = [kind for mix in mixes.values() if isinstance(mix, Mapping) for kind in mix]
        if isinstance(name, str) and name not in named:
            remedy = did_you_mean(suggest(name, named)) or "name one of the sectors of the clause"
            path = f"{place.path}.chosen[{number}].projects"
            yield Problem(path, f'"{name}" is not among the sectors', remedy)


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
