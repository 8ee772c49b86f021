"""`/briefings/NAME/questions`: what readers ask below a briefing."""

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from accord.core.errors import InputError, Problem
from accord.core.words import capitalised
from accord.library.enquiries import TooManyError
from accord.web.answers import refuse
from accord.web.pages import render_page, root_of
from accord.web.reading.shelf import shelf_of
from accord.web.routes.library import find_listing, render_briefing
from accord.web.security.rate import client_of
from accord.web.words.sentences import tell

FIELDS = ("name", "address", "question", "consent")
LARGEST_FIELD = 20_000  # bytes


async def ask(request: Request) -> Response:
    """Return the way to the thanks after keeping a question, or the page with what is wrong."""
    async with request.form(max_files=0, max_fields=8, max_part_size=LARGEST_FIELD) as sent:
        form = {name: str(sent.get(name, "")) for name in FIELDS}
    return await run_in_threadpool(_keep, request, form)


def _keep(request: Request, form: dict[str, str]) -> Response:
    listing = find_listing(request)
    if listing.withdrawn_at is not None:
        raise HTTPException(410)
    try:
        shelf_of(request).book.add(form, briefing=listing.slug, client=client_of(request))
    except InputError as error:
        problems = {
            problem.path: f"{capitalised(tell(f'enquiry.{problem.path}'))} {problem.message}. "
            f"{problem.remedy}."
            for problem in error.problems
        }
        return render_briefing(request, listing, form=form, problems=problems, status=422)
    except TooManyError:
        problem = Problem("", tell("enquiry.too_many"), tell("enquiry.too_many_remedy"))
        return refuse(request, 429, [problem])
    root = root_of(request)
    return RedirectResponse(f"{root}/briefings/{listing.slug}/asked", status_code=303)


def thank(request: Request) -> Response:
    """Return the page that says that a question is kept, and for how long."""
    context = {
        "listing": find_listing(request),
        "keep_days": shelf_of(request).settings.keep_enquiries,
    }
    return render_page(request, "library/asked.html", context)


ROUTES: list[BaseRoute] = [
    Route("/briefings/{slug}/questions", ask, methods=["POST"]),
    Route("/briefings/{slug}/asked", thank),
]
