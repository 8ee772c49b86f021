"""How fast the chains engine is: `uv run python benchmarks/chains.py`, tables on the screen.

The Leontief inverse of the embedded world and all that is read off it, against pymrio's inverse of
the same table and against the floor, LAPACK's solve for as many right sides. Ratios are of figures
of the same run.
"""

import argparse

import numpy as np
from tables import Timing, measure, print_table

from accord.chains import equations as eq
from accord.chains.plan import ChainsPlan
from accord.chains.solver import solve_chains
from accord.data.store import load_world
from accord.data.world import World


def make_plan(world: World) -> ChainsPlan:
    """Return the accounts of the baseline of a world."""
    return ChainsPlan.from_equilibrium(
        flows=world.flows, tariff=world.tariff, value_added_share=world.value_added_share,
        input_share=world.input_share, labels=(world.regions, world.sectors),
    )  # fmt: skip


def time_pymrio(use: np.ndarray, output: np.ndarray, repeats: int) -> Timing | None:
    """Return the time of pymrio's coefficients and inverse; None where it is not there."""
    try:
        import pymrio
    except ImportError:
        return None
    return measure(lambda: pymrio.calc_L(pymrio.calc_A(use, output)), repeats)


def make_row(name: str, world: World, repeats: int) -> list[str]:
    """Return a row of the table for a world."""
    plan = make_plan(world)
    cells = plan.output.size
    use, output = plan.use.reshape(cells, cells), plan.output.ravel()
    unit = np.eye(cells)
    left = unit - eq.input_coefficients(use, output)
    floor = measure(lambda: np.linalg.solve(left, unit), repeats)
    ours = measure(lambda: eq.leontief_inverse(eq.input_coefficients(use, output)), repeats)
    whole = measure(lambda: solve_chains(plan), repeats)
    theirs = time_pymrio(use, output, repeats)
    return [
        name, str(cells), str(floor), str(ours), "-" if theirs is None else str(theirs),
        "-" if theirs is None else f"{ours.minimum / theirs.minimum:.2f}", str(whole),
        f"{whole.minimum / floor.minimum:.1f}",
    ]  # fmt: skip


def merge(world: World, kept: int) -> World:
    """Return a world of its first regions, with all others merged into one."""
    rest = world.regions[kept:]
    return world.aggregate({**{name: [name] for name in world.regions[:kept]}, "rest": rest})


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a small world, once")
    parser.add_argument("--whole", action="store_true", help="the whole world too: minutes, 2 GB")
    given = parser.parse_args()
    world = load_world()
    worlds = {
        f"{kept + 1} regions": merge(world, kept) for kept in ((2,) if given.quick else (2, 19))
    }
    if given.whole:
        worlds["the whole"] = world
    rows = [make_row(name, each, 1 if given.quick else 5) for name, each in worlds.items()]
    print_table(
        "Supply chains of the embedded world (median / minimum)",
        ["world", "cells", "floor: solve, ms", "inverse, ms", "pymrio's, ms", "inverse / pymrio's",
         "solve_chains, ms", "in all / floor"],
        rows,
    )  # fmt: skip


if __name__ == "__main__":
    main()
