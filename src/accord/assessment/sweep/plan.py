"""The plan of a sweep: a deal, and a grid, a sample or a list of scenarios of it."""

import datetime as dt
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from math import prod
from pathlib import Path
from typing import Any, Literal, get_args

from accord.assessment.settings import AssessSettings
from accord.assessment.sweep.changes import (
    WORLD,
    Changes,
    Range,
    Value,
    Values,
    find_name,
    find_value,
    flatten,
    read_settings,
    read_values,
    usual_settings,
)
from accord.core.arguments import check_kind
from accord.core.boundary.settings import as_plain
from accord.core.errors import InputError, Problem
from accord.core.words import propose
from accord.data.world import World
from accord.deal.deal import Deal

Figures = Literal["yearly", "payoffs"]
METHODS = ("grid", "sample", "scenario")
KEYS = (
    "schema", "name", "deal", "as_of", "world", "packages", "regions", "figures", "settings",
    "term", *METHODS,
)  # fmt: skip
SCHEMA = 1
MOST_SCENARIOS = 1_000_000
USUAL_SEED = 20251114
UNNAMED = "sweep"
DIGITS = 8  # of a digest, behind the name of a world that another world has as well


@dataclass(frozen=True, eq=False, kw_only=True)
class SweepPlan:
    """A plan as it was given, right in form; `open_grounds` checks it against the deal.

    Attributes:
        subject: The file, or "the plan".
        folder: Where files that it names are looked up.
        name: What the sweep is called.
        deal: Name of a case, path of a deal file, or a deal.
        as_of: Day, or name of a vintage, after which nothing counts.
        world: Name or file of a world, or a world; the view of the default one if None.
        packages: Packages that are told; every one if empty.
        regions: Regions that are told; the parties if empty.
        figures: "yearly" for an average year alone, "payoffs" for the whole horizon as well.
        settings: How scenarios are assessed unless they say otherwise.
        terms: Terms beside those of the deal file, written as there.
        grid: Values of each change; every combination is a scenario.
        sample: Values or ranges of each change, to be drawn from.
        count: Scenarios drawn.
        seed: Seed of the draws.
        listed: Changes of single scenarios.
        names: What the listed ones are called.
    """

    subject: str = "the plan"
    folder: Path = field(default_factory=Path)
    name: str = UNNAMED
    deal: str | Path | Deal = ""
    as_of: dt.date | str | None = None
    world: str | Path | World | None = None
    packages: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    figures: Figures = "yearly"
    settings: AssessSettings = field(default_factory=usual_settings)
    terms: tuple[Mapping[str, Any], ...] = ()
    grid: Mapping[str, tuple[Value, ...]] = field(default_factory=dict)
    sample: Mapping[str, Values] = field(default_factory=dict)
    count: int = 0
    seed: int = USUAL_SEED
    listed: tuple[Changes, ...] = ()
    names: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        """Number of scenarios."""
        return self.grid_size + self.count + len(self.listed)

    @property
    def grid_size(self) -> int:
        """Number of combinations of the grid."""
        return prod(len(values) for values in self.grid.values()) if self.grid else 0

    @property
    def changed(self) -> tuple[str, ...]:
        """Names of everything that some scenario changes, in order of appearance."""
        tables = (self.grid, self.sample, *self.listed)
        return tuple(dict.fromkeys(name for table in tables for name in table))

    def values(self) -> Iterator[tuple[str, str, Value]]:
        """Yield place, name and value of every change, each value once; ends of ranges."""
        seen: set[tuple[str, Any]] = set()
        for path, table in (
            ("grid", self.grid), ("sample", self.sample),
            *((f"scenario[{at}]", changes) for at, changes in enumerate(self.listed, start=1)),
        ):  # fmt: skip
            for name, given in table.items():
                values = (given.low, given.high) if isinstance(given, Range) else given
                for value in values if isinstance(values, tuple) else (values,):
                    if (name, value) not in seen:
                        seen.add((name, value))
                        yield f"{path}.{name}", name, value


