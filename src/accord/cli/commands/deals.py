"""Commands about deal files: `check`, `new`, `cases`, `schema`, `tariffs`."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from accord.cli.options import Case, Output
from accord.core.errors import OutputError
from accord.core.files import STREAMS, write_atomically

if TYPE_CHECKING:
    from accord.assessment.snapshot.commitments import Commitment
    from accord.lowering.tariff_effects import TariffEffect


def check_command(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A deal file, or a shipped case.")],
) -> None:
    """List every problem in a deal file at once; echo its tariffs and its commitments.

    Warnings name what is probably not meant. The exit code is 0 where there are only warnings.

    Example: accord check my-deal.toml
    """
    from accord.assessment.check import check
    from accord.data.store import load_world
    from accord.lowering.external import uncounted_clauses

    found, world = check(file), load_world()
    deal = found.deal
    clauses = sum(len(deal.package(name).clause) for name in deal.package_names)
    typer.echo(f"{file}: no problem found")
    typer.echo(f"{deal.title}: {len(deal.package_names)} packages, {clauses} clauses")
    for name in deal.package_names:
        for clause in uncounted_clauses(deal, name, world):
            what = clause.title or clause.kind.replace("_", " ")
            typer.echo(f"  recorded, not counted: {what} ({name})")
    print_tariffs(found.tariffs)
    print_commitments(found.commitments)
    for notice in found.notices:
        typer.echo(f"warning: {notice}")


def print_tariffs(effects: Sequence["TariffEffect"]) -> None:
    """Print the tariff before and after each tariff clause; nothing where there is none."""
    from accord.cli.printing import print_rows

    if not effects:
        return
    rows = [
        [
            one.package,
            one.title,
            f"{one.importer} on {one.exporters}",
            one.day.isoformat(),
            f"{one.trade:.3g}",
            f"{100 * one.before:.1f}",
            f"{100 * one.after:.1f}",
        ]
        for one in effects
    ]
    columns = ["package", "clause", "tariff", "day", "bn USD", "before %", "after %"]
    print_rows("Tariffs on the trade that each clause covers", columns, rows, numeric=3)


def print_commitments(commitments: Sequence["Commitment"]) -> None:
    """Print what becomes of each commitment on the central path; nothing where there is none."""
    from accord.assessment.snapshot.commitments import show_billions
    from accord.cli.printing import print_rows

    if not commitments:
        return
    rows = [
        [
            one.package,
            f"{one.title} ({one.payer} in {one.host})",
            show_billions(one.committed),
            show_billions(one.called),
            f"{one.last_call:%Y-%m}" if one.last_call else "never",
            show_billions(one.finished),
            f"{one.last_finish:%Y-%m}" if one.last_finish else "never",
        ]
        for one in commitments
    ]
    columns = ["package", "investment", "committed", "called", "by", "finished", "by"]
    print_rows("Commitments on the central path, bn USD", columns, rows, numeric=5)


def new_command(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Small letters, digits, - and _.")],
    *,
    output: Output = None,
) -> None:
    """Write a commented deal file to start from.

    Example: accord new my-deal
    """
    from accord.cli.printing import print_written
    from accord.deal.template import new_deal_template

    text = new_deal_template(name)
    path = output or Path(f"{name}.toml")
    if path.exists() and str(path) not in STREAMS:
        raise OutputError(path, "a file of that name exists")
    print_written(write_atomically(path, text.encode("utf-8")))


def cases_command() -> None:
    """List the cases that come with Accord.

    Example: accord cases
    """
    from accord.cli.printing import print_rows
    from accord.deal.load import shipped_cases

    rows = [[case.name, case.title] for case in shipped_cases()]
    print_rows("Shipped cases", ["name", "title"], rows)


def schema_command(*, output: Output = None) -> None:
    """Print the JSON Schema of a deal file.

    Example: accord schema --output deal.schema.json
    """
    from accord.cli.printing import print_written
    from accord.deal.schema import render_schema

    text = render_schema()
    if output is None:
        typer.echo(text, nl=False)
    else:
        print_written(write_atomically(output, text.encode("utf-8")))


def tariffs_command(case: Case) -> None:
    """Print the tariffs of a case by date.

    Example: accord tariffs us-korea-2025
    """
    from accord.cli.printing import print_rows
    from accord.data.store import load_world
    from accord.deal.load import load_deal
    from accord.lowering.tariff_history import tariff_history

    history = tariff_history(load_deal(case), load_world())
    if not history:
        typer.echo(f"{case}: no [[history]] in this file, so there are no dates to report")
        return
    rows = [
        [
            row.history,
            f"{row.importer} on {row.exporter}",
            row.date.isoformat(),
            "; ".join(row.changes),
            f"{100 * row.added:.1f}",
            f"{100 * row.at_border:.1f}",
            f"{100 * row.total:.1f}",
        ]
        for row in history
    ]
    columns = ["path", "tariff", "date", "what changed", "added %", "at border %", "all in %"]
    print_rows("Tariffs by date, per cent of customs value", columns, rows, numeric=3)
