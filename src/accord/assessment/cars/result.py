"""The result of a study of the car market: data, and the tables made of them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from accord.core.errors import InputError, Problem
from accord.core.notebook import Shown
from accord.core.provenance import Source
from accord.core.words import propose
from accord.lowering.cars.market import CarMarket
from accord.lowering.cars.plan import Run
from accord.lowering.cars.rates import CarRates
from accord.markets.solution import MarketSolution

if TYPE_CHECKING:
    import pandas as pd

CarTable = Literal["makers", "market", "countries", "points", "sources"]
CAR_TABLES: tuple[CarTable, ...] = get_args(CarTable)
INTERVAL = (0.05, 0.95)


@dataclass(frozen=True, eq=False, repr=False)
class CarScenario(Shown):
    """One set of duties in one run of time.

    Attributes:
        name: A package of the deal, or the rates on Korea, Japan and the European Union in per
            cent.
        run: "short", the first year with plants as they are, or "long", after three years.
        rates: Duties after.
        central: The market at the most likely value of everything unknown.
        drawn: The market on every draw; None if there are none.
        trade_change: What the trade engine says of imports of the sector by country, a fraction.
    """

    name: str
    run: Run
    rates: CarRates
    central: MarketSolution
    drawn: MarketSolution | None
    trade_change: dict[str, float]


@dataclass(frozen=True, eq=False, repr=False)
class CarStudy(Shown):
    """What each set of duties does to makers of cars, their buyers and the Treasury.

    Attributes:
        deal: Title of the deal.
        day: Day whose law holds, but for what a scenario sets.
        market: The figures that the market was calibrated to.
        before: Duties of the base year.
        scenarios: Solved scenarios, the short run of each before the long one.
    """

    deal: str
    day: str
    market: CarMarket
    before: CarRates
    scenarios: tuple[CarScenario, ...]

    @property
    def sources(self) -> tuple[Source, ...]:
        """Where the figures of the market were read."""
        return self.market.sources

    def scenario(self, name: str, run: Run = "long") -> CarScenario:
        """Return one scenario.

        Raises:
            InputError: There is none of this name and run.
        """
        for item in self.scenarios:
            if (item.name, item.run) == (name, run):
                return item
        known = [item.name for item in self.scenarios]
        problem = Problem("name", f"{name!r}, {run!r} was not solved", propose(name, known))
        raise InputError([problem], "the call")

    def to_frame(self, table: str = "makers") -> "pd.DataFrame":
        """Return a table: "makers", "market", "countries", "points" or "sources".

        Units are thousand a year, prices dollars, money billions of dollars a year, shares and
        rates fractions. `low` and `high` are the 5th and 95th percentiles of the draws. "points"
        has what one percentage point more of each duty does, by maker.

        Raises:
            InputError: There is no such table.
        """
        from accord.assessment.cars.tables import build_table

        for name in CAR_TABLES:
            if name == table:
                return build_table(self, name)
        problem = Problem("table", f"{table!r} is not known", propose(table, CAR_TABLES))
        raise InputError([problem], "the call")


def interval(values: np.ndarray | None) -> tuple[float, float]:
    """Return the 5th and 95th percentile of draws; NaN if there are none."""
    if values is None:
        return float("nan"), float("nan")
    low, high = np.quantile(values, INTERVAL)
    return float(low), float(high)
