"""`/workbench/draws`: full draws of a draft as a job, with progress and a way to stop it."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from accord.web.jobs.full import full_of, key_of, settings_text
from accord.web.jobs.runner import Runner
from accord.web.jobs.store import Job, JobStore
from accord.web.pages import render_part, root_of
from accord.web.routes.workbench import DraftRequest, context_of, desk_of, is_partial, read_query
from accord.web.workbench.bench import open_bench, query_of


def store_of(request: Request) -> JobStore:
    """Return the jobs of the server."""
    store: JobStore = request.app.state.jobs
    return store


def wake_of(request: Request) -> None:
    """Have the runner of the server look for work now, where there is one."""
    runner = request.app.state.runner
    if isinstance(runner, Runner):
        runner.wake()


def start_job(request: Request, asked: DraftRequest) -> Job:
    """Return the job that works out the full draws of a draft, begun if there is none.

    Raises:
        InputError: The deal is wrong, or too many jobs wait.
        LibraryError: The folder of the library is full or read-only.
    """
    desk = desk_of(request)
    desk.open(asked.draft)  # a deal that is wrong is told now, not by the job
    key, settings = key_of(asked.draft, desk.settings), settings_text(desk.settings)
    job = store_of(request).add(key, asked.draft.text, settings)
    wake_of(request)
    return job


async def start(request: Request) -> Response:
    """Return the progress of a job that was started."""
    asked = read_query(request)
    job = await run_in_threadpool(start_job, request, asked)
    return await _progress(request, asked, job)


async def follow(request: Request) -> Response:
    """Return the progress of a job; all figures once it is done."""
    asked = read_query(request)
    job = await run_in_threadpool(store_of(request).get, request.path_params["job"])
    return await _progress(request, asked, job)


async def cancel(request: Request) -> Response:
    """Return what is shown after a job was stopped."""
    asked = read_query(request)
    store, name = store_of(request), request.path_params["job"]
    return await _progress(request, asked, await run_in_threadpool(store.cancel, name))


async def _progress(request: Request, asked: DraftRequest, job: Job) -> Response:
    if not is_partial(request):
        root = root_of(request)
        to = f"{root}/workbench?{query_of(asked.draft, asked.package)}"
        return RedirectResponse(to, status_code=303)
    bench = await run_in_threadpool(open_bench, desk_of(request), asked.draft, asked.package)
    full = await run_in_threadpool(full_of, store_of(request), job, bench)
    context = context_of(request, bench) | {"full": full}
    if full.stage != "full":
        return HTMLResponse(render_part(request, "draws.html", context))
    headers = {"HX-Retarget": "#results", "HX-Reswap": "outerHTML"}
    return HTMLResponse(render_part(request, "results.html", context), headers=headers)


ROUTES: list[BaseRoute] = [
    Route("/workbench/draws", start, methods=["POST"]),
    Route("/workbench/draws/{job}", follow, methods=["GET"]),
    Route("/workbench/draws/{job}/cancel", cancel, methods=["POST"]),
]
