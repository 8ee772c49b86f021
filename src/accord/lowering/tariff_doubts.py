"""Tariff clauses that do other things than their words say, as warnings."""

from collections.abc import Iterator, Sequence

import numpy as np

from accord.core.errors import Notice
from accord.data.world import World
from accord.deal.checks.doubts.rates import is_slipped
from accord.deal.checks.doubts.titles import rates_of, says_rate
from accord.deal.clauses.investment import InvestmentClause
from accord.deal.clauses.ruling import RulingClause
from accord.deal.clauses.tariff import BASE_CHANGING, TariffClause
from accord.deal.deal import Deal, Package
from accord.deal.goods.look_up import CUT_FOR_PART
from accord.deal.goods.words import ProductWord, words_in
from accord.deal.products import EVERYTHING, ImportCells, build_cells, expand_regions
from accord.lowering.roles import by_member
from accord.lowering.stacking.charges import AsOf, is_in_force
from accord.lowering.stacking.rates import added_by_part
from accord.lowering.tariff_effects import CENT_OF_A_POINT, TariffEffect, buyers_of

BILLION = 1e9
MOST_OF_IT = 0.75
TINY = 1e-9
LOWERING = ("cut", "ceiling", "level")  # rules that may leave less than the base rate
TENTH = 0.1
CHAPTER = 2  # digits
LIKELY_PER_CENT = 0.5
Law = tuple[tuple[TariffClause, ...], tuple[RulingClause, ...]]


def find_doubtful_tariffs(
    deal: Deal, world: World, effects: Sequence[TariffEffect]
) -> Iterator[Notice]:
    """Yield a notice for each clause that does other things than its words say.

    Such a clause raises the average on what it covers though it is meant to lower it, has a quota
    larger than the trade, caps nothing, charges what the clause it replaces exempts, or covers far
    more trade than the goods its title names.
    """
    clauses = {
        clause.path: clause
        for package in (deal.no_deal, *deal.packages)
        for clause in package.clause
        if isinstance(clause, TariffClause) and buyers_of(clause, world)
    }
    for package in deal.packages:
        ours = [effect for effect in effects if effect.package == package.name]
        down = sum(effect.after < effect.before - CENT_OF_A_POINT for effect in ours)
        is_lower = down > sum(effect.raises for effect in ours)
        law = _law_beside(package, deal, world)
        for effect in ours:
            yield from _find_raised(effect, clauses[effect.path], world, is_lower=is_lower)
            yield from _find_stacked(effect, clauses[effect.path], law, world)
    yield from _find_reversed(deal, effects)
    for effect in effects:
        yield from _find_large_quota(effect, clauses[effect.path])
        yield from _find_idle_ceiling(effect, clauses[effect.path], deal, world)
        yield from _find_lost_exceptions(clauses[effect.path], deal, world)
    for clause in clauses.values():
        yield from _find_coarse(clause, world)


def _find_raised(
    effect: TariffEffect, clause: TariffClause, world: World, *, is_lower: bool
) -> Iterator[Notice]:
    """A notice where a clause that is meant to lower raises the average on what it covers.

    It is meant to if it lowers a rate, rests on a trade agreement, or stands in a package more of
    whose clauses lower than raise (`is_lower`). A slip for per cent that is told already is not
    told again.
    """
    is_agreed = clause.basis in BASE_CHANGING and clause.rule in ("level", "ceiling")
    is_odd = is_agreed and clause.rate >= LIKELY_PER_CENT and not says_rate(clause, clause.rate)
    why = (
        "lowers a rate" if effect.lowers
        else "rests on a trade agreement" if clause.basis == "FTA"
        else "stands in a package that lowers most others" if is_lower
        else "is an agreed rate" if is_odd
        else ""
    )  # fmt: skip
    if not effect.raises or not why or is_slipped(clause):
        return
    worst = effect.worst
    day = f" on {worst.day.isoformat()}" if len(effect.stages) > 1 else ""
    message = (
        f"{why}, but raises the tariff on the {effect.trade:.3g} bn USD it covers "
        f"from {100 * worst.before:.1f} to {100 * worst.after:.1f} %{day}"
    )
    remedy = "narrow `products` to the goods that are meant"
    seen = world.lines is not None and world.lines.importer == clause.importer
    if not seen:
        remedy = f"a sector is charged as a whole: {_scaled(clause)}"
    elif not {*world.sectors, *world.sector_groups, EVERYTHING}.intersection(clause.products):
        remedy = "check the rate and the rule"
    if is_odd:
        remedy = f"did you mean {clause.rate / 100:g}? If not, {remedy}"
    yield Notice(effect.path, message, remedy)


