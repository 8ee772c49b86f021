"""From a model and a shock to the arrays that the solver iterates on.

The work is done by NumPy on the host: on these sizes it is faster than a compiled program, and the
gradient needs only the two derivatives at the end, which are exact and short.

Tariffs are fractions of the customs value, the price at which goods cross the border, whatever the
law charges. A duty on cost is a part of what a unit costs its maker, who adds his markup to it: the
price rises by more than the duty that is collected. A duty on the value before freight does not
rise with freight.
"""

from dataclasses import replace

import jax.numpy as jnp
import numpy as np

from accord.core.arrays import Float, Int
from accord.core.jax_arrays import Array
from accord.core.precision import enter_solve
from accord.trade import equations as eq
from accord.trade.config import TradeConfig
from accord.trade.economy import Economy
from accord.trade.iteration.state import Baseline, Kernel, Markets, MoneyChange, State
from accord.trade.iteration.taxes import Taxes, Wedges, read_taxes
from accord.trade.plan import TradeShock

Cube = Float[np.ndarray, "importer exporter sector"]
Region = Float[np.ndarray, " region"]
RegionSector = Float[np.ndarray, "region sector"]
Sector = Float[np.ndarray, " sector"]
SectorCube = Float[np.ndarray, "sector importer exporter"]

SECTOR_FIRST = (2, 0, 1)
LINE = 64  # bytes
FAR = 100.0  # of a logarithm: rows of trade costs to the power `-theta` are scaled beyond it
SHUT = -27.0  # log of sales over baseline sales where a solve begins from a closed sector
EVERY = slice(None)


def prepare_baseline(model: Economy, config: TradeConfig) -> Baseline:
    """Return the baseline on the device, with the market structure and labour of `config`."""
    base = model.device
    if config.competition == "monopolistic":
        mu = config.scale_strength * model.scale_elasticity
        eta, gain = model.step_lengths(mu)
        base = base._replace(eta=jnp.asarray(eta), mu=jnp.asarray(mu), gain=jnp.asarray(gain))
        if config.scale_of == "bundles":
            base = base._replace(mu_bundles=base.mu)
    if config.competition == "fixed_entry":
        wages = model.wage_share(config)
        if config.charges_cost:
            base = base._replace(m_before=jnp.asarray(model.profit_before(config)))
        base = base._replace(
            beta=jnp.asarray(wages),
            VA=jnp.asarray(model.wage_bill(config) / model.value_added.sum()),
            m=jnp.asarray(model.profit_share(config)),
        )
        if base.kept is not None:
            kept = model.kept(config) / model.value_added.sum()
            base = base._replace(kept=jnp.asarray(kept))
    if config.charges_cost:
        base = base._replace(V=jnp.asarray(model.buyer_sales / model.value_added.sum()))
    if model.substitution is not None:
        markets = Markets(
            psi=jnp.asarray(model.size_exponent),
            zeta=jnp.asarray(model.fixed_cost_share),
            X=jnp.asarray(model.expenditure / model.value_added.sum()),
        )
        base = base._replace(markets=markets)
    if config.labour_elasticity:
        base = base._replace(kappa=jnp.asarray(float(config.labour_elasticity)))
    return base


