"""What can be wrong with the money of a deal file: rates, splits, projects, dates, holidays.

Like `check`, it reads the file as written, so that a slip in one field hides no other.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from accord.core.errors import Problem
from accord.core.words import suggest
from accord.deal.business_days import has_holidays
from accord.deal.checks.as_written import (
    SUM_TOLERANCE,
    Place,
    Raw,
    as_number,
    clause_places,
    tables_of,
    texts_of,
)
from accord.deal.external_entries import WATCHED_LINES
from accord.deal.products import did_you_mean
from accord.deal.projects import read_project_table, read_rate

DEFAULT_HORIZON = 35
RATE_FIELDS = ("interest", "deemed_rate")
HELP_WITH_RATES = 'give a fraction, or text such as "ust20 + 0.01"'


def check_money(raw: Raw) -> Iterator[Problem]:
    """Yield every problem of the money in a parsed file."""
    rates = _known_rates(raw)
    kinds = _known_kinds(raw)
    horizon = _horizon(raw)
    yield from _check_settings(raw, rates)
    yield from _check_projects(raw)
    for place in clause_places(raw):
        kind = place.raw.get("kind")
        for name in RATE_FIELDS:
            yield from _check_rate(f"{place.path}.{name}", place.raw.get(name), rates)
        if kind == "investment":
            yield from _check_investment(place, kinds)
        elif kind == "profit_split":
            yield from _check_split(place, horizon)
    yield from _check_pairs(raw)
    yield from _check_dollars(raw, rates)


def _check_dollars(raw: Raw, rates: Mapping[str, float]) -> Iterator[Problem]:
    """Yield problems of `[[dollars]]` tables: party, order, floors, rates."""
    parties = texts_of(raw.get("parties", []))
    seen: set[str] = set()
    for number, entry in enumerate(tables_of(raw.get("dollars")), start=1):
        path = f"dollars[{number}]"
        for party in texts_of(entry.get("party")):
            if party in seen:
                yield Problem(f"{path}.party", f"{party} has a table already", "join the two")
            seen.add(party)
            if party not in parties:
                remedy = did_you_mean(suggest(party, parties)) or f"parties: {', '.join(parties)}"
                yield Problem(f"{path}.party", f'"{party}" is not a party of this file', remedy)
        order = texts_of(entry.get("order", []))
        if len(set(order)) != len(order):
            yield Problem(f"{path}.order", "names a source twice", "name each once")
        floors = entry.get("floors")
        for name in floors if isinstance(floors, Mapping) else ():
            if name not in WATCHED_LINES:
                remedy = did_you_mean(suggest(name, WATCHED_LINES))
                message = f'"{name}" is not a line that can be watched'
                yield Problem(
                    f"{path}.floors", message, remedy or f"one of: {', '.join(WATCHED_LINES)}"
                )
        income = entry.get("income")
        if isinstance(income, Mapping):
            values = [as_number(income.get(name)) for name in ("low", "mode", "high")]
            known = [value for value in values if value is not None]
            if len(known) == len(values) and known != sorted(known):
                message = "low, mode and high are not in rising order"
                yield Problem(f"{path}.income", message, "reorder the three values")
        yield from _check_rate(f"{path}.borrowing_rate", entry.get("borrowing_rate"), rates)


def _known_rates(raw: Raw) -> dict[str, float]:
    shipped = {rate.name: rate.level for rate in read_project_table().rates.values()}
    own = {
        str(entry["name"]): level
        for entry in tables_of(raw.get("rate"))
        if "name" in entry and (level := as_number(entry.get("level"))) is not None
    }
    return {**shipped, **own}


def _known_kinds(raw: Raw) -> tuple[str, ...]:
    own = [name for entry in tables_of(raw.get("project")) for name in texts_of(entry.get("name"))]
    return tuple(dict.fromkeys((*read_project_table().kinds, *own)))


def _horizon(raw: Raw) -> int:
    settings = raw.get("assessment")
    given = settings.get("horizon") if isinstance(settings, Mapping) else None
    return given if isinstance(given, int) else DEFAULT_HORIZON


def _check_settings(raw: Raw, rates: Mapping[str, float]) -> Iterator[Problem]:
    settings = raw.get("assessment")
    given = settings.get("discount_rates") if isinstance(settings, Mapping) else None
    if not isinstance(given, Mapping):
        return
    parties = texts_of(raw.get("parties", []))
    for party, rate in given.items():
        path = f"assessment.discount_rates.{party}"
        if party not in parties:
            remedy = did_you_mean(suggest(party, parties)) or f"parties: {', '.join(parties)}"
            yield Problem(path, f'"{party}" is not a party of this file', remedy)
        yield from _check_rate(path, rate, rates)


def _check_rate(path: str, value: Any, rates: Mapping[str, float]) -> Iterator[Problem]:
    """Yield what is wrong with a rate: its text, its reference, or its size."""
    if value is None or isinstance(value, bool) or not isinstance(value, str | int | float):
        return
    found = read_rate(value)
    if found is None:
        yield Problem(path, f'"{value}" is not a rate', HELP_WITH_RATES)
        return
    reference, spread = found
    if reference and reference not in rates:
        remedy = did_you_mean(suggest(reference, rates)) or f"known: {', '.join(rates)}"
        yield Problem(path, f'"{reference}" is not a market rate', remedy)
        return
    rate = spread + rates.get(reference, 0.0)
    if isinstance(value, str) and rate <= -1:
        yield Problem(path, f"a rate of {rate:.0%} is at or below −100 %", "0.05 is 5 %")
    if rate > 1:
        remedy = f"a rate is a fraction: did you mean {spread / 100:g} ({spread:g} %)?"
        yield Problem(path, f"would be {rate:.0%} a year", remedy)


def _check_projects(raw: Raw) -> Iterator[Problem]:
    """Yield problems of `[[project]]` entries: phases that do not add up, unknown sources."""
    sources = [name for entry in tables_of(raw.get("source")) for name in texts_of(entry.get("id"))]
    sources += [source.id for source in read_project_table().sources]
    for number, entry in enumerate(tables_of(raw.get("project")), start=1):
        path = f"project[{number}]"
        costs = [as_number(phase.get("cost")) for phase in tables_of(entry.get("phases"))]
        known = [cost for cost in costs if cost is not None]
        if known and len(known) == len(costs) and abs(sum(known) - 1) > SUM_TOLERANCE:
            message = f"costs sum to {sum(known):g}, not 1"
            yield Problem(f"{path}.phases", message, "give shares of the budget that add to 1")
        cited = entry.get("sources")
        for figure, name in cited.items() if isinstance(cited, Mapping) else ():
            if isinstance(name, str) and name not in sources:
                remedy = did_you_mean(suggest(name, sources)) or "add a [[source]] with this id"
                yield Problem(f"{path}.sources.{figure}", f'"{name}" is not a source', remedy)


def _check_investment(place: Place, kinds: tuple[str, ...]) -> Iterator[Problem]:
    path, raw = place.path, place.raw
    sectors = raw.get("sectors")
    for name in sectors if isinstance(sectors, Mapping) else ():
        if name not in kinds:
            message = f'"{name}" is not a kind of project'
            remedy = did_you_mean(suggest(name, kinds)) or (
                f"one of: {', '.join(kinds)}; or add a [[project]] of this name"
            )
            yield Problem(f"{path}.sectors", message, remedy)
    life, grace = as_number(raw.get("loan_years", 20.0)), as_number(raw.get("grace_years", 5.0))
    if raw.get("instrument") in ("loan", "guarantee") and life and grace and grace >= life:
        message = f"{grace:g} years are not within the {life:g} of the loan"
        yield Problem(f"{path}.grace_years", message, "shorten the grace, or lengthen the loan")
    owner = raw.get("owner")
    if isinstance(owner, str) and owner not in (raw.get("payer"), raw.get("host")):
        message = f'"{owner}" is neither payer nor host'
        yield Problem(f"{path}.owner", message, "name one of the two")
    if raw.get("notice_business_days"):
        for name in ("payer", "host"):
            country = raw.get(name)
            if isinstance(country, str) and not has_holidays(country):
                message = f'there are no holidays for "{country}"'
                remedy = "leave the notice out: business days need the holidays of both countries"
                yield Problem(f"{path}.notice_business_days", message, remedy)


def _check_split(place: Place, horizon: int) -> Iterator[Problem]:
    path, raw = place.path, place.raw
    review = raw.get("review_year")
    if isinstance(review, int) and review > horizon:
        message = f"a review after {review} years lies beyond the horizon of {horizon}"
        remedy = "review earlier, or raise `horizon` in [assessment]"
        yield Problem(f"{path}.review_year", message, remedy)
    if "guarantee" in texts_of(raw.get("covers", [])):
        message = "a guarantee pays nothing in, so there is nothing to recover"
        yield Problem(f"{path}.covers", message, "leave it out")
    before, after = raw.get("until_recovery"), raw.get("after_recovery")
    if isinstance(before, Mapping) and isinstance(after, Mapping) and {*before} != {*after}:
        message = f"names {', '.join(after)}, not {', '.join(before)}"
        yield Problem(f"{path}.after_recovery", message, "name the same two parties in both")


def _check_pairs(raw: Raw) -> Iterator[Problem]:
    """Yield splits that no investment of their package can fall under, and a second split."""
    tables: dict[str, list[Place]] = {}
    for place in clause_places(raw):
        tables.setdefault(place.path.partition(".clause")[0], []).append(place)
    for places in tables.values():
        pairs = [
            {*texts_of(one.raw.get("payer")), *texts_of(one.raw.get("host"))}
            for one in places
            if one.raw.get("kind") == "investment"
        ]
        seen: list[set[Any]] = []
        for place in places:
            shares = place.raw.get("until_recovery")
            if place.raw.get("kind") != "profit_split" or not isinstance(shares, Mapping):
                continue
            parties = {*texts_of(list(shares))}
            if parties not in pairs:
                message = f"no investment here is between {' and '.join(sorted(map(str, parties)))}"
                remedy = "name the payer and the host of an investment of the same package"
                yield Problem(f"{place.path}.until_recovery", message, remedy)
            if parties in seen:
                message = "is a second split for the same two parties"
                yield Problem(place.path, message, "keep one of them")
            seen.append(parties)
