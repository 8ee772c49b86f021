"""What a party may set: tariffs, and taxes on exports, making and using, in one long vector.

Cells of the vector are those of the four arrays, one array after the other, each flattened. The
last axis of all is the sector, so a cell's sector is its place modulo their number.
"""

from typing import Literal, NamedTuple

import numpy as np

from accord.core.arrays import Float
from accord.trade.economy import Economy
from accord.trade.iteration.taxes import read_taxes
from accord.trade.plan import TradeShock

Instrument = Literal["tariff", "export_tax", "production_tax", "consumption_tax"]
Cube = Float[np.ndarray, "importer exporter sector"]
RegionSector = Float[np.ndarray, "region sector"]
Cells = Float[np.ndarray, " cell"]

INSTRUMENT_MEANING: dict[Instrument, str] = {
    "tariff": "duty on what others sell to the party",
    "export_tax": "tax on what the party sells to others",
    "production_tax": "tax on everything that the party makes",
    "consumption_tax": "tax on the party's final use of goods from anywhere",
}


class Policy(NamedTuple):
    """An entry for each rate of the world: rates, weights or slopes."""

    tariff: Cube
    export_tax: Cube
    production_tax: RegionSector
    consumption_tax: RegionSector

    @property
    def cells(self) -> Cells:
        """The four arrays as one vector."""
        return np.concatenate([array.ravel() for array in self])

    @classmethod
    def of_cells(cls, cells: Cells, regions: int, sectors: int) -> "Policy":
        """Return the arrays of a vector."""
        cube, table = (regions, regions, sectors), (regions, sectors)
        parts = np.split(cells, np.cumsum([np.prod(cube), np.prod(cube), np.prod(table)]))
        tariff, export, made, used = parts
        return cls(tariff.reshape(cube), export.reshape(cube), made.reshape(table),
                   used.reshape(table))  # fmt: skip


def first_cell(instrument: Instrument, regions: int, sectors: int) -> int:
    """Return where the cells of an instrument begin."""
    cube = regions * regions * sectors
    return {"tariff": 0, "export_tax": cube, "production_tax": 2 * cube,
            "consumption_tax": 2 * cube + regions * sectors}[instrument]  # fmt: skip


def read_policy(model: Economy, shock: TradeShock) -> Policy:
    """Return all rates after a shock; taxes that are not mentioned are zero."""
    tariff = model.tariff if shock.tariff is None else shock.tariff
    taxes = read_taxes(model, shock)
    if taxes is None:
        none = np.zeros_like(model.sales)
        return Policy(tariff, np.zeros_like(tariff), none, none)
    return Policy(tariff, *taxes)


def base_of(model: Economy) -> Policy:
    """Return what each rate falls on in the baseline, in money."""
    inputs = np.einsum("nkj,nj->nk", model.input_share, model.sales)
    final = np.maximum(model.expenditure - inputs, 0.0)
    return Policy(model.flows, model.flows, model.sales, final)
