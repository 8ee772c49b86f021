"""The README, the pages and the tutorials do what they say: every block of them is run."""

import os
import re
import runpy
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

import accord as ac
from accord.assessment.assess import assess
from accord.assessment.facade import Assessment
from accord.assessment.settings import AssessSettings
from accord.assessment.views.rule import build_view
from accord.cli.main import app
from accord.data.store import load_world
from accord.data.world import World
from accord.deal.deal import Deal
from tests.architecture.repository import ROOT, read_blocks, relative

pytestmark = pytest.mark.first

ACCORD = Path(sys.executable).parent / "accord"
TEST_COMMAND = "uv run python -m tests"
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
PAGES = [page for page in PAGES if "_build" not in page.parts]
RUNNABLE = [p for p in PAGES if any(b.language in {"python", "sh"} for b in read_blocks(p))]
# The page that holds the most comes while the process holds little.
HEAVIEST = ROOT / "docs" / "api.md"
BY_WEIGHT = [
    pytest.param(page, marks=pytest.mark.first) if page == HEAVIEST else page for page in RUNNABLE
]
TUTORIALS = sorted((ROOT / "docs" / "tutorials").glob("*.py"))
REPLICATIONS = sorted((ROOT / "docs" / "replications").glob("*.py"))
SURROUNDINGS = {"COLUMNS": "100"}
MOST_LINES = 60  # of code, from arrays to table

# Lines of a shell block that set a machine up, or that would start these tests again.
NOT_RUN = re.compile(
    r"pip install|git clone|cd accord$|uv run (python -m tests|pre-commit|sphinx-build|ruff|pytest)"
)


def run_shell(line: str, *, apart: bool = False) -> None:
    """Run a line of a shell block in the folder we are in, in a process of its own or in this."""
    words = shlex.split(line, comments=True)
    if not words or NOT_RUN.match(line):
        return
    if words[:2] == ["uv", "run"]:
        words = words[2:]
    assert words[0] == "accord", f"a shell block that no test can run: {line}"
    if apart:
        done = subprocess.run(
            [ACCORD, *words[1:]],
            env={**os.environ, **SURROUNDINGS},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
    else:
        told = CliRunner().invoke(app, words[1:], env=SURROUNDINGS)
        assert told.exit_code == 0, f"{line}\n{told.output}"


@pytest.fixture(scope="module")
def assess_once():
    """What stands in for `ac.assess`: what most pages show is assessed once."""
    kept: dict[tuple[object, ...], Assessment] = {}

    def assess_deal(
        deal: Deal, *, world: World | None = None, settings: AssessSettings | None = None
    ) -> Assessment:
        world = world or build_view(deal, load_world()).world
        key = (deal.sha256, world.sha256, settings or AssessSettings())
        assessed = kept.get(key) or assess(deal, world=world, settings=settings)
        if deal.name == "us-korea-2025":
            kept[key] = assessed
        return assessed

    return assess_deal


@pytest.fixture
def own_folder(tmp_path, monkeypatch, assess_once):
    """An empty folder that a page works in."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(ac, "assess", assess_once)
    monkeypatch.setattr("accord.assessment.assess.assess", assess_once)  # for the commands
    return tmp_path


@pytest.mark.parametrize("page", BY_WEIGHT, ids=relative)
@pytest.mark.usefixtures("own_folder")
def test_page_does_what_it_says(page):
    names: dict[str, object] = {"__name__": "__main__"}
    for block in read_blocks(page):
        if block.language == "sh":
            for line in block.code.splitlines():
                run_shell(line, apart=page.name == "README.md")
        elif block.language == "python":
            # Empty lines before the code: a traceback then shows the line of the page.
            code = "\n" * (block.line - 1) + block.code
            exec(compile(code, str(page), "exec"), names)  # noqa: S102


@pytest.mark.parametrize("tutorial", [*TUTORIALS, *REPLICATIONS], ids=relative)
@pytest.mark.usefixtures("own_folder")
def test_tutorial_runs(tutorial):
    runpy.run_path(str(tutorial), run_name="__main__")


def test_there_are_documents_to_run():
    assert ROOT / "README.md" in RUNNABLE
    assert ROOT / "docs" / "getting-started.md" in RUNNABLE
    assert TUTORIALS
    assert REPLICATIONS


@pytest.mark.parametrize("script", REPLICATIONS, ids=relative)
def test_a_replication_is_short_and_stands_on_the_index(script):
    text = script.read_text(encoding="utf-8")
    code = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    assert len(code) < MOST_LINES
    assert "assert " in text  # it fails where it differs from what was published
    assert f"({script.name})" in (script.parent / "index.md").read_text(encoding="utf-8")


def test_the_readme_shows_the_two_commands_and_ci_runs_the_second():
    lines = {
        line.strip()
        for block in read_blocks(ROOT / "README.md")
        if block.language == "sh"
        for line in block.code.splitlines()
    }
    assert "uv run accord brief us-korea-2025" in lines
    assert TEST_COMMAND in lines
    assert TEST_COMMAND in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()


def test_the_readme_starts_with_five_lines_of_python():
    first = next(b for b in read_blocks(ROOT / "README.md") if b.language == "python")
    assert len([line for line in first.code.splitlines() if line.strip()]) == 5


@pytest.mark.parametrize("apart", [True, False])
def test_running_a_page_can_fail(apart):
    with pytest.raises(AssertionError, match="no-such-command"):
        run_shell("uv run accord no-such-command", apart=apart)
    with pytest.raises(AssertionError, match="no test can run"):
        run_shell("make briefing", apart=apart)
