"""What a program sends: a case, the text of a deal file, or a deal file as JSON."""

import datetime as dt
import json
import re
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request

from accord.core.errors import InputError, Problem
from accord.core.words import propose
from accord.deal.checks.text.limits import FREE_TEXT, HALF, check_limits
from accord.web.drafts.draft import OWN, Draft, draft_of_text, read_draft

DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
SUBJECT = "the request"


async def read_body(request: Request, known: tuple[str, ...]) -> dict[str, Any]:
    """Return the fields of a request.

    Raises:
        InputError: It is no JSON object, or it has a field that is not known; all at once.
    """
    try:
        body = json.loads(await request.body() or b"{}")
    except (ValueError, RecursionError) as error:
        problem = Problem("", "the body is not JSON", 'send an object: {"case": "us-korea-2025"}')
        raise InputError([problem], SUBJECT) from error
    if not isinstance(body, dict):
        problem = Problem("", "the body is no object", 'send one: {"case": "us-korea-2025"}')
        raise InputError([problem], SUBJECT)
    problems = [
        Problem(name[:80], "is not known here", propose(name[:80], known))
        for name in body
        if name not in known
    ]
    if problems:
        raise InputError(problems[:60], SUBJECT)
    return body


def draft_of(body: Mapping[str, Any], path: str = "") -> Draft:
    """Return the draft that a request names: a case, a text, or a deal as JSON.

    Raises:
        InputError: It names none, or more than one, or what it names is none.
    """
    given = [name for name in ("case", "text", "deal") if body.get(name) is not None]
    kinds = {"case": str, "text": str, "deal": dict}
    if len(given) != 1 or not isinstance(body[given[0]], kinds[given[0]]):
        remedy = "give one of: case (a name), text (a deal file), deal (a deal file as JSON)"
        raise InputError([Problem(path, "names no deal, or several", remedy)], SUBJECT)
    value = body[given[0]]
    if given[0] == "case":
        if value == OWN:
            raise InputError([Problem(f"{path}case", "is empty", "give a name")], SUBJECT)
        return read_draft(value)
    if given[0] == "text":
        if HALF.search(value):
            raise InputError([Problem(f"{path}text", "is not text", "send UTF-8")], SUBJECT)
        return draft_of_text(value)
    _refuse_too_large(value)  # before anything walks through what may be nested without end
    tables = _days(value)
    _refuse_too_large(tables)
    return Draft(OWN).with_tables(tables)


def _refuse_too_large(tables: Mapping[str, Any]) -> None:
    problems = check_limits(tables)
    if problems:
        raise InputError(problems, "the deal")


def _days(value: Any, key: str = "") -> Any:
    """Return JSON with days in the place of their texts, as a deal file has them."""
    if isinstance(value, dict):
        return {name: _days(item, name) for name, item in value.items() if item is not None}
    if isinstance(value, list):
        return [_days(item, key) for item in value if item is not None]
    if isinstance(value, str) and key not in FREE_TEXT and DAY.fullmatch(value):
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            return value
    return value


def read_text(body: Mapping[str, Any], name: str, usual: str) -> str:
    """Return a field that is a text.

    Raises:
        InputError: It is none.
    """
    value = body.get(name, usual)
    if not isinstance(value, str):
        raise InputError([Problem(name, "is not a text", f'such as "{usual}"')], SUBJECT)
    return value


def read_count(body: Mapping[str, Any], name: str, usual: int, most: int) -> int:
    """Return a field that is a whole number from 0 to the most that is allowed.

    Raises:
        InputError: It is none.
    """
    value = body.get(name, usual)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
        remedy = f"give a whole number from 0 to {most:,}"
        raise InputError([Problem(name, "is not possible", remedy)], SUBJECT)
    return value
