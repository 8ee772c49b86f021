"""What holds for every format: the same bytes each time, chosen by name or by ending, quick."""

import datetime as dt
from functools import cache

import pytest
from typer.testing import CliRunner

from accord.briefing.brief import brief
from accord.briefing.render.formats import ENDINGS, FORMATS, choose_format
from accord.cli import formats as cli_formats
from accord.cli.choices import BRIEFING_FORMATS
from accord.cli.main import app
from accord.core.errors import InputError
from tests.golden.example import build_example
from tests.golden.shared import shared_briefing

pytestmark = pytest.mark.first

DATE = dt.date(2026, 11, 24)
LENGTHS = ("short", "full")


@cache
def two_alike(length):
    """Two briefings of the same inputs that share nothing."""
    return tuple(brief(build_example(), date=DATE, length=length) for _ in range(2))


@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("form", FORMATS)
def test_same_inputs_same_bytes(form, length):
    first, again = (briefing.render(form) for briefing in two_alike(length))
    assert first == again
    assert len(first) > 1000


@pytest.mark.parametrize("form", FORMATS)
def test_another_date_is_another_file_unless_it_is_a_picture(form):
    first, later = (shared_briefing(date=date).render(form) for date in (DATE, dt.date(2027, 1, 2)))
    assert (first == later) == (form == "png")


@pytest.mark.parametrize("form", FORMATS)
def test_the_ending_says_the_format(form, tmp_path):
    briefing = shared_briefing()
    for ending in ENDINGS[form]:
        path = briefing.save(tmp_path / f"briefing{ending}")
        assert path.read_bytes() == briefing.render(form)
        assert choose_format(None, f"BRIEFING{ending.upper()}") == form
    plain = briefing.save(tmp_path / "plain", format=form)
    assert plain.read_bytes() == briefing.render(form)


def test_an_ending_that_contradicts_the_format_is_refused(tmp_path):
    briefing = shared_briefing()
    with pytest.raises(InputError, match=r"Write page\.json"):
        briefing.save(tmp_path / "page.html", format="json")
    assert list(tmp_path.iterdir()) == []
    for ask in (
        lambda: briefing.save(tmp_path / "page.odt", format="odt"),
        lambda: briefing.render("odt"),
    ):
        with pytest.raises(InputError, match="Use one of html"):
            ask()


def test_the_command_knows_the_formats_and_their_endings():
    assert BRIEFING_FORMATS == FORMATS
    for name in FORMATS:
        assert set(ENDINGS[name]) == set(cli_formats.ENDINGS[name])


def test_the_command_refuses_a_conflict_before_any_work():
    for words in (["--format", "json", "--output", "page.html"], ["--output", "page.csv"]):
        done = CliRunner().invoke(app, ["brief", "us-korea-2025", *words])
        assert done.exit_code == 2
        assert "--output" in done.stderr


def test_the_command_writes_each_format_from_a_saved_assessment(saved, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in FORMATS:
        done = CliRunner().invoke(
            app, ["brief", str(saved), "--format", name, "--date", "2026-11-24"]
        )
        assert done.exit_code == 0, done.stderr
        path = tmp_path / f"us-korea-2025{ENDINGS[name][0]}"
        assert str(path.name) in done.stdout
        assert path.stat().st_size > 1000


def test_a_saved_assessment_keeps_its_settings(saved):
    words = ["--draws", "3", "--trigger", "war", "--as-of", "2025-12-01"]
    done = CliRunner().invoke(app, ["brief", str(saved), *words])
    assert done.exit_code == 2
    for option in ("--draws", "--trigger", "--as-of"):
        assert f"{option}: a saved assessment keeps" in done.stderr
