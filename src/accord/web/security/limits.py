"""Limits of every request: how long it is, and how long it may take."""

import asyncio

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from accord.core.errors import Problem
from accord.web.answers import refuse
from accord.web.words.sentences import tell


class _TooLong(Exception):  # noqa: N818  (never leaves this file)
    """The body of a request has more bytes than allowed."""


class RequestLimits:
    """Refuses bodies above a size with 413 and ends what takes too long with 503."""

    def __init__(self, app: ASGIApp, *, size: int, seconds: float) -> None:
        self.app = app
        self.size = size
        self.seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request within the limits."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        answered = False
        taken = 0

        async def receive_counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            _check(taken, self.size)
            return message

        async def send_noted(message: Message) -> None:
            nonlocal answered
            answered = True
            await send(message)

        problem: Problem | None = None
        status = 413
        try:
            _check(_declared(request), self.size)
            async with asyncio.timeout(self.seconds):
                await self.app(scope, receive_counted, send_noted)
        except _TooLong:
            problem = Problem(
                "Content-Length",
                tell("refused.length", limit=self.size),
                tell("refused.length_remedy"),
            )
        except TimeoutError:
            status = 503
            problem = Problem(
                "", tell("refused.time", limit=f"{self.seconds:g}"), tell("refused.time_remedy")
            )
        if problem is not None and not answered:
            await refuse(request, status, [problem])(scope, receive, send)


def _check(taken: int, size: int) -> None:
    if taken > size:
        raise _TooLong


def _declared(request: Request) -> int:
    text = request.headers.get("content-length", "0")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0
