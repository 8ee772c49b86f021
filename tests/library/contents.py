"""Small briefings to put into libraries, and the files of a real one."""

import datetime as dt
from functools import cache

from accord.briefing.brief import brief
from accord.deal.related import Profile
from accord.library.content import Content, PartyFigure, Point
from accord.library.publish import render_all
from tests.golden.regenerate import DATE
from tests.golden.shared import shared_example

NOON = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)
FILES = {"html": b"<p>a page</p>", "json": b"{}"}


def make_content(slug="a-deal", *, parties=("KOR", "USA"), **changes):
    """Return what is said of a made-up briefing."""
    names = {"KOR": "South Korea", "USA": "United States", "JPN": "Japan", "GBR": "United Kingdom"}
    figures = [
        PartyFigure(
            party=names[party], outlook="Gains", tone="gain", value=4.0 - 9.0 * at,
            low=1.0 - 9 * at, high=7.0 - 9 * at, amount="+4.0 bn USD", ends="+1.0 … +7.0",
            chance="Gains in 97 of 100 futures",
        )
        for at, party in enumerate(parties)
    ]  # fmt: skip
    content = Content(
        slug=slug, kicker=f"The deal {slug}", title="Both sides gain", summary="Tariffs fall.",
        standfirst="At central values both gain.", day=DATE, minutes=3, figures=tuple(figures),
        points=(Point(lead="Tariffs fall.", body="That is worth 4 bn USD."),),
        disclaimer=("No advice.",), body="Tariffs on ships fall.",
        tags=tuple(figure.party for figure in figures),
        profile=Profile(slug, f"The deal {slug}", {name: name for name in parties}, (), DATE),
        deal_sha256="0" * 64, world=("a-world", "1" * 64), program="0.1.0",
    )  # fmt: skip
    return content.model_copy(update=changes)


@cache
def real_files():
    """Return the files of the example, in every format."""
    return render_all(brief(shared_example(), date=DATE))


def find_faults(library):
    """Return what is not whole in a library: rows without files, files without rows, gaps."""
    faults = []
    with library.database.read() as connection:
        (check,) = connection.execute("PRAGMA integrity_check").fetchone()
        faults += [] if check == "ok" else [check]
        faults += [str(tuple(row)) for row in connection.execute("PRAGMA foreign_key_check")]
        indexed = {row[0] for row in connection.execute("SELECT rowid FROM search")}
        listed = connection.execute("SELECT id FROM briefing WHERE withdrawn_at IS NULL")
        faults += [] if indexed == {row[0] for row in listed} else ["the search knows others"]
    named = set()
    for entry in library.find(withdrawn=True, count=10_000).listings:
        numbers = [number for number, _ in library.versions(entry.slug)]
        if numbers != list(range(len(numbers), 0, -1)):
            faults.append(f"{entry.slug} has the versions {numbers}")
        for number in numbers:
            listing = library.get(entry.slug, number)
            named |= {file.name for file in listing.files}
            for file in listing.files:
                library.read_file(listing, file.format)  # raises where it is not whole
    held = {path.name for path in library.files.folder.iterdir()}
    return faults + [f"stray {name}" for name in held - named]
