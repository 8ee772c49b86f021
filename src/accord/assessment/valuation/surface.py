"""Gains of every region from tariffs and what a package moves: solved one by one, or on a surface.

*Exact* solves one equilibrium for every draw and year. *Surface* solves on a lattice (mixtures of
the sets of elasticities times amounts moved) and passes a polynomial through the nodes; it is what
makes hundreds of draws affordable, and `docs/performance.md` gives its error.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from time import perf_counter
from typing import Protocol, runtime_checkable

import numpy as np
from jaxtyping import Float, Int

from accord.assessment.valuation.node_cache import Nodes, keep
from accord.assessment.valuation.quantities import AmountsMoved, Quantities
from accord.core.numerics.lattice import lagrange, lattice
from accord.lowering.tariff_path import TariffPath
from accord.lowering.trade import with_elasticity
from accord.trade.config import TradeConfig
from accord.trade.model import TradeModel
from accord.trade.solver import solve_trade

TARIFF_DEGREE = 6  # of the polynomial in the weights of the sets, for tariffs alone
MIX_DEGREE = 4  # the same, for what moves add to that
MOVE_DEGREE = 3  # of the polynomial in the amounts moved

Weights = Float[np.ndarray, "draw set"]
Columns = Int[np.ndarray, " region"]
DrawYearRegion = Float[np.ndarray, "draw year region"]
Progress = Callable[[str, int, int], None]


@dataclass
class Effort:
    """What was spent: equilibria solved, and seconds inside the solver."""

    solved: int = 0
    kept: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, eq=False)
class Elasticities:
    """Sets of trade elasticities and the mixtures of them: weights apply to logarithms."""

    sets: Float[np.ndarray, "set sector"]

    def mix(self, weights: Float[np.ndarray, " set"]) -> Float[np.ndarray, " sector"]:
        """Return the elasticities of a mixture."""
        return np.asarray(np.exp(weights @ np.log(self.sets)))


@dataclass(frozen=True, eq=False)
class Solver:
    """Solves single equilibria, counts them, and remembers those of its own run."""

    model: TradeModel
    config: TradeConfig
    elasticities: Elasticities
    effort: Effort = field(default_factory=Effort)
    known: dict[bytes, Float[np.ndarray, " region"]] = field(default_factory=dict)

    def gain(
        self,
        quantities: Quantities,
        tariff: Float[np.ndarray, "importer exporter sector"],
        weights: Float[np.ndarray, " set"],
        amounts: Float[np.ndarray, " quantity"],
    ) -> Float[np.ndarray, " region"]:
        """Return equivalent variation against the baseline, bn USD a year.

        Raises:
            SolveError: The equilibrium was not found.
        """
        key = tariff.tobytes() + weights.tobytes()
        if amounts.any():
            key += amounts.tobytes() + quantities.transfer.tobytes()
        if key not in self.known:
            model = with_elasticity(self.model, self.elasticities.mix(weights))
            shock = quantities.shock(tariff, amounts)
            began = perf_counter()
            solution = solve_trade(model, shock, config=self.config)
            self.known[key] = solution.value.welfare * self.model.income
            self.effort.seconds += perf_counter() - began
            self.effort.solved += 1
        return self.known[key]


@runtime_checkable
class GainSource(Protocol):
    """Anything that tells what every region gains."""

    def gains(
        self,
        quantities: Quantities,
        path: TariffPath,
        weights: Weights,
        moves: AmountsMoved,
        *,
        columns: Columns,
    ) -> DrawYearRegion:
        """Return equivalent variation by draw, year and region, bn USD a year."""


@dataclass(frozen=True, eq=False)
class Exact:
    """One equilibrium for every draw and year."""

    solver: Solver

    def gains(
        self,
        quantities: Quantities,
        path: TariffPath,
        weights: Weights,
        moves: AmountsMoved,
        *,
        columns: Columns,
    ) -> DrawYearRegion:
        """Return equivalent variation by draw, year and region, bn USD a year."""
        found = np.array(
            [
                [
                    self.solver.gain(quantities, path.regimes[regime], weight, amounts)
                    for regime, amounts in zip(path.by_year, row, strict=True)
                ]
                for weight, row in zip(weights, moves, strict=True)
            ]
        )
        return np.asarray(found[:, :, columns])


@dataclass(frozen=True, eq=False)
class Box:
    """The range of every quantity over all draws and years, bn USD."""

    low: Float[np.ndarray, " quantity"]
    span: Float[np.ndarray, " quantity"]

    @classmethod
    def around(cls, moves: AmountsMoved) -> "Box":
        """Return the box that holds zero and all moves."""
        low = np.asarray(moves.min(axis=(0, 1), initial=0.0))
        high = np.asarray(moves.max(axis=(0, 1), initial=0.0))
        return cls(low, np.maximum(high - low, 1e-9))


@dataclass(frozen=True, eq=False)
class Surface:
    """Polynomials through exact solutions, for every tariff regime of a package.

    What tariffs alone do, and what the moves add to it, have each a polynomial of their own: the
    first bends more with the elasticities, and costs one solution a mixture.

    Attributes:
        solver: Solves at the nodes.
        boxes: Range of the amounts moved, for what each package moves.
        nodes: Gains at the nodes by what they depend on.
        progress: Told how many mixtures are done.
    """

    solver: Solver
    boxes: Mapping[Quantities, Box]
    nodes: dict[tuple[Quantities, bytes, int], Nodes] = field(default_factory=dict)
    progress: Progress | None = None

    def gains(
        self,
        quantities: Quantities,
        path: TariffPath,
        weights: Weights,
        moves: AmountsMoved,
        *,
        columns: Columns,
    ) -> DrawYearRegion:
        """Return equivalent variation by draw, year and region, bn USD a year."""
        draws, years, width = moves.shape
        alone, mix = (self._mix(weights, degree) for degree in (TARIFF_DEGREE, MIX_DEGREE))
        basis = self._basis(quantities, moves) if moves.any() else None
        gains = np.zeros((draws, years, len(columns)))
        for at, tariff in enumerate(path.regimes):
            held = path.by_year == at
            fixed = self._nodes(quantities, tariff, TARIFF_DEGREE, np.zeros((1, width)))
            gains[:, held] = (alone @ fixed[:, 0, columns])[:, None]
            if basis is not None:
                box = self.boxes[quantities]
                points = lattice(width, MOVE_DEGREE) * box.span + box.low
                nodes = self._nodes(quantities, tariff, MIX_DEGREE, points)
                values = np.tensordot(mix, nodes[:, :, columns], 1)
                gains[:, held] += np.matmul(basis[:, held], values)
        return gains

    def _mix(self, weights: Weights, degree: int) -> Float[np.ndarray, "draw mix"]:
        return lagrange(weights[:, :-1], degree if weights.shape[1] > 1 else 0)

    def _basis(
        self, quantities: Quantities, moves: AmountsMoved
    ) -> Float[np.ndarray, "draw year node"]:
        """Return the weight of every node in what moves add to no move at all."""
        box = self.boxes[quantities]
        draws, years, width = moves.shape
        flat = ((moves - box.low) / box.span).reshape(draws * years, width)
        still = lagrange((-box.low / box.span)[None], MOVE_DEGREE)
        return np.asarray((lagrange(flat, MOVE_DEGREE) - still).reshape(draws, years, -1))

    def _nodes(
        self,
        quantities: Quantities,
        tariff: Float[np.ndarray, "importer exporter sector"],
        degree: int,
        points: Float[np.ndarray, "node quantity"],
    ) -> Nodes:
        """Return gains at every mixture and amount, from memory, the cache or solved."""
        key = (quantities, tariff.tobytes(), degree)
        if key not in self.nodes:
            moved = points.any()
            model = self.solver.model
            parts: dict[str, np.ndarray] = {
                "tariff": tariff, "points": points if moved else np.zeros(1),
                "elasticities": self.solver.elasticities.sets, "flows": model.flows,
                "base": model.tariff, "scale": model.scale_elasticity, "inputs": model.input_share,
            }  # fmt: skip
            if moved:
                parts["transfer"], parts["spending"] = quantities.transfer, quantities.spending
                parts["productivity"] = quantities.productivity
            solve = partial(self._solve, quantities, tariff, degree, points)
            words = f"{degree} {self.solver.config}"
            self.nodes[key] = keep(parts, words, solve, self.solver.effort)
        return self.nodes[key]

    def _solve(
        self,
        quantities: Quantities,
        tariff: Float[np.ndarray, "importer exporter sector"],
        degree: int,
        points: Float[np.ndarray, "node quantity"],
    ) -> Nodes:
        sets = len(self.solver.elasticities.sets)
        mixes = lattice(sets - 1, degree if sets > 1 else 0)
        rows = []
        for at, mix in enumerate(mixes):
            if self.progress is not None:
                self.progress("mixtures of elasticities", at, len(mixes))
            weights = np.append(mix, 1 - mix.sum())
            rows.append([self.solver.gain(quantities, tariff, weights, one) for one in points])
        return np.array(rows)
