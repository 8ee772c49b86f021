"""What a path gives back: the equilibrium of every year, and its flows, quantities and duties."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from accord.core.arrays import Float
from accord.core.notebook import Shown
from accord.core.status import Status
from accord.trade import equations as eq
from accord.trade.config import TradeConfig
from accord.trade.equations import Cube
from accord.trade.model import TradeModel
from accord.trade.path.sourcing import Sourcing
from accord.trade.plan import TradeShock
from accord.trade.solution import TradeSolution

YearRegion = Float[np.ndarray, "year region"]
YearCube = Float[np.ndarray, "year importer exporter sector"]


@dataclass(frozen=True, eq=False, repr=False)
class TradePathOutcome(Shown):
    """Equilibria by year. Changes are ratios to the baseline; money is the model's.

    Years from the first that was not solved on are NaN.

    Attributes:
        welfare: Equivalent variation as a fraction of baseline income.
        real_wage_change: Wage over consumer prices.
        consumer_price_change: Consumer price index.
        income: Income, in money.
        tariff_revenue: Duty collected by each region, in money.
        flows: Imports at customs value, in money (diagonal: domestic sales).
        quantity: The same at the prices of the baseline: value over the change of the border
            price, which is that of identical goods before duty. `quantity / model.flows` is the
            index of quantity.
        duty: Duty collected on each flow, in money.
    """

    welfare: YearRegion
    real_wage_change: YearRegion
    consumer_price_change: YearRegion
    income: YearRegion
    tariff_revenue: YearRegion
    flows: YearCube
    quantity: YearCube
    duty: YearCube


@dataclass(frozen=True, eq=False)
class TradePathSolution(Shown):
    """A shock for every year, and where the solve of each year ended.

    Attributes:
        model: The baseline with its long-run elasticities (after deficits were closed, if the
            closure says so).
        shocks: What was changed in each year.
        sourcing: How slowly buyers changed their sources.
        config: The closure, market structure and labour supply used.
        years: The solution of each year: its `model` has the short-run elasticities, its
            `sourcing` the weights. A year that had settled is the solution of the year before.
    """

    model: TradeModel
    shocks: tuple[TradeShock, ...]
    sourcing: Sourcing
    config: TradeConfig
    years: tuple[TradeSolution, ...]

    def __repr__(self) -> str:
        """One line: years, dimensions, how it ended, and what it cost."""
        size = f"{len(self.model.regions)} × {len(self.model.sectors)}"
        return (
            f"TradePathSolution({len(self.years)} years, {self.solved} solved, {size}, "
            f"{self.status.name.lower()}, residual {self.residual:.1e}, {self.steps} steps)"
        )

    @property
    def status(self) -> Status:
        """The status of the first year that was not solved, else `Status.CONVERGED`."""
        failed = (year.status for year in self.years if not year.status.ok)
        return next(failed, Status.CONVERGED)

    @property
    def residual(self) -> float:
        """Largest residual of the iteration over the years."""
        return float(np.max([year.residual for year in self.years]))

    @property
    def solved(self) -> int:
        """Number of years that were solved: those that had settled are left out."""
        return len({id(year) for year in self.years})

    @property
    def steps(self) -> int:
        """Evaluations of the map in all years."""
        return sum({id(year): year.stats.steps for year in self.years}.values())

    @cached_property
    def residuals(self) -> tuple[dict[str, float], ...]:
        """The largest residual of every equation, year by year, measured with `equations` alone.

        `sourcing weight` compares the weights a year was solved with against those that the years
        before lead to; in a year that had settled it is what was neglected. NaN if unsolved.
        """
        model, weight = self.model, np.asarray(self.model.trade_share)
        every = []
        for year in self.years:
            gap = np.abs(np.asarray(year.sourcing) - weight).max() if year.status.ok else np.nan
            every.append({**year.residuals, "sourcing weight": float(gap)})
            chosen = eq.chosen_weight(
                model.trade_share, year.delivered_cost, model.elasticity, year.model.elasticity
            )
            weight = eq.sourcing_weight(weight, chosen, self.sourcing.speed)
        return tuple(every)

    @cached_property
    def value(self) -> TradePathOutcome:
        """The equilibria of all years as arrays, the year first."""
        values = [year.value for year in self.years]
        flows = np.stack([value.flows for value in values])
        return TradePathOutcome(
            welfare=np.stack([value.welfare for value in values]),
            real_wage_change=np.stack([value.real_wage_change for value in values]),
            consumer_price_change=np.stack([value.consumer_price_change for value in values]),
            income=np.stack([value.income for value in values]),
            tariff_revenue=np.stack([value.tariff_revenue for value in values]),
            flows=flows,
            quantity=flows / np.stack([_border_price(year) for year in self.years]),
            duty=flows * np.stack([value.tariff for value in values]),
        )


def _border_price(year: TradeSolution) -> Cube:
    """Return the change of the price of identical goods at the buyer's border, before duty."""
    gross = (1 + year.value.tariff) / (1 + year.model.tariff)
    return np.asarray(year.delivered_cost / gross)
