"""Requests that change something come from pages of this server, or from no page at all."""

from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from accord.core.errors import Problem
from accord.web.answers import refuse
from accord.web.words.sentences import tell

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class SameOrigin:
    """Refuses with 403 what a page of another site sends here.

    Browsers say where a request comes from (`Sec-Fetch-Site`, `Origin`) and pages cannot change
    what they say. A program that is no browser says neither, and has no cookies to misuse.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] == "http" and scope["method"] not in SAFE:
            request = Request(scope)
            if not is_from_here(request):
                problem = Problem("Origin", tell("refused.origin"), tell("refused.origin_remedy"))
                await refuse(request, 403, [problem])(scope, receive, send)
                return
        await self.app(scope, receive, send)


def is_from_here(request: Request) -> bool:
    """Return whether a request comes from a page of this server or from no browser."""
    site = request.headers.get("sec-fetch-site")
    sender = request.headers.get("origin")
    if site is not None:
        return site in {"same-origin", "none"}
    if sender is not None:
        return urlsplit(sender).netloc.casefold() == request.headers.get("host", "").casefold()
    return "cookie" not in request.headers
