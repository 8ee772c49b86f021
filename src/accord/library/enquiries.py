"""What readers ask below a briefing: checked, counted by client, kept for a set time only."""

import datetime as dt
import hashlib
import hmac
import re
import secrets
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from accord.core.errors import AccordError, InputError, Problem
from accord.core.text import printable
from accord.library.database import Database, read_migrations
from accord.library.writing import utc_text

ENQUIRIES = "enquiries.db"
KEEP_DAYS, MOST_DAYS = 90, 3650
LONGEST_NAME, LONGEST_ADDRESS, SHORTEST_QUESTION, LONGEST_QUESTION = 100, 254, 10, 4000
A_DAY, AT_MOST = 5, 2000  # of a client in a day; in all
ADDRESS = re.compile(r"[^@\s<>\"(),;:\\]{1,64}@[^@\s<>\"(),;:\\]+\.[^@\s<>\"(),;:\\]{2,}")


class TooManyError(AccordError):
    """Raised when a client, or all together, have asked too much; it can be tried again later."""


@dataclass(frozen=True)
class Enquiry:
    """A question, who asked it and below which briefing.

    Attributes:
        number: Its number, 0 before it is kept.
        asked_at: When.
        briefing: Address of the briefing.
        name: Who asks.
        address: Address for the answer, an e-mail address.
        question: The question.
    """

    number: int
    asked_at: dt.datetime
    briefing: str
    name: str
    address: str
    question: str


def read_form(form: Mapping[str, str]) -> dict[str, str]:
    """Return name, address and question of a form, checked and without what moves text.

    Raises:
        InputError: Something is missing, too long or no address, or consent is not given; all
            problems at once, each by the name of its field.
    """
    name = " ".join(printable(form.get("name", "")).split())
    address = printable(form.get("address", "")).strip()
    question = printable(form.get("question", "").replace("\r\n", "\n")).strip()
    problems = []
    if not 1 <= len(name) <= LONGEST_NAME:
        message = "is missing" if not name else f"has {len(name)} characters"
        problems.append(Problem("name", message, f"Write your name, at most {LONGEST_NAME}"))
    if len(address) > LONGEST_ADDRESS or not ADDRESS.fullmatch(address):
        message = "is no e-mail address" if address else "is missing"
        problems.append(Problem("address", message, "Write it as name@example.org"))
    if not SHORTEST_QUESTION <= len(question) <= LONGEST_QUESTION:
        message = f"has {len(question)} characters"
        remedy = f"Write {SHORTEST_QUESTION} to {LONGEST_QUESTION}"
        problems.append(Problem("question", message, remedy))
    if form.get("consent") != "yes":
        remedy = "Agree that your question is kept until it is answered, or do not send it"
        problems.append(Problem("consent", "is not given", remedy))
    if problems:
        raise InputError(problems, "the enquiry")
    return {"name": name, "address": address, "question": question}


