"""`accord publish`, `accord library` and `accord enquiries`, as they are typed."""

import json
import re

import pytest
from typer.testing import CliRunner

from accord.cases.shipped import case_names
from accord.cli.main import app
from accord.library.enquiries import open_enquiries
from accord.library.opening import open_library
from tests.deal.examples import DEAL
from tests.library.contents import FILES, make_content

FORM = {"name": "Ann", "address": "a@example.org", "question": "Why\nis it so?", "consent": "yes"}


def run(*words):
    done = CliRunner().invoke(app, [str(word) for word in words])
    return done.exit_code, done.output


@pytest.fixture
def folder(tmp_path):
    library = open_library(tmp_path / "library", shipped=False)
    library.add(make_content("a-deal"), FILES, author="Ann", tags=["=1+1"])
    return library.folder


def test_a_deal_is_published_and_listed(tmp_path):
    (tmp_path / "mine.toml").write_text(DEAL, encoding="utf-8")
    where = tmp_path / "library"
    words = ["publish", tmp_path / "mine.toml", "--to", where, "--author", "Ann", "--tag", "ships"]
    code, output = run(*words, "--draws", 8, "--paths", 8, "--date", "2026-11-24")
    assert code == 0, output
    assert "formats: html, pdf, md, docx, xlsx, json, png" in output
    code, output = run("library", "list", "ships", "--library", where, "--format", "json")
    (row,) = json.loads(output)["briefings"]
    assert (code, row["author"], row["files"], row["version"]) == (0, "Ann", 7, 1)
    code, output = run("library", "list", "--library", where, "--format", "json")
    assert len(json.loads(output)["briefings"]) == 1 + len(case_names())


def test_a_backup_is_put_back(folder, tmp_path):
    code, output = run("library", "backup", "--library", folder, "--output", tmp_path / "b.zip")
    assert (code, output.strip()) == (0, str(tmp_path / "b.zip"))
    code, output = run("library", "restore", tmp_path / "b.zip", "--library", tmp_path / "again")
    assert code == 0, output
    assert open_library(tmp_path / "again").get("a-deal").author == "Ann"
    code, output = run("library", "restore", tmp_path / "b.zip", "--library", folder)
    assert code == 2
    assert "not empty" in output


def test_a_briefing_is_withdrawn_and_put_back(folder):
    assert run("library", "withdraw", "a-deal", "--library", folder, "--reason", "A slip")[0] == 0
    assert open_library(folder).get("a-deal").withdrawn_for == "A slip"
    assert "withdrawn" in run("library", "list", "--library", folder, "--format", "csv")[1]
    assert run("library", "withdraw", "a-deal", "--library", folder, "--undo")[0] == 0
    assert open_library(folder).get("a-deal").withdrawn_at is None
    code, output = run("library", "withdraw", "a-dale", "--library", folder)
    assert code == 2
    assert "Did you mean a-deal?" in output


def test_enquiries_are_listed_exported_and_deleted(folder, tmp_path):
    book = open_enquiries(folder)
    number = book.add(FORM, briefing="a-deal", client="1").number
    code, output = run("enquiries", "list", "--library", folder)
    assert code == 0
    assert "Why is it so?" in output
    path = tmp_path / "asked.json"
    assert run("enquiries", "export", "--library", folder, "--output", path)[0] == 0
    (row,) = json.loads(path.read_text(encoding="utf-8"))["enquiries"]
    assert (row["question"], row["address"]) == (FORM["question"], FORM["address"])
    assert json.loads(run("enquiries", "export", "--library", folder)[1])["enquiries"] == [row]
    assert run("enquiries", "delete", number, "--library", folder)[0] == 0
    assert book.list() == ()
    assert run("enquiries", "delete", number, "--library", folder)[0] == 2


def test_what_readers_wrote_moves_no_terminal_and_is_no_formula(folder, tmp_path):
    hostile = {**FORM, "name": "=cmd|'x'", "question": "\x1b]0;title\x07 and \u202e more of it"}
    open_enquiries(folder).add(hostile, briefing="a-deal", client="1")
    for words in (("list",), ("export",), ("export", "--format", "csv")):
        code, output = run("enquiries", *words, "--library", folder)
        assert code == 0
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", output)
    import openpyxl

    run("enquiries", "list", "--library", folder, "--output", tmp_path / "asked.xlsx", "-f", "xlsx")
    cell = openpyxl.load_workbook(tmp_path / "asked.xlsx")["enquiries"]["D2"]
    assert (cell.value, cell.data_type) == ("=cmd|'x'", "s")


def test_what_is_wrong_is_told_before_anything_is_solved(tmp_path, folder):
    code, output = run("publish", "us-korea-2025", "--to", folder, "--tag", "a" * 41, "--date", "x")
    assert code == 2
    assert "2 problems" in output
    (tmp_path / "letter.txt").touch()
    code, output = run("publish", "us-korea-2025", "--to", tmp_path)
    assert code == 2
    assert "other files" in output
    code, output = run("library", "list", "--library", tmp_path / "none")
    assert code == 2
    assert "accord publish CASE --to FOLDER" in output
    assert not (tmp_path / "none").exists()


def test_the_library_of_the_environment_is_the_one_meant(folder, monkeypatch):
    monkeypatch.setenv("ACCORD_LIBRARY", str(folder))
    assert "a-deal" in run("library", "list")[1]
