"""A deal file's tables written as text in TOML."""

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

PLAIN = re.compile(r"[A-Za-z0-9_-]+")
ESCAPED = {"\x7f": "\\u007f"}


def write_tables(tables: Mapping[str, Any]) -> str:
    """Return a deal file with these tables: the same values when it is read again."""
    return "\n".join(_table(tables, "")).strip("\n") + "\n"


def _table(table: Mapping[str, Any], path: str) -> Iterator[str]:
    """Yield the lines of a table: its values first, then the tables in it."""
    inner = {}
    for key, value in table.items():
        listed = _is_list_of_tables(value) and (not path or _is_large(value))
        if listed or (isinstance(value, Mapping) and _is_large(value)):
            inner[key] = value
        else:
            yield f"{_key(key)} = {write_value(value)}"
    for key, value in inner.items():
        below = f"{path}.{_key(key)}" if path else _key(key)
        if isinstance(value, Mapping):
            yield from ("", f"[{below}]", *_table(value, below))
        else:
            for entry in value:
                yield from ("", f"[[{below}]]", *_table(entry, below))


def _is_list_of_tables(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(v, Mapping) for v in value)


def _is_large(value: Any) -> bool:
    """Whether tables are better written below than on one line: they hold lists of tables."""
    entries = [value] if isinstance(value, Mapping) else value
    return any(
        len(entry) > 4 or any(_is_list_of_tables(item) for item in entry.values())
        for entry in entries
    )


def _key(key: str) -> str:
    return key if PLAIN.fullmatch(key) else _text(key)


def _text(text: str) -> str:
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(ESCAPED.get(letter, letter) for letter in quoted)


def write_value(value: Any) -> str:
    """Return a value as it stands behind the sign of equality in a deal file."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(k)} = {write_value(v)}" for k, v in value.items()) + " }"
    return "[" + ", ".join(map(write_value, value)) + "]"


def _number(value: float) -> str:
    """Return a number with all its digits; what is no number is written as TOML has it."""
    text = repr(value)
    if text in {"nan", "inf", "-inf"}:
        return text
    mantissa, letter, power = text.partition("e")
    if "." not in mantissa:
        mantissa += ".0"
    return mantissa + letter + power
