"""Investment as a yearly transfer: what the payer pays, averaged over a window of years.

The payments are those of the finance engine: its mean calls, and what its guarantees are expected
to cost. A yearly transfer is their plain average over the window: not discounted, and what comes
back is not set against it. Without a `displacement` the whole amount counts as additional, which is
the upper end of what the payer gives up.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from accord.deal.clauses.investment import InvestmentClause
from accord.deal.fields import Spread
from accord.finance.rates import STEPS
from accord.finance.solution import FinanceSolution
from accord.lowering.finance import PairPlan


@dataclass(frozen=True)
class Transfer:
    """Money that flows from payer to host, bn USD a year; `net` is gross less what it displaces."""

    payer: str
    host: str
    gross: float
    displaced: float
    net: float
    path: str


def yearly_transfers(
    pair: PairPlan, solution: FinanceSolution, window: Sequence[int]
) -> tuple[Transfer, ...]:
    """Return the transfer of every investment clause between two parties, bn USD a year.

    What stands behind the buyers of ships builds nothing in the host and moves no money to it.

    Raises:
        ValueError: The window is empty.
    """
    if not window:
        raise ValueError("the window of years is empty")
    first = (window[0] - pair.plan.first_year) * STEPS
    last = first + len(window) * STEPS
    transfers = []
    for clause, facility in zip(pair.clauses, pair.plan.facilities, strict=True):
        if not facility.builds:
            continue
        paid = solution.value.paid[facility.name]
        gross = float(paid[max(first, 0) : last].sum()) / len(window)
        displaced = gross * displaced_share(clause)
        transfers.append(
            Transfer(pair.payer, pair.host, gross, displaced, gross - displaced, clause.path)
        )
    return tuple(transfers)


def displaced_share(clause: InvestmentClause) -> float:
    """Return the share of the amount that would have been invested anyway; 0 if none is given."""
    given = clause.displacement
    if given is None:
        return 0.0
    return given.mean if isinstance(given, Spread) else given
