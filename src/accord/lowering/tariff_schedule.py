"""The tariff schedule: from clauses and a day to rates, by import line where there are lines.

Every figure is what the clauses ADD to the rate paid in the base year, so that no clause gives back
the tariffs of the `World` exactly. Rates are fractions of customs value.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from accord.core.arrays import Float
from accord.data.world import World
from accord.deal.clauses.base import ClauseBase
from accord.deal.clauses.ruling import RulingClause
from accord.deal.clauses.tariff import TariffClause
from accord.deal.products import (
    EVERYTHING,
    BoolCells,
    FloatCells,
    ImportCells,
    build_cells,
    expand_regions,
)
from accord.lowering.roles import by_member
from accord.lowering.stacking.charges import (
    AsOf,
    is_in_force,
    rate_of_the_day,
    tariff_clauses,
)
from accord.lowering.stacking.flows import added_by_flow
from accord.lowering.stacking.rates import added_by_cell


@dataclass(frozen=True)
class RateRow:
    """Rates of one importer on one exporter (or group) on one day, import-weighted fractions.

    `added` and `total` are what is collected; `statutory` is the total by the letter of the law.
    """

    date: date
    importer: str
    exporter: str
    added: float
    total: float
    statutory: float


def tariff_on(
    clauses: Sequence[ClauseBase],
    world: World,
    date: date,
    *,
    triggered: frozenset[str] = frozenset(),
    at_border: bool = False,
) -> Float[np.ndarray, "importer exporter sector"]:
    """Return all-in tariff rates on a day, as fractions of customs value.

    Equals `world.tariff` exactly where no clause applies. Products finer than sectors are weighted
    by the imports of the base year.

    Args:
        clauses: Clauses of a package; kinds other than `tariff` and `ruling` are ignored.
        world: Regions, sectors, base tariffs and import lines.
        date: Day whose rates are wanted.
        triggered: Names of events declared to have happened (for snap-backs).
        at_border: Rates as collected on the day, before retroactive refunds.
    """
    moment = AsOf(date, triggered, at_border)
    clauses = by_member(clauses, world)
    rates = np.array(world.tariff, dtype=np.float64)
    for importer in _importers(clauses, moment):
        cells = build_cells(world, importer)
        rates[world.regions.index(importer)] += added_by_flow(cells, clauses, moment)
    return rates


def added_rate(
    clauses: Sequence[ClauseBase],
    world: World,
    date: date,
    *,
    importer: str,
    exporter: str,
    at_border: bool = False,
) -> float:
    """Return what the clauses add to the base-year rate on goods, import-weighted, a fraction.

    It is by the letter of the law, to be compared with other books of it; `effective_rates` has
    what is collected beside it.
    `exporter` is a region or a group such as "EU". Services are left out of the weights.
    """
    (row,) = effective_rates(
        clauses, world, (date,), importer=importer, exporters=(exporter,), at_border=at_border
    )
    return row.statutory - (row.total - row.added)


def effective_rates(
    clauses: Sequence[ClauseBase],
    world: World,
    dates: Iterable[date],
    *,
    importer: str,
    exporters: Iterable[str],
    at_border: bool = False,
) -> tuple[RateRow, ...]:
    """Return import-weighted rates on goods for every day and exporter, as fractions.

    Importer and exporters are regions or groups such as "EU".
    """
    clauses, exporters = by_member(clauses, world), tuple(exporters)
    members = [build_cells(world, name) for name in expand_regions([importer], world.regions)]
    law = at_statute(clauses)
    rows: list[RateRow] = []
    for day in dates:
        moment = AsOf(day, at_border=at_border)
        added = [added_by_cell(cells, clauses, moment) for cells in members]
        lawful = added
        if law != clauses:
            lawful = [added_by_cell(cells, law, moment) for cells in members]
        for name in exporters:
            masks = [
                cells.select_exporters([name]) & cells.select_products([EVERYTHING])
                for cells in members
            ]
            more = _mean(members, added, masks)
            base = _mean(members, [cells.base for cells in members], masks)
            whole = base + _mean(members, lawful, masks)
            rows.append(RateRow(day, importer, name, more, base + more, whole))
    return tuple(rows)


def at_statute(clauses: Iterable[ClauseBase]) -> tuple[ClauseBase, ...]:
    """Return clauses with all of the duty of the law collected from the first day."""
    return tuple(c.at_statute() if isinstance(c, TariffClause) else c for c in clauses)


def _importers(clauses: Iterable[ClauseBase], moment: AsOf) -> tuple[str, ...]:
    """Importers with a tariff clause within its dates, in order of appearance."""
    every = tuple(clauses)
    rulings = [clause for clause in every if isinstance(clause, RulingClause)]
    names = (c.importer for c in tariff_clauses(every) if is_in_force(c, rulings, moment.date))
    return tuple(dict.fromkeys(names))


def _mean(
    members: Sequence[ImportCells], rates: Sequence[FloatCells], masks: Sequence[BoolCells]
) -> float:
    """Import-weighted mean of rates in the cells of masks, a fraction; 0 without imports."""
    weight = paid = 0.0
    for cells, rate, mask in zip(members, rates, masks, strict=True):
        weight += float(cells.imports[mask].sum())
        paid += float((cells.imports[mask] * rate[mask]).sum())
    return paid / weight if weight > 0 else 0.0


__all__ = [
    "AsOf",
    "RateRow",
    "added_rate",
    "at_statute",
    "effective_rates",
    "is_in_force",
    "rate_of_the_day",
    "tariff_clauses",
    "tariff_on",
]
