"""`/api/v1`: cases, check, assess, compare, bargain, prices, explain and jobs for programs."""

from dataclasses import asdict, replace
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Route

from accord.core.errors import InputError, Problem
from accord.deal.load import shipped_cases
from accord.web.api.answers import answer, show_assessment
from accord.web.api.openapi import openapi_document
from accord.web.api.requests import draft_of, read_body, read_count, read_text
from accord.web.drafts.draft import Draft, read_draft
from accord.web.errors import MissingError, NotNowError
from accord.web.jobs.full import key_of, settings_text
from accord.web.jobs.work import RESULT
from accord.web.pages import render_page, root_of
from accord.web.routes.draws import store_of, wake_of
from accord.web.routes.workbench import desk_of
from accord.web.workbench.fields import deal_schema

DEAL = ("case", "text", "deal")
MOST_DRAWS = 10_000
MOST_DEALS = 4


async def document(request: Request) -> Response:
    """Return the OpenAPI document, with the path below which this server shows its pages."""
    return answer(openapi_document() | {"servers": [{"url": root_of(request) or "/"}]})


async def read_document(request: Request) -> Response:
    """Return the OpenAPI document as a page."""
    return render_page(request, "api.html", {"api": openapi_document()})


async def list_cases(_: Request) -> Response:
    """Return the shipped cases."""
    return answer([
        {"name": case.name, "title": case.title, "parties": case.parties,
         "known_to": case.known_to}
        for case in shipped_cases()
    ])  # fmt: skip


async def show_case(request: Request) -> Response:
    """Return the deal file of a case as JSON."""
    try:
        return answer(read_draft(request.path_params["name"]).tables)
    except InputError as error:
        raise MissingError(error.problems, error.subject) from error


async def show_schema(_: Request) -> Response:
    """Return the schema of the deal file."""
    return answer(deal_schema())


async def check_deal(request: Request) -> Response:
    """Return warnings, tariffs and commitments of a deal; problems are the error."""
    draft = draft_of(await read_body(request, DEAL))
    return answer(await run_in_threadpool(_check, request, draft))


def _check(request: Request, draft: Draft) -> dict[str, Any]:
    from accord.assessment.check import check

    priced = desk_of(request).open(draft)
    told = check(priced.deal, world=desk_of(request).whole_world())
    return {
        "notices": [asdict(notice) for notice in told.notices],
        "tariffs": [asdict(effect) for effect in told.tariffs],
        "taxes": [asdict(effect) for effect in told.taxes],
        "commitments": [asdict(commitment) for commitment in told.commitments],
    }


async def assess_deal(request: Request) -> Response:
    """Return central figures at once; with draws, the job that works intervals out."""
    body = await read_body(request, (*DEAL, "draws"))
    draft, draws = draft_of(body), read_count(body, "draws", 0, MOST_DRAWS)
    if not draws:
        return answer(await run_in_threadpool(_assess, request, draft))
    job = await run_in_threadpool(_start, request, draft, draws)
    root = root_of(request)
    return answer(job, 202, {"location": f"{root}/api/v1/jobs/{job['id']}"})


def _assess(request: Request, draft: Draft) -> dict[str, Any]:
    with desk_of(request).assessed(draft) as result:
        return show_assessment(result)


def _start(request: Request, draft: Draft, draws: int) -> dict[str, Any]:
    desk = desk_of(request)
    desk.open(draft)
    settings = replace(desk.settings, draws=draws)
    job = store_of(request).add(key_of(draft, settings), draft.text, settings_text(settings))
    wake_of(request)
    return job.to_dict()


async def compare_deals(request: Request) -> Response:
    """Return central payoffs of every package of up to four deals, side by side."""
    body = await read_body(request, ("deals",))
    deals = body.get("deals")
    if not isinstance(deals, list) or not 1 <= len(deals) <= MOST_DEALS:
        raise InputError([Problem("deals", "is no list of 1 to 4 deals", "give a list")])
    drafts = []
    for at, given in enumerate(deals):
        if not isinstance(given, dict):
            raise InputError([Problem(f"deals[{at + 1}]", "is no object", "give one")])
        drafts.append(draft_of(given, f"deals[{at + 1}]."))
    return answer(await run_in_threadpool(_compare, request, drafts))


