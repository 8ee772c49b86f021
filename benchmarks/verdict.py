"""How fast a verdict is: `uv run python benchmarks/verdict.py`, tables on the screen.

Five packages, 35 years, 500 draws, cold and with nodes kept; what the solver takes of it, how it
grows, and how far the surface is from one equilibrium for every draw and year. Ratios are of
figures measured in the same run; node caches are temporary folders.
"""

import argparse
import os
import tempfile
from dataclasses import replace
from time import perf_counter

import numpy as np
from tables import print_table

from accord.assessment.assess import assess
from accord.assessment.settings import AssessSettings
from accord.assessment.snapshot.packages import Snapshot
from accord.assessment.valuation.valuation import build_valuation, with_surface
from accord.assessment.valuation.verdict import Verdict, build_verdict
from accord.assessment.valuation.welfare.node_cache import NodeCache
from accord.deal.deal import Deal
from accord.deal.load import load_deal, read_deal

FULL, CENTRAL = 60.0, 8.0  # seconds allowed


def main() -> None:
    """Print every table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--quick", action="store_true", help="few draws, to see that it runs")
    quick = options.parse_args().quick
    draws, checked = (16, 1) if quick else (500, 12)
    deal = load_deal("us-korea-2025")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["ACCORD_CACHE_DIR"] = folder
        began = perf_counter()
        settings = AssessSettings(draws=draws)
        if quick:
            deal, settings = replace(deal, packages=deal.packages[:1]), replace(settings, paths=100)
        result = assess(deal, settings=settings)
        snapshot = result.snapshot
        first = perf_counter() - began
        verdict, cold = _time(snapshot)
        _, kept = _time(snapshot)
        central, alone = _time(replace(snapshot, settings=replace(result.settings, draws=0)))
        _print_speed(
            [
                (f"{len(snapshot.packages)} packages, {draws} draws, cold", verdict, cold,
                 FULL),
                ("the same, nodes kept", verdict, kept, FULL),
                ("central, no draws", central, alone, CENTRAL),
            ],
            first,
        )  # fmt: skip
        _print_growth(deal, snapshot, draws, quick=quick)
        _print_error(snapshot, verdict, checked)


def _time(snapshot: Snapshot) -> tuple[Verdict, float]:
    began = perf_counter()
    return build_verdict(snapshot, NodeCache()), perf_counter() - began


def _print_speed(rows: list[tuple[str, Verdict, float, float]], snapshot: float) -> None:
    table = []
    for name, verdict, seconds, allowed in rows:
        effort = verdict.effort
        solves = effort.solved if "kept" not in name else 0
        rate = f"{effort.solved / effort.seconds:.0f}" if solves else ""
        inside = f"{100 * (1 - effort.seconds / seconds):.0f}" if solves else ""
        table.append(
            [name, f"{seconds:.1f}", f"{(seconds + snapshot) / allowed:.2f}", solves or "", rate,
             inside]
        )  # fmt: skip
    print_table(
        f"A verdict (an assessment before it: {snapshot:.1f} s)",
        ["what", "s", "with the assessment / allowed", "equilibria", "a second in the solver",
         "% outside the solver"],
        table,
    )  # fmt: skip


def _print_growth(deal: Deal, snapshot: Snapshot, draws: int, *, quick: bool) -> None:
    rows = []
    for count in (draws,) if quick else (draws // 4, draws // 2, draws, 2 * draws):
        _, seconds = _time(replace(snapshot, settings=replace(snapshot.settings, draws=count)))
        rows.append([f"{count} draws", f"{seconds:.1f}"])
    for years in () if quick else (20, 27, 35):
        text = deal.text.replace("horizon = 35", f"horizon = {years}")
        other = read_deal(text, world=snapshot.world)
        _, seconds = _time(assess(other, settings=snapshot.settings).snapshot)
        rows.append([f"{years} years", f"{seconds:.1f}"])
    for packages in (2,) if quick else (2, 3, 5):
        _, seconds = _time(replace(snapshot, packages=snapshot.packages[:packages]))
        rows.append([f"{packages} packages", f"{seconds:.1f}"])
    print_table("Growth (what is already kept is not solved again)", ["what", "s"], rows)


def _print_error(snapshot: Snapshot, verdict: Verdict, count: int) -> None:
    """Print how far the surface is from brute force, over the width of nine draws in ten."""
    valuation = with_surface(build_valuation(snapshot, NodeCache()), verdict.inputs)
    inputs = verdict.inputs.rows(slice(0, count))
    rows = []
    at = [verdict.regions.index(party) for party in verdict.parties]
    for package in valuation.packages[1:]:
        began = perf_counter()
        exact = valuation.payoffs(package, inputs, "dated", exact=True).sum(axis=1)
        brute = perf_counter() - began
        began = perf_counter()
        quick = valuation.payoffs(package, inputs, "dated").sum(axis=1)
        fast = perf_counter() - began
        low, _, high = verdict.interval(package.name)
        error = np.abs(quick - exact).max(axis=0) / (high - low)
        worst = int(error.argmax())
        rows.append(
            [package.name, f"{100 * error[at].max():.3f}", f"{100 * error[worst]:.2f}",
             verdict.regions[worst], f"{high[worst] - low[worst]:.3f}", f"{brute / count:.2f}",
             f"{brute / fast:.0f}"]
        )  # fmt: skip
    print_table(
        f"The surface against brute force, {count} draws (tariffs by date)",
        ["package", "parties, % of the width", "worst region, %", "which", "its width, bn USD",
         "brute force, s a draw", "ratio"],
        rows,
    )  # fmt: skip


if __name__ == "__main__":
    main()
