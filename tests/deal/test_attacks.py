"""Deal files mutilated at random: the answer is a deal or `InputError`, never a crash or a hang.

A few hundred mutants in the normal run, the same ones each time; fifteen thousand of each kind with
`pytest --long tests/deal/test_attacks.py`.
"""

import resource
import tomllib
from copy import deepcopy
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accord.assessment.check import check
from accord.cases.shipped import case_path
from accord.core.errors import InputError
from accord.deal.checks.check import find_problems
from accord.deal.load import load_deal, read_deal
from accord.lowering.finance import lower_finance
from tests.deal.examples import DEAL, small_world
from tests.deal.test_nonsense import places

WORLD = small_world()
MOST_KILOBYTES = 500_000
RICH = (
    DEAL
    + """
displacement = { low = 0.1, mode = 0.2, high = 0.3 }
sectors = { energy = 0.5, plant = 0.5 }
notice_business_days = 45
missed = [{ from = 2027-01-01, until = 2027-06-30, share = 0.5 }]
[[package.clause]]
kind = "investment"
payer = "KOR"
host = "USA"
amount = 150e9
instrument = "guarantee"
interest = "ust20 + 0.01"
loan_years = 15
grace_years = 3
[[package.clause]]
kind = "profit_split"
until_recovery = { USA = 0.5, KOR = 0.5 }
after_recovery = { USA = 0.9, KOR = 0.1 }
deemed_rate = "ust20"
review_year = 10
[[package.clause]]
kind = "tariff"
importer = "USA"
exporters = ["all"]
except_exporters = ["EU"]
products = ["870829", "food"]
rate = 0.1
rule = "ceiling"
from = 2025-12-01
steps = [{ from = 2026-01-01, rate = 0.05 }]
snap_back = { trigger = "x", rate = 0.3 }
[[package.clause]]
kind = "ruling"
importer = "USA"
basis = "IEEPA"
from = 2026-02-20
[[package.clause]]
kind = "swap_line"
provider = "USA"
user = "KOR"
amount = 60e9
[[package.clause]]
kind = "fx_adjustment"
party = "KOR"
[[package.clause]]
kind = "visa"
quota = 5000
installer_supply = 0.5
[[package.clause]]
kind = "raid"
host = "USA"
from = 2027-09-01
people = 300
months = 6
[[package.clause]]
kind = "purchase"
buyer = "KOR"
seller = "USA"
amount = 100e9
[assessment]
evaluate_on = 2025-12-01
years = 10
horizon = 35
discount_rates = { KOR = "ust20 + 0.01" }
[background]
[[background.clause]]
kind = "tariff"
importer = "USA"
exporters = ["JPN"]
products = ["all"]
rate = 0.15
rule = "add"
basis = "IEEPA"
[[project]]
name = "plant"
size = 5e9
phases = [{ name = "all", years = 3, cost = 1.0 }]
earning = { mean = 1.0, spread = 0.2 }
[[rate]]
name = "libor"
level = 0.04
[[external]]
party = "KOR"
gdp = 1.9e12
floors = { reserves = 300e9 }
[terms]
[[terms.term]]
name = "cars"
title = "the tariff on cars"
where = { kind = "tariff", products = ["motor_vehicles"] }
field = "rate"
low = 0.1
high = 0.25
step = 0.01
unit = "%"
[[history]]
name = "past"
importer = "USA"
exporters = ["KOR"]
dates = [2025-01-01]
"""
)
PARSED = tomllib.loads(RICH)
PLACES = [place for place in places(PARSED) if place]
SHIPPED = case_path("us-korea-2025").read_bytes()
SCRAPS = (
    b"[", b"]", b"{", b"}", b"=", b'"', b"'", b'"""', b"#", b",", b".", b"\n", b"\r", b"\0",
    b"\xff", b"\xef\xbb\xbf", b"1e308", b"-", b"nan", b"inf", b"9" * 400, b"[" * 50, b"a." * 50,
    b"[[package]]\n", b"[package]\n", b"[[package.clause]]\n", b"2025-02-30", b"9999-12-31", b"0x",
    "“".encode(), "ß한".encode(), b"true", b"\\u0000", b"\\", b"kind = 3\n", b"0,39",
    b"200 billion",
)  # fmt: skip

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from(
        [0, 1, -1, 10**17, 10**18, 10**400, -(10**400), 0.0, -0.0, 1e308, -1e308, 5e-324]
    ),
    st.floats(),
    st.integers(),
    st.dates(),
    st.datetimes(timezones=st.just(UTC)),
    st.text(max_size=20),
    st.sampled_from(["", "USA", "KOR", "all", "EU", "tariff", "investment", "8703", "x" * 300]),
    st.sampled_from(["ust20 + 0.01", "motor_vehicles", "energy", "signed", "no_deal", "\0"]),
    st.sampled_from([date(1, 1, 1), date(9999, 12, 31), datetime(2025, 1, 1)]),  # noqa: DTZ001
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["kind", "rate", "a", "from", "KOR"]), inner, max_size=4)
    ),
    max_leaves=8,
)
CHANGE = st.tuples(
    st.sampled_from(("replace", "delete", "copy", "add", "wrap", "deep")),
    st.sampled_from(PLACES),
    VALUES,
    st.sampled_from(PLACES),
)


