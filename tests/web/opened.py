"""A server for tests: few draws and paths, as for the flagship, and one desk for a worker."""

from functools import cache

from starlette.testclient import TestClient

from accord.web.app import create_app
from accord.web.desk.desk import Desk
from accord.web.settings import ServerSettings
from tests.flagship import FEW, SETTINGS

CASE = "us-korea-2025"
HERE = "http://localhost"
LONG = 3600.0  # seconds that a request may take: a test does not depend on how busy a machine is


@cache
def shared_desk():
    """Return a desk that works out nothing by itself, shared by the tests of a worker."""
    return Desk(SETTINGS, curves=False)


def make_client(folder, *, desk=None, lifespan=False, **given):
    """Return a client of a server with a library in a folder; without its thread for jobs."""
    given = {**FEW, "time_limit": LONG, **given}
    settings = ServerSettings(library=folder, warm=False, curves=False, **given)
    app = create_app(settings)
    app.state.desk = desk or shared_desk()
    client = TestClient(app, base_url=HERE, raise_server_exceptions=False)
    if not lifespan:
        app.state.runner.start = app.state.runner.wake = lambda: None
    return client
