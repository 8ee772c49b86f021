"""One sweep of the equilibrium map, arranged to read the cube of trade as few times as it can.

The cube of trade costs enters only through `A = pi kappa_hat^-theta A_hat^theta` and
`B = A / (1 + tau_new)`, formed once a shock. A sweep then needs the change of exporters' costs to
the power `-theta`, a vector, and batched matrix-vector products: prices, tariff revenue, sales.

The state is one vector: log wages, log prices, and sales as a fraction of the baseline sales of
the cell plus the region's value added (so that a vanishing cell cannot spoil the conditioning).
Under scale economies, where a sector's own sales decide its costs, it has the logarithms of their
change instead: no sector is then too small to clear its own market.

Many equilibria are passed at once with one more axis, the last: the lane. Every array then ends in
it, with one entry where all lanes share it, and products with a shared cube are matrix products.
"""

import math
from typing import NamedTuple

import jax.numpy as jnp

import accord.core.precision  # noqa: F401  (double precision, before any array)
from accord.core.arrays import Float
from accord.core.jax_arrays import Array, FloatScalar
from accord.trade.iteration.wedges import Offers, Wedges, spend_taxed

State = Float[Array, "state *lane"]

SWEEPS = 2
OWN = ("theta", "VA", "D", "Y", "eta", "mu", "gain", "kappa", "m", "mu_bundles")  # of each lane
LEAST_KEPT = 1e-6  # of a wage: a labour tax of more leaves no work
SMALLEST_LOG_SALES = -600.0  # of their change: a number whose exponential is still one


class Baseline(NamedTuple):
    """The calibrated economy on the device; money is a fraction of world value added.

    `mu` is None under perfect competition and `kappa` is None with fixed labour, so that neither
    costs anything. `eta` and `gain` are the lengths of steps of log wages and of sales. `member`
    says which region is in which part of the world; None where all regions trade with each other.
    `kept` is what labour keeps of its wages after its tax; None where there is no such tax. `m` is
    profits over sales, and None where there are none; where there are, `beta` is the share of wages
    and `VA` the wage bill. `mu_bundles` is `mu` where entry takes bundles of labour and inputs, and
    None where it takes labour.
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

    @property
    def GDP(self) -> Float[Array, "region *lane"]:  # noqa: F821
        """Value added of each region: wages and profits."""
        return earned(self, self.VA, self.Y)


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
    are no such taxes, so that neither costs anything.
    """

    base: Baseline
    change: MoneyChange
    A: Float[Array, "sector importer exporter"]
    B: Float[Array, "sector importer exporter"]
    lanes: Lanes | None = None
    wedges: Wedges | None = None
    budget: Float[Array, " region"] | None = None

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
    excess: Float[Array, " region"]
    residual: FloatScalar


def initial_state(base: Baseline) -> State:
    """Return the state of the baseline itself: every change is exactly one."""
    N, J = base.Y.shape
    y = base.Y / (base.Y + base.GDP[:, None])
    if base.mu is not None:
        y = jnp.zeros_like(y)
    return jnp.concatenate([jnp.zeros(N + N * J), y.ravel()])


def earned(base: Baseline, wage_bill: Array, Y: Array) -> Array:
    """Return value added by region: wages, and the profits of sales `Y`."""
    return wage_bill if base.m is None else wage_bill + (base.m[None] * Y).sum(axis=1)


def split(kernel: Kernel, state: State) -> tuple[Array, Array, Array]:
    """Return log wages, log prices and sales from the state vector."""
    N, J = kernel.base.Y.shape[:2]
    lanes = state.shape[1:]
    log_w = state[:N]
    log_P = state[N : N + N * J].reshape(N, J, *lanes)
    y = state[N + N * J :].reshape(N, J, *lanes)
    if kernel.base.mu is not None:
        return log_w, log_P, kernel.base.Y * jnp.exp(jnp.maximum(y, SMALLEST_LOG_SALES))
    return log_w, log_P, jnp.maximum(y, 0.0) * kernel.scale


def join(kernel: Kernel, log_w: Array, log_P: Array, Y: Array) -> State:
    """Return the state vector of log wages, log prices and sales."""
    lanes = log_w.shape[1:]
    y = Y / kernel.scale if kernel.base.mu is None else log_sales(kernel.base, Y)
    return jnp.concatenate([log_w, log_P.reshape(-1, *lanes), y.reshape(-1, *lanes)])


def log_sales(base: Baseline, Y: Array) -> Array:
    """Return the logarithm of the change of sales; zero where there were none."""
    some = base.Y > 0
    ratio = jnp.where(some, Y / jnp.where(some, base.Y, 1.0), 1.0)
    return jnp.log(jnp.maximum(ratio, math.exp(SMALLEST_LOG_SALES)))


