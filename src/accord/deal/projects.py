"""Kinds of projects and market rates: those that ship, and those that the deal file gives."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from typing import Annotated, Any

from pydantic import Field

from accord.core.provenance import Source
from accord.deal.fields import Cited, Day, Money, Number, Part, Rate, Share, Shares
from accord.deal.sources import SourceEntry

BASE_KIND = "average"
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_\-]*$")]
Years = Annotated[Number, Field(ge=0)]
LONGEST_RATE = 100
RATE_TEXT = re.compile(
    r"(?P<name>[a-z][a-z0-9_\-]*?)\s*(?:(?P<sign>[+-])\s*(?P<spread>\d+(?:\.\d+)?))?"
)


class PhaseEntry(Part):
    """A part of the construction."""

    name: str
    """What is done."""
    years: Years
    """How long it is planned to take."""
    cost: Share
    """Share of the budget spent in it; the shares of all phases sum to one."""
    installers_per_bn: Rate = 0.0
    """Months of specialised installers needed for each billion dollars of the budget."""


class OutcomeEntry(Part):
    """How something turns out: its mean, and how much that varies from project to project."""

    mean: Annotated[Number, Field(gt=-1)]
    """Mean. For a cost or a time: over the plan, as a fraction (0.3 is 30 % over)."""
    spread: Rate = 0.0
    """Standard deviation of its logarithm."""


class ProjectEntry(Part):
    """A kind of project. What is left out is as in the shipped kind of that name, or `average`."""

    name: Name
    """Name that `sectors` of an investment use."""
    title: str = ""
    """Name printed in tables."""
    known: Day | None = None
    """Day on which it became known; with the deal if left out."""
    size: Money | None = None
    """Budget of a typical project, in the file's currency."""
    phases: tuple[PhaseEntry, ...] | None = Field(default=None, min_length=1)
    """Construction, in order."""
    planned_return: Annotated[Number, Field(gt=-1)] | None = None
    """Yearly internal return, after taxes of the host, of a project that keeps to its plan."""
    cost_of_capital: Annotated[Number, Field(gt=-1)] | None = None
    """Yearly return at which its cash flow is valued in the contingent-claim value of a
    guarantee."""
    earning: OutcomeEntry | None = None
    """What it earns over what was planned, as a ratio (a mean of 1 is as planned)."""
    overrun: OutcomeEntry | None = None
    """What it costs over its budget."""
    delay: OutcomeEntry | None = None
    """How long it takes over its plan."""
    failure: Share | None = None
    """Chance that it never earns anything."""
    salvage: Share | None = None
    """Share of the budget of a failed project that is got back."""
    ramp_up: Years | None = None
    """Years from completion until it earns in full."""
    life: Annotated[Number, Field(gt=0)] | None = None
    """Years it earns in full."""
    delay_cost: Rate | None = None
    """Loss for each year of waiting for installers, as a share of the budget."""
    volatility: Rate | None = None
    """Yearly volatility of its value, for the contingent-claim value of a guarantee."""
    spending: Shares | None = None
    """Shares of the sectors of the world in what is spent on building it."""
    output: Shares | None = None
    """Shares of the sectors of the world in what it makes."""
    sources: dict[str, str] = Field(default_factory=dict)
    """Id of the `[[source]]` of each figure, by field; the rest are assumptions."""
    note: str = ""
    """Anything a reader should know; free text."""

    @property
    def given(self) -> tuple[str, ...]:
        """Figures this entry gives."""
        return tuple(name for name in FIGURES if getattr(self, name) is not None)


FIGURES = tuple(
    name
    for name in ProjectEntry.model_fields
    if name not in ("name", "title", "known", "sources", "note")
)


class RateEntry(Cited):
    """A market rate that terms can cite."""

    name: Name
    """Name used in `deemed_rate`, `interest` and `discount_rates`."""
    title: str = ""
    """Name printed in tables."""
    level: Annotated[Number, Field(gt=-1)]
    """Yearly rate, as a fraction."""
    volatility: Rate = 0.0
    """Standard deviation of its change over a year, as a fraction."""
    reversion: Share = 0.2
    """Share of a gap to its level that closes in a year."""


class TaxEntry(Cited):
    """The rate at which a host taxes the profits of companies."""

    host: str
    """The host."""
    rate: Share
    """All levels of government together, as a fraction."""


@dataclass(frozen=True)
class ProjectTable:
    """Kinds of projects, rates, and taxes of hosts by name, with their sources."""

    kinds: dict[str, ProjectEntry]
    rates: dict[str, RateEntry]
    sources: tuple[Source, ...]
    taxes: Mapping[str, float] = field(default_factory=dict)

    def figure(self, kind: str, name: str) -> Any:
        """Return a figure of a kind, its own or that of `average`."""
        value = getattr(self.kinds[kind], name)
        return getattr(self.kinds[BASE_KIND], name) if value is None else value

    def source_of(self, kind: str, name: str) -> str:
        """Return the id of the source of a figure, "" for an assumption."""
        own = self.kinds[kind]
        entry = own if getattr(own, name) is not None else self.kinds[BASE_KIND]
        return entry.sources.get(name, "")

    def extended(
        self,
        kinds: Iterable[ProjectEntry],
        rates: Iterable[RateEntry],
        sources: Iterable[Source],
    ) -> "ProjectTable":
        """Return the table with the entries of a deal file, which win over those of their name."""
        mine = dict(self.kinds)
        for entry in kinds:
            old = mine.get(entry.name)
            mine[entry.name] = entry if old is None else _merge(old, entry)
        return ProjectTable(
            mine,
            {**self.rates, **{rate.name: rate for rate in rates}},
            (*self.sources, *sources),
            self.taxes,
        )


def _merge(old: ProjectEntry, new: ProjectEntry) -> ProjectEntry:
    figures = {name: getattr(new, name) for name in new.given}
    sources = {name: text for name, text in old.sources.items() if name not in figures}
    words = {"title": new.title or old.title, "note": new.note or old.note}
    return old.model_copy(update={**figures, **words, "sources": {**sources, **new.sources}})


@lru_cache(maxsize=1)
def read_project_table() -> ProjectTable:
    """Return the kinds of projects and the rates that ship with Accord."""
    text = (resources.files("accord.deal") / "projects.toml").read_text(encoding="utf-8")
    as_written = tomllib.loads(text)
    kinds = [ProjectEntry.model_validate(entry) for entry in as_written["project"]]
    rates = [RateEntry.model_validate(entry) for entry in as_written["rate"]]
    sources = tuple(SourceEntry.model_validate(entry).as_source() for entry in as_written["source"])
    taxes = [TaxEntry.model_validate(entry) for entry in as_written["tax"]]
    return ProjectTable(
        {kind.name: kind for kind in kinds},
        {rate.name: rate for rate in rates},
        sources,
        {tax.host: tax.rate for tax in taxes},
    )


def read_rate(text: str | float) -> tuple[str, float] | None:
    """Return the reference ("" for none) and the spread of a rate, or None if it is not one.

    >>> read_rate("ust20 + 0.01")
    ('ust20', 0.01)
    >>> read_rate(0.05)
    ('', 0.05)
    """
    if not isinstance(text, str):
        return "", float(text)
    match = RATE_TEXT.fullmatch(text.strip()) if len(text) <= LONGEST_RATE else None
    if match is None:
        return None
    spread = float(match["spread"] or 0.0)
    return match["name"], -spread if match["sign"] == "-" else spread
