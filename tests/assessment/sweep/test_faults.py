"""Scenarios without figures: refused for good, or left open by a fault and tried again."""

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from accord.assessment.sweep import crew, workshop
from accord.assessment.sweep import sweep as sweep_module
from accord.assessment.sweep.crew import Batch, killed_rows
from accord.assessment.sweep.sweep import sweep
from accord.assessment.sweep.workshop import Item, Workshop
from accord.core.errors import InputError, OutputError, Problem
from accord.trade.batch import solve_trade_many
from tests.assessment.sweep.plans import make_plan

BAD = 0.2
GRID = {"term.cars": [0.05, 0.1, BAD, 0.15]}
ERRORS: dict[str, Exception] = {
    "fault": ZeroDivisionError("a fault of the program"),
    "shape": ValueError("operands could not be broadcast together"),
    "memory": MemoryError("Unable to allocate 3.00 TiB"),
    "device": RuntimeError("RESOURCE_EXHAUSTED: out of memory"),
}
STATUSES = {"memory": "memory", "device": "memory"}


def fail_at_bad(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    """Let the preparation of one scenario raise an error."""
    prepare = Workshop._prepare

    def failing(self: Workshop, item: Item) -> Any:
        if item.changes.get("term.cars") == BAD:
            raise error
        return prepare(self, item)

    monkeypatch.setattr(Workshop, "_prepare", failing)


def statuses(frame: pd.DataFrame) -> list[str]:
    """Return the status of each scenario in the order of the plan."""
    return frame.drop_duplicates("scenario")["status"].tolist()


def test_a_failed_scenario_is_rows_with_status_and_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_at_bad(monkeypatch, ERRORS["fault"])
    listed = [
        {"name": "fine", "term.cars": 0.1},
        {"name": "too much money", "term.amount": 900e9},
        {"name": "a fault", "term.cars": BAD},
        {"name": "fine too", "term.cars": 0.15},
    ]
    plan = make_plan(tmp_path, scenario=listed, settings={"paths": 0, "closure": "fixed"})
    result = sweep(plan, output=tmp_path / "table")
    frame = result.to_frame().drop_duplicates("name").set_index("name")
    assert frame.loc[["fine", "fine too"], "status"].tolist() == ["converged"] * 2
    assert frame.loc["a fault", "status"] == "fault"
    assert frame.loc["a fault", "problem"] == "ZeroDivisionError: a fault of the program"
    failed = frame[frame["status"] != "converged"]
    assert failed["problem"].str.len().gt(0).all()
    assert failed["welfare"].isna().all()
    assert result.failed == len(failed) >= 1
    assert (result.solved, result.unfinished) == (3, 1)


@pytest.mark.parametrize("kind", ERRORS)
@pytest.mark.parametrize("figures", ["yearly", "payoffs"])
def test_a_fault_is_tried_again(
    kind: str, figures: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = make_plan(tmp_path, grid=GRID, figures=figures)
    with monkeypatch.context() as broken:
        if figures == "yearly":
            fail_at_bad(broken, ERRORS[kind])
        else:
            broken.setattr(workshop, "solve_packages", _raise(ERRORS[kind]))
        before = sweep(plan, output=tmp_path / "table")
    left = 1 if figures == "yearly" else 4
    assert (before.solved, before.unfinished, before.failed) == (4 - left, left, left)
    assert statuses(before.to_frame()).count(STATUSES.get(kind, "fault")) == left
    after = sweep(plan, output=tmp_path / "table")
    assert (after.kept, after.solved, after.unfinished, after.failed) == (4 - left, left, 0, 0)
    whole = sweep(plan, output=tmp_path / "whole").to_frame()
    pd.testing.assert_frame_equal(after.to_frame(), whole, rtol=1e-9)


def _raise(error: Exception) -> Any:
    def call(*_: object, **__: object) -> None:
        raise error

    return call


def test_a_refusal_is_told_once_and_for_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_at_bad(monkeypatch, InputError([Problem("rate", "does not fit", "Give less")]))
    plan = make_plan(tmp_path, grid=GRID)
    first = sweep(plan, output=tmp_path / "table")
    assert statuses(first.to_frame()) == ["converged", "converged", "refused", "converged"]
    assert first.to_frame()["problem"].max() == "rate: does not fit. Give less"
    assert (first.solved, first.failed, first.unfinished) == (4, 1, 0)
    second = sweep(plan, output=tmp_path / "table")
    assert (second.kept, second.solved, second.failed) == (4, 0, 1)


def test_killed_scenarios_count_as_left_open_and_are_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep_module, "TOGETHER", {"yearly": 1, "payoffs": 1})
    plan = make_plan(tmp_path, grid=GRID)
    here = crew.solve_here

    def killing(grounds: Any, batches: Any) -> Any:
        for batch in batches:
            if batch.items[0].changes["term.cars"] == BAD:
                yield batch, killed_rows(grounds[batch.key], batch)
            else:
                yield from here(grounds, [batch])

    told: list[int] = []
    with monkeypatch.context() as broken:
        broken.setattr(sweep_module, "solve_here", killing)
        before = sweep(
            plan, output=tmp_path / "table", progress=lambda _, done, of: told.append(done)
        )
    assert (before.solved, before.unfinished, before.failed) == (3, 1, 1)
    assert statuses(before.to_frame()) == ["converged", "converged", "killed", "converged"]
    assert told == [0, 1, 2, 3]
    after = sweep(plan, output=tmp_path / "table")
    assert (after.kept, after.solved, after.unfinished) == (3, 1, 0)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (RuntimeError("no such step"), ("fault", "RuntimeError: no such step")),
        (MemoryError(), ("memory", "there was not enough memory")),
    ],
)
def test_a_fault_of_the_common_solve_is_that_of_one_scenario(
    error: Exception, told: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    solve = solve_trade_many
    sizes: list[int] = []

    def failing(models: Any, shocks: Sequence[Any], **options: Any) -> Any:
        sizes.append(len(shocks))
        if any(np.any(np.isclose(shock.tariff, BAD)) for shock in shocks):
            raise error
        return solve(models, shocks, **options)

    monkeypatch.setattr(workshop, "solve_trade_many", failing)
    result = sweep(make_plan(tmp_path, grid=GRID), output=tmp_path / "table")
    frame = result.to_frame()
    assert statuses(frame) == ["converged", "converged", told[0], "converged"]
    assert set(frame.loc[frame["status"] == told[0], "problem"]) == {told[1]}
    assert sizes[0] == 5  # four scenarios and no deal, before any is tried alone
    assert (result.solved, result.unfinished) == (3, 1)


@pytest.mark.parametrize("error", [OSError(28, "No space left"), OutputError("disk", "is full")])
def test_a_disk_that_fails_ends_the_sweep_and_is_no_row(
    error: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = make_plan(tmp_path, grid=GRID)
    for name in ("solve_trade_many", "solve_packages"):
        with monkeypatch.context() as broken:
            broken.setattr(workshop, name, _raise(error))
            figures = "yearly" if name == "solve_trade_many" else "payoffs"
            with pytest.raises(type(error)):
                sweep({**plan, "figures": figures}, output=tmp_path / name)
        assert not list((tmp_path / name).glob("part-*"))
        assert sweep({**plan, "figures": figures}, output=tmp_path / name).solved == 4


def test_a_batch_is_not_lost_where_the_workers_are_gone_before_it_is_given_out() -> None:
    class Broken(ProcessPoolExecutor):
        def submit(self, *_: object, **__: object) -> Any:
            raise BrokenProcessPool

    batches = [Batch("", (Item(str(at), {}),)) for at in range(3)]
    source, again = iter(batches), list[Batch]()
    with pytest.raises(BrokenProcessPool):
        next(crew._run(Broken(1), {}, source, again, ahead=2))
    assert [*again, *source] == batches
