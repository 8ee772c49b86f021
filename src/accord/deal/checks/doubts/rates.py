"""Rates that read like per cent: fees, spreads and levels of interest, steps of a phase-in."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from accord.core.errors import Notice
from accord.deal.checks.doubts.titles import rates_as_per_cent
from accord.deal.checks.text.as_written import Written, as_number, show_number, values_of
from accord.deal.checks.text.limits import show_place
from accord.deal.clauses.registry import clause_keys
from accord.deal.clauses.tariff import TariffClause
from accord.deal.deal import Deal
from accord.deal.fields import Mark
from accord.deal.projects import read_rate

HIGHEST_FEE = 0.1
HIGHEST_SPREAD = 0.2
HIGHEST_INTEREST = 0.25
FAR = 20.0
RATES_BY_PARTY = "discount_rates"
MORE_RATES = ("borrowing_rate", RATES_BY_PARTY)


def find_rates(deal: Deal, as_written: Written) -> Iterator[Notice]:
    """Yield a notice for each rate of money or of a phase-in that reads like per cent.

    Args:
        deal: A deal that the checks accept.
        as_written: Its own file as parsed, without what it includes.
    """
    yield from _check_money_rates(as_written)
    for table in (deal.background, deal.no_deal, *deal.packages):
        for clause in table.clause:
            if isinstance(clause, TariffClause):
                yield from _check_steps(clause)


def is_slipped(clause: TariffClause) -> bool:
    """Return whether some rate of a tariff is told as a slip for per cent already."""
    return bool(rates_as_per_cent(clause)) or bool(_odd_steps(clause))


def _check_money_rates(as_written: Written) -> Iterator[Notice]:
    """Fees, and rates that may cite a market rate, wherever they stand in a file."""
    rates = {*clause_keys(None, Mark.MARKET_RATE), *MORE_RATES}
    for place, value in values_of(as_written):
        guess = ""
        if place and place[-1] == "fee":
            guess = _guess_fee(as_number(value))
        elif rates.intersection(place[-1:]) or RATES_BY_PARTY in place[:-1]:
            guess = _guess_rate(value)
        if guess:
            number = as_number(value)
            said = f'"{value}"' if number is None else show_number(number)
            yield Notice(
                show_place(place),
                f"{said} is {_per_cent(value)}",
                f"a rate a year is a fraction: did you mean {guess}?",
            )


def _guess_fee(fee: float | None) -> str:
    return "" if fee is None or fee <= HIGHEST_FEE else f"{fee / 100:g}"


def _guess_rate(value: Any) -> str:
    """What was probably meant by a rate that is implausible in size; "" for a plausible one."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    terms = read_rate(value)
    if terms is None:
        return ""
    reference, spread = terms
    if reference:
        sign = "-" if spread < 0 else "+"
        meant = f'"{reference} {sign} {abs(spread) / 100:g}"'
        return meant if abs(spread) > HIGHEST_SPREAD else ""
    return f"{spread / 100:g}" if spread > HIGHEST_INTEREST else ""


def _per_cent(value: Any) -> str:
    """A rate a year in per cent, with the market rate that it comes on top of."""
    reference, spread = read_rate(value) or ("", 0.0)
    if not reference:
        return f"{100 * spread:g} % a year"
    return f"{100 * abs(spread):g} % a year {'below' if spread < 0 else 'above'} {reference}"


def _check_steps(clause: TariffClause) -> Iterator[Notice]:
    for number, rate in _odd_steps(clause).items():
        others = ", ".join(show_number(other) for other in _rates(clause) if other != rate)
        message = f"{show_number(rate)} is {100 * rate:g} %, beside steps of {others}"
        remedy = f"a rate is a fraction: did you mean {rate / 100:g}?"
        yield Notice(f"{clause.path}.steps[{number}].rate", message, remedy)


def _rates(clause: TariffClause) -> list[float]:
    """The rate of a tariff and those of its steps, in the order of their days."""
    return [clause.rate, *(step.rate for step in sorted(clause.steps, key=lambda s: s.from_))]


def _odd_steps(clause: TariffClause) -> Mapping[int, float]:
    """The steps, by their number in the file, that would fit the others at a hundredth.

    Such a step is the highest rate of a phase-in that falls otherwise, or is far above what is
    charged before it. What the title tells as a slip is left out.
    """
    told = rates_as_per_cent(clause)
    order = sorted(range(len(clause.steps)), key=lambda at: clause.steps[at].from_)
    rates = _rates(clause)
    odd: dict[int, float] = {}
    for place, at in enumerate(order, start=1):
        rate, before = rates[place], rates[place - 1]
        others = [*rates[:place], *rates[place + 1 :]]
        fits = [*rates[:place], rate / 100, *rates[place + 1 :]]
        breaks = rate > max(others) and len(set(others)) > 1 and _falls(others) and _falls(fits)
        if f"steps[{at + 1}].rate" not in told and (breaks or rate > FAR * before > 0):
            odd[at + 1] = rate
    return odd


def _falls(rates: Sequence[float]) -> bool:
    return all(later <= earlier for earlier, later in pairwise(rates))
