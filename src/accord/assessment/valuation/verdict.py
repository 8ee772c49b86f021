"""The verdict: what every package is worth to every region, how surely, and what decides it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from time import perf_counter

import numpy as np

from accord.assessment.snapshot.packages import Snapshot
from accord.assessment.valuation.equations import COMPONENTS
from accord.assessment.valuation.package_inputs import PackageInputs
from accord.assessment.valuation.sensitivity import Sensitivity, analyse
from accord.assessment.valuation.uncertainty import Inputs, Parameter
from accord.assessment.valuation.valuation import Valuation, build_valuation, with_surface
from accord.assessment.valuation.welfare.node_cache import Effort, NodeCache
from accord.assessment.valuation.welfare.surface import Progress
from accord.assessment.words.sentences import say
from accord.core.arrays import Bool, Float
from accord.core.notebook import Shown
from accord.lowering.tariff_path import TIMELINES, Timeline

INTERVAL = (0.05, 0.5, 0.95)
BLOCK = 128  # draws that are valued at once
NOTHING = 0.05  # bn USD: a payoff below this prints as nothing
OUTSIDE = "*"  # beside a central value that its interval does not hold
WIDTH = 34  # of a cell of a summary


@dataclass(frozen=True, eq=False)
class Verdict(Shown):
    """Payoffs of packages against no deal: present value over the horizon, bn USD.

    Money is in prices of the price year, discounted to the start of the first year at each
    region's own rate; third countries use the usual one. What counts after the
    horizon is as the file's `after` says.

    Attributes:
        packages: Names, "no_deal" first.
        parties: The parties of the deal.
        regions: All regions.
        years: Calendar years.
        yearly: Central gains by timeline: package, component, year, region; not discounted.
        factors: Central discount factors by year and region.
        sample: Present values by timeline: draw, package, component, region; without draws, none.
        inputs: The draws.
        parameters: The distributions they are from.
        sensitivity: What decides it; empty without draws.
        seconds: What it took in all.
        effort: Equilibria solved, and seconds in the solver.
    """

    packages: tuple[str, ...]
    parties: tuple[str, ...]
    regions: tuple[str, ...]
    years: tuple[int, ...]
    yearly: Mapping[Timeline, Float[np.ndarray, "package component year region"]]
    factors: Float[np.ndarray, "year region"]
    sample: Mapping[Timeline, Float[np.ndarray, "draw package component region"]]
    inputs: Inputs
    parameters: tuple[Parameter, ...]
    sensitivity: Sensitivity
    seconds: float
    effort: Effort

    def __repr__(self) -> str:
        """One line: packages, parties, years, draws."""
        return (
            f"Verdict({len(self.packages) - 1} packages for {', '.join(self.parties)}, "
            f"{self.years[0]} to {self.years[-1]}, {self.count} draws)"
        )

    def headline(self, package: str) -> str:
        """Return what a package is worth to its parties in all, in one sentence.

        Present value over the horizon against no deal, bn USD of the price year, tariffs by date.
        """
        payoffs = dict(zip(self.regions, self.payoff(package), strict=True))
        if self._is_no_deal(package):
            return say("verdict.same", package=package, years=len(self.years))
        told = ", ".join(
            say(f"verdict.{_outcome(payoffs[party])}", party=party, amount=abs(payoffs[party]))
            for party in self.parties
        )
        return say("verdict.headline", package=package, payoffs=told, years=len(self.years))

    def summary(self) -> str:
        """Return the payoff of every package to every party, its interval and its chance.

        Present values over the horizon against no deal, bn USD of the price year.
        """
        heads = "".join(f"{party:>{WIDTH}}" for party in self.parties)
        lines = [f"{say('verdict.in_all'):<24}{heads}"]
        lines += [f"{name:<24}{self._cells(name)}" for name in self.packages[1:]]
        if self.count:
            lines.append(say("verdict.interval", draws=self.count))
        if any(OUTSIDE in line for line in lines):
            lines.append(say("verdict.outside", mark=OUTSIDE))
        return "\n".join(lines)

    def _is_no_deal(self, package: str) -> bool:
        """Whether a package gives each party what no deal does, on every draw."""
        at = [self.regions.index(party) for party in self.parties]
        worth = [self.payoff(package)[at]]
        if self.count:
            worth.append(self.interval(package)[:, at].ravel())
        return bool((np.abs(np.concatenate(worth)) < NOTHING).all())

    def _cells(self, package: str) -> str:
        interval, chance = self.interval(package), self.chance(package)
        payoff, inside = self.payoff(package), self.is_inside(package)
        cells = []
        for at in (self.regions.index(party) for party in self.parties):
            low, _, high = interval[:, at]
            span = f" [{low:+.1f}, {high:+.1f}] {chance[at]:4.0%}" if self.count else ""
            cells.append(f"{payoff[at]:+.1f}{'' if inside[at] else OUTSIDE}{span}")
        return "".join(f"{cell:>{WIDTH}}" for cell in cells)

    @cached_property
    def central(self) -> dict[Timeline, Float[np.ndarray, "package component region"]]:
        """Central present values by timeline."""
        return {
            timeline: np.einsum("kpyr,yr->kpr", yearly, self.factors)
            for timeline, yearly in self.yearly.items()
        }

    @property
    def count(self) -> int:
        """Number of draws."""
        return len(self.sample["dated"])

    def payoff(self, package: str, timeline: Timeline = "dated") -> Float[np.ndarray, " region"]:
        """Return the central payoff by region, bn USD."""
        return np.asarray(self.central[timeline][self.packages.index(package)].sum(axis=0))

    def draws(self, package: str, timeline: Timeline = "dated") -> Float[np.ndarray, "draw region"]:
        """Return the payoff by draw and region, bn USD."""
        return np.asarray(self.sample[timeline][:, self.packages.index(package)].sum(axis=1))

    def interval(
        self, package: str, timeline: Timeline = "dated"
    ) -> Float[np.ndarray, "quantile region"]:
        """Return the 5 %, 50 % and 95 % quantiles by region; NaN without draws."""
        if not self.count:
            return np.full((len(INTERVAL), len(self.regions)), np.nan)
        return np.asarray(np.quantile(self.draws(package, timeline), INTERVAL, axis=0))

    def is_inside(self, package: str, timeline: Timeline = "dated") -> Bool[np.ndarray, " region"]:
        """Return whether the interval of each region holds its central payoff.

        True without draws. Payoffs are not linear in what is uncertain, and a distribution can be
        skewed: the value at central inputs can then be rarer than nine draws in ten.
        """
        if not self.count:
            return np.ones(len(self.regions), dtype=bool)
        low, _, high = self.interval(package, timeline)
        near = 1e-9 * np.maximum(np.abs(low), np.abs(high))
        payoff = self.payoff(package, timeline)
        return np.asarray((low - near <= payoff) & (payoff <= high + near))

    def chance(self, package: str, timeline: Timeline = "dated") -> Float[np.ndarray, " region"]:
        """Return the share of draws on which each region gains; NaN without draws."""
        if not self.count:
            return np.full(len(self.regions), np.nan)
        return np.asarray((self.draws(package, timeline) > 0).mean(axis=0))

    def chance_all(self, package: str, timeline: Timeline = "dated") -> float:
        """Return the share of draws on which every party gains; NaN without draws."""
        if not self.count:
            return float("nan")
        at = [self.regions.index(party) for party in self.parties]
        return float((self.draws(package, timeline)[:, at] > 0).all(axis=1).mean())


def _outcome(payoff: float) -> str:
    """Name of the message on a payoff in bn USD."""
    if abs(payoff) < NOTHING:
        return "nothing"
    return "gains" if payoff > 0 else "loses"


def build_verdict(
    snapshot: Snapshot, cache: NodeCache, *, progress: Progress | None = None
) -> Verdict:
    """Return the verdict on every package of a deal.

    Args:
        snapshot: The packages, with their finance and currency solved.
        cache: Equilibria solved so far.
        progress: Told what is being done, how much of it is done, and of how much.

    Raises:
        SolveError: An equilibrium of some year was not found.
    """
    began = perf_counter()
    settings, parties = snapshot.settings, snapshot.deal.parties
    valuation = build_valuation(snapshot, cache)
    centre = valuation.centre
    valuation = with_surface(valuation, centre)
    yearly: dict[Timeline, list[np.ndarray]] = {timeline: [] for timeline in TIMELINES}
    steps = len(valuation.packages) * len(TIMELINES)
    for at, package in enumerate(valuation.packages):
        for turn, timeline in enumerate(TIMELINES):
            _tell(progress, "the central case", at * len(TIMELINES) + turn, steps)
            gains = valuation.components(package, centre, timeline)
            yearly[timeline].append(gains[0])
    regions = valuation.clock.regions
    shape = (0, len(valuation.packages), len(COMPONENTS), len(regions))
    sample: dict[Timeline, np.ndarray] = {timeline: np.zeros(shape) for timeline in TIMELINES}
    inputs, sensitivity = centre.rows(slice(0, 0)), Sensitivity()
    if settings.draws:
        inputs = valuation.draw(settings.draws, seed=settings.seed)
        valuation = with_surface(valuation, inputs, progress)
        for timeline in TIMELINES:
            sample[timeline] = np.zeros((settings.draws, *shape[1:]))
            for at, package in enumerate(valuation.packages):
                sample[timeline][:, at] = sample_payoffs(valuation, package, inputs, timeline)
        _tell(progress, "what decides the verdict", 0, 1)
        sensitivity = analyse(valuation, parties, seed=settings.seed, recall=cache.numbers)
    return Verdict(
        packages=snapshot.names,
        parties=parties,
        regions=regions,
        years=valuation.clock.years,
        yearly={timeline: np.array(gains) for timeline, gains in yearly.items()},
        factors=valuation.clock.factors(centre, regions)[0],
        sample=sample,
        inputs=inputs,
        parameters=valuation.parameters,
        sensitivity=sensitivity,
        seconds=perf_counter() - began,
        effort=valuation.solvers[0].effort,
    )


def sample_payoffs(
    valuation: Valuation, package: PackageInputs, inputs: Inputs, timeline: Timeline
) -> Float[np.ndarray, "draw component region"]:
    """Return present values by draw, component and region, bn USD, worked out block by block.

    What is held in between (every year, every node of the surface) grows with a block, not with
    the number of draws.
    """
    blocks = [
        valuation.payoffs(package, inputs.rows(slice(at, at + BLOCK)), timeline)
        for at in range(0, len(inputs), BLOCK)
    ]
    return np.concatenate(blocks)


def _tell(progress: Progress | None, what: str, done: int, of: int) -> None:
    if progress is not None:
        progress(what, done, of)
