"""How much a year can be paid safely: the largest amount that hardly adds to any risk."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import bisect

from accord.core.errors import InputError, Problem
from accord.external.draws import draw_months
from accord.external.plan import MONTHS, ExternalPlan
from accord.external.solver import UNPAID, ExternalConfig, breaches_of, run_months

MOST = 400.0  # bn USD a year: beyond any commitment
CLOSE = 0.05  # bn USD a year


@dataclass(frozen=True)
class Capacity:
    """The safe amount for one way of financing.

    Attributes:
        amount: Largest yearly amount, bn USD.
        chances: Chance of crossing each floor at that amount, by floor; a payment that cannot be
            met crosses all of them.
        idle: Chance of crossing each when nothing is paid.
        binding: The floor that sets the amount.
        unlimited: Whether `MOST` is still safe: this way of paying never strains a floor.
    """

    amount: float
    chances: Mapping[str, float]
    idle: Mapping[str, float]
    binding: str
    unlimited: bool


def safe_capacity(
    plan: ExternalPlan,
    *,
    limit: float = 0.05,
    years: int = 10,
    paid_share: float = 1.0,
    config: ExternalConfig | None = None,
) -> Capacity:
    """Return the largest amount payable every year that adds at most `limit` to any chance.

    The chance of crossing each floor of the plan is compared with that when nothing is paid, on the
    same random numbers, so it rises with the amount; the root is where one has risen by `limit`.

    Args:
        plan: Balance sheet, process, financing and floors; its payments are replaced.
        limit: How much paying may add to the chance of crossing a floor.
        years: Years of payment.
        paid_share: Share of the amount that has to be found in dollars (guarantees need none).
        config: Paths and seed.

    Raises:
        InputError: The limit is out of range, or the plan is wrong.
    """
    if not 0 < limit < 1:
        problem = Problem("limit", f"{limit:g} is outside 0 to 1", "It is a chance")
        raise InputError([problem], "the safe capacity")
    config = config or ExternalConfig(paths=4000)
    months = years * MONTHS
    plan = replace(plan, payments=np.zeros(months))
    problems = plan.problems()
    if problems:
        raise InputError(problems, "the external plan")
    draws = draw_months(plan, config.paths, config.seed)

    def chances(amount: float) -> dict[str, float]:
        paid = np.full(months, paid_share * amount / MONTHS)
        month = run_months(replace(plan, payments=paid), config, draws)
        unpaid = (month.unmet > UNPAID).any(axis=0)
        return {
            floor.name: float((breaches_of(plan, floor, month).any(axis=0) | unpaid).mean())
            for floor in plan.floors
        }

    idle = chances(0.0)

    def added(amount: float) -> float:
        return max(chance - idle[name] for name, chance in chances(amount).items())

    if added(MOST) <= limit:
        return Capacity(MOST, chances(MOST), idle, "", unlimited=True)
    amount = 0.0
    if added(CLOSE) <= limit:
        root = bisect(lambda x: added(x) - limit, CLOSE, MOST, xtol=CLOSE)
        amount = max(float(root) - CLOSE, 0.0)
    above = chances(amount + 2 * CLOSE)
    binding = max(above, key=lambda name: above[name] - idle[name])
    return Capacity(amount, chances(amount), idle, binding, unlimited=False)
