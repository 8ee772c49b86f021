"""The finance engine for every package: each pair of parties, its plan and its solution."""

from collections.abc import Iterable

from accord.deal.deal import Deal
from accord.finance.config import FinanceConfig
from accord.finance.solver import solve_finance
from accord.lowering.finance import PairFinance, lower_finance


def solve_package_finance(
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