def read_plan(given: Path | str | Mapping[str, Any]) -> SweepPlan:
    """Return the plan in a TOML file, or in a table of Python of the same shape.

    Raises:
        InputError: It cannot be read, or something in it is wrong; all problems at once.
    """
    remedy = "Give the path of a plan, or a table such as {'deal': ..., 'grid': {...}}"
    check_kind("plan", given, (str, Path, Mapping), remedy)
    if isinstance(given, Mapping):
        return _read(given, "the plan", Path())
    path = Path(given)
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        message = f"cannot be read: {error.strerror or error}"
        problem = Problem(str(path), message, "Check that the plan is there and may be read")
        raise InputError([problem], str(path)) from error
    except ValueError as error:
        remedy = "A plan is plain text in TOML: tables in brackets, text in quotes"
        problem = Problem(str(path), f"is not TOML: {error}", remedy)
        raise InputError([problem], str(path)) from error
    return _read(table, str(path), path.parent)


def is_plan(table: Mapping[str, Any]) -> bool:
    """Whether a parsed file is a plan rather than a deal."""
    return isinstance(table.get("deal"), str) or any(name in table for name in METHODS)


def _read(given: Mapping[Any, Any], subject: str, folder: Path) -> SweepPlan:
    problems = [
        Problem(str(key), "is no key of a plan", propose(str(key), KEYS))
        for key in given
        if key not in KEYS
    ]
    if given.get("schema", SCHEMA) != SCHEMA:
        problems.append(Problem("schema", f"{given['schema']!r} is not known", f"Write {SCHEMA}"))
    fields: dict[str, Any] = {"subject": subject, "folder": folder}
    fields |= _read_head(given, problems)
    settings = given.get("settings", {})
    if isinstance(settings, AssessSettings):
        fields["settings"] = settings
    elif isinstance(settings, Mapping):
        fields["settings"], wrong = read_settings("settings", settings)
        problems += wrong
    else:
        problems.append(Problem("settings", "is no table", "Write [settings], or leave it out"))
    fields |= _read_grid(given, problems) | _read_sample(given, problems)
    fields |= _read_list(given, problems)
    plan = SweepPlan(**fields)
    if not problems and not plan.size:
        remedy = "Write [grid], [sample] or [[scenario]]"
        problems.append(Problem("", "the plan has no scenario", remedy))
    if plan.size > MOST_SCENARIOS:
        message = f"{plan.size:,} scenarios are more than {MOST_SCENARIOS:,}"
        problems.append(Problem("", message, "Draw a [sample], or cut the plan into several"))
    if problems:
        raise InputError(problems, subject)
    return plan


def _read_head(given: Mapping[Any, Any], problems: list[Problem]) -> dict[str, Any]:
    """Return what is not about scenarios, as far as it is right."""
    kinds: dict[str, tuple[Any, str]] = {
        "name": (str, "a word"),
        "deal": ((str, Path, Deal), "a case, or the path of a deal file"),
        "as_of": ((str, dt.date), "a day such as 2026-02-20, or the name of a vintage"),
        "world": ((str, Path, World), "the name of a world, or a file that World.save wrote"),
    }
    fields: dict[str, Any] = {}
    for name, (kind, words) in kinds.items():
        if given.get(name) is None or (name == "deal" and not given[name]):
            continue
        if isinstance(given[name], kind) and given[name] != "":
            fields[name] = given[name]
        else:
            problems.append(Problem(name, f"{given[name]!r:.80} does not fit", f"Give {words}"))
    if not given.get("deal"):
        problems.append(Problem("deal", "is missing", 'Write deal = "us-korea-2025"'))
    for name in ("packages", "regions"):
        names = given.get(name, ())
        if isinstance(names, list | tuple) and all(isinstance(text, str) for text in names):
            fields[name] = tuple(dict.fromkeys(names))
        else:
            remedy = 'Give names in a list: ["signed"]'
            problems.append(Problem(name, f"{names!r:.80} is no list of names", remedy))
    figures = given.get("figures", "yearly")
    if figures in get_args(Figures):
        fields["figures"] = figures
    else:
        message = f"{figures!r:.80} is not known"
        problems.append(Problem("figures", message, propose(str(figures), get_args(Figures))))
    terms = given.get("term", ())
    if isinstance(terms, list | tuple) and all(isinstance(term, Mapping) for term in terms):
        fields["terms"] = tuple(terms)
    else:
        problems.append(Problem("term", "is no list of tables", "Write [[term]]"))
    return fields


