"""An argument of a public function that is of the wrong kind is refused with a remedy."""

from typing import Any

from accord.core.errors import InputError, Problem


def check_kind(name: str, value: object, kind: Any, remedy: str) -> None:
    """Check that an argument is of the kind (a type, or several) a function takes.

    Raises:
        InputError: It is not; the message says what was given and what to do.
    """
    if not isinstance(value, kind):
        given = "is None" if value is None else f"is of type {type(value).__name__}"
        kinds = kind if isinstance(kind, tuple) else (kind,)
        wanted = " or ".join(one.__name__ for one in kinds)
        raise InputError([Problem(name, f"{given}, not {wanted}", remedy)], "the call")
