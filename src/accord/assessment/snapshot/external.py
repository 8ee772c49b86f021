"""The external engine for every package: the currency of each party that pays, and safe amounts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from accord.data.world import World
from accord.deal.deal import NO_DEAL, Deal
from accord.external.capacity import Capacity, safe_at_chances, safe_capacity
from accord.external.config import ExternalConfig
from accord.external.plan import DollarSource, ExternalPlan, SwapLine
from accord.external.solution import ExternalSolution
from accord.external.solver import solve_external
from accord.lowering.external import (
    defended_level,
    has_public_payer,
    known_payers,
    lower_external,
)
from accord.lowering.finance import PairFinance

SWAP = 60.0  # bn USD: the line of the Federal Reserve of 2020
LIMITS = (0.02, 0.05, 0.10)  # how much paying may add to a chance: strict, usual, bold
USUAL = 0.05
MOST_PATHS = 2000  # of a safe amount: the page and the command have the same figure


@dataclass(frozen=True, eq=False)
class PartyExternal:
    """What a package does to one party's currency: the plan, and its solution."""

    package: str
    party: str
    plan: ExternalPlan
    solution: ExternalSolution


@dataclass(frozen=True)
class Structure:
    """A way of paying.

    Attributes:
        name: Its name.
        order: Where dollars come from, in order; empty for the order of the deal file.
        guaranteed: Share of the amount that is guaranteed rather than paid.
        swap: Size of a swap line, bn USD.
        public: Whether only public money can be paid this way.
    """

    name: str
    order: tuple[DollarSource, ...] = ()
    guaranteed: float = 0.0
    swap: float = 0.0
    public: bool = True


STRUCTURES = (
    Structure("reserve income", ("income",)),
    Structure("reserves", ("income", "reserves")),
    Structure("reserves and a swap", ("income", "reserves", "swap"), swap=SWAP),
    Structure("market purchases", ("spot",), public=False),
    Structure("public borrowing", ("borrowing",)),
    Structure("guarantees", guaranteed=1.0),
    Structure("all sources"),
)


@dataclass(frozen=True)
class SafeAmount:
    """The safe yearly amount of a party under one way of paying.

    Attributes:
        party: Who pays.
        structure: How.
        capacity: The amount, and what sets it.
        at_chances: The amount at a low, central and high chance of a sudden stop, bn USD a year;
            worked out at the usual limit alone, and empty at the others.
    """

    party: str
    structure: Structure
    capacity: Capacity
    at_chances: tuple[float, ...] = ()


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


def find_safe_amounts(
    deal: Deal,
    world: World,
    *,
    limits: Sequence[float] = LIMITS,
    config: ExternalConfig | None = None,
) -> tuple[SafeAmount, ...]:
    """Return the safe yearly amount of every party that pays, for every way of paying.

    Safe means that paying for ten years adds at most a limit to the chance of crossing each line
    that is watched: on reserves, on a crash and a slow slide of the currency, and on public debt.
    Payers of private money buy in the market alone. At most `MOST_PATHS` paths are followed, so
    that every caller with as many or more gets the same figure.
    """
    config = config or ExternalConfig()
    config = replace(config, paths=min(config.paths, MOST_PATHS))
    if not config.paths:
        return ()
    usual = min(limits, key=lambda limit: abs(limit - USUAL))
    safe_amounts = []
    for party in known_payers(deal, world):
        plan = lower_external(deal, NO_DEAL, party, world, money=())
        for structure in STRUCTURES:
            if structure.public and not has_public_payer(deal, party):
                continue
            way, share = _plan_way(plan, structure), structure.guaranteed
            amounts = safe_capacity(way, limits=limits, guaranteed=share, config=config)
            several = safe_at_chances(way, limit=usual, guaranteed=share, config=config)
            safe_amounts += [
                SafeAmount(party, structure, capacity, several if capacity.limit == usual else ())
                for capacity in amounts
            ]
    return tuple(safe_amounts)


def _plan_way(plan: ExternalPlan, structure: Structure) -> ExternalPlan:
    """Return the plan of a way of paying."""
    order = structure.order or tuple(name for name in plan.financing.order if name != "swap")
    swap = None
    if structure.swap:
        swap = SwapLine(structure.swap, trigger=defended_level(plan.floors, plan.sheet))
    return replace(plan, financing=replace(plan.financing, order=order), swap=swap)
