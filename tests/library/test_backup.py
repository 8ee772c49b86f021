"""A backup is a whole library in one file; only a whole one is put back."""

import zipfile

import pytest

from accord.core.errors import InputError, OutputError
from accord.library.backup import back_up, restore
from accord.library.enquiries import ENQUIRIES, open_enquiries
from accord.library.errors import LibraryError
from accord.library.library import DATABASE
from accord.library.opening import open_library
from tests.library.contents import FILES, find_faults, make_content

FORM = {"name": "A", "address": "a@example.org", "question": "Why is it so?", "consent": "yes"}


@pytest.fixture
def library(tmp_path):
    library = open_library(tmp_path / "library", shipped=False)
    library.add(make_content("a"), FILES, author="Ann", tags=["x"])
    library.add(make_content("a", title="Later"), {"html": b"later"})
    library.add(make_content("b"), FILES)
    library.withdraw("b", "An error")
    open_enquiries(library.folder).add(FORM, briefing="a", client="1")
    return library


@pytest.fixture
def saved(library, tmp_path):
    return back_up(library, tmp_path / "library.zip")


def entries(library):
    return [
        library.get(listing.slug, number)
        for listing in library.find(withdrawn=True, count=99).listings
        for number, _ in library.versions(listing.slug)
    ]


def test_what_is_put_back_is_what_was_there(library, saved, tmp_path):
    restore(saved, tmp_path / "again")
    again = open_library(tmp_path / "again", shipped=False)
    assert entries(again) == entries(library)
    assert find_faults(again) == []
    assert again.find("ships").total == 1


def test_questions_of_readers_go_along_only_when_asked(library, saved, tmp_path):
    assert ENQUIRIES not in zipfile.ZipFile(saved).namelist()
    restore(saved, tmp_path / "without")
    assert open_enquiries(tmp_path / "without").list() == ()
    restore(back_up(library, tmp_path / "all.zip", enquiries=True), tmp_path / "with")
    assert open_enquiries(tmp_path / "with").list()[0].question == FORM["question"]


def test_a_library_is_saved_while_somebody_publishes(library, tmp_path):
    with library.database.write() as connection:
        connection.execute("UPDATE briefing SET latest = 1")
        saved = back_up(library, tmp_path / "during.zip")
    restore(saved, tmp_path / "again")
    assert open_library(tmp_path / "again", shipped=False).get("a").number == 2
    assert library.get("a").number == 1


def test_nothing_is_put_over_what_is_there(library, saved, tmp_path):
    with pytest.raises(LibraryError, match="not empty"):
        restore(saved, library.folder)
    assert find_faults(library) == []
    empty = tmp_path / "empty"
    empty.mkdir()
    assert restore(saved, empty) == empty


def rewrite(saved, change):
    """Write an archive anew with other members."""
    with zipfile.ZipFile(saved) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    changed = change(members)
    with zipfile.ZipFile(saved, "w") as archive:
        for name, content in changed.items():
            archive.writestr(name, content)


def first_file(members):
    return next(name for name in members if name.startswith("files/"))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda m: {**m, "../evil": b""}, "which no backup does"),
        (lambda m: {**m, "/etc/evil": b""}, "which no backup does"),
        (lambda m: {**m, "files/evil.html": b""}, "which no backup does"),
        (lambda m: {**m, "files/../x.db": b""}, "which no backup does"),
        (lambda m: {**m, first_file(m): b"other"}, "is damaged"),
        (lambda m: {k: v for k, v in m.items() if k != first_file(m)}, "files are missing"),
        (lambda m: {k: v for k, v in m.items() if k != DATABASE}, "no backup of a library"),
        (lambda m: {**m, DATABASE: b"no database" * 99}, "database is damaged"),
        (lambda m: {**m, DATABASE: m[DATABASE][:8192]}, "damaged"),
    ],
)
def test_what_is_no_whole_backup_is_refused_and_leaves_nothing(saved, tmp_path, change, told):
    rewrite(saved, change)
    before = {path.name for path in tmp_path.iterdir()}
    with pytest.raises(InputError, match=told):
        restore(saved, tmp_path / "again")
    assert {path.name for path in tmp_path.iterdir()} == before


def test_a_file_that_is_no_archive_or_not_there_is_refused(tmp_path):
    (tmp_path / "some.zip").write_bytes(b"PK\x03\x04 no archive")
    for name in ("some.zip", "none.zip"):
        with pytest.raises(InputError, match="Give a file that `accord library backup` wrote"):
            restore(tmp_path / name, tmp_path / "again")
    assert not (tmp_path / "again").exists()


def test_an_archive_whose_bytes_do_not_unpack_is_refused(saved, tmp_path):
    with zipfile.ZipFile(saved) as archive:
        first = max(archive.infolist(), key=lambda member: member.compress_size)
    content = bytearray(saved.read_bytes())
    start = first.header_offset + 30 + len(first.filename)
    content[start : start + 40] = b"\xff" * 40
    saved.write_bytes(content)
    with pytest.raises(InputError, match="is no backup, or is damaged"):
        restore(saved, tmp_path / "again")


def test_a_backup_that_fails_leaves_the_old_one(library, saved, monkeypatch):
    old = saved.read_bytes()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("accord.core.files.os.fsync", full)
    with pytest.raises(OutputError, match="No space left"):
        back_up(library, saved)
    monkeypatch.undo()
    assert saved.read_bytes() == old
    (library.files.folder / library.get("a").files[0].name).unlink()
    with pytest.raises(LibraryError, match="missing or damaged"):
        back_up(library, saved)
    assert saved.read_bytes() == old
