"""The equations of the finance engine: present values, returns, options and expected losses."""

from collections.abc import Sequence
from math import erf, exp, expm1, isfinite, log, log1p, sqrt

import numpy as np
import pyxirr

from accord.core.arrays import Float
from accord.finance.rates import STEPS

TAIL = 0.05
LOGARITHMS = (log(0.5), log(2.0))  # of one plus the returns that mean something
GRID = 0.005  # of the logarithm of one plus a return
SAME_RETURN = 1e-6


def discount_factors(
    rate: float, steps: int, steps_a_year: int = STEPS
) -> Float[np.ndarray, " step"]:
    """Return the value today of one dollar in the middle of each step."""
    return np.asarray((1 + rate) ** (-(np.arange(steps) + 0.5) / steps_a_year))


def present_value(
    flow: Float[np.ndarray, "path step"], rate: float, steps_a_year: int = STEPS
) -> Float[np.ndarray, " path"]:
    """Return the value at the start of flows that fall in the middle of each step."""
    return np.asarray(flow @ discount_factors(rate, flow.shape[1], steps_a_year))


def internal_return(
    flow: Float[np.ndarray, " step"] | Sequence[float], steps_a_year: int = STEPS
) -> float:
    """Return the yearly internal rate of return of a flow, a fraction; NaN where there is none.

    Everything lost is a return of −100 %. The search starts at zero: a fee of a few dollars before
    the first payment gives a flow a second root, of many million per cent, that means nothing.
    """
    values = np.asarray(flow, dtype=float)
    if not (values < 0).any():
        return float("nan")
    if not (values > 0).any():
        return -1.0
    rate = pyxirr.irr(values.tolist(), guess=0.0, silent=True)
    return float("nan") if rate is None else float((1.0 + float(rate)) ** steps_a_year - 1.0)


def other_return(
    flow: Float[np.ndarray, " step"] | Sequence[float], steps_a_year: int = STEPS
) -> float:
    """Return the second meaningful internal rate of return of a flow; NaN where there is none.

    A flow that changes sign more than once can be worth nothing at several rates. Those between a
    loss of a half and a gain of 100 % a year are looked for, in steps of half a point; of several,
    the one nearest to `internal_return` comes back.
    """
    values = np.asarray(flow, dtype=float)
    first = internal_return(values, steps_a_year)
    if (values[values != 0][1:] * values[values != 0][:-1] < 0).sum() < 2 or not isfinite(first):
        return float("nan")

    def worth(logarithm: float) -> float:
        return float(values @ np.exp(-logarithm * np.arange(values.size) / steps_a_year))

    grid = np.arange(*LOGARITHMS, GRID)
    signs = np.sign(np.exp(-np.outer(grid, np.arange(values.size) / steps_a_year)) @ values)
    turns = np.flatnonzero(signs[:-1] * signs[1:] < 0)
    turns = turns[(grid[turns] > log1p(first)) | (grid[turns + 1] < log1p(first))]
    if not turns.size:
        return float("nan")
    from scipy.optimize import brentq  # slow to import, and seldom needed

    roots = [expm1(brentq(worth, grid[at], grid[at + 1], xtol=1e-12)) for at in turns]
    others = [root for root in roots if abs(root - first) > SAME_RETURN]
    return min(others, key=lambda root: abs(root - first), default=float("nan"))


def payback(flow: Float[np.ndarray, " step"], steps_a_year: int = STEPS) -> float:
    """Return the years until the undiscounted sum is no longer negative; infinite if never."""
    total = np.cumsum(flow)
    negative = np.flatnonzero(total < 0)
    if negative.size == 0:
        return 0.0
    after = int(negative[-1]) + 1
    return float("inf") if after >= total.size else (after + 1) / steps_a_year


def expected_loss(value: Float[np.ndarray, " path"]) -> float:
    """Return the mean of what is lost over values, gains counted as no loss."""
    return float(np.maximum(-value, 0.0).mean())


def tail_mean(value: Float[np.ndarray, " path"], share: float = TAIL) -> float:
    """Return the mean of the worst share of values (expected shortfall)."""
    count = max(1, round(share * value.size))
    return float(np.mean(np.partition(value, count - 1)[:count]))


def merton_put(value: float, debt: float, *, rate: float, volatility: float, years: float) -> float:
    """Return what a guarantee of debt is worth as a put on the borrower's assets.

    Merton (1977), Journal of Banking and Finance 1(1): a guarantor owes what assets worth `value`
    today, with yearly `volatility`, fall short of the `debt` due in `years`. `rate` is the
    continuously compounded riskless rate.
    """
    promised = debt * exp(-rate * years)
    if debt <= 0:
        return 0.0
    if value <= 0:
        return promised
    spread = volatility * sqrt(years)
    if spread < 1e-12:
        return max(promised - value, 0.0)
    d1 = (log(value / debt) + (rate + volatility**2 / 2) * years) / spread
    return promised * _normal(spread - d1) - value * _normal(-d1)


def actuarial_loss(exposure: float, default_rate: float, recovery: float, years: float) -> float:
    """Return the expected loss `PD x LGD x EAD` over the years, undiscounted.

    The chance of default is that of a constant yearly rate; `recovery` is what defaulted debt
    gives back.
    """
    chance = 1.0 - (1.0 - default_rate) ** years
    return float(chance * (1.0 - recovery) * exposure)


def _normal(x: float) -> float:
    return (1.0 + erf(x / sqrt(2.0))) / 2.0
