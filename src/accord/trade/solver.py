"""The verb of the trade engine: from a model and a shock to a solution."""

from dataclasses import dataclass, replace
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from accord.core.arrays import Array
from accord.core.errors import InputError, Problem, SolveError
from accord.core.status import Status
from accord.trade import equations as eq
from accord.trade.anderson import FixedPoint, accelerate
from accord.trade.config import TradeConfig
from accord.trade.kernel import (
    Baseline,
    Change,
    Kernel,
    State,
    Sweep,
    initial_state,
    prepare,
    step,
    sweep,
)
from accord.trade.model import TradeModel
from accord.trade.newton import solve_wages
from accord.trade.shock import TradeShock
from accord.trade.solution import SolveStats, TradeSolution

SMALLEST_PART = 1 / 64


@dataclass(frozen=True)
class _Attempt:
    point: FixedPoint
    kernel: Kernel
    out: Sweep
    method: str
    parts: int


def solve_trade(
    model: TradeModel,
    shock: TradeShock | None = None,
    *,
    config: TradeConfig | None = None,
    start: TradeSolution | None = None,
    throw: bool = True,
) -> TradeSolution:
    """Return the equilibrium after a shock (model.md equations 1 to 8).

    An accelerated iteration on wages, prices and sales comes first; if it does not reach the
    tolerance, Newton's method on wages; if that fails too, the shock is applied in parts. No
    change returns exactly ones after one evaluation.

    Args:
        model: The calibrated baseline. With `closure="balanced"` its deficits are closed first.
        shock: What changes; None for no change.
        config: Closure, market structure, labour supply, tolerance.
        start: A solution of the same model, to begin from (a warm start).
        throw: Raise `SolveError` when the tolerance is not met, rather than return the status.

    Raises:
        InputError: With everything wrong in the shock.
        SolveError: If no equilibrium was found and `throw` is true.
    """
    config = config or TradeConfig()
    shock = shock or TradeShock()
    problems = shock.problems(len(model.regions), len(model.sectors))
    if config.competition == "monopolistic" and not np.any(model.scale_elasticity > 0):
        problems.append(
            Problem("config.competition", "is monopolistic but every scale elasticity is zero",
                    "Give `scale_elasticity` to the model")
        )  # fmt: skip
    if problems:
        raise InputError(problems, "the shock")
    if config.closure == "balanced" and np.any(model.deficit != 0):
        model = model.balanced
    base, change = _baseline(model, config), _change(model, shock, config)
    state = initial_state(base) if start is None else start.state
    attempt = _attempt(base, change, state, config)
    solution = TradeSolution(
        model=model, shock=shock, config=config,
        status=_status(attempt, config), residual=float(attempt.out.residual),
        stats=SolveStats(int(attempt.point.steps), attempt.method, attempt.parts),
        state=attempt.point.state, kernel=attempt.kernel, sweep=attempt.out,
    )  # fmt: skip
    if throw and not solution.status.ok:
        raise SolveError(
            solution.status, f"the trade equilibrium (residual {solution.residual:.1e})"
        )
    return solution


def rebase(model: TradeModel, deficit: Float[np.ndarray, " region"]) -> TradeModel:
    """Return the model moved to the equilibrium with the given deficits, tariffs unchanged.

    Raises:
        SolveError: If that equilibrium is not found.
    """
    world = model.value_added.sum()
    base = _baseline(model, TradeConfig())
    change = _change(model, TradeShock(), TradeConfig())._replace(
        D_fixed=jnp.asarray(deficit / world)
    )
    attempt = _attempt(base, change, initial_state(base), TradeConfig())
    status = _status(attempt, TradeConfig())
    if not status.ok:
        raise SolveError(status, "moving the baseline to the given deficits")
    solution = TradeSolution(
        model=model, shock=TradeShock(), config=TradeConfig(), status=status,
        residual=float(attempt.out.residual),
        stats=SolveStats(int(attempt.point.steps), attempt.method, attempt.parts),
        state=attempt.point.state, kernel=attempt.kernel, sweep=attempt.out,
    )  # fmt: skip
    value = solution.value
    share = eq.share(
        model.trade_share,
        eq.delivered_cost(value.unit_cost_change, np.ones_like(model.tariff),
                          np.ones_like(model.sales), np.ones_like(model.sales),
                          np.zeros_like(model.elasticity)),
        value.price_change,
        model.elasticity,
    )  # fmt: skip
    share = share / share.sum(axis=1, keepdims=True)
    return _consistent(model, share, value.wage_change * model.value_added, deficit)


