"""Everything that can be wrong with a deal file beyond its format: all problems in one pass.

The checks read the file as written, not its models, so that a slip in one field hides no other.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, TypeGuard

from pydantic import ValidationError

from accord.core.errors import Problem
from accord.core.words import suggest
from accord.data.world import World
from accord.deal.checks.as_written import (
    ONE_SUMS,
    SUM_TOLERANCE,
    Place,
    Raw,
    as_number,
    clause_places,
    tables_of,
    texts_of,
)
from accord.deal.checks.contradictions import check_contradictions
from accord.deal.checks.finance import check_money
from accord.deal.checks.format_errors import explain_errors, show_number
from accord.deal.checks.terms import check_terms
from accord.deal.clauses.law import BASE_CHANGING, HIGHEST_PLAIN_RATE
from accord.deal.deal import RESERVED_NAMES, DealFile
from accord.deal.products import (
    EVERYTHING,
    REGION_GROUPS,
    did_you_mean,
    expand_regions,
    explain_product,
    explain_region,
)

REGION_FIELDS = (
    "importer",
    "payer",
    "host",
    "provider",
    "user",
    "party",
    "buyer",
    "seller",
)
DATE_PAIRS = (("from", "until"), ("from", "to"), ("from", "select_until"))
PAIRS = (("payer", "host"), ("provider", "user"), ("buyer", "seller"))


def find_problems(raw: Raw, world: World | None) -> list[Problem]:
    """Return every problem of a parsed file: format first, then meaning; empty if there is none.

    Args:
        raw: The file as parsed from TOML.
        world: Where regions and products are looked up; None leaves those checks out.
    """
    problems: list[Problem] = []
    try:
        DealFile.model_validate(raw)
    except ValidationError as error:
        problems.extend(explain_errors(error, raw))
    problems.extend(_check_head(raw, world))
    sources = _source_ids(raw)
    for place in clause_places(raw):
        problems.extend(_check_clause(place, sources, world))
    problems.extend(_check_parties(raw, world))
    problems.extend(check_money(raw))
    problems.extend(check_contradictions(raw, world))
    problems.extend(check_terms(raw))
    seen: dict[tuple[str, str], Problem] = {}
    for problem in problems:
        seen.setdefault((problem.path, problem.message), problem)
    return list(seen.values())


def _is_day(value: Any) -> TypeGuard[date]:
    """Whether a value is a date without a time of day."""
    return isinstance(value, date) and not isinstance(value, datetime)


def _source_ids(raw: Raw) -> tuple[str, ...]:
    return tuple(
        text for entry in tables_of(raw.get("source")) for text in texts_of(entry.get("id"))
    )


def _check_head(raw: Raw, world: World | None) -> Iterator[Problem]:
    """Problems outside the clauses: parties, currency, names given twice or reserved."""
    parties = texts_of(raw.get("parties", []))
    yield from _check_regions("parties", parties, world)
    yield from _check_twice(((f"parties[{i}]", name) for i, name in enumerate(parties, 1)), "party")
    currency = raw.get("currency", "USD")
    if isinstance(currency, str) and currency != "USD":
        message = f'amounts in "{currency}" are not read yet'
        yield Problem("currency", message, 'convert amounts to dollars and write currency = "USD"')
    for heading, field in (("package", "name"), ("history", "name"), ("source", "id")):
        named = [
            (f"{heading}[{number}].{field}", table[field])
            for number, table in enumerate(tables_of(raw.get(heading)), start=1)
            if isinstance(table.get(field), str)
        ]
        yield from _check_twice(named, heading)
        for path, name in named:
            if heading == "package" and name in RESERVED_NAMES:
                yield Problem(path, f'"{name}" is a reserved name', "choose another name")
    for number, table in enumerate(tables_of(raw.get("history")), start=1):
        path = f"history[{number}]"
        yield from _check_regions(f"{path}.importer", texts_of(table.get("importer", [])), world)
        names = texts_of(table.get("exporters", []))
        yield from _check_regions(f"{path}.exporters", names, world, groups=True)


def _check_twice(named: Iterable[tuple[str, str]], what: str) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for path, name in named:
        if name in first:
            message = f'{what} "{name}" is already given at {first[name]}'
            yield Problem(path, message, "rename or delete one of them")
        first.setdefault(name, path)


def _check_regions(
    path: str, names: Iterable[str], world: World | None, *, groups: bool = False
) -> Iterator[Problem]:
    if world is None:
        return
    for name in names:
        wrong = explain_region(name, world, groups=groups)
        if wrong is not None:
            yield Problem(path, *wrong)


def _check_parties(raw: Raw, world: World | None) -> Iterator[Problem]:
    """A deal none of whose clauses is between two of its parties: one of the two is a slip.

    Where a region is not known, that is the problem to tell first.
    """
    parties = set(texts_of(raw.get("parties", [])))
    places = [one for one in clause_places(raw) if not one.path.startswith("history")]
    pairs = [pair for place in places for pair in _pairs_of(place.raw)]
    named = {*parties, *(name for pair in pairs for names in pair for name in names)}
    groups = {EVERYTHING, *REGION_GROUPS}
    regions = world.regions if world is not None else tuple(sorted(named - groups))
    if len(parties) < 2 or not pairs or not named <= {*regions, *groups}:
        return
    for first, second, left_out in pairs:
        ours = parties & set(expand_regions(first, regions))
        theirs = parties & set(expand_regions(second, regions))
        theirs -= set(expand_regions(left_out, regions))
        if ours and theirs and len(ours | theirs) >= 2:
            return
    message = f"no clause is between two of the parties {', '.join(sorted(parties))}"
    remedy = "correct the parties, or the importer, exporters, payer and host of the clauses"
    yield Problem("parties", message, remedy)


def _pairs_of(raw: Raw) -> Iterator[tuple[list[str], list[str], list[str]]]:
    """The regions on the two sides of a clause, and those left out of the second."""
    for first, second in (("importer", "exporters"), *PAIRS):
        if first in raw and second in raw:
            left_out = texts_of(raw.get("except_exporters", []))
            yield texts_of(raw[first]), texts_of(raw[second]), left_out


def _check_clause(place: Place, sources: tuple[str, ...], world: World | None) -> Iterator[Problem]:
    """Problems of one clause."""
    path, raw = place.path, place.raw
    for name in REGION_FIELDS:
        yield from _check_regions(f"{path}.{name}", texts_of(raw.get(name, [])), world)
    for identifier in texts_of(raw.get("source", [])):
        if identifier not in sources:
            remedy = did_you_mean(suggest(identifier, sources)) or "add a [[source]] with this id"
            yield Problem(f"{path}.source", f'"{identifier}" is not a source of this file', remedy)
    for first, second in PAIRS:
        if first in raw and raw.get(first) == raw.get(second):
            message = f'"{raw[first]}" is both {first} and {second}'
            yield Problem(f"{path}.{second}", message, "name two different regions")
    yield from _check_dates(place)
    yield from _check_shares(place, world)
    if raw.get("kind") == "tariff":
        yield from _check_tariff(place, world)
    if raw.get("kind") == "investment":
        yield from _check_investment(place)


def _check_dates(place: Place) -> Iterator[Problem]:
    """Dates that run backwards."""
    path, raw = place.path, place.raw
    pairs = [(f"{path}.{last}", raw.get(first), raw.get(last)) for first, last in DATE_PAIRS]
    retroactive = raw.get("retroactive")
    if isinstance(retroactive, Mapping):
        decided = retroactive.get("decided")
        pairs.append((f"{path}.retroactive.decided", raw.get("from"), decided))
    for number, step in enumerate(tables_of(raw.get("steps")), start=1):
        pairs.append((f"{path}.steps[{number}].from", raw.get("from"), step.get("from")))
    for where, start, end in pairs:
        if _is_day(start) and _is_day(end) and end < start:
            message = f"{end.isoformat()} is before `from` {start.isoformat()}"
            yield Problem(where, message, "swap the dates, or correct the year")


def _check_shares(place: Place, world: World | None) -> Iterator[Problem]:
    """Shares that do not add up, and regions in them that are not known."""
    for name in (*ONE_SUMS, "procurement"):
        table = place.raw.get(name)
        if not isinstance(table, Mapping):
            continue
        where = f"{place.path}.{name}"
        total = sum(number for value in table.values() if (number := as_number(value)) is not None)
        if name in ONE_SUMS and table and abs(total - 1.0) > SUM_TOLERANCE:
            remedy = "give shares that add to 1" + (" (not per cent)" if total > 2 else "")
            yield Problem(where, f"shares sum to {total:g}, not 1", remedy)
        if name == "procurement" and total > 1.0 + SUM_TOLERANCE:
            yield Problem(where, f"shares sum to {total:g}, above 1", "give shares of the spending")
        if name != "sectors":
            yield from _check_regions(where, table, world)
    spread = place.raw.get("displacement")
    if isinstance(spread, Mapping):
        values = [as_number(spread.get(name)) for name in ("low", "mode", "high")]
        known = [value for value in values if value is not None]
        if len(known) == len(values) and known != sorted(known):
            message = "low, mode and high are not in rising order"
            yield Problem(f"{place.path}.displacement", message, "reorder the three values")


def _check_tariff(place: Place, world: World | None) -> Iterator[Problem]:
    """Problems of a tariff: exporters, products, rates that look like per cent, idle fields."""
    path, raw = place.path, place.raw
    importer = raw.get("importer")
    for name in ("exporters", "except_exporters"):
        names = texts_of(raw.get(name, []))
        yield from _check_regions(f"{path}.{name}", names, world, groups=True)
        if names == [importer]:
            message = f'"{importer}" is the importer itself'
            yield Problem(f"{path}.{name}", message, "name the regions whose goods pay the tariff")
    if world is not None and importer in world.regions:
        for name in ("products", "except_products"):
            for product in texts_of(raw.get(name, [])):
                wrong = explain_product(product, world, str(importer))
                if wrong is not None:
                    yield Problem(f"{path}.{name}", *wrong)
    for where, value in _rates(raw):
        if value > HIGHEST_PLAIN_RATE and raw.get("prohibitive") is not True:
            remedy = f"a rate is a fraction: did you mean {value / 100:g} ({value:g} %)?"
            if value > 200:
                remedy = "a rate is a fraction of customs value: 0.15 is 15 %"
            else:
                remedy += " For a real rate above 100 %, add `prohibitive = true`"
            message = f"{show_number(value)} would be a tariff of {value * 100:g} %"
            yield Problem(f"{path}.{where}", message, remedy)
    if raw.get("basis") in texts_of(raw.get("unless_basis", [])):
        message = f'"{raw["basis"]}" is the clause\'s own basis'
        remedy = "a clause cannot exclude itself; use `except_products` for goods of another clause"
        yield Problem(f"{path}.unless_basis", message, remedy)
    if "preference_share" in raw and raw.get("rule") in ("add", "ceiling"):
        message = f'has no effect under rule = "{raw["rule"]}"'
        yield Problem(f"{path}.preference_share", message, "delete it, or use floor or level")
    yield from _check_idle(place)


def _check_idle(place: Place) -> Iterator[Problem]:
    """Fields of a tariff that its rule or its legal basis gives no meaning to."""
    path, raw = place.path, place.raw
    rules = [raw.get("rule")]
    for name, key in (("snap_back", "rule"), ("retroactive", "charged_rule")):
        table = raw.get(name)
        rules += [table.get(key)] if isinstance(table, Mapping) else []
    if raw.get("unless_basis") and raw.get("basis") in BASE_CHANGING:
        message = f'has no effect on the basis "{raw["basis"]}", which changes the base rate itself'
        remedy = "delete it, and leave the goods out with `except_products`"
        yield Problem(f"{path}.unless_basis", message, remedy)
    elif raw.get("unless_basis") and "ceiling" in rules:
        message = 'has no effect under rule = "ceiling", which only caps'
        remedy = "delete it, and put it on the clauses that the ceiling caps"
        yield Problem(f"{path}.unless_basis", message, remedy)
    if "quota" in raw and "ceiling" in rules:
        message = 'has no effect under rule = "ceiling", which only caps'
        remedy = "delete it, and put it on the clause that the ceiling caps, or use level or floor"
        yield Problem(f"{path}.quota", message, remedy)


def _rates(raw: Raw) -> Iterator[tuple[str, float]]:
    """Every rate of a tariff as written, with its place in the clause."""
    tables: list[tuple[str, Any, str]] = [
        ("rate", raw, "rate"),
        ("preference_rate", raw, "preference_rate"),
        ("quota.in_quota_rate", raw.get("quota"), "in_quota_rate"),
        ("snap_back.rate", raw.get("snap_back"), "rate"),
        ("retroactive.charged_rate", raw.get("retroactive"), "charged_rate"),
    ]
    for number, step in enumerate(tables_of(raw.get("steps")), start=1):
        tables.append((f"steps[{number}].rate", step, "rate"))
    for where, table, key in tables:
        value = as_number(table.get(key)) if isinstance(table, Mapping) else None
        if value is not None:
            yield where, value


def _check_investment(place: Place) -> Iterator[Problem]:
    """Problems of an investment: a cap above the amount, a pace given twice."""
    path, raw = place.path, place.raw
    amount, cap = as_number(raw.get("amount")), as_number(raw.get("annual_cap"))
    if amount is not None and cap is not None and cap > amount > 0:
        message = f"{show_number(cap)} exceeds amount {show_number(amount)}"
        remedy = "lower the cap, or raise the amount (both are in units of the currency)"
        yield Problem(f"{path}.annual_cap", message, remedy)
    if raw.get("up_front") is True and cap is not None:
        message = "contradicts up_front = true"
        yield Problem(f"{path}.annual_cap", message, "keep one of the two")
