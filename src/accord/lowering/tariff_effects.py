"""What each tariff clause does to the tariff on the trade it covers."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

import numpy as np

from accord.data.world import World
from accord.deal.clauses.tariff import TariffClause
from accord.deal.deal import NO_DEAL, Deal
from accord.deal.products import (
    Extent,
    FloatCells,
    ImportCells,
    build_cells,
    expand_regions,
)
from accord.lowering.roles import by_member
from accord.lowering.stacking.charges import AsOf
from accord.lowering.stacking.rates import added_by_part

CENT_OF_A_POINT = 1e-4
MOST_STAGES = 5
Rates = Callable[[str, str, date], FloatCells]


@dataclass(frozen=True)
class Stage:
    """The tariff on what a clause covers from one day on: import-weighted fractions.

    `before` is the tariff without a deal and `after` the one under the package. For the clauses of
    `no_deal`, `before` is the duty of the base year.
    """

    day: date
    before: float
    after: float


@dataclass(frozen=True)
class TariffEffect:
    """One tariff clause, the trade it covers (bn USD a year), and what it does there.

    `stages` begin with the day of evaluation, or the first day of a clause that comes later. The
    others are those of its steps after it: all of them where they are few, else the last.
    """

    package: str
    path: str
    title: str
    importer: str
    exporters: str
    trade: float
    stages: tuple[Stage, ...]
    lowers: bool
    """Whether some rate is lowered: that of a line, or that inside the quota."""

    @property
    def day(self) -> date:
        """The day of the last stage, on which all steps are done."""
        return self.stages[-1].day

    @property
    def before(self) -> float:
        """The tariff without the package in the last stage, a fraction."""
        return self.stages[-1].before

    @property
    def after(self) -> float:
        """The tariff under the package in the last stage, a fraction."""
        return self.stages[-1].after

    @property
    def worst(self) -> Stage:
        """The stage in which the package raises the tariff most."""
        return max(self.stages, key=lambda stage: stage.after - stage.before)

    @property
    def raises(self) -> bool:
        """Whether the average tariff on what the clause covers is raised in some stage."""
        return self.worst.after > self.worst.before + CENT_OF_A_POINT


def tariff_effects(deal: Deal, world: World) -> tuple[TariffEffect, ...]:
    """Return what each tariff clause of each package does, by package and clause."""
    parts = _covered_parts(deal, world)

    @cache
    def rates(name: str, importer: str, day: date) -> FloatCells:
        cells, part = build_cells(world, importer), parts[importer]
        clauses = by_member(deal.clauses(name), world)
        return np.asarray(part.base + added_by_part(cells, part, clauses, AsOf(day)))

    return tuple(
        _effect_of(buyers, clause, name, deal.evaluate_on, rates=rates)
        for name, clause in _clauses_of(deal)
        if (buyers := [parts[buyer] for buyer in buyers_of(clause, world)])
    )


def _clauses_of(deal: Deal) -> Iterator[tuple[str, TariffClause]]:
    """Yield the tariff clauses of each package, with its name."""
    for name in deal.package_names:
        for clause in deal.package(name).clause:
            if isinstance(clause, TariffClause):
                yield name, clause


def _covered_parts(deal: Deal, world: World) -> dict[str, ImportCells]:
    """Return the import cells that clauses of the packages cover, by who charges them."""
    covered: dict[str, set[Extent]] = defaultdict(set)
    for _, clause in _clauses_of(deal):
        for buyer in buyers_of(clause, world):
            covered[buyer].add(build_cells(world, buyer).extent(clause))
    parts = {}
    for buyer, extents in covered.items():
        cells = build_cells(world, buyer)
        among = np.zeros(cells.imports.shape, dtype=bool)
        for extent in extents:
            among[cells.within(extent)] = True
        parts[buyer] = cells.part(np.flatnonzero(among))
    return parts


def buyers_of(clause: TariffClause, world: World) -> tuple[str, ...]:
    """Return the regions that charge a tariff: its importer, or the members of that group."""
    return expand_regions([clause.importer], world.regions)


def _effect_of(
    buyers: Sequence[ImportCells],
    clause: TariffClause,
    name: str,
    evaluate_on: date,
    *,
    rates: Rates,
) -> TariffEffect:
    """What one clause of a package does on the trade it covers, over all who charge it."""
    parts = [(cells, cells.select(clause)) for cells in buyers]
    imports = np.concatenate([cells.imports[at] for cells, at in parts])

    def paid(package: str | None, day: date) -> FloatCells:
        """The rates on what is covered, under a package or (None) in the base year."""
        return np.concatenate(
            [
                (cells.base if package is None else rates(package, cells.importer, day))[at]
                for cells, at in parts
            ]
        )

    stages, falls = [], False
    for day in _days_of(clause, evaluate_on):
        before, after = paid(None if name == NO_DEAL else NO_DEAL, day), paid(name, day)
        stages.append(Stage(day, _mean(imports, before), _mean(imports, after)))
        falls = falls or bool((after < before - CENT_OF_A_POINT)[imports > 0].any())
    quota = clause.quota is not None and (
        clause.quota.in_quota_rate > clause.rate
        if clause.rule == "cut"
        else clause.quota.in_quota_rate < stages[-1].before
    )
    exporters = ", ".join(clause.exporters)
    if clause.except_exporters:
        exporters += " but " + ", ".join(clause.except_exporters)
    return TariffEffect(
        package=name,
        path=clause.path,
        title=clause.title or ", ".join(clause.products),
        importer=clause.importer,
        exporters=exporters,
        trade=float(imports.sum()),
        stages=tuple(stages),
        lowers=name != NO_DEAL and (falls or quota),
    )


def _days_of(clause: TariffClause, evaluate_on: date) -> tuple[date, ...]:
    """Days on which a clause is looked at: when it holds first, and when its steps begin."""
    ends = date.max if clause.until is None else clause.until
    first = min(ends, evaluate_on if clause.from_ is None else max(evaluate_on, clause.from_))
    stages = [step.from_ for step in clause.steps]
    if clause.quota is not None:
        stages += [step.from_ for step in clause.quota.steps]
    later = sorted({day for day in stages if first < day <= ends})
    return (first, *(later if len(later) < MOST_STAGES else later[-1:]))


def _mean(imports: FloatCells, rate: FloatCells) -> float:
    """Import-weighted mean of a rate, a fraction; 0 without imports."""
    total = float(imports.sum())
    return float((imports * rate).sum() / total) if total > 0 else 0.0
