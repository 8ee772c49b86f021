"""A server for tests: few draws and paths, as for the flagship, and one desk for a worker."""

from functools import cache

from starlette.testclient import TestClient

from accord.web.app import create_app
from accord.web.desk.desk import Desk
from accord.web.settings import ServerSettings
from tests.flagship import FEW, SETTINGS

CASE = "us-korea-2025"
HERE = "http://localhost"


@cache
def shared_desk():
    """Return a desk that works out nothing by itself, shared by the tests of a worker."""
    return Desk(SETTINGS, curves=False)


def make_client(folder, *, desk=None, lifespan=False, **given):
    """Return a client of a server with a library in a folder; without its thread for jobs."""
    settings = ServerSettings(library=folder, warm=False, curves=False, **{**FEW, **given})
    app = create_app(settings)
    app.state.desk = desk or shared_desk()
    client = TestClient(app, base_url=HERE, raise_server_exceptions=False)
    if not lifespan:
        app.state.runner.start = app.state.runner.wake = lambda: None
    return client
