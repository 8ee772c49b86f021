"""The derivative of welfare with respect to every tariff: one adjoint solve.

The solution is a state `z` at which the move `f(z, A, B)` of the kernel is zero. The derivative of
welfare W with respect to the cubes is `W_A + v f_A` (and the same for B), where the adjoint `v`
solves `v = v (1 + f_z) + W_z`: a linear fixed point, accelerated like the solve itself. The
iteration is never unrolled.

A weighted sum of the welfare of several regions is one such W: a group of any size costs one
adjoint solve, as a region does. So is one that has weights on value added by sector and on revenue
besides.
"""

from functools import partial
from typing import NamedTuple, TypeAlias

import jax
import jax.numpy as jnp
import numpy as np

from accord.core.arrays import Float
from accord.core.errors import SolveError
from accord.core.jax_arrays import Array, FloatScalar
from accord.core.precision import enter_solve
from accord.core.status import Status
from accord.trade.iteration.anderson import Vector, accelerate
from accord.trade.iteration.kernel import cash_before_revenue, log_consumer_price, step, sweep
from accord.trade.iteration.krylov import solve_linear
from accord.trade.iteration.prepare import pull_back_tariff
from accord.trade.iteration.state import Kernel, State, earned, outlay, split
from accord.trade.iteration.taxes import Taxes, Wedges
from accord.trade.solution import TradeSolution

_Levers: TypeAlias = tuple[Array, Array, Wedges | None]
"""`A`, `B` and the taxes of a kernel, on which equilibrium and welfare depend."""

ADJOINT_TOLERANCE = 1e-9
ADJOINT_STEPS = 400


class Aim(NamedTuple):
    """What is differentiated: the weights of a sum over regions and sectors.

    Attributes:
        welfare: Weight of each region's equivalent variation, a fraction of its baseline income.
        value_added: Weight of value added by region and sector, in the model's money deflated by
            consumer prices; None for none.
        revenue: Weight of the revenue of tariffs and taxes by region, in the same money; None for
            none.
    """

    welfare: Float[np.ndarray, " region"]
    value_added: Float[np.ndarray, "region sector"] | None = None
    revenue: Float[np.ndarray, " region"] | None = None


def welfare_gradient(
    solution: TradeSolution, region: str
) -> Float[np.ndarray, "importer exporter sector"]:
    """Return the derivative of a region's equivalent variation with respect to every tariff.

    The unit is a fraction of the region's baseline income per unit of tariff (1.0 is 100
    percentage points). Where there is no trade in the baseline the derivative is zero.

    Raises:
        SolveError: If the solution did not converge, or the adjoint solve does not.
    """
    weights = np.zeros(len(solution.model.regions))
    weights[solution.model.regions.index(region)] = 1.0
    return joint_gradient(solution, weights)


def joint_gradient(
    solution: TradeSolution, weights: Float[np.ndarray, " region"]
) -> Float[np.ndarray, "importer exporter sector"]:
    """Return the derivative of a weighted sum of all regions' equivalent variations.

    Args:
        solution: The equilibrium at which the derivative is taken.
        weights: Weight of the equivalent variation of each region, which is a fraction of its
            baseline income: weights equal to that income add up money.

    Raises:
        InputError: In a process forked from one that has solved.
        SolveError: If the solution did not converge, or the adjoint solve does not.
    """
    return aim_gradient(solution, Aim(weights))


def aim_gradient(
    solution: TradeSolution, aim: Aim
) -> Float[np.ndarray, "importer exporter sector"]:
    """Return the derivative of a weighted sum of welfare, value added and revenue.

    Args:
        solution: The equilibrium at which the derivative is taken.
        aim: The weights.

    Raises:
        InputError: In a process forked from one that has solved.
        SolveError: If the solution did not converge, or the adjoint solve does not.
    """
    A_bar, B_bar, _ = _derive(solution, aim)
    return pull_back_tariff(
        solution.model, solution.shock, solution.config, solution.kernel, A_bar=A_bar, B_bar=B_bar
    )


def aim_slopes(
    solution: TradeSolution, aim: Aim
) -> tuple[Float[np.ndarray, "importer exporter sector"], Taxes | None]:
    """Return the derivatives of an aim with respect to the logarithm of one plus every rate.

    The first is that of tariffs. The others are those of taxes on exports, making and using; None
    where neither baseline nor shock mentions any.

    Raises:
        InputError: In a process forked from one that has solved.
        SolveError: If the solution did not converge, or the adjoint solve does not.
    """
    A_bar, B_bar, bars = _derive(solution, aim)
    kernel, shock = solution.kernel, solution.shock
    tariff = pull_back_tariff(solution.model, shock, solution.config, kernel, A_bar=A_bar,
                              B_bar=B_bar)  # fmt: skip
    tariff = tariff * (1 + (solution.model.tariff if shock.tariff is None else shock.tariff))
    if bars is None or kernel.wedges is None:
        return tariff, None
    theta = solution.model.elasticity[:, None, None]
    export = -(theta * np.asarray(kernel.A) * A_bar + (theta + 1) * np.asarray(kernel.B) * B_bar)
    export = (export + np.asarray(bars.maker * kernel.wedges.maker)).transpose(1, 2, 0)
    used = np.asarray(bars.final * kernel.wedges.final + bars.log_final_change)
    return tariff, Taxes(export, export.sum(axis=0), used)


