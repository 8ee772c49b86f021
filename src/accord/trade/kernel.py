"""One sweep of the equilibrium map, arranged so that its cost is three passes over the cube.

The cube of trade costs enters only through `A = pi kappa_hat^-theta A_hat^theta` and
`B = A / (1 + tau_new)`, formed once a shock. A sweep then needs the change of exporters' costs to
the power `-theta`, a vector, and batched matrix-vector products: prices, tariff revenue, sales.

The state is one vector: log wages, log prices, and sales as a fraction of the baseline sales of
the cell plus the region's value added (so that a vanishing cell cannot spoil the conditioning).
"""

from typing import NamedTuple

import jax
import jax.numpy as jnp
from jaxtyping import Float

from accord.core import precision
from accord.core.arrays import Array, FloatScalar

assert precision  # importing it is what sets double precision

State = Float[Array, " state"]

SWEEPS = 2
SMALLEST_SALES = 1e-12


class Baseline(NamedTuple):
    """The calibrated economy on the device; money is a fraction of world value added."""

    pi: Float[Array, "importer exporter sector"]
    tau: Float[Array, "importer exporter sector"]
    alpha: Float[Array, "region sector"]
    beta: Float[Array, "region sector"]
    gamma: Float[Array, "region input sector"]
    theta: Float[Array, " sector"]
    mu: Float[Array, " sector"]
    VA: Float[Array, " region"]
    D: Float[Array, " region"]
    Y: Float[Array, "region sector"]
    kappa: FloatScalar


class Change(NamedTuple):
    """What a shock sets, complete: levels of tariffs, ratios of the rest, money as above."""

    tau_new: Float[Array, "importer exporter sector"]
    d_hat: Float[Array, "importer exporter sector"] | None
    A_hat: Float[Array, "region sector"] | None
    D_fixed: Float[Array, " region"]
    D_share: Float[Array, " region"]
    S_new: Float[Array, "region sector"] | None


class Kernel(NamedTuple):
    """A baseline and a change, ready to iterate: cubes are sector by importer by exporter."""

    base: Baseline
    change: Change
    A: Float[Array, "sector importer exporter"]
    B: Float[Array, "sector importer exporter"]
    scale: Float[Array, "region sector"]
    eta: Float[Array, " region"]
    gain: Float[Array, "region sector"]


class Sweep(NamedTuple):
    """What one sweep computes: every unknown of the model, at the state it was given."""

    L_hat: Float[Array, " region"]
    log_c: Float[Array, "region sector"]
    log_P: Float[Array, "region sector"]
    s: Float[Array, "region sector"]
    Phi: Float[Array, "sector importer"]
    income: Float[Array, " region"]
    X: Float[Array, "region sector"]
    Y: Float[Array, "region sector"]
    excess: Float[Array, " region"]
    residual: FloatScalar


def prepare(base: Baseline, change: Change, weight: FloatScalar | float = 1.0) -> Kernel:
    """Return the kernel for a fraction `weight` of the change (one: the whole change)."""
    log_kappa = jnp.log1p(change.tau_new) - jnp.log1p(base.tau)
    if change.d_hat is not None:
        log_kappa = log_kappa + jnp.log(change.d_hat)
    log_cost = log_kappa
    if change.A_hat is not None:
        log_cost = log_cost - jnp.log(change.A_hat)[None, :, :]
    A = base.pi * jnp.exp(-weight * base.theta * log_cost)
    one_plus_tau = (1 + base.tau) * jnp.exp(
        weight * (jnp.log1p(change.tau_new) - jnp.log1p(base.tau))
    )
    D_share = change.D_share
    D_fixed = weight * change.D_fixed + (1 - weight) * (base.D - D_share * base.VA)
    S_new = None if change.S_new is None else weight * change.S_new
    part = change._replace(D_fixed=D_fixed, S_new=S_new)
    order = (2, 0, 1)
    scale = base.Y + base.VA[:, None]
    eta, gain = _responses(base)
    return Kernel(
        base, part, A.transpose(order), (A / one_plus_tau).transpose(order), scale, eta, gain
    )


def _responses(base: Baseline) -> tuple[Float[Array, " region"], Float[Array, "region sector"]]:
    """Return the lengths of the steps of log wages and of sales, from first-order responses.

    A rise of the wage of i lowers demand for its labour by `1 + theta_j` times the part of its
    sales that meets competition. Under scale economies a rise of sales raises sales again, by
    `mu_j theta_j` times that part: a geometric sum, taken at once.
    """
    spending = base.VA + base.D
    inputs = jnp.einsum("nkj,nj->nk", base.gamma, base.Y)
    X = inputs + base.alpha * jnp.maximum(spending, 0.0)[:, None]
    sold = base.pi * X[:, None, :] / (1 + base.tau)
    contested = (sold * (1 - base.pi)).sum(axis=0) / jnp.maximum(sold.sum(axis=0), 1e-300)
    weights = base.beta * base.Y
    weights = weights / jnp.maximum(weights.sum(axis=1, keepdims=True), 1e-300)
    gain = 1 / jnp.maximum(1 - base.mu * base.theta * contested, 0.05)
    response = (weights * (1 + base.theta * gain) * contested).sum(axis=1)
    return 1 / jnp.maximum(response, 1e-3), gain


