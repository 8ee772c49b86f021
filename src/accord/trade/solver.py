"""Solving the trade engine: from a model and a shock to a solution."""

import numpy as np

from accord.core.arguments import check_kind, public
from accord.core.boundary.economy import first_few
from accord.core.errors import InputError, Problem, SolveError
from accord.core.status import Status
from accord.trade.calibration import name_part
from accord.trade.config import TradeConfig
from accord.trade.iteration.kernel import sweep
from accord.trade.iteration.methods import iterate
from accord.trade.iteration.prepare import charged_markup, prepare
from accord.trade.iteration.state import initial_state
from accord.trade.iteration.taxes import read_taxes
from accord.trade.model import TradeModel
from accord.trade.plan import TradeShock
from accord.trade.solution import SolveStats, TradeSolution

SHARE_NOISE = 1e-9  # of sales: less than this is rounding of shares


@public
def solve_trade(
    model: TradeModel,
    shock: TradeShock | None = None,
    *,
    config: TradeConfig | None = None,
    start: TradeSolution | None = None,
    throw: bool = True,
) -> TradeSolution:
    """Return the equilibrium after a shock (equations 1 to 10 of `docs/theory/trade.md`).

    An accelerated iteration on wages, prices and sales comes first; if it does not reach the
    tolerance, Newton's method; if that fails too, the shock is applied in parts. Under scale
    economies the dynamics of entry are followed as well, to an equilibrium in which sectors may
    have closed: its status is `Status.CORNER`, and with `throw=False` its numbers are there. No
    change returns exactly ones after one evaluation.

    Args:
        model: The calibrated baseline. With `closure="balanced"` its deficits are closed first,
            under the market structure and labour supply of `config`.
        shock: What changes; None for no change.
        config: Closure, market structure, labour supply, tolerance.
        start: A solution of the same model, to begin from (a warm start).
        throw: Raise `SolveError` when the tolerance is not met, rather than return the status. The
            `value` of what is then returned is NaN throughout, except at a corner.

    Raises:
        InputError: With everything wrong in the shock.
        SolveError: If no equilibrium was found, or one at a corner, and `throw` is true.
    """
    check_kind("model", model, TradeModel, "Make one: ac.TradeModel.from_arrays(flows=..., ...)")
    config = TradeConfig() if config is None else config
    check_kind("config", config, TradeConfig, 'Give ac.TradeConfig(closure="share", ...)')
    if start is not None:
        check_kind("start", start, TradeSolution, "Give what ac.solve_trade returned, or None")
    shock = TradeShock() if shock is None else shock
    check_kind("shock", shock, TradeShock, "Say what changes: ac.TradeShock(tariff=...)")
    problems = find_shock_problems(model, shock, config) + find_scale_problems(model, config)
    if problems:
        raise InputError(problems, "the shock")
    if config.closure == "balanced" and np.any(model.deficit != 0):
        try:
            model = model.balance(config)
        except SolveError as error:
            if throw:
                raise
            return _unsolved(model, shock, config, error.status)
    warm = None if start is None else start.state_under(config)
    begin = model.start(config) if warm is None else warm
    solution = iterate(model, shock, config, begin)
    if throw and not solution.status.ok:
        detail = f"the trade equilibrium (residual {solution.residual:.1e})"
        raise SolveError(solution.status, detail)
    return solution


def find_shock_problems(model: TradeModel, shock: TradeShock, config: TradeConfig) -> list[Problem]:
    """Return everything wrong with a shock to a model."""
    problems = shock.problems(len(model.regions), len(model.sectors))
    if model.substitution is not None and read_taxes(model, shock) is not None:
        remedy = "Change tariffs alone, or leave out `substitution`"
        message = "has taxes, which are not known where fixed costs are paid in markets"
        problems.append(Problem("shock", message, remedy))
    return problems or _check_parts(model, shock) + _check_duties(model, shock, config)


def _check_duties(model: TradeModel, shock: TradeShock, config: TradeConfig) -> list[Problem]:
    """Return the rates that no duty on cost collects: makers add a markup to it."""
    problems: list[Problem] = []
    mu = charged_markup(model, config)
    for path, rates in (("tariff", model.tariff), ("shock.tariff", shock.tariff)):
        high = np.zeros_like(model.tariff) if rates is None else mu * rates
        if np.any(high >= 1):
            n, i, j = np.unravel_index(int(high.argmax()), high.shape)
            where = f"{path}[{model.regions[n]}, {model.regions[i]}, {model.sectors[j]}]"
            message = f"no duty on cost collects as much of the customs value as {1 / mu[j]:.4g}"
            remedy = "A duty of t on cost collects t / (1 + mu + mu t), mu being the markup"
            problems.append(Problem(where, message, remedy))
    return problems


