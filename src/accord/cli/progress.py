"""The progress of long work, on standard error."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from accord.cli.printing import say
from accord.cli.sentences import PROGRESS
from accord.core.text import printable

if TYPE_CHECKING:
    from accord.assessment.valuation.welfare.surface import Progress

SECONDS = 5.0  # between two lines where there is no terminal


@contextmanager
def show_progress() -> "Iterator[Progress]":
    """Yield a function that is told what is being done, how much is done, and of how much.

    Bars in a terminal; elsewhere a line every few seconds, for a log.
    """
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

    bars = Progress(
        TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn(),
        console=Console(stderr=True), transient=True,
    )  # fmt: skip
    known: dict[str, TaskID] = {}

    def tell(what: str, done: int, of: int) -> None:
        if what not in known:
            known[what] = bars.add_task(printable(what), total=of)
        bars.update(known[what], completed=done + 1, total=of)

    if not bars.console.is_terminal:
        yield tell_in_lines()
        return
    with bars:
        yield tell


def tell_in_lines() -> "Progress":
    """Return a function that prints how far the work is, at most every few seconds."""
    last = time.monotonic()

    def tell(what: str, done: int, of: int) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= SECONDS:
            last = now
            say("accord: " + PROGRESS.format(what=what, done=done + 1, of=of), err=True)

    return tell
