"""Progress bars on standard error, for people only."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from accord.assessment.valuation.surface import Progress


@contextmanager
def show_progress() -> "Iterator[Progress]":
    """Yield a function that is told what is being done, how much is done, and of how much.

    Nothing is drawn where standard error is no terminal.
    """
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

    bars = Progress(
        TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(),
        console=Console(stderr=True), transient=True,
    )  # fmt: skip
    known: dict[str, TaskID] = {}

    def tell(what: str, done: int, of: int) -> None:
        if what not in known:
            known[what] = bars.add_task(what, total=of)
        bars.update(known[what], completed=done + 1, total=of)

    if not bars.console.is_terminal:
        yield lambda _what, _done, _of: None
        return
    with bars:
        yield tell