def find_scale_problems(model: TradeModel, config: TradeConfig) -> list[Problem]:
    """Return the problems of a market structure that the model has no elasticities for, or none."""
    if model.substitution is not None:
        return find_fixed_cost_problems(model, config)
    if config.competition == "perfect":
        return []
    if not np.any(model.scale_elasticity > 0):
        remedy = "Give `scale_elasticity` to the model, or use perfect competition"
        message = "needs scale elasticities, and all are zero"
        return [Problem("config.competition", message, remedy)]
    short = (model.wage_share(config) < -SHARE_NOISE) & (model.sales > 0)
    profit = model.profit_share(config)
    remedy = (
        "Profits are part of value added: raise `value_added_share`, or lower `scale_elasticity` "
        "or `scale_strength`"
    )
    problems = [
        Problem(
            f"value_added_share[{model.regions[n]}, {model.sectors[j]}]",
            f"{model.value_added_share[n, j]:.4g} is below the profits of {profit[j]:.4g} of sales",
            remedy,
        )
        for n, j in np.argwhere(short)
    ]
    return first_few(problems, "value_added_share", "cells have less value added than profits")


WITH_FIXED_COSTS = {
    "competition": ("monopolistic", "what sales leave above them pays for free entry"),
    "scale_of": ("bundles", "firms pay for entry in the bundles that they produce with"),
    "duty_on": ("price", "a duty on cost moves the sales from which a firm can pay them"),
    "revenue_use": ("lump_sum", "they are a part of the wages that a labour tax falls on"),
}
"""What a configuration has to be where fixed costs are paid in markets, and why."""


def find_fixed_cost_problems(model: TradeModel, config: TradeConfig) -> list[Problem]:
    """Return what of a configuration is not known where fixed costs are paid in markets."""
    where = "is not known where fixed costs are paid in markets"
    problems = [
        Problem(f"config.{name}", f"{getattr(config, name)!r} {where}: {why}",
                f'Give {name}="{value}", or a model without `substitution`')
        for name, (value, why) in WITH_FIXED_COSTS.items() if getattr(config, name) != value
    ]  # fmt: skip
    strength = config.scale_strength * model.scale_elasticity * model.elasticity
    remedy = "Leave out `scale_elasticity` and `scale_strength`: it is one over `elasticity`"
    problems += [
        Problem(f"scale_elasticity[{model.sectors[j]}]",
                f"times the trade elasticity is {strength[j]:.6g}, and with free entry it is one",
                remedy)
        for j in np.flatnonzero(np.abs(strength - 1) > SHARE_NOISE).tolist()
    ]  # fmt: skip
    return first_few(problems, "config", "settings are not known")


def refuse_fixed_costs(model: TradeModel, what: str) -> list[Problem]:
    """Return the problem of a question that is not known where fixed costs are paid in markets."""
    if model.substitution is None:
        return []
    message = f"has fixed costs that are paid in markets, with which {what} is not known"
    return [Problem("model", message, "Leave out `substitution`, or ask ac.solve_trade")]


def _check_parts(model: TradeModel, shock: TradeShock) -> list[Problem]:
    """Return the transfers and deficits that parts of the world without trade cannot pay."""
    problems: list[Problem] = []
    if len(model.member) == 1:
        return problems
    for name in ("transfer", "deficit"):
        value = getattr(shock, name)
        for inside in model.member > 0 if value is not None else ():
            total = value[inside].sum()
            if abs(total) > 1e-9 * np.abs(value).sum():
                where = name_part(inside, model.regions)
                remedy = "Nothing can cross without trade: let it sum to zero among them"
                problems.append(Problem(f"shock.{name}", f"sums to {total:.6g}{where}", remedy))
    return problems


def _unsolved(
    model: TradeModel, shock: TradeShock, config: TradeConfig, status: Status
) -> TradeSolution:
    """Return the solution of a shock that was not tried, because its baseline was not found."""
    kernel = prepare(model, shock, config)
    state = initial_state(kernel.base)
    out = sweep(kernel, state, repeats=1)
    stats = SolveStats(0, "none", 0)
    return TradeSolution(model, shock, config, status, residual=float(out.residual), stats=stats,
                         state=state, formed=kernel, sweep=out)  # fmt: skip
