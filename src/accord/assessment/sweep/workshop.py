"""Where scenarios are solved: many side by side for an average year, one by one for payoffs."""

import shutil
import weakref
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from accord.assessment.snapshot.packages import PackageResult, solve_packages
from accord.assessment.sweep.baseline import KnownShock, Memory, SetsInPlay, SharedParts, scale
from accord.assessment.sweep.changes import Changes
from accord.assessment.sweep.ground import Ground
from accord.assessment.sweep.rows import (
    DONE,
    Figures,
    Row,
    failed_rows,
    lacks_memory,
    make_table,
    solved_rows,
)
from accord.assessment.valuation.verdict import Verdict, build_verdict
from accord.assessment.valuation.welfare.node_cache import NodeCache
from accord.core.arrays import Float
from accord.core.errors import OutputError
from accord.core.status import Status
from accord.deal.deal import NO_DEAL
from accord.lowering.roles import find_groups
from accord.trade.batch import solve_trade_many
from accord.trade.config import TradeConfig
from accord.trade.solution import TradeSolution

if TYPE_CHECKING:
    import pyarrow as pa

Thing = TypeVar("Thing")
NOT_OF_A_SCENARIO = (OSError, OutputError)
"""What no scenario can help: every other one would meet it too, so the sweep ends."""
MOST_VALUED = 200  # scenarios after which equilibria in memory are dropped: the disk has them


@dataclass(frozen=True, eq=False)
class Item:
    """A scenario to be solved: its hash and what it changes."""

    hash: str
    changes: Changes


@dataclass(frozen=True, eq=False)
class _Year:
    """One package in an average year against the baseline, bn USD a year."""

    gain: Float[np.ndarray, " region"]
    gains: Float[np.ndarray, "set region"]
    duty: Float[np.ndarray, " region"]
    status: Status
    residual: float


@dataclass(frozen=True, eq=False)
class _Job:
    """A scenario ready for the solver."""

    item: Item
    trade: TradeConfig
    baseline: SetsInPlay
    shocks: Mapping[str, KnownShock]

    def key(self, package: str) -> Hashable:
        """Return what tells the equilibria of a package from others."""
        return (self.baseline.key, self.shocks[package].key)


