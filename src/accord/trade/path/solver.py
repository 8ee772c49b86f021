"""The verb of trade that answers slowly: from a shock for every year to a solution by year."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from accord.core.arguments import check_kind, public
from accord.core.boundary.settings import as_plain
from accord.core.errors import SolveError
from accord.trade import equations as eq
from accord.trade.config import TradeConfig
from accord.trade.equations import Cube
from accord.trade.iteration.state import State
from accord.trade.model import TradeModel
from accord.trade.path.run import PathRun, is_same, prepare_run
from accord.trade.path.solution import TradePathSolution
from accord.trade.path.sourcing import Sourcing
from accord.trade.plan import TradeShock
from accord.trade.solution import TradeSolution


@public
def solve_trade_path(
    model: TradeModel,
    shocks: Sequence[TradeShock | None],
    *,
    sourcing: Sourcing | None = None,
    config: TradeConfig | None = None,
    settled: float | None = None,
    throw: bool = True,
) -> TradePathSolution:
    """Return the equilibria of successive years when a share of buyers chooses anew each year.

    Buyers who choose anew take the cheapest source, at the model's (long-run) elasticities. The
    others keep their source and answer in quantity alone, at the short-run elasticity. A year is
    the static equilibrium with the short-run elasticity and sourcing weights in place of baseline
    shares; the weights follow from the years before (equations 13 and 14 of
    `docs/theory/trade.md`). A shock that lasts leads to the equilibrium of `solve_trade`.

    Every closure, market structure and labour supply is taken. With `closure="balanced"` deficits
    are closed first at the long-run elasticities: buyers have long chosen when the first year
    begins. Under monopolistic competition economies of scale are external to firms, and at work in
    every year.

    Args:
        model: The calibrated baseline, with long-run trade elasticities.
        shocks: What is changed, against the baseline, in each year; None for no change.
        sourcing: How slowly buyers change their sources; the central calibration if left out.
        config: Closure, market structure, labour supply, tolerance.
        settled: A year whose shock is that of the year before, and whose sourcing weights are
            those that year was solved with up to this fraction of their sum over exporters, is not
            solved again. The tolerance of `config` if left out; zero solves every year.
        throw: Raise `SolveError` when the tolerance is not met, rather than return the status. The
            years from the first that failed on are then NaN.

    Raises:
        InputError: With everything wrong in the shocks.
        SolveError: If a year has no equilibrium that is found, and `throw` is true.
    """
    settled = as_plain(settled)
    check_kind("settled", settled, (float, int, type(None)), "Give a small number, such as 1e-6")
    run = prepare_run(model, shocks, sourcing, config)
    years = _solve_years(run, run.config.tolerance if settled is None else settled)
    path = TradePathSolution(run.model, run.plan, run.sourcing, run.config, years)
    if throw and not path.status.ok:
        at = next(at for at, year in enumerate(years) if not year.status.ok)
        detail = f"the trade equilibrium of year {at + 1} (residual {years[at].residual:.1e})"
        raise SolveError(path.status, detail)
    return path


def _solve_years(run: PathRun, settled: float) -> tuple[TradeSolution, ...]:
    """Return the solution of every year; after one that failed, the others are failed too."""
    weight = np.asarray(run.model.trade_share)
    years: list[TradeSolution] = []
    states: list[State] = []  # of the years solved since the shock last changed, two at most
    chosen = weight
    for at, shock in enumerate(run.plan):
        last = years[-1] if years else None
        if last is not None and not last.status.ok:
            years.append(replace(last, shock=shock))
            continue
        same = last is not None and is_same(shock, run.plan[at - 1])
        if last is not None:
            weight = eq.sourcing_weight(weight, chosen, run.sourcing.speed)
            if same and _moved(weight, last.sourcing) <= settled:
                years.append(last)
                continue
        states = states[-2:] if same else states[-1:]
        year = run.year(shock, weight, _start(states, run.sourcing.remembered(1)))
        states.append(year.state)
        if year.status.ok:
            chosen = run.chosen(year)
        years.append(year)
    return tuple(years)


def _start(states: list[State], left: float) -> State | None:
    """Return where to begin: last year's state, moved on as far as the shock is the same.

    Under a shock that lasts, what is left to come shrinks to the share `left` every year.
    """
    if len(states) < 2:
        return states[-1] if states else None
    return states[-1] + left * (states[-1] - states[-2])


def _moved(weight: Cube, before: Cube | None) -> float:
    """Return the largest change of a sourcing weight, over the sum of the weights of exporters."""
    if before is None:
        return np.inf
    return float((np.abs(weight - before).max(axis=1) / before.sum(axis=1)).max())
