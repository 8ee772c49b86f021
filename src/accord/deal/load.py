"""Loading a deal file: find it, parse it, check all of it, and freeze it."""

import hashlib
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from accord.cases.shipped import (
    background_names,
    background_path,
    case_names,
    case_path,
    find_deal_file,
)
from accord.core.arguments import check_kind, public
from accord.core.errors import InputError, Notice
from accord.data.world import World
from accord.deal.checks.check import find_problems
from accord.deal.checks.text.reading import parse_text, read_text
from accord.deal.clauses.base import ClauseBase
from accord.deal.deal import NO_DEAL, ClauseList, Deal, DealFile, Package
from accord.deal.includes.background import Included
from accord.deal.includes.find import read_includes
from accord.deal.includes.merge import Merged, merge
from accord.deal.projects import read_project_table
from accord.deal.regions import name_groups
from accord.deal.renamed import name_as_written, read_renamed, warn_of

ADDED_TERM = re.compile(r"terms\.term\[(\d+)\]")


@dataclass(frozen=True)
class ShippedCase:
    """A case or background that comes with Accord: what it is called, and where it is.

    `parties` are those of a case, and `known_to` is the day up to which the file is up to date.
    """

    name: str
    title: str
    path: Path
    parties: tuple[str, ...] = ()
    known_to: date | None = None


@public
def load_deal(
    name_or_path: str | Path, world: World | None = None, *, as_of: date | str | None = None
) -> Deal:
    """Return a deal read from a shipped case's name or a file's path, checked against a world.

    Args:
        name_or_path: Name of a shipped case ("us-korea-2025") or path of a TOML file.
        world: Where regions and products are looked up; the embedded world if left out.
        as_of: Only what was known on this day counts: a date, its text, or the name of a vintage of
            the file; all that the file says if left out (see `Deal.as_of`).

    Raises:
        InputError: The file cannot be found or read, or anything in it is wrong; all problems at
            once, each with its path in the file and its remedy.
    """
    remedy = 'Give the name of a shipped case, such as "us-korea-2025", or the path of a deal file'
    check_kind("name_or_path", name_or_path, (str, Path), remedy)
    if world is not None:
        check_kind("world", world, World, "Give ac.load_world() or an ac.World of your own")
    path = find_deal_file(name_or_path)
    text = read_text(path)
    if world is None:
        from accord.data.store import load_world

        world = load_world()
    deal = read_deal(text, world=world, path=path)
    return deal if as_of is None else deal.as_of(as_of)


def read_deal(
    text: str,
    *,
    world: World | None = None,
    path: Path | None = None,
    included: Mapping[str, str] | None = None,
) -> Deal:
    """Return the deal written in `text`.

    Args:
        text: A deal file's content.
        world: Where regions and products are looked up; None leaves those checks out.
        path: The file it came from, for messages; paths that it includes lie beside it.
        included: Text of each background that it includes, by name, where they were kept with the
            deal; left out, they are looked up.

    Raises:
        InputError: Anything in the text is wrong; all problems at once.
    """
    subject = str(path) if path is not None else "the deal"
    folder = None if path is None else path.parent
    merged, notices = _read(text, subject, world, folder=folder, included=included)
    warn_of(notices, subject)
    return _freeze(DealFile.model_validate(merged.as_written), merged, text, path)


def _read(
    text: str,
    subject: str,
    world: World | None,
    *,
    folder: Path | None,
    included: Mapping[str, str] | None,
    terms: Sequence[Mapping[str, Any]] = (),
) -> tuple[Merged, list[Notice]]:
    """Return a deal file with what it includes, checked, and a notice for each old name in it.

    `terms` are added to those of the file.
    """
    as_written, notices = read_renamed(parse_text(text, subject))
    if terms:
        table = as_written.get("terms", {})
        as_written = {
            **as_written, "terms": {**table, "term": [*table.get("term", ()), *terms]}
        }  # fmt: skip
    try:
        merged = merge(as_written, read_includes(as_written, folder, included), world)
    except InputError as error:
        raise InputError(error.problems, subject) from error
    merged = replace(merged, as_written=name_groups(merged.as_written))
    wrong = find_problems(merged.as_written, world, included=merged.count)
    problems = name_as_written(merged.name_places(wrong), notices)
    if problems:
        raise InputError(problems, subject)
    return merged, notices


def check_deal(deal: Deal, world: World) -> Deal:
    """Return a deal as it holds in another world than the one it was loaded with.

    It is the deal itself, but for what either world leaves out of the backgrounds it includes.

    Raises:
        InputError: The deal names regions or products this world lacks, or its clauses clash here.
    """
    subject = str(deal.path) if deal.path is not None else deal.name
    merged, _ = _read(deal.text, subject, world, folder=None, included=deal.included_texts)
    if merged.left_out == deal.left_out:
        return deal
    there = _freeze(DealFile.model_validate(merged.as_written), merged, deal.text, deal.path)
    if deal.as_known_on is not None:
        there = there.as_of(deal.as_known_on)
    return replace(deal, background=there.background, left_out=there.left_out)


