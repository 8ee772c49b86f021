"""How slowly buyers change their sources, and what published responses say of it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import exp
from types import MappingProxyType

import numpy as np

from accord.core.arrays import frozen
from accord.core.boundary.settings import make_plain
from accord.core.errors import InputError, Problem
from accord.core.provenance import Source
from accord.trade.model import TradeModel

SMALLEST_ELASTICITY = 0.01
"""Nearer to zero a price index is no power of costs that a computer can take."""

ANDERSON_YOTOV = Source(
    "anderson-yotov-2020",
    "Anderson and Yotov (2020), Short run gravity, Journal of International Economics 126: the "
    "short-run elasticity is about a quarter of the long-run one",
    date="2020-09",
    url="https://doi.org/10.1016/j.jinteco.2020.103341",
    licence="figures from a paper",
    grade="A",
)
BOEHM = Source(
    "boehm-2023",
    "Boehm, Levchenko and Pandalai-Nayar (2023), The long and short (run) of trade elasticities, "
    "American Economic Review 113(4): tariff-exclusive flows fall by 0.76 per cent per per cent of "
    "tariff after one year and by 1.75 to 2.25 in the long run, reached after 7 to 10 years",
    date="2023-04",
    url="https://doi.org/10.1257/aer.20210225",
    licence="figures from a paper",
    grade="A",
)


@dataclass(frozen=True)
class Calibration:
    """A number with the range that published estimates leave it, and where they stand.

    Attributes:
        title: What it is.
        low: Smallest value.
        central: Value used unless another is given.
        high: Largest value.
        unit: Unit of the three.
        sources: What they were read from.
    """

    title: str
    low: float
    central: float
    high: float
    unit: str
    sources: tuple[Source, ...]


def speed_of(years: float) -> float:
    """Return the share of buyers who choose anew each year, from the mean time between choices."""
    return 1 - exp(-1 / years)


SOURCING: Mapping[str, Calibration] = MappingProxyType(
    {
        "ratio": Calibration(
            "trade elasticity of the first year over the long-run one",
            0.25, 0.30, 0.36, "ratio", (ANDERSON_YOTOV, BOEHM),
        ),
        "speed": Calibration(
            "share of buyers who choose their sources anew in a year",
            speed_of(4.0), speed_of(3.5), speed_of(3.0), "a year", (BOEHM,),
        ),
    }
)  # fmt: skip
"""Ranges of the two numbers of `Sourcing`. A speed of 0.25 has 86 per cent of buyers choose anew
within seven years, and 94 per cent within ten."""


@dataclass(frozen=True)
class Sourcing:
    """How slowly buyers change their sources.

    Attributes:
        ratio: Trade elasticity of the first year over the long-run one, the same in every sector.
            One is the static equilibrium every year. Below zero, buyers who keep their source
            treat varieties as complements: the elasticity of substitution is then below one.
        speed: Share of buyers who choose their sources anew at the end of each year, at most one.
            Well above one half, choices made at the costs of one year may overshoot without end.
    """

    ratio: float = SOURCING["ratio"].central
    speed: float = SOURCING["speed"].central

    def __post_init__(self) -> None:
        """Check both numbers, all problems at once."""
        problems = make_plain(self)
        if problems:
            raise InputError(problems, "the sourcing")
        if not -1.0 < self.ratio <= 1.0:
            remedy = "Short-run elasticities are 0.25 to 0.36 of long-run ones"
            problems.append(Problem("ratio", f"{self.ratio:g} is outside -1 to 1", remedy))
        if not 0.0 < self.speed <= 1.0:
            remedy = "It is a share of buyers a year: write 0.25"
            problems.append(
                Problem("speed", f"{self.speed:g} is not above 0 and at most 1", remedy)
            )
        if problems:
            raise InputError(problems, "the sourcing")

    def remembered(self, years: int) -> float:
        """Return the share of buyers who have not chosen anew within a number of years."""
        return float((1 - self.speed) ** years)

    def short_run(self, model: TradeModel) -> TradeModel:
        """Return the model with the elasticities of a first year: its static equilibrium is that.

        Raises:
            InputError: If an elasticity comes out at -1 or below, or so near to zero that no price
                index can be formed.
        """
        theta = self.ratio * model.elasticity
        wrong = (theta <= -1) | (np.abs(theta) < SMALLEST_ELASTICITY)
        problems = [
            Problem(
                f"sourcing.ratio[{model.sectors[j]}]",
                f"makes a short-run elasticity of {theta[j]:.3g}",
                f"It must exceed -1 and be {SMALLEST_ELASTICITY:g} away from zero",
            )
            for j in np.flatnonzero(wrong)
        ]
        if problems:
            raise InputError(problems, "the sourcing")
        return replace(model, elasticity=frozen(theta))
