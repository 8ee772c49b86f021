"""`accord cars`: what it prints, writes and refuses."""

import json

import pytest
from typer.testing import CliRunner

from accord.cli.main import app


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: CliRunner().invoke(app, ["cars", *arguments])


def test_it_prints_markets_makers_countries_and_sources(run):
    done = run("us-korea-2025", "--draws", "20")
    assert done.exit_code == 0, done.output
    for word in ("15/15/15", "no_deal", "Hyundai", "trade engine", "Cox Automotive"):
        assert word in done.output
    assert "Makers under signed" in " ".join(done.output.split())


def test_a_file_holds_every_scenario_and_numbers(run):
    done = run("us-korea-2025", "--draws", "0", "--format", "json", "--table", "makers")
    rows = json.loads(done.output)["makers"]
    assert {row["scenario"] for row in rows} >= {"signed", "no_deal", "25/25/25"}
    (kia,) = [r for r in rows if (r["scenario"], r["run"], r["maker"]) ==
              ("25/15/15", "short", "Hyundai-Kia")]  # fmt: skip
    assert kia["profit_change"] < -1
    assert kia["low"] is None


def test_one_scenario_may_be_asked_for(run):
    done = run("us-korea-2025", "--draws", "0", "--scenario", "25/25/25", "--table", "market",
               "--format", "csv")  # fmt: skip
    assert done.exit_code == 0, done.output
    assert len(done.output.splitlines()) == 3
    assert "25/25/25" in done.output


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--scenario", "25/15"), "25/15/15"),
        (("--draws", "-5"), "draws"),
        (("--table", "maker"), "makers"),
        (("--format", "csv"), "--table"),
    ],
)
def test_what_is_wrong_is_refused_with_a_remedy(run, words, told):
    done = run("us-korea-2025", *words)
    assert done.exit_code == 2
    assert told in done.stderr


def test_a_deal_that_leaves_the_duties_on_cars_says_so(run):
    done = run("eu-mercosur", "--draws", "0")
    assert done.exit_code == 0, done.output
    assert "No package of this deal changes the duties of USA on cars" in " ".join(
        done.output.split()
    )
    done = run("us-korea-2025", "--draws", "0")
    assert "No package" not in done.output
