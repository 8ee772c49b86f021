"""What scenarios of one ground share: baselines by elasticity, the money of packages, shocks."""

import hashlib
import json
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np

from accord.assessment.settings import AssessSettings
from accord.assessment.snapshot.finance import solve_package_finance
from accord.assessment.snapshot.packages import (
    Money,
    MoneySource,
    build_models,
    solve_money,
)
from accord.assessment.sweep.changes import Changes
from accord.assessment.sweep.ground import Ground
from accord.core.arrays import frozen
from accord.data.world import World
from accord.deal.clauses.base import ClauseBase
from accord.deal.deal import Deal
from accord.lowering.trade import lower_package, with_elasticity
from accord.lowering.transfers import Transfer, yearly_transfers
from accord.trade.model import TradeModel
from accord.trade.plan import TradeShock

Thing = TypeVar("Thing")
KEPT = 64  # things of a kind that a process remembers


class Memory:
    """The things made last, by key."""

    def __init__(self, size: int = KEPT) -> None:
        """Remember so many at most."""
        self._size = size
        self._things: OrderedDict[Hashable, Any] = OrderedDict()

    def __contains__(self, key: Hashable) -> bool:
        """Whether a thing of this key is remembered."""
        return key in self._things

    def make(self, key: Hashable, make: Callable[[], Thing]) -> Thing:
        """Return what was made under a key, or make it."""
        if key not in self._things:
            self._things[key] = make()
            if len(self._things) > self._size:
                self._things.popitem(last=False)
        self._things.move_to_end(key)
        thing: Thing = self._things[key]
        return thing


@dataclass(frozen=True, eq=False)
class SetsInPlay:
    """The baseline with each set of elasticities in play.

    Attributes:
        key: What tells it from others of the same ground.
        models: One for each set, that of the settings first.
        mean: The sets that central figures are the mean over.
    """

    key: Hashable
    models: tuple[TradeModel, ...]
    mean: slice


@dataclass(frozen=True, eq=False)
class KnownShock:
    """The shock of a package, with what tells it from others of the same ground."""

    key: Hashable
    shock: TradeShock


class SharedParts:
    """Makes the baseline and the shocks of a scenario; what scenarios share is made once."""

    def __init__(self, ground: Ground) -> None:
        """Begin with nothing made."""
        self._ground = ground
        self._shared, self._transfers, self._shocks = Memory(), Memory(), Memory()
        self._digests, self._settings = Memory(), Memory()
        self._money = Memory(len(ground.deal.package_names) + 1)  # all paths: much memory

    def baseline(self, settings: AssessSettings, changes: Changes) -> SetsInPlay:
        """Return the baseline of a scenario.

        Raises:
            SolveError: Its deficits cannot be closed.
        """
        factors = self._ground.factors_of(changes)
        key = (
            settings.trade, settings.elasticities, settings.sets, settings.ranges,
            *sorted(factors.items()),
        )  # fmt: skip
        return self._shared.make(key, lambda: self._build(key, settings, factors))

    def _build(
        self, key: Hashable, settings: AssessSettings, factors: Mapping[str, float]
    ) -> SetsInPlay:
        world = self._ground.world
        mean = mean_of(settings, world)
        if not factors or settings.closure == "balanced":  # deficits close at given elasticities
            return SetsInPlay(key, build_models(scale(world, factors), settings), mean)
        plain = self.baseline(settings, {})
        by_sector = _by_sector(world, factors)
        models = (with_elasticity(model, by_sector * model.elasticity) for model in plain.models)
        return SetsInPlay(key, tuple(models), mean)

    def shock(
        self, deal: Deal, name: str, settings: AssessSettings, *, scenario: str
    ) -> KnownShock:
        """Return what a package of a scenario does to the world economy in an average year.

        Args:
            deal: The deal of the scenario.
            name: Name of the package.
            settings: How the scenario is assessed.
            scenario: Its hash.
        """
        transfers = self._transfers_of(deal, name, settings)

        def lower() -> TradeShock:
            world = self._ground.world
            return lower_package(deal, name, world, transfers, triggered=settings.triggered)

        if deal.package(name) is not self._ground.deal.package(name):
            return KnownShock((scenario, name), lower())
        key = (name, transfers, settings.triggered)
        return KnownShock(key, self._shocks.make(key, lower))

    def _transfers_of(
        self, deal: Deal, name: str, settings: AssessSettings
    ) -> tuple[Transfer, ...]:
        """Return the yearly transfers of a package, solved once for all that have its money."""

        def solve() -> tuple[Transfer, ...]:
            return tuple(
                transfer
                for pair in solve_package_finance(deal, [name], settings.finance)
                for transfer in yearly_transfers(pair.pair, pair.solution, deal.window)
            )

        return self._transfers.make(self._money_key(deal, name, settings), solve)

    def money(self, settings: AssessSettings) -> MoneySource:
        """Return what gives the money of a package, paths and all; it answers to no tariff."""

        def give(deal: Deal, name: str) -> Money:
            return self._money.make(
                self._money_key(deal, name, settings),
                lambda: solve_money(deal, name, self._ground.world, settings),
            )

        return give

    def _money_key(self, deal: Deal, name: str, settings: AssessSettings) -> Hashable:
        """Return what the money of a package depends on within one ground.

        Scenarios share the clauses that they do not change, so that their digest is made once.
        """
        clauses = tuple(c for c in deal.package(name).clause if not c.sets_rates)
        known = tuple(map(id, clauses))  # of objects that are held with the digest
        _, digest = self._digests.make(known, lambda: (clauses, _digest_of(clauses)))
        return (name, digest, settings.paths, settings.seed)

    def settings(self, given: AssessSettings, deal: Deal) -> AssessSettings:
        """Return settings with a set of elasticities that the world has.

        Raises:
            InputError: A set or an event is not known.
        """
        triggers = deal.triggers if given.triggered else ()
        return self._settings.make(
            (given, triggers), lambda: given.for_world(self._ground.world, triggers)
        )


def _digest_of(clauses: Sequence[ClauseBase]) -> bytes:
    text = json.dumps([c.model_dump(mode="json") for c in clauses], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).digest()


def mean_of(settings: AssessSettings, world: World) -> slice:
    """Return the sets of elasticities in play that central figures are the mean over."""
    return slice(None) if settings.averages(world) else slice(1)


def scale(world: World, factors: Mapping[str, float]) -> World:
    """Return a world with the trade elasticities of some sectors times a factor, in every set."""
    if not factors:
        return world
    by_sector = _by_sector(world, factors)
    sets = {name: frozen(by_sector * values) for name, values in world.elasticities.items()}
    return replace(world, elasticity=frozen(by_sector * world.elasticity), elasticities=sets)


def _by_sector(world: World, factors: Mapping[str, float]) -> np.ndarray:
    return np.array([factors.get(sector, 1.0) for sector in world.sectors])
