"""What keeps a library from being read or written, with a remedy."""

import errno
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from accord.core.errors import AccordError, OutputError
from accord.core.words import capitalised

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
LEAST_ROOM = 100_000  # bytes that a database needs beside it while it is read
READ_ONLY = (errno.EACCES, errno.EPERM, errno.EROFS)


class LibraryError(AccordError):
    """Raised when a library cannot be read or written; what it held before, it holds still."""

    exit_code = 2

    def __init__(self, place: Path | str, reason: str, remedy: str) -> None:
        """Keep the place, the reason and the remedy apart, for a page to show."""
        self.place = Path(place)
        self.reason = reason
        self.remedy = capitalised(remedy)
        super().__init__(f"{self.place}: {reason}. {self.remedy}")

    def __reduce__(self) -> tuple[type, tuple[object, ...]]:
        """Cross to another process whole."""
        return type(self), (self.place, self.reason, self.remedy)


class FullError(LibraryError):
    """Raised when the disk under a library has no room left."""


class ReadOnlyError(LibraryError):
    """Raised when a library may be read and not written."""


class BusyError(LibraryError):
    """Raised when other processes have kept a library locked for too long."""


@contextmanager
def told(place: Path) -> Iterator[None]:
    """Turn errors of the database and of its files into a `LibraryError` with a remedy."""
    try:
        yield
    except sqlite3.Error as error:
        raise _from_database(place, error) from error
    except OutputError as error:
        cause = error.__cause__
        number = cause.errno if isinstance(cause, OSError) else None
        raise _from_system(place, number, error.reason) from error
    except OSError as error:
        raise _from_system(place, error.errno, error.strerror or str(error)) from error


def _from_database(place: Path, error: sqlite3.Error) -> LibraryError:
    code = getattr(error, "sqlite_errorname", "")
    if code == "SQLITE_FULL" or (code.startswith("SQLITE_IOERR") and _has_no_room(place)):
        return _full(place)
    if code.startswith("SQLITE_READONLY"):
        return read_only(place)
    if code.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        remedy = "try again in a minute, and look for a process that hangs"
        return BusyError(place, "another process keeps the library locked", remedy)
    if code.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        remedy = "restore it from a backup with `accord library restore`"
        return LibraryError(place, "the file is no library, or is damaged", remedy)
    remedy = "look at the folder, its permissions and its disk"
    return LibraryError(place, f"the library cannot be used ({error})", remedy)


def _from_system(place: Path, number: int | None, reason: str) -> LibraryError:
    if number in FULL:
        return _full(place)
    if number in READ_ONLY or reason == "Permission denied":
        return read_only(place)
    return LibraryError(place, f"the library cannot be used ({reason})", "look at the folder")


def _has_no_room(place: Path) -> bool:
    try:
        return shutil.disk_usage(place).free < LEAST_ROOM
    except OSError:
        return False


def _full(place: Path) -> FullError:
    remedy = "nothing was changed; free space there and try again"
    return FullError(place, "the disk of the library is full", remedy)


def read_only(place: Path) -> ReadOnlyError:
    """Return the error of a library that may be read and not written."""
    remedy = "nothing was changed; give this user the right to write there, or name another folder"
    return ReadOnlyError(place, "the library may be read and not written", remedy)
