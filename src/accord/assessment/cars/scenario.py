"""One set of duties on the car market, solved, and the names of the tables made of them."""

from dataclasses import dataclass
from typing import Literal, NamedTuple, get_args

import numpy as np

from accord.core.notebook import Shown
from accord.lowering.cars.market import CarMarket
from accord.lowering.cars.plan import Run
from accord.lowering.cars.rates import CarRates
from accord.markets.solution import MarketSolution

CarTable = Literal["makers", "market", "countries", "points", "sources"]
CAR_TABLES: tuple[CarTable, ...] = get_args(CarTable)
INTERVAL = (0.05, 0.95)


class CarBaseline(NamedTuple):
    """The market before, and the duties of the base year."""

    market: CarMarket
    rates: CarRates


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


def interval(values: np.ndarray | None) -> tuple[float, float]:
    """Return the 5th and 95th percentile of draws; NaN if there are none."""
    if values is None:
        return float("nan"), float("nan")
    low, high = np.quantile(values, INTERVAL)
    return float(low), float(high)
