"""Refund guarantees and credits to the buyers of ships: defaults at a constant yearly chance.

Of `n` yards or buyers of equal size each fails in a quarter with the chance `h` that compounds to
the yearly rate. The share that fails is its mean on the central path, and a binomial number over
`n` on the others, so that the mean over the paths is that of the central path.
"""

from dataclasses import dataclass

import numpy as np

from accord.core.arrays import Float
from accord.finance.accounts.debt import schedule_loan
from accord.finance.construction.queues import Flow, pay_under_cap
from accord.finance.draws import Draws
from accord.finance.instruments import BuyerCredit, RefundGuarantee
from accord.finance.plan import Pace
from accord.finance.rates import (
    DAYS_OFF,
    STEPS,
    PathStep,
    ReferenceRate,
    a_step,
    level_of,
    rate_paths,
    steps_until,
)

SMALLEST = 1e-9  # share of a pool that is left to scale by, where every buyer has defaulted


@dataclass(frozen=True, eq=False)
class Refunds:
    """What a refund guarantee moves, by path and step, bn USD.

    `outstanding` is the mean of the step.
    """

    outstanding: Flow
    paid: Flow
    resold: Flow
    fee: Flow
    capital_cost: Flow


@dataclass(frozen=True, eq=False)
class Credit:
    """What a buyer credit moves, by path and step, bn USD."""

    drawn: Flow
    served: Flow
    recovered: Flow


def refund_buyers(guarantee: RefundGuarantee, pace: Pace, draws: Draws, steps: int) -> Refunds:
    """Return what a refund guarantee pays, gets back and earns, by path and step, bn USD.

    What is outstanding rises evenly over the time that a ship takes, stays level, and falls evenly
    once no guarantee is written any more.
    """
    edges = np.arange(steps + 1) / STEPS
    written = np.clip(edges, pace.select_from, pace.select_until)
    ended = np.clip(edges - guarantee.years, pace.select_from, pace.select_until)
    level = guarantee.amount * (written - ended) / guarantee.years
    outstanding = np.broadcast_to((level[1:] + level[:-1]) / 2, (draws.paths, steps))
    share = default_shares(guarantee.default_rate, guarantee.borrowers, draws, steps)
    paid = outstanding * share
    held = guarantee.capital * guarantee.capital_cost / STEPS
    return Refunds(
        outstanding,
        paid,
        guarantee.recovery * paid,
        outstanding * (guarantee.fee / STEPS),
        outstanding * held,
    )


def lend_to_buyers(
    credit: BuyerCredit,
    pace: Pace,
    draws: Draws,
    steps: int,
    *,
    references: tuple[ReferenceRate, ...] = (),
) -> Credit:
    """Return what a buyer credit lends and gets back, by path and step, bn USD.

    Loans are made at an even pace while projects can be selected. What is owed at the end of a
    step, with the interest of the next one, is what buyers default on in that step.
    """
    debt = credit.debt
    asked = np.broadcast_to(credit.amount * _even_pace(pace, steps), (draws.paths, steps))
    until = steps if pace.until is None else min(steps, int(np.ceil(pace.until * STEPS - DAYS_OFF)))
    drawn = pay_under_cap(asked, pace.annual_cap, until)
    rate = rate_paths(debt.interest, references, draws.rates)
    share = default_shares(credit.default_rate, credit.borrowers, draws, steps)
    alive = np.maximum(np.cumprod(1 - share, axis=1), SMALLEST)
    due = schedule_loan(drawn / alive, debt, rate, level_of(debt.interest, references))
    before = np.concatenate([np.ones((draws.paths, 1)), alive[:, :-1]], axis=1)
    owed = np.zeros_like(drawn)
    owed[:, 1:] = due.outstanding[:, :-1] * (1 + a_step(rate))[:, 1:]
    served = (due.interest + due.principal) * alive
    return Credit(drawn, served, credit.recovery * owed * before * share)


def default_shares(yearly: float, borrowers: int, draws: Draws, steps: int) -> PathStep:
    """Return the share of borrowers that default in each step, by path.

    Args:
        yearly: Chance a year that one of them defaults.
        borrowers: Their number.
        draws: Uniform numbers by path and step, or the central path.
        steps: Number of steps.
    """
    chance = 1.0 - (1.0 - yearly) ** (1 / STEPS)
    if draws.central or chance == 0.0:
        return np.full((draws.paths, steps), chance)
    at_most = _binomial(borrowers, chance).cumsum()[:-1]
    uniform = draws.defaults[:, :steps]
    count = np.zeros(uniform.shape)
    for edge in at_most:
        more = uniform >= edge
        if not more.any():
            break
        count += more
    return count / borrowers


def _binomial(count: int, chance: float) -> Float[np.ndarray, " number"]:
    """Return the chances that none, one, ... or all of `count` default."""
    chances = np.ones(1)
    for _ in range(count):
        chances = np.convolve(chances, [1 - chance, chance])
    return chances


def _even_pace(pace: Pace, steps: int) -> Float[np.ndarray, " step"]:
    """Return the share of an amount that falls in each step while projects can be selected."""
    if pace.up_front or pace.select_until <= pace.select_from:
        shares = np.zeros(steps)
        shares[int(steps_until(pace.select_from))] = 1.0
        return shares
    edges = np.clip(np.arange(steps + 1) / STEPS, pace.select_from, pace.select_until)
    return np.asarray(np.diff(edges) / (pace.select_until - pace.select_from))
