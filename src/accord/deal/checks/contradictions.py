"""Tariff clauses that cannot both hold.

Two tariff clauses contradict each other when they stand in one package (or its background), have
the same importer and the same legal basis, share an exporter, a product and a day, and
- say the same thing twice (it would be counted twice), or
- differ and are not both `add` (two add-ons stack), nor a floor below a ceiling (they make a band).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
from pydantic import ValidationError

from accord.core.errors import Problem
from accord.core.words import with_article
from accord.data.world import World
from accord.deal.checks.text.as_written import tables_of, texts_of
from accord.deal.clauses.tariff import TariffClause
from accord.deal.goods.codes import HS_CODE
from accord.deal.includes.replaced import standing
from accord.deal.products import (
    EVERYTHING,
    BoolCells,
    IntCovered,
    build_cells,
    expand_regions,
)
from accord.deal.regions import members_of

PART = "end one with `until`, or part them with `except_products` or `except_exporters`"
REMEDY = (
    "end one with `until`, part them with `except_products` or `except_exporters`, or delete one"
)


@dataclass(frozen=True)
class Placed:
    """A tariff clause, its path, what it says beside titles and sources, and where it is from."""

    path: str
    clause: TariffClause
    says: str
    included: bool = False

    @property
    def goods(self) -> tuple[tuple[str, ...], ...]:
        """Who charges it and what it covers, by name."""
        clause = self.clause
        covers = (
            clause.exporters, clause.except_exporters, clause.products, clause.except_products,
        )  # fmt: skip
        return (clause.importer,), *covers


def check_contradictions(
    as_written: Mapping[str, Any], world: World | None, included: int = 0
) -> Iterator[Problem]:
    """Yield one problem for each tariff clause that cannot hold beside an earlier one.

    Only the first such clause is named. Clauses that are wrong in themselves are left out: their
    own problems come first. So are clauses of the deal beside included ones that they neither
    replace nor are said to hold beside: `check_includes` tells of those.

    Args:
        as_written: The file as parsed.
        world: Where the goods that clauses cover are looked up; None compares names.
        included: Number of clauses at the head of `[background]` that come from included files.
    """
    reach = Reach(world)
    background = as_written.get("background")
    entries = background.get("clause") if isinstance(background, Mapping) else None
    known = {name for entry in tables_of(entries)[:included] for name in texts_of(entry.get("id"))}
    whole = placed_tariffs("background", as_written.get("background"), included)
    borrowed = [placed for placed in whole if placed.included]
    ours = [placed for placed in whole if not placed.included]
    yield from _pairs(borrowed, (), reach)
    yield from _pairs(_settled(ours, known), _beside(borrowed, ours), reach)
    tables = [("no_deal", as_written.get("no_deal"))]
    for heading in ("package", "history"):
        entries = as_written.get(heading)
        if isinstance(entries, list):
            tables += [(f"{heading}[{n}]", entry) for n, entry in enumerate(entries, start=1)]
    for path, table in tables:
        shared = isinstance(table, Mapping) and table.get("background", True) is not False
        own = _settled(placed_tariffs(path, table), known)
        holds = shared and not path.startswith("history")
        yield from _pairs(own, _beside(whole, (*ours, *own)) if holds else (), reach)


def _settled(own: Sequence[Placed], known: Collection[str]) -> list[Placed]:
    """Clauses that name what they replace, a name that no included clause has put aside.

    What such a clause stands beside is not known before the name is corrected.
    """
    return [
        placed
        if set(placed.clause.replaces or ()) <= set(known)
        else replace(placed, clause=placed.clause.model_copy(update={"replaces": None}))
        for placed in own
    ]


def _beside(common: Sequence[Placed], own: Sequence[Placed]) -> list[Placed]:
    """Tariffs of the background as they hold beside those that may replace them."""
    replacing = [placed.clause for placed in own if placed.clause.replaces]
    return [
        replace(placed, clause=clause)
        for placed in common
        for clause in standing([placed.clause], replacing)
        if isinstance(clause, TariffClause)
    ]


def placed_tariffs(path: str, table: Any, included: int = 0) -> tuple[Placed, ...]:
    """Return the tariff clauses of a table that can be read; the first ones may be included."""
    entries = table.get("clause") if isinstance(table, Mapping) else None
    placed_all: list[Placed] = []
    for number, entry in enumerate(entries if isinstance(entries, list) else (), start=1):
        if isinstance(entry, Mapping) and entry.get("kind") == "tariff":
            try:
                clause = TariffClause.model_validate(entry)
            except ValidationError:
                continue
            says = repr(clause.model_dump(exclude={"title", "note", "source", "id", "replaces"}))
            place = f"{path}.clause[{number}]"
            placed_all.append(Placed(place, clause, says, included=number <= included))
    return tuple(placed_all)


def _pairs(own: Sequence[Placed], common: Sequence[Placed], reach: "Reach") -> Iterator[Problem]:
    """Yield the first clash of each clause, compared with those of its importer and basis only."""
    groups: dict[tuple[str, str], _Group] = {}
    named = {placed.clause.importer for placed in (*common, *own)}

    def groups_of(placed: Placed) -> list[_Group]:
        """The clauses so far of the importer, and of those of its members that others name."""
        importer, basis = placed.clause.importer, placed.clause.basis
        members = named.intersection(members_of(importer))
        return [
            groups.setdefault((name, basis), _Group(reach, name))
            for name in dict.fromkeys((importer, *sorted(members)))
        ]

    for shared in common:
        for group in groups_of(shared):
            group.add(shared)
    for later in own:
        clash = next(_clashes(later, groups_of(later), reach), None)
        if clash is not None:
            yield clash
        for group in groups_of(later):
            group.add(later)


def _clashes(later: Placed, groups: Sequence["_Group"], reach: "Reach") -> Iterator[Problem]:
    """Yield the earlier clauses beside which one cannot hold."""
    for group in groups:
        for earlier in group.near(later):
            same = earlier.clause.importer == later.clause.importer
            if earlier.included and same and later.clause.replaces is None:
                continue
            conflict = _conflict(earlier, later)
            if conflict and reach.overlap(earlier, later):
                yield Problem(
                    later.path, f"{conflict} {_name_of(earlier)}", _remedy(earlier, later)
                )


def _name_of(placed: Placed) -> str:
    """The place of a clause, and its id where it comes from an included background."""
    name = placed.clause.id if placed.included else None
    return placed.path if name is None else f'"{name}" of an included background ({placed.path})'


def _remedy(earlier: Placed, later: Placed) -> str:
    """What to write: the line that takes an included clause's place, or how to part the two."""
    if not earlier.included or earlier.clause.id is None:
        return REMEDY
    if earlier.clause.importer != later.clause.importer:
        return PART
    ids = dict.fromkeys((*(later.clause.replaces or ()), earlier.clause.id))
    line = ", ".join(f'"{name}"' for name in ids)
    return f"write replaces = [{line}] to take its place, or {PART}"


