"""The safe amount: the largest yearly payment that adds little to any risk."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from accord.core.arguments import check_kind, public
from accord.core.errors import InputError, Problem
from accord.external.config import ExternalConfig
from accord.external.draws import draw_months
from accord.external.plan import MONTHS, ExternalPlan
from accord.external.solver import UNPAID, breaches_of, run_months

MOST = 400.0  # bn USD a year: beyond any commitment
AMOUNTS = tuple(np.geomspace(0.1, MOST, 834).tolist())  # bn USD a year, one per cent apart


@dataclass(frozen=True)
class Capacity:
    """The safe amount for one way of financing.

    Attributes:
        limit: How much paying may add to the chance of crossing a floor.
        amount: Largest yearly amount, bn USD, to one per cent.
        chances: Chance of crossing each floor at that amount, by floor; a payment that cannot be
            met crosses all of them.
        idle: Chance of crossing each when nothing is paid.
        binding: The floor that sets the amount.
        unlimited: Whether `MOST` is still safe: this way of paying never strains a floor.
    """

    limit: float
    amount: float
    chances: Mapping[str, float]
    idle: Mapping[str, float]
    binding: str
    unlimited: bool


@public
def safe_capacity(
    plan: ExternalPlan,
    *,
    limits: Sequence[float] = (0.05,),
    years: int = 10,
    paid_share: float = 1.0,
    config: ExternalConfig | None = None,
) -> tuple[Capacity, ...]:
    """Return, for each limit, the largest yearly amount that adds at most that much to any chance.

    The chance of crossing each floor of the plan is compared with that when nothing is paid, on the
    same random numbers, so it rises with the amount and can be searched by halving.

    Args:
        plan: Balance sheet, process, financing and floors; its payments are replaced.
        limits: How much paying may add to the chance of crossing a floor.
        years: Years of payment.
        paid_share: Share of the amount that has to be found in dollars (guarantees need none).
        config: Paths and seed.

    Raises:
        InputError: A limit is out of range, or the plan is wrong.
    """
    check_kind("limits", limits, (list, tuple), "Give chances: (0.05, 0.1)")
    check_kind("years", years, int, "Give whole years, such as 10")
    check_kind("paid_share", paid_share, (float, int), "Give a fraction from 0 to 1")
    problems = [
        Problem("limit", f"{limit:g} is outside 0 to 1", "It is a chance")
        for limit in limits
        if not 0 < limit < 1
    ]
    check_kind("plan", plan, ExternalPlan, "Make one: ExternalPlan(sheet=..., payments=..., ...)")
    config = ExternalConfig(paths=4000) if config is None else config
    check_kind("config", config, ExternalConfig, "Give ExternalConfig(paths=500), or leave it out")
    months = years * MONTHS
    plan = replace(plan, payments=np.zeros(months))
    problems += plan.problems()
    if problems:
        raise InputError(problems, "the safe capacity")
    draws = draw_months(plan, config.paths, config.seed)

    @cache
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

    def find(limit: float) -> Capacity:
        at = bisect_right(AMOUNTS, limit, key=added)
        amount = AMOUNTS[at - 1] if at else 0.0
        if at == len(AMOUNTS):
            return Capacity(limit, amount, chances(amount), idle, "", unlimited=True)
        above = chances(AMOUNTS[at])
        binding = max(above, key=lambda name: above[name] - idle[name])
        return Capacity(limit, amount, chances(amount), idle, binding, unlimited=False)

    return tuple(find(limit) for limit in limits)
