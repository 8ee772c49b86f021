"""Gains of every region from tariffs and what a package moves: solved one by one, or on a surface.

*Exact* solves one equilibrium for every draw and year. *Surface* solves on a lattice (mixtures of
the sets of elasticities times amounts moved) and passes a polynomial through the nodes; it is what
makes hundreds of draws affordable, and `docs/performance.md` gives its error.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from time import perf_counter
from typing import Protocol, runtime_checkable

import numpy as np
from jaxtyping import Float, Int

from accord.assessment.valuation.node_cache import Effort, NodeCache, Nodes, digest_of
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


@dataclass(frozen=True, eq=False)
class Elasticities:
    """Sets of trade elasticities and the mixtures of them: weights apply to logarithms."""

    sets: Float[np.ndarray, "set sector"]

    def mix(self, weights: Float[np.ndarray, " set"]) -> Float[np.ndarray, " sector"]:
        """Return the elasticities of a mixture."""
        return np.asarray(np.exp(weights @ np.log(self.sets)))


@dataclass(frozen=True, eq=False)
class Solver:
    """Solves single equilibria, counts them, and looks first in the cache it is given.

    Attributes:
        model: The baseline.
        config: Closure, market structure, labour supply.
        elasticities: Sets of trade elasticities.
        cache: Equilibria solved so far.
        effort: What was spent.
    """

    model: TradeModel
    config: TradeConfig
    elasticities: Elasticities
    cache: NodeCache
    effort: Effort = field(default_factory=Effort)

    @cached_property
    def arrays(self) -> dict[str, np.ndarray]:
        """Every array of the baseline that an equilibrium depends on."""
        model = self.model
        return {
            "elasticities": self.elasticities.sets, "flows": model.flows, "base": model.tariff,
            "scale": model.scale_elasticity, "inputs": model.input_share,
        }  # fmt: skip

    @cached_property
    def digest(self) -> str:
        """Digest of the baseline and of how it is solved."""
        return digest_of(str(self.config), self.arrays)

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
        key = hashlib.sha256(self.digest.encode())
        key.update(np.ascontiguousarray(tariff).tobytes())
        key.update(weights.tobytes())
        if amounts.any():
            key.update(amounts.tobytes() + quantities.digest)
        return self.cache.gain(
            key.digest(), partial(self._solve, quantities, tariff, weights, amounts)
        )

    def _solve(
        self,
        quantities: Quantities,
        tariff: Float[np.ndarray, "importer exporter sector"],
        weights: Float[np.ndarray, " set"],
        amounts: Float[np.ndarray, " quantity"],
    ) -> Float[np.ndarray, " region"]:
        model = with_elasticity(self.model, self.elasticities.mix(weights))
        shock = quantities.shock(tariff, amounts)
        began = perf_counter()
        solution = solve_trade(model, shock, config=self.config)
        gain = solution.value.welfare * self.model.income
        self.effort.seconds += perf_counter() - began
        self.effort.solved += 1
        return np.asarray(gain)


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
        gains = np.array(
            [
                [
                    self.solver.gain(quantities, path.regimes[regime], weight, amounts)
                    for regime, amounts in zip(path.by_year, row, strict=True)
                ]
                for weight, row in zip(weights, moves, strict=True)
            ]
        )
        return np.asarray(gains[:, :, columns])


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
        progress: Told how many mixtures are done.
    """

    solver: Solver
    boxes: Mapping[Quantities, Box]
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
            digest = path.digests[at]
            fixed = self._nodes(
                quantities, tariff, np.zeros((1, width)), degree=TARIFF_DEGREE, digest=digest
            )
            gains[:, held] = (alone @ fixed[:, 0, columns])[:, None]
            if basis is not None:
                box = self.boxes[quantities]
                points = lattice(width, MOVE_DEGREE) * box.span + box.low
                nodes = self._nodes(quantities, tariff, points, degree=MIX_DEGREE, digest=digest)
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
        points: Float[np.ndarray, "node quantity"],
        *,
        degree: int,
        digest: str,
    ) -> Nodes:
        """Return gains at every mixture and amount, from memory, the cache or solved."""
        words = f"{degree} {self.solver.digest} {digest}"
        arrays = {}
        if points.any():
            words, arrays = f"{words} {quantities.digest.hex()}", {"points": points}
        key = digest_of(words, arrays)
        sets, regions = len(self.solver.elasticities.sets), len(self.solver.model.regions)
        mixes = len(lattice(sets - 1, degree if sets > 1 else 0))
        return self.solver.cache.nodes(
            key, (mixes, len(points), regions),
            partial(self._solve, quantities, tariff, degree, points), self.solver.effort,
        )  # fmt: skip

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
            rows.append([self.solver.gain(quantities, tariff, weights, point) for point in points])
        return np.array(rows)
