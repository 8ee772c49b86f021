"""Business days: the day on which money may be called after a notice.

Public holidays come from the `holidays` package, which keeps the calendars of more than two
hundred countries up to date, moving feasts and substitute days included; counting is numpy's.
"""

import datetime as dt
from collections.abc import Iterable
from functools import lru_cache
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType

import numpy as np

from accord.core.errors import InputError, Problem

SPARE_YEARS = 3  # a notice of a few hundred business days still finds its holidays


@lru_cache(maxsize=64)
def read_calendar(countries: tuple[str, ...], first: int, last: int) -> np.busdaycalendar:
    """Return the calendar of days that are business days in every country.

    Args:
        countries: ISO codes of countries, two or three letters.
        first: First year.
        last: Last year.

    Raises:
        InputError: There are no holidays for one of the countries.
    """
    days: set[dt.date] = set()
    problems = []
    for country in countries:
        if has_holidays(country):
            days.update(find_holidays(country, range(first, last + 1)))
        else:
            problems.append(
                Problem(
                    "notice_business_days",
                    f'there are no holidays for "{country}"',
                    "Leave the notice out, or choose countries whose public holidays are known",
                )
            )
    if problems:
        raise InputError(problems, "the calendar of business days")
    return np.busdaycalendar(holidays=sorted(days))


def find_holidays(country: str, years: Iterable[int]) -> frozenset[dt.date]:
    """Return the public holidays of a country that has some, as `holidays.country_holidays` does.

    Only the file of the country is read. Importing `holidays.countries` would take a tenth of a
    second, because it reads those of two hundred countries.
    """
    import holidays
    from holidays.registry import COUNTRIES

    module, entity = next((file, names[0]) for file, names in COUNTRIES.items() if country in names)
    path = Path(holidays.__file__).parent / "countries" / f"{module}.py"
    read = ModuleType(module)
    SourceFileLoader(module, str(path)).exec_module(read)
    return frozenset(getattr(read, entity)(years=years))


def has_holidays(country: str) -> bool:
    """Return whether the holidays of a country are known, without reading any."""
    from holidays.registry import EntityLoader

    return country in set(EntityLoader.get_country_codes())


def add_business_days(day: dt.date, count: int, countries: tuple[str, ...]) -> dt.date:
    """Return the first day on which at least `count` business days have passed since `day`.

    A day that is no business day counts from the next one.

    Raises:
        InputError: There are no holidays for one of the countries.
    """
    calendar = read_calendar(countries, day.year, day.year + SPARE_YEARS + count // 200)
    reached = np.busday_offset(np.datetime64(day), count, roll="forward", busdaycal=calendar)
    return dt.date.fromisoformat(str(reached))
