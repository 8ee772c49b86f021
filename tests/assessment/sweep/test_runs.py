"""Runs: resumed, failed, killed, in this process, in others and on a Dask cluster."""

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest

from accord.assessment.snapshot.packages import solve_money
from accord.assessment.sweep import baseline, workshop
from accord.assessment.sweep import sweep as sweep_module
from accord.assessment.sweep.cluster import with_dask
from accord.assessment.sweep.crew import TRIES, Batch, solve_here, try_again, with_processes
from accord.assessment.sweep.ground import open_grounds
from accord.assessment.sweep.plan import read_plan
from accord.assessment.sweep.scenario import scenarios_of
from accord.assessment.sweep.store import SweepFolder
from accord.assessment.sweep.sweep import sweep
from accord.assessment.sweep.workshop import Item
from accord.trade.batch import solve_trade_many
from tests.assessment.sweep.plans import make_plan

pytestmark = pytest.mark.first

SOME = {"term.cars": {"low": 0.0, "high": 0.25, "steps": 12}}


@pytest.fixture
def solves(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Count the equilibria that are asked for, one number a call of the solver."""
    counts: list[int] = []
    solve = solve_trade_many

    def counted(models: Any, shocks: Sequence[Any], **options: Any) -> Any:
        counts.append(len(shocks))
        return solve(models, shocks, **options)

    monkeypatch.setattr(workshop, "solve_trade_many", counted)
    return counts


@pytest.fixture
def in_fours(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make batches of four scenarios."""
    monkeypatch.setattr(sweep_module, "TOGETHER", {"yearly": 4, "payoffs": 1})


@pytest.mark.usefixtures("in_fours")
def test_a_run_that_was_stopped_goes_on_and_solves_nothing_twice(
    tmp_path: Path, solves: list[int]
) -> None:
    plan = make_plan(tmp_path, grid=SOME)

    def stop(_what: str, done: int, _of: int) -> None:
        if done + 1 >= 8:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sweep(plan, output=tmp_path / "table", progress=stop)
    first = sum(solves)
    assert not list((tmp_path / "table").glob("part-*"))
    result = sweep(plan, output=tmp_path / "table")
    assert (result.kept, result.solved, result.scenarios) == (8, 4, 12)
    whole = sweep(plan, output=tmp_path / "whole")
    assert whole.solved == 12
    twice = sum(solves)
    assert sweep(plan, output=tmp_path / "table").solved == 0
    assert sum(solves) == twice
    # Each run solves no deal once; every scenario its one package once.
    assert first + 4 + 1 == 12 + 2
    pd.testing.assert_frame_equal(result.to_frame(), whole.to_frame(), rtol=1e-9)


def test_a_larger_plan_solves_only_what_is_new(tmp_path: Path) -> None:
    plan = make_plan(tmp_path, sample={"count": 5, "term.cars": {"low": 0.0, "high": 0.2}})
    sweep(plan, output=tmp_path / "table")
    plan["sample"]["count"] = 9
    result = sweep(plan, output=tmp_path / "table")
    assert (result.kept, result.solved) == (5, 4)
    assert len(result.to_frame()) == 2 * 9
    plan["sample"]["count"] = 3
    fewer = sweep(plan, output=tmp_path / "table")
    assert (fewer.kept, fewer.solved) == (3, 0)
    assert fewer.to_frame()["scenario"].tolist() == [0, 0, 1, 1, 2, 2]


def test_money_that_stays_is_solved_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    solved: list[str] = []
    solve = solve_money

    def counted(deal: Any, name: str, *rest: Any) -> Any:
        solved.append(name)
        return solve(deal, name, *rest)

    monkeypatch.setattr(baseline, "solve_money", counted)
    listed = [{"term.cars": 0.1}, {"term.cars": 0.2}, {"term.amount": 100e9}]
    plan = make_plan(tmp_path, scenario=listed, figures="payoffs")
    frame = sweep(plan, output=tmp_path / "table").to_frame()
    assert sorted(solved) == ["no_deal", "signed", "signed"]
    assert frame["gain"].nunique() == 6


def test_equal_scenarios_are_solved_once_and_told_each(tmp_path: Path) -> None:
    listed = [{"name": name, "term.cars": 0.1} for name in ("first", "second")]
    result = sweep(make_plan(tmp_path, scenario=listed), output=tmp_path / "table")
    frame = result.to_frame()
    assert result.solved == 1
    assert frame["name"].tolist() == ["first", "first", "second", "second"]
    assert frame["hash"].nunique() == 1


@pytest.mark.usefixtures("in_fours")
def test_batches_are_made_as_they_are_needed(tmp_path: Path) -> None:
    plan = read_plan(make_plan(tmp_path, grid=SOME))
    run = sweep_module._SweepRun(plan, open_grounds(plan), SweepFolder(tmp_path / "table"))
    taken: list[Batch] = []

    def batches() -> Iterator[Batch]:
        for batch in run.batches():
            taken.append(batch)
            yield batch

    next(iter(solve_here(run.grounds, batches())))
    assert len(taken) == 1


def test_a_file_of_results_that_was_cut_off_is_solved_again(tmp_path: Path) -> None:
    plan = make_plan(tmp_path, grid=SOME)
    before = sweep(plan, output=tmp_path / "table").to_frame()
    (file,) = (tmp_path / "table" / "_done").glob("*.parquet")
    file.write_bytes(file.read_bytes()[:-20])
    result = sweep(plan, output=tmp_path / "table")
    assert (result.kept, result.solved) == (0, 12)
    pd.testing.assert_frame_equal(result.to_frame(), before)


def test_the_table_is_written_in_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("accord.assessment.sweep.store.ROWS_A_PART", 4)
    monkeypatch.setattr(sweep_module, "TOLD", 3)
    result = sweep(make_plan(tmp_path, grid=SOME), output=tmp_path / "table")
    parts = sorted((tmp_path / "table").glob("part-*.parquet"))
    assert [pq.read_metadata(part).num_rows for part in parts] == [6, 6, 6, 6]
    assert result.to_frame()["scenario"].tolist() == [at for at in range(12) for _ in range(2)]


def test_a_batch_whose_workers_are_killed_is_taken_apart_and_given_up_at_last() -> None:
    batch = Batch("", tuple(Item(str(at), {}) for at in range(3)))
    for tries in range(1, TRIES):
        (batch,), given_up = try_again(batch)
        assert (batch.tries, given_up) == (tries, [])
    singles, given_up = try_again(batch)
    assert [len(single.items) for single in singles] == [1, 1, 1]
    assert given_up == []
    assert try_again(singles[0]) == ([], [singles[0]])


def items_of(plan: Any, count: int) -> list[Batch]:
    """Return the scenarios of a plan in batches of so many."""
    (ground,) = open_grounds(plan).values()
    items = [Item(ground.hash_of(s.changes), s.changes) for s in scenarios_of(plan)]
    (word,) = open_grounds(plan)
    return [Batch(word, tuple(items[at : at + count])) for at in range(0, len(items), count)]


def test_a_killed_worker_loses_nothing(tmp_path: Path) -> None:
    plan = read_plan(make_plan(tmp_path, grid=SOME))
    batches = items_of(plan, 2)
    seen: list[str] = []
    for at, (batch, table) in enumerate(with_processes(2)(open_grounds(plan), batches)):
        seen += dict.fromkeys(table["hash"].to_pylist())
        assert set(table["status"].to_pylist()) == {"converged"}
        assert [item.hash for item in batch.items] == seen[-2:]
        if at == 0:
            for child in multiprocessing.active_children():
                assert child.pid is not None
                os.kill(child.pid, signal.SIGKILL)
    assert sorted(seen) == sorted(item.hash for batch in batches for item in batch.items)


@pytest.mark.usefixtures("in_fours")
def test_rows_are_the_same_wherever_they_are_solved(tmp_path: Path) -> None:
    plan = make_plan(tmp_path, grid=SOME)
    here = sweep(plan, output=tmp_path / "here").to_frame()
    crews: dict[str, dict[str, Any]] = {"processes": {"workers": 2}}
    if find_spec("distributed") is not None:
        crews["dask"] = {"dask": "local", "workers": 2}
    for name, options in crews.items():
        result = sweep(plan, output=tmp_path / name, **options)
        assert (result.solved, result.failed) == (12, 0)
        pd.testing.assert_frame_equal(result.to_frame(), here, check_exact=True)
    if "dask" not in crews:
        pytest.skip("Dask is not installed: compared with processes alone")


SCRIPT = """
from accord.assessment.sweep.crew import with_processes
from accord.core.errors import InputError

try:
    list(with_processes(2)({}, []))
except InputError as error:
    print(error)
"""


def test_workers_of_a_script_that_starts_itself_again_are_refused_at_once(tmp_path: Path) -> None:
    """Nothing stands below `if __name__ == "__main__":`, so every worker runs the whole script."""
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True)
    assert "end before they begin" in done.stdout
    assert '__name__ == "__main__"' in done.stdout


