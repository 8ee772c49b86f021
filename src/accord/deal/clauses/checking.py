"""Checks that several kinds of clauses share: regions, rates, and what the file defines."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeGuard

from accord.core.errors import Problem
from accord.core.words import propose
from accord.data.world import World
from accord.deal.checks.regions import explain_region
from accord.deal.checks.text.slips import correct_number
from accord.deal.projects import read_rate

LOWEST_RATE = -0.2
HELP_WITH_RATES = 'give a fraction, or text such as "ust20 + 0.01"'


@dataclass(frozen=True)
class CheckContext:
    """What the rest of a file defines, for the checks of its clauses.

    Attributes:
        world: Where regions and products are looked up; None leaves those checks out.
        sources: Ids of the sources.
        rates: Yearly level of each market rate, a fraction.
        projects: Names of the kinds of projects.
        horizon: Years over which money is followed.
        groups: Names of the groups of the file.
    """

    world: World | None
    sources: tuple[str, ...]
    rates: Mapping[str, float]
    projects: tuple[str, ...]
    horizon: int
    groups: tuple[str, ...] = ()


def check_regions(
    path: str,
    names: Iterable[str],
    world: World | None,
    *,
    everything: bool = False,
    groups: Iterable[str] = (),
) -> Iterator[Problem]:
    """Yield names that are neither a region nor a group of the world (nor "all", if allowed)."""
    if world is None:
        return
    for name in names:
        wrong = explain_region(name, world, everything=everything, groups=groups)
        if wrong is not None:
            yield Problem(path, *wrong)


def check_market_rate(path: str, value: Any, rates: Mapping[str, float]) -> Iterator[Problem]:
    """Yield what is wrong with a rate: its text, its reference, or its size."""
    if value is None or isinstance(value, bool) or not isinstance(value, str | int | float):
        return
    terms = read_rate(value)
    if terms is None:
        remedy = correct_number(str(value)) or HELP_WITH_RATES
        yield Problem(path, f'"{value}" is not a rate', remedy)
        return
    reference, spread = terms
    if reference and reference not in rates:
        remedy = propose(reference, rates)
        yield Problem(path, f'"{reference}" is not a market rate', remedy)
        return
    rate = spread + rates.get(reference, 0.0)
    if isinstance(value, str) and rate < LOWEST_RATE:
        message = f"a rate of {rate:.0%} is below {LOWEST_RATE:.0%}"
        yield Problem(path, message, "a rate is a fraction: 0.05 is 5 %")
    if rate > 1:
        meant = f'"{reference} + {spread / 100:g}"' if reference else f"{spread / 100:g}"
        remedy = f"a rate is a fraction: did you mean {meant} ({spread:g} %)?"
        yield Problem(path, f"would be {rate:.0%} a year", remedy)


def check_not_before(path: str, start: Any, day: Any) -> Iterator[Problem]:
    """Yield a day that lies before the `from` of its clause."""
    if _is_day(start) and _is_day(day) and day < start:
        message = f"{day.isoformat()} is before `from` {start.isoformat()}"
        yield Problem(path, message, "swap the dates, or correct the year")


def _is_day(value: Any) -> TypeGuard[date]:
    """Whether a value is a date without a time of day."""
    return isinstance(value, date) and not isinstance(value, datetime)