def initial_state(base: Baseline) -> State:
    """Return the state of the baseline itself: every change is exactly one."""
    N, J = base.Y.shape
    y = base.Y / (base.Y + base.VA[:, None])
    return jnp.concatenate([jnp.zeros(N + N * J), y.ravel()])


def split(kernel: Kernel, state: State) -> tuple[Array, Array, Array]:
    """Return log wages, log prices and sales from the state vector."""
    N, J = kernel.scale.shape
    log_w = state[:N]
    log_P = state[N : N + N * J].reshape(N, J)
    Y = jnp.maximum(state[N + N * J :].reshape(N, J), 0.0) * kernel.scale
    return log_w, log_P, Y


def join(kernel: Kernel, log_w: Array, log_P: Array, Y: Array) -> State:
    """Return the state vector of log wages, log prices and sales."""
    return jnp.concatenate([log_w, log_P.ravel(), (Y / kernel.scale).ravel()])


def sweep(kernel: Kernel, state: State, repeats: int = SWEEPS) -> Sweep:
    """Return all unknowns after passing the state through equations 1 to 7.

    Prices and sales are passed `repeats` times, each with the newest values (Gauss-Seidel); the
    residual is that of the first pass, so it measures the state that came in.
    """
    base, change = kernel.base, kernel.change
    log_w, log_P, Y = split(kernel, state)
    L_hat = jnp.exp(base.kappa * (log_w - (base.alpha * log_P).sum(axis=1)))
    wage_bill = jnp.exp(log_w) * L_hat * base.VA
    log_c, log_P, s, Phi, price_gap = _price_sweeps(kernel, log_w, log_P, Y, repeats)
    Psi = jnp.einsum("jni,ji->jn", kernel.B, s.T)
    rho = (1 - Psi / Phi).T
    D_free = change.D_share * wage_bill
    deficit = change.D_fixed + D_free - D_free.sum() * wage_bill / wage_bill.sum()
    cash = wage_bill + deficit
    absorbed = (rho * base.alpha).sum(axis=1)
    sales_gap = jnp.zeros(())
    income = X = jnp.zeros(())
    for first in [True] + [False] * (repeats - 1):
        inputs = jnp.einsum("nkj,nj->nk", base.gamma, Y)
        if change.S_new is None:
            income = (cash + (rho * inputs).sum(axis=1)) / (1 - absorbed)
            X = inputs + base.alpha * income[:, None]
        else:
            placed = change.S_new.sum(axis=1)
            duty = (rho * (inputs + change.S_new)).sum(axis=1)
            income = (cash + duty - placed * absorbed) / (1 - absorbed)
            X = inputs + base.alpha * (income - placed)[:, None] + change.S_new
        Y_new = s * jnp.einsum("jni,jn->ji", kernel.B, X.T / Phi).T
        if first:
            sales_gap = jnp.max(jnp.abs(Y_new - Y) / kernel.scale)
        Y = Y_new
    demand = (base.beta * Y).sum(axis=1)
    excess = jnp.log(jnp.maximum(demand, 1e-300) / wage_bill)
    residual = jnp.maximum(jnp.maximum(price_gap, sales_gap), jnp.max(jnp.abs(excess)))
    return Sweep(L_hat, log_c, log_P, s, Phi, income, X, Y, excess, residual)


def _price_sweeps(
    kernel: Kernel, log_w: Array, log_P: Array, Y: Array, repeats: int
) -> tuple[Array, Array, Array, Array, Array]:
    base = kernel.base
    some = base.Y > 0
    Y_hat = jnp.where(some, Y / jnp.where(some, base.Y, 1.0), 1.0)
    log_L = jnp.log(jnp.maximum(Y_hat, SMALLEST_SALES)) - jnp.where(some, log_w[:, None], 0.0)
    scale_gain = base.mu * log_L
    price_gap = jnp.zeros(())
    log_c = s = Phi = log_P
    for first in [True] + [False] * (repeats - 1):
        log_c = base.beta * log_w[:, None] + jnp.einsum("nkj,nk->nj", base.gamma, log_P)
        s = jnp.exp(-base.theta * (log_c - scale_gain))
        Phi = jnp.einsum("jni,ji->jn", kernel.A, s.T)
        log_P_new = -jnp.log(Phi).T / base.theta
        if first:
            price_gap = jnp.max(jnp.abs(log_P_new - log_P))
        log_P = log_P_new
    return log_c, log_P, s, Phi, price_gap


def step(kernel: Kernel, state: State) -> tuple[State, FloatScalar]:
    """Return the move that one sweep proposes, and the residual of the state it was given."""
    out = sweep(kernel, state)
    log_w, _, Y = split(kernel, state)
    Y_new = jnp.maximum(Y + kernel.gain * (out.Y - Y), 0.0)
    log_w_new = log_w + kernel.eta * out.excess
    world = (jnp.exp(log_w_new) * out.L_hat * kernel.base.VA).sum()
    log_w_new = log_w_new - jnp.log(world / kernel.base.VA.sum())
    return join(kernel, log_w_new, out.log_P, Y_new) - state, out.residual


@jax.jit
def evaluate(kernel: Kernel, state: State) -> Sweep:
    """Return one plain pass at the state: the numbers a solution reports."""
    return sweep(kernel, state, repeats=1)
