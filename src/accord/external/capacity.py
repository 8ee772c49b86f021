"""The safe amount: the largest yearly payment that adds little to any risk."""

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from accord.core.arguments import check_kind, public
from accord.core.errors import InputError, Problem
from accord.external.config import ExternalConfig
from accord.external.equations import STOP_QUANTILES, stop_chance
from accord.external.events import run_events
from accord.external.plan import MONTHS, ExternalPlan
from accord.external.simulation import make_room
from accord.external.solver import UNPAID, breaches_of, run_months

MOST = 400.0  # bn USD a year: beyond any commitment
AMOUNTS = tuple(np.geomspace(0.1, MOST, 335).tolist())  # bn USD a year, 2.5 per cent apart
UNMET = "unmet"  # what sets the amount where a payment cannot be made

Chances = Mapping[str, float]


@dataclass(frozen=True)
class Capacity:
    """The safe amount for one way of financing.

    Attributes:
        limit: How much paying may add to the chance of crossing a line.
        amount: Largest yearly amount, bn USD, to 2.5 per cent.
        chances: Chance of crossing each line at that amount; a payment that cannot be met crosses
            all of them.
        idle: Chance of crossing each when nothing is paid.
        binding: The line that sets the amount, or "unmet" where payments cannot be met.
        unlimited: Whether `MOST` is still safe: this way of paying never strains a line.
        debt_addition: What the amount adds to public debt in its first year, a share of GDP.
    """

    limit: float
    amount: float
    chances: Chances
    idle: Chances
    binding: str
    unlimited: bool
    debt_addition: float


@public
def safe_capacity(
    plan: ExternalPlan,
    *,
    limits: Sequence[float] = (0.05,),
    years: int = 10,
    guaranteed: float = 0.0,
    config: ExternalConfig | None = None,
) -> tuple[Capacity, ...]:
    """Return, for each limit, the largest yearly amount that adds at most that much to any chance.

    The chance of crossing each line of the plan is compared with that when nothing is paid, on the
    same random numbers, so it rises with the amount and can be searched by halving. Where the
    chance of a stop is not known it is drawn path by path.

    Args:
        plan: Balance sheet, process, financing and lines; its payments are replaced.
        limits: How much paying may add to the chance of crossing a line.
        years: Years of payment.
        guaranteed: Share of the amount that is guaranteed rather than paid.
        config: Paths and seed.

    Raises:
        InputError: A limit is out of range, or the plan is wrong.
    """
    config, plan = _prepare(plan, limits, years, config, guaranteed=guaranteed)
    chances = _chances_of(plan, guaranteed, config)
    return tuple(_find(plan, chances, limit, guaranteed=guaranteed) for limit in limits)


@public
def safe_at_chances(
    plan: ExternalPlan,
    *,
    limit: float = 0.05,
    years: int = 10,
    guaranteed: float = 0.0,
    config: ExternalConfig | None = None,
) -> tuple[float, ...]:
    """Return the safe amount at the low, central and high chance of a stop (see `STOP_QUANTILES`).

    An amount is safe at a chance if it is safe at every lower one as well: a line that is often
    crossed without paying does not make paying safer.

    Raises:
        InputError: A limit is out of range, or the plan is wrong.
    """
    config, plan = _prepare(plan, (limit,), years, config, guaranteed=guaranteed)
    most, amounts = len(AMOUNTS), []
    for quantile in STOP_QUANTILES:
        stop = replace(plan.stop, rate=stop_chance(plan.stop, quantile), shape=None)
        chances = _chances_of(replace(plan, stop=stop), guaranteed, config)
        capacity = _find(plan, chances, limit, most=most, guaranteed=guaranteed)
        most = bisect_right(AMOUNTS, capacity.amount)
        amounts.append(capacity.amount)
    return tuple(amounts)


def _prepare(
    plan: ExternalPlan,
    limits: Sequence[float],
    years: int,
    config: ExternalConfig | None,
    *,
    guaranteed: float,
) -> tuple[ExternalConfig, ExternalPlan]:
    """Return the configuration, and the plan with nothing to pay.

    Raises:
        InputError: A limit is out of range, or the plan is wrong.
    """
    check_kind("plan", plan, ExternalPlan, "Make one: ExternalPlan(sheet=..., payments=..., ...)")
    check_kind("limits", limits, (list, tuple), "Give chances: (0.05, 0.1)")
    for limit in limits:
        check_kind("limit", limit, (float, int), "Give a chance, such as 0.05")
    check_kind("years", years, int, "Give whole years, such as 10")
    check_kind("guaranteed", guaranteed, (float, int), "Give a fraction from 0 to 1")
    config = ExternalConfig(paths=2000) if config is None else config
    check_kind("config", config, ExternalConfig, "Give ExternalConfig(paths=500), or leave it out")
    problems = [
        Problem("limit", f"{limit:g} is outside 0 to 1", "It is a chance")
        for limit in limits
        if not 0 < limit < 1
    ]
    if not 0 <= guaranteed <= 1:
        problems.append(Problem("guaranteed", f"{guaranteed:g} is outside 0 to 1", "It is a share"))
    plan = replace(plan, payments=np.zeros(years * MONTHS), private=None, guaranteed=None)
    problems += plan.problems()
    if problems:
        raise InputError(problems, "the safe capacity")
    return config, plan


def _with_amount(plan: ExternalPlan, amount: float, guaranteed: float) -> ExternalPlan:
    monthly = np.full(plan.months, amount / MONTHS)
    return replace(
        plan, payments=(1 - guaranteed) * monthly, guaranteed=guaranteed * monthly if guaranteed
        else None,
    )  # fmt: skip


def _chances_of(
    plan: ExternalPlan, guaranteed: float, config: ExternalConfig
) -> Callable[[float], Chances]:
    """Return a function from a yearly amount to the chance of crossing each line."""
    events = run_events(plan, config)
    room = make_room(*events.moved.shape)

    @cache
    def chances(amount: float) -> Chances:
        changed = _with_amount(plan, amount, guaranteed)
        month = run_months(changed, config, events, room)
        unpaid = (month.unmet > UNPAID).any(axis=0)
        crossed = {
            floor.name: float((breaches_of(changed, floor, month).any(axis=0) | unpaid).mean())
            for floor in plan.floors
        }
        return {**crossed, UNMET: float(unpaid.mean())}

    return chances


def _find(
    plan: ExternalPlan,
    chances: Callable[[float], Chances],
    limit: float,
    *,
    guaranteed: float,
    most: int = len(AMOUNTS),
) -> Capacity:
    """Return the largest of the first `most` amounts that adds no more than the limit."""
    idle = chances(0.0)

    def added(amount: float) -> float:
        return max(chance - idle[name] for name, chance in chances(amount).items())

    at = bisect_right(AMOUNTS, limit, hi=most, key=added)
    amount = AMOUNTS[at - 1] if at else 0.0
    binding = ""
    if at < len(AMOUNTS):
        above = chances(AMOUNTS[at])
        names = [UNMET, *(name for name in above if name != UNMET)]
        binding = max(names, key=lambda name: above[name] - idle[name])
    share = (1 - guaranteed) * plan.public_share + guaranteed * plan.guarantees.capital
    if plan.financing.order == ("borrowing",):
        share = max(share, 1 - guaranteed)
    return Capacity(
        limit, amount, chances(amount), idle, binding, at == len(AMOUNTS),
        share * amount / plan.sheet.gdp,
    )  # fmt: skip
