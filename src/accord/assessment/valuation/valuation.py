"""The packages of a deal, ready to be valued at any values of what is uncertain."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from accord.assessment.settings import AssessSettings
from accord.assessment.snapshot.external import PartyExternal
from accord.assessment.snapshot.packages import Snapshot
from accord.assessment.snapshot.recall import Recall, never
from accord.assessment.valuation.currency_risk import PRICES, crash_chances
from accord.assessment.valuation.equations import present_value
from accord.assessment.valuation.package_inputs import PackageInputs
from accord.assessment.valuation.payoff import (
    Clock,
    build_clock,
    build_package_inputs,
    move_amounts,
    value_components,
)
from accord.assessment.valuation.quantities import AmountsMoved, Quantities
from accord.assessment.valuation.uncertainty import (
    Inputs,
    Parameter,
    central_inputs,
    draw_inputs,
    find_parameters,
)
from accord.assessment.valuation.welfare.by_regime import SurfaceByRegime
from accord.assessment.valuation.welfare.exact import Exact
from accord.assessment.valuation.welfare.node_cache import Effort, NodeCache
from accord.assessment.valuation.welfare.surface import (
    GainSource,
    Progress,
    SlowTariffs,
    Solver,
    Support,
    Surface,
    TradeResponse,
)
from accord.core.arrays import Float, Int
from accord.core.notebook import Shown
from accord.data.world import World
from accord.lowering.tariff_path import Timeline
from accord.trade.model import TradeModel
from accord.trade.path.sourcing import SOURCING, Sourcing
from accord.trade.strategy.politics import Politics

SOURCING_RATIO = SOURCING["ratio"].central
CENTRAL_SOURCING = Sourcing(SOURCING_RATIO, float(central_inputs(1).sourcing[0]))
FEWEST_PATHS = 100  # below this the chance of a crash is noise: risk is left out


@dataclass(frozen=True, eq=False, repr=False)
class Valuation(Shown):
    """Everything needed to value packages at any values of what is uncertain.

    Attributes:
        packages: The packages, no deal first.
        clock: Years and rates.
        centre: Central values of everything uncertain.
        solvers: Solve single equilibria: at once and in the long run, or in the long run alone.
        parameters: Distributions of what is uncertain.
        order: Paths of the money, from what pays the parties that invest least to most.
        surface: Gains over a range of inputs; solved one by one without it.
    """

    packages: tuple[PackageInputs, ...]
    clock: Clock
    centre: Inputs
    solvers: tuple[Solver, ...]
    parameters: tuple[Parameter, ...]
    order: Int[np.ndarray, " path"]
    surface: TradeResponse | None = None

    def draw(self, count: int, *, seed: int) -> Inputs:
        """Return draws of everything uncertain."""
        return draw_inputs(
            self.centre, count, seed=seed, order=self.order, parameters=self.parameters
        )

    @property
    def exact(self) -> TradeResponse:
        """Gains solved one by one."""
        return pair_up([Exact(solver) for solver in self.solvers], self.solvers)

    def components(
        self,
        package: PackageInputs,
        inputs: Inputs,
        timeline: Timeline,
        *,
        exact: bool = False,
        regions: Sequence[str] | None = None,
    ) -> Float[np.ndarray, "draw component year region"]:
        """Return gains by draw, component, year and region, bn USD of the price year."""
        return value_components(
            package, self.packages[0],
            self.exact if exact or self.surface is None else self.surface,
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
    ) -> Float[np.ndarray, "draw component region"]:
        """Return present values by draw, component and region, bn USD of the price year."""
        regions = self.clock.regions if regions is None else regions
        gains = self.components(package, inputs, timeline, exact=exact, regions=regions)
        return present_value(gains, self.clock.factors(inputs, regions))


def build_valuation(
    snapshot: Snapshot, cache: NodeCache, *, politics: tuple[Politics, ...] = ()
) -> Valuation:
    """Return the packages of a deal, ready to be valued at any inputs.

    Args:
        snapshot: The packages, with their finance and currency solved.
        cache: Equilibria solved so far.
        politics: Political weights that are added to welfare, one table for each set of
            elasticities; none where gains are welfare alone.
    """
    deal, world, settings = snapshot.deal, snapshot.world, snapshot.settings
    model = snapshot.model
    packages = tuple(
        build_package_inputs(
            deal, package.name, world, model,
            finance=package.finance,
            risks=find_risks(package.external, settings, recall=cache.numbers),
            triggered=settings.triggered,
        )
        for package in snapshot.packages
    )  # fmt: skip
    clock, parameters = build_clock(deal, world), find_parameters(deal)
    solvers = build_solvers(model, world, settings, cache, politics=politics)
    return Valuation(
        packages, clock, central_inputs(len(solvers[0].sets), parameters), solvers,
        parameters=parameters, order=_order_paths(packages),
    )  # fmt: skip


def build_solvers(
    model: TradeModel,
    world: World,
    settings: AssessSettings,
    cache: NodeCache,
    *,
    politics: tuple[Politics, ...] = (),
) -> tuple[Solver, ...]:
    """Return what solves single equilibria: at once and in the long run, or the latter alone.

    Political weights, one table for each set of elasticities, are the same at both speeds.
    """
    sets, effort = choose_sets(world, settings), Effort()
    speeds = (1.0,) if settings.sourcing == "at_once" else (SOURCING_RATIO, 1.0)
    return tuple(
        Solver(model, settings.trade, sets * ratio, cache, effort=effort, politics=politics)
        for ratio in speeds
    )


def pair_up(sources: Sequence[GainSource], solvers: Sequence[Solver]) -> TradeResponse:
    """Return the world economy from its gains at once and in the long run, or the latter alone."""
    if len(sources) == 1:
        return TradeResponse(sources[0])
    return TradeResponse(sources[-1], sources[0], SlowTariffs(solvers[-1], CENTRAL_SOURCING))


def choose_sets(world: World, settings: AssessSettings) -> Float[np.ndarray, "set sector"]:
    """Return the sets of elasticities in play (`AssessSettings.sets_in_play`).

    A set that is not the world's own stands alone where it is named without others.
    """
    names = settings.sets_in_play(world)
    if not settings.averages(world):
        names = names[:1]
    return np.array([world.elasticities[name] for name in names])


def with_surface(
    valuation: Valuation, inputs: Inputs, progress: Progress | None = None
) -> Valuation:
    """Return the valuation with a surface that covers inputs: the centre alone, or the draws."""
    surface = build_surface(
        valuation.solvers, valuation.packages, valuation.clock, inputs, progress=progress
    )
    return replace(valuation, surface=surface)


def build_surface(
    solvers: Sequence[Solver],
    packages: Sequence[PackageInputs],
    clock: Clock,
    inputs: Inputs,
    *,
    progress: Progress | None = None,
) -> TradeResponse:
    """Return the world economy as polynomials over what packages move at some inputs."""
    supports = {
        quantities: Support.within(*moved)
        for quantities, moved in _all_moved(packages, clock, inputs).items()
    }
    return pair_up([Surface(solver, supports, progress=progress) for solver in solvers], solvers)


def build_central_surface(
    solvers: Sequence[Solver], packages: Sequence[PackageInputs], clock: Clock, inputs: Inputs
) -> TradeResponse:
    """Return the world economy at the amounts that occur under each tariff regime.

    At central values these are few, and so are the equilibria.
    """
    moved = _all_moved(packages, clock, inputs)
    return pair_up([SurfaceByRegime(solver, moved) for solver in solvers], solvers)


def _all_moved(
    packages: Sequence[PackageInputs], clock: Clock, inputs: Inputs
) -> dict[Quantities, tuple[AmountsMoved, ...]]:
    """Return what packages move, with what is built earning and without."""
    return {
        package.quantities: tuple(
            amounts_moved(package, clock, inputs, capacity=capacity) for capacity in (True, False)
        )
        for package in packages
        if package.quantities.names
    }


def amounts_moved(
    package: PackageInputs, clock: Clock, inputs: Inputs, *, capacity: bool = True
) -> AmountsMoved:
    """Return what a package moves by draw and year, over the size of the world economy.

    Without `capacity` nothing that is built earns.
    """
    moved = package.quantities.gather(move_amounts(package, clock, inputs), capacity=capacity)
    return np.asarray(moved / clock.growth(inputs)[:, :, None])


def find_risks(
    currencies: Sequence[PartyExternal], settings: AssessSettings, *, recall: Recall = never
) -> dict[str, tuple[np.ndarray, float]]:
    """Return the chances of a crash at several prices of a flow, and output, by party.

    Without draws at the estimated price alone; none where paths are too few to tell.
    """
    if settings.paths < FEWEST_PATHS:
        return {}
    prices = PRICES if settings.draws else (1.0,)
    return {
        currency.party: (
            crash_chances(currency, settings.external, prices, recall=recall),
            currency.plan.sheet.gdp,
        )
        for currency in currencies
    }


def _order_paths(packages: Sequence[PackageInputs]) -> Int[np.ndarray, " path"]:
    """Return the paths ordered by what comes back to those that pay, over all packages."""
    back = [pair.back.sum(axis=1) for package in packages for pair in package.cash_flows]
    return np.argsort(sum(back), kind="stable") if back else np.zeros(1, dtype=int)
