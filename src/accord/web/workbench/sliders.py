"""The terms of a package as sliders, in the steps that people talk in."""

from collections.abc import Mapping
from dataclasses import dataclass

from accord.deal.terms.entries import TermEntry
from accord.web.desk.desk import Anchor

PREFIX = "term."


@dataclass(frozen=True)
class Slider:
    """A term as a slider; all numbers are in steps of the term.

    Attributes:
        name: Name of the term.
        title: What moves.
        unit: What a number of steps is called.
        value: Where it stands.
        low: Lowest value.
        high: Highest value.
        was: Where it stood before it was moved.
    """

    name: str
    title: str
    unit: str
    value: float
    low: float
    high: float
    was: float

    @property
    def shown(self) -> str:
        """The value as text."""
        return show_steps(self.value)


def sliders_of(
    anchor: Anchor, values: Mapping[str, float], was: Mapping[str, float]
) -> list[Slider]:
    """Return the sliders of a package at some values of its terms."""
    return [
        Slider(
            entry.name, entry.title[:1].upper() + entry.title[1:], entry.unit,
            *(in_steps(entry, value) for value in (
                values[entry.name], entry.low, entry.high, was.get(entry.name, values[entry.name])
            )),
        )
        for entry in anchor.entries
        if entry.low < entry.high
    ]  # fmt: skip


def in_steps(entry: TermEntry, value: float) -> float:
    """Return a value as a number of steps."""
    return float(f"{value / entry.step:.12g}")


def read_sliders(anchor: Anchor, given: Mapping[str, str]) -> dict[str, float]:
    """Return the values of the terms that a form gives in steps; those not given stay."""
    values = dict(anchor.now)
    for entry in anchor.entries:
        text = given.get(f"{PREFIX}{entry.name}")
        if text is None:
            continue
        try:
            steps = float(text)
        except ValueError:
            continue
        if steps != in_steps(entry, anchor.now[entry.name]):
            value = float(f"{steps * entry.step:.12g}")
            values[entry.name] = min(max(value, entry.low), entry.high)
    return values


def show_steps(value: float) -> str:
    """Return a number of steps as text."""
    return f"{value:,.6g}".replace("-", "−") if abs(value) < 1e5 else f"{value:,.0f}"
