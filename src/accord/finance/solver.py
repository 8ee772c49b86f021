"""Solving the finance engine: from a plan to flows, values and chances."""

from collections.abc import Iterable, Iterator
from functools import partial
from math import log1p

import numpy as np

from accord.core.arguments import check_kind, public
from accord.core.errors import InputError
from accord.core.status import Status
from accord.finance.accounts.books import Books
from accord.finance.accounts.tally import SUMMED, Tally
from accord.finance.config import FinanceConfig
from accord.finance.construction.pipeline import (
    build_portfolios,
    installers_needed,
    selection_times,
)
from accord.finance.construction.projects import count_projects
from accord.finance.draws import Draws, central_draws, kept_blocks
from accord.finance.equations import actuarial_loss, discount_factors, merton_put
from accord.finance.plan import Facility, FinancePlan
from accord.finance.rates import STEPS
from accord.finance.solution import (
    FLOWS,
    FinanceOutcome,
    FinanceSolution,
    FinanceStats,
    GuaranteeValue,
    Project,
)

BLOCK = 500  # paths whose books fit the cache of a core
CELLS = 100_000  # paths times projects that are worked out at once


@public
def solve_finance(plan: FinancePlan, config: FinanceConfig | None = None) -> FinanceSolution:
    """Return the flows of a plan, what they are worth to each party, and how surely.

    Raises:
        InputError: With everything wrong in the plan.
    """
    check_kind("plan", plan, FinancePlan, "Make one: FinancePlan(first_year=..., years=..., ...)")
    config = FinanceConfig() if config is None else config
    check_kind("config", config, FinanceConfig, "Give FinanceConfig(paths=500), or leave it out")
    problems = plan.problems()
    if problems:
        raise InputError(problems, "the finance plan")
    steps = plan.years * STEPS
    peak = _find_peak(plan, config) if plan.labour.limited else None
    tally = Tally(plan, config.paths or 1)
    for draws in _draw(plan, config):
        tally.add(Books(plan, draws, steps, peak))
    return _bind(tally, steps)


def block_size(plan: FinancePlan) -> int:
    """Return how many paths of a plan are worked out at once; no figure depends on it."""
    return max(1, min(BLOCK, CELLS // max(plan.count_projects(), 1)))


def _draw(plan: FinancePlan, config: FinanceConfig) -> Iterable[Draws]:
    """Return the random numbers of every block."""
    steps = plan.years * STEPS
    if not config.paths:
        return (central_draws(steps),)
    return kept_blocks(config.paths, steps, config.seed, block_size(plan))


def _find_peak(plan: FinancePlan, config: FinanceConfig) -> float:
    """Return the most installers needed in a quarter as planned, on average over all paths."""
    steps = plan.years * STEPS
    total = np.zeros(steps)
    for draws in _draw(plan, config):
        portfolios = build_portfolios(plan, draws)
        for row in installers_needed(portfolios, steps) if portfolios else ():
            total += row
    return float((total / (config.paths or 1)).max())


def _bind(tally: Tally, steps: int) -> FinanceSolution:
    """Return the solution made of all blocks."""
    plan, paths = tally.plan, tally.paths
    none = np.zeros((paths, plan.years))
    finished = np.array([np.median(times) for times in tally.finished])
    value = FinanceOutcome(
        flows={name: tally.yearly.get(name, none) for name in FLOWS},
        by_quarter={name: tally.sums.get(name, np.zeros(steps)) / paths for name in FLOWS},
        by_facility=tally.by_facility,
        facility_npv=tally.facility_npv,
        facility_values={
            facility: {
                party: {name: total / paths for name, total in values.items()}
                for party, values in worth.items()
            }
            for facility, worth in tally.facility_values.items()
        },
        paid={name: total / paths for name, total in tally.paid.items()},
        npv=tally.npv,
        net={party: total / paths for party, total in tally.net.items()},
        balance=tally.balance,
        recovered_by_review=tally.recovered,
        called=tally.called,
        finished=np.where(np.isfinite(finished), finished, np.nan),
        waited=tally.waited / paths,
        guarantees=tuple(_value_guarantees(tally, steps)),
    )
    stats = FinanceStats(paths, steps, value.finished.size)
    return FinanceSolution(
        plan, value, Status.CONVERGED, tally.residuals, stats, _list_projects(plan)
    )


def _list_projects(plan: FinancePlan) -> tuple[Project, ...]:
    projects: list[Project] = []
    for _, facility in plan.building:
        kinds, budgets = count_projects(facility.instrument.amount, dict(facility.mix), plan.kinds)
        times = selection_times(facility, [plan.kinds[kind].name for kind in kinds])
        projects += [
            Project(facility.name, plan.kinds[kind].name, float(budget), float(time))
            for kind, budget, time in zip(kinds, budgets, times, strict=True)
        ]
    return tuple(projects)


def _value_guarantees(tally: Tally, steps: int) -> Iterator[GuaranteeValue]:
    """Yield the value of each guarantee by three methods, all of the same pool of projects.

    The contingent claim sets what the pool is worth (its mean cash flow at its cost of capital)
    against the service of the loan at the safe rate, at the mean time of that service. What falls
    short by more than the face is the lenders' loss (a second put). The actuarial value takes the
    debt outstanding under the same schedule.
    """
    plan = tally.plan
    times = (np.arange(steps) + 0.5) / STEPS
    kinds = {kind.name: kind for kind in plan.kinds}
    safe = plan.discount[0]
    factors = discount_factors(safe, steps)
    for covered in tally.guarantees:
        due, outstanding, cash, cost = (getattr(covered, name) / tally.paths for name in SUMMED)
        terms = covered.guarantee
        mix = covered.facility.mix
        wanted = sum(share * kinds[name].cost_of_capital for name, share in mix.items())
        worth = float(cash @ (1 + wanted) ** -times)
        service = float(due @ factors)
        years = float((due * factors) @ times) / service if service else 1.0
        owed = service * (1 + safe) ** years
        put = partial(
            merton_put, worth, rate=log1p(safe), years=years,
            volatility=pool_volatility(plan, covered.facility),
        )  # fmt: skip
        each = actuarial_loss(1.0, terms.default_rate, terms.recovery, 1 / STEPS)
        yield GuaranteeValue(
            covered.facility.name,
            terms.amount,
            put(owed) - put(max(owed - terms.amount, 0.0)),
            each * float(outstanding @ factors),
            float(cost @ factors),
        )  # fmt: skip


def pool_volatility(plan: FinancePlan, facility: Facility) -> float:
    """Return the yearly volatility of the value of all projects of a facility together.

    Any two projects correlate by the share of their variance that all have in common.
    """
    places, budgets = count_projects(facility.instrument.amount, dict(facility.mix), plan.kinds)
    own = np.array([plan.kinds[place].volatility for place in places])
    weighted = own * budgets / budgets.sum()
    common = plan.common * weighted.sum() ** 2
    return float(np.sqrt(common + (1 - plan.common) * (weighted**2).sum()))
