"""What differs between two parsed deal files, and a file with such differences."""

import copy
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from accord.core.errors import InputError, Problem

Key = str | int
Difference = tuple[tuple[Key, ...], Any]  # where, and the new value
MOST_CHANGES = 2_000


class _Gone:
    """Stands for a value that is no longer there."""

    def __repr__(self) -> str:
        return "GONE"


GONE = _Gone()


def find_changes(before: Any, after: Any, at: tuple[Key, ...] = ()) -> Iterator[Difference]:
    """Yield what makes `after` of `before`: places with their new values, `GONE` for none."""
    if before is after:
        return  # most of a draft is its case's own
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in before:
            if key not in after:
                yield (*at, key), GONE
        for key, value in after.items():
            if key not in before:
                yield (*at, key), value
            else:
                yield from find_changes(before[key], value, (*at, key))
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for number, pair in enumerate(zip(before, after, strict=True)):
            yield from find_changes(*pair, (*at, number))
    elif type(before) is not type(after) or before != after:
        yield at, after


def apply_changes(tables: Mapping[str, Any], changes: Sequence[Difference]) -> dict[str, Any]:
    """Return parsed tables with changes made: a copy that shares what was not changed.

    Raises:
        InputError: A change has no place in the tables; the first is named.
    """
    if len(changes) > MOST_CHANGES:
        raise _refusal("", f"{len(changes):,} changes are more than {MOST_CHANGES:,}")
    whole = dict(tables)
    for at, value in changes:
        if not at:
            if not isinstance(value, Mapping):
                raise _refusal("", "a deal file is a table")
            whole = dict(value)
            continue
        holder = _holder(whole, at)
        if value is GONE:
            if not isinstance(holder, dict) or at[-1] not in holder:
                raise _refusal(name_place(at), "there is no such place in the deal")
            del holder[at[-1]]
        else:
            holder[at[-1]] = value
    return whole


def _holder(whole: Any, at: tuple[Key, ...]) -> Any:
    """Return the table or list in which a change is made, checked; what leads there is copied."""
    here = whole
    for key in at[:-1]:
        here[key] = copy.copy(_inside(here, key, at))
        here = here[key]
    last = at[-1]
    fits = isinstance(here, dict) if isinstance(last, str) else isinstance(here, list)
    if not fits or (isinstance(last, int) and not 0 <= last < len(here)):
        raise _refusal(name_place(at), "there is no such place in the deal")
    return here


def _inside(here: Any, key: Key, at: tuple[Key, ...]) -> Any:
    is_table = isinstance(here, dict) and isinstance(key, str) and key in here
    is_list = isinstance(here, list) and isinstance(key, int) and 0 <= key < len(here)
    if not is_table and not is_list:
        raise _refusal(name_place(at), "there is no such place in the deal")
    return here[key]


def name_place(at: Sequence[Key]) -> str:
    """Return a place as messages name it: "package[1].clause[2].rate"."""
    text = ""
    for key in at:
        text += f"[{key + 1}]" if isinstance(key, int) else f".{key}" if text else key
    return text


def _refusal(path: str, message: str) -> InputError:
    remedy = "open the case anew and change it there"
    return InputError([Problem(path, message, remedy)], "the address of the draft")
