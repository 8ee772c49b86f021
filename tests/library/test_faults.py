"""A full disk, a folder that may only be read, a damaged file: told with a remedy, nothing lost."""

import errno
import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from accord.core.errors import OutputError
from accord.library.database import Database
from accord.library.enquiries import open_enquiries
from accord.library.errors import BusyError, FullError, LibraryError, ReadOnlyError, told
from accord.library.library import Library
from accord.library.opening import open_library
from tests.library.contents import FILES, find_faults, make_content

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def library(tmp_path):
    library = open_library(tmp_path / "library", shipped=False)
    library.add(make_content("a"), FILES)
    return library


def test_a_disk_that_is_full_for_files_is_told_and_nothing_changes(library, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("accord.core.files.os.fsync", full)
    with pytest.raises(FullError, match=r"full\. Nothing was changed; free space"):
        library.add(make_content("b"), {"html": b"more"})
    monkeypatch.undo()
    assert library.find("ships").total == 1
    library.collect_strays()
    assert find_faults(library) == []


def test_a_disk_that_is_full_for_the_database_is_told_and_nothing_changes(library, monkeypatch):
    connect = sqlite3.connect

    def small(*arguments, **options):
        connection = connect(*arguments, **options)
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages}")
        return connection

    monkeypatch.setattr("accord.library.database.sqlite3.connect", small)
    with pytest.raises(FullError):
        library.add(make_content("b", body="long " * 100_000), {"html": b"more"})
    monkeypatch.undo()
    assert library.find("ships").total == 1
    assert library.collect_strays() == 1
    assert find_faults(library) == []
    library.add(make_content("b"), {"html": b"more"})


AS_PROBE = """
import os, sys
if os.geteuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
sys.exit(not all(os.access(place, os.R_OK | os.X_OK) for place in sys.argv[1:]))
"""
AS_READER = """
import json, os, sys
import accord.library.publish, accord.library.shipped_cases
from accord.library.opening import open_library
from accord.library.errors import LibraryError
from tests.library.contents import make_content
if os.geteuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
library = open_library(sys.argv[1], shipped=False)
told = []
for work in (
    lambda: library.add(make_content("b"), {"html": b"more"}),
    lambda: library.withdraw("a"),
    library.check_writable,
):
    try:
        work()
    except LibraryError as error:
        told.append([type(error).__name__, str(error)])
listing = library.get("a")
print(json.dumps([told, library.find("ships").total, library.read_file(listing, "json").decode()]))
"""


@pytest.fixture
def no_room(monkeypatch, library):
    """A disk on which SQLite has no room for the file that readers share with writers."""

    class Short(sqlite3.Connection):
        def execute(self, *_):
            error = sqlite3.OperationalError("disk I/O error")
            error.sqlite_errorname = "SQLITE_IOERR_SHMSIZE"
            raise error

    connect: Any = sqlite3.connect

    def short(place, *, uri=False, **given):
        return connect(place, uri=uri, **given, **({} if uri else {"factory": Short}))

    monkeypatch.setattr("accord.library.database.sqlite3.connect", short)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=0))
    return library.folder


def test_a_library_on_a_full_disk_is_opened_and_read(no_room):
    library = open_library(no_room)
    assert library.find("ships").total == 1
    assert library.read_file(library.get("a"), "json") == b"{}"
    for write in (
        lambda: library.add(make_content("b"), {"html": b"more"}),
        lambda: library.withdraw("a"),
        library.check_writable,
    ):
        with pytest.raises(FullError, match="the disk of the library is full"):
            write()


@pytest.mark.usefixtures("no_room")
def test_a_disk_with_room_that_cannot_be_written_is_not_called_full(library, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=10**9))
    with pytest.raises(LibraryError, match="disk I/O error") as raised:
        library.check_writable()
    assert not isinstance(raised.value, FullError)


@pytest.fixture
def read_only(library):
    """The folder of a library without the right to write, which another user can reach."""
    paths = [library.folder, *library.folder.rglob("*")]
    for path in paths:
        path.chmod(0o555 if path.is_dir() else 0o444)
    for parent in library.folder.parents:
        if parent == Path(tempfile.gettempdir()):
            break
        parent.chmod(parent.stat().st_mode | stat.S_IXOTH | stat.S_IROTH)
    yield library.folder
    for path in paths:
        path.chmod(0o755 if path.is_dir() else 0o644)