def _tables(given: Mapping[Any, Any], key: str, problems: list[Problem]) -> Mapping[Any, Any]:
    table = given.get(key, {})
    if isinstance(table, Mapping):
        return table
    problems.append(Problem(key, "is no table", f"Write [{key}]"))
    return {}


def _read_grid(given: Mapping[Any, Any], problems: list[Problem]) -> dict[str, Any]:
    grid: dict[str, Values] = {}
    table, twice = flatten("grid", _tables(given, "grid", problems))
    problems += twice
    for name, values in table.items():
        wrong = find_name(f"grid.{name}", name)
        if not wrong:
            grid[name], wrong = read_values(f"grid.{name}", name, values, ranges=False)
        problems += wrong
    return {"grid": grid}


def _read_sample(given: Mapping[Any, Any], problems: list[Problem]) -> dict[str, Any]:
    table = dict(_tables(given, "sample", problems))
    if not table:
        return {}
    count, seed = table.pop("count", None), table.pop("seed", USUAL_SEED)
    if not isinstance(count, int) or isinstance(count, bool) or count < 1:
        words = "is missing" if count is None else f"{count!r:.80} is no number of scenarios"
        problems.append(Problem("sample.count", words, "Give a whole number above zero"))
        count = 0
    if not isinstance(seed, int) or isinstance(seed, bool) or seed < 0:
        message = f"{seed!r:.80} is no seed"
        problems.append(Problem("sample.seed", message, "Give a whole number from zero"))
    sample: dict[str, Values] = {}
    changes, twice = flatten("sample", table)
    problems += twice
    for name, values in changes.items():
        wrong = find_name(f"sample.{name}", name)
        if not wrong:
            sample[name], wrong = read_values(f"sample.{name}", name, values, ranges=True)
        problems += wrong
    if not sample and not problems:
        remedy = "Give a range or a list, such as term.cars = { low = 0, high = 0.25 }"
        problems.append(Problem("sample", "nothing changes", remedy))
    return {"sample": sample, "count": count, "seed": seed}


def _read_list(given: Mapping[Any, Any], problems: list[Problem]) -> dict[str, Any]:
    entries = given.get("scenario", ())
    if not isinstance(entries, list | tuple) or not all(isinstance(e, Mapping) for e in entries):
        problems.append(Problem("scenario", "is no list of tables", "Write [[scenario]]"))
        return {}
    listed, names = [], []
    for at, entry in enumerate(entries, start=1):
        path = f"scenario[{at}]"
        changes, twice = flatten(
            path, {key: as_plain(value) for key, value in entry.items() if key != "name"}
        )
        problems += twice
        for name, value in changes.items():
            wrong = find_name(f"{path}.{name}", name)
            problems += wrong or find_value(f"{path}.{name}", name, value)
        listed.append(changes)
        names.append(str(entry.get("name", "")))
    return {"listed": tuple(listed), "names": tuple(names)}


def worlds_of(plan: SweepPlan) -> dict[str, str | Path | World | None]:
    """Return the worlds that scenarios are priced in by what tells them apart, the plan's first."""
    named = [plan.world, *(value for _, name, value in plan.values() if name == WORLD)]
    return {key_of(world): world for world in named}


def key_of(world: str | Path | World | None) -> str:
    """Return what tells a world from others of a plan: its content, or the name or file given.

    It is "" for None, which is the view of the default world.
    """
    if world is None:
        return ""
    return world.sha256 if isinstance(world, World) else str(world)


def words_of(plan: SweepPlan) -> dict[str, str]:
    """Return what tables call each world of a plan, by its key: its name, or the file given.

    Worlds of one name have the beginning of their digest behind it.
    """
    worlds = worlds_of(plan)
    names = {key: world.name if isinstance(world, World) else key for key, world in worlds.items()}
    often = Counter(names.values())
    return {
        key: f"{name} {key[:DIGITS]}" if often[name] > 1 and name != key else name
        for key, name in names.items()
    }
