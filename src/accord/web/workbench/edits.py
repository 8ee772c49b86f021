"""Changes to a draft from a form: fields set, clauses added, copied and removed, terms moved."""

import copy
from collections.abc import Mapping
from typing import Any

from accord.core.errors import InputError, Problem
from accord.deal.deal import Deal
from accord.web.drafts.draft import Draft
from accord.web.workbench.fields import (
    CLAUSE,
    PACKAGE,
    clause_tables,
    deal_schema,
    fields_of,
    read_field,
)

EXAMPLES: dict[str, Any] = {
    "string": "",
    "number": 0.0,
    "integer": 0,
    "array": [],
    "boolean": False,
}


def numbered_tables(value: Any) -> list[tuple[int, dict[str, Any]]]:
    """Return the tables in a list of a parsed file, each with its place; none where it is none."""
    listed = value if isinstance(value, list) else []
    return [(at, entry) for at, entry in enumerate(listed) if isinstance(entry, dict)]


def package_at(draft: Draft, name: str) -> int:
    """Return the place of a package in the list of the file.

    Raises:
        InputError: There is no such package.
    """
    for at, package in numbered_tables(draft.tables.get("package")):
        if package.get("name") == name:
            return at
    known = ", ".join(str(package.get("name")) for package in draft.packages)
    problem = Problem("package", f"there is no package {name[:80]!r}", f"choose one of: {known}")
    raise InputError([problem], "the request")


def set_fields(draft: Draft, package: str, given: Mapping[str, str]) -> Draft:
    """Return a draft with the fields of a form that differ from it; others stay."""
    tables = copy.deepcopy(draft.tables)
    at = package_at(draft, package)
    table = tables["package"][at]
    _set(table, PACKAGE, "package", given)
    for number, clause in numbered_tables(table.get(CLAUSE)):
        kind = clause_tables().get(str(clause.get("kind")))
        if kind is not None:
            _set(clause, kind, f"{CLAUSE}.{number}", given)
    return draft.with_tables(tables)


def _set(table: dict[str, Any], name: str, prefix: str, given: Mapping[str, str]) -> None:
    for field in tuple(fields_of(name, table, prefix)):
        if field.name not in given or given[field.name].strip() == field.value.strip():
            continue
        value = read_field(field, given[field.name])
        if value is None:
            table.pop(field.key, None)
        else:
            table[field.key] = value


def move_terms(draft: Draft, deal: Deal, package: str, values: Mapping[str, float]) -> Draft:
    """Return a draft with terms of a package at other values, in units of their fields.

    Raises:
        InputError: A value is outside the bounds of its term, or is not one of the package.
    """
    moved = deal.vary(dict(values), package=package)
    before, after = deal.package(package).clause, moved.package(package).clause
    if moved is deal:
        return draft
    packages, at = list(draft.tables["package"]), package_at(draft, package)
    written = dict(zip(map(id, before), packages[at].get(CLAUSE, []), strict=True))
    clauses = [
        written.get(id(clause)) or _listed(clause.model_dump(by_alias=True, exclude_unset=True))
        for clause in after
    ]
    packages[at] = {**packages[at], CLAUSE: clauses}
    return draft.with_tables({**draft.tables, "package": packages})


def _listed(value: Any) -> Any:
    """Make lists of tuples, in place, as a parsed file has them."""
    entries = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in list(entries):
        plain = list(item) if isinstance(item, tuple) else item
        value[key] = plain
        if isinstance(plain, dict | list):
            _listed(plain)
    return value


def add_clause(draft: Draft, package: str, kind: str) -> Draft:
    """Return a draft with a clause more: a copy of the last of its kind, or an empty one.

    Raises:
        InputError: There is no such kind.
    """
    if kind not in clause_tables():
        remedy = f"choose one of: {', '.join(clause_tables())}"
        raise InputError([Problem("kind", f"there is no kind {kind[:80]!r}", remedy)], "the form")
    tables = copy.deepcopy(draft.tables)
    packages = tables["package"]
    at = package_at(draft, package)
    alike = [
        clause
        for table in (*draft.packages, packages[at])
        for _, clause in numbered_tables(table.get(CLAUSE))
        if clause.get("kind") == kind
    ]
    new = copy.deepcopy(alike[-1]) if alike else _empty(kind)
    new.pop("id", None)
    _listed_clauses(packages[at]).append(new)
    return draft.with_tables(tables)


def _empty(kind: str) -> dict[str, Any]:
    schema = deal_schema()["$defs"][clause_tables()[kind]]
    needed = {key: schema["properties"][key] for key in schema.get("required", ()) if key != "kind"}
    return {"kind": kind} | {
        key: given["enum"][0] if "enum" in given else EXAMPLES.get(str(given.get("type")), "")
        for key, given in needed.items()
    }


def _listed_clauses(table: dict[str, Any]) -> list[Any]:
    """Return the list of clauses of a package, one that may be changed."""
    clauses = table.setdefault(CLAUSE, [])
    if not isinstance(clauses, list):
        remedy = "write [[package.clause]] in the file, and open it anew"
        raise InputError([Problem("package.clause", "is no list of clauses", remedy)], "the form")
    return clauses


def copy_clause(draft: Draft, package: str, number: int) -> Draft:
    """Return a draft with a clause of a package twice."""
    tables, clauses = _clauses(draft, package, number)
    twin = copy.deepcopy(clauses[number])
    twin.pop("id", None)
    clauses.insert(number + 1, twin)
    return draft.with_tables(tables)


def remove_clause(draft: Draft, package: str, number: int) -> Draft:
    """Return a draft without a clause of a package."""
    tables, clauses = _clauses(draft, package, number)
    del clauses[number]
    return draft.with_tables(tables)


def copy_package(draft: Draft, package: str) -> tuple[Draft, str]:
    """Return a draft with a package twice, and the name of the copy."""
    tables = copy.deepcopy(draft.tables)
    at = package_at(draft, package)
    taken = {str(table.get("name")) for table in draft.packages}
    name = next(f"{package}-{n}" for n in range(2, len(taken) + 3) if f"{package}-{n}" not in taken)
    twin = copy.deepcopy(tables["package"][at])
    title = str(twin.get("title") or package)
    twin |= {"name": name, "title": f"{title.partition(':')[0]} ({name.rpartition('-')[2]})"}
    twin.pop("short", None)
    tables["package"].insert(at + 1, twin)
    terms = tables.get("terms")
    for _, term in numbered_tables(terms.get("term") if isinstance(terms, dict) else None):
        named = term.get("package")
        names = [named] if isinstance(named, str) else named
        if isinstance(names, list) and package in names:
            term["package"] = [*names, name]
    return draft.with_tables(tables), name


def remove_package(draft: Draft, package: str) -> Draft:
    """Return a draft without a package; the last one stays."""
    tables = copy.deepcopy(draft.tables)
    at = package_at(draft, package)
    if len(tables["package"]) > 1:
        del tables["package"][at]
    return draft.with_tables(tables)


def _clauses(draft: Draft, package: str, number: int) -> tuple[dict[str, Any], list[Any]]:
    tables = copy.deepcopy(draft.tables)
    clauses = _listed_clauses(tables["package"][package_at(draft, package)])
    if number not in dict(numbered_tables(clauses)):
        message = f"there is no clause {number + 1}"
        raise InputError([Problem("clause", message, "open the draft anew")], "the request")
    return tables, clauses
