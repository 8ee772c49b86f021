"""Printing lines and tables to the terminal, made safe to show here and nowhere else."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from accord.cli.headings import OVERVIEW, SOLVES
from accord.cli.sentences import (
    AGAINST_BASELINE,
    AGAINST_NO_DEAL,
    AVERAGE_YEAR,
    MORE_ROWS,
    SOLVES_TITLE,
)
from accord.core.text import printable

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console

    from accord.assessment.facade import Assessment

PLAIN_WIDTH = 120
MOST_ROWS = 60
NOTHING = re.compile(r"^[+-](0(?:\.0+)?)$")  # what rounds to zero has no sign
RATES = ("change", "rate", "base_rate", "share")

SHOWN_OTHERS = 8
SHOWN_SECTORS = 12


def say(text: str, *, err: bool = False, nl: bool = True) -> None:
    """Print a text, on standard error if `err`; what a terminal would obey is replaced."""
    typer.echo(printable(text), err=err, nl=nl)


def print_written(path: Path, *lines: str) -> None:
    """Print where a file was written, and lines about it; not into the file itself."""
    for line in (str(path), *lines):
        say(line, err=str(path) == "/dev/stdout")


def open_console() -> "Console":
    """Return a console that is wide enough for a table when its output is no terminal."""
    from rich.console import Console

    class Terminal(Console):
        def on_broken_pipe(self) -> None:
            """Leave a closed pipe to the command line, which ends with the code for it."""
            raise  # noqa: PLE0704  (called while the error is being handled)

    console = Terminal(highlight=False)
    return console if console.is_terminal else Terminal(width=PLAIN_WIDTH, highlight=False)


def print_rows(
    title: str, columns: Sequence[str], rows: Iterable[Sequence[str]], *, numeric: int = 0
) -> None:
    """Print a table; its last `numeric` columns are aligned to the right."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(
        title=Text(printable(title)), title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False
    )
    for at, column in enumerate(columns):
        is_number = at >= len(columns) - numeric
        heading = Text(printable(column))
        table.add_column(heading, justify="right" if is_number else "left", overflow="fold")
    words = len(columns) - numeric
    for row in rows:
        cells = [*row[:words], *(NOTHING.sub(r"\1", cell) for cell in row[words:])]
        table.add_row(*(Text(printable(cell)) for cell in cells))
    open_console().print(table)


def table_text(frame: "pd.DataFrame") -> tuple[list[str], list[list[str]], int]:
    """Return headings and cells of a table as printed, and how many of the last hold numbers."""
    numbers = frame.select_dtypes("number").columns
    columns = [*(column for column in frame.columns if column not in numbers), *numbers]
    rows = [
        [cell_text(column, value) for column, value in zip(columns, row, strict=True)]
        for row in frame[columns].itertuples(index=False)
    ]
    return columns, rows, len(numbers)


def print_frame(name: str, frame: "pd.DataFrame") -> None:
    """Print a table of an assessment, its first rows where it is long."""
    columns, rows, numeric = table_text(frame.head(MOST_ROWS))
    print_rows(name, columns, rows, numeric=numeric)
    left = len(frame) - len(rows)
    if left:
        say(MORE_ROWS.format(left=left))


def cell_text(column: str, value: object) -> str:
    """Return a cell as printed: fractions in per cent, money with two decimals."""
    if not isinstance(value, float):
        return str(value)
    if column == "residual":
        return f"{value:.1e}"
    if column == "change":
        return _signed(column, value)
    text = NOTHING.sub(r"\1", f"{100 * value if column in RATES else value:.2f}")
    return f"{text} %" if column in RATES else text


def print_years(result: "Assessment", package: str | None) -> None:
    """Print the tables of an average year: the parties, and those most affected."""
    packages = [name for name in result.packages if package in (None, name)]
    first, last = result.deal.window[0], result.deal.window[-1]
    day = result.deal.evaluate_on.isoformat()
    say(f"\n{AVERAGE_YEAR.format(first=first, last=last, day=day)}")
    for against in ("no_deal", "baseline"):
        shown = [name for name in packages if name != against]
        if not shown:
            continue
        say(f"\n{AGAINST_NO_DEAL if against == 'no_deal' else AGAINST_BASELINE}")
        for name, title, value, keys in OVERVIEW:
            frame = result.to_frame(name)
            frame = frame[frame["against"].eq(against) & frame["package"].isin(shown)]
            _print_pivot(title, _nearest(result, frame, keys), value, keys, packages=shown)
    print_rows(
        SOLVES_TITLE,
        SOLVES,
        [
            [row["package"], row["status"], str(row["steps"]), f"{row['residual']:.1e}"]
            for row in result.to_frame("solves").to_dict(orient="records")
        ],
        numeric=2,
    )


def _nearest(result: "Assessment", frame: "pd.DataFrame", keys: Sequence[str]) -> "pd.DataFrame":
    """Return the rows that concern the parties; for tables by region, other regions as well."""
    from accord.deal.products import expand_regions

    named = result.deal.parties
    parties = [*named, *expand_regions(named, result.world.regions)]
    if "region" in keys:
        return frame if "sector" not in keys else frame[frame["region"].isin(parties)]
    if "sector" in keys:
        return frame[frame["exporter"].isin(parties) & frame["importer"].isin(parties)]
    return frame[frame["exporter"].isin(parties) | frame["importer"].isin(parties)]


def _print_pivot(
    title: str,
    frame: "pd.DataFrame",
    value: str,
    keys: Sequence[str],
    *,
    packages: Sequence[str],
) -> None:
    """Print a table with one column a package, the rows that move most first; none without rows."""
    if frame.empty:
        return
    sums = frame.groupby([*keys, "package"], observed=True)[value].sum()
    wide = sums.unstack("package")[list(packages)]
    most = SHOWN_SECTORS if "sector" in keys or "importer" in keys else SHOWN_OTHERS
    order = wide.abs().max(axis=1).sort_values(ascending=False, kind="stable").index[:most]
    rows = []
    for label, values in wide.loc[order].iterrows():
        names = label if isinstance(label, tuple) else (label,)
        cells = (_signed(value, float(number)) for number in values)
        rows.append([*(str(name) for name in names), *cells])
    print_rows(title, [*keys, *packages], rows, numeric=len(packages))


def _signed(column: str, value: float) -> str:
    text = NOTHING.sub(r"\1", f"{100 * value if column in RATES else value:+.2f}")
    return f"{text} %" if column in RATES else text
