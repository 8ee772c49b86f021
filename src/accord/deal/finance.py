"""The money of a package: every pair of parties, its plan and its solution."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from accord.deal.deal import Deal
from accord.deal.lower_finance import PairPlan, lower_finance
from accord.finance.ledger import Ledger, build_ledger
from accord.finance.solution import FinanceSolution
from accord.finance.solver import FinanceConfig, solve_finance


@dataclass(frozen=True, eq=False)
class PairFinance:
    """The money between two parties under a package: the plan, and its solution."""

    package: str
    pair: PairPlan
    solution: FinanceSolution

    @property
    def ledger(self) -> Ledger:
        """Mean flows by year in whole cents."""
        return build_ledger(self.solution)


Money = Sequence[PairFinance]


def solve_money(
    deal: Deal, packages: Iterable[str], config: FinanceConfig | None = None
) -> tuple[PairFinance, ...]:
    """Return the money of packages, in order, one entry for each pair of parties.

    Raises:
        InputError: A plan is wrong in a way the deal file could not show.
    """
    return tuple(
        PairFinance(name, pair, solve_finance(pair.plan, config))
        for name in packages
        for pair in lower_finance(deal, name)
    )
