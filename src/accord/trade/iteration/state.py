"""What a sweep is given and what it returns: the economy, the change, and the vector of unknowns.

The state is one vector: log wages, log prices, and sales as a fraction of the baseline sales of
the cell plus the region's value added (so that a vanishing cell cannot spoil the conditioning).
Under scale economies, where a sector's own sales decide its costs, it has the logarithms of their
change instead: no sector is then too small to clear its own market. Where duties are charged on
cost, sales at buyers' prices follow in the same form.

Many equilibria are passed at once with one more axis, the last: the lane. Every array then ends in
it, with one entry where all lanes share it, and products with a shared cube are matrix products.
"""

import math
from typing import NamedTuple

import jax.numpy as jnp
from jaxtyping import Float

import accord.core.precision  # noqa: F401  (double precision, before any array)
from accord.core.jax_arrays import Array, FloatScalar
from accord.trade.iteration.taxes import Wedges

State = Float[Array, "state *lane"]
OWN = ("theta", "VA", "D", "Y", "eta", "mu", "gain", "kappa", "m", "mu_bundles")  # of each lane
SMALLEST_LOG_SALES = -600.0  # of their change: a number whose exponential is still one


class Markets(NamedTuple):
    """Fixed costs that are paid in markets, and the spending of markets in the baseline.

    `psi` is the exponent of the size of a market, `zeta` the share of sales that they are.
    """

    psi: Float[Array, " sector"]
    zeta: Float[Array, " sector"]
    X: Float[Array, "region sector"]


class Baseline(NamedTuple):
    """The calibrated economy on the device; money is a fraction of world value added.

    `mu` is None under perfect competition and `kappa` is None with fixed labour, so that neither
    costs anything. `eta` and `gain` are the lengths of steps of log wages and of sales. `member`
    says which region is in which part of the world; None where all regions trade with each other.
    `kept` is what labour keeps of its wages after its tax; None where there is no such tax. `m` is
    profits over sales, and None where there are none; where there are, `beta` is the share of wages
    and `VA` the wage bill. `mu_bundles` is `mu` where entry takes bundles of labour and inputs, and
    None where it takes labour. `V` is sales at buyers' prices where duties are charged on cost, and
    `m_before` then profits over sales where there are any; None where duties are charged on prices.
    `markets` is what fixed costs in them depend on; None where there are none.
    """

    alpha: Float[Array, "region sector"]
    beta: Float[Array, "region sector"]
    gamma: Float[Array, "region input sector"]
    theta: Float[Array, " sector"]
    VA: Float[Array, " region"]
    D: Float[Array, " region"]
    Y: Float[Array, "region sector"]
    eta: Float[Array, " region"]
    mu: Float[Array, " sector"] | None = None
    gain: Float[Array, "region sector"] | None = None
    kappa: FloatScalar | None = None
    member: Float[Array, "part region"] | None = None
    kept: Float[Array, " region"] | None = None
    m: Float[Array, " sector"] | None = None
    mu_bundles: Float[Array, " sector"] | None = None
    V: Float[Array, "region sector"] | None = None
    m_before: Float[Array, "region sector"] | None = None
    markets: Markets | None = None

    @property
    def market(self) -> Float[Array, "region sector *lane"]:
        """Sales that profits are a share of and firms enter for."""
        return self.Y if self.V is None else self.V

    @property
    def GDP(self) -> Float[Array, "region *lane"]:  # noqa: F821
        """Value added of each region: wages and profits."""
        return earned(self, self.VA, self.market)


class MoneyChange(NamedTuple):
    """The part of a shock that is not in the cubes; money as in the baseline."""

    D_fixed: Float[Array, " region"]
    D_share: Float[Array, " region"] | None = None
    S_new: Float[Array, "region sector"] | None = None


class Lanes(NamedTuple):
    """What the kernel of many lanes has beside the cubes that they share.

    The shared cubes are empty in the rows of importers that lanes have of their own, and `place` is
    one where such a row belongs. `sold` and `passed` are the shared `B` and `gamma`, turned as the
    products read them.
    """

    A: Float[Array, "sector row exporter lane"]
    B: Float[Array, "sector row exporter lane"]
    place: Float[Array, "importer row"]
    sold: Float[Array, "sector exporter importer"]
    passed: Float[Array, "region sector input"]


