"""`accord compare`."""

from math import isnan
from pathlib import Path
from typing import Annotated

import typer

from accord.cli.choices import SAVED
from accord.cli.exporting import comparison_tables
from accord.cli.formats import (
    FORMATS,
    ResultTable,
    find_format,
    records,
    render_frames,
    render_json,
    write_content,
    write_tables,
)
from accord.cli.headings import RANK
from accord.cli.options import (
    AsOf,
    Draws,
    OldTimeline,
    Output,
    TableFormat,
    TimelineOption,
    WorldFile,
    read_timeline,
    refuse,
)
from accord.cli.progress import show_progress
from accord.cli.request import find_settings, open_request, open_result
from accord.cli.sentences import RANK_OF_DEALS
from accord.core.errors import Problem

SHOWN = 0.05  # points: a party that neither pays nor saves as much has no row


def compare_command(
    cases: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[CASES]",
            help="Shipped cases, deal files or saved assessments; every shipped case if left out.",
            show_default=False,
        ),
    ] = None,
    *,
    timeline: TimelineOption = None,
    reading: OldTimeline = None,
    draws: Draws = 500,
    as_of: AsOf = None,
    world: WorldFile = None,
    format: TableFormat = None,  # noqa: A002
    output: Output = None,
) -> None:
    """Print packages side by side.

    They may belong to one deal or to several. Without CASES, the shipped cases are ranked by the
    tariff that their package in focus saves for the money it commits, and nothing is solved.

    Example: accord compare us-korea-2025
    """
    chosen, problems = read_timeline(timeline, reading)
    form, wrong = find_format(format, output, FORMATS)
    problems += [*wrong, *find_settings({"draws": draws}, None)[1]]
    if not cases:
        _rank_cases(problems, form, as_of=as_of, world=world, output=output)
        return
    for case in cases:
        if Path(case).suffix != SAVED:
            open_request(case, problems, world=world, outputs=(output,), as_of=as_of)
    refuse(problems)

    from accord.assessment.compare import compare

    results = [open_result(case, {"draws": draws}, world, as_of=as_of) for case in cases]
    with show_progress() as tell:
        for result in results:
            result.reach_verdict(tell)
    comparison = compare(*results, timeline=chosen)  # type: ignore[arg-type]
    several = len(results) > 1
    if form in ("table", "md"):
        write_tables(comparison_tables(comparison, several=several), form, output)
    elif form == "json":
        write_content(render_json(records(comparison.to_frame())), output)
    else:
        frame = ResultTable("comparison", "", (), (), data=comparison.to_frame()).frame()
        write_content(render_frames({"comparison": frame}, form), output)


def _rank_cases(
    problems: list[Problem],
    form: str,
    *,
    as_of: str | None,
    world: Path | None,
    output: Path | None,
) -> None:
    """Print the shipped cases by tariff saved for money committed."""
    from accord.assessment.rank import rank
    from accord.cases.shipped import case_names

    requests = [
        open_request(name, problems, world=world, outputs=(output,), as_of=as_of)
        for name in case_names()
    ]
    frame = rank([request.deal for request in requests], requests[0].world)
    rows = [
        [
            str(row["deal"]),
            str(row["party"]),
            f"{row['points_saved']:+.1f}",
            f"{row['points_in_the_end']:+.1f}",
            f"{row['duty_saved']:+.1f}",
            f"{row['committed']:,.3g}" if row["committed"] else "",
            f"{100 * row['committed_of_gdp']:.1f}" if row["committed"] else "",
            "" if isnan(row["private_share"]) else f"{100 * row['private_share']:.0f}",
            "" if isnan(row["points_per_100bn"]) else f"{row['points_per_100bn']:.2f}",
        ]
        for row in frame.to_dict("records")
        if row["committed"] or abs(row["points_saved"]) + abs(row["points_in_the_end"]) >= SHOWN
    ]
    write_tables([ResultTable("rank", RANK_OF_DEALS, RANK, rows, 7, frame)], form, output)
