"""`accord exposure`."""

from math import isnan
from typing import TYPE_CHECKING, Annotated, Any

import typer

from accord.cli.exporting import pick
from accord.cli.formats import ResultTable, find_format, find_table, records, write_tables
from accord.cli.headings import (
    ELASTICITY_OF,
    EXPOSURE,
    EXPOSURE_HINGES,
    EXPOSURE_KINDS,
    EXPOSURE_SIGNS,
    EXPOSURE_UNITS,
    HINGE_SHARE,
    HINGES,
    NO_HINGE,
    OWN_ELASTICITY,
    SOURCE,
)
from accord.cli.options import AsOf, CaseArgument, OneTable, Output, Package, TableFormat, WorldFile
from accord.cli.printing import say
from accord.cli.request import find_draws, open_request
from accord.cli.sentences import (
    EXPOSED,
    EXPOSED_KINDS,
    EXPOSURE_NOTES,
    HINGE_NOTES,
    SOURCES,
)

if TYPE_CHECKING:
    from accord.assessment.exposure.study import ExposureStudy

TABLES = ("exposure", "sources")


def exposure_command(
    case: CaseArgument,
    *,
    package: Package = None,
    draws: Annotated[
        int,
        typer.Option(
            help="Draws of what is unknown of the car market, and paths of the dollar and of debt; "
            "0 for the central case alone."
        ),
    ] = 1000,
    as_of: AsOf = None,
    world: WorldFile = None,
    format: TableFormat = None,  # noqa: A002
    table: OneTable = None,
    output: Output = None,
) -> None:
    """Print what packages move: sectors, makers of cars, the currency and public debt.

    Each has its sign, size and interval against no deal, and the input that accounts for most of
    its variance.

    Example: accord exposure us-korea-2025 --package signed
    """
    form, problems = find_format(format, output)
    problems += find_table(form, table, TABLES) + find_draws(draws)
    request = open_request(
        case, problems, world=world, package=package, outputs=(output,), as_of=as_of
    )

    from accord.assessment.exposure.study import exposure
    from accord.assessment.names import package_in_focus

    shown = package or (package_in_focus(request.deal) if form == "table" else None)
    study = exposure(request.deal, package=shown, world=request.world, draws=draws)
    wanted = table or (TABLES[0] if form == "table" else None)
    write_tables(pick(exposure_tables(study, shown), wanted), form, output)
    if form == "table" and table is None:
        say("")
        told = (EXPOSURE_NOTES[kind] for kind in dict.fromkeys(study.to_frame()["kind"]))
        for note in (*told, *HINGE_NOTES, study.disclaimer):
            say(f"  {note}")


def exposure_tables(study: "ExposureStudy", package: str | None) -> list[ResultTable]:
    """Return the table of what moves, and the sources."""
    frame = study.to_frame()
    rows = []
    for row in records(frame):
        scale, form, unit = EXPOSURE_UNITS[row["unit"]]
        figures = (
            "" if isnan(row[name]) else form.format(scale * row[name])
            for name in ("value", "low", "high")
        )
        rows.append([
            row["package"], EXPOSURE_KINDS[row["kind"]], row["region"], row["subject"], unit,
            *name_hinge(row), EXPOSURE_SIGNS[row["sign"]],
            *figures,
        ])  # fmt: skip
    sources = [[s.id, s.title, s.date, s.licence, s.grade] for s in study.sources]
    kinds = dict.fromkeys(frame["kind"])
    title = EXPOSED.format(
        told=package or study.deal, what="; ".join(EXPOSED_KINDS[kind] for kind in kinds)
    )
    return [
        ResultTable("exposure", title, EXPOSURE, rows, 3, frame),
        ResultTable("sources", SOURCES, SOURCE, sources),
    ]


def name_hinge(row: dict[str, Any]) -> tuple[str, str]:
    """Return what a figure hangs on, and its share of the variance; both where two are as large.

    An input whose share is within its error is not named.
    """
    if not row["hinges"]:
        return "", ""
    if row["hinge_share"] <= row["hinge_error"]:
        return NO_HINGE, ""
    name, rival = (_name_input(row[key], row["subject"]) for key in ("hinges", "rival"))
    if rival:
        return HINGES.format(name=name, rival=rival), ""
    share, error = (100 * row[key] for key in ("hinge_share", "hinge_error"))
    return name, HINGE_SHARE.format(share=share, error=error)


def _name_input(name: str, subject: str) -> str:
    """Return an input in words; the elasticity of the sector that a figure is of is its own."""
    sector = name.partition(":")[2]
    told = OWN_ELASTICITY if sector == subject else ELASTICITY_OF.format(sector=sector)
    return EXPOSURE_HINGES.get(name, told) if name else ""
