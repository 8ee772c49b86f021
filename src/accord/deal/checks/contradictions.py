"""Tariff clauses that cannot both hold.

Two tariff clauses contradict each other when they stand in one package (or its background), have
the same importer and the same legal basis, share an exporter, a product and a day, and
- say the same thing twice (it would be counted twice), or
- differ and are not both `add` (two add-ons stack), nor a floor below a ceiling (they make a band).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from pydantic import ValidationError

from accord.core.errors import Problem
from accord.core.words import with_article
from accord.data.world import World
from accord.deal.clauses.tariff import TariffClause
from accord.deal.products import EVERYTHING, HS_CODE, build_cells, expand_regions

REMEDY = (
    "end one with `until`, part them with `except_products` or `except_exporters`, or delete one"
)
Overlap = Callable[[TariffClause, TariffClause], bool]


@dataclass(frozen=True)
class Placed:
    """A tariff clause and its path."""

    path: str
    clause: TariffClause


def check_contradictions(as_written: Mapping[str, Any], world: World | None) -> Iterator[Problem]:
    """Yield one problem for each pair of tariff clauses that cannot both hold.

    Clauses that are wrong in themselves are left out: their own problems come first.
    """
    overlap = _overlap_in(world) if world is not None else _overlap_by_name
    common = _placed("background", as_written.get("background"))
    yield from _pairs(common, (), overlap)
    tables = [("no_deal", as_written.get("no_deal"))]
    for heading in ("package", "history"):
        entries = as_written.get(heading)
        if isinstance(entries, list):
            tables += [(f"{heading}[{n}]", entry) for n, entry in enumerate(entries, start=1)]
    for path, table in tables:
        shared = isinstance(table, Mapping) and table.get("background", True) is not False
        others = common if shared and not path.startswith("history") else ()
        yield from _pairs(_placed(path, table), others, overlap)


def _placed(path: str, table: Any) -> tuple[Placed, ...]:
    """The tariff clauses of a table that can be read."""
    entries = table.get("clause") if isinstance(table, Mapping) else None
    found: list[Placed] = []
    for number, entry in enumerate(entries if isinstance(entries, list) else (), start=1):
        if isinstance(entry, Mapping) and entry.get("kind") == "tariff":
            try:
                clause = TariffClause.model_validate(entry)
            except ValidationError:
                continue
            found.append(Placed(f"{path}.clause[{number}]", clause))
    return tuple(found)


def _pairs(own: Sequence[Placed], common: Sequence[Placed], overlap: Overlap) -> Iterator[Problem]:
    for position, later in enumerate(own):
        for earlier in (*common, *own[:position]):
            conflict = _conflict(earlier.clause, later.clause)
            if conflict and overlap(earlier.clause, later.clause):
                yield Problem(later.path, f"{conflict} {earlier.path}", REMEDY)


def _conflict(first: TariffClause, second: TariffClause) -> str:
    """How two clauses clash if they cover the same goods: text before the other's path, or ""."""
    if (first.importer, first.basis) != (second.importer, second.basis):
        return ""
    starts, ends = (first.from_ or date.min, second.from_ or date.min), _ends(first, second)
    if max(starts) > min(ends):
        return ""
    about = {"title", "note", "source"}
    if first.model_dump(exclude=about) == second.model_dump(exclude=about):
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
    return first.until or date.max, second.until or date.max


def _overlap_in(world: World) -> Overlap:
    """Overlap of two clauses measured on the import cells of a world."""

    def overlap(first: TariffClause, second: TariffClause) -> bool:
        if first.importer not in world.regions:
            return False
        cells = build_cells(world, first.importer)
        sold = _regions(first, world.regions) & _regions(second, world.regions)
        return bool(sold) and np.intersect1d(cells.select(first), cells.select(second)).size > 0

    return overlap


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
    for one in ours:
        for other in theirs:
            common = other if one == EVERYTHING else one if other in (one, EVERYTHING) else ""
            if not common and HS_CODE.match(one) and HS_CODE.match(other):
                longer, shorter = sorted((one, other), key=len, reverse=True)
                common = longer if longer.startswith(shorter) else ""
            if common and common not in left_out:
                return True
    return False
