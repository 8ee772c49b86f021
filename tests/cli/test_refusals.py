"""The command line refuses before it works: every wrong option, and what it may not write."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from accord.assessment import assess
from accord.cli.main import app
from accord.deal.template import new_deal_template

ACCORD = [sys.executable, "-c", "from accord.cli.main import main; main()"]
FULL = Path("/dev/full")


@pytest.fixture
def run(tmp_path, monkeypatch):
    """A way to run the command line in an empty folder, where nothing may be solved."""

    def forbidden(*_, **__):
        raise AssertionError("something was solved")

    monkeypatch.setattr(assess, "assess", forbidden)
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: CliRunner().invoke(app, list(arguments))


@pytest.fixture
def deal(tmp_path):
    """A deal file of one's own, its suffix lost."""
    path = tmp_path / "my-deal"
    path.write_text(new_deal_template("my-deal"))
    return path


def test_every_wrong_option_is_told_at_once(run):
    done = run(
        *("assess", "us-korea-2025", "--closure", "fix", "--labour", "rigid", "--table", "foo"),
        *("--format", "cvs", "--scale-strength", "99", "--elasticities", "fontange"),
    )
    assert done.exit_code == 2
    assert done.stderr.startswith("accord: 6 problems in the command:")
    for option in ("closure", "labour", "table", "format", "scale-strength", "elasticities"):
        assert f"--{option}: " in done.stderr
    for close in ("fixed", "csv", "fontagne"):
        assert f"Did you mean {close}?" in done.stderr
    done = run("brief", "us-korea-2025", "--date", "tomorrow", "--competition", "monopoly")
    assert done.stderr.startswith("accord: 2 problems in the command:")


def test_an_unknown_package_is_told_before_any_solve(run):
    done = run("assess", "us-korea-2025", "--package", "singed")
    assert done.exit_code == 2
    assert "Did you mean signed" in done.stderr


@pytest.mark.parametrize("link", [False, True])
@pytest.mark.parametrize("words", [("brief",), ("assess", "--format", "json")])
def test_the_deal_file_is_never_its_own_output(run, deal, words, link):
    output = deal
    if link:
        output = deal.with_name("page.html" if words[0] == "brief" else "page.json")
        output.symlink_to(deal)
    held = deal.read_text()
    done = run(words[0], "my-deal", *words[1:], "--output", output.name)
    assert done.exit_code == 2
    assert "it is the deal file" in done.stderr
    assert deal.read_text() == held


@pytest.mark.parametrize(
    "words",
    [
        ("brief", "us-korea-2025"),
        ("assess", "us-korea-2025", "--format", "csv", "--table", "welfare"),
        ("schema",),
        ("new", "other"),
    ],
)
def test_no_deal_file_is_replaced_by_a_result(run, deal, words):
    other = deal.rename(deal.with_suffix(".toml"))
    held = other.read_text()
    done = run(*words, "--output", other.name)
    assert done.exit_code == 2
    assert other.read_text() == held
    assert [path.name for path in deal.parent.iterdir()] == ["my-deal.toml"]


def test_a_folder_that_is_not_there_is_told_before_any_solve(run):
    for words, page in ((("brief",), "page.html"), (("assess", "--format", "json"), "page.json")):
        done = run(words[0], "us-korea-2025", *words[1:], "--output", f"none/{page}")
        assert done.exit_code == 2
        assert "No such file or directory" in done.stderr


def test_a_pipe_is_not_replaced(run, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    done = run("brief", "us-korea-2025", "--output", "pipe")
    assert done.exit_code == 2
    assert "not a regular file" in done.stderr
    assert (tmp_path / "pipe").is_fifo()


def test_what_goes_to_standard_output_is_only_the_result():
    done = subprocess.run(
        [*ACCORD, "schema", "--output", "/dev/stdout"], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("{")
    assert done.stdout.endswith("}\n")
    assert done.stderr == "/dev/stdout\n"


@pytest.mark.parametrize("command", ["--help", "cases", "schema", "world"])
@pytest.mark.skipif(not FULL.exists(), reason="this system has no /dev/full")
def test_a_full_standard_output_is_a_message_and_not_our_fault(command):
    with FULL.open("wb") as stream:
        done = subprocess.run(
            [*ACCORD, command], stdout=stream, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.returncode == 2
    assert done.stderr.startswith("accord: cannot write to standard output: No space left")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("command", ["--help", "cases", "schema", "world"])
def test_a_closed_pipe_ends_quietly(command):
    read, write = os.pipe()
    os.close(read)
    try:
        done = subprocess.run(
            [*ACCORD, command], stdout=write, stderr=subprocess.PIPE, text=True, check=False
        )
    finally:
        os.close(write)
    assert done.stderr == ""
    assert done.returncode == 141


def test_tariffs_without_a_history_says_so(run, deal):
    done = run("tariffs", deal.name)
    assert done.exit_code == 0
    assert "no [[history]]" in done.output
