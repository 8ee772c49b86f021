"""`accord chains`."""

from math import isnan
from typing import TYPE_CHECKING, Annotated, Any

import typer

from accord.cli.exporting import pick
from accord.cli.formats import ResultTable, find_format, find_table, records, write_tables
from accord.cli.headings import (
    CHAINS_AIM,
    CHAINS_AIMS,
    CHAINS_DEPENDENCE,
    CHAINS_EXPORT,
    CHAINS_MATRIX,
    CHAINS_SECTOR,
    SOURCE,
)
from accord.cli.options import AsOf, CaseArgument, OneTable, Output, Package, TableFormat, WorldFile
from accord.cli.printing import say
from accord.cli.request import open_request
from accord.cli.sentences import (
    AIMS,
    CHAINS_LIMITS,
    CHAINS_NOTE,
    DEPENDENCE,
    EXPORT_CONTENT,
    MATRIX,
    MATRIX_CELL,
    SECTOR_CHANGES,
    SOURCES,
)

if TYPE_CHECKING:
    import pandas as pd

    from accord.assessment.chains.result import ChainsStudy

TABLES = ("aims", "matrix", "sectors", "exports", "dependence", "sources")
MATRIX_REGIONS = 8
MOST_ROWS = 12
Row = dict[str, Any]


def chains_command(
    case: CaseArgument,
    *,
    package: Package = None,
    supplier: Annotated[
        str,
        typer.Option(
            metavar="REGION", help="The region that the dependence of manufacturing is measured on."
        ),
    ] = "CHN",
    as_of: AsOf = None,
    world: WorldFile = None,
    format: TableFormat = None,  # noqa: A002
    table: OneTable = None,
    output: Output = None,
) -> None:
    """Print what packages do to supply chains, manufacturing at home, jobs and trade.

    Figures are of an average year against no deal. They are means over the sets of trade
    elasticities, with the lowest and the highest of them beside.

    Example: accord chains us-korea-2025
    """
    form, problems = find_format(format, output)
    problems += find_table(form, table, TABLES)
    request = open_request(
        case, problems, world=world, package=package, outputs=(output,), as_of=as_of
    )

    from accord.assessment.chains.study import supply_chains
    from accord.assessment.names import package_in_focus

    study = supply_chains(request.deal, package=package, world=request.world, supplier=supplier)
    shown = (package or package_in_focus(request.deal)) if form == "table" else None
    write_tables(pick(chains_tables(study, shown), table), form, output)
    if form == "table" and table is None:
        say("")
        for note in (*CHAINS_LIMITS, *study.notes):
            say(CHAINS_NOTE.format(note=note))


def chains_tables(study: "ChainsStudy", focus: str | None = None) -> list[ResultTable]:
    """Return the tables of a study; all but the aims of one package only, if one is named."""
    from accord.deal.deal import NO_DEAL

    frames = {name: study.to_frame(name) for name in TABLES}
    chosen = {
        name: frame if focus is None or name in ("aims", "sources") else _of(frame, focus)
        for name, frame in frames.items()
    }
    told = focus or study.snapshot.deal.title
    aims = chosen["aims"]
    if focus is not None and focus != NO_DEAL:  # a column has no deal already
        aims = aims[aims["package"] != NO_DEAL]
    sources = [[s.id, s.title, s.date, s.licence, s.grade] for s in study.sources]
    matrix = _matrix(study, focus) if focus else ((), [])
    return [
        ResultTable("aims", AIMS.format(supplier=study.supplier or "–"), CHAINS_AIM,
                    [_aim(row) for row in records(aims)], 7, chosen["aims"]),
        ResultTable("matrix", MATRIX.format(told=told), (CHAINS_MATRIX, *matrix[0]),
                    matrix[1], len(matrix[0]), chosen["matrix"]),
        ResultTable("sectors", SECTOR_CHANGES.format(told=told), CHAINS_SECTOR,
                    _sectors(chosen["sectors"]), 9, chosen["sectors"]),
        ResultTable("exports", EXPORT_CONTENT.format(told=told), CHAINS_EXPORT,
                    _exports(chosen["exports"]), 6, chosen["exports"]),
        ResultTable("dependence", DEPENDENCE.format(told=told), CHAINS_DEPENDENCE,
                    _dependence(chosen["dependence"]), 4, chosen["dependence"]),
        ResultTable("sources", SOURCES, SOURCE, sources),
    ]  # fmt: skip


