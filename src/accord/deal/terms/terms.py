"""A deal with other terms: what a term is now, and the same deal with it changed."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, get_args

from pydantic import TypeAdapter

from accord.core.errors import InputError, Problem
from accord.core.words import suggest
from accord.deal.clauses.registry import Clause
from accord.deal.deal import Deal, Package
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
            if not all(one in value for one in asked):
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
    found = find_clauses(clauses, term.where)
    if term.add and not found:
        return term.none
    if len(found) != 1:
        return None
    fields = clauses[found[0]]
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


def terms_of(deal: Deal, package: str) -> tuple[TermEntry, ...]:
    """Return the terms that may move in a package, in the order of the file.

    Raises:
        KeyError: No package has this name.
    """
    return tuple(
        term
        for term in deal.terms
        if (not term.packages or package in term.packages)
        and read_value(term, _dump(deal.package(package))) is not None
    )


def current_terms(deal: Deal, package: str) -> dict[str, float]:
    """Return what every term of a package is now, in units of its field.

    Raises:
        KeyError: No package has this name.
    """
    clauses = _dump(deal.package(package))
    values = {term.name: read_value(term, clauses) for term in terms_of(deal, package)}
    return {name: value for name, value in values.items() if value is not None}


def apply_terms(deal: Deal, package: str, values: Mapping[str, float]) -> Deal:
    """Return the deal with terms of one package changed; what is not named stays.

    Args:
        deal: The deal; it is not changed.
        package: Name of the package.
        values: Value of each term, in units of its field (0.15 for 15 %, 20e9 for 20 bn).

    Raises:
        KeyError: No package has this name.
        InputError: A term is not known in this package or a value is outside its bounds, all at
            once.
    """
    terms = {term.name: term for term in terms_of(deal, package)}
    now = current_terms(deal, package)
    problems = _find_wrong(terms, package, values)
    if problems:
        raise InputError(problems, "the terms")
    changed = [terms[name] for name in terms if values.get(name, now[name]) != now[name]]
    clauses: list[Any] = list(deal.package(package).clause)
    # Money is divided last, when it is known how much there is.
    for term in sorted(changed, key=lambda one: one.is_division):
        clauses = _change(clauses, term, float(values[term.name]))
    if not changed:
        return deal
    altered = deal.package(package).model_copy(update={"clause": tuple(clauses)})
    return replace(
        deal, packages=tuple(altered if one.name == package else one for one in deal.packages)
    )


def _find_wrong(
    terms: Mapping[str, TermEntry], package: str, values: Mapping[str, float]
) -> list[Problem]:
    problems = []
    for name, value in values.items():
        if name not in terms:
            meant = suggest(name, tuple(terms))
            hint = f"Did you mean {meant}?" if meant else f"Known: {', '.join(terms) or 'none'}"
            problems.append(Problem(name, f"is not a term of {package}", hint))
        elif not terms[name].low <= value <= terms[name].high:
            term = terms[name]
            message = f"{value:g} is outside {term.low:g} to {term.high:g}"
            problems.append(Problem(name, message, "Stay within, or widen the bounds in the file"))
    return problems


def _dump(package: Package) -> list[Fields]:
    return [clause.model_dump(by_alias=True) for clause in package.clause]


def _change(clauses: list[Any], term: TermEntry, value: float) -> list[Any]:
    """Return clauses with one term changed."""
    dumped = [clause.model_dump(by_alias=True) for clause in clauses]
    found = find_clauses(dumped, term.where)
    if term.add and not found:
        return [*clauses, build_clause({**term.add, term.field: value}, f"terms.{term.name}")]
    at = found[0]
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
