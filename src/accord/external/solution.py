"""The results of the external engine: paths, chances of crossing each line, and causes."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from accord.core.arrays import Float
from accord.core.notebook import Shown
from accord.core.status import Status
from accord.external.equations import DebtPath
from accord.external.plan import ExternalPlan

QUANTILES = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)


@dataclass(frozen=True, eq=False)
class Breach:
    """How often a floor is crossed.

    Attributes:
        metric: What the floor is on.
        level: The floor.
        start: The metric at the start.
        by_year: Share of paths on which it has been crossed by the end of each year.
        shortfall: Mean of how far below (above, for a fall of the currency) the worst twentieth of
            paths goes at its worst, in the unit of the metric.
        in_stop: Share of first crossings that happen during a sudden stop; NaN if there are none.
        causes: Mean change of reserves from the start to the first crossing, bn USD, by cause.
    """

    metric: str
    level: float
    start: float
    by_year: Float[np.ndarray, " year"]
    shortfall: float
    in_stop: float
    causes: Mapping[str, float]

    @property
    def chance(self) -> float:
        """Share of paths on which the floor is crossed at any time."""
        return float(self.by_year[-1])


@dataclass(frozen=True, eq=False, repr=False)
class ExternalOutcome(Shown):
    """Paths of one plan. Money is bn USD; a rate is a logarithm against the start.

    Attributes:
        reserves: Quantiles of reserves by month (rows as `QUANTILES`).
        rate: Quantiles of the logarithmic rise of the dollar since the start.
        borrowed: Mean borrowing abroad by month.
        breaches: The floors.
        sources: Mean dollars found by month, by source.
        debt: Public debt and financing needs by path and year.
        worst_fall: Largest logarithmic fall of the currency within a year, by path.
        lowest: Lowest reserves, by path.
        unmet: Share of paths on which some payment could not be met.
    """

    reserves: Float[np.ndarray, "quantile month"]
    rate: Float[np.ndarray, "quantile month"]
    borrowed: Float[np.ndarray, " month"]
    breaches: tuple[Breach, ...]
    sources: Mapping[str, Float[np.ndarray, " month"]]
    debt: DebtPath
    worst_fall: Float[np.ndarray, " path"]
    lowest: Float[np.ndarray, " path"]
    unmet: float

    def breach(self, metric: str) -> Breach:
        """Return the floor on a metric.

        Raises:
            KeyError: No floor is on it.
        """
        for breach in self.breaches:
            if breach.metric == metric:
                return breach
        raise KeyError(metric)


@dataclass(frozen=True)
class ExternalStats:
    """What a solve consisted of: paths and months."""

    paths: int
    months: int


@dataclass(frozen=True, eq=False, repr=False)
class ExternalSolution(Shown):
    """A simulated plan: `value`, `status`, `residuals` and `stats`."""

    plan: ExternalPlan
    value: ExternalOutcome
    status: Status
    residuals: Mapping[str, float]
    stats: ExternalStats
