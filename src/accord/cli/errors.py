"""What a user sees when something goes wrong: one message, one exit code, no half-written file."""

import errno
import platform
import traceback
from typing import Any

import typer
from typer.core import TyperGroup

from accord.core.errors import AccordError

INTERRUPTED = 130
OUR_FAULT = 1
NEW_ISSUE = "Please report this, with the lines above and the deal file if you can share it."


class ReportingGroup(TyperGroup):
    """The group of commands, with errors turned into messages and exit codes."""

    def invoke(self, ctx: Any) -> Any:
        """Run a command.

        Raises:
            Exit: With 2 for a wrong input or output, 3 for a failed solve, 130 after Ctrl-C, and 1
                for a fault of the program.
        """
        try:
            return super().invoke(ctx)
        except AccordError as error:
            typer.echo(f"accord: {error}", err=True)
            raise typer.Exit(error.exit_code) from error
        except KeyboardInterrupt as error:
            typer.echo("accord: stopped; nothing was written", err=True)
            raise typer.Exit(INTERRUPTED) from error
        except (typer.Exit, typer.Abort):
            raise
        except Exception as error:
            if _belongs_to_typer(error):
                raise
            _report(error)
            raise typer.Exit(OUR_FAULT) from error


def _belongs_to_typer(error: Exception) -> bool:
    """Whether it is a wrong use of the command line, or a reader that closed the pipe."""
    is_usage = callable(getattr(error, "show", None)) and hasattr(error, "exit_code")
    return is_usage or (isinstance(error, OSError) and error.errno == errno.EPIPE)


def _report(error: Exception) -> None:
    """Print the traceback, the versions and where to send them."""
    from importlib.metadata import version

    typer.echo("".join(traceback.format_exception(error)), err=True)
    typer.echo(
        f"accord {version('accord-workbench')}, Python {platform.python_version()}, "
        f"{platform.system()} {platform.machine()}",
        err=True,
    )
    typer.echo(f"accord: this is a fault of Accord, not of your input. {NEW_ISSUE}", err=True)
