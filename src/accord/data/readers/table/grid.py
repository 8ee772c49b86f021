"""The cells of a text file or a sheet: labels, numbers, and where each stands in the file."""

import csv
import io
import math
import re
import warnings
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from accord.core.arrays import Bool, Float
from accord.core.boundary.economy import first_few
from accord.core.errors import InputError, Problem
from accord.core.words import propose

if TYPE_CHECKING:
    import pandas as pd

WHOLE = "Download the file again and compare its size"
DECIMAL_COMMA = re.compile(r"\s*-?\d{1,3}(\.?\d{3})*,\d+\s*|\s*-?\d+,\d+\s*")
SHEETS, BINARY_SHEETS = (".xlsx", ".xlsm"), ".xlsb"
SUBJECT = "the table"


@dataclass(frozen=True, eq=False)
class Grid:
    """A table of numbers between labels.

    Attributes:
        name: Name of the file.
        head: Rows of labels above the numbers, one label a column.
        stub: Columns of labels left of the numbers, one label a row.
        values: Numbers; NaN where a cell is empty or holds none.
        texts: What stands in the cells that hold something else.
        lines: Line of each row of numbers in the file, counted from 1.
        is_sheet: Whether cells have names such as E7.
    """

    name: str
    head: list[list[str]]
    stub: list[list[str]]
    values: Float[np.ndarray, "row column"]
    texts: dict[tuple[int, int], str]
    lines: Sequence[int]
    is_sheet: bool = False

    def where(self, row: int, column: int) -> str:
        """Return the place of a cell, as a reader finds it in the file."""
        if self.is_sheet:
            return f"{self.name}, cell {_letters(column + len(self.stub))}{self.lines[row]}"
        label = "_".join(filter(None, (row[column] for row in self.head)))
        return f"{self.name}, line {self.lines[row]}, column {label}"

    def check(
        self,
        rows: Bool[np.ndarray, " row"],
        columns: Bool[np.ndarray, " column"],
        *,
        allow_empty: bool = False,
    ) -> list[Problem]:
        """Return what is no number in a block of the table, the first few cells and a count."""
        problems: list[Problem] = []
        within = rows[:, None] & columns[None, :]
        problems += [
            Problem(self.where(int(row), int(column)), "is infinite", "Write a number")
            for row, column in np.argwhere(np.isinf(self.values) & within)
        ]
        block = np.isnan(self.values) & within
        places = [(int(row), int(column)) for row, column in np.argwhere(block)]
        bad = [place for place in places if place in self.texts]
        problems += [self._explain(*place) for place in bad]
        problems += [
            Problem(self.where(*place), "is empty", "Write 0 where nothing is sold")
            for place in places
            if place not in self.texts and not allow_empty
        ]
        return shorten(problems, self.name)

    def _explain(self, row: int, column: int) -> Problem:
        text = self.texts[row, column]
        where = self.where(row, column)
        if DECIMAL_COMMA.fullmatch(text):
            right = text.strip().replace(".", "").replace(",", ".")
            remedy = f"Write {right}: export the table with a decimal point"
            return Problem(where, f'"{text}" has a decimal comma', remedy)
        return Problem(where, f'"{text[:40]}" is no number', "Write a number, 0 for nothing")


def shorten(problems: Sequence[Problem], path: str) -> list[Problem]:
    """Return the first few problems, and how many more there are."""
    return first_few(list(problems), path, "like these")


def stop(path: Path | str, message: str, remedy: str) -> InputError:
    """Return the error for a file that cannot be read at all."""
    return InputError([Problem(str(path), message, remedy)], SUBJECT)


