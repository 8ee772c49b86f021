"""Whether a tariff clause covers any trade: codes that are gone, exceptions that leave nothing."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from importlib import resources
from typing import Any

import numpy as np
from pydantic import ValidationError

from accord.core.errors import Notice, Problem
from accord.data.world import World
from accord.deal.checks.text.as_written import Place, Written, clause_places, texts_of
from accord.deal.clauses.tariff import TariffClause
from accord.deal.deal import Deal
from accord.deal.products import HS_CODE, ImportCells, build_cells, expand_regions

CHANGES_FILE = "hs_changes.toml"
MEASURES_CHAPTER = "99"
SHOWN = 5


def check_coverage(as_written: Written, world: World | None) -> Iterator[Problem]:
    """Yield the problems of tariffs that cannot cover what they name.

    They are HS codes of another edition or of chapter 99, and exceptions that leave nothing.
    """
    for place in clause_places(as_written):
        importer = texts_of(place.as_written.get("importer"))
        buyers = () if world is None else expand_regions(importer, world.regions)
        if world is None or place.as_written.get("kind") != "tariff" or not buyers:
            continue
        cells = build_cells(world, buyers[0])
        if cells.has_lines:
            for field in ("products", "except_products"):
                yield from _check_codes(place, field, cells)
        yield from _check_exceptions(place, cells)


def find_idle_tariffs(deal: Deal, world: World) -> Iterator[Notice]:
    """Yield a notice for each tariff, and each HS code, without imports in the base year.

    Args:
        deal: A deal that the checks accept.
        world: The world whose imports are looked up.
    """
    lists = (deal.background, deal.no_deal, *deal.packages, *deal.histories)
    for clause in (clause for table in lists for clause in table.clause):
        if isinstance(clause, TariffClause):
            buyers = expand_regions([clause.importer], world.regions)
            if buyers:
                yield from _find_idle(clause, [build_cells(world, buyer) for buyer in buyers])


def successors_of(code: str) -> tuple[str, ...]:
    """Return the HS 2022 codes that hold the goods of a code of an earlier edition, or ()."""
    successors = [
        new for old, news in _changes().items() if old.startswith(code[:6]) for new in news
    ]
    return tuple(dict.fromkeys(successors))


def _check_codes(place: Place, field: str, cells: ImportCells) -> Iterator[Problem]:
    """Problems of HS codes without any import line of the importer, one for each reason."""
    where = f"{place.path}.{field}"
    codes = [code for code in texts_of(place.as_written.get(field, [])) if HS_CODE.match(code)]
    for code in dict.fromkeys(codes):
        if _is_imported(code, cells):
            continue
        if code.startswith(MEASURES_CHAPTER):
            message = f'"{code}" is a heading of chapter 99, which names a measure and no goods'
            yield Problem(where, message, "write the HS codes of the goods, or a product group")
        elif news := [new for new in successors_of(code) if _is_imported(new, cells)]:
            message = f'"{code}" is a code of an earlier edition of the HS: no import line has it'
            yield Problem(where, message, f"its goods are now under {_listed(news)}")


def _check_exceptions(place: Place, cells: ImportCells) -> Iterator[Problem]:
    """A clause whose exceptions leave none of the trade that it names."""
    try:
        clause = TariffClause.model_validate(place.as_written)
    except ValidationError:
        return
    for field, left_out in (
        ("except_exporters", clause.except_exporters),
        ("except_products", clause.except_products),
    ):
        kept = clause.model_copy(update={field: ()})
        if left_out and not cells.select(clause).size and cells.select(kept).size:
            message = f"leaves nothing of what the clause covers: {_listed(left_out)}"
            yield Problem(f"{place.path}.{field}", message, "narrow the exception, or delete it")
            return


def _find_idle(clause: TariffClause, buyers: Sequence[ImportCells]) -> Iterator[Notice]:
    """Notices of one tariff: nothing imported under it, or under some of its codes.

    A group imports what any of its members does.
    """
    cells = buyers[0]
    names = expand_regions(clause.exporters, cells.regions)
    sold = names[0] if len(names) == 1 else "the exporters"
    if not any((buyer.imports[buyer.select(clause)] > 0).any() for buyer in buyers):
        message = f"covers no trade: {clause.importer} imports none of it from {sold}"
        remedy = "check products and exporters; as it stands the clause has no effect"
        yield Notice(clause.path, message, remedy)
        return
    codes = [code for code in clause.products if HS_CODE.match(code)]
    if not cells.has_lines or not codes:
        return
    ours = np.zeros(len(cells.regions), dtype=bool)
    ours[[cells.regions.index(name) for name in names]] = True
    traded = _prefixes(np.unique(cells.hs6[ours[cells.exporter] & (cells.imports > 0)]))
    idle = [code for code in codes if code[:6] not in traded]
    if idle:
        message = f"{clause.importer} imports nothing from {sold} under {_listed(idle)}"
        near = _neighbours(idle[0], cells)
        remedy = "delete the codes, or correct them"
        if near and not _is_imported(idle[0], cells):
            remedy += f"; heading {idle[0][:4]} has {_listed(near)}"
        yield Notice(f"{clause.path}.products", message, remedy)


def _is_imported(code: str, cells: ImportCells) -> bool:
    """Whether any import line of the importer falls under an HS code."""
    return code[:6] in _codes_of(cells)


def _neighbours(code: str, cells: ImportCells) -> Sequence[str]:
    """The HS6 codes of the same heading that the import lines have."""
    return sorted(c for c in _codes_of(cells) if len(c) == 6 and c.startswith(code[:4]))


@lru_cache(maxsize=4)
def _codes_of(cells: ImportCells) -> frozenset[str]:
    """Every HS6 code of the import lines, with its heading and its chapter."""
    return _prefixes(np.unique(cells.hs6))


def _prefixes(codes: Any) -> frozenset[str]:
    """HS6 codes given as numbers, with the headings and chapters they stand in."""
    texts = [f"{code:06d}" for code in codes.tolist() if code >= 0]
    return frozenset(text[:length] for text in texts for length in (2, 4, 6))


@lru_cache(maxsize=1)
def _changes() -> Mapping[str, tuple[str, ...]]:
    """Codes of earlier editions of the HS, and the codes of 2022 that hold their goods."""
    text = (resources.files("accord.deal") / CHANGES_FILE).read_text(encoding="utf-8")
    return {old: tuple(news) for old, news in tomllib.loads(text)["successors"].items()}


def _listed(names: Sequence[str]) -> str:
    """A few names in a row, and how many more there are."""
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more
