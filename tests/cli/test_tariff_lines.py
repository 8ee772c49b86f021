"""The command `accord data tariffs`: lines become tariffs of a world, or a table of them."""

import pandas as pd
import pytest
from typer.testing import CliRunner

from accord.cli.main import app
from accord.data.files.world_file import load_world_file
from tests.lowering.lines.samples import BUTTER, CAR, TRUCK, make_world, write

LINES = f"hs, rate\n{CAR}, 0\n{TRUCK}, 0.5\n{BUTTER}, 0.2"
TRADE = f"exporter, hs, value\nBBB, {CAR}, 5\nBBB, {TRUCK}, 5\nCCC, {BUTTER}, 7\nCCC, 980100, 1"
DEAL = """
schema = 1
name = "trucks"
title = "Trucks"
parties = ["AAA", "BBB"]
price_year = 2024

[no_deal]

[[package]]
name = "free"
title = "Free trucks"
[[package.clause]]
kind = "tariff"
importer = "AAA"
exporters = ["BBB"]
products = ["870421"]
rate = 0.0
rule = "level"
basis = "FTA"
from = 2026-01-01
"""


@pytest.fixture
def run(tmp_path, monkeypatch):
    """A way to run the command in a folder with a world, lines and imports."""
    monkeypatch.chdir(tmp_path)
    make_world().save("world.npz")
    write(tmp_path / "lines.csv", LINES)
    write(tmp_path / "trade.csv", TRADE)
    base = ["data", "tariffs", "lines.csv", "--imports", "trade.csv", "--world", "world.npz"]
    return lambda *more: CliRunner().invoke(app, [*base, *more])


def test_lines_become_a_world_in_which_deals_name_codes(run, tmp_path):
    done = run("--importer", "AAA", "--output", "mine.npz")
    assert done.exit_code == 0, done.output
    assert "chapters without a sector" in done.output
    assert "can name HS codes in tariffs of AAA alone" in done.output
    assert "left out: a world" not in done.output
    world = load_world_file(tmp_path / "mine.npz")
    assert world.tariff[0, 1, 1] == pytest.approx(0.25)
    (tmp_path / "trucks.toml").write_text(DEAL, encoding="utf-8")
    done = CliRunner().invoke(app, ["check", "trucks.toml", "--world", "mine.npz"])
    assert done.exit_code == 0, done.output


def test_the_aggregate_is_that_of_the_world_and_of_the_table(run, tmp_path):
    assert run("--importer", "AAA", "--aggregate", "price_index", "-o", "mine.npz").exit_code == 0
    assert run("--importer", "AAA", "--aggregate", "price_index", "-o", "t.csv").exit_code == 0
    table = pd.read_csv(tmp_path / "t.csv").set_index(["exporter", "sector"])
    rate = table["rate"].to_dict()["BBB", "motor_vehicles"]
    world = load_world_file(tmp_path / "mine.npz")
    assert world.tariff[0, 1, 1] == pytest.approx(rate)
    assert rate > 0.3


def test_wrong_options_and_files_end_with_two(run, tmp_path):
    for more, word in (
        (["--importer", "AAA", "--aggregate", "maen"], "Did you mean mean?"),
        (["--importer", "AAA", "--date", "soon"], "2026-11-24"),
        (["--importer", "AAB"], "Did you mean AAA?"),
        ([], "names no importer"),
        (["--importer", "AAA", "-o", "mine.toml"], "tables go to the terminal"),
    ):
        done = run(*more)
        assert done.exit_code == 2, (more, done.output)
        assert word in done.output, (more, done.output)
    assert not (tmp_path / "mine.toml").exists()


def test_a_world_whose_lines_of_another_importer_give_way_is_told(run, tmp_path):
    assert run("--importer", "AAA", "--output", "mine.npz").exit_code == 0
    write(tmp_path / "more.csv", f"exporter, hs, value\nAAA, {CAR}, 5")
    base = ["data", "tariffs", "lines.csv", "--imports", "more.csv", "--world", "mine.npz"]
    done = CliRunner().invoke(app, [*base, "--importer", "BBB", "--output", "both.npz"])
    assert done.exit_code == 0, done.output
    assert "tariffs of BBB alone" in done.output
    assert "Those of AAA" in done.output
