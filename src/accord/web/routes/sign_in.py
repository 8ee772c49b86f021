"""`/sign-in`: where a reader gives the token of the server."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from accord.core.errors import Problem
from accord.web.answers import refuse
from accord.web.pages import render_page, root_of
from accord.web.security.access import COOKIE, cookie_for, is_token
from accord.web.security.rate import RateLimiter, client_of
from accord.web.settings import ServerSettings
from accord.web.words.sentences import tell

WEEK = 7 * 24 * 3600


async def show(request: Request) -> Response:
    """Return the form."""
    return render_page(request, "sign-in.html", {"wrong": False})


async def sign_in(request: Request) -> Response:
    """Return the way to the library with a cookie, or the form again."""
    settings: ServerSettings = request.app.state.settings
    attempts: RateLimiter = request.app.state.attempts
    seconds = attempts.wait(client_of(request))
    if seconds:
        remedy = tell("refused.rate_remedy", seconds=round(seconds + 0.5))
        return refuse(request, 429, [Problem("", tell("refused.rate"), remedy)])
    async with request.form(max_files=0, max_fields=4, max_part_size=4096) as form:
        given = str(form.get("token", ""))
    if settings.token is None or not is_token(given, settings.token):
        return render_page(request, "sign-in.html", {"wrong": True}, status=403)
    root = root_of(request)
    answer = RedirectResponse(f"{root}/", status_code=303)
    answer.set_cookie(
        COOKIE, cookie_for(settings.token), max_age=WEEK, path=f"{root}/", httponly=True,
        samesite="strict", secure=request.url.scheme == "https",
    )  # fmt: skip
    return answer


ROUTES: list[BaseRoute] = [
    Route("/sign-in", show, methods=["GET"]),
    Route("/sign-in", sign_in, methods=["POST"]),
]
