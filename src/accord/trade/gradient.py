"""How welfare answers to every tariff at once: implicit derivatives, one adjoint solve.

The solution is a state `z` at which the move `f(z, A, B)` of the kernel is zero. The derivative of
welfare W with respect to the cubes is `W_A + v f_A` (and the same for B), where the adjoint `v`
solves `v = v (1 + f_z) + W_z`: a linear fixed point, accelerated like the solve itself. The
iteration is never unrolled.
"""

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from accord.core.arrays import Array, FloatScalar
from accord.core.errors import SolveError
from accord.core.status import Status
from accord.trade.anderson import Vector, accelerate
from accord.trade.kernel import Kernel, State, split, step, sweep
from accord.trade.prepare import pull_back_tariff
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
    income = float(model.income[n] / model.value_added.sum())
    A_bar, B_bar, residual = _pull_back(solution.kernel, solution.state, income, n)
    if not float(residual) <= ADJOINT_TOLERANCE:
        raise SolveError(Status.MAX_STEPS, f"the adjoint solve (residual {float(residual):.1e})")
    return pull_back_tariff(
        model, solution.shock, solution.kernel, A_bar=np.asarray(A_bar), B_bar=np.asarray(B_bar)
    )


def _welfare(
    kernel: Kernel, state: State, income: FloatScalar | float, n: Array | int
) -> FloatScalar:
    """Return the exact equivalent variation of region n at a state (equation 8)."""
    base = kernel.base
    out = sweep(kernel, state, repeats=1)
    _, log_P, _ = split(kernel, state)
    gain = out.income[n] / income * jnp.exp(-(base.alpha[n] * log_P[n]).sum()) - 1
    if base.kappa is None:
        return gain
    effort = base.kappa / (1 + base.kappa) * (out.L_hat[n] ** ((1 + base.kappa) / base.kappa) - 1)
    return gain - effort * base.VA[n] / income


@jax.jit
def _pull_back(
    kernel: Kernel, state: State, income: FloatScalar | float, n: Array | int
) -> tuple[Array, Array, FloatScalar]:
    def welfare(A: Array, B: Array, z: Array) -> FloatScalar:
        return _welfare(kernel._replace(A=A, B=B), z, income, n)

    def move(A: Array, B: Array, z: Array) -> Array:
        return step(kernel._replace(A=A, B=B), z)[0]

    W_A, W_B, W_z = jax.grad(welfare, argnums=(0, 1, 2))(kernel.A, kernel.B, state)
    _, pull_state = jax.vjp(lambda z: move(kernel.A, kernel.B, z), state)
    size = jnp.max(jnp.abs(W_z))

    def adjoint(v: Vector) -> tuple[Vector, FloatScalar]:
        change = pull_state(v)[0] + W_z
        return change, jnp.max(jnp.abs(change)) / size

    point = accelerate(adjoint, W_z, ADJOINT_TOLERANCE, ADJOINT_STEPS)
    _, pull_cubes = jax.vjp(lambda A, B: move(A, B, state), kernel.A, kernel.B)
    A_bar, B_bar = pull_cubes(point.state)
    return W_A + A_bar, W_B + B_bar, point.residual