def prepare(
    model: Economy,
    shock: TradeShock,
    config: TradeConfig,
    weight: float = 1.0,
    *,
    money: float | None = None,
    sourcing: Cube | None = None,
) -> Kernel:
    """Return the kernel of a shock, or of a fraction `weight` of it (in logs).

    Args:
        model: The baseline.
        shock: What changes.
        config: Market structure and labour supply.
        weight: The fraction; it applies to how far `sourcing` is from the baseline, too.
        money: The fraction of deficits, transfers and placed spending, if it is another one.
        sourcing: What shares of spending are weighted with; baseline shares if left out.

    Raises:
        InputError: In a process forked from one that has solved.
    """
    enter_solve()
    tariff = collected_tariff(model, shock, config)
    level = _level(model, shock, weight)
    A, B = form_cubes(model, replace(shock, tariff=tariff), weight, sourcing=sourcing, level=level)
    if config.charges_cost:
        markup = _added_markup(model, tariff, config) ** weight
        A, B = A * markup, B * markup
    base = prepare_baseline(model, config)
    change = money_change(model, shock, config, weight if money is None else money)
    kernel = Kernel(base, change, jnp.asarray(A), jnp.asarray(B))
    if level is not None:
        kernel = kernel._replace(level=jnp.asarray(level))
    if config.revenue_use == "labour_tax" and config.labour_elasticity:
        budget = jnp.asarray(model.budget(config) / model.value_added.sum())
        kernel = kernel._replace(budget=budget)
    before, after = read_taxes(model), read_taxes(model, shock)
    return kernel if after is None else _tax(model, kernel, before, after, weight=weight)


def charged_markup(model: Economy, config: TradeConfig) -> Sector:
    """Return the markup that makers add to duties: zero where duties are charged on prices."""
    if not config.charges_cost:
        return np.zeros_like(model.elasticity)
    return np.asarray(config.scale_strength * model.scale_elasticity)


def collected_tariff(model: Economy, shock: TradeShock, config: TradeConfig) -> Cube:
    """Return tariffs after a shock as fractions of the customs value of then, freight included."""
    tariff = np.asarray(model.tariff if shock.tariff is None else shock.tariff)
    if config.customs_value == "cif" or shock.trade_cost is None:
        return tariff
    mu = charged_markup(model, config)
    return eq.collected_rate(eq.before_freight(eq.cost_rate(tariff, mu), shock.trade_cost), mu)


def collected_slope(model: Economy, shock: TradeShock, config: TradeConfig) -> Cube | float:
    """Return by how much those tariffs rise with the rates of the shock."""
    if config.customs_value == "cif" or shock.trade_cost is None:
        return 1.0
    tariff = np.asarray(model.tariff if shock.tariff is None else shock.tariff)
    mu, d_hat = charged_markup(model, config), shock.trade_cost
    rate = eq.cost_rate(tariff, mu) / d_hat
    up = (1 + mu) / (1 - mu * tariff) ** 2
    return np.asarray(up * (1 + mu) / (1 + mu + mu * rate) ** 2 / d_hat)


def duty_wedge(model: Economy, tariff: Cube, config: TradeConfig) -> Cube:
    """Return prices with duty over prices without, for tariffs collected on the customs value.

    Where fixed costs are paid in the market it is the trade cost that would do the same to shares.
    """
    if model.substitution is not None:
        return eq.duty_at_fixed_costs(1 + tariff, model.size_exponent, model.elasticity)
    if not config.charges_cost:
        return 1 + tariff
    return 1 + eq.cost_rate(tariff, charged_markup(model, config))


def _added_markup(model: Economy, tariff: Cube, config: TradeConfig) -> SectorCube:
    """Return what the markup on duties does to shares: costs to the power `-theta`."""
    risen = [duty_wedge(model, rates, config) / (1 + rates) for rates in (tariff, model.tariff)]
    return np.asarray(((risen[0] / risen[1]) ** -model.elasticity).transpose(SECTOR_FIRST))


def _tax(
    model: Economy, kernel: Kernel, before: Taxes | None, after: Taxes, *, weight: float
) -> Kernel:
    """Return a kernel with taxes on exports, making and using, part of the way to those given."""
    none = Taxes(*(np.zeros_like(rates) for rates in after))
    before = none if before is None else before
    moved = np.log(after.wedge / before.wedge).transpose(SECTOR_FIRST)
    maker = before.wedge.transpose(SECTOR_FIRST) * np.exp(weight * moved)
    final_moved = weight * np.log((1 + after.consumption) / (1 + before.consumption))
    final = (1 + before.consumption) * np.exp(final_moved)
    kept = np.exp(-weight * model.elasticity[:, None, None] * moved)
    return kernel._replace(
        A=kernel.A * kept,
        B=kernel.B * (kept / maker),
        wedges=Wedges(jnp.asarray(maker), jnp.asarray(final), jnp.asarray(final_moved)),
    )


