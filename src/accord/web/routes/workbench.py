"""`/workbench`: a deal that is being changed, and what it is worth."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from accord.core.errors import InputError, Problem
from accord.deal.checks.text.limits import MOST_BYTES
from accord.deal.load import shipped_cases
from accord.web.desk.desk import Desk
from accord.web.drafts.draft import Draft, draft_of_text, read_draft
from accord.web.jobs.full import find_full
from accord.web.jobs.sharing import find_shared
from accord.web.pages import render_page, render_part, root_of
from accord.web.workbench import edits
from accord.web.workbench.bench import Bench, choose_package, move_bench, open_bench, query_of
from accord.web.workbench.drawings import draw_plane, titles_of
from accord.web.workbench.naming import signed
from accord.web.workbench.reproduce import reproduce_draft
from accord.web.workbench.results import ledgers_of, spans_of
from accord.web.workbench.sliders import read_sliders, show_steps

MOST_FIELDS = 2000
SMALL = 100_000  # bytes of a field


@dataclass(frozen=True)
class DraftRequest:
    """What a request is about: a draft, a package of it, and the fields of a form."""

    draft: Draft
    package: str
    fields: Mapping[str, str]


def desk_of(request: Request) -> Desk:
    """Return the desk of the server."""
    desk: Desk = request.app.state.desk
    return desk


def read_query(request: Request) -> DraftRequest:
    """Return what an address asks for.

    Raises:
        InputError: There is no such case, or the letters are not those of a draft.
    """
    query = request.query_params
    draft = read_draft(query.get("case", ""), query.get("s", ""))
    return DraftRequest(draft, query.get("package", ""), dict(query))


async def read_form(request: Request) -> DraftRequest:
    """Return what a form asks for.

    Raises:
        InputError: There is no such case, or the letters are not those of a draft.
    """
    async with request.form(max_files=0, max_fields=MOST_FIELDS, max_part_size=SMALL) as form:
        fields = {key: str(value) for key, value in form.items()}
    draft = read_draft(fields.get("case", ""), fields.get("s", ""))
    return DraftRequest(draft, fields.get("package", ""), fields)


def is_partial(request: Request) -> bool:
    """Return whether a script asks for a part of a page."""
    return request.headers.get("hx-request") == "true"


async def show(request: Request) -> Response:
    """Return the workbench of a draft, or the page to begin one."""
    if not request.query_params.get("case") and not request.query_params.get("s"):
        return render_page(request, "begin.html", {"cases": shipped_cases()})
    asked = read_query(request)
    bench = await run_in_threadpool(open_bench, desk_of(request), asked.draft, asked.package)
    return render_page(request, "workbench.html", context_of(request, bench))


def context_of(request: Request, bench: Bench) -> dict[str, Any]:
    """Return what the templates of the workbench need."""
    jobs, settings = request.app.state.jobs, desk_of(request).settings
    full = find_full(jobs, bench, settings) if bench.stage == "central" else None
    return {
        "bench": bench,
        "sides": bench.sides,
        "ledgers": ledgers_of(bench.figures) if bench.figures is not None else [],
        "full": full,
        "shared": None if full is None else find_shared(jobs, full.job),
        "partial": False,
        "signed": signed,
        "spans_of": spans_of,
        "show": show_steps,
        "reproduce": lambda shown: reproduce_draft(shown, desk_of(request).settings),
    }


async def move(request: Request) -> Response:
    """Return the figures of a draft whose terms were moved, and its new address."""
    asked = await read_form(request)
    bench = await run_in_threadpool(_move, desk_of(request), asked)
    return _answer(request, bench, "moved.html", push=False)


def _move(desk: Desk, asked: DraftRequest) -> Bench:
    priced = desk.open(asked.draft)
    if asked.package not in priced.offers:
        message = f"there is no package {asked.package[:80]!r}"
        raise InputError([Problem("package", message, "choose another")], "the request")
    anchor = desk.anchor(priced, asked.package)
    values = read_sliders(anchor, asked.fields)
    draft = edits.move_terms(asked.draft, priced.deal, asked.package, values)
    return move_bench(desk, anchor, draft, values)


async def edit(request: Request) -> Response:
    """Return the workbench of a draft whose fields or clauses were changed."""
    asked = await read_form(request)
    draft, package = _edit(asked)
    bench = await run_in_threadpool(open_bench, desk_of(request), draft, package)
    return _answer(request, bench, "bench.html", push=True)


def _edit(asked: DraftRequest) -> tuple[Draft, str]:
    """Return the draft after what the pressed button of a form asks for."""
    package = asked.package
    draft = edits.set_fields(asked.draft, package, asked.fields)
    action, _, which = asked.fields.get("do", "apply").partition(":")
    if action == "copy-package":
        return edits.copy_package(draft, package)
    if action == "remove-package":
        return edits.remove_package(draft, package), ""
    if action == "add":
        return edits.add_clause(draft, package, asked.fields.get("kind", "")), package
    if action in {"copy", "remove"} and which.isdigit() and len(which) < 6:
        change = edits.copy_clause if action == "copy" else edits.remove_clause
        return change(draft, package, int(which)), package
    return draft, package


def _answer(request: Request, bench: Bench, part: str, *, push: bool) -> Response:
    """Return a part of the page for a script, with its new address; else the way to the page."""
    root = root_of(request)
    address = f"{root}/workbench?{bench.query}"
    if not is_partial(request):
        return RedirectResponse(address, status_code=303)
    text = render_part(request, part, context_of(request, bench) | {"partial": True})
    name = "HX-Push-Url" if push else "HX-Replace-Url"
    return HTMLResponse(text, headers={name: address})


async def figures(request: Request) -> Response:
    """Return exact figures once they are known; nothing (204) until then."""
    asked = read_query(request)
    package = choose_package(asked.draft, asked.package)
    if not desk_of(request).ask_later(asked.draft, package):
        return Response(status_code=204)
    bench = await run_in_threadpool(open_bench, desk_of(request), asked.draft, package)
    if bench.stage == "working":
        return Response(status_code=204)
    context = context_of(request, bench) | {"partial": True}
    return HTMLResponse(render_part(request, "moved.html", context))


async def plane(request: Request) -> Response:
    """Return the payoff plane of the packages whose exact figures are known."""
    asked = read_query(request)
    drawn = await run_in_threadpool(_draw, desk_of(request), asked)
    if drawn is None:
        return Response(status_code=204)
    return HTMLResponse(render_part(request, "plane.html", {"drawn": drawn}))


def _draw(desk: Desk, asked: DraftRequest) -> dict[str, Any] | None:
    bench = open_bench(desk, asked.draft, asked.package)
    if bench.figures is None or bench.priced is None:
        return None
    if len(bench.others) + 1 < len(bench.priced.offers) and "now" not in asked.fields:
        return None
    choices = (bench.package, *bench.priced.deal.choices)  # what the parties can choose from
    known = [bench.figures, *(other for other in bench.others if other.package in choices)]
    return dict(draw_plane(known, titles_of(known)))


async def save(request: Request) -> Response:
    """Return the deal file of a draft."""
    asked = read_query(request)
    given = str(asked.draft.tables.get("name", ""))
    name = "".join(c for c in given if c.isascii() and (c.isalnum() or c in "-_"))
    headers = {"content-disposition": f'attachment; filename="{name[:80] or "deal"}.toml"'}
    return Response(asked.draft.text, media_type="application/toml", headers=headers)


async def open_file(request: Request) -> Response:
    """Return the way to the workbench of a deal file that was sent."""
    async with request.form(max_files=1, max_fields=4, max_part_size=MOST_BYTES) as form:
        sent = form.get("file")
        content = await sent.read() if isinstance(sent, UploadFile) else str(sent or "").encode()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        problem = Problem("file", "it is not text in UTF-8", "save it as UTF-8")
        raise InputError([problem], "the file") from error
    if not text.strip():
        problem = Problem("file", "it is empty", "choose a deal file")
        raise InputError([problem], "the file")
    draft = await run_in_threadpool(draft_of_text, text)
    return _to(request, draft)


async def begin(request: Request) -> Response:
    """Return the way to the workbench of a new deal between parties."""
    asked = await read_form(request)
    text = await run_in_threadpool(_begin, desk_of(request), asked.fields)
    return _to(request, draft_of_text(text))


def _begin(desk: Desk, fields: Mapping[str, str]) -> str:
    from accord.deal.checks.regions import understand_party
    from accord.deal.template import new_deal_template

    world = desk.whole_world()
    parties = [part.strip() for part in fields.get("parties", "").split(",") if part.strip()]
    named = tuple(understand_party(party, world) for party in parties[:20])
    return new_deal_template(fields.get("name", "")[:60] or "my-deal", named or None, world=world)


def _to(request: Request, draft: Draft) -> Response:
    root = root_of(request)
    return RedirectResponse(f"{root}/workbench?{query_of(draft, '')}", status_code=303)


ROUTES: list[BaseRoute] = [
    Route("/workbench", show, methods=["GET"]),
    Route("/workbench/terms", move, methods=["POST"]),
    Route("/workbench/edit", edit, methods=["POST"]),
    Route("/workbench/figures", figures, methods=["GET"]),
    Route("/workbench/plane", plane, methods=["GET"]),
    Route("/workbench/deal.toml", save, methods=["GET"]),
    Route("/workbench/open", open_file, methods=["POST"]),
    Route("/workbench/new", begin, methods=["POST"]),
]
