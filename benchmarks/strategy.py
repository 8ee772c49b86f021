"""How fast tariffs are chosen: `uv run python benchmarks/strategy.py`, tables on the screen.

Beside the times: how many equilibria and gradients each search solved, and what the same search
costs a method that knows no derivatives. Nothing here is a test; no limit is enforced.
"""

import argparse
import contextlib
import os
import platform
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jax
import numpy as np
from scipy.optimize import minimize
from tables import measure, print_table
from worlds import build_embedded, build_invented

from accord.data.labels import EU27, blocs_of
from accord.data.store import load_world
from accord.lowering.trade import build_trade_model
from accord.trade.config import TradeConfig
from accord.trade.model import TradeModel
from accord.trade.plan import TradeShock
from accord.trade.solver import solve_trade
from accord.trade.strategy.instruments import Over, StrategyConfig, build_instruments
from accord.trade.strategy.solution import StrategySolution
from accord.trade.strategy.strategy import best_response, nash_tariffs

RESPONSE_TARGET = 3.0
WAR_TARGET = 30.0
NEAR = 1e-8  # of income: what a search without derivatives must come within
PENALTY = 1.0
MOST_TRIALS = 60_000
TABLES = ("response", "war", "derivative-free")
METHODS: dict[str, dict[str, Any]] = {
    "Nelder-Mead": {"xatol": 1e-7, "fatol": 1e-14, "adaptive": True},
    "Powell": {"xtol": 1e-7, "ftol": 1e-14},
}


@dataclass(frozen=True)
class War:
    """A world, who fights in it, and the seconds allowed."""

    world: str
    model: TradeModel
    parties: Any
    target: float | None


def time_responses(cases: list[War], repeats: int) -> None:
    """Print the time of one party's best response, warm."""
    rows = []
    for case in cases:
        for over in ("partner", "mfn"):
            for party in case.parties:
                call = lambda c=case, p=party, o=over: best_response(c.model, p, over=o)  # noqa: E731
                timing, answer = measure(call, repeats), call()
                rows.append(
                    (
                        *(case.world, answer.parties[0].name, over, count_rates(answer, over)),
                        *(answer.stats.equilibria, answer.stats.gradients),
                        *(f"{np.max([*answer.residuals.values()]):.0e}", timing),
                        "-" if case.target is None else f"{timing.median / case.target:.3f}",
                    )
                )
    header = ("world", "party", "over", "rates", "equilibria", "gradients", "residual", "ms",
              "median / 3 s")  # fmt: skip
    print_table("Best responses, warm (median / minimum)", header, rows)


def count_rates(answer: StrategySolution, over: Over) -> int:
    """Return how many rates the first party set."""
    party, options = answer.parties[0], StrategyConfig()
    return build_instruments(answer.model, party, over=over, options=options).count


def time_wars(cases: list[War], repeats: int) -> None:
    """Print the time of a war to its Nash equilibrium, warm, best replies to check it included."""
    rows = []
    for case in cases:
        for over in ("partner", "mfn"):
            call = lambda c=case, o=over: nash_tariffs(c.model, c.parties, over=o)  # noqa: E731
            timing, war = measure(call, repeats), call()
            regret = np.max([v for k, v in war.residuals.items() if k.startswith("better")])
            rows.append(
                (
                    *(case.world, len(war.parties), over, war.status.name.lower()),
                    *(war.stats.steps, war.stats.equilibria, war.stats.gradients),
                    *(f"{max(0.0, regret):.0e}", timing),
                    "-" if case.target is None else f"{timing.median / case.target:.3f}",
                )
            )
    header = ("world", "parties", "over", "status", "steps", "equilibria", "gradients",
              "best other reply", "ms", "median / 30 s")  # fmt: skip
    print_table("Tariff wars, checks included, warm (median / minimum)", header, rows)


def compare_searches(sizes: tuple[int, ...], most: int) -> None:
    """Print what searches without derivatives need as rates multiply, and where that leads."""
    rows, needed = [], {name: [] for name in METHODS}
    for sectors in sizes:
        model = build_invented(3, sectors).balanced
        party = model.regions[int(model.value_added.argmax())]
        answer = best_response(model, party)
        took = measure(lambda m=model, p=party: best_response(m, p), 3).median
        count = 2 * sectors
        rows.append((count, "gradients", answer.stats.equilibria, answer.stats.gradients,
                     f"{1e3 * took:.0f}", "-", "-"))  # fmt: skip
        for name, settings in METHODS.items():
            trials, seconds, short = search_blind(model, party, name, settings, most=most)
            reached = short <= NEAR
            if reached:
                needed[name].append((count, trials))
            ratio = f"{'' if reached else 'above '}{seconds / took:.0f}"
            rows.append((count, name, trials, 0, f"{1e3 * seconds:.0f}",
                         f"{max(0.0, short):.0e}", ratio))  # fmt: skip
    header = ("rates", "search", "equilibria", "gradients", "ms", "short of the best, of income",
              "time / gradients")  # fmt: skip
    print_table("One best response, three regions, against searches without derivatives", header,
                rows)  # fmt: skip
    extrapolate(needed, answer.stats.equilibria + answer.stats.gradients)


