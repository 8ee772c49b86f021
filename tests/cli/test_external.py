"""`accord stress`: what it prints, and what it refuses."""

import inspect
import json
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from accord.assessment.facade import Assessment
from accord.assessment.settings import AssessSettings
from accord.assessment.snapshot.safe_amounts import MOST_PATHS
from accord.assessment.tables.external import build_capacity
from accord.assessment.valuation.welfare.node_cache import NodeCache
from accord.cli.commands.external import external_command
from accord.cli.main import app
from accord.data.store import load_world
from accord.deal.load import load_deal
from tests.deal.examples import DEAL


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: CliRunner().invoke(app, list(arguments))


def test_it_prints_metrics_chances_debt_and_safe_amounts(run):
    done = run("external", "us-korea-2025", "--package", "signed", "--paths", "100")
    assert done.exit_code == 0
    (floating,) = (line for line in done.output.splitlines() if "IMF metric, floating" in line
                   and "signed" not in line)  # fmt: skip
    assert floating.split()[-4:] == ["0.93", "0.89", "0.50", "0.17"]
    assert "public borrowing" in done.output
    assert "us_demand" not in done.output


def test_the_command_prints_the_figures_of_the_page(run):
    """Both call one function, and both follow enough paths by default to be cut to the same."""
    done = run("external", "us-korea-2025", "--package", "signed", "--paths", "60", "--format",
               "json", "--table", "capacity")  # fmt: skip
    printed = {row["paid"]: row["amount"] for row in json.loads(done.output)["capacity"]}
    deal, world = load_deal("us-korea-2025"), load_world()
    settings = AssessSettings(paths=60)
    page = vars(Assessment)["safe_amounts"].func(
        SimpleNamespace(deal=deal, world=world, settings=settings, cache=NodeCache())
    )
    frame = build_capacity(page)
    usual = frame[frame["limit"] == 0.05]
    assert printed == pytest.approx(dict(zip(usual["paid"], usual["amount"], strict=True)))
    assert AssessSettings().paths >= MOST_PATHS
    defaults = inspect.signature(external_command).parameters["paths"].default
    assert defaults >= MOST_PATHS
    assert AssessSettings().seed == inspect.signature(external_command).parameters["seed"].default


def test_wrong_options_are_told_at_once(run):
    done = run("external", "us-korea-2025", "--paths", "-1", "--limit", "2")
    assert done.exit_code == 2
    assert "paths" in done.stderr
    assert "limit" in done.stderr
    assert "Did you mean signed" in run("external", "us-korea-2025", "--package", "sined").stderr


def test_a_payer_without_a_balance_sheet_is_told_what_is_missing(run, tmp_path):
    text = DEAL.replace('"KOR"', '"SVN"')
    (tmp_path / "small.toml").write_text(text)
    done = run("external", "small.toml")
    assert done.exit_code == 2
    assert "SVN.short_term_debt" in done.stderr
    assert "[[external]]" in done.stderr
