"""Figures of a draft as the workbench shows them: what each side gains, and what it is made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from accord.assessment.valuation.equations import COMPONENTS
from accord.web.desk.desk import Figures
from accord.web.workbench.naming import PARTS, name_part, name_region, signed

SMALLEST = 0.05  # bn USD: a payoff below this prints as nothing
BAR = 100.0  # width of a drawing of parts


@dataclass(frozen=True)
class Side:
    """What a package is worth to a party.

    Attributes:
        party: The party.
        name: Its name.
        payoff: Central payoff against no deal, bn USD of present value.
        error: About how far an estimate is off; None for exact figures.
        was: What the same package was worth before it was changed; None where it was not.
        low: Lower end of nine draws in ten; None without draws.
        high: Upper end.
        chance: Share of draws on which it gains.
    """

    party: str
    name: str
    payoff: float
    error: float | None = None
    was: float | None = None
    low: float | None = None
    high: float | None = None
    chance: float | None = None

    @property
    def outlook(self) -> str:
        """Whether it is a "gain", a "loss" or "nothing"."""
        if abs(self.payoff) < SMALLEST:
            return "nothing"
        return "gain" if self.payoff > 0 else "loss"

    @property
    def text(self) -> str:
        """The payoff as printed."""
        return signed(self.payoff)

    @property
    def chance_text(self) -> str:
        """On how many of 100 draws it gains; "" without draws."""
        return "" if self.chance is None else f"{round(100 * self.chance)}"


@dataclass(frozen=True)
class GainPart:
    """A part of a payoff, its bar on a scale of 0 to `BAR`, and its first component."""

    name: str
    value: float
    start: float
    width: float
    first: str

    @property
    def text(self) -> str:
        """The amount as printed."""
        return signed(self.value)


@dataclass(frozen=True)
class Span:
    """Where an interval lies on a scale of 0 to `BAR` that all parties share."""

    start: float
    width: float
    value: float
    zero: float


@dataclass(frozen=True)
class GainLedger:
    """What makes up the payoff of a party, on one scale for all parties.

    Attributes:
        party: The party.
        name: Its name.
        parts: The parts in order, each starting where the one before it ends.
        zero: Where zero is on the scale.
        total: The payoff.
    """

    party: str
    name: str
    parts: tuple[GainPart, ...]
    zero: float
    total: float

    @property
    def text(self) -> str:
        """The payoff as printed."""
        return signed(self.total)


def sides_of(figures: Figures, was: Figures | None = None) -> list[Side]:
    """Return what a package is worth to each party of the deal."""
    priced = figures.priced
    return [
        Side(
            party, name_region(party, priced.world), figures.payoff(party),
            error=figures.error_of(party),
            was=was.payoff(party) if was is not None and party in was.priced.regions else None,
        )
        for party in priced.deal.parties
    ]  # fmt: skip


def ledgers_of(figures: Figures) -> list[GainLedger]:
    """Return what makes up the payoff of each party, on one scale."""
    parties = figures.priced.deal.parties
    parts = {party: grouped(figures.parts(party)) for party in parties}
    running = [np.cumsum([0.0, *part.values()]) for part in parts.values()]
    low = min(float(steps.min()) for steps in running)
    high = max(float(steps.max()) for steps in running)
    scale = BAR / ((high - low) or 1.0)
    ledgers = []
    for party in parties:
        at, bars = 0.0, []
        for name, value in parts[party].items():
            start = (min(at, at + value) - low) * scale
            width = round(abs(value) * scale, 2)
            bars.append(GainPart(name_part(name), value, round(start, 2), width, PARTS[name][0]))
            at += value
        name = name_region(party, figures.priced.world)
        ledgers.append(GainLedger(party, name, tuple(bars), round(-low * scale, 2), at))
    return ledgers


def spans_of(sides: Sequence[Side]) -> dict[str, Span]:
    """Return the intervals of parties on one scale that holds zero; none without draws."""
    known = [side for side in sides if side.low is not None and side.high is not None]
    ends = [0.0, *(end for side in known for end in (side.low, side.high, side.payoff) if end)]
    low, high = min(ends), max(ends)
    scale = BAR / ((high - low) or 1.0)

    def place(value: float | None) -> float:
        return round(((value or 0.0) - low) * scale, 2)

    return {
        side.party: Span(
            place(side.low), round(place(side.high) - place(side.low), 2), place(side.payoff),
            place(0.0),
        )
        for side in known
    }  # fmt: skip


def grouped(components: Sequence[float]) -> dict[str, float]:
    """Return components of a payoff by the parts that a briefing shows."""
    value: Mapping[str, float] = dict(zip(COMPONENTS, components, strict=True))
    return {part: sum(value[name] for name in names) for part, names in PARTS.items()}


def headline_of(sides: Sequence[Side]) -> str:
    """Return the name of the message that says who gains: "all", "none", "nothing" or "some"."""
    outlooks = {side.outlook for side in sides}
    if outlooks == {"gain"}:
        return "all"
    if outlooks == {"loss"}:
        return "none"
    return "nothing" if outlooks == {"nothing"} else "some"
