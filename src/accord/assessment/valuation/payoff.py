"""From moves and gains to payoffs: what each region gains each year, component by component.

The components of a year add up to its whole by construction, and each is a difference of solved
equilibria or a sum of money, never both: what passes between the parties is inside the equilibrium,
and is taken out of it once to be shown apart.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np
from jaxtyping import Float

from accord.assessment.valuation.cash_flows import Amounts, CashFlows, build_cash_flows, move_pair
from accord.assessment.valuation.currency_risk import certainty_equivalent
from accord.assessment.valuation.equations import (
    COMPONENTS,
    capacity_gain,
    discount_factors,
    tariff_gain,
    terms_of_trade_gain,
    world_growth,
)
from accord.assessment.valuation.quantities import Quantities, build_quantities
from accord.assessment.valuation.surface import GainSource
from accord.assessment.valuation.uncertainty import Inputs
from accord.core.notebook import Shown
from accord.data.world import World
from accord.deal.deal import Deal
from accord.lowering.finance import PairFinance, discount_rate
from accord.lowering.roles import find_groups, region_axis
from accord.lowering.tariff_path import TIMELINES, TariffPath, Timeline, tariff_path
from accord.trade.model import TradeModel

COMPONENT_MEANING = {
    "tariff": "the tariffs of the package rather than those without a deal",
    "transfer": "money that leaves the payer, and what displaced assets would have earned",
    "terms_of_trade": "what prices and wages make of the money and of the building",
    "capacity": "what additional building earns in the host, less what it costs",
    "profit": "profits, interest and repayments that go home to the payer",
    "risk": "certainty equivalent of the risk of a currency crash",
}

ComponentYear = Float[np.ndarray, "draw component year region"]


@dataclass(frozen=True, eq=False, repr=False)
class PackageInputs(Shown):
    """One package, ready to be valued.

    Attributes:
        name: Name of the package.
        cash_flows: Money of every pair.
        quantities: What it moves in the world economy.
        paths: Its tariffs by timeline.
        chances: Chance of a first crash for each price of a flow, by party.
        output: Output of those parties, bn USD.
    """

    name: str
    cash_flows: tuple[CashFlows, ...]
    quantities: Quantities
    paths: Mapping[Timeline, TariffPath]
    chances: Mapping[str, Float[np.ndarray, "price watched"]]
    output: Mapping[str, float]


@dataclass(frozen=True, eq=False, repr=False)
class Clock(Shown):
    """Years and rates of a deal.

    Attributes:
        regions: All regions, then the groups that are parties, pay or host.
        years: Calendar years of the horizon.
        price_year: Year whose prices money is in.
        nominal: Yearly discount rate of every region, a fraction.
        inflation: A fraction a year.
        groups: The members of each group, with their shares in what it pays or receives.
    """

    regions: tuple[str, ...]
    years: tuple[int, ...]
    price_year: int
    nominal: Float[np.ndarray, " region"]
    inflation: float
    groups: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    def members(self, regions: Sequence[str]) -> tuple[str, ...]:
        """Return the regions of the world that regions and groups stand for, each once."""
        every = [name for region in regions for name in self.groups.get(region, (region,))]
        return tuple(dict.fromkeys(every))

    def growth(self, inputs: Inputs) -> Float[np.ndarray, "draw year"]:
        """Return the size of the world economy, over that of the price year."""
        after = np.array(self.years) - self.price_year
        return world_growth(inputs.growth, after)

    def factors(
        self, inputs: Inputs, regions: Sequence[str]
    ) -> Float[np.ndarray, "draw year region"]:
        """Return discount factors to the start of the first year, from the middle of each."""
        nominal = self.nominal[[self.regions.index(region) for region in regions]]
        real = (1 + nominal + inputs.discount[:, None]) / (1 + self.inflation)
        after = np.arange(len(self.years)) + 0.5
        return discount_factors(real, after)

    def real_rate(self, region: str) -> float:
        """Return the central real discount rate of a region, a fraction a year."""
        return float((1 + self.nominal[self.regions.index(region)]) / (1 + self.inflation) - 1)


def build_clock(deal: Deal, world: World) -> Clock:
    """Return the years of a deal and the rate of every region: its party's, or the usual one."""
    first = deal.window[0]
    groups = find_groups(deal, world)
    regions = region_axis(deal, world)
    return Clock(
        regions=regions,
        years=tuple(range(first, first + deal.settings.horizon)),
        price_year=deal.price_year,
        nominal=np.array([discount_rate(deal, region) for region in regions]),
        inflation=deal.settings.inflation,
        groups=groups,
    )


def build_package_inputs(
    deal: Deal,
    name: str,
    world: World,
    model: TradeModel,
    *,
    finance: Sequence[PairFinance],
    risks: Mapping[str, tuple[Float[np.ndarray, "price watched"], float]],
    triggered: Sequence[str] = (),
) -> PackageInputs:
    """Return a package ready to be valued.

    Args:
        deal: The deal.
        name: Name of the package.
        world: The baseline.
        model: The trade model of it.
        finance: The solved finance of the package.
        risks: Chances of a crash and output of each party whose currency is followed.
        triggered: Events declared to have happened.
    """
    cash_flows = tuple(build_cash_flows(pair, deal, world) for pair in finance)
    return PackageInputs(
        name,
        cash_flows,
        build_quantities(cash_flows, model),
        {
            timeline: tariff_path(deal, name, world, timeline, triggered=triggered)
            for timeline in TIMELINES
        },
        {party: chances for party, (chances, _) in risks.items()},
        {party: output for party, (_, output) in risks.items()},
    )


