"""Nothing in a deal moves a terminal, and no terminal ends a command."""

import json
import os
import re
import subprocess
import sys

import openpyxl
import pytest
from typer.testing import CliRunner

from accord.cli.formats import BINARY, FORMATS, ResultTable, render_tables
from accord.cli.main import app
from accord.deal.template import new_deal_template

ACCORD = [sys.executable, "-c", "from accord.cli.main import main; main()"]
OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@pytest.mark.parametrize("command", ["check", "tariffs"])
def test_titles_cannot_move_the_terminal(tmp_path, monkeypatch, command):
    monkeypatch.chdir(tmp_path)
    text = new_deal_template("mine").replace("an example to edit", "\\u001b[31m\\u0007\\u202Efake")
    text = text.replace("15 % all in on every", "\\u001b]0;title\\u0007 \\u2066 on every")
    (tmp_path / "mine.toml").write_text(text)
    done = CliRunner().invoke(app, [command, "mine.toml"])
    assert done.exit_code == 0, done.output
    assert not OBEYED.search(done.output)


def test_a_message_cannot_move_the_terminal(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = new_deal_template("mine").replace('"USA", "KOR"', '"USA", "\\u001b[31mKOR"')
    (tmp_path / "mine.toml").write_text(text)
    done = CliRunner().invoke(app, ["check", "mine.toml"])
    assert done.exit_code == 2
    assert not OBEYED.search(done.output)


@pytest.mark.parametrize("encoding", ["cp949", "ascii", "latin-1", "utf-8"])
@pytest.mark.parametrize("words", [("cases",), ("world",), ("check", "us-korea-2025"), ("--help",)])
def test_no_encoding_ends_a_command(encoding, words):
    done = subprocess.run(
        [*ACCORD, *words], capture_output=True, env={**os.environ, "PYTHONIOENCODING": encoding},
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout
    assert b"Traceback" not in done.stderr


def test_every_format_holds_the_same_cells_and_no_formula(tmp_path):
    rows = [["=1+1", "1.5"], ["a|b\x1b", "2.5"]]
    table = ResultTable("mine", "A table", ["name", "value"], rows, 1)
    for form in FORMATS[1:]:
        content = render_tables([table], form)
        assert content == render_tables([table], form)
        assert form in BINARY or not OBEYED.search(content.decode("utf-8"))
    assert json.loads(render_tables([table], "json"))["mine"][0] == {"name": "=1+1", "value": "1.5"}
    (tmp_path / "mine.xlsx").write_bytes(render_tables([table], "xlsx"))
    cell = openpyxl.load_workbook(tmp_path / "mine.xlsx")["mine"]["A2"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")
    assert rb"a\|b" in render_tables([table], "md")


def test_a_case_is_copied_and_never_over_a_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run = CliRunner().invoke
    shown = run(app, ["cases", "show", "us-korea-2025"]).output
    assert run(app, ["cases", "copy", "us-korea-2025"]).exit_code == 0
    assert (tmp_path / "us-korea-2025.toml").read_text() == shown
    assert (tmp_path / "deal.schema.json").exists()
    assert run(app, ["check", "us-korea-2025.toml"]).exit_code == 0
    assert run(app, ["cases", "copy", "us-korea-2025"]).exit_code == 2
    assert "Did you mean us-korea-2025" in run(app, ["cases", "show", "us-korea"]).output
