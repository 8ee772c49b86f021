"""Limits on the size of a deal file and on the length of its messages.

A file beyond these limits is refused before anything else is looked at: what follows then meets no
nested thicket, no number of a thousand digits, and no name as long as a book.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from accord.core.errors import Problem

MOST_BYTES = 1_000_000
MOST_DEPTH = 12
LARGEST_WHOLE = 10**18
LONGEST_TEXT = 10_000
LONGEST_NAME = 200
FREE_TEXT = ("title", "note", "url")
FIRST_YEAR, LAST_YEAR = 1900, 2200
MOST_ENTRIES = {
    "package": 100, "history": 100, "project": 200, "rate": 200, "source": 2_000, "term": 100,
    "parties": 100, "dollars": 100, "external": 100, "exporters": 300,
    "except_exporters": 300, "phases": 50, "steps": 200, "missed": 50,
}  # fmt: skip
MOST_KEYS = 300
MOST_CLAUSES = 2_000
MOST_PROBLEMS = 60
MOST_ALIKE = 5
LONGEST_MESSAGE = 400

HALF = re.compile("[\ud800-\udfff]")  # of a character, alone: JSON can hold it, a file cannot

Place = tuple[Any, ...]


def check_limits(raw: Mapping[str, Any]) -> list[Problem]:
    """Return what makes a parsed file too large to be checked; empty for any real deal."""
    problems: list[Problem] = []
    clauses = 0
    todo: list[tuple[Place, Any]] = [((), raw)]
    while todo and len(problems) < MOST_PROBLEMS:
        place, value = todo.pop()
        problems += [Problem(show_place(place), *wrong) for wrong in _check_value(place, value)]
        if len(place) >= MOST_DEPTH or not isinstance(value, dict | list):
            continue
        items = list(value.items() if isinstance(value, dict) else enumerate(value))
        if place and place[-1] == "clause":
            clauses += len(items)
        todo += [((*place, key), inner) for key, inner in reversed(items)]
    if clauses > MOST_CLAUSES:
        message = f"{clauses:,} clauses are more than {MOST_CLAUSES:,}"
        remedy = "join clauses that say the same of several products or exporters"
        problems.append(Problem("the file", message, remedy))
    return problems


def _check_value(place: Place, value: Any) -> Iterator[tuple[str, str]]:
    """Yield the message and the remedy for a value that is too large."""
    key = place[-1] if place else ""
    if any(isinstance(text, str) and HALF.search(text) for text in (key, value)):
        yield "half of a character", "write the whole character, or leave it out"
    elif len(place) >= MOST_DEPTH and isinstance(value, dict | list):
        message = f"tables and lists nested more than {MOST_DEPTH} deep"
        yield message, "close a bracket; no field needs more than three"
    elif isinstance(key, str) and len(key) > LONGEST_NAME:
        message = f"a key of {len(key):,} characters"
        yield message, f"keys have at most {LONGEST_NAME} characters"
    elif isinstance(value, dict) and len(value) > MOST_KEYS:
        yield f"a table of {len(value):,} keys", f"at most {MOST_KEYS} are read"
    elif isinstance(value, list) and isinstance(key, str) and key in MOST_ENTRIES:
        most = MOST_ENTRIES[key]
        if len(value) > most:
            yield f"{len(value):,} entries are more than {most:,}", "leave some out"
    elif isinstance(value, str):
        most = LONGEST_TEXT if key in FREE_TEXT else LONGEST_NAME
        if len(value) > most:
            message = f"text of {len(value):,} characters"
            yield message, f"at most {most:,} here; `note` takes longer text"
    elif isinstance(value, bool | float):
        return
    elif isinstance(value, int) and abs(value) > LARGEST_WHOLE:
        yield "a whole number of more than 18 digits", "write 200e9 for 200 billion"
    elif isinstance(value, date) and not FIRST_YEAR <= value.year <= LAST_YEAR:
        message = f"{value.isoformat()} is not between {FIRST_YEAR} and {LAST_YEAR}"
        yield message, "correct the year, or leave the date out for no limit"


def show_place(place: Sequence[Any]) -> str:
    """Return a place such as ("package", 0, "rate") as `package[1].rate`, counted from one."""
    text = ""
    for step in place:
        if isinstance(step, int):
            text += f"[{step + 1}]"
        else:
            name = shorten(str(step), 60)
            text += f".{name}" if text else name
    return text


def shorten(text: str, most: int = LONGEST_MESSAGE) -> str:
    """Return a text of at most `most` characters, its middle left out."""
    if len(text) <= most:
        return text
    half = (most - 3) // 2
    return f"{text[:half]} … {text[-half:]}"


def group_problems(problems: Iterable[Problem]) -> list[Problem]:
    """Return problems once each, many alike as one, none too long to read, and not too many."""
    alike: dict[tuple[str, str], dict[str, Problem]] = defaultdict(dict)
    for problem in problems:
        alike[problem.message, problem.remedy].setdefault(problem.path, problem)
    grouped: list[Problem] = []
    for same in alike.values():
        first, *others = same.values()
        if len(same) <= MOST_ALIKE:
            grouped += same.values()
            continue
        message = f"{shorten(first.message)} (and at {len(others):,} other places, the last "
        grouped.append(Problem(first.path, f"{message}{others[-1].path})", first.remedy))
    shown = [
        Problem(shorten(problem.path, 200), shorten(problem.message), shorten(problem.remedy))
        for problem in grouped[:MOST_PROBLEMS]
    ]
    if len(grouped) > MOST_PROBLEMS:
        message = f"{len(grouped) - MOST_PROBLEMS:,} more problems are not listed"
        shown.append(Problem("the file", message, "mend these first"))
    return shown