def test_a_library_that_may_only_be_read_is_read_and_says_so_when_written(read_only):
    places = [str(ROOT), sys.prefix, str(read_only)]
    probe = subprocess.run([sys.executable, "-c", AS_PROBE, *places], check=False)
    if probe.returncode != 0:
        pytest.skip("another user may not read the program itself here")
    command = [sys.executable, "-c", AS_READER, str(read_only)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("ReadOnlyError") == 3
    assert "the library may be read and not written. Nothing was changed; give" in done.stdout
    assert done.stdout.endswith('1, "{}"]\n')


def test_an_empty_file_that_a_full_disk_left_is_no_older_version(tmp_path, monkeypatch):
    (tmp_path / "enquiries.db").touch()
    monkeypatch.setattr(Database, "is_read_only", True)
    with pytest.raises(ReadOnlyError):
        open_enquiries(tmp_path)


def test_a_folder_where_none_can_be_made_says_so(tmp_path, monkeypatch):
    def refused(*_, **__):
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(Path, "mkdir", refused)
    with pytest.raises(ReadOnlyError, match="name another folder"):
        open_library(tmp_path / "library", shipped=False)


def test_a_folder_with_other_files_is_no_library_and_stays_as_it_is(tmp_path):
    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(LibraryError, match="other files"):
        open_library(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_a_damaged_database_is_told_with_a_remedy(library):
    path = library.database.path
    for name in ("-wal", "-shm"):
        Path(f"{path}{name}").unlink(missing_ok=True)
    path.write_bytes(b"no database" * 1000)
    with pytest.raises(LibraryError, match=r"damaged\. Restore it from a backup"):
        open_library(library.folder)


def test_a_file_that_is_damaged_or_gone_is_never_given_out(library):
    listing = library.get("a")
    path = library.files.folder / listing.files[0].name
    path.write_bytes(b"other")
    with pytest.raises(LibraryError, match=r"missing or damaged\. Restore"):
        library.read_file(listing, "html")
    path.unlink()
    with pytest.raises(LibraryError, match="missing or damaged"):
        library.read_file(listing, "html")
    library.add(make_content("a"), FILES)
    assert library.read_file(library.get("a"), "html") == FILES["html"]


def test_a_lock_that_is_held_is_told(library, monkeypatch):
    monkeypatch.setattr("accord.library.library.SHORT_WAIT", 0.01)
    with library.database.write():
        with pytest.raises(BusyError, match=r"locked\. Try again"), library.database.write(0.01):
            pass
        assert library.find("ships").total == 1  # who reads does not wait


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (OSError(errno.ENOSPC, "full"), FullError),
        (OSError(errno.EDQUOT, "quota"), FullError),
        (OSError(errno.EACCES, "no"), ReadOnlyError),
        (OSError(errno.EROFS, "no"), ReadOnlyError),
        (OSError(errno.EIO, "broken"), LibraryError),
        (OutputError("x", "Permission denied"), ReadOnlyError),
        (OutputError("x", "it is not a regular file"), LibraryError),
    ],
)
def test_every_error_of_the_system_has_a_remedy(tmp_path, error, kind):
    with pytest.raises(kind) as caught, told(tmp_path):
        raise error
    assert caught.value.remedy
    assert str(tmp_path) in str(caught.value)


def test_a_library_is_named_by_its_folder(library):
    assert isinstance(library, Library)
    assert str(library.folder) in repr(library)
    with pytest.raises(LibraryError, match="no library in this folder"):
        open_library(library.folder / "none", create=False)


def test_enquiries_of_a_full_disk_are_told(library, monkeypatch):
    book = open_enquiries(library.folder)
    connect = sqlite3.connect

    def small(*arguments, **options):
        connection = connect(*arguments, **options)
        connection.execute("PRAGMA max_page_count = 1")
        return connection

    monkeypatch.setattr("accord.library.database.sqlite3.connect", small)
    form = {"name": "A", "address": "a@example.org", "question": "why " * 999, "consent": "yes"}
    with pytest.raises(FullError):
        book.add(form, briefing="a", client="1")
    monkeypatch.undo()
    assert book.list() == ()
