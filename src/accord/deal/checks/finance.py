"""Checks of the money of a deal: rates, splits, projects, dates, holidays.

Like `check`, it reads the file as written, so that a slip in one field hides no other.
"""

from collections.abc import Iterator, Mapping, Sequence

from accord.core.errors import Problem
from accord.core.words import propose, suggest
from accord.data.world import World
from accord.deal.checks.regions import explain_region, suggest_party
from accord.deal.checks.text.as_written import (
    SUM_TOLERANCE,
    Written,
    as_number,
    group_names,
    tables_of,
    texts_of,
)
from accord.deal.clauses.base import CheckContext, check_market_rate
from accord.deal.external_entries import WATCHED_LINES
from accord.deal.products import did_you_mean
from accord.deal.projects import read_project_table

DEFAULT_HORIZON = 35


def read_context(as_written: Written, world: World | None) -> CheckContext:
    """Return what a file as parsed defines for its clauses: sources, rates, projects, horizon."""
    sources = [
        name for entry in tables_of(as_written.get("source")) for name in texts_of(entry.get("id"))
    ]
    return CheckContext(
        world,
        tuple(sources),
        _known_rates(as_written),
        _known_kinds(as_written),
        _horizon(as_written),
        group_names(as_written),
    )


def check_money(as_written: Written, context: CheckContext) -> Iterator[Problem]:
    """Yield every problem of the money in a parsed file outside its clauses."""
    yield from _check_settings(as_written, context)
    yield from _check_projects(as_written)
    yield from _check_external(as_written, context)


def _check_external(as_written: Written, context: CheckContext) -> Iterator[Problem]:
    """Yield problems of `[[external]]` tables: party, order, floors, rates."""
    parties, rates = texts_of(as_written.get("parties", [])), context.rates
    seen: set[str] = set()
    for number, entry in enumerate(tables_of(as_written.get("external")), start=1):
        path = f"external[{number}]"
        for party in texts_of(entry.get("party")):
            if party in seen:
                yield Problem(f"{path}.party", f"{party} has a table already", "join the two")
            seen.add(party)
            yield from _check_party(f"{path}.party", party, parties, context.world)
        order = texts_of(entry.get("order", []))
        if len(set(order)) != len(order):
            yield Problem(f"{path}.order", "names a source twice", "name each once")
        floors = entry.get("floors")
        for name in floors if isinstance(floors, Mapping) else ():
            if name not in WATCHED_LINES:
                message = f'"{name}" is not a line that can be watched'
                yield Problem(f"{path}.floors", message, propose(name, WATCHED_LINES))
        yield from _check_stops(path, entry)
        income = entry.get("income")
        if isinstance(income, Mapping):
            values = [as_number(income.get(name)) for name in ("low", "mode", "high")]
            known = [value for value in values if value is not None]
            if len(known) == len(values) and known != sorted(known):
                message = "low, mode and high are not in rising order"
                yield Problem(f"{path}.income", message, "reorder the three values")
        yield from check_market_rate(f"{path}.borrowing_rate", entry.get("borrowing_rate"), rates)


def _check_stops(path: str, entry: Written) -> Iterator[Problem]:
    """Yield a count of sudden stops without its years, and a chance beside a count."""
    counted = [name for name in ("stop_events", "stop_years") if name in entry]
    if len(counted) == 1:
        message = "stands alone: a chance needs events and the years they were counted in"
        yield Problem(f"{path}.{counted[0]}", message, "give stop_events and stop_years")
    if as_number(entry.get("stop_years")) == 0:
        yield Problem(f"{path}.stop_years", "is zero", "give the years of the count")
    if counted and "stop_rate" in entry:
        message = "takes the chance as known, and events are counted as well"
        yield Problem(f"{path}.stop_rate", message, "keep one of the two")


def _known_rates(as_written: Written) -> dict[str, float]:
    shipped = {rate.name: rate.level for rate in read_project_table().rates.values()}
    own = {
        str(entry["name"]): level
        for entry in tables_of(as_written.get("rate"))
        if "name" in entry and (level := as_number(entry.get("level"))) is not None
    }
    return {**shipped, **own}


def _known_kinds(as_written: Written) -> tuple[str, ...]:
    own = [
        name
        for entry in tables_of(as_written.get("project"))
        for name in texts_of(entry.get("name"))
    ]
    return tuple(dict.fromkeys((*read_project_table().kinds, *own)))


def _horizon(as_written: Written) -> int:
    settings = as_written.get("assessment")
    given = settings.get("horizon") if isinstance(settings, Mapping) else None
    return given if isinstance(given, int) else DEFAULT_HORIZON


def _check_settings(as_written: Written, context: CheckContext) -> Iterator[Problem]:
    settings = as_written.get("assessment")
    parties = texts_of(as_written.get("parties", []))
    for field in ("discount_rates", "tax_rates"):
        given = settings.get(field) if isinstance(settings, Mapping) else None
        for party, rate in given.items() if isinstance(given, Mapping) else ():
            path = f"assessment.{field}.{party}"
            yield from _check_party(path, party, parties, context.world)
            if field == "discount_rates":
                yield from check_market_rate(path, rate, context.rates)


def _check_party(
    path: str, party: str, parties: Sequence[str], world: World | None
) -> Iterator[Problem]:
    """Yield a name that is no party; not one that stands for a party which is misspelt itself."""
    if party in parties:
        return
    meant = suggest_party(party, parties, world)
    if meant is not None and world is not None and explain_region(meant, world) is not None:
        return  # the slip is in `parties`, and told there
    remedy = did_you_mean(meant) or f"parties: {', '.join(parties)}"
    yield Problem(path, f'"{party}" is not a party of this file', remedy)


def _check_projects(as_written: Written) -> Iterator[Problem]:
    """Yield problems of `[[project]]` entries: phases that do not add up, unknown sources."""
    sources = [
        name for entry in tables_of(as_written.get("source")) for name in texts_of(entry.get("id"))
    ]
    sources += [source.id for source in read_project_table().sources]
    for number, entry in enumerate(tables_of(as_written.get("project")), start=1):
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
