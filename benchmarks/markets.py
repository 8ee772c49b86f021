"""How fast the markets engine is: `uv run python benchmarks/markets.py`, tables on the screen.

Twenty makers that sell from four countries in six segments, against PyBLP on the same market and
against the floor: the shares of the market, once a step. Ratios are of figures of the same run.
"""

import argparse
import time
from dataclasses import replace

import numpy as np
from tables import measure, print_table

from accord.markets.calibration import as_columns
from accord.markets.equations import choice_shares
from accord.markets.iteration import make_game
from accord.markets.plan import DemandMoments, Duties, Horizon, MarketPlan, Relocation
from accord.markets.sensitivity import differentiate_market
from accord.markets.solver import solve_market

MAKERS, COUNTRIES, SEGMENTS = 20, 4, 6
DRAWS = 5_000


def make_plan(makers: int, draws: int = 0) -> MarketPlan:
    """Return the market, its elasticity and correlation by draw if there are draws."""
    rng = np.random.default_rng(1)
    labels = [
        (f"maker {f}", f"segment {s}", f"country {c}")
        for f in range(makers) for s in range(SEGMENTS) for c in range(COUNTRIES)
    ]  # fmt: skip
    maker, segment, country = zip(*labels, strict=True)
    share = 0.4 * rng.dirichlet(np.ones(len(labels))) + 1e-5
    price = rng.uniform(20, 70, len(labels))
    demand = DemandMoments(
        own_elasticity=-rng.uniform(5, 7, draws) if draws else -6.0,
        segment_correlation=rng.uniform(0.4, 0.7, draws) if draws else 0.55,
    )
    rates = {"country 1": 0.25, "country 2": 0.15, "country 3": 0.15}
    return MarketPlan(maker, segment, country, share, price, size=40.0, home="country 0",
                      demand=demand, after=Duties(product=rates))  # fmt: skip


def with_plants(plan: MarketPlan) -> MarketPlan:
    """Return the plan with plants that fill, and production that moves."""
    plants: dict[tuple[str, str], float] = {}
    for maker, place, share in zip(plan.maker, plan.country, plan.share, strict=True):
        plants[maker, place] = plants.get((maker, place), 0.0) + 1.1 * share * plan.size
    return replace(plan, plants=plants, horizon=Horizon(relocation=Relocation()))


def time_pyblp(plan: MarketPlan) -> float | None:
    """Return the time PyBLP takes for the prices of the plan, s; None where it is not there.

    It is taken once: PyBLP has matrices of products by products, and takes seconds.
    """
    try:
        import pyblp
    except ImportError:
        return None
    pyblp.options.verbose = False
    solved = solve_market(plan).solved
    model, order = solved.model, solved.model.tree.order
    segments = list(dict.fromkeys(plan.segment))
    simulation = pyblp.Simulation(
        product_formulations=pyblp.Formulation("1 + prices"),
        product_data={
            "market_ids": np.zeros(len(order)),
            "firm_ids": np.array([plan.makers.index(name) for name in plan.maker])[order],
            "nesting_ids": np.array([segments.index(name) for name in plan.segment])[order],
            "prices": plan.price[order],
        },
        beta=[0.0, -float(model.nesting.alpha[0])], rho=float(1 - model.nesting.across[0]),
        xi=_utilities(model),
    )  # fmt: skip
    cost = solved.lines.direct[:, 0]
    step = pyblp.Iteration("simple", {"atol": 1e-12})
    start = time.perf_counter()
    simulation.replace_endogenous(costs=cost, prices=plan.price[order], iteration=step)
    return time.perf_counter() - start


def _utilities(model) -> np.ndarray:
    """Return the mean utilities behind observed shares, price effect added back."""
    base, tree, nesting = model.base, model.tree, model.nesting
    within = nesting.within * np.log(base.product)
    segment = np.log(base.segment / base.outside)[tree.segment[tree.group_of_product]]
    return (within + segment + nesting.alpha * model.price)[:, 0]


def main() -> None:
    """Print every table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--quick", action="store_true", help="few draws, to see that it runs")
    quick = options.parse_args().quick
    draws, repeats, makers = (20, 1, 3) if quick else (DRAWS, 9, MAKERS)
    plan, full = make_plan(makers), with_plants(make_plan(makers))
    solution, bound = solve_market(plan), solve_market(full)
    solve = measure(lambda: solve_market(plan), repeats).minimum
    solve_full = measure(lambda: solve_market(full), repeats).minimum
    gradient = measure(lambda: differentiate_market(solution), repeats).minimum
    gradient_full = measure(lambda: differentiate_market(bound), repeats).minimum
    model = solution.solved.model
    game = make_game(model, solution.solved.lines, as_columns(1.0, model.tree))
    change = -model.nesting.alpha * (game.direct - model.cost)
    shares = measure(
        lambda: choice_shares(model.base, change, model.nesting, model.tree), 20 * repeats
    ).minimum
    floor = shares * solution.stats.steps
    theirs = time_pyblp(plan)
    print_table(
        f"One market, warm: {len(plan.maker)} products",
        ["what", "ms", "steps", "over the floor", "PyBLP over it"],
        [
            ["prices", f"{1e3 * solve:.2f}", solution.stats.steps, f"{solve / floor:.1f}",
             _ratio(theirs, solve)],
            ["prices, plants that fill", f"{1e3 * solve_full:.2f}", bound.stats.steps,
             f"{solve_full / floor:.1f}", ""],
            ["shares once a step (the floor)", f"{1e3 * floor:.2f}", solution.stats.steps, "1", ""],
        ],
    )  # fmt: skip
    print_table(
        "Derivatives by every rate",
        ["what", "ms", "in solves"],
        [
            ["market", f"{1e3 * gradient:.2f}", f"{gradient / solve:.1f}"],
            ["plants that fill", f"{1e3 * gradient_full:.2f}", f"{gradient_full / solve_full:.1f}"],
        ],
    )
    drawn = {
        "market": make_plan(makers, draws),
        "plants that fill": with_plants(make_plan(makers, draws)),
    }
    rows = []
    for name, many in drawn.items():
        taken = measure(lambda many=many: solve_market(many), 1).minimum
        alone = solve if name == "market" else solve_full
        rows.append([name, draws, f"{taken:.2f}", f"{1e6 * taken / draws:.0f}",
                     f"{taken / draws / alone:.2f}"])  # fmt: skip
    print_table("Draws side by side", ["what", "draws", "s", "µs a draw", "over one alone"], rows)


def _ratio(theirs: float | None, ours: float) -> str:
    return "not installed" if theirs is None else f"{theirs / ours:.0f}"


if __name__ == "__main__":
    main()
