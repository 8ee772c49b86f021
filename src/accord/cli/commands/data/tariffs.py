"""The command `data tariffs`: tariff lines become tariffs of a world by exporter and sector."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from accord.cli.formats import ResultTable, find_format, write_tables
from accord.cli.headings import COMPILED_LINES, COMPILED_TARIFF
from accord.cli.options import (
    TableFormat,
    WorldFile,
    WorldOrTable,
    find_choice,
    find_date,
    read_date,
    refuse,
)
from accord.cli.printing import print_written, say
from accord.cli.request import open_world
from accord.cli.sentences import (
    COMPILED_REPORT,
    COMPILED_TARIFFS,
    LINES_GONE,
    LINES_OF,
    MORE_ROWS,
    READ_SIZE,
)
from accord.core.files import check_writable

if TYPE_CHECKING:
    from accord.data.world import World
    from accord.lowering.lines.compiled import CompiledTariffs

WORLD = ".npz"
MOST_CELLS = 15


def tariffs_lines_command(  # noqa: PLR0913  (an option each)
    *,
    lines: Annotated[
        Path, typer.Argument(metavar="LINES", help="CSV or Parquet file of HS codes and rates.")
    ],
    imports: Annotated[
        Path,
        typer.Option("--imports", metavar="FILE", help="CSV or Parquet file exporter, hs, value."),
    ],
    world: WorldFile = None,
    mapping: Annotated[
        Path | None,
        typer.Option("--map", metavar="FILE", help="The mapping that the world was read with."),
    ] = None,
    sectors: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="CSV file hs, sector, where labels do not tell."),
    ] = None,
    concordance: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="CSV file old, new, for codes of other editions."),
    ] = None,
    importer: Annotated[
        str | None,
        typer.Option(metavar="REGION", help="Who charges, where the files do not say."),
    ] = None,
    date: Annotated[
        str | None,
        typer.Option(metavar="DAY", help="Day of the rates, where lines have dates."),
    ] = None,
    unit: Annotated[
        str, typer.Option(metavar="UNIT", help='Unit of the values, such as "mn EUR".')
    ] = "USD",
    rate: Annotated[
        float | None, typer.Option(metavar="NUMBER", help="Dollars for a unit of the currency.")
    ] = None,
    aggregate: Annotated[
        str, typer.Option(metavar="NAME", help="mean, price_index or import_value.")
    ] = "mean",
    output: WorldOrTable = None,
    format: TableFormat = None,  # noqa: A002
) -> None:
    """Compile tariff lines into the tariffs of a world.

    Example: accord data tariffs lines.csv --imports imports.csv --world my-world.npz -o tariffs.npz
    """
    from accord.data.files.saving import check_world_path
    from accord.lowering.lines.compiled import AGGREGATES
    from accord.lowering.lines.read import read_tariffs

    keeps = output is not None and output.suffix == WORLD
    form, problems = ("table", []) if keeps else find_format(format, output)
    wrong = [] if date is None else find_date(date)
    refuse([*problems, *wrong, *find_choice("--aggregate", aggregate, AGGREGATES)])
    if output is not None:
        check_world_path(output) if keeps else check_writable(output)
    compiled = read_tariffs(
        lines, imports, open_world(world), mapping=mapping, sectors=sectors,
        concordance=concordance, importer=importer,
        day=None if date is None else read_date(date), unit=unit, rate=rate,
    )  # fmt: skip
    if form != "table":
        write_tables([_cells(compiled, aggregate)], form, output)
        return
    write_tables([_report(compiled), _cells(compiled, aggregate)], form, None)
    left = len(compiled.table) - MOST_CELLS
    if left > 0:
        say(MORE_ROWS.format(left=left))
    if output is not None:
        made = compiled.world(aggregate)
        made.save(output)
        size = READ_SIZE.format(regions=len(made.regions), sectors=len(made.sectors))
        print_written(output, size)
        _tell_lines(compiled.baseline, made)


def _tell_lines(before: "World", after: "World") -> None:
    """Say in whose tariffs deals can name HS codes, and in whose they no longer can."""
    if after.lines is not None:
        say(LINES_OF.format(importer=after.lines.importer))
        if before.lines is not None and before.lines.importer != after.lines.importer:
            say(LINES_GONE.format(former=before.lines.importer))


def _report(compiled: "CompiledTariffs") -> ResultTable:
    rows = [
        [row.importer, row.what, row.most, f"{row.count:,}", f"{row.value:,.4g}",
         f"{100 * row.share:.2f}"]
        for row in compiled.report
    ]  # fmt: skip
    return ResultTable("report", COMPILED_REPORT, COMPILED_LINES, rows, 3)


def _cells(compiled: "CompiledTariffs", aggregate: str) -> ResultTable:
    """Return the cells, those of the largest imports first; as data with the rate chosen."""
    frame = compiled.to_frame()
    frame.insert(3, "rate", frame[aggregate])
    largest = frame.sort_values("imports", ascending=False, kind="stable").head(MOST_CELLS)
    rates = ("covered", "mean", "price_index", "import_value", "dispersion", "lowest", "highest")
    rows = [
        [row["importer"], row["exporter"], row["sector"], f"{row['imports']:,.4g}",
         f"{row['lines']:,}", *(f"{100 * row[name]:.2f}" for name in rates)]
        for row in largest.to_dict("records")
    ]  # fmt: skip
    return ResultTable("tariffs", COMPILED_TARIFFS, COMPILED_TARIFF, rows, 9, frame)
