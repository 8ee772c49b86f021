"""Warnings of what is right in form and probably not meant."""

from collections.abc import Iterator

import numpy as np

from accord.core.errors import Notice
from accord.data.world import World
from accord.deal.checks.doubts.rates import find_rates
from accord.deal.checks.doubts.titles import find_titles
from accord.deal.checks.text.as_written import show_number
from accord.deal.checks.text.reading import parse_text
from accord.deal.clauses.base import ClauseBase
from accord.deal.clauses.investment import LENT, InvestmentClause
from accord.deal.clauses.purchase import PurchaseClause
from accord.deal.clauses.tariff import TariffClause
from accord.deal.deal import Deal
from accord.deal.external_entries import SHEET
from accord.deal.products import expand_regions, sectors_of
from accord.deal.renamed import read_renamed

BILLION = 1e9
OLD_PRICES = 5  # years
MOST_BOUGHT = 3.0  # times what the buyer buys of the seller today
FAR = 8.0  # times the world's figure: more is a slip of units rather than another year


def find_notices(deal: Deal, world: World) -> tuple[Notice, ...]:
    """Return what to look at twice in a deal, in the order of the file.

    Args:
        deal: A deal that the checks accept.
        world: The baseline it is assessed against.
    """
    as_written = parse_text(deal.text, deal.name)
    notices = [
        *read_renamed(as_written)[1],
        *_check_dates(deal),
        *_check_loans(deal),
        *find_titles(deal),
        *find_rates(deal, as_written),
        *_check_prices(deal, world),
        *_check_sheets(deal, world),
        *_check_purchases(deal, world),
    ]
    return tuple(dict.fromkeys(notices))


def _check_dates(deal: Deal) -> Iterator[Notice]:
    """Yield a notice for packages none of whose tariffs is in force on the day that is assessed."""
    day, idle, days = deal.evaluate_on, [], []
    for package in deal.packages:
        tariffs = [clause for clause in package.clause if isinstance(clause, TariffClause)]
        starts = [day if tariff.from_ is None else tariff.from_ for tariff in tariffs]
        ends = [day if tariff.until is None else tariff.until for tariff in tariffs]
        if tariffs and not any(
            start <= day <= end for start, end in zip(starts, ends, strict=True)
        ):
            idle.append(package.name)
            days += [start for start in starts if start > day]
    if idle:
        first = f", the first from {min(days).isoformat()}" if days else ""
        yield Notice(
            "assessment.evaluate_on",
            f"no tariff of {', '.join(idle)} is in force on {day.isoformat()}{first}",
            "choose a day on which the packages apply",
        )


def _clauses(deal: Deal) -> Iterator[ClauseBase]:
    for table in (deal.background, deal.no_deal, *deal.packages):
        yield from table.clause


def _check_loans(deal: Deal) -> Iterator[Notice]:
    """Yield a notice for each loan of which nothing falls due within the horizon."""
    horizon = deal.settings.horizon
    for clause in _clauses(deal):
        if not isinstance(clause, InvestmentClause) or clause.instrument not in LENT:
            continue
        if clause.grace_years >= horizon:
            message = f"nothing falls due within the {horizon} years of the horizon"
            remedy = "shorten the grace, or lengthen `horizon` in [assessment]"
            yield Notice(f"{clause.path}.grace_years", message, remedy)


def _check_prices(deal: Deal, world: World) -> Iterator[Notice]:
    """Yield a notice where a deal counts in prices of years away from those of the world."""
    gap = abs(deal.price_year - world.price_year)
    if world.price_year and gap > OLD_PRICES:
        message = f"prices of {deal.price_year}, where {world.name} has those of {world.price_year}"
        yield Notice("price_year", message, f"did you mean {world.price_year}?")


def _check_sheets(deal: Deal, world: World) -> Iterator[Notice]:
    """Yield a notice where a party's own figure is far from the world's figure for it."""
    known = {(figure.region, figure.variable): figure.value * BILLION for figure in world.macro}
    for number, entry in enumerate(deal.external, start=1):
        for name in SHEET:
            given, usual = getattr(entry, name), known.get((entry.party, name), 0.0)
            if not given or not usual or 1 / FAR < given / usual < FAR:
                continue
            side = f"{given / usual:.3g} times" if given > usual else f"1/{usual / given:.3g} of"
            yield Notice(
                f"external[{number}].{name}",
                f"{show_number(given)} is {side} the {show_number(usual)} of {world.name}",
                f"figures are in units of the currency: did you mean {usual / BILLION:.4g}e9?",
            )


def _check_purchases(deal: Deal, world: World) -> Iterator[Notice]:
    """Yield a notice for each purchase far above what is traded of its goods.

    A year of it is held against what the buyer buys of the seller today, all that the buyer
    imports of these goods, and all that the seller exports of them.
    """
    for clause in _clauses(deal):
        if not isinstance(clause, PurchaseClause):
            continue
        today, imports, exports = _traded(clause, world)
        start, end = deal.window[0], deal.window[-1]
        first = max(start, clause.from_.year if clause.from_ is not None else start)
        last = max(first, clause.until.year if clause.until is not None else end)
        yearly = clause.amount / BILLION / (last - first + 1)
        if not imports or not exports or yearly <= MOST_BOUGHT * today:
            continue
        message = (
            f"{yearly:.3g} bn a year, where {clause.buyer} buys {today:.2g} bn of it from "
            f"{clause.seller} in {world.name}: {yearly / imports:.0%} of all it imports of these "
            f"goods, {yearly / exports:.0%} of all that {clause.seller} exports"
        )
        remedy = "see whether the seller can deliver and the buyer can use it, or spread it out"
        yield Notice(f"{clause.path}.amount", message, remedy)


def _traded(clause: PurchaseClause, world: World) -> tuple[float, float, float]:
    """What the buyer buys of the seller and of all, and what the seller sells, bn USD a year.

    All are zero where the goods are no sectors of the world.
    """
    sectors = [world.sectors.index(name) for name in sectors_of(clause.products, world)]
    traded = np.asarray(world.flows)[..., sectors].sum(axis=-1)
    buys, sells = (
        np.array([region in expand_regions([party], world.regions) for region in world.regions])
        for party in (clause.buyer, clause.seller)
    )
    return (
        float(traded[buys][:, sells].sum()),
        float(traded[buys][:, ~buys].sum()),
        float(traded[~sells][:, sells].sum()),
    )
