"""Business days: the day on which money may be called after a notice.

Public holidays come from the `holidays` package, which keeps the calendars of more than two
hundred countries up to date, moving feasts and substitute days included; counting is numpy's.
"""

import datetime as dt
from functools import lru_cache

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
    import holidays  # a third of a second: it compiles the calendars of every country

    days: set[dt.date] = set()
    problems = []
    for country in countries:
        try:
            days.update(holidays.country_holidays(country, years=range(first, last + 1)))
        except NotImplementedError:
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
