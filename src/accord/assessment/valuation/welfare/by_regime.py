"""Gains read off surfaces that are made for the years of each tariff regime alone.

At central values an amount has one value a year. A regime that lasts a year or two then needs
equilibria at those amounts alone, and one under which nothing moves needs none, where a surface
for all years asks for as many under every regime.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from accord.assessment.valuation.quantities import AmountsMoved, Quantities
from accord.assessment.valuation.welfare.mixture import Mixture, Moves
from accord.assessment.valuation.welfare.surface import (
    Columns,
    DrawYearRegion,
    Solver,
    Support,
    Surface,
)
from accord.core.arrays import Int
from accord.core.numerics.rows import distinct
from accord.lowering.tariff_path import TariffPath


@dataclass(frozen=True, eq=False)
class SurfaceByRegime:
    """Polynomials through exact solutions, of their own for the years of every tariff regime.

    Attributes:
        solver: Solves at the nodes.
        moved: All amounts that each package may move, by draw and year, bn USD.
    """

    solver: Solver
    moved: Mapping[Quantities, Sequence[AmountsMoved]]
    _supports: dict[tuple[Quantities, bytes], Support] = field(default_factory=dict)

    def alone(self, quantities: Quantities, tariffs: Mixture, columns: Columns) -> DrawYearRegion:
        """Return gains from tariffs alone by draw, year and region, bn USD a year."""
        return Surface(self.solver, {}).alone(quantities, tariffs, columns)

    def added(
        self, quantities: Quantities, tariffs: Mixture, shifts: Moves, columns: Columns
    ) -> DrawYearRegion:
        """Return what moves add to gains from tariffs by draw, year and region, bn USD a year."""
        draws, years, _ = shifts.amounts.shape
        gains = np.zeros((draws, years, len(columns)))
        for held, paths in _regimes(tariffs.paths):
            amounts = shifts.amounts[:, held]
            if amounts.any():
                surface = Surface(self.solver, {quantities: self._support(quantities, held)})
                within = replace(tariffs, paths=paths)
                gains[:, held] = surface.added(quantities, within, Moves(amounts), columns)
        return gains

    def _support(self, quantities: Quantities, held: Int[np.ndarray, " year"]) -> Support:
        key = quantities, held.tobytes()
        if key not in self._supports:
            moved = (amounts[:, held] for amounts in self.moved[quantities])
            self._supports[key] = Support.within(*moved)
        return self._supports[key]


def _regimes(
    paths: Sequence[TariffPath],
) -> Iterator[tuple[Int[np.ndarray, " year"], tuple[TariffPath, ...]]]:
    """Yield years under the same tariffs on every path, and those tariffs."""
    first, kind = distinct(np.column_stack([path.by_year for path in paths]).astype(float))
    for at, year in enumerate(first):
        held = np.flatnonzero(kind == at)
        still = np.zeros(len(held), dtype=int)
        yield held, tuple(TariffPath((path.regimes[path.by_year[year]],), still) for path in paths)
