"""What a government wants: welfare, with weights on value added by sector and on revenue.

Grossman and Helpman (1994), American Economic Review 84(4), and Ossa (2014), American Economic
Review 104(12): a dollar that reaches the makers of cars can count for more than a dollar of
everybody's. A weight of one is welfare alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, get_args

import numpy as np

from accord.core.arrays import Bool, Float
from accord.core.errors import InputError, Problem
from accord.core.words import propose
from accord.trade import equations as eq
from accord.trade.economy import Economy
from accord.trade.solution import TradeOutcome, TradeSolution

Region = Float[np.ndarray, " region"]
RegionSector = Float[np.ndarray, "region sector"]
RevenueTo = Literal["consumers", "sectors"]


@dataclass(frozen=True)
class PoliticalWeights:
    """What one unit of money counts for to a government, by who gets it.

    What consumers get, and what goes to sectors that are not named, counts for one.

    Attributes:
        sectors: Weight of value added by sector.
        revenue: Weight of the revenue of tariffs, and of taxes on exports, making and using.
        revenue_to: Who gets the revenue: `"consumers"`, or `"sectors"` in proportion to their
            employment, so that it has their weights and none of its own (Ossa 2014).
    """

    sectors: Mapping[str, float] = field(default_factory=dict)
    revenue: float = 1.0
    revenue_to: RevenueTo = "consumers"

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
        if self.revenue_to not in get_args(RevenueTo):
            remedy = propose(str(self.revenue_to), get_args(RevenueTo))
            message = f"{self.revenue_to!r:.40} is not known"
            problems.append(Problem("weights.revenue_to", message, remedy))
        elif self.revenue_to == "sectors" and self.revenue != 1:
            remedy = 'Leave it out, or write revenue_to="consumers"'
            message = "is given to revenue that has the weights of sectors"
            problems.append(Problem("weights.revenue", message, remedy))
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
    """Weights of a whole world: of value added by region and sector, and of revenue by region.

    Revenue that is `shared` goes to the sectors of a region by employment, and has their weights.
    """

    sectors: RegionSector
    revenue: Region
    shared: Bool[np.ndarray, " region"]

    def surplus(self, solution: TradeSolution) -> Region:
        """Return what weights other than one add to welfare, by region, in the model's money."""
        value_added, revenue = real_accounts(solution.model, solution.value)
        earned = value_added + self.shared[:, None] * shared_accounts(solution)
        of_sectors = ((self.sectors - 1) * earned).sum(axis=1)
        return np.asarray(of_sectors + (self.revenue - 1) * revenue)

    def slopes(self, solution: TradeSolution) -> tuple[RegionSector, Region]:
        """Return the weights of value added and of revenue that have the slopes of `surplus`.

        Where revenue is shared, a sector that grows gets more of it at the expense of the others:
        wages count for more, or less, by the weight of their sector beside the mean weight.
        """
        more, model = self.sectors - 1, solution.model
        wages, revenue = wages_of(solution), revenue_of(solution)
        mean = (eq.employment_share(wages) * more).sum(axis=1)
        share = np.divide(
            wages, model.value_added_share * solution.value.sales, out=np.zeros_like(wages),
            where=wages > 0,
        )  # fmt: skip
        drawn = (revenue / wages.sum(axis=1))[:, None] * share * (more - mean[:, None])
        return (
            more + self.shared[:, None] * drawn,
            np.where(self.shared, mean, self.revenue - 1),
        )


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
        np.array([given.revenue_to == "sectors" for given in chosen]),
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


def shared_accounts(solution: TradeSolution) -> RegionSector:
    """Return how each sector's part of revenue differs from the baseline, by employment (31).

    In the model's money, deflated by consumer prices.
    """
    model, value = solution.model, solution.value
    before = model.wage_share(solution.config) * model.sales
    charged = model.tariff_revenue + model.tax_revenue
    now = revenue_of(solution) / value.consumer_price_change
    return np.asarray(
        eq.employment_share(wages_of(solution)) * now[:, None]
        - eq.employment_share(before) * charged[:, None]
    )


def wages_of(solution: TradeSolution) -> RegionSector:
    """Return wages by sector, in the model's money: value added less profits."""
    value = solution.value
    return np.asarray(solution.model.value_added_share * value.sales - value.profits)


def revenue_of(solution: TradeSolution) -> Region:
    """Return the revenue of tariffs and of taxes, in the model's money."""
    return np.asarray(solution.value.tariff_revenue + solution.value.tax_revenue)
