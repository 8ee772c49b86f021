"""`accord compare`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

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

if TYPE_CHECKING:
    pass


def compare_command(
    cases: Annotated[
        list[str],
        typer.Argument(metavar="CASES", help="Shipped cases, deal files or saved assessments."),
    ],
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

    They may belong to one deal or to several.

    Example: accord compare us-korea-2025
    """
    chosen, problems = read_timeline(timeline, reading)
    form, wrong = find_format(format, output, FORMATS)
    problems += [*wrong, *find_settings({"draws": draws}, None)[1]]
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