class Reach:
    """Which goods clauses cover: on the import cells of a world, or by name where there is none."""

    def __init__(self, world: World | None) -> None:
        """Measure on a world; by names alone (certain overlaps only) if it is None."""
        self.world = world
        self._shared: dict[tuple[object, object], bool] = {}
        self._regions: dict[tuple[str, ...], str | None] = {}

    def overlap(self, earlier: Placed, later: Placed) -> bool:
        """Return whether two clauses of one importer cover some of the same goods."""
        pair = earlier.goods, later.goods
        if pair not in self._shared:
            self._shared[pair] = self._overlap(earlier.clause, later.clause)
        return self._shared[pair]

    def cells(self, placed: Placed, importer: str) -> IntCovered | None:
        """Return the positions of the cells a clause covers; None without a world to look at."""
        region = self.region(importer)
        if self.world is None or region is None:
            return None
        return build_cells(self.world, region).select(placed.clause)

    def region(self, *importers: str) -> str | None:
        """Return the region whose cells tell what is covered: the first one that all include."""
        if importers not in self._regions:
            regions = self.world.regions if self.world is not None else ()
            first, *others = (expand_regions([importer], regions) for importer in importers)
            shared = (name for name in first if all(name in other for other in others))
            self._regions[importers] = next(shared, None)
        return self._regions[importers]

    def _overlap(self, first: TariffClause, second: TariffClause) -> bool:
        world = self.world
        if world is None:
            return _overlap_by_name(first, second)
        importer = self.region(first.importer, second.importer)
        if importer is None:
            return _overlap_by_name(first, second)
        cells = build_cells(world, importer)
        sold = _regions(first, world.regions) & _regions(second, world.regions)
        covered = np.zeros(cells.imports.shape, dtype=bool)
        covered[cells.select(first)] = True
        return bool(sold) and bool(covered[cells.select(second)].any())


class _Group:
    """The clauses so far of one importer and basis, by rule, with the cells they cover."""

    def __init__(self, reach: Reach, importer: str) -> None:
        self._reach, self._importer = reach, importer
        self._same: dict[str, Placed] = {}
        self._by_rule: dict[str, list[Placed]] = defaultdict(list)
        self._taken: dict[str, BoolCells] = {}

    def near(self, later: Placed) -> Iterator[Placed]:
        """Yield the clauses that may cover some of the same goods, an equal one first."""
        twin = self._same.get(later.says)
        if twin is not None:
            yield twin
        cells = self._reach.cells(later, self._importer)
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
        cells = self._reach.cells(placed, self._importer)
        importer = self._reach.region(self._importer)
        if cells is not None and self._reach.world is not None and importer is not None:
            if rule not in self._taken:
                count = build_cells(self._reach.world, importer).imports.size
                self._taken[rule] = np.zeros(count, dtype=bool)
            self._taken[rule][cells] = True


def _conflict(earlier: Placed, later: Placed) -> str:
    """How two clauses clash if they cover the same goods: text before the other's path, or ""."""
    first, second = earlier.clause, later.clause
    if not share_a_day(first, second):
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


def share_a_day(first: TariffClause, second: TariffClause) -> bool:
    """Return whether there is a day on which two clauses are both in force."""
    start = max(first.from_ or date.min, second.from_ or date.min)
    ends = [day for day in (first.until, second.until) if day is not None]
    return all(start <= end for end in ends)


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
