"""Accounting identities of a world: sales, absorption, final demand, and their checks."""

import numpy as np

from accord.core.arrays import Float
from accord.data.records import Check

SHARES_TOLERANCE = 1e-9
ACCOUNTS_TOLERANCE = 1e-9


def build_sales(
    flows: Float[np.ndarray, "importer exporter sector"],
) -> Float[np.ndarray, "region sector"]:
    """Return sales `Y_ij = sum_n flows_nij`, before duty, bn USD."""
    sales: Float[np.ndarray, "region sector"] = flows.sum(axis=0)
    return sales


def build_absorption(
    flows: Float[np.ndarray, "importer exporter sector"],
    tariff: Float[np.ndarray, "importer exporter sector"],
) -> Float[np.ndarray, "region sector"]:
    """Return spending `X_nj = sum_i flows_nij (1 + tau_nij)`, duty included, bn USD."""
    spending: Float[np.ndarray, "region sector"] = (flows * (1.0 + tariff)).sum(axis=1)
    return spending


def build_final_demand(
    absorption: Float[np.ndarray, "region sector"],
    gamma: Float[np.ndarray, "region input sector"],
    sales: Float[np.ndarray, "region sector"],
) -> Float[np.ndarray, "region sector"]:
    """Return final demand `F_nj = X_nj - sum_k gamma_njk Y_nk`, duty included, bn USD."""
    use = np.matmul(gamma, sales[:, :, None])[:, :, 0]
    final: Float[np.ndarray, "region sector"] = absorption - use
    return final


def check_accounts(
    *,
    flows: Float[np.ndarray, "importer exporter sector"],
    tariff: Float[np.ndarray, "importer exporter sector"],
    beta: Float[np.ndarray, "region sector"],
    gamma: Float[np.ndarray, "region input sector"],
) -> tuple[Check, ...]:
    """Return the identities every world satisfies, relative to the size of what they compare."""
    sales = build_sales(flows)
    spending = build_absorption(flows, tariff)
    final = build_final_demand(spending, gamma, sales)
    added = (beta * sales).sum(axis=1)
    duty = (flows * tariff).sum(axis=(1, 2))
    deficit = flows.sum(axis=(1, 2)) - flows.sum(axis=(0, 2))
    world = max(float(flows.sum()), 1e-300)
    income_gap = np.abs(final.sum(axis=1) - added - duty - deficit)
    scale = np.maximum(spending.sum(axis=1), 1e-12 * world)
    shares = float(np.abs(beta + gamma.sum(axis=1) - 1.0).max(initial=0.0))
    short = float(np.max(-final / np.maximum(spending, 1e-12 * world), initial=0.0))
    measured = (
        ("value-added and input shares add to one", shares, SHARES_TOLERANCE),
        ("final demand is not negative", max(short, 0.0), ACCOUNTS_TOLERANCE),
        (
            "final demand equals value added, duty and deficit",
            float((income_gap / scale).max(initial=0.0)),
            ACCOUNTS_TOLERANCE,
        ),
        ("deficits add to zero", float(abs(deficit.sum()) / world), ACCOUNTS_TOLERANCE),
    )
    return tuple(Check(name, value, limit, value <= limit) for name, value, limit in measured)
