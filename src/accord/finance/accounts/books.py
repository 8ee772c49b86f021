"""The books of a batch of paths: every flow of a plan is entered once, by name."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from accord.core.arrays import Float
from accord.finance.accounts.buyers import lend_to_buyers, refund_buyers
from accord.finance.accounts.debt import call_guarantee, schedule_loan, serve_loan
from accord.finance.accounts.incentives import decide, grant
from accord.finance.accounts.waterfall import SplitTerms, Waterfall, end_claim, share_cash
from accord.finance.construction.earnings import free_cash_flow
from accord.finance.construction.pipeline import Construction, Lane, build, build_portfolios
from accord.finance.construction.queues import (
    Flow,
    Switches,
    by_year,
    level_at,
    lump,
    time_of,
    to_edges,
)
from accord.finance.draws import Draws
from accord.finance.instruments import (
    BuyerCredit,
    Direct,
    Equity,
    Guarantee,
    Loan,
    RefundGuarantee,
)
from accord.finance.plan import Facility, FinancePlan, ProfitSplit
from accord.finance.rates import STEPS, level_of, rate_paths
from accord.finance.solution import FLOWS, PAYER

INCENTIVES = "incentives"  # what the host pays, beside the facilities
PURCHASES = "purchases"  # what promises to buy are called beside the facilities
REVIEW = 20.0  # years after the first call, where the terms name none


@dataclass(frozen=True, eq=False)
class Exposure:
    """What one guarantee covered and cost, bn USD by path and step.

    `due` is the service of the loan, `outstanding` what is left of it if served as scheduled.
    """

    facility: Facility
    guarantee: Guarantee
    due: Flow
    outstanding: Flow
    cash: Flow
    cost: Flow


@dataclass(frozen=True, eq=False)
class _Account:
    """An account under a split: calls paid and missed, cash, and the cash of each facility."""

    called: Flow
    missed: Flow | None
    cash: Flow
    of: Mapping[int, Flow]


class Books:
    """A plan run on some paths: flows by name, the payer's balance, what became of projects."""

    def __init__(
        self, plan: FinancePlan, draws: Draws, steps: int, peak: float | None = None
    ) -> None:
        """Build the projects, then run every facility (see `build` for `peak`)."""
        self.plan, self.draws, self.steps = plan, draws, steps
        self.flows: dict[str, Flow] = {}
        self.by_facility: dict[str, dict[str, Flow]] = {}
        self.paid: dict[str, Flow] = {}
        self.balance: Flow | None = None
        self.review = 0.0
        self.exposures: list[Exposure] = []
        self.overdrawn = 0.0
        self.standings = {
            at: decide(facility.approval, draws, steps)
            for at, facility in plan.building
            if facility.approval is not None
        }
        built = build(plan, build_portfolios(plan, draws), steps, peak)
        places = (at for at, _ in plan.building)
        self.built = {at: self._abandon(at, own) for at, own in zip(places, built, strict=True)}
        self._run()

    def net(self, agent: str) -> Flow:
        """Return what an agent receives less what it pays, by path and step."""
        total = np.zeros((self.draws.paths, self.steps))
        for name, flow in self.flows.items():
            source, target = FLOWS[name]
            if target == agent:
                total += flow
            if source == agent:
                total -= flow
        return total

    def _enter(self, facility: str, name: str, flow: Flow) -> None:
        """Enter a flow of a facility; whoever reads all flows finds it there too."""
        for flows in (self.flows, self.by_facility.setdefault(facility, {})):
            flows[name] = flows[name] + flow if name in flows else flow

    def _run(self) -> None:
        covered: list[int] = []
        for at, facility in enumerate(self.plan.facilities):
            if not facility.builds:
                self._finance_buyers(facility)
                continue
            self._pay_in(at, facility)
            if self.plan.split is not None and facility.name in self.plan.split.covers:
                covered.append(at)
            else:
                self._run_alone(at, facility)
        if self.plan.split is not None and covered:
            self._run_split(self.plan.split, covered)
        self._buy()
        self._grant()

    def _abandon(self, at: int, built: Construction) -> Construction:
        """Return construction in which what is abandoned is never finished."""
        standing = self.standings.get(at)
        if standing is None or self.draws.central:
            return built
        never = (standing.refused > 0)[:, None] & (built.finished >= standing.decided)
        return replace(built, finished=np.where(never, np.inf, built.finished))

    def _left_of(self, at: int, flow: Flow) -> Flow:
        """Return what is left of a flow of a facility whose projects may be abandoned."""
        return self.standings[at].left_of(flow) if at in self.standings else flow

    def _earn(self, at: int, called: Flow, own: slice = slice(None)) -> Flow:
        """Return the cash of projects; of abandoned ones that until then, and what is salvaged."""
        cash = free_cash_flow(self.plan, self.built[at], own)
        if at not in self.standings:
            return cash
        standing = self.standings[at]
        return np.asarray(standing.left_of(cash) + standing.salvaged(called))

    def _pay_in(self, at: int, facility: Facility) -> None:
        instrument, built = facility.instrument, self.built[at]
        names: dict[type, str] = {Loan: "loans_drawn", Guarantee: "debt_raised"}
        name = names.get(type(instrument), "equity_called")
        called = self._left_of(at, built.called)
        self._enter(facility.name, name, called)
        self._enter(facility.name, "construction", called)
        self.paid[facility.name] = called
        cap = facility.pace.annual_cap
        if cap is not None:
            self.overdrawn = max(self.overdrawn, float((by_year(built.due) - cap).max()))

    def _run_alone(self, at: int, facility: Facility) -> None:
        called = self._left_of(at, self.built[at].called)
        cash = self._earn(at, called)
        self._enter(facility.name, "cash_flow", cash)
        instrument = facility.instrument
        if isinstance(instrument, Equity | Direct):
            self._enter(facility.name, "paid_to_payer", instrument.share * cash)
            self._enter(facility.name, "paid_to_host", (1 - instrument.share) * cash)
        elif isinstance(instrument, Loan):
            self._serve(facility, instrument, called, cash)
        elif isinstance(instrument, Guarantee):
            self._guarantee(facility, instrument, called, cash)

    def _finance_buyers(self, facility: Facility) -> None:
        """Enter a refund guarantee or a credit to buyers."""
        instrument = facility.instrument
        if isinstance(instrument, RefundGuarantee):
            refunds = refund_buyers(instrument, facility.pace, self.draws, self.steps)
            self._enter(facility.name, "refunds_paid", refunds.paid)
            self._enter(facility.name, "ships_resold", refunds.resold)
            self._enter(facility.name, "refund_fee", refunds.fee)
            self._enter(facility.name, "capital_cost", refunds.capital_cost)
            self.paid[facility.name] = refunds.paid
        elif isinstance(instrument, BuyerCredit):
            credit = lend_to_buyers(
                instrument, facility.pace, self.draws, self.steps,
                references=self.plan.references,
            )  # fmt: skip
            self._enter(facility.name, "credit_drawn", credit.drawn)
            self._enter(facility.name, "credit_served", credit.served)
            self._enter(facility.name, "credit_recovered", credit.recovered)
            self.paid[facility.name] = credit.drawn

    def _serve(self, facility: Facility, loan: Loan, drawn: Flow, cash: Flow) -> None:
        rate = rate_paths(loan.interest, self.plan.references, self.draws.rates)
        level = level_of(loan.interest, self.plan.references)
        service = serve_loan(schedule_loan(drawn, loan, rate, level), cash, rate)
        self._enter(facility.name, "interest", service.interest)
        self._enter(facility.name, "principal", service.principal)
        self._to_owner(facility, service.left)

    def _guarantee(self, facility: Facility, guarantee: Guarantee, drawn: Flow, cash: Flow) -> None:
        debt, plan = guarantee.debt, self.plan
        rate = rate_paths(debt.interest, plan.references, self.draws.rates)
        level = level_of(debt.interest, plan.references)
        due = schedule_loan(drawn, debt, rate, level)
        result = call_guarantee(due, cash, rate, guarantee.amount)
        held = guarantee.capital * guarantee.capital_cost / STEPS
        self._enter(facility.name, "guarantee_called", result.called)
        self.paid[facility.name] = result.called
        self._enter(facility.name, "guarantee_recovered", result.recovered)
        self._enter(facility.name, "debt_served", result.served)
        self._enter(facility.name, "guarantee_fee", due.outstanding * (guarantee.fee / STEPS))
        self._enter(facility.name, "capital_cost", due.outstanding * held)
        self._to_owner(facility, result.left)
        cost = result.called - result.recovered
        service = due.interest + due.principal
        self.exposures.append(Exposure(facility, guarantee, service, due.outstanding, cash, cost))

    def _to_owner(self, facility: Facility, cash: Flow) -> None:
        name = "paid_to_payer" if facility.owner == PAYER else "paid_to_host"
        self._enter(facility.name, name, cash)

    def _run_split(self, split: ProfitSplit, covered: list[int]) -> None:
        plan = self.plan
        rate = rate_paths(split.deemed, plan.references, self.draws.rates)
        first = min(float(self.built[at].portfolio.first_call.min()) for at in covered)
        review = REVIEW if split.review is None else split.review
        self.review = review * STEPS + max(first, 0.0)
        terms = SplitTerms(
            until_recovery=split.until_recovery,
            after_recovery=split.after_recovery,
            whole=split.counts == "whole",
            fixed=split.deemed.kind == "fixed",
            review=None if split.review is None else round(self.review),
            reviewed_share=split.reviewed_share,
            withhold=split.withhold,
        )
        accounts = iter([self._pooled(covered)]) if split.pooled else self._separate(covered)
        self.balance = np.zeros((self.draws.paths, self.steps))
        for account in accounts:
            result = share_cash(account.called, account.cash, terms, rate, missed=account.missed)
            if split.ends is not None:
                result = end_claim(result, round(max(first, 0.0) + split.ends * STEPS))
            for at, cash in account.of.items():
                self._distribute(self.plan.facilities[at].name, cash, account.cash, result)
            self.balance += result.balance

    def _distribute(self, facility: str, cash: Flow, whole: Flow, result: Waterfall) -> None:
        """Enter what a facility's part of the cash of an account pays to whom."""
        share = np.divide(cash, whole, out=np.zeros_like(cash), where=whole > 0)
        self._enter(facility, "cash_flow", cash)
        self._enter(facility, "paid_to_payer", share * result.payer)
        self._enter(facility, "withheld", share * result.withheld)
        self._enter(facility, "paid_to_host", share * (result.host - result.withheld))

    def _pooled(self, covered: list[int]) -> _Account:
        called, due = (np.zeros((self.draws.paths, self.steps)) for _ in range(2))
        of = {}
        for at in covered:
            paid = self._left_of(at, self.built[at].called)
            of[at] = self._earn(at, paid)
            called += paid
            due += self._left_of(at, self.built[at].due)
        missed = any(self.plan.facilities[at].pace.missed for at in covered)
        cash = np.asarray(sum(of.values()))
        return _Account(called, due - called if missed else None, cash, of)

    def _separate(self, covered: list[int]) -> Iterator[_Account]:
        for at in covered:
            built, pace = self.built[at], self.plan.facilities[at].pace
            turns = {lane: _turns(lane) for lane in built.lanes}
            for project in range(built.portfolio.budget.size):
                own = slice(project, project + 1)
                (lane,) = (lane for lane in built.lanes if lane.projects[project])
                due = _due_of(built, project, turns[lane], up_front=pace.up_front)
                due = self._left_of(at, due)
                called = due * _share_paid(built) if pace.missed else due
                gap = due - called if pace.missed else None
                cash = self._earn(at, called, own)
                yield _Account(called, gap, cash, {at: cash})

    def _buy(self) -> None:
        for purchase in self.plan.purchases:
            flow = np.zeros((self.draws.paths, self.steps))
            first, last = purchase.first * STEPS, (purchase.last + 1) * STEPS
            flow[:, first:last] = purchase.amount / (last - first)
            sign = 1.0 if purchase.buyer_pays else -1.0
            self._enter(PURCHASES, "purchases", sign * flow)
            self._enter(PURCHASES, "goods_received", sign * flow / (1 + purchase.premium))

    def _grant(self) -> None:
        """Enter the incentives: every facility that builds earns its part of them."""
        whole = sum(facility.instrument.amount for _, facility in self.plan.building)
        for incentive in self.plan.incentives:
            for at, facility in self.plan.building:
                amount = facility.instrument.amount
                part, standing = incentive.part(amount / whole), self.standings.get(at)
                paid, returned = grant(part, self.built[at].due, amount, standing)
                self._enter(INCENTIVES, "incentive_paid", paid)
                self._enter(INCENTIVES, "incentive_returned", returned)


