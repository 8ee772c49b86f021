"""An assessment as JSON, CSV, Parquet or tables in the terminal."""

import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from accord.cli.options import find_choice
from accord.cli.printing import print_assessment, print_frame, print_written
from accord.core.errors import Problem
from accord.core.files import write_atomically

if TYPE_CHECKING:
    import pandas as pd

    from accord.assessment.facade import Assessment

FORMATS = ("table", "json", "csv", "parquet")
# Tables by sector and partner are long: JSON holds them when they are asked for by name.
LONG = ("exports", "output", "employment", "tariffs", "payoff_years")


def find_request(format: str, table: str | None, output: Path | None) -> list[Problem]:  # noqa: A002
    """Return what is wrong with the format, the table and the file, alone and together."""
    from accord.assessment.tables.tables import TABLES

    problems = find_choice("--format", format, FORMATS)
    if table is not None:
        problems += find_choice("--table", table, tuple(TABLES))
    if format == "csv" and table is None:
        problems.append(Problem("--table", "a CSV file holds one table", "add --table welfare"))
    if format == "parquet" and table is None:
        problems.append(Problem("--table", "a Parquet file holds one table", "add --table welfare"))
    if format == "parquet" and output is None:
        problems.append(
            Problem("--output", "is needed for Parquet", "add --output welfare.parquet")
        )
    if format == "table" and output is not None:
        problems.append(
            Problem("--output", "tables go to the terminal", "add --format json or csv")
        )
    return problems


def needs_verdict(format: str, table: str | None) -> bool:  # noqa: A002
    """Whether a request takes the verdict, which is the long part of the work."""
    from accord.assessment.tables.verdict import VERDICT_TABLES

    return table in VERDICT_TABLES if table else format in ("json", "table")


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
    from accord.cli.commands.verdict import print_comparison

    if format == "table":
        if table is None:
            print_comparison(compare(result).only(package), several=False)
            print_assessment(result, package)
        else:
            print_frame(table, select(result, table, package))
        return
    content = render(result, format, table, package)
    if output is None:
        typer.echo(content.decode("utf-8"), nl=False)
        return
    print_written(write_atomically(output, content))


def render(result: "Assessment", format: str, table: str | None, package: str | None) -> bytes:  # noqa: A002
    """Return the content of a file in the format, one table or (JSON) all short ones."""
    if format == "csv":
        text = select(result, str(table), package).to_csv(index=False, lineterminator="\n")
        return text.encode("utf-8")
    if format == "parquet":
        buffer = io.BytesIO()
        select(result, str(table), package).to_parquet(buffer, index=False)
        return buffer.getvalue()
    from accord.assessment.tables.tables import TABLES

    names = [table] if table else [name for name in TABLES if name not in LONG]
    whole = {
        "deal": result.deal.name,
        "title": result.deal.title,
        "price_year": result.deal.price_year,
        "units": "bn USD a year; rates and changes as fractions",
        "settings": {
            key: getattr(result.settings, key)
            for key in ("closure", "competition", "labour", "elasticities", "triggered")
        },
        "reproduce": _plain(result.reproduce),
        "tables": {name: select(result, name, package).to_dict(orient="records") for name in names},
    }
    return (json.dumps(whole, indent=1, ensure_ascii=False, default=str) + "\n").encode("utf-8")


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, tuple) else value


def select(result: "Assessment", table: str, package: str | None) -> "pd.DataFrame":
    """Return a table of the assessment, all packages or one."""
    frame = result.to_frame(table)
    return frame if package is None else frame[frame["package"] == package]
