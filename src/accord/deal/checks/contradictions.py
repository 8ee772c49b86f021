"""Tariff clauses that cannot both hold.

Two tariff clauses contradict each other when they stand in one package (or its background), have
the same importer and the same legal basis, share an exporter, a product and a day, and
- say the same thing twice (it would be counted twice), or
- differ and are not both `add` (two add-ons stack), nor a floor below a ceiling (they make a band).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from pydantic import ValidationError

from accord.core.errors import Problem
from accord.core.words import with_article
from accord.data.world import World
from accord.deal.clauses.tariff import TariffClause
from accord.deal.products import (
    EVERYTHING,
    HS_CODE,
    BoolCells,
    IntCovered,
    build_cells,
    expand_regions,
)

REMEDY = (
    "end one with `until`, part them with `except_products` or `except_exporters`, or delete one"
)


@dataclass(frozen=True)
class Placed:
    """A tariff clause, its path, and what it says beside its title, note and sources."""

    path: str
    clause: TariffClause
    says: str

    @property
    def goods(self) -> tuple[tuple[str, ...], ...]:
        """What it covers, by name."""
        clause = self.clause
        return clause.exporters, clause.except_exporters, clause.products, clause.except_products


def check_contradictions(as_written: Mapping[str, Any], world: World | None) -> Iterator[Problem]:
    """Yield one problem for each tariff clause that cannot hold beside an earlier one.

    Only the first such clause is named. Clauses that are wrong in themselves are left out: their
    own problems come first.
    """
    reach = Reach(world)
    common = _placed("background", as_written.get("background"))
    yield from _pairs(common, (), reach)
    tables = [("no_deal", as_written.get("no_deal"))]
    for heading in ("package", "history"):
        entries = as_written.get(heading)
        if isinstance(entries, list):
            tables += [(f"{heading}[{n}]", entry) for n, entry in enumerate(entries, start=1)]
    for path, table in tables:
        shared = isinstance(table, Mapping) and table.get("background", True) is not False
        others = common if shared and not path.startswith("history") else ()
        yield from _pairs(_placed(path, table), others, reach)


def _placed(path: str, table: Any) -> tuple[Placed, ...]:
    """The tariff clauses of a table that can be read."""
    entries = table.get("clause") if isinstance(table, Mapping) else None
    placed_all: list[Placed] = []
    for number, entry in enumerate(entries if isinstance(entries, list) else (), start=1):
        if isinstance(entry, Mapping) and entry.get("kind") == "tariff":
            try:
                clause = TariffClause.model_validate(entry)
            except ValidationError:
                continue
            says = repr(clause.model_dump(exclude={"title", "note", "source"}))
            placed_all.append(Placed(f"{path}.clause[{number}]", clause, says))
    return tuple(placed_all)


def _pairs(own: Sequence[Placed], common: Sequence[Placed], reach: "Reach") -> Iterator[Problem]:
    """Yield the first clash of each clause, compared with those of its importer and basis only."""
    groups: dict[tuple[str, str], _Group] = defaultdict(lambda: _Group(reach))
    for shared in common:
        groups[shared.clause.importer, shared.clause.basis].add(shared)
    for later in own:
        group = groups[later.clause.importer, later.clause.basis]
        for earlier in group.near(later):
            conflict = _conflict(earlier, later)
            if conflict and reach.overlap(earlier, later):
                yield Problem(later.path, f"{conflict} {earlier.path}", REMEDY)
                break
        group.add(later)


class Reach:
    """Which goods clauses cover: on the import cells of a world, or by name where there is none."""

    def __init__(self, world: World | None) -> None:
        """Measure on a world; by names alone (certain overlaps only) if it is None."""
        self.world = world
        self._shared: dict[tuple[object, object], bool] = {}

    def overlap(self, earlier: Placed, later: Placed) -> bool:
        """Return whether two clauses of one importer cover some of the same goods."""
        pair = earlier.goods, later.goods
        if pair not in self._shared:
            self._shared[pair] = self._overlap(earlier.clause, later.clause)
        return self._shared[pair]

    def cells(self, placed: Placed) -> IntCovered | None:
        """Return the positions of the cells a clause covers; None without a world to look at."""
        importer = self.importer(placed.clause)
        if self.world is None or importer is None:
            return None
        return build_cells(self.world, importer).select(placed.clause)

    def importer(self, clause: TariffClause) -> str | None:
        """Return the region whose cells tell what a clause covers: the first of a group."""
        regions = self.world.regions if self.world is not None else ()
        return next(iter(expand_regions([clause.importer], regions)), None)

    def _overlap(self, first: TariffClause, second: TariffClause) -> bool:
        world = self.world
        if world is None:
            return _overlap_by_name(first, second)
        importer = self.importer(first)
        if importer is None:
            return _overlap_by_name(first, second)
        cells = build_cells(world, importer)
        sold = _regions(first, world.regions) & _regions(second, world.regions)
        return bool(sold) and np.intersect1d(cells.select(first), cells.select(second)).size > 0


class _Group:
    """The clauses so far of one importer and basis, by rule, with the cells they cover."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach
        self._same: dict[str, Placed] = {}
        self._by_rule: dict[str, list[Placed]] = defaultdict(list)
        self._taken: dict[str, BoolCells] = {}

    def near(self, later: Placed) -> Iterator[Placed]:
        """Yield the clauses that may cover some of the same goods, an equal one first."""
        twin = self._same.get(later.says)
        if twin is not None:
            yield twin
        cells = self._reach.cells(later)
        for rule, placed in self._by_rule.items():
            if rule == later.clause.rule == "add":
                continue  # add-ons stack
            if cells is None or self._taken[rule][cells].any():
                yield from placed

    def add(self, placed: Placed) -> None:
        """Remember a clause."""
        rule = placed.clause.rule
        self._same.setdefault(placed.says, placed)
        self._by_rule[rule].append(placed)
        cells = self._reach.cells(placed)
        importer = self._reach.importer(placed.clause)
        if cells is not None and self._reach.world is not None and importer is not None:
            if rule not in self._taken:
                count = build_cells(self._reach.world, importer).imports.size
                self._taken[rule] = np.zeros(count, dtype=bool)
            self._taken[rule][cells] = True


