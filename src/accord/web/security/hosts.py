"""The host header: a page elsewhere cannot pass its own name off as this server's."""

import re

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from accord.core.errors import Problem
from accord.web.answers import refuse
from accord.web.words.sentences import tell

HOST = re.compile(r"(\[(?P<inner>[0-9a-f:.]+)\]|(?P<name>[^\[\]:]+))(:[0-9]{1,5})?")


class KnownHosts:
    """Answers only requests for a name of this server, which stops DNS rebinding."""

    def __init__(self, app: ASGIApp, hosts: frozenset[str]) -> None:
        self.app = app
        self.hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it with 421."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        host = host_name(request.headers.get("host", ""))
        if host in self.hosts:
            await self.app(scope, receive, send)
            return
        shown = host[:80] or "-"
        problem = Problem(
            "Host", tell("refused.host", host=shown), tell("refused.host_remedy", host=shown)
        )
        await refuse(request, 421, [problem])(scope, receive, send)


def host_name(header: str) -> str:
    """Return the name in a host header, without its port and in small letters.

    A header that is not of this form is returned as it is, and is no name of any server.
    """
    name = header.strip().casefold()
    whole = HOST.fullmatch(name)
    return name if whole is None else whole["inner"] or whole["name"]
