"""`accord publish`: the briefing of a deal, put into a library."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from accord.cli.choices import SAVED
from accord.cli.options import AsOf, CaseArgument, WorldFile, find_date, read_date
from accord.cli.printing import say
from accord.cli.progress import show_progress
from accord.cli.request import Request, open_request, open_result, read_settings
from accord.cli.sentences import PUBLISHED, PUBLISHED_FILES
from accord.cli.setting_options import AssessOptions, find_kept, takes_options

if TYPE_CHECKING:
    from accord.assessment.facade import Assessment

Place = Annotated[
    Path | None,
    typer.Option(
        "--to",
        metavar="FOLDER",
        help="The library; by default ACCORD_LIBRARY, or the one of this user.",
    ),
]


@takes_options
def publish_command(
    case: CaseArgument,
    *,
    to: Place = None,
    author: Annotated[
        str, typer.Option(metavar="NAME", help="Who signs it; nobody if left out.")
    ] = "",
    tag: Annotated[
        list[str] | None,
        typer.Option("--tag", metavar="NAME", help="A tag; repeat the option for more."),
    ] = None,
    date: Annotated[
        str | None, typer.Option(metavar="YYYY-MM-DD", help="Date on the page; today if left out.")
    ] = None,
    as_of: AsOf = None,
    world: WorldFile = None,
    options: AssessOptions,
) -> None:
    """Put the briefing of a deal into a library, in every format.

    The deal is assessed, or taken from a saved assessment. A deal that is there already gets a
    further version.

    Example: accord publish us-korea-2025 --to library --author "A. Analyst" --tag flagship
    """
    from accord.library.opening import default_folder, open_library
    from accord.library.writing import find_label_problems

    problems = [*find_date(date), *find_label_problems(author, tag or ())]
    opened: Request | Assessment
    if Path(case).suffix == SAVED:
        problems += find_kept({"world": world, **options.chosen})
        opened = open_result(case, {}, None, problems, as_of=as_of)
    else:
        opened = open_request(case, problems, world=world, chosen=options.chosen, as_of=as_of)
    library = open_library(to or default_folder())
    library.check_writable()

    from accord.briefing.charts.base import start_drawing
    from accord.library.publish import publish

    start_drawing()
    result = _assess(opened, options) if isinstance(opened, Request) else opened
    listing = publish(result, library, author=author, tags=tag or (), date=read_date(date))
    say(PUBLISHED.format(slug=listing.slug, number=listing.number, folder=library.folder))
    say(f"{listing.content.title}. {listing.content.summary}")
    formats = ", ".join(file.format for file in listing.downloads)
    say(PUBLISHED_FILES.format(formats=formats))


def _assess(request: Request, options: AssessOptions) -> "Assessment":
    """Return the assessment of a deal with its verdict, progress shown meanwhile."""
    from accord.assessment.assess import assess

    settings = read_settings((), options.chosen, request.world)
    result = assess(request.deal, world=request.world, settings=settings)
    with show_progress() as tell:
        result.reach_verdict(tell)
    return result
