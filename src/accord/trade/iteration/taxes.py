"""Taxes and subsidies other than tariffs: on exports, on making and on using, as gross rates.

A rate is a fraction of the value before it, and below zero it is a subsidy. A buyer abroad pays
`(1 + phi) (1 + epsilon)` times what the maker gets, which is the customs value, and his tariff on
that. Final buyers pay `1 + chi` times the price that firms pay for inputs.

What a region takes in on what it makes depends on what every buyer spends, and so on the income of
every region. Given prices and sales all of it is linear: one system with a row for each region.
"""

from typing import NamedTuple

import jax.numpy as jnp
import numpy as np

from accord.core.arrays import Float
from accord.core.jax_arrays import Array
from accord.trade import equations as eq

Region = Float[np.ndarray, " region"]
RegionSector = Float[np.ndarray, "region sector"]
Cube = Float[np.ndarray, "importer exporter sector"]

NAMES = ("export_tax", "production_tax", "consumption_tax")


class Taxes(NamedTuple):
    """Rates of a whole world."""

    export: Cube
    production: RegionSector
    consumption: RegionSector

    @property
    def wedge(self) -> Cube:
        """Customs value over what the maker gets."""
        return eq.maker_wedge(self.export, self.production)


def read_taxes(before: object, after: object = None) -> Taxes | None:
    """Return the rates of a baseline, or those after a shock to it; None where none is mentioned.

    A shock that mentions a tax has it, be it at zero: what is then derived or searched for is
    the same at every rate.

    Args:
        before: A baseline; its attributes `NAMES` are rates, or None for none.
        after: A shock; None in it is a rate as in the baseline.
    """
    given = [getattr(before, name) for name in NAMES]
    if after is not None:
        new = [getattr(after, name) for name in NAMES]
        given = [old if rate is None else rate for old, rate in zip(given, new, strict=True)]
    export, production, consumption = given
    shape = next((rate.shape for rate in given if rate is not None), None)
    if shape is None:
        return None
    table, cube = (shape[0], shape[-1]), (shape[0], shape[0], shape[-1])
    return Taxes(
        np.zeros(cube) if export is None else export,
        np.zeros(table) if production is None else production,
        np.zeros(table) if consumption is None else consumption,
    )


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
