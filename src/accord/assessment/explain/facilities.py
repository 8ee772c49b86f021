"""What the money of each clause is worth to a party: flow by flow, with terms and sources."""

from collections.abc import Callable, Hashable, Iterator
from typing import Any

import pandas as pd

from accord.assessment.explain.clauses import explain_clause, explain_sources
from accord.assessment.explain.tree import UNIT, Explanation
from accord.assessment.words.sentences import say
from accord.core.errors import InputError, Problem
from accord.deal.clauses.base import ClauseBase
from accord.deal.clauses.investment import InvestmentClause
from accord.deal.deal import Deal
from accord.finance.solution import FLOW_MEANING


def explain_facilities(
    deal: Deal, to_frame: Callable[[str], pd.DataFrame], region: str, *, package: str
) -> Explanation:
    """Return the tree from the value of all money of a package to a party, clause by clause.

    Values are present values at the party's own rate, as in the tables `facilities` and `finance`,
    before any price of risk.

    Args:
        deal: The deal.
        to_frame: Tells a table of its assessment by name.
        region: Whose value.
        package: Under which package.

    Raises:
        InputError: The party neither pays nor is paid in.
    """
    finance = to_frame("finance")
    own = finance[(finance["package"] == package) & (finance["party"] == region)]
    if own.empty:
        problem = Problem(
            "region", say("explain.no_money", region=region, package=package),
            say("explain.no_money_remedy"),
        )  # fmt: skip
        raise InputError([problem], "the request")
    table = to_frame("facilities")
    rows = table[
        (table["package"] == package) & ((table["payer"] == region) | (table["host"] == region))
    ]
    flows = to_frame("facility_values")
    flows = flows[(flows["package"] == package) & (flows["party"] == region)]
    clauses = _clauses_of(deal, package)
    nodes = [
        _facility(row, clauses.get(row["clause"]), flows, deal, region=region)
        for row in rows.to_dict("records")
    ]
    behind = [clauses[name] for name in dict.fromkeys(rows["clause"]) if name in clauses]
    sources = [explain_sources(deal, behind)] if any(c.source_ids for c in behind) else []
    name = say("explain.facilities", region=region, package=package)
    rate = Explanation(
        say("explain.discount_rate"), float(own["rate"].iloc[0]), say("explain.rate")
    )
    note = say("explain.meaning.facilities")
    return Explanation(name, float(own["npv"].sum()), UNIT, note, (rate, *nodes, *sources))


def _clauses_of(deal: Deal, package: str) -> dict[str, ClauseBase]:
    """Return the clause, or the part of one, behind each facility."""
    investments = [
        clause for clause in deal.clauses(package) if isinstance(clause, InvestmentClause)
    ]
    return {part.path or "investment": part for clause in investments for part in clause.parts}


def _facility(
    row: dict[Hashable, Any],
    clause: ClauseBase | None,
    flows: pd.DataFrame,
    deal: Deal,
    *,
    region: str,
) -> Explanation:
    """Return the node of one facility: its flows, then the clause."""
    own = flows[
        (flows["clause"] == row["clause"])
        & (flows["payer"] == row["payer"])
        & (flows["host"] == row["host"])
    ]
    children = list(_flows(own))
    name, note = row["clause"], ""
    if clause is not None:
        name, note = clause.title or clause.kind_phrase(), row["instrument"]
        children.append(explain_clause(clause, deal))
    value = row["to_payer"] if row["payer"] == region else row["to_host"]
    return Explanation(f"{name}:", float(value), UNIT, note, tuple(children))


def _flows(own: pd.DataFrame) -> Iterator[Explanation]:
    for flow, value in zip(own["flow"], own["value"], strict=True):
        yield Explanation(FLOW_MEANING[flow], float(value), UNIT)
