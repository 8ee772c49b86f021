"""How welfare answers to every tariff at once: implicit derivatives, one adjoint solve.

At the solution `z = z + f(z, tau)`, so the derivative of welfare W with respect to all tariffs is
`W_tau + v f_tau`, where the adjoint `v` solves `v = v (1 + f_z) + W_z`: a linear fixed point,
accelerated like the solve itself. The iteration is never unrolled.
"""

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from accord.core.arrays import Array, FloatScalar
from accord.core.errors import SolveError
from accord.core.status import Status
from accord.trade.anderson import FixedPoint, Vector, accelerate
from accord.trade.kernel import Baseline, Change, State, prepare, split, step, sweep
from accord.trade.solution import TradeSolution

ADJOINT_TOLERANCE = 1e-9
ADJOINT_STEPS = 400


def welfare_gradient(
    solution: TradeSolution, region: str
) -> Float[np.ndarray, "importer exporter sector"]:
    """Return the derivative of a region's equivalent variation with respect to every tariff.

    The unit is a fraction of the region's baseline income per unit of tariff (1.0 is 100
    percentage points). Where there is no trade in the baseline the derivative is zero.

    Raises:
        SolveError: If the solution did not converge, or the adjoint solve does not.
    """
    if not solution.status.ok:
        raise SolveError(solution.status, "the gradient of an unsolved equilibrium")
    model = solution.model
    n = model.regions.index(region)
    kernel = solution.kernel
    income = jnp.asarray(model.income / model.value_added.sum())
    gradient, point = _gradient(kernel.base, kernel.change, solution.state, income, n)
    if not float(point.residual) <= ADJOINT_TOLERANCE:
        raise SolveError(Status.MAX_STEPS, f"the adjoint (residual {float(point.residual):.1e})")
    return np.asarray(gradient)


def _welfare(
    base: Baseline, change: Change, state: State, income: Float[Array, " region"], n: Array
) -> FloatScalar:
    """Return the exact equivalent variation of region n at a state (equation 8)."""
    kernel = prepare(base, change)
    out = sweep(kernel, state, repeats=1)
    _, log_P, _ = split(kernel, state)
    log_price = (base.alpha[n] * log_P[n]).sum()
    gain = out.income[n] / income[n] * jnp.exp(-log_price) - 1
    kappa = jnp.where(base.kappa > 0, base.kappa, 1.0)
    effort = kappa / (1 + kappa) * (out.L_hat[n] ** ((1 + kappa) / kappa) - 1)
    return gain - jnp.where(base.kappa > 0, effort, 0.0) * base.VA[n] / income[n]


@partial(jax.jit, static_argnames=())
def _gradient(
    base: Baseline, change: Change, state: State, income: Float[Array, " region"], n: Array
) -> tuple[Float[Array, "importer exporter sector"], FixedPoint]:
    def with_tariff(tau_new: Array) -> Change:
        return change._replace(tau_new=tau_new)

    def welfare(tau_new: Array, state: State) -> FloatScalar:
        return _welfare(base, with_tariff(tau_new), state, income, n)

    W_tau, W_z = jax.grad(welfare, argnums=(0, 1))(change.tau_new, state)
    kernel = prepare(base, change)
    _, pull_state = jax.vjp(lambda z: step(kernel, z)[0], state)

    def adjoint(v: Vector) -> tuple[Vector, FloatScalar]:
        move = pull_state(v)[0] + W_z
        return move, jnp.max(jnp.abs(move)) / jnp.max(jnp.abs(W_z))

    point = accelerate(adjoint, W_z, ADJOINT_TOLERANCE, ADJOINT_STEPS)
    _, pull_tariff = jax.vjp(
        lambda tau: step(prepare(base, with_tariff(tau)), state)[0], change.tau_new
    )
    return W_tau + pull_tariff(point.state)[0], point