def form_cubes(
    model: Economy,
    shock: TradeShock,
    weight: float = 1.0,
    *,
    sourcing: Cube | None = None,
    rows: Int[np.ndarray, " row"] | slice = EVERY,
    level: Float[np.ndarray, "sector importer"] | None = None,
) -> tuple[SectorCube, SectorCube]:
    """Return `A` and `B` of a shock, or of a part of it, for all importers or some of them.

    With a `level` both are divided by the exponential of it.
    """
    gross = _gross(model, shock, rows)
    log_cost = np.log(gross, out=_aligned(gross.shape))
    before = model.log_gross_tariff[:, rows]
    log_cost -= before
    if weight != 1.0:
        gross = np.exp(before + weight * log_cost)
    if model.substitution is not None:
        log_cost *= (1 + model.size_exponent / model.elasticity)[:, None, None]
    if shock.trade_cost is not None:
        log_cost += np.log(shock.trade_cost[rows]).transpose(SECTOR_FIRST)
    if shock.productivity is not None:
        log_cost -= np.log(shock.productivity).T[:, None, :]
    log_cost *= (-weight * model.elasticity)[:, None, None]
    if level is not None:
        log_cost -= level[:, :, None]
        np.minimum(log_cost, 0.0, out=log_cost, where=model.sector_share[:, rows] == 0)
    A = np.exp(log_cost, out=log_cost)
    A *= model.sector_share[:, rows] if sourcing is None else _sector_first(model, sourcing, weight)
    return A, np.divide(A, gross, out=gross)


def _level(
    model: Economy, shock: TradeShock, weight: float
) -> Float[np.ndarray, "sector importer"] | None:
    """Return the logarithm by which rows of `A` are scaled; None where no row needs it.

    Where an importer has no source at home, trade costs of a millionth part of trade to the power
    `-theta` can be too small a number to hold. What is relative to the cheapest source is not.
    """
    if shock.trade_cost is None:
        return None
    log_cost = np.log(shock.trade_cost).transpose(SECTOR_FIRST)
    log_cost = np.where(model.sector_share > 0, log_cost, np.inf).min(axis=2)
    level = -weight * model.elasticity[:, None] * log_cost
    far = np.abs(level) > FAR
    return np.where(far, level, 0.0) if far.any() else None


def pull_back_tariff(
    model: Economy,
    shock: TradeShock,
    config: TradeConfig,
    kernel: Kernel,
    *,
    A_bar: SectorCube,
    B_bar: SectorCube,
) -> Cube:
    """Return the derivative with respect to tariffs from those with respect to `A` and `B`.

    With `A = pi ((1 + tau_new) / (1 + tau))**-theta ...` and `B = A / (1 + tau_new)`, the
    logarithmic derivatives are `-theta` and `-(theta + 1)` over `1 + tau_new`. Where duties are
    charged on cost, both have `-theta mu / (1 - mu tau_new)` besides; where fixed costs are paid in
    the market, `theta` is `theta + psi`.
    """
    theta = (model.elasticity + model.size_exponent)[:, None, None]
    A, B = np.asarray(kernel.A), np.asarray(kernel.B)
    tariff = collected_tariff(model, shock, config)
    gross = _gross(model, replace(shock, tariff=tariff))
    cube = -(theta * A * A_bar + (theta + 1) * B * B_bar) / gross
    if config.charges_cost:
        mu = charged_markup(model, config)
        added = (mu / (1 - mu * tariff)).transpose(SECTOR_FIRST)
        cube = cube - theta * added * (A * A_bar + B * B_bar)
    return np.asarray(cube.transpose(1, 2, 0) * collected_slope(model, shock, config))


