"""The verdict: what every package is worth to every region, how surely, and what decides it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float, Int

from accord.assessment.settings import AssessSettings
from accord.assessment.snapshot.external import PartyExternal
from accord.assessment.valuation.currency_risk import PRICES, crash_chances
from accord.assessment.valuation.payoff import (
    COMPONENTS,
    Clock,
    PackageInputs,
    build_clock,
    build_package_inputs,
    move_amounts,
    present_value,
    value_components,
)
from accord.assessment.valuation.quantities import AmountsMoved
from accord.assessment.valuation.sensitivity import Sensitivity, analyse
from accord.assessment.valuation.surface import (
    Box,
    Effort,
    Elasticities,
    Exact,
    Progress,
    Solver,
    Surface,
)
from accord.assessment.valuation.uncertainty import Inputs, central_inputs, draw_inputs
from accord.lowering.tariff_path import TIMELINES, Timeline

if TYPE_CHECKING:
    from accord.assessment.result import Assessment
    from accord.data.world import World

INTERVAL = (0.05, 0.5, 0.95)
FEWEST_PATHS = 100  # below this the chance of a crash is noise: risk is left out


@dataclass(frozen=True, eq=False)
class Valuation:
    """Everything needed to value packages at any values of what is uncertain.

    Attributes:
        packages: The packages, no deal first.
        clock: Years and rates.
        centre: Central values of everything uncertain.
        solver: Solves single equilibria.
        order: Paths of the money, from what pays the parties that invest least to most.
        surface: Gains over a range of everything uncertain, once there are draws.
    """

    packages: tuple[PackageInputs, ...]
    clock: Clock
    centre: Inputs
    solver: Solver
    order: Int[np.ndarray, " path"]
    surface: Surface | None = None

    def parts(
        self,
        package: PackageInputs,
        inputs: Inputs,
        timeline: Timeline,
        *,
        exact: bool = False,
        regions: Sequence[str] | None = None,
    ) -> Float[np.ndarray, "draw part year region"]:
        """Return gains by draw, part, year and region, bn USD of the price year."""
        return value_components(
            package, self.packages[0],
            Exact(self.solver) if exact or self.surface is None else self.surface,
            clock=self.clock, inputs=inputs, timeline=timeline,
            regions=self.clock.regions if regions is None else regions,
        )  # fmt: skip

    def payoffs(
        self,
        package: PackageInputs,
        inputs: Inputs,
        timeline: Timeline,
        *,
        exact: bool = False,
        regions: Sequence[str] | None = None,
    ) -> Float[np.ndarray, "draw part region"]:
        """Return present values by draw, part and region, bn USD of the price year."""
        regions = self.clock.regions if regions is None else regions
        parts = self.parts(package, inputs, timeline, exact=exact, regions=regions)
        return present_value(parts, self.clock.factors(inputs, regions))

    def amounts_moved(self, package: PackageInputs, inputs: Inputs) -> AmountsMoved:
        """Return what a package moves by draw and year, over the size of the world economy."""
        amounts = move_amounts(package, self.clock, inputs)
        moves = package.quantities.gather(amounts, capacity=True)
        return np.asarray(moves / self.clock.growth(inputs)[:, :, None])


@dataclass(frozen=True, eq=False)
class Verdict:
    """Payoffs of packages against no deal: present value over the horizon, bn USD.

    Money is in prices of the price year, discounted to the start of the first year at each
    region's own rate; third countries use the usual one. Nothing counts after the horizon.

    Attributes:
        packages: Names, "no_deal" first.
        parties: The parties of the deal.
        regions: All regions.
        years: Calendar years.
        yearly: Central gains by timeline: package, part, year, region; not discounted.
        factors: Central discount factors by year and region.
        sample: Present values by timeline: draw, package, part, region; without draws, none.
        inputs: The draws.
        sensitivity: What decides it; empty without draws.
        seconds: What it took in all.
        effort: Equilibria solved, and seconds in the solver.
        valuation: To value the packages elsewhere; None in a saved assessment.
    """

    packages: tuple[str, ...]
    parties: tuple[str, ...]
    regions: tuple[str, ...]
    years: tuple[int, ...]
    yearly: Mapping[Timeline, Float[np.ndarray, "package part year region"]]
    factors: Float[np.ndarray, "year region"]
    sample: Mapping[Timeline, Float[np.ndarray, "draw package part region"]]
    inputs: Inputs
    sensitivity: Sensitivity
    seconds: float
    effort: Effort
    valuation: Valuation | None = None

    @cached_property
    def central(self) -> dict[Timeline, Float[np.ndarray, "package part region"]]:
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


def build_verdict(assessment: "Assessment", *, progress: Progress | None = None) -> Verdict:
    """Return the verdict on every package of an assessment.

    Args:
        assessment: The packages, with their money and currency solved.
        progress: Told what is being done, how much of it is done, and of how much.

    Raises:
        SolveError: An equilibrium of some year was not found.
    """
    began = perf_counter()
    settings = assessment.settings
    valuation = build_valuation(assessment)
    solver, centre = valuation.solver, valuation.centre
    yearly: dict[Timeline, list[np.ndarray]] = {timeline: [] for timeline in TIMELINES}
    steps = len(valuation.packages) * len(TIMELINES)
    for at, package in enumerate(valuation.packages):
        for turn, timeline in enumerate(TIMELINES):
            _tell(progress, "years, one equilibrium each", at * len(TIMELINES) + turn, steps)
            yearly[timeline].append(valuation.parts(package, centre, timeline, exact=True)[0])
    regions = solver.model.regions
    shape = (0, len(valuation.packages), len(COMPONENTS), len(regions))
    sample: dict[Timeline, np.ndarray] = {timeline: np.zeros(shape) for timeline in TIMELINES}
    inputs, sensitivity = centre.rows(slice(0, 0)), Sensitivity()
    if settings.draws:
        inputs = draw_inputs(centre, settings.draws, seed=settings.seed, order=valuation.order)
        valuation = with_surface(valuation, inputs, progress)
        for timeline in TIMELINES:
            found = [valuation.payoffs(package, inputs, timeline) for package in valuation.packages]
            sample[timeline] = np.stack(found, axis=1)
        _tell(progress, "what decides the verdict", 0, 1)
        sensitivity = analyse(valuation, assessment.deal.parties, seed=settings.seed)
    return Verdict(
        packages=assessment.packages,
        parties=assessment.deal.parties,
        regions=regions,
        years=valuation.clock.years,
        yearly={timeline: np.array(found) for timeline, found in yearly.items()},
        factors=valuation.clock.factors(centre, regions)[0],
        sample=sample,
        inputs=inputs,
        sensitivity=sensitivity,
        seconds=perf_counter() - began,
        effort=solver.effort,
        valuation=valuation,
    )


def build_valuation(assessment: "Assessment") -> Valuation:
    """Return the packages of an assessment, ready to be valued at any inputs."""
    deal, world, settings = assessment.deal, assessment.world, assessment.settings
    model = assessment.model
    sets, weights = choose_sets(world, settings)
    packages = tuple(
        build_package_inputs(
            deal, one.name, world, model,
            money=one.finance, risks=find_risks(one.external, settings),
            triggered=settings.triggered,
        )
        for one in assessment.results
    )  # fmt: skip
    clock = build_clock(deal, world)
    solver = Solver(model, settings.trade, Elasticities(sets))
    return Valuation(
        packages, clock, central_inputs(weights, len(clock.years)), solver,
        order=_order_paths(packages),
    )  # fmt: skip


def choose_sets(
    world: "World", settings: AssessSettings
) -> tuple[Float[np.ndarray, "set sector"], Float[np.ndarray, " set"]]:
    """Return the sets of elasticities in play and their weights in the central case.

    The middle of all sets, so that the central case lies amid the draws; the named set where one
    other than the world's own is chosen. One set alone without ranges, or with scale economies.
    """
    chosen = str(settings.elasticities)
    names = [chosen, *(name for name in world.elasticities if name != chosen)]
    if not settings.ranges or settings.competition != "perfect":
        names = names[:1]
    middle = np.full(len(names), 1 / len(names))
    own = chosen == world.default_elasticities
    weights = middle if own else np.eye(len(names))[0]
    return np.array([world.elasticities[name] for name in names]), weights


def with_surface(
    valuation: Valuation, inputs: Inputs, progress: Progress | None = None
) -> Valuation:
    """Return the valuation with a surface that covers the draws."""
    boxes = {
        package.quantities: Box.around(valuation.amounts_moved(package, inputs))
        for package in valuation.packages
    }
    return replace(valuation, surface=Surface(valuation.solver, boxes, progress=progress))


def find_risks(
    currencies: Sequence[PartyExternal], settings: AssessSettings
) -> dict[str, tuple[np.ndarray, float]]:
    """Return the chances of a crash at several prices of a flow, and output, by party.

    Without draws at the estimated price alone; none where paths are too few to tell.
    """
    if settings.paths < FEWEST_PATHS:
        return {}
    prices = PRICES if settings.draws else (1.0,)
    return {
        one.party: (crash_chances(one, settings.external, prices), one.plan.sheet.gdp)
        for one in currencies
    }


def _order_paths(packages: Sequence[PackageInputs]) -> Int[np.ndarray, " path"]:
    """Return the paths ordered by what comes back to those that pay, over all packages."""
    back = [one.back.sum(axis=1) for package in packages for one in package.cash_flows]
    return np.argsort(sum(back), kind="stable") if back else np.zeros(1, dtype=int)


def _tell(progress: Progress | None, what: str, done: int, of: int) -> None:
    if progress is not None:
        progress(what, done, of)


__all__ = ["Valuation", "Verdict", "build_valuation", "build_verdict", "with_surface"]
