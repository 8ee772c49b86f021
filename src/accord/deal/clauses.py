"""The clauses of a deal file: one frozen model for each kind, told apart by `kind`."""

from datetime import date
from typing import Annotated, ClassVar, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, Strict

Basis = Literal["IEEPA", "232", "122", "301", "MFN", "FTA", "other"]
Rule = Literal["add", "level", "floor", "ceiling"]
Instrument = Literal["equity", "loan", "guarantee", "direct"]

BASES: tuple[str, ...] = get_args(Basis)
BASE_CHANGING: tuple[str, ...] = ("MFN", "FTA")
HIGHEST_PLAIN_RATE = 1.0

Number = Annotated[float, Strict(), Field(allow_inf_nan=False)]
Rate = Annotated[Number, Field(ge=0)]
Share = Annotated[Number, Field(ge=0, le=1)]
Money = Annotated[Number, Field(gt=0)]
Whole = Annotated[int, Strict(), Field(ge=0)]
Day = Annotated[date, Strict()]
Flag = Annotated[bool, Strict()]
Region = Annotated[str, Field(min_length=1)]
Shares = dict[str, Share]


class Part(BaseModel):
    """Base of every table of a deal file: frozen, and closed to unknown keys."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, populate_by_name=True, use_attribute_docstrings=True
    )


class ClauseBase(Part):
    """What every clause has: a title, a note, sources, and its place in the file."""

    priced: ClassVar[bool] = False
    kind: str
    """Kind of clause."""
    title: str = ""
    """Short name printed beside figures that come from this clause."""
    note: str = ""
    """Anything a reader should know; free text."""
    source: str | tuple[str, ...] = ()
    """Id of one `[[source]]`, or a list of ids."""
    _path: str = PrivateAttr(default="")

    @property
    def path(self) -> str:
        """Place of the clause in its file, such as `package[1].clause[2]`; "" if built in code."""
        return self._path

    def place_at(self, path: str) -> None:
        """Remember the clause's place in its file; only the loader calls this."""
        self._path = path

    @property
    def source_ids(self) -> tuple[str, ...]:
        """Ids of the cited sources."""
        return (self.source,) if isinstance(self.source, str) else self.source


class Quota(Part):
    """A tariff-rate quota: so much customs value a year pays a lower rate."""

    amount: Money
    """Customs value a year that pays the in-quota rate, in the currency of the file."""
    in_quota_rate: Rate = 0.0
    """Rate inside the quota, as a fraction."""


class SnapBack(Part):
    """A rate that comes (back) into force when a named event happens."""

    trigger: str
    """Name of the event; the clause's own rate applies until it is declared to have happened."""
    rate: Rate
    """Rate once triggered, as a fraction."""
    rule: Rule | None = None
    """Rule once triggered; the clause's own rule if left out."""


class Step(Part):
    """One dated step of a phase-in."""

    from_: Day = Field(alias="from")
    """First day of this rate."""
    rate: Rate
    """Rate from that day on, as a fraction."""


class Retroactive(Part):
    """A rate decided later than the day it counts from; the difference is refunded."""

    decided: Day
    """Day the rate was decided or published."""
    charged_rate: Rate
    """Rate collected at the border between `from` and the day before `decided`, as a fraction."""
    charged_rule: Rule = "add"
    """Rule of the rate collected meanwhile."""


class TariffClause(ClauseBase):
    """A tariff: who charges whom, on what, how much, on what legal basis, and when."""

    priced: ClassVar[bool] = True
    kind: Literal["tariff"]
    """Always "tariff"."""
    importer: Region
    """Region that charges the tariff."""
    exporters: tuple[Region, ...] = Field(min_length=1)
    """Regions whose goods pay it: ids of the dataset, the group "EU", or "all"."""
    except_exporters: tuple[Region, ...] = ()
    """Regions left out of `exporters`."""
    products: tuple[str, ...] = Field(default=("all",), min_length=1)
    """Sectors of the dataset, HS codes (2 to 10 digits), product groups, or "all" (goods)."""
    except_products: tuple[str, ...] = ()
    """Products left out of `products`."""
    rate: Rate
    """Rate as a fraction of customs value: 0.15 is 15 %."""
    rule: Rule
    """`add`: on top of the base; `level`: all-in rate; `floor`: the higher of the base and this;
    `ceiling`: all-in rate of at most this."""
    basis: Basis = "other"
    """Legal basis. "MFN" and "FTA" change the base rate itself; the others add to it."""
    from_: Day | None = Field(default=None, alias="from")
    """First day in force; always in force before `until` if left out."""
    until: Day | None = None
    """Last day in force (inclusive); open-ended if left out."""
    unless_basis: tuple[Basis, ...] = ()
    """Stacking exclusion: goods under a clause of one of these bases do not also pay this one."""
    preference_share: Share | None = None
    """Share of trade that claims its free-trade preference; sets the base of a floor or a level."""
    preference_rate: Rate = 0.0
    """Rate paid by the trade that claims the preference, as a fraction."""
    content_share: Share = 1.0
    """Share of customs value the rate applies to, such as the metal content or the trade that does
    not qualify for an exemption."""
    quota: Quota | None = None
    """Tariff-rate quota, weighted on the trade of the base year."""
    steps: tuple[Step, ...] = ()
    """Phase-in: `rate` applies until the first step, then each step's rate from its day."""
    snap_back: SnapBack | None = None
    """Rate that applies instead once its trigger is declared; inactive otherwise."""
    retroactive: Retroactive | None = None
    """Says that `from` lies before the decision: what was charged meanwhile and refunded."""
    prohibitive: Flag = False
    """Accepts a rate above 1 (100 %), which is refused otherwise as a likely slip for per cent."""