def add_terms(deal: Deal, terms: Sequence[Mapping[str, Any]], world: World) -> Deal:
    """Return a deal with more terms that may move, written as in `[[terms.term]]` of its file.

    Raises:
        InputError: One of them is wrong; all problems at once, the first term being `term[1]`.
    """
    own, more = len(deal.terms), [dict(term) for term in terms]
    try:
        merged, _ = _read(
            deal.text, "the terms", world, folder=None, included=deal.included_texts, terms=more
        )
    except InputError as error:
        problems = [
            replace(problem, path=_in_list(problem.path, own)) for problem in error.problems
        ]
        raise InputError(problems, "the terms") from error
    return replace(deal, terms=DealFile.model_validate(merged.as_written).terms.term)


def _in_list(path: str, own: int) -> str:
    """Return the place of a term among those that were added to the file's own."""
    match = ADDED_TERM.match(path)
    return path if match is None else f"term[{int(match[1]) - own}]{path[match.end() :]}"


def given_as(deal: Deal) -> str | None:
    """Return what `load_deal` was given for a deal; None for one that came from no file."""
    if deal.path is None:
        return None
    name = deal.path.parent.name
    return name if name in case_names() and deal.path == case_path(name) else str(deal.path)


def shipped_cases() -> tuple[ShippedCase, ...]:
    """Return the cases that come with Accord, by name."""
    cases = []
    for name in case_names():
        path = case_path(name)
        head = tomllib.loads(path.read_text(encoding="utf-8"))
        known = [day for day in (head.get("as_of"), *_known_of(head)) if day is not None]
        parties = tuple(map(str, head["parties"]))
        title = str(head["title"])
        cases.append(ShippedCase(name, title, path, parties, min(known, default=None)))
    return tuple(cases)


def _known_of(head: Mapping[str, object]) -> Iterator[date]:
    """Yield the days up to which the shipped backgrounds that a file includes are known."""
    given = head.get("include", ())
    names = (given,) if isinstance(given, str) else given
    days = {shipped.name: shipped.known_to for shipped in shipped_backgrounds()}
    for name in names if isinstance(names, list | tuple) else ():
        day = days.get(name)
        if day is not None:
            yield day


def shipped_backgrounds() -> tuple[ShippedCase, ...]:
    """Return the backgrounds that come with Accord, by name; titles tell as of when they are."""
    shipped = []
    for name in background_names():
        path = background_path(name)
        head = tomllib.loads(path.read_text(encoding="utf-8"))
        title, known = f"{head['title']}, as of {head['as_of'].isoformat()}", head["as_of"]
        shipped.append(ShippedCase(name, title, path, (), known))
    return tuple(shipped)


def _freeze(file: DealFile, merged: Merged, text: str, path: Path | None) -> Deal:
    """The frozen deal, every clause knowing its place."""
    for where, clause in _places(file):
        clause.place_at(merged.name_text(where))
    no_deal = Package(
        name=NO_DEAL,
        title=file.no_deal.title or "No deal",
        note=file.no_deal.note,
        clause=file.no_deal.clause,
        background=file.no_deal.background,
    )
    sources = tuple(entry.as_source() for entry in file.source)
    return Deal(
        name=file.name,
        title=file.title,
        parties=file.parties,
        price_year=file.price_year,
        currency=file.currency,
        sources=sources,
        settings=file.assessment,
        background=file.background,
        no_deal=no_deal,
        packages=file.package,
        projects=read_project_table().extended(file.project, file.rate, sources),
        external=file.external,
        terms=file.terms.term,
        histories=file.history,
        vintages=file.vintage,
        path=path,
        text=text,
        sha256=_digest(text, merged.included),
        included=merged.included,
        left_out=merged.left_out,
        up_to=file.as_of,
    )


def _digest(text: str, included: Sequence[Included]) -> str:
    """Digest of a deal file and of all that it includes, as hexadecimal digits."""
    digest = hashlib.sha256(text.encode())
    for background in included:
        digest.update(f"\0{background.given_as}\0{background.text}".encode())
    return digest.hexdigest()


def _places(file: DealFile) -> Iterator[tuple[str, ClauseBase]]:
    tables: Mapping[str, ClauseList] = {
        "background": file.background,
        "no_deal": file.no_deal,
        **{f"package[{n}]": package for n, package in enumerate(file.package, start=1)},
        **{f"history[{n}]": history for n, history in enumerate(file.history, start=1)},
    }
    for path, table in tables.items():
        for number, clause in enumerate(table.clause, start=1):
            yield f"{path}.clause[{number}]", clause
