"""One package, ready to be valued: its money, what that moves, its tariffs and its risks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from jaxtyping import Float

from accord.assessment.valuation.cash_flows import CashFlows
from accord.assessment.valuation.quantities import Quantities
from accord.core.notebook import Shown
from accord.lowering.tariff_path import TariffPath, Timeline


@dataclass(frozen=True, eq=False, repr=False)
class PackageInputs(Shown):
    """One package, ready to be valued.

    Attributes:
        name: Name of the package.
        cash_flows: Money of every pair.
        quantities: What it moves in the world economy.
        paths: Its tariffs by timeline.
        rebuilt: Its tariffs by date where those that a court voids are set anew.
        chances: Chance of a first crash for each price of a flow, by party.
        output: Output of those parties, bn USD.
        income: Value added of every party between which money moves, bn USD a year.
        subject: The deal file, or the name of the deal, for errors.
    """

    name: str
    cash_flows: tuple[CashFlows, ...]
    quantities: Quantities
    paths: Mapping[Timeline, TariffPath]
    rebuilt: TariffPath
    chances: Mapping[str, Float[np.ndarray, "price watched"]]
    output: Mapping[str, float]
    income: Mapping[str, float] = field(default_factory=dict)
    subject: str = "the deal"

    @cached_property
    def may_be_rebuilt(self) -> bool:
        """Whether any tariff of it would be set anew after a ruling."""
        return not self.rebuilt.equals(self.paths["dated"])