def search_blind(
    model: TradeModel, party: str, method: str, settings: dict[str, Any], *, most: int
) -> tuple[int, float, float]:
    """Return equilibria until within `NEAR` of the best, seconds, and how far short it ended."""
    n = model.regions.index(party)
    others = [i for i in range(len(model.regions)) if i != n]
    best = best_response(model, party).value.welfare[n]
    config = TradeConfig(tolerance=1e-12)
    trials, latest, top = 0, None, -np.inf

    class Reached(Exception):  # noqa: N818
        """The search is near enough, or has had enough."""

    def loss(x: np.ndarray) -> float:
        nonlocal trials, latest, top
        tariff = np.array(model.tariff)
        tariff[n, others] = np.expm1(np.clip(x, np.log(0.5), np.log(6))).reshape(len(others), -1)
        solution = solve_trade(model, TradeShock(tariff), config=config, start=latest, throw=False)
        trials += 1
        if not solution.status.ok:
            return PENALTY
        latest, welfare = solution, float(solution.value.welfare[n])
        top = max(top, welfare)
        if best - top <= NEAR or trials >= most:
            raise Reached
        return -welfare

    origin = np.log1p(model.tariff[n, others]).ravel()
    start = time.perf_counter()
    with contextlib.suppress(Reached):
        minimize(loss, origin, method=method, options={"maxfev": most, **settings})
    return trials, time.perf_counter() - start, best - top


def extrapolate(needed: dict[str, list[tuple[int, int]]], solves: int) -> None:
    """Print the power of the number of rates that the trials grew with, and 817 rates by it."""
    rows = []
    for name, points in needed.items():
        if len(points) < 2:
            rows.append((name, "-", "-", "-"))
            continue
        count, trials = (np.log([point[i] for point in points]) for i in (0, 1))
        power, level = np.polyfit(count, trials, 1)
        far = float(np.exp(level + power * np.log(43 * 19)))
        rows.append((name, f"{power:.2f}", f"{far:.1e}", f"{far / solves:.0e}"))
    header = ("search", "power of rates", "equilibria at 817 rates, by that power",
              "ratio to solves with gradients")  # fmt: skip
    print_table("Where that leads (an extrapolation, not a measurement)", header, rows)


def build_wars(*, quick: bool) -> list[War]:
    """Return the worlds and their parties."""
    if quick:
        small = build_invented(4, 3).balanced
        return [War("4 x 3", small, list(small.regions), None)]
    world = load_world()
    blocs = build_trade_model(world.aggregate(blocs_of(world.regions)), world.default_elasticities)
    whole = build_embedded()
    alone = [region for region in whole.regions if region not in EU27]
    return [
        War("7 x 20", blocs, list(blocs.regions), WAR_TARGET),
        War("44 x 20", whole, {"USA": "USA", "CHN": "CHN", "EU": EU27}, None),
        War("44 x 20", whole, {**{name: name for name in alone}, "EU": EU27}, None),
    ]


def _read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="+", choices=TABLES, default=list(TABLES))
    parser.add_argument("--repeats", type=int, default=10, help="timed calls of each kind")
    parser.add_argument("--trials", type=int, default=MOST_TRIALS, help="most without derivatives")
    parser.add_argument("--quick", action="store_true", help="tiny worlds, two calls of each kind")
    return parser.parse_args()


def main() -> None:
    """Print the tables asked for."""
    options = _read_options()
    repeats = 2 if options.quick else options.repeats
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    print(
        f"Python {platform.python_version()}, NumPy {np.__version__}, JAX {jax.__version__}, "
        f"{os.cpu_count()} cores{load}; {Path(sys.argv[0]).name}, {repeats} calls of each kind"
    )
    wanted = set(options.only)
    if "response" in wanted:
        model = build_invented(4, 3).balanced if options.quick else build_embedded()
        parties = [model.regions[0]] if options.quick else ["USA", "KOR", "ROW", {"EU": EU27}]
        size = f"{len(model.regions)} x {len(model.sectors)}"
        time_responses([War(size, model, parties, RESPONSE_TARGET)], repeats)
    if "war" in wanted:
        time_wars(build_wars(quick=options.quick), repeats)
    if "derivative-free" in wanted:
        sizes, most = ((1, 2), 2000) if options.quick else ((1, 2, 4, 8), options.trials)
        compare_searches(sizes, most)


if __name__ == "__main__":
    main()
