"""What is kept of the books of every block of paths: sums over the paths, and figures by path.

Memory grows with the paths and the years, not with the steps of every flow. Paths are added one
after the other, so that no figure depends on how they were divided into blocks.
"""

from dataclasses import dataclass, field

import numpy as np

from accord.core.arrays import Float
from accord.finance.accounts.books import Books
from accord.finance.accounts.waterfall import CLEARED
from accord.finance.construction.queues import Flow, by_year
from accord.finance.equations import discount_factors
from accord.finance.instruments import Guarantee
from accord.finance.plan import Facility, FinancePlan
from accord.finance.rates import STEPS
from accord.finance.solution import AGENTS, FLOWS, HOST, PAYER, PROJECTS

PARTIES = (PAYER, HOST)
SUMMED = ("due", "outstanding", "cash", "cost")  # of what a guarantee covers
IN_KIND = ("purchases", "goods_received")
CALLS = ("equity_called", "loans_drawn", "credit_drawn")

Quarter = Float[np.ndarray, " quarter"]


@dataclass(eq=False)
class CoveredSum:
    """What one guarantee covered and cost, bn USD by step, summed over the paths."""

    facility: Facility
    guarantee: Guarantee
    due: Quarter
    outstanding: Quarter
    cash: Quarter
    cost: Quarter


@dataclass(eq=False)
class Tally:
    """Sums and figures of all blocks so far.

    Attributes:
        plan: The plan.
        paths: Number of paths in all.
        done: Paths that are in already.
        yearly: Every flow that is entered, by path and year, bn USD.
        by_facility: Those of each facility.
        facility_npv: Value of each facility to each party at its own rate, by path.
        facility_values: The same of each of its flows, summed over the paths.
        sums: The same flows by quarter, summed over the paths.
        paid: What the payer pays under each facility, summed in the same way.
        net: Net flow of each party, summed in the same way.
        npv: Value of each party's net flow at its own rate, by path.
        called: Money called in all, by path.
        balance: The payer's balance at the end of each year; None without a split.
        recovered: Whether the payer has recovered at the review; None without a split.
        finished: Years in which projects are finished; infinite beyond the horizon.
        waited: Years that projects waited for installers, summed over the paths.
        guarantees: What each guarantee covered and cost.
        residuals: Largest violations of the books.
    """

    plan: FinancePlan
    paths: int
    done: int = 0
    yearly: dict[str, Float[np.ndarray, "path year"]] = field(default_factory=dict)
    by_facility: dict[str, dict[str, Float[np.ndarray, "path year"]]] = field(default_factory=dict)
    facility_npv: dict[str, dict[str, Float[np.ndarray, " path"]]] = field(default_factory=dict)
    facility_values: dict[str, dict[str, dict[str, float]]] = field(default_factory=dict)
    sums: dict[str, Quarter] = field(default_factory=dict)
    paid: dict[str, Quarter] = field(default_factory=dict)
    net: dict[str, Quarter] = field(default_factory=dict)
    npv: dict[str, Float[np.ndarray, " path"]] = field(default_factory=dict)
    called: Float[np.ndarray, " path"] = field(init=False)
    balance: Float[np.ndarray, "path year"] | None = None
    recovered: Float[np.ndarray, " path"] | None = None
    finished: Float[np.ndarray, "project path"] = field(init=False)
    waited: Float[np.ndarray, " project"] = field(init=False)
    guarantees: list[CoveredSum] = field(default_factory=list)
    residuals: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Make room for what is kept by path."""
        count = self.plan.count_projects()
        self.called = np.zeros(self.paths)
        self.finished, self.waited = np.zeros((count, self.paths)), np.zeros(count)
        self.npv = {party: np.zeros(self.paths) for party in PARTIES}

    def add(self, books: Books) -> None:
        """Take in the books of the next block."""
        here = slice(self.done, self.done + books.draws.paths)
        for name, flow in books.flows.items():
            room = self.yearly.setdefault(name, np.zeros((self.paths, self.plan.years)))
            room[here] = by_year(flow)
            _add_rows(self.sums, name, flow)
        for name, flow in books.paid.items():
            _add_rows(self.paid, name, flow)
        for party, rate in zip(PARTIES, self.plan.discount, strict=True):
            net = books.net(party)
            _add_rows(self.net, party, net)
            self.npv[party][here] = (net * discount_factors(rate, books.steps)).sum(axis=1)
        for facility, flows in books.by_facility.items():
            self._add_facility(facility, flows, here)
        for name in CALLS:
            if name in books.flows:
                self.called[here] += books.flows[name].sum(axis=1)
        self._add_balance(books, here)
        self._add_projects(books, here)
        self._add_guarantees(books)
        for name, value in _residuals(books).items():
            self.residuals[name] = float(np.maximum(self.residuals.get(name, value), value))
        self.done = here.stop

    def _add_facility(self, facility: str, flows: dict[str, Flow], here: slice) -> None:
        """Take in the flows of one facility, and what they are worth to each party."""
        rooms = self.by_facility.setdefault(facility, {})
        for name, flow in flows.items():
            room = rooms.setdefault(name, np.zeros((self.paths, self.plan.years)))
            room[here] = by_year(flow)
        none = {party: np.zeros(self.paths) for party in PARTIES}
        worth = self.facility_npv.setdefault(facility, none)
        values = self.facility_values.setdefault(facility, {party: {} for party in PARTIES})
        for party, rate in zip(PARTIES, self.plan.discount, strict=True):
            for name, flow in flows.items():
                sign = (party == FLOWS[name][1]) - (party == FLOWS[name][0])
                if sign:
                    factors = discount_factors(rate, flow.shape[1])
                    value = sign * (flow * factors).sum(axis=1)
                    worth[party][here] += value
                    before = values[party].get(name, 0.0)
                    values[party][name] = _add_in_order(before, value)

    def _add_balance(self, books: Books, here: slice) -> None:
        if books.balance is None:
            return
        if self.balance is None or self.recovered is None:
            self.balance = np.zeros((self.paths, self.plan.years))
            self.recovered = np.zeros(self.paths)
        at = min(max(round(books.review), 1), books.steps) - 1
        self.recovered[here] = books.balance[:, at] <= CLEARED
        self.balance[here] = books.balance[:, STEPS - 1 :: STEPS]

    def _add_projects(self, books: Books, here: slice) -> None:
        first = 0
        for built in books.built.values():
            rows = slice(first, first + built.finished.shape[1])
            self.finished[rows, here] = built.finished.T / STEPS
            for waited in built.waited:
                self.waited[rows] += waited / STEPS
            first = rows.stop

    def _add_guarantees(self, books: Books) -> None:
        if not self.guarantees:
            none = np.zeros(books.steps)
            self.guarantees = [
                CoveredSum(
                    exposure.facility, exposure.guarantee, **{name: none.copy() for name in SUMMED}
                )
                for exposure in books.exposures
            ]
        for covered, exposure in zip(self.guarantees, books.exposures, strict=True):
            for name in SUMMED:
                total = getattr(covered, name)
                for row in getattr(exposure, name):
                    total += row


def _add_rows(into: dict[str, Quarter], name: str, flow: Flow) -> None:
    """Add every path of a flow to the sum of its name, one after the other."""
    total = into.setdefault(name, np.zeros(flow.shape[1]))
    for row in flow:
        total += row


def _add_in_order(before: float, rows: Float[np.ndarray, " path"]) -> float:
    """Return a sum with rows added one by one: it does not depend on how paths are divided."""
    return float(np.cumsum(np.append(before, rows))[-1])


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
