"""Pages made from templates, on the server."""

import hashlib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import HTMLResponse

from accord.web.words.sentences import tell

if TYPE_CHECKING:
    import jinja2


def render_page(
    request: Request,
    name: str,
    context: Mapping[str, Any] | None = None,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> HTMLResponse:
    """Return a page made from a template; addresses in it start with the prefix of the server.

    Templates have `t` for messages, `path` for addresses of pages, `asset` for files of the wheel,
    and `here` for the address of the page without the prefix.
    """
    return HTMLResponse(render_part(request, name, context), status, dict(headers or {}))


def render_part(request: Request, name: str, context: Mapping[str, Any] | None = None) -> str:
    """Return the text of a template, which may be a part of a page."""
    root = root_of(request)
    template = page_environment().get_template(name)
    return template.render(
        path=lambda to: f"{root}{to}",
        asset=lambda file: f"{root}/static/{file}?v={_fingerprint(file)}",
        here=request.url.path.removeprefix(root) or "/",
        **(context or {}),
    )


def root_of(request: Request) -> str:
    """Return the path below which a proxy shows the pages; "" where it shows them at the root."""
    return str(request.scope.get("root_path", ""))


@cache
def page_environment() -> "jinja2.Environment":
    """Return what templates are read with: everything that they print is escaped."""
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(_read_template),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.globals["t"] = tell
    environment.filters["tied"] = _tied
    environment.filters["digest"] = _digest
    return environment


def _tied(text: str) -> str:
    """Return a title in which no line begins with the sign of per cent."""
    return text.replace(" %", "\u202f%")


def _digest(text: str) -> str:
    """Return letters and digits that tell a text from others, for the name of an element."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _read_template(name: str) -> str:
    folder = resources.files("accord.web") / "templates"
    return (folder / name).read_text(encoding="utf-8")


@cache
def _fingerprint(file: str) -> str:
    """Return digits that change with a file, so that browsers may keep it for good."""
    content = (resources.files("accord.web") / "static" / file).read_bytes()
    return hashlib.sha256(content).hexdigest()[:12]
