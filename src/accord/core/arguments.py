"""Refusing an argument of the wrong kind, with a remedy."""

import inspect
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from accord.core.boundary.settings import as_plain
from accord.core.errors import InputError, Problem
from accord.core.words import suggest

Given = ParamSpec("Given")
Result = TypeVar("Result")


def public(function: Callable[Given, Result]) -> Callable[Given, Result]:
    """Return a function that answers a wrong list of arguments with an `InputError`.

    What Python would say in its own words (an argument that does not exist, one that is missing) is
    said with a remedy, like everything else that is wrong with a call. An argument that can only
    be on or off, such as `throw`, has to be `True` or `False`.
    """
    signature = inspect.signature(function)
    switches = [
        name for name, given in signature.parameters.items() if given.annotation in (bool, "bool")
    ]

    @wraps(function)
    def call(*args: Given.args, **kwargs: Given.kwargs) -> Result:
        try:
            bound = signature.bind(*args, **kwargs).arguments
        except TypeError as error:
            problems = _explain_call(function.__name__, tuple(signature.parameters), error, kwargs)
            raise InputError(problems, "the call") from None
        problems = [problem for name in switches for problem in _check_switch(name, bound)]
        if problems:
            raise InputError(problems, "the call")
        return function(*args, **kwargs)

    return call


def _check_switch(name: str, bound: Mapping[str, object]) -> list[Problem]:
    """Return that an argument which is on or off was given as something else, if so."""
    value = as_plain(bound.get(name, False))
    if isinstance(value, bool):
        return []
    return [Problem(name, f"{value!r:.80} is not True or False", f"Write {name}=False or =True")]


def _explain_call(
    name: str, known: tuple[str, ...], error: TypeError, given: dict[str, Any]
) -> list[Problem]:
    takes = f"It takes: {', '.join(known)}"
    problems = []
    for word in given:
        if word not in known:
            meant = suggest(word, known)
            remedy = f"Did you mean {meant}?" if meant else takes
            problems.append(Problem(word, f"is no argument of {name}", remedy))
    return problems or [Problem(name, str(error), takes)]


def check_kind(name: str, value: object, kind: Any, remedy: str) -> None:
    """Check that an argument is of the kind (a type, or several) a function takes.

    Raises:
        InputError: It is not; the message says what was given and what to do.
    """
    if not isinstance(value, kind):
        given = "is None" if value is None else f"is of type {type(value).__name__}"
        kinds = kind if isinstance(kind, tuple) else (kind,)
        wanted = " or ".join(expected.__name__ for expected in kinds)
        raise InputError([Problem(name, f"{given}, not {wanted}", remedy)], "the call")
