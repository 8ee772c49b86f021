"""A folder of briefings: published, found, withdrawn; whole at every moment, whoever is killed."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from accord.core.errors import InputError, Problem
from accord.core.words import suggest
from accord.deal.related import Related, rank_profiles
from accord.library.content import Content
from accord.library.database import Database
from accord.library.errors import BusyError, FullError, ReadOnlyError, read_only
from accord.library.files import FileStore, StoredFile
from accord.library.listing import Listing, Page, find_listings, read_listing, read_tags
from accord.library.writing import add_version, clean_labels, index_briefing, utc_text

DATABASE = "library.db"
MOST_RELATED = 500  # of the latest briefings are compared
SHORT_WAIT = 0.2  # seconds that the removal of strays waits for somebody who publishes


@dataclass(frozen=True)
class Library:
    """An open library. Methods may be called from several threads and processes at once.

    Attributes:
        folder: Where it is.
        database: Its rows.
        files: Its files.
    """

    folder: Path
    database: Database
    files: FileStore

    def __repr__(self) -> str:
        """Where it is."""
        return f"Library({str(self.folder)!r})"

    def add(
        self,
        content: Content,
        files: Mapping[str, bytes],
        *,
        author: str = "",
        tags: Sequence[str] = (),
        shipped: bool = False,
        now: dt.datetime | None = None,
    ) -> Listing:
        """Return the briefing as listed after its files and then its row were written.

        A briefing of the same address gets a further version. The files of one that came with
        Accord and had none so far join the version that is there.

        Args:
            content: What is said of it.
            files: Contents by format.
            author: Who signs it; "" for nobody.
            tags: Tags beside those of the content.
            shipped: Whether it comes with Accord.
            now: Moment of publishing; this one if left out.

        Raises:
            InputError: Author or tags are too long or hold what no page may show.
            LibraryError: The folder is full or read-only; nothing was changed.
        """
        author, labels = clean_labels(author, (*content.tags, *tags))
        moment = now or dt.datetime.now(tz=dt.UTC)
        with self.database.write() as connection:
            stored = self.files.write(files)
            add_version(
                connection, content, stored, author=author, tags=labels, shipped=shipped,
                moment=moment,
            )  # fmt: skip
        return self.get(content.slug)

    def check_writable(self) -> None:
        """Check, before any work, that something may be written.

        Raises:
            LibraryError: The folder is read-only, or another process keeps it locked.
        """
        if self.database.is_read_only:
            raise read_only(self.folder)
        with self.database.write():
            pass

    def get(self, slug: str, number: int | None = None) -> Listing:
        """Return a briefing, withdrawn or not, in its latest or in the named version.

        Raises:
            InputError: There is none.
        """
        with self.database.read() as connection:
            listing = read_listing(connection, slug, number)
            if listing is not None:
                return listing
            names = [row["slug"] for row in connection.execute("SELECT slug FROM briefing")]
        if number is not None and slug in names:
            raise InputError([Problem("version", f"{slug} has no version {number}", "")], "library")
        meant = suggest(slug, names)
        remedy = (
            f"Did you mean {meant}?" if meant else "`accord library list` names those there are"
        )
        problem = Problem("BRIEFING", f"there is no briefing {slug!r:.80}", remedy)
        raise InputError([problem], "the request")

    def find(
        self,
        text: str = "",
        *,
        tag: str = "",
        withdrawn: bool = False,
        start: int = 0,
        count: int = 30,
    ) -> Page:
        """Return briefings, newest first; those that match a text, the best match first.

        Args:
            text: Words that all have to occur; the last may be the beginning of one.
            tag: Only with this tag.
            withdrawn: Whether those withdrawn are listed too; no text finds them.
            start: How many to leave out at the start.
            count: How many to return at most.
        """
        with self.database.read() as connection:
            return find_listings(
                connection, text, tag=tag, withdrawn=withdrawn, start=start, count=count
            )

    def tags(self) -> dict[str, int]:
        """Return every tag with the number of its briefings, the most frequent first."""
        with self.database.read() as connection:
            return read_tags(connection)

    def versions(self, slug: str) -> tuple[tuple[int, dt.datetime], ...]:
        """Return number and moment of every version of a briefing, the latest first."""
        query = (
            "SELECT number, published_at FROM version JOIN briefing ON briefing.id = briefing_id "
            "WHERE slug = ? ORDER BY number DESC"
        )
        with self.database.read() as connection:
            rows = connection.execute(query, (slug,)).fetchall()
        return tuple((row[0], dt.datetime.fromisoformat(row[1])) for row in rows)

    def related(self, listing: Listing, most: int = 4) -> tuple[tuple[Listing, Related], ...]:
        """Return briefings of deals with a party or an instrument in common, the closest first."""
        others = {entry.slug: entry for entry in self.find(count=MOST_RELATED).listings}
        profiles = [entry.content.profile for entry in others.values()]
        ranked = rank_profiles(listing.content.profile, profiles)
        return tuple((others[related.name], related) for related in ranked[:most])

    def read_file(self, listing: Listing, format: str) -> bytes:  # noqa: A002
        """Return the content of one of the files of a briefing.

        Raises:
            InputError: It has no file of this format.
            LibraryError: The file is not there, or is not the one that was published.
        """
        stored = next((file for file in listing.files if file.format == format), None)
        if stored is None:
            formats = ", ".join(file.format for file in listing.files) or "none yet"
            problem = Problem("format", f"there is no file {format!r:.40}", f"There are: {formats}")
            raise InputError([problem], "the request")
        return self.files.read(stored)

    def withdraw(self, slug: str, reason: str = "", *, now: dt.datetime | None = None) -> Listing:
        """Return the briefing after it was taken off the lists; its page says so, and why.

        Raises:
            InputError: There is no such briefing, or the reason is too long.
            LibraryError: The library cannot be written.
        """
        self.get(slug)
        reason, _ = clean_labels(reason, (), name="reason", most=400)
        moment = utc_text(now or dt.datetime.now(tz=dt.UTC))
        with self.database.write() as connection:
            connection.execute(
                "UPDATE briefing SET withdrawn_at = ?, withdrawn_for = ? WHERE slug = ?",
                (moment, reason, slug),
            )
            index_briefing(connection, slug)
        return self.get(slug)

    def reinstate(self, slug: str) -> Listing:
        """Return the briefing after its withdrawal was taken back.

        Raises:
            InputError: There is no such briefing.
            LibraryError: The library cannot be written.
        """
        self.get(slug)
        with self.database.write() as connection:
            connection.execute(
                "UPDATE briefing SET withdrawn_at = NULL, withdrawn_for = '' WHERE slug = ?",
                (slug,),
            )
            index_briefing(connection, slug)
        return self.get(slug)

    def collect_strays(self) -> int:
        """Return how many files were removed that no row names: a publish was killed before it.

        Files are written by whoever may write rows, so nobody writes one now.
        """
        try:
            with self.database.write(SHORT_WAIT) as connection:
                rows = connection.execute("SELECT DISTINCT sha256, format FROM file").fetchall()
                kept = {StoredFile(row["format"], row["sha256"], 0).name for row in rows}
                return self.files.remove_others(kept)
        except (BusyError, FullError, ReadOnlyError):
            return 0
