"""Incentives and approvals: what the finance engine takes of them."""

import datetime as dt
from collections.abc import Iterable, Iterator

from accord.deal.clauses.base import ClauseBase
from accord.deal.clauses.incentive import ApprovalEntry, IncentiveClause
from accord.deal.fields import Spread
from accord.finance.incentives import Approval, Incentive, Milestone

BILLION = 1e9
DAYS = 365.25


def lower_incentives(
    clauses: Iterable[ClauseBase], pair: tuple[str, str], start: dt.date
) -> Iterator[Incentive]:
    """Yield the incentives of a pair of payer and host; times are years from the start."""
    for clause in clauses:
        if isinstance(clause, IncentiveClause) and (clause.recipient, clause.giver) == pair:
            first = 0.0 if clause.from_ is None else (clause.from_ - start).days / DAYS
            yield Incentive(
                name=clause.path or "incentive",
                amount=clause.amount / BILLION,
                milestones=tuple(Milestone(part.built, part.share) for part in clause.milestones),
                start=max(first, 0.0),
                years=clause.years,
                claw_back=clause.claw_back,
                recovered=_mean(clause.recovered),
                delay=clause.delay,
            )


def lower_approval(entry: ApprovalEntry | None, start: dt.date) -> Approval | None:
    """Return an approval with its day in years from the start; None where there is none."""
    if entry is None:
        return None
    decided = max((entry.decided - start).days / DAYS, 0.0)
    return Approval(_mean(entry.refusal), decided, entry.salvage)


def _mean(share: float | Spread) -> float:
    """Return the share that counts: only its mean does for what happens or does not."""
    return share.mean if isinstance(share, Spread) else share
