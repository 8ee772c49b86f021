"""Checks of the `[terms]` table of a deal file."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from accord.core.errors import Problem
from accord.core.words import propose, suggest
from accord.deal.checks.text.as_written import Written, show_number, tables_of, texts_of
from accord.deal.checks.text.format_errors import explain_errors
from accord.deal.clauses.registry import CLAUSES, clause_keys
from accord.deal.clauses.tariff import HIGHEST_PLAIN_RATE
from accord.deal.fields import Mark
from accord.deal.products import did_you_mean
from accord.deal.terms.entries import MOVED, TermEntry
from accord.deal.terms.values import build_clause, find_clauses, read_value, with_field

Fields = dict[str, Any]
PARTS = ("into", "against", "add")


def check_terms(as_written: Written) -> Iterator[Problem]:
    """Yield every problem of the terms of a file as parsed, beyond their format."""
    table = as_written.get("terms")
    entries = tables_of(table.get("term")) if isinstance(table, Mapping) else []
    packages = {
        entry["name"]: [_with_defaults(clause) for clause in tables_of(entry.get("clause"))]
        for entry in tables_of(as_written.get("package"))
        if isinstance(entry.get("name"), str)
    }
    sources = [
        name for entry in tables_of(as_written.get("source")) for name in texts_of(entry.get("id"))
    ]
    first: dict[str, str] = {}
    for number, entry in enumerate(entries, start=1):
        path = f"terms.term[{number}]"
        name = entry.get("name")
        if isinstance(name, str) and name in first:
            message = f'term "{name}" is already given at {first[name]}'
            yield Problem(f"{path}.name", message, "rename or delete one of them")
        elif isinstance(name, str):
            first[name] = f"{path}.name"
        for source in texts_of(entry.get("source", [])):
            if source not in sources:
                remedy = did_you_mean(suggest(source, sources)) or "add a [[source]] with this id"
                yield Problem(f"{path}.source", f'"{source}" is not a source of this file', remedy)
        try:
            term = TermEntry.model_validate(entry)
        except ValidationError:
            continue  # the format is told elsewhere
        yield from _check_bounds(path, term)
        wrong = list(_check_parts(path, term))
        yield from wrong
        yield from _check_places(path, term, packages, readable=not wrong)


def _with_defaults(as_written: Written) -> Fields:
    """Return the fields of a clause as written, with those left out where it is readable."""
    model = CLAUSES.get(str(as_written.get("kind")))
    if model is None:
        return dict(as_written)
    try:
        return model.model_validate(as_written).model_dump(by_alias=True)
    except ValidationError:
        return dict(as_written)


def _check_bounds(path: str, term: TermEntry) -> Iterator[Problem]:
    slipped = _is_per_cent(term, term.low) and not _is_per_cent(term, term.high)
    if not term.low < term.high and not slipped:
        message = f"{show_number(term.high)} is not above low {show_number(term.low)}"
        yield Problem(f"{path}.high", message, "swap the two, or delete a term that cannot move")
    elif term.step > term.high - term.low:
        message = f"{show_number(term.step)} is more than all of low to high"
        yield Problem(f"{path}.step", message, "give the step people talk in: 0.01 for a point")
    if term.is_division and not 0 <= term.low <= term.high <= 1:
        bound = "low" if term.low < 0 else "high"
        remedy = "the term is a share of the money: give bounds from 0 to 1"
        yield Problem(f"{path}.{bound}", f"{show_number(getattr(term, bound))}, of 1", remedy)


def _check_parts(path: str, term: TermEntry) -> Iterator[Problem]:
    """Yield what does not go together: two ways to move, a kind that differs, no meaning."""
    given = [name for name in PARTS if getattr(term, name)]
    for name in given[1:]:
        message = f"does not go together with {given[0]}"
        yield Problem(f"{path}.{name}", message, "keep one of the two")
    if term.is_division and term.field != MOVED:
        message = f'"{term.field}" is not what {given[0]} divides'
        yield Problem(f"{path}.field", message, f'write field = "{MOVED}"')
    if term.add and term.none is None:
        remedy = "say which value means that there is no such clause, such as `none = 0`"
        yield Problem(f"{path}.none", "is missing beside `add`", remedy)
    kinds = {str(part["kind"]) for part in (term.where, term.add, term.against) if "kind" in part}
    for name in ("where", "add"):
        part = getattr(term, name)
        if part and "kind" not in part:
            yield Problem(f"{path}.{name}", "has no kind", f"add kind, one of {', '.join(CLAUSES)}")
    for kind in kinds - set(CLAUSES):
        remedy = propose(kind, CLAUSES)
        yield Problem(f"{path}.where", f'"{kind}" is not a kind of clause', remedy)
    model = CLAUSES.get(str(term.where.get("kind")))
    if model is None:
        return
    keys = {key for name, field in model.model_fields.items() for key in (field.alias or name,)}
    for key in {*term.where, *term.add, *term.into, *term.against} - keys:
        remedy = propose(key, sorted(keys))
        where = next(name for name in ("where", *PARTS) if key in getattr(term, name))
        yield Problem(f"{path}.{where}.{key}", "is not a field of this clause", remedy)
    head = term.field.partition(".")[0]
    if head not in keys:
        remedy = propose(head, sorted(keys))
        yield Problem(f"{path}.field", f'"{head}" is not a field of a {model.__name__}', remedy)


def _check_places(
    path: str, term: TermEntry, packages: Mapping[str, list[Fields]], *, readable: bool
) -> Iterator[Problem]:
    """Yield packages that are not there, or in which the clause is not one."""
    for name in term.packages:
        if name not in packages:
            remedy = propose(name, packages)
            yield Problem(f"{path}.package", f'"{name}" is not a package of this file', remedy)
    matched = 0
    for name in term.packages or tuple(packages):
        if name not in packages:
            continue
        clauses = packages[name]
        for part in ("where", "against"):
            meant = getattr(term, part)
            count = len(find_clauses(clauses, meant)) if meant else 0
            if count > 1:
                message = f"{count} clauses of {name} match"
                yield Problem(f"{path}.{part}", message, "add a field that tells them apart")
            matched += part == "where" and (count == 1 or bool(term.add))
        wanted = [term.where, *([term.against] if term.against else [])]
        if term.packages and not term.add and any(not find_clauses(clauses, w) for w in wanted):
            message = f"no clause of {name} matches"
            yield Problem(f"{path}.where", message, "correct the fields, or leave the package out")
        elif readable and (term.add or all(len(find_clauses(clauses, w)) == 1 for w in wanted)):
            yield from _check_value(path, term, name, clauses)
    if not matched and not term.packages and packages:
        message = "no clause of any package matches"
        yield Problem(f"{path}.where", message, "correct the fields, such as kind or title")


def _check_value(
    path: str, term: TermEntry, package: str, clauses: list[Fields]
) -> Iterator[Problem]:
    """Yield a value now that is missing or outside, and bounds that the clause cannot take."""
    try:
        now = read_value(term, clauses)
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return  # the clause itself is wrong, and that is told
    if now is None:
        message = f"{package} has no number there"
        remedy = "name a field that holds one, or say with `none` which value stands for that"
        yield Problem(f"{path}.field", message, remedy)
        return
    meant = any(clauses[at].get("prohibitive") for at in find_clauses(clauses, term.where))
    is_told = not meant and _is_per_cent(term, now) and not _is_per_cent(term, term.high)
    if term.low < term.high and not term.low <= now <= term.high and not is_told:
        message = f"{package} has {show_number(now)}, outside {show_number(term.low)} to "
        remedy = "widen the bounds, or name the packages it is for"
        yield Problem(f"{path}.low", message + show_number(term.high), remedy)
    if term.is_division:
        yield from _check_into(path, term, clauses)
        return
    for bound in ("low", "high"):
        yield from _check_bound(path, term, bound, clauses)


def _is_per_cent(term: TermEntry, value: float) -> bool:
    """Whether a value of a rate reads like per cent, which is told where it stands."""
    return term.field.partition(".")[0].endswith("rate") and value > HIGHEST_PLAIN_RATE


def _check_bound(
    path: str, term: TermEntry, bound: str, clauses: list[Fields]
) -> Iterator[Problem]:
    """Yield why the clause cannot take a bound."""
    value = float(getattr(term, bound))
    places = find_clauses(clauses, term.where)
    if term.add and value == term.none:
        return
    fields = {key: setting for key, setting in (clauses[places[0]] if places else term.add).items()
              if setting is not None}  # fmt: skip
    model = CLAUSES.get(str(fields.get("kind")))
    if model is None:
        return
    head, _, rest = term.field.partition(".")
    if head.endswith("rate") and value > HIGHEST_PLAIN_RATE and not fields.get("prohibitive"):
        remedy = f"a rate is a fraction: did you mean {value / 100:g}?"
        yield Problem(f"{path}.{bound}", f"{show_number(value)} is {value * 100:g} %", remedy)
        return
    if rest and not isinstance(fields.get(head), Mapping):
        message = f'"{head}" is not a table with "{rest}" in it'
        yield Problem(f"{path}.field", message, "name a field of the clause as it is written")
        return
    if head in clause_keys(fields["kind"], Mark.SUMS_TO_ONE) and rest not in fields[head]:
        remedy = f"one of {', '.join(fields[head])}"
        yield Problem(f"{path}.field", f'"{rest}" has no share in "{head}"', remedy)
        return
    changed = with_field(fields, model, term, value)
    problems = _explain(changed)
    if problems:
        yield Problem(f"{path}.{bound}", f"the clause cannot take it: {problems}")


def _check_into(path: str, term: TermEntry, clauses: list[Fields]) -> Iterator[Problem]:
    """Yield why the clause on other terms cannot be made."""
    whole = {key: value for key, value in clauses[find_clauses(clauses, term.where)[0]].items()
             if value is not None}  # fmt: skip
    problems = _explain({**whole, **term.into}) if term.into else ""
    if problems and not _explain(whole):
        yield Problem(f"{path}.into", f"makes no clause: {problems}", "correct its fields")


def _explain(fields: Fields) -> str:
    """Return why fields make no clause, in one line; nothing if they do."""
    try:
        build_clause(fields)
    except ValidationError as error:
        told = explain_errors(error, {})
        return "; ".join(str(problem) for problem in told) or "a value of the wrong kind"
    return ""
