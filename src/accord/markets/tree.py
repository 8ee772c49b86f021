"""Who is beside whom: products in cells, cells in groups, groups in segments, cells of a maker."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from accord.core.arrays import Float, Int

Places = Int[np.ndarray, "..."]


@dataclass(frozen=True, eq=False)
class Tree:
    """The nests of a market. A cell holds the products of one maker in one group of a segment.

    Products stand in the order of their segment, group and maker, so that every cell, group and
    segment is a run of rows.

    Attributes:
        order: Place in the plan of each product here.
        cell: Cell of each product.
        cell_start: First product of each cell.
        group: Group of each cell.
        group_start: First cell of each group.
        segment: Segment of each group.
        segment_start: First group of each segment.
        maker: Maker of each cell.
        owner: One where a maker owns a cell: maker by cell.
        beside: One where two cells are of one maker and segment: cell by cell; None where each
            cell is beside itself alone.
    """

    order: Places
    cell: Places
    cell_start: Places
    group: Places
    group_start: Places
    segment: Places
    segment_start: Places
    maker: Places
    owner: Float[np.ndarray, "maker cell"]
    beside: Float[np.ndarray, "cell cell"] | None

    @property
    def group_of_product(self) -> Places:
        """Group of each product."""
        return np.asarray(self.group[self.cell])

    @property
    def segment_of_cell(self) -> Places:
        """Segment of each cell."""
        return np.asarray(self.segment[self.group])


@lru_cache(maxsize=64)
def plant_tree(
    maker: tuple[str, ...], segment: tuple[str, ...], group: tuple[str, ...] | None
) -> Tree:
    """Return the nests of products that bear these labels."""
    makers = {name: at for at, name in enumerate(dict.fromkeys(maker))}
    segments = {name: at for at, name in enumerate(dict.fromkeys(segment))}
    groups = {name: at for at, name in enumerate(dict.fromkeys(group or ()))}
    of_maker = np.array([makers[name] for name in maker])
    of_segment = np.array([segments[name] for name in segment])
    of_group = np.array([groups[name] for name in group]) if group else np.zeros_like(of_segment)
    order = np.lexsort((of_maker, of_group, of_segment))
    keys = np.stack([of_segment, of_group, of_maker])[:, order]
    cell_start, cell = _runs(keys)
    group_start, group_of_cell = _runs(keys[:2, cell_start])
    first = cell_start[group_start]
    segment_start, segment_of_group = _runs(keys[:1, first])
    owner_of_cell = keys[2, cell_start]
    owner = (np.arange(len(makers))[:, None] == owner_of_cell).astype(float)
    beside = None
    if len(segment_start) < len(group_start):
        place = segment_of_group[group_of_cell]
        pair = place * len(makers) + owner_of_cell
        beside = (pair[:, None] == pair).astype(float)
    return Tree(order, cell, cell_start, group_of_cell, group_start, segment_of_group,
                segment_start, owner_of_cell, owner, beside)  # fmt: skip


def _runs(keys: Int[np.ndarray, "key row"]) -> tuple[Places, Places]:
    """Return where each run of equal columns starts, and the run of each column."""
    is_new = np.ones(keys.shape[1], dtype=bool)
    is_new[1:] = (np.diff(keys, axis=1) != 0).any(axis=0)
    return np.flatnonzero(is_new), np.cumsum(is_new) - 1


def add_up(
    values: Float[np.ndarray, "row column"], start: Places
) -> Float[np.ndarray, "run column"]:
    """Return sums over the runs of rows that start at these places."""
    if len(start) == len(values):
        return values
    return np.add.reduceat(values, start, axis=0)
