"""Files with a line a figure (CSV or Parquet): columns by name, whatever their order."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float

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


@dataclass(frozen=True, eq=False)
class Records:
    """Columns of labels as text, columns of numbers as float64, and where each line stands."""

    path: Path
    texts: dict[str, list[str]]
    numbers: dict[str, Float[np.ndarray, " line"]]

    def where(self, line: int) -> str:
        """Return the place of a record, counted from 0, as a reader finds it in the file."""
        return f"{self.path.name}, line {line + 2}"


def read_records(
    path: Path,
    needed: Sequence[str],
    *,
    number: str = "value",
    optional: Sequence[str] = (),
    more_numbers: Sequence[str] = (),
) -> Records:
    """Return the named columns of a file with a line a figure; names match in any case.

    Raises:
        InputError: Columns are missing, or cells are empty or no number; all told at once.
    """
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
    held = [name for name in (*needed, *optional, *more_numbers) if name in names]
    problems, texts, numbers = [], {}, {}
    for name in held:
        column = frame[names[name]]
        if name == number or name in more_numbers:
            numbers[name] = _read_numbers(path, name, column, problems)
        else:
            texts[name] = [str(cell).strip() for cell in column.tolist()]
            problems += [
                Problem(f"{path.name}, line {line + 2}", f"{name} is empty", "Give a label")
                for line, cell in enumerate(texts[name])
                if not cell or cell == "nan"
            ]
    if problems:
        raise InputError(shorten(problems, path.name), SUBJECT)
    return Records(path, texts, numbers)


def _read_frame(path: Path) -> "pd.DataFrame":
    import pandas as pd

    content = read_bytes(path)
    if path.suffix.casefold() in PARQUET:
        try:
            return pd.read_parquet(io.BytesIO(content))
        except Exception as error:  # whatever a damaged file makes pyarrow raise
            raise stop(path, f"is no whole Parquet file ({type(error).__name__})", WHOLE) from error
    text = content.decode("utf-8-sig", "replace")
    start = text[: text.find("\n") + 1 or None]
    mark = max(",;\t", key=start.count)
    lines = text.splitlines()
    width = start.count(mark)
    wrong = [
        Problem(f"{path.name}, line {at}",
                f"has {line.count(mark) + 1} cells, the head has {width + 1}",
                "Write decimals with a point, and as many cells as the head has"
                if line.count(mark) > width else f"The file may be cut short. {WHOLE}")
        for at, line in enumerate(lines, 1)
        if line.strip() and '"' not in line and line.count(mark) != width
    ]  # fmt: skip
    if wrong:
        raise InputError(shorten(wrong, path.name), SUBJECT)
    frame = pd.read_csv(io.StringIO(text), sep=mark, dtype=str, keep_default_na=False,
                        skip_blank_lines=False)  # fmt: skip
    return frame[(frame != "").any(axis=1)]


def _read_numbers(
    path: Path, name: str, column: "pd.Series", problems: list[Problem]
) -> Float[np.ndarray, " line"]:
    import pandas as pd

    values = pd.to_numeric(column, errors="coerce").to_numpy(dtype=np.float64)
    for line in np.flatnonzero(~np.isfinite(values)).tolist():
        text = str(column.iloc[line]).strip()
        where = f"{path.name}, line {line + 2}, column {name}"
        if DECIMAL_COMMA.fullmatch(text):
            remedy = f"Write {text.replace('.', '').replace(',', '.')}"
            problems.append(Problem(where, f'"{text}" has a decimal comma', remedy))
        elif text in {"", "nan", "None"}:
            problems.append(Problem(where, "is empty", "Write 0 where nothing is sold"))
        else:
            problems.append(Problem(where, f'"{text[:40]}" is no number', "Write a number"))
    return values
