"""`/api/v1/library`: the briefings for programs."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from accord.core.errors import InputError, Problem
from accord.web.pages import root_of
from accord.web.reading.records import list_of, record_of
from accord.web.reading.shelf import shelf_of
from accord.web.routes.library import find_listing, send_file

MOST, USUAL = 100, 24  # briefings in an answer
FARTHEST = 1_000_000  # of `start`


def list_briefings(request: Request) -> Response:
    """Return briefings, newest first: those that match `q` and have the tag `tag`.

    Raises:
        InputError: `start` or `count` is no number, or one that cannot be.
    """
    query = request.query_params
    problems: list[Problem] = []
    start = _read_number(query.get("start", "0"), "start", (0, FARTHEST), problems)
    count = _read_number(query.get("count", str(USUAL)), "count", (1, MOST), problems)
    if problems:
        raise InputError(problems, "the request")
    page = shelf_of(request).library.find(
        query.get("q", "")[:200], tag=query.get("tag", ""), start=start, count=count
    )
    return _answer(list_of(page, root_of(request)).model_dump_json())


def show_briefing(request: Request) -> Response:
    """Return a briefing in its latest or in the named version; one withdrawn says so."""
    return _answer(record_of(find_listing(request), root_of(request)).model_dump_json())


def _read_number(text: str, name: str, bounds: tuple[int, int], problems: list[Problem]) -> int:
    """Return the number in a text; the lowest, and a problem more, where there is none."""
    low, high = bounds
    if text.isascii() and text.isdigit() and len(text) < 8 and low <= int(text) <= high:
        return int(text)
    problems.append(Problem(name, f"{text!r:.40} is not possible", f"give {low} to {high}"))
    return low


def _answer(content: str) -> Response:
    return Response(content, media_type="application/json")


ROUTES: list[BaseRoute] = [
    Route("/api/v1/library", list_briefings),
    Route("/api/v1/library/{slug}", show_briefing),
    Route("/api/v1/library/{slug}/{number:int}", show_briefing),
    Route("/api/v1/library/{slug}/{number:int}/files/{format}", send_file),
]
