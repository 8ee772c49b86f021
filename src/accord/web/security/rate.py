"""How many requests a client may send: a bucket that fills steadily, and from which each takes."""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from accord.core.errors import Problem
from accord.web.answers import refuse
from accord.web.words.sentences import tell

REMEMBERED = 10_000  # clients; those unseen for longest are forgotten first


@dataclass
class RateLimiter:
    """Buckets by client.

    Attributes:
        rate: Requests a second that are allowed for long.
        burst: Requests that are allowed at once.
        clock: Seconds; for tests.
    """

    rate: float
    burst: int
    clock: Callable[[], float] = time.monotonic
    _buckets: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)

    def wait(self, client: str) -> float:
        """Return how many seconds a client has to wait; 0 where the request is allowed."""
        now = self.clock()
        left, seen = self._buckets.pop(client, (float(self.burst), now))
        left = min(float(self.burst), left + (now - seen) * self.rate)
        allowed = left >= 1.0
        self._buckets[client] = (left - 1.0 if allowed else left, now)
        while len(self._buckets) > REMEMBERED:
            self._buckets.popitem(last=False)
        return 0.0 if allowed else (1.0 - left) / self.rate


def client_of(request: Request) -> str:
    """Return the address of a client; a whole network of 64 bits where it has IPv6."""
    host = request.client.host if request.client else "unknown"
    return ":".join(host.split(":")[:4]) if host.count(":") > 3 else host


class RateLimit:
    """Refuses with 429 what a client sends above the rate."""

    def __init__(self, app: ASGIApp, limiter: RateLimiter) -> None:
        self.app = app
        self.limiter = limiter

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        seconds = self.limiter.wait(client_of(request))
        if seconds == 0.0:
            await self.app(scope, receive, send)
            return
        whole = max(1, round(seconds + 0.5))
        problem = Problem("", tell("refused.rate"), tell("refused.rate_remedy", seconds=whole))
        answer = refuse(request, 429, [problem], headers={"retry-after": str(whole)})
        await answer(scope, receive, send)
