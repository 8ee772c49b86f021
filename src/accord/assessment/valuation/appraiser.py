"""Central payoffs of packages that are not in the file: what terms that move are worth."""

from dataclasses import dataclass, field, replace

import numpy as np
from jaxtyping import Float

from accord.assessment.settings import AssessSettings
from accord.assessment.snapshot.external import solve_package_external
from accord.assessment.snapshot.finance import solve_package_finance
from accord.assessment.valuation.payoff import (
    PackageInputs,
    build_clock,
    build_package_inputs,
    present_value,
    value_components,
)
from accord.assessment.valuation.surface import Elasticities, Exact, Solver
from accord.assessment.valuation.uncertainty import central_inputs
from accord.assessment.valuation.verdict import choose_sets, find_risks
from accord.data.world import World
from accord.deal.clauses.registry import Clause
from accord.deal.deal import NO_DEAL, Deal
from accord.lowering.tariff_path import Timeline
from accord.lowering.trade import build_trade_model


@dataclass(frozen=True, eq=False)
class Appraiser:
    """Values packages of a deal and of changed copies of it, one equilibrium a year.

    Equilibria already solved are remembered, so that changes of money alone cost less.

    Attributes:
        world: The baseline.
        settings: As for an assessment; draws are not used.
        timeline: Which tariffs hold when.
    """

    world: World
    settings: AssessSettings
    timeline: Timeline = "dated"
    solver: Solver = field(init=False)
    weights: Float[np.ndarray, " set"] = field(init=False)
    nothing: list[tuple[tuple[Clause, ...], PackageInputs]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Build the trade model once."""
        settings = replace(self.settings.for_world(self.world), draws=0)
        name = str(settings.elasticities)
        model = build_trade_model(self.world, name)
        if settings.closure == "balanced":
            model = model.balance(settings.trade)
        sets, weights = choose_sets(self.world, settings)
        object.__setattr__(self, "settings", settings)
        object.__setattr__(self, "weights", weights)
        object.__setattr__(self, "solver", Solver(model, settings.trade, Elasticities(sets)))

    def payoff(self, deal: Deal, name: str) -> Float[np.ndarray, " region"]:
        """Return the payoff of a package against no deal by region, bn USD of the price year.

        Raises:
            SolveError: An equilibrium was not found.
        """
        clock = build_clock(deal, self.world)
        inputs = central_inputs(self.weights, len(clock.years))
        parts = value_components(
            self._case(deal, name), self._without(deal), Exact(self.solver),
            clock=clock, inputs=inputs, timeline=self.timeline, regions=self.world.regions,
        )  # fmt: skip
        return np.asarray(
            present_value(parts, clock.factors(inputs, self.world.regions))[0].sum(axis=0)
        )

    def _without(self, deal: Deal) -> PackageInputs:
        """Return no deal, worked out once for as long as its clauses stay the same."""
        clauses = deal.clauses(NO_DEAL)
        for known, package in self.nothing:
            if known == clauses:
                return package
        self.nothing.append((clauses, self._case(deal, NO_DEAL)))
        return self.nothing[-1][1]

    def _case(self, deal: Deal, name: str) -> PackageInputs:
        settings = self.settings
        money = solve_package_finance(deal, [name], settings.finance)
        currency = solve_package_external(
            deal, [name], self.world, money=money, config=settings.external
        )
        return build_package_inputs(
            deal, name, self.world, self.solver.model,
            money=money, risks=find_risks(currency, settings), triggered=settings.triggered,
        )  # fmt: skip
