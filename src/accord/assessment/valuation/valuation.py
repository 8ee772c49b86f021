"""The packages of a deal, ready to be valued at any values of what is uncertain."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float, Int

from accord.assessment.settings import AssessSettings
from accord.assessment.snapshot.external import PartyExternal
from accord.assessment.snapshot.packages import Snapshot
from accord.assessment.valuation.currency_risk import PRICES, crash_chances
from accord.assessment.valuation.equations import present_value
from accord.assessment.valuation.node_cache import NodeCache
from accord.assessment.valuation.payoff import (
    Clock,
    PackageInputs,
    build_clock,
    build_package_inputs,
    move_amounts,
    value_components,
)
from accord.assessment.valuation.quantities import AmountsMoved
from accord.assessment.valuation.surface import (
    Box,
    Elasticities,
    Exact,
    Progress,
    Solver,
    Surface,
)
from accord.assessment.valuation.uncertainty import Inputs, central_inputs
from accord.core.notebook import Shown
from accord.data.world import World
from accord.lowering.tariff_path import Timeline

FEWEST_PATHS = 100  # below this the chance of a crash is noise: risk is left out


@dataclass(frozen=True, eq=False, repr=False)
class Valuation(Shown):
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
    ) -> Float[np.ndarray, "draw component region"]:
        """Return present values by draw, component and region, bn USD of the price year."""
        regions = self.clock.regions if regions is None else regions
        gains = self.components(package, inputs, timeline, exact=exact, regions=regions)
        return present_value(gains, self.clock.factors(inputs, regions))

    def amounts_moved(self, package: PackageInputs, inputs: Inputs) -> AmountsMoved:
        """Return what a package moves by draw and year, over the size of the world economy."""
        amounts = move_amounts(package, self.clock, inputs)
        moved = package.quantities.gather(amounts, capacity=True)
        return np.asarray(moved / self.clock.growth(inputs)[:, :, None])


def build_valuation(snapshot: Snapshot, cache: NodeCache) -> Valuation:
    """Return the packages of a deal, ready to be valued at any inputs.

    Args:
        snapshot: The packages, with their finance and currency solved.
        cache: Equilibria solved so far.
    """
    deal, world, settings = snapshot.deal, snapshot.world, snapshot.settings
    model = snapshot.model
    sets, weights = choose_sets(world, settings)
    packages = tuple(
        build_package_inputs(
            deal, package.name, world, model,
            finance=package.finance, risks=find_risks(package.external, settings),
            triggered=settings.triggered,
        )
        for package in snapshot.packages
    )  # fmt: skip
    clock = build_clock(deal, world)
    solver = Solver(model, settings.trade, Elasticities(sets), cache)
    return Valuation(
        packages, clock, central_inputs(weights, len(clock.years)), solver,
        order=_order_paths(packages),
    )  # fmt: skip


def choose_sets(
    world: World, settings: AssessSettings
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
        currency.party: (
            crash_chances(currency, settings.external, prices),
            currency.plan.sheet.gdp,
        )
        for currency in currencies
    }


def _order_paths(packages: Sequence[PackageInputs]) -> Int[np.ndarray, " path"]:
    """Return the paths ordered by what comes back to those that pay, over all packages."""
    back = [pair.back.sum(axis=1) for package in packages for pair in package.cash_flows]
    return np.argsort(sum(back), kind="stable") if back else np.zeros(1, dtype=int)
