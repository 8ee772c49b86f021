"""The type checker of the tests: it sees wrong shapes and types, in functions and in classes."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
from jaxtyping import Float, TypeCheckError

from tests import checked
from tests.checked import FIRST_CALLS, FIRST_CLOSURES, THEN_EVERY, check_some_calls

check = check_some_calls(typechecker=checked.check_types)


def pairs(left: Float[np.ndarray, " n"], right: Float[np.ndarray, " n"]) -> float:
    return float(left[0] * right[0])


@dataclass
class Rate:
    """A class with a field of one type."""

    value: float


def test_a_wrong_shape_is_seen() -> None:
    with pytest.raises(TypeCheckError):
        check(pairs)(np.ones(2), np.ones(3))


def test_a_wrong_field_is_seen() -> None:
    with pytest.raises(TypeCheckError):
        check(Rate)("a tenth")


def test_the_first_calls_of_each_test_are_checked_and_then_some() -> None:
    function = check(pairs)
    slips = []
    for number in range(1, THEN_EVERY + 1):
        try:
            function(np.ones(2), np.ones(3))
        except TypeCheckError:
            slips.append(number)
    assert slips == [*range(1, FIRST_CALLS + 1), THEN_EVERY]
    checked.begin_a_test()
    with pytest.raises(TypeCheckError):
        function(np.ones(2), np.ones(3))


def make() -> Callable[[float], float]:
    def inner(rate: float) -> float:
        return 2 * rate

    return check(inner)


def test_a_function_made_again_and_again_is_checked_at_first() -> None:
    functions = [make() for _ in range(FIRST_CLOSURES + 1)]
    with pytest.raises(TypeCheckError):
        functions[FIRST_CLOSURES - 1]("a")  # type: ignore[arg-type]
    assert functions[-1]("a") == "aa"  # type: ignore[arg-type, comparison-overlap]


def test_the_package_is_under_it() -> None:
    from accord.core import rates

    with pytest.raises(TypeCheckError):
        rates.check_rate_units(3, np.ones(2))  # type: ignore[arg-type]
