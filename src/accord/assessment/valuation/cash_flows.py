"""Cash flows: the money of a package between two parties by year, on every path.

Money is deflated to the price year. Displacement is the share of what the payer invests that only
replaces other assets it would have held in the host; what those would have earned is lost, as a
level annuity over the rest of the horizon, so that nothing is left over after it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property

import numpy as np

from accord.assessment.valuation.equations import (
    additional_share,
    annuities,
    sent,
    still_called,
)
from accord.assessment.valuation.uncertainty import Inputs
from accord.core.arrays import Float
from accord.core.notebook import Shown
from accord.data.world import World
from accord.deal.clauses.investment import InvestmentClause, Portion
from accord.deal.deal import Deal
from accord.deal.fields import Spread, quantile_of
from accord.lowering.finance import PairFinance
from accord.lowering.roles import member_shares

CALLS = ("equity_called", "loans_drawn")
OWNED = ("paid_to_payer",)
LENT = ("interest", "principal", "guarantee_recovered", "guarantee_fee", "incentive_paid")
APART_OUT = ("refunds_paid", "credit_drawn", "capital_cost")
APART_EARNED = ("refund_fee", "ships_resold")
APART_LENT = ("credit_served", "credit_recovered")

PathYear = Float[np.ndarray, "path year"]
DrawYear = Float[np.ndarray, "draw year"]
Sector = Float[np.ndarray, " sector"]
Flows = Mapping[str, PathYear]


@dataclass(frozen=True, eq=False, repr=False)
class FacilityFlows(Shown):
    """Money of one facility, bn USD of the price year, by path and year.

    Attributes:
        name: Name of the facility.
        called: Invested by the payer in the host.
        other: Guarantees called, incentives returned, and what promised purchases cost above their
            worth.
        owned: Profits that go to the payer.
        lent: Interest, repayments, fees and incentives that go to the payer.
        built: Spent on building.
        earned: Earned by what was built.
        apart_out: Paid by the payer to others than the host: refunds and credits to buyers of
            ships, and the cost of the capital behind guarantees.
        apart_earned: Fees of buyers of ships, and what the ships of yards that failed bring.
        apart_lent: Interest and principal paid by buyers of ships, and what is recovered of it.
        tied: Share of the building that is bought from the payer's own suppliers.
        displacement: Share that would have been invested anyway; None for any share.
        portion: What the facility takes of its clause; None for all of it.
        private: Whether it is the money of firms: what is displaced of it they would have invested
            in the same way, so that it changes nothing.
        hangs: Whether calls end when the tariffs of the deal are removed.
        before: Invested by the payer in the years before these, where there are any.
    """

    name: str
    called: PathYear
    other: PathYear
    owned: PathYear
    lent: PathYear
    built: PathYear
    earned: PathYear
    apart_out: PathYear
    apart_earned: PathYear
    apart_lent: PathYear
    tied: float = 0.0
    displacement: float | Spread | None = None
    portion: Portion | None = None
    private: bool = False
    hangs: bool = False
    before: Float[np.ndarray, "path earlier"] | None = None

    @cached_property
    def means(self) -> dict[str, Float[np.ndarray, " year"] | None]:
        """Mean over paths of each flow by year; None for a flow that is zero throughout."""
        return {
            item.name: flow.mean(axis=0) if flow.any() else None
            for item in fields(self)
            if isinstance(flow := getattr(self, item.name), np.ndarray)
        }

    def at_mean(self) -> "FacilityFlows":
        """Return the same money on one path, the mean of all: enough for central values."""
        flows = {
            item.name: getattr(self, item.name).mean(axis=0, keepdims=True)
            for item in fields(self)
            if isinstance(getattr(self, item.name), np.ndarray)
        }
        return replace(self, **flows)

    def choose(self, name: str, inputs: Inputs) -> DrawYear:
        """Return a flow on the path of each draw, or the mean over paths."""
        flow, mean = getattr(self, name), self.means[name]
        if mean is None:
            return np.zeros((len(inputs), flow.shape[1]))
        return inputs.choose(flow, mean)

    def scale(self, inputs: Inputs) -> Float[np.ndarray, "draw 1"]:
        """Return what is taken of the clause at each draw, over what is taken at the middle."""
        if self.portion is None:
            return np.ones((len(inputs), 1))
        return self.portion.scale(inputs.division, inputs.use)[:, None]


@dataclass(frozen=True, eq=False, repr=False)
class CashFlows(Shown):
    """Money between two parties.

    Attributes:
        payer: Who pays.
        host: Where it is invested.
        facilities: The money of each facility.
        spending: Shares of sectors in what building buys.
        output: Shares of sectors in what is built makes.
        members: Shares of the members in what a payer or host that is a group pays or receives.
        later: The same money after the horizon; None where it is not followed.
    """

    payer: str
    host: str
    facilities: tuple[FacilityFlows, ...]
    spending: Sector
    output: Sector
    members: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    later: "CashFlows | None" = None

    def at_mean(self) -> "CashFlows":
        """Return the same money on one path, the mean of all: enough for central values."""
        facilities = tuple(money.at_mean() for money in self.facilities)
        later = None if self.later is None else self.later.at_mean()
        return replace(self, facilities=facilities, later=later)

    @property
    def back(self) -> PathYear:
        """What goes to the payer, at the middle of all ranges, bn USD of the price year."""
        received = (
            (money.owned, money.lent, money.apart_earned, money.apart_lent)
            for money in self.facilities
        )
        return np.asarray(sum(flow for flows in received for flow in flows))

    @property
    def builds(self) -> bool:
        """Whether anything is built."""
        return any(money.built.any() for money in self.facilities)

    @property
    def is_tied(self) -> bool:
        """Whether any building is bought from the payer's own suppliers."""
        return any(money.tied > 0 for money in self.facilities)

    def shares(self, name: str) -> Mapping[str, float]:
        """Return the share of each region in what a payer or host pays or receives."""
        return self.members.get(name, {name: 1.0})