class Workshop:
    """Solves scenarios of one ground; what they share is worked out once.

    Attributes:
        ground: The deal in its world.
    """

    def __init__(self, ground: Ground) -> None:
        """Begin with nothing solved."""
        self.ground = ground
        self._forget()

    def _forget(self) -> None:
        """Let go of what was worked out, which scenarios share."""
        self._shared, self._years = SharedParts(self.ground), Memory()
        self._cache: NodeCache | None = None
        self._valued = 0

    def solve(self, items: Sequence[Item]) -> "pa.Table":
        """Return the rows of scenarios, in their order; a failed one has rows with its problem.

        Raises:
            OSError: A disk is full, or a file is gone: no fault of a scenario.
            OutputError: The same, where a result is written.
        """
        if self.ground.figures == "payoffs":
            return make_table(row for item in items for row in self._try(item, self._value))
        return make_table(self._solve_years(items))

    def _try(self, item: Item, work: Callable[[Item], Thing]) -> Thing | list[Row]:
        """Return what work gives for a scenario, or the rows of its failure."""
        try:
            return work(item)
        except NOT_OF_A_SCENARIO:
            raise
        except Exception as error:  # noqa: BLE001  (whatever it is, the others go on)
            if lacks_memory(error):
                self._forget()
            return failed_rows(self.ground, item.hash, error)

    # An average year: all scenarios of a batch in one call of the solver.

    def _solve_years(self, items: Sequence[Item]) -> list[Row]:
        prepared = [self._try(item, self._prepare) for item in items]
        jobs = [job for job in prepared if isinstance(job, _Job)]
        solved: dict[str, list[Row]] = {}
        try:
            solved = self._solve_jobs(jobs)
        except NOT_OF_A_SCENARIO:
            raise
        except Exception as error:  # noqa: BLE001  (whatever it is: each alone, to see whose it is)
            if lacks_memory(error):
                self._forget()
            for job in jobs:
                solved[job.item.hash] = self._try(job.item, partial(self._solve_alone, job))
        return [
            row
            for job in prepared
            for row in (solved[job.item.hash] if isinstance(job, _Job) else job)
        ]

    def _prepare(self, item: Item) -> _Job:
        ground, changes = self.ground, item.changes
        deal = ground.deal_of(changes)
        settings = self._shared.settings(ground.settings_of(changes), deal)
        shocks = {
            name: self._shared.shock(deal, name, settings, scenario=item.hash)
            for name in dict.fromkeys((NO_DEAL, *ground.packages))
        }
        return _Job(item, settings.trade, self._shared.baseline(settings, changes), shocks)

    def _solve_alone(self, job: _Job, item: Item) -> list[Row]:
        return self._solve_jobs([job])[item.hash]

    def _solve_jobs(self, jobs: Sequence[_Job]) -> dict[str, list[Row]]:
        """Return the rows of each scenario by its hash, all equilibria solved in one call."""
        wanted = {job.key(name): (job, name) for job in jobs for name in job.shocks}
        missing = {key: task for key, task in wanted.items() if key not in self._years}
        members = [
            (key, model, job.shocks[name].shock, job.trade)
            for key, (job, name) in missing.items()
            for model in job.baseline.models
        ]
        groups: dict[Hashable, list[TradeSolution]] = {}
        if members:
            keys, models, shocks, configs = map(list, zip(*members, strict=True))
            solutions = solve_trade_many(models, shocks, config=configs, throw=False)
            for key, solution in zip(keys, solutions, strict=True):
                groups.setdefault(key, []).append(solution)
        years: dict[Hashable, _Year] = {}
        for key in (*(wanted.keys() - missing.keys()), *missing):  # those that are known first
            sets = wanted[key][0].baseline
            years[key] = self._years.make(key, partial(_read, groups.get(key, ()), sets))
        return {
            job.item.hash: [
                row
                for name in self.ground.packages
                for row in self._rows(job.item, name, years[job.key(name)], years[job.key(NO_DEAL)])
            ]
            for job in jobs
        }

    def _rows(
        self, item: Item, package: str, year: _Year, nothing: _Year, *, more: Figures | None = None
    ) -> list[Row]:
        failed = next((y.status for y in (year, nothing) if not y.status.ok), None)
        figures = {**self._figures(year, nothing), **(more or {})}
        return solved_rows(
            self.ground, item.hash, package, figures,
            status=DONE if failed is None else failed.name.lower(),
            problem="" if failed is None else failed.value,
        )  # fmt: skip

    def _figures(self, year: _Year, nothing: _Year) -> dict[str, np.ndarray]:
        """Return the figures of an average year by region that is told, against no deal."""
        told = self._members.T
        gains = (year.gains - nothing.gains) @ told
        return {
            "welfare": (year.gain - nothing.gain) @ told,
            "welfare_low": gains.min(axis=0),
            "welfare_high": gains.max(axis=0),
            "duty": year.duty @ told,
            "duty_change": (year.duty - nothing.duty) @ told,
            "residual": np.full(told.shape[1], np.maximum(year.residual, nothing.residual)),
        }

    @cached_property
    def _members(self) -> Float[np.ndarray, "told region"]:
        """Which regions of the world each region that is told sums over."""
        world, groups = self.ground.world, find_groups(self.ground.deal, self.ground.world)
        return np.array(
            [
                [float(region in groups.get(told, (told,))) for region in world.regions]
                for told in self.ground.regions
            ]
        )

    # The whole horizon: one scenario after the other.

    @cached_property
    def _nodes(self) -> Path:
        """A folder for equilibria, gone with the workshop; the user's own keeps what it holds."""
        folder = mkdtemp(prefix="accord-")
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        return Path(folder)

    def _value(self, item: Item) -> list[Row]:
        ground, changes = self.ground, item.changes
        if self._cache is None or self._valued % MOST_VALUED == 0:
            self._cache = NodeCache(self._nodes)
        self._valued += 1
        deal, world = ground.deal_of(changes), scale(ground.world, ground.factors_of(changes))
        settings = ground.settings_of(changes).for_world(world, deal.triggers)
        snapshot = solve_packages(deal, world, settings, money=self._shared.money(settings))
        verdict = build_verdict(snapshot, self._cache)
        years = {package.name: _read_package(package) for package in snapshot.packages}
        return [
            row
            for name in ground.packages
            for row in self._rows(
                item, name, years[name], years[NO_DEAL],
                more=_payoffs(verdict, name, ground.regions),
            )
        ]  # fmt: skip


def _read(solutions: Sequence[TradeSolution], baseline: SetsInPlay) -> _Year:
    failed = (solution.status for solution in solutions if not solution.status.ok)
    gains = np.stack([solution.welfare * solution.model.income for solution in solutions])
    central = solutions[baseline.mean]
    return _Year(
        gain=gains[baseline.mean].mean(axis=0),
        gains=gains,
        duty=np.mean([solution.value.tariff_revenue for solution in central], axis=0),
        status=next(failed, Status.CONVERGED),
        residual=float(np.max([solution.residual for solution in solutions])),
    )


def _read_package(package: PackageResult) -> _Year:
    return _Year(
        gain=package.gain,
        gains=package.gains,
        duty=package.outcome.tariff_revenue,
        status=package.status,
        residual=float(package.solution.residual),
    )


def _payoffs(verdict: Verdict, package: str, regions: Sequence[str]) -> dict[str, Any]:
    """Return present values over the horizon by region that is told, bn USD; NaN without draws."""
    at = [verdict.regions.index(region) for region in regions]
    low, _, high = verdict.interval(package)
    figures = {
        "gain": verdict.payoff(package), "gain_low": low, "gain_high": high,
        "gain_chance": verdict.chance(package),
    }  # fmt: skip
    return {name: values[at] for name, values in figures.items()}
