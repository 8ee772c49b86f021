"""A panel of bilateral trade, checked: importer, exporter, value, tariff, and other trade costs."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from accord.core.errors import InputError, Problem
from accord.core.rates import check_rate_units
from accord.core.words import propose
from accord.data.readers.table.grid import shorten
from accord.data.readers.table.records import read_records

if TYPE_CHECKING:
    import pandas as pd

SUBJECT = "the panel"
NEEDED = ("importer", "exporter", "value")
LABELS = ("sector", "year")
TARIFF = "tariff"
ALL = "*"
"""Sector of a panel that names none: its estimate is for all goods."""


@dataclass(frozen=True, eq=False)
class Panel:
    """A checked panel; `frame` has log_tariff beside the columns given, `costs` are regressors."""

    frame: "pd.DataFrame"
    costs: tuple[str, ...]
    has_years: bool


def read_panel(given: Any, costs: Sequence[str]) -> Panel:
    """Return the panel in a file (CSV, Parquet) or a DataFrame.

    Raises:
        InputError: Columns are missing, cells are wrong, or flows stand twice; all told at once.
    """
    import pandas as pd

    name = "panel"
    if isinstance(given, pd.DataFrame):
        frame, lines = _check_frame(given, costs), [int(at) for at in range(len(given))]
    else:
        path = Path(given)
        records = read_records(path, NEEDED, optional=LABELS, more_numbers=(TARIFF, *costs))
        frame = pd.DataFrame({**records.texts, **records.numbers})
        name, lines = path.name, records.lines
    problems = [
        Problem(name, f"there is no column {column}", propose(column, tuple(frame.columns)))
        for column in (TARIFF, *costs)
        if column not in frame.columns
    ]
    if problems:
        raise InputError(problems, SUBJECT)
    value, tariff = frame["value"].to_numpy(), frame[TARIFF].to_numpy()
    problems += shorten([
        Problem(f"{name}, line {lines[at]}", f"value {value[at]:g} is below zero",
                "Write 0 where nothing is sold")
        for at in np.flatnonzero(value < 0).tolist()
    ], name)  # fmt: skip
    problems += shorten([
        Problem(f"{name}, line {lines[at]}", f"tariff {tariff[at]:g} is no rate",
                "Rates are fractions of customs value: 0.1 is 10 %")
        for at in np.flatnonzero(tariff <= -1).tolist()
    ], name)  # fmt: skip
    problems += check_rate_units(f"{name}, column tariff", tariff)
    keys = [column for column in (*NEEDED[:2], *LABELS) if column in frame.columns]
    for at in np.flatnonzero(frame.duplicated(keys)).tolist()[:3]:
        told = ", ".join(str(frame[key].iloc[at]) for key in keys)
        problems.append(Problem(f"{name}, line {lines[at]}", f"repeats {told}",
                                "Give each flow once a year"))  # fmt: skip
    if problems:
        raise InputError(problems, SUBJECT)
    frame = frame.assign(
        log_tariff=np.log1p(tariff),
        pair=frame["importer"].astype(str) + ">" + frame["exporter"].astype(str),
    )
    if "sector" not in frame.columns:
        frame["sector"] = ALL
    return Panel(frame, tuple(costs), "year" in frame.columns)


def _check_frame(given: "pd.DataFrame", costs: Sequence[str]) -> "pd.DataFrame":
    """Return a copy of a DataFrame whose numbers are numbers.

    Raises:
        InputError: Columns are missing or hold something else.
    """
    problems = [
        Problem(
            "panel", f"there is no column {name}", propose(name, tuple(map(str, given.columns)))
        )
        for name in (*NEEDED, TARIFF, *costs)
        if name not in given.columns
    ]
    for name in ("value", TARIFF, *costs):
        if name in given.columns:
            numbers = np.asarray(given[name], dtype=object)
            wrong = [cell for cell in numbers if not _is_number(cell)]
            if wrong:
                message = f"{str(wrong[0])[:40]!r} is no number"
                problems.append(Problem(f"panel, column {name}", message, "Give numbers alone"))
    if problems:
        raise InputError(problems, SUBJECT)
    return given.astype(dict.fromkeys(("value", TARIFF, *costs), float))


def _is_number(cell: object) -> bool:
    return isinstance(cell, (int, float, np.number)) and bool(np.isfinite(cell))
