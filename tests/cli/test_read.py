"""The command `accord data read`: a table of one's own becomes a world that every command takes."""

import pytest
from typer.testing import CliRunner

from accord.cli.main import app
from accord.data.files.world_file import load_world_file
from tests.data.readers import samples

SAMPLE = samples.draw_sample()
DEAL = """
schema = 1
name = "cars"
title = "Cars"
parties = ["DEU", "USA"]
price_year = 2011

[no_deal]

[[package]]
name = "duty"
title = "A duty on cars"
[[package.clause]]
kind = "tariff"
importer = "USA"
exporters = ["DEU"]
products = ["C29"]
rate = 0.25
rule = "level"
from = 2026-01-01
"""


@pytest.fixture
def run(tmp_path, monkeypatch):
    """A way to run the command line in a folder with the sample in it."""
    monkeypatch.chdir(tmp_path)
    samples.write_icio(SAMPLE, tmp_path / "2011.csv")
    return lambda *arguments: CliRunner().invoke(app, list(arguments))


def test_a_table_becomes_a_world_for_every_command(run, tmp_path):
    done = run("data", "read", "icio", "2011.csv", "--output", "mine.npz")
    assert done.exit_code == 0, done.output
    assert "output: " in done.output
    assert "mine.npz" in done.output
    world = load_world_file(tmp_path / "mine.npz")
    assert world.flows.sum() == pytest.approx(1e-3 * SAMPLE.flows.sum(), rel=1e-12)
    (tmp_path / "cars.toml").write_text(DEAL, encoding="utf-8")
    for command in (
        ["world"], ["check", "cars.toml"], ["assess", "cars.toml", "--draws", "0"],
    ):  # fmt: skip
        done = run(*command, "--world", "mine.npz")
        assert done.exit_code == 0, done.output


def test_what_a_rule_moved_is_printed(run):
    rule = ("--rule", "inventories=remove")
    done = run("data", "read", "icio", "2011.csv", "--output", "mine.npz", *rule)
    assert done.exit_code == 0
    assert "inventories removed" in done.output


def test_a_broken_file_ends_with_two_and_writes_nothing(run, tmp_path):
    old = b"an older world"
    (tmp_path / "mine.npz").write_bytes(old)
    path = tmp_path / "2011.csv"
    path.write_text(path.read_text().replace("ROW_A01", "RWO_A01", 1))
    done = run("data", "read", "icio", "2011.csv", "--output", "mine.npz")
    assert done.exit_code == 2
    assert "RWO_A01" in done.stderr
    assert (tmp_path / "mine.npz").read_bytes() == old


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["icio", "2011.csv", "--output", "mine.txt"], ".npz"),
        (["icio", "none.csv", "--output", "mine.npz"], "no such file"),
        (["icoi", "2011.csv", "--output", "mine.npz"], "Did you mean icio?"),
        (["icio", "2011.csv", "--output", "mine.npz", "--rule", "stocks=cut"], "rules.stocks"),
        (["icio", "2011.csv", "--output", "mine.npz", "--unit", "pounds"], "mn USD"),
    ],
)
def test_a_wrong_command_is_refused(run, arguments, word):
    done = run("data", "read", *arguments)
    assert done.exit_code == 2
    assert word in done.stderr
