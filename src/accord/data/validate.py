"""Refusing identifiers that a world does not have, with a suggestion."""

from collections.abc import Sequence

from accord.core.errors import Problem
from accord.core.words import suggest


def check_known(path: str, names: Sequence[str], options: Sequence[str]) -> list[Problem]:
    """Return a problem for each name that is not an option, with the likely meaning."""
    problems = []
    for name in names:
        if name not in options:
            near = suggest(name, options)
            remedy = f"Did you mean {near}?" if near else f"Known: {', '.join(options)}"
            problems.append(Problem(path, f'unknown identifier "{name}"', remedy))
    return problems
