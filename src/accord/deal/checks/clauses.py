"""Checks of a clause of any kind: regions, sources, dates, shares, market rates.

The fields concerned are found by what their types say they stand for.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from accord.core.errors import Problem
from accord.core.words import suggest
from accord.deal.checks.text.as_written import (
    SUM_TOLERANCE,
    Place,
    Written,
    as_number,
    clause_places,
    tables_of,
    texts_of,
)
from accord.deal.clauses.base import (
    CheckContext,
    ClauseBase,
    check_market_rate,
    check_not_before,
    check_regions,
)
from accord.deal.clauses.registry import CLAUSES, clause_keys
from accord.deal.fields import Mark
from accord.deal.products import did_you_mean


def check_clauses(as_written: Written, context: CheckContext) -> Iterator[Problem]:
    """Yield every problem of the clauses of a file as parsed, beyond their format."""
    tables: dict[str, list[Place]] = {}
    for place in clause_places(as_written):
        tables.setdefault(place.path.partition(".clause")[0], []).append(place)
        yield from _check_fields(place, context)
        for part in _parts_of(place):
            yield from _check_fields(part, context)
        model = CLAUSES.get(str(place.as_written.get("kind")))
        if model is not None:
            yield from model.check(place, context)
    for places in tables.values():
        for model in CLAUSES.values():
            yield from model.check_table(places)


def _parts_of(place: Place) -> Iterator[Place]:
    """Yield the parts of a clause of several instruments, as places of the same kind."""
    fields = place.as_written
    first = {"from": fields["from"]} if "from" in fields else {}
    for number, part in enumerate(tables_of(fields.get("mix")), start=1):
        yield Place(f"{place.path}.mix[{number}]", {"kind": fields.get("kind"), **first, **part})


def _check_fields(place: Place, context: CheckContext) -> Iterator[Problem]:
    """Yield problems of the fields that mean the same in every kind."""
    path, fields = place.path, place.as_written
    kind = fields.get("kind")
    for mark in (Mark.REGION, Mark.REGION_OR_ALL):
        for key in clause_keys(kind, mark):
            yield from check_regions(
                f"{path}.{key}",
                texts_of(fields.get(key, [])),
                context.world,
                everything=mark is Mark.REGION_OR_ALL,
                groups=context.groups,
            )
    for identifier in texts_of(fields.get("source", [])):
        if identifier not in context.sources:
            known = did_you_mean(suggest(identifier, context.sources))
            message = f'"{identifier}" is not a source of this file'
            yield Problem(f"{path}.source", message, known or "add a [[source]] with this id")
    yield from _check_sides(place)
    for key in clause_keys(kind, Mark.MARKET_RATE):
        yield from check_market_rate(f"{path}.{key}", fields.get(key), context.rates)
    yield from _check_days(place)
    yield from _check_shares(place, context)


def _check_sides(place: Place) -> Iterator[Problem]:
    """Yield a clause between a region and itself."""
    fields = place.as_written
    model: type[ClauseBase] = CLAUSES.get(str(fields.get("kind")), ClauseBase)
    if model.between is None:
        return
    first, second = model.between
    if isinstance(fields.get(first), str) and fields.get(first) == fields.get(second):
        message = f'"{fields[first]}" is both {first} and {second}'
        yield Problem(f"{place.path}.{second}", message, "name two different regions")


def _check_days(place: Place) -> Iterator[Problem]:
    """Yield days before the first day of the clause."""
    fields = place.as_written
    for key in clause_keys(fields.get("kind"), Mark.DAY):
        yield from check_not_before(f"{place.path}.{key}", fields.get("from"), fields.get(key))


def _check_shares(place: Place, context: CheckContext) -> Iterator[Problem]:
    """Yield shares that do not add up, and regions in them that are not known."""
    kind = place.as_written.get("kind")
    whole = clause_keys(kind, Mark.SUMS_TO_ONE)
    by_region = clause_keys(kind, Mark.BY_REGION)
    for key in dict.fromkeys((*whole, *clause_keys(kind, Mark.AT_MOST_ONE))):
        table = place.as_written.get(key)
        if not isinstance(table, Mapping):
            continue
        where = f"{place.path}.{key}"
        total = _sum(table.values())
        if key in whole and table and abs(total - 1.0) > SUM_TOLERANCE:
            remedy = "give shares that add to 1" + (" (not per cent)" if total > 2 else "")
            yield Problem(where, f"shares sum to {total:g}, not 1", remedy)
        if key not in whole and total > 1.0 + SUM_TOLERANCE:
            yield Problem(where, f"shares sum to {total:g}, above 1", "give shares of the spending")
        if key in by_region:
            yield from check_regions(where, table, context.world, groups=context.groups)
    yield from _check_spreads(place)


def _sum(values: Iterable[Any]) -> float:
    return sum(number for value in values if (number := as_number(value)) is not None)


def _check_spreads(place: Place) -> Iterator[Problem]:
    """Yield distributions whose three values do not rise."""
    for key, table in place.as_written.items():
        if not isinstance(table, Mapping) or not {"low", "mode", "high"} <= set(table):
            continue
        values = [as_number(table[name]) for name in ("low", "mode", "high")]
        known = [value for value in values if value is not None]
        if len(known) == len(values) and known != sorted(known):
            message = "low, mode and high are not in rising order"
            yield Problem(f"{place.path}.{key}", message, "reorder the three values")