@pytest.mark.skipif(find_spec("distributed") is None, reason="Dask is not installed")
def test_killed_workers_of_a_cluster_lose_nothing(tmp_path: Path) -> None:
    from distributed import Client, LocalCluster

    plan = read_plan(make_plan(tmp_path, grid=SOME))
    batches = items_of(plan, 2)
    seen: list[str] = []
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0") as here,
        Client(here, set_as_default=False) as client,
    ):
        crew = with_dask(client.scheduler.address, 2)
        for at, (_, table) in enumerate(crew(open_grounds(plan), batches)):
            seen += dict.fromkeys(table["hash"].to_pylist())
            assert set(table["status"].to_pylist()) == {"converged"}
            if at == 0:  # both, and what was sent to them goes with them
                for pid in client.run(os.getpid).values():
                    os.kill(pid, signal.SIGKILL)
    assert sorted(seen) == sorted(item.hash for batch in batches for item in batch.items)


PLAN = """
schema = 1
deal = "small.toml"
world = "small.npz"
settings.paths = 0
sample.count = 4000
sample.term.cars = { low = 0.0, high = 0.25 }
sample.elasticity.all = { low = 0.5, high = 2.0 }
"""


def test_a_command_that_is_killed_goes_on_and_loses_nothing(tmp_path: Path) -> None:
    make_plan(tmp_path)
    (tmp_path / "plan.toml").write_text(PLAN, encoding="utf-8")
    code = "from accord.cli.main import main; main()"
    command = [sys.executable, "-c", code, "sweep", "plan.toml", "--output", "table"]
    done = tmp_path / "table" / "_done"
    with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.DEVNULL) as process:
        while process.poll() is None and len(list(done.glob("*.parquet"))) < 2:
            time.sleep(0.05)
        process.kill()
    assert process.returncode == -signal.SIGKILL
    written = {path.name: path.read_bytes() for path in done.glob("*.parquet")}
    finished = {
        digest
        for path in done.glob("*.parquet")
        for digest in pq.read_table(path)["hash"].to_pylist()
    }
    assert 0 < len(finished) < 4000
    text = PLAN.replace("4000", str(len(finished) + 30))
    (tmp_path / "plan.toml").write_text(text, encoding="utf-8")
    result = sweep(tmp_path / "plan.toml", output=tmp_path / "table")
    assert (result.kept, result.solved) == (len(finished), 30)
    assert {name: (done / name).read_bytes() for name in written} == written
    frame = result.to_frame()
    assert frame["scenario"].nunique() == len(finished) + 30
    assert set(frame["status"]) == {"converged"}
    assert finished <= set(frame["hash"])
