"""Migrations: a library of every older version is moved forward, once, with what it holds."""

import re
import sqlite3
import threading

import pytest

from accord.library.database import Database, read_migrations, split_statements
from accord.library.errors import LibraryError
from accord.library.library import DATABASE
from accord.library.opening import open_library
from tests.library.contents import NOON, find_faults, make_content

NAMES = ("library", "enquiries")


def shape(path):
    """Return the tables of a file with their columns, and its indexes."""
    connection = sqlite3.connect(path)
    names = connection.execute("SELECT type, name FROM sqlite_schema ORDER BY 1, 2").fetchall()
    columns = {
        name: sorted(row[1] for row in connection.execute(f"PRAGMA table_info({name})"))
        for kind, name in names
        if kind == "table"
    }
    connection.close()
    return names, columns


@pytest.mark.parametrize("name", NAMES)
def test_a_file_of_every_version_becomes_one_of_the_last(tmp_path, name):
    migrations = read_migrations(name)
    new = Database(tmp_path / "new.db", migrations)
    new.prepare()
    for version in range(len(migrations) + 1):
        path = tmp_path / f"{version}.db"
        Database(path, migrations[:version]).prepare()
        Database(path, migrations).prepare()
        Database(path, migrations).prepare()
        assert shape(path) == shape(new.path), version


def test_what_a_library_of_version_1_holds_is_kept(tmp_path):
    folder = tmp_path / "library"
    folder.mkdir()
    Database(folder / DATABASE, read_migrations("library")[:1]).prepare()
    content = make_content("old")
    connection = sqlite3.connect(folder / DATABASE)
    with connection:
        connection.execute("INSERT INTO briefing (id, slug, latest) VALUES (7, 'old', 1)")
        connection.execute(
            "INSERT INTO version (id, briefing_id, number, published_at, author, shipped, content) "
            "VALUES (3, 7, 1, ?, 'Ann', 0, ?)",
            (NOON.isoformat(), content.model_dump_json()),
        )
        connection.execute("INSERT INTO tag (version_id, place, name) VALUES (3, 0, 'ships')")
        connection.execute(
            "INSERT INTO search (rowid, title, summary, author, tags, body) "
            "VALUES (7, 'Both', '', '', '', 'ships')"
        )
    connection.close()
    library = open_library(folder, shipped=False)
    (listing,) = library.find("ships", tag="ships").listings
    assert (listing.author, listing.content, listing.withdrawn_for) == ("Ann", content, "")
    assert library.withdraw("old", "why").withdrawn_for == "why"
    assert find_faults(library) == []


def test_a_file_of_a_newer_version_is_refused_and_stays_as_it_is(tmp_path):
    migrations = read_migrations("library")
    path = tmp_path / DATABASE
    Database(path, (*migrations, "CREATE TABLE later (id INTEGER);\n")).prepare()
    before = shape(path)
    with pytest.raises(LibraryError, match=r"update Accord|Update Accord"):
        open_library(tmp_path)
    assert shape(path) == before


def test_a_migration_that_fails_changes_nothing(tmp_path):
    path = tmp_path / "some.db"
    first = "CREATE TABLE first (id INTEGER);\n"
    Database(path, (first,)).prepare()
    before = shape(path)
    with pytest.raises(LibraryError):
        Database(path, (first, "CREATE TABLE second (id INTEGER);\nNOT SQL;\n")).prepare()
    assert shape(path) == before


def test_threads_that_make_a_file_at_once_make_one(tmp_path):
    migrations = read_migrations("library")
    errors = []

    def prepare():
        try:
            Database(tmp_path / "some.db", migrations).prepare()
        except LibraryError as error:
            errors.append(error)

    threads = [threading.Thread(target=prepare) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    connection = sqlite3.connect(tmp_path / "some.db")
    assert connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    assert connection.execute("PRAGMA user_version").fetchone()[0] == len(migrations)
    connection.close()


@pytest.mark.parametrize("name", NAMES)
def test_no_statement_of_a_migration_is_lost(name):
    for script in read_migrations(name):
        statements = split_statements(script)
        assert "".join(script.split()) == "".join("".join(statements).split())
        assert len(statements) == len(re.findall(r";$", script, re.MULTILINE))
