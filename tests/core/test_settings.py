"""Configurations take words and numbers, of NumPy too, and refuse everything else by name."""

import ast
import importlib
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any

import numpy as np
import pytest

from accord.core.arguments import public
from accord.core.boundary.settings import as_plain
from accord.core.errors import InputError
from tests.architecture.repository import PACKAGE
from tests.checked import unchecked

PLAIN = {bool: np.bool_, int: np.int64, float: np.float64, str: np.str_}


def configurations():
    """Yield every class of the package that says how to solve; a server solves nothing."""
    for path in sorted(PACKAGE.rglob("*.py")):
        if path.is_relative_to(PACKAGE / "web"):
            continue
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and node.name.endswith(
                ("Config", "Settings", "Sourcing")
            ):
                parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
                yield getattr(importlib.import_module(".".join(parts)), node.name)


@pytest.fixture(autouse=True)
def as_callers_do() -> Iterator[None]:
    """Call without the type checker of the tests."""
    with unchecked():
        yield


CONFIGURATIONS: list[Any] = [kind for kind in configurations() if is_dataclass(kind)]


def plain_fields(kind):
    """Return the fields of a configuration that hold one word or number by default."""
    made = kind()
    given = {item.name: getattr(made, item.name) for item in fields(made) if item.init}
    return {name: value for name, value in given.items() if type(value) in PLAIN}


def test_the_configurations_are_looked_for_where_they_are():
    names = {kind.__name__ for kind in CONFIGURATIONS}
    assert {"TradeConfig", "FinanceConfig", "ExternalConfig", "SearchConfig"} <= names
    assert {"StrategyConfig", "SurrogateConfig", "AssessSettings", "Sourcing"} <= names


@pytest.mark.parametrize("kind", CONFIGURATIONS)
def test_everything_that_is_no_word_or_number_is_told_at_once(kind):
    wrong = plain_fields(kind)
    with pytest.raises(InputError) as caught:
        kind(**dict.fromkeys(wrong, (1, 2)))
    assert {problem.path for problem in caught.value.problems} == set(wrong)
    assert all(problem.message and problem.remedy for problem in caught.value.problems)


@pytest.mark.parametrize("kind", CONFIGURATIONS)
def test_scalars_of_numpy_are_the_words_and_numbers_they_stand_for(kind):
    usual = plain_fields(kind)
    made = replace(kind(), **{name: PLAIN[type(value)](value) for name, value in usual.items()})
    assert made == kind()
    assert {name: type(getattr(made, name)) for name in usual} == {
        name: type(value) for name, value in usual.items()
    }


@pytest.mark.parametrize("kind", CONFIGURATIONS)
def test_true_is_no_number_and_half_is_no_whole_number(kind):
    for name, value in plain_fields(kind).items():
        for wrong in (True, 0.5) if type(value) is int else (True,):
            if not isinstance(value, bool):
                with pytest.raises(InputError, match=name):
                    kind(**{name: wrong})


@pytest.mark.parametrize("value", [np.float32(0.5), np.array(0.5), 0.5])
def test_one_number_is_plain_whatever_holds_it(value):
    assert type(as_plain(value)) is float


@pytest.mark.parametrize("value", [[0.5], np.array([0.5]), None])
def test_what_is_more_than_one_number_stays(value):
    assert as_plain(value) is value


@public
def choose(names: list[str] | bool = True, throw: bool = True) -> object:
    """Return what is chosen: some, or all, or none."""
    return names if throw else None


def test_only_what_is_on_or_off_alone_is_a_switch():
    assert choose(["cash"]) == ["cash"]
    assert choose(False) is False
    with pytest.raises(InputError, match="throw: 'no' is not True or False"):
        choose(throw="no")  # type: ignore[arg-type]
