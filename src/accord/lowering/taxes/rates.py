"""Taxes on exports, production and consumption: from clauses and a day to rates by sector.

Every rate comes on top of what the base year had, so that no clause gives a world without these
taxes. Rates are fractions of the value before them; those of several clauses add up.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import NamedTuple

import numpy as np

from accord.core.arrays import Float
from accord.data.world import World
from accord.deal.clauses.base import ClauseBase
from accord.deal.clauses.tax import EXPORTS, TAX_BASES, TaxBase, TaxClause
from accord.deal.products import EVERYTHING, ImportCells, build_cells, expand_regions

Cube = Float[np.ndarray, "importer exporter sector"]
RegionSector = Float[np.ndarray, "region sector"]

FIELDS: Mapping[TaxBase, str] = {
    "exports": "export_tax",
    "production": "production_tax",
    "consumption": "consumption_tax",
}
"""The field of a trade shock that holds the rates on each base."""


@dataclass(frozen=True, eq=False)
class Levies:
    """What is charged in a stretch of time: tariffs, and taxes on each base; None for no tax."""

    tariff: Cube
    export_tax: Cube | None = None
    production_tax: RegionSector | None = None
    consumption_tax: RegionSector | None = None

    @cached_property
    def changes(self) -> dict[str, Float[np.ndarray, "..."]]:
        """The rates by field of a trade shock; those that are charged."""
        fields = ("tariff", *FIELDS.values())
        rates = {name: getattr(self, name) for name in fields}
        return {name: rate for name, rate in rates.items() if rate is not None}

    @cached_property
    def digest(self) -> str:
        """Digest of the rates: what is solved under them holds for the same ones elsewhere."""
        digest = hashlib.sha256()
        for name, rate in self.changes.items():
            digest.update(b"" if name == "tariff" else name.encode())
            digest.update(np.ascontiguousarray(rate).tobytes())
        return digest.hexdigest()


def mean_levies(parts: Sequence[tuple[Levies, int]]) -> Levies:
    """Return the mean of levies over days; the levies themselves where they do not change."""
    first = parts[0][0]
    if all(levies.digest == first.digest for levies, _ in parts):
        return first
    days = sum(count for _, count in parts)
    names = dict.fromkeys(name for levies, _ in parts for name in levies.changes)
    means = {
        name: sum(
            levies.changes[name] * (count / days) for levies, count in parts
            if name in levies.changes
        )
        for name in names
    }  # fmt: skip
    return Levies(**{name: np.asarray(mean) for name, mean in means.items()})


class _Covered(NamedTuple):
    """Whose sales of which products to whom, as a table of import cells can be asked."""

    exporters: tuple[str, ...]
    except_exporters: tuple[str, ...]
    products: tuple[str, ...]
    except_products: tuple[str, ...]


def tax_clauses(clauses: Iterable[ClauseBase]) -> tuple[TaxClause, ...]:
    """Return the clauses on taxes and subsidies among `clauses`, in order."""
    return tuple(clause for clause in clauses if isinstance(clause, TaxClause))


def is_levied(clause: TaxClause, day: date) -> bool:
    """Whether a tax is in force on a day."""
    begun = clause.from_ is None or clause.from_ <= day
    return begun and (clause.until is None or day <= clause.until)


def taxes_on(
    clauses: Sequence[ClauseBase], world: World, day: date
) -> dict[str, Float[np.ndarray, "..."]]:
    """Return the rates in force on a day by field of a trade shock, without bases that pay none.

    Products finer than sectors are weighted by the imports of the base year.
    """
    rates: dict[str, Float[np.ndarray, ...]] = {}
    charged = [clause for clause in tax_clauses(clauses) if is_levied(clause, day)]
    for base in TAX_BASES:
        parts = [clause.rate * covered_share(clause, world) for clause in charged
                 if clause.on == base]  # fmt: skip
        total = sum(parts)
        if np.any(total):
            rates[FIELDS[base]] = np.asarray(total)
    return rates


def covered_share(clause: TaxClause, world: World) -> Float[np.ndarray, "..."]:
    """Return the share of what pays a tax, by importer, exporter and sector or region and sector.

    It is one or zero, but where exports are told apart by HS code.
    """
    members = expand_regions([clause.region], world.regions)
    if clause.on != EXPORTS:
        inside = np.isin(world.regions, members)
        return np.asarray(np.outer(inside, _named_sectors(clause, world)), dtype=np.float64)
    share = np.zeros(world.flows.shape)
    for buyer in buyers_of(clause, world):
        cells = build_cells(world, buyer)
        extent = cells.extent(_Covered(members, (), clause.products, clause.except_products))
        at = cells.within(extent)

        def covered(at: np.ndarray = at, cells: ImportCells = cells) -> np.ndarray:
            mask = np.zeros(cells.imports.size)
            mask[at] = 1.0
            return cells.mean_by_flow(mask)

        share[world.regions.index(buyer)] = cells.known_means(("tax", extent), covered)
    return share


def buyers_of(clause: TaxClause, world: World) -> tuple[str, ...]:
    """Return the regions to which exports pay a tax: none of those that levy it."""
    members = expand_regions([clause.region], world.regions)
    left_out = {*members, *expand_regions(clause.except_buyers, world.regions)}
    return tuple(n for n in expand_regions(clause.buyers, world.regions) if n not in left_out)


def _named_sectors(clause: TaxClause, world: World) -> Float[np.ndarray, " sector"]:
    """Return one for each sector that a clause covers, else zero."""

    def chosen(products: Iterable[str]) -> set[str]:
        names: set[str] = set()
        for product in products:
            names.update(world.goods if product == EVERYTHING else world.sectors_named(product))
        return names

    names = chosen(clause.products) - chosen(clause.except_products)
    return np.array([float(name in names) for name in world.sectors])


def turns_of_taxes(clauses: Iterable[ClauseBase]) -> Iterator[date]:
    """Yield every first day, and every day after the last one, of the taxes among clauses."""
    for clause in tax_clauses(clauses):
        if clause.from_ is not None:
            yield clause.from_
        if clause.until is not None and clause.until < date.max:
            yield date.fromordinal(clause.until.toordinal() + 1)
