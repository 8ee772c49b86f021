"""Payoffs: what each region gains in each year, component by component, and its present value.

The components of a year add up to its whole by construction, and each is a difference of solved
equilibria or a sum of money, never both: what passes between the parties is inside the equilibrium,
and is taken out of it once to be shown apart.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np

from accord.assessment.snapshot.means import Asked, income_of, refuse_money, subject_of
from accord.assessment.valuation.cash_flows import (
    Amounts,
    CashFlows,
    build_cash_flows,
    move_pair,
)
from accord.assessment.valuation.currency_risk import certainty_equivalent
from accord.assessment.valuation.equations import (
    COMPONENTS,
    capacity_gain,
    discount_factors,
    risk_discount,
    tariff_gain,
    terms_of_trade_gain,
    world_growth,
    years_at_risk,
)
from accord.assessment.valuation.package_inputs import CollectedEnds, PackageInputs
from accord.assessment.valuation.quantities import build_quantities
from accord.assessment.valuation.receipts import (
    find_involved,
    later_gains,
    price_risk,
    receive,
)
from accord.assessment.valuation.uncertainty import Inputs
from accord.assessment.valuation.welfare.responses import MoneyError, yearly_gains
from accord.assessment.valuation.welfare.surface import TradeResponse
from accord.core.arrays import Float
from accord.core.notebook import Shown
from accord.data.world import World
from accord.deal.clauses.tariff import TariffClause
from accord.deal.deal import Deal
from accord.deal.fields import Spread
from accord.lowering.finance import PairFinance, discount_rate
from accord.lowering.roles import find_groups, region_axis
from accord.lowering.tariff_path import TIMELINES, Timeline, tariff_path
from accord.trade.model import TradeModel

ComponentYear = Float[np.ndarray, "draw component year region"]
Gains = Float[np.ndarray, "draw year region"]


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
        return discount_factors(self.real_factors(inputs, regions), self.after)

    @property
    def after(self) -> Float[np.ndarray, " year"]:
        """Years from the start of the first year to the middle of each."""
        return np.arange(len(self.years)) + 0.5

    def real_factors(
        self, inputs: Inputs, regions: Sequence[str]
    ) -> Float[np.ndarray, "draw region"]:
        """Return one plus the real discount rate of each region."""
        nominal = self.nominal[[self.regions.index(region) for region in regions]]
        return np.asarray((1 + nominal + inputs.discount[:, None]) / (1 + self.inflation))

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
    return gather_package_inputs(
        deal, name, world, model, cash_flows=cash_flows, risks=risks, triggered=triggered
    )


def gather_package_inputs(
    deal: Deal,
    name: str,
    world: World,
    model: TradeModel,
    *,
    cash_flows: tuple[CashFlows, ...],
    risks: Mapping[str, tuple[Float[np.ndarray, "price watched"], float]],
    triggered: Sequence[str] = (),
    central: Timeline | None = None,
) -> PackageInputs:
    """Return a package ready to be valued, from money that was followed before.

    The arguments are those of `build_package_inputs`, with the money of every pair. With
    `central` it is for central values on one timeline: others are left out, and every share of
    duties that is collected stays in the middle of its range.
    """
    quantities = build_quantities(cash_flows, model)
    timelines = TIMELINES if central is None else (central,)
    follow = partial(tariff_path, deal, name, world, triggered=triggered)

    def collected_at(quantile: float | None) -> PackageInputs:
        return PackageInputs(
            name,
            cash_flows,
            quantities,
            {timeline: follow(timeline, collected=quantile) for timeline in timelines},
            follow("dated", collected=quantile, rebuilt=True)
            if "dated" in timelines
            else follow(timelines[0], collected=quantile),
            {party: chances for party, (chances, _) in risks.items()},
            {party: output for party, (_, output) in risks.items()},
            {
                party: income_of(party, world)
                for flow in cash_flows
                for party in (flow.payer, flow.host)
            },
            subject_of(deal),
        )

    spreads = tuple(find_ranges(deal, name)) if central is None else ()
    ends = CollectedEnds(collected_at(0.0), collected_at(1.0), spreads) if spreads else None
    return replace(collected_at(None), ends=ends)


def find_ranges(deal: Deal, name: str) -> Iterator[Spread]:
    """Yield the ranges of collected shares of duties under a package, each once."""
    shares = (c.take_up for c in deal.clauses(name) if isinstance(c, TariffClause))
    yield from dict.fromkeys(s for s in shares if isinstance(s, Spread) and s.high > s.low)


def move_amounts(package: PackageInputs, clock: Clock, inputs: Inputs) -> list[Amounts]:
    """Return what every pair of a package moves, bn USD of the price year."""
    return [move_pair(flow, inputs, clock.real_rate(flow.payer)) for flow in package.cash_flows]


def value_components(
    package: PackageInputs,
    nothing: PackageInputs,
    economy: TradeResponse,
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
        economy: Tells gains from tariffs and moves, at once and in the long run.
        clock: Years and rates.
        inputs: Values of everything uncertain.
        timeline: Which tariffs hold when.
        regions: Whose gains are wanted; a group gains what its members gain.

    Raises:
        InputError: No equilibrium was found with the money of the package, and one without it.
        SolveError: No equilibrium was found at the tariffs alone.
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
    try:
        tariffs, money, whole = yearly_gains(
            package, nothing, economy, (amounts, growth),
            inputs=inputs, timeline=timeline,
            columns=np.array([clock.regions.index(region) for region in regions]),
        )  # fmt: skip
    except MoneyError as error:
        asked = _asked(package, amounts, clock)
        raise refuse_money(package.name, asked, package.subject) from error
    gains = np.zeros((len(inputs), len(COMPONENTS), len(clock.years), len(regions)))
    part = {name: gains[:, place] for place, name in enumerate(COMPONENTS)}
    part["tariff"][:] = tariff_gain(growth, tariffs)
    if package.cash_flows:
        real = clock.real_factors(inputs, regions)
        _value_money(
            part, package, amounts, (growth, money, whole),
            real=real, inputs=inputs, regions=regions,
        )  # fmt: skip
        later = value_later(package, amounts, clock, inputs, regions=regions)
        part["later"][:, -1] = later.sum(axis=1)
    _add_risk(part["risk"], package, nothing, clock=clock, inputs=inputs, regions=regions)
    return gains


def _value_money(
    part: Mapping[str, Gains],
    package: PackageInputs,
    amounts: Sequence[Amounts],
    economy: tuple[Float[np.ndarray, "draw year"], Gains, Gains],
    *,
    real: Float[np.ndarray, "draw region"],
    inputs: Inputs,
    regions: Sequence[str],
) -> None:
    """Fill in what money and building bring to every region, and to those between which it moves.

    Args:
        part: Gains by component, filled in.
        package: The package.
        amounts: What every pair moves.
        economy: Size of the world economy, and what money and capacity add at the baseline's size.
        real: One plus the real rate of each region.
        inputs: Values of everything uncertain.
        regions: Whose gains are wanted.
    """
    growth, money, whole = economy
    risk_years = years_at_risk(sum((pair.called for pair in amounts), np.zeros(growth.shape)))
    earned = growth[:, :, None] * whole
    part["terms_of_trade"][:] = growth[:, :, None] * money
    part["capacity"][:] = earned
    part["receipts_risk"][:] = risk_discount(earned, real, inputs.risk_premium, risk_years)
    at = find_involved(package.cash_flows, regions)
    if not at:
        return
    names = [regions[place] for place in at]
    flows = receive(amounts, package.cash_flows, names, growth.shape)
    part["transfer"][:, :, at] = flows["sent"] - flows["apart_out"]
    part["terms_of_trade"][:, :, at] = terms_of_trade_gain(growth, money[:, :, at], flows)
    part["capacity"][:, :, at] = capacity_gain(growth, whole[:, :, at], flows["cost"])
    part["profit"][:, :, at] = flows["home"] + flows["apart_home"]
    part["receipts_risk"][:, :, at] = price_risk(
        earned[:, :, at], flows, real[:, at], inputs, risk_years=risk_years
    )


def _asked(package: PackageInputs, amounts: Sequence[Amounts], clock: Clock) -> list[Asked]:
    """Return what every pair of a package moves in its heaviest year, at the mean of draws."""
    asked = []
    for flow, moved in zip(package.cash_flows, amounts, strict=True):
        sent = moved.out.mean(axis=0)
        at = int(sent.argmax())
        incomes = (package.income[party] for party in (flow.payer, flow.host))
        paths = tuple(dict.fromkeys(money.name for money in flow.facilities))
        when = f"in {clock.years[at]}"
        asked.append(Asked(paths, flow.payer, flow.host, float(sent[at]), when, *incomes))
    return asked


def value_later(
    package: PackageInputs,
    amounts: Sequence[Amounts],
    clock: Clock,
    inputs: Inputs,
    *,
    regions: Sequence[str],
) -> Gains:
    """Return what each year after the horizon is worth in its last year, bn USD (`later_gains`)."""
    return later_gains(
        package.cash_flows, amounts, inputs, clock.real_factors(inputs, regions),
        own_rates={flow.payer: clock.real_rate(flow.payer) for flow in package.cash_flows},
        regions=regions,
    )  # fmt: skip


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


def _add_risk(
    risk: Gains,
    package: PackageInputs,
    nothing: PackageInputs,
    *,
    clock: Clock,
    inputs: Inputs,
    regions: Sequence[str],
) -> None:
    """Add what the risk of a crash is worth to each party whose currency is followed."""
    growth = clock.growth(inputs)
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
