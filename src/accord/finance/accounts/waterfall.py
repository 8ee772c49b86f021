"""The waterfall: how cash is split before and after recovery, with the payer's balance.

The balance grows with interest and with what is paid in, and falls by what counts towards
recovery:

    B_t = (1 + r_t) B_(t-1) + call_t - k cash_t

where `k` is the payer's share of the cash (reading "share") or one (reading "whole"). Cash above
what clears the balance is split by the later shares, within the same step.
"""

from dataclasses import dataclass

import numpy as np

from accord.core.arrays import Bool
from accord.finance.construction.queues import Flow, by_path, by_step
from accord.finance.rates import PathStep, a_step

CLEARED = 1e-9  # bn USD: a balance of one dollar or less is recovered


@dataclass(frozen=True)
class SplitTerms:
    """The split in steps: shares of the payer, interest and review (see `ProfitSplit`)."""

    until_recovery: float
    after_recovery: float
    whole: bool = False
    fixed: bool = True
    review: int | None = None
    reviewed_share: float | None = None
    withhold: bool = True


@dataclass(frozen=True, eq=False)
class Waterfall:
    """Cash of one account, by path and step, bn USD.

    Attributes:
        payer: Paid out to the payer.
        host: Paid out to the host, what it withholds included.
        withheld: Part of `host` that was the payer's and is kept because calls were missed.
        balance: The payer's balance at the end of each step.
    """

    payer: Flow
    host: Flow
    withheld: Flow
    balance: Flow

    @property
    def recovered(self) -> Bool[np.ndarray, "path step"]:
        """Whether the payer has recovered principal and interest at the end of each step."""
        return np.asarray(self.balance <= CLEARED)


def share_cash(
    called: Flow,
    cash: Flow,
    terms: SplitTerms,
    rate: PathStep,
    *,
    missed: Flow | None = None,
    steps_a_year: int = 4,
) -> Waterfall:
    """Return how the cash of one account is shared.

    Args:
        called: Paid in by the payer, bn USD a step.
        cash: Free cash flow, not negative, bn USD a step.
        terms: The split.
        rate: Deemed interest, a yearly fraction at each step. With `terms.fixed` every call keeps
            the rate of its own step.
        missed: Calls not met (negative where made up), bn USD a step.
        steps_a_year: Steps in a year.
    """
    paths, steps = cash.shape
    payer, withheld, balances = (np.zeros((steps, paths)) for _ in range(3))
    balance, missing = np.zeros(paths), np.zeros(paths)
    growth, calls, earned = (by_step(flow) for flow in (a_step(rate, steps_a_year), called, cash))
    gaps = None if missed is None else by_step(missed)
    kept_rate = np.array(growth[0])
    share = terms.until_recovery
    for step in range(steps):
        if step == terms.review and terms.reviewed_share is not None:
            share = terms.reviewed_share
        now = growth[step]
        if terms.fixed:
            balance = balance * (1 + kept_rate)
            new = calls[step]
            total = balance + new
            safe = np.where(total > 0, total, 1.0)
            kept_rate = np.where(total > 0, (balance * kept_rate + new * now) / safe, now)
            balance = total
        else:
            balance = balance * (1 + now) + calls[step]
        counted = 1.0 if terms.whole else share
        here = earned[step]
        clears = counted * here > balance
        before = np.divide(balance, counted, out=here.copy(), where=clears)
        balance = np.maximum(balance - counted * before, 0.0)
        due = share * before + terms.after_recovery * (here - before)
        if gaps is not None and terms.withhold:
            missing = np.maximum(missing + gaps[step], 0.0)
            kept = np.minimum(due, missing)
            missing -= kept
            balance += kept
            withheld[step] = kept
            due = due - kept
        payer[step], balances[step] = due, balance
    paid = by_path(payer)
    return Waterfall(paid, np.asarray(cash - paid), by_path(withheld), by_path(balances))


def end_claim(result: Waterfall, step: int) -> Waterfall:
    """Return the shares where the payer's claim ends: from a step on the host keeps all."""
    payer, host, withheld, balance = (
        flow.copy() for flow in (result.payer, result.host, result.withheld, result.balance)
    )
    host[:, step:] += payer[:, step:]
    payer[:, step:] = withheld[:, step:] = balance[:, step:] = 0.0
    return Waterfall(payer, host, withheld, balance)