@dataclass(frozen=True, eq=False, repr=False)
class Amounts(Shown):
    """What one pair moves, bn USD of the price year, by draw and year.

    Attributes:
        called: Invested by the payer, displaced or not.
        out: Money that leaves the payer.
        lost: What the displaced assets would have paid it.
        back: Money that goes to the payer.
        debt: The part of it that is interest, repayments and fees.
        tied: Building bought from the payer's suppliers, and delivered instead of money.
        placed: Building that would not have been, bought in the host.
        cost: All building that would not have been: the host does without consuming it.
        capacity: What that building earns.
        apart_out: What the payer pays to others than the host.
        apart_back: What it gets from them.
        apart_debt: The part of it that buyers of ships pay on their debt.
    """

    called: DrawYear
    out: DrawYear
    lost: DrawYear
    back: DrawYear
    debt: DrawYear
    tied: DrawYear
    placed: DrawYear
    cost: DrawYear
    capacity: DrawYear
    apart_out: DrawYear
    apart_back: DrawYear
    apart_debt: DrawYear

    @property
    def cash(self) -> DrawYear:
        """Net transfer of money from the payer to the host."""
        return np.asarray(self.out + self.lost - self.back - self.tied)


def build_cash_flows(finance: PairFinance, deal: Deal, world: World) -> CashFlows:
    """Return the money of a pair in prices of the price year, with what it buys and makes."""
    pair, horizon = finance.pair, deal.settings.horizon
    years = pair.plan.first_year + np.arange(pair.plan.years) - deal.price_year
    real = (1 + pair.plan.inflation) ** -years.astype(float)
    weights = _kind_weights(tuple(clause for clause in pair.clauses if clause.builds))
    facilities = tuple(_facility_flows(finance, real))
    whole = CashFlows(
        payer=pair.payer,
        host=pair.host,
        facilities=facilities,
        spending=_by_sector(weights, "spending", deal, world, host=pair.host),
        output=_by_sector(weights, "output", deal, world, host=pair.host),
        members={name: member_shares(name, world) for name in (pair.payer, pair.host)},
    )
    if pair.plan.years <= horizon:
        return whole
    within, after = (
        tuple(_cut(money, years) for money in facilities)
        for years in (slice(horizon), slice(horizon, None))
    )
    behind = tuple(
        replace(later, before=money.called) for later, money in zip(after, within, strict=True)
    )
    return replace(whole, facilities=within, later=replace(whole, facilities=behind))


def _cut(money: FacilityFlows, years: slice) -> FacilityFlows:
    """Return the money of a facility in some of the years."""
    flows = {
        item.name: getattr(money, item.name)[:, years]
        for item in fields(FacilityFlows)
        if isinstance(getattr(money, item.name), np.ndarray)
    }
    return replace(money, **flows)


