"""Kinds of projects, the people who install them, and what can go wrong."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from accord.core.arrays import Float, frozen

COUNTABLE = 1e15  # more projects than this are not told apart


@dataclass(frozen=True)
class Phase:
    """A part of the construction.

    Attributes:
        name: What is done.
        years: How long it is planned to take.
        cost: Share of the budget spent in it.
        installers: Months of specialised installers needed, for each bn USD of the budget.
    """

    name: str
    years: float
    cost: float
    installers: float = 0.0


@dataclass(frozen=True)
class RandomQuantity:
    """A quantity that turns out at random: its mean, and the spread of its logarithm."""

    mean: float
    spread: float = 0.0


@dataclass(frozen=True)
class ProjectKind:
    """A kind of project: size, construction, what it earns, and how that varies.

    Attributes:
        name: Name by which a mix cites it.
        size: Budget of a typical project, bn USD.
        phases: Construction, in order.
        planned_return: Yearly internal return, after taxes of the host, of a project that keeps
            to its plan, a fraction.
        cost_of_capital: Yearly return at which its cash flow is valued for a contingent claim.
        earning: What it earns over what was planned, as a ratio.
        overrun: What it costs over its budget, less one. The commitment is a sum of money, so an
            overrun means that the sum builds less.
        delay: How long construction takes over the plan, less one.
        failure: Chance that it never earns anything.
        salvage: Share of the budget of a failed project that is got back.
        ramp_up: Years from completion until it earns in full.
        life: Years it earns in full.
        delay_cost: Loss for each year of waiting for installers, as a share of the budget.
        volatility: Yearly volatility of its value, for the contingent-claim value of a guarantee.
    """

    name: str
    size: float
    phases: tuple[Phase, ...]
    planned_return: float
    cost_of_capital: float = 0.08
    earning: RandomQuantity = RandomQuantity(1.0)
    overrun: RandomQuantity = RandomQuantity(0.0)
    delay: RandomQuantity = RandomQuantity(0.0)
    failure: float = 0.0
    salvage: float = 0.0
    ramp_up: float = 1.0
    life: float = 25.0
    delay_cost: float = 0.0
    volatility: float = 0.2

    @property
    def construction(self) -> float:
        """Years of construction as planned."""
        return sum(phase.years for phase in self.phases)


@dataclass(frozen=True)
class Absence:
    """Installers who are gone for a while, after a raid say.

    Attributes:
        start: Years from the start of the plan.
        years: How long they are away.
        people: How many.
    """

    start: float
    years: float
    people: float


@dataclass(frozen=True)
class Visas:
    """Visas issued every year from a time on; each lets one person work for a year.

    Attributes:
        start: Years from the start of the plan; zero or less if before it.
        quota: People a year.
    """

    start: float
    quota: float


@dataclass(frozen=True)
class LabourSupply:
    """Specialised installers at hand in the host country.

    Attributes:
        staffed: Those at hand without a quota, as a share of the number needed at the peak of
            building as planned; None where installers are no constraint.
        visas: Quotas that add to them.
        absences: When some of them are away.
        training: Years from the first call in which people trained in the host close the gap that
            `staffed` leaves; None for never.
    """

    staffed: float | None = None
    visas: tuple[Visas, ...] = ()
    absences: tuple[Absence, ...] = ()
    training: float | None = None

    @property
    def limited(self) -> bool:
        """Whether installers are limited at all times, not only during an absence."""
        return self.staffed is not None


def count_each(
    amount: float, mix: Mapping[str, float], kinds: Iterable[ProjectKind]
) -> dict[str, int]:
    """Return the number of projects of each kind that an amount (bn USD) is divided into.

    Every kind in the mix gets at least one. None is made, so that any number may be counted.
    """
    size = {kind.name: kind.size for kind in kinds}
    return {
        name: max(1, round(min(amount * share / size[name], COUNTABLE)))
        for name, share in mix.items()
        if share > 0
    }


def count_projects(
    amount: float, mix: dict[str, float], kinds: tuple[ProjectKind, ...]
) -> tuple[tuple[int, ...], Float[np.ndarray, " project"]]:
    """Return the kinds (positions) and budgets (bn USD) of the projects an amount is divided into.

    Every kind in the mix gets at least one project; projects of a kind are of equal size, and the
    kinds take turns, so that no kind is left to the end.
    """
    place = {kind.name: at for at, kind in enumerate(kinds)}
    entries: list[tuple[float, int, float]] = []
    for name, number in count_each(amount, mix, kinds).items():
        budget = amount * mix[name]
        entries += [((n + 0.5) / number, place[name], budget / number) for n in range(number)]
    entries.sort()
    return tuple(at for _, at, _ in entries), frozen(np.array([size for *_, size in entries]))
