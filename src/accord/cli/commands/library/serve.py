"""`accord serve`."""

from pathlib import Path
from typing import Annotated

import typer

from accord.cli.printing import say
from accord.cli.sentences import SERVING


def serve_command(
    *,
    port: Annotated[int, typer.Option(metavar="NUMBER", help="Port to listen on.")] = 8765,
    host: Annotated[
        str,
        typer.Option(
            metavar="ADDRESS",
            help="Address to listen on; any but the loopback address needs --token.",
        ),
    ] = "127.0.0.1",
    token: Annotated[
        str | None,
        typer.Option(
            metavar="TEXT",
            envvar="ACCORD_TOKEN",
            help="What readers must give to be answered: 16 characters or more.",
        ),
    ] = None,
    workers: Annotated[
        int, typer.Option(metavar="NUMBER", help="Processes that answer requests.")
    ] = 1,
    prefix: Annotated[
        str, typer.Option(metavar="PATH", help="Path below which a proxy shows the pages.")
    ] = "",
    domain: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="A name that a proxy is reached by, which needs --token; repeat for more.",
        ),
    ] = None,
    library: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Folder of the library; the user's own if left out."),
    ] = None,
    keep_enquiries: Annotated[
        int, typer.Option(metavar="DAYS", help="Days after which what readers asked is deleted.")
    ] = 90,
) -> None:
    """Open the workbench and the library in a browser.

    The same deal gives the same figures there as on the command line. Stop it with Ctrl-C.

    Example: accord serve --port 8765
    """
    from accord.library.opening import default_folder
    from accord.web.serve import serve
    from accord.web.settings import ServerSettings

    settings = ServerSettings(
        library=default_folder() if library is None else library.absolute(),
        host=host, port=port, token=token, workers=workers, prefix=prefix,
        domains=tuple(domain or ()), keep_enquiries=keep_enquiries,
    )  # fmt: skip
    shown = f"[{host}]" if ":" in host else host
    say(SERVING.format(address=f"http://{shown}:{port}{prefix}/", library=settings.library))
    serve(settings)
