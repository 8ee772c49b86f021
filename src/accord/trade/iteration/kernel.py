"""One sweep of the equilibrium map, arranged to read the cube of trade as few times as it can.

The cube of trade costs enters only through `A = pi kappa_hat^-theta A_hat^theta` and
`B = A / (1 + tau_new)`, formed once a shock. A sweep then needs the change of exporters' costs to
the power `-theta`, a vector, and batched matrix-vector products: prices, tariff revenue, sales.
"""

import jax.numpy as jnp

import accord.core.precision  # noqa: F401  (double precision, before any array)
from accord.core.jax_arrays import Array
from accord.trade.iteration.state import (
    Baseline,
    Kernel,
    Markets,
    State,
    Sweep,
    earned,
    join,
    log_change,
    outlay,
    split,
)
from accord.trade.iteration.taxes import Offers, spend_taxed

SWEEPS = 2
HIGHEST_POWER = 300.0  # of costs to the power `-theta`, in logarithms
LEAST_KEPT = 1e-6  # of a wage: a labour tax of more leaves no work


def sweep(kernel: Kernel, state: State, repeats: int = SWEEPS) -> Sweep:
    """Return all unknowns after passing the state through equations 1 to 7.

    Prices and sales are passed `repeats` times, each with the newest values (Gauss-Seidel); the
    residual is that of the first pass, so it measures the state that came in.
    """
    base = kernel.base
    log_w, log_P, Y, V = split(kernel, state)
    L_hat = jnp.ones_like(log_w)
    if base.kappa is not None:
        L_hat = jnp.exp(base.kappa * (log_w - log_consumer_price(kernel, log_P)))
    before = log_P
    log_c, log_P, s, Phi, price_gap = _price_sweeps(
        kernel, log_w, log_P, (Y, V, L_hat), repeats=repeats
    )
    offers = Offers(s, Phi, _turn(1 - net_of_tariff(kernel, _turn(s)) / Phi))
    unpaid = None
    if kernel.budget is not None and base.kappa is not None:
        needed = jnp.exp(log_consumer_price(kernel, before)) * kernel.budget
        kept, change = _relief(kernel, offers, needed, (Y, V))
        L_hat = L_hat * change**base.kappa
        unpaid = jnp.max(jnp.maximum(LEAST_KEPT - kept, 0.0))
    wage_bill = jnp.exp(log_w) * L_hat * base.VA
    numeraire = _largest(world_change(base, earned(base, wage_bill, V)) - 1, state)
    sales_gap = jnp.zeros(())
    income = X = jnp.zeros(())
    for first in [True] + [False] * (repeats - 1):
        cash = cash_before_revenue(kernel, earned(base, wage_bill, V))
        income, X = _spend(kernel, offers, cash, outlay(base, Y, V))
        Y_new = s * _turn(_sold(kernel, _turn(X) / Phi))
        V_new = Y_new if base.V is None else s * _turn(_taken(kernel, _turn(X) / Phi))
        if first:
            gap = _sales_gap(kernel, base.Y, Y_new, Y)
            sales_gap = _largest(gap, state)
            if base.V is not None:
                gap = _sales_gap(kernel, base.V, V_new, V)
                sales_gap = jnp.maximum(sales_gap, _largest(gap, state))
        Y, V = Y_new, V_new
    paid = outlay(base, Y, V)
    if base.markets is not None:
        zeta = base.markets.zeta[None]
        paid = (1 - zeta) * Y + zeta * (1 - offers.rho) * X
    demand = (base.beta * paid).sum(axis=1)
    excess = jnp.log(jnp.maximum(demand, 1e-300) / wage_bill)
    residual = jnp.maximum(jnp.maximum(price_gap, sales_gap), _largest(excess, state))
    residual = jnp.maximum(residual, numeraire)
    residual = residual if unpaid is None else jnp.maximum(residual, unpaid)
    return Sweep(L_hat, log_c, log_P, s, Phi, income, X, Y, V, excess, residual)


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
    if base.markets is not None:
        return _spend_in_markets(kernel, base.markets, offers.rho, (cash, Y))
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


def _spend_in_markets(
    kernel: Kernel, markets: Markets, rho: Array, money: tuple[Array, Array]
) -> tuple[Array, Array]:
    """Return income and spending by sector where fixed costs are paid in the market (30).

    Those are a share of what a market spends, and go to inputs that are bought in it: spending is
    the solution of a linear system in each region. `money` is income before revenue, and sales.
    """
    base, placed, (cash, Y) = kernel.base, kernel.change.S_new, money
    zeta = markets.zeta[None]
    paid = (1 - zeta) * Y
    fixed = jnp.zeros_like(base.alpha)
    if placed is not None:
        fixed = placed - base.alpha * placed.sum(axis=1, keepdims=True)
    fixed = fixed + base.alpha * cash[:, None] + jnp.einsum("nkj,nj->nk", base.gamma, paid)
    bought = base.gamma * (zeta * (1 - rho))[:, None, :]
    system = jnp.eye(rho.shape[1])[None] - bought - base.alpha[:, :, None] * rho[:, None, :]
    X = jnp.linalg.solve(system, fixed[:, :, None])[:, :, 0]
    return cash + (rho * X).sum(axis=1), X