@dataclass(frozen=True)
class EnquiryBook:
    """The enquiries of a library, in a file of their own.

    Attributes:
        database: The file; what is deleted from it is overwritten.
        keep_days: Days after which an enquiry is deleted.
    """

    database: Database
    keep_days: int = KEEP_DAYS

    def add(
        self, form: Mapping[str, str], *, briefing: str, client: str, now: dt.datetime | None = None
    ) -> Enquiry:
        """Return the enquiry as kept.

        Args:
            form: Fields as they came: name, address, question, consent.
            briefing: Address of the briefing, one that is there.
            client: Who sent it, such as a network address; only a keyed digest of it is kept.
            now: This moment if left out.

        Raises:
            InputError: A field is wrong; all problems at once.
            TooManyError: This client has asked often today, or the book is full.
            LibraryError: It cannot be written.
        """
        fields = read_form(form)
        moment = now or dt.datetime.now(tz=dt.UTC)
        with self.database.write() as connection:
            gone = _expire(connection, moment, self.keep_days)
            digest = _client_digest(connection, client, moment)
            today = connection.execute(
                "SELECT count(*) FROM enquiry WHERE client = ?", (digest,)
            ).fetchone()[0]
            total = connection.execute("SELECT count(*) FROM enquiry").fetchone()[0]
            if today >= A_DAY or total >= AT_MOST:
                raise TooManyError(f"{A_DAY} questions a day are taken; please ask again tomorrow")
            cursor = connection.execute(
                "INSERT INTO enquiry (asked_at, briefing, name, address, question, client) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                (utc_text(moment), briefing, *fields.values(), digest),
            )
        if any(gone):
            self._shrink()
        return Enquiry(int(cursor.lastrowid or 0), moment, briefing, **fields)

    def list(self, *, now: dt.datetime | None = None) -> tuple[Enquiry, ...]:
        """Return the enquiries that are kept, the newest first; those past their time are deleted.

        Raises:
            LibraryError: The file cannot be read.
        """
        moment = now or dt.datetime.now(tz=dt.UTC)
        if not self.database.is_read_only:
            self.expire(now=moment)
        oldest = utc_text(moment - dt.timedelta(days=self.keep_days))
        with self.database.read() as connection:
            rows = connection.execute(
                "SELECT id, asked_at, briefing, name, address, question FROM enquiry "
                "WHERE asked_at >= ? ORDER BY asked_at DESC, id DESC",
                (oldest,),
            ).fetchall()
        return tuple(Enquiry(row[0], dt.datetime.fromisoformat(row[1]), *row[2:]) for row in rows)

    def delete(self, number: int) -> None:
        """Delete an enquiry.

        Raises:
            InputError: There is none of this number.
            LibraryError: The file cannot be written.
        """
        with self.database.write() as connection:
            cursor = connection.execute("DELETE FROM enquiry WHERE id = ?", (number,))
        if cursor.rowcount == 0:
            remedy = "`accord enquiries list` names those there are"
            raise InputError(
                [Problem("NUMBER", f"there is no enquiry {number}", remedy)], "the command"
            )
        self._shrink()

    def expire(self, *, now: dt.datetime | None = None) -> int:
        """Return how many enquiries were deleted because their time is over."""
        moment = now or dt.datetime.now(tz=dt.UTC)
        with self.database.write() as connection:
            gone = _expire(connection, moment, self.keep_days)
        if any(gone):
            self._shrink()
        return gone[0]

    def _shrink(self) -> None:
        """Empty the log of the file too, which still holds what was deleted."""
        connection = self.database.connect()
        try:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            connection.close()


def open_enquiries(folder: Path | str, *, keep_days: int = KEEP_DAYS) -> EnquiryBook:
    """Return the enquiries of a library; what is past its time is deleted.

    Raises:
        InputError: The number of days is no number of days.
        LibraryError: The file cannot be read or made.
    """
    problems = find_days_problems(keep_days)
    if problems:
        raise InputError(problems, "the command")
    database = Database(Path(folder) / ENQUIRIES, read_migrations("enquiries"), secret=True)
    database.prepare()
    book = EnquiryBook(database, keep_days)
    if not database.is_read_only:
        book.expire()
    return book


def find_days_problems(days: int) -> list[Problem]:
    """Return what is wrong with the number of days for which enquiries are kept."""
    if 1 <= days <= MOST_DAYS:
        return []
    return [Problem("--keep-enquiries", f"{days} is not possible", f"give 1 to {MOST_DAYS} days")]


def _expire(connection: sqlite3.Connection, moment: dt.datetime, days: int) -> tuple[int, int]:
    """Delete what is past its time; return how many enquiries, and keys of former days."""
    oldest = utc_text(moment - dt.timedelta(days=days))
    cursor = connection.execute("DELETE FROM enquiry WHERE asked_at < ?", (oldest,))
    keys = connection.execute("DELETE FROM secret WHERE day < ?", (_day_of(moment),))
    return int(cursor.rowcount), int(keys.rowcount)


def _day_of(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).date().isoformat()


def _client_digest(connection: sqlite3.Connection, client: str, moment: dt.datetime) -> str:
    """Return a digest by which a client is counted today; nobody can turn it back tomorrow."""
    day = _day_of(moment)
    connection.execute(
        "INSERT OR IGNORE INTO secret (day, key) VALUES (?, ?)", (day, secrets.token_bytes(32))
    )
    key = connection.execute("SELECT key FROM secret WHERE day = ?", (day,)).fetchone()[0]
    return hmac.new(key, client.encode(), hashlib.sha256).hexdigest()