class RulingClause(ClauseBase):
    """A court voids every tariff of one importer on one legal basis from a day on."""

    priced: ClassVar[bool] = True
    kind: Literal["ruling"]
    """Always "ruling"."""
    importer: Region
    """Region whose tariffs are voided."""
    basis: Basis
    """Legal basis that no longer stands."""
    from_: Day = Field(alias="from")
    """First day on which clauses of that basis no longer apply."""


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


class InvestmentClause(ClauseBase):
    """Money one party puts into another: amount, instrument, pace, and what it displaces."""

    priced: ClassVar[bool] = True
    kind: Literal["investment"]
    """Always "investment"."""
    payer: Region
    """Region that pays."""
    host: Region
    """Region where the money is invested."""
    amount: Money
    """Total commitment, in units of the file's currency (200e9 is 200 billion)."""
    instrument: Instrument
    """`equity`, `direct`: paid in; `loan`: paid out as drawn; `guarantee`: paid only if called."""
    up_front: Flag = False
    """The whole amount is paid in the first year."""
    annual_cap: Money | None = None
    """Most that can be called in one calendar year."""
    from_: Day | None = Field(default=None, alias="from")
    """Day from which money can be called; the first year of the assessment if left out."""
    until: Day | None = None
    """Last day on which money can be called; the last year of the assessment if left out."""
    select_until: Day | None = None
    """Last day on which projects can be selected."""
    notice_business_days: Whole | None = None
    """Business days that must pass between selection and payment."""
    displacement: Share | Spread | None = None
    """Share that would have been invested anyway: a number, or { low, mode, high }.
    0 if left out."""
    called_share: Share = 0.0
    """Guarantees: share of the amount expected to be called."""
    interest: Rate | None = None
    """Loans: interest rate as a fraction. Recorded; not counted yet."""
    sectors: Shares = Field(default_factory=dict)
    """Where the money goes, as shares of the amount that sum to one; free names are allowed."""
    procurement: Shares = Field(default_factory=dict)
    """Shares of the spending bought from each region; at most one in all."""


class ProfitSplitClause(ClauseBase):
    """How the cash flow of the projects is shared. Recorded, not priced yet."""

    kind: Literal["profit_split"]
    """Always "profit_split"."""
    until_recovery: Shares
    """Shares until principal and interest are recovered; they sum to one."""
    after_recovery: Shares
    """Shares afterwards; they sum to one."""
    deemed_rate: str | Rate | None = None
    """Interest counted towards recovery: a fraction, or text such as "ust20 + 0.01"."""
    review_year: Whole | None = None
    """Year after which the split may be adjusted if recovery is not in sight."""
    pooled: Flag = False
    """Whether projects share one account, so that a loss on one is met from the others."""


class SwapLineClause(ClauseBase):
    """A currency swap line between central banks. Recorded, not priced yet."""

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
    """A say in the pace of calls when the currency is disorderly. Recorded, not priced yet."""

    kind: Literal["fx_adjustment"]
    """Always "fx_adjustment"."""
    party: Region | None = None
    """Region that may ask."""
    right: Flag = False
    """True: a right to a change; false: only a right to ask."""


class VisaClause(ClauseBase):
    """Visas for the people who build the projects. Recorded, not priced yet."""

    kind: Literal["visa"]
    """Always "visa"."""
    host: Region | None = None
    """Region that issues them."""
    payer: Region | None = None
    """Region whose people receive them."""
    quota: Whole | None = None
    """Visas a year; none if only procedures change."""
    from_: Day | None = Field(default=None, alias="from")
    """First day."""
    installer_supply: Rate | None = None
    """Supply of installers relative to need, as a fraction."""


class PurchaseClause(ClauseBase):
    """A promise to buy. Recorded, not priced yet."""

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
    from_: Day | None = Field(default=None, alias="from")
    """First day."""
    until: Day | None = Field(default=None, alias="to")
    """Last day."""


Clause = Annotated[
    TariffClause
    | RulingClause
    | InvestmentClause
    | ProfitSplitClause
    | SwapLineClause
    | FxAdjustmentClause
    | VisaClause
    | PurchaseClause,
    Field(discriminator="kind"),
]

CLAUSES: dict[str, type[ClauseBase]] = {
    "tariff": TariffClause,
    "ruling": RulingClause,
    "investment": InvestmentClause,
    "profit_split": ProfitSplitClause,
    "swap_line": SwapLineClause,
    "fx_adjustment": FxAdjustmentClause,
    "visa": VisaClause,
    "purchase": PurchaseClause,
}
