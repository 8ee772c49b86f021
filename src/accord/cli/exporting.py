"""Printing an assessment as tables in the terminal, or writing it to a file in any format."""

from collections.abc import Sequence
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING

from accord.cli.choices import ASSESSMENT_TABLES, SAVED, VERDICT_TABLES
from accord.cli.formats import (
    ResultTable,
    clean_frame,
    records,
    render_frames,
    render_json,
    render_tables,
    write_content,
    write_tables,
)
from accord.cli.headings import COMMITTED_SHARES, PAYOFF, SHOWN_COMPONENTS
from accord.cli.options import refuse
from accord.cli.printing import print_frame, print_years, say, table_text
from accord.cli.sentences import COMMITTED, COMPONENTS, PAYOFFS
from accord.core.errors import Problem

if TYPE_CHECKING:
    import pandas as pd

    from accord.assessment.compare import Comparison
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


def _as_printed(name: str, frame: "pd.DataFrame") -> ResultTable:
    columns, rows, numeric = table_text(frame)
    return ResultTable(name, name.replace("_", " ").capitalize(), columns, rows, numeric)


def select(result: "Assessment", table: str, package: str | None) -> "pd.DataFrame":
    """Return a table of the assessment, all packages or one."""
    frame = result.to_frame(table)
    has_package = package is not None and "package" in frame.columns
    return frame[frame["package"] == package] if has_package else frame


def frame_table(
    name: str, frame: "pd.DataFrame", title: str, printed: ResultTable | None = None
) -> ResultTable:
    """Return a table whose data is a frame, printed as another table, or cell by cell."""
    if printed is not None:
        return ResultTable(name, title, printed.columns, printed.rows, printed.numeric, frame)
    columns, rows, numeric = table_text(frame)
    return ResultTable(name, title, columns, rows, numeric, frame)


def pick(tables: Sequence[ResultTable], name: str | None) -> list[ResultTable]:
    """Return the table of that name, or all.

    Raises:
        InputError: The deal has no such table: it has no guarantees, for instance.
    """
    chosen = [table for table in tables if name in (None, table.name)]
    if not chosen:
        refuse([Problem("--table", f"this deal leaves {name} empty", "leave the option out")])
    return chosen


def print_comparison(comparison: "Comparison", *, several: bool) -> None:
    """Print payoffs, their components, and what is committed for what it saves."""
    write_tables(comparison_tables(comparison, several=several), "table", None)


def comparison_tables(comparison: "Comparison", *, several: bool) -> list[ResultTable]:
    """Return payoffs, their components, and what is committed for what it saves, as printed."""
    head = [*(["deal"] if several else []), "package", "party"]
    payoffs, components, sizes = [], [], []
    for row in comparison.to_frame().to_dict("records"):
        name = [str(row[key]) for key in head]
        span = "" if isnan(row["low"]) else f"{row['low']:+.0f} to {row['high']:+.0f}"
        chances = (_percent(row[key]) for key in ("gain_chance", "all_gain"))
        share = f"{100 * row['payoff_of_gdp']:+.2f}"
        payoffs.append([*name, f"{row['payoff']:+.1f}", span, share, *chances])
        components.append([*name, *(f"{row[key]:+.1f}" for key in SHOWN_COMPONENTS)])
        if row["committed"]:
            ratio = row["committed_per_point"]
            sizes.append(
                [*name, f"{row['committed']:.0f}", f"{100 * row['committed_of_gdp']:.1f}",
                 _percent(row["committed_of_reserves"]), f"{row['points_saved']:.1f}",
                 "" if isnan(ratio) else f"{ratio:.1f}"]
            )  # fmt: skip
    columns = [*head, *PAYOFF]
    tables = [
        ResultTable("payoffs", PAYOFFS, columns, payoffs, 5),
        ResultTable("components", COMPONENTS, [*head, *SHOWN_COMPONENTS.values()], components, 6),
    ]  # fmt: skip
    if sizes:
        columns = [*head, *COMMITTED_SHARES]
        tables.append(ResultTable("committed", COMMITTED, columns, sizes, 5))
    return tables


def _percent(value: float) -> str:
    return "" if isnan(value) else f"{100 * value:.0f}"
