"""The page shows what the command prints, and the command prints what Python returns."""

import json

import pytest
from typer.testing import CliRunner

from accord.backtesting import backtest as room
from accord.backtesting.backtest import backtest
from accord.cli.main import app
from tests.backtesting.page import PAGE, written
from tests.backtesting.worlds import made_up_episode, made_up_world


@pytest.fixture(scope="module")
def shipped():
    return backtest()


def test_the_page_has_the_figures_of_today(shipped):
    text = PAGE.read_text(encoding="utf-8")
    assert written(text, shipped) == text, "run: uv run python -m tests.backtesting.page"


def test_the_model_beats_the_forecast_that_nothing_moves(shipped):
    totals = {score.episode: score for score in shipped.scores if score.measure is None}
    assert set(totals) == {"2018", "2025", "all"}
    assert all(score.skill > 0 for score in totals.values())


def test_the_command_prints_the_rows_of_python(monkeypatch):
    world = made_up_world()
    made = backtest([made_up_episode(world)], world=world, elasticities=["true"])
    monkeypatch.setattr(room, "backtest", lambda *_, **__: made)
    done = CliRunner().invoke(app, ["backtest", "--format", "json"])
    assert done.exit_code == 0, done.output
    tables = json.loads(done.stdout)
    rows = tables["outcomes"]
    assert [row["outcome"] for row in rows] == [row.outcome.name for row in made.rows]
    assert [row["central"] for row in rows] == pytest.approx([row.central for row in made.rows])
    assert [row["inside"] for row in tables["scores"]] == [s.inside for s in made.scores]
    assert tables["scores"][0]["skill"] == pytest.approx(made.scores[0].skill)


def test_an_unknown_episode_is_refused_by_the_command():
    done = CliRunner().invoke(app, ["backtest", "--episode", "2019"])
    assert done.exit_code == 2
    assert "--episode" in done.output
    assert "2018" in done.output
