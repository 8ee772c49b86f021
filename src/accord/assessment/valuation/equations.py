"""The equations of the verdict, each once: functions of arrays, and a table of what they say.

Symbols: `t` a year, `G` the size of the world economy, `EV` equivalent variation at the size of the
baseline, `z` the share displaced, `k` the share of building that is additional, `q` the chance of a
first crash, `L` what it costs. Money is bn USD of the price year. `docs/method.md` has the same
equations, and a test holds the two together.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

AVERSION = 2.0  # relative risk aversion: the usual value (Lucas 1987 used 1 to 20)
COMPONENTS = ("tariff", "transfer", "terms_of_trade", "capacity", "profit", "risk")

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
        "G (EV(tariffs of the package) - EV(tariffs without a deal)); EV by equation 8",
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
    "risk": Equation(
        "-G output (1 - [1 - q + q (1 - L)^(1 - s)]^(1 / (1 - s))), s = 2, less no deal's",
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
    return np.asarray(real[:, None, :] ** -after[:, None])


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
    paid = np.zeros_like(invested)
    for year in range(years - 1):
        left = years - 1 - year
        safe = np.where(np.abs(rate) < 1e-9, 1.0, rate)
        factor = np.where(np.abs(rate) < 1e-9, 1 / left, safe / (1 - (1 + safe) ** -left))
        paid[:, year + 1 :] += (invested[:, year] * factor)[:, None]
    paid[:, -1] += invested[:, -1]
    return paid


def additional_share(
    additional: Float[np.ndarray, " draw"], displaced: Float[np.ndarray, "draw 1"]
) -> Float[np.ndarray, "draw 1"]:
    """Return `k (1 - z)`: the share of what is built that would not have been built anyway."""
    return np.asarray(additional[:, None] * (1 - displaced))


def tariff_gain(growth: DrawYear, tariffs: Gains, without: Gains, lasting: np.ndarray) -> Gains:
    """Return `G_t (EV(tau) - EV(tau_0))` while the tariffs without a deal would have lasted."""
    return np.asarray(growth[:, :, None] * (tariffs - without) * lasting[:, :, None])


def terms_of_trade_gain(
    growth: DrawYear, money: Gains, tariffs: Gains, itself: tuple[Gains, Gains, Gains]
) -> Gains:
    """Return `G_t (EV(tau, T, S) - EV(tau))`, with what is in kind, less the money itself.

    `itself` is what is delivered in kind, what is sent, and what goes home.
    """
    kind, sent_on, home = itself
    return np.asarray(growth[:, :, None] * (money - tariffs) + kind - sent_on - home)


def capacity_gain(growth: DrawYear, whole: Gains, money: Gains, cost: Gains) -> Gains:
    """Return `G_t (EV(tau, T, S, A) - EV(tau, T, S))`, less the building done without."""
    return np.asarray(growth[:, :, None] * (whole - money) - cost)


def crash_cost(chance: DrawYear, loss: Float[np.ndarray, " draw"], output: DrawYear) -> DrawYear:
    """Return what the risk of a crash is worth in each year, bn USD, zero or negative.

    `-(1 - ((1 - q) + q (1 - L) ** (1 - s)) ** (1 / (1 - s)))` of output: what a party with constant
    relative risk aversion `s` would give up for certain.
    """
    kept = (1 - loss[:, None]) ** (1 - AVERSION)
    sure = ((1 - chance) + chance * kept) ** (1 / (1 - AVERSION))
    return np.asarray(-(1 - sure) * output)
