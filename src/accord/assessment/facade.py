"""The public class of an assessment: everything that can be asked of it, fresh or from its file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from accord.assessment.archive.save import save_assessment
from accord.assessment.bargain.bargain import Bargain, bargain
from accord.assessment.bargain.objectives import Objective
from accord.assessment.explain.explain import explain
from accord.assessment.explain.tree import Explanation
from accord.assessment.names import find_unknown
from accord.assessment.result import Assessed, AssessmentData
from accord.assessment.settings import AssessSettings
from accord.assessment.snapshot.packages import (
    BASELINE,
    PackageResult,
    Snapshot,
    solve_packages,
)
from accord.assessment.snapshot.safe_amounts import SafeAmount, find_safe_amounts
from accord.assessment.summary import render_summary
from accord.assessment.tables.tables import TABLES
from accord.assessment.valuation.valuation import Valuation, build_valuation, with_surface
from accord.assessment.valuation.verdict import Verdict, build_verdict
from accord.assessment.valuation.welfare.node_cache import NodeCache
from accord.assessment.valuation.welfare.surface import Progress
from accord.core.arrays import Float
from accord.core.errors import InputError
from accord.core.notebook import Shown
from accord.core.status import Status
from accord.data.world import World
from accord.deal.deal import NO_DEAL, Deal
from accord.lowering.tariff_path import Timeline
from accord.trade.model import TradeModel

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr


@dataclass(frozen=True, eq=False)
class Assessment(Assessed, Shown):
    """Every package of a deal, against no deal and against the baseline.

    Money is bn USD a year of the price year, with world value added held constant; rates and
    changes are fractions. `to_frame` gives the tables, `flows` the whole cube. An assessment read
    from a file uses the tables and the verdict of the file; whatever else is asked of it is solved
    when it is asked.

    Attributes:
        data: What is known.
        cache: Equilibria solved so far.
    """

    data: AssessmentData
    cache: NodeCache = field(default_factory=NodeCache)

    def __repr__(self) -> str:
        """One line: deal, world, packages, status."""
        return (
            f"Assessment({self.deal.name!r} in {self.world.name!r}: {len(self.packages)} packages, "
            f"{self.status.name.lower()})"
        )

    @property
    def deal(self) -> Deal:
        """The deal."""
        return self.data.deal

    @property
    def world(self) -> World:
        """The baseline."""
        return self.data.world

    @property
    def settings(self) -> AssessSettings:
        """How it was solved."""
        return self.data.settings

    @property
    def reproduce(self) -> Mapping[str, Any]:
        """What it takes to get the same numbers again."""
        return self.data.reproduce

    @property
    def packages(self) -> tuple[str, ...]:
        """Names of the packages, "no_deal" first."""
        return self.deal.package_names

    @cached_property
    def snapshot(self) -> Snapshot:
        """The packages, solved."""
        data = self.data
        return data.snapshot or solve_packages(data.deal, data.world, data.settings)

    @property
    def model(self) -> TradeModel:
        """The trade model of the baseline."""
        return self.snapshot.model

    @property
    def results(self) -> tuple[PackageResult, ...]:
        """Every package, solved, no deal first."""
        return self.snapshot.packages

    @property
    def status(self) -> Status:
        """Converged, or the first status that is not."""
        return next(
            (status for status in self.statuses.values() if not status.ok), Status.CONVERGED
        )

    @property
    def statuses(self) -> dict[str, Status]:
        """The worst status behind each package."""
        if self.data.snapshot is None and "solves" in self.data.tables:
            rows = self.data.tables["solves"].to_dict(orient="records")
            return {str(row["package"]): Status[str(row["status"]).upper()] for row in rows}
        return {package.name: package.status for package in self.results}

    def result(self, package: str) -> PackageResult:
        """Return one package.

        Raises:
            InputError: There is no such package.
        """
        if package not in self.packages:
            raise InputError(find_unknown("package", package, self.packages), "the request")
        return self.snapshot.package(package)

    @cached_property
    def safe_amounts(self) -> tuple[SafeAmount, ...]:
        """What each paying party can safely pay a year, by way of paying."""
        return find_safe_amounts(
            self.deal, self.world, config=self.settings.external, recall=self.cache.numbers
        )

    @cached_property
    def verdict(self) -> Verdict:
        """Payoffs over the whole horizon, how sure they are, and what decides them."""
        return self.data.verdict or build_verdict(self.snapshot, self.cache)

    def reach_verdict(self, progress: Progress) -> Verdict:
        """Return the verdict, telling what is being done while it is worked out."""
        if self.data.verdict is None and "verdict" not in self.__dict__:
            verdict = build_verdict(self.snapshot, self.cache, progress=progress)
            self.__dict__["verdict"] = verdict
        return self.verdict

    @cached_property
    def valuation(self) -> Valuation:
        """The packages, ready to be valued at any values of what is uncertain."""
        valuation = build_valuation(self.snapshot, self.cache)
        return with_surface(valuation, self.verdict.inputs) if self.verdict.count else valuation

    def bargain(
        self,
        *,
        package: str | None = None,
        terms: Sequence[str] | bool = True,
        objective: Objective = "welfare",
    ) -> Bargain:
        """Return what the parties can agree on, and what stands in the way.

        Args:
            package: The package whose terms move; the one in focus if left out.
            terms: Names of the terms that move; True for all that matter, False for none.
            objective: What parties want: "welfare", or what their tariffs have "revealed".

        Raises:
            InputError: The package, a term or the objective is not known, or nothing is revealed.
            SolveError: An equilibrium was not found.
        """
        return bargain(self, package=package, terms=terms, objective=objective)

    def explain(
        self, figure: str, region: str, *, package: str, timeline: Timeline = "dated"
    ) -> Explanation:
        """Return the tree from a number to its components, years, clauses, equations and sources.

        Args:
            figure: "payoff", or one of its components, such as "tariff" or "profit".
            region: Whose.
            package: Under which package.
            timeline: "dated" follows the dates of the file; "frozen" keeps the day's tariffs.

        Raises:
            InputError: A name is not known; all of them at once.
        """
        return explain(self, figure, region, package=package, timeline=timeline)

    def save(self, path: Path | str) -> Path:
        """Return the path after writing everything to one file that `load_assessment` reads.

        Raises:
            OutputError: The file cannot be written; an older one is intact.
        """
        return save_assessment(self, path)

    def welfare(self, package: str, against: str = NO_DEAL) -> Float[np.ndarray, " region"]:
        """Return equivalent variation by region, bn USD a year, against no deal or "baseline"."""
        gain = self.result(package).gain
        return np.asarray(gain if against == BASELINE else gain - self.result(against).gain)

    def flows(self, package: str) -> Float[np.ndarray, "importer exporter sector"]:
        """Return trade flows at customs value under a package (or "baseline"), bn USD a year."""
        if package != BASELINE:
            self.result(package)
        return self.snapshot.flows(package)

    @cached_property
    def _frames(self) -> dict[str, "pd.DataFrame"]:
        return dict(self.data.tables)

    def to_frame(self, name: str = "welfare") -> "pd.DataFrame":
        """Return one of the tables, long and tidy; `docs/assessment.md` lists their columns.

        Raises:
            InputError: There is no such table.
        """
        if name not in self._frames:
            if name not in TABLES:
                raise InputError(find_unknown("table", name, tuple(TABLES)), "the request")
            self._frames[name] = TABLES[name](self)
        return self._frames[name].copy(deep=False)

    def to_dataset(self) -> "xr.Dataset":
        """Return results by package, region and sector as a labelled data set, with units."""
        from accord.assessment.tables.dataset import build_dataset

        return build_dataset(self.snapshot)

    def summary(self) -> str:
        """Return who gains, how much and how surely, in a few lines of text."""
        return render_summary(self)
