"""The ground of scenarios: a deal in a world, checked for everything that a plan changes in it."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from functools import cache, cached_property
from importlib import metadata, resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from accord.assessment.settings import AssessSettings
from accord.assessment.sweep.changes import (
    ELASTICITY,
    SET,
    SETTING,
    TERM,
    Changes,
    Value,
    change_settings,
    place,
)
from accord.assessment.sweep.plan import Figures, SweepPlan, worlds_of
from accord.assessment.views.rule import build_view
from accord.core.errors import InputError, Problem
from accord.core.words import propose
from accord.data.files.world_file import open_world
from accord.data.store import DEFAULT_WORLD
from accord.data.world import World
from accord.deal.deal import NO_DEAL, Deal
from accord.deal.load import add_terms, check_deal, load_deal
from accord.deal.terms.terms import terms_of
from accord.deal.terms.values import find_wrong_values
from accord.lowering.roles import region_axis

FORMAT = 1
ALL = "all"
HASH = 32  # hexadecimal digits
ONLY_PAYOFFS = ("draws", "sourcing")
"""Settings that move no figure of an average year."""
ENGINE = ("assessment", "core", "data", "deal", "external", "finance", "lowering", "trade")
"""Rooms whose code makes the figures."""


@dataclass(frozen=True, eq=False)
class Ground:
    """A deal in a world.

    Attributes:
        key: Digest of the deal, the world, what is told and the program.
        deal: The deal, with the packages that are solved.
        world: The baseline.
        settings: How scenarios are assessed unless they say otherwise.
        packages: Packages that are told.
        regions: Regions that are told.
        figures: What is worked out.
    """

    key: str
    deal: Deal
    world: World
    settings: AssessSettings
    packages: tuple[str, ...]
    regions: tuple[str, ...]
    figures: Figures

    def hash_of(self, changes: Changes) -> str:
        """Return the digest of everything that the figures of a scenario depend on."""
        settings = {**asdict(self.settings), **dict(_inside(changes, SETTING))}
        settings[SET] = changes.get(SET, settings[SET])
        for name in ONLY_PAYOFFS if self.figures == "yearly" else ():
            del settings[name]
        told = {
            "terms": dict(_inside(changes, TERM)),
            "factors": self.factors_of(changes),
            "settings": settings,
        }
        text = f"{self.key} {json.dumps(told, sort_keys=True, default=str)}"
        return hashlib.sha256(text.encode()).hexdigest()[:HASH]

    def settings_of(self, changes: Changes) -> AssessSettings:
        """Return how a scenario is assessed.

        Raises:
            InputError: Its settings do not go together.
        """
        given: dict[str, Any] = dict(_inside(changes, SETTING))
        if SET in changes:
            given[SET] = changes[SET]
        return replace(self.settings, **given) if given else self.settings

    def deal_of(self, changes: Changes) -> Deal:
        """Return the deal of a scenario: each package with the terms that it has.

        Raises:
            InputError: A value is outside its bounds, or makes no clause.
        """
        deal, values = self.deal, dict(_inside(changes, TERM))
        for package, known in self._movable.items() if values else ():
            own = {name: value for name, value in values.items() if name in known}
            deal = deal.vary(own, package=package)
        return deal

    @cached_property
    def _movable(self) -> dict[str, frozenset[str]]:
        """Names of the terms of each package that is told."""
        return {
            package: frozenset(term.name for term in terms_of(self.deal, package))
            for package in self.packages
            if package != NO_DEAL
        }

    def factors_of(self, changes: Changes) -> dict[str, float]:
        """Return the factor on the trade elasticity of each sector that a scenario changes."""
        factors: dict[str, float] = {}
        for name, factor in _inside(changes, ELASTICITY):
            for sector in sectors_named(self.world, name):
                factors[sector] = factors.get(sector, 1.0) * factor
        return factors


def _inside(changes: Changes, table: str) -> Iterator[tuple[str, Value]]:
    """Yield the changes of a table, by their names in it."""
    for name, value in changes.items():
        head, dot, rest = name.partition(".")
        if dot and head == table:
            yield rest, value


def sectors_named(world: World, name: str) -> tuple[str, ...]:
    """Return the sectors that a name stands for: one, a group of them, or "all"; else none."""
    if name == ALL:
        return world.sectors
    if name in world.sectors:
        return (name,)
    return tuple(sector for sector in world.sector_groups.get(name, ()) if sector in world.sectors)


def open_grounds(plan: SweepPlan) -> dict[str, Ground]:
    """Return the deal of a plan in each world that scenarios are priced in, by `key_of` it.

    Raises:
        InputError: The deal, a world or a change is wrong; all problems at once.
    """
    problems: list[Problem] = []
    grounds: dict[str, Ground] = {}
    for key, given in worlds_of(plan).items():
        try:
            grounds[key] = _open_ground(plan, given)
        except InputError as error:
            problems += [problem for problem in error.problems if problem not in problems]
    if problems:
        raise InputError(problems, plan.subject)
    return grounds


def _open_ground(plan: SweepPlan, given: str | Path | World | None) -> Ground:
    whole = given if isinstance(given, World) else open_world(_beside(plan.folder, given))
    deal = _open_deal(plan, whole)
    is_viewed = given is None or str(given) == DEFAULT_WORLD
    world = build_view(deal, whole).world if is_viewed else whole
    deal = check_deal(deal, world)
    settings, problems = plan.settings, _find_names(plan, deal, world)
    try:
        settings = settings.for_world(world, deal.triggers)
    except InputError as error:
        problems += place(error.problems, "settings")
    problems += _find_values(plan, deal, world)
    if problems:
        raise InputError(problems, plan.subject)
    packages = plan.packages or tuple(name for name in deal.package_names if name != NO_DEAL)
    regions = plan.regions or deal.parties
    is_drawn = settings.draws > 0 or f"{SETTING}.draws" in plan.changed
    whole_deal = is_drawn and plan.figures == "payoffs"  # draws are ordered over all packages
    kept = deal if whole_deal else _only(deal, packages)
    key = _digest(plan, kept, world, (packages, regions))
    return Ground(key, kept, world, plan.settings, packages, regions, plan.figures)


def _beside(folder: Path, given: str | Path | None) -> str | Path | None:
    """Return a file beside the plan where there is one of this name."""
    if given is None:
        return None
    near = folder / given
    return near if near.is_file() else given


def _open_deal(plan: SweepPlan, world: World) -> Deal:
    if isinstance(plan.deal, Deal):
        deal = check_deal(plan.deal, world)
    else:
        deal = load_deal(_beside(plan.folder, plan.deal) or plan.deal, world)
    if plan.terms:
        deal = add_terms(deal, plan.terms, world)
    return deal if plan.as_of is None else deal.as_of(plan.as_of)


def _only(deal: Deal, packages: tuple[str, ...]) -> Deal:
    """Return a deal without its other packages, at the dates that it has with them."""
    dates = {"evaluate_on": deal.evaluate_on, "first_year": deal.window[0]}
    return replace(
        deal,
        packages=tuple(package for package in deal.packages if package.name in packages),
        settings=deal.settings.model_copy(update=dates),
    )


def _find_names(plan: SweepPlan, deal: Deal, world: World) -> list[Problem]:
    """Return packages and regions that are not there."""
    known = {"packages": deal.package_names, "regions": region_axis(deal, world)}
    return [
        Problem(key, f"there is no {key.removesuffix('s')} {name!r}", propose(name, known[key]))
        for key in known
        for name in getattr(plan, key)
        if name not in known[key]
    ]


def _find_values(plan: SweepPlan, deal: Deal, world: World) -> list[Problem]:
    """Return changes that this deal in this world cannot take."""
    problems: list[Problem] = []
    told = [name for name in plan.packages if name in deal.package_names] or deal.package_names
    movable = {name: terms_of(deal, name) for name in told if name != NO_DEAL}
    every = {term.name: term for terms in movable.values() for term in terms}
    for path, name, value in plan.values():
        table, _, rest = name.partition(".")
        if table == TERM and rest not in every:
            remedy = propose(rest, every) if every else "Declare it in [[term]] of the plan"
            problems.append(Problem(path, f"no package has a term {rest!r}", remedy))
        elif table == TERM:
            problems += _rename(find_wrong_values([every[rest]], "", {rest: value}), path)
        elif table == ELASTICITY and not sectors_named(world, rest):
            known = (ALL, *world.sectors, *world.sector_groups)
            problems.append(Problem(path, f"there is no sector {rest!r}", propose(rest, known)))
        elif name == SET and value not in world.elasticities:
            message = f"the world has no set called {value!r}"
            problems.append(Problem(path, message, propose(value, tuple(world.elasticities))))
        elif table == SETTING:
            problems += _rename(change_settings(plan.settings, {rest: value})[1], path)
    return list(dict.fromkeys(problems))


def _rename(problems: Any, path: str) -> list[Problem]:
    return [replace(problem, path=path) for problem in problems]


def _digest(plan: SweepPlan, deal: Deal, world: World, told: tuple[Any, ...]) -> str:
    tables = (deal.background, deal.no_deal, *deal.packages, deal.settings, *deal.external)
    content: Mapping[str, Any] = {
        "format": FORMAT,
        "engine": engine_digest(),
        "deal": deal.sha256,
        "content": [table.model_dump(mode="json") for table in tables],
        "terms": [term.model_dump(mode="json") for term in deal.terms],
        "as_of": deal.as_known_on,
        "world": world.sha256,
        "told": told,
        "figures": plan.figures,
    }
    text = json.dumps(content, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def engine_digest() -> str:
    """Return a digest of the version of Accord and of the code and tables that make figures."""
    digest = hashlib.sha256(metadata.version("accord-workbench").encode())
    for room in ENGINE:
        for name, content in _files(resources.files("accord") / room, room):
            digest.update(f"\0{name}\0".encode())
            digest.update(content)
    return digest.hexdigest()


def _files(folder: Traversable, name: str) -> Iterator[tuple[str, bytes]]:
    """Yield path and content of every file of code or figures in a room, in order."""
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        path = f"{name}/{entry.name}"
        if entry.is_dir():
            yield from _files(entry, path)
        elif entry.name.endswith((".py", ".toml")):
            yield path, entry.read_bytes()
