"""The value of a term in the clauses of a package, and the same clauses with another value."""

from collections.abc import Mapping, Sequence
from typing import Any, get_args

from pydantic import TypeAdapter

from accord.core.errors import Problem
from accord.core.words import propose
from accord.deal.clauses.base import ClauseBase
from accord.deal.clauses.registry import Clause
from accord.deal.fields import Mark, marked_fields
from accord.deal.terms.entries import MOVED, TermEntry

Fields = dict[str, Any]
_CLAUSE: TypeAdapter[Any] = TypeAdapter(Clause)


def matches(where: Mapping[str, Any], fields: Mapping[str, Any]) -> bool:
    """Return whether a clause, as its fields, is one that is meant; a list holds at least these."""
    for key, wanted in where.items():
        value = fields.get(key)
        if isinstance(value, list | tuple):
            asked = wanted if isinstance(wanted, list | tuple) else [wanted]
            if not all(item in value for item in asked):
                return False
        elif key not in fields or value != wanted:
            return False
    return True


def find_clauses(clauses: Sequence[Mapping[str, Any]], where: Mapping[str, Any]) -> tuple[int, ...]:
    """Return the places of the clauses that are meant, counted from zero."""
    return tuple(at for at, fields in enumerate(clauses) if matches(where, fields))


def read_value(term: TermEntry, clauses: Sequence[Mapping[str, Any]]) -> float | None:
    """Return what a term is in clauses, given as their fields; None where it is not there.

    A division into other terms is 0 until it is made.
    """
    places = find_clauses(clauses, term.where)
    if term.add and not places:
        return term.none
    if len(places) != 1:
        return None
    fields = clauses[places[0]]
    if term.into:
        return 0.0
    if term.against:
        others = find_clauses(clauses, term.against)
        if len(others) != 1:
            return None
        here, there = float(fields[MOVED]), float(clauses[others[0]][MOVED])
        return there / (here + there)
    return _get(fields, term.field, term.none)


def _get(fields: Mapping[str, Any], path: str, missing: float | None) -> float | None:
    here: Any = fields
    for key in path.split("."):
        here = here.get(key) if isinstance(here, Mapping) else None
    is_number = isinstance(here, int | float) and not isinstance(here, bool)
    return float(here) if is_number else missing


def terms_in(
    package: str, clauses: Sequence[ClauseBase], terms: Sequence[TermEntry]
) -> tuple[TermEntry, ...]:
    """Return the terms that may move in the clauses of a package, in the order of the file."""
    fields = dump_clauses(clauses)
    return tuple(
        term
        for term in terms
        if (not term.packages or package in term.packages) and read_value(term, fields) is not None
    )


def dump_clauses(clauses: Sequence[ClauseBase]) -> list[Fields]:
    """Return the fields of clauses as written in a file."""
    return [clause.model_dump(by_alias=True) for clause in clauses]


def change_clauses(
    clauses: Sequence[ClauseBase], terms: Sequence[TermEntry], values: Mapping[str, float]
) -> tuple[Any, ...]:
    """Return clauses with terms at other values, in units of their fields; the rest stays."""
    fields = dump_clauses(clauses)
    now = {term.name: read_value(term, fields) for term in terms}
    changed = [term for term in terms if values.get(term.name, now[term.name]) != now[term.name]]
    altered: list[Any] = list(clauses)
    # Money is divided last, when it is known how much there is.
    for term in sorted(changed, key=lambda term: term.is_division):
        altered = _change(altered, term, float(values[term.name]))
    return tuple(altered)


def find_wrong_values(
    terms: Sequence[TermEntry], package: str, values: Mapping[str, float]
) -> list[Problem]:
    """Return values outside the bounds of their terms, and names that are not terms."""
    known = {term.name: term for term in terms}
    problems = []
    for name, value in values.items():
        if name not in known:
            hint = propose(name, known)
            problems.append(Problem(name, f"is not a term of {package}", hint))
        elif isinstance(value, bool) or not isinstance(value, int | float):
            hint = "Give a number in units of the field, such as 0.15 for 15 %"
            problems.append(Problem(name, f"{value!r} is not a number", hint))
        elif not known[name].low <= value <= known[name].high:
            term = known[name]
            message = f"{value:g} is outside {term.low:g} to {term.high:g}"
            problems.append(Problem(name, message, "Stay within, or widen the bounds in the file"))
    return problems


