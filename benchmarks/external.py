"""How fast the external engine is: `uv run python benchmarks/external.py`, tables on the screen.

Months of reserves, currency and debt on random paths, against the bytes that the months hold and
the same recursion for one path at a time. Ratios are of figures measured in the same run.
"""

import argparse
from dataclasses import replace

import numpy as np
from tables import measure, memory_bandwidth, print_table

from accord.assessment.snapshot.finance import solve_package_finance
from accord.data.store import load_world
from accord.deal.load import load_deal
from accord.external.capacity import safe_capacity
from accord.external.config import ExternalConfig
from accord.external.draws import draw_months
from accord.external.events import run_events
from accord.external.plan import SOURCES
from accord.external.solver import run_months, solve_external
from accord.finance.config import FinanceConfig
from accord.lowering.external import lower_external

PATHS = 10_000
LIMIT = 1.0
FLOAT = 8
DRAWN = 4  # numbers drawn a month and path
KEPT = 8 + len(SOURCES) + 1  # numbers kept a month and path


def main() -> None:
    """Print every table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--quick", action="store_true", help="few paths, to see that it runs")
    quick = options.parse_args().quick
    paths, repeats = (200, 1) if quick else (PATHS, 7)
    deal, world = load_deal("us-korea-2025"), load_world()
    names = ("no_deal", "us_demand", "signed")
    money = solve_package_finance(deal, names, FinanceConfig(100))
    plans = {
        name: lower_external(
            deal, name, "KOR", world, money=[pair for pair in money if pair.package == name]
        )
        for name in names
    }
    bandwidth = memory_bandwidth()
    rows = []
    for name, plan in plans.items():
        config = ExternalConfig(paths)
        events = run_events(plan, config)
        whole = measure(lambda plan=plan, config=config: solve_external(plan, config), repeats)
        drawn = measure(lambda plan=plan: draw_months(plan, paths, 1), repeats)
        months = measure(
            lambda plan=plan, config=config, given=events: run_months(plan, config, given), repeats
        )
        floor = (DRAWN + KEPT) * FLOAT * plan.months * paths / bandwidth
        rows.append(
            [name, whole, f"{whole.median / LIMIT:.2f}", drawn, months, f"{1e3 * floor:.1f}",
             f"{whole.minimum / floor:.0f}"]
        )  # fmt: skip
    print_table(
        f"{paths} paths, {plans['signed'].months} months (median / minimum)",
        ["package", "solve_external, ms", f"median / {LIMIT:g} s", "draws, ms", "months, ms",
         f"floor at {bandwidth / 1e9:.0f} GB/s, ms", "minimum / floor"],
        rows,
    )  # fmt: skip
    plan = plans["signed"]
    growth = []
    for count in (paths // 4, paths // 2, paths):
        time = measure(lambda n=count: solve_external(plan, ExternalConfig(n)), repeats)
        growth.append([count, time, f"{1e6 * time.minimum / count:.1f}"])
    print_table("Growth with paths (signed)", ["paths", "ms", "us a path"], growth)
    fast = measure(lambda: solve_external(plan, ExternalConfig(paths)), repeats)
    few = 5 if quick else 50
    slow = measure(
        lambda: [solve_external(plan, ExternalConfig(1, seed)) for seed in range(few)], 1
    )
    ratio = (slow.minimum / few) / (fast.minimum / paths)
    print_table(
        "One path at a time (signed)",
        ["paths", "us a path, one by one", "us a path, together", "ratio"],
        [[few, f"{1e6 * slow.minimum / few:.0f}", f"{1e6 * fast.minimum / paths:.1f}",
          f"{ratio:.0f}"]],
    )  # fmt: skip
    idle = replace(plan, payments=np.zeros(plan.months))
    search = []
    for count in (paths // 10, paths // 4):
        time = measure(lambda n=count: safe_capacity(idle, config=ExternalConfig(n)), repeats)
        search.append([count, time])
    print_table("The safe yearly amount, one way of paying", ["paths", "ms"], search)


if __name__ == "__main__":
    main()
