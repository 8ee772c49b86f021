"""Finding and reading the backgrounds that a deal file names."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any

from pydantic import ValidationError

from accord.cases.shipped import background_names, background_path
from accord.core.errors import InputError, Problem
from accord.core.words import suggest
from accord.deal.checks.text.as_written import tables_of, texts_of
from accord.deal.checks.text.format_errors import explain_errors
from accord.deal.checks.text.limits import check_limits, group_problems, shorten
from accord.deal.checks.text.reading import parse_text, read_text
from accord.deal.includes.background import BackgroundFile, Included

MOST_INCLUDES = 5
SUFFIX = ".toml"
FIELD = "include"


def read_includes(
    as_written: Mapping[str, Any], folder: Path | None, kept: Mapping[str, str] | None = None
) -> tuple[Included, ...]:
    """Return the backgrounds that a parsed deal file names, in the order of the file.

    Args:
        as_written: The deal file as parsed.
        folder: Folder of the deal file, in which paths are looked up; None where it has none.
        kept: Text of each background by name, where it was kept; no file is read then.

    Raises:
        InputError: A background is not there, may not be read, or is none.
    """
    value = as_written.get(FIELD, ())
    names = texts_of(value)
    if len(names) > MOST_INCLUDES:
        remedy = "join them in one file"
        message = f"{len(names):,} backgrounds are more than {MOST_INCLUDES}"
        raise InputError([Problem(FIELD, message, remedy)], "the deal")
    problems: list[Problem] = []
    included: list[Included] = []
    for name in names:
        try:
            if name in names[: len(included) + len(problems)]:
                raise _refusal(name, "is included twice", "delete one of the two")
            text = _read(name, folder) if kept is None else kept[name]
            included.append(read_background(text, name))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems, "what the deal includes")
    return tuple(included)


def find_backgrounds(importers: Iterable[str]) -> tuple[Included, ...]:
    """Return the shipped backgrounds that hold measures of one of the importers."""
    wanted, offered = set(importers), []
    for name in background_names():
        text = read_text(background_path(name))
        clauses = tables_of(parse_text(text, name)["clause"])
        if wanted & {clause.get("importer") for clause in clauses}:
            offered.append(read_background(text, name))
    return tuple(offered)


def read_background(text: str, given_as: str) -> Included:
    """Return the background written in `text`.

    Raises:
        InputError: Anything in the text is wrong; every problem names the background.
    """
    try:
        as_written = parse_text(text, given_as)
    except InputError as error:
        within = [_within(given_as, problem) for problem in error.problems]
        raise InputError(within, given_as) from error
    problems = check_limits(as_written) or [*_find_problems(as_written)]
    ids = tuple(str(clause.get("id")) for clause in tables_of(as_written.get("clause")))
    if problems:
        draft = Included(given_as, "", date.min, ids, text)
        placed = [_place(draft, problem) for problem in group_problems(problems)]
        raise InputError(placed, given_as)
    return Included(given_as, as_written["title"], as_written["as_of"], ids, text)


def _find_problems(as_written: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield what is wrong with a background as a file; its clauses are checked with the deal."""
    if FIELD in as_written:
        yield Problem(FIELD, "a background includes no other", "name both in the deal file")
    if "package" in as_written or "no_deal" in as_written:
        remedy = "give a file with [[clause]] tables, such as `accord cases show us-tariffs` prints"
        yield Problem("the file", "is a deal file, not a background", remedy)
        return
    rest = {key: value for key, value in as_written.items() if key != FIELD}
    try:
        BackgroundFile.model_validate(rest)
    except ValidationError as error:
        yield from explain_errors(error, rest, BackgroundFile)
    seen: dict[str, int] = {}
    for number, clause in enumerate(tables_of(as_written.get("clause")), start=1):
        identifier = clause.get("id")
        path = f"clause[{number}]"
        if identifier is None:
            remedy = 'add `id = "…"`, by which a deal can replace it'
            yield Problem(path, "has no id", remedy)
        elif isinstance(identifier, str) and seen.setdefault(identifier, number) != number:
            message = f'"{identifier}" is already the id of clause[{seen[identifier]}]'
            yield Problem(f"{path}.id", message, "rename one of them")
        if "replaces" in clause:
            message = "a background replaces nothing"
            yield Problem(f"{path}.replaces", message, "write it in a clause of the deal")


def _place(included: Included, problem: Problem) -> Problem:
    """Return a problem of a background with the name of the background and the line."""
    head, bracket, tail = problem.path.partition("clause[")
    number, _, rest = tail.partition("]")
    if head or not bracket or not number.isdigit():
        return _within(included.given_as, problem)
    return Problem(included.place(int(number), rest), problem.message, problem.remedy)


def _within(given_as: str, problem: Problem) -> Problem:
    return Problem(f"{given_as}: {problem.path}", problem.message, problem.remedy)


def _read(name: str, folder: Path | None) -> str:
    """Content of the background called `name`: a shipped one, or a file beside the deal file."""
    if name.endswith(SUFFIX) or "/" in name or "\\" in name:
        return read_text(_path_within(name, folder))
    if name in background_names():
        return read_text(background_path(name))
    close = suggest(name, background_names())
    known = f"shipped: {', '.join(background_names())}; or give a path such as mine{SUFFIX}"
    remedy = f"did you mean {close}? ({known})" if close else known
    raise _refusal(name, "is not a background that comes with Accord", remedy)


def _path_within(name: str, folder: Path | None) -> Path:
    """Path of a file in the deal file's folder or below, whatever links there are on the way."""
    if folder is None:
        raise _refusal(name, "is a path, and the deal comes from no file", "load it from a file")
    remedy = "give a path relative to the deal file, in its folder or below"
    parts = PurePosixPath(name)
    if parts.is_absolute() or ".." in parts.parts or "\\" in name or ":" in name:
        raise _refusal(name, "is not a path below the deal file", remedy)
    try:
        path = (folder / name).resolve(strict=True)
        inside, is_file = path.is_relative_to(folder.resolve(strict=True)), path.is_file()
    except (OSError, ValueError):
        raise _refusal(name, "cannot be found", f"check the path; {remedy}") from None
    if not inside:
        raise _refusal(name, "leads out of the deal file's folder", remedy)
    if not is_file:
        raise _refusal(name, "is not a file", remedy)
    return path


def _refusal(name: str, message: str, remedy: str) -> InputError:
    return InputError([Problem(FIELD, f'"{shorten(name, 60)}" {message}', remedy)], "the deal")
