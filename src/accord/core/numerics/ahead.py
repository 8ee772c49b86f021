"""Results worked out by threads before they are asked for.

Array arithmetic lets go of the interpreter, so that the money of the next packages is followed
while the equilibria of this one are solved. No number depends on it.
"""

import os
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Generic, TypeVar

Asked = TypeVar("Asked")
Thing = TypeVar("Thing")
MOST_THREADS = 4
_threads = min(os.cpu_count() or 1, MOST_THREADS)


def thread_count() -> int:
    """Return how many threads work side by side in this process."""
    return _threads


def use_threads(count: int) -> None:
    """Say how many threads work side by side, from now on; a server wants the others to answer."""
    global _threads  # noqa: PLW0603 (one number of a process)
    _threads = count


class Ahead(Generic[Asked, Thing]):
    """Makes things that will be asked for, a few at a time; those not announced when asked."""

    def __init__(self, make: Callable[[Asked], Thing], threads: int | None = None) -> None:
        """Make nothing yet.

        Args:
            make: Makes what is asked for; safe to call from several threads at once.
            threads: How many work; as many as the process has for it if left out.
        """
        self._make = make
        self._threads = thread_count() if threads is None else threads
        self._workers: ThreadPoolExecutor | None = None
        self._waiting: deque[tuple[object, Asked]] = deque()
        self._under_way: list[tuple[object, Future[Thing]]] = []

    def announce(self, asked: Iterable[tuple[object, Asked]]) -> None:
        """Say what will be asked for, in order, each under a key; drop what was announced."""
        for _, future in self._under_way:
            future.cancel()
        self._under_way = []
        self._waiting = deque(asked)
        self._top_up()

    def take(self, key: object, asked: Asked) -> Thing:
        """Return what was made under an equal key, or make it now.

        Raises:
            Exception: Whatever making it raises.
        """
        for place, (known, future) in enumerate(self._under_way):
            if known == key:
                del self._under_way[place]
                self._top_up()
                return future.result()
        self._waiting = deque(item for item in self._waiting if item[0] != key)
        return self._make(asked)

    def _top_up(self) -> None:
        """Set the threads to work; a few things are ready beyond what they work on."""
        if self._waiting and self._workers is None:
            self._workers = ThreadPoolExecutor(self._threads)
        while self._waiting and len(self._under_way) < 2 * self._threads and self._workers:
            key, asked = self._waiting.popleft()
            self._under_way.append((key, self._workers.submit(self._make, asked)))