def _of(frame: "pd.DataFrame", focus: str) -> "pd.DataFrame":
    return frame[frame["package"] == focus].reset_index(drop=True)


def _aim(row: Row) -> list[str]:
    scale, form = (100, "{:.2f}") if row["unit"] == "1" else (1, "{:,.1f}")
    signed = form.replace(":", ":+")
    return [
        row["package"], row["region"], CHAINS_AIMS[row["aim"]], row["grade"],
        *(_figure(scale * row[name], form) for name in ("baseline", "no_deal", "value")),
        *(_figure(scale * row[name], signed) for name in ("change", "low", "high")),
        _figure(100 * row["relative"], "{:+.2f}"),
    ]  # fmt: skip


def _matrix(study: "ChainsStudy", package: str) -> tuple[list[str], list[list[str]]]:
    """Return the importers that trade changes most with, and the change by exporter, bn USD."""
    from accord.assessment.chains.tables import summarise_matrix

    told = summarise_matrix(study, package, MATRIX_REGIONS)
    cells = {(row["exporter"], row["importer"]): row["change"] for row in told}
    regions = list(dict.fromkeys(row["exporter"] for row in told))
    rows = [
        [exporter, *(_figure(cells.get((exporter, to), float("nan")), MATRIX_CELL)
                     for to in regions)]
        for exporter in regions
    ]  # fmt: skip
    return regions, rows


def _sectors(frame: "pd.DataFrame") -> list[list[str]]:
    """Return the sectors of each party that change most, in value added."""
    rows: list[list[str]] = []
    for _, group in frame.groupby(["package", "region"], sort=False):
        size = (group["value_added"] * group["change"]).abs()
        largest = group.loc[size.sort_values(ascending=False).index[:MOST_ROWS]]
        rows += [_sector(row) for row in records(largest)]
    return rows


def _sector(row: Row) -> list[str]:
    persons = ("persons_change", "persons_low", "persons_high")
    return [
        row["region"], row["sector"], row["grade"], f"{row['value_added']:,.1f}",
        *(f"{100 * row[name]:+.2f}" for name in ("change", "low", "high")),
        _figure(row["persons"], "{:,.1f}"),
        *(_figure(row[name], "{:+,.1f}") for name in persons),
        _figure(100 * row["persons_relative"], "{:+.2f}"),
    ]  # fmt: skip


def _exports(frame: "pd.DataFrame") -> list[list[str]]:
    rows = []
    for _, group in frame.groupby(["package", "exporter"], sort=False):
        rows += [
            [row["exporter"], row["importer"], f"{row['gross']:,.1f}",
             f"{row['gross_change']:+,.2f}", f"{row['domestic']:,.1f}",
             *(f"{row[name]:+,.2f}" for name in ("domestic_change", "low", "high"))]
            for row in records(group.nlargest(MOST_ROWS // 2, "gross"))
        ]  # fmt: skip
    return rows


def _dependence(frame: "pd.DataFrame") -> list[list[str]]:
    rows = []
    for _, group in frame.groupby(["package", "region"], sort=False):
        rows += [
            [row["region"], row["supplier"],
             *(f"{100 * row[name]:.2f}" for name in ("direct", "look_through", "low", "high"))]
            for row in records(group.nlargest(MOST_ROWS // 2, "look_through"))
        ]  # fmt: skip
    return rows


def _figure(value: float, form: str) -> str:
    """Return a figure as printed, or nothing where there is none."""
    return "" if isnan(value) else form.format(value)