def _consistent(
    model: TradeModel, share: np.ndarray, value_added: np.ndarray, deficit: np.ndarray
) -> TradeModel:
    """Return the model with these shares; sales and value added solve its accounts exactly."""
    from accord.core.arrays import frozen
    from accord.trade.calibration import baseline_from_shares

    arrays = baseline_from_shares(
        {
            "trade_share": share, "final_share": model.final_share, "tariff": model.tariff,
            "value_added_share": model.value_added_share, "input_share": model.input_share,
            "elasticity": model.elasticity, "value_added": value_added, "deficit": deficit,
        }
    )  # fmt: skip
    return replace(
        model, trade_share=frozen(arrays["trade_share"]), sales=frozen(arrays["sales"]),
        expenditure=frozen(arrays["expenditure"]), deficit=frozen(arrays["deficit"]),
        value_added=frozen((model.value_added_share * arrays["sales"]).sum(axis=1)),
    )  # fmt: skip


def _baseline(model: TradeModel, config: TradeConfig) -> Baseline:
    base = model.device
    if config.labour_elasticity:
        base = base._replace(kappa=jnp.asarray(float(config.labour_elasticity)))
    if config.competition == "perfect":
        base = base._replace(mu=jnp.zeros_like(base.mu))
    return base


def _change(model: TradeModel, shock: TradeShock, config: TradeConfig) -> Change:
    base = model.device
    world = model.value_added.sum()

    def scaled(money: np.ndarray | None) -> Array | None:
        return None if money is None else jnp.asarray(money / world)

    share = jnp.zeros_like(base.D) if config.closure != "share" else base.D / base.VA
    fixed = jnp.zeros_like(base.D) if config.closure == "share" else base.D
    if shock.transfer is not None:
        fixed = fixed + jnp.asarray(shock.transfer / world)
    return Change(
        tau_new=base.tau if shock.tariff is None else jnp.asarray(shock.tariff),
        d_hat=None if shock.trade_cost is None else jnp.asarray(shock.trade_cost),
        A_hat=None if shock.productivity is None else jnp.asarray(shock.productivity),
        D_fixed=fixed,
        D_share=share,
        S_new=scaled(shock.spending),
    )


def _attempt(base: Baseline, change: Change, state: State, config: TradeConfig) -> _Attempt:
    """Return the first of the three methods that meets the tolerance, or the last try."""
    kernel, point, out = _fast(base, change, state, config.tolerance, config.max_steps)
    if _met(out, config):
        return _Attempt(point, kernel, out, "accelerated", 1)
    done, part, parts, steps = 0.0, 1.0, 0, int(point.steps)
    state = initial_state(base)
    while done < 1.0 and part >= SMALLEST_PART:
        weight = min(1.0, done + part)
        kernel, point, out = _sure(base, change, state, weight, config.tolerance)
        steps, parts = steps + int(point.steps), parts + 1
        if _met(out, config):
            done, state = weight, point.state
        else:
            part /= 4
    return _Attempt(point._replace(steps=jnp.asarray(steps)), kernel, out, "newton", parts)


def _met(out: Sweep, config: TradeConfig) -> bool:
    income_ok = bool(jnp.all(out.income > 0))
    return bool(out.residual <= config.tolerance) and income_ok


def _status(attempt: _Attempt, config: TradeConfig) -> Status:
    if _met(attempt.out, config):
        return Status.CONVERGED
    if not np.isfinite(float(attempt.out.residual)):
        return Status.DIVERGED
    change = attempt.kernel.change
    cash = attempt.kernel.base.VA + change.D_fixed
    if bool(jnp.any(cash <= 0)) or not bool(jnp.all(attempt.out.income > 0)):
        return Status.NEGATIVE_INCOME
    return Status.MAX_STEPS


@partial(jax.jit, static_argnames=("max_steps",))
def _fast(
    base: Baseline, change: Change, state: State, tolerance: float, max_steps: int
) -> tuple[Kernel, FixedPoint, Sweep]:
    kernel = prepare(base, change)
    point = accelerate(partial(step, kernel), state, tolerance, max_steps)
    return kernel, point, sweep(kernel, point.state, repeats=1)


@jax.jit
def _sure(
    base: Baseline, change: Change, state: State, weight: float, tolerance: float
) -> tuple[Kernel, FixedPoint, Sweep]:
    kernel = prepare(base, change, weight)
    point = solve_wages(kernel, state, tolerance)
    return kernel, point, sweep(kernel, point.state, repeats=1)
