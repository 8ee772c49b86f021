"""Public debt: the recursion of the IMF's debt framework, and what has to be financed each year."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

PathYear = Float[np.ndarray, "path year"]


@dataclass(frozen=True)
class DebtTerms:
    """What moves public debt, yearly fractions.

    Attributes:
        growth: Real growth.
        inflation: Rise of the deflator.
        domestic_rate: Interest on debt in local currency.
        foreign_rate: Interest on debt in foreign currency.
        foreign_share: Share of the debt in foreign currency.
        maturity: Years over which debt falls due.
        growth_spread: Standard deviation of growth from year to year.
    """

    growth: float = 0.018
    inflation: float = 0.02
    domestic_rate: float = 0.03
    foreign_rate: float = 0.045
    foreign_share: float = 0.02
    maturity: float = 9.0
    growth_spread: float = 0.015


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