def _conflict(earlier: Placed, later: Placed) -> str:
    """How two clauses clash if they cover the same goods: text before the other's path, or ""."""
    first, second = earlier.clause, later.clause
    starts, ends = (first.from_ or date.min, second.from_ or date.min), _ends(first, second)
    if max(starts) > min(ends):
        return ""
    if earlier.says == later.says:
        return "repeats"
    if first.rule == second.rule == "add":
        return ""
    band = {first.rule: first.rate, second.rule: second.rate}
    if set(band) == {"floor", "ceiling"} and band["floor"] <= band["ceiling"]:
        return ""
    if (first.rule, first.rate) == (second.rule, second.rate):
        return f"sets the same {second.basis} {second.rule} on some of the same goods as"
    held = f"{with_article(first.rule)} of {first.rate:g}"
    return (
        f"sets {with_article(second.basis)} {second.rule} of {second.rate:g} where {held} "
        f"already holds on the same goods and days: contradicts"
    )


def _ends(first: TariffClause, second: TariffClause) -> tuple[date, date]:
    ends = [date.max if clause.until is None else clause.until for clause in (first, second)]
    return ends[0], ends[1]


def _regions(clause: TariffClause, regions: Sequence[str]) -> set[str]:
    left_out = set(expand_regions(clause.except_exporters, regions))
    return set(expand_regions(clause.exporters, regions)) - left_out


def _overlap_by_name(first: TariffClause, second: TariffClause) -> bool:
    """Overlap of two clauses judged by names alone: certain overlaps only."""
    return _share(
        first.exporters, first.except_exporters, second.exporters, second.except_exporters
    ) and _share(first.products, first.except_products, second.products, second.except_products)


def _share(
    ours: Iterable[str], not_ours: Iterable[str], theirs: Iterable[str], not_theirs: Iterable[str]
) -> bool:
    left_out = {*not_ours, *not_theirs}
    for our in ours:
        for other in theirs:
            common = other if our == EVERYTHING else our if other in (our, EVERYTHING) else ""
            if not common and HS_CODE.match(our) and HS_CODE.match(other):
                longer, shorter = sorted((our, other), key=len, reverse=True)
                common = longer if longer.startswith(shorter) else ""
            if common and common not in left_out:
                return True
    return False
