"""Solving the external engine: from a plan to paths, chances and causes."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from accord.core.arguments import check_kind, public
from accord.core.arrays import Bool, Float
from accord.core.errors import InputError
from accord.core.status import Status
from accord.external.config import ExternalConfig
from accord.external.equations import DebtPath, adequacy, project_debt
from accord.external.events import Events, run_events
from accord.external.plan import DEBT, FALL, MONTHS, SLIDE, SOURCES, ExternalPlan, Floor
from accord.external.simulation import MonthOut, collect, simulate
from accord.external.solution import (
    QUANTILES,
    Breach,
    ExternalOutcome,
    ExternalSolution,
    ExternalStats,
)

MonthPath = Float[np.ndarray, "month path"]
TAIL = 0.05
UNPAID = 1e-6  # bn USD: less is rounding


@dataclass(frozen=True, eq=False)
class Months:
    """Every month of every path, bn USD (see `simulation.MonthOut`); a rate is a logarithm.

    Public debt is by path and year.
    """

    reserves: MonthPath
    rate: MonthPath
    borrowed: MonthPath
    in_stop: MonthPath
    raised: Mapping[str, MonthPath]
    run: MonthPath
    sold: MonthPath
    other: MonthPath
    unmet: MonthPath
    called: MonthPath
    debt: DebtPath


@public
def solve_external(plan: ExternalPlan, config: ExternalConfig | None = None) -> ExternalSolution:
    """Return what paying does to reserves, the currency and public debt, and how surely.

    Raises:
        InputError: With everything wrong in the plan.
    """
    check_kind("plan", plan, ExternalPlan, "Make one: ExternalPlan(sheet=..., payments=..., ...)")
    config = ExternalConfig() if config is None else config
    check_kind("config", config, ExternalConfig, "Give ExternalConfig(paths=500), or leave it out")
    problems = plan.problems()
    if problems:
        raise InputError(problems, "the external plan")
    month = run_months(plan, config)
    reserves, rate = month.reserves, month.rate
    flows = _flows_so_far(month)
    breaches = tuple(_watch(plan, floor, month, flows) for floor in plan.floors)
    value = ExternalOutcome(
        reserves=np.quantile(reserves, QUANTILES, axis=1),
        rate=np.quantile(rate, QUANTILES, axis=1),
        borrowed=month.borrowed.mean(axis=1),
        breaches=breaches,
        sources={name: month.raised[name].mean(axis=1) for name in (*SOURCES, "unmet")},
        debt=month.debt,
        worst_fall=_yearly_fall(rate).max(axis=0),
        lowest=reserves.min(axis=0),
        unmet=float((month.unmet > UNPAID).any(axis=0).mean()),
    )
    start = np.concatenate([np.full((1, reserves.shape[1]), plan.sheet.reserves), reserves[:-1]])
    net = month.other - month.raised["income"] - month.raised["reserves"] - month.run - month.sold
    gap = np.where(month.unmet > 0, 0.0, reserves - start - net)
    covered = np.sum([month.raised[name] for name in (*SOURCES, "unmet")], axis=0)
    short = 0.0
    if plan.adjustment is None:
        due = np.maximum(plan.payments[:, None] + month.called, 0.0)
        short = float(np.abs(covered - due).max())
    size = plan.sheet.reserves or 1.0
    residuals = {
        "reserves change by their flows": float(np.abs(gap).max()) / size,
        "every payment is found or missed": short / size,
    }
    status = Status.CONVERGED if np.all(np.isfinite(reserves)) else Status.DIVERGED
    stats = ExternalStats(reserves.shape[1], plan.months)
    return ExternalSolution(plan, value, status, residuals, stats)


def run_months(
    plan: ExternalPlan,
    config: ExternalConfig,
    events: Events | None = None,
    room: MonthOut | None = None,
) -> Months:
    """Return every month of every path.

    Args:
        plan: What is paid, and how.
        config: Paths and seed.
        events: Those of the plan, if they are known already.
        room: See `simulate`.
    """
    events = run_events(plan, config) if events is None else events
    out = simulate(collect(plan, events), plan.financing.order, room)
    return Months(
        **{name: getattr(out, name) for name in MonthOut._fields},
        debt=_project(
            plan, events, rate=out.rate, borrowing=out.raised["borrowing"], called=out.called
        ),
    )  # fmt: skip


def breaches_of(plan: ExternalPlan, floor: Floor, month: Months) -> Bool[np.ndarray, "month path"]:
    """Return whether a floor is crossed in each month."""
    if floor.metric in (FALL, SLIDE, DEBT):
        return np.asarray(_above(plan, floor, month) > 0.0)
    return np.asarray(_metric(plan, floor, month) < floor.level)


def debt_line(plan: ExternalPlan, floor: Floor) -> float:
    """Return the line on public debt: the floor's, or the debt of the start where that is higher.

    Debt that is above a line already must not rise.
    """
    return max(floor.level, plan.sheet.public_debt)


def _above(plan: ExternalPlan, floor: Floor, month: Months) -> MonthPath:
    """Return by how much a line on the currency or on public debt is exceeded, if above zero."""
    if floor.metric == FALL:
        return np.asarray(_yearly_fall(month.rate) - floor.level)
    if floor.metric == SLIDE:
        so_far = np.cumsum(month.rate, axis=0)
        whole = so_far.copy()
        whole[MONTHS:] -= so_far[:-MONTHS]
        return np.asarray(whole / MONTHS - floor.level)
    above = np.full_like(month.rate, -1.0)
    above[MONTHS - 1 :: MONTHS] = month.debt.debt.T - debt_line(plan, floor)
    return above


def _metric(plan: ExternalPlan, floor: Floor, month: Months) -> MonthPath:
    more = plan.financing.borrowing_short * month.borrowed
    return np.asarray(adequacy(floor.metric, plan.sheet, month.reserves, more))  # type: ignore[arg-type]


def _yearly_fall(rate: MonthPath) -> MonthPath:
    """Return the logarithmic fall of the currency over the last year, from the start at first."""
    before = np.concatenate([np.zeros((MONTHS, rate.shape[1])), rate])[: rate.shape[0]]
    return np.asarray(rate - before)


def chance_by_year(
    plan: ExternalPlan, floor: Floor, config: ExternalConfig
) -> Float[np.ndarray, " year"]:
    """Return the chance that a line is crossed by the end of each year: less than a solution."""
    return _share_by_year(breaches_of(plan, floor, run_months(plan, config)))


def _share_by_year(crossed: Bool[np.ndarray, "month path"]) -> Float[np.ndarray, " year"]:
    ever = np.logical_or.accumulate(crossed, axis=0)
    return np.asarray(ever[MONTHS - 1 :: MONTHS].mean(axis=1))


def _flows_so_far(month: Months) -> dict[str, MonthPath]:
    """Return what has left reserves by each month, by cause, bn USD."""
    flows = {
        "payments": month.raised["income"] + month.raised["reserves"],
        "sudden stop": month.run,
        "leaning against falls": month.sold,
        "income, interest and swap line": -month.other,
    }
    return {name: np.cumsum(flow, axis=0) for name, flow in flows.items()}


def _watch(
    plan: ExternalPlan, floor: Floor, month: Months, flows: Mapping[str, MonthPath]
) -> Breach:
    crossed = breaches_of(plan, floor, month)
    first = np.argmax(crossed, axis=0)
    hit = np.flatnonzero(crossed.any(axis=0))
    if floor.metric in (FALL, SLIDE, DEBT):
        start = plan.sheet.public_debt if floor.metric == DEBT else 0.0
        worst = _above(plan, floor, month).max(axis=0)
    else:
        start = float(adequacy(floor.metric, plan.sheet, plan.sheet.reserves))  # type: ignore[arg-type]
        worst = floor.level - _metric(plan, floor, month).min(axis=0)
    count = max(1, round(TAIL * worst.size))
    tail = float(np.sort(worst)[-count:].mean())
    causes = {}
    if hit.size:
        causes = {name: -float(flow[first[hit], hit].mean()) for name, flow in flows.items()}
    return Breach(
        metric=floor.metric,
        level=floor.level,
        start=start,
        by_year=_share_by_year(crossed),
        shortfall=tail,
        in_stop=float(month.in_stop[first[hit], hit].mean()) if hit.size else float("nan"),
        causes=causes,
    )


def _project(
    plan: ExternalPlan,
    events: Events,
    *,
    rate: MonthPath,
    borrowing: MonthPath,
    called: MonthPath,
) -> DebtPath:
    """Return public debt under the depreciation of every path and random growth.

    What is borrowed and called, and what is set aside behind guarantees, adds to it in full; of
    other payments the public share does.
    """
    years, paths = plan.months // MONTHS, rate.shape[1]
    level = np.concatenate([np.zeros((1, paths)), rate[MONTHS - 1 :: MONTHS]])
    depreciation = np.expm1(np.diff(level, axis=0)).T
    terms = plan.debt
    growth = terms.growth + terms.growth_spread * events.growth
    paid = np.maximum(plan.payments, 0.0)[:, None]
    set_aside = 0.0 if plan.guaranteed is None else plan.guarantees.capital * plan.guaranteed
    sure = (plan.public_share * paid + np.reshape(set_aside, (-1, 1))) * np.ones_like(paid)
    added = (1 - plan.public_share) * np.minimum(borrowing, paid) + called
    yearly = (_sum_years(added) + _sum_years(sure)).T
    nominal = plan.sheet.gdp * ((1 + terms.growth) * (1 + terms.inflation)) ** np.arange(
        1, years + 1
    )
    return project_debt(
        plan.sheet.public_debt, plan.sheet.primary_balance, terms,
        growth=growth, depreciation=depreciation, more=yearly / nominal,
    )  # fmt: skip


def _sum_years(months: MonthPath) -> Float[np.ndarray, "year path"]:
    return np.asarray(months.reshape(-1, MONTHS, months.shape[1]).sum(axis=1))
