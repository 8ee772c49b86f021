"""The clauses of a deal file: tariffs and rulings here, money in `money`; told apart by `kind`."""

from typing import Annotated, Literal, get_args

from pydantic import Field

from accord.deal.clauses.finance import (
    FxAdjustmentClause,
    InvestmentClause,
    ProfitSplitClause,
    PurchaseClause,
    RaidClause,
    SwapLineClause,
    VisaClause,
)
from accord.deal.fields import ClauseBase, Day, Flag, Money, Part, Rate, Region, Share

Basis = Literal["IEEPA", "232", "122", "301", "MFN", "FTA", "other"]
Rule = Literal["add", "level", "floor", "ceiling"]
Overlap = Literal["nested", "independent", "disjoint"]

BASES: tuple[str, ...] = get_args(Basis)
OVERLAPS: tuple[Overlap, ...] = get_args(Overlap)
"""In the order in which shares of one value are put together: the order of the file is none."""
BASE_CHANGING: tuple[str, ...] = ("MFN", "FTA")
HIGHEST_PLAIN_RATE = 1.0


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
    overlap: Overlap | None = None
    """How that share lies against the shares of the same goods that other clauses charge:
    `disjoint` parts add up, as the contents of two metals do; `independent` parts overlap by
    chance; `nested` parts lie in one another. If left out: disjoint under 232, else independent."""
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

    @property
    def overlap_in_law(self) -> Overlap:
        """How the clause's share lies against others: as written, or as its legal basis has it."""
        if self.overlap is not None:
            return self.overlap
        return "disjoint" if self.basis == "232" else "independent"


class RulingClause(ClauseBase):
    """A court voids every tariff of one importer on one legal basis from a day on."""

    kind: Literal["ruling"]
    """Always "ruling"."""
    importer: Region
    """Region whose tariffs are voided."""
    basis: Basis
    """Legal basis that no longer stands."""
    from_: Day = Field(alias="from")
    """First day on which clauses of that basis no longer apply."""


Clause = Annotated[
    TariffClause
    | RulingClause
    | InvestmentClause
    | ProfitSplitClause
    | SwapLineClause
    | FxAdjustmentClause
    | VisaClause
    | RaidClause
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
    "raid": RaidClause,
    "purchase": PurchaseClause,
}
