"""A deal file as parsed and not yet checked: its clauses, tables, texts and numbers."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

SUM_TOLERANCE = 1e-6
Written = Mapping[str, Any]


@dataclass(frozen=True)
class Place:
    """A clause as written, with its path."""

    path: str
    as_written: Written


def clause_places(as_written: Written) -> Iterator[Place]:
    """Every clause of a parsed file with its path, in the order of the file's tables."""
    for heading in ("background", "no_deal"):
        yield from _clauses_of(heading, as_written.get(heading))
    for heading in ("package", "history"):
        for number, table in enumerate(tables_of(as_written.get(heading)), start=1):
            yield from _clauses_of(f"{heading}[{number}]", table)


def _clauses_of(path: str, table: Any) -> Iterator[Place]:
    if isinstance(table, Mapping):
        for number, clause in enumerate(tables_of(table.get("clause")), start=1):
            yield Place(f"{path}.clause[{number}]", clause)


def values_of(as_written: Written) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Yield every value of a parsed file that is no table and no list, with its place, in order."""
    todo: list[tuple[tuple[Any, ...], Any]] = [((), as_written)]
    while todo:
        place, value = todo.pop()
        if isinstance(value, dict | list):
            items = list(value.items() if isinstance(value, dict) else enumerate(value))
            todo += [((*place, key), inner) for key, inner in reversed(items)]
        else:
            yield place, value


def tables_of(value: Any) -> list[Written]:
    """The tables in a list as written; a slip in the list is reported elsewhere."""
    entries = value if isinstance(value, list) else []
    return [item if isinstance(item, Mapping) else {} for item in entries]


def texts_of(value: Any) -> list[str]:
    """The texts in a value that is a text or a list of them."""
    values = value if isinstance(value, list) else [value]
    return [item for item in values if isinstance(item, str)]


def source_ids(as_written: Written) -> tuple[str, ...]:
    """The ids of the sources of a parsed file."""
    entries = tables_of(as_written.get("source"))
    return tuple(text for entry in entries for text in texts_of(entry.get("id")))


def group_names(as_written: Written) -> tuple[str, ...]:
    """The names of the groups of a parsed file."""
    groups = as_written.get("groups")
    return tuple(groups) if isinstance(groups, Mapping) else ()


def as_number(value: Any) -> float | None:
    """The value if it is a number, else None."""
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def show_number(value: float) -> str:
    """Return a number as a person writes it: 2e10, 0.15."""
    text = f"{value:.12g}"
    if not math.isfinite(value):
        return text
    return text.replace("e+", "e") if "e" in text or abs(value) < 1e6 else _powers(value)


def _powers(value: float) -> str:
    digits, power = f"{value:.11e}".split("e")
    return f"{digits.rstrip('0').rstrip('.')}e{int(power)}"
