"""What a study of supply chains holds, and the figures that its tables are made of."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from accord.assessment.chains.package import ChainsPackage
from accord.assessment.snapshot.packages import BASELINE, Snapshot
from accord.assessment.words.sentences import say
from accord.core.arrays import Float
from accord.core.errors import InputError, Problem
from accord.core.notebook import Shown
from accord.core.provenance import Source
from accord.core.words import propose
from accord.data.world import World
from accord.deal.products import expand_regions
from accord.lowering.chains.employment import Employment

BySet = Float[np.ndarray, " set"]


@dataclass(frozen=True, eq=False, repr=False)
class ChainsFigures(Shown):
    """What packages do to supply chains, manufacturing and jobs, in an average year.

    Attributes:
        snapshot: The packages, solved.
        supplier: The region that dependence is measured on; None if the world does not tell it.
        baseline: The world before.
        packages: No deal, and the packages asked for.
        manufacturing: Positions of manufacturing sectors.
        persons: Employed persons, thousands; NaN where a region is not known.
        employment: The figures behind them.
    """

    snapshot: Snapshot
    supplier: str | None
    baseline: ChainsPackage
    packages: tuple[ChainsPackage, ...]
    manufacturing: tuple[int, ...]
    persons: Float[np.ndarray, "region sector"]
    employment: Employment

    @property
    def world(self) -> World:
        """The baseline's world."""
        return self.snapshot.world

    @property
    def sources(self) -> tuple[Source, ...]:
        """Where the figures of employment were read."""
        return self.employment.sources

    @property
    def notes(self) -> tuple[str, ...]:
        """What to know of the figures of employment, and which regions of parties have none."""
        regions = [self.world.regions[at] for members in self.parties.values() for at in members]
        unknown = [name for name in regions if name not in self.employment.persons]
        told = (say("chains.no_persons", regions=", ".join(unknown)),) if unknown else ()
        return (*self.employment.notes, *told)

    @cached_property
    def parties(self) -> dict[str, tuple[int, ...]]:
        """Positions of the regions of each party."""
        regions = self.world.regions
        return {
            party: tuple(regions.index(name) for name in expand_regions([party], regions))
            for party in self.snapshot.deal.parties
        }

    def package(self, name: str) -> ChainsPackage:
        """Return one package, or the baseline.

        Raises:
            InputError: It was not solved.
        """
        known = {BASELINE: self.baseline, **{item.name: item for item in self.packages}}
        if name not in known:
            problem = Problem("package", f"{name!r} was not solved", propose(name, known))
            raise InputError([problem], "the call")
        return known[name]

    def average(self, figure: BySet) -> tuple[float, float, float]:
        """Return what a figure comes to over the sets of elasticities: centre, low and high."""
        settings = self.snapshot.settings
        centre = figure.mean() if settings.averages(self.world) else figure[0]
        return float(centre), float(figure.min()), float(figure.max())

    def dependence(self, package: str, party: str, measure: str) -> BySet:
        """Return the exposure of a party's manufacturing to the supplier, by set.

        It is what a dollar of its output takes, weighted by output.

        Args:
            package: The package, or "baseline".
            party: Whose manufacturing.
            measure: "direct" or "look_through".
        """
        item = self.package(package)
        supplier = self.world.regions.index(str(self.supplier))
        where = np.ix_(range(item.output.shape[0]), self.parties[party], self.manufacturing)
        output = item.output[where]
        exposure = getattr(item, measure)[:, supplier][where]
        return np.asarray((exposure * output).sum(axis=(1, 2)) / output.sum(axis=(1, 2)))

    def made(self, package: str, party: str) -> BySet:
        """Return value added of a party's manufacturing, bn USD a year at old prices, by set."""
        return self._sum_up(self.package(package).value_added, party)

    def jobs(self, package: str, party: str) -> BySet:
        """Return persons in a party's manufacturing, thousands, by set; NaN if not known."""
        return self._sum_up(self.package(package).employment * self.persons, party)

    def _sum_up(self, cells: np.ndarray, party: str) -> BySet:
        where = np.ix_(range(cells.shape[0]), self.parties[party], self.manufacturing)
        return np.asarray(cells[where].sum(axis=(1, 2)))
