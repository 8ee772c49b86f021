"""Gains of every region from tariffs and quantities: solved exactly, or read off a surface.

*Exact* solves one equilibrium for every set of elasticities, draw and year. *Surface* solves for a
few of the amounts that are moved and passes a polynomial through them; it is what makes hundreds of
draws affordable, and `docs/performance.md` gives its error. What a mixture of sets gains is the
mixture of what they gain, so the mean over the sets is the mean of solved equilibria.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from time import perf_counter
from typing import Protocol, runtime_checkable

import numpy as np

from accord.assessment.valuation.quantities import AmountsMoved, Quantities
from accord.assessment.valuation.welfare.mixture import Mixture, Moves, Terms
from accord.assessment.valuation.welfare.node_cache import Effort, NodeCache, Nodes, digest_of
from accord.core.arrays import Float, Int
from accord.core.numerics.fekete import choose_points, coefficients, monomials
from accord.lowering.tariff_path import TariffPath
from accord.lowering.taxes.rates import Levies
from accord.lowering.trade import with_elasticity
from accord.trade.batch import solve_trade_many
from accord.trade.config import TradeConfig
from accord.trade.model import TradeModel
from accord.trade.path.interpolation import interpolate_welfare
from accord.trade.path.sourcing import Sourcing
from accord.trade.plan import TradeShock
from accord.trade.strategy.politics import Politics

MOVE_DEGREE = 2  # of the polynomial in the amounts moved

Columns = Int[np.ndarray, " region"]
DrawYearRegion = Float[np.ndarray, "draw year region"]
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, eq=False)
class Solver:
    """Solves single equilibria, counts them, and looks first in the cache it is given.

    Attributes:
        model: The baseline.
        config: Closure, market structure, labour supply.
        sets: Sets of trade elasticities.
        cache: Equilibria solved so far.
        effort: What was spent.
        politics: Political weights that are added to welfare, one table for each set; none where
            gains are welfare alone.
    """

    model: TradeModel
    config: TradeConfig
    sets: Float[np.ndarray, "set sector"]
    cache: NodeCache
    effort: Effort = field(default_factory=Effort)
    politics: tuple[Politics, ...] = ()

    @cached_property
    def models(self) -> tuple[TradeModel, ...]:
        """The baseline with each set of elasticities."""
        return tuple(with_elasticity(self.model, elasticity) for elasticity in self.sets)

    @cached_property
    def digest(self) -> str:
        """Digest of the baseline and of how it is solved."""
        model = self.model
        arrays = {
            "elasticities": self.sets, "flows": model.flows, "base": model.tariff,
            "scale": model.scale_elasticity, "inputs": model.input_share,
        }  # fmt: skip
        for at, weights in enumerate(self.politics):
            arrays |= {f"{name} {at}": table for name, table in weights._asdict().items()}
        return digest_of(str(self.config), arrays)

    def gain(
        self,
        quantities: Quantities,
        levies: Levies,
        at: int,
        amounts: Float[np.ndarray, " quantity"],
    ) -> Float[np.ndarray, " region"]:
        """Return equivalent variation against the baseline, bn USD a year.

        With political weights, what they add to it is included (equation 15).

        Args:
            quantities: What one bn of each amount does.
            levies: Tariffs and taxes.
            at: Position of the set of elasticities.
            amounts: Amounts moved, bn USD.

        Raises:
            SolveError: The equilibrium was not found.
        """
        return self.gains(quantities, levies, [(at, amounts)])[0]

    def gains(
        self,
        quantities: Quantities,
        levies: Levies,
        wanted: Sequence[tuple[int, Float[np.ndarray, " quantity"]]],
    ) -> list[Float[np.ndarray, " region"]]:
        """Return what `gain` returns, for many sets and amounts, solved side by side.

        Args:
            quantities: What one bn of each amount does.
            levies: Tariffs and taxes.
            wanted: Position of the set of elasticities, and amounts moved, bn USD.

        Raises:
            SolveError: An equilibrium was not found.
        """
        keys = self._keys(quantities, levies, wanted)
        known = self.cache.known(keys)
        missing = {
            key: (at, quantities.shock(levies, amounts))
            for key, (at, amounts) in zip(keys, wanted, strict=True)
            if key not in known
        }
        if missing:
            known |= dict(zip(missing, self._solve(list(missing.values())), strict=True))
            self.cache.store_gains(known)
        return [known[key] for key in keys]

    def _keys(
        self,
        quantities: Quantities,
        levies: Levies,
        wanted: Sequence[tuple[int, Float[np.ndarray, " quantity"]]],
    ) -> list[bytes]:
        """Return what each equilibrium is kept under."""
        heads = {
            at: hashlib.sha256(f"{self.digest} {at} {levies.digest}".encode()) for at, _ in wanted
        }
        keys = []
        for at, amounts in wanted:
            key = heads[at].copy()
            if amounts.any():
                key.update(amounts.tobytes() + quantities.digest)
            keys.append(key.digest())
        return keys

    def _solve(
        self, wanted: Sequence[tuple[int, TradeShock]]
    ) -> list[Float[np.ndarray, " region"]]:
        began = perf_counter()
        models = [self.models[at] for at, _ in wanted]
        solutions = solve_trade_many(models, [shock for _, shock in wanted], config=self.config)
        gains = [np.asarray(solution.welfare * self.model.income) for solution in solutions]
        if self.politics:
            gains = [
                gain + self.politics[at].surplus(solution)
                for gain, solution, (at, _) in zip(gains, solutions, wanted, strict=True)
            ]
        self.effort.seconds += perf_counter() - began
        self.effort.solved += len(wanted)
        return gains


@runtime_checkable
class GainSource(Protocol):
    """Anything that tells what every region gains, as equivalent variation in bn USD a year."""

    def alone(self, quantities: Quantities, tariffs: Mixture, columns: Columns) -> DrawYearRegion:
        """Return gains from tariffs alone by draw, year and region."""

    def added(
        self, quantities: Quantities, tariffs: Mixture, shifts: Moves, columns: Columns
    ) -> DrawYearRegion:
        """Return what moves add to gains from tariffs by draw, year and region."""


@dataclass(frozen=True, eq=False)
class TradeResponse:
    """How the world economy answers, at two speeds.

    Attributes:
        long_run: Once every buyer has chosen a source of supply anew.
        at_once: While nobody has; None where trade answers at once.
        slow: Tells gains from tariffs that last on the way from one to the other.
    """

    long_run: GainSource
    at_once: GainSource | None = None
    slow: "SlowTariffs | None" = None

    @property
    def sources(self) -> tuple[GainSource, ...]:
        """At once, then the long run; the long run alone where trade answers at once."""
        return (self.long_run,) if self.at_once is None else (self.at_once, self.long_run)


@dataclass(frozen=True, eq=False)
class SlowTariffs:
    """Gains from tariffs alone while buyers choose their sources anew, solved year by year.

    Attributes:
        solver: Solves the long run.
        sourcing: How slowly they choose.
    """

    solver: Solver
    sourcing: Sourcing

    def gains(self, tariffs: Mixture, columns: Columns) -> DrawYearRegion:
        """Return equivalent variation by draw, year and region, bn USD a year."""
        by_path = (self._nodes(path)[:, :, columns] for path in tariffs.paths)
        return _mix(tariffs, by_path)

    def _nodes(self, path: TariffPath) -> Nodes:
        """Return gains with every set by year, from memory, the cache or solved."""
        years = "".join(path.digests[regime] for regime in path.by_year)
        shape = (len(self.solver.sets), len(path.by_year), len(self.solver.model.regions))
        return self.solver.cache.nodes(
            digest_of(f"{self.solver.digest} {self.sourcing} {years}", {}), shape,
            partial(self._solve, path), self.solver.effort,
        )  # fmt: skip

    def _solve(self, path: TariffPath) -> Nodes:
        regimes = [
            TradeShock(**levies.changes, spending=np.zeros(self.solver.model.sales.shape))
            for levies in path.regimes
        ]
        shocks = [regimes[regime] for regime in path.by_year]
        rows = []
        for at, model in enumerate(self.solver.models):
            began = perf_counter()
            path_of_welfare = interpolate_welfare(
                model,
                shocks,
                sourcing=self.sourcing,
                config=self.solver.config,
                politics=self.solver.politics[at] if self.solver.politics else None,
            )
            self.solver.effort.seconds += perf_counter() - began
            self.solver.effort.solved += path_of_welfare.solved
            rows.append(path_of_welfare.welfare * model.income)
        return np.array(rows)


def _mix(tariffs: Mixture, by_path: Iterable[Float[np.ndarray, "set *any"]]) -> np.ndarray:
    """Return the mean over sets and tariffs of what each of them has, by draw."""
    return np.asarray(
        sum(
            np.tensordot(share[:, None] * tariffs.weights, of_sets, 1)
            for share, of_sets in zip(tariffs.shares.T, by_path, strict=True)
        )
    )


@dataclass(frozen=True, eq=False)
class Support:
    """Amounts at which equilibria are solved, of those that a package moves, bn USD.

    Attributes:
        scale: Largest amount of every quantity.
        points: The amounts.
    """

    scale: Float[np.ndarray, " quantity"]
    points: Float[np.ndarray, "node quantity"]

    @classmethod
    def within(cls, *amounts_moved: AmountsMoved) -> "Support":
        """Return the support of all amounts moved."""
        flat = np.concatenate([moved.reshape(-1, moved.shape[-1]) for moved in amounts_moved])
        largest = np.abs(flat).max(axis=0, initial=0.0)
        scale = np.where(largest > 0, largest, 1.0)
        return cls(scale, choose_points(flat / scale, MOVE_DEGREE) * scale)

    def terms(self, amounts_moved: AmountsMoved) -> Terms:
        """Return every term of the polynomials at amounts moved, by draw and year."""
        draws, years, width = amounts_moved.shape
        flat = amounts_moved.reshape(draws * years, width) / self.scale
        return np.asarray(monomials(flat, MOVE_DEGREE).reshape(draws, years, -1))

    @cached_property
    def coefficients(self) -> Float[np.ndarray, "term node"]:
        """What the value at every node adds to the coefficient of each term."""
        return coefficients(self.points / self.scale, MOVE_DEGREE)


@dataclass(frozen=True, eq=False)
class Surface:
    """Polynomials through exact solutions, for every tariff regime of a package.

    What tariffs alone do is solved exactly with every set; a polynomial in the amounts gives what
    the moves add to it.

    Attributes:
        solver: Solves at the nodes.
        supports: Amounts at which is solved, for what each package moves.
        progress: Told how many sets are done.
    """

    solver: Solver
    supports: Mapping[Quantities, Support]
    progress: Progress | None = None

    def alone(self, quantities: Quantities, tariffs: Mixture, columns: Columns) -> DrawYearRegion:
        """Return gains from tariffs alone by draw, year and region, bn USD a year."""
        return _mix(
            tariffs,
            (
                self._by_regime(quantities, path, columns)[:, path.by_year]
                for path in tariffs.paths
            ),
        )  # fmt: skip

    def added(
        self, quantities: Quantities, tariffs: Mixture, shifts: Moves, columns: Columns
    ) -> DrawYearRegion:
        """Return what moves add to gains from tariffs by draw, year and region, bn USD a year."""
        draws, years, _ = shifts.amounts.shape
        gains = np.zeros((draws, years, len(columns)))
        if not shifts.amounts.any() or quantities not in self.supports:
            return gains
        support = self.supports[quantities]
        terms = shifts.terms(support)
        kinds, kind = tariffs.kinds
        by_node = _mix(
            kinds,
            (
                self._by_regime(quantities, path, columns, support)[:, path.by_year]
                for path in kinds.paths
            ),
        )  # fmt: skip
        for at, polynomial in enumerate(np.matmul(support.coefficients, by_node)):
            held = kind == at
            by_year = terms[held].transpose(1, 0, 2)
            gains[held] = np.matmul(by_year, polynomial).transpose(1, 0, 2)
        return gains

    def _by_regime(
        self,
        quantities: Quantities,
        path: TariffPath,
        columns: Columns,
        support: Support | None = None,
    ) -> np.ndarray:
        """Return gains by set, regime and region: from tariffs, or what each node adds to them."""
        still = np.zeros((1, len(quantities.names)))
        gains = []
        for regime in range(len(path.regimes)):
            nodes = self._nodes(quantities, path, regime, still)[:, 0, columns]
            if support is not None:
                moved = self._nodes(quantities, path, regime, support.points)[:, :, columns]
                nodes = moved - nodes[:, None]
            gains.append(nodes)
        return np.stack(gains, axis=1)

    def _nodes(
        self,
        quantities: Quantities,
        path: TariffPath,
        regime: int,
        points: Float[np.ndarray, "node quantity"],
    ) -> Nodes:
        """Return gains with every set and amount, from memory, the cache or solved."""
        words, arrays = f"{self.solver.digest} {path.digests[regime]}", {}
        if points.any():
            words, arrays = f"{words} {quantities.digest.hex()}", {"points": points}
        shape = (len(self.solver.sets), len(points), len(self.solver.model.regions))
        solve = partial(self._solve, quantities, path.regimes[regime], points)
        return self.solver.cache.nodes(digest_of(words, arrays), shape, solve, self.solver.effort)

    def _solve(
        self,
        quantities: Quantities,
        levies: Levies,
        points: Float[np.ndarray, "node quantity"],
    ) -> Nodes:
        sets = len(self.solver.sets)
        wanted = [(at, point) for at in range(sets) for point in points]
        if self.progress is not None:
            self.progress("sets of elasticities", 0, sets)
        gains = self.solver.gains(quantities, levies, wanted)
        return np.array(gains).reshape(sets, len(points), -1)
