"""Progress where there is no terminal: a line every few seconds on standard error, for a log."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from accord.cli import progress
from accord.cli.main import app

NO_ZONE = str(Path(__file__).resolve().parents[1] / "cases" / "no-zone.toml")
LINE = re.compile(r"accord: .+: \d+ of \d+")


@pytest.fixture
def clock(monkeypatch):
    """A clock that stands still until it is moved."""
    now = [100.0]
    monkeypatch.setattr("accord.cli.progress.time.monotonic", lambda: now[0])
    return now


def test_a_line_comes_every_few_seconds_and_no_sooner(clock, capsys):
    with progress.show_progress() as tell:
        for step in range(40):
            clock[0] += 1.0
            tell("mixtures of elasticities", step, 40)
    printed = capsys.readouterr()
    assert printed.out == ""
    lines = printed.err.splitlines()
    assert [line.rpartition(": ")[2] for line in lines] == [
        f"{done} of 40" for done in range(int(progress.SECONDS), 41, int(progress.SECONDS))
    ]
    assert all(line.startswith("accord: mixtures of elasticities: ") for line in lines)


def test_work_that_is_soon_done_says_nothing(clock, capsys):
    with progress.show_progress() as tell:
        for step in range(1000):
            clock[0] += 0.9 * progress.SECONDS / 1000
            tell("years", step, 1000)
    assert capsys.readouterr().err == ""


def test_what_is_named_in_a_line_cannot_steer_a_terminal(clock, capsys):
    with progress.show_progress() as tell:
        clock[0] += 2 * progress.SECONDS
        tell("package \x1b[2J\x07one", 0, 1)
    assert not set("\x1b\x07") & set(capsys.readouterr().err)


def test_a_long_command_tells_how_far_it_is_and_prints_the_same(monkeypatch):
    """Standard output, which another program reads, holds the result and nothing else."""
    words = ["compare", NO_ZONE, "--draws", "0", "--format", "json"]
    quiet = CliRunner().invoke(app, words)
    assert quiet.exit_code == 0, quiet.output
    monkeypatch.setattr(progress, "SECONDS", 0.0)
    told = CliRunner().invoke(app, words)
    assert told.exit_code == 0, told.output
    assert told.stdout == quiet.stdout
    lines = told.stderr.splitlines()
    assert len(lines) > 1
    assert all(LINE.fullmatch(line) for line in lines), lines
