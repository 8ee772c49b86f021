"""The type checker of the tests: beartype, with whole numbers allowed where a float is asked.

Every function of the package has its first calls in a test checked, and then one in a thousand:
a function that runs a hundred thousand times would spend nine tenths of a test on its signature.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import is_dataclass
from functools import partial, wraps
from types import CodeType, FunctionType
from typing import Any

import jaxtyping
from beartype import BeartypeConf, beartype

FIRST_CALLS = 5  # of a function in each test, all checked
FIRST_CLOSURES = 3  # of a function that is made anew at each call of the one around it
THEN_EVERY = 1000

check_types = beartype(conf=BeartypeConf(is_pep484_tower=True))
check_every_call = jaxtyping.jaxtyped
CLOSURES: Counter[CodeType] = Counter()


class Running:
    """The test that is running, by number."""

    number = 0


def check_some_calls(made: Any = None, **options: Any) -> Any:
    """Stand in for `jaxtyping.jaxtyped`: check some calls of a function, or of a class."""
    if made is None:
        return partial(check_some_calls, **options)
    if isinstance(made, FunctionType):
        return _check_function(made, options)
    if isinstance(made, type) and is_dataclass(made):
        plain = vars(made).get("__init__")
        if isinstance(plain, FunctionType):
            made.__init__ = _check_function(plain, options)  # type: ignore[method-assign]
            return made
    return check_every_call(made, **options)


def _check_function(made: FunctionType, options: dict[str, Any]) -> Callable[..., Any]:
    if "<locals>" in made.__qualname__:
        CLOSURES[made.__code__] += 1
        if CLOSURES[made.__code__] > FIRST_CLOSURES:
            return made
    return _choose(lambda: check_every_call(made, **options), made)


def _choose(make: Callable[[], Callable[..., Any]], plain: FunctionType) -> Callable[..., Any]:
    """Return a function that checks some of its calls; what checks them is made for the first."""
    calls, test = 0, Running.number
    checked: Callable[..., Any] | None = None

    @wraps(plain)
    def call(*args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True
        nonlocal calls, test, checked
        if test != Running.number:
            calls, test = 0, Running.number
        calls += 1
        if calls > FIRST_CALLS and calls % THEN_EVERY != 0:
            return plain(*args, **kwargs)
        if checked is None:
            checked = make()
        return checked(*args, **kwargs)

    return call


def begin_a_test() -> None:
    """Check the first calls of every function again."""
    Running.number += 1
    CLOSURES.clear()


@contextmanager
def unchecked() -> Iterator[None]:
    """Leave the type checker out, which callers do not have."""
    jaxtyping.config.update("jaxtyping_disable", True)
    try:
        yield
    finally:
        jaxtyping.config.update("jaxtyping_disable", False)


jaxtyping.jaxtyped = check_some_calls  # type: ignore[assignment]