def _sector_first(model: Economy, sourcing: Cube, weight: float) -> SectorCube:
    """Return sourcing weights, sector first, moved to the baseline shares where it is part way."""
    cube = np.asarray(sourcing.transpose(SECTOR_FIRST))
    return cube if weight == 1.0 else cube**weight * model.sector_share ** (1 - weight)


def _gross(
    model: Economy, shock: TradeShock, rows: Int[np.ndarray, " row"] | slice = EVERY
) -> SectorCube:
    tariff = model.tariff if shock.tariff is None else shock.tariff
    cube = tariff[rows].transpose(SECTOR_FIRST)
    return np.asarray(np.add(cube, 1, out=_aligned(cube.shape)))


def _aligned(shape: tuple[int, ...]) -> np.ndarray:
    """Return an empty array that starts on a cache line, which the device takes without a copy."""
    size = int(np.prod(shape))
    room = np.empty(size + LINE // 8)
    skip = -room.ctypes.data % LINE // 8
    return room[skip : skip + size].reshape(shape)


def money_change(
    model: Economy, shock: TradeShock, config: TradeConfig, weight: float = 1.0
) -> MoneyChange:
    """Return the part of a shock that is not in the cubes, on the device."""
    parts = money_of(model, shock, config, weight)
    return MoneyChange(*(None if part is None else jnp.asarray(part) for part in parts))  # type: ignore[arg-type]


def money_of(
    model: Economy, shock: TradeShock, config: TradeConfig, weight: float = 1.0
) -> tuple[np.ndarray, np.ndarray | None, np.ndarray | None]:
    """Return deficits that are fixed, those in shares, and placed spending.

    Money is a fraction of world value added, and shares are of the region's own.
    """
    world = model.value_added.sum()
    share = config.closure == "share"
    fixed = np.zeros_like(model.deficit) if share else model.deficit
    if shock.deficit is not None:
        fixed = fixed + weight * (shock.deficit - fixed)
    if shock.transfer is not None:
        fixed = fixed + weight * shock.transfer
    return (
        fixed / world,
        model.deficit / model.value_added if share else None,
        None if shock.spending is None else weight * shock.spending / world,
    )


def restate(
    model: Economy,
    config: TradeConfig,
    state: State,
    money: tuple[RegionSector, RegionSector],
) -> Float[Array, " state_after"]:
    """Return a state of a solve as one under another configuration begins from it.

    Args:
        model: The baseline.
        config: What is solved under next.
        state: The state, of which wages and prices stay.
        money: Sales at what makers get, and at buyers' prices where they count, in money.
    """
    base, world = prepare_baseline(model, config), model.value_added.sum()
    N, J = model.sales.shape
    parts, pairs = [state[: N + N * J]], [(money[0], model.sales)]
    if config.charges_cost:
        pairs.append((money[1], model.buyer_sales))
    for now, before in pairs:
        ratio = np.divide(now, before, out=np.ones((N, J)), where=before > 0)
        logs = np.log(np.maximum(ratio, np.exp(SHUT)))
        levels = now / world / np.asarray(base.Y + base.GDP[:, None])
        parts.append(jnp.asarray((levels if base.mu is None else logs).ravel()))
    return jnp.concatenate(parts)


def deficit_called_for(
    model: Economy, shock: TradeShock, config: TradeConfig, earned: Region
) -> Region:
    """Return the deficits that closure, shock and transfer call for at this value added."""
    if config.closure == "share":
        total = np.zeros_like(earned)
        for inside in model.member > 0:
            total[inside] = eq.deficit_share(
                earned[inside], model.value_added[inside], model.deficit[inside]
            )
        total = total if shock.deficit is None else total + shock.deficit
    else:
        total = model.deficit if shock.deficit is None else shock.deficit
    return np.asarray(total if shock.transfer is None else total + shock.transfer)
