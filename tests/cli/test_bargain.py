"""`accord bargain` and `accord prices`: what they print, an honest no, and what they refuse."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from accord.cli.main import app
from tests.deal.examples import DEAL

pytestmark = pytest.mark.first

NO_ZONE = str(Path(__file__).resolve().parents[1] / "cases" / "no-zone.toml")


def run(*words: str):
    return CliRunner().invoke(app, list(words))


def test_a_deal_without_a_zone_says_so_with_what_would_open_one() -> None:
    done = run("bargain", NO_ZONE, "--draws", "0", "--terms", "cash", "--format", "json")
    assert done.exit_code == 0, done.output
    printed = json.loads(done.stdout)
    assert printed["zone"]["exists"] is False
    assert printed["zone"]["package"] == "offer"
    assert printed["zone"]["side_payment"] == pytest.approx(
        -printed["packages"]["offer"]["payoffs"]["KOR"]
    )
    terms = printed["terms"]
    assert terms["zone"]["exists"] is False
    assert terms["zone"]["side_payment"] > 0
    assert terms["agreements"] == {}
    assert terms["changes"] == []
    assert terms["surrogate"]["worst_error"] < 0.02
    assert [answer["by"] for answer in printed["retaliation"]] == ["KOR"]


def test_packages_alone_are_told_in_words_and_a_table() -> None:
    done = run("bargain", NO_ZONE, "--draws", "0", "--packages-only")
    assert done.exit_code == 0, done.output
    for words in (
        "no zone of possible agreement", "smallest side payment", "on top of offer",
        "then retaliates", "To accept demand, KOR needs at least", "KOR needs",
    ):  # fmt: skip
        assert words in done.stdout
    assert "nan" not in done.stdout


def test_prices_are_printed_with_what_makes_up_for_them() -> None:
    done = run("prices", NO_ZONE, "--format", "json")
    assert done.exit_code == 0, done.output
    printed = json.loads(done.stdout)
    cash = printed["terms"]["cash"]
    assert cash["price"]["USA"] > 0 > cash["price"]["KOR"]
    assert cash["one_more"]["KOR"] is None  # the package is at the bound
    rate = printed["exchange"]["KOR"]["textiles"]["cash"]
    assert printed["terms"]["textiles"]["price"]["KOR"] + rate * cash["price"]["KOR"] == (
        pytest.approx(0, abs=1e-9)
    )
    done = run("prices", NO_ZONE, "--against", "textiles")
    assert done.exit_code == 0, done.output
    assert "1 bn USD more of the cash" in done.stdout
    assert "1 point" in done.stdout


@pytest.mark.parametrize("command", ["bargain", "prices"])
def test_what_is_wrong_is_told(command: str, tmp_path: Path) -> None:
    done = run(command, "us-korea-2025", "--timeline", "datd", "--format", "cvs")
    assert done.exit_code == 2
    assert "Did you mean dated?" in done.stderr
    assert "--format" in done.stderr
    assert "Did you mean signed?" in run(command, "us-korea-2025", "--package", "sined").stderr
    assert run(command, "us-korea-2025", "--package", "status_quo").exit_code == 2
    done = run(command, "us-korea-2025", "--terms", "car,cash")
    assert done.exit_code == 2
    assert "Did you mean cars?" in done.stderr
    path = tmp_path / "plain.toml"
    path.write_text(DEAL, encoding="utf-8")
    done = run(command, str(path), "--terms", "cars")
    assert done.exit_code == 2
    assert "[[terms.term]]" in done.stderr


def test_deadlines_between_three_parties_are_refused_with_whom_to_merge(tmp_path) -> None:
    path = tmp_path / "three.toml"
    made = run("new", "three", "--parties", "USA,KOR,JPN", "--output", str(path))
    assert made.exit_code == 0, made.output
    refused = run("bargain", str(path), "--table", "deadlines", "--format", "csv")
    assert refused.exit_code == 2
    assert "--table: alternating offers are between two sides" in refused.stderr
    assert "one party: [groups] SIDE = [" in refused.stderr
