"""What the trade engine says of the same duties: imports of the sector of motor vehicles."""

import numpy as np

from accord.data.world import World
from accord.deal.products import REST, expand_regions
from accord.lowering.cars.market import CarMarket
from accord.lowering.cars.rates import SECTOR, CarRates, name_in_world
from accord.lowering.trade import build_trade_model
from accord.trade.plan import TradeShock
from accord.trade.solver import solve_trade


def trade_changes(
    world: World, market: CarMarket, before: CarRates, scenarios: dict[str, CarRates]
) -> dict[str, dict[str, float]]:
    """Return the change of imports by country in each scenario, a fraction of their quantity.

    The rise of the duty on cars is laid on the whole sector, parts and trucks included, of every
    country that the market names; other duties stay as they are.
    """
    name = next(iter(world.elasticities))
    model = build_trade_model(world, name)
    home = world.region_index(market.home)
    sectors = [
        world.sectors.index(item)
        for item in world.sector_groups.get(SECTOR, (SECTOR,))
        if item in world.sectors
    ]
    members = {place: _members(world, market, place) for place in before.cars}
    told: dict[str, dict[str, float]] = {}
    for scenario, rates in scenarios.items():
        tariff = np.array(world.tariff)
        for place, inside in members.items():
            rise = rates.cars[place] - before.cars[place]
            for at in inside:
                tariff[home, at, sectors] += rise
        value = solve_trade(model, TradeShock(tariff=tariff)).value
        quantity = np.asarray(value.flows[home]) / np.asarray(value.gate_price_change)
        told[scenario] = {
            place: _change(model.flows[home], quantity, inside, sectors)
            for place, inside in members.items()
            if inside
        }
    return told


def _members(world: World, market: CarMarket, place: str) -> list[int]:
    """Return the regions of the world that a country of the market is; none if it is within one."""
    name = name_in_world(place, market, world)
    members = () if name == REST else expand_regions([name], world.regions)
    return [world.regions.index(member) for member in members]


def _change(before: np.ndarray, after: np.ndarray, regions: list[int], sectors: list[int]) -> float:
    places = np.ix_(regions, sectors)
    return float(after[places].sum() / before[places].sum() - 1)
