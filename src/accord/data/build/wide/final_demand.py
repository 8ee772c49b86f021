"""Final demand of 2022 by origin and destination, estimated by cross-entropy.

The table gives what every economy and industry sells beyond the intermediates of the 80: to final
users anywhere, and to the rest of the world. Who buys it is not given. The estimate is closest to
the prior, meets every row of the table exactly, the trade balance of every economy, and US imports
by partner and industry where they exceed the intermediates of the table. Total exports count
softly, because published totals hold goods in transit that input-output tables leave out.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from accord.core.arrays import Bool, Float, Int
from accord.data.build.us_lines import IMPORTER
from accord.data.build.wide.divergence import Nearest, Programme, find_nearest
from accord.data.build.wide.prior import Prior
from accord.data.build.wide.table import Icio

ByEconomy = Float[np.ndarray, " economy"]
LEAST_FINAL = 0.02
"""Final US imports of a product over the intermediate ones, where the Census has no more."""
MOST_TAKEN = 0.9
"""Share of a row that US imports may take before they are no constraint."""
SMALLEST = 1e-9
HUBS = ("HKG", "SGP", "NLD", "BEL", "LUX", "MLT", "CYP", "ARE", "CHE", "IRL")
"""Economies whose published exports are mostly or largely goods or money in transit."""
SOFT_WEIGHT = 3.0
"""Price of leaving the published exports, against that of leaving the priors of flows."""


@dataclass(frozen=True, eq=False)
class UsImports:
    """US imports of goods by Census partner, bn USD: of each economy, the Union, and the rest.

    Attributes:
        single: Positions of the economies that the Census names.
        by_single: Their sales.
        bloc: Positions of the members that it holds as one.
        by_bloc: Their sales together.
        by_rest: Sales of partners outside the 80.
    """

    single: Int[np.ndarray, " partner"]
    by_single: Float[np.ndarray, "partner industry"]
    bloc: Int[np.ndarray, " member"]
    by_bloc: Float[np.ndarray, " industry"]
    by_rest: Float[np.ndarray, " industry"]


@dataclass(frozen=True, eq=False)
class FinalDemand:
    """Final sales of 2022 (bn USD) and how they were found.

    Attributes:
        final: Final sales of the 80; to the rest of the world, all it buys.
        from_rest: What each of the 80 buys from the rest of the world.
        nearest: How the search ended.
        prior: The priors.
        held: US cells that the Census fixes, by partner and industry.
        exceeded: US cells whose intermediates exceed what the Census counts.
    """

    final: Float[np.ndarray, "region exporter industry"]
    from_rest: Float[np.ndarray, "economy industry"]
    nearest: Nearest
    prior: Prior
    held: int
    exceeded: tuple[tuple[str, str], ...]


@dataclass
class _Rows:
    """Entries of the constraint matrix as they are added."""

    flow: list[np.ndarray]
    constraint: list[np.ndarray]
    value: list[np.ndarray]

    def add(self, flow: np.ndarray, constraint: np.ndarray, value: float) -> None:
        """Add entries of one value."""
        self.flow.append(flow)
        self.constraint.append(constraint)
        self.value.append(np.full(flow.size, value))


def estimate_final_demand(
    icio: Icio,
    prior: Prior,
    imports: UsImports,
    *,
    exports: ByEconomy,
    balance: ByEconomy,
    tell: Callable[[str], None] | None = None,
) -> FinalDemand:
    """Return final sales by origin and destination in 2022 (bn USD).

    Args:
        icio: The table of 2022.
        prior: What they are closest to.
        imports: US imports by partner and industry.
        exports: Published exports of goods and services.
        balance: Published exports less imports.
        tell: Called with a line after every step.

    Raises:
        ArithmeticError: No final sales meet all of it.
    """
    start = prior.final.copy()
    usa = icio.economies.index(IMPORTER)
    cells, exceeded = _find_us_cells(icio, start, imports, usa)
    start[:, icio.rest <= 0] = 0.0
    start[:-1] = np.where((start[:-1] <= 0) & (icio.trade > 0) & (icio.rest > 0),
                          SMALLEST * 1e3 * icio.trade, start[:-1])  # fmt: skip
    empty = (start.sum(axis=0) <= 0) & (icio.rest > 0)
    own = np.arange(len(icio.economies))
    start[own, own] = np.where(empty, icio.rest, start[own, own])
    outside = prior.from_rest.copy()
    outside[usa] = np.where(imports.by_rest > 0, imports.by_rest, outside[usa])
    programme, taken = _build_programme(
        icio, start, outside, cells, usa=usa, exports=exports, balance=balance
    )
    nearest = find_nearest(programme, tell)
    final = np.zeros_like(start)
    final[start > 0] = nearest.flows[:taken]
    from_rest = np.zeros_like(outside)
    from_rest[outside > 0] = nearest.flows[taken:]
    return FinalDemand(final, from_rest, nearest, prior, len(cells), exceeded)


@dataclass(frozen=True, eq=False)
class _UsCell:
    """Final US imports that the Census fixes: of some sellers, of an industry, bn USD."""

    sellers: Int[np.ndarray, " seller"]
    industry: int
    value: float


def _find_us_cells(
    icio: Icio, start: np.ndarray, imports: UsImports, usa: int
) -> tuple[list[_UsCell], tuple[tuple[str, str], ...]]:
    """Return the cells that can be held; in the others, set a small prior in `start`."""
    groups: list[tuple[np.ndarray, np.ndarray, str]] = [
        (np.array([seller]), row, icio.economies[seller])
        for seller, row in zip(imports.single.tolist(), imports.by_single, strict=True)
    ]
    groups.append((imports.bloc, imports.by_bloc, "EU"))
    held: list[_UsCell] = []
    exceeded: list[tuple[str, str]] = []
    for sellers, row, name in groups:
        for j in np.flatnonzero(row > SMALLEST).tolist():
            middle = icio.trade[usa, sellers, j]
            value = float(row[j] - middle.sum())
            room = icio.rest[sellers, j]
            if value <= LEAST_FINAL * row[j] or value > MOST_TAKEN * room.sum():
                small = np.minimum(LEAST_FINAL * middle, MOST_TAKEN * room)
                start[usa, sellers, j] = small if value <= LEAST_FINAL * row[j] else room / 2
                exceeded.append((name, icio.industries[j]))
                continue
            if start[usa, sellers, j].sum() <= 0:
                start[usa, sellers, j] = value * room / room.sum()
            start[usa, sellers, j] *= value / start[usa, sellers, j].sum()
            held.append(_UsCell(sellers, j, value))
    return held, tuple(exceeded)


def _build_programme(
    icio: Icio,
    start: np.ndarray,
    from_rest: np.ndarray,
    cells: Sequence[_UsCell],
    *,
    usa: int,
    exports: ByEconomy,
    balance: ByEconomy,
) -> tuple[Programme, int]:
    """Return the programme, and the number of its flows that are final sales of the 80."""
    from scipy import sparse

    count, width = icio.rest.shape
    buyer, seller, industry = np.nonzero(start > 0)
    importer, _product = np.nonzero(from_rest > 0)
    taken, flow = buyer.size, np.arange(buyer.size)
    row = np.where(icio.rest.ravel() > 0, np.cumsum(icio.rest.ravel() > 0) - 1, -1)
    rows, first = _Rows([], [], []), int(row.max()) + 1
    rows.add(flow, row[seller * width + industry], 1.0)
    crossing = buyer != seller
    out, inward = flow[crossing], flow[crossing & (buyer < count)]
    rows.add(out, first + seller[out], 1.0)
    rows.add(inward, first + buyer[inward], -1.0)
    rows.add(taken + np.arange(importer.size), first + importer, -1.0)
    known = _known_exports(icio, exports)
    place = first + count + np.cumsum(known) - 1
    some = out[known[seller[out]]]
    rows.add(some, place[seller[some]], 1.0)
    after = first + count + int(known.sum())
    for number, cell in enumerate(cells):
        here = (buyer == usa) & (industry == cell.industry) & np.isin(seller, cell.sellers)
        rows.add(flow[here], np.full(int(here.sum()), after + number), 1.0)
    entries = (np.concatenate(rows.flow), np.concatenate(rows.constraint))
    shape = (taken + importer.size, after + len(cells))
    own = sparse.coo_array((np.concatenate(rows.value), entries), shape=shape).tocsr()
    middle = icio.foreign.sum(axis=(0, 2)), icio.foreign.sum(axis=(1, 2))
    right = np.concatenate([
        icio.rest.ravel()[icio.rest.ravel() > 0],
        balance - (middle[0] - middle[1]),
        -middle[0][known],
        [cell.value for cell in cells],
    ])  # fmt: skip
    soft = np.zeros(right.size, dtype=bool)
    soft[first + count : after] = True
    total, weight, scale = np.zeros(right.size), np.ones(right.size), np.abs(right)
    total[soft], weight[soft] = exports[known], SOFT_WEIGHT
    scale[first:after] = np.concatenate([exports, exports[known]])
    flows = np.concatenate([start[start > 0], from_rest[from_rest > 0]])
    return Programme(flows, own, right, soft, total, weight, np.maximum(scale, SMALLEST)), taken


def _known_exports(icio: Icio, exports: ByEconomy) -> Bool[np.ndarray, " economy"]:
    hub = np.isin(icio.economies, HUBS)
    return np.asarray(~hub & ~np.isnan(exports))
