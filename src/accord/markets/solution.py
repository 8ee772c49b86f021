"""The results of the markets engine: a market before and after, and who bears the duty."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from accord.core.arrays import Float
from accord.core.notebook import Shown
from accord.core.status import Status
from accord.markets.plan import MarketPlan

if TYPE_CHECKING:
    from accord.markets.calibration import MarketModel
    from accord.markets.costs import CostLines, Limits
    from accord.markets.iteration import MarketState

ByProductOut = Float[np.ndarray, "*draw product"]
ByMakerOut = Float[np.ndarray, "*draw maker"]


@dataclass(frozen=True, eq=False, repr=False)
class MarketFigures(Shown):
    """A market under one set of duties, in the order of the plan; draws come first if there are.

    Attributes:
        price: Price that buyers pay, money a unit.
        units: Units sold a year.
        cost: Marginal cost, duty included, money a unit.
        duty: Duty on a unit, on the product or on its parts, money.
        moved: Share of units that is built at home instead of at the product's plant.
        profit: Variable profit by maker, money a year.
    """

    price: ByProductOut
    units: ByProductOut
    cost: ByProductOut
    duty: ByProductOut
    moved: ByProductOut
    profit: ByMakerOut


@dataclass(frozen=True, eq=False, repr=False)
class Incidence(Shown):
    """Who bears what changed, by maker, money a year. What is paid adds up to what is borne.

    Attributes:
        duty: Duty of the units sold after, less what the same units would have paid before.
        stocks: Part of it that is not paid, because units came out of stock.
        building: What building at home costs beyond the old cost, duty apart.
        buyers: Borne by buyers: the rise of prices on the units sold after.
        dealers: Borne by dealers and importers.
        makers: Borne by makers; negative where rivals' higher prices let them earn more.
    """

    duty: ByMakerOut
    stocks: ByMakerOut
    building: ByMakerOut
    buyers: ByMakerOut
    dealers: ByMakerOut
    makers: ByMakerOut

    @property
    def treasury(self) -> ByMakerOut:
        """Duty that the Treasury receives, above that of the same units before."""
        return np.asarray(self.duty - self.stocks)


@dataclass(frozen=True, eq=False, repr=False)
class MarketOutcome(Shown):
    """What duties do to a market. Draws come first if there are any.

    Attributes:
        before: The market as observed.
        after: The market under the duties after.
        incidence: Who bears them.
        consumer_surplus: Change of consumer surplus, money a year.
        duty_paid: Duty paid, old and new, money a year: before, after.
        scarcity: What a further unit of each full plant or quota would save, money a unit; at a
            tariff-rate quota, as a share of what a unit beyond it pays more: zero while it is not
            filled, one where units enter beyond it.
        limits: Names of the plants and quotas that may bind.
        quota_rent: What the right to import within quotas is worth, by maker, money a year: makers
            keep what is not auctioned.
        own_elasticity: Own-price elasticity of each product, before.
        correlation: Correlation within a segment, as given or as diversion asks for.
    """

    before: MarketFigures
    after: MarketFigures
    incidence: Incidence
    consumer_surplus: Float[np.ndarray, "*draw"]
    duty_paid: Float[np.ndarray, "*draw time"]
    scarcity: Float[np.ndarray, "*draw limit"]
    limits: tuple[str, ...]
    quota_rent: ByMakerOut
    own_elasticity: ByProductOut
    correlation: Float[np.ndarray, "*draw"]

    @property
    def passthrough(self) -> ByProductOut:
        """Rise of a product's price over the rise of its cost; NaN where cost is unchanged."""
        rise = self.after.cost - self.before.cost
        is_moved = np.abs(rise) > 1e-9 * self.before.cost
        return np.asarray(
            np.where(
                is_moved,
                (self.after.price - self.before.price) / np.where(is_moved, rise, 1),
                np.nan,
            )
        )


@dataclass(frozen=True)
class MarketStats:
    """What a solve consisted of: draws, and steps of the slowest block."""

    draws: int
    steps: int


@dataclass(frozen=True, eq=False, repr=False)
class Solved:
    """What derivatives start from: the calibrated market, its costs and where the search ended."""

    model: "MarketModel"
    lines: "CostLines"
    limits: "Limits"
    state: "MarketState"
    passthrough: Float[np.ndarray, "product draw"]


@dataclass(frozen=True, eq=False, repr=False)
class MarketSolution(Shown):
    """A solved market: `value`, `status`, `residuals` and `stats`.

    A failed solve holds no figure: each is NaN.
    """

    plan: MarketPlan
    value: MarketOutcome
    status: Status
    residuals: Mapping[str, float]
    stats: MarketStats
    solved: Solved | None = None
