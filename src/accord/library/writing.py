"""Writing rows of a library, inside a transaction that the caller commits."""

import datetime as dt
import re
import sqlite3
from collections.abc import Sequence

from accord.core.errors import InputError, Problem
from accord.core.text import printable
from accord.library.content import Content
from accord.library.files import StoredFile

LONGEST_AUTHOR, LONGEST_TAG, MOST_TAGS = 80, 40, 20
SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}")


def utc_text(moment: dt.datetime) -> str:
    """Return a moment as text that sorts by time."""
    return moment.astimezone(dt.UTC).isoformat(timespec="microseconds")


def clean_labels(
    author: str, tags: Sequence[str], *, name: str = "author", most: int = LONGEST_AUTHOR
) -> tuple[str, tuple[str, ...]]:
    """Return author and tags without needless blanks, each tag once.

    Raises:
        InputError: They are too long or too many; all problems at once.
    """
    problems = find_label_problems(author, tags, name=name, most=most)
    if problems:
        raise InputError(problems, "the request")
    return _one_line(author), _each_once(tags)


def find_label_problems(
    author: str, tags: Sequence[str], *, name: str = "author", most: int = LONGEST_AUTHOR
) -> list[Problem]:
    """Return what is wrong with author and tags."""
    size, labels = len(_one_line(author)), _each_once(tags)
    problems = []
    if size > most:
        problems.append(Problem(name, f"has {size} characters", f"Write at most {most}"))
    problems += [
        Problem("tag", f"{tag[:20]!r}… has {len(tag)} characters", f"Write at most {LONGEST_TAG}")
        for tag in labels
        if len(tag) > LONGEST_TAG
    ]
    if len(labels) > MOST_TAGS:
        problems.append(Problem("tag", f"there are {len(labels)}", f"Give at most {MOST_TAGS}"))
    return problems


def _one_line(text: str) -> str:
    return " ".join(printable(text).split())


def _each_once(tags: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_one_line(tag) for tag in tags if tag.strip()))


def add_version(
    connection: sqlite3.Connection,
    content: Content,
    files: Sequence[StoredFile],
    *,
    author: str,
    tags: Sequence[str],
    shipped: bool,
    moment: dt.datetime,
) -> None:
    """Write the next version of a briefing and make it the latest; what was withdrawn is back.

    Raises:
        InputError: The name of the deal is no address.
    """
    if not SLUG.fullmatch(content.slug):
        remedy = "Name the deal in small letters, digits, - and _"
        raise InputError(
            [Problem("name", f"{content.slug!r:.80} is no address", remedy)], "library"
        )
    row = connection.execute(
        "SELECT id, latest FROM briefing WHERE slug = ?", (content.slug,)
    ).fetchone()
    number = 1 if row is None else row["latest"] + 1
    if row is None:
        cursor = connection.execute(
            "INSERT INTO briefing (slug, latest) VALUES (?, 1)", (content.slug,)
        )
        briefing = cursor.lastrowid
    else:
        briefing = row["id"]
        if shipped and _is_bare(connection, briefing, row["latest"]):
            number = row["latest"]
            _drop_version(connection, briefing, number)
    cursor = connection.execute(
        "INSERT INTO version (briefing_id, number, published_at, author, shipped, content) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        (briefing, number, utc_text(moment), author, int(shipped), content.model_dump_json()),
    )
    version = cursor.lastrowid
    connection.executemany(
        "INSERT INTO tag (version_id, place, name) VALUES (?, ?, ?)",
        [(version, place, name) for place, name in enumerate(tags)],
    )
    connection.executemany(
        "INSERT INTO file (version_id, format, sha256, size) VALUES (?, ?, ?, ?)",
        [(version, file.format, file.sha256, file.size) for file in files],
    )
    connection.execute(
        "UPDATE briefing SET latest = ?, withdrawn_at = NULL, withdrawn_for = '' WHERE id = ?",
        (number, briefing),
    )
    index_briefing(connection, content.slug)


def _is_bare(connection: sqlite3.Connection, briefing: int, number: int) -> bool:
    """Return whether a version came with Accord and has no files so far."""
    row = connection.execute(
        "SELECT shipped, (SELECT count(*) FROM file WHERE version_id = version.id) AS files "
        "FROM version WHERE briefing_id = ? AND number = ?",
        (briefing, number),
    ).fetchone()
    return bool(row["shipped"]) and row["files"] == 0


def _drop_version(connection: sqlite3.Connection, briefing: int, number: int) -> None:
    row = connection.execute(
        "SELECT id FROM version WHERE briefing_id = ? AND number = ?", (briefing, number)
    ).fetchone()
    for table in ("tag", "file"):
        connection.execute(f"DELETE FROM {table} WHERE version_id = ?", (row["id"],))  # noqa: S608
    connection.execute("DELETE FROM version WHERE id = ?", (row["id"],))


def index_briefing(connection: sqlite3.Connection, slug: str) -> None:
    """Write what the search knows of a briefing anew; nothing of one that is withdrawn."""
    row = connection.execute(
        "SELECT briefing.id AS briefing, version.id AS version, withdrawn_at, author, content "
        "FROM briefing JOIN version ON briefing_id = briefing.id AND number = latest "
        "WHERE slug = ?",
        (slug,),
    ).fetchone()
    connection.execute("DELETE FROM search WHERE rowid = ?", (row["briefing"],))
    if row["withdrawn_at"] is not None:
        return
    content = Content.model_validate_json(row["content"])
    tags = connection.execute("SELECT name FROM tag WHERE version_id = ?", (row["version"],))
    connection.execute(
        "INSERT INTO search (rowid, title, summary, author, tags, body) VALUES (?, ?, ?, ?, ?, ?)",
        (
            row["briefing"],
            f"{content.title} {content.kicker}",
            f"{content.summary} {content.standfirst}",
            row["author"],
            " ".join(tag["name"] for tag in tags),
            content.body,
        ),
    )
