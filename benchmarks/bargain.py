"""What a bargain over terms costs: `uv run python benchmarks/bargain.py`, tables on the screen.

Evaluations of payoffs, seconds, and how far the payoffs over terms are off at terms never used.
Nothing here is a test; no limit is enforced.
"""

import argparse
import os
import platform
import sys
import time
from pathlib import Path

import numpy as np
from tables import print_table

from accord.assessment.bargain.movable_package import MovablePackage, make_movable
from accord.assessment.bargain.over_terms import SEARCH, TermBargain
from accord.assessment.settings import AssessSettings
from accord.assessment.valuation.appraiser import Appraiser
from accord.assessment.views.rule import build_view
from accord.bargaining.frontier import trace_frontier
from accord.core.numerics.surrogate import SurrogateConfig
from accord.data.store import load_world
from accord.deal.load import load_deal

TARGET = 60.0
CASE, PACKAGE = "us-korea-2025", "signed"
FIVE = ("cars", "country_rate", "cash", "annual_cap", "loan_share")
MONEY = ("cars", "cash", "annual_cap", "payer_before", "loan_share")


def build_movable(names: tuple[str, ...], paths: int) -> MovablePackage:
    """Return the package of the flagship case whose terms move, nothing solved yet."""
    world = build_view(load_deal(CASE), load_world()).world
    appraiser = Appraiser(world, AssessSettings(paths=paths))
    return make_movable(load_deal(CASE, world=world), PACKAGE, appraiser.payoff, world, names=names)


def time_frontiers(cases: list[tuple[str, ...]], config: SurrogateConfig, paths: int) -> None:
    """Print the cost of a frontier over terms, cold, with and without the value of the money."""
    rows = []
    for names in cases:
        for rough in (config.rough, 0):
            own = SurrogateConfig(
                config.mixed, config.held_out, 0, 0, rough, config.rough_learnt, config.seed
            )
            start = time.perf_counter()
            movable = build_movable(names, paths)
            made = movable.emulate(own).fit()
            fitted = time.perf_counter() - start
            problem = TermBargain.problem_of(made, movable, np.zeros(2))
            points = len(trace_frontier(problem, config=SEARCH, throw=False).value.payoffs)
            whole = time.perf_counter() - start
            rows.append(
                (
                    *(", ".join(names), rough, made.evaluations, f"{made.seconds:.1f}"),
                    *(f"{fitted - made.seconds:.1f}", f"{whole - fitted:.1f}", points),
                    *(f"{100 * made.typical_error:.1f} %", f"{100 * made.worst_error:.1f} %"),
                    *(f"{whole:.1f}", f"{whole / TARGET:.2f}"),
                )
            )
    header = ("terms", "cheap evaluations", "evaluations", "s in them", "fit, s", "frontier, s",
              "points", "typical error", "worst", "in all, s", "in all / 60 s")  # fmt: skip
    print_table("A frontier over terms, cold", header, rows)


def _read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--held-out",
        type=int,
        default=SurrogateConfig().held_out,
        help="terms that measure the error",
    )
    parser.add_argument("--quick", action="store_true", help="two terms, few evaluations")
    return parser.parse_args()


def main() -> None:
    """Print the table."""
    options = _read_options()
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    print(
        f"Python {platform.python_version()}, NumPy {np.__version__}, {os.cpu_count()} cores"
        f"{load}; {Path(sys.argv[0]).name}"
    )
    if options.quick:
        config = SurrogateConfig(mixed=2, held_out=2, rough=32, rough_learnt=32)
        time_frontiers([("cash", "annual_cap")], config, 100)
    else:
        time_frontiers([FIVE, MONEY], SurrogateConfig(held_out=options.held_out), 2000)


if __name__ == "__main__":
    main()
