"""Welfare by year from a few years of every regime: the rest lies on the way to the long run."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from accord.core.arguments import check_kind, public
from accord.core.arrays import Float
from accord.core.boundary.settings import as_plain
from accord.core.errors import InputError, Problem, SolveError
from accord.core.notebook import Shown
from accord.trade import equations as eq
from accord.trade.config import TradeConfig
from accord.trade.equations import Cube, Region
from accord.trade.iteration.state import State
from accord.trade.model import TradeModel
from accord.trade.path.run import PathRun, is_same, prepare_run
from accord.trade.path.sourcing import Sourcing
from accord.trade.plan import TradeShock
from accord.trade.solution import TradeSolution
from accord.trade.strategy.politics import Politics

SOLVED_YEARS = 3


@dataclass(frozen=True, eq=False, repr=False)
class WelfarePath(Shown):
    """Equivalent variation by year, and what it cost.

    Attributes:
        welfare: Fraction of baseline income.
        solved: Equilibria solved.
    """

    welfare: Float[np.ndarray, "year region"]
    solved: int


@public
def interpolate_welfare(
    model: TradeModel,
    shocks: Sequence[TradeShock | None],
    *,
    sourcing: Sourcing | None = None,
    config: TradeConfig | None = None,
    solved_years: int = SOLVED_YEARS,
    politics: Politics | None = None,
) -> WelfarePath:
    """Return the welfare of `solve_trade_path`, nearly, from fewer equilibria.

    After each change of the shock the first years are solved, from what buyers remember. In the
    years after, the distance to the long-run equilibrium shrinks by the share of buyers who choose
    anew, and so does that of the sourcing weights. `docs/performance.md` has the error.

    Args:
        model: The calibrated baseline, with long-run trade elasticities.
        shocks: What is changed in each year, against the baseline; None for no change.
        sourcing: How slowly buyers change their sources; the central calibration if left out.
        config: Closure, market structure, labour supply, tolerance.
        solved_years: Years solved after each change, at least one.
        politics: Political weights that are added to welfare (equation 15); none if left out.

    Raises:
        InputError: With everything wrong in the shocks.
        SolveError: If an equilibrium is not found.
    """
    solved_years = as_plain(solved_years)
    check_kind("solved_years", solved_years, int, f"Leave it out for {SOLVED_YEARS}")
    if solved_years < 1:
        remedy = f"Leave it out for {SOLVED_YEARS}"
        raise InputError([Problem("solved_years", f"is {solved_years}", remedy)], "the call")
    if politics is not None:
        check_kind("politics", politics, Politics, "Leave it out for welfare")
    run = prepare_run(model, shocks, sourcing, config)
    weight, state = np.asarray(run.model.trade_share), None
    welfare: list[Region] = []
    solved = 0
    for shock, count in _regimes(run.plan):
        first, weight, state = _solve_first(
            run, shock, weight, state, count=min(count, solved_years), politics=politics
        )
        welfare += first
        solved += len(first)
        rest = count - len(first)
        if rest:
            long = _checked(run.long_run(shock, state))
            solved += 1
            left = np.array([run.sourcing.remembered(years + 1) for years in range(rest)])
            settled_gain = _gain(long, politics)
            gap = first[-1] - settled_gain
            welfare += list(settled_gain + left[:, None] * gap)
            settled = run.chosen(long)
            weight, state = settled + left[-1] * (weight - settled), long.state
    return WelfarePath(np.array(welfare), solved)


def _solve_first(
    run: PathRun,
    shock: TradeShock,
    weight: Cube,
    state: State | None,
    *,
    count: int,
    politics: Politics | None,
) -> tuple[list[Region], Cube, State | None]:
    """Return the welfare of a regime's first years, and the weights and the state after them."""
    welfare = []
    for _ in range(count):
        year = _checked(run.year(shock, weight, state))
        welfare.append(_gain(year, politics))
        weight = eq.sourcing_weight(weight, run.chosen(year), run.sourcing.speed)
        state = year.state
    return welfare, weight, state


def _gain(solution: TradeSolution, politics: Politics | None) -> Region:
    """Return welfare and what political weights add to it, a fraction of baseline income."""
    if politics is None:
        return solution.value.welfare
    return np.asarray(solution.value.welfare + politics.surplus(solution) / solution.model.income)


def _checked(solution: TradeSolution) -> TradeSolution:
    if not solution.status.ok:
        detail = f"the trade equilibrium of a year (residual {solution.residual:.1e})"
        raise SolveError(solution.status, detail)
    return solution


def _regimes(plan: Sequence[TradeShock]) -> Iterator[tuple[TradeShock, int]]:
    """Yield each shock with the number of successive years that it lasts."""
    first = 0
    for at in range(1, len(plan) + 1):
        if at == len(plan) or not is_same(plan[at], plan[first]):
            yield plan[first], at - first
            first = at
