"""`accord brief` and `accord assess`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from accord.cli.choices import ASSESSMENT_TABLES, BRIEFING_FORMATS, OBJECTIVES, SAVED
from accord.cli.exporting import find_saved, needs_verdict, write_result
from accord.cli.formats import ENDINGS, find_format, find_table
from accord.cli.options import (
    AsOf,
    BriefingFormat,
    CaseArgument,
    Language,
    Length,
    Output,
    Package,
    TableFormat,
    Wanted,
    WorldFile,
    check_output,
    find_choice,
    find_date,
    read_date,
)
from accord.cli.printing import print_written, say
from accord.cli.progress import show_progress
from accord.cli.request import Request, open_request, open_result, read_settings
from accord.cli.sentences import BORROWED, WARNING
from accord.cli.setting_options import AssessOptions, find_kept, takes_options
from accord.core.catalogue import ENGLISH
from accord.core.errors import Problem

if TYPE_CHECKING:
    from accord.assessment.bargain.bargain import Bargain
    from accord.assessment.bargain.objectives import Objective
    from accord.assessment.facade import Assessment
    from accord.briefing.brief import Briefing


@takes_options
def brief_command(  # noqa: PLR0913  (one parameter an option)
    case: CaseArgument,
    *,
    format: BriefingFormat = None,  # noqa: A002
    output: Output = None,
    date: Annotated[
        str | None, typer.Option(metavar="YYYY-MM-DD", help="Date on the page; today if left out.")
    ] = None,
    terms: Annotated[
        bool, typer.Option("--terms", help="Bargain over terms too, which takes a minute or two.")
    ] = False,
    objective: Wanted = OBJECTIVES[0],
    length: Length = "short",
    language: Language = ENGLISH,
    as_of: AsOf = None,
    world: WorldFile = None,
    options: AssessOptions,
) -> None:
    """Write a briefing of a deal: a page, or another kind of file.

    Example: accord brief us-korea-2025 --format md --output briefing.md
    """
    from accord.briefing.document.length import find_length
    from accord.briefing.words.templates import find_language

    problems = [*find_date(date), *find_language("--language", language)]
    problems += find_length("--length", length)
    form, wrong = find_format(format, output or Path(), BRIEFING_FORMATS)
    problems += wrong + find_choice("--objective", objective, OBJECTIVES)
    opened = _open(case, problems, world=world, options=options, as_of=as_of)
    page = output or Path(f"{opened.deal.name}{ENDINGS[form][0]}")
    check_output(page, opened.deal)

    from accord.briefing.brief import brief
    from accord.briefing.charts.base import start_drawing

    start_drawing()
    result = _assess(opened, options, verdict=True) if isinstance(opened, Request) else opened
    bargain = None
    if terms or objective != OBJECTIVES[0]:
        bargain = _bargain(result, terms, objective)  # type: ignore[arg-type]
    briefing = brief(
        result, date=read_date(date), bargain=bargain, language=language, length=length
    )
    print_written(briefing.save(page, format=form), briefing.summary())
    if form == "pdf":
        _tell_letters(briefing)


def _tell_letters(briefing: "Briefing") -> None:
    """Say which letters of a file no font of Accord has: fonts of this machine may show them."""
    from accord.briefing.render.pdf import find_borrowed

    borrowed = find_borrowed(briefing.document)
    if borrowed:
        say(WARNING.format(notice=BORROWED.format(letters=" ".join(borrowed[:9]))), err=True)


def _open(
    case: str,
    problems: list[Problem],
    *,
    world: Path | None,
    options: AssessOptions,
    as_of: str | None,
) -> "Request | Assessment":
    """Return the deal of a case and its world, or the assessment that a file keeps."""
    if Path(case).suffix != SAVED:
        return open_request(case, problems, world=world, chosen=options.chosen, as_of=as_of)
    problems += find_kept({"world": world, **options.chosen})
    return open_result(case, {}, None, problems, as_of=as_of)


def _bargain(result: "Assessment", terms: bool, objective: "Objective") -> "Bargain":
    """Return the bargain over packages, and over terms if asked for, telling how far it is."""
    from accord.assessment.bargain.bargain import bargain

    with show_progress() as tell:
        return bargain(result, terms=terms, retaliation=terms, objective=objective, progress=tell)


@takes_options
def assess_command(  # noqa: PLR0913  (one parameter an option)
    case: CaseArgument,
    *,
    format: TableFormat = None,  # noqa: A002
    table: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Only this table: payoffs, welfare, exports, wages, ..."),
    ] = None,
    package: Package = None,
    output: Output = None,
    save: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help=f"Keep the whole result in this file ({SAVED})."),
    ] = None,
    as_of: AsOf = None,
    world: WorldFile = None,
    options: AssessOptions,
) -> None:
    """Print or save what each package is worth to each party.

    Example: accord assess us-korea-2025 --table exports --format csv --output exports.csv
    """
    form, problems = find_format(format, output)
    problems += find_table(form, table, ASSESSMENT_TABLES)
    problems += find_saved(save)
    request = open_request(
        case, problems, world=world, package=package, outputs=(output, save),
        chosen=options.chosen, as_of=as_of,
    )  # fmt: skip
    result = _assess(request, options, verdict=save is not None or needs_verdict(form, table))
    if save is not None:
        print_written(result.save(save))
        if output is None and table is None and format is None:
            return
    write_result(result, form, table, package=package, output=output)


def _assess(request: Request, options: AssessOptions, *, verdict: bool) -> "Assessment":
    """Return the assessment of a deal, the verdict reached with progress shown if asked for."""
    from accord.assessment import assess

    settings = read_settings((), options.chosen, request.world)
    result = assess.assess(request.deal, world=request.world, settings=settings)
    if verdict:
        with show_progress() as tell:
            result.reach_verdict(tell)
    return result