def sweep(kernel: Kernel, state: State, repeats: int = SWEEPS) -> Sweep:
    """Return all unknowns after passing the state through equations 1 to 7.

    Prices and sales are passed `repeats` times, each with the newest values (Gauss-Seidel); the
    residual is that of the first pass, so it measures the state that came in.
    """
    base = kernel.base
    log_w, log_P, Y = split(kernel, state)
    L_hat = jnp.ones_like(log_w)
    if base.kappa is not None:
        L_hat = jnp.exp(base.kappa * (log_w - log_consumer_price(kernel, log_P)))
    before = log_P
    log_c, log_P, s, Phi, price_gap = _price_sweeps(kernel, log_w, log_P, Y, repeats=repeats)
    offers = Offers(s, Phi, _turn(1 - net_of_tariff(kernel, _turn(s)) / Phi))
    unpaid = None
    if kernel.budget is not None and base.kappa is not None:
        needed = jnp.exp(log_consumer_price(kernel, before)) * kernel.budget
        kept, change = _relief(kernel, offers, needed, Y)
        L_hat = L_hat * change**base.kappa
        unpaid = jnp.max(jnp.maximum(LEAST_KEPT - kept, 0.0))
    wage_bill = jnp.exp(log_w) * L_hat * base.VA
    numeraire = _largest(world_change(base, earned(base, wage_bill, Y)) - 1, state)
    sales_gap = jnp.zeros(())
    income = X = jnp.zeros(())
    for first in [True] + [False] * (repeats - 1):
        cash = cash_before_revenue(kernel, earned(base, wage_bill, Y))
        income, X = _spend(kernel, offers, cash, Y)
        Y_new = s * _turn(_sold(kernel, _turn(X) / Phi))
        if first:
            sales_gap = _largest(_sales_gap(kernel, Y_new, Y), state)
        Y = Y_new
    demand = (base.beta * Y).sum(axis=1)
    excess = jnp.log(jnp.maximum(demand, 1e-300) / wage_bill)
    residual = jnp.maximum(jnp.maximum(price_gap, sales_gap), _largest(excess, state))
    residual = jnp.maximum(residual, numeraire)
    residual = residual if unpaid is None else jnp.maximum(residual, unpaid)
    return Sweep(L_hat, log_c, log_P, s, Phi, income, X, Y, excess, residual)


def log_consumer_price(kernel: Kernel, log_P: Array) -> Array:
    """Return the logarithm of the change of consumer prices, taxes on final use included."""
    log_price = (kernel.base.alpha * log_P).sum(axis=1)
    if kernel.wedges is not None:
        log_price = log_price + (kernel.base.alpha * kernel.wedges.log_final_change).sum(axis=1)
    return log_price


def cash_before_revenue(kernel: Kernel, value_added: Array) -> Array:
    """Return income before revenue: value added and the deficit."""
    change = kernel.change
    cash = value_added + change.D_fixed
    if change.D_share is None:
        return cash
    D_free = change.D_share * value_added
    return cash + D_free - _spread(kernel.base, D_free, value_added)


def _spend(kernel: Kernel, offers: Offers, cash: Array, Y: Array) -> tuple[Array, Array]:
    """Return income and spending by sector, given income before revenue, and sales."""
    base, placed_by = kernel.base, kernel.change.S_new
    inputs = jnp.einsum("nkj,nj...->nk...", base.gamma, Y)
    if kernel.wedges is not None:
        return spend_taxed(
            kernel.wedges, offers, (cash, inputs), alpha=base.alpha, placed=placed_by, B=kernel.B
        )
    rho = offers.rho
    absorbed = (rho * base.alpha).sum(axis=1)
    if placed_by is None:
        income = (cash + (rho * inputs).sum(axis=1)) / (1 - absorbed)
        return income, inputs + base.alpha * income[:, None]
    placed = placed_by.sum(axis=1)
    duty = (rho * (inputs + placed_by)).sum(axis=1)
    income = (cash + duty - placed * absorbed) / (1 - absorbed)
    return income, inputs + base.alpha * (income - placed)[:, None] + placed_by


def _relief(kernel: Kernel, offers: Offers, needed: Array, Y: Array) -> tuple[Array, Array]:
    """Return what labour keeps of a wage where revenue cuts the labour tax, and its change.

    The wage bill is the one that sales call for, which is the wage bill where the labour market
    clears. What the budget has `needed` is its baseline at consumer prices. The change is that to
    at least `LEAST_KEPT`: no tax on labour pays for a budget that needs more.
    """
    base = kernel.base
    wage_bill = (base.beta * Y).sum(axis=1)
    cash = cash_before_revenue(kernel, earned(base, wage_bill, Y))
    revenue = _spend(kernel, offers, cash, Y)[0] - cash
    before = 1.0 if base.kept is None else base.kept / base.VA
    kept = (wage_bill - needed + revenue) / wage_bill
    return kept, jnp.maximum(kept, LEAST_KEPT) / before


def _sales_gap(kernel: Kernel, Y_new: Array, Y: Array) -> Array:
    """Return how far sales are from demand.

    Under scale economies own sales decide own costs, so the gap is relative to them. Otherwise it
    is relative to the region's economy, and a vanishing cell cannot spoil the conditioning.
    """
    if kernel.base.mu is None:
        return (Y_new - Y) / kernel.scale
    return log_sales(kernel.base, Y_new) - log_sales(kernel.base, Y)


