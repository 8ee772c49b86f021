"""`accord enquiries`: what readers asked below briefings."""

from typing import TYPE_CHECKING, Annotated

import typer

from accord.cli.commands.library.keeping import LibraryFolder, open_existing
from accord.cli.formats import FORMATS, ResultTable, find_format, write_tables
from accord.cli.headings import ENQUIRY
from accord.cli.options import Output, TableFormat, refuse
from accord.cli.printing import say
from accord.cli.sentences import DELETED, ENQUIRIES_ASKED

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from accord.library.enquiries import Enquiry, EnquiryBook

SHOWN = 60  # characters of a question in a list
KeepDays = Annotated[
    int, typer.Option("--keep-enquiries", metavar="DAYS", help="Delete those older than this.")
]


def _open(folder: "Path | None", days: int) -> "EnquiryBook":
    from accord.library.enquiries import open_enquiries

    return open_enquiries(open_existing(folder).folder, keep_days=days)


def enquiries_list_command(
    *,
    library: LibraryFolder = None,
    keep_enquiries: KeepDays = 90,
    format: TableFormat = None,  # noqa: A002
    output: Output = None,
) -> None:
    """List what readers asked, the newest first; those past their time are deleted.

    Example: accord enquiries list --library library
    """
    form, problems = find_format(format, output)
    refuse(problems)
    asked = _open(library, keep_enquiries).list()
    write_tables([_table(asked, short=form == "table")], form, output)


def enquiries_export_command(
    *,
    library: LibraryFolder = None,
    keep_enquiries: KeepDays = 90,
    format: Annotated[  # noqa: A002
        str | None,
        typer.Option("--format", "-f", metavar="NAME", help="json (the default), csv, md or xlsx."),
    ] = None,
    output: Output = None,
) -> None:
    """Write what readers asked in full, for another program.

    Example: accord enquiries export --library library --output enquiries.json
    """
    forms = ("json", *(name for name in FORMATS if name not in {"table", "json"}))
    form, problems = find_format(format, output, forms)
    refuse(problems)
    asked = _open(library, keep_enquiries).list()
    write_tables([_table(asked, short=False)], form, output)


def enquiries_delete_command(
    number: Annotated[int, typer.Argument(metavar="NUMBER", help="Number of the enquiry.")],
    *,
    library: LibraryFolder = None,
    keep_enquiries: KeepDays = 90,
) -> None:
    """Delete an enquiry for good: its bytes are overwritten.

    Example: accord enquiries delete 3 --library library
    """
    _open(library, keep_enquiries).delete(number)
    say(DELETED.format(number=number))


def _table(asked: "Sequence[Enquiry]", *, short: bool) -> ResultTable:
    rows = [
        [
            str(entry.number),
            entry.asked_at.strftime("%Y-%m-%d %H:%M"),
            entry.briefing,
            entry.name,
            entry.address,
            _shortened(entry.question) if short else entry.question,
        ]
        for entry in asked
    ]
    return ResultTable("enquiries", ENQUIRIES_ASKED, ENQUIRY, rows)


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHOWN else f"{line[:SHOWN]}…"
