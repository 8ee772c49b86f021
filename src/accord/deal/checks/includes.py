"""Clauses of a deal beside those of the backgrounds it includes: what replaces what.

A background holds the law in force. A clause of the deal that charges the same goods on the same
legal basis on some day has to say whether it takes the place of the included one or adds to it.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from accord.core.errors import Problem
from accord.core.words import suggest
from accord.data.world import World
from accord.deal.checks.contradictions import Placed, Reach, placed_tariffs, share_a_day
from accord.deal.checks.text.as_written import Place, Written, clause_places, tables_of, texts_of
from accord.deal.clauses.tariff import TariffClause
from accord.deal.includes.replaced import standing
from accord.deal.products import did_you_mean

Groups = Mapping[tuple[str, str], Sequence[Placed]]


def check_includes(as_written: Written, world: World | None, included: int) -> Iterator[Problem]:
    """Yield clauses that double an included one, and replacements that replace nothing.

    Args:
        as_written: The file with what it includes.
        world: Where the goods that clauses cover are looked up; None compares names.
        included: Number of clauses at the head of `[background]` that come from included files.
    """
    places = list(clause_places(as_written))
    borrowed, own = places[:included], places[included:]
    yield from _check_ids(borrowed, own)
    tariffs = placed_tariffs("background", as_written.get("background"), included)
    groups: dict[tuple[str, str], list[Placed]] = defaultdict(list)
    for placed in tariffs:
        if placed.included:
            groups[placed.clause.importer, placed.clause.basis].append(placed)
    ours = [placed for placed in tariffs if not placed.included]
    reach = Reach(world)
    yield from _check_doubles(ours, ours, groups, reach)
    tables = [("no_deal", as_written.get("no_deal"))]
    packages = tables_of(as_written.get("package"))
    tables += [(f"package[{number}]", table) for number, table in enumerate(packages, start=1)]
    for path, table in tables:
        if isinstance(table, Mapping) and table.get("background", True) is not False:
            placed_here = placed_tariffs(path, table)
            yield from _check_doubles(placed_here, (*ours, *placed_here), groups, reach)


def _check_ids(borrowed: Sequence[Place], own: Sequence[Place]) -> Iterator[Problem]:
    """Yield ids given twice, and ids in `replaces` that no included clause has."""
    known: dict[str, Place] = {}
    for place in (*borrowed, *own):
        replaced = texts_of(place.as_written.get("replaces", []))
        for identifier in texts_of(place.as_written.get("id", [])):
            if identifier in known and identifier not in replaced:
                message = f'"{identifier}" is already the id of {known[identifier].path}'
                remedy = f'rename it, or write replaces = ["{identifier}"] to take its place'
                yield Problem(f"{place.path}.id", message, remedy)
            known.setdefault(identifier, place)
    ids = {name: known[name] for place in borrowed for name in texts_of(place.as_written.get("id"))}
    for place in own:
        for identifier in texts_of(place.as_written.get("replaces", [])):
            path = f"{place.path}.replaces"
            if place.path.startswith("history"):
                yield Problem(path, "a history stands beside no background", "delete it")
            elif identifier not in ids:
                message = f'no included clause has the id "{identifier}"'
                hint = did_you_mean(suggest(identifier, ids)) or _list(ids)
                yield Problem(path, message, hint)
            elif (other := ids[identifier].as_written).get("importer") != place.as_written.get(
                "importer", other.get("importer")
            ):
                message = f'"{identifier}" is a measure of {other.get("importer")}'
                yield Problem(path, message, "a clause replaces measures of its own importer")


def _list(ids: Mapping[str, Place]) -> str:
    """Return the remedy that lists what could be replaced."""
    return f"ids: {', '.join(ids)}" if ids else 'include a background, or delete "replaces"'


def _check_doubles(
    own: Sequence[Placed], replacing: Sequence[Placed], groups: Groups, reach: Reach
) -> Iterator[Problem]:
    """Yield the clauses that charge what an included one charges and do not say how they relate."""
    others = [placed.clause for placed in replacing if placed.clause.replaces]
    for placed in own:
        clause = placed.clause
        doubled = [
            earlier.clause
            for earlier in groups.get((clause.importer, clause.basis), ())
            if clause.replaces is None and share_a_day(earlier.clause, clause)
            for left in standing([earlier.clause], others)
            if isinstance(left, TariffClause)
            and reach.overlap(replace(earlier, clause=left), placed)
        ]
        if doubled:
            ids = ", ".join(f'"{earlier.id}"' for earlier in doubled)
            laws = ", ".join(
                f'"{earlier.id}" ({earlier.rule} {100 * earlier.rate:g} %)' for earlier in doubled
            )
            message = f"charges goods that {laws} of an included background charges on its basis"
            remedy = f"write replaces = [{ids}] to take that place, or replaces = [] to add to it"
            yield Problem(placed.path, message, remedy)
