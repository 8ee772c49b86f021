"""Investment as a yearly transfer: what flows from payer to host, averaged over a window of years.

A yearly transfer is the plain average of the yearly flows of the window: not discounted, and the
repayment of loans and the return on equity are not counted yet. Without a `displacement` the whole
amount counts as additional, which is the upper end of what the payer gives up.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from accord.deal.clauses import ClauseBase, InvestmentClause, Spread

BILLION = 1e9


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
    clauses: Iterable[ClauseBase], window: int | Sequence[int]
) -> tuple[Transfer, ...]:
    """Return the transfer of every investment clause, bn USD a year averaged over the window.

    Args:
        clauses: Clauses of a package; other kinds are ignored.
        window: A year, or consecutive years such as `deal.window`. The first year of the window is
            also the first year of a clause without `from`, the last that of one without `until`.

    Raises:
        ValueError: The window is empty.
    """
    years = (window,) if isinstance(window, int) else tuple(window)
    if not years:
        message = "the window of years is empty"
        raise ValueError(message)
    transfers = []
    for clause in clauses:
        if isinstance(clause, InvestmentClause):
            flows = build_calls(clause, years)
            gross = sum(flows.get(year, 0.0) for year in years) / len(years)
            displaced = gross * displaced_share(clause)
            net = gross - displaced
            path = clause.path
            transfers.append(Transfer(clause.payer, clause.host, gross, displaced, net, path))
    return tuple(transfers)


def build_calls(clause: InvestmentClause, window: Sequence[int]) -> dict[int, float]:
    """Return what is paid in each calendar year, bn USD, from the first call to the last.

    Up-front money is paid in the first year. Capped money is called at the cap until the amount is
    used up or `until` is reached. Anything else is spread evenly over its years. A guarantee pays
    `called_share` of its amount, spread in the same way.
    """
    first = clause.from_.year if clause.from_ is not None else window[0]
    amount = clause.amount / BILLION
    if clause.instrument == "guarantee":
        amount *= clause.called_share
    if clause.up_front:
        return {first: amount}
    last = clause.until.year if clause.until is not None else None
    if clause.annual_cap is None:
        end = max(first, last if last is not None else window[-1])
        return dict.fromkeys(range(first, end + 1), amount / (end - first + 1))
    cap = clause.annual_cap / BILLION
    calls: dict[int, float] = {}
    year = first
    while amount > 0.0 and (last is None or year <= last):
        calls[year] = min(cap, amount)
        amount -= calls[year]
        year += 1
    return calls


def displaced_share(clause: InvestmentClause) -> float:
    """Return the share of the amount that would have been invested anyway; 0 if none is given."""
    given = clause.displacement
    if given is None:
        return 0.0
    return given.mean if isinstance(given, Spread) else given
