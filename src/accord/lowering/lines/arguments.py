"""What `read_tariffs` takes: each argument of its kind, or told with what to give instead."""

from collections.abc import Iterator, Mapping
from datetime import date
from math import isfinite
from numbers import Real
from pathlib import Path

from accord.core.errors import Problem
from accord.data.world import World

FILE = "Give the path of a CSV or Parquet file"
KINDS: Mapping[str, tuple[tuple[type, ...], str]] = {
    "lines": ((str, Path), FILE),
    "trade": ((str, Path), FILE),
    "world": ((World,), "Give a World, such as ac.load_world()"),
    "mapping": ((str, Path, Mapping, type(None)), "Give a path, a table, or leave it out"),
    "sectors": ((str, Path, type(None)), f"{FILE}, or leave it out"),
    "concordance": ((str, Path, type(None)), f"{FILE}, or leave it out"),
    "importer": ((str, type(None)), 'Give the label of a region, such as "BRA"'),
    "day": ((date, type(None)), "Write datetime.date(2026, 1, 1)"),
    "unit": ((str,), 'Write a text such as "mn EUR"'),
}
DOLLARS = "Give dollars for a unit of the currency, such as 1.08"


def check_arguments(**given: object) -> list[Problem]:
    """Return what is wrong with the kinds of arguments, and with an exchange rate."""
    return [*_check_kinds(given), *_check_rate(given["rate"])]


def _check_kinds(given: Mapping[str, object]) -> Iterator[Problem]:
    for name, (kinds, remedy) in KINDS.items():
        value = given[name]
        if not isinstance(value, kinds):
            yield Problem(name, _tell(value), remedy)


def _check_rate(rate: object) -> Iterator[Problem]:
    if rate is None:
        return
    if isinstance(rate, bool) or not isinstance(rate, Real):
        yield Problem("rate", _tell(rate), DOLLARS)
    elif not (isfinite(rate) and float(rate) > 0):
        yield Problem("rate", f"{rate} is no exchange rate", DOLLARS)


def _tell(value: object) -> str:
    shown = f"{value!r:.40} " if isinstance(value, (str, bool, Real)) else ""
    return "is None" if value is None else f"{shown}is of type {type(value).__name__}"
