"""One SQLite file in WAL mode: opened for each piece of work, and moved forward by migrations."""

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from accord.library.errors import LibraryError, read_only, told

PATIENCE = 20.0  # seconds that one process waits for another
PAUSE = 0.02  # seconds between two attempts to make a new file


def read_migrations(name: str) -> tuple[str, ...]:
    """Return the migrations of a database in order, each one SQL text; `name` is their folder."""
    folder = resources.files("accord.library") / "migrations" / name
    files = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".sql"))
    return tuple((folder / file).read_text(encoding="utf-8") for file in files)


@dataclass(frozen=True)
class Database:
    """A file and the migrations that made it; several processes and threads may use it at once.

    Attributes:
        path: The file.
        migrations: SQL texts; the file says how many of them it has seen (`user_version`).
        secret: Whether what is deleted is overwritten with zeros.
    """

    path: Path
    migrations: tuple[str, ...]
    secret: bool = False

    def prepare(self) -> None:
        """Make the file where there is none, and move it forward to the last migration.

        Raises:
            LibraryError: The folder is full or read-only, the file is damaged, or a newer version
                of Accord made it.
        """
        with told(self.path.parent):
            if self.is_read_only:
                self._check(self._version())
                return
            if not os.access(self.path.parent, os.W_OK) and self.path.parent.exists():
                raise read_only(self.path.parent)
            try:
                with closing(self.connect()) as connection:
                    _use_wal(connection)
                    self._migrate(connection)
            except sqlite3.OperationalError as error:
                if not _is_without_helpers(error):
                    raise
                self._check(self._version())  # there is room for reading only

    @property
    def is_read_only(self) -> bool:
        """Whether the file is there and may be read only."""
        return self.path.exists() and not (
            os.access(self.path.parent, os.W_OK) and os.access(self.path, os.W_OK)
        )

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """Yield a connection that sees the file as it was at its first look."""
        with told(self.path.parent):
            connection = self._connect_to_read()
            try:
                yield connection
            finally:
                connection.close()

    @contextmanager
    def write(self, patience: float = PATIENCE) -> Iterator[sqlite3.Connection]:
        """Yield a connection that alone may write; what it did counts only after the last line."""
        with told(self.path.parent):
            connection = self.connect(patience)
            try:
                connection.execute("BEGIN IMMEDIATE")
                yield connection
                connection.execute("COMMIT")
            finally:
                connection.close()  # takes back what was not committed

    def connect(self, patience: float = PATIENCE) -> sqlite3.Connection:
        """Return a connection; a file that may only be read is opened without its helpers."""
        if self.is_read_only:
            return self._connect_still(patience)
        connection = sqlite3.connect(
            self.path, timeout=patience, isolation_level=None, check_same_thread=False
        )
        try:
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute(f"PRAGMA secure_delete = {'ON' if self.secret else 'OFF'}")
            connection.execute("PRAGMA foreign_keys = ON")
        except sqlite3.Error:
            connection.close()
            raise
        connection.row_factory = sqlite3.Row
        return connection

    def _connect_to_read(self) -> sqlite3.Connection:
        """Return a connection that has looked; on a full disk, one that needs no file beside it."""
        if not self.is_read_only:
            try:
                return _look(self.connect())
            except sqlite3.OperationalError as error:
                if not _is_without_helpers(error):
                    raise
        return _look(self._connect_still())

    def _connect_still(self, patience: float = PATIENCE) -> sqlite3.Connection:
        """Return a connection that only reads, and makes no file beside the database for it."""
        log = self.path.with_name(f"{self.path.name}-wal")
        still = "" if log.exists() and log.stat().st_size else "&immutable=1"
        address = f"{self.path.resolve().as_uri()}?mode=ro{still}"
        connection = sqlite3.connect(
            address, uri=True, timeout=patience, isolation_level=None, check_same_thread=False
        )
        connection.row_factory = sqlite3.Row
        return connection

    def _version(self) -> int:
        with closing(self._connect_still()) as connection:
            return int(connection.execute("PRAGMA user_version").fetchone()[0])

    def _check(self, version: int) -> None:
        if version > len(self.migrations):
            reason = (
                f"{self.path.name} is of version {version}, and {len(self.migrations)} is known"
            )
            raise LibraryError(self.path.parent, reason, "update Accord")
        if version == 0 and self.is_read_only:  # nothing was ever written into it
            raise read_only(self.path.parent)
        if version < len(self.migrations) and self.is_read_only:
            reason = f"{self.path.name} is of version {version}, older than {len(self.migrations)}"
            remedy = "open it once with the right to write there"
            raise LibraryError(self.path.parent, reason, remedy)

    def _migrate(self, connection: sqlite3.Connection) -> None:
        version = int(connection.execute("PRAGMA user_version").fetchone()[0])
        self._check(version)
        if version == len(self.migrations):
            return
        connection.execute("BEGIN IMMEDIATE")
        version = int(connection.execute("PRAGMA user_version").fetchone()[0])
        for script in self.migrations[version:]:
            for statement in split_statements(script):
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {len(self.migrations)}")
        connection.execute("COMMIT")


def _look(connection: sqlite3.Connection) -> sqlite3.Connection:
    """Return a connection that has seen the file as it is now."""
    try:
        connection.execute("BEGIN")
        connection.execute("SELECT 1 FROM sqlite_master").fetchone()
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _is_without_helpers(error: sqlite3.OperationalError) -> bool:
    """Return whether the file that readers share with writers could not be made: a full disk."""
    return getattr(error, "sqlite_errorname", "").startswith("SQLITE_IOERR_SHM")


def split_statements(script: str) -> list[str]:
    """Return the statements of an SQL text; one that is run by itself ends no transaction."""
    statements, held = [], ""
    for line in script.splitlines(keepends=True):
        held += line
        if sqlite3.complete_statement(held):
            statements.append(held.strip())
            held = ""
    return statements


def _use_wal(connection: sqlite3.Connection) -> None:
    """Switch a file to WAL; two processes that do it at once do not wait for each other by it."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            busy = error.sqlite_errorname.startswith("SQLITE_BUSY")
            if not busy or time.monotonic() > end:
                raise
            time.sleep(PAUSE)
        else:
            return