def check_same(path: str, rows: Sequence[str], columns: Sequence[str]) -> list[Problem]:
    """Return labels that stand at one side of a table and not at the other, and repeated ones."""
    problems = []
    for side, names, others, other in (
        ("row", rows, columns, "column"), ("column", columns, rows, "row"),
    ):  # fmt: skip
        known, seen = set(others), set()
        for name in names:
            if name in seen:
                problems.append(Problem(path, f"{side} {name} stands twice", "Keep one of them"))
            elif name not in known:
                message = f"{side} {name} has no {other} of the same label"
                problems.append(Problem(path, message, _remedy(name, names, others)))
            seen.add(name)
    return shorten(problems, path)


def _remedy(name: str, names: Sequence[str], others: Sequence[str]) -> str:
    free = sorted(set(others) - set(names))
    if not free:
        return f"The file may be cut short. {WHOLE}"
    return propose(name, free[:8]) + " Both sides have the same labels"


def read_bytes(path: Path) -> bytes:
    """Return the content of a file, or of the only member of a zip archive.

    Raises:
        InputError: It is missing, empty, no whole archive, or an archive of several files.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise stop(path, f"cannot be read: {reason}", "Give the path of a file") from error
    if not content:
        raise stop(path, "is empty", WHOLE)
    if path.suffix.casefold() != ".zip":
        return content
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = [name for name in archive.namelist() if not name.endswith("/")]
            if len(names) == 1:
                return archive.read(names[0])
    except RuntimeError as error:  # encrypted, or packed in a way that Python does not know
        raise stop(path, f"cannot be unpacked: {error}", "Unpack it and give the file") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
        raise stop(path, "is no whole archive", WHOLE) from error
    shown = ", ".join(names[:8])
    raise stop(path, f"holds {len(names)} files: {shown}", "Unpack it and give the file you want")


def read_text_grid(path: Path, *, heads: int = 1, stubs: int = 1) -> Grid:
    """Return the grid of a text file whose columns are split by commas, semicolons or tabs.

    Raises:
        InputError: It cannot be read, or a line is longer than the head.
    """
    import pandas as pd

    text = _decode(path)
    start = text[: text.find("\n") + 1 or None]
    mark = max(",;\t", key=start.count)
    lines = text.rstrip().split("\n")
    if len(lines) > heads and lines[-1].count(mark) < start.count(mark):
        message = f"ends after {lines[-1].count(mark) + 1} of {start.count(mark) + 1} cells"
        raise stop(f"{path.name}, line {len(lines)}", message, WHOLE)
    reader = csv.reader(io.StringIO(text), delimiter=mark)
    top = [row for _, row in zip(range(heads), reader, strict=False)]
    width = max((len(row) for row in top), default=0)
    if width <= stubs:
        raise stop(path, "line 1 holds no columns", "The first line gives the labels of columns")
    head = [[cell.strip() for cell in row + [""] * (width - len(row))][stubs:] for row in top]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)  # it tells of cells cut off
            frame = pd.read_csv(
                io.StringIO(text), sep=mark, header=None, skiprows=heads, names=range(width),
                dtype=dict.fromkeys(range(stubs), str), low_memory=False, skip_blank_lines=False,
                index_col=False, on_bad_lines="error", keep_default_na=False, na_values=[""],
            )  # fmt: skip
    except (pd.errors.ParserError, pd.errors.ParserWarning) as error:
        raise _too_long(path, error, width, mark) from error
    except pd.errors.EmptyDataError as error:
        raise stop(path, "holds no line below its head", WHOLE) from error
    frame = frame.dropna(how="all")
    return _from_frame(path, head, frame, stubs)


def _decode(path: Path) -> str:
    content = read_bytes(path)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _too_long(path: Path, error: Exception, width: int, mark: str) -> InputError:
    told = re.search(r"Expected (\d+) fields in line (\d+), saw (\d+)", str(error))
    if not told:
        return stop(path, f"cannot be read: {error}", WHOLE)
    remedy = "Give each line as many cells as the head"
    if mark == ",":
        remedy += "; if decimals are written with a comma, export with a decimal point"
    where = f"{path.name}, line {told[2]}"
    return stop(where, f"has {told[3]} cells, the head has {width}", remedy)


def _from_frame(path: Path, head: list[list[str]], frame: "pd.DataFrame", stubs: int) -> Grid:
    import pandas as pd

    labels = [[_label(cell) for cell in frame[at].tolist()] for at in range(stubs)]
    body = frame.iloc[:, stubs:]
    texts: dict[tuple[int, int], str] = {}
    values = np.empty(body.shape)
    for at, name in enumerate(body.columns):
        column = body[name]
        numbers = pd.to_numeric(column, errors="coerce")
        values[:, at] = numbers.to_numpy(dtype=np.float64)
        if not pd.api.types.is_numeric_dtype(column):
            wrong = np.flatnonzero(np.isnan(values[:, at]) & column.notna().to_numpy())
            texts |= {(int(row), at): str(column.iloc[row]) for row in wrong}
    lines = [len(head) + 1 + int(at) for at in frame.index]  # counted where rows are empty, too
    return Grid(path.name, head, labels, values, texts, lines)


def _label(cell: object) -> str:
    is_missing = cell is None or (isinstance(cell, float) and math.isnan(cell))
    return "" if is_missing else str(cell).strip()


def read_sheet(path: Path) -> np.ndarray:
    """Return the cells of the first sheet of a workbook that has any, as they are.

    Raises:
        InputError: It cannot be read: no workbook, or one that is not whole.
    """
    content = read_bytes(path)
    kind = path.suffix.casefold()
    if kind not in (*SHEETS, BINARY_SHEETS):
        raise stop(path, f"ends in {path.suffix}", "Save it as .xlsx, which Excel and others do")
    if kind == BINARY_SHEETS and find_spec("python_calamine") is None:
        remedy = "pip install 'accord-workbench[xlsb]', or save it as .xlsx"
        raise stop(path, "is a binary workbook, and python-calamine is not installed", remedy)
    try:
        sheets = _read_binary(content) if kind == BINARY_SHEETS else _read_open(content)
    except Exception as error:  # whatever a damaged workbook makes zipfile, xml or a library raise
        raise stop(path, f"is no whole workbook ({type(error).__name__})", WHOLE) from error
    rows = max(sheets, key=len, default=[])
    if not rows:
        raise stop(path, "holds no cells", WHOLE)
    width = max(len(row) for row in rows)
    cells = np.full((len(rows), width), None, dtype=object)
    for at, row in enumerate(rows):
        cells[at, : len(row)] = row
    return cells


def _read_open(content: bytes) -> list[list[tuple[object, ...]]]:
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    return [[tuple(row) for row in sheet.iter_rows(values_only=True)] for sheet in book]


def _read_binary(content: bytes) -> list[list[tuple[object, ...]]]:
    import python_calamine

    book = python_calamine.load_workbook(io.BytesIO(content))
    return [
        [tuple(row) for row in book.get_sheet_by_name(name).to_python(skip_empty_area=False)]
        for name in book.sheet_names
    ]


def cut_grid(path: Path, cells: np.ndarray, top: int, left: int) -> Grid:
    """Return the grid of a sheet whose numbers begin at a row and a column, counted from 0."""
    head = [[_label(cell) for cell in row[left:]] for row in cells[:top]]
    stub = [[_label(cell) for cell in column[top:]] for column in cells[:, :left].T]
    body = cells[top:, left:]
    values, texts = np.full(body.shape, np.nan), {}
    for place, cell in np.ndenumerate(body):
        if isinstance(cell, (int, float)) and not isinstance(cell, bool):
            values[place] = float(cell)
        elif cell is not None and str(cell).strip():
            texts[int(place[0]), int(place[1])] = str(cell)
    lines = range(top + 1, top + 1 + body.shape[0])
    return Grid(path.name, head, stub, values, texts, lines, is_sheet=True)


def _letters(column: int) -> str:
    """Return the letters of a column of a sheet, counted from 0."""
    text, column = "", column + 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text
