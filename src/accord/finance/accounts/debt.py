"""Loans served from what projects earn, and guarantees that pay what is not served."""

from dataclasses import dataclass

import numpy as np

from accord.core.arrays import Float
from accord.finance.construction.queues import Flow, by_path, by_step
from accord.finance.instruments import Amortisation, Loan
from accord.finance.rates import STEPS, PathStep, a_step


@dataclass(frozen=True, eq=False)
class Schedule:
    """What a loan calls for, by path and step, bn USD.

    Attributes:
        interest: Interest due.
        principal: Principal due; interest of the grace was added to it.
        outstanding: Debt at the end of the step if served as scheduled.
    """

    interest: Flow
    principal: Flow
    outstanding: Flow


@dataclass(frozen=True, eq=False)
class Service:
    """What a loan is paid, by path and step, bn USD: interest first, arrears with interest."""

    interest: Flow
    principal: Flow
    left: Flow
    arrears: Flow


@dataclass(frozen=True, eq=False)
class Called:
    """What a guarantee pays and gets back, by path and step, bn USD.

    `served` is what lenders got from the projects, `lost` what nobody paid them.
    """

    called: Flow
    recovered: Flow
    served: Flow
    lost: Flow
    left: Flow


def schedule_loan(drawn: Flow, terms: Loan, rate: PathStep, level: float) -> Schedule:
    """Return interest and principal due on drawings, each amortised from its own day.

    Args:
        drawn: Money drawn, bn USD a step.
        terms: Grace, life and amortisation of each drawing.
        rate: Yearly rate in force at each step.
        level: Yearly rate at which an annuity's instalments of principal were set.
    """
    steps = drawn.shape[1]
    grace = min(round(terms.grace * STEPS), steps)  # beyond the horizon nothing falls due
    life = max(round((terms.years - terms.grace) * STEPS), 1)
    growth = a_step(rate)
    index = np.cumprod(1 + growth, axis=1)
    entering = np.zeros_like(drawn)
    entering[:, grace:] = drawn[:, : steps - grace] * index[:, grace:] / index[:, : steps - grace]
    weights = instalments(terms.amortisation, life, float(a_step(level)))
    principal = np.zeros_like(drawn)
    for step in np.flatnonzero(entering.any(axis=0)):
        span = weights[: steps - step - 1]
        principal[:, step + 1 : step + 1 + span.size] += entering[:, step : step + 1] * span
    balance = np.cumsum(entering - principal, axis=1)
    interest = np.zeros_like(drawn)
    interest[:, 1:] = balance[:, :-1] * growth[:, 1:]
    in_grace = _in_grace(drawn, entering, growth)
    return Schedule(interest, principal, balance + in_grace)


def instalments(kind: Amortisation, life: int, rate: float) -> Float[np.ndarray, " step"]:
    """Return the share of principal repaid in each step of a loan's life; they sum to one."""
    if kind == "bullet":
        shares = np.zeros(life)
        shares[-1] = 1.0
        return shares
    if kind == "equal" or rate == 0:
        return np.full(life, 1.0 / life)
    growth = (1 + rate) ** np.arange(life)
    return np.asarray(growth / growth.sum())


def serve_loan(due: Schedule, cash: Flow, rate: PathStep) -> Service:
    """Return what cash pays of what is due; what it does not pay is owed with interest."""
    growth, due_interest, due_principal, earned = (
        by_step(flow) for flow in (a_step(rate), due.interest, due.principal, cash)
    )
    interest, principal, left, arrears = (np.zeros_like(earned) for _ in range(4))
    late_interest, late_principal = np.zeros(cash.shape[0]), np.zeros(cash.shape[0])
    for step, here in enumerate(earned):
        late_interest += (late_interest + late_principal) * growth[step]
        late_interest += due_interest[step]
        late_principal += due_principal[step]
        paid_interest = np.minimum(here, late_interest)
        paid_principal = np.minimum(here - paid_interest, late_principal)
        late_interest = late_interest - paid_interest
        late_principal = late_principal - paid_principal
        interest[step], principal[step] = paid_interest, paid_principal
        left[step] = here - paid_interest - paid_principal
        arrears[step] = late_interest + late_principal
    return Service(*(by_path(flow) for flow in (interest, principal, left, arrears)))


def call_guarantee(due: Schedule, cash: Flow, rate: PathStep, face: float) -> Called:
    """Return what the guarantor pays when cash does not serve the debt, up to its face.

    What it has paid it claims back, with interest, from cash that is left later.
    """
    growth, due_interest, due_principal, earned = (
        by_step(flow) for flow in (a_step(rate), due.interest, due.principal, cash)
    )
    called, recovered, served, lost, left = (np.zeros_like(earned) for _ in range(5))
    claim, room = np.zeros(cash.shape[0]), np.full(cash.shape[0], face)
    for step, here in enumerate(earned):
        owed = due_interest[step] + due_principal[step]
        paid = np.minimum(here, owed)
        pays = np.minimum(owed - paid, room)
        room = room - pays
        claim = claim * (1 + growth[step]) + pays
        back = np.minimum(here - paid, claim)
        claim = claim - back
        called[step], recovered[step], served[step] = pays, back, paid
        lost[step] = owed - paid - pays
        left[step] = here - paid - back
    return Called(*(by_path(flow) for flow in (called, recovered, served, lost, left)))


def _in_grace(drawn: Flow, entering: Flow, growth: PathStep) -> Flow:
    """Return drawings still in their grace, with interest added, at the end of each step."""
    grown, came, left = (by_step(flow) for flow in (1 + growth, drawn, entering))
    inside = np.zeros_like(came)
    balance = np.zeros(drawn.shape[0])
    for step, new in enumerate(came):
        inside[step] = balance = balance * grown[step] + new - left[step]
    return by_path(np.maximum(inside, 0.0))
