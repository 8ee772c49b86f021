"""Gains solved exactly: one equilibrium for every set of elasticities, draw and year."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from accord.assessment.valuation.quantities import Quantities
from accord.assessment.valuation.welfare.mixture import Mixture, Moves
from accord.assessment.valuation.welfare.surface import Columns, DrawYearRegion, Solver
from accord.core.arrays import Float
from accord.lowering.tariff_path import TariffPath


@dataclass(frozen=True, eq=False)
class Exact:
    """One equilibrium for every set of elasticities, draw and year."""

    solver: Solver

    def alone(self, quantities: Quantities, tariffs: Mixture, columns: Columns) -> DrawYearRegion:
        """Return gains from tariffs alone by draw, year and region, bn USD a year."""
        gains = []
        for draw in range(len(tariffs)):
            parts = []
            for path, share, at, weight in _in_play(tariffs, draw):
                still = np.zeros((len(path.by_year), len(quantities.names)))
                solved = self._solve(quantities, path, at, still)
                parts.append(share * weight * solved[:, columns])
            gains.append(sum(parts))
        return np.array(gains)

    def added(
        self, quantities: Quantities, tariffs: Mixture, shifts: Moves, columns: Columns
    ) -> DrawYearRegion:
        """Return what moves add to gains from tariffs by draw, year and region, bn USD a year."""
        gains = [
            sum(
                share * weight * self._solve(quantities, path, at, amounts)[:, columns]
                for path, share, at, weight in _in_play(tariffs, draw)
            )
            for draw, amounts in enumerate(shifts.amounts)
        ]
        return np.asarray(np.array(gains) - self.alone(quantities, tariffs, columns))

    def _solve(
        self,
        quantities: Quantities,
        path: TariffPath,
        at: int,
        amounts_by_year: Float[np.ndarray, "year quantity"],
    ) -> Float[np.ndarray, "year region"]:
        return np.array(
            [
                self.solver.gain(quantities, path.regimes[regime], at, amounts)
                for regime, amounts in zip(path.by_year, amounts_by_year, strict=True)
            ]
        )


def _in_play(tariffs: Mixture, draw: int) -> Iterator[tuple[TariffPath, float, int, float]]:
    """Yield tariffs and a set of elasticities with their weights, where neither is zero."""
    for path, share in zip(tariffs.paths, tariffs.shares[draw], strict=True):
        if share:
            for at in np.flatnonzero(tariffs.weights[draw]):
                yield path, float(share), int(at), float(tariffs.weights[draw, at])