def _crowding(
    kernel: Kernel,
    markets: Markets,
    offers: Offers,
    log_c: Array,
    *,
    income: tuple[Array, Array, Array],
) -> Array:
    """Return by how much log prices rise with the size of markets for their fixed costs (29).

    `income` is log wages, employment and sales.
    """
    base, (log_w, L_hat, Y) = kernel.base, income
    wage_bill = jnp.exp(log_w) * L_hat * base.VA
    cash = cash_before_revenue(kernel, earned(base, wage_bill, Y))
    X = _spend(kernel, offers, cash, Y)[1]
    size = jnp.where(markets.X > 0, log_change(markets.X, X) - log_c, 0.0)
    return -(markets.psi / base.theta)[None] * size


def _relief(
    kernel: Kernel, offers: Offers, needed: Array, sales: tuple[Array, Array]
) -> tuple[Array, Array]:
    """Return what labour keeps of a wage where revenue cuts the labour tax, and its change.

    The wage bill is the one that sales call for, which is the wage bill where the labour market
    clears. What the budget has `needed` is its baseline at consumer prices. The change is that to
    at least `LEAST_KEPT`: no tax on labour pays for a budget that needs more.
    """
    base, costs, V = kernel.base, outlay(kernel.base, *sales), sales[1]
    wage_bill = (base.beta * costs).sum(axis=1)
    cash = cash_before_revenue(kernel, earned(base, wage_bill, V))
    revenue = _spend(kernel, offers, cash, costs)[0] - cash
    before = 1.0 if base.kept is None else base.kept / base.VA
    kept = (wage_bill - needed + revenue) / wage_bill
    return kept, jnp.maximum(kept, LEAST_KEPT) / before


def _sales_gap(kernel: Kernel, before: Array, Y_new: Array, Y: Array) -> Array:
    """Return how far sales are from demand.

    Under scale economies own sales decide own costs, so the gap is relative to them. Otherwise it
    is relative to the region's economy, and a vanishing cell cannot spoil the conditioning.
    """
    if kernel.base.mu is None:
        return (Y_new - Y) / kernel.scale
    return log_change(before, Y_new) - log_change(before, Y)


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
    kernel: Kernel, log_w: Array, log_P: Array, size: tuple[Array, Array, Array], *, repeats: int
) -> tuple[Array, Array, Array, Array, Array]:
    """Return what prices become, and their gap; `size` is the sales that `split` gives and labour.

    Sales and labour decide costs under scale economies, and where fixed costs are paid in markets.
    """
    base, lanes, (Y, V, L_hat) = kernel.base, kernel.lanes, size
    scale_gain: Array | float = 0.0
    if base.mu is not None:
        log_scale = log_change(base.market, V)
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
            log_c = log_c / (1 - (base.m[None] if base.m_before is None else base.m_before))
        log_offer = log_c - scale_gain
        if base.mu_bundles is not None:
            log_offer = log_offer + base.mu_bundles[None] * log_c
        power = -theta * log_offer
        if kernel.level is not None:
            idle = jnp.minimum(power, HIGHEST_POWER)  # who sells nothing may be that cheap
            power = jnp.where(base.Y > 0, power, idle)
        s = jnp.exp(power)
        Phi = _bought(kernel, kernel.A, None if lanes is None else lanes.A, _turn(s))
        log_Phi = jnp.log(Phi) if kernel.level is None else jnp.log(Phi) + kernel.level
        log_P_new = -_turn(log_Phi) / theta
        if base.markets is not None:
            offers = Offers(s, Phi, _turn(1 - net_of_tariff(kernel, _turn(s)) / Phi))
            log_P_new = log_P_new + _crowding(
                kernel, base.markets, offers, log_c, income=(log_w, L_hat, Y)
            )
        if first:
            price_gap = _largest(log_P_new - log_P, log_w)
        log_P = log_P_new
    return log_c, log_P, s, Phi, price_gap


def step(kernel: Kernel, state: State) -> tuple[State, Array]:
    """Return the move that one sweep proposes, and the residual of the state it was given."""
    out = sweep(kernel, state)
    base = kernel.base
    log_w, _, Y, V = split(kernel, state)
    Y_new, V_new = out.Y, out.V
    if base.gain is not None:
        Y_new = Y * jnp.exp(base.gain * _sales_gap(kernel, base.Y, Y_new, Y))
        if base.V is not None:
            V_new = V * jnp.exp(base.gain * _sales_gap(kernel, base.V, V_new, V))
    V_new = Y_new if base.V is None else V_new
    log_w_new = log_w + kernel.base.eta * out.excess
    wage_bill = jnp.exp(log_w_new) * out.L_hat * kernel.base.VA
    value_added = earned(base, wage_bill, V_new)
    log_w_new = log_w_new - jnp.log(world_change(base, value_added))
    return join(kernel, log_w_new, out.log_P, (Y_new, V_new)) - state, out.residual


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


def _taken(kernel: Kernel, spent: Array) -> Array:
    """Return the same at buyers' prices, duties included: the sum over importers of `A` times it.

    Taxes that makers pay are taken off. Lanes do not know duties that are charged on cost.
    """
    whole = kernel.A if kernel.wedges is None else kernel.A / kernel.wedges.maker
    return jnp.einsum("jni,jn->ji", whole, spent)


def _world(money: Array) -> Array:
    """Return the sum over regions, for each lane where there are lanes."""
    return money.sum(axis=0, keepdims=money.ndim > 1)


def _turn(table: Array) -> Array:
    """Return a table with its first two axes exchanged."""
    return jnp.swapaxes(table, 0, 1)


def _largest(gap: Array, state: Array) -> Array:
    """Return the largest absolute value, for each lane of the state that has lanes."""
    return jnp.max(jnp.abs(gap), axis=tuple(range(gap.ndim - state.ndim + 1)))
