"""How many scenarios fit into a second, how large a world may be, and what a kill costs.

`uv run python benchmarks/scale.py`, tables on the screen. Figures of one table are of one run, the
ways to solve in turns, so quote ratios. Nothing here is a test.
"""

import argparse
import multiprocessing
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from tables import print_table
from trade import _rate_of_matvec, bytes_of_step
from worlds import build_invented, draw_shocks

from accord.assessment.sweep.store import DONE_FOLDER
from accord.assessment.sweep.sweep import sweep
from accord.data.files.world_file import open_world
from accord.data.store import OLDER_WORLD
from accord.lowering.trade import build_trade_model
from accord.trade.batch import solve_trade_many
from accord.trade.model import TradeModel
from accord.trade.plan import TradeShock
from accord.trade.solver import solve_trade

WORKERS = 2
ROUNDS = 3
MB = 1 << 20
SIZES = ((44, 20), (80, 50), (140, 60), (200, 60))
_models: dict[str, TradeModel] = {}
TABLES = ("rate", "growth", "crews", "resume")
PLAN = """
schema = 1
deal = "us-korea-2025"
world = "world-2014"
packages = ["signed"]
figures = "{figures}"
settings = {{ paths = 0, ranges = false, elasticities = "ll2023" }}
sample = {{ count = {count}, term.cars = {{ low = 0.0, high = 0.15 }} }}
"""


def seconds(call: Callable[[], Any]) -> tuple[float, float]:
    """Return wall and processor seconds of a call, its child processes included."""
    before, start = _processor(), time.perf_counter()
    call()
    return time.perf_counter() - start, _processor() - before


def _processor() -> float:
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(used.ru_utime + used.ru_stime for used in both)


def model_of(name: str) -> TradeModel:
    """Return the model of an embedded world; an invented one of a few regions for "quick"."""
    if name == "quick":
        return build_invented(9, 6)
    world = open_world(name)
    return build_trade_model(world, world.default_elasticities)


def alone(model: TradeModel, shocks: list[TradeShock]) -> np.ndarray:
    """Return welfare by scenario, solved one by one."""
    return np.array([solve_trade(model, shock).welfare for shock in shocks])


def together(model: TradeModel, shocks: list[TradeShock]) -> np.ndarray:
    """Return welfare by scenario, solved side by side."""
    return np.array([solution.welfare for solution in solve_trade_many(model, shocks)])


def time_rate(*, quick: bool) -> None:
    """Print scenarios a second at 44 x 20, one by one and batched, and the floor."""
    name, count = ("quick", 24) if quick else (OLDER_WORLD, 512)
    model = model_of(name)
    shocks = draw_shocks(model, count)
    ways: dict[str, Callable[[], Any]] = {
        "one by one": lambda: alone(model, shocks),
        "batched": lambda: together(model, shocks),
    }
    apart = np.abs(alone(model, shocks[:16]) - together(model, shocks[:16])).max()
    best = dict.fromkeys(ways, (np.inf, np.inf))
    for _ in range(ROUNDS):
        for way, call in ways.items():
            best[way] = tuple(map(min, best[way], seconds(call)))
    if not quick:
        best[f"batched, {WORKERS} processes"] = _time_processes(name, count)
    N, J = model.sales.shape
    steps = float(np.mean([solve_trade(model, shock).stats.steps for shock in shocks[:16]]))
    floor = bytes_of_step(N, J) * steps / _rate_of_matvec(N, J, ROUNDS)
    single = best["one by one"][1]
    rows = [
        (f"{N} x {J}", way, f"{count / wall:.0f}", f"{count / used:.0f}", f"{single / used:.2f}",
         f"{used / count / floor:.1f}")
        for way, (wall, used) in best.items()
    ]  # fmt: skip
    header = ("size", "way", "a second", "a second of a processor", "ratio", "time / floor")
    print_table("Equilibria a second; rates of one importer differ", header, rows)
    print(
        f"\nwelfare differs by {apart:.0e} at most. The floor is {1 / floor:.0f} a second: "
        f"{steps:.0f} steps that read {bytes_of_step(N, J) / MB:.2f} MiB as matrix products do."
    )


