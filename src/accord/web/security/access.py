"""The token of a server that others can reach: given once on a page, or with each request."""

import hashlib
import hmac

from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from accord.core.errors import Problem
from accord.web.answers import is_for_programs, refuse
from accord.web.words.sentences import tell

COOKIE = "accord_access"
OPEN = ("/sign-in", "/static/")


class Access:
    """Lets pass who has the token: in `Authorization: Bearer`, or as a cookie after signing in."""

    def __init__(self, app: ASGIApp, token: str | None) -> None:
        self.app = app
        self.token = token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or ask for the token: 401, or the page to sign in."""
        if scope["type"] != "http" or self.token is None:
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        path = str(scope["path"]).removeprefix(str(scope.get("root_path", "")))
        if path.startswith(OPEN) or may_pass(request, self.token):
            await self.app(scope, receive, send)
        elif is_for_programs(request) or scope["method"] != "GET":
            problem = Problem("Authorization", tell("refused.token"), tell("refused.token_remedy"))
            headers = {"www-authenticate": "Bearer"}
            await refuse(request, 401, [problem], headers=headers)(scope, receive, send)
        else:
            to = f"{scope.get('root_path', '')}/sign-in"
            await RedirectResponse(to, status_code=303)(scope, receive, send)


def may_pass(request: Request, token: str) -> bool:
    """Return whether a request brings the token, or the cookie that stands for it."""
    kind, _, given = request.headers.get("authorization", "").partition(" ")
    if kind.casefold() == "bearer" and is_token(given.strip(), token):
        return True
    cookie = request.cookies.get(COOKIE, "")
    return hmac.compare_digest(cookie.encode(), cookie_for(token).encode())


def is_token(given: str, token: str) -> bool:
    """Return whether a text is the token; the time it takes tells nothing of it."""
    return hmac.compare_digest(given.encode(), token.encode())


def cookie_for(token: str) -> str:
    """Return what the cookie of a reader holds: it proves the token and does not contain it."""
    return hmac.new(token.encode(), b"accord access", hashlib.sha256).hexdigest()