def _compare(request: Request, drafts: list[Draft]) -> list[dict[str, Any]]:
    desk, rows = desk_of(request), []
    for draft in drafts:
        priced = desk.open(draft)
        for package in priced.offers:
            figures = desk.work_out(priced, package)
            payoffs = {party: figures.payoff(party) for party in priced.deal.parties}
            rows.append({"deal": priced.deal.name, "package": package, "payoffs": payoffs})
    return rows


async def bargain(request: Request) -> Response:
    """Return what the parties can agree on among the packages."""
    body = await read_body(request, DEAL)
    return answer(await run_in_threadpool(_bargain, request, draft_of(body)))


def _bargain(request: Request, draft: Draft) -> dict[str, Any]:
    with desk_of(request).assessed(draft) as result:
        return dict(result.bargain(terms=False).to_dict())


async def prices(request: Request) -> Response:
    """Return what one step of each term of a package is worth to each party."""
    body = await read_body(request, (*DEAL, "package"))
    draft, package = draft_of(body), read_text(body, "package", "")
    return answer(await run_in_threadpool(_prices, request, draft, package))


def _prices(request: Request, draft: Draft, package: str) -> dict[str, Any]:
    from accord.assessment.bargain.plain import plain_prices

    desk = desk_of(request)
    priced = desk.open(draft)
    return dict(plain_prices(desk.price_terms(priced, package or priced.deal.focus)))


async def explain(request: Request) -> Response:
    """Return the tree from a figure to its parts, clauses, equations and sources."""
    body = await read_body(request, (*DEAL, "package", "party", "figure"))
    draft = draft_of(body)
    words = (
        read_text(body, "figure", "payoff"), read_text(body, "party", ""),
        read_text(body, "package", ""),
    )  # fmt: skip
    return answer(await run_in_threadpool(_explain, request, draft, words))


def _explain(request: Request, draft: Draft, words: tuple[str, str, str]) -> dict[str, Any]:
    figure, party, package = words
    with desk_of(request).assessed(draft) as result:
        deal = result.deal
        tree = result.explain(figure, party or deal.parties[0], package=package or deal.focus)
    return tree.to_dict()


async def list_jobs(request: Request) -> Response:
    """Return the newest jobs, without those that write into the library."""
    jobs = await run_in_threadpool(store_of(request).listed)
    return answer([job.to_dict() for job in jobs if not job.is_of_library])


async def show_job(request: Request) -> Response:
    """Return a job."""
    job = await run_in_threadpool(store_of(request).get, request.path_params["job"])
    return answer(job.to_dict())


async def cancel_job(request: Request) -> Response:
    """Return a job after it was stopped."""
    store, name = store_of(request), request.path_params["job"]
    return answer((await run_in_threadpool(store.cancel, name)).to_dict())


async def show_result(request: Request) -> Response:
    """Return intervals and chances of a job that is done."""
    store = store_of(request)
    job = await run_in_threadpool(store.get, request.path_params["job"])
    if job.state != "done":
        problem = Problem("job", f"it is {job.state}", "ask again when it is done")
        raise NotNowError([problem], "the job")
    path = store.folder_of(job.id) / RESULT
    if not path.is_file():
        raise MissingError([Problem("job", "its result is gone", "start a new one")], "the job")
    return FileResponse(path, media_type="application/json")


ROUTES: list[BaseRoute] = [
    Route("/api/v1/openapi.json", document),
    Route("/api/v1/docs", read_document),
    Route("/api/v1/cases", list_cases),
    Route("/api/v1/cases/{name}", show_case),
    Route("/api/v1/schema", show_schema),
    Route("/api/v1/check", check_deal, methods=["POST"]),
    Route("/api/v1/assess", assess_deal, methods=["POST"]),
    Route("/api/v1/compare", compare_deals, methods=["POST"]),
    Route("/api/v1/bargain", bargain, methods=["POST"]),
    Route("/api/v1/prices", prices, methods=["POST"]),
    Route("/api/v1/explain", explain, methods=["POST"]),
    Route("/api/v1/jobs", list_jobs),
    Route("/api/v1/jobs/{job}", show_job, methods=["GET"]),
    Route("/api/v1/jobs/{job}", cancel_job, methods=["DELETE"]),
    Route("/api/v1/jobs/{job}/result", show_result),
]
