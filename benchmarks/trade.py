"""How fast the trade engine is: `uv run python benchmarks/trade.py`, tables on the screen.

All ratios are of figures measured in the same run. Nothing here is a test: timings depend on the
machine and on what else it does, so medians and minima are printed, and no limit is enforced.
"""

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # before NumPy: the floor is that of one thread

import jax
import jax.numpy as jnp
import numpy as np
from batches import time_many
from compiled_textbook import time_compiled
from tables import Timing, measure, print_table
from textbook import solve_textbook
from worlds import Case, build_cases, build_invented, raise_by_largest

from accord.trade.config import TradeConfig
from accord.trade.iteration.anderson import DEPTH, FixedPoint, accelerate
from accord.trade.iteration.gradient import welfare_gradient
from accord.trade.iteration.kernel import SWEEPS, step
from accord.trade.iteration.methods import _fast
from accord.trade.iteration.prepare import prepare
from accord.trade.iteration.state import Kernel, initial_state
from accord.trade.model import TradeModel
from accord.trade.path.interpolation import interpolate_welfare
from accord.trade.path.solver import solve_trade_path
from accord.trade.plan import TradeShock
from accord.trade.solver import solve_trade

FLOAT = 8
TOLERANCE = 1e-10
GRADIENT_LIMIT = 3.0
STREAM = 16_000_000  # elements: several times the last cache of the machines we know
PASSES = 50
YEARS = 35
TABLES = (
    "solve", "gradient", "path", "bandwidth", "growth", "single", "many", "textbook", "compiled",
    "cold",
)  # fmt: skip
SINGLE = (1e-3, 1e-4)  # residuals at which double precision takes over
SINGLE_STEPS = 60

COLD = """
import sys, time
start = time.perf_counter()
from accord.data.store import load_world
from accord.trade.model import TradeModel
from accord.trade.plan import TradeShock
from accord.trade.solver import solve_trade
imported = time.perf_counter()
w = load_world()
model = TradeModel.from_arrays(
    flows=w.flows, tariff=w.tariff, value_added_share=w.value_added_share,
    input_share=w.input_share, elasticity=w.elasticity, labels=(w.regions, w.sectors))
tariff = w.tariff.copy()
us, korea = w.regions.index("USA"), w.regions.index("KOR")
tariff[us, korea, :-1] += 0.15
built = time.perf_counter()
solve_trade(model, TradeShock(tariff=tariff))
solved = time.perf_counter()
print(imported - start, built - imported, solved - built)
"""


def time_solves(cases: list[Case], repeats: int) -> None:
    """Print the time of the public verb, and of its compiled part alone."""
    rows = []
    for case in cases:
        public, compiled, steps = _time_solve(case.model, case.tariff, repeats)
        rows.append(
            (
                *(case.size, case.name, steps, public, compiled),
                f"{public.minimum / compiled.minimum:.2f}",
                *_against(public, case.target),
            )
        )
    header = ("size", "shock", "steps", "solve_trade, ms", "compiled part, ms", "ratio",
              "target, ms", "median / target", "minimum / target")  # fmt: skip
    print_table("Solves, warm, to 1e-10 (median / minimum)", header, rows)


def _time_solve(model: TradeModel, tariff: np.ndarray, repeats: int) -> tuple[Timing, Timing, int]:
    shock, config = TradeShock(tariff=tariff), TradeConfig(tolerance=TOLERANCE)
    kernel = prepare(model, shock, config)
    public = measure(lambda: solve_trade(model, shock, config=config), repeats)
    compiled = measure(
        lambda: jax.block_until_ready(
            _fast(kernel, None, config.tolerance, max_steps=config.max_steps)
        ),
        repeats,
    )
    return public, compiled, solve_trade(model, shock, config=config).stats.steps


def _against(timing: Timing, target: float | None) -> tuple[str, str, str]:
    if target is None:
        return "-", "-", "-"
    shares = (f"{1e3 * t / target:.2f}" for t in (timing.median, timing.minimum))
    return f"{target:g}", *shares


