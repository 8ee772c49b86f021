"""`accord war`: what it prints, what it refuses, and the blocs it may merge the world into."""

import re

import pytest
from typer.testing import CliRunner

from accord.cli.main import app
from accord.core.errors import SolveError
from accord.core.status import Status
from accord.data.labels import BLOC_NAMES, BLOCS, REGION_NAMES
from accord.trade.strategy import strategy


def run(*words: str):
    return CliRunner().invoke(app, ["war", *words])


def test_a_war_of_blocs_is_printed_with_its_checks() -> None:
    done = run("--aggregate", "--parties", "USA,CHN,EU", "--over", "mfn", "--closure", "balanced")
    assert done.exit_code == 0, done.output
    printed = re.search(r"all of these +([\d.]+) → ([\d.]+) +([\d.]+) → ([\d.]+)", done.output)
    assert printed is not None
    rates = [float(rate) for rate in printed.groups()]
    assert max(rates[::2]) < 8
    assert min(rates[1::2]) > 10
    for words in ("motor_vehicles", "Canada and Mexico", "revenue before", "best other reply",
                  "converged:", "equilibria"):  # fmt: skip
        assert words in done.output
    assert "services" not in done.output
    assert "nan" not in done.output


def test_only_what_is_asked_for_moves() -> None:
    done = run("--aggregate", "--parties", "USA,KOR", "--mutual", "--sectors", "textiles,wood")
    assert done.exit_code == 0, done.output
    assert re.search(r"textiles +[\d.]+ → [\d.]+", done.output)
    assert "motor_vehicles" not in done.output


def test_every_wrong_option_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strategy, "nash_tariffs", lambda *_, **__: pytest.fail("it was solved"))
    done = run(
        *("--parties", "USA,CHX,EU,DEU", "--over", "partners", "--sectors", "cars,wood"),
        *("--closure", "fixd", "--labour", "rigid", "--elasticities", "fontange"),
    )
    assert done.exit_code == 2
    assert done.stderr.startswith("accord: 7 problems in the command:")
    for words in ('--parties: "CHX" is not a region', "DEU and EU overlap",
                  "--over: 'partners' is not known. Did you mean partner?", "--sectors: 'cars'",
                  "--closure", "--labour", "--elasticities"):  # fmt: skip
        assert words in done.stderr
    done = run("--parties", "USA", "--mutual", "--sectors", ",")
    assert done.stderr.startswith("accord: 2 problems in the command:")
    assert run("--parties", ",").exit_code == 2
    done = run("--parties", "CHN,DEU", "--aggregate")
    assert '--parties: "DEU" is not a region' in done.stderr
    assert "DEU (Germany) is within EU" in done.stderr


def test_a_group_of_ones_own_fights_as_one() -> None:
    parties = "USA,PACT=JPN+KOR"
    done = run("--aggregate", "--parties", parties, "--mutual", "--sectors", "wood")
    assert done.exit_code == 0, done.output
    assert re.search(r"sector +USA +PACT", done.output)
    done = run("--parties", "USA,PACT=BRA+MAX,OTHER=BRA,EU=DEU")
    assert done.exit_code == 2
    for words in ('groups.PACT[2]: "MAX" is not a region', "PACT overlap", "groups.EU"):
        assert words in done.stderr


def test_a_war_without_an_end_is_an_error_and_no_table(monkeypatch: pytest.MonkeyPatch) -> None:
    solve = strategy.nash_tariffs

    def hurried(*given, options, **named):
        return solve(*given, options={**options, "max_steps": 1, "tolerance": 1e-15}, **named)

    monkeypatch.setattr(strategy, "nash_tariffs", hurried)
    done = run("--aggregate", "--parties", "USA", "--sectors", "wood")
    assert done.exit_code == SolveError(Status.MAX_STEPS).exit_code
    assert "the tariff war" in done.stderr
    assert done.stdout == ""


def test_the_blocs_hold_every_region_once() -> None:
    members = [region for bloc in BLOCS.values() for region in bloc]
    assert len(set(members)) == len(members)
    assert {*members, "USA", "CHN", "JPN", "KOR"} == set(REGION_NAMES)
    assert set(BLOC_NAMES) == set(BLOCS)
