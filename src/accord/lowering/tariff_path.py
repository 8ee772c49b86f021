"""The tariffs and taxes of every year under two timelines.

*Dated* follows every date in the file: phase-ins, ends, and rulings that void a legal basis. Within
a year the rates are the mean over its days. *Frozen* keeps the tariffs of the assessment date for
good, as if no ruling came.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise
from typing import Literal, get_args

import numpy as np

from accord.core.arrays import Int
from accord.data.world import World
from accord.deal.clauses.base import ClauseBase
from accord.deal.clauses.ruling import RulingClause
from accord.deal.clauses.tariff import TariffClause
from accord.deal.deal import Deal
from accord.lowering.tariff_schedule import tariff_on
from accord.lowering.taxes.rates import Levies, mean_levies, taxes_on, turns_of_taxes

Timeline = Literal["dated", "frozen"]
TIMELINES: tuple[Timeline, ...] = get_args(Timeline)
TIMELINE_MEANING: dict[Timeline, str] = {
    "dated": "tariffs follow the dates in the file, rulings included",
    "frozen": "the tariffs of the assessment date last, as if no ruling came",
}


@dataclass(frozen=True, eq=False)
class TariffPath:
    """Tariffs and taxes by year: the different ones, and which of them holds in each year."""

    regimes: tuple[Levies, ...]
    by_year: Int[np.ndarray, " year"]

    @cached_property
    def digests(self) -> tuple[str, ...]:
        """Digest of every regime: what is solved under one holds for the same one elsewhere."""
        return tuple(regime.digest for regime in self.regimes)

    def equals(self, other: "TariffPath") -> bool:
        """Return whether the tariffs and taxes of every year are the same."""
        mine, theirs = (
            [path.digests[at] for at in path.by_year] for path in (self, other)
        )  # fmt: skip
        return mine == theirs


def tariff_path(
    deal: Deal,
    name: str,
    world: World,
    timeline: Timeline,
    *,
    triggered: Collection[str] = (),
    rebuilt: bool = False,
    collected: float | None = None,
) -> TariffPath:
    """Return the tariffs and taxes of a package in each year of the horizon, fractions of value.

    Args:
        deal: The deal.
        name: Name of the package.
        world: The baseline.
        timeline: Which tariffs hold when.
        triggered: Events declared to have happened.
        rebuilt: Whether tariffs that a court voids are set anew, where their clauses say how.
        collected: Quantile at which every range of a collected share stands; None for the middle.
    """
    clauses, events = deal.clauses(name), frozenset(triggered)
    if collected is not None:
        clauses = tuple(
            clause.collected_at(collected) if isinstance(clause, TariffClause) else clause
            for clause in clauses
        )
    if rebuilt:
        clauses = tuple(set_anew(clauses))
    years = range(deal.window[0], deal.window[0] + deal.settings.horizon)
    if timeline == "frozen":
        only = levies_on(clauses, world, deal.evaluate_on, triggered=events)
        return TariffPath((only,), np.zeros(len(years), dtype=int))
    turns = sorted({*turns_of(clauses), *turns_of_taxes(clauses)})
    on_day: dict[date, Levies] = {}
    regimes: dict[str, tuple[int, Levies]] = {}
    by_year = []
    for year in years:
        parts = _parts(year, turns)
        for day, _ in parts:
            if day not in on_day:
                on_day[day] = levies_on(clauses, world, day, triggered=events)
        levies = mean_levies([(on_day[day], count) for day, count in parts])
        regimes.setdefault(levies.digest, (len(regimes), levies))
        by_year.append(regimes[levies.digest][0])
    return TariffPath(tuple(levies for _, levies in regimes.values()), np.array(by_year))


def levies_on(
    clauses: Sequence[ClauseBase],
    world: World,
    day: date,
    *,
    triggered: frozenset[str] = frozenset(),
) -> Levies:
    """Return the tariffs and taxes in force on a day, as fractions of value.

    Args:
        clauses: Clauses of a package; kinds that set no rate are ignored.
        world: Regions, sectors, base tariffs and import lines.
        day: Day whose rates are wanted.
        triggered: Names of events declared to have happened (for snap-backs).
    """
    tariff = tariff_on(clauses, world, day, triggered=triggered)
    return Levies(tariff, **taxes_on(clauses, world, day))


def set_anew(clauses: Sequence[ClauseBase]) -> Iterator[ClauseBase]:
    """Yield clauses with those that a court voids set anew on another basis, as they say.

    What the importer charges the same exporters on that basis instead, from the ruling on, gives
    way to it.
    """
    rulings = [clause for clause in clauses if isinstance(clause, RulingClause)]
    anew: list[TariffClause] = []
    for clause in clauses:
        if isinstance(clause, TariffClause) and clause.rebuilt is not None:
            void = [
                ruling.from_ for ruling in rulings
                if (ruling.importer, ruling.basis) == (clause.importer, clause.basis)
            ]  # fmt: skip
            if void and (clause.until is None or clause.until >= min(void)):
                start, basis = max(clause.rebuilt.from_, min(void)), clause.rebuilt.basis
                changes = {"from_": start, "basis": basis, "rebuilt": None, "retroactive": None}
                anew.append(clause.model_copy(update=changes))
    for clause in clauses:
        gone = [
            name
            for law in anew
            if isinstance(clause, TariffClause)
            and (clause.importer, clause.basis) == (law.importer, law.basis)
            and clause.from_ is not None
            and clause.from_ >= min(ruling.from_ for ruling in rulings)
            for name in law.exporters
        ]
        if gone and isinstance(clause, TariffClause):
            kept = (*clause.except_exporters, *gone)
            yield clause.model_copy(update={"except_exporters": kept})
        else:
            yield clause
    yield from anew


def turns_of(clauses: Sequence[ClauseBase]) -> Iterator[date]:
    """Yield every day on which the rate of some tariff may change, in the order of the file."""
    for clause in clauses:
        if isinstance(clause, RulingClause):
            yield clause.from_
        elif isinstance(clause, TariffClause):
            if clause.from_ is not None:
                yield clause.from_
            if clause.lag_months and clause.collected_from is not None:
                yield clause.collected_from
            if clause.until is not None:
                yield clause.until + timedelta(days=1)
            yield from (step.from_ for step in clause.steps)
            if clause.quota is not None:
                yield from (step.from_ for step in clause.quota.steps)


def _parts(year: int, turns: Sequence[date]) -> tuple[tuple[date, int], ...]:
    """Return the stretches of a year: the turn each began with, and its days.

    Years without a turn of their own share the stretch that runs through them.
    """
    first, after = date(year, 1, 1), date(year + 1, 1, 1)
    before = max((day for day in turns if day <= first), default=date.min)
    inside = [day for day in turns if first < day < after]
    if not inside:
        return ((before, 1),)
    starts = [before, *inside]
    edges = [first, *inside, after]
    lengths = [(b - a).days for a, b in pairwise(edges)]
    return tuple(zip(starts, lengths, strict=True))
