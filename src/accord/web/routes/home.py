"""`/`: the library."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from accord.deal.load import shipped_cases
from accord.web.pages import render_page


async def show(request: Request) -> Response:
    """Return the page of the library."""
    return render_page(request, "library.html", {"cases": shipped_cases()})


ROUTES: list[BaseRoute] = [Route("/", show)]
