"""Looking up names: which are known, and which package is in focus."""

from collections.abc import Sequence

from accord.core.errors import Problem
from accord.core.words import propose
from accord.deal.deal import Deal


def find_unknown(path: str, name: str, known: Sequence[str]) -> list[Problem]:
    """Return the problem of a name that is not known, with a suggestion, or none."""
    if name in known:
        return []
    return [Problem(path, f"there is no {path} {name!r}", propose(name, known))]


def choices(deal: Deal) -> tuple[str, ...]:
    """Return the packages that leave other countries' tariffs as no deal does; all if none does.

    These are the packages that the parties can choose from.
    """
    return deal.choices


def package_in_focus(deal: Deal) -> str:
    """Return the package that a headline, a bargain or an explanation is about if none is named.

    The one called "signed" where the parties can choose it, or else the first they can choose.
    """
    return deal.focus
