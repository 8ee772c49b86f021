"""`accord explain`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from accord.cli.choices import FIGURES, SAVED
from accord.cli.formats import find_format, render_json, write_content
from accord.cli.options import (
    AsOf,
    CaseArgument,
    Draws,
    OldTimeline,
    Output,
    TimelineOption,
    WorldFile,
    find_choice,
    read_timeline,
    refuse,
)
from accord.cli.progress import show_progress
from accord.cli.request import open_request, open_result
from accord.cli.sentences import NOT_EXPLAINED
from accord.core.errors import Problem
from accord.core.text import printable

if TYPE_CHECKING:
    from accord.deal.deal import Deal

FACILITIES = FIGURES[-1]
# Tables that people look for here: what to ask for instead.
ELSEWHERE = {
    name: NOT_EXPLAINED.format(table=name, figures=", ".join(FIGURES))
    for name in ("welfare", "wages", "prices", "revenue", "exports", "output", "employment")
}


def explain_command(  # noqa: PLR0913  (one parameter an option)
    case: CaseArgument,
    figure: Annotated[
        str,
        typer.Argument(
            metavar="FIGURE",
            help=f"{FIGURES[0]}, a component of it ({', '.join(FIGURES[1:-1])}), "
            f"or {FACILITIES}: what the money of each clause is worth.",
        ),
    ],
    region: Annotated[str, typer.Argument(metavar="REGION", help="Whose payoff, such as KOR.")],
    *,
    package: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Under which package; the one in focus if left out."),
    ] = None,
    timeline: TimelineOption = None,
    reading: OldTimeline = None,
    draws: Draws = 0,
    as_of: AsOf = None,
    world: WorldFile = None,
    format: Annotated[  # noqa: A002
        str | None,
        typer.Option(
            "--format",
            "-f",
            metavar="NAME",
            help="text or json; by default what the file's ending says.",
        ),
    ] = None,
    output: Output = None,
) -> None:
    """Print where a number comes from.

    The tree leads from the number to its components, years, clauses, equations, parameters and
    sources.

    Example: accord explain us-korea-2025 payoff KOR --package signed
    """
    chosen, problems = read_timeline(timeline, reading)
    problems += find_figure(figure)
    form, wrong = find_format(format, output, ("text", "json"))
    problems += wrong
    if Path(case).suffix != SAVED:
        request = open_request(case, problems, world=world, outputs=(output,), as_of=as_of)
        refuse(
            [
                *(
                    []
                    if package is None
                    else find_choice("--package", package, _offers(request.deal))
                ),
                *find_choice("REGION", region, request.world.regions),
            ]
        )
    from accord.assessment.names import package_in_focus

    result = open_result(case, {"draws": draws}, world, problems, as_of=as_of)
    offers = _offers(result.deal)
    if package is not None:
        refuse(find_choice("--package", package, offers))
    focus = package or package_in_focus(result.deal)
    refuse(find_choice("REGION", region, result.world.regions))
    if figure != FACILITIES:  # that is known without a verdict
        with show_progress() as tell:
            result.reach_verdict(tell)
    tree = result.explain(figure, region, package=focus, timeline=chosen)  # type: ignore[arg-type]
    text = f"{printable(str(tree))}\n".encode()
    write_content(text if form == "text" else render_json(tree.to_dict()), output)


def find_figure(figure: str) -> list[Problem]:
    """Return what is wrong with the figure asked for; a table's name is told where it is found."""
    if figure in ELSEWHERE:
        return [Problem("FIGURE", f"{figure!r} cannot be explained", ELSEWHERE[figure])]
    return find_choice("FIGURE", figure, FIGURES)


def _offers(deal: "Deal") -> tuple[str, ...]:
    return tuple(package.name for package in deal.packages)
