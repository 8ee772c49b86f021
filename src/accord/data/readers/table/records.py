"""Files with a line a figure (CSV or Parquet): columns by name, whatever their order."""

import csv
import io
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from accord.core.arrays import Float
from accord.core.errors import InputError, Problem
from accord.core.words import propose
from accord.data.readers.table.grid import (
    DECIMAL_COMMA,
    SUBJECT,
    WHOLE,
    read_bytes,
    shorten,
    stop,
)

if TYPE_CHECKING:
    import pandas as pd

PARQUET = (".parquet", ".pq")
PERCENT = re.compile(r"([+-]?\d+(?:[.,]\d+)?)\s*%")
EMPTY = frozenset({"", "nan", "None", "<NA>"})


@dataclass(frozen=True, eq=False)
class Records:
    """Columns of labels as text and of numbers as float64, and the line of the file of each."""

    path: Path
    texts: dict[str, list[str]]
    numbers: dict[str, Float[np.ndarray, " line"]]
    lines: list[int]

    def where(self, line: int) -> str:
        """Return the place of a record, counted from 0, as a reader finds it in the file."""
        return f"{self.path.name}, line {self.lines[line]}"

    def check_repeats(self, names: Sequence[str]) -> list[Problem]:
        """Return the lines whose labels in some columns stand in a line before."""
        import pandas as pd

        labels = pd.DataFrame({name: self.texts[name] for name in names})
        if not labels.duplicated().any():
            return []
        first: dict[tuple[str, ...], int] = {}
        problems = []
        for line, key in enumerate(labels.itertuples(index=False, name=None)):
            before = first.setdefault(key, line)
            if before != line:
                message = f"repeats line {self.lines[before]}: {', '.join(key)}"
                problems.append(Problem(self.where(line), message, "Give each flow once"))
        return shorten(problems, self.path.name)


def read_records(
    path: Path,
    needed: Sequence[str],
    *,
    number: str = "value",
    optional: Sequence[str] = (),
    more_numbers: Sequence[str] = (),
    may_be_empty: Collection[str] = (),
    remedies: Mapping[str, str] | None = None,
) -> Records:
    """Return the named columns of a file with a line a figure; names match in any case.

    Empty cells of the columns that may have them are "" in texts and NaN in numbers. `remedies` has
    what to write in a column instead of a cell that is no number.

    Raises:
        InputError: Columns are missing, cells are empty or no number, or there is no line; all
            told at once.
    """
    import pandas as pd

    frame = _read_frame(path)
    names = {str(name).strip().casefold(): name for name in frame.columns}
    missing = [name for name in needed if name not in names]
    if missing:
        has = ", ".join(str(name) for name in frame.columns)
        problems = [
            Problem(f"{path.name}, line 1", f"there is no column {name}",
                    f"The file has {has}. {propose(name, tuple(names))}")
            for name in missing
        ]  # fmt: skip
        raise InputError(problems, SUBJECT)
    if frame.empty:
        raise stop(path, "holds no line below its head", WHOLE)
    lines = [int(at) + 2 for at in frame.index]
    held = [n for n in dict.fromkeys((*needed, *optional, *more_numbers)) if n in names]
    problems, texts, numbers = [], {}, {}
    for name in held:
        column = frame[names[name]]
        if name == number or name in more_numbers:
            blank = name in may_be_empty
            remedy = (remedies or {}).get(name, "Write a number")
            numbers[name] = _read_numbers(
                path, name, column, problems, remedy=remedy, allow_empty=blank
            )
        else:
            is_missing = pd.isna(column).tolist()
            cells = zip(column.tolist(), is_missing, strict=True)
            texts[name] = ["" if missing else str(cell).strip() for cell, missing in cells]
            problems += [
                Problem(f"{path.name}, line {line}", f"{name} is empty", "Give a label")
                for line, cell in zip(lines, texts[name], strict=True)
                if not cell and name not in may_be_empty
            ]
    if problems:
        raise InputError(shorten(problems, path.name), SUBJECT)
    return Records(path, texts, numbers, lines)


def _read_frame(path: Path) -> "pd.DataFrame":
    """Return the cells of a file; the index counts lines below the head, empty ones too."""
    import pandas as pd

    content = read_bytes(path)
    if path.suffix.casefold() in PARQUET:
        try:
            return pd.read_parquet(io.BytesIO(content)).reset_index(drop=True)
        except Exception as error:  # whatever a damaged file makes pyarrow raise
            raise stop(path, f"is no whole Parquet file ({type(error).__name__})", WHOLE) from error
    text = content.decode("utf-8-sig", "replace")
    start = text[: text.find("\n") + 1 or None]
    mark = max(",;\t", key=start.count)
    wrong = _check_widths(path, text, mark)
    if wrong:
        raise InputError(shorten(wrong, path.name), SUBJECT)
    try:
        frame = pd.read_csv(io.StringIO(text), sep=mark, dtype=str, keep_default_na=False,
                            skip_blank_lines=False, index_col=False).fillna("")  # fmt: skip
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise stop(path, f"cannot be read: {error}", WHOLE) from error
    return frame[(frame != "").any(axis=1)]


def _check_widths(path: Path, text: str, mark: str) -> list[Problem]:
    """Return the lines that have more or fewer cells than the head, empty ones left out."""
    reader = csv.reader(io.StringIO(text), delimiter=mark)
    try:
        width = len(next(reader, []))
        return [
            Problem(f"{path.name}, line {reader.line_num}",
                    f"has {len(row)} cells, the head has {width}",
                    "Write decimals with a point, and as many cells as the head has"
                    if len(row) > width else f"The file may be cut short. {WHOLE}")
            for row in reader
            if len(row) != width and any(row)
        ]  # fmt: skip
    except csv.Error as error:
        where = f"{path.name}, line {reader.line_num}"
        return [Problem(where, f"cannot be read: {error}", WHOLE)]


def _read_numbers(
    path: Path,
    name: str,
    column: "pd.Series",
    problems: list[Problem],
    *,
    remedy: str,
    allow_empty: bool,
) -> Float[np.ndarray, " line"]:
    import pandas as pd

    values = pd.to_numeric(column, errors="coerce").to_numpy(dtype=np.float64)
    for line in np.flatnonzero(~np.isfinite(values)).tolist():
        text = str(column.iloc[line]).strip()
        where = f"{path.name}, line {int(column.index[line]) + 2}, column {name}"
        if DECIMAL_COMMA.fullmatch(text):
            told = f"Write {text.replace('.', '').replace(',', '.')}"
            problems.append(Problem(where, f'"{text}" has a decimal comma', told))
        elif text in EMPTY:
            if not allow_empty:
                problems.append(Problem(where, "is empty", "Write 0 where nothing is sold"))
        elif (percent := PERCENT.fullmatch(text)) is not None:
            fraction = float(percent[1].replace(",", ".")) / 100
            told = f"Write the fraction, {fraction:.6g}"
            problems.append(Problem(where, f'"{text}" is a per cent', told))
        else:
            problems.append(Problem(where, f'"{text[:40]}" is no number', remedy))
    return values
