"""The payoffs of packages as a briefing reads them off the tables of the verdict."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from accord.assessment.valuation.verdict import NOTHING
from accord.briefing.document.facts import Fact

if TYPE_CHECKING:
    import pandas as pd

DATED, FROZEN = "dated", "frozen"
SURE, LIKELY = 0.95, 2 / 3  # chances of a gain from which it is called sure, or likely

Outlook = Literal["gain", "likely_gain", "toss", "likely_loss", "loss", "nothing", "unclear"]
GAINS: tuple[Outlook, ...] = ("gain", "likely_gain")
LOSSES: tuple[Outlook, ...] = ("likely_loss", "loss")


@dataclass(frozen=True)
class Payoff:
    """What a package is worth to a region: present value against no deal, bn USD.

    Attributes:
        value: With every unknown at its central value.
        low: Fifth percentile of the draws; NaN without draws.
        high: Ninety-fifth percentile; NaN without draws.
        chance: Share of the draws in which the region gains; NaN without draws.
        components: What it is made of; they add up to the value.
    """

    value: float
    low: float
    high: float
    chance: float
    components: Mapping[str, float]

    @property
    def is_drawn(self) -> bool:
        """Whether there are draws behind it."""
        return math.isfinite(self.low)

    @property
    def is_inside(self) -> bool:
        """Whether the central value lies where nine draws in ten do."""
        return not self.is_drawn or self.low <= self.value <= self.high

    @property
    def fact(self) -> Fact:
        """The value with nine draws in ten around it."""
        return Fact(self.value, "bn USD", (self.low, self.high) if self.is_drawn else None)

    @property
    def outlook(self) -> Outlook:
        """How sure a gain or a loss is: by the chance of a gain, without draws by the sign."""
        return read_outlook(self.value, self.chance)


def read_outlook(value: float, chance: float) -> Outlook:
    """Return how sure a gain or a loss is, by the chance of a gain; without draws by the sign.

    A chance near one half is a coin toss however large the central value is. Where the central
    value has another sign than most draws, the outlook is unclear.
    """
    if math.isnan(chance):
        if abs(value) < NOTHING:
            return "nothing"
        return "gain" if value > 0 else "loss"
    if 1.0 - LIKELY < chance < LIKELY:
        return "toss"
    if (value > 0) != (chance >= LIKELY):
        return "unclear"
    if chance >= LIKELY:
        return "gain" if chance >= SURE else "likely_gain"
    return "loss" if chance <= 1.0 - SURE else "likely_loss"


def read_payoffs(
    payoffs: Iterable[Mapping[str, Any]], components: Iterable[Mapping[str, Any]]
) -> dict[tuple[str, str, str], Payoff]:
    """Return payoffs by package, timeline and region, from the rows of the two tables."""
    made_of: dict[tuple[str, str, str], dict[str, float]] = {}
    for row in components:
        key = (row["package"], row["timeline"], row["region"])
        made_of.setdefault(key, {})[row["component"]] = float(row["value"])
    read = {}
    for row in payoffs:
        key = (row["package"], row["timeline"], row["region"])
        value, low, high = (float(row[name]) for name in ("payoff", "low", "high"))
        read[key] = Payoff(value, low, high, float(row["gain_chance"]), made_of[key])
    return read


def read_chances(rows: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], float]:
    """Return the chance that every party gains, by package and timeline."""
    return {(row["package"], row["timeline"]): float(row["all_gain"]) for row in rows}


def read_draws(frame: "pd.DataFrame") -> dict[tuple[str, str], np.ndarray]:
    """Return payoffs by draw with later changes of law applied, by package and party."""
    frame = frame[frame["timeline"] == DATED]
    return {
        (str(package), str(party)): rows["payoff"].to_numpy()
        for (package, party), rows in frame.groupby(["package", "party"], observed=True)
    }
