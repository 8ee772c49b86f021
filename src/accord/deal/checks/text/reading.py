"""Reading a file of tables: its bytes as text, its text as tables; what is wrong said in full."""

import copy
import re
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

from accord.core.errors import InputError, Problem
from accord.deal.checks.text.dates import find_date
from accord.deal.checks.text.limits import MOST_BYTES, shorten
from accord.deal.checks.text.slips import LONGEST_LINE, explain_line

# A key of very many parts takes the parser minutes: it is refused before.
LONG_KEY = re.compile(r"(?<![\w.\-\"'])(?:[\w\-\"']++[ \t]*+\.[ \t]*+){100}")


def read_text(path: Path) -> str:
    """Content of the file as text; a byte-order mark is dropped."""
    subject = str(path)
    if path.is_dir():
        remedy = "give the path of a deal file (TOML)"
        raise InputError([Problem(subject, "is a folder", remedy)], subject)
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        reason = error.strerror or str(error)
        remedy = "check that the file is there and may be read"
        problem = Problem(subject, f"cannot be read: {reason}", remedy)
        raise InputError([problem], subject) from error
    _check_size(len(content), subject)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"is not UTF-8 text (byte {error.start})"
        remedy = "a deal file is plain text in TOML: save it as UTF-8"
        raise InputError([Problem(subject, message, remedy)], subject) from error


def _check_size(size: int, subject: str) -> None:
    if size > MOST_BYTES:
        message = f"is larger than {MOST_BYTES / 1e6:g} MB"
        remedy = "a deal file holds clauses, not data: is it the right file?"
        raise InputError([Problem(subject, message, remedy)], subject)


def parse_text(text: str, subject: str) -> dict[str, Any]:
    """Return the tables of a file, or say what is not TOML, on which line, and what to write."""
    _check_size(len(text), subject)
    dotted = LONG_KEY.search(text)
    if dotted is not None:
        path = f"line {text.count(chr(10), 0, dotted.start()) + 1}"
        problem = Problem(path, "a key of more than 100 parts", "write plain keys")
        raise InputError([problem], subject)
    try:
        return copy.deepcopy(_parse(text))
    except RecursionError as error:
        remedy = "close a bracket; no field needs more than three"
        problem = Problem("the file", "tables and lists are nested too deep", remedy)
        raise InputError([problem], subject) from error
    except ValueError as error:  # what is not TOML, and numbers of thousands of digits
        raise InputError([_explain_toml(str(error), text)], subject) from error


@lru_cache(maxsize=8)
def _parse(text: str) -> dict[str, Any]:
    """Return the tables of a text, not to be changed; a copy takes a sixth of the time of parsing.

    A deal and the backgrounds it includes are asked for by every room that checks them.
    """
    return tomllib.loads(text)


def _explain_toml(message: str, text: str) -> Problem:
    """The problem of a file that the parser refuses."""
    if "integer string conversion" in message:
        remedy = "write 200e9 for 200 billion"
        return Problem("the file", "a whole number of thousands of digits", remedy)
    match = re.search(r"at line (\d+)", message)
    lines = text.split("\n")
    number = int(match[1]) if match else len(lines)
    plain = re.sub(r" \(at .*\)$", "", message)
    line = lines[number - 1][:LONGEST_LINE] if 0 < number <= len(lines) else ""
    slip = find_date(line) if match and "overwrite" not in plain else None
    if slip is not None:
        key, value, remedy = slip
        return Problem(f"line {number}", f"{shorten(f'{key} = {value}')} is not a date", remedy)
    remedy = explain_line(plain, lines, number) or (
        "a deal file is TOML: text in quotes, dates bare, one `key = value` a line"
    )
    path = f"line {number}" if match else "end of file"
    return Problem(path, f"is not TOML: {shorten(plain)}", shorten(remedy))
