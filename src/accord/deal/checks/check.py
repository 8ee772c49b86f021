"""All checks of a deal file beyond its format, in one pass.

The checks read the file as written, not its models, so that a slip in one field hides no other.
"""

from collections.abc import Iterable, Iterator

from pydantic import ValidationError

from accord.core.errors import Problem
from accord.data.world import World
from accord.deal.checks.bounds import check_bounds
from accord.deal.checks.clauses import check_clauses
from accord.deal.checks.contradictions import check_contradictions
from accord.deal.checks.coverage import check_coverage
from accord.deal.checks.durations import check_durations, check_means
from accord.deal.checks.finance import check_money, read_context
from accord.deal.checks.groups import check_groups, check_overlap
from accord.deal.checks.includes import check_includes
from accord.deal.checks.terms import check_terms
from accord.deal.checks.text.as_written import (
    Written,
    clause_places,
    group_names,
    tables_of,
    texts_of,
)
from accord.deal.checks.text.format_errors import explain_errors
from accord.deal.checks.text.limits import check_limits, group_problems
from accord.deal.clauses.base import check_regions
from accord.deal.clauses.registry import CLAUSES
from accord.deal.deal import RESERVED_NAMES, DealFile
from accord.deal.products import EVERYTHING, expand_regions
from accord.deal.regions import REGION_GROUPS, Group, members_of

NAMED_TABLES = (("package", "name"), ("vintage", "name"), ("history", "name"), ("source", "id"))
GUESS = "did you mean"


def find_problems(as_written: Written, world: World | None, *, included: int = 0) -> list[Problem]:
    """Return every problem of a parsed file: format first, then meaning; empty if there is none.

    Args:
        as_written: The file as parsed from TOML.
        world: Where regions and products are looked up; None leaves those checks out.
        included: Number of clauses at the head of `[background]` that come from included files.
    """
    too_large = check_limits(as_written)
    if too_large:
        return group_problems(too_large)
    problems: list[Problem] = []
    try:
        file = DealFile.model_validate(as_written)
    except ValidationError as error:
        problems.extend(explain_errors(error, as_written))
    else:
        problems.extend(check_durations(file))
        problems.extend(check_means(file, world) if world is not None else ())
    problems.extend(check_groups(as_written, world))
    problems.extend(_check_head(as_written, world))
    context = read_context(as_written, world)
    problems.extend(check_clauses(as_written, context))
    problems.extend(_check_parties(as_written, world, included))
    problems.extend(check_money(as_written, context))
    problems.extend(check_contradictions(as_written, world, included))
    problems.extend(check_includes(as_written, world, included))
    problems.extend(check_coverage(as_written, world))
    problems.extend(check_terms(as_written))
    problems = _with_bounds(problems, check_bounds(as_written))
    return group_problems(problems)


def _with_bounds(problems: Iterable[Problem], bounds: Iterable[Problem]) -> list[Problem]:
    """Return problems with figures out of bounds, each figure told once.

    A problem that guesses what was meant comes before the bound, and so does that of a term.
    """
    outside = {problem.path: problem for problem in bounds}
    kept = [
        problem
        for problem in problems
        if problem.path not in outside
        or problem.path.startswith("terms.")
        or GUESS in problem.remedy.casefold()
    ]
    told = {problem.path for problem in kept}
    return kept + [problem for path, problem in outside.items() if path not in told]


def _check_head(as_written: Written, world: World | None) -> Iterator[Problem]:
    """Problems outside the clauses: parties, currency, names given twice or reserved."""
    parties = texts_of(as_written.get("parties", []))
    groups = group_names(as_written)
    yield from check_regions("parties", parties, world, groups=groups)
    yield from _check_twice(((f"parties[{i}]", name) for i, name in enumerate(parties, 1)), "party")
    yield from check_overlap(parties)
    currency = as_written.get("currency", "USD")
    if isinstance(currency, str) and currency != "USD":
        message = f'amounts in "{currency}" are not read yet'
        yield Problem("currency", message, 'convert amounts to dollars and write currency = "USD"')
    for heading, field in NAMED_TABLES:
        named = [
            (f"{heading}[{number}].{field}", table[field])
            for number, table in enumerate(tables_of(as_written.get(heading)), start=1)
            if isinstance(table.get(field), str)
        ]
        yield from _check_twice(named, heading)
        for path, name in named:
            if heading == "package" and name in RESERVED_NAMES:
                yield Problem(path, f'"{name}" is a reserved name', "choose another name")
    for number, table in enumerate(tables_of(as_written.get("history")), start=1):
        path = f"history[{number}]"
        importers = texts_of(table.get("importer", []))
        yield from check_regions(f"{path}.importer", importers, world, groups=groups)
        names = texts_of(table.get("exporters", []))
        yield from check_regions(f"{path}.exporters", names, world, everything=True, groups=groups)


def _check_twice(named: Iterable[tuple[str, str]], what: str) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for path, name in named:
        if name in first:
            message = f'{what} "{name}" is already given at {first[name]}'
            yield Problem(path, message, "rename or delete one of them")
        first.setdefault(name, path)


def _check_parties(as_written: Written, world: World | None, included: int) -> Iterator[Problem]:
    """A deal none of whose clauses is between two of its parties: one of the two is a slip.

    Where a region is not known, that is the problem to tell first.
    """
    parties = texts_of(as_written.get("parties", []))
    places = list(clause_places(as_written))[included:]
    places = [place for place in places if not place.path.startswith("history")]
    pairs = [pair for place in places for pair in _pairs_of(place.as_written)]
    named = {*parties, *(name for pair in pairs for names in pair for name in names)}
    groups = {EVERYTHING, *REGION_GROUPS, *(name for name in named if members_of(name))}
    members = {name for group in groups for name in members_of(group)}
    regions = world.regions if world is not None else tuple(sorted((named | members) - groups))
    own = {member for name in named if isinstance(name, Group) for member in members_of(name)}
    if len(set(parties)) < 2 or not pairs or not named | own <= {*regions, *groups}:
        return
    within = {party: set(expand_regions([party], regions)) for party in parties}
    for first, second, left_out in pairs:
        one_side = set(expand_regions(first, regions))
        other_side = set(expand_regions(second, regions)) - set(expand_regions(left_out, regions))
        ours = {party for party in parties if within[party] & one_side}
        theirs = {party for party in parties if within[party] & other_side}
        if ours and theirs and len(ours | theirs) >= 2:
            return
    message = f"no clause is between two of the parties {', '.join(sorted(set(parties)))}"
    remedy = "correct the parties, or the importer, exporters, payer and host of the clauses"
    yield Problem("parties", message, remedy)


def _pairs_of(fields: Written) -> Iterator[tuple[list[str], list[str], list[str]]]:
    """The regions on the two sides of a clause, and those left out of the second."""
    model = CLAUSES.get(str(fields.get("kind")))
    if model is not None and model.between is not None:
        first, second = model.between
        left_out = texts_of(fields.get(f"except_{second}", []))
        yield texts_of(fields.get(first, [])), texts_of(fields.get(second, [])), left_out
