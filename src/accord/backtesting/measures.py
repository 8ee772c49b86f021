"""What a prediction says of each published outcome: shares, duties, pass-through, response."""

from dataclasses import dataclass

import numpy as np

from accord.backtesting.episode import Outcome
from accord.backtesting.tariffs import is_good
from accord.core.arrays import Bool, Float
from accord.data.world import World
from accord.deal.products import expand_regions
from accord.trade.path.solution import TradePathSolution

Block = Float[np.ndarray, "exporter sector"]
DAYS = 365.0


@dataclass(frozen=True, eq=False)
class Imports:
    """Imports of one country in a year, by exporter and sector.

    Money is bn USD a year in the wages of the importer, so that a change of all its prices alike
    changes nothing.

    Attributes:
        value: Customs value of goods; zero for services and for its own sales.
        price: Price at the border before duty, over that of the baseline.
        gross: One plus the tariff.
    """

    value: Block
    price: Block
    gross: Block

    @property
    def duty(self) -> Block:
        """Duty collected, in the same money."""
        return np.asarray(self.value * (self.gross - 1))


def baseline_imports(path: TradePathSolution, world: World, importer: str) -> Imports:
    """Return the imports of the base year."""
    at, model = world.regions.index(importer), path.model
    goods = _goods(world, importer)
    gross = 1 + np.asarray(model.tariff)[at]
    return Imports(np.asarray(model.flows)[at] * goods, np.ones(goods.shape), gross)


def year_imports(path: TradePathSolution, world: World, importer: str, year: int) -> Imports:
    """Return the imports of a year of a path, the first being year 0."""
    at, value = world.regions.index(importer), path.value
    goods, wage = _goods(world, importer), path.years[year].value.wage_change[at]
    flows, quantity = value.flows[year, at], value.quantity[year, at]
    price = np.divide(flows, quantity, out=np.ones(flows.shape), where=quantity > 0)
    gross = 1 + path.years[year].value.tariff[at]
    return Imports(flows * goods / wage, price / wage, gross)


def measured(outcome: Outcome, after: Imports, before: Imports, world: World) -> float:
    """Return what a prediction says of an outcome, in the unit of its measure.

    Args:
        outcome: What was observed.
        after: Imports of the period observed.
        before: Imports that a change is counted from.
        world: Regions and sectors.
    """
    cells = _covered(outcome, world)
    if outcome.measure in ("pass_through", "response"):
        return _slope(outcome, after, before, cells)
    value, duty = float(after.value[cells].sum()), float(after.duty[cells].sum())
    base, paid = float(before.value[cells].sum()), float(before.duty[cells].sum())
    whole = float(after.value.sum() / before.value.sum())
    days = (outcome.end - outcome.start).days + 1
    return {
        "share": value / base / whole - 1,
        "imports": value / base - 1,
        "rate": duty / value,
        "rate_rise": duty / value - paid / base,
        "duty": duty * days / DAYS,
    }[outcome.measure]


def unchanged(outcome: Outcome, before: Imports, world: World) -> float:
    """Return the forecast to beat: that nothing moves, and foreign sellers bear nothing."""
    return measured(outcome, before, before, world)


def _slope(
    outcome: Outcome, after: Imports, before: Imports, cells: Bool[np.ndarray, "exporter sector"]
) -> float:
    """Return a response to one plus the tariff among the exporters of each sector.

    It is the slope of the change of log price (plus one: what buyers bear) or of log value,
    weighted by imports, with an effect for every sector. Where no
    tariff changes, buyers bear all and value does not respond.
    """
    use = cells & (before.value > 0) & (after.value > 0)
    weight = np.where(use, before.value, 0.0)
    ends = (after.price, before.price)
    if outcome.measure == "response":
        ends = (after.value, before.value)
    change = _within(np.log(np.where(use, ends[0] / np.where(use, ends[1], 1.0), 1.0)), weight)
    tariff = _within(np.log(after.gross / before.gross), weight)
    spread = float((weight * tariff**2).sum())
    slope = float((weight * tariff * change).sum()) / spread if spread > 0 else 0.0
    return slope + (outcome.measure == "pass_through")


def _within(values: Block, weight: Block) -> Block:
    """Return values less their weighted mean over the exporters of each sector."""
    total = weight.sum(axis=0)
    mean = np.divide((weight * values).sum(axis=0), total, out=np.zeros_like(total),
                     where=total > 0)  # fmt: skip
    return np.asarray(values - mean)


def _goods(world: World, importer: str) -> Block:
    goods = np.broadcast_to(is_good(world), (len(world.regions), len(world.sectors))).astype(float)
    goods[world.regions.index(importer)] = 0.0
    return goods


def _covered(outcome: Outcome, world: World) -> Bool[np.ndarray, "exporter sector"]:
    """Return the cells that an outcome is about."""
    names = expand_regions(outcome.exporters or ("all",), world.regions)
    named = tuple(sector for name in outcome.sectors for sector in world.sectors_named(name))
    sectors = named or world.sectors
    rows = np.isin(world.regions, names)
    return np.asarray(rows[:, None] & np.isin(world.sectors, sectors)[None, :])
