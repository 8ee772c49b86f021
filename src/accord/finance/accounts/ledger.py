"""The ledger of a plan: mean flows by year in whole cents, so that rows and columns add exactly.

Every cell is rounded once; the cents by which a year's rounded cells of the projects then miss
zero go to the largest sum they pay out. What a party receives in a year, and what a flow comes to
over the years, are sums of cells, not rounded sums; so no total differs from what is printed.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from accord.core.arrays import Int
from accord.finance.solution import FLOWS, PROJECTS, FinanceSolution

CENTS = 100_000_000_000  # in a billion dollars


@dataclass(frozen=True, eq=False)
class Ledger:
    """Flows by year in cents.

    Attributes:
        years: Calendar years.
        cells: Every flow that is not zero throughout, by name.
    """

    years: tuple[int, ...]
    cells: Mapping[str, Int[np.ndarray, " year"]]

    def net(self, agent: str) -> Int[np.ndarray, " year"]:
        """Return what an agent receives less what it pays, cents by year."""
        total = np.zeros(len(self.years), dtype=np.int64)
        for name, cells in self.cells.items():
            source, target = FLOWS[name]
            if target == agent:
                total += cells
            if source == agent:
                total -= cells
        return total

    def total(self, name: str) -> int:
        """Return what a flow comes to over all years, cents."""
        return int(self.cells[name].sum())


def build_ledger(solution: FinanceSolution) -> Ledger:
    """Return the ledger of a solved plan."""
    cells = {}
    for name in FLOWS:
        mean = solution.value.mean_flow(name)
        if np.any(mean != 0):
            cells[name] = np.rint(mean * CENTS).astype(np.int64)
    ledger = Ledger(solution.calendar, cells)
    left = ledger.net(PROJECTS)
    for year in np.flatnonzero(left):
        paid_out = [name for name in cells if FLOWS[name][0] == PROJECTS]
        largest = max(paid_out, key=lambda name: int(cells[name][year]))
        cells[largest][year] += left[year]
    return ledger
