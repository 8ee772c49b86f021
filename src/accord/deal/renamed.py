"""Keys of a deal file that have a new name: the old spelling is read for one version more."""

import re
import warnings
from collections.abc import Iterable, Mapping
from typing import Any

from accord.core.errors import Notice, Problem

RENAMED = {"dollars": "external"}
"""Old names of tables at the top of a file, and what they are called now."""


def read_renamed(as_written: Mapping[str, Any]) -> tuple[dict[str, Any], list[Notice]]:
    """Return a parsed file under the names of today, and a notice for each old name in it.

    A table under both names keeps both, so that the check finds the old one unknown.
    """
    notices: list[Notice] = []
    modern: dict[str, Any] = {}
    for key, value in as_written.items():
        new = RENAMED.get(key, key)
        if new != key and new not in as_written:
            message = f"`{key}` is now called `{new}`; the old name is read for one version more"
            notices.append(Notice(key, message, f"write [[{new}]] instead of [[{key}]]"))
            modern[new] = value
        else:
            modern[key] = value
    return modern, notices


def name_as_written(problems: Iterable[Problem], notices: Iterable[Notice]) -> list[Problem]:
    """Return problems with paths as the file spells them."""
    old = {RENAMED[notice.path]: notice.path for notice in notices}
    return [_respelt(problem, old) for problem in problems]


def _respelt(problem: Problem, old: Mapping[str, str]) -> Problem:
    head = re.split(r"[.\[]", problem.path, maxsplit=1)[0]
    if head not in old:
        return problem
    path = old[head] + problem.path.removeprefix(head)
    return Problem(path, problem.message, problem.remedy)


def warn_of(notices: Iterable[Notice], subject: str) -> None:
    """Give a DeprecationWarning for each old name."""
    for notice in notices:
        warnings.warn(f"{subject}: {notice}", DeprecationWarning, stacklevel=4)