def time_gradients(cases: list[Case], repeats: int) -> None:
    """Print the time of one region's welfare gradient, beside the solve it follows."""
    rows = []
    for case in cases:
        solution = solve_trade(case.model, TradeShock(tariff=case.tariff))
        solve = measure(lambda s=solution: solve_trade(s.model, s.shock), repeats)
        region = case.model.regions[3]
        gradient = measure(lambda s=solution, r=region: welfare_gradient(s, r), repeats)
        rows.append(
            (
                *(case.size, case.name, case.tariff.size, gradient, solve),
                f"{gradient.median / solve.median:.2f}",
                f"{gradient.minimum / solve.minimum:.2f}",
                f"{GRADIENT_LIMIT:g}",
            )
        )
    header = ("size", "shock", "tariffs", "gradient, ms", "solve_trade, ms", "ratio of medians",
              "ratio of minima", "target")  # fmt: skip
    print_table("Welfare of one region with respect to every tariff", header, rows)


def time_paths(cases: list[Case], repeats: int) -> None:
    """Print the time of a path of years, solved and interpolated, beside as many static solves."""
    rows = []
    for case in cases:
        model, shock = case.model, TradeShock(tariff=case.tariff)
        plan = [shock] * YEARS
        path = measure(lambda m=model, p=plan: solve_trade_path(m, p), repeats)
        near = measure(lambda m=model, p=plan: interpolate_welfare(m, p), repeats)
        static = measure(lambda m=model, p=plan: [solve_trade(m, year) for year in p], repeats)
        done = solve_trade_path(model, plan)
        steps = YEARS * solve_trade(model, shock).stats.steps
        rows.append(
            (
                *(case.size, case.name, f"{done.steps} / {steps}", path, static, near),
                f"{path.minimum / static.minimum:.2f}",
                f"{near.minimum / path.minimum:.2f}",
            )
        )
    header = ("size", "shock", "steps, path / static", "path, ms", "static, ms",
              "interpolated, ms", "path / static", "interpolated / path")  # fmt: skip
    print_table(f"A path of {YEARS} years, and as many static solves", header, rows)


def bytes_of_step(regions: int, sectors: int) -> int:
    """Return the bytes that one step of the loop must read, counted by hand.

    A pass over the cubes or the input shares reads them once. Vectors the length of the state,
    which stay in the first cache, are not counted, except the history, which is a table of them.
    """
    cube, recipes = regions * regions * sectors, regions * sectors * sectors
    state = regions + 2 * regions * sectors
    prices = SWEEPS * (cube + recipes)  # A, gamma
    revenue = cube  # B
    sales = SWEEPS * (cube + recipes)  # B, gamma
    history = 3 * DEPTH * state  # F twice, G once
    return FLOAT * (prices + revenue + sales + history)


def time_bandwidth(cases: list[Case], repeats: int) -> None:
    """Print the bytes a second of the loop against what one thread of this process reads at best.

    The loop runs in one thread, and so do the products that it is held against: NumPy's library
    would spread a long one over all processors (`OPENBLAS_NUM_THREADS`, at the top).
    """
    stream = _rate_of_stream()
    rows = []
    for case in cases:
        N, J = len(case.model.regions), len(case.model.sectors)
        _, compiled, steps = _time_solve(case.model, case.tariff, repeats)
        dot, matvec = _rate_of_dot(N * N * J, repeats), _rate_of_matvec(N, J, repeats)
        volume = bytes_of_step(N, J) * steps
        floor = volume / max(stream, dot, matvec)
        rows.append(
            (
                *(case.size, case.name, f"{bytes_of_step(N, J) / 1e6:.2f}", steps),
                f"{volume / compiled.minimum / 1e9:.1f}",
                *(f"{rate / 1e9:.1f}" for rate in (stream, dot, matvec)),
                f"{floor * 1e3:.2f}",
                f"{compiled.minimum * 1e3:.2f}",
                f"{compiled.minimum / floor:.2f}",
            )
        )
    header = ("size", "shock", "MB a step", "steps", "loop, GB/s", "memory, GB/s", "dot, GB/s",
              "matvec, GB/s", "floor, ms", "loop, ms", "ratio")  # fmt: skip
    print_table("Bytes read by the loop, and the floor they set (minima)", header, rows)


def _rate_of_stream() -> float:
    """Return bytes a second of a scaled sum of arrays that no cache can hold."""
    a, b, c = (np.ones(STREAM) for _ in range(3))

    def triad() -> None:
        np.multiply(b, 0.5, out=a)
        np.add(a, c, out=a)

    return 5 * FLOAT * STREAM / measure(triad, 5).minimum


