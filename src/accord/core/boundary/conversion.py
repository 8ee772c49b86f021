"""From lists, tables and labelled arrays of a caller to plain arrays and labels."""

from collections.abc import Iterable, Sequence
from numbers import Real
from typing import Any

import numpy as np

from accord.core.arrays import frozen
from accord.core.errors import Problem
from accord.core.words import counted

NUMBERS = "fiub"  # kinds of array that hold numbers
SHOWN = 40  # characters of a wrong cell or label in a message


def read_array(path: str, value: Any, problems: list[Problem]) -> np.ndarray | None:
    """Return a read-only array of float64, or None after adding to `problems` why it is none.

    Nested lists, tables of pandas and labelled arrays of xarray will do. A missing cell (None, NaN,
    NA) becomes NaN; text, dates, complex numbers and masked cells are refused.
    """
    remedy = "Give an array, or lists of numbers of equal length"
    if value is None or isinstance(value, (str, bytes, dict, set)):
        given = "is missing" if value is None else f"is of type {type(value).__name__}"
        problems.append(Problem(path, given, remedy))
        return None
    masked = int(np.ma.getmaskarray(value).sum()) if np.ma.isMaskedArray(value) else 0
    if masked:
        problems.append(Problem(path, f"{counted(masked)} masked", "Fill them: array.filled(0.0)"))
        return None
    try:
        array = np.asarray(value)
    except (TypeError, ValueError):
        problems.append(Problem(path, "is no table of numbers", remedy))
        return None
    if array.dtype.kind in "OUS":
        return _read_cells(path, array, problems)
    if array.dtype.kind not in NUMBERS:
        kind = "complex numbers" if array.dtype.kind == "c" else f"{array.dtype} values"
        problems.append(Problem(path, f"holds {kind}, not numbers", remedy))
        return None
    return frozen(array)


def _read_cells(path: str, array: np.ndarray, problems: list[Problem]) -> np.ndarray | None:
    """Return an array of numbers from one whose cells may be anything."""
    numbers = np.full(array.shape, np.nan)
    for place, cell in np.ndenumerate(array):
        number = _as_float(cell)
        if number is not None:
            numbers[place] = number
        elif not _is_missing(cell):
            where = ",".join(str(at) for at in place)
            kind = "too large" if isinstance(cell, Real) else f"of type {type(cell).__name__}"
            kind = "text" if isinstance(cell, (str, bytes)) else kind
            problems.append(
                Problem(
                    f"{path}[{where}]" if place else path,
                    f"{_short(cell)} is {kind}, not a number",
                    "Convert the table to numbers first: table.astype(float)",
                )
            )
            return None
    return frozen(numbers)


def _as_float(cell: object) -> float | None:
    """Return a cell as a number; None if it is none, or too large for one."""
    try:
        return float(cell) if isinstance(cell, (Real, np.bool_)) else None
    except OverflowError:
        return None


def read_labels(path: str, value: Any, problems: list[Problem]) -> tuple[str, ...]:
    """Return labels as texts, each once; what is wrong is added to `problems`."""
    if value is None or isinstance(value, (str, bytes)) or not isinstance(value, Iterable):
        kind = "is missing" if value is None else f"is of type {type(value).__name__}"
        problems.append(Problem(path, f"{kind}, not a list of names", 'Write ["USA", "KOR"]'))
        return ()
    labels: list[str] = []
    for at, label in enumerate(value):
        wrong = _wrong_label(label)
        if wrong:
            problems.append(Problem(f"{path}[{at}]", *wrong))
        labels.append(str(label))
    if not labels:
        problems.append(Problem(path, "no identifiers", "Give at least one"))
    twice = sorted({label for label in labels if labels.count(label) > 1})
    if twice:
        message = f"given more than once: {', '.join(twice)}"
        problems.append(Problem(path, message, "Make identifiers unique"))
    return tuple(labels)


def check_order(path: str, value: Any, axis: Sequence[str], problems: list[Problem]) -> None:
    """Add a problem if the rows of a labelled table are those of an axis in another order."""
    index = getattr(value, "index", None)
    if index is None or callable(index):
        return
    rows = [str(label) for label in index]
    if len(rows) == len(axis) and set(rows) == set(axis) and rows != list(axis):
        at = next(place for place, (given, wanted) in enumerate(zip(rows, axis, strict=True))
                  if given != wanted)  # fmt: skip
        message = f"has its rows in another order: row {at} is {rows[at]}, not {axis[at]}"
        problems.append(Problem(path, message, f"Write {path}.loc[labels]"))


def _wrong_label(label: object) -> tuple[str, str] | None:
    """Return what is wrong with a label, and the remedy; None if it is a text that says something.

    Labels of pandas are often something else: NaN where a row has no name, tuples of a MultiIndex.
    """
    if isinstance(label, str):
        return None if label.strip() else ("an identifier is empty", "Name every one")
    if isinstance(label, tuple):
        return f"{_short(label)} is a tuple", 'Join the levels: ["_".join(key) for key in index]'
    if _is_missing(label):
        return "is missing", "Name every one, or drop the row"
    return f"{_short(label)} is not text", "Write str(label)"


def _is_missing(cell: object) -> bool:
    """Whether a cell says that there is no value: None, NaN, NaT or NA."""
    if cell is None or type(cell).__name__ in {"NAType", "NaTType"}:
        return True
    return isinstance(cell, Real) and cell != cell  # noqa: PLR0124  (NaN alone differs from itself)


def _short(cell: object) -> str:
    text = repr(cell)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
