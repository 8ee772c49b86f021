"""What a package costs the payer's budget, and what the host collects in taxes, by year.

Money is bn USD of each year, means over the paths, at the middle of all ranges. Neither table adds
to a payoff: the budget holds flows that the payoff has already, and taxes stay with the host.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from accord.core.arrays import Float
from accord.finance.plan import Facility, FinancePlan

if TYPE_CHECKING:
    from accord.lowering.finance import PairFinance

Year = Float[np.ndarray, " year"]
PathYear = Float[np.ndarray, "path year"]

HEAD = ("package", "payer", "host", "year")
SPENT = {
    "called": ("equity_called", "loans_drawn", "credit_drawn"),
    "guarantees": ("guarantee_called", "refunds_paid"),
}
RECEIVED = {
    "profits": ("paid_to_payer",),
    "repaid": ("interest", "principal", "credit_served"),
    "recovered": ("guarantee_recovered", "ships_resold", "credit_recovered"),
    "fees": ("guarantee_fee", "refund_fee"),
}


def build_budget(money: "Sequence[PairFinance]") -> pd.DataFrame:
    """Return what the public money of each package costs the payer's budget, by year.

    `net` is what is spent less what is received. The budget borrows it at the payer's own rate:
    `interest` is what a year of that costs, for half a year on the net of the year itself, and
    `debt` what is owed at its end. Money of private payers, promised purchases and the cost of
    capital, which no budget pays, are left out.
    """
    frames = []
    for solved in money:
        flows = [
            solved.solution.value.by_facility[facility.name]
            for facility, clause in zip(
                solved.pair.plan.facilities, solved.pair.clauses, strict=True
            )
            if not clause.is_private
        ]
        if not flows:
            continue
        years = solved.solution.calendar
        columns = {
            name: sum(
                (own[flow].mean(axis=0) for own in flows for flow in names if flow in own),
                np.zeros(len(years)),
            )
            for name, names in (SPENT | RECEIVED).items()
        }
        net = sum(columns[name] for name in SPENT) - sum(columns[name] for name in RECEIVED)
        interest, debt = borrow(np.asarray(net), solved.pair.plan.discount[0])
        head = {"package": solved.package, "payer": solved.pair.payer, "host": solved.pair.host}
        frames.append(
            pd.DataFrame(
                {**head, "year": years, **columns, "net": net, "interest": interest, "debt": debt}
            )
        )
    columns_of_none = [*HEAD, *SPENT, *RECEIVED, "net", "interest", "debt"]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=columns_of_none)


def borrow(net: Year, rate: float) -> tuple[Year, Year]:
    """Return the interest of each year and the debt at its end, where all of `net` is borrowed."""
    interest, debt = np.zeros_like(net), np.zeros_like(net)
    owed = 0.0
    for year, spent in enumerate(net):
        interest[year] = rate * (owed + spent / 2)
        owed += spent + interest[year]
        debt[year] = owed
    return interest, debt


def build_taxes(money: "Sequence[PairFinance]") -> pd.DataFrame:
    """Return the host's taxes on the profits of all projects, by year; none without its rate.

    What projects earn is after these taxes. `profit` is what they earn less depreciation, before
    tax: in a straight line over the life of each kind, losses carried forward within a facility.
    `present_value` is the tax at the host's own rate, from the middle of its year.
    """
    frames = []
    for solved in money:
        rate = solved.pair.host_tax
        if rate is None or not solved.pair.plan.building:
            continue
        after = sum(_taxed(solved, facility) for _, facility in solved.pair.plan.building)
        profit = np.asarray(after) / (1 - rate)
        years = np.asarray(solved.solution.calendar)
        factor = (1 + solved.pair.plan.discount[1]) ** -(years - years[0] + 0.5)
        head = {"package": solved.package, "payer": solved.pair.payer, "host": solved.pair.host}
        frames.append(
            pd.DataFrame(
                {**head, "year": years, "rate": rate, "profit": profit, "tax": rate * profit,
                 "present_value": rate * profit * factor}
            )
        )  # fmt: skip
    columns = [*HEAD, "rate", "profit", "tax", "present_value"]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=columns)


def _taxed(solved: "PairFinance", facility: Facility) -> Year:
    """Return the profits of a facility that bear tax, after it: the mean over the paths."""
    flows = solved.solution.value.by_facility[facility.name]
    written_off = sum(
        share * depreciate(flows["construction"], life)
        for life, share in _lives(solved.pair.plan, facility)
    )
    return np.asarray(carry_losses(flows["cash_flow"] - written_off).mean(axis=0))


def _lives(plan: FinancePlan, facility: Facility) -> Iterator[tuple[int, float]]:
    """Yield the life of each kind of project in whole years, and its share of the money."""
    kinds = {kind.name: kind for kind in plan.kinds}
    for name, share in facility.mix.items():
        yield max(round(kinds[name].life), 1), share


def depreciate(built: PathYear, life: int) -> PathYear:
    """Return what is written off each year: equal parts, from the year after the spending."""
    total = np.concatenate([np.zeros((len(built), 1)), np.cumsum(built, axis=1)], axis=1)
    ends = np.arange(built.shape[1])
    return np.asarray((total[:, ends] - total[:, np.maximum(ends - life, 0)]) / life)


def carry_losses(profit: PathYear) -> PathYear:
    """Return the profits that bear tax: what exceeds the highest sum of profits reached before."""
    reached = np.maximum.accumulate(np.maximum(np.cumsum(profit, axis=1), 0.0), axis=1)
    return np.diff(reached, axis=1, prepend=0.0)
