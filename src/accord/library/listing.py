"""Reading rows of a library: lists, a search, tags."""

import datetime as dt
import re
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from accord.library.content import ARTICLE, ENDINGS, Content
from accord.library.files import StoredFile

LONGEST_QUERY = 200  # characters
MOST_WORDS = 12
MARK, UNMARK = "\x02", "\x03"  # around a match in an excerpt
WORD = re.compile(r"\w+")
WEIGHTS = "10.0, 5.0, 3.0, 4.0, 1.0"  # title, summary, author, tags, body


@dataclass(frozen=True)
class Listing:
    """A briefing as the library knows it.

    Attributes:
        slug: Its address.
        number: Which version this is.
        latest: Number of the latest version.
        author: Who signs it; "" for nobody.
        published_at: When this version was published.
        is_shipped: Whether it came with Accord.
        withdrawn_at: When it was withdrawn; None if it was not.
        withdrawn_for: Why; "" where nobody said.
        tags: Tags, those of the deal first.
        content: What is said of it.
        files: Its files; none where a shipped case was not made yet.
        excerpt: Where a search matched, with `MARK` and `UNMARK` around the words; "" without one.
    """

    slug: str
    number: int
    latest: int
    author: str
    published_at: dt.datetime
    is_shipped: bool
    withdrawn_at: dt.datetime | None
    withdrawn_for: str
    tags: tuple[str, ...]
    content: Content
    files: tuple[StoredFile, ...]
    excerpt: str = ""

    @property
    def is_bare(self) -> bool:
        """Whether it came with Accord and has no files so far."""
        return self.is_shipped and not self.files and self.withdrawn_at is None

    @property
    def downloads(self) -> tuple[StoredFile, ...]:
        """The files that a reader may take."""
        return tuple(file for file in self.files if file.format != ARTICLE)


@dataclass(frozen=True)
class Page:
    """A part of a list.

    Attributes:
        listings: The briefings.
        start: How many come before them.
        total: How many there are in all.
    """

    listings: tuple[Listing, ...]
    start: int
    total: int


COLUMNS = (
    "briefing.slug, briefing.latest, briefing.withdrawn_at, briefing.withdrawn_for, version.id, "
    "version.number, version.published_at, version.author, version.shipped, version.content"
)
LATEST = "briefing JOIN version ON briefing_id = briefing.id AND number = latest"
NEWEST = "version.published_at DESC, briefing.slug"


def find_listings(
    connection: sqlite3.Connection,
    text: str,
    *,
    tag: str,
    withdrawn: bool,
    start: int,
    count: int,
) -> Page:
    """Return the part of a list that was asked for."""
    source, order, excerpt = LATEST, NEWEST, "''"
    conditions: list[str] = [] if withdrawn else ["withdrawn_at IS NULL"]
    values: list[object] = []
    if text.strip():
        words = as_query(text)
        if not words:
            return Page((), start, 0)
        source = f"search JOIN {LATEST} AND briefing.id = search.rowid"
        order = f"bm25(search, {WEIGHTS}), {NEWEST}"
        excerpt = "snippet(search, 4, char(2), char(3), '…', 24)"
        conditions.append("search MATCH ?")
        values.append(words)
    if tag:
        conditions.append("version.id IN (SELECT version_id FROM tag WHERE name = ?)")
        values.append(tag)
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    total = connection.execute(f"SELECT count(*) FROM {source}{where}", values).fetchone()[0]  # noqa: S608
    rows = connection.execute(
        f"SELECT {COLUMNS}, {excerpt} AS excerpt FROM {source}{where} ORDER BY {order} "  # noqa: S608
        "LIMIT ? OFFSET ?",
        [*values, count, start],
    ).fetchall()
    return Page(tuple(_listing(connection, row, row["excerpt"]) for row in rows), start, total)


def as_query(text: str) -> str:
    """Return what a reader typed as a query: words that all occur, the last one as a beginning."""
    words = WORD.findall(text[:LONGEST_QUERY])[:MOST_WORDS]
    return " ".join(f'"{word}"' for word in words) + ("*" if words else "")


def read_listing(
    connection: sqlite3.Connection, slug: str, number: int | None = None
) -> Listing | None:
    """Return a briefing in a version, the latest if none is named; None where there is none."""
    wanted = "briefing.latest" if number is None else "?"
    row = connection.execute(
        f"SELECT {COLUMNS} FROM briefing JOIN version ON briefing_id = briefing.id "  # noqa: S608
        f"WHERE slug = ? AND number = {wanted}",
        (slug,) if number is None else (slug, number),
    ).fetchone()
    return None if row is None else _listing(connection, row)


def read_tags(connection: sqlite3.Connection) -> dict[str, int]:
    """Return tags with the number of briefings that have them."""
    rows = connection.execute(
        f"SELECT name, count(*) AS times FROM tag JOIN {LATEST} AND version.id = version_id "  # noqa: S608
        "WHERE withdrawn_at IS NULL GROUP BY name ORDER BY times DESC, name"
    )
    return {row["name"]: row["times"] for row in rows}


def _listing(connection: sqlite3.Connection, row: sqlite3.Row, excerpt: str = "") -> Listing:
    tags = connection.execute(
        "SELECT name FROM tag WHERE version_id = ? ORDER BY place", (row["id"],)
    ).fetchall()
    files = connection.execute(
        "SELECT format, sha256, size FROM file WHERE version_id = ?", (row["id"],)
    ).fetchall()
    withdrawn = row["withdrawn_at"]
    return Listing(
        slug=row["slug"],
        number=row["number"],
        latest=row["latest"],
        author=row["author"],
        published_at=dt.datetime.fromisoformat(row["published_at"]),
        is_shipped=bool(row["shipped"]),
        withdrawn_at=None if withdrawn is None else dt.datetime.fromisoformat(withdrawn),
        withdrawn_for=row["withdrawn_for"],
        tags=tuple(tag["name"] for tag in tags),
        content=Content.model_validate_json(row["content"]),
        files=_in_order([StoredFile(*file) for file in files]),
        excerpt=excerpt,
    )


def _in_order(files: Sequence[StoredFile]) -> tuple[StoredFile, ...]:
    order = list(ENDINGS)
    return tuple(sorted(files, key=lambda file: order.index(file.format)))
