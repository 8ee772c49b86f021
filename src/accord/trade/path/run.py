"""What every solve of a path shares: checked shocks, both elasticities, the steps of a year."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np

from accord.core.arguments import check_kind
from accord.core.errors import InputError, Problem
from accord.core.precision import enter_solve
from accord.trade import equations as eq
from accord.trade.config import TradeConfig
from accord.trade.equations import Cube
from accord.trade.iteration.methods import iterate
from accord.trade.iteration.state import State
from accord.trade.model import TradeModel
from accord.trade.path.sourcing import Sourcing
from accord.trade.plan import TradeShock
from accord.trade.solution import TradeSolution
from accord.trade.solver import (
    find_scale_problems,
    find_shock_problems,
    refuse_fixed_costs,
)

MOST_YEARS = 200


@dataclass(frozen=True, eq=False)
class PathRun:
    """A path about to be solved.

    Attributes:
        model: The baseline with long-run elasticities, its deficits closed if the closure says so.
        short: The same with short-run elasticities.
        plan: The shock of every year.
        sourcing: How slowly buyers change their sources.
        config: Closure, market structure, labour supply, tolerance.
    """

    model: TradeModel
    short: TradeModel
    plan: tuple[TradeShock, ...]
    sourcing: Sourcing
    config: TradeConfig

    def year(self, shock: TradeShock, weight: Cube, start: State | None) -> TradeSolution:
        """Return the equilibrium of a year at its sourcing weights."""
        start = self.short.start(self.config) if start is None else start
        return iterate(self.short, shock, self.config, start, sourcing=weight)

    def long_run(self, shock: TradeShock, start: State | None) -> TradeSolution:
        """Return the equilibrium that a shock leads to if it lasts."""
        start = self.model.start(self.config) if start is None else start
        return iterate(self.model, shock, self.config, start)

    def chosen(self, solution: TradeSolution) -> Cube:
        """Return the sourcing weights of those who choose anew in a solution."""
        theta, theta_S = self.model.elasticity, self.short.elasticity
        return eq.chosen_weight(self.model.trade_share, solution.delivered_cost, theta, theta_S)


def prepare_run(
    model: TradeModel,
    shocks: Sequence[TradeShock | None],
    sourcing: Sourcing | None,
    config: TradeConfig | None,
) -> PathRun:
    """Return a path about to be solved, everything checked.

    Raises:
        InputError: With everything wrong in the shocks, or what is wrong with the rest.
        SolveError: If there is no baseline with its deficits closed, and the closure asks for it.
    """
    check_kind("model", model, TradeModel, "Make one: ac.TradeModel.from_arrays(flows=..., ...)")
    config = TradeConfig() if config is None else config
    check_kind("config", config, TradeConfig, 'Give ac.TradeConfig(closure="share", ...)')
    sourcing = Sourcing() if sourcing is None else sourcing
    check_kind("sourcing", sourcing, Sourcing, "Give ac.Sourcing(ratio=0.3, speed=0.25)")
    plan = _read_shocks(model, shocks, config)
    enter_solve()
    if config.closure == "balanced" and np.any(model.deficit != 0):
        model = model.balance(config)
    return PathRun(model, sourcing.short_run(model), plan, sourcing, config)


def _read_shocks(
    model: TradeModel, shocks: Sequence[TradeShock | None], config: TradeConfig
) -> tuple[TradeShock, ...]:
    """Return a shock for every year.

    Raises:
        InputError: With everything wrong in any of them; the same shock is looked at once.
    """
    check_kind("shocks", shocks, (list, tuple), "Give one TradeShock, or None, for each year")
    remedy = "Give one TradeShock, or None, for each year"
    problems = find_scale_problems(model, config)
    problems += refuse_fixed_costs(model, "trade that answers slowly")
    if not 0 < len(shocks) <= MOST_YEARS:
        message = f"{len(shocks)} years are outside 1 to {MOST_YEARS}"
        problems.append(Problem("shocks", message, remedy))
    nothing, seen, plan = TradeShock(), set[int](), []
    for at, shock in enumerate(shocks):
        check_kind(f"shocks[{at}]", shock, (TradeShock, type(None)), remedy)
        plan.append(nothing if shock is None else shock)
        if id(plan[-1]) not in seen:
            seen.add(id(plan[-1]))
            problems += [
                replace(problem, path=problem.path.replace("shock", f"shocks[{at}]", 1))
                for problem in find_shock_problems(model, plan[-1], config)
            ]
    if problems:
        raise InputError(problems, "the shocks")
    return tuple(plan)


def is_same(shock: TradeShock, other: TradeShock) -> bool:
    """Whether two shocks change the same by the same amounts."""
    if shock is other:
        return True
    pairs = ((getattr(shock, item.name), getattr(other, item.name)) for item in fields(shock))
    return all(a is b or (a is not None and b is not None and np.array_equal(a, b))
               for a, b in pairs)  # fmt: skip
