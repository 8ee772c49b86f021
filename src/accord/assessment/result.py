"""What an assessment holds: one solved equilibrium a package, and the tables made from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float

from accord.assessment.explain.explain import Explanation, explain, find_unknown
from accord.assessment.settings import AssessSettings
from accord.assessment.snapshot.external import PartyExternal, SafeAmount, find_safe_amounts
from accord.assessment.tables.tables import TABLES
from accord.assessment.valuation.surface import Progress
from accord.assessment.valuation.verdict import Verdict, build_verdict
from accord.core.errors import InputError
from accord.core.status import Status
from accord.data.world import World
from accord.deal.deal import NO_DEAL, Deal
from accord.lowering.finance import PairFinance
from accord.lowering.tariff_path import Timeline
from accord.lowering.transfers import Transfer
from accord.trade.model import TradeModel
from accord.trade.solution import TradeSolution

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from accord.assessment.bargain.bargain import Bargain

BASELINE = "baseline"
MOST_FOR_CAPACITY = 1000  # paths: settles a safe amount to about one bn a year


@dataclass(frozen=True, eq=False)
class PackageResult:
    """One package, solved.

    Attributes:
        name: Name of the package.
        finance: The money of every pair of parties, solved.
        external: What it does to the currency of every party that pays.
        transfers: Yearly transfers, bn USD.
        solution: The equilibrium with tariffs and transfers.
        tariffs_only: The equilibrium with tariffs alone.
        gains: Equivalent variation by region against the baseline, bn USD a year: a row for the
            settings' elasticities, then one for every other set.
        tariff_gains: The same with tariffs alone.
        status: The worst status behind the package.
    """

    name: str
    finance: tuple[PairFinance, ...]
    external: tuple[PartyExternal, ...]
    transfers: tuple[Transfer, ...]
    solution: TradeSolution
    tariffs_only: TradeSolution
    gains: Float[np.ndarray, "set region"]
    tariff_gains: Float[np.ndarray, "set region"]
    status: Status


@dataclass(frozen=True, eq=False)
class Assessment:
    """Every package of a deal, against no deal and against the baseline.

    Money is bn USD a year of the price year, with world value added held constant; rates and
    changes are fractions. `to_frame` gives the tables, `flows` the whole cube.
    """

    deal: Deal
    world: World
    settings: AssessSettings
    model: TradeModel
    results: tuple[PackageResult, ...]
    reproduce: Mapping[str, object]

    def __repr__(self) -> str:
        """One line: deal, world, packages, status."""
        return (
            f"Assessment({self.deal.name!r} in {self.world.name!r}: {len(self.results)} packages, "
            f"{self.status.name.lower()})"
        )

    @property
    def packages(self) -> tuple[str, ...]:
        """Names of the packages, "no_deal" first."""
        return tuple(result.name for result in self.results)

    @property
    def status(self) -> Status:
        """Converged, or the first status that is not."""
        return next((one.status for one in self.results if not one.status.ok), Status.CONVERGED)

    def result(self, package: str) -> PackageResult:
        """Return one package.

        Raises:
            InputError: There is no such package.
        """
        for one in self.results:
            if one.name == package:
                return one
        raise InputError(find_unknown("package", package, self.packages), "the request")

    @cached_property
    def safe_amounts(self) -> tuple[SafeAmount, ...]:
        """What each paying party can safely pay a year, by way of paying."""
        config = replace(self.settings.external, paths=min(self.settings.paths, MOST_FOR_CAPACITY))
        if not config.paths:
            return ()
        return find_safe_amounts(self.deal, self.world, config=config)

    @cached_property
    def verdict(self) -> Verdict:
        """Payoffs over the whole horizon, how sure they are, and what decides them."""
        return build_verdict(self)

    def reach_verdict(self, progress: Progress) -> Verdict:
        """Return the verdict, telling what is being done while it is worked out."""
        if "verdict" not in self.__dict__:
            self.__dict__["verdict"] = build_verdict(self, progress=progress)
        return self.verdict

    def bargain(
        self, *, package: str | None = None, terms: Sequence[str] | bool = True
    ) -> "Bargain":
        """Return what the parties can agree on, and what stands in the way.

        Args:
            package: The package whose terms move; "signed", or the first the parties can choose.
            terms: Names of the terms that move; True for all that matter, False for none.

        Raises:
            InputError: The package or a term is not known.
            SolveError: An equilibrium was not found.
        """
        from accord.assessment.bargain.bargain import bargain

        return bargain(self, package=package, terms=terms)

    def explain(
        self, figure: str, region: str, *, package: str, timeline: Timeline = "dated"
    ) -> Explanation:
        """Return the tree from a number to its parts, years, clauses, equations and sources.

        Args:
            figure: "payoff", or one of its parts, such as "tariff" or "profit".
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
        from accord.assessment.archive import save_assessment

        return save_assessment(self, path)

    def welfare(self, package: str, against: str = NO_DEAL) -> Float[np.ndarray, " region"]:
        """Return equivalent variation by region, bn USD a year, against no deal or "baseline"."""
        gain = self.result(package).gains[0]
        return np.asarray(gain if against == BASELINE else gain - self.result(against).gains[0])

    def flows(self, package: str) -> Float[np.ndarray, "importer exporter sector"]:
        """Return trade flows at customs value under a package (or "baseline"), bn USD a year."""
        if package == BASELINE:
            return self.model.flows
        return self.result(package).solution.value.flows

    @cached_property
    def _frames(self) -> dict[str, "pd.DataFrame"]:
        return {}

    def to_frame(self, name: str = "welfare") -> "pd.DataFrame":
        """Return one of the tables, long and tidy; `docs/assessment.md` lists their columns.

        Raises:
            InputError: There is no such table.
        """
        if name not in TABLES:
            raise InputError(find_unknown("table", name, tuple(TABLES)), "the request")
        if name not in self._frames:
            self._frames[name] = TABLES[name](self)
        return self._frames[name].copy(deep=False)

    def to_dataset(self) -> "xr.Dataset":
        """Return results by package, region and sector as a labelled data set, with units."""
        from accord.assessment.tables.dataset import build_dataset

        return build_dataset(self)

    def summary(self) -> str:
        """Return who gains, and how much, in a few lines of text."""
        from accord.assessment.summary import render_summary

        return render_summary(self)

    def _repr_html_(self) -> str:
        """Show the welfare of the parties in a notebook."""
        from html import escape

        return f"<pre>{escape(self.summary())}</pre>"
