"""The host header: a page elsewhere cannot pass its own name off as this server's."""

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from accord.core.errors import Problem
from accord.web.answers import refuse
from accord.web.words.sentences import tell


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
    """Return the name in a host header, without its port and in small letters."""
    name = header.strip().casefold()
    if name.startswith("["):
        return name[1:].partition("]")[0]
    return name.partition(":")[0] if name.count(":") == 1 else name
