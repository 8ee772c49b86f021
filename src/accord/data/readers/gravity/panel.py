"""A panel of bilateral trade, checked: importer, exporter, value, tariff, and other trade costs."""

from collections import Counter
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
from accord.data.validate import check_known

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


def read_panel(
    given: Any, costs: Sequence[str], *, pairs: bool = False, sectors: Sequence[str] | None = None
) -> Panel:
    """Return the panel in a file (CSV, Parquet) or a DataFrame.

    Args:
        given: The file, or the frame.
        costs: Columns with other trade costs.
        pairs: Whether several years are needed.
        sectors: Those that the panel may name; any if None.

    Raises:
        InputError: Columns are missing, cells are wrong, or flows stand twice; all told at once.
    """
    import pandas as pd

    _check_costs(costs)
    name = "panel"
    if isinstance(given, pd.DataFrame):
        frame, lines = _check_frame(given, costs), [int(at) for at in range(len(given))]
    else:
        path = Path(given)
        numbers = (TARIFF, *costs)
        records = read_records(path, (*NEEDED, *numbers), optional=LABELS, more_numbers=numbers)
        frame = pd.DataFrame({**records.texts, **records.numbers})
        name, lines = path.name, records.lines
    problems = _check_content(frame, name, lines)
    if pairs and "year" not in frame.columns:
        problems.append(Problem("pairs", "effects of pairs need several years",
                                "Add a column year, or leave it out"))  # fmt: skip
    if sectors is not None and "sector" in frame.columns:
        named = tuple(dict.fromkeys(frame["sector"].astype(str)))
        problems += check_known(f"{name}, column sector", named, sectors)
    if problems:
        raise InputError(problems, SUBJECT)
    frame = frame.assign(
        log_tariff=np.log1p(frame[TARIFF].to_numpy()),
        pair=frame["importer"].astype(str) + ">" + frame["exporter"].astype(str),
    )
    if "sector" not in frame.columns:
        frame["sector"] = ALL
    return Panel(frame, tuple(costs), "year" in frame.columns)


def _check_content(frame: "pd.DataFrame", name: str, lines: Sequence[int]) -> list[Problem]:
    """Return what is wrong with the figures of a panel, and which flows stand twice."""
    value, tariff = frame["value"].to_numpy(), frame[TARIFF].to_numpy()
    problems = shorten([
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
    return problems


def _check_costs(costs: Sequence[str]) -> None:
    """Refuse names of trade costs that the panel or a formula has for something else.

    Raises:
        InputError: There are some; all told at once.
    """
    taken = (*NEEDED, *LABELS, TARIFF, "log_tariff", "pair")
    if isinstance(costs, str):
        remedy = f"Give names in a list: [{costs!r}]"
        raise InputError([Problem("costs", f"{costs!r} is one word", remedy)], SUBJECT)
    problems = [
        Problem("costs", f"{name!r:.80} is no name of a trade cost",
                "Rename the column: letters, digits and _, and none of " + ", ".join(taken))
        for name in costs
        if not str(name).isidentifier() or name in taken
    ] + [
        Problem("costs", f"{name} is given twice", "Name each column once")
        for name, count in Counter(costs).items()
        if count > 1
    ]  # fmt: skip
    if problems:
        raise InputError(problems, SUBJECT)


def _check_frame(given: "pd.DataFrame", costs: Sequence[str]) -> "pd.DataFrame":
    """Return a copy of a DataFrame whose numbers are numbers.

    Raises:
        InputError: Columns are missing or hold something else.
    """
    numbers = ("value", TARIFF, *costs)
    problems = [
        Problem(
            "panel", f"there is no column {name}", propose(name, tuple(map(str, given.columns)))
        )
        for name in dict.fromkeys((*NEEDED, *numbers))
        if name not in given.columns
    ]
    for name in numbers:
        if name in given.columns:
            wrong = [cell for cell in np.asarray(given[name], dtype=object) if not _is_number(cell)]
            if wrong:
                message = f"{str(wrong[0])[:40]!r} is no number"
                problems.append(Problem(f"panel, column {name}", message, "Give numbers alone"))
    problems += [
        Problem(f"panel, column {name}", "has empty cells", "Give labels")
        for name in (*NEEDED[:2], *LABELS)
        if name in given.columns and given[name].isna().any()
    ]
    if problems:
        raise InputError(problems, SUBJECT)
    return given.astype(dict.fromkeys(numbers, float))


def _is_number(cell: object) -> bool:
    return isinstance(cell, (int, float, np.number)) and bool(np.isfinite(cell))