def _scaled(clause: TariffClause) -> str:
    """What to write for a part of a sector, which is charged as a whole."""
    if clause.rule in ("add", "cut"):
        return "scale the rate to the part of it that is meant"
    return f"{CUT_FOR_PART}, because a {clause.rule} holds on all of the sector"


def _find_idle_ceiling(
    effect: TariffEffect, clause: TariffClause, deal: Deal, world: World
) -> Iterator[Notice]:
    """A notice where nothing is charged that a ceiling lowers, on any day looked at."""
    if clause.rule != "ceiling":
        return
    every = deal.clauses(effect.package)
    others = [other for other in every if other.path != clause.path]
    for buyer in buyers_of(clause, world):
        cells = build_cells(world, buyer)
        at = cells.select(clause)
        part = cells.part(at[cells.imports[at] > 0])
        for stage in effect.stages:
            capped, free = (
                added_by_part(cells, part, by_member(several, world), AsOf(stage.day))
                for several in (every, others)
            )
            if (np.abs(capped - free) > TINY).any():
                return
    message = (
        f"a ceiling of {100 * clause.rate:g} % caps nothing: no clause on basis {clause.basis} "
        "charges more on the goods it covers"
    )
    remedy = (
        'a rate all in that takes the place of a tariff is rule = "floor", with the basis of that '
        "tariff and its id in `replaces`; a cap on the ordinary duty has the basis FTA or MFN"
    )
    yield Notice(effect.path, message, remedy)


def _find_lost_exceptions(clause: TariffClause, deal: Deal, world: World) -> Iterator[Notice]:
    """A notice where a clause charges goods that the clause it takes the place of exempts."""
    replaced = [
        other
        for other in deal.background.clause
        if isinstance(other, TariffClause) and other.id in (clause.replaces or ())
    ]
    exempt = {name for other in replaced for name in other.except_products}
    lost = sorted(exempt.difference(clause.except_products))
    buyers = buyers_of(clause, world)
    charges = clause.rule in ("add", "floor", "level") and any(rates_of(clause))
    if not charges or not lost or not buyers:
        return
    cells = build_cells(world, buyers[0])
    ours = cells.select(clause)
    held = np.zeros(cells.imports.shape, dtype=bool)
    for other in replaced:
        held[cells.select(other)] = True
    trade, before = (float(cells.imports[at].sum()) for at in (ours, ours[held[ours]]))
    if before > 0 and trade > before / MOST_OF_IT:
        names = ", ".join(f'"{name}"' for name in lost)
        message = (
            f"covers {trade:.3g} bn USD of imports, and what it replaces covers {before:.3g} bn of "
            "them: it charges goods that were exempt"
        )
        yield Notice(
            f"{clause.path}.except_products", message, f"add {names}, unless they are to be charged"
        )


def _law_beside(package: Package, deal: Deal, world: World) -> Law:
    """The tariffs of the background that hold beside a package, with its rulings."""
    every = deal.clauses(package.name)
    ours = {clause.path for clause in package.clause}
    rulings = tuple(clause for clause in every if isinstance(clause, RulingClause))
    beside = [clause for clause in every if clause.path not in ours]
    return tuple(c for c in by_member(beside, world) if isinstance(c, TariffClause)), rulings


def _find_stacked(
    effect: TariffEffect, clause: TariffClause, law: Law, world: World
) -> Iterator[Notice]:
    """A notice where the law of the background comes on top of a rate that is meant as the whole.

    A floor or a level is all in on its own legal basis only. Left alone are clauses of which one
    gives way to the other, and those that say in `replaces` how they stand to what is included.
    """
    whole = clause.rule in ("floor", "level") and clause.basis not in BASE_CHANGING
    if not whole or clause.replaces is not None:
        return
    day, (tariffs, rulings) = effect.stages[0].day, law
    cells = build_cells(world, buyers_of(clause, world)[0])
    trade = float(cells.imports[cells.select(clause)].sum())
    on_top = [
        other
        for other in tariffs
        if other.importer == cells.importer
        and other.basis not in (*BASE_CHANGING, clause.basis, *clause.unless_basis)
        and clause.basis not in other.unless_basis
        and other.rule != "ceiling"
        and is_in_force(other, rulings, day)
        and _trade_of_both(cells, other, clause) > TENTH * trade
    ]
    if on_top:
        names = ", ".join(dict.fromkeys(f'"{other.id or other.path}"' for other in on_top))
        bases = ", ".join(dict.fromkeys(f'"{other.basis}"' for other in on_top))
        message = (
            f"a {clause.rule} on basis {clause.basis}, and {names} of the background charges the "
            f"same goods on basis {bases.replace(chr(34), '')} on top of it"
        )
        remedy = f"write basis = {bases} and replaces = [{names}] to take its place"
        if all(other.id is None for other in on_top):
            remedy = "end the other with `until`, or part them with `except_exporters`"
        yield Notice(effect.path, message, f"{remedy}, or unless_basis = [{bases}] to give way")


