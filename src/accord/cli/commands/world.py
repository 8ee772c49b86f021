"""Commands about data and checks: `world`, `data read`, `data build`, `selftest`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from accord.cli.exporting import pick
from accord.cli.formats import ResultTable, find_format, find_table, write_tables
from accord.cli.headings import CHECK, EVERY_REGION, EVERY_SECTOR, SELF_TEST, SOURCE
from accord.cli.options import OneTable, Output, TableFormat, WorldFile, find_choice, refuse
from accord.cli.printing import print_rows, print_written, say
from accord.cli.request import open_world
from accord.cli.sentences import (
    ALL_PASSED,
    BALANCE_RULE,
    BALANCE_TOTAL,
    BUILT,
    CHECKS,
    DIMENSIONS,
    GROUPS,
    NO_IMPORTER,
    READ_SIZE,
    REBASED,
    REGIONS,
    SECTORS,
    SELF_TEST_TITLE,
    SOME_FAILED,
    SOURCES,
)
from accord.core.files import check_writable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from accord.data.records import Check

WORLD_TABLES = ("dimensions", "regions", "sectors", "groups", "checks", "sources")


def world_command(
    *,
    world: WorldFile = None,
    format: TableFormat = None,  # noqa: A002
    table: OneTable = None,
    output: Output = None,
) -> None:
    """Print what a world holds, and the names for a deal file.

    It is the embedded world unless --world names another.

    Example: accord world
    """
    form, problems = find_format(format, output)
    refuse([*problems, *find_table(form, table, WORLD_TABLES)])
    if output is not None:
        check_writable(output)

    import pandas as pd

    from accord.data.report import Label, world_report
    from accord.deal.products import EVERYTHING
    from accord.deal.regions import REGION_GROUPS

    held = open_world(world)
    report = world_report(held)
    importer = held.lines.importer if held.lines is not None else NO_IMPORTER
    together = [
        Label(name, f"{len(members)} regions: {' '.join(members)}")
        for name, members in REGION_GROUPS.items()
        if set(members) <= set(held.regions)
    ]
    merged = [
        Label(name, f"{len(members)} sectors: {' '.join(members)}")
        for name, members in held.sector_groups.items()
    ]
    labels = {
        "regions": (REGIONS, [*report.regions, *together, Label(EVERYTHING, EVERY_REGION)]),
        "sectors": (SECTORS, [*report.sectors, *merged, Label(EVERYTHING, EVERY_SECTOR)]),
        "groups": (GROUPS.format(importer=importer), report.groups),
    }
    tables = [
        ResultTable("dimensions", DIMENSIONS, ["what", "value"],
              [[row.what, row.shown] for row in report.dimensions], 1,
              pd.DataFrame(report.dimensions)),
        *(
            ResultTable(name, title, ["id", "name"], [[label.id, label.name] for label in those])
            for name, (title, those) in labels.items()
        ),
        _checks("identity", report.checks),
        ResultTable("sources", SOURCES, SOURCE,
              [[s.id, s.title, s.date, s.licence, s.grade] for s in report.sources]),
    ]  # fmt: skip
    if form == "table":
        say(f"{report.name}  sha256 {report.sha256}")
    write_tables(pick(tables, table), form, output)
    if form == "table" and table is None:
        for note in report.notes:
            say(f"  {note}")
    if not all(check.ok for check in report.checks):
        raise typer.Exit(1)


def _checks(what: str, checks: "Sequence[Check]") -> ResultTable:
    import pandas as pd

    rows = [
        [check.name, yes_no(check.ok), f"{check.value:.1e}", f"{check.tolerance:.0e}"]
        for check in checks
    ]
    values = [(check.name, check.ok, check.value, check.tolerance) for check in checks]
    data = pd.DataFrame(values, columns=[what, "ok", "largest_violation", "tolerance"])
    return ResultTable("checks", CHECKS, [what, *CHECK], rows, 2, data)


def read_command(  # noqa: PLR0913  (an option each)
    *,
    format: Annotated[  # noqa: A002
        str,
        typer.Argument(
            metavar="FORMAT",
            help="long, icio, wiod2013, wiod2016, figaro, adb, exiobase, gtap or caliendo_parro.",
        ),
    ],
    files: Annotated[Path, typer.Argument(metavar="FILES", help="File or folder of the table.")],
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE", help="World to write, ending in .npz.")
    ],
    mapping: Annotated[
        Path | None,
        typer.Option("--map", metavar="FILE", help="TOML or CSV file that merges labels."),
    ] = None,
    tariffs: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="CSV file importer, exporter, sector, rate."),
    ] = None,
    unit: Annotated[
        str | None, typer.Option(metavar="UNIT", help='Unit of the figures, such as "mn USD".')
    ] = None,
    rate: Annotated[
        float | None,
        typer.Option(metavar="NUMBER", help="Dollars for a unit of the table's currency."),
    ] = None,
    year: Annotated[int | None, typer.Option(help="Year, where the file name has none.")] = None,
    rule: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=CHOICE",
            help="inventories=cut or remove; discrepancy=domestic or drop. Repeat for more.",
        ),
    ] = None,
) -> None:
    """Read a table of your own into a world for --world.

    Example: accord data read icio 2022_SML.csv --map map.toml --output my-world.npz
    """
    from accord.data.files.saving import check_world_path

    check_world_path(output)

    from accord.data.readers.read import read_world
    from accord.data.readers.table.balance import balance_report

    parts = [text.partition("=") for text in rule or ()]
    rules = {name: choice for name, _, choice in parts}
    world = read_world(
        format, files, mapping, tariffs=tariffs, unit=unit, rate=rate, year=year, rules=rules
    )
    world.save(output)
    report = balance_report(world)
    for row in report.totals:
        say(BALANCE_TOTAL.format(what=row.rule, before=row.before, after=row.after))
    for row in report.rules:
        say(BALANCE_RULE.format(
            what=row.rule, moved=row.moved, share=100 * row.share, most=row.most
        ))  # fmt: skip
    write_tables([_checks("check", world.checks())], "table", None)
    size = (len(world.regions), len(world.sectors))
    print_written(output, READ_SIZE.format(regions=size[0], sectors=size[1]))


def build_command(
    *,
    raw: Annotated[Path, typer.Option(metavar="DIR", help="Folder with the raw files.")],
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Folder to write to; that of the package if left out."),
    ] = None,
    world: Annotated[
        str, typer.Option("--world", metavar="NAME", help="Which world: world-2022 or world-2014.")
    ] = "world-2022",
) -> None:
    """Build an embedded world from raw files.

    Example: accord data build --raw ../raw-data --out build
    """
    from importlib.resources import files

    from accord.data.build.build import build_world
    from accord.data.build.wide.build import build_wide_world
    from accord.data.store import DEFAULT_WORLD, OLDER_WORLD

    recipes = {DEFAULT_WORLD: build_wide_world, OLDER_WORLD: build_world}
    refuse(find_choice("--world", world, recipes))
    report = recipes[world](raw, out or Path(str(files("accord.data") / "embedded")))
    for path in report.files:
        say(str(path))
    say(BUILT.format(size=report.size / 1e6, sha256=report.sha256))
    say(REBASED.format(steps=report.steps, residual=report.residual))
    write_tables([_checks("check", report.checks)], "table", None)
    if not all(check.ok for check in report.checks):
        raise typer.Exit(1)


def selftest_command() -> None:
    """Check identities and published tables on this machine.

    Example: accord selftest
    """
    from accord.selftest import selftest_rows

    rows = list(selftest_rows())
    print_rows(
        SELF_TEST_TITLE,
        SELF_TEST,
        [
            [row.name, row.source, yes_no(row.ok), f"{row.expected:.6g}", f"{row.got:.6g}",
             f"{row.tolerance:.1e}"]
            for row in rows
        ],
        numeric=3,
    )  # fmt: skip
    failed = [row.name for row in rows if not row.ok]
    if failed:
        names = "; ".join(failed)
        say(SOME_FAILED.format(failed=len(failed), count=len(rows), names=names), err=True)
        raise typer.Exit(1)
    say(ALL_PASSED.format(count=len(rows)))


def yes_no(ok: bool) -> str:
    """Return the word for a check's outcome."""
    return "ok" if ok else "FAIL"
