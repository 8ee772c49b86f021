"""One package, ready to be valued: its money, what that moves, its tariffs and its risks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from accord.assessment.valuation.cash_flows import CashFlows
from accord.assessment.valuation.quantities import Quantities
from accord.core.arrays import Float
from accord.core.notebook import Shown
from accord.deal.fields import Spread
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
        ends: The package with the least and with the most of its duties collected, and the ranges
            between them; None where no share that is collected is a range.
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
    ends: "CollectedEnds | None" = None

    @cached_property
    def may_be_rebuilt(self) -> bool:
        """Whether any tariff of it would be set anew after a ruling."""
        return not self.rebuilt.equals(self.paths["dated"])


@dataclass(frozen=True, eq=False, repr=False)
class CollectedEnds(Shown):
    """A package with all ranges of collected shares of duties at their lower or upper ends.

    Attributes:
        low: The package with the least collected.
        high: The package with the most collected.
        ranges: The ranges, each once.
    """

    low: PackageInputs
    high: PackageInputs
    ranges: tuple[Spread, ...]

    def weights(self, u: Float[np.ndarray, " draw"]) -> Float[np.ndarray, "end draw"]:
        """Return the weights of low and high, each less the middle, at quantile `u` of the ranges.

        They are those of a parabola through both ends and the middle, at the mean place over the
        ranges: one place for all where they are of one shape. Zero in the middle.
        """
        place, low, high = (
            np.mean([self._place(spread, at) for spread in self.ranges], axis=0)
            for at in (u, np.zeros(1), np.ones(1))
        )
        return np.array(
            [
                place * (place - high) / (low * (low - high)),
                place * (place - low) / (high * (high - low)),
            ]
        )

    @staticmethod
    def _place(spread: Spread, u: Float[np.ndarray, " draw"]) -> Float[np.ndarray, " draw"]:
        """Return where a range stands at a quantile from its middle, over its width."""
        away = spread.quantile(u) - spread.quantile(np.array([0.5]))
        return np.asarray(away / (spread.high - spread.low))
