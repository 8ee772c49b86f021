"""The external engine for every package: the currency of each party that pays, and safe amounts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from accord.data.world import World
from accord.deal.deal import NO_DEAL, Deal
from accord.external.capacity import Capacity, safe_capacity
from accord.external.config import ExternalConfig
from accord.external.plan import DollarSource, ExternalPlan, SwapLine
from accord.external.solution import ExternalSolution
from accord.external.solver import solve_external
from accord.lowering.external import (
    defended_level,
    known_payers,
    lower_external,
)
from accord.lowering.finance import PairFinance

SWAP = 60.0  # bn USD: the line of the Federal Reserve of 2020
FLOORS_OF_CAPACITY = ("guidotti", "fall")
LIMITS = (0.02, 0.05, 0.10)  # how much paying may add to a chance: strict, usual, bold


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
        meaning: What it is, in words.
        order: Where dollars come from, in order.
        paid_share: Share of the amount that has to be found in dollars.
        swap: Size of a swap line, bn USD.
    """

    name: str
    meaning: str
    order: tuple[DollarSource, ...]
    paid_share: float = 1.0
    swap: float = 0.0


STRUCTURES = (
    Structure("cash from the market", "all dollars are bought in the market", ("spot",)),
    Structure(
        "cash, income first",
        "income on reserves comes first, the rest is bought in the market",
        ("income", "spot"),
    ),
    Structure(
        "cash from reserves",
        "income on reserves comes first, the rest out of reserves",
        ("income", "reserves"),
    ),
    Structure(
        "reserves and a swap",
        f"the same, with a swap line of {SWAP:g} bn USD behind it",
        ("income", "reserves", "swap"),
        swap=SWAP,
    ),
    Structure(
        "borrowing first",
        "public banks borrow abroad as much as they can, then income, then the market",
        ("borrowing", "income", "spot"),
    ),
    Structure(
        "half loans, half guarantees",
        "half of it is lent and found as under borrowing first, half is guaranteed and costs "
        "dollars only if called",
        ("borrowing", "income", "spot"),
        paid_share=0.5,
    ),
)


@dataclass(frozen=True)
class SafeAmount:
    """The safe yearly amount of a party under one way of paying."""

    party: str
    structure: Structure
    capacity: Capacity


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

    Safe means that paying for ten years adds at most a limit to the chance that reserves fall below
    short-term debt, and to the chance of a currency crash.
    """
    safe_amounts = []
    for party in known_payers(deal, world):
        plan = lower_external(deal, NO_DEAL, party, world, money=())
        chosen = tuple(floor for floor in plan.floors if floor.metric in FLOORS_OF_CAPACITY)
        floors = chosen or plan.floors
        line = defended_level(floors, plan.sheet)
        for structure in STRUCTURES:
            financing = replace(plan.financing, order=structure.order)
            swap = SwapLine(structure.swap, trigger=line) if structure.swap else None
            changed = replace(plan, financing=financing, swap=swap, floors=floors)
            safe = safe_capacity(
                changed, limits=limits, paid_share=structure.paid_share, config=config
            )
            safe_amounts += [SafeAmount(party, structure, capacity) for capacity in safe]
    return tuple(safe_amounts)
