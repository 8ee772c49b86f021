"""The forms a table can take: in the terminal, and as a file for other programs."""

import io
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from accord.cli.options import find_choice
from accord.cli.printing import print_rows, print_written, say
from accord.core.errors import Problem
from accord.core.files import EPOCH, STREAMS, without_clock, write_atomically
from accord.core.text import escaped, printable

if TYPE_CHECKING:
    import pandas as pd

FORMATS = ("table", "md", "json", "csv", "parquet", "xlsx")
ENDINGS = {
    "md": (".md", ".markdown"), "json": (".json",), "csv": (".csv",), "parquet": (".parquet",),
    "xlsx": (".xlsx",), "text": (".txt",), "html": (".html", ".htm"),
    "toml": (".toml",), "pdf": (".pdf",), "docx": (".docx",), "png": (".png",),
}  # fmt: skip
ONE_TABLE = ("csv", "parquet")
BINARY = ("parquet", "xlsx")
LONGEST_SHEET = 31  # characters in the name of a sheet


@dataclass(frozen=True)
class ResultTable:
    """A table, as printed and as data.

    Attributes:
        name: Its name in a file: a key of JSON, a sheet of a workbook.
        title: What stands above it.
        columns: Headings, as printed.
        rows: Cells, as printed.
        numeric: How many of the last columns hold numbers.
        data: The same with a unit a column, numbers as numbers; the printed cells if left out.
    """

    name: str
    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    numeric: int = 0
    data: "pd.DataFrame | None" = None

    def frame(self) -> "pd.DataFrame":
        """Return the table as data, its text safe to show."""
        import pandas as pd

        frame = pd.DataFrame(list(self.rows), columns=_unique(self.columns))
        return clean_frame(frame if self.data is None else self.data)


def clean_frame(frame: "pd.DataFrame") -> "pd.DataFrame":
    """Return a table whose texts hold nothing that a terminal or a program obeys."""
    texts = frame.select_dtypes(["object", "string", "category"]).columns
    copy = frame.copy()
    for name in texts:
        copy[name] = frame[name].map(_clean)
    return copy


def find_format(
    given: str | None, output: Path | None, formats: Sequence[str] = FORMATS
) -> tuple[str, list[Problem]]:
    """Return the format asked for, and what is wrong with it; a file's ending decides if left out.

    Args:
        given: The option `--format`.
        output: The file to write, if any.
        formats: Those the command knows, the one for the terminal first.
    """
    ending = output.suffix.casefold() if output is not None and str(output) not in STREAMS else ""
    meant = next((name for name in formats if ending in ENDINGS.get(name, ())), None)
    chosen = given or meant or formats[0]
    problems = find_choice("--format", chosen, formats)
    if problems:
        return formats[0], problems
    if output is None:
        if chosen in BINARY:
            remedy = f"add --output NAME{ENDINGS[chosen][0]}"
            problems.append(Problem("--output", f"is needed for {chosen}", remedy))
    elif chosen == "table":
        remedy = f"add --format {' or '.join(formats[1:])}"
        problems.append(Problem("--output", "tables go to the terminal", remedy))
    elif ending and ending not in (*ENDINGS[chosen], ".txt"):
        wrong = f"{output.name} would hold {chosen}, and its ending says {ending}"
        remedy = f"write {output.stem}{ENDINGS[chosen][0]}"
        problems.append(Problem("--output", wrong, remedy))
    return chosen, problems


def find_table(format: str, table: str | None, names: Sequence[str]) -> list[Problem]:  # noqa: A002
    """Return what is wrong with the one table asked for, or with a file that holds one only."""
    if table is not None:
        return find_choice("--table", table, names)
    if format in ONE_TABLE and len(names) > 1:
        kind = "a CSV file" if format == "csv" else "a Parquet file"
        return [Problem("--table", f"{kind} holds one table", f"add --table {names[0]}")]
    return []


def write_tables(tables: Sequence[ResultTable], format: str, output: Path | None) -> None:  # noqa: A002
    """Print tables in a format, or write them to a file and print its path.

    Raises:
        OutputError: The file cannot be written; an older one is intact.
    """
    if format == "table":
        for table in tables:
            print_rows(table.title, table.columns, table.rows, numeric=table.numeric)
        return
    write_content(render_tables(tables, format), output)


