"""What is right in form and probably not meant: warnings about a deal that has no problem."""

from collections.abc import Iterator

from accord.core.errors import Notice
from accord.data.world import World
from accord.deal.checks.as_written import show_number
from accord.deal.clauses.tariff import TariffClause
from accord.deal.deal import Deal
from accord.deal.external_entries import SHEET

BILLION = 1e9
FAR = 8.0  # times the world's figure: more is a slip of units rather than another year


def find_notices(deal: Deal, world: World) -> tuple[Notice, ...]:
    """Return what to look at twice in a deal, in the order of the file.

    Args:
        deal: A deal that the checks accept.
        world: The baseline it is assessed against.
    """
    return tuple(dict.fromkeys([*_check_dates(deal), *_check_sheets(deal, world)]))


def _check_dates(deal: Deal) -> Iterator[Notice]:
    """Yield a notice where no tariff is in force on the day that is assessed."""
    tariffs = [
        clause
        for name in deal.package_names
        for clause in deal.package(name).clause
        if isinstance(clause, TariffClause)
    ]
    day = deal.evaluate_on
    in_force = [
        one
        for one in tariffs
        if (one.from_ is None or one.from_ <= day) and (one.until is None or day <= one.until)
    ]
    if tariffs and not in_force:
        days = [one.from_ for one in tariffs if one.from_ is not None]
        first = f", the first from {min(days).isoformat()}" if days else ""
        yield Notice(
            "assessment.evaluate_on",
            f"no tariff of any package is in force on {day.isoformat()}{first}",
            "choose a day on which the packages apply",
        )


def _check_sheets(deal: Deal, world: World) -> Iterator[Notice]:
    """Yield a notice where a party's own figure is far from the world's figure for it."""
    known = {(one.region, one.variable): one.value * BILLION for one in world.macro}
    for number, entry in enumerate(deal.dollars, start=1):
        for name in SHEET:
            given, usual = getattr(entry, name), known.get((entry.party, name), 0.0)
            if not given or not usual or 1 / FAR < given / usual < FAR:
                continue
            side = f"{given / usual:.3g} times" if given > usual else f"1/{usual / given:.3g} of"
            yield Notice(
                f"dollars[{number}].{name}",
                f"{show_number(given)} is {side} the {show_number(usual)} of {world.name}",
                f"figures are in units of the currency: did you mean {usual / BILLION:.4g}e9?",
            )
