"""`/briefings/NAME/making`: the files of a shipped case, made as a job when somebody asks."""

import json

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from accord.cases.shipped import case_names, case_path
from accord.web.jobs.full import settings_text
from accord.web.jobs.store import JobStore
from accord.web.jobs.work import PUBLISH
from accord.web.pages import render_part, root_of
from accord.web.reading.making import find_job, key_of
from accord.web.routes.draws import wake_of
from accord.web.routes.library import find_listing
from accord.web.routes.workbench import desk_of


def start(request: Request) -> Response:
    """Return the way to the page of a briefing, whose files are being made now."""
    listing = find_listing(request)
    if listing.withdrawn_at is not None:
        raise HTTPException(410)
    if listing.is_bare and listing.slug in case_names():
        jobs: JobStore = request.app.state.jobs
        text = case_path(listing.slug).read_text(encoding="utf-8")
        settings = json.loads(settings_text(desk_of(request).settings))
        jobs.add(key_of(listing), text, json.dumps({**settings, PUBLISH: listing.slug}))
        wake_of(request)
    root = root_of(request)
    return RedirectResponse(f"{root}/briefings/{listing.slug}#making", status_code=303)


def follow(request: Request) -> Response:
    """Return how far the files are; a browser loads the page anew when they are there."""
    listing = find_listing(request)
    if not listing.is_bare:
        return HTMLResponse("", headers={"HX-Refresh": "true"})
    context = {"slug": listing.slug, "job": find_job(request, listing)}
    return HTMLResponse(render_part(request, "library/making.html", context))


ROUTES: list[BaseRoute] = [
    Route("/briefings/{slug}/making", follow, methods=["GET"]),
    Route("/briefings/{slug}/making", start, methods=["POST"]),
]
