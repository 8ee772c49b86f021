"""The money of a deal worked out again from its terms and from what projects ask for and earn.

All flows are bn USD by year of the plan, nominal, means over the paths, unless it says otherwise.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

QUARTERS = 4


@dataclass(frozen=True)
class Split:
    """The payer's shares of profits before and after recovery, and interest counted on the way."""

    before: float
    after: float
    deemed: float


@dataclass(frozen=True)
class Given:
    """An amount given evenly between two days, in years of the plan, and the plan's years."""

    amount: float
    first: float
    last: float
    years: int


@dataclass(frozen=True)
class Money:
    """What a payer sends and gets back, by year.

    `called` is public money for projects, `firms` what firms invest that they would not have
    invested anyway; `earned` is what all projects earn, `profits` the payer's part that the deal
    adds.
    `ships_out` and `ships_back` (of which `served` by buyers on their debt) pass between the payer
    and yards and buyers anywhere; they are no part of what the host gets.
    """

    called: np.ndarray
    firms: np.ndarray
    earned: np.ndarray
    profits: np.ndarray
    ships_out: np.ndarray
    ships_back: np.ndarray
    served: np.ndarray


def split_profits(called: np.ndarray, earned: np.ndarray, split: Split) -> np.ndarray:
    """The payer's profits by path and year: one share until its balance is cleared, then another.

    A year's flows are spread evenly over its quarters; deemed interest is that of the day.
    """
    profits = np.zeros_like(earned)
    balance = np.zeros(len(earned))
    step = (1 + split.deemed) ** (1 / QUARTERS)
    for year in range(earned.shape[1]):
        for _ in range(QUARTERS):
            cash = earned[:, year] / QUARTERS
            balance = balance * step + called[:, year] / QUARTERS
            # The cash that clears the balance is split as before recovery, the rest as after.
            early = np.where(balance > 0, np.minimum(cash, balance / split.before), 0.0)
            profits[:, year] += split.before * early + split.after * (cash - early)
            balance = np.maximum(balance - split.before * cash, 0.0)
    return profits


def refund_guarantees(given: Given, terms: Mapping[str, float]) -> tuple[np.ndarray, np.ndarray]:
    """What a guarantor of refunds pays (failures, capital) and gets (fees, ships), by year."""
    edges = np.linspace(0, given.years, 48 * given.years + 1)
    middle = (edges[1:] + edges[:-1]) / 2
    life = terms["exposure_years"]
    written = np.clip(
        np.minimum(middle, given.last) - np.maximum(middle - life, given.first), 0.0, None
    )
    outstanding = given.amount * written / life
    yearly = outstanding.reshape(given.years, -1).mean(axis=1)
    failed = terms["default_rate"] * yearly
    out = failed + terms["capital"] * terms["capital_cost"] * yearly
    return out, terms["fee"] * yearly + terms["recovery"] * failed


def buyer_credits(given: Given, terms: Mapping[str, float]) -> tuple[np.ndarray, np.ndarray]:
    """What a lender to buyers of ships lends and gets back, by year: equal instalments."""
    steps = QUARTERS * given.years
    drawn = np.zeros(steps)
    begin, end = round(QUARTERS * given.first), round(QUARTERS * given.last)
    drawn[begin:end] = given.amount / (end - begin)
    rate = (1 + terms["interest"]) ** (1 / QUARTERS) - 1
    lost = 1 - (1 - terms["default_rate"]) ** (1 / QUARTERS)
    grace, life = round(QUARTERS * terms["grace_years"]), round(QUARTERS * terms["loan_years"])
    back = np.zeros(steps)
    for at in np.flatnonzero(drawn):
        owed = drawn[at]
        for age in range(1, life + 1):
            if at + age >= steps:
                break
            owed *= 1 + rate
            back[at + age] += terms["recovery"] * lost * owed
            owed *= 1 - lost
            if age > grace:
                interest = owed * rate / (1 + rate)
                paid = interest + (owed - interest) / (life - age + 1)
                back[at + age] += paid
                owed -= paid
    by_year = (given.years, QUARTERS)
    return drawn.reshape(by_year).sum(axis=1), back.reshape(by_year).sum(axis=1)


def middle_of(range_: Mapping[str, float]) -> float:
    """The median of a triangular distribution: as likely to be exceeded as not."""
    low, mode, high = range_["low"], range_["mode"], range_["high"]
    if 2 * mode >= low + high:
        return float(low + np.sqrt((high - low) * (mode - low) / 2))
    return float(high - np.sqrt((high - low) * (high - mode) / 2))


def present_value(flow: np.ndarray, rate: float) -> float:
    """Value at the start of a yearly flow that is spread evenly over each year's quarters."""
    when = (np.arange(QUARTERS * len(flow)) + 0.5) / QUARTERS
    return float(np.repeat(flow / QUARTERS, QUARTERS) @ (1 + rate) ** -when)
