"""What a government wants: welfare, with weights on value added by sector and on revenue.

Grossman and Helpman (1994), American Economic Review 84(4), and Ossa (2014), American Economic
Review 104(12): a dollar that reaches the makers of cars can count for more than a dollar of
everybody's. A weight of one is welfare alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from accord.core.arrays import Float
from accord.core.errors import InputError, Problem
from accord.core.words import propose
from accord.trade.economy import Economy
from accord.trade.solution import TradeOutcome

Region = Float[np.ndarray, " region"]
RegionSector = Float[np.ndarray, "region sector"]


@dataclass(frozen=True)
class PoliticalWeights:
    """What one unit of money counts for to a government, by who gets it.

    What consumers get, and what goes to sectors that are not named, counts for one.

    Attributes:
        sectors: Weight of value added by sector.
        revenue: Weight of the revenue of tariffs, and of taxes on exports, making and using.
    """

    sectors: Mapping[str, float] = field(default_factory=dict)
    revenue: float = 1.0

    def __post_init__(self) -> None:
        """Check the weights, all problems at once.

        Raises:
            InputError: A weight is no number, or negative.
        """
        sectors: object = self.sectors
        named = sectors if isinstance(sectors, Mapping) else {}
        problems = []
        if named is not sectors:
            remedy = 'Name sectors: {"motor_vehicles": 1.2}'
            problems.append(Problem("weights.sectors", "is no table of sectors", remedy))
        given: dict[str, object] = {
            f"weights.sectors[{name!r}]": value for name, value in named.items()
        }
        for path, value in {**given, "weights.revenue": self.revenue}.items():
            if not isinstance(value, int | float | np.number) or not 0 <= value < np.inf:
                remedy = "Give a number from zero; 1 counts what goes to it like welfare"
                problems.append(Problem(path, f"{value!r:.40} is no weight", remedy))
        if problems:
            raise InputError(problems, "the political weights")
        object.__setattr__(self, "sectors", {name: float(w) for name, w in named.items()})
        object.__setattr__(self, "revenue", float(self.revenue))

    @property
    def is_welfare(self) -> bool:
        """Whether every weight is one."""
        return self.revenue == 1 and all(weight == 1 for weight in self.sectors.values())

    def by_sector(self, sectors: Sequence[str]) -> Float[np.ndarray, " sector"]:
        """Return the weight of every sector; one where none is named."""
        return np.array([self.sectors.get(name, 1.0) for name in sectors])

    def problems(self, path: str, sectors: Sequence[str]) -> list[Problem]:
        """Return a problem for each sector named that there is not."""
        return [
            Problem(f"{path}.weights", f"{name!r} is not known", propose(name, sectors))
            for name in self.sectors
            if name not in sectors
        ]


class Politics(NamedTuple):
    """Weights of a whole world: of value added by region and sector, and of revenue by region."""

    sectors: RegionSector
    revenue: Region

    def surplus(self, model: Economy, value: TradeOutcome) -> Region:
        """Return what weights other than one add to welfare, by region, in the model's money."""
        value_added, revenue = real_accounts(model, value)
        of_sectors = ((self.sectors - 1) * value_added).sum(axis=1)
        return np.asarray(of_sectors + (self.revenue - 1) * revenue)


def build_politics(
    regions: Sequence[str],
    sectors: Sequence[str],
    weights: Mapping[str, PoliticalWeights],
) -> Politics | None:
    """Return the weights of a world; None where welfare is all that counts.

    Args:
        regions: All regions.
        sectors: All sectors.
        weights: Weights of the regions that have any.
    """
    if all(given.is_welfare for given in weights.values()):
        return None
    plain = PoliticalWeights()
    chosen = [weights.get(region, plain) for region in regions]
    return Politics(
        np.stack([given.by_sector(sectors) for given in chosen]),
        np.array([given.revenue for given in chosen]),
    )


def real_accounts(model: Economy, value: TradeOutcome) -> tuple[RegionSector, Region]:
    """Return how value added by sector and revenue of tariffs and taxes differ from the baseline.

    In the model's money, deflated by consumer prices.
    """
    price = value.consumer_price_change
    made = model.value_added_share * (value.sales / price[:, None] - model.sales)
    charged = model.tariff_revenue + model.tax_revenue
    revenue = value.tariff_revenue + value.tax_revenue
    return np.asarray(made), np.asarray(revenue / price - charged)
