"""An invented package with terms, whose payoffs are known in closed form."""

import numpy as np

from accord.assessment.bargain.movable_package import MovablePackage
from accord.deal.terms.entries import TermEntry


def entry(name, bounds, step, unit, *, kind="investment"):
    """One term of the invented package."""
    low, high = bounds
    return TermEntry(
        name=name, title=f"the {name}", where={"kind": kind}, field="amount",
        low=low, high=high, step=step, unit=unit,
    )  # fmt: skip


ENTRIES = (
    entry("cars", (0.0, 0.25), 0.01, "%", kind="tariff"),
    entry("cash", (10e9, 350e9), 1e9, "bn USD"),
    entry("cap", (5e9, 50e9), 1e9, "bn USD a year"),
)
BASE = np.array([0.15, 200e9, 20e9])


def worth(values, cost=0.0):
    """Payoffs of host and payer: cash and a tariff move money, too high a tariff wastes it."""
    cars, cash = values.get("cars", 0.15), values.get("cash", 200e9) / 1e9
    cap = values.get("cap", 20e9) / 1e9
    paid = min(cash, 10 * cap)
    host = 0.4 * paid + 100 * cars - 300 * cars**2 - 10
    payer = 60 - 0.35 * paid - 200 * cars - 2e-4 * paid**2
    return np.array([host, payer]) - cost


def make_movable(cost=0.0):
    """The package; `cost` is taken off both payoffs."""
    return MovablePackage(
        "signed", ("USA", "KOR"), ENTRIES, BASE, lambda values: worth(values, cost)
    )
