"""Quantities: what a package moves in the world economy, and the shock that one bn of each is."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from accord.assessment.valuation.cash_flows import Amounts, CashFlows
from accord.core.arrays import Float
from accord.lowering.taxes.rates import Levies
from accord.trade.model import TradeModel
from accord.trade.plan import TradeShock

Quantity = Literal["cash", "tied", "placed", "capacity"]
AmountsMoved = Float[np.ndarray, "draw year quantity"]


@dataclass(frozen=True, eq=False)
class Quantities:
    """The quantities a package moves, bn USD, and what one bn of each does.

    Attributes:
        names: The quantity and the position of its pair.
        transfer: Receipts by region.
        spending: Spending placed by region and sector.
        productivity: Rise of productivity by region and sector, a fraction.
    """

    names: tuple[tuple[Quantity, int], ...]
    transfer: Float[np.ndarray, "quantity region"]
    spending: Float[np.ndarray, "quantity region sector"]
    productivity: Float[np.ndarray, "quantity region sector"]

    @cached_property
    def digest(self) -> bytes:
        """Digest of what one bn of each quantity does: two packages that do the same share it."""
        digest = hashlib.sha256()
        for array in (self.transfer, self.spending, self.productivity):
            digest.update(f"{array.shape}".encode() + np.ascontiguousarray(array).tobytes())
        return digest.digest()

    def shock(
        self,
        levies: Levies,
        amounts: Float[np.ndarray, " quantity"],
    ) -> TradeShock:
        """Return the shock of tariffs, taxes and amounts, bn USD."""
        return TradeShock(
            **levies.changes,
            transfer=np.tensordot(amounts, self.transfer, 1),
            spending=np.maximum(np.tensordot(amounts, self.spending, 1), 0.0),
            productivity=1.0 + np.tensordot(amounts, self.productivity, 1),
        )

    def gather(self, amounts: Sequence[Amounts], *, capacity: bool) -> AmountsMoved:
        """Return the quantities of all pairs; without `capacity` nothing that is built earns."""
        shape = amounts[0].out.shape if amounts else (1, 1)
        columns = [
            np.zeros(shape)
            if name == "capacity" and not capacity
            else np.asarray(getattr(amounts[pair], name))
            for name, pair in self.names
        ]
        return np.stack(columns, axis=-1) if columns else np.zeros((*shape, 0))


def build_quantities(cash_flows: Sequence[CashFlows], model: TradeModel) -> Quantities:
    """Return the quantities that pairs move: money, building here and there, what it makes."""
    regions, sectors = len(model.regions), len(model.sectors)
    names: list[tuple[Quantity, int]] = []
    effects: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
    for at, pair in enumerate(cash_flows):
        payer, host = (_by_region(pair.shares(name), model) for name in (pair.payer, pair.host))
        wanted: list[Quantity] = ["cash"]
        if pair.builds and pair.is_tied:
            wanted.append("tied")
        if pair.builds:
            wanted += ["placed", "capacity"]
        for name in wanted:
            transfer, zeros = np.zeros(regions), np.zeros((regions, sectors))
            spending, productivity = zeros, zeros.copy()
            if name == "cash":
                transfer = host - payer
            elif name == "capacity":
                inside = host > 0
                sales = model.sales[inside].sum(axis=0)
                productivity[inside] = np.divide(
                    pair.output, sales, out=np.zeros(sectors), where=sales > 0
                )
            else:
                spending = np.outer(payer if name == "tied" else host, pair.spending)
            names.append((name, at))
            effects.append((transfer, spending, productivity))
    empty = (np.zeros((0, regions)), *(np.zeros((0, regions, sectors)),) * 2)
    columns = [np.array(column) for column in zip(*effects, strict=True)] if effects else empty
    return Quantities(tuple(names), columns[0], columns[1], columns[2])


def _by_region(shares: Mapping[str, float], model: TradeModel) -> Float[np.ndarray, " region"]:
    """Return shares of regions as one number for each region of the model."""
    by_region = np.zeros(len(model.regions))
    for member, share in shares.items():
        by_region[model.regions.index(member)] = share
    return by_region
