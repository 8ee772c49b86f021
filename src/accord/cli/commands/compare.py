"""`accord compare`."""

from collections.abc import Sequence
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from accord.cli.choices import SAVED
from accord.cli.formats import (
    FORMATS,
    Table,
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
from accord.cli.request import find_settings, open_request, read_settings
from accord.cli.sentences import COMMITTED, COMPONENTS, PAYOFFS

if TYPE_CHECKING:
    from accord.assessment.compare import Comparison
    from accord.assessment.facade import Assessment
    from accord.core.errors import Problem


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
        frame = Table("comparison", "", (), (), data=comparison.to_frame()).frame()
        write_content(render_frames({"comparison": frame}, form), output)


def open_result(
    case: str,
    chosen: dict[str, int],
    world: Path | None,
    problems: "Sequence[Problem]" = (),
    *,
    as_of: str | None = None,
) -> "Assessment":
    """Return the assessment of a case, or the one a file holds, which knows its own day."""
    if Path(case).suffix == SAVED:
        refuse([*problems, *_find_kept(as_of)])
        from accord.assessment.load import load_assessment

        return load_assessment(case)
    request = open_request(case, problems, world=world, chosen=dict(chosen), as_of=as_of)
    from accord.assessment.assess import assess

    settings = read_settings((), dict(chosen), request.world)
    return assess(request.deal, world=request.world, settings=settings)


def _find_kept(as_of: str | None) -> "list[Problem]":
    """Return that what a saved assessment knows cannot be asked for anew, if it is."""
    from accord.core.errors import Problem

    if as_of is None:
        return []
    remedy = "assess the deal file with it, or leave it out"
    return [Problem("--as-of", "a saved assessment keeps the day it was made for", remedy)]


def print_comparison(comparison: "Comparison", *, several: bool) -> None:
    """Print payoffs, their components, and what is committed for what it saves."""
    write_tables(comparison_tables(comparison, several=several), "table", None)


def comparison_tables(comparison: "Comparison", *, several: bool) -> list[Table]:
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
    columns = [*head, "payoff", "nine draws in ten", "% of a year's GDP", "gains, %", "all gain, %"]
    tables = [
        Table("payoffs", PAYOFFS, columns, payoffs, 5),
        Table("components", COMPONENTS, [*head, *SHOWN_COMPONENTS.values()], components, 6),
    ]  # fmt: skip
    if sizes:
        columns = [*head, "bn USD", "% of GDP", "% of reserves", "points saved", "bn a point"]
        tables.append(Table("committed", COMMITTED, columns, sizes, 5))
    return tables


SHOWN_COMPONENTS = {
    "tariff": "tariffs", "transfer": "transfer", "terms_of_trade": "terms of trade",
    "capacity": "capacity", "profit": "profits",
    "receipts_risk": "price of risk", "later": "after the horizon", "risk": "risk of a crash",
}  # fmt: skip


def _percent(value: float) -> str:
    return "" if isnan(value) else f"{100 * value:.0f}"
