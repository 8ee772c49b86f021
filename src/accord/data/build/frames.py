"""Reading tables with pandas, which no other file of the data room imports."""

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from accord.core.errors import InputError, Problem

Columns = dict[str, np.ndarray]


def check_files(raw: Path, names: Sequence[str]) -> None:
    """Return nothing when every raw file is there.

    Raises:
        InputError: Some are missing; all of them are listed.
    """
    missing = [name for name in names if not (raw / name).is_file()]
    if missing:
        raise InputError(
            [
                Problem(str(raw / name), "is missing", "Give the folder with --raw")
                for name in missing
            ],
            "the raw data folder",
        )


def check_extra() -> None:
    """Return nothing when what only a build needs is installed.

    Raises:
        InputError: It is not; the remedy is the command to run.
    """
    remedy = 'Install the extra: pip install "accord-workbench[build]"'
    missing = [name for name in ("arch", "openpyxl", "scipy") if find_spec(name) is None]
    if missing:
        problems = [Problem(name, "is not installed", remedy) for name in missing]
        raise InputError(problems, "this installation")


def read_csv_columns(path: Path, *, header: bool = True) -> Columns:
    """Return the columns of a CSV file as text, keyed by name (by position without a header)."""
    import pandas as pd

    frame = pd.read_csv(path, dtype=str, keep_default_na=False, header=0 if header else None)
    return {
        str(name): frame[name].str.strip().to_numpy(dtype=object).astype(str)
        for name in frame.columns
    }


def read_excel_columns(path: Path, sheet: str, names: Sequence[str]) -> Columns:
    """Return number columns of a sheet of a workbook as float64, keyed by name."""
    import pandas as pd

    frame = pd.read_excel(path, sheet_name=sheet, engine="openpyxl")
    frame.columns = frame.columns.str.split().str.join(" ")
    return {name: frame[name].to_numpy(dtype=np.float64) for name in names}


def read_parquet_columns(path: Path, text: Sequence[str], numbers: Sequence[str]) -> Columns:
    """Return chosen columns of a parquet file, text ones as text, number ones as float64."""
    import pandas as pd

    frame = pd.read_parquet(path, columns=[*text, *numbers])
    columns: Columns = {name: np.asarray(frame[name].astype(str).tolist()) for name in text}
    columns |= {name: frame[name].to_numpy(dtype=np.float64) for name in numbers}
    return columns


def read_floats(column: np.ndarray) -> np.ndarray:
    """Return a column of text as float64, NaN where it is empty or not a number."""
    return np.array([_number(text) for text in column.tolist()], dtype=np.float64)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float("nan")
