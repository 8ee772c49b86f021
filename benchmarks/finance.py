"""How fast the finance engine is: `uv run python benchmarks/finance.py`, tables on the screen.

Paths of projects and waterfall over 35 years, by quarter, against the bytes the books hold and a
plain Python loop over the same paths. Ratios are of figures measured in the same run.
"""

import argparse

import numpy as np
from loops import solve_in_plain_python
from tables import measure, memory_bandwidth, print_table

from accord.deal.load import load_deal
from accord.finance.config import FinanceConfig
from accord.finance.draws import draw
from accord.finance.rates import STEPS
from accord.finance.solver import solve_finance
from accord.lowering.finance import lower_finance

PATHS = 10_000
LIMIT = 2.0
FLOAT = 8


def main() -> None:
    """Print every table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--quick", action="store_true", help="few paths, to see that it runs")
    quick = options.parse_args().quick
    paths, repeats = (200, 1) if quick else (PATHS, 5)
    deal = load_deal("us-korea-2025")
    plans = {name: pair.plan for name in ("us_demand", "korea_counter", "signed")
             for pair in lower_finance(deal, name)}  # fmt: skip
    bandwidth = memory_bandwidth()
    rows = []
    for name, plan in plans.items():
        config = FinanceConfig(paths=paths)
        solution = solve_finance(plan, config)
        time = measure(lambda plan=plan, config=config: solve_finance(plan, config), repeats)
        steps = plan.years * STEPS
        books = sum(1 for flow in solution.value.flows.values() if np.any(flow))
        held = books * paths * steps * FLOAT
        floor = held / bandwidth
        rows.append(
            [name, solution.stats.projects, time, f"{time.median / LIMIT:.2f}",
             f"{held / 1e6:.0f}", f"{1e3 * floor:.1f}", f"{time.minimum / floor:.0f}"]
        )  # fmt: skip
    print_table(
        f"{paths} paths, 35 years by quarter (median / minimum)",
        ["package", "projects", "solve_finance, ms", f"median / {LIMIT:g} s", "books, MB",
         f"floor at {bandwidth / 1e9:.0f} GB/s, ms", "minimum / floor"],
        rows,
    )  # fmt: skip
    growth = []
    for count in (paths // 4, paths // 2, paths):
        time = measure(lambda n=count: solve_finance(plans["signed"], FinanceConfig(n)), repeats)
        growth.append([count, time, f"{1e6 * time.minimum / count:.1f}"])
    print_table("Growth with paths (signed)", ["paths", "ms", "us a path"], growth)
    few = 20 if quick else 100
    plan = plans["signed"]
    luck = draw(few, plan.years * STEPS, 1)
    slow = measure(lambda: solve_in_plain_python(plan, luck), 1)
    fast = measure(lambda: solve_finance(plan, FinanceConfig(paths)), repeats)
    ratio = (slow.minimum / few) / (fast.minimum / paths)
    print_table(
        "A plain Python loop (signed: pipeline, cap, cash flow, waterfall, guarantee)",
        ["paths", "us a path, loop", "us a path, solve_finance", "ratio"],
        [[few, f"{1e6 * slow.minimum / few:.0f}", f"{1e6 * fast.minimum / paths:.1f}",
          f"{ratio:.0f}"]],
    )  # fmt: skip


if __name__ == "__main__":
    main()
