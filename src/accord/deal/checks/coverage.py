"""Whether a tariff covers any trade: exceptions that leave nothing, codes without imports."""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from pydantic import ValidationError

from accord.cases.shipped import background_names
from accord.core.errors import Notice, Problem
from accord.data.world import World
from accord.deal.checks.text.as_written import Place, Written, clause_places, texts_of
from accord.deal.clauses.base import ClauseBase
from accord.deal.clauses.tariff import TariffClause
from accord.deal.deal import Deal
from accord.deal.goods.codes import HS6, HS_CODE, listed
from accord.deal.goods.look_up import codes_of
from accord.deal.products import ImportCells, build_cells, expand_regions


def check_coverage(as_written: Written, world: World | None) -> Iterator[Problem]:
    """Yield the problems of tariffs whose exceptions leave nothing."""
    for place in clause_places(as_written):
        importer = texts_of(place.as_written.get("importer"))
        buyers = () if world is None else expand_regions(importer, world.regions)
        if world is None or place.as_written.get("kind") != "tariff" or not buyers:
            continue
        yield from _check_exceptions(place, build_cells(world, buyers[0]))


def find_idle_tariffs(deal: Deal, world: World) -> Iterator[Notice]:
    """Yield a notice for each tariff, and each HS code, without imports in the base year.

    Shipped backgrounds are left out: their reader cannot mend them.

    Args:
        deal: A deal that the checks accept.
        world: The world whose imports are looked up.
    """
    lists = (deal.background, deal.no_deal, *deal.packages, *deal.histories)
    shipped = tuple(f"{name}, line " for name in background_names())
    clauses = (clause for table in lists for clause in table.clause)
    yield from find_idle((c for c in clauses if not c.path.startswith(shipped)), world)


def find_idle(clauses: Iterable[ClauseBase], world: World) -> Iterator[Notice]:
    """Yield a notice for each tariff among clauses, and each HS code, without imports.

    Args:
        clauses: Clauses that the checks accept; other kinds are left out.
        world: The world whose imports of the base year are looked up.
    """
    for clause in clauses:
        if isinstance(clause, TariffClause):
            buyers = expand_regions([clause.importer], world.regions)
            if buyers:
                yield from _find_idle(clause, [build_cells(world, buyer) for buyer in buyers])


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
            message = f"leaves nothing of what the clause covers: {listed(left_out)}"
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
    bought = cells.hs6[ours[cells.exporter] & (cells.imports > 0) & (cells.hs6 >= 0)]
    count = np.bincount(bought, minlength=10**HS6)
    idle = [code for code in codes if not count[_range_of(code)].any()]
    if idle:
        message = f"{clause.importer} imports nothing from {sold} under {listed(idle)}"
        near = _neighbours(idle[0], cells)
        remedy = "delete the codes, or correct them"
        if near and not _is_imported(idle[0], cells):
            remedy += f"; heading {idle[0][:4]} has {listed(near)}"
        yield Notice(f"{clause.path}.products", message, remedy)


def _range_of(code: str) -> slice:
    """The HS6 codes, as numbers, that begin with a code."""
    short = code[:HS6]
    width = 10 ** (HS6 - len(short))
    return slice(int(short) * width, (int(short) + 1) * width)


def _is_imported(code: str, cells: ImportCells) -> bool:
    """Whether any import line of the importer falls under an HS code."""
    return code[:6] in codes_of(cells)


def _neighbours(code: str, cells: ImportCells) -> Sequence[str]:
    """The HS6 codes of the same heading that the import lines have."""
    return sorted(c for c in codes_of(cells) if len(c) == 6 and c.startswith(code[:4]))