def _derive(solution: TradeSolution, aim: Aim) -> tuple[np.ndarray, np.ndarray, Wedges | None]:
    """Return the derivatives of an aim with respect to what a kernel has of tariffs and taxes."""
    enter_solve()
    if not solution.has_numbers:
        raise SolveError(solution.status, "the gradient of an unsolved equilibrium")
    model = solution.model
    world = model.value_added.sum()
    on_device = Aim(
        jnp.asarray(aim.welfare),  # type: ignore[arg-type]
        *(None if money is None else jnp.asarray(money * world) for money in aim[1:]),  # type: ignore[arg-type]
    )
    income = jnp.asarray(model.income / world)
    bars, residual = _pull_back(solution.kernel, solution.state, income, on_device)
    if not float(residual) <= ADJOINT_TOLERANCE:
        bars, residual = _pull_back(solution.kernel, solution.state, income, on_device, hard=True)
    if not float(residual) <= ADJOINT_TOLERANCE:
        raise SolveError(Status.MAX_STEPS, f"the adjoint solve (residual {float(residual):.1e})")
    A_bar, B_bar, wedges = bars
    return np.asarray(A_bar), np.asarray(B_bar), wedges


def _objective(kernel: Kernel, state: State, income: Array, aim: Aim) -> FloatScalar:
    """Return the weighted sum of equivalent variations (8), value added and revenue (15)."""
    base = kernel.base
    out = sweep(kernel, state, repeats=1)
    log_w, log_P, _, V = split(kernel, state)
    log_price = log_consumer_price(kernel, log_P)
    gain = out.income / income * jnp.exp(-log_price) - 1
    if base.kappa is not None:
        effort = out.L_hat ** ((1 + base.kappa) / base.kappa) - 1
        kept = base.VA if base.kept is None else base.kept
        gain = gain - base.kappa / (1 + base.kappa) * effort * kept / income
    whole = (aim.welfare * gain).sum()
    if aim.value_added is not None:
        made = base.beta * outlay(base, out.Y, out.V)
        made = made if base.m is None else made + base.m[None] * out.V
        whole = whole + (aim.value_added * made * jnp.exp(-log_price)[:, None]).sum()
    if aim.revenue is not None:
        wage_bill = jnp.exp(log_w) * out.L_hat * base.VA
        charged = out.income - cash_before_revenue(kernel, earned(base, wage_bill, V))
        whole = whole + (aim.revenue * charged * jnp.exp(-log_price)).sum()
    return jnp.asarray(whole)


@partial(jax.jit, static_argnames=("hard",))
def _pull_back(
    kernel: Kernel, state: State, income: Array, aim: Aim, *, hard: bool = False
) -> tuple[_Levers, FloatScalar]:
    """Return the derivatives with respect to the levers, and the residual of the linear solve.

    Accelerated steps solve it, or GMRES where they do not: where a step of the iteration grows.
    """
    levers = (kernel.A, kernel.B, kernel.wedges)

    def pulled(levers: _Levers) -> Kernel:
        A, B, wedges = levers
        return kernel._replace(A=A, B=B, wedges=wedges)

    def objective(levers: _Levers, z: Array) -> FloatScalar:
        return _objective(pulled(levers), z, income, aim)

    def move(levers: _Levers, z: Array) -> Array:
        return step(pulled(levers), z)[0]

    W_levers, W_z = jax.grad(objective, argnums=(0, 1))(levers, state)
    _, pull_state = jax.vjp(lambda z: move(levers, z), state)
    size = jnp.maximum(jnp.max(jnp.abs(W_z)), 1e-300)
    source = W_z / size  # steps of the loop have a largest length: weights of any size need a unit

    def adjoint(v: Vector) -> tuple[Vector, FloatScalar]:
        change = pull_state(v)[0] + source
        return change, jnp.max(jnp.abs(change))

    if hard:
        v, residual = solve_linear(lambda v: -pull_state(v)[0], source, ADJOINT_TOLERANCE)
    else:
        v, residual, _, _ = accelerate(adjoint, source, ADJOINT_TOLERANCE, ADJOINT_STEPS)
    _, pull_levers = jax.vjp(lambda levers: move(levers, state), levers)
    (bars,) = pull_levers(size * v)
    return jax.tree.map(jnp.add, W_levers, bars), residual
