"""Anything with `Z` and `Y` (and `x`), such as an IOSystem of pymrio: frames labelled by pairs."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from accord.core.errors import InputError, Problem
from accord.core.provenance import Source
from accord.data.readers.table.assemble import Labels, Pair, assemble
from accord.data.readers.table.grid import SUBJECT, Grid
from accord.data.readers.table.table import LabelledTable
from accord.data.readers.table.units import read_unit

if TYPE_CHECKING:
    import pandas as pd

SOURCE = Source(id="own-table", title="A table of the user's own", licence="the user's", grade="U")
REMEDY = "Give an object whose Z and Y are frames with rows and columns labelled (region, sector)"


def read_object(system: Any) -> LabelledTable:
    """Return the table that an object or a mapping with Z, Y and perhaps x and unit holds.

    Money is what its `unit` says, else millions of dollars.

    Raises:
        InputError: Frames are missing, their labels are no pairs, or cells are no numbers.
    """
    import pandas as pd

    held = {name: _get(system, name) for name in ("Z", "Y", "x", "unit")}
    problems = [
        Problem(name, "is missing" if held[name] is None else "is no labelled frame", REMEDY)
        for name in ("Z", "Y")
        if not isinstance(held[name], pd.DataFrame)
    ]
    if not problems:
        problems = [
            Problem(f"{name} {side}", "are not labelled by pairs of region and sector", REMEDY)
            for name, side, index in (
                ("Z", "rows", held["Z"].index), ("Z", "columns", held["Z"].columns),
                ("Y", "rows", held["Y"].index), ("Y", "columns", held["Y"].columns),
            )
            if index.nlevels != 2
        ]  # fmt: skip
    if problems:
        raise InputError(problems, SUBJECT)
    inputs, final = held["Z"], held["Y"]
    problems = check_labels(inputs, {"Y": final, "x": held["x"]}, REMEDY)
    currency, millions = _find_unit(held["unit"], problems)
    if problems:
        raise InputError(problems, SUBJECT)
    final = final.loc[inputs.index]
    cells = [inputs.to_numpy(), final.to_numpy()]
    users, ends = _pairs(inputs.columns), _pairs(final.columns)
    output_column = None
    x = held["x"]
    if x is not None:
        output_column = len(users) + len(ends)
        cells.append(x.loc[inputs.index].to_numpy().reshape(len(inputs), -1)[:, :1])
    values, texts = _read_cells(np.hstack(cells))
    extra: list[None] = [] if output_column is None else [None]
    names = [*users, *ends, *(("output", "") for _ in extra)]
    head = [[pair[at] for pair in names] for at in (0, 1)]
    rows = _pairs(inputs.index)
    stub = [["_".join(pair) for pair in rows]]
    grid = _NamedGrid("Z and Y", head, stub, values, texts, range(1, len(rows) + 1))
    return assemble(
        grid,
        Labels(
            sellers=rows,
            users=[*users, *[None] * len(ends), *extra],
            finals=[*[None] * len(users), *ends, *extra],
            extra=[""] * len(rows),
            output_column=output_column,
        ),
        source=SOURCE,
        currency=currency,
        millions=millions,
    )


class _NamedGrid(Grid):
    """A grid whose rows have labels, not lines."""

    def where(self, row: int, column: int) -> str:
        """Return the labels of a cell."""
        label = "_".join(filter(None, (part[column] for part in self.head)))
        return f"{self.stub[0][row]} to {label}"


def _get(system: Any, name: str) -> Any:
    return system.get(name) if isinstance(system, Mapping) else getattr(system, name, None)


def _pairs(index: "pd.Index") -> list[Pair]:
    return [(str(first), str(second)) for first, second in index.tolist()]


def check_labels(
    inputs: "pd.DataFrame", others: Mapping[str, Any], remedy: str, *, name: str = "Z"
) -> list[Problem]:
    """Return rows of inputs that stand twice, or that frames of the same rows do not have once."""
    import pandas as pd

    problems = [
        Problem(f"{name} rows", f"have {_join(label)} twice", "Keep one of them")
        for label in inputs.index[inputs.index.duplicated()][:5]
    ]
    for other, frame in others.items():
        if frame is None:
            continue
        if not isinstance(frame, (pd.DataFrame, pd.Series)) or not frame.size:
            problems.append(Problem(other, "is no labelled frame", remedy))
            continue
        lost = [label for label in inputs.index if label not in frame.index]
        problems += [
            Problem(f"{other} rows", f"have no {_join(label)}, which {name} has", remedy)
            for label in lost[:5]
        ]
        problems += [
            Problem(f"{other} rows", f"have {_join(label)} twice", "Keep one of them")
            for label in frame.index[frame.index.duplicated()][:5]
        ]
    return problems


def _join(label: Any) -> str:
    return "_".join(map(str, label)) if isinstance(label, tuple) else str(label)


def _read_cells(cells: np.ndarray) -> tuple[np.ndarray, dict[tuple[int, int], str]]:
    """Return numbers, NaN where a cell holds none, and what stands in cells of text."""
    try:
        return np.asarray(cells, dtype=float), {}
    except (TypeError, ValueError):
        pass
    values, texts = np.full(cells.shape, np.nan), {}
    for (row, column), cell in np.ndenumerate(cells):
        try:
            values[row, column] = float(cell)
        except (TypeError, ValueError):
            texts[row, column] = str(cell)
    return values, texts


def _find_unit(unit: Any, problems: list[Problem]) -> tuple[str, float]:
    """Return currency and size of the unit of a frame of units, if there is such a frame."""
    if unit is None or not hasattr(unit, "to_numpy"):
        return "USD", 1.0
    units = sorted({str(cell) for cell in unit.to_numpy().ravel()})
    if not units:
        problems.append(Problem("unit", "is empty", "Give a unit, or leave the frame out"))
        return "USD", 1.0
    if len(units) > 1:
        problems.append(Problem("unit", f"is {units[0]} here and {units[1]} there",
                                "Give all sectors in the same unit"))  # fmt: skip
    return read_unit(units[0], "unit", problems)
