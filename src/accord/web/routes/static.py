"""`/static`: style sheet, scripts and their licences, from the wheel."""

from importlib import resources
from pathlib import Path

from starlette.responses import Response
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

FOR_GOOD = "public, max-age=31536000, immutable"


class _Kept(StaticFiles):
    """Files that browsers keep: their addresses change with them."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        answer = await super().get_response(path, scope)
        if scope["query_string"].startswith(b"v="):
            answer.headers["cache-control"] = FOR_GOOD
        return answer


_FOLDER = Path(str(resources.files("accord.web"))) / "static"
ROUTES: list[BaseRoute] = [Mount("/static", _Kept(directory=_FOLDER), name="static")]