def _facility_flows(
    finance: PairFinance, real: Float[np.ndarray, " year"]
) -> Iterator[FacilityFlows]:
    """Yield the money of each facility, then that of promised purchases."""
    pair, value = finance.pair, finance.solution.value
    portions = pair.portions or (None,) * len(pair.clauses)
    terms = {
        facility.name: (clause, portion)
        for facility, clause, portion in zip(
            pair.plan.facilities, pair.clauses, portions, strict=True
        )
    }
    for name, flows in value.by_facility.items():
        none = np.zeros((len(value.called), len(real)))

        def total(names: Sequence[str], flows: Flows = flows, none: PathYear = none) -> PathYear:
            return np.asarray(real * sum((flows[key] for key in names if key in flows), none))

        clause, portion = terms.get(name, (None, None))
        yield FacilityFlows(
            name,
            called=total(CALLS),
            other=total(("guarantee_called", "purchases", "incentive_returned"))
            - total(("goods_received",)),
            owned=total(OWNED),
            lent=total(LENT),
            built=total(("construction",)),
            earned=total(("cash_flow",)),
            apart_out=total(APART_OUT),
            apart_earned=total(APART_EARNED),
            apart_lent=total(APART_LENT),
            tied=0.0 if clause is None else clause.procurement.get(pair.payer, 0.0),
            displacement=None if clause is None else clause.displacement,
            portion=portion,
            private=clause is not None and clause.is_private,
            hangs=clause is not None and clause.ends_with_tariffs,
        )


def move_pair(cash_flows: CashFlows, inputs: Inputs, own_rate: float) -> Amounts:
    """Return what a pair moves under every draw of the uncertain parameters.

    Args:
        cash_flows: Money by path.
        inputs: One row a draw.
        own_rate: Real yearly rate at which the payer values money, a fraction.
    """
    moved = [_move_facility(money, inputs, own_rate) for money in cash_flows.facilities]
    return Amounts(
        **{
            item.name: np.asarray(sum(getattr(amounts, item.name) for amounts in moved))
            for item in fields(Amounts)
        }
    )


def _move_facility(money: FacilityFlows, inputs: Inputs, own_rate: float) -> Amounts:
    """Return what one facility moves under every draw."""
    scale, z = money.scale(inputs), displaced(money.displacement, inputs.displacement)[:, None]
    if money.private:
        scale, z = scale * (1 - z), np.zeros_like(z)
    called = scale * money.choose("called", inputs)
    if money.hangs:
        every = called
        if money.before is not None:
            every = np.concatenate([scale * money.choose("before", inputs), called], axis=1)
        stand = inputs.lasting(every.shape[1])
        years = slice(every.shape[1] - called.shape[1], None)
        called, scale = called * stand[:, years], scale * still_called(every, stand)[:, years]
    other, owned, lent, built, earned, apart_out, apart_earned, apart_lent = (
        scale * money.choose(name, inputs)
        for name in (
            "other", "owned", "lent", "built", "earned", "apart_out", "apart_earned", "apart_lent",
        )
    )  # fmt: skip
    more = additional_share(inputs.additional, z)
    return Amounts(
        called=called,
        out=sent(z, called, other),
        lost=annuities(z * called, own_rate + inputs.risk_premium + inputs.displaced_return),
        back=owned + lent,
        debt=lent,
        tied=money.tied * (1 - z) * built,
        placed=(1 - money.tied) * more * built,
        cost=more * built,
        capacity=more * earned,
        apart_out=apart_out,
        apart_back=apart_earned + apart_lent,
        apart_debt=apart_lent,
    )


def displaced(
    given: float | Spread | None, u: Float[np.ndarray, " draw"]
) -> Float[np.ndarray, " draw"]:
    """Return the share of a facility that is displaced, at quantile `u` of its clause's own.

    Where a clause gives none, every share from none to all is equally likely.
    """
    return u if given is None else quantile_of(given, u)


def _kind_weights(clauses: tuple[InvestmentClause, ...]) -> dict[str, float]:
    weights: dict[str, float] = {}
    for clause in clauses:
        for kind, share in (clause.sectors or {"average": 1.0}).items():
            weights[kind] = weights.get(kind, 0.0) + share * clause.amount
    whole = sum(weights.values())
    return {kind: amount / whole for kind, amount in weights.items()} if whole else {}


def _by_sector(
    weights: Mapping[str, float], figure: str, deal: Deal, world: World, *, host: str
) -> Sector:
    """Return shares of sectors; those the world lacks leave the rest, or the host's own output.

    A sector that is several of the world is split between them by the host's output.
    """
    shares = np.zeros(len(world.sectors))
    members = [world.regions.index(name) for name in member_shares(host, world)]
    made = world.sales[members].sum(axis=0)
    for kind, weight in weights.items():
        for sector, share in (deal.projects.figure(kind, figure) or {}).items():
            places = [world.sectors.index(name) for name in world.sectors_named(sector)]
            if places:
                part = made[places] if made[places].sum() > 0 else np.ones(len(places))
                shares[places] += weight * share * part / part.sum()
    if not shares.any():
        shares = made
    return np.asarray(shares / shares.sum())
