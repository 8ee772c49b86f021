"""The verb of the finance engine: from a plan to flows, values and chances."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import log1p

import numpy as np
from jaxtyping import Float

from accord.core.errors import InputError
from accord.core.status import Status
from accord.finance.accounts.books import Books, Exposure
from accord.finance.accounts.waterfall import CLEARED
from accord.finance.config import FinanceConfig
from accord.finance.construction.pipeline import selection_times
from accord.finance.construction.projects import count_projects
from accord.finance.draws import central_draws, draw
from accord.finance.equations import actuarial_loss, discount_factors, merton_put
from accord.finance.plan import FinancePlan
from accord.finance.rates import STEPS, level_of
from accord.finance.solution import (
    AGENTS,
    FLOWS,
    HOST,
    PAYER,
    PROJECTS,
    FinanceOutcome,
    FinanceSolution,
    FinanceStats,
    GuaranteeValue,
    Project,
)

BATCH = 500  # paths whose books fit the cache of a core
PARTIES = (PAYER, HOST)
IN_KIND = ("purchases", "goods_received")


@dataclass(frozen=True, eq=False)
class _Page:
    """What is kept of the books of one batch: sums and yearly figures."""

    paths: int
    yearly: dict[str, Float[np.ndarray, "path year"]]
    sums: dict[str, Float[np.ndarray, " quarter"]]
    paid: dict[str, Float[np.ndarray, " quarter"]]
    net: dict[str, Float[np.ndarray, " quarter"]]
    npv: dict[str, Float[np.ndarray, " path"]]
    called: Float[np.ndarray, " path"]
    balance: Float[np.ndarray, "path year"] | None
    recovered: Float[np.ndarray, " path"] | None
    finished: Float[np.ndarray, "path project"]
    waited: Float[np.ndarray, "path project"]
    exposures: tuple[Exposure, ...]
    residuals: dict[str, float]


def solve_finance(plan: FinancePlan, config: FinanceConfig | None = None) -> FinanceSolution:
    """Return the flows of a plan, what they are worth to each party, and how surely.

    Raises:
        InputError: With everything wrong in the plan.
    """
    config = config or FinanceConfig()
    problems = plan.problems()
    if problems:
        raise InputError(problems, "the finance plan")
    steps = plan.years * STEPS
    draws = draw(config.paths, steps, config.seed) if config.paths else central_draws(steps)
    starts = range(0, draws.paths, BATCH)
    pages = [_keep(Books(plan, draws.rows(first, first + BATCH), steps)) for first in starts]
    return _bind(plan, pages, steps)


def _keep(books: Books) -> _Page:
    plan, steps, paths = books.plan, books.steps, books.draws.paths
    net = {party: books.net(party) for party in PARTIES}
    npv = {
        party: net[party] @ discount_factors(rate, steps)
        for party, rate in zip(PARTIES, plan.discount, strict=True)
    }
    called = sum(
        (books.flows[name].sum(axis=1) for name in ("equity_called", "loans_drawn")
         if name in books.flows),
        np.zeros(paths),
    )  # fmt: skip
    balance, recovered = books.balance, None
    if balance is not None:
        at = min(max(round(books.review), 1), steps) - 1
        recovered = (balance[:, at] <= CLEARED).astype(float)
        balance = balance[:, STEPS - 1 :: STEPS]
    empty = np.zeros((paths, 0))
    return _Page(
        paths=paths,
        yearly={name: _by_year(flow) for name, flow in books.flows.items()},
        sums={name: flow.sum(axis=0) for name, flow in books.flows.items()},
        paid={name: flow.sum(axis=0) for name, flow in books.paid.items()},
        net={party: flow.sum(axis=0) for party, flow in net.items()},
        npv=npv,
        called=called,
        balance=balance,
        recovered=recovered,
        finished=np.concatenate([empty, *(built.finished for built in books.built)], axis=1)
        / STEPS,
        waited=np.concatenate([empty, *(built.waited for built in books.built)], axis=1) / STEPS,
        exposures=tuple(books.exposures),
        residuals=_residuals(books),
    )


def _residuals(books: Books) -> dict[str, float]:
    """Return the largest violations of the books, relative to what is committed."""
    size = sum(facility.instrument.amount for facility in books.plan.facilities) or 1.0
    everybody = sum(books.net(agent) for agent in AGENTS)
    lowest = [float(flow.min()) for name, flow in books.flows.items() if name not in IN_KIND]
    faces = sum(exposure.guarantee.amount for exposure in books.exposures)
    paid = books.flows.get("guarantee_called", np.zeros((1, 1))).sum(axis=1).max()
    return {
        "projects pay out what they take in": float(np.abs(books.net(PROJECTS)).max() / size),
        "every flow has two ends": float(np.abs(everybody).max() / size),
        "calls above a cap": max(books.overdrawn, 0.0) / size,
        "guarantees above their face": max(float(paid) - faces, 0.0) / size,
        "flows below zero": max(-min(lowest, default=0.0), 0.0) / size,
    }


def _bind(plan: FinancePlan, pages: list[_Page], steps: int) -> FinanceSolution:
    """Return the solution made of all batches."""
    paths = sum(page.paths for page in pages)
    none = np.zeros((paths, plan.years))
    entered = pages[0].yearly
    finished = np.median(np.concatenate([page.finished for page in pages]), axis=0)
    balances = [page.balance for page in pages if page.balance is not None]
    recovered = [page.recovered for page in pages if page.recovered is not None]
    value = FinanceOutcome(
        flows={
            name: np.concatenate([page.yearly[name] for page in pages]) if name in entered else none
            for name in FLOWS
        },
        by_quarter={
            name: _mean([page.sums.get(name, np.zeros(steps)) for page in pages], paths)
            for name in FLOWS
        },
        paid={name: _mean([page.paid[name] for page in pages], paths) for name in pages[0].paid},
        npv={party: np.concatenate([page.npv[party] for page in pages]) for party in PARTIES},
        net={party: _mean([page.net[party] for page in pages], paths) for party in PARTIES},
        balance=np.concatenate(balances) if balances else None,
        recovered_by_review=np.concatenate(recovered) if recovered else None,
        called=np.concatenate([page.called for page in pages]),
        finished=np.where(np.isfinite(finished), finished, np.nan),
        waited=np.concatenate([page.waited for page in pages]).mean(axis=0),
        guarantees=tuple(_value_guarantees(plan, pages, steps)),
    )
    residuals = {name: max(page.residuals[name] for page in pages) for name in pages[0].residuals}
    stats = FinanceStats(paths, steps, value.finished.size)
    return FinanceSolution(plan, value, Status.CONVERGED, residuals, stats, _list_projects(plan))


def _list_projects(plan: FinancePlan) -> tuple[Project, ...]:
    projects: list[Project] = []
    for facility in plan.facilities:
        kinds, budgets = count_projects(facility.instrument.amount, dict(facility.mix), plan.kinds)
        times = selection_times(facility, len(kinds))
        projects += [
            Project(facility.name, plan.kinds[kind].name, float(budget), float(time))
            for kind, budget, time in zip(kinds, budgets, times, strict=True)
        ]
    return tuple(projects)


def _mean(sums: list[Float[np.ndarray, " quarter"]], paths: int) -> Float[np.ndarray, " quarter"]:
    return np.asarray(np.sum(sums, axis=0) / paths)


def _value_guarantees(
    plan: FinancePlan, pages: list[_Page], steps: int
) -> Iterator[GuaranteeValue]:
    """Yield the value of each guarantee by three methods.

    The contingent claim sets what the projects are worth (their mean cash flow at their cost
    of capital) against what is owed when half of the debt has been repaid.
    """
    paths = sum(page.paths for page in pages)
    times = (np.arange(steps) + 0.5) / STEPS
    kinds = {kind.name: kind for kind in plan.kinds}
    safe = plan.discount[0]
    for at, exposure in enumerate(pages[0].exposures):
        drawn, cash, cost = (
            sum(getattr(page.exposures[at], name) * page.paths for page in pages) / paths
            for name in ("drawn", "cash", "cost")
        )
        debt, mix = exposure.guarantee.debt, dict(exposure.facility.mix)
        wanted = sum(share * kinds[name].cost_of_capital for name, share in mix.items())
        volatility = sum(share * kinds[name].volatility for name, share in mix.items())
        years = debt.grace + (debt.years - debt.grace) / 2
        total = float(drawn.sum())
        middle = float(drawn @ times) / total if total else 0.0
        worth = float(cash @ (1 + wanted) ** (middle - times))
        owed = total * (1 + level_of(debt.interest, plan.references)) ** years
        loss = actuarial_loss(
            total, exposure.guarantee.default_rate, exposure.guarantee.recovery, years
        )
        yield GuaranteeValue(
            exposure.facility.name,
            exposure.guarantee.amount,
            (1 + safe) ** -middle
            * merton_put(worth, owed, rate=log1p(safe), volatility=volatility, years=years),
            (1 + safe) ** -(middle + years / 2) * loss,
            float(cost @ discount_factors(safe, steps)),
        )


def _by_year(flow: Float[np.ndarray, "path quarter"]) -> Float[np.ndarray, "path year"]:
    return np.asarray((flow.reshape(-1, STEPS) @ np.ones(STEPS)).reshape(flow.shape[0], -1))
