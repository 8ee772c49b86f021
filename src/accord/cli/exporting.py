"""Printing an assessment as tables in the terminal, or writing it to a file in any format."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from accord.cli.choices import ASSESSMENT_TABLES, SAVED, VERDICT_TABLES
from accord.cli.formats import (
    Table,
    clean_frame,
    records,
    render_frames,
    render_json,
    render_tables,
    write_content,
)
from accord.cli.options import refuse
from accord.cli.printing import print_frame, print_years, say, table_text
from accord.core.errors import Problem

if TYPE_CHECKING:
    import pandas as pd

    from accord.assessment.facade import Assessment

# Tables by sector and partner are long: a file of several tables leaves them to be asked for.
LONG = ("exports", "output", "employment", "tariffs", "payoff_years")


def find_saved(save: Path | None) -> list[Problem]:
    """Return what is wrong with the name of the file that keeps a result; the ending tells it."""
    if save is None or save.suffix == SAVED:
        return []
    remedy = f"write {save.stem or 'result'}{SAVED}"
    return [Problem("--save", f"a saved assessment ends in {SAVED}", remedy)]


def needs_verdict(format: str, table: str | None) -> bool:  # noqa: A002
    """Whether a request takes the verdict, which is the long part of the work."""
    return table in VERDICT_TABLES if table else format != "csv"


def write_result(
    result: "Assessment",
    format: str,  # noqa: A002
    table: str | None,
    *,
    package: str | None,
    output: Path | None,
) -> None:
    """Print an assessment, or write it to a file and print its path.

    Raises:
        OutputError: The file cannot be written; an older one is intact.
    """
    from accord.assessment.compare import compare
    from accord.cli.commands.compare import print_comparison

    if format != "table":
        write_content(render(result, format, table, package), output)
    elif table is not None:
        print_frame(table, select(result, table, package))
    else:
        say(result.summary())
        print_comparison(compare(result).only(package), several=False)
        print_years(result, package)


def render(result: "Assessment", format: str, table: str | None, package: str | None) -> bytes:  # noqa: A002
    """Return the content of a file in the format: one table, or all short ones."""
    names = [table] if table else [name for name in ASSESSMENT_TABLES if name not in LONG]
    frames = {name: clean_frame(select(result, name, package)) for name in names}
    if format == "md":
        return render_tables([_as_printed(name, frame) for name, frame in frames.items()], format)
    if format != "json":
        return render_frames(frames, format)
    settings = ("closure", "competition", "labour", "elasticities", "triggered")
    return render_json(
        {
            "deal": result.deal.name,
            "title": result.deal.title,
            "price_year": result.deal.price_year,
            "units": "bn USD a year; rates and changes as fractions",
            "settings": {key: getattr(result.settings, key) for key in settings},
            "reproduce": result.reproduce,
            "tables": {name: records(frame) for name, frame in frames.items()},
        }
    )


def _as_printed(name: str, frame: "pd.DataFrame") -> Table:
    columns, rows, numeric = table_text(frame)
    return Table(name, name.replace("_", " ").capitalize(), columns, rows, numeric)


def select(result: "Assessment", table: str, package: str | None) -> "pd.DataFrame":
    """Return a table of the assessment, all packages or one."""
    frame = result.to_frame(table)
    has_package = package is not None and "package" in frame.columns
    return frame[frame["package"] == package] if has_package else frame


def frame_table(
    name: str, frame: "pd.DataFrame", title: str, printed: Table | None = None
) -> Table:
    """Return a table whose data is a frame, printed as another table, or cell by cell."""
    if printed is not None:
        return Table(name, title, printed.columns, printed.rows, printed.numeric, frame)
    columns, rows, numeric = table_text(frame)
    return Table(name, title, columns, rows, numeric, frame)


def pick(tables: Sequence[Table], name: str | None) -> list[Table]:
    """Return the table of that name, or all.

    Raises:
        InputError: The deal has no such table: it has no guarantees, for instance.
    """
    chosen = [table for table in tables if name in (None, table.name)]
    if not chosen:
        refuse([Problem("--table", f"this deal leaves {name} empty", "leave the option out")])
    return chosen
