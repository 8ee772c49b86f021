"""Yearly figures as a briefing reads them: welfare of a region, money that moves."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from accord.lowering.roles import party_of

if TYPE_CHECKING:
    from accord.data.world import World


@dataclass(frozen=True)
class Welfare:
    """Welfare of one region under one package: a fraction, and bn USD a year for the rest."""

    change: float
    ev: float
    tariff_part: float
    transfer_part: float
    low: float
    high: float
    tariff_low: float
    tariff_high: float


@dataclass(frozen=True)
class MovedMoney:
    """Money a package moves in an average year, bn USD: in all, displaced, and net.

    Payer and host are parties, whichever of their members the clause names.
    """

    payer: str
    host: str
    gross: float
    displaced: float
    net: float


def read_transfers(
    records: Iterable[Mapping[str, Any]], parties: Sequence[str]
) -> dict[str, tuple[MovedMoney, ...]]:
    """Return what moves by package; a package that moves no money is left out."""
    moved: dict[str, tuple[MovedMoney, ...]] = {}
    for row in records:
        if abs(row["gross"]) > 0:
            payer, host = (party_of(row[side], parties) for side in ("payer", "host"))
            amounts = (float(row[column]) for column in ("gross", "displaced", "net"))
            package = row["package"]
            moved[package] = (*moved.get(package, ()), MovedMoney(payer, host, *amounts))
    return moved


def mean_rate(world: "World", sector: str, rates: Mapping[tuple[str, str], float]) -> float:
    """Return the mean of rates by importer and exporter, weighted by what they trade."""
    if len(rates) == 1:
        return next(iter(rates.values()))
    at, place = world.sector_index(sector), world.region_index
    weights = [float(world.flows[place(to), place(by), at]) for to, by in rates]
    weights = weights if any(weights) else [1.0] * len(rates)
    return float(np.average(list(rates.values()), weights=weights))
