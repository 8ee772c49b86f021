"""Central payoffs of the packages of a draft: what did not change is not worked out again."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from accord.assessment.settings import AssessSettings
from accord.assessment.snapshot.external import solve_package_external
from accord.assessment.snapshot.finance import solve_package_finance
from accord.assessment.valuation.cash_flows import CashFlows, build_cash_flows
from accord.assessment.valuation.equations import present_value
from accord.assessment.valuation.package_inputs import PackageInputs
from accord.assessment.valuation.payoff import build_clock, gather_package_inputs, value_components
from accord.assessment.valuation.uncertainty import central_inputs, find_parameters
from accord.assessment.valuation.valuation import build_solvers, build_surface, find_risks
from accord.assessment.valuation.welfare.node_cache import NodeCache
from accord.assessment.valuation.welfare.surface import Solver
from accord.assessment.views.rule import build_view
from accord.data.world import World
from accord.deal.deal import NO_DEAL, Deal
from accord.deal.load import check_deal, read_deal
from accord.lowering.roles import region_axis
from accord.lowering.trade import build_trade_model
from accord.trade.model import TradeModel
from accord.web.desk.recent import Components, PricedDeal, Recent
from accord.web.drafts.draft import Draft

MOST_COMPILED = 3  # worlds, after which their programs are dropped while nobody asks
MOST_PRICED = 400  # packages, after which equilibria in memory are dropped: the disk has them


@dataclass(frozen=True, eq=False)
class _Studio:
    """What packages of all deals in one world share."""

    model: TradeModel
    solvers: tuple[Solver, ...]
    nothing: Recent[PackageInputs]


@dataclass(frozen=True, eq=False)
class _Money:
    """What a package moves, and the risks of it."""

    cash_flows: tuple[CashFlows, ...]
    risks: dict[str, tuple[np.ndarray, float]]


@dataclass(eq=False)
class Pricing:
    """Works out central figures; one thread at a time.

    Attributes:
        settings: As for an assessment; draws are not used.
        load: Returns the default world.
    """

    settings: AssessSettings
    load: Callable[[], World]
    _worlds: Recent[World] = field(default_factory=lambda: Recent(4))
    _studios: Recent[_Studio] = field(default_factory=lambda: Recent(4))
    _money: Recent[_Money] = field(default_factory=lambda: Recent(2))
    _priced: int = 0
    _built: int = 0

    def open(self, draft: Draft) -> PricedDeal:
        """Return a draft as a deal.

        Raises:
            InputError: Anything in it is wrong; all problems at once, as `accord check` tells them.
        """
        whole = self.load()
        deal = read_deal(draft.text, world=whole)
        world = self._worlds.make(
            _digest(_shape(draft.tables)),
            lambda: build_view(check_deal(deal, whole), whole).world,
        )
        deal = check_deal(deal, world)
        return PricedDeal(draft, deal, world, region_axis(deal, world))

    def components(self, priced: PricedDeal, deal: Deal, name: str) -> Components:
        """Return what adds up to the payoff of a package against no deal, bn USD of present value.

        Args:
            priced: The deal.
            deal: The same deal, or one with other terms.
            name: Name of the package.

        Raises:
            SolveError: An equilibrium was not found.
        """
        studio = self._studio(priced.world)
        settings = replace(self.settings.for_world(priced.world, deal.triggers), draws=0)
        tables = dict(priced.draft.tables)
        rest = _digest([{k: v for k, v in tables.items() if k != "package"}, _window(deal)])
        nothing = studio.nothing.make(
            rest, lambda: self._inputs(studio, deal, NO_DEAL, priced.world, settings, rest)
        )
        package = self._inputs(studio, deal, name, priced.world, settings, rest)
        clock = build_clock(deal, priced.world)
        inputs = central_inputs(len(studio.solvers[0].sets), find_parameters(deal))
        gains = value_components(
            package, nothing, build_surface(studio.solvers, (package, nothing), clock, inputs),
            clock=clock, inputs=inputs, timeline="dated", regions=clock.regions,
        )  # fmt: skip
        return np.asarray(present_value(gains, clock.factors(inputs, clock.regions))[0])

    def rest(self) -> None:
        """Drop what takes much memory and is soon made again.

        That is the money of every path, the equilibria of all worlds but the last, which the disk
        has, and programs that were compiled for many worlds.
        """
        self._money.forget(0)
        self._studios.forget(1)
        if self._built > MOST_COMPILED:
            from accord.core.precision import drop_programs

            drop_programs()
            self._built = 0

    def _inputs(  # noqa: PLR0917
        self, studio: _Studio, deal: Deal, name: str, world: World, settings: AssessSettings,
        rest: str,
    ) -> PackageInputs:  # fmt: skip
        clauses = [
            clause.model_dump(mode="json")
            for clause in deal.package(name).clause
            if not clause.sets_rates
        ]
        money = self._money.make(
            (world.sha256, rest, name, _digest(clauses)),
            lambda: _solve_money(deal, name, world, settings),
        )
        return gather_package_inputs(
            deal, name, world, studio.model, cash_flows=money.cash_flows, risks=money.risks,
            triggered=settings.triggered, central="dated",
        )  # fmt: skip

    def _studio(self, world: World) -> _Studio:
        """Return the model and solvers of a world; new ones after many packages."""
        self._priced += 1
        return self._studios.make(
            (world.sha256, self._priced // MOST_PRICED), lambda: self._build(world)
        )

    def _build(self, world: World) -> _Studio:
        self._built += 1
        settings = replace(self.settings.for_world(world), draws=0)
        model = build_trade_model(world, str(settings.elasticities))
        return _Studio(model, build_solvers(model, world, settings, NodeCache()), Recent(16))


def _solve_money(deal: Deal, name: str, world: World, settings: AssessSettings) -> _Money:
    finance = solve_package_finance(deal, [name], settings.finance)
    external = solve_package_external(
        deal, [name], world, finance=finance, config=settings.external
    )
    flows = tuple(build_cash_flows(pair, deal, world) for pair in finance)
    return _Money(flows, find_risks(external, settings))


def _window(deal: Deal) -> list[Any]:
    return [list(deal.window), deal.evaluate_on.isoformat()]


def _shape(value: Any) -> Any:
    """Return parsed tables without their numbers and days: what a view of the world depends on."""
    if isinstance(value, Mapping):
        return {key: _shape(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_shape(item) for item in value]
    return value if isinstance(value, str) else None


def _digest(plain: Any) -> str:
    text = json.dumps(plain, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
