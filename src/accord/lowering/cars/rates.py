"""Duties on cars and on their parts by country, as the clauses of a deal have them on a day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from accord.data.world import World
from accord.deal.clauses.base import ClauseBase
from accord.deal.products import REST, build_cells, expand_regions
from accord.lowering.cars.market import CarMarket
from accord.lowering.roles import by_member
from accord.lowering.stacking.charges import AsOf
from accord.lowering.stacking.rates import added_by_cell

CARS, PARTS = "8703", "8708"
SECTOR = "motor_vehicles"


@dataclass(frozen=True)
class CarRates:
    """Duties on cars and parts by country, import-weighted fractions of the customs value.

    Attributes:
        cars: On cars.
        parts: On parts of cars built at home.
    """

    cars: Mapping[str, float]
    parts: Mapping[str, float]


def name_in_world(country: str, market: CarMarket, world: World) -> str:
    """Return what a world calls a country of the market: the rest of the world if it is in that."""
    for name in (country, market.regions.get(country, country)):
        if expand_regions([name], world.regions):
            return name
    return REST


def rates_on(
    clauses: Sequence[ClauseBase], world: World, market: CarMarket, day: date | None
) -> CarRates:
    """Return the duties that clauses leave on a day; those of the base year if no day is given.

    Where the world has no import lines, both are the rate of the sector of motor vehicles.
    """
    (importer,) = expand_regions([market.home], world.regions)
    cells = build_cells(world, importer)
    rates = cells.base
    if day is not None:
        rates = rates + added_by_cell(cells, by_member(clauses, world), AsOf(day))
    kinds = []
    for code in (CARS, PARTS):
        goods = cells.select_products([code])
        if not goods.any():
            goods = cells.select_products([SECTOR, *world.sector_groups.get(SECTOR, ())])
        by_country = {}
        for country in market.countries:
            if country == market.home:
                continue
            mask = goods & cells.select_exporters([name_in_world(country, market, world)])
            weight = float(cells.imports[mask].sum())
            paid = float((cells.imports[mask] * rates[mask]).sum())
            by_country[country] = paid / weight if weight > 0 else 0.0
        kinds.append(by_country)
    return CarRates(*kinds)
