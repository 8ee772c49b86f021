"""Taxes and subsidies other than tariffs, in a sweep: what they leave of income and spending.

What a region takes in on what it makes depends on what every buyer spends, and so on the income of
every region. Given prices and sales all of it is linear: one system with a row for each region.
"""

from typing import NamedTuple

import jax.numpy as jnp

from accord.core.arrays import Float
from accord.core.jax_arrays import Array


class Wedges(NamedTuple):
    """Gross rates after a shock, and the change of the one that final buyers see.

    `maker` is the customs value over what the maker gets, `final` what final buyers pay over what
    firms pay, and `log_final_change` the logarithm of how that changes.
    """

    maker: Float[Array, "sector importer exporter"]
    final: Float[Array, "region sector"]
    log_final_change: Float[Array, "region sector"]


class Offers(NamedTuple):
    """Prices of a sweep: exporters' costs and price indices to the power `-theta`, duty shares.

    `rho` is the share of spending that is duty.
    """

    s: Float[Array, "region sector"]
    Phi: Float[Array, "sector importer"]
    rho: Float[Array, "region sector"]


def spend_taxed(
    wedges: Wedges,
    offers: Offers,
    money: tuple[Float[Array, " region"], Float[Array, "region sector"]],
    *,
    alpha: Float[Array, "region sector"],
    placed: Float[Array, "region sector"] | None,
    B: Float[Array, "sector importer exporter"],
) -> tuple[Float[Array, " region"], Float[Array, "region sector"]]:
    """Return income, revenue of taxes included, and spending by sector before taxes on final use.

    Args:
        wedges: The taxes.
        offers: Prices and shares of duty.
        money: Income before revenue, and inputs bought.
        alpha: Shares of income spent by sector.
        placed: Spending that a deal places, at what final buyers pay.
        B: The cube that spending is turned into makers' sales with.
    """
    cash, inputs = money
    fixed = jnp.zeros_like(alpha)
    if placed is not None:
        fixed = placed - alpha * placed.sum(axis=1, keepdims=True)
    spread = B * (wedges.maker - 1) * offers.s.T[:, None, :] / offers.Phi[:, :, None]
    net = 1 / wedges.final
    taken = offers.rho * net + 1 - net  # of what final buyers pay, in the buyer's region
    bought = inputs + net * fixed
    rest = cash + (offers.rho * inputs).sum(axis=1) + (taken * fixed).sum(axis=1)
    rest = rest + jnp.einsum("jni,nj->i", spread, bought)
    passed = jnp.einsum("jni,nj->in", spread, net * alpha)
    system = jnp.diag(1 - (taken * alpha).sum(axis=1)) - passed
    income = jnp.linalg.solve(system, rest)
    return income, inputs + net * (alpha * income[:, None] + fixed)
