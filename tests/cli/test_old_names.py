"""Commands and options under their old names: they work for one version more, and say so."""

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from accord.cli.main import app
from accord.cli.options import read_timeline

NO_ZONE = str(Path(__file__).resolve().parents[1] / "cases" / "no-zone.toml")
COMMANDS = typer.main.get_command(app).commands  # type: ignore[attr-defined]
WITH_TIMELINE = sorted(
    name
    for name, command in COMMANDS.items()
    if any("--timeline" in parameter.opts for parameter in command.params)
)

ARGUMENTS = {"explain": ("payoff", "KOR")}


def run(*words: str):
    return CliRunner().invoke(app, list(words))


def notices(done) -> list[str]:
    return [line for line in done.stderr.splitlines() if "will be dropped" in line]


def test_stress_is_external_and_says_so():
    words = (NO_ZONE, "--paths", "50", "--table", "floors")
    new, old = run("external", *words), run("stress", *words)
    assert new.exit_code == old.exit_code == 0, old.output
    assert new.stdout == old.stdout
    assert notices(new) == []
    (notice,) = notices(old)
    assert "`accord external`" in notice


def test_stress_takes_every_option_of_external():
    options = [
        [parameter.opts for parameter in COMMANDS[name].params] for name in ("external", "stress")
    ]
    assert options[0] == options[1]
    assert run("stress", NO_ZONE, "--package", "nope").exit_code == 2


def test_old_names_are_in_no_help():
    assert "stress" not in run("--help").output
    for name in WITH_TIMELINE:
        assert "--reading" not in run(name, "--help").output


def test_several_commands_have_a_timeline():
    assert len(WITH_TIMELINE) > 2


@pytest.mark.parametrize("name", WITH_TIMELINE)
def test_reading_is_timeline_wherever_there_is_one_and_says_so(name):
    words = (name, NO_ZONE, *ARGUMENTS.get(name, ()))
    new, old = (run(*words, option, "nope") for option in ("--timeline", "--reading"))
    assert new.exit_code == old.exit_code == 2
    (notice,) = notices(old)
    assert "--timeline" in notice
    told = [line for line in old.stderr.splitlines() if line != notice]
    assert told == new.stderr.splitlines()
    assert any("'nope' is not known" in line for line in told)


@pytest.mark.parametrize(
    ("timeline", "old", "chosen"),
    [(None, None, "dated"), (None, "frozen", "frozen"), ("frozen", None, "frozen"),
     ("frozen", "dated", "frozen")],
)  # fmt: skip
def test_reading_chooses_the_tariffs_unless_timeline_does(timeline, old, chosen, capsys):
    assert read_timeline(timeline, old) == (chosen, [])
    assert ("will be dropped" in capsys.readouterr().err) == (old is not None)
