"""Moving the world of 2022 to 2024: the closest flows that meet what is known of 2024.

The constraints are those of the older world: commodity balances, value added by region, deficits,
US goods imports line by line. Exports of 2024 count softly, as they did for 2022.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from accord.core.arrays import Bool, Float
from accord.data.build.wide.divergence import Nearest, Programme, find_nearest
from accord.data.build.wide.final_demand import SOFT_WEIGHT

Cube = Float[np.ndarray, "importer exporter industry"]
ByRegion = Float[np.ndarray, " region"]
SMALLEST = 1e-9


@dataclass(frozen=True, eq=False)
class MoveTarget:
    """What the world of 2024 must meet, bn USD; axes as everywhere.

    Attributes:
        prior: Prior of the flows, the fixed ones as they are to be.
        final: Prior of final demand, duty included.
        fixed: Flows that do not move.
        tariff: Duty over customs value.
        beta: Value added over output.
        gamma: Cost share of each input.
        value_added: Value added of every region.
        deficit: Imports less exports; NaN where they are what remains.
        exports: Published exports; NaN where they do not count.
    """

    prior: Cube
    final: Float[np.ndarray, "region industry"]
    fixed: Bool[np.ndarray, "importer exporter industry"]
    tariff: Cube
    beta: Float[np.ndarray, "region industry"]
    gamma: Float[np.ndarray, "region input industry"]
    value_added: ByRegion
    deficit: ByRegion
    exports: ByRegion


@dataclass(frozen=True, eq=False)
class Moved:
    """Flows and final demand of 2024 (bn USD), and how the search ended."""

    flows: Cube
    final: Float[np.ndarray, "region industry"]
    nearest: Nearest


def move_world(aim: MoveTarget, tell: Callable[[str], None] | None = None) -> Moved:
    """Return the flows of 2024 nearest to their priors (bn USD).

    Raises:
        ArithmeticError: No flows meet what is asked for.
    """
    free = ~aim.fixed & (aim.prior > 0)
    spending = (aim.prior * (1.0 + aim.tariff)).sum(axis=1)
    bought = spending.ravel() > 0
    nearest = find_nearest(_build_programme(aim, free, spending), tell)
    flows = np.where(aim.fixed, aim.prior, 0.0)
    flows[free] = nearest.flows
    final = np.zeros(bought.size)
    final[bought] = nearest.totals[: bought.sum()]
    return Moved(flows, final.reshape(aim.final.shape), nearest)


def _build_programme(aim: MoveTarget, free: np.ndarray, spending: np.ndarray) -> Programme:
    from scipy import sparse

    count, width = aim.beta.shape
    bought = spending.ravel() > 0
    balances = int(bought.sum())
    known, graded = ~np.isnan(aim.deficit), ~np.isnan(aim.exports)
    starts = np.cumsum([0, balances, count, int(known.sum()), int(graded.sum())])
    own, shared = _own_rows(aim, free, bought, starts), _shared_rows(aim, bought, starts)
    held, held_shared = (
        _own_rows(aim, aim.fixed & (aim.prior > 0), bought, starts),
        aim.prior[aim.fixed & (aim.prior > 0)],
    )
    group = _groups(free, width)
    fixed_group = _groups(aim.fixed & (aim.prior > 0), width)
    by_group = np.bincount(fixed_group, weights=held_shared, minlength=count * width)
    taken = held.T @ held_shared + shared.T @ by_group
    right = np.concatenate([
        np.zeros(balances), aim.value_added, aim.deficit[known], np.zeros(int(graded.sum())),
    ]) - taken  # fmt: skip
    soft = np.zeros(right.size, dtype=bool)
    soft[:balances] = True
    soft[starts[3] :] = True
    total = np.zeros(right.size)
    total[:balances] = aim.final.ravel()[bought]
    total[starts[3] :] = aim.exports[graded]
    weight = np.ones(right.size)
    weight[starts[3] :] = SOFT_WEIGHT
    scale = np.concatenate([
        spending.ravel()[bought], aim.value_added, aim.value_added[known], aim.exports[graded],
    ])  # fmt: skip
    return Programme(
        aim.prior[free], own, right, soft, total, weight, np.maximum(scale, SMALLEST),
        group=group, shared=sparse.csr_array(shared),
    )  # fmt: skip


def _groups(cells: np.ndarray, width: int) -> np.ndarray:
    _, exporter, industry = np.nonzero(cells)
    return np.asarray(exporter * width + industry)


def _own_rows(aim: MoveTarget, cells: np.ndarray, bought: np.ndarray, starts: np.ndarray) -> Any:
    """Return what flows do as purchases, imports and exports: `[flow, constraint]`."""
    from scipy import sparse

    width = aim.beta.shape[1]
    importer, exporter, industry = np.nonzero(cells)
    flow = np.arange(importer.size)
    place = np.cumsum(bought) - 1
    rows, columns = [flow], [place[importer * width + industry]]
    values = [1.0 + aim.tariff[cells]]
    crossing = importer != exporter
    known, graded = ~np.isnan(aim.deficit), ~np.isnan(aim.exports)
    for region, sign, mask, start in (
        (importer, 1.0, known, starts[2]),
        (exporter, -1.0, known, starts[2]),
        (exporter, 1.0, graded, starts[3]),
    ):
        here = crossing & mask[region]
        rows.append(flow[here])
        columns.append(start + (np.cumsum(mask) - 1)[region[here]])
        values.append(np.full(int(here.sum()), sign))
    entries = (np.concatenate(rows), np.concatenate(columns))
    shape = (importer.size, int(starts[-1]))
    return sparse.coo_array((np.concatenate(values), entries), shape=shape).tocsr()


def _shared_rows(aim: MoveTarget, bought: np.ndarray, starts: np.ndarray) -> Any:
    """Return what a sale makes its seller buy, and its value added: `[seller, constraint]`."""
    from scipy import sparse

    count, width = aim.beta.shape
    seller, used, made = np.nonzero(aim.gamma > 0)
    place = np.where(bought, np.cumsum(bought) - 1, -1)
    column = place[seller * width + used]
    keep = column >= 0
    region, industry = np.indices((count, width)).reshape(2, -1)
    rows = np.concatenate([(seller * width + made)[keep], region * width + industry])
    columns = np.concatenate([column[keep], starts[1] + region])
    values = np.concatenate([-aim.gamma[seller, used, made][keep], aim.beta.ravel()])
    shape = (count * width, int(starts[-1]))
    return sparse.coo_array((values, (rows, columns)), shape=shape).tocsr()
