"""Running a server until it is stopped."""

from accord.web.memory import share_arenas
from accord.web.settings import ServerSettings
from accord.web.turns import take_turns

CONCURRENT = 400  # requests at once; more are told to come back
KEEP_ALIVE = 15  # seconds


def serve(settings: ServerSettings) -> None:
    """Answer requests until the process is told to stop."""
    import uvicorn

    share_arenas()
    take_turns()
    if settings.workers > 1:
        settings.to_environment()
        application: object = "accord.web.app:create_worker_app"
    else:
        from accord.web.app import create_app

        application = create_app(settings)
    uvicorn.run(
        application,  # type: ignore[arg-type]
        factory=settings.workers > 1,
        host=settings.host,
        port=settings.port,
        workers=settings.workers,
        http="accord.web.security.connections:TimedConnection",
        log_level="warning",
        access_log=False,
        server_header=False,
        limit_concurrency=CONCURRENT,
        timeout_keep_alive=KEEP_ALIVE,
        timeout_graceful_shutdown=10,
    )