def move_amounts(package: PackageInputs, clock: Clock, inputs: Inputs) -> list[Amounts]:
    """Return what every pair of a package moves, bn USD of the price year."""
    return [move_pair(flow, inputs, clock.real_rate(flow.payer)) for flow in package.cash_flows]


def value_components(
    package: PackageInputs,
    nothing: PackageInputs,
    economy: GainSource,
    *,
    clock: Clock,
    inputs: Inputs,
    timeline: Timeline,
    regions: Sequence[str],
) -> ComponentYear:
    """Return gains against no deal by draw, component, year and region, bn USD of the price year.

    Args:
        package: The package.
        nothing: No deal.
        economy: Tells gains from tariffs and moves.
        clock: Years and rates.
        inputs: Values of everything uncertain.
        timeline: Which tariffs hold when.
        regions: Whose gains are wanted; a group gains what its members gain.
    """
    members = clock.members(regions)
    if members != tuple(regions):
        gained = value_components(
            package, nothing, economy, clock=clock, inputs=inputs, timeline=timeline,
            regions=members,
        )  # fmt: skip
        return _sum_members(gained, members, regions, clock)
    amounts = move_amounts(package, clock, inputs)
    growth = clock.growth(inputs)
    still, idle = (
        np.zeros((len(inputs), len(clock.years), len(side.quantities.names)))
        for side in (package, nothing)
    )
    moved, grown = (
        _spread(package.quantities.gather(amounts, capacity=capacity), still) / growth[:, :, None]
        for capacity in (False, True)
    )
    path, weights = package.paths[timeline], inputs.weights
    columns = np.array([clock.regions.index(region) for region in regions])
    gains = partial(economy.gains, columns=columns)
    tariffs = gains(package.quantities, path, weights, still)
    without = gains(nothing.quantities, nothing.paths[timeline], weights, idle)
    money = gains(package.quantities, path, weights, moved)
    whole = money if "capacity" not in {name for name, _ in package.quantities.names} else (
        gains(package.quantities, path, weights, grown)
    )  # fmt: skip
    sent, home, kind, cost = _directly(amounts, package.cash_flows, regions, still.shape[:2])
    lasting = np.arange(len(clock.years)) < inputs.tariff_years[:, None]
    components = {
        "tariff": tariff_gain(growth, tariffs, without, lasting),
        "transfer": sent,
        "terms_of_trade": terms_of_trade_gain(growth, money, tariffs, (kind, sent, home)),
        "capacity": capacity_gain(growth, whole, money, cost),
        "profit": home,
        "risk": _risk(package, nothing, inputs, clock, regions=regions),
    }
    return np.stack([components[name] for name in COMPONENTS], axis=1)


def _spread(moves: np.ndarray, still: np.ndarray) -> np.ndarray:
    return np.asarray(np.broadcast_to(moves, still.shape)) if moves.size else still


def _directly(
    amounts: Sequence[Amounts],
    cash_flows: Sequence[CashFlows],
    regions: Sequence[str],
    shape: tuple[int, ...],
) -> tuple[np.ndarray, ...]:
    """Return money sent, money home, goods delivered in kind, and building not consumed.

    All by draw, year and region; goods in kind are bought by the payer (inside its income, and not
    consumed by it) and reach the host.
    """
    sent, home, kind, cost = (np.zeros((*shape, len(regions))) for _ in range(4))
    for moved, pair in zip(amounts, cash_flows, strict=True):
        flows = ((sent, -(moved.out + moved.lost)), (home, moved.back), (kind, -moved.tied))
        for party, sign in ((pair.payer, 1.0), (pair.host, -1.0)):
            for region, share in pair.shares(party).items():
                if region in regions:
                    at = regions.index(region)
                    for into, flow in flows:
                        into[:, :, at] += sign * share * flow
        for region, share in pair.shares(pair.host).items():
            if region in regions:
                cost[:, :, regions.index(region)] += share * moved.cost
    return sent, home, kind, cost


def _sum_members(
    gained: Float[np.ndarray, "draw component year member"],
    members: Sequence[str],
    regions: Sequence[str],
    clock: Clock,
) -> ComponentYear:
    """Return gains of regions and groups from those of members."""
    columns = [
        gained[..., [members.index(member) for member in clock.members([region])]].sum(axis=-1)
        for region in regions
    ]
    return np.stack(columns, axis=-1)


def _risk(
    package: PackageInputs,
    nothing: PackageInputs,
    inputs: Inputs,
    clock: Clock,
    *,
    regions: Sequence[str],
) -> np.ndarray:
    growth = clock.growth(inputs)
    risk = np.zeros((*growth.shape, len(regions)))
    for party, chances in package.chances.items():
        shares = {region: clock.groups.get(party, {party: 1.0}).get(region, 0.0)
                  for region in regions}  # fmt: skip
        if not any(shares.values()):
            continue
        output = package.output[party] * growth
        now = certainty_equivalent(chances, inputs, output)
        before = certainty_equivalent(nothing.chances[party], inputs, output)
        for at, share in enumerate(shares.values()):
            if share:
                risk[:, :, at] += share * (now - before)
    return risk
