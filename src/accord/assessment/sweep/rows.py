"""The columns of a sweep, and the rows of scenarios, solved or failed."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from pydantic import ValidationError

from accord.assessment.sweep.ground import Ground
from accord.core.errors import AccordError, InputError, SolveError

if TYPE_CHECKING:
    import pyarrow as pa

WORDS = ("hash", "package", "region", "status")
GAINS = ("gain", "gain_low", "gain_high", "gain_chance")
NUMBERS = (
    *GAINS, "welfare", "welfare_low", "welfare_high", "duty", "duty_change", "residual",
)  # fmt: skip
PROBLEM = "problem"
COLUMNS = (*WORDS, *NUMBERS, PROBLEM)
REFUSED, FAULT, MEMORY, KILLED = "refused", "fault", "memory", "killed"
DONE = "converged"
UNFINISHED = (FAULT, MEMORY, KILLED)
"""Statuses that say nothing of the scenario: the next run tries it again."""
OUT_OF_DEVICE_MEMORY = "RESOURCE_EXHAUSTED"  # what XLA calls it
MEMORY_WORDS = "there was not enough memory"
KILLED_WORDS = "the process that worked on it was killed again and again: it may lack memory"

Figures = Mapping[str, np.ndarray]
Row = dict[str, Any]


def make_table(rows: Iterable[Mapping[str, Any]]) -> "pa.Table":
    """Return rows as a table with the columns of a sweep."""
    import pyarrow as pa

    kinds = {name: pa.float64() if name in NUMBERS else pa.string() for name in COLUMNS}
    return pa.Table.from_pylist(list(rows), schema=pa.schema(list(kinds.items())))


def solved_rows(
    ground: Ground, digest: str, package: str, figures: Figures, *, status: str, problem: str = ""
) -> list[Row]:
    """Return the rows of one package of a scenario, a region each; NaN where nothing is known."""
    return [
        {
            "hash": digest, "package": package, "region": region, "status": status,
            PROBLEM: problem,
            **{
                name: float(figures[name][at]) if name in figures else float("nan")
                for name in NUMBERS
            },
        }
        for at, region in enumerate(ground.regions)
    ]  # fmt: skip


def failed_rows(ground: Ground, digest: str, error: BaseException | str) -> list[Row]:
    """Return the rows of a scenario that failed, with its status and the problem."""
    status, problem = KILLED, str(error)
    if isinstance(error, SolveError):
        status = error.status.name.lower()
    elif isinstance(error, InputError):
        status, problem = REFUSED, "; ".join(map(str, error.problems))
    elif isinstance(error, AccordError | ValidationError):
        status = REFUSED
    elif lacks_memory(error):
        status, problem = MEMORY, f"{MEMORY_WORDS}: {error}" if str(error) else MEMORY_WORDS
    elif isinstance(error, BaseException):
        status, problem = FAULT, f"{type(error).__name__}: {error}"
    return empty_rows(ground, digest, status=status, problem=problem)


def lacks_memory(error: BaseException | str) -> bool:
    """Whether an error says that memory was short, that of a device included."""
    is_of_device = isinstance(error, RuntimeError) and OUT_OF_DEVICE_MEMORY in str(error)
    return isinstance(error, MemoryError) or is_of_device


def empty_rows(ground: Ground, digest: str, *, status: str, problem: str) -> list[Row]:
    """Return the rows of a scenario without figures."""
    return [
        row
        for package in ground.packages
        for row in solved_rows(ground, digest, package, {}, status=status, problem=problem)
    ]
