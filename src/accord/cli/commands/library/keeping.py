"""`accord library`: what is in a library, its backup, what is withdrawn."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from accord.cli.formats import ResultTable, find_format, write_tables
from accord.cli.headings import LIBRARY
from accord.cli.options import Output, TableFormat, refuse
from accord.cli.printing import print_written, say
from accord.cli.sentences import (
    BRIEFINGS,
    RESTORED,
    RETURNED,
    SHIPPED,
    WITHDRAWN,
    WITHDRAWN_ON,
)
from accord.core.files import check_writable

if TYPE_CHECKING:
    import pandas as pd

    from accord.library.library import Library
    from accord.library.listing import Listing

PRINTED = ("table", "md")
LibraryFolder = Annotated[
    Path | None,
    typer.Option(
        "--library",
        metavar="FOLDER",
        help="The library; by default ACCORD_LIBRARY, or the one of this user.",
    ),
]
BriefingName = Annotated[
    str, typer.Argument(metavar="BRIEFING", help="Name of a briefing: see accord library list.")
]


def open_existing(folder: Path | None) -> "Library":
    """Return the library of a folder, which must be there."""
    from accord.library.opening import default_folder, open_library

    return open_library(folder or default_folder(), create=False)


def library_list_command(
    search: Annotated[
        str, typer.Argument(metavar="[SEARCH]", help="Only those with these words.")
    ] = "",
    *,
    tag: Annotated[str, typer.Option(metavar="NAME", help="Only those with this tag.")] = "",
    library: LibraryFolder = None,
    format: TableFormat = None,  # noqa: A002
    output: Output = None,
) -> None:
    """List the briefings of a library, the newest first; withdrawn ones are marked.

    Example: accord library list --library library
    """
    form, problems = find_format(format, output)
    refuse(problems)
    page = open_existing(library).find(search, tag=tag, withdrawn=True, count=100_000)
    rows = [_row(listing) for listing in page.listings]
    data = None if form in PRINTED else _frame(rows)
    write_tables([ResultTable("briefings", BRIEFINGS, LIBRARY, rows, 2, data)], form, output)


def _frame(rows: "list[list[str]]") -> "pd.DataFrame":
    """Return the list as data: versions and files are numbers."""
    import pandas as pd

    frame = pd.DataFrame(rows, columns=list(LIBRARY))
    return frame.astype(dict.fromkeys(LIBRARY[-2:], int))


def _row(listing: "Listing") -> list[str]:
    state = ""
    if listing.withdrawn_at is not None:
        state = WITHDRAWN_ON.format(day=listing.withdrawn_at.date().isoformat())
    elif listing.is_shipped:
        state = SHIPPED
    day = listing.published_at.date().isoformat()
    return [
        listing.slug, listing.content.title, listing.author, day, ", ".join(listing.tags), state,
        str(listing.number), str(len(listing.downloads)),
    ]  # fmt: skip


def library_backup_command(
    *,
    library: LibraryFolder = None,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE", help="Write to this file.")
    ],
    enquiries: Annotated[
        bool, typer.Option("--enquiries", help="Put what readers asked into it too.")
    ] = False,
) -> None:
    """Write a library to one file, also while it is used.

    Example: accord library backup --library library --output library.zip
    """
    check_writable(output)

    from accord.library.backup import back_up

    print_written(back_up(open_existing(library), output, enquiries=enquiries))


def library_restore_command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What `library backup` wrote.")],
    *,
    library: LibraryFolder = None,
) -> None:
    """Put a library back from a backup, into a folder that is empty or does not exist.

    Example: accord library restore library.zip --library library
    """
    from accord.library.backup import restore
    from accord.library.opening import default_folder, open_library

    folder = restore(file, library or default_folder())
    total = open_library(folder).find(withdrawn=True, count=0).total
    say(RESTORED.format(count=total, folder=folder))


def library_withdraw_command(
    briefing: BriefingName,
    *,
    library: LibraryFolder = None,
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why, for its page.")] = "",
    undo: Annotated[bool, typer.Option("--undo", help="Put it back on the lists.")] = False,
) -> None:
    """Take a briefing off the lists; its page stays and says that it is withdrawn.

    Example: accord library withdraw us-korea-2025 --library library --reason "An error in a rate"
    """
    opened = open_existing(library)
    listing = opened.reinstate(briefing) if undo else opened.withdraw(briefing, reason)
    say((RETURNED if undo else WITHDRAWN).format(slug=listing.slug))
