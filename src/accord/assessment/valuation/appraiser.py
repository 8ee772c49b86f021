"""Central payoffs of packages that are not in the file, such as those with other terms."""

from dataclasses import dataclass, field, replace

import numpy as np
from jaxtyping import Float

from accord.assessment.settings import AssessSettings
from accord.assessment.snapshot.external import solve_package_external
from accord.assessment.snapshot.finance import solve_package_finance
from accord.assessment.valuation.equations import present_value
from accord.assessment.valuation.package_inputs import PackageInputs
from accord.assessment.valuation.payoff import (
    build_clock,
    build_package_inputs,
    value_components,
)
from accord.assessment.valuation.uncertainty import central_inputs, find_parameters
from accord.assessment.valuation.valuation import build_solvers, build_surface, find_risks
from accord.assessment.valuation.welfare.node_cache import NodeCache
from accord.assessment.valuation.welfare.surface import Solver
from accord.data.world import World
from accord.deal.deal import NO_DEAL, Deal
from accord.lowering.tariff_path import Timeline
from accord.lowering.trade import build_trade_model
from accord.trade.model import TradeModel
from accord.trade.strategy.politics import Politics


@dataclass(frozen=True, eq=False)
class Appraiser:
    """Values packages of a deal and of changed copies of it, one equilibrium a year.

    Attributes:
        world: The baseline.
        settings: As for an assessment; draws are not used.
        timeline: Which tariffs hold when.
        cache: Equilibria solved so far, so that changes of money alone cost less.
        politics: Political weights that are added to welfare, one table for each set of
            elasticities; none where payoffs are welfare alone.
    """

    world: World
    settings: AssessSettings
    timeline: Timeline = "dated"
    cache: NodeCache = field(default_factory=NodeCache)
    politics: tuple[Politics, ...] = ()
    solvers: tuple[Solver, ...] = field(init=False)
    model: TradeModel = field(init=False)

    def __post_init__(self) -> None:
        """Build the trade model once."""
        settings = replace(self.settings.for_world(self.world), draws=0)
        name = str(settings.elasticities)
        model = build_trade_model(self.world, name)
        if settings.closure == "balanced":
            model = model.balance(settings.trade)
        solvers = build_solvers(model, self.world, settings, self.cache, politics=self.politics)
        object.__setattr__(self, "settings", settings)
        object.__setattr__(self, "model", model)
        object.__setattr__(self, "solvers", solvers)

    def payoff(self, deal: Deal, name: str) -> Float[np.ndarray, " region"]:
        """Return the payoff of a package against no deal, bn USD of the price year.

        By region, then by group (see `lowering.roles.region_axis`).

        Raises:
            SolveError: An equilibrium was not found.
        """
        return np.asarray(self.components(deal, name).sum(axis=0))

    def components(self, deal: Deal, name: str) -> Float[np.ndarray, "component region"]:
        """Return what adds up to the payoff of a package, in the order of `COMPONENTS`, bn USD.

        Raises:
            SolveError: An equilibrium was not found.
        """
        clock = build_clock(deal, self.world)
        inputs = central_inputs(len(self.solvers[0].sets), find_parameters(deal))
        package, nothing = self._inputs(deal, name), self._without(deal)
        gains = value_components(
            package, nothing, build_surface(self.solvers, (package, nothing), clock, inputs),
            clock=clock, inputs=inputs, timeline=self.timeline, regions=clock.regions,
        )  # fmt: skip
        return np.asarray(present_value(gains, clock.factors(inputs, clock.regions))[0])

    def _without(self, deal: Deal) -> PackageInputs:
        """Return no deal, worked out once for as long as its clauses stay the same."""
        key = (
            "no deal", self.world.sha256, self.settings, deal.sha256, deal.settings,
            deal.evaluate_on, deal.window, deal.clauses(NO_DEAL),
        )  # fmt: skip
        return self.cache.remember(key, lambda: self._inputs(deal, NO_DEAL))

    def _inputs(self, deal: Deal, name: str) -> PackageInputs:
        settings = self.settings
        finance = solve_package_finance(deal, [name], settings.finance)
        external = solve_package_external(
            deal, [name], self.world, finance=finance, config=settings.external
        )
        return build_package_inputs(
            deal, name, self.world, self.model,
            finance=finance, risks=find_risks(external, settings), triggered=settings.triggered,
        )  # fmt: skip
