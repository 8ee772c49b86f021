"""The equations of the verdict, each once: functions of arrays, and a table of what they say.

Symbols: `t` a year, `G` the size of the world economy, `EV` equivalent variation at the size of the
baseline, `z` the share displaced, `k` the share of building that is additional, `q` the chance of a
first crash, `L` what it costs. Money is bn USD of the price year. `docs/theory/verdict.md` has the
same equations, and a test holds the two together.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from accord.core.arrays import Float, Int
from accord.core.numerics.rows import distinct

COMPONENTS = (
    "tariff", "transfer", "terms_of_trade", "capacity", "profit", "receipts_risk", "later",
    "risk",
)  # fmt: skip

DrawYear = Float[np.ndarray, "draw year"]
Gains = Float[np.ndarray, "draw year region"]


@dataclass(frozen=True)
class Equation:
    """One equation of the verdict.

    Attributes:
        text: In plain text, as an explanation prints it.
        payer: What it is for the party that pays, as the method page prints it.
        host: What it is for the party that is paid.
    """

    text: str
    payer: str = ""
    host: str = ""


EQUATIONS = {
    "payoff": Equation("sum over components and years t of gain(t) (1 + r) ** -(t - start + 1/2)"),
    "tariff": Equation(
        "G (EV(tariffs of the package) - EV(tariffs without a deal)) while they stand; EV by "
        "equation 8, at once and as buyers choose anew",
        r"$EV(\tau) - EV(\tau^0)$",
        "the same",
    ),
    "transfer": Equation(
        "-((1 - z) calls + guarantees called + income lost on what is displaced)",
        r"$-(\mathit{out}+\mathit{lost})$",
        r"$+(\mathit{out}+\mathit{lost})$",
    ),
    "terms_of_trade": Equation(
        "G (EV(tariffs, money, building) - EV(tariffs)), less the money itself",
        r"$EV(\tau,T,S) - EV(\tau)$ less the money itself",
        "the same",
    ),
    "capacity": Equation(
        "G (EV(with A = 1 + k (1 - z) earnings / sales) - EV(without)), less the building",
        r"$EV(\tau,T,S,A) - EV(\tau,T,S)$",
        "the same, less the building it does without",
    ),
    "profit": Equation(
        "profits, interest, repayments and fees paid home",
        r"$+\mathit{back}$",
        r"$-\mathit{back}$",
    ),
    "receipts_risk": Equation(
        "-(1 - ((1 + r) / (1 + r + p)) ** a) receipts, premium p by kind, a years at risk",
        "off profits and what capacity adds, less what displaced assets would have paid",
        "off what capacity adds and what displaced assets would have paid, less profits paid home",
    ),
    "later": Equation(
        "sum over years u after the horizon H of (money home + k (1 - z) earnings), at risk, "
        "(1 + r) ** -(u - H); counted in H",
        r"$+\mathit{back}$ after the horizon, at risk",
        r"$-\mathit{back}$ and new capacity after the horizon, at risk",
    ),
    "risk": Equation(
        "-G output (1 - [1 - q + q (1 - L)^(1 - s)]^(1 / (1 - s))), less no deal's",
        "certainty equivalent",
        "certainty equivalent",
    ),
}


def world_growth(rate: Float[np.ndarray, " draw"], after: Int[np.ndarray, " year"]) -> DrawYear:
    """Return `G_t = (1 + g) ** (t - t_0)`, with `t_0` the price year."""
    return np.asarray((1 + rate[:, None]) ** after)


def discount_factors(
    real: Float[np.ndarray, "draw region"], after: Float[np.ndarray, " year"]
) -> Gains:
    """Return `(1 + r) ** -(t - start + 1/2)`; `real` is one plus the real rate."""
    rates, of_region = _alike(real)
    return np.asarray((rates[:, None, :] ** -after[:, None])[:, :, of_region])


def _alike(
    columns: Float[np.ndarray, "draw region"],
) -> tuple[Float[np.ndarray, "draw kind"], Int[np.ndarray, " region"]]:
    """Return the columns that differ, and which of them every region has: few rates differ."""
    first, of_region = distinct(columns.T)
    return columns[:, first], of_region


def present_value(
    gains: Float[np.ndarray, "draw component year region"], factors: Gains
) -> Float[np.ndarray, "draw component region"]:
    """Return the sum over years `t` of `gain(t) (1 + r) ** -(t - start + 1/2)`."""
    return np.asarray(np.einsum("dpyr,dyr->dpr", gains, factors))


def sent(displaced: Float[np.ndarray, "draw 1"], called: DrawYear, other: DrawYear) -> DrawYear:
    """Return `out_t = (1 - z) calls_t + guarantees_t + premium_t`: money that leaves the payer."""
    return np.asarray((1 - displaced) * called + other)


def annuities(invested: DrawYear, rate: Float[np.ndarray, " draw"]) -> DrawYear:
    """Return what sums invested in each year pay in all later years of the horizon.

    A sum `x` with `n` years left pays `x r / (1 - (1 + r) ** -n)` in each of them, principal
    included, so that nothing is left at the end; what is invested in the last year comes back in
    it.

    >>> annuities(np.array([[110.0, 0.0, 0.0]]), np.array([0.1])).round(2).tolist()
    [[0.0, 63.38, 63.38]]
    """
    years = invested.shape[1]
    left = np.arange(years - 1, 0, -1.0)
    flat = np.abs(rate)[:, None] < 1e-9
    safe = np.where(flat, 1.0, rate[:, None])
    factor = np.where(flat, 1 / left, safe / (1 - (1 + safe) ** -left))
    paid = np.zeros_like(invested)
    np.cumsum(invested[:, :-1] * factor, axis=1, out=paid[:, 1:])
    paid[:, -1] += invested[:, -1]
    return paid


def still_called(called: DrawYear, stand: DrawYear) -> DrawYear:
    """Return the share of the money called by each year that is called while the tariffs stand.

    What was built and is earned by then is taken to be the same share of what it would have been.

    >>> still_called(np.array([[10.0, 10.0, 0.0]]), np.array([[1.0, 0.0, 0.0]])).tolist()
    [[1.0, 0.5, 0.5]]
    """
    whole = np.cumsum(called, axis=1)
    kept = np.cumsum(called * stand, axis=1)
    return np.asarray(np.divide(kept, whole, out=np.ones_like(whole), where=whole > 0))


def additional_share(
    additional: Float[np.ndarray, " draw"], displaced: Float[np.ndarray, "draw 1"]
) -> Float[np.ndarray, "draw 1"]:
    """Return `k (1 - z)`: the share of what is built that would not have been built anyway."""
    return np.asarray(additional[:, None] * (1 - displaced))


def gradual(at_once: Gains, long_run: Gains, speed: Float[np.ndarray, " draw"]) -> Gains:
    """Return `S_t + A_t`, with `A_t = (1 - d) A_(t-1) + d (L - S)_(t-1)`: trade answers slowly.

    `S` is the gain while nobody chooses a source anew, `L` the gain once everybody has, and `d` the
    share who do each year. What those who chose in an earlier year add stays until they choose
    again.

    >>> gradual(np.ones((1, 3, 1)), np.full((1, 3, 1), 3.0), np.array([0.5])).ravel().tolist()
    [1.0, 2.0, 2.5]
    """
    if at_once is long_run:
        return long_run
    gains, adapted = np.array(at_once), np.zeros_like(at_once[:, 0])
    for year in range(1, gains.shape[1]):
        last = long_run[:, year - 1] - at_once[:, year - 1]
        adapted = (1 - speed[:, None]) * adapted + speed[:, None] * last
        gains[:, year] += adapted
    return gains


def tariff_gain(growth: DrawYear, tariffs: Gains) -> Gains:
    """Return `G_t (EV(tau) - EV(tau_0))`, given the difference while the tariffs stand."""
    return np.asarray(growth[:, :, None] * tariffs)


def terms_of_trade_gain(growth: DrawYear, money: Gains, flows: Mapping[str, Gains]) -> Gains:
    """Return `G_t (EV(tau, T, S) - EV(tau))`, with what is in kind, less the money itself."""
    return np.asarray(growth[:, :, None] * money + flows["kind"] - flows["sent"] - flows["home"])


def capacity_gain(growth: DrawYear, capacity: Gains, cost: Gains) -> Gains:
    """Return `G_t (EV(tau, T, S, A) - EV(tau, T, S))`, less the building done without."""
    return np.asarray(growth[:, :, None] * capacity - cost)


def years_at_risk(called: DrawYear) -> DrawYear:
    """Return how long ago the money called up to each year was called on average, in years.

    Nothing is at risk before it is called. Where nothing is called, the years since the first.

    >>> years_at_risk(np.array([[10.0, 10.0, 0.0]])).tolist()
    [[0.0, 0.5, 1.5]]
    """
    years = np.arange(called.shape[1], dtype=float)
    whole = np.cumsum(called, axis=1)
    moment = np.cumsum(called * years, axis=1)
    mean = np.divide(moment, whole, out=np.zeros_like(whole), where=whole > 0)
    return np.asarray(years - mean)


def risk_discount(
    receipts: Gains,
    real: Float[np.ndarray, "draw region"],
    premium: Float[np.ndarray, " draw"],
    risk_years: DrawYear,
) -> Gains:
    """Return `-(1 - ((1 + r) / (1 + r + p)) ** a)` of what is received, `a` years at risk.

    Discounted at `r`, it takes from receipts what discounting them at `r + p` since the money
    behind them was called would. `real` is one plus `r`; what is paid out is negative.
    """
    rates, of_region = _alike(real)
    ratio = (rates / (rates + premium[:, None]))[:, None, :]
    return np.asarray((ratio ** risk_years[:, :, None] - 1)[:, :, of_region] * receipts)


def crash_cost(
    chance: DrawYear,
    loss: Float[np.ndarray, " draw"],
    output: DrawYear,
    aversion: Float[np.ndarray, " draw"],
) -> DrawYear:
    """Return what the risk of a crash is worth in each year, bn USD, zero or negative.

    `-(1 - ((1 - q) + q (1 - L) ** (1 - s)) ** (1 / (1 - s)))` of output: what a party with constant
    relative risk aversion `s` would give up for certain; at `s = 1`, `-(1 - (1 - L) ** q)`.

    >>> half, two = np.array([0.5]), np.array([2.0])
    >>> crash_cost(np.array([[0.1]]), half, np.array([[100.0]]), two).round(2).tolist()
    [[-9.09]]
    """
    power = np.where(np.abs(1 - aversion) < 1e-9, 1e-9, 1 - aversion)[:, None]
    kept = np.expm1(power * np.log1p(-loss[:, None]))
    sure = np.exp(np.log1p(chance * kept) / power)
    return np.asarray(-(1 - sure) * output)
