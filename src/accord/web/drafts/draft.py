"""A draft: a case, or a deal of one's own, with what was changed in it."""

import base64
import binascii
import datetime as dt
import hashlib
import json
import tomllib
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache
from typing import Any

from accord.cases.shipped import case_names, case_path
from accord.core.errors import InputError, Problem
from accord.core.words import propose
from accord.deal.checks.text.limits import MOST_BYTES, check_limits
from accord.deal.checks.text.reading import parse_text, read_text
from accord.web.drafts.changes import GONE, Difference, apply_changes, find_changes
from accord.web.drafts.writing import write_tables

LONGEST_ADDRESS = 24_000  # letters: servers and browsers take no more
OWN = ""  # the case of a deal of one's own
TIMES: dict[str, type[dt.date | dt.time]] = {  # as JSON holds them
    "$day": dt.date, "$moment": dt.datetime, "$time": dt.time,
}  # fmt: skip
SUBJECT = "the address of the draft"


@dataclass(frozen=True)
class Draft:
    """A deal that is being changed.

    Attributes:
        case: Name of the shipped case that it began from; "" for a deal of one's own.
        changes: What differs from it.
    """

    case: str
    changes: tuple[Difference, ...] = ()

    @cached_property
    def tables(self) -> dict[str, Any]:
        """The deal file as parsed, with the changes made; it must not be changed."""
        return apply_changes(read_case(self.case), self.changes)

    @cached_property
    def text(self) -> str:
        """The deal file: that of the case where nothing was changed."""
        if not self.changes and self.case != OWN:
            return read_text(case_path(self.case))
        return write_tables(self.tables)

    @cached_property
    def digest(self) -> str:
        """Hexadecimal digits that tell this deal file from others."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def key(self) -> tuple[str, str]:
        """What is equal for equal drafts, without their text."""
        return self.case, self.token

    @property
    def packages(self) -> list[dict[str, Any]]:
        """The packages, as parsed."""
        packages = self.tables.get("package")
        listed = packages if isinstance(packages, list) else []
        return [table for table in listed if isinstance(table, dict)]

    def with_tables(self, tables: Mapping[str, Any]) -> "Draft":
        """Return the draft of other tables."""
        return replace(self, changes=tuple(find_changes(read_case(self.case), dict(tables))))

    @cached_property
    def token(self) -> str:
        """The changes as letters, digits, - and _ for an address; "" where nothing was changed."""
        if not self.changes:
            return ""
        plain = [
            [list(at)] if value is GONE else [list(at), _plain(value)] for at, value in self.changes
        ]
        packed = zlib.compress(json.dumps(plain, separators=(",", ":")).encode(), 9)
        return base64.urlsafe_b64encode(packed).decode().rstrip("=")


@lru_cache(maxsize=16)
def read_draft(case: str, token: str = "") -> Draft:
    """Return the draft of an address.

    Raises:
        InputError: There is no such case, or the letters are not those of a draft.
    """
    if case != OWN and case not in case_names():
        raise InputError([Problem("case", f"there is no case {case[:80]!r}",
                                  propose(case[:80], case_names()))], SUBJECT)  # fmt: skip
    draft = Draft(case, _unpack(token)) if token else Draft(case)
    problems = check_limits(draft.tables)
    if problems:
        raise InputError(problems, SUBJECT)
    return draft


def draft_of_text(text: str) -> Draft:
    """Return the draft of a deal file's text: of a case where it has its name.

    Raises:
        InputError: It is not TOML, or too large.
    """
    tables = parse_text(text, "the file")
    problems = check_limits(tables)
    if problems:
        raise InputError(problems, "the file")
    name = tables.get("name")
    case = name if isinstance(name, str) and name in case_names() else OWN
    return Draft(case).with_tables(tables)


@cache
def _read_shipped(name: str) -> dict[str, Any]:
    if name not in case_names():
        raise KeyError(name)
    return tomllib.loads(read_text(case_path(name)))


def read_case(name: str) -> dict[str, Any]:
    """Return the tables of a shipped case, which must not be changed; none for a deal of one's own.

    Raises:
        KeyError: There is no such case.
    """
    return {} if name == OWN else _read_shipped(name)


def _unpack(token: str) -> tuple[Difference, ...]:
    """Return the changes in the letters of an address, read in bounded memory."""
    try:
        if len(token) > LONGEST_ADDRESS:
            raise ValueError("too long")  # noqa: TRY301
        packed = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        unpacker = zlib.decompressobj()
        content = unpacker.decompress(packed, MOST_BYTES)
        if unpacker.unconsumed_tail or not unpacker.eof:
            raise ValueError("too long or cut off")  # noqa: TRY301
        entries = json.loads(content)
        if not isinstance(entries, list):
            raise TypeError("no list")  # noqa: TRY301
        return tuple(_change(entry) for entry in entries)
    except (ValueError, TypeError, IndexError, binascii.Error, zlib.error, RecursionError) as error:
        remedy = "copy the whole address, or open the case anew"
        problem = Problem("s", "the letters are not those of a draft", remedy)
        raise InputError([problem], SUBJECT) from error


def _change(entry: Any) -> Difference:
    at, *value = entry
    if not isinstance(at, list) or not all(isinstance(key, str | int) for key in at):
        raise TypeError(at)
    return tuple(at), _rich(value[0]) if value else GONE


def _plain(value: Any) -> Any:
    """Return a value of a deal file as JSON can hold it: a day or time as a table of its own."""
    for name, kind in TIMES.items():
        if type(value) is kind:
            return {name: value.isoformat()}
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else value


def _rich(value: Any) -> Any:
    if isinstance(value, dict):
        name = next(iter(value), "")
        if len(value) == 1 and name in TIMES:
            return TIMES[name].fromisoformat(value[name])
        return {key: _rich(item) for key, item in value.items()}
    if value is None:
        raise TypeError(value)
    return [_rich(item) for item in value] if isinstance(value, list) else value
