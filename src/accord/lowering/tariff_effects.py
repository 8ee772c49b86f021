"""What each tariff clause does to the tariff on the trade it covers, and warnings about it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

import numpy as np

from accord.core.errors import Notice
from accord.data.world import World
from accord.deal.clauses.investment import InvestmentClause
from accord.deal.clauses.tariff import TariffClause
from accord.deal.deal import NO_DEAL, Deal
from accord.deal.product_words import ProductWord, words_in
from accord.deal.products import (
    EVERYTHING,
    FloatCells,
    ImportCells,
    build_cells,
    expand_regions,
)
from accord.lowering.roles import by_member
from accord.lowering.tariff_rates import AsOf, added_by_cell

CENT_OF_A_POINT = 1e-4
MOST_OF_IT = 0.5
Rates = Callable[[str, str, date], FloatCells]


@dataclass(frozen=True)
class TariffEffect:
    """One tariff clause and the trade it covers: rates are import-weighted fractions.

    `before` is the tariff without a deal and `after` the one under the package, on `day`: the day
    of evaluation, the first day of a clause that comes later, or that of its last step. For the
    clauses of `no_deal`, `before` is the duty of the base year. `trade` is in bn USD a year.
    """

    package: str
    path: str
    title: str
    importer: str
    exporters: str
    day: date
    trade: float
    before: float
    after: float
    lowers: bool
    """Whether some rate is lowered: that of a line, or that inside the quota."""


def tariff_effects(deal: Deal, world: World) -> tuple[TariffEffect, ...]:
    """Return what each tariff clause of each package does, by package and clause."""

    @cache
    def rates(name: str, importer: str, day: date) -> FloatCells:
        cells = build_cells(world, importer)
        clauses = by_member(deal.clauses(name), world)
        return np.asarray(cells.base + added_by_cell(cells, clauses, AsOf(day)))

    return tuple(
        _effect_of(buyers, clause, name, deal.evaluate_on, rates=rates)
        for name in deal.package_names
        for clause in deal.package(name).clause
        if isinstance(clause, TariffClause)
        if (buyers := [build_cells(world, buyer) for buyer in _buyers(clause, world)])
    )


def find_doubtful_tariffs(
    deal: Deal, world: World, effects: Sequence[TariffEffect]
) -> Iterator[Notice]:
    """Yield a notice for each clause that does other things than its words say.

    Such a clause raises the average on what it covers though it lowers a line, or it covers far
    more trade than the goods its title names.
    """
    for effect in effects:
        if effect.lowers and effect.after > effect.before + CENT_OF_A_POINT:
            message = (
                f"lowers a rate, but raises the tariff on the {effect.trade:.3g} bn USD it covers "
                f"from {100 * effect.before:.1f} to {100 * effect.after:.1f} %"
            )
            yield Notice(effect.path, message, "narrow `products` to the goods that are meant")
    yield from _find_reversed(deal, effects)
    for name in deal.package_names:
        for clause in deal.package(name).clause:
            if isinstance(clause, TariffClause) and _buyers(clause, world):
                yield from _find_coarse(clause, world)


def _find_reversed(deal: Deal, effects: Sequence[TariffEffect]) -> Iterator[Notice]:
    """A notice for each investment that is paid by the party whose tariff the package cuts.

    Left alone are packages in which tariffs are cut, or money is invested, both ways.
    """
    for package in deal.packages:
        cuts = [effect for effect in effects if effect.package == package.name and effect.lowers]
        money = [clause for clause in package.clause if isinstance(clause, InvestmentClause)]
        pairs = {(clause.payer, clause.host) for clause in money}
        for clause in money:
            payer, host = clause.payer, clause.host
            is_cut = any(
                cut.importer == payer and host in cut.exporters.split(", ") for cut in cuts
            )
            if is_cut and (host, payer) not in pairs and host not in {cut.importer for cut in cuts}:
                message = f"{payer} invests in {host} and cuts its own tariff on {host} as well"
                remedy = f'did you mean payer = "{host}", host = "{payer}"?'
                yield Notice(f"{clause.path}.payer", message, remedy)


def _buyers(clause: TariffClause, world: World) -> tuple[str, ...]:
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
    day = _day_of(clause, evaluate_on)
    parts = [(cells, cells.select(clause)) for cells in buyers]
    imports = np.concatenate([cells.imports[at] for cells, at in parts])
    before, after = (
        np.concatenate(
            [
                (cells.base if package is None else rates(package, cells.importer, day))[at]
                for cells, at in parts
            ]
        )
        for package in (None if name == NO_DEAL else NO_DEAL, name)
    )
    mean_before, mean_after = _mean(imports, before), _mean(imports, after)
    falls = bool((after < before - CENT_OF_A_POINT)[imports > 0].any())
    quota = clause.quota is not None and clause.quota.in_quota_rate < mean_before
    exporters = ", ".join(clause.exporters)
    if clause.except_exporters:
        exporters += " but " + ", ".join(clause.except_exporters)
    return TariffEffect(
        package=name,
        path=clause.path,
        title=clause.title or ", ".join(clause.products),
        importer=clause.importer,
        exporters=exporters,
        day=day,
        trade=float(imports.sum()),
        before=mean_before,
        after=mean_after,
        lowers=name != NO_DEAL and (falls or quota),
    )


def _day_of(clause: TariffClause, evaluate_on: date) -> date:
    """Day on which a clause is looked at: when it holds, with all of its steps done."""
    days = [evaluate_on, *(step.from_ for step in clause.steps)]
    if clause.from_ is not None:
        days.append(clause.from_)
    latest = max(days)
    return latest if clause.until is None else min(latest, clause.until)


def _mean(imports: FloatCells, rate: FloatCells) -> float:
    """Import-weighted mean of a rate, a fraction; 0 without imports."""
    total = float(imports.sum())
    return float((imports * rate).sum() / total) if total > 0 else 0.0


def _find_coarse(clause: TariffClause, world: World) -> Iterator[Notice]:
    """A notice where the goods that the title names are the smaller part of what is covered.

    HS codes and product groups are taken as meant. Where the importer's trade is known by sector
    alone, the import lines of the world tell what the sector is made of.
    """
    words, lines = words_in(clause.title), world.lines
    if not words or lines is None or not {*world.sectors, EVERYTHING}.issuperset(clause.products):
        return
    cells = build_cells(world, lines.importer)
    seen = clause.importer == lines.importer
    sellers = expand_regions(clause.exporters, world.regions) if seen else ("all",)
    probe = clause.model_copy(update={"exporters": sellers, "importer": lines.importer})
    covered = np.zeros(cells.imports.shape, dtype=bool)
    covered[cells.select(probe)] = True
    total = float(cells.imports[covered].sum())
    named = [code for word in words for code in word.codes]
    meant = float(cells.imports[covered & cells.select_products(named)].sum())
    if total > 0 and 0 < meant < MOST_OF_IT * total:
        yield Notice(clause.path, *_coarse_words(clause, words, meant / total, seen=seen))


def _coarse_words(
    clause: TariffClause, words: Sequence[ProductWord], share: float, *, seen: bool
) -> tuple[str, str]:
    """Message and remedy for a clause that covers more than its title names."""
    products = ", ".join(clause.products[:3])
    names = " and ".join(word.word for word in words)
    where = "of the trade it covers" if seen else "of such goods in imports by line"
    message = f'the title names {names}, {100 * share:.2g} % {where} ("{products}")'
    codes = ", ".join([code for word in words for code in word.codes][:5])
    if seen:
        return message, f'did you mean the HS codes {codes}? Or name all that is covered in "title"'
    remedy = "the imports of {0} are known by sector alone: scale the rate to that share, or say so"
    return message, remedy.format(clause.importer)


__all__ = ["TariffEffect", "find_doubtful_tariffs", "tariff_effects"]