def _change(clauses: list[Any], term: TermEntry, value: float) -> list[Any]:
    """Return clauses with one term changed."""
    dumped = [clause.model_dump(by_alias=True) for clause in clauses]
    places = find_clauses(dumped, term.where)
    if term.add and not places:
        return [*clauses, build_clause({**term.add, term.field: value}, f"terms.{term.name}")]
    at = places[0]
    if term.into:
        return _divide(clauses, at, value, term)
    if term.against:
        other = find_clauses(dumped, term.against)[0]
        total = clauses[at].amount + clauses[other].amount
        return _with_amounts(clauses, {at: (1 - value) * total, other: value * total})
    if term.add and value == term.none:
        return clauses[:at] + clauses[at + 1 :]
    return [*clauses[:at], set_field(clauses[at], term, value), *clauses[at + 1 :]]


def _divide(clauses: list[Any], at: int, share: float, term: TermEntry) -> list[Any]:
    """Return clauses with a share of one's money in a clause of its own, right after it."""
    whole = clauses[at].model_dump(by_alias=True, exclude_unset=True)
    parts = []
    for part, fields in ((1 - share, whole), (share, {**whole, **term.into})):
        money = {
            key: part * whole[key] for key in (MOVED, "annual_cap") if whole.get(key) is not None
        }
        if part > 0:
            path = clauses[at].path if fields is whole else f"{clauses[at].path}.{term.name}"
            parts.append(build_clause({**fields, **money}, path))
    return [*clauses[:at], *parts, *clauses[at + 1 :]]


def _with_amounts(clauses: list[Any], amounts: Mapping[int, float]) -> list[Any]:
    """Return clauses with other amounts; those of nothing are left out, caps kept within them."""
    kept = []
    for at, clause in enumerate(clauses):
        if at not in amounts:
            kept.append(clause)
        elif amounts[at] > 0:
            fields = clause.model_dump(by_alias=True, exclude_unset=True)
            kept.append(build_clause({**fields, MOVED: amounts[at]}, clause.path))
    return kept


def set_field(clause: Any, term: TermEntry, value: float) -> Any:
    """Return a clause with the field of a term changed.

    Raises:
        ValueError: The field cannot take the value (a `pydantic.ValidationError`).
    """
    fields = clause.model_dump(by_alias=True, exclude_unset=True)
    return build_clause(with_field(fields, type(clause), term, value), clause.path)


def with_field(
    fields: Mapping[str, Any], model: type[Any], term: TermEntry, value: float
) -> Fields:
    """Return the fields of a clause with that of a term changed; the clause is not checked."""
    head, *rest = term.field.split(".")
    if term.none is not None and value == term.none and not term.add:
        return {key: kept for key, kept in fields.items() if key != head}
    if not rest:
        return {**fields, head: round(value) if is_whole(model, head) else value}
    table = dict(fields[head])
    if head in marked_fields(model, Mark.SUMS_TO_ONE):
        return {**fields, head: _with_share(table, rest[0], value)}
    return {**fields, head: {**table, rest[0]: value}}


def _with_share(table: Mapping[str, float], name: str, value: float) -> dict[str, float]:
    """Return shares with one changed, the others in proportion (equal where they were nothing)."""
    others = {key: share for key, share in table.items() if key != name}
    left, total = 1.0 - value, sum(others.values())
    if total > 0:
        room = {key: left * share / total for key, share in others.items()}
    else:
        room = {key: left / len(others) for key in others}
    return {key: value if key == name else room[key] for key in {**table, name: value}}


def is_whole(model: type[Any], name: str) -> bool:
    """Return whether a field of a clause takes whole numbers only."""
    for key, field in model.model_fields.items():
        if name in (key, field.alias):
            kinds = (field.annotation, *get_args(field.annotation))
            return any(int in (kind, *get_args(kind)) for kind in kinds)
    return False


def build_clause(fields: Mapping[str, Any], path: str = "") -> Any:
    """Return a clause made of its fields as written in a file.

    Raises:
        ValueError: They make no clause (a `pydantic.ValidationError`).
    """
    clause = _CLAUSE.validate_python(dict(fields))
    clause.place_at(path)
    return clause