def mutate(raw: Any, change: tuple[str, tuple[Any, ...], Any, tuple[Any, ...]]) -> None:
    """Change a parsed file at one place, if the place is still there."""
    what, place, value, other = change
    here, there = raw, raw
    try:
        for step in place[:-1]:
            here = here[step]
        old = here[place[-1]]
        for step in other:
            there = there[step]
        if what == "delete":
            del here[place[-1]]
        elif what == "add":
            old[str(value)[:300]] = value
        else:
            nest: Any = value
            for _ in range(900 if what == "deep" else 0):
                nest = [nest]
            new = {"copy": there, "wrap": [old]}.get(what, nest)
            here[place[-1]] = deepcopy(new) if what != "deep" else new
    except (KeyError, IndexError, TypeError):
        return


def assert_sound(text: str) -> None:
    """A text that reads as a deal lowers to plans that the engine accepts."""
    try:
        deal = read_deal(text, world=WORLD)
    except InputError as error:
        told = str(error)
    else:
        for name in deal.package_names:
            assert not [
                problem for pair in lower_finance(deal, name) for problem in pair.plan.problems()
            ]
        told = str(check(deal, world=WORLD).notices)
    assert len(told) < 40_000


@settings(max_examples=6 * settings().max_examples)
@given(st.lists(CHANGE, min_size=1, max_size=4))
def test_structure(changes):
    raw = deepcopy(PARSED)
    for change in changes:
        mutate(raw, change)
    for world in (WORLD, None):
        problems = find_problems(raw, world)
        assert all(problem.path and problem.message for problem in problems)
        assert sum(len(str(problem)) for problem in problems) < 40_000


@settings(max_examples=2 * settings().max_examples)
@given(st.sampled_from(PLACES), st.sampled_from(("1e308", "0", "1", "3", "0.5", "1e5", "2e9")))
def test_every_number_in_turn_is_refused_or_lowers_to_a_plan(place, number):
    here: Any = PARSED
    for step in place:
        here = here[step]
    if isinstance(here, bool) or not isinstance(here, int | float):
        return
    raw = deepcopy(PARSED)
    mutate(raw, ("replace", place, float(number) if isinstance(here, float) else 3, place))
    if not find_problems(raw, WORLD):
        assert_sound(_write(raw))


@settings(max_examples=3 * settings().max_examples)
@given(data=st.data())
def test_bytes(data, tmp_path_factory):
    content = bytearray(data.draw(st.sampled_from([RICH.encode(), SHIPPED])))
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(content)))
        end = at + data.draw(st.integers(0, 40))
        content[at:end] = data.draw(st.sampled_from(SCRAPS) | st.binary(max_size=8))
    path = tmp_path_factory.getbasetemp() / "mutant.toml"
    path.write_bytes(content)
    try:
        load_deal(path, WORLD)
    except InputError as error:
        told = str(error)
        assert len(told) < 60_000


def test_memory_of_a_long_run(request):
    if not request.config.getoption("--long"):
        pytest.skip("measured by hand: pytest --long tests/deal/test_attacks.py")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < MOST_KILOBYTES


def _write(value: Any) -> str:
    """Return a parsed file as TOML, tables inline where they lie in lists."""
    return "\n".join(f"{key} = {_inline(inner)}" for key, inner in value.items())


def _inline(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {_inline(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_inline(inner) for inner in value) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f"'{value}'"
    return value.isoformat() if isinstance(value, date) else repr(value)
