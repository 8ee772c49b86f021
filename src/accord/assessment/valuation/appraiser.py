"""Central payoffs of packages that are not in the file, such as those with other terms."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from accord.assessment.settings import AssessSettings
from accord.assessment.snapshot.external import solve_package_external
from accord.assessment.snapshot.finance import solve_package_finance
from accord.assessment.valuation.cash_flows import CashFlows, build_cash_flows
from accord.assessment.valuation.equations import present_value
from accord.assessment.valuation.package_inputs import PackageInputs
from accord.assessment.valuation.payoff import (
    build_clock,
    gather_package_inputs,
    value_components,
)
from accord.assessment.valuation.uncertainty import central_inputs, find_parameters
from accord.assessment.valuation.valuation import (
    build_central_surface,
    build_solvers,
    find_risks,
)
from accord.assessment.valuation.welfare.node_cache import NodeCache
from accord.assessment.valuation.welfare.surface import Solver
from accord.core.arrays import Float
from accord.core.numerics.ahead import Ahead
from accord.data.world import World
from accord.deal.clauses.registry import Clause
from accord.deal.deal import NO_DEAL, Deal
from accord.lowering.tariff_path import Timeline
from accord.lowering.trade import build_trade_model
from accord.trade.model import TradeModel
from accord.trade.strategy.politics import Politics

Risks = Mapping[str, tuple[Float[np.ndarray, "price watched"], float]]
Money = tuple[tuple[CashFlows, ...], Risks]


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
    _ahead: Ahead[tuple[Deal, str], Money] = field(init=False)

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
        object.__setattr__(self, "_ahead", Ahead(self._follow_money))

    def announce(self, deals: Iterable[Deal], name: str) -> None:
        """Say which copies of a deal will be valued next: their money is followed meanwhile."""
        asked = {id(deal): (self._key(deal, name), (deal, name)) for deal in deals}
        self._ahead.announce(item for item in asked.values() if not self.cache.remembers(item[0]))

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
        economy = build_central_surface(self.solvers, (package, nothing), clock, inputs)
        gains = value_components(
            package, nothing, economy,
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
        """Return a package at central values: its money is followed anew only where that moved."""
        key = self._key(deal, name)
        money = self.cache.remember(key, lambda: self._ahead.take(key, (deal, name)))
        cash_flows, risks = money
        return gather_package_inputs(
            deal, name, self.world, self.model, cash_flows=cash_flows, risks=risks,
            triggered=self.settings.triggered, central=self.timeline,
        )  # fmt: skip

    def _key(self, deal: Deal, name: str) -> tuple[object, ...]:
        """Return all that the money of a package depends on."""
        return (
            "money", self.world.sha256, self.settings, deal.sha256, deal.settings,
            deal.evaluate_on, deal.window, name, tuple(_without_rates(deal, name)),
        )  # fmt: skip

    def _follow_money(self, asked: tuple[Deal, str]) -> Money:
        """Return the money of a package on the mean of its paths, and the risks that it brings."""
        (deal, name), settings = asked, self.settings
        finance = solve_package_finance(deal, [name], settings.finance)
        external = solve_package_external(
            deal, [name], self.world, finance=finance, config=settings.external
        )
        flows = (build_cash_flows(pair, deal, self.world).at_mean() for pair in finance)
        return tuple(flows), find_risks(external, settings)


def _without_rates(deal: Deal, name: str) -> Iterator[Clause]:
    """Yield the clauses of a package that its money can depend on."""
    for clause in deal.clauses(name):
        if not clause.sets_rates:
            yield clause
