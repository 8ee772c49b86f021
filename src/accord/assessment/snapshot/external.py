"""The external engine for every package: the currency of each party that pays."""

from collections.abc import Sequence
from dataclasses import dataclass

from accord.data.world import World
from accord.deal.deal import Deal
from accord.external.config import ExternalConfig
from accord.external.plan import ExternalPlan
from accord.external.solution import ExternalSolution
from accord.external.solver import solve_external
from accord.lowering.external import known_payers, lower_external
from accord.lowering.finance import PairFinance


@dataclass(frozen=True, eq=False)
class PartyExternal:
    """What a package does to one party's currency: the plan, and its solution."""

    package: str
    party: str
    plan: ExternalPlan
    solution: ExternalSolution


def solve_package_external(
    deal: Deal,
    packages: Sequence[str],
    world: World,
    *,
    finance: Sequence[PairFinance],
    config: ExternalConfig | None = None,
) -> tuple[PartyExternal, ...]:
    """Return the currency of every party that pays under any package, package by package.

    Args:
        deal: The deal.
        packages: Names of packages.
        world: Where figures are looked up.
        finance: The solved finance of those packages.
        config: Paths and seed.
    """
    externals = []
    for name in packages:
        own = [pair for pair in finance if pair.package == name]
        for party in known_payers(deal, world):
            plan = lower_external(deal, name, party, world, money=own)
            externals.append(PartyExternal(name, party, plan, solve_external(plan, config)))
    return tuple(externals)
