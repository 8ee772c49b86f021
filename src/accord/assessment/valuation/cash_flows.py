"""Cash flows: the money of a package between two parties by year, on every path.

Money is deflated to the price year. Displacement is the share of what the payer invests that only
replaces other assets it would have held in the host; what those would have earned is lost, as a
level annuity over the rest of the horizon, so that nothing is left over after it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Float

from accord.assessment.valuation.equations import additional_share, annuities, sent
from accord.assessment.valuation.uncertainty import Inputs, triangular
from accord.core.notebook import Shown
from accord.data.world import World
from accord.deal.clauses.investment import InvestmentClause
from accord.deal.deal import Deal
from accord.deal.fields import Spread
from accord.lowering.finance import PairFinance
from accord.lowering.roles import member_shares

CALLS = ("equity_called", "loans_drawn")
OWNED = ("paid_to_payer",)
LENT = ("interest", "principal", "guarantee_recovered", "guarantee_fee")

PathYear = Float[np.ndarray, "path year"]
DrawYear = Float[np.ndarray, "draw year"]
Sector = Float[np.ndarray, " sector"]


@dataclass(frozen=True, eq=False, repr=False)
class CashFlows(Shown):
    """Money between two parties, bn USD of the price year, by path and year.

    Attributes:
        payer: Who pays.
        host: Where it is invested.
        called: Invested by the payer.
        other: Guarantees called, and what promised purchases cost above their worth.
        owned: Profits that go to the payer.
        lent: Interest, repayments and fees that go to the payer.
        built: Spent on building.
        earned: Earned by what was built.
        tied: Share of the building that is bought from the payer's own suppliers.
        clauses: The investment clauses, with the amount of each, bn USD.
        spending: Shares of sectors in what building buys.
        output: Shares of sectors in what is built makes.
        members: Shares of the members in what a payer or host that is a group pays or receives.
    """

    payer: str
    host: str
    called: PathYear
    other: PathYear
    owned: PathYear
    lent: PathYear
    built: PathYear
    earned: PathYear
    tied: float
    clauses: tuple[InvestmentClause, ...]
    spending: Sector
    output: Sector
    members: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

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

    @property
    def cash(self) -> DrawYear:
        """Net transfer of money from the payer to the host."""
        return np.asarray(self.out + self.lost - self.back - self.tied)


def build_cash_flows(finance: PairFinance, deal: Deal, world: World) -> CashFlows:
    """Return the money of a pair in prices of the price year, with what it buys and makes."""
    pair, flows = finance.pair, finance.solution.value.flows
    years = pair.plan.first_year + np.arange(pair.plan.years) - deal.price_year
    real = (1 + pair.plan.inflation) ** -years.astype(float)
    amounts = [clause.amount for clause in pair.clauses]
    whole = sum(amounts) or 1.0
    bought = [clause.procurement.get(pair.payer, 0.0) for clause in pair.clauses]
    weights = _kind_weights(pair.clauses)
    return CashFlows(
        payer=pair.payer,
        host=pair.host,
        called=real * sum(flows[name] for name in CALLS),
        other=real * (flows["guarantee_called"] + flows["purchases"] - flows["goods_received"]),
        owned=real * sum(flows[name] for name in OWNED),
        lent=real * sum(flows[name] for name in LENT),
        built=real * flows["construction"],
        earned=real * flows["cash_flow"],
        tied=float(np.dot(bought, amounts) / whole) if amounts else 0.0,
        clauses=pair.clauses,
        spending=_by_sector(weights, "spending", deal, world, host=pair.host),
        output=_by_sector(weights, "output", deal, world, host=pair.host),
        members={name: member_shares(name, world) for name in (pair.payer, pair.host)},
    )


def displaced(clauses: tuple[InvestmentClause, ...], u: Float[np.ndarray, " draw"]) -> np.ndarray:
    """Return the share displaced, weighted by amounts, at quantile `u` of each clause's own.

    Where a clause gives none, every share from none to all is equally likely.
    """
    whole = sum(clause.amount for clause in clauses)
    if not whole:
        return np.zeros_like(u)
    shares = [clause.amount / whole * _quantile(clause.displacement, u) for clause in clauses]
    return np.asarray(sum(shares))


def move_pair(cash_flows: CashFlows, inputs: Inputs, own_rate: float) -> Amounts:
    """Return what a pair moves under every draw of the uncertain parameters.

    Args:
        cash_flows: Money by path.
        inputs: One row a draw.
        own_rate: Real yearly rate at which the payer values money, a fraction.
    """
    called, other, owned, lent, built, earned = (
        inputs.choose(flow)
        for flow in (
            cash_flows.called,
            cash_flows.other,
            cash_flows.owned,
            cash_flows.lent,
            cash_flows.built,
            cash_flows.earned,
        )
    )
    z = displaced(cash_flows.clauses, inputs.displacement)[:, None]
    more = additional_share(inputs.additional, z)
    tied = cash_flows.tied * (1 - z) * built
    return Amounts(
        called=called,
        out=sent(z, called, other),
        lost=annuities(z * called, own_rate + inputs.risk_premium + inputs.displaced_return),
        back=owned + lent,
        debt=lent,
        tied=tied,
        placed=(1 - cash_flows.tied) * more * built,
        cost=more * built,
        capacity=more * earned,
    )


def _quantile(given: Spread | float | None, u: np.ndarray) -> np.ndarray:
    if given is None:
        return u
    if not isinstance(given, Spread):
        return np.full_like(u, float(given))
    return triangular(given.low, given.mode, given.high, u)


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
    """Return shares of sectors; those the world lacks leave the rest, or the host's own output."""
    shares = np.zeros(len(world.sectors))
    for kind, weight in weights.items():
        for sector, share in (deal.projects.figure(kind, figure) or {}).items():
            if sector in world.sectors:
                shares[world.sectors.index(sector)] += weight * share
    if not shares.any():
        members = [world.regions.index(name) for name in member_shares(host, world)]
        shares = world.flows[:, members, :].sum(axis=0).sum(axis=0)
    return np.asarray(shares / shares.sum())