class Kernel(NamedTuple):
    """A baseline and a change, ready to iterate: `A` and `B` as the module says.

    `wedges` are taxes and subsidies other than tariffs, and `budget` is what governments take in;
    it is None where revenue does not go into a cut of the labour tax, and `wedges` is where there
    are no such taxes, so that neither costs anything. `A` and `B` are over the exponential of
    `level` where trade costs are so high that they would be zero without.
    """

    base: Baseline
    change: MoneyChange
    A: Float[Array, "sector importer exporter"]
    B: Float[Array, "sector importer exporter"]
    lanes: Lanes | None = None
    wedges: Wedges | None = None
    budget: Float[Array, " region"] | None = None
    level: Float[Array, "sector importer"] | None = None

    @property
    def scale(self) -> Float[Array, "region sector *lane"]:
        """What sales are measured by in the state: own baseline sales and the region's GDP."""
        return self.base.Y + self.base.GDP[:, None]


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
    V: Float[Array, "region sector"]
    excess: Float[Array, " region"]
    residual: FloatScalar


def initial_state(base: Baseline) -> State:
    """Return the state of the baseline itself: every change is exactly one."""
    N, J = base.Y.shape
    y = base.Y / (base.Y + base.GDP[:, None])
    if base.mu is not None:
        y = jnp.zeros_like(y)
    parts = [jnp.zeros(N + N * J), y.ravel()]
    if base.V is not None:
        v = base.V / (base.Y + base.GDP[:, None])
        parts.append((v if base.mu is None else y).ravel())
    return jnp.concatenate(parts)


def earned(base: Baseline, wage_bill: Array, V: Array) -> Array:
    """Return value added by region: wages, and the profits of sales `V`."""
    return wage_bill if base.m is None else wage_bill + (base.m[None] * V).sum(axis=1)


def outlay(base: Baseline, Y: Array, V: Array) -> Array:
    """Return sales that give the same wages and inputs at the profit shares of before (25)."""
    if base.m is None or base.m_before is None:
        return Y
    return (Y - base.m[None] * V) / (1 - base.m_before)


def split(kernel: Kernel, state: State) -> tuple[Array, Array, Array, Array]:
    """Return log wages, log prices and sales from the state vector.

    The last are sales that profits are a share of: at buyers' prices where duties are charged on
    cost, and the same as what makers get where they are not.
    """
    N, J = kernel.base.Y.shape[:2]
    lanes = state.shape[1:]
    log_w = state[:N]
    log_P = state[N : N + N * J].reshape(N, J, *lanes)
    both = [state[N + N * J : N + 2 * N * J].reshape(N, J, *lanes)]
    if kernel.base.V is not None:
        both.append(state[N + 2 * N * J :].reshape(N, J, *lanes))
    if kernel.base.mu is None:
        sales = [jnp.maximum(y, 0.0) * kernel.scale for y in both]
    else:
        logs = [jnp.maximum(y, SMALLEST_LOG_SALES) for y in both]
        before = (kernel.base.Y, kernel.base.market)
        sales = [old * jnp.exp(y) for old, y in zip(before, logs, strict=False)]
    return log_w, log_P, sales[0], sales[-1]


def join(kernel: Kernel, log_w: Array, log_P: Array, sales: tuple[Array, Array]) -> State:
    """Return the state vector of log wages, log prices and sales, the two that `split` gives."""
    Y, V = sales
    lanes, base = log_w.shape[1:], kernel.base
    parts = [log_w, log_P.reshape(-1, *lanes)]
    pairs = [(Y, base.Y)] if base.V is None else [(Y, base.Y), (V, base.V)]
    for now, before in pairs:
        y = now / kernel.scale if base.mu is None else log_change(before, now)
        parts.append(y.reshape(-1, *lanes))
    return jnp.concatenate(parts)


def log_sales(base: Baseline, Y: Array) -> Array:
    """Return the logarithm of the change of sales; zero where there were none."""
    return log_change(base.Y, Y)


def log_change(before: Array, now: Array) -> Array:
    """Return the logarithm of the change of money; zero where there was none."""
    some = before > 0
    ratio = jnp.where(some, now / jnp.where(some, before, 1.0), 1.0)
    return jnp.log(jnp.maximum(ratio, math.exp(SMALLEST_LOG_SALES)))