def _trade_of_both(cells: ImportCells, law: TariffClause, clause: TariffClause) -> float:
    """Imports that two clauses cover together, bn USD a year."""
    both = np.intersect1d(cells.select(law), cells.select(clause), assume_unique=True)
    return float(cells.imports[both].sum())


def _find_large_quota(effect: TariffEffect, clause: TariffClause) -> Iterator[Notice]:
    """A notice where a quota has room for more than is imported: the rate beyond it never holds."""
    quota = clause.quota
    if quota is not None and 0 < effect.trade < quota.amount / BILLION:
        inside = f"{100 * quota.in_quota_rate:g} %" + (" less" if clause.rule == "cut" else "")
        message = (
            f"a quota of {quota.amount / BILLION:.3g} bn USD a year, where {effect.trade:.3g} bn "
            f"is imported: all of it pays {inside}, and none the rate beyond"
        )
        remedy = "check the amount and the goods: a quota is customs value a year"
        yield Notice(f"{effect.path}.quota.amount", message, remedy)


def _find_reversed(deal: Deal, effects: Sequence[TariffEffect]) -> Iterator[Notice]:
    """A notice for each investment that is paid by the party whose tariff the package cuts.

    Left alone are packages in which tariffs are cut, or money is invested, both ways, and hosts
    that the background has cut their tariffs on the payer.
    """
    given = {
        (clause.importer, exporter)
        for clause in deal.background.clause
        if isinstance(clause, TariffClause) and clause.rule in LOWERING
        for exporter in clause.exporters
    }
    for package in deal.packages:
        cuts = [effect for effect in effects if effect.package == package.name and effect.lowers]
        money = [clause for clause in package.clause if isinstance(clause, InvestmentClause)]
        pairs = {(clause.payer, clause.host) for clause in money}
        for clause in money:
            payer, host = clause.payer, clause.host
            is_cut = any(
                cut.importer == payer and host in cut.exporters.split(", ") for cut in cuts
            )
            both = (host, payer) in {*pairs, *given} or host in {cut.importer for cut in cuts}
            if is_cut and not both:
                message = f"{payer} invests in {host} and cuts its own tariff on {host} as well"
                remedy = f'did you mean payer = "{host}", host = "{payer}"?'
                yield Notice(f"{clause.path}.payer", message, remedy)


def _find_coarse(clause: TariffClause, world: World) -> Iterator[Notice]:
    """A notice where the goods that the words name are only a part of what is covered.

    The words are the title's, or else the note's. HS codes of four digits and more and product
    groups are taken as meant, and so is a sector that the title names. Where the importer's trade
    is known by sector alone, the import lines of the world tell what the sector is made of.
    """
    if any(_is_named(name, clause.title) for name in clause.products if name != EVERYTHING):
        return
    words, lines = words_in(clause.title) or words_in(clause.note), world.lines
    broad = {
        *world.sectors,
        *world.sector_groups,
        EVERYTHING,
        *(code for code in clause.products if len(code) == CHAPTER),
    }
    if not words or lines is None or not broad.issuperset(clause.products):
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
        share = f"{100 * meant / total:.2g} %"
        yield Notice(clause.path, *_coarse_words(clause, words, share, lines.importer))


def _is_named(sector: str, title: str) -> bool:
    """Whether a title names a sector itself, in the singular or the plural."""
    text = title.casefold()
    return all(word.removesuffix("s") in text for word in sector.split("_"))


def _coarse_words(
    clause: TariffClause, words: Sequence[ProductWord], share: str, seen_in: str
) -> tuple[str, str]:
    """Message and remedy for a clause that covers more than its title names."""
    products = ", ".join(clause.products[:3])
    names = " and ".join(word.word for word in words)
    place = "title" if words_in(clause.title) else "note"
    message = f'the {place} names {names}, and "{products}" covers more: {names} '
    codes = ", ".join([code for word in words for code in word.codes][:5])
    if clause.importer == seen_in:
        message += f"{_verb(words)} {share} of this trade"
        return message, f'did you mean the HS codes {codes}? Or name all that is covered in "title"'
    message += f"{_verb(words)} {share} of what {seen_in} imports of it"
    remedy = (
        f"imports of {clause.importer} are known by sector alone, and those of {seen_in} tell how "
        f'much of the sector is meant: {_scaled(clause)}, or name all that is covered in "title"'
    )
    return message, remedy


def _verb(words: Sequence[ProductWord]) -> str:
    """The verb after the goods of a title."""
    return "are" if len(words) > 1 or words[0].word.endswith("s") else "is"
