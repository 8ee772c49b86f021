"""Answers that are no page of their own: what was refused, and why, for readers and programs."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from accord.core.errors import Problem
from accord.core.text import printable
from accord.web.pages import render_page, render_part, root_of

API = "/api/"
PROBLEM_TYPE = "application/problem+json"


def is_for_programs(request: Request) -> bool:
    """Return whether a request is one of a program, which reads JSON, and not of a reader."""
    path = request.url.path.removeprefix(root_of(request))
    return path.startswith(API)


def refuse(
    request: Request,
    status: int,
    problems: Sequence[Problem],
    *,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return an answer that says what is wrong: a page, or problem details (RFC 9457)."""
    problems = [
        Problem(printable(given.path), printable(given.message), printable(given.remedy))
        for given in problems
    ]
    if is_for_programs(request):
        return problem_details(status, problems, headers=headers)
    if request.headers.get("hx-request") == "true":
        text = render_part(request, "problems.html", {"problems": problems})
        return HTMLResponse(text, status, dict(headers or {}))
    return render_page(
        request, "refused.html", {"problems": problems}, status=status, headers=headers
    )


def problem_details(
    status: int, problems: Sequence[Problem], *, headers: Mapping[str, str] | None = None
) -> JSONResponse:
    """Return problem details (RFC 9457) with the list of problems: path, message and remedy."""
    content = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": "; ".join(str(problem) for problem in problems),
        "problems": [asdict(problem) for problem in problems],
    }
    return JSONResponse(content, status, dict(headers or {}), media_type=PROBLEM_TYPE)
