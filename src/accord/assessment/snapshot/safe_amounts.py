"""What each party can safely pay a year, by way of paying; worked out once and kept."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from accord.assessment.snapshot.recall import Numbers, Recall, describe_plan, never
from accord.core.arrays import Float
from accord.data.world import World
from accord.deal.deal import NO_DEAL, Deal
from accord.external.capacity import UNMET, Capacity, safe_at_chances, safe_capacity
from accord.external.config import ExternalConfig
from accord.external.equations import STOP_QUANTILES
from accord.external.plan import DollarSource, ExternalPlan, SwapLine
from accord.lowering.external import (
    defended_level,
    has_public_payer,
    known_payers,
    lower_external,
)

SWAP = 60.0  # bn USD: the line of the Federal Reserve of 2020
LIMITS = (0.02, 0.05, 0.10)  # how much paying may add to a chance: strict, usual, bold
USUAL = 0.05
MOST_PATHS = 2000  # of a safe amount: the page and the command have the same figure


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


def find_safe_amounts(
    deal: Deal,
    world: World,
    *,
    limits: Sequence[float] = LIMITS,
    config: ExternalConfig | None = None,
    recall: Recall = never,
) -> tuple[SafeAmount, ...]:
    """Return the safe yearly amount of every party that pays, for every way of paying.

    Safe means that paying for ten years adds at most a limit to the chance of crossing each line
    that is watched: on reserves, on a crash and a slow slide of the currency, and on public debt.
    Payers of private money buy in the market alone. At most `MOST_PATHS` paths are followed, so
    that every caller with as many or more gets the same figure.

    Args:
        deal: The deal.
        world: Where figures are looked up.
        limits: How much paying may add to a chance.
        config: Paths and seed.
        recall: Where figures are kept between runs; nowhere if left out.
    """
    config = config or ExternalConfig()
    config = replace(config, paths=min(config.paths, MOST_PATHS))
    if not config.paths:
        return ()
    safe_amounts = []
    for party in known_payers(deal, world):
        plan = lower_external(deal, NO_DEAL, party, world, money=())
        for structure in STRUCTURES:
            if structure.public and not has_public_payer(deal, party):
                continue
            way, share = _plan_way(plan, structure), structure.guaranteed
            capacities = _find(way, limits, guaranteed=share, config=config, recall=recall)
            safe_amounts += [
                SafeAmount(party, structure, capacity, at_chances)
                for capacity, at_chances in capacities
            ]
    return tuple(safe_amounts)


def _find(
    way: ExternalPlan,
    limits: Sequence[float],
    *,
    guaranteed: float,
    config: ExternalConfig,
    recall: Recall,
) -> list[tuple[Capacity, tuple[float, ...]]]:
    """Return the capacity at each limit, and at the usual one the amounts at several chances."""
    usual = min(limits, key=lambda limit: abs(limit - USUAL))
    lines = (*(floor.name for floor in way.floors), UNMET)

    def work_out() -> Numbers:
        several = safe_at_chances(way, limit=usual, guaranteed=guaranteed, config=config)
        capacities = safe_capacity(way, limits=limits, guaranteed=guaranteed, config=config)
        return np.array([[_to_numbers(capacity, several, lines) for capacity in capacities]])

    rest = describe_plan(way, ("payments", "private", "guaranteed"))  # the amounts that are tried
    described = f"safe amounts {rest} {tuple(limits)} {guaranteed!r} {config!r}"
    shape = (1, len(limits), len(STOP_QUANTILES) + 4 + 2 * len(lines))
    (rows,) = recall(described, shape, work_out)
    read = [_from_numbers(limit, row, lines) for limit, row in zip(limits, rows, strict=True)]
    return [
        (capacity, several if limit == usual else ())
        for limit, (capacity, several) in zip(limits, read, strict=True)
    ]


def _to_numbers(capacity: Capacity, several: Sequence[float], lines: Sequence[str]) -> list[float]:
    """Return a capacity as numbers, in the order in which `_from_numbers` takes them."""
    binding = lines.index(capacity.binding) if capacity.binding else -1
    chances = [of[name] for of in (capacity.chances, capacity.idle) for name in lines]
    single = [capacity.amount, capacity.debt_addition, float(capacity.unlimited), float(binding)]
    return [*several, *single, *chances]


def _from_numbers(
    limit: float, row: Float[np.ndarray, " number"], lines: Sequence[str]
) -> tuple[Capacity, tuple[float, ...]]:
    numbers = row.tolist()
    several, numbers = tuple(numbers[: len(STOP_QUANTILES)]), numbers[len(STOP_QUANTILES) :]
    (amount, debt, unlimited, binding), chances = numbers[:4], numbers[4:]
    capacity = Capacity(
        limit=limit,
        amount=amount,
        chances=dict(zip(lines, chances[: len(lines)], strict=True)),
        idle=dict(zip(lines, chances[len(lines) :], strict=True)),
        binding=lines[int(binding)] if binding >= 0 else "",
        unlimited=bool(unlimited),
        debt_addition=debt,
    )
    return capacity, several


def _plan_way(plan: ExternalPlan, structure: Structure) -> ExternalPlan:
    """Return the plan of a way of paying."""
    order = structure.order or tuple(name for name in plan.financing.order if name != "swap")
    swap = None
    if structure.swap:
        swap = SwapLine(structure.swap, trigger=defended_level(plan.floors, plan.sheet))
    return replace(plan, financing=replace(plan.financing, order=order), swap=swap)
