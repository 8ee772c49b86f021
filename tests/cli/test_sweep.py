"""`accord sweep`: options, plans, what is refused, and Ctrl-C."""

from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner, Result

from accord.assessment.sweep import sweep as sweep_module
from accord.assessment.sweep.workshop import Workshop
from accord.cli.main import app
from tests.assessment.sweep.plans import write_deal

FEW = ("--vary", "term.cars=0:0.2:3", "--vary", "setting.paths=0")


@pytest.fixture
def small(tmp_path, monkeypatch):
    """Return the words that name a small deal and its world, written where the test runs."""
    monkeypatch.chdir(tmp_path)
    deal, world = write_deal(tmp_path)
    return str(deal), "--world", str(world)


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["sweep", *words])


def test_options_on_a_deal_make_a_table_once(small):
    done = run(*small, *FEW)
    assert done.exit_code == 0, done.output
    assert "solved now: 3" in done.stdout
    frame = pd.read_parquet("small.sweep")
    assert frame["term.cars"].tolist() == [0.0, 0.0, 0.1, 0.1, 0.2, 0.2]
    assert frame["region"].tolist() == ["USA", "KOR"] * 3
    again = run(*small, *FEW)
    assert "solved now: 0; finished before: 3" in again.stdout
    drawn = run(*small, "--vary", "term.cars=0:0.2", "--vary", "setting.paths=0",
                "--sample", "4", "--seed", "3", "--output", "drawn")  # fmt: skip
    assert drawn.exit_code == 0, drawn.output
    assert pd.read_parquet("drawn")["term.cars"].between(0, 0.2).all()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), ("--vary: is missing",)),
        (("--vary", "term.cars"), ("--vary: 'term.cars' gives no values",)),
        (("--vary", "term.car=0.1", "--vary", "term.cars=3", "--package", "sined"),
         ("--vary term.car: no package", "--vary term.cars: 3 is outside", "--package: there is")),
        (("--vary", "term.cars=0:0.2"), ("--vary term.cars.steps: None is no number",)),
        ((*FEW, "--figures", "daily", "--seed", "3"), ("--figures: 'daily'", "--seed: draws")),
        ((*FEW, "--workers", "0"), ("--workers: 0 is no number",)),
        ((*FEW, "--sample", "0"), ("--sample: 0 is no number",)),
        (("--vary", "term.cars=0.1", "--vary", " term.cars =0.2", "--vary", "term.cars=0.3"),
         ("2 problems", "--vary term.cars: is given twice. Give all values at once")),
        (("--vary", "count=0.1", "--vary", "term.cars=0:0.1", "--sample", "3"),
         ("--vary count: 'count' is nothing that may change",)),
        (("--vary", "car=1", "--vary", "term.cars", "--figures", "daily"),
         ("3 problems", "--vary car: 'car'", "--vary: 'term.cars'", "--figures: 'daily'")),
    ],
)  # fmt: skip
def test_wrong_options_are_told_at_once_before_any_work(words, told, small, tmp_path):
    done = run(*small, *words)
    assert done.exit_code == 2
    for text in told:
        assert text in done.stderr
    assert not (tmp_path / "small.sweep").exists()


def test_options_do_not_go_with_a_plan(small):
    Path("plan.toml").write_text('deal = "small.toml"\n[grid]\nterm.cars = [0.1]\n', "utf-8")
    done = run("plan.toml", *small[1:], "--sample", "3")
    assert done.exit_code == 2
    assert "--world: does not go with a plan" in done.stderr
    assert "--sample: does not go with a plan" in done.stderr


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (None, "plan.toml: cannot be read: No such file or directory"),
        ('deal = "small.toml"\n[grid]\nterm.cars = [0.1\n', "plan.toml: is not TOML: "),
        ('deal = "small.toml"\n', "the plan has no scenario. Write [grid]"),
    ],
)
@pytest.mark.usefixtures("small")
def test_a_plan_that_cannot_be_read_is_told_as_a_plan(text, told):
    if text is not None:
        Path("plan.toml").write_text(text, "utf-8")
    done = run("plan.toml")
    assert done.exit_code == 2
    assert told in done.stderr
    assert "--vary" not in done.stderr
    assert run("deal.toml", "--vary", "term.cars=0.1").exit_code == 2


def test_a_folder_of_something_else_is_left_alone(small, tmp_path):
    theirs = tmp_path / "theirs" / "part-00000.parquet"
    theirs.parent.mkdir()
    theirs.write_bytes(b"another table")
    done = run(*small, *FEW, "--output", "theirs")
    assert done.exit_code == 2
    assert "something else than a sweep" in done.stderr
    assert theirs.read_bytes() == b"another table"
    assert [path.name for path in theirs.parent.iterdir()] == [theirs.name]


def test_what_is_finished_before_ctrl_c_is_kept(small, monkeypatch):
    monkeypatch.setattr(sweep_module, "TOGETHER", {"yearly": 1, "payoffs": 1})
    solve, seen = Workshop.solve, []

    def interrupted(self, items):
        seen.append(items)
        if len(seen) == 3:
            raise KeyboardInterrupt
        return solve(self, items)

    monkeypatch.setattr(Workshop, "solve", interrupted)
    done = run(*small, *FEW)
    assert done.exit_code == 130
    assert "what is finished is in small.sweep" in done.stderr
    again = run(*small, *FEW)
    assert again.exit_code == 0
    assert "solved now: 1; finished before: 2" in again.stdout


def test_what_a_fault_leaves_open_is_told_apart_and_tried_again(small, monkeypatch):
    prepare = Workshop._prepare

    def failing(self, item):
        if item.changes["term.cars"] == 0.1:
            raise ZeroDivisionError("a fault of the program")
        return prepare(self, item)

    with monkeypatch.context() as broken:
        broken.setattr(Workshop, "_prepare", failing)
        done = run(*small, *FEW)
    assert done.exit_code == 0, done.output
    assert "scenarios: 3; solved now: 2; finished before: 0" in done.stdout
    assert "failed: 1" in done.stdout
    assert "killed worker: 1; the same command tries them again" in done.stdout
    again = run(*small, *FEW)
    assert "solved now: 1; finished before: 2" in again.stdout
    assert "failed" not in again.stdout
