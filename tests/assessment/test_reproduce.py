"""What a briefing says about getting it again is run, and gives the same page."""

import datetime as dt
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

import accord as ac
from accord.briefing.document.blocks import Code, Paragraph
from accord.cli.main import app
from accord.deal.load import read_deal
from accord.deal.template import new_deal_template
from tests.deal.examples import shortened

pytestmark = pytest.mark.first

DATE = dt.date(2026, 11, 24)
SETTINGS = ac.AssessSettings(closure="share", ranges=False, paths=50, draws=8)


def written(briefing):
    """The blocks of the section, by label, and its paragraphs."""
    section = next(part for part in briefing.document.sections if part.id == "reproduce")
    codes = {block.label: block.lines for block in section.blocks if isinstance(block, Code)}
    return codes, [str(block.prose) for block in section.blocks if isinstance(block, Paragraph)]


def run_python(lines, names):
    code = "\n".join(lines)
    exec(compile(code, "the page", "exec"), names)  # noqa: S102


@pytest.fixture
def path(tmp_path, monkeypatch):
    """A deal file of one's own, in a folder whose name has a space, as given on a command line."""
    monkeypatch.chdir(tmp_path)
    Path("my deals").mkdir()
    given = Path("my deals") / "japan.toml"
    given.write_text(shortened(new_deal_template("japan")), encoding="utf-8")
    return str(given)


def test_the_command_for_a_deal_of_ones_own(path):
    briefing = ac.brief(ac.assess(ac.load_deal(path)), date=DATE)
    codes, paragraphs = written(briefing)
    (command,) = codes["In a terminal"]
    assert paragraphs == []
    assert command == "accord brief 'my deals/japan.toml' --date 2026-11-24"
    done = CliRunner().invoke(app, shlex.split(command)[1:])
    assert done.exit_code == 0, done.output
    assert Path("japan.html").read_text(encoding="utf-8") == briefing.html


def test_the_command_and_the_lines_with_other_settings(path):
    settings = ac.AssessSettings(
        closure="share", elasticities="ll2023", sourcing="at_once", draws=16, paths=50
    )
    deal = ac.load_deal(path, as_of="2025-12-01")
    result = ac.assess(deal, settings=settings)
    briefing = ac.brief(result, date=DATE, objective="revealed")
    codes, _ = written(briefing)
    (command,) = codes["In a terminal"]
    assert "--as-of 2025-12-01" in command
    assert "--objective revealed" in command
    assert "Law as known on 1\u00a0December\u00a02025" in briefing.html
    assert "--closure share" in command
    assert "--sourcing at_once" in command
    assert "--draws 16" in command
    assert CliRunner().invoke(app, [*shlex.split(command)[1:], "-o", "a.html"]).exit_code == 0
    run_python(codes["In Python"], {})
    for page in ("a.html", "japan.html"):
        assert Path(page).read_text(encoding="utf-8") == briefing.html


def test_a_world_of_ones_own_has_lines_and_no_command(path):
    world = ac.load_world("world-2014").with_elasticities({"motor_vehicles": 5.0})
    briefing = ac.brief(
        ac.assess(ac.load_deal(path, world=world), world=world, settings=SETTINGS), date=DATE
    )
    codes, paragraphs = written(briefing)
    assert "In a terminal" not in codes
    assert "No command gives this page" in paragraphs[0]
    assert any("passed by you" in line for line in codes["In Python"])
    run_python(codes["In Python"], {"world": world})
    assert Path("japan.html").read_text(encoding="utf-8") == briefing.html


def test_a_deal_from_no_file_is_named_as_passed():
    deal = read_deal(new_deal_template("japan"), world=ac.load_world())
    reproduce = ac.assess(deal, settings=SETTINGS).reproduce
    assert "command" not in reproduce
    assert "# deal: the one passed by you, japan" in str(reproduce["python"])
