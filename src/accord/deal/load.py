"""Loading a deal file: find it, parse it, check all of it, and freeze it."""

import hashlib
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from accord.cases.shipped import case_names, case_path
from accord.core.arguments import check_kind, public
from accord.core.errors import InputError, Notice, Problem
from accord.core.words import suggest
from accord.data.world import World
from accord.deal.checks.check import find_problems
from accord.deal.checks.text.limits import MOST_BYTES, shorten
from accord.deal.checks.text.slips import explain_line
from accord.deal.clauses.base import ClauseBase
from accord.deal.deal import NO_DEAL, ClauseList, Deal, DealFile, Package
from accord.deal.projects import read_project_table
from accord.deal.regions import name_groups
from accord.deal.renamed import name_as_written, read_renamed, warn_of

SUFFIX = ".toml"
# A key of very many parts takes the parser minutes: it is refused before.
LONG_KEY = re.compile(r"(?<![\w.\-\"'])(?:[\w\-\"']++[ \t]*+\.[ \t]*+){100}")


@dataclass(frozen=True)
class ShippedCase:
    """A case that comes with Accord: the name to load it by, and its title."""

    name: str
    title: str
    path: Path


@public
def load_deal(name_or_path: str | Path, world: World | None = None) -> Deal:
    """Return a deal read from a shipped case's name or a file's path, checked against a world.

    Args:
        name_or_path: Name of a shipped case ("us-korea-2025") or path of a TOML file.
        world: Where regions and products are looked up; the embedded world if left out.

    Raises:
        InputError: The file cannot be found or read, or anything in it is wrong; all problems at
            once, each with its path in the file and its remedy.
    """
    remedy = 'Give the name of a shipped case, such as "us-korea-2025", or the path of a deal file'
    check_kind("name_or_path", name_or_path, (str, Path), remedy)
    if world is not None:
        check_kind("world", world, World, "Give ac.load_world() or an ac.World of your own")
    path = _find(name_or_path)
    text = _read_text(path)
    if world is None:
        from accord.data.store import load_world

        world = load_world()
    return read_deal(text, world=world, path=path)


def read_deal(text: str, *, world: World | None = None, path: Path | None = None) -> Deal:
    """Return the deal written in `text`.

    Args:
        text: A deal file's content.
        world: Where regions and products are looked up; None leaves those checks out.
        path: The file it came from, for messages.

    Raises:
        InputError: Anything in the text is wrong; all problems at once.
    """
    subject = str(path) if path is not None else "the deal"
    as_written, notices = _read_tables(text, subject)
    problems = name_as_written(find_problems(as_written, world), notices)
    if problems:
        raise InputError(problems, subject)
    warn_of(notices, subject)
    return _freeze(DealFile.model_validate(as_written), text, path)


def check_deal(deal: Deal, world: World) -> None:
    """Check a deal against another world than the one it was loaded with.

    Raises:
        InputError: The deal names regions or products this world lacks, or its clauses clash here.
    """
    subject = str(deal.path) if deal.path is not None else deal.name
    as_written, notices = _read_tables(deal.text, subject)
    problems = name_as_written(find_problems(as_written, world), notices)
    if problems:
        raise InputError(problems, subject)


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
        cases.append(ShippedCase(name, str(head["title"]), path))
    return tuple(cases)


def _find(name_or_path: str | Path) -> Path:
    """Path of the file meant: an existing path, or a shipped case."""
    path, names = Path(name_or_path), case_names()
    if isinstance(name_or_path, str) and name_or_path in names:
        return case_path(name_or_path)
    if _exists(path):
        return path
    close = suggest(path.name.removesuffix(SUFFIX), names)
    remedy = f"did you mean the shipped case {close}?" if close else "check the path"
    shipped = f"shipped cases: {', '.join(names)}"
    message = "there is no such file and no shipped case of that name"
    raise InputError([Problem(str(name_or_path), message, f"{remedy} ({shipped})")], "the command")


def _exists(path: Path) -> bool:
    """Whether there is such a file; none has a name that the system does not allow."""
    try:
        return path.exists()
    except OSError:
        return False


def _read_text(path: Path) -> str:
    """Content of the file as text; a byte-order mark is dropped."""
    subject = str(path)
    if path.is_dir():
        remedy = "give the path of a deal file (TOML)"
        raise InputError([Problem(subject, "is a folder", remedy)], subject)
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        reason = error.strerror or str(error)
        remedy = "check that the file is there and may be read"
        problem = Problem(subject, f"cannot be read: {reason}", remedy)
        raise InputError([problem], subject) from error
    _check_size(len(content), subject)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"is not UTF-8 text (byte {error.start})"
        remedy = "a deal file is plain text in TOML: save it as UTF-8"
        raise InputError([Problem(subject, message, remedy)], subject) from error


def _check_size(size: int, subject: str) -> None:
    if size > MOST_BYTES:
        message = f"is larger than {MOST_BYTES / 1e6:g} MB"
        remedy = "a deal file holds clauses, not data: is it the right file?"
        raise InputError([Problem(subject, message, remedy)], subject)


def _read_tables(text: str, subject: str) -> tuple[dict[str, Any], list[Notice]]:
    """Return the tables of a file under today's names, groups knowing their members."""
    as_written, notices = read_renamed(_parse(text, subject))
    return name_groups(as_written), notices


def _parse(text: str, subject: str) -> dict[str, Any]:
    """Return the tables of a file, or say what is not TOML, on which line, and what to write."""
    _check_size(len(text), subject)
    dotted = LONG_KEY.search(text)
    if dotted is not None:
        path = f"line {text.count(chr(10), 0, dotted.start()) + 1}"
        problem = Problem(path, "a key of more than 100 parts", "write plain keys")
        raise InputError([problem], subject)
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        remedy = "close a bracket; no field needs more than three"
        problem = Problem("the file", "tables and lists are nested too deep", remedy)
        raise InputError([problem], subject) from error
    except ValueError as error:  # what is not TOML, and numbers of thousands of digits
        raise InputError([_explain_toml(str(error), text)], subject) from error


def _explain_toml(message: str, text: str) -> Problem:
    """The problem of a file that the parser refuses."""
    if "integer string conversion" in message:
        remedy = "write 200e9 for 200 billion"
        return Problem("the file", "a whole number of thousands of digits", remedy)
    match = re.search(r"at line (\d+)", message)
    lines = text.split("\n")
    number = int(match[1]) if match else len(lines)
    plain = re.sub(r" \(at .*\)$", "", message)
    remedy = explain_line(plain, lines, number) or (
        "a deal file is TOML: text in quotes, dates bare, one `key = value` a line"
    )
    path = f"line {number}" if match else "end of file"
    return Problem(path, f"is not TOML: {shorten(plain)}", shorten(remedy))


def _freeze(file: DealFile, text: str, path: Path | None) -> Deal:
    """The frozen deal, every clause knowing its place."""
    for where, clause in _places(file):
        clause.place_at(where)
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
        path=path,
        text=text,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
    )


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