def _time_processes(name: str, count: int) -> tuple[float, float]:
    """Return wall and processor seconds of as many scenarios in processes that are warm."""
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(WORKERS, mp_context=spawn) as pool:
        share = [(name, count // WORKERS)] * WORKERS
        list(pool.map(_in_process, share))
        start = time.perf_counter()
        used = sum(pool.map(_in_process, share))
        return time.perf_counter() - start, used


def _in_process(given: tuple[str, int]) -> float:
    name, count = given
    if name not in _models:
        _models[name] = model_of(name)
    model = _models[name]
    shocks = draw_shocks(model, count)
    before = time.process_time()
    together(model, shocks)
    return time.process_time() - before


GROWTH = """
import sys
sys.path.insert(0, "benchmarks")
from scale import grow
grow(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
"""


def grow(regions: int, sectors: int, count: int) -> None:
    """Print steps, time of an equilibrium alone and batched, seconds, and peak memory, MB."""
    model = build_invented(regions, sectors)
    shocks = draw_shocks(model, count)
    steps = solve_trade(model, shocks[0]).stats.steps
    together(model, shocks)
    single = min(seconds(lambda: alone(model, shocks))[1] for _ in range(2)) / count
    many = min(seconds(lambda: together(model, shocks))[1] for _ in range(2)) / count
    print(steps, single, many, model.flows.nbytes / MB, _peak_memory())


def _peak_memory() -> float:
    """Return the most memory that this process has held, MiB; not what its parent held."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def time_growth(*, quick: bool) -> None:
    """Print how time and memory grow with the size of the world, each size in its own process."""
    rows = []
    for regions, sectors in ((6, 4),) if quick else SIZES:
        words = [sys.executable, "-c", GROWTH, str(regions), str(sectors), "16"]
        done = subprocess.run(  # noqa: S603
            words, cwd=Path(__file__).parents[1], capture_output=True, text=True, check=True
        )
        steps, single, many, cube, peak = map(float, done.stdout.split())
        rows.append(
            (f"{regions} x {sectors}", f"{steps:.0f}", f"{1e3 * single:.1f}", f"{1e3 * many:.1f}",
             f"{single / many:.2f}", f"{cube:.1f}", f"{peak:.0f}")
        )  # fmt: skip
    header = ("size", "steps", "one by one, ms", "batched, ms", "ratio", "a cube, MiB",
              "peak memory, MiB")  # fmt: skip
    print_table("Growth with the world: processor time of an equilibrium, 16 scenarios",
                header, rows)  # fmt: skip


def time_crews(*, quick: bool) -> None:
    """Print the time of whole sweeps in this process, in two and on Dask, start included."""
    crews: dict[str, dict[str, Any]] = {"in-process": {}}
    if not quick:
        crews[f"{WORKERS} processes"] = {"workers": WORKERS}
        if find_spec("distributed") is not None:
            crews[f"Dask, {WORKERS} workers"] = {"workers": WORKERS, "dask": "local"}
    sizes = {"yearly": 32} if quick else {"yearly": 2048, "payoffs": 48}
    rows = [row for figures, count in sizes.items() for row in _time_crews(crews, figures, count)]
    header = ("figures", "crew", "scenarios", "wall, s", "processor, s", "a second", "ratio",
              "same rows")  # fmt: skip
    print_table("A sweep of us-korea-2025 in world-2014, from deal to table", header, rows)


def _time_crews(
    crews: dict[str, dict[str, Any]], figures: str, count: int
) -> Iterator[tuple[object, ...]]:
    first, frame = None, None
    for name, options in crews.items():
        with tempfile.TemporaryDirectory() as folder:
            plan, table = Path(folder) / "plan.toml", Path(folder) / "table"
            plan.write_text(PLAN.format(count=count, figures=figures), encoding="utf-8")
            wall, used = seconds(lambda o=options, p=plan, t=table: sweep(p, output=t, **o))
            rows = sweep(plan, output=table).to_frame()
        first, frame = first or wall, rows if frame is None else frame
        yield (figures, name, count, f"{wall:.1f}", f"{used:.1f}", f"{count / wall:.1f}",
               f"{first / wall:.2f}", "yes" if frame.equals(rows) else "no")  # fmt: skip


def time_resume(*, quick: bool) -> None:
    """Print what a sweep that is killed leaves, and what the next run does."""
    count = 240 if quick else 3000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        plan, done = folder / "plan.toml", folder / "table" / DONE_FOLDER
        plan.write_text(PLAN.format(count=count, figures="yearly"), encoding="utf-8")
        code = "from accord.cli.main import main; main()"
        words = [sys.executable, "-c", code, "sweep", str(plan), "--output", str(done.parent)]
        with subprocess.Popen(words, stderr=subprocess.DEVNULL) as process:  # noqa: S603
            while process.poll() is None and len(list(done.glob("*.parquet"))) < 3:
                time.sleep(0.05)
            os.kill(process.pid, signal.SIGKILL)
        written = {path.name: path.stat().st_mtime_ns for path in done.glob("*.parquet")}
        result = sweep(plan, output=done.parent)
        untouched = all((done / file).stat().st_mtime_ns == when for file, when in written.items())
        frame = result.to_frame()
        twice = result.kept + result.solved - frame["hash"].nunique()
        lost = count - frame["scenario"].nunique()
    header = ("scenarios", "finished when killed", "solved after", "lost", "done twice",
              "files untouched")  # fmt: skip
    rows = [(count, result.kept, result.solved, lost, twice, "yes" if untouched else "no")]
    print_table("A sweep killed by SIGKILL, and started again", header, rows)


def main() -> None:
    """Print the tables asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small worlds, few scenarios")
    parser.add_argument("--only", choices=TABLES, help="only this table")
    given = parser.parse_args()
    tables = {
        "rate": time_rate, "growth": time_growth, "crews": time_crews, "resume": time_resume,
    }  # fmt: skip
    for name, show in tables.items():
        if given.only in (None, name):
            show(quick=given.quick)


if __name__ == "__main__":
    main()