def net_of_tariff(kernel: Kernel, s: Array) -> Array:
    """Return `sum_i B_jni s_ji`: what is left of an importer's spending after tariffs, by `Phi`.

    The axes of `s` are sector and exporter, and those of what is returned sector and importer.
    """
    own = None if kernel.lanes is None else kernel.lanes.B
    cube = kernel.B if kernel.wedges is None else kernel.B * kernel.wedges.maker
    return _bought(kernel, cube, own, s)


def world_change(base: Baseline, value_added: Array) -> Array:
    """Return the change of world value added, which the numeraire holds at one.

    Where parts of the world do not trade with each other nothing ties their wages together: each
    part has a numeraire of its own, and the change of it is returned for each region.
    """
    if base.member is None:
        return _world(value_added) / _world(base.GDP)
    change = (base.member @ value_added) / (base.member @ base.GDP)
    return jnp.einsum("p...,pn->n...", change, base.member)


def _spread(base: Baseline, total: Array, value_added: Array) -> Array:
    """Return a sum over regions spread by value added, within each part of the world."""
    if base.member is None:
        return _world(total) * value_added / _world(value_added)
    rate = (base.member @ total) / (base.member @ value_added)
    return jnp.einsum("p...,pn->n...", rate, base.member) * value_added


def _price_sweeps(
    kernel: Kernel, log_w: Array, log_P: Array, Y: Array, *, repeats: int
) -> tuple[Array, Array, Array, Array, Array]:
    base, lanes = kernel.base, kernel.lanes
    scale_gain: Array | float = 0.0
    if base.mu is not None:
        log_scale = log_sales(base, Y)
        if base.mu_bundles is None:
            log_scale = log_scale - jnp.where(base.Y > 0, log_w[:, None], 0.0)
        scale_gain = base.mu[None, :] * log_scale
    price_gap = jnp.zeros(())
    theta = base.theta[None, :]
    log_c = s = Phi = log_P
    for first in [True] + [False] * (repeats - 1):
        if lanes is None:
            inputs = jnp.einsum("nkj,nk->nj", base.gamma, log_P)
        else:
            inputs = jnp.einsum("njk,nkw->njw", lanes.passed, log_P)
        log_c = base.beta * log_w[:, None] + inputs
        if base.m is not None:
            log_c = log_c / (1 - base.m[None])
        log_offer = log_c - scale_gain
        if base.mu_bundles is not None:
            log_offer = log_offer + base.mu_bundles[None] * log_c
        s = jnp.exp(-theta * log_offer)
        Phi = _bought(kernel, kernel.A, None if lanes is None else lanes.A, _turn(s))
        log_P_new = -_turn(jnp.log(Phi)) / theta
        if first:
            price_gap = _largest(log_P_new - log_P, log_w)
        log_P = log_P_new
    return log_c, log_P, s, Phi, price_gap


def step(kernel: Kernel, state: State) -> tuple[State, Array]:
    """Return the move that one sweep proposes, and the residual of the state it was given."""
    out = sweep(kernel, state)
    log_w, _, Y = split(kernel, state)
    Y_new = out.Y
    if kernel.base.gain is not None:
        Y_new = Y * jnp.exp(kernel.base.gain * _sales_gap(kernel, Y_new, Y))
    log_w_new = log_w + kernel.base.eta * out.excess
    wage_bill = jnp.exp(log_w_new) * out.L_hat * kernel.base.VA
    value_added = earned(kernel.base, wage_bill, Y_new)
    log_w_new = log_w_new - jnp.log(world_change(kernel.base, value_added))
    return join(kernel, log_w_new, out.log_P, Y_new) - state, out.residual


def _bought(kernel: Kernel, cube: Array, own: Array | None, s: Array) -> Array:
    """Return the sum over exporters of a cube times `s`, by sector and importer."""
    if kernel.lanes is None or own is None:
        return jnp.einsum("jni,ji->jn", cube, s)
    mine = (own * s[:, None]).sum(axis=2)
    shared = jnp.einsum("jni,jiw->jnw", cube, s)
    return shared + jnp.einsum("nr,jrw->jnw", kernel.lanes.place, mine)


def _sold(kernel: Kernel, spent: Array) -> Array:
    """Return the sum over importers of `B` times what each spends, by sector and exporter."""
    lanes = kernel.lanes
    if lanes is None:
        return jnp.einsum("jni,jn->ji", kernel.B, spent)
    mine = jnp.einsum("nr,jnw->jrw", lanes.place, spent)
    sold = (lanes.B * mine[:, :, None]).sum(axis=1)
    return sold + jnp.einsum("jin,jnw->jiw", lanes.sold, spent)


def _world(money: Array) -> Array:
    """Return the sum over regions, for each lane where there are lanes."""
    return money.sum(axis=0, keepdims=money.ndim > 1)


def _turn(table: Array) -> Array:
    """Return a table with its first two axes exchanged."""
    return jnp.swapaxes(table, 0, 1)


def _largest(gap: Array, state: Array) -> Array:
    """Return the largest absolute value, for each lane of the state that has lanes."""
    return jnp.max(jnp.abs(gap), axis=tuple(range(gap.ndim - state.ndim + 1)))
