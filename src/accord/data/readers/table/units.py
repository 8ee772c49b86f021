"""Units of money: from a word for one to billions of dollars."""

import re

from accord.core.errors import Problem

FACTORS = {"": 1e-6, "th": 1e-3, "mn": 1.0, "bn": 1e3, "tn": 1e6}
_WORDS = {
    "th": ("th", "k", "thousand", "1000"), "mn": ("mn", "m", "mill", "mio", "million", "m."),
    "bn": ("bn", "b", "bill", "billion"), "tn": ("tn", "trillion"),
}  # fmt: skip
_CURRENCIES = {"USD": ("us dollar", "dollar", "usd", "us$", "$"), "EUR": ("euro", "eur", "€")}
"""Words for a currency, the longer before those that they hold."""
LARGEST_VALUE_ADDED = 1e6  # bn USD: eight times that of the world in 2024
SMALLEST_VALUE_ADDED = 1e-6  # bn USD: a thousand dollars

USD_PER_EUR: dict[int, float] = {
    1999: 1.0658, 2000: 0.9236, 2001: 0.8956, 2002: 0.9456, 2003: 1.1312, 2004: 1.2439,
    2005: 1.2441, 2006: 1.2556, 2007: 1.3705, 2008: 1.4708, 2009: 1.3948, 2010: 1.3257,
    2011: 1.3920, 2012: 1.2848, 2013: 1.3281, 2014: 1.3285, 2015: 1.1095, 2016: 1.1069,
    2017: 1.1297, 2018: 1.1810, 2019: 1.1195, 2020: 1.1422, 2021: 1.1827, 2022: 1.0530,
    2023: 1.0813, 2024: 1.0824, 2025: 1.1300,
}  # fmt: skip
"""Averages of the year, European Central Bank, euro foreign exchange reference rates."""


def read_unit(
    text: str, path: str, problems: list[Problem], *, any_currency: bool = False
) -> tuple[str, float]:
    """Return the currency of a unit such as "mn USD", and how many millions of it a unit is.

    With `any_currency` three capital letters are a currency too, whose rate the caller has.

    >>> read_unit("mn USD", "unit", []), read_unit("M.EUR", "unit", [])
    (('USD', 1.0), ('EUR', 1.0))
    >>> read_unit("th BRL", "unit", [], any_currency=True)
    ('BRL', 0.001)
    """
    plain = text.strip().casefold()
    currency = next((name for name, words in _CURRENCIES.items()
                     if any(word in plain for word in words)), None)  # fmt: skip
    rest = plain
    for words in _CURRENCIES.values():
        for word in words:
            rest = rest.replace(word, " ")
    size = re.sub(r"[\s.]+|s\b|\bof\b", "", rest)
    scale = next((key for key, words in _WORDS.items() if size in words), "" if not size else None)
    code = re.search(r"\b[A-Z]{3}\b", text)
    if any_currency and currency is None and code is not None:
        millions = read_unit(text.replace(code[0], "USD"), path, problems)[1]
        return code[0], millions
    if currency is None or scale is None:
        remedy = 'Write one of "USD", "th USD", "mn USD", "bn USD", or the same with EUR'
        remedy += " or another code of a currency" if any_currency else ""
        problems.append(Problem(path, f'"{text}" is no known unit', remedy))
        return "USD", 1.0
    return currency, FACTORS[scale]


def year_in(name: str) -> int:
    """Return the last year that a file name holds, or 0.

    >>> year_in("ICIO2018_2010.CSV"), year_in("wiot09_row_sep12.xlsx")
    (2010, 2009)
    """
    years = re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", name)
    if years:
        return int(years[-1])
    short = re.match(r"wiot(\d\d)", name.casefold())
    return 0 if short is None else int(short[1]) + (1900 if int(short[1]) > 50 else 2000)


def check_size(value_added: float, told: str) -> list[Problem]:
    """Return that the value added of a table (bn USD) is no sum that the world has, if so."""
    if SMALLEST_VALUE_ADDED < value_added <= LARGEST_VALUE_ADDED:
        return []
    size = "more than the world has" if value_added > 1 else "next to nothing"
    remedy = (
        f'The figures were read as {told}: give their unit with --unit, such as "mn USD" or "USD"'
    )
    message = f"value added of all regions is {value_added:,.3g} bn USD, {size}"
    return [Problem("unit", message, remedy)]