def write_content(content: bytes, output: Path | None) -> None:
    """Print the content of a file, or write it there and print its path."""
    if output is None:
        say(content.decode("utf-8"), nl=False)
    else:
        print_written(write_atomically(output, content))


def render_tables(tables: Sequence[ResultTable], format: str) -> bytes:  # noqa: A002
    """Return the content of a file: Markdown, JSON, a workbook; or of one table, CSV or Parquet."""
    if format == "md":
        return "\n".join(map(_markdown, tables)).encode("utf-8")
    frames = {table.name: table.frame() for table in tables}
    return render_frames(frames, format)


def render_frames(frames: "Mapping[str, pd.DataFrame]", format: str) -> bytes:  # noqa: A002
    """Return the content of a file in any format but Markdown."""
    if format == "json":
        return render_json({name: records(frame) for name, frame in frames.items()})
    if format == "xlsx":
        return _workbook(frames)
    (frame,) = frames.values()
    if format == "parquet":
        buffer = io.BytesIO()
        frame.to_parquet(buffer, index=False)
        return buffer.getvalue()
    return frame.to_csv(index=False, lineterminator="\n").encode("utf-8")


def render_json(content: Any) -> bytes:
    """Return data as JSON, its text safe to print: what is not finite is null."""
    text = json.dumps(plain(content), indent=1, ensure_ascii=False, allow_nan=False, default=str)
    return (escaped(text) + "\n").encode("utf-8")


def records(frame: "pd.DataFrame") -> list[dict[str, Any]]:
    """Return the rows of a table as plain data."""
    return [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]


def plain(value: Any) -> Any:
    """Return data with nothing but what JSON knows."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    item = getattr(value, "item", None)  # a number of numpy
    return plain(item()) if callable(item) else value


def _markdown(table: ResultTable) -> str:
    cells = [[_cell(cell) for cell in row] for row in (table.columns, *table.rows)]
    text = len(table.columns) - table.numeric
    rule = ["---" if at < text else "--:" for at in range(len(table.columns))]
    lines = [f"| {' | '.join(row)} |" for row in (cells[0], rule, *cells[1:])]
    return "\n".join([f"## {_cell(table.title)}", "", *lines, ""])


def _cell(text: str) -> str:
    safe = printable(text).replace("\\", "\\\\").replace("|", "\\|")
    return " ".join(safe.replace("<", "&lt;").split())


def _workbook(frames: "Mapping[str, pd.DataFrame]") -> bytes:
    """Return a workbook with a sheet a table: no text becomes a formula, no clock is read."""
    import datetime as dt

    from openpyxl import Workbook

    book = Workbook()
    book.properties.created = book.properties.modified = dt.datetime(*EPOCH)  # noqa: DTZ001
    book.remove(book.worksheets[0])
    for name, frame in frames.items():
        sheet = book.create_sheet(name[:LONGEST_SHEET])
        rows = [list(frame.columns), *([plain(value) for value in row] for row in _rows(frame))]
        for number, row in enumerate(rows, start=1):
            for at, value in enumerate(row, start=1):
                kept = value if isinstance(value, bool | int | float) or value is None else None
                cell = sheet.cell(number, at, kept)
                if kept is None and value is not None:
                    cell.value, cell.data_type = str(value), "s"
    buffer = io.BytesIO()
    book.save(buffer)
    return without_clock(buffer.getvalue())


def _rows(frame: "pd.DataFrame") -> Any:
    return frame.itertuples(index=False, name=None)


def _clean(value: object) -> object:
    return printable(value) if isinstance(value, str) else value


def _unique(columns: Sequence[str]) -> list[str]:
    """Return the headings with every one its own name: a column needs one."""
    seen: dict[str, int] = {}
    names = []
    for column in columns:
        seen[column] = seen.get(column, 0) + 1
        names.append(column if seen[column] == 1 else f"{column} ({seen[column]})")
    return names
