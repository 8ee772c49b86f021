"""The equations of the external engine: adequacy of reserves, and the recursion of public debt."""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from accord.core.arrays import Float
from accord.external.balance import ARA_WEIGHTS, BalanceSheet, DebtTerms, Metric
from accord.external.plan import SuddenStop

Amount: TypeAlias = float | Float[np.ndarray, "..."]
PathYear = Float[np.ndarray, "path year"]
STOP_QUANTILES = (0.05, 0.5, 0.95)
"""Of the chance of a stop: low, central and high."""


def ara_norm(sheet: BalanceSheet, regime: str = "ara_floating") -> float:
    """Return the reserves that meet the IMF's metric at 100 %, bn USD."""
    exports, money, debt, other = ARA_WEIGHTS[regime]
    return (
        exports * sheet.exports
        + money * sheet.broad_money
        + debt * sheet.short_term_debt
        + other * sheet.other_liabilities
    )


def adequacy(
    metric: Metric, sheet: BalanceSheet, reserves: Amount, more_debt: Amount = 0.0
) -> Amount:
    """Return a metric of reserves; below one (or its own threshold) is thin.

    Args:
        metric: "ara_floating" and "ara_fixed" over the IMF's norm; "guidotti" over short-term debt
            (Guidotti and Greenspan ask for 1); "import_months" of imports (3 is usual); "money"
            over broad money (20 % is usual); "reserves" in bn USD.
        sheet: The balance sheet.
        reserves: Reserves, bn USD.
        more_debt: Short-term debt added since the start, bn USD.
    """
    if metric == "reserves":
        return reserves
    if metric in ARA_WEIGHTS:
        return reserves / (ara_norm(sheet, metric) + ARA_WEIGHTS[metric][2] * more_debt)
    if metric == "guidotti":
        return reserves / (sheet.short_term_debt + more_debt)
    if metric == "import_months":
        return reserves / (sheet.imports / 12.0)
    return reserves / sheet.broad_money


def stop_chance(stop: SuddenStop, quantile: float) -> float:
    """Return a quantile of the yearly chance of a sudden stop, at most one.

    With `n` events in `T` years and Jeffreys' prior the chance is gamma distributed with shape
    `n + 1/2` and rate `T`; a known chance has one value.
    """
    from scipy.special import gammaincinv  # slow to import

    if stop.shape is None or stop.rate == 0:
        return stop.rate
    return float(min(stop.rate * gammaincinv(stop.shape, quantile) / stop.shape, 1.0))


@dataclass(frozen=True, eq=False)
class DebtPath:
    """Debt and gross financing needs by path and year, shares of GDP."""

    debt: PathYear
    financing_need: PathYear


def project_debt(
    start: float,
    primary_balance: float | PathYear,
    terms: DebtTerms,
    *,
    growth: PathYear,
    depreciation: PathYear,
    more: PathYear,
) -> DebtPath:
    """Return the debt of every year (IMF, sovereign risk and debt sustainability framework, 2022).

        d_t = [(1 + i_d)(1 - a) + (1 + i_f)(1 + e) a] / [(1 + g)(1 + pi)] d_(t-1) - pb_t + sfa_t

    with `a` the share of debt in foreign currency and `e` the depreciation of the year. The need is
    the primary deficit, interest and what falls due.

    Args:
        start: Debt at the start, a share of GDP.
        primary_balance: Primary balance, a share of GDP.
        terms: Rates and shares.
        growth: Real growth by path and year.
        depreciation: Rise of the price of foreign currency by path and year, a fraction.
        more: What adds to debt beyond the deficit (stock-flow adjustment), a share of GDP.
    """
    debt, need = np.zeros_like(growth), np.zeros_like(growth)
    share = terms.foreign_share
    last = np.full(growth.shape[0], start)
    balance = np.broadcast_to(np.asarray(primary_balance, dtype=float), growth.shape)
    for year in range(growth.shape[1]):
        scale = (1 + growth[:, year]) * (1 + terms.inflation)
        dearer = 1 + depreciation[:, year]
        home, abroad = (1 - share) * last, share * last * dearer
        interest = (terms.domestic_rate * home + terms.foreign_rate * abroad) / scale
        due = (home + abroad) / terms.maturity / scale
        need[:, year] = -balance[:, year] + more[:, year] + interest + due
        last = (home + abroad) / scale + interest - balance[:, year] + more[:, year]
        debt[:, year] = last
    return DebtPath(debt, need)
