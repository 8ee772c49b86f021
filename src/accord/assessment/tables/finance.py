"""The tables of the money: flows by year, values by party, guarantees, projects.

Money is bn USD, in the ledger dollars; rates and chances are fractions; years and dates are those
of the calendar. The parties of a pair are named by region; "projects" and "outside" are the others.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from accord.assessment.tables.budget import build_budget, build_taxes
from accord.assessment.tables.mixes import draw_scales, scaled_sum
from accord.finance.equations import discount_factors, expected_loss, tail_mean
from accord.finance.rates import STEPS
from accord.finance.solution import FLOWS, HOST, PAYER

if TYPE_CHECKING:
    from accord.lowering.finance import PairFinance

LOW, HIGH = 0.05, 0.95


def build_cash(money: "Sequence[PairFinance]") -> pd.DataFrame:
    """Return every flow by package, pair and year: mean and 90 % interval.

    The interval is over the paths and over the ranges of what each instrument takes; the mean is
    over the paths, at the middle of those ranges.
    """
    frames = []
    for solved in money:
        names = {PAYER: solved.pair.payer, HOST: solved.pair.host}
        value, scales = solved.solution.value, draw_scales(solved)
        for flow, (source, target) in FLOWS.items():
            cells = value.flows[flow]
            if not np.any(cells):
                continue
            drawn = scaled_sum(
                {name: own[flow] for name, own in value.by_facility.items() if flow in own}, scales
            )
            low, high = np.quantile(drawn, (LOW, HIGH), axis=0)
            frames.append(
                pd.DataFrame(
                    {
                        **_head(solved), "year": solved.solution.calendar, "flow": flow,
                        "from": names.get(source, source), "to": names.get(target, target),
                        "mean": value.mean_flow(flow), "low": low, "high": high,
                    }
                )
            )  # fmt: skip
    columns = ["package", "payer", "host", "year", "flow", "from", "to", "mean", "low", "high"]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=columns)


def build_finance(money: "Sequence[PairFinance]") -> pd.DataFrame:
    """Return what the money of each package is worth to each party, and how surely.

    Intervals, chances and losses are over the paths and over the ranges of what each instrument
    takes; the rest is at the middle of those ranges.
    """
    rows = []
    for solved in money:
        value, plan, scales = solved.solution.value, solved.pair.plan, draw_scales(solved)
        for role, party in ((PAYER, solved.pair.payer), (HOST, solved.pair.host)):
            npv = value.npv[role]
            drawn = scaled_sum(
                {name: worth[role] for name, worth in value.facility_npv.items()}, scales
            )
            low, high = np.quantile(drawn, (LOW, HIGH))
            payback = value.payback[role]
            is_payer = role == PAYER
            rows.append(
                {
                    **_head(solved), "party": party,
                    "rate": plan.discount[0 if is_payer else 1],
                    "committed": sum(facility.instrument.amount for facility in plan.facilities),
                    "called": float(value.called.mean()),
                    "npv": float(npv.mean()), "npv_low": float(low), "npv_high": float(high),
                    "gain_chance": float((drawn > 0).mean()),
                    "internal_return": value.internal_return[role] if is_payer else np.nan,
                    "payback_year": plan.first_year + payback if is_payer else np.nan,
                    "recovery_chance": value.recovery_chance if is_payer else np.nan,
                    "expected_loss": expected_loss(drawn) if is_payer else np.nan,
                    "tail_loss": -tail_mean(drawn) if is_payer else np.nan,
                    "other_return": value.other_return[role] if is_payer else np.nan,
                }
            )  # fmt: skip
    columns = (
        "package", "payer", "host", "party", "rate", "committed", "called", "npv", "npv_low",
        "npv_high", "gain_chance", "internal_return", "payback_year", "recovery_chance",
        "expected_loss", "tail_loss", "other_return",
    )  # fmt: skip
    return pd.DataFrame(rows, columns=list(columns))


def build_values(money: "Sequence[PairFinance]") -> pd.DataFrame:
    """Return what each flow is worth to each party at its own rate: mean present values."""
    rows = []
    for solved in money:
        plan, value = solved.pair.plan, solved.solution.value
        roles = ((PAYER, solved.pair.payer), (HOST, solved.pair.host))
        for (role, party), rate in zip(roles, plan.discount, strict=True):
            discount = discount_factors(rate, plan.years * STEPS)
            for flow, ends in FLOWS.items():
                if role in ends and np.any(value.by_quarter[flow]):
                    sign = 1.0 if ends[1] == role else -1.0
                    worth = sign * float(value.by_quarter[flow] @ discount)
                    rows.append({**_head(solved), "party": party, "flow": flow, "value": worth})
    return pd.DataFrame(rows, columns=["package", "payer", "host", "party", "flow", "value"])


def build_facilities(money: "Sequence[PairFinance]") -> pd.DataFrame:
    """Return what the money of each clause is worth to payer and host at their own rates.

    `used` is what the clause comes to at the middle of its ranges, `paid` what the payer pays under
    it, and `funds` whose money that is: public, or that of private firms. The values of a pair add
    up to those of the table `finance`; promised purchases stand under "purchases".
    """
    rows = []
    for pair in money:
        plan, value = pair.pair.plan, pair.solution.value
        terms = {facility.name: facility.instrument for facility in plan.facilities}
        named = zip(plan.facilities, pair.pair.clauses, strict=True)
        clauses = {facility.name: clause for facility, clause in named}
        for name, worth in value.facility_npv.items():
            paid, clause = value.paid.get(name), clauses.get(name)
            rows.append(
                {
                    **_head(pair), "clause": name,
                    "instrument": name if clause is None else clause.instrument,
                    "funds": "" if clause is None else "private" if clause.is_private else "public",
                    "used": terms[name].amount if name in terms else np.nan,
                    "paid": np.nan if paid is None else float(paid.sum()),
                    "to_payer": float(worth[PAYER].mean()), "to_host": float(worth[HOST].mean()),
                }
            )  # fmt: skip
    columns = ["package", "payer", "host", "clause", "instrument", "funds", "used", "paid",
               "to_payer", "to_host"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def build_facility_values(money: "Sequence[PairFinance]") -> pd.DataFrame:
    """Return what each flow of a clause is worth to each party; they add up to `facilities`."""
    rows = [
        {**_head(solved), "clause": clause, "party": party, "flow": flow, "value": value}
        for solved in money
        for clause, worth in solved.solution.value.facility_values.items()
        for role, party in ((PAYER, solved.pair.payer), (HOST, solved.pair.host))
        for flow, value in worth[role].items()
        if value
    ]  # fmt: skip
    columns = ["package", "payer", "host", "clause", "party", "flow", "value"]
    return pd.DataFrame(rows, columns=columns)


def build_ledger_table(money: "Sequence[PairFinance]") -> pd.DataFrame:
    """Return the ledger: mean flows in dollars, to the cent, by package, pair and year."""
    frames = []
    for solved in money:
        names = {PAYER: solved.pair.payer, HOST: solved.pair.host}
        ledger = solved.ledger
        for flow, cells in ledger.cells.items():
            source, target = FLOWS[flow]
            frames.append(
                pd.DataFrame(
                    {
                        **_head(solved), "year": ledger.years, "flow": flow,
                        "from": names.get(source, source), "to": names.get(target, target),
                        "dollars": cells / 100,
                    }
                )
            )  # fmt: skip
    columns = ["package", "payer", "host", "year", "flow", "from", "to", "dollars"]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=columns)


def build_guarantees(money: "Sequence[PairFinance]") -> pd.DataFrame:
    """Return the value of every guarantee by three methods, side by side."""
    rows = [
        {**_head(solved), "clause": value.facility, "face": value.face,
         "contingent": value.contingent, "actuarial": value.actuarial,
         "simulated": value.simulated}
        for solved in money
        for value in solved.solution.value.guarantees
    ]  # fmt: skip
    columns = ["package", "payer", "host", "clause", "face", "contingent", "actuarial", "simulated"]
    return pd.DataFrame(rows, columns=columns)


def build_projects(money: "Sequence[PairFinance]") -> pd.DataFrame:
    """Return every project: kind, budget, when it is finished, how long it waits for installers."""
    rows = []
    for solved in money:
        value, plan = solved.solution.value, solved.pair.plan
        for at, project in enumerate(solved.solution.projects):
            rows.append(
                {
                    **_head(solved), "clause": project.facility, "kind": project.kind,
                    "budget": project.budget, "selected": plan.first_year + project.selected,
                    "finished": plan.first_year + float(value.finished[at]),
                    "waited": float(value.waited[at]),
                }
            )  # fmt: skip
    columns = ["package", "payer", "host", "clause", "kind", "budget", "selected", "finished",
               "waited"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def _head(solved: "PairFinance") -> dict[str, str]:
    return {"package": solved.package, "payer": solved.pair.payer, "host": solved.pair.host}


FINANCE_TABLES: dict[str, Callable[["Sequence[PairFinance]"], pd.DataFrame]] = {
    "finance": build_finance,
    "values": build_values,
    "facilities": build_facilities,
    "facility_values": build_facility_values,
    "budget": build_budget,
    "taxes": build_taxes,
    "cash": build_cash,
    "ledger": build_ledger_table,
    "guarantees": build_guarantees,
    "projects": build_projects,
}
