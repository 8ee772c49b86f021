"""How far short cuts to slow trade are from every year solved.

`uv run python benchmarks/slow_trade.py` prints one table: present values at 3 per cent of what the
tariffs of a package bring against no deal, for regimes that begin and end in different years.
Nothing here is a test.
"""

import argparse
from collections.abc import Callable, Sequence

import numpy as np
from tables import print_table

from accord.assessment.valuation.equations import gradual
from accord.data.store import load_world
from accord.data.world import World
from accord.deal.load import load_deal
from accord.lowering.tariff_path import tariff_path
from accord.lowering.trade import build_trade_model, with_elasticity
from accord.trade.model import TradeModel
from accord.trade.path.interpolation import interpolate_welfare
from accord.trade.path.solver import solve_trade_path
from accord.trade.path.sourcing import SOURCING, Sourcing
from accord.trade.plan import TradeShock
from accord.trade.solver import solve_trade

RATE = 0.03
Plan = Sequence[TradeShock | None]
Rule = Callable[[TradeModel, Plan, Sourcing], np.ndarray]


def solve_every_year(model: TradeModel, plan: Plan, sourcing: Sourcing) -> np.ndarray:
    """Return the welfare of every year and region, each year solved."""
    return solve_trade_path(model, plan, sourcing=sourcing).value.welfare


def solve_long_run(model: TradeModel, plan: Plan, _: Sourcing) -> np.ndarray:
    """Return the welfare of the static equilibrium of every year."""
    known: dict[int, np.ndarray] = {}
    for shock in plan:
        if id(shock) not in known:
            known[id(shock)] = solve_trade(model, shock).value.welfare
    return np.array([known[id(shock)] for shock in plan])


def add_up(model: TradeModel, plan: Plan, sourcing: Sourcing) -> np.ndarray:
    """Return the welfare of every year by the rule of the verdict."""
    ends = [solve_long_run(each, plan, sourcing) for each in (sourcing.short_run(model), model)]
    speed = np.array([sourcing.speed])
    return np.asarray(gradual(ends[0][None], ends[1][None], speed)[0])


def interpolate(solved_years: int) -> Rule:
    """Return the rule that solves so many years after each change."""

    def rule(model: TradeModel, plan: Plan, sourcing: Sourcing) -> np.ndarray:
        near = interpolate_welfare(model, plan, sourcing=sourcing, solved_years=solved_years)
        return near.welfare

    return rule


RULES: dict[str, Rule] = {
    "static": solve_long_run,
    "added up": add_up,
    **{f"{years} solved": interpolate(years) for years in (1, 2, 3)},
}


def time_regimes(world: World, case: str, package: str) -> dict[str, Plan]:
    """Return the tariffs of a package by year: as dated, ten years late, and ended after ten."""
    path = tariff_path(load_deal(case), package, world, "dated")
    shocks = [TradeShock(tariff=cube) for cube in path.regimes]
    dated = [shocks[at] for at in path.by_year]
    count = len(dated)
    return {
        "as dated": dated,
        "the last ten years later": [dated[0]] * 10 + [dated[-1]] * (count - 10),
        "the last, ended after ten": [dated[-1]] * 10 + [None] * (count - 10),
    }


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--case", default="us-korea-2025")
    parser.add_argument("--package", default="signed")
    options = parser.parse_args()
    world, deal = load_world(), load_deal(options.case)
    sourcing = Sourcing(SOURCING["ratio"].central, SOURCING["speed"].central)
    parties = [party for party in deal.parties if party in world.regions]
    base = build_trade_model(world, world.default_elasticities)
    rows = []
    for name, theta in world.elasticities.items():
        model = with_elasticity(base, theta)
        plans = [time_regimes(world, options.case, kind) for kind in (options.package, "no_deal")]
        for timing in plans[0]:
            exact, *others = (
                [present_value(rule, model, plan[timing], sourcing) for plan in plans]
                for rule in (solve_every_year, *RULES.values())
            )
            for party in parties:
                at = world.region_index(party)
                gain = exact[0][at] - exact[1][at]
                errors = (f"{(near[0] - near[1])[at] - gain:+.2f}" for near in others)
                rows.append((name, timing, party, f"{exact[0][at]:.1f}", f"{gain:.1f}", *errors))
    header = ("set", "tariffs", "party", "level", "gain", *(f"error, {rule}" for rule in RULES))
    print_table("Gains against no deal, bn USD, and their errors", header, rows)


def present_value(rule: Rule, model: TradeModel, plan: Plan, sourcing: Sourcing) -> np.ndarray:
    """Return the present value of the gains of every region, bn USD."""
    welfare = rule(model, plan, sourcing)
    return np.asarray((1 + RATE) ** -np.arange(len(plan)) @ (welfare * model.income))


if __name__ == "__main__":
    main()
