"""An episode of the past: the tariffs that were set, and what was published of their outcomes."""

import csv
import tomllib
from dataclasses import dataclass
from datetime import date
from importlib import resources
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

from accord.core.errors import InputError, Problem
from accord.core.provenance import Grade, Source
from accord.core.words import propose
from accord.deal.clauses.tariff import TariffClause

Measure = Literal["share", "imports", "rate", "rate_rise", "duty", "pass_through", "response"]
Pattern = Literal["even", "above_mfn", "package"]

MEASURES: dict[Measure, str] = {
    "share": "change of share",
    "imports": "change of value",
    "rate": "duty rate",
    "rate_rise": "rise of duty rate",
    "duty": "duty",
    "pass_through": "pass-through",
    "response": "response",
}
"""What is compared, each a fraction but for `duty` (bn USD of the period).

The share is that in all imports of goods, the duty rate is duty over imports, pass-through is the
part of a duty that buyers bear at the border, and the response is per cent of import value per per
cent of one plus the tariff, among the exporters of a sector.
"""


@dataclass(frozen=True)
class Outcome:
    """One published outcome of an episode.

    Attributes:
        name: Identifier within the episode.
        title: What was observed.
        measure: How it is measured, one of `MEASURES`.
        start: First day of the period observed.
        end: Its last day.
        observed: The published figure, in the unit of the measure.
        sources: Where it was read.
        grade: How far to trust it.
        exporters: Whose goods; all but the importer's if empty.
        sectors: Which sectors; all goods if empty.
        against: Calendar year that a change is counted from; the base year if None.
        note: Arithmetic and caveats.
    """

    name: str
    title: str
    measure: Measure
    start: date
    end: date
    observed: float
    sources: tuple[str, ...]
    grade: Grade
    exporters: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    against: int | None = None
    note: str = ""


@dataclass(frozen=True)
class Episode:
    """Tariffs of one importer by exporter and day, and what was published of their outcomes.

    Attributes:
        name: Its name, such as "2025".
        title: What happened.
        importer: The region that raised its tariffs.
        days: First day of each row of `added`, ascending; nothing is added before the first.
        added: Mean rate added on the goods of an exporter or group, by day, as fractions.
        pattern: How the mean is spread over sectors: `even`, as the duty of the base year
            `above_mfn` is spread, or as a `package` of a shipped case adds to it.
        package: The case, the package and the day of that pattern, if it is one.
        history: The case and the history whose clauses say all of the exporters it names.
        clauses: Tariffs on single goods beside `added`, as the law has them.
        outcomes: What was published.
        sources: Where figures were read.
        notes: What the figures leave out.
    """

    name: str
    title: str
    importer: str
    days: tuple[date, ...]
    added: dict[str, tuple[float, ...]]
    outcomes: tuple[Outcome, ...]
    pattern: Pattern = "even"
    package: tuple[str, str, date] | None = None
    history: tuple[str, str] | None = None
    clauses: tuple[TariffClause, ...] = ()
    sources: tuple[Source, ...] = ()
    notes: tuple[str, ...] = ()

    def mean_added(self, exporter: str, start: date, end: date) -> float:
        """Return the mean over the days of a period of the rate added, a fraction."""
        after = date.fromordinal(end.toordinal() + 1)
        edges = [*self.days, date.max]
        rates = self.added[exporter]
        total = 0.0
        for rate, (first, last) in zip(rates, pairwise(edges), strict=True):
            days = (min(last, after) - max(first, start)).days
            total += max(days, 0) * rate
        return total / (after - start).days


def episode_names() -> tuple[str, ...]:
    """Return the names of the episodes that come with Accord, the earliest first."""
    return tuple(sorted(path.stem for path in _folder().glob("*.toml")))


def load_episode(name: str) -> Episode:
    """Return an episode that comes with Accord.

    Raises:
        InputError: There is none of this name.
    """
    names = episode_names()
    if name not in names:
        problem = Problem("episode", f"{name!r} is not known", propose(name, names))
        raise InputError([problem], "the episode")
    text = (_folder() / f"{name}.toml").read_text(encoding="utf-8")
    return _read(name, tomllib.loads(text), _folder() / f"{name}.csv")


def _read(name: str, written: dict[str, Any], series: Path) -> Episode:
    with series.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    exporters = [key for key in rows[0] if key != "from"]
    package, history = written.get("package"), written.get("history")
    return Episode(
        name=name,
        title=written["title"],
        importer=written["importer"],
        days=tuple(date.fromisoformat(row["from"]) for row in rows),
        added={key: tuple(float(row[key]) for row in rows) for key in exporters},
        outcomes=tuple(_outcome(entry) for entry in written["outcome"]),
        clauses=tuple(TariffClause.model_validate(entry) for entry in written.get("clause", ())),
        pattern=written["pattern"],
        package=None if package is None else (package["case"], package["name"], package["on"]),
        history=None if history is None else (history["case"], history["name"]),
        sources=tuple(Source(**entry) for entry in written["source"]),
        notes=tuple(written["notes"]),
    )


def _outcome(entry: dict[str, Any]) -> Outcome:
    lists = {key: tuple(entry.get(key, ())) for key in ("sources", "exporters", "sectors")}
    return Outcome(**{**entry, **lists})


def _folder() -> Path:
    return Path(str(resources.files("accord.backtesting"))) / "episodes"