def _rate_of_dot(size: int, repeats: int) -> float:
    """Return bytes a second of a library dot product of two arrays as large as one cube."""
    a, b = np.ones(size), np.ones(size)
    return 2 * FLOAT * size / measure(lambda: a @ b, PASSES * repeats).minimum


def _rate_of_matvec(N: int, J: int, repeats: int) -> float:
    """Return bytes a second of the loop's own product with two cubes, and nothing else."""
    draw = np.random.default_rng(0)
    A, B = (jnp.asarray(draw.random((J, N, N)) / N) for _ in range(2))

    @jax.jit
    def repeat(A: jax.Array, B: jax.Array, s: jax.Array) -> jax.Array:
        def body(_: jax.Array, s: jax.Array) -> jax.Array:
            return jnp.einsum("jni,jn->ji", B, jnp.einsum("jni,ji->jn", A, s))

        return jax.lax.fori_loop(0, PASSES, body, s)

    s = jnp.ones((J, N))
    timing = measure(lambda: jax.block_until_ready(repeat(A, B, s)), repeats)
    return 2 * PASSES * FLOAT * A.size / timing.minimum


def time_growth(repeats: int, *, quick: bool) -> None:
    """Print solve times as regions, then sectors, multiply, and the exponents they suggest."""
    regions, sectors = ((4, 6), (3, 4)) if quick else ((16, 32, 64, 128), (10, 20, 40, 80))
    fixed_sectors, fixed_regions = sectors[1], regions[1]
    for label, sizes in (
        (f"Growth with regions, {fixed_sectors} sectors", [(n, fixed_sectors) for n in regions]),
        (f"Growth with sectors, {fixed_regions} regions", [(fixed_regions, j) for j in sectors]),
    ):
        rows = []
        times = []
        for N, J in sizes:
            model = build_invented(N, J)
            public, compiled, steps = _time_solve(model, raise_by_largest(model, J), repeats)
            times.append((public.minimum, compiled.minimum / steps, bytes_of_step(N, J)))
            rows.append((f"{N} x {J}", steps, public, compiled, f"{1e6 * times[-1][1]:.1f}"))
        varying = [N * J for N, J in sizes]
        slopes = [
            np.polyfit(np.log(varying), np.log([row[i] for row in times]), 1)[0] for i in range(3)
        ]
        rows.append(("exponent", "", f"{slopes[0]:.2f}", "", f"{slopes[1]:.2f}"))
        rows.append(("exponent of the bytes", "", "", "", f"{slopes[2]:.2f}"))
        header = ("size", "steps", "solve_trade, ms", "compiled part, ms", "a step, us")
        print_table(f"{label} (median / minimum)", header, rows)


def time_single(cases: list[Case], repeats: int) -> None:
    """Print what a start in single precision saves, the end in double precision, same residual."""
    rows = []
    for case in cases:
        kernel = prepare(case.model, TradeShock(tariff=case.tariff), TradeConfig())
        double = _double(kernel, initial_state(kernel.base))
        alone = _processor_ms(lambda k=kernel: _double(k, initial_state(k.base)), repeats)
        for until in SINGLE:
            first, second = _mixed(kernel, until=until)
            taken = _processor_ms(lambda k=kernel, u=until: _mixed(k, until=u), repeats)
            apart = float(jnp.abs(second.state - double.state).max())
            rows.append((case.size, case.name, f"{until:g}", int(double.steps),
                         f"{int(first.steps)} + {int(second.steps)}", f"{alone:.2f}",
                         f"{taken:.2f}", f"{taken / alone:.2f}", f"{apart:.0e}"))  # fmt: skip
    header = ("size", "shock", "single until", "steps, double", "steps, single + double",
              "double, ms", "single first, ms", "ratio", "largest difference")  # fmt: skip
    print_table("A start in single precision (processor time, minima)", header, rows)


@jax.jit
def _double(kernel: Kernel, start: jax.Array) -> FixedPoint:
    return accelerate(partial(step, kernel), start, TOLERANCE / 2, TradeConfig().max_steps)


