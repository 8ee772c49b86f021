"""Draws of what each instrument of a clause takes, one for each path of the money.

The paths of a plan hold each instrument at the middle of its ranges. Everything that a facility
pays and earns is in proportion to what it takes, so that a path is scaled by a draw of it.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from accord.core.arrays import Float

if TYPE_CHECKING:
    from accord.lowering.finance import PairFinance

SEED = 0
Path = Float[np.ndarray, " path"]


def draw_scales(solved: "PairFinance") -> dict[str, Path]:
    """Return what each facility takes by path, over what it takes at the middle of its ranges.

    As in the verdict, one quantile divides the money of every clause and one says how much of it
    is used. A single path, the central one, stays in the middle.
    """
    paths = solved.solution.stats.paths
    central = np.full((2, 1), 0.5)
    drawn = np.random.default_rng(SEED).random((2, paths)) if paths > 1 else central
    return {
        facility.name: portion.scale(*drawn)
        for facility, portion in zip(solved.pair.plan.facilities, solved.pair.portions, strict=True)
    }


def scaled_sum(amounts: Mapping[str, np.ndarray], scales: Mapping[str, Path]) -> np.ndarray:
    """Return the sum of amounts by facility, their first axis the path, at a draw of each path.

    What belongs to no facility, such as promised purchases, is as it is.
    """
    return np.asarray(
        sum(
            cells * scales[name].reshape(-1, *[1] * (cells.ndim - 1)) if name in scales else cells
            for name, cells in amounts.items()
        )
    )
