"""What a scenario may change, by name, and the values that a plan gives it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from math import isfinite
from pathlib import Path
from typing import Any, get_args

import numpy as np

from accord.assessment.settings import AssessSettings, Labour, SourcingSpeed
from accord.core.boundary.settings import as_plain
from accord.core.errors import InputError, Problem
from accord.core.words import propose
from accord.data.world import World
from accord.trade.config import Closure, Competition

TERM, ELASTICITY, SETTING = "term", "elasticity", "setting"
TABLES = (TERM, ELASTICITY, SETTING)
SET, WORLD = "elasticities", "world"
NAMES = (*(f"{table}.NAME" for table in TABLES), SET, WORLD)
SETTINGS = tuple(
    item.name
    for item in fields(AssessSettings)
    if item.init and item.name not in (SET, "triggered", "sets")
)
CHOICES = {
    "closure": get_args(Closure), "competition": get_args(Competition), "labour": get_args(Labour),
    "sourcing": get_args(SourcingSpeed),
}  # fmt: skip
EXAMPLES = {
    TERM: "numbers in units of the field, such as 0.15 for 15 %",
    ELASTICITY: "positive factors, such as 1.2 for a fifth more",
    SETTING: "words or numbers that `[settings]` takes",
    SET: "names of sets of the world",
    WORLD: "names of embedded worlds, or files that World.save wrote",
}
MOST_STEPS = 100_000

Value = Any  # a number or a word; a World where Python gives one
Changes = Mapping[str, Value]


@dataclass(frozen=True)
class Range:
    """Numbers from low to high, for a sample; any of them is as likely as another."""

    low: float
    high: float


Values = tuple[Value, ...] | Range


def flatten(path: str, table: Mapping[Any, Any]) -> tuple[dict[str, Any], list[Problem]]:
    """Return what a table of a plan changes by its whole name, and the names it has twice.

    "term.cars" in quotes and `term.cars` are one name, so nothing but this would tell of both.
    """
    changes: dict[str, Any] = {}
    problems = []
    for name, value in _whole_names(table):
        if name in changes:
            remedy = "Give all its values in one place"
            problems.append(Problem(f"{path}.{name}", "is given twice", remedy))
        changes[name] = value
    return changes, problems


def _whole_names(table: Mapping[Any, Any]) -> Iterator[tuple[str, Any]]:
    for key, value in table.items():
        if key in TABLES and isinstance(value, Mapping):
            yield from ((f"{key}.{name}", inner) for name, inner in value.items())
        else:
            yield str(key), value


def find_name(path: str, name: str) -> list[Problem]:
    """Return the problem of a name that nothing which may change has, or none."""
    table, dot, rest = name.partition(".")
    if table == SETTING and dot and rest not in SETTINGS:
        return [Problem(path, f"there is no setting {rest!r}", propose(rest, SETTINGS))]
    if (dot and rest and table in TABLES) or name in (SET, WORLD):
        return []
    return [Problem(path, f"{name!r} is nothing that may change", propose(name, NAMES))]


def read_values(path: str, name: str, given: Any, *, ranges: bool) -> tuple[Values, list[Problem]]:
    """Return the values of a change in a grid or sample, and what is wrong with them.

    Args:
        path: Place in the plan.
        name: Name of the change.
        given: A list, one value, or a table with low and high.
        ranges: Keep low to high as a range; otherwise `steps` values from one to the other.
    """
    if isinstance(given, Mapping):
        return _read_range(path, name, given, ranges=ranges)
    values = tuple(given) if isinstance(given, list | tuple | np.ndarray) else (given,)
    values = tuple(as_plain(value) for value in values)
    if not values:
        return (), [Problem(path, "is empty", f"Give {EXAMPLES[name.partition('.')[0]]}")]
    problems = [problem for value in values for problem in find_value(path, name, value)]
    return values, problems


def _read_range(
    path: str, name: str, given: Mapping[str, Any], *, ranges: bool
) -> tuple[Values, list[Problem]]:
    wanted = ("low", "high") if ranges else ("low", "high", "steps")
    written = ", ".join(f"{key} = ..." for key in wanted)
    if name.partition(".")[0] not in (TERM, ELASTICITY):
        return (), [Problem(path, "has no low and high", "Give its values in a list")]
    if set(given) != set(wanted):
        return (), [Problem(path, "is no range", f"Write {{ {written} }}, or a list")]
    low, high, steps = given["low"], given["high"], given.get("steps", 2)
    problems = [
        problem
        for key, value in (("low", low), ("high", high))
        for problem in find_value(f"{path}.{key}", name, value)
    ]
    if not isinstance(steps, int) or isinstance(steps, bool) or not 2 <= steps <= MOST_STEPS:
        remedy = f"Give a whole number from 2 to {MOST_STEPS:,}"
        problems.append(Problem(f"{path}.steps", f"{steps!r} is no number of values", remedy))
    if not problems and not low < high:
        problems.append(Problem(path, f"low {low:g} is not below high {high:g}", "Swap the two"))
    if problems:
        return (), problems
    return (Range(low, high) if ranges else tuple(np.linspace(low, high, steps).tolist())), []


def find_value(path: str, name: str, value: Any) -> list[Problem]:
    """Return the problem of a value that a change cannot take in any deal or world, or none."""
    table = name.partition(".")[0]
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)
    kinds = {
        TERM: is_number,
        ELASTICITY: is_number and value > 0,
        SET: isinstance(value, str),
        WORLD: isinstance(value, str | Path | World) and value != "",
        SETTING: isinstance(value, str | int | float),
    }
    if kinds[table]:
        return []
    return [Problem(path, f"{value!r:.80} does not fit", f"Give {EXAMPLES[table]}")]


def usual_settings() -> AssessSettings:
    """Return the settings of a scenario where a plan says nothing: no draws."""
    return AssessSettings(draws=0)


def read_settings(path: str, given: Mapping[Any, Any]) -> tuple[AssessSettings, list[Problem]]:
    """Return the settings in a table, the usual ones where they are wrong, and what is wrong.

    There are no draws unless they are asked for.
    """
    known = tuple(item.name for item in fields(AssessSettings) if item.init)
    problems = [
        Problem(f"{path}.{name}", f"there is no setting {name!r}", propose(str(name), known))
        for name in given
        if name not in known
    ]
    kept = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in given.items()
        if name in known
    }
    settings, wrong = change_settings(usual_settings(), kept)
    return settings, [*problems, *place(wrong, path)]


def change_settings(
    settings: AssessSettings, given: Mapping[str, Any]
) -> tuple[AssessSettings, list[Problem]]:
    """Return other settings, the same where those given are wrong, and what is wrong with them."""
    wrong = [
        Problem(name, f"{value!r:.80} is not known", propose(str(value), CHOICES[name]))
        for name, value in given.items()
        if name in CHOICES and value not in CHOICES[name]
    ]
    right = {name: value for name, value in given.items() if name not in {p.path for p in wrong}}
    try:
        return replace(settings, **right), wrong
    except InputError as error:
        return settings, [*wrong, *error.problems]


def place(problems: Sequence[Problem], path: str) -> list[Problem]:
    """Return problems with a place in the plan before their own."""
    return [
        Problem(f"{path}.{problem.path}" if problem.path else path, problem.message, problem.remedy)
        for problem in problems
    ]