@partial(jax.jit, static_argnames="until")
def _mixed(kernel: Kernel, *, until: float) -> tuple[FixedPoint, FixedPoint]:
    single = jax.tree.map(lambda array: array.astype(jnp.float32), kernel)
    first = accelerate(partial(step, single), initial_state(single.base), until, SINGLE_STEPS)
    return first, _double(kernel, first.state.astype(jnp.float64))


def _processor_ms(call: Callable[[], object], repeats: int) -> float:
    times = []
    for _ in range(repeats + 1):
        start = time.process_time()
        jax.block_until_ready(call())
        times.append(time.process_time() - start)
    return 1e3 * min(times[1:])


def time_textbook(cases: list[Case], repeats: int, tolerance: float, max_rounds: int) -> None:
    """Print how long the textbook takes, and whether both agree."""
    rows = []
    for case in cases:
        start = time.perf_counter()
        textbook = solve_textbook(case.model, case.tariff, tolerance, max_rounds)
        took = time.perf_counter() - start
        shock = TradeShock(tariff=case.tariff)
        ours = measure(lambda m=case.model, s=shock: solve_trade(m, s), repeats)
        welfare = solve_trade(case.model, shock).value.welfare
        rows.append(
            (
                *(case.size, case.name, textbook.rounds, f"{textbook.residual:.0e}"),
                f"{took * 1e3:.0f}",
                ours,
                f"{took / ours.median:.0f}",
                f"{np.abs(textbook.welfare - welfare).max():.0e}",
            )
        )
    header = ("size", "shock", "rounds", "residual", "textbook, ms", "solve_trade, ms",
              "ratio to median", "largest difference of welfare")  # fmt: skip
    print_table("A textbook nested fixed point, once, and solve_trade to 1e-10", header, rows)


def time_cold(*, quick: bool) -> None:
    """Print the seconds of a first solve in a new process, before and after compilation."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "ACCORD_CACHE_DIR": folder}
        for cache in ("empty", "filled", "filled, again")[: 2 if quick else 3]:
            start = time.perf_counter()
            done = subprocess.run(  # noqa: S603  (this interpreter, a fixed program)
                [sys.executable, "-c", COLD],
                env=environment,
                capture_output=True,
                text=True,
                check=True,
            )
            whole = time.perf_counter() - start
            rows.append((cache, *(f"{float(t):.2f}" for t in [*done.stdout.split(), whole])))
    header = ("compilation cache", "imports, s", "world and model, s", "first solve, s",
              "whole process, s")  # fmt: skip
    print_table("A first solve of the embedded world in a new process", header, rows)


def _read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="+", choices=TABLES, default=list(TABLES))
    parser.add_argument("--repeats", type=int, default=40, help="timed calls of each kind")
    parser.add_argument("--textbook-tolerance", type=float, default=TOLERANCE)
    parser.add_argument("--textbook-rounds", type=int, default=3000)
    parser.add_argument("--quick", action="store_true", help="tiny worlds, two calls of each kind")
    return parser.parse_args()


def main() -> None:
    """Print the tables asked for."""
    options = _read_options()
    repeats = 2 if options.quick else options.repeats
    cases = build_cases(quick=options.quick)
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    print(
        f"Python {platform.python_version()}, NumPy {np.__version__}, JAX {jax.__version__}, "
        f"{os.cpu_count()} cores{load}; {Path(sys.argv[0]).name}, {repeats} calls of each kind"
    )
    wanted = set(options.only)
    if "solve" in wanted:
        time_solves(cases, repeats)
    if "gradient" in wanted:
        time_gradients(cases, repeats)
    if "path" in wanted:
        time_paths(cases, max(2, repeats // 10))
    if "bandwidth" in wanted:
        time_bandwidth(cases, repeats)
    if "growth" in wanted:
        time_growth(repeats, quick=options.quick)
    if "single" in wanted:
        time_single(cases, repeats)
    if "textbook" in wanted:
        time_textbook(cases, repeats, options.textbook_tolerance, options.textbook_rounds)
    if "many" in wanted:
        time_many(cases, max(2, repeats // 10), quick=options.quick)
    if "compiled" in wanted:
        time_compiled(cases, repeats, options.textbook_tolerance, options.textbook_rounds)
    if "cold" in wanted:
        time_cold(quick=options.quick)


if __name__ == "__main__":
    main()
