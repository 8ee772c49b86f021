"""The application: addresses, what stands before them, and what they share."""

import asyncio
import datetime as dt
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response

from accord.assessment.settings import AssessSettings
from accord.core.errors import AccordError, InputError, Problem
from accord.library.errors import BusyError, FullError, LibraryError, ReadOnlyError
from accord.web.answers import refuse
from accord.web.desk.desk import Desk
from accord.web.drafts.draft import Draft
from accord.web.errors import MissingError, NotNowError
from accord.web.jobs.runner import Runner
from accord.web.jobs.store import JobStore
from accord.web.memory import share_arenas
from accord.web.reading.shelf import Shelf
from accord.web.routes import all_routes
from accord.web.security.access import Access
from accord.web.security.headers import SecurityHeaders
from accord.web.security.hosts import KnownHosts
from accord.web.security.limits import RequestLimits
from accord.web.security.prefix import Prefix
from accord.web.security.rate import RateLimit, RateLimiter
from accord.web.security.same_site import SameOrigin
from accord.web.settings import ServerSettings
from accord.web.turns import take_turns
from accord.web.words.sentences import tell

LIBRARY = ((FullError, 507), (ReadOnlyError, 503), (BusyError, 503))
INPUT = ((MissingError, 404), (NotNowError, 409))
WARM = "us-korea-2025"  # the case whose figures are ready first
ATTEMPTS = 5  # to sign in, at once; then one every ten seconds
LOG = logging.getLogger("accord.web")


def create_app(settings: ServerSettings) -> Starlette:
    """Return the application of a server; nothing heavy is loaded before it is needed."""
    limiter = RateLimiter(settings.rate, settings.burst)
    app = Starlette(
        routes=all_routes(),
        lifespan=_live,
        middleware=[
            Middleware(SecurityHeaders),
            Middleware(Prefix, prefix=settings.prefix),
            Middleware(KnownHosts, hosts=settings.hosts),
            Middleware(RateLimit, limiter=limiter),
            Middleware(SameOrigin),
            Middleware(Access, token=settings.token),
            Middleware(RequestLimits, size=settings.body_limit, seconds=settings.time_limit),
        ],
        exception_handlers={
            HTTPException: _refuse_http,
            AccordError: _refuse_input,
            Exception: _report_fault,
        },
    )
    app.state.settings = settings
    app.state.desk = Desk(assess_settings(settings), curves=settings.curves)
    app.state.shelf = Shelf(settings)
    app.state.jobs = JobStore(settings.library)
    app.state.runner = Runner(app.state.jobs)
    app.state.attempts = RateLimiter(0.1, ATTEMPTS)
    return app


def assess_settings(settings: ServerSettings) -> AssessSettings:
    """Return how deals are assessed: as the commands do, unless a test asks for less."""
    return AssessSettings(draws=settings.draws, paths=settings.paths)


def create_worker_app() -> Starlette:
    """Return the application of one of several workers, set up by the process that started it."""
    share_arenas()
    take_turns()
    return create_app(ServerSettings.from_environment())


@asynccontextmanager
async def _live(app: Starlette) -> AsyncIterator[None]:
    """Load the engines in the background while the first pages are answered."""
    settings: ServerSettings = app.state.settings
    if settings.warm:
        app.state.desk.warm(Draft(WARM))
    app.state.runner.start()
    tidying = asyncio.create_task(app.state.shelf.keep_tidy())
    try:
        yield
    finally:
        tidying.cancel()
        await run_in_threadpool(app.state.runner.stop)


async def _refuse_http(request: Request, error: Exception) -> Response:
    """Return the page of what the framework refused, such as an address that does not exist."""
    if not isinstance(error, HTTPException):
        raise error
    if error.status_code == 404:
        problem = Problem(request.url.path, tell("refused.missing"), tell("refused.missing_remedy"))
    elif error.status_code == 405:
        message = tell("refused.method", method=request.method)
        problem = Problem(request.url.path, message, tell("refused.method_remedy"))
    else:
        problem = Problem("", error.detail)
    return refuse(request, error.status_code, [problem], headers=error.headers)


async def _refuse_input(request: Request, error: Exception) -> Response:
    """Return the page of what Accord refused: the problems of an input, or why a solve failed."""
    if isinstance(error, LibraryError):
        LOG.warning("the library at %s: %s", error.place, error.reason)
        status = next((code for kind, code in LIBRARY if isinstance(error, kind)), 500)
        return refuse(request, status, [Problem("", error.reason, error.remedy)])
    if not isinstance(error, InputError):
        return refuse(request, 500, [Problem("", str(error))])
    status = next((code for kind, code in INPUT if isinstance(error, kind)), 422)
    return refuse(request, status, error.problems)


async def _report_fault(request: Request, error: Exception) -> Response:
    """Return the page of a fault of the program; what happened is in the log, not on the page."""
    LOG.error("fault at %s", request.url.path, exc_info=error)
    time = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    problem = Problem("", tell("refused.fault"), tell("refused.fault_remedy", time=time))
    return refuse(request, 500, [problem])
