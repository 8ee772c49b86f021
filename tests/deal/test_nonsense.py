"""Whatever stands in a deal file, the check answers with problems and never with a crash."""

import tomllib
from copy import deepcopy
from datetime import UTC, date, datetime
from typing import Any

import pytest

from accord.deal.checks.check import find_problems
from tests.deal.examples import DEAL, small_world

WORLD = small_world()


def places(value, path=()):
    """Every place of a parsed file."""
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in items:
        if isinstance(inner, dict | list):
            yield from places(inner, (*path, key))
        else:
            yield (*path, key)


NONSENSE: tuple[Any, ...] = (
    3,
    -1.5,
    float("nan"),
    float("inf"),
    datetime(2020, 1, 1, tzinfo=UTC),
    True,
    "KOREA",
    "",
    date(2020, 1, 1),
    [],
    [1],
    ["x", []],
    {},
    {"a": 1},
    [{}],
)
RICH = tomllib.loads(
    DEAL
    + """
displacement = { low = 0.1, mode = 0.2, high = 0.3 }
sectors = { energy = 1.0 }
[[package.clause]]
kind = "tariff"
importer = "USA"
exporters = ["JPN"]
products = ["8703"]
rate = 0.1
rule = "add"
from = 2025-12-01
until = 2027-01-01
steps = [{ from = 2026-01-01, rate = 0.2 }]
quota = { amount = 1e9 }
snap_back = { trigger = "x", rate = 0.3 }
retroactive = { decided = 2026-01-01, charged_rate = 0.2 }
[[history]]
name = "past"
importer = "USA"
exporters = ["KOR"]
dates = [2025-01-01]
"""
)
PLACES = [path for path in places(RICH) if path]


@pytest.mark.parametrize("path", PLACES, ids=lambda path: ".".join(map(str, path)))
def test_nonsense_anywhere_is_a_problem_or_harmless_but_never_a_crash(path):
    for value in NONSENSE:
        raw = deepcopy(RICH)
        here = raw
        for step in path[:-1]:
            here = here[step]
        here[path[-1]] = value
        for world in (WORLD, None):
            problems = find_problems(raw, world)
            assert all(problem.path and problem.message for problem in problems)
