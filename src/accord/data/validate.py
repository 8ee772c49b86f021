"""Refusing identifiers that a world does not have, with a suggestion."""

from collections.abc import Sequence

from accord.core.errors import Problem
from accord.core.words import propose


def check_known(path: str, names: Sequence[str], options: Sequence[str]) -> list[Problem]:
    """Return a problem for each name that is not an option, with the likely meaning."""
    return [
        Problem(path, f'unknown identifier "{name}"', propose(name, options))
        for name in names
        if name not in options
    ]
