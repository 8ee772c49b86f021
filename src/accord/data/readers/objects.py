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
    problems = _check_rows(inputs, final)
    currency, millions = _find_unit(held["unit"], problems)
    if problems:
        raise InputError(problems, SUBJECT)
    final = final.loc[inputs.index]
    values = np.hstack([inputs.to_numpy(float), final.to_numpy(float)])
    users, ends = _pairs(inputs.columns), _pairs(final.columns)
    output_column = None
    x = held["x"]
    if x is not None:
        output_column = values.shape[1]
        sums = np.asarray(x.loc[inputs.index], dtype=float).reshape(len(inputs), -1)[:, :1]
        values = np.hstack([values, sums])
    extra: list[None] = [] if output_column is None else [None]
    head = [[pair[at] if pair else "" for pair in [*users, *ends, *extra]] for at in (0, 1)]
    rows = _pairs(inputs.index)
    grid = _NamedGrid("Z and Y", head, [["_".join(pair) for pair in rows]], values, {}, 1)
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
        return f"{self.stub[0][row]} to {'_'.join(part[column] for part in self.head)}"


def _get(system: Any, name: str) -> Any:
    return system.get(name) if isinstance(system, Mapping) else getattr(system, name, None)


def _pairs(index: "pd.Index") -> list[Pair]:
    return [(str(first), str(second)) for first, second in index.tolist()]


def _check_rows(inputs: "pd.DataFrame", final: "pd.DataFrame") -> list[Problem]:
    lost = [label for label in inputs.index if label not in final.index]
    return [
        Problem("Y rows", f"have no {'_'.join(map(str, label))}, which Z has", REMEDY)
        for label in lost[:5]
    ]


def _find_unit(unit: Any, problems: list[Problem]) -> tuple[str, float]:
    """Return currency and size of the unit of a frame of units, if there is such a frame."""
    if unit is None or not hasattr(unit, "to_numpy"):
        return "USD", 1.0
    units = sorted({str(cell) for cell in unit.to_numpy().ravel()})
    if len(units) > 1:
        problems.append(Problem("unit", f"is {units[0]} here and {units[1]} there",
                                "Give all sectors in the same unit"))  # fmt: skip
    return read_unit(units[0], "unit", problems)
