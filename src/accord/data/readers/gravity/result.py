"""What gravity gives: coefficients with their errors, elasticities, draws, a world with them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from accord.core.arrays import Float
from accord.core.errors import InputError, Problem
from accord.core.notebook import Shown
from accord.data.readers.gravity.panel import ALL
from accord.data.validate import check_known
from accord.data.world import World

if TYPE_CHECKING:
    import pandas as pd

LEAST = 0.05
"""Smallest trade elasticity that a draw may have: buyers respond at all."""
NINE_IN_TEN = 1.6448536269514722  # standard errors on both sides
SET = "gravity"
MOST_SETS = 50


@dataclass(frozen=True, eq=False)
class SectorEstimate:
    """The estimate of one sector: coefficients in the order of `names`, and their covariance.

    `observations` are those used, `separated` those that perfect fit takes out.
    """

    sector: str
    names: tuple[str, ...]
    coefficients: Float[np.ndarray, " coefficient"]
    covariance: Float[np.ndarray, "coefficient coefficient"]
    observations: int
    separated: int
    clusters: int


@dataclass(frozen=True, eq=False, repr=False)
class GravityEstimate(Shown):
    """Trade elasticities and trade-cost coefficients by sector, with clustered errors."""

    estimates: tuple[SectorEstimate, ...]
    with_duty: bool = False

    def __repr__(self) -> str:
        """One line: sectors, observations, range of elasticities."""
        theta = list(self.elasticities.values())
        count = sum(entry.observations for entry in self.estimates)
        return (
            f"GravityEstimate({len(theta)} sectors, {count:,} observations, "
            f"elasticities {min(theta):.2f} to {max(theta):.2f})"
        )

    @cached_property
    def elasticities(self) -> Mapping[str, float]:
        """Trade elasticity of each sector, positive where buyers turn from what is dearer."""
        unit = 0.0 if self.with_duty else 1.0
        return {entry.sector: float(-entry.coefficients[0] - unit) for entry in self.estimates}

    def to_frame(self) -> "pd.DataFrame":
        """Return a row a sector and variable: coefficient, error and nine-in-ten interval.

        `trade_cost` is the coefficient over minus the elasticity: by how much the logarithm of
        trade costs rises with the variable. It is missing where the elasticity is not positive.
        """
        import pandas as pd

        rows = []
        for entry in self.estimates:
            theta = self.elasticities[entry.sector]
            errors = np.sqrt(np.diag(entry.covariance))
            for name, value, error in zip(entry.names, entry.coefficients, errors, strict=True):
                cost = -value / theta if theta > 0 and name != entry.names[0] else np.nan
                rows.append({
                    "sector": entry.sector, "variable": name, "coefficient": float(value),
                    "error": float(error), "low": float(value - NINE_IN_TEN * error),
                    "high": float(value + NINE_IN_TEN * error), "trade_cost": float(cost),
                    "elasticity": theta, "observations": entry.observations,
                    "separated": entry.separated, "clusters": entry.clusters,
                })  # fmt: skip
        return pd.DataFrame(rows)

    def summary(self) -> str:
        """Return the table as text."""
        return f"{self!r}\n{self.to_frame().round(4).to_string(index=False)}"

    def draws(self, n: int, seed: int = 0) -> Float[np.ndarray, "draw sector"]:
        """Return draws of the elasticities, sectors in the order of `elasticities`.

        They are normal, with the clustered error, and cut where an elasticity would not be
        positive. Sectors are drawn apart. The same seed gives the same draws.
        """
        from scipy.special import ndtr, ndtri

        theta = np.array(list(self.elasticities.values()))
        error = np.array([np.sqrt(entry.covariance[0, 0]) for entry in self.estimates])
        start = ndtr((LEAST - theta) / error)
        chance = np.random.default_rng(seed).uniform(size=(n, theta.size))
        inside = np.clip(start + (1.0 - start) * chance, 1e-15, 1.0 - 1e-15)
        return np.asarray(np.maximum(theta + error * ndtri(inside), LEAST))

    def world(self, world: World, *, draws: int = 8, seed: int = 0) -> World:
        """Return the world with these elasticities, and draws of them as sets in play.

        The verdict draws a set in each simulated future, so that its intervals hold the errors of
        the estimate. Sectors without an estimate keep the elasticities of the world.

        Args:
            world: Whose sectors the panel names.
            draws: How many sets, `gravity_1` and on, beside the estimate itself.
            seed: Seed of the draws.

        Raises:
            InputError: A sector is not in the world, or an estimate is no elasticity.
        """
        whole = tuple(self.elasticities) == (ALL,)
        names = [] if whole else list(self.elasticities)
        problems = check_known("sector", names, world.sectors)
        problems += [
            Problem(f"sector {name}", f"the estimate {theta:.3g} is no trade elasticity",
                    "It has to be positive: give more partners or years, or leave the sector out")
            for name, theta in self.elasticities.items()
            if theta < LEAST
        ]  # fmt: skip
        problems += find_draws(draws)
        if problems:
            raise InputError(problems, "the elasticities")
        rows = [list(self.elasticities.values()), *self.draws(draws, seed).tolist()]
        sets = {}
        for number, row in enumerate(rows):
            values = np.array(world.elasticity)
            targets = [world.goods] if whole else [(name,) for name in names]
            for sectors, theta in zip(targets, row, strict=True):
                values[[world.sectors.index(name) for name in sectors]] = theta
            sets[f"{SET}_{number}" if number else SET] = values
        return replace(world, elasticity=sets[SET], elasticities=sets)


def find_draws(draws: int) -> list[Problem]:
    """Return the problem of a number of sets that is out of range, or none."""
    if 0 <= draws <= MOST_SETS:
        return []
    return [Problem("draws", f"{draws} is outside 0 to {MOST_SETS}", "8 will do")]