def _turns(lane: Lane) -> Float[np.ndarray, "path edge"] | None:
    """Return, for every edge of the steps, when what is then paid had been asked for (in steps)."""
    if lane.due is lane.asked:
        return None
    asked_at = time_of(to_edges(lane.asked), to_edges(lane.due))
    return np.asarray(np.minimum(asked_at, float(lane.asked.shape[1])))


def _due_of(
    built: Construction,
    project: int,
    turns: Float[np.ndarray, "path edge"] | None,
    *,
    up_front: bool,
) -> Flow:
    """Return what is due for one project, which waits its turn behind what was asked before."""
    steps = built.due.shape[1]
    own = slice(project, project + 1)
    budget = built.portfolio.budget[own]
    if up_front:
        asked = lump(built.start[0][:, own], budget, steps)
    else:
        switches = Switches(built.due.shape[0], steps)
        for phase in range(built.end.shape[0]):
            cost = budget * built.portfolio.cost[phase][own]
            switches.spread(built.start[phase][:, own], built.end[phase][:, own], cost)
        asked = np.maximum(switches.flow(), 0.0)
    if turns is None:
        return asked
    return np.diff(level_at(to_edges(asked), turns), axis=1)


def _share_paid(built: Construction) -> Flow:
    """Return the share of what was due in each step that was paid."""
    due = built.due
    return np.asarray(np.divide(built.called, due, out=np.ones_like(due), where=due > 0))
