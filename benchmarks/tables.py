"""Timing a call, and printing a table."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

WARM_UP = 2
FLOAT = 8
STREAM = 16_000_000  # elements: several times the last cache of the machines we know


@dataclass(frozen=True)
class Timing:
    """Median and minimum of repeated calls, seconds."""

    median: float
    minimum: float

    def __str__(self) -> str:
        return f"{self.median * 1e3:.2f} / {self.minimum * 1e3:.2f}"


def measure(call: Callable[[], Any], repeats: int) -> Timing:
    """Return how long a call takes, after calls that are not counted.

    What a call returns is dropped before the next, as in a program that looks and goes on.
    """
    for _ in range(WARM_UP):
        call()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return Timing(statistics.median(times), min(times))


def memory_bandwidth() -> float:
    """Return bytes a second that a pass over memory reaches: a sum of two arrays into a third."""
    first, second, total = (np.ones(STREAM) for _ in range(3))
    return 3 * FLOAT * STREAM / measure(lambda: np.add(first, second, out=total), 5).minimum


def print_table(title: str, header: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print rows under a header, columns aligned."""
    cells = [list(header), *([str(cell) for cell in row] for row in rows)]
    widths = [max(len(line[i]) for line in cells) for i in range(len(header))]
    print(f"\n{title}\n")
    for number, line in enumerate(cells):
        print("| " + " | ".join(cell.ljust(w) for cell, w in zip(line, widths, strict=True)) + " |")
        if number == 0:
            print("|" + "|".join("-" * (w + 2) for w in widths) + "|")
