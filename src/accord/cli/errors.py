"""Errors as a user sees them: one message, one exit code, no half-written file."""

import contextlib
import errno
import os
import platform
import sys
import traceback
import warnings
from collections.abc import Iterator
from typing import Any

import typer
from typer.core import TyperGroup

from accord.cli.printing import say
from accord.cli.sentences import CACHE_FULL, FAULT, INTERRUPTED_WORDS, NOT_WHOLE
from accord.core.errors import AccordError

INTERRUPTED = 130
PIPE_CLOSED = 141
OUR_FAULT = 1
NOT_PRINTED = 2
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)
CACHE = "persistent compilation cache"  # what JAX says when it can neither read nor keep one


class ReportingGroup(TyperGroup):
    """The group of commands, with errors turned into messages and exit codes."""

    def main(self, *arguments: Any, **options: Any) -> Any:
        """Run the command line, printing of help and version included.

        Raises:
            SystemExit: With 2 when standard output cannot be written, 141 when nobody reads it.
        """
        _forgive_encodings()
        try:
            return super().main(*arguments, **options)
        except (OSError, SystemExit) as error:
            # Typer ends with 1 on a closed pipe.
            cause = error.__context__ if isinstance(error, SystemExit) else error
            code = _report_output(cause)
            if code is None:
                raise
            raise SystemExit(code) from error

    def invoke(self, ctx: Any) -> Any:
        """Run a command.

        Raises:
            Exit: With 2 for a wrong input or output, 3 for a failed solve, 130 after Ctrl-C, 141
                when nobody reads the output, and 1 for a fault of the program.
        """
        try:
            with _short_warnings():
                result = super().invoke(ctx)
            if sys.stdout is not None:
                sys.stdout.flush()  # a full disk is told here, not by the interpreter at its end
        except AccordError as error:
            say(f"accord: {error}", err=True)
            raise typer.Exit(error.exit_code) from error
        except KeyboardInterrupt as error:
            say(f"accord: {INTERRUPTED_WORDS}", err=True)
            raise typer.Exit(INTERRUPTED) from error
        except (typer.Exit, typer.Abort):
            raise
        except Exception as error:
            if _belongs_to_typer(error):
                raise
            code = _report_output(error)
            if code is None:
                _report(error)
            raise typer.Exit(OUR_FAULT if code is None else code) from error
        return result


def _forgive_encodings() -> None:
    """Let a terminal that lacks a character show another instead of ending the command."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")


@contextlib.contextmanager
def _short_warnings() -> Iterator[None]:
    """Show each warning of a library once, in one line."""
    shown: set[str] = set()

    def show(message: Warning | str, *_: object, **__: object) -> None:
        text = " ".join(str(message).split())
        if CACHE in text:
            text = CACHE_FULL.format(reason=text.rpartition(": ")[2])
        if text not in shown:
            shown.add(text)
            say(f"accord: {text}", err=True)

    with warnings.catch_warnings():
        warnings.showwarning = show
        yield


def _belongs_to_typer(error: Exception) -> bool:
    """Whether it is a wrong use of the command line."""
    return callable(getattr(error, "show", None)) and hasattr(error, "exit_code")


def _report_output(error: BaseException | None) -> int | None:
    """Return the exit code of a standard output that failed, told to the user; else None.

    A file that failed has its name in the error; standard output has none.
    """
    if not isinstance(error, OSError) or error.filename is not None:
        return None
    if error.errno == errno.EPIPE:
        _silence()
        return PIPE_CLOSED
    if error.errno not in NO_ROOM:
        return None
    _silence()
    say(f"accord: {NOT_WHOLE.format(reason=error.strerror)}", err=True)
    return NOT_PRINTED


def _silence() -> None:
    """Send standard output nowhere, so that the rest of its buffer cannot fail a second time."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def _report(error: Exception) -> None:
    """Print the traceback, the versions and where to send them."""
    from importlib.metadata import version

    say("".join(traceback.format_exception(error)), err=True)
    say(
        f"accord {version('accord-workbench')}, Python {platform.python_version()}, "
        f"{platform.system()} {platform.machine()}",
        err=True,
    )
    say(f"accord: {FAULT}", err=True)
