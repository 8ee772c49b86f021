"""Who solves the batches of a sweep: this process, or processes beside it.

A batch is a pure function of the ground and its scenarios, and only this process writes. So a
worker that is killed loses nothing but what it was working on, and its batch is given out again.
"""

import multiprocessing
import multiprocessing.connection
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from accord.assessment.sweep.ground import Ground
from accord.assessment.sweep.rows import KILLED_WORDS, failed_rows, make_table
from accord.assessment.sweep.workshop import Item, Workshop
from accord.core.errors import InputError, Problem

if TYPE_CHECKING:
    import pyarrow as pa

TRIES = 3
AHEAD = 2  # batches for each worker that are given out at a time
Grounds = Mapping[str, Ground]


@dataclass(frozen=True, eq=False)
class Batch:
    """Scenarios of one ground, to be solved in one call.

    Attributes:
        key: Which ground.
        items: The scenarios.
        tries: How often it was given out to a worker that was killed.
    """

    key: str
    items: tuple[Item, ...]
    tries: int = 0


Solved = Iterator[tuple[Batch, "pa.Table"]]
Crew = Callable[[Grounds, Iterable[Batch]], Solved]
_workshops: dict[str, Workshop] = {}
_grounds: dict[str, Ground] = {}


def solve_here(grounds: Grounds, batches: Iterable[Batch]) -> Solved:
    """Yield batches and their rows, solved in this process."""
    shops = {key: Workshop(ground) for key, ground in grounds.items()}
    for batch in batches:
        yield batch, shops[batch.key].solve(batch.items)


def solve_in_worker(ground: Ground, items: tuple[Item, ...]) -> "pa.Table":
    """Return the rows of scenarios; a worker keeps what those of one ground share."""
    if ground.key not in _workshops:
        _workshops[ground.key] = Workshop(ground)
    return _workshops[ground.key].solve(items)


def with_processes(workers: int) -> Crew:
    """Return what solves batches in processes of this machine.

    Solving raises `InputError` where the first workers end before they begin.
    """

    def solve(grounds: Grounds, batches: Iterable[Batch]) -> Solved:
        source, again, has_begun = iter(batches), list[Batch](), False
        while True:
            with _open_pool(workers, grounds) as pool:
                going: dict[Future[pa.Table], Batch] = {}
                has_begun = has_begun or _begins(pool)
                try:
                    yield from _run(pool, going, source, again, ahead=AHEAD * workers)
                except BrokenProcessPool:
                    lost, again = [*going.values(), *again], []
                    for batch in lost:
                        retried, given_up = try_again(batch)
                        again += retried
                        for single in given_up:
                            yield single, killed_rows(grounds[single.key], single)
                    continue
                except BaseException:
                    pool.shutdown(wait=False, cancel_futures=True)
                    raise
            return

    return solve


def _begins(pool: ProcessPoolExecutor) -> bool:
    """Return true once a worker has begun.

    Raises:
        InputError: None did.
    """
    try:
        return pool.submit(os.getpid).result() > 0
    except BrokenProcessPool as error:
        message = (
            "worker processes end before they begin, as when each runs the calling script again"
        )
        remedy = 'Call ac.sweep below `if __name__ == "__main__":`, or leave `workers` out'
        raise InputError([Problem("workers", message, remedy)], "the call") from error


def _run(
    pool: ProcessPoolExecutor,
    going: "dict[Future[pa.Table], Batch]",
    source: Iterator[Batch],
    again: list[Batch],
    *,
    ahead: int,
) -> Solved:
    """Yield batches as they are solved, a bounded number given out at a time."""
    while True:
        while len(going) < ahead:
            batch = again.pop() if again else next(source, None)
            if batch is None:
                break
            try:
                going[pool.submit(_solve_known, batch.key, batch.items)] = batch
            except BrokenProcessPool:  # before it was given out
                again.append(batch)
                raise
        if not going:
            return
        done, _ = wait(going, return_when=FIRST_COMPLETED)
        for future in done:
            table = future.result()
            yield going.pop(future), table


def try_again(batch: Batch) -> tuple[list[Batch], list[Batch]]:
    """Return what is given out again of a batch whose worker was killed, and what is given up.

    A batch that was tried often is taken apart, so that one scenario does not drag others along.
    """
    if batch.tries + 1 < TRIES:
        return [replace(batch, tries=batch.tries + 1)], []
    if len(batch.items) == 1:
        return [], [batch]
    return [Batch(batch.key, (item,), TRIES - 1) for item in batch.items], []


def killed_rows(ground: Ground, batch: Batch) -> "pa.Table":
    """Return the rows of scenarios that are given up: whoever worked on them was killed."""
    return make_table(
        row for item in batch.items for row in failed_rows(ground, item.hash, KILLED_WORDS)
    )


def _open_pool(workers: int, grounds: Grounds) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(
        workers,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_enter,
        initargs=(dict(grounds),),
    )


def _enter(grounds: Grounds) -> None:
    """Begin a worker: it leaves Ctrl-C to its parent, and ends with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()
    _grounds.update(grounds)


def _end_with(sentinel: int) -> None:
    multiprocessing.connection.wait([sentinel])
    os._exit(1)


def _solve_known(key: str, items: tuple[Item, ...]) -> "pa.Table":
    return solve_in_worker(_grounds[key], items)
