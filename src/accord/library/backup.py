"""A library as one file, and back."""

import hashlib
import re
import shutil
import sqlite3
import tempfile
import zipfile
import zlib
from pathlib import Path
from typing import IO

from accord.core.errors import InputError, Problem
from accord.core.files import write_atomically
from accord.library.database import Database, read_migrations
from accord.library.enquiries import ENQUIRIES
from accord.library.errors import LibraryError, told
from accord.library.files import StoredFile
from accord.library.library import DATABASE, Library

NAME = re.compile(r"files/([0-9a-f]{64})\.([a-z]{2,8})")
MOST_MEMBERS = 200_000
MOST_BYTES = 20 * 1024**3
PIECE = 1 << 20


def back_up(library: Library, path: Path | str, *, enquiries: bool = False) -> Path:
    """Return the path after writing a library to one file, as it is at this moment.

    Args:
        library: The library; it may be used meanwhile.
        path: The file, a zip archive.
        enquiries: Whether the questions of readers, which are personal data, go along.

    Raises:
        OutputError: The file cannot be written; an older one is intact.
        LibraryError: The library cannot be read, or a file of it is missing.
    """

    def fill(stream: IO[bytes]) -> None:
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(DATABASE, _copy(library.database.path))
            for stored in _stored(library):
                archive.writestr(f"files/{stored.name}", library.files.read(stored))
            asked = library.folder / ENQUIRIES
            if enquiries and asked.exists():
                archive.writestr(ENQUIRIES, _copy(asked))

    return write_atomically(path, fill)


def _copy(path: Path) -> bytes:
    """Return the content of a database as it is now, whoever writes to it."""
    with told(path.parent), tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / path.name
        source = sqlite3.connect(path)
        target = sqlite3.connect(copy)
        try:
            source.backup(target)
            target.execute("PRAGMA journal_mode = DELETE")
        finally:
            target.close()
            source.close()
        return copy.read_bytes()


def _stored(library: Library) -> list[StoredFile]:
    """Return every file once; files are only ever added, so none of a moment ago is gone."""
    with library.database.read() as connection:
        rows = connection.execute("SELECT DISTINCT format, sha256 FROM file ORDER BY sha256")
        return [StoredFile(row["format"], row["sha256"], 0) for row in rows]


def restore(path: Path | str, folder: Path | str) -> Path:
    """Return the folder after a library was put there from the file that `back_up` wrote.

    The folder must be empty or not exist. Every file is checked against its digest first.

    Raises:
        InputError: The file is no backup, or is damaged.
        LibraryError: There is something in the folder, or it cannot be written.
    """
    target = Path(folder)
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        remedy = "name a folder that does not exist, or move the old one away"
        raise LibraryError(target, "the folder is not empty", remedy)
    with told(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=".accord-restore-", dir=target.parent))
        try:
            _unpack(Path(path), work)
            if target.exists():
                target.rmdir()
            work.chmod(0o755)
            work.rename(target)
        finally:
            shutil.rmtree(work, ignore_errors=True)
    return target


def _unpack(path: Path, folder: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            _check_members(members)
            (folder / "files").mkdir()
            for member in members:
                _write_member(archive, member, folder)
        _check_database(folder)
    except FileNotFoundError as error:
        raise _refusal(path, "there is no such file") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError) as error:
        raise _refusal(path, f"is no backup, or is damaged ({error})") from error
    except ValueError as error:
        raise _refusal(path, str(error)) from error


def _check_members(members: list[zipfile.ZipInfo]) -> None:
    """Refuse names that no backup has: nothing is ever written outside the folder."""
    names = [member.filename for member in members]
    if len(members) > MOST_MEMBERS or sum(member.file_size for member in members) > MOST_BYTES:
        raise ValueError("is larger than a backup can be")
    if DATABASE not in names or len(set(names)) < len(names):
        raise ValueError("is no backup of a library")
    wrong = [
        name for name in names if name not in (DATABASE, ENQUIRIES) and not NAME.fullmatch(name)
    ]
    if wrong:
        raise ValueError(f"holds {wrong[0]!r:.80}, which no backup does")


def _write_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, folder: Path) -> None:
    digest, size = hashlib.sha256(), 0
    with archive.open(member) as source, (folder / member.filename).open("wb") as target:
        while piece := source.read(PIECE):
            size += len(piece)
            if size > member.file_size:
                raise ValueError("is larger than it says")
            digest.update(piece)
            target.write(piece)
    named = NAME.fullmatch(member.filename)
    if named and named[1] != digest.hexdigest():
        raise ValueError(f"its file {member.filename[6:18]}… is damaged")


def _check_database(folder: Path) -> None:
    """Refuse a database that is damaged, or that names files which are not there."""
    database = Database(folder / DATABASE, read_migrations("library"))
    connection = sqlite3.connect(database.path)
    try:
        if connection.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
            raise ValueError("its database is damaged")
        rows = connection.execute("SELECT DISTINCT format, sha256 FROM file").fetchall()
    except sqlite3.DatabaseError as error:
        raise ValueError(f"its database is damaged ({error})") from error
    finally:
        connection.close()
    missing = [
        row for row in rows if not (folder / "files" / StoredFile(row[0], row[1], 0).name).is_file()
    ]
    if missing:
        raise ValueError(f"{len(missing)} of its files are missing")


def _refusal(path: Path, reason: str) -> InputError:
    remedy = "Give a file that `accord library backup` wrote"
    return InputError([Problem(str(path), reason, remedy)], "the backup")
