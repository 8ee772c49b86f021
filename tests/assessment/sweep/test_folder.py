"""The folder of a sweep: results that plans share, few files, one table, one sweep at a time."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest

from accord.assessment.sweep import store
from accord.assessment.sweep import sweep as sweep_module
from accord.assessment.sweep.store import SweepFolder, open_folder
from accord.assessment.sweep.sweep import sweep
from accord.core.errors import OutputError
from tests.assessment.sweep.plans import make_plan

SOME = {"term.cars": {"low": 0.0, "high": 0.24, "steps": 25}}


@pytest.fixture
def one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make batches of one scenario, and call a folder with five small files full."""
    monkeypatch.setattr(sweep_module, "TOGETHER", {"yearly": 1, "payoffs": 1})
    monkeypatch.setattr(store, "MOST_SMALL", 5)


def files_of(folder: Path) -> list[Path]:
    """Return the files of results."""
    return sorted((folder / "_done").glob("*.parquet"))


def hashes_of(folder: Path) -> list[str]:
    """Return the hash of every row of results."""
    return [
        digest for file in files_of(folder) for digest in pq.read_table(file)["hash"].to_pylist()
    ]


@pytest.mark.parametrize("rows", [8, 50_000])
@pytest.mark.usefixtures("one_by_one")
def test_small_files_become_few_and_nothing_is_lost(
    rows: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "ROWS_A_FILE", rows)
    plan = make_plan(tmp_path, grid=SOME)
    seen: list[int] = []
    result = sweep(
        plan,
        output=tmp_path / "table",
        progress=lambda *_: seen.append(len(files_of(tmp_path / "table"))),
    )
    assert (len(seen), result.solved) == (25, 25)
    sizes = [pq.read_metadata(file).num_rows for file in files_of(tmp_path / "table")]
    assert max(seen) <= 5 + 50 // rows
    assert sum(size < rows for size in sizes) <= 5
    assert len(hashes_of(tmp_path / "table")) == len(result.to_frame()) == 50
    again = sweep(plan, output=tmp_path / "table")
    assert (again.kept, again.solved) == (25, 0)
    monkeypatch.setattr(store, "MOST_SMALL", 1000)
    apart = sweep(plan, output=tmp_path / "apart")
    assert len(files_of(tmp_path / "apart")) == 25
    pd.testing.assert_frame_equal(again.to_frame(), apart.to_frame())


@pytest.mark.usefixtures("one_by_one")
def test_a_kill_between_the_new_file_and_the_end_of_the_old_ones_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = make_plan(tmp_path, grid=SOME)
    unlink = Path.unlink

    def killed(self: Path, **options: Any) -> None:
        if self.parent.name == "_done" and self.suffix == ".parquet":
            raise KeyboardInterrupt
        unlink(self, **options)

    with monkeypatch.context() as broken:
        broken.setattr(Path, "unlink", killed)
        with pytest.raises(KeyboardInterrupt):
            sweep(plan, output=tmp_path / "table")
    twice = hashes_of(tmp_path / "table")
    assert len(twice) == 4 * len(set(twice)) == 24  # six scenarios, two regions, in two files
    result = sweep(plan, output=tmp_path / "table")
    assert (result.kept, result.solved) == (6, 19)
    assert len(result.to_frame()) == 50
    assert len(hashes_of(tmp_path / "table")) == 50
    whole = sweep(plan, output=tmp_path / "whole").to_frame()
    pd.testing.assert_frame_equal(result.to_frame(), whole)


def test_plans_share_results_and_the_table_is_that_of_the_last(tmp_path: Path) -> None:
    cars = make_plan(tmp_path, grid={"term.cars": [0.05, 0.1]}, name="cars")
    money = make_plan(tmp_path, grid={"term.amount": [1e11, 2e11]}, name="money")
    first = sweep(cars, output=tmp_path / "table").to_frame()
    assert list(sweep(money, output=tmp_path / "table").to_frame().columns[2:3]) == ["term.amount"]
    again = sweep(cars, output=tmp_path / "table")
    assert (again.kept, again.solved) == (2, 0)
    pd.testing.assert_frame_equal(again.to_frame(), first)
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "table"), first)


@pytest.mark.parametrize("where", ["while it solves", "while the table is written"])
def test_the_table_of_before_stays_until_the_new_one_is_whole(
    where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = make_plan(tmp_path, grid={"term.cars": [0.05, 0.1]}, name="cars")
    before = sweep(plan, output=tmp_path / "table").to_frame()
    head = (tmp_path / "table" / "_sweep.json").read_bytes()
    other = {**plan, "name": "more", "grid": {"term.cars": [0.2]}}

    def stop(*_: object, **__: object) -> None:
        raise OutputError("table", "No space left on device")

    with monkeypatch.context() as broken:
        if where == "while it solves":
            broken.setattr(sweep_module._SweepRun, "take_in", stop)
        else:
            broken.setattr(store, "write_atomically", stop)
            broken.setattr(sweep_module, "TOGETHER", {"yearly": 9, "payoffs": 1})
            broken.setattr(SweepFolder, "write", lambda *_: None)
            broken.setattr(sweep_module._SweepRun, "tables", lambda _: iter(()))
        with pytest.raises(OutputError):
            sweep(other, output=tmp_path / "table")
    assert (tmp_path / "table" / "_sweep.json").read_bytes() == head
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "table"), before)
    assert sorted(path.name for path in (tmp_path / "table").iterdir()) == [
        "_done", "_lock", "_sweep.json", "part-00000.parquet",
    ]  # fmt: skip
    assert sweep(other, output=tmp_path / "table").to_frame()["term.cars"].tolist() == [0.2] * 2


HOLD = """
import sys
from pathlib import Path
from accord.assessment.sweep.store import open_folder
with open_folder(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no locks of this kind there")
def test_one_sweep_at_a_time_writes_a_folder_and_a_killed_one_lets_go(tmp_path: Path) -> None:
    plan = make_plan(tmp_path, grid={"term.cars": [0.05]})
    words = [sys.executable, "-c", HOLD, str(tmp_path / "table")]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(OutputError, match="another sweep"):
            sweep(plan, output=tmp_path / "table")
        other.kill()
    assert sweep(plan, output=tmp_path / "table").solved == 1


@pytest.mark.skipif(sys.platform == "win32", reason="no permissions of this kind there")
def test_a_folder_that_may_not_be_written_is_told_before_any_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = make_plan(tmp_path, grid={"term.cars": [0.05]})
    real = os.open

    def refused(path: Any, *rest: Any, **options: Any) -> int:
        if Path(path).name == "_lock":
            raise PermissionError(13, "Permission denied", str(path))
        return real(path, *rest, **options)

    monkeypatch.setattr(os, "open", refused)
    monkeypatch.setattr(sweep_module, "_SweepRun", None)
    with pytest.raises(OutputError, match="Permission denied"), open_folder(tmp_path / "table"):
        pass
    with pytest.raises(OutputError, match="Permission denied"):
        sweep(plan, output=tmp_path / "table")
