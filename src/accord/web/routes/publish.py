"""`/workbench/publish`: what full draws gave, put into the library as a job."""

import json

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from accord.core.errors import InputError, Problem
from accord.library.writing import find_label_problems
from accord.web.drafts.draft import Draft
from accord.web.jobs.full import find_full
from accord.web.jobs.sharing import key_of
from accord.web.jobs.store import JobStore
from accord.web.jobs.work import SHARE
from accord.web.pages import render_part, root_of
from accord.web.routes.draws import wake_of
from accord.web.routes.workbench import (
    DraftRequest,
    context_of,
    desk_of,
    is_partial,
    read_form,
    read_query,
)
from accord.web.workbench.bench import Bench, open_bench, query_of


async def start(request: Request) -> Response:
    """Return how far the publishing of a draft is, begun if it was not."""
    asked = await read_form(request)
    return await run_in_threadpool(_start, request, asked)


def _start(request: Request, asked: DraftRequest) -> Response:
    author = asked.fields.get("author", "").strip()
    problems = find_label_problems(author, ())
    if problems:
        raise InputError(problems, "the request")
    store: JobStore = request.app.state.jobs
    bench = open_bench(desk_of(request), asked.draft, asked.package)
    full = find_full(store, bench, desk_of(request).settings)
    if full is None or full.stage != "full":
        message, remedy = "the intervals are not there yet", "wait until they are worked out"
        raise InputError([Problem("job", message, remedy)], "the request")
    share = {"job": full.job, "slug": slug_of(asked.draft), "author": author}
    store.add(key_of(full.job), asked.draft.text, json.dumps({SHARE: share}))
    wake_of(request)
    return _show(request, asked, bench)


def slug_of(draft: Draft) -> str:
    """Return the address of a draft in the library: that of its case only where it is that case."""
    name = str(draft.tables.get("name", draft.case))
    return f"{name}-{draft.digest[:8]}" if draft.token else name


def follow(request: Request) -> Response:
    """Return how far the publishing of a draft is."""
    asked = read_query(request)
    return _show(request, asked, open_bench(desk_of(request), asked.draft, asked.package))


def _show(request: Request, asked: DraftRequest, bench: Bench) -> Response:
    if not is_partial(request):
        root = root_of(request)
        to = f"{root}/workbench?{query_of(asked.draft, asked.package)}"
        return RedirectResponse(to, status_code=303)
    return HTMLResponse(render_part(request, "publish.html", context_of(request, bench)))


ROUTES: list[BaseRoute] = [
    Route("/workbench/publish", follow, methods=["GET"]),
    Route("/workbench/publish", start, methods=["POST"]),
]
