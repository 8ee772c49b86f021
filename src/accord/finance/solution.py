"""The results of the finance engine: flows by year, values by party, and the cost of the solve."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from accord.core.arrays import Float
from accord.core.notebook import Shown
from accord.core.status import Status
from accord.finance.equations import internal_return, other_return, payback
from accord.finance.plan import FinancePlan

PAYER, HOST, PROJECTS, OUTSIDE = "payer", "host", "projects", "outside"
AGENTS = (PAYER, HOST, PROJECTS, OUTSIDE)

# Every flow goes from one agent to another, so each is counted once. "Outside" is everybody else:
# builders, customers, lenders, buyers of ships. What the projects take in they pay out in the same
# step.
FLOWS: dict[str, tuple[str, str]] = {
    "equity_called": (PAYER, PROJECTS),
    "loans_drawn": (PAYER, PROJECTS),
    "debt_raised": (OUTSIDE, PROJECTS),
    "construction": (PROJECTS, OUTSIDE),
    "cash_flow": (OUTSIDE, PROJECTS),
    "paid_to_payer": (PROJECTS, PAYER),
    "paid_to_host": (PROJECTS, HOST),
    "withheld": (PROJECTS, HOST),
    "interest": (PROJECTS, PAYER),
    "principal": (PROJECTS, PAYER),
    "debt_served": (PROJECTS, OUTSIDE),
    "guarantee_called": (PAYER, OUTSIDE),
    "guarantee_recovered": (PROJECTS, PAYER),
    "guarantee_fee": (HOST, PAYER),
    "refunds_paid": (PAYER, OUTSIDE),
    "ships_resold": (OUTSIDE, PAYER),
    "refund_fee": (OUTSIDE, PAYER),
    "credit_drawn": (PAYER, OUTSIDE),
    "credit_served": (OUTSIDE, PAYER),
    "credit_recovered": (OUTSIDE, PAYER),
    "capital_cost": (PAYER, OUTSIDE),
    "purchases": (PAYER, HOST),
    "goods_received": (HOST, PAYER),
    "incentive_paid": (HOST, PAYER),
    "incentive_returned": (PAYER, HOST),
}

FLOW_LABEL: dict[str, str] = {
    "equity_called": "paid in",
    "loans_drawn": "lent",
    "debt_raised": "lent by others",
    "construction": "building",
    "cash_flow": "earned",
    "paid_to_payer": "profit, payer",
    "paid_to_host": "profit, host",
    "withheld": "withheld",
    "interest": "interest",
    "principal": "repaid",
    "debt_served": "to lenders",
    "guarantee_called": "guarantee called",
    "guarantee_recovered": "got back",
    "guarantee_fee": "fee",
    "refunds_paid": "refunded",
    "ships_resold": "ships resold",
    "refund_fee": "fee, refunds",
    "credit_drawn": "lent to buyers",
    "credit_served": "from buyers",
    "credit_recovered": "after default",
    "capital_cost": "cost of capital",
    "purchases": "purchases",
    "goods_received": "goods, in kind",
    "incentive_paid": "incentives",
    "incentive_returned": "incentives returned",
}

FLOW_MEANING: dict[str, str] = {
    "equity_called": "paid in by the payer",
    "loans_drawn": "lent by the payer",
    "debt_raised": "lent by others under the payer's guarantee",
    "construction": "spent on building",
    "cash_flow": "earned by the projects",
    "paid_to_payer": "profit paid to the payer",
    "paid_to_host": "profit paid to the host",
    "withheld": "profit kept from the payer because calls were missed",
    "interest": "interest paid to the payer",
    "principal": "loans repaid to the payer",
    "debt_served": "paid to other lenders",
    "guarantee_called": "paid by the payer under its guarantee",
    "guarantee_recovered": "got back by the payer after its guarantee was called",
    "guarantee_fee": "fee for the guarantee",
    "refunds_paid": "instalments refunded to buyers of ships whose yard failed",
    "ships_resold": "got for the unfinished ships of yards that failed",
    "refund_fee": "fee for refund guarantees, part of the price of a ship",
    "credit_drawn": "lent by the payer to buyers of ships",
    "credit_served": "interest and principal paid by buyers of ships",
    "credit_recovered": "recovered from buyers that defaulted",
    "capital_cost": "return on the capital held against guarantees, above the payer's own rate",
    "purchases": "paid for promised purchases",
    "goods_received": "value of the goods bought, in kind",
    "incentive_paid": "grants and taxes forgone by public bodies of the host",
    "incentive_returned": "grants returned after the projects were abandoned",
}


@dataclass(frozen=True)
class FinanceStats:
    """What a solve consisted of: paths, steps of time, projects."""

    paths: int
    steps: int
    projects: int


@dataclass(frozen=True)
class Project:
    """One project of a plan: facility, kind, budget (bn USD), selection (years from the start)."""

    facility: str
    kind: str
    budget: float
    selected: float


@dataclass(frozen=True)
class GuaranteeValue:
    """What one guarantee is worth by three methods, bn USD at the start of the plan.

    Attributes:
        facility: Name of the facility.
        face: Most it can cost.
        contingent: As a put on the projects together, struck at the loan's service (Merton 1977):
            what a market would ask for it.
        actuarial: Chance of default times loss times the debt outstanding, discounted at the
            payer's rate: what it would cost at the record of past project loans.
        simulated: Mean over the paths of calls less what is got back, discounted the same way.
    """

    facility: str
    face: float
    contingent: float
    actuarial: float
    simulated: float


@dataclass(frozen=True, eq=False, repr=False)
class FinanceOutcome(Shown):
    """Flows, values and dates of one package, bn USD and years from the start of the plan.

    Attributes:
        flows: Every flow of `FLOWS` by path and year.
        by_quarter: Means of the flows by quarter.
        paid: What the payer pays under each facility, calls of a guarantee included, by quarter.
        by_facility: The same flows of each facility; those of purchases under "purchases".
        npv: Value of each party's net flow at its own rate, by path.
        net: Mean net flow of each party by quarter.
        balance: The payer's balance at the end of each year, by path; None without a split.
        recovered_by_review: Whether the payer had recovered at the review (year 20 by default),
            by path; None without a split.
        called: Money called in all, by path.
        finished: Median year in which each project is finished (NaN if in under half the paths).
        waited: Mean years each project waited for installers.
        facility_npv: Value of each facility to each party at its own rate, by path; they add up
            to `npv`.
        facility_values: Mean value of each flow of a facility to each party, by facility, party
            and flow.
        guarantees: Values of the guarantees.
    """

    flows: Mapping[str, Float[np.ndarray, "path year"]]
    by_quarter: Mapping[str, Float[np.ndarray, " quarter"]]
    by_facility: Mapping[str, Mapping[str, Float[np.ndarray, "path year"]]]
    paid: Mapping[str, Float[np.ndarray, " quarter"]]
    npv: Mapping[str, Float[np.ndarray, " path"]]
    net: Mapping[str, Float[np.ndarray, " quarter"]]
    balance: Float[np.ndarray, "path year"] | None
    recovered_by_review: Float[np.ndarray, " path"] | None
    called: Float[np.ndarray, " path"]
    finished: Float[np.ndarray, " project"]
    waited: Float[np.ndarray, " project"]
    facility_npv: Mapping[str, Mapping[str, Float[np.ndarray, " path"]]]
    facility_values: Mapping[str, Mapping[str, Mapping[str, float]]]
    guarantees: tuple[GuaranteeValue, ...]

    def mean_flow(self, name: str) -> Float[np.ndarray, " year"]:
        """Return the mean of a flow by year, bn USD."""
        return np.asarray(self.flows[name].mean(axis=0))

    @cached_property
    def internal_return(self) -> dict[str, float]:
        """Internal yearly return of each party's mean net flow, a fraction; NaN if none."""
        return {party: internal_return(flow) for party, flow in self.net.items()}

    @cached_property
    def other_return(self) -> dict[str, float]:
        """A second meaningful internal return of the same flow; NaN where the first is the only."""
        return {party: other_return(flow) for party, flow in self.net.items()}

    @cached_property
    def payback(self) -> dict[str, float]:
        """Years until each party's mean net flow has paid back; infinite if never."""
        return {party: payback(flow) for party, flow in self.net.items()}

    @property
    def recovery_chance(self) -> float:
        """Share of paths on which the payer has recovered at the review; NaN without a split."""
        recovered = self.recovered_by_review
        return float("nan") if recovered is None else float(recovered.mean())


@dataclass(frozen=True, eq=False, repr=False)
class FinanceSolution(Shown):
    """A solved plan: `value`, `status`, `residuals` and `stats`.

    `projects` are in the order of the arrays by project.
    `residuals` are relative to the amounts committed: cash that does not add up, calls above a
    cap, guarantees above their face.
    """

    plan: FinancePlan
    value: FinanceOutcome
    status: Status
    residuals: Mapping[str, float]
    stats: FinanceStats
    projects: tuple[Project, ...]

    @property
    def calendar(self) -> tuple[int, ...]:
        """Calendar years of the plan."""
        return tuple(range(self.plan.first_year, self.plan.first_year + self.plan.years))
