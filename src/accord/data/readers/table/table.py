"""A labelled input-output table, condensed to what a world needs, in the unit of its file."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from accord.core.arrays import Float, Int
from accord.core.provenance import Source
from accord.data.records import Adjustment

Cube = Float[np.ndarray, "importer exporter sector"]
BySector = Float[np.ndarray, "region sector"]
Scheme = Literal["isic3", "isic4", "gtap", "names"]

NEGATIVE_INPUT = "negative sales to industries set to zero"


@dataclass(frozen=True, eq=False, kw_only=True)
class LabelledTable:
    """An input-output table of regions and sectors, by label, in the unit of its file.

    Attributes:
        regions: Identifiers of the regions.
        sectors: Identifiers of the sectors.
        sold_to_industries: Sales to all industries of an importer, before duty.
        sold_to_final: `[use, importer, exporter, sector]`, sales to each final use, before duty.
        uses: Labels of the final uses.
        bought: `[region, input, user]`, what an industry pays for each input, before duty.
        output: Gross output that the file prints; None where it prints none.
        value_added: Value added that the file prints; None where it prints none.
        taxes: Taxes, margins and purchases abroad in the columns of industries; None if none.
        tariff: Duty as a fraction of the flow; None where the file has none.
        elasticity: Trade elasticity of each sector; None where the file has none.
        cuts: What condensing the file has moved, in its unit.
        currency: The currency of the file: USD or EUR.
        millions: How many millions of the currency a unit of the file is.
        year: Year of the table; 0 where nothing says.
        scheme: The classification that the labels of sectors belong to.
        source: Title, licence and address of what the file holds.
    """

    regions: tuple[str, ...]
    sectors: tuple[str, ...]
    sold_to_industries: Cube
    sold_to_final: Float[np.ndarray, "use importer exporter sector"]
    uses: tuple[str, ...]
    bought: Float[np.ndarray, "region input sector"]
    source: Source
    output: BySector | None = None
    value_added: BySector | None = None
    taxes: BySector | None = None
    tariff: Cube | None = None
    elasticity: Float[np.ndarray, " sector"] | None = None
    cuts: tuple[Adjustment, ...] = ()
    currency: str = "USD"
    millions: float = 1.0
    year: int = 0
    scheme: Scheme = "names"

    def merge(
        self,
        regions: tuple[str, ...],
        region_of: Int[np.ndarray, " old_region"],
        sectors: tuple[str, ...],
        sector_of: Int[np.ndarray, " old_sector"],
    ) -> "LabelledTable":
        """Return the table on merged axes: `region_of` and `sector_of` are the new positions."""
        join, add = _adder(region_of, len(regions)), _adder(sector_of, len(sectors))

        def by_sector(values: np.ndarray | None) -> np.ndarray | None:
            return None if values is None else join @ values @ add.T

        def cube(values: np.ndarray) -> np.ndarray:
            return np.asarray(np.einsum("an,...nik,bi,ck->...abc", join, values, join, add,
                                        optimize=True))  # fmt: skip

        flows = self.sold_to_industries + self.sold_to_final.sum(axis=0)
        tariff = elasticity = None
        if self.tariff is not None:
            merged, cells = cube(flows), cube(np.ones_like(flows))
            plain = cube(self.tariff) / np.maximum(cells, 1.0)
            tariff = np.divide(cube(flows * self.tariff), merged, out=plain, where=merged > 0)
        if self.elasticity is not None:
            weight = np.maximum(flows.sum(axis=(0, 1)), 1e-300)
            elasticity = (add @ (self.elasticity * weight)) / (add @ weight)
        return replace(
            self,
            regions=regions,
            sectors=sectors,
            sold_to_industries=cube(self.sold_to_industries),
            sold_to_final=cube(self.sold_to_final),
            bought=np.asarray(
                np.einsum("an,nkj,ck,dj->acd", join, self.bought, add, add, optimize=True)
            ),
            output=by_sector(self.output),
            value_added=by_sector(self.value_added),
            taxes=by_sector(self.taxes),
            tariff=tariff,
            elasticity=elasticity,
        )


def _adder(position: Int[np.ndarray, " old"], count: int) -> Float[np.ndarray, "new old"]:
    """Return the matrix of zeros and ones that adds old entries into new ones."""
    matrix = np.zeros((count, position.size))
    matrix[position, np.arange(position.size)] = 1.0
    return matrix


@dataclass(frozen=True, eq=False)
class Condensed:
    """Sales to industries, what industries buy, and the negative sales that were cut."""

    sold: Cube
    bought: Float[np.ndarray, "region input sector"]
    cuts: tuple[Adjustment, ...]


def condense(
    inputs: Float[np.ndarray, "seller user"],
    place: Int[np.ndarray, " seller"],
    regions: Sequence[str],
    sectors: Sequence[str],
) -> Condensed:
    """Return the matrix of inputs, condensed; `place` is region × sectors + sector of each row.

    Rows and columns have the same order, which may be any. Negative cells are set to zero.
    """
    n, s = len(regions), len(sectors)
    negative = np.minimum(inputs, 0.0).sum(axis=1)
    cuts = tuple(
        Adjustment(NEGATIVE_INPUT, regions[at], "", float(amount), 0.0, "unit")
        for at in range(n)
        if (amount := negative[place // s == at].sum()) < 0
    )
    positive = np.maximum(inputs, 0.0)
    seller_region, seller_sector = np.divmod(place, s)
    by_user_region = np.zeros((place.size, n))
    by_input = np.zeros((s, place.size))
    for region in range(n):
        by_user_region[:, region] = positive[:, seller_region == region].sum(axis=1)
    for sector in range(s):
        by_input[sector] = positive[seller_sector == sector].sum(axis=0)
    sold, bought = np.zeros((n, n, s)), np.zeros((n, s, s))
    np.add.at(sold.transpose(1, 2, 0), (seller_region, seller_sector), by_user_region)
    np.add.at(bought.transpose(0, 2, 1), (seller_region, seller_sector), by_input.T)
    return Condensed(sold, bought, cuts)
