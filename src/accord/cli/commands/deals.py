"""Commands about deal files: `new`, `cases`, `schema`, `tariffs`."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from accord.cli.exporting import pick
from accord.cli.formats import ResultTable, find_format, find_table, write_content, write_tables
from accord.cli.headings import (
    CASE,
    RELATED,
    TARIFFS_BY_DATE,
    TARIFFS_BY_PACKAGE,
)
from accord.cli.options import (
    AsOf,
    CaseArgument,
    OneTable,
    Output,
    TableFormat,
    WorldFile,
    find_choice,
    read_parties,
    refuse,
)
from accord.cli.printing import print_written, say
from accord.cli.request import open_request, open_world
from accord.cli.sentences import (
    CASES,
    NO_HISTORY,
    PACKAGE_TARIFFS,
    RELATED_CASES,
    TARIFF_HISTORY,
)
from accord.core.errors import InputError, OutputError, Problem
from accord.core.files import STREAMS, check_writable, refuse_name, write_atomically

if TYPE_CHECKING:
    from datetime import date

    from accord.cli.request import Request


TARIFF_TABLES = ("packages", "history")
SCHEMA_FILE = "deal.schema.json"
ACTIONS = ("list", "show", "copy", "related")


def new_command(
    name: Annotated[
        str,
        typer.Argument(metavar="NAME", help="Name of the deal: small letters, digits, - and _."),
    ],
    *,
    parties: Annotated[
        str | None,
        typer.Option(
            metavar="A,B", help="Whose deal it is: regions, EU, or a group such as PACT=BRA+MEX."
        ),
    ] = None,
    world: WorldFile = None,
    output: Output = None,
) -> None:
    """Write a commented deal file to start from.

    Its comments give the trade of the parties and the tariffs paid on it.

    Example: accord new my-deal --parties USA,CHE
    """
    refuse(find_format(None, output, ("toml",))[1])

    from accord.deal.template import new_deal_template

    opened = open_world(world)
    text = new_deal_template(name, read_parties(parties, opened), world=opened)
    _write_new(output or Path(f"{name}.toml"), text)


def _write_new(path: Path, text: str) -> None:
    """Write a deal file where none is, and its schema beside it for editors."""
    from accord.deal.schema import render_schema

    if not refuse_name(path.name) and str(path) not in STREAMS and path.exists():
        raise OutputError(path, "a file of that name exists")
    check_writable(path)
    print_written(write_atomically(path, text.encode("utf-8")))
    schema = path.parent / SCHEMA_FILE
    if str(path) not in STREAMS and not schema.exists():
        print_written(write_atomically(schema, render_schema().encode("utf-8")))


def cases_command(
    action: Annotated[
        str,
        typer.Argument(metavar="[ACTION]", help="list, show, copy or related.", show_default=False),
    ] = "list",
    case: Annotated[
        str | None, typer.Argument(metavar="[CASE]", help="Which case or background to take.")
    ] = None,
    *,
    format: TableFormat = None,  # noqa: A002
    output: Output = None,
) -> None:
    """List, show or copy the cases and backgrounds that come with Accord.

    `related` lists those that share parties, instruments or dates with a case. A background holds
    measures that deals share: a deal file takes them with `include = "NAME"`.

    Example: accord cases copy us-korea-2025 --output my-deal.toml
    """
    problems = find_choice("ACTION", action, ACTIONS)
    if action in ("show", "copy"):
        problems += find_format(None, output, ("toml",))[1]
        text = _read_case(case, problems)
        if action == "copy":
            _write_new(output or Path(f"{case}.toml"), text)
        else:
            typer.echo(text, nl=False)  # the raw file, byte for byte
        return
    form, wrong = find_format(format, output)
    problems += wrong
    if action == "related":
        problems += _check_case(case)
        refuse(problems)
        write_tables([_related_cases(str(case))], form, output)
        return
    refuse(problems)

    from accord.deal.load import shipped_backgrounds, shipped_cases

    rows = [
        [shipped.name, "deal", ", ".join(shipped.parties), _day(shipped.known_to), shipped.title]
        for shipped in shipped_cases()
    ]
    rows += [
        [shipped.name, "background", "", _day(shipped.known_to), shipped.title]
        for shipped in shipped_backgrounds()
    ]
    write_tables([ResultTable("cases", CASES, CASE, rows)], form, output)


def _day(day: "date | None") -> str:
    return "" if day is None else day.isoformat()


def _check_case(name: str | None) -> "list[Problem]":
    """What is wrong with the name of a shipped case."""
    from accord.cases.shipped import case_names

    if name is None:
        return [Problem("CASE", "is missing", f"name one of {', '.join(case_names())}")]
    return list(find_choice("CASE", name, case_names()))


def _related_cases(case: str) -> ResultTable:
    from accord.cases.shipped import case_names
    from accord.data.store import load_world
    from accord.deal.load import load_deal
    from accord.deal.related import find_related

    world = load_world()
    deals = [load_deal(name, world) for name in case_names()]
    (deal,) = (entry for entry in deals if entry.name == case)
    rows = [
        [
            related.name,
            ", ".join((*related.parties, *related.instruments)),
            str(related.days),
            related.title,
        ]
        for related in find_related(deal, deals)
    ]
    return ResultTable("related", RELATED_CASES.format(case=case), RELATED, rows)


def _read_case(name: str | None, problems: "Sequence[Problem]") -> str:
    from accord.cases.shipped import background_names, background_path, case_names, case_path

    names = (*case_names(), *background_names())
    if name is None:
        missing = Problem("CASE", "is missing", f"name one of {', '.join(names)}")
        raise InputError([*problems, missing], "the command")
    refuse([*problems, *find_choice("CASE", name, names)])
    path = case_path(name) if name in case_names() else background_path(name)
    return path.read_text(encoding="utf-8")


def schema_command(*, output: Output = None) -> None:
    """Print the JSON Schema of a deal file.

    Example: accord schema --output deal.schema.json
    """
    from accord.deal.schema import render_schema

    refuse(find_format(None, output, ("json",))[1])
    write_content(render_schema().encode("utf-8"), output)


def tariffs_command(
    case: CaseArgument,
    *,
    as_of: AsOf = None,
    world: WorldFile = None,
    format: TableFormat = None,  # noqa: A002
    table: OneTable = None,
    output: Output = None,
) -> None:
    """Print the tariffs between the parties by date.

    These are the tariffs of each package, and those of the past where the file has a history.

    Example: accord tariffs us-korea-2025
    """
    form, problems = find_format(format, output)
    problems += find_table(form, table, TARIFF_TABLES)
    request = open_request(case, problems, world=world, outputs=(output,), as_of=as_of)
    tables = [_package_tariffs(request), *_tariff_history(request)]
    if form == "table" and len(tables) == 1:
        say(NO_HISTORY.format(case=case))
    write_tables(pick(tables, table), form, output)


def _package_tariffs(request: "Request") -> ResultTable:
    import pandas as pd

    from accord.lowering.tariff_history import package_tariffs

    tariffs = package_tariffs(request.deal, request.world)
    rows = [
        [row.package, f"{row.importer} on {row.exporter}", row.date.isoformat(),
         f"{100 * row.before:.1f}", f"{100 * row.after:.1f}", f"{100 * row.statutory:.1f}"]
        for row in tariffs
    ]  # fmt: skip
    data = pd.DataFrame(
        [(row.package, row.importer, row.exporter, row.date.isoformat(), row.before, row.after,
          row.statutory) for row in tariffs],
        columns=["package", "importer", "exporter", "from", "base_year_fraction",
                 "all_in_fraction", "statutory_fraction"],
    )  # fmt: skip
    return ResultTable("packages", PACKAGE_TARIFFS, TARIFFS_BY_PACKAGE, rows, 3, data)


def _tariff_history(request: "Request") -> list[ResultTable]:
    import pandas as pd

    from accord.lowering.tariff_history import tariff_history

    history = tariff_history(request.deal, request.world)
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
    data = pd.DataFrame(
        [(row.history, row.importer, row.exporter, row.date.isoformat(), "; ".join(row.changes),
          row.added, row.at_border, row.total) for row in history],
        columns=["path", "importer", "exporter", "date", "what_changed", "added_fraction",
                 "at_border_fraction", "all_in_fraction"],
    )  # fmt: skip
    return [ResultTable("history", TARIFF_HISTORY, TARIFFS_BY_DATE, rows, 3, data)] if rows else []
