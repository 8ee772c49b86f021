"""Values of what is uncertain, in words: per cent, ratios, points, places in a range."""

import math

from accord.briefing.document.blocks import Cell
from accord.briefing.document.facts import Fact, Unit
from accord.briefing.view import BriefingView
from accord.deal.clauses.investment import InvestmentClause

PLAIN = ("flow_price", "aversion")  # no fractions
SHIFTS = ("discount",)  # of a rate that every party has of its own
PLACES = ("luck", "division", "use", "take_up", "displacement")  # in ranges of the deal file


def read_kind(view: BriefingView, unknown: str) -> str:
    """Return how a value of an unknown is told: "plain", "shift", "percentile" or "value".

    Where no clause gives a range for what would have been invested anyway, it is any share from
    none to all, and a place in that range is the share itself.
    """
    if unknown in PLAIN:
        return "plain"
    if unknown in SHIFTS:
        return "shift"
    is_share = unknown == "displacement" and not _has_displacement(view)
    return "percentile" if unknown in PLACES and not is_share else "value"


def _has_displacement(view: BriefingView) -> bool:
    clauses = (clause for name in view.packages for clause in view.deal.clauses(name))
    return any(
        isinstance(clause, InvestmentClause) and clause.displacement is not None
        for clause in clauses
    )


def unknown_fact(view: BriefingView, unknown: str, value: float) -> Fact:
    """Return a value of an unknown with its unit; a percentile is a whole number."""
    kind = read_kind(view, unknown)
    if kind == "percentile":
        return Fact(round(100 * value), "count")
    units: dict[str, Unit] = {"plain": "ratio", "shift": "points"}
    return Fact(value, "year" if unknown == "horizon" else units.get(kind, "share"))


def unknown_cell(view: BriefingView, unknown: str, value: float) -> Cell:
    """Return a value of an unknown in a table; nothing for one that has no number."""
    if math.isnan(value):
        return None
    fact = unknown_fact(view, unknown, value)
    if read_kind(view, unknown) == "percentile":
        return view.phrase("drivers.percentile", value=fact)
    return fact


def shift_way(value: float) -> str:
    """Return "higher" or "lower" for a shift of a rate."""
    return "higher" if value > 0 else "lower"
