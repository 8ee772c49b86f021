"""Figures that no deal has, such as an amount of 200 dollars or a life of a million years.

The bounds are far outside what any deal has, so that a figure beyond them is a slip of units. Each
holds for every field of its name, wherever it stands.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from accord.core.errors import Problem
from accord.deal.checks.text.as_written import Written, as_number, show_number, tables_of, values_of
from accord.deal.checks.text.limits import show_place

BILLION = 1e9
SMALLEST_AMOUNT = 1e5
LARGEST_AMOUNT = 1e14  # dollars: what the world makes in a year
MONEY = "money is in units of the currency"
QUOTA = "a quota is the customs value of a year in units of the currency, not tonnes or pieces"


@dataclass(frozen=True)
class Bound:
    """Least and most a figure can be, and what the figure is."""

    least: float
    most: float
    what: str


AMOUNT = Bound(SMALLEST_AMOUNT, LARGEST_AMOUNT, MONEY)
YEARS = Bound(0.0, 200.0, "a number of years")
RETURN = Bound(-0.2, 1.0, "a rate a year is a fraction: 0.05 is 5 %")
RATIO = Bound(0.0, 10.0, "a fraction: 0.5 is 50 %")
BOUNDS: dict[str, Bound] = {
    **dict.fromkeys(
        ("amount", "annual_cap", "size", "borrowing_cap", "spot_cap", "reserves", "gdp",
         "short_term_debt", "other_liabilities", "broad_money", "exports", "imports"),
        AMOUNT,
    ),
    **dict.fromkeys(
        ("loan_years", "grace_years", "training_years", "life", "ramp_up", "years", "review_year",
         "exposure_years", "stop_years"),
        YEARS,
    ),
    **dict.fromkeys(("planned_return", "cost_of_capital", "level"), RETURN),
    **dict.fromkeys(
        ("flow_price", "disorderly", "installer_supply", "delay_cost", "premium", "public_debt"),
        RATIO,
    ),
    **dict.fromkeys(
        ("preference_rate", "in_quota_rate", "charged_rate"),
        Bound(0.0, 10.0, "a rate is a fraction of customs value: 0.15 is 15 %"),
    ),
    "rate": Bound(-1.0, 10.0, "a rate is a fraction of the value: 0.15 is 15 %"),
    "inflation": Bound(-0.2, 0.25, "a rise of prices a year is a fraction: 0.02 is 2 %"),
    "interest": RETURN,
    "deemed_rate": RETURN,
    "borrowing_rate": RETURN,
    "fee": Bound(0.0, 1.0, "a fee a year is a fraction: 0.005 is 0.5 %"),
    "capital_cost": Bound(0.0, 1.0, "a return a year is a fraction: 0.05 is 5 %"),
    "primary_balance": Bound(-1.0, 1.0, "a fraction of gross domestic product"),
    "volatility": Bound(0.0, 3.0, "a standard deviation of a logarithm over a year"),
    "spread": Bound(0.0, 1.5, "a standard deviation of a logarithm"),
    "mean": Bound(-1.0, 20.0, "a ratio: 0.3 is 30 % over the plan"),
    "installers_per_bn": Bound(0.0, 1e5, "months of installers for each bn of the budget"),
    "months": Bound(0.0, 1200.0, "a number of months"),
    "people": Bound(0.0, 1e7, "a number of people"),
    "quota": Bound(0.0, 1e7, "visas a year"),
    "notice_business_days": Bound(0.0, 2500.0, "a number of days"),
}  # fmt: skip
ZERO_IS_MEANT = ("reserves", "annual_cap")
TERM_ENDS = ("low", "high")


def check_bounds(as_written: Written) -> Iterator[Problem]:
    """Yield each figure of a parsed file that is far outside what its field can hold."""
    for place, value in values_of(as_written):
        number = as_number(value)
        bound = _bound_at(place)
        if number is not None and bound is not None and place[0] != "terms":
            yield from _check_figure(show_place(place), number, bound)
    terms = as_written.get("terms")
    for at, term in enumerate(tables_of(terms.get("term")) if isinstance(terms, Mapping) else ()):
        bound = BOUNDS.get(str(term.get("field")).rpartition(".")[2])
        for end in TERM_ENDS if bound is not None and not _is_division(term) else ():
            number = as_number(term.get(end))
            if number and bound is not None:
                yield from _check_figure(f"terms.term[{at + 1}].{end}", number, bound)


def _bound_at(place: tuple[Any, ...]) -> Bound | None:
    """Return the bound of the figure at a place, or None where any number may stand."""
    if "discount_rates" in place:
        return RETURN
    return BOUNDS.get(str(place[-1])) if place else None


def _is_division(term: Written) -> bool:
    return bool(term.get("into") or term.get("against"))


def _check_figure(path: str, value: float, bound: Bound) -> Iterator[Problem]:
    """Yield the problem of one figure; zero and below are told by the format itself."""
    key = path.rpartition(".")[2]
    if bound.least <= value <= bound.most or math.isnan(value):
        return
    if bound is not AMOUNT:
        side = "above" if value > bound.most else "below"
        limit = show_number(bound.most if value > bound.most else bound.least)
        remedy = bound.what
        if bound.most <= 1 < value <= 100:
            remedy = f"{bound.what}; did you mean {value / 100:g}?"
        yield Problem(path, f"{show_number(value)} is {side} {limit}", remedy)
    elif value > bound.most:
        guess = _in_units(value)
        message = f"{show_number(value)} is more than the world makes in a year"
        yield Problem(path, message, f"{MONEY}{guess or ': write 200e9 for 200 billion'}")
    elif value > 0 or (value == 0 and key not in ZERO_IS_MEANT and key == "amount"):
        message = f"{show_number(value)} is {value:,.6g} dollars in all"
        remedy = f"{MONEY}: write 200e9 for 200 billion"
        if path.endswith("quota.amount"):
            remedy = f"{QUOTA}: write 2e9 for 2 billion"
        elif 0 < value * BILLION <= LARGEST_AMOUNT / 10:
            remedy = f"{MONEY}: did you mean {value:g}e9 ({value:g} billion)?"
        yield Problem(path, message, remedy)


def _in_units(value: float) -> str:
    """Return a guess at an amount that was multiplied once too often; "" for none."""
    for power in (3, 6, 9, 12):
        smaller = value / 10**power
        if BILLION <= smaller < 1e12:
            return f": did you mean {smaller / BILLION:g}e9 ({smaller / BILLION:g} billion)?"
    return ""
