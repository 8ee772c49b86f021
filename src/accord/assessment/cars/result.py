"""The result of a study of the car market: data, and the tables made of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from accord.assessment.cars.scenario import CAR_TABLES, CarBaseline, CarScenario
from accord.assessment.cars.tables import build_table
from accord.core.errors import InputError, Problem
from accord.core.notebook import Shown
from accord.core.provenance import Source
from accord.core.words import propose
from accord.lowering.cars.market import CarMarket
from accord.lowering.cars.plan import Run
from accord.lowering.cars.rates import CarRates

if TYPE_CHECKING:
    import pandas as pd


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

    def moves_duties(self, names: Sequence[str]) -> bool:
        """Return whether any of these scenarios, if solved, has other duties than the base year."""
        return any(item.rates != self.before for item in self.scenarios if item.name in names)

    def to_frame(self, table: str = "makers") -> "pd.DataFrame":
        """Return a table: "makers", "market", "countries", "points" or "sources".

        Units are thousand a year, prices dollars, money billions of dollars a year, shares and
        rates fractions. `low` and `high` are the 5th and 95th percentiles of the draws.
        `quota_used` is imports over a tariff-rate quota: above one, some pay the rate beyond it.
        "points" has what one percentage point more of each duty does, by maker.

        Raises:
            InputError: There is no such table.
        """
        for name in CAR_TABLES:
            if name == table:
                return build_table(CarBaseline(self.market, self.before), self.scenarios, name)
        problem = Problem("table", f"{table!r} is not known", propose(table, CAR_TABLES))
        raise InputError([problem], "the call")
