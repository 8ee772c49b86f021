"""The command `accord data gravity`: from a panel to the intervals of a verdict."""

import io
import json

import pandas as pd
import pytest
from typer.testing import CliRunner

from accord.cli.main import app
from accord.data.files.world_file import load_world_file
from tests.data.readers.gravity.panels import THETA, make_panel, repeat_panel
from tests.lowering.lines.samples import make_world

DEAL = """
schema = 1
name = "cars"
title = "Cars"
parties = ["AAA", "BBB"]
price_year = 2024

[assessment]
horizon = 3
removal = { low = 0.0, mode = 0.0, high = 0.001 }

[no_deal]

[[package]]
name = "wall"
title = "A high tariff"
[[package.clause]]
kind = "tariff"
importer = "AAA"
exporters = ["BBB"]
products = ["motor_vehicles", "food"]
rate = 0.5
rule = "add"
basis = "other"
from = 2026-01-01
"""


@pytest.fixture
def run(tmp_path, monkeypatch):
    """A way to run commands in a folder with a world, a deal and two panels.

    One panel has each country of the other nine times, and so a third of its errors.
    """
    monkeypatch.chdir(tmp_path)
    make_world().save("world.npz")
    (tmp_path / "cars.toml").write_text(DEAL, encoding="utf-8")
    panel = make_panel(level=1.5)
    panel.to_csv("wide.csv", index=False)
    repeat_panel(panel, 9).to_csv("narrow.csv", index=False)
    return lambda words: CliRunner().invoke(app, words.split())


def test_a_wider_error_gives_a_wider_interval_of_the_verdict(run, tmp_path):
    """At a high tariff that stays, so that little else moves the interval."""
    width, errors, share = {}, {}, {}
    for name in ("wide", "narrow"):
        done = run(f"data gravity {name}.csv --cost log_distance --world world.npz "
                   f"--draws 12 --seed 3 --output {name}.npz")  # fmt: skip
        assert done.exit_code == 0, done.output
        assert "sets in play: the estimate, and 12 drawn" in done.output
        table = run(f"data gravity {name}.csv --cost log_distance --format csv")
        frame = pd.read_csv(io.StringIO(table.stdout)).set_index(["sector", "variable"])
        errors[name] = frame["error"].xs("log_tariff", level="variable")
        done = run(f"assess cars.toml --world {name}.npz --draws 400 --format json")
        assert done.exit_code == 0, done.output
        tables = json.loads(done.stdout)["tables"]
        width[name] = {row["region"]: row["high"] - row["low"] for row in tables["payoffs"]}
        share[name] = {
            row["party"]: row["total"]
            for row in tables["drivers"]
            if row["parameter"] == "elasticities"
        }
    worlds = [load_world_file(tmp_path / f"{name}.npz") for name in width]
    assert worlds[0].elasticity == pytest.approx(worlds[1].elasticity, rel=1e-6)
    assert len(worlds[0].elasticities) == 13
    assert (errors["wide"] / errors["narrow"]).tolist() == pytest.approx([3, 3], rel=0.02)
    assert width["wide"]["AAA"] > 2 * width["narrow"]["AAA"] > 0
    assert width["wide"]["CCC"] > 1.2 * width["narrow"]["CCC"] > 0
    assert share["wide"]["BBB"] > 5 * share["narrow"]["BBB"] > 0


def test_a_panel_is_told_as_a_table_and_separated_flows_with_it(run, tmp_path):
    panel = pd.read_csv("wide.csv")
    panel.loc[panel["importer"] == "R0", "value"] = 0.0
    panel.to_csv("gap.csv", index=False)
    done = run("data gravity gap.csv --output table.json")
    assert done.exit_code == 0, done.output
    (rows,) = json.loads((tmp_path / "table.json").read_text(encoding="utf-8")).values()
    assert {row["sector"] for row in rows} == set(THETA)
    assert all(row["separated"] >= 8 * 3 for row in rows)
    told = run("data gravity gap.csv --cost log_distance").stdout
    assert "over elasticity" in told
    assert "log_distance" in told


def test_what_is_wrong_is_told_at_once(run):
    panel = pd.read_csv("wide.csv").drop(columns="year")
    panel.assign(sector="fod", tariff=12.5).to_csv("wrong.csv", index=False)
    done = run("data gravity wrong.csv --pairs --world world.npz --output out.npz")
    assert done.exit_code == 2
    for word in ("Divide by 100", "need several years", "unknown identifier", "repeats R0, R0"):
        assert word in done.stderr, word
    done = run("data gravity wide.csv --draws 70 --format spreadsheet")
    assert done.exit_code == 2
    assert "--format" in done.stderr
    assert "70 is outside 0 to 50" in done.stderr
