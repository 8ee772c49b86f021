"""A path below which a proxy shows the pages, whether or not the proxy takes it away."""

from starlette.types import ASGIApp, Receive, Scope, Send


class Prefix:
    """Tells pages below which path they stand, so that their links hold."""

    def __init__(self, app: ASGIApp, prefix: str) -> None:
        self.app = app
        self.prefix = prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request with the prefix in its path."""
        if scope["type"] == "http" and self.prefix:
            path = str(scope["path"])
            inside = path == self.prefix or path.startswith(f"{self.prefix}/")
            whole = path if inside else self.prefix + path
            scope = {**scope, "root_path": self.prefix, "path": whole}
        await self.app(scope, receive, send)
