"""A deal file and what it includes as one file: clauses of the backgrounds first, then its own."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from accord.core.errors import Problem
from accord.deal.checks.text.as_written import tables_of, texts_of
from accord.deal.checks.text.reading import parse_text
from accord.deal.includes.background import Included

CLAUSE = re.compile(r"\bbackground\.clause\[(\d+)\]((?:\.\w+)?)")
SOURCE = re.compile(r"^source\[(\d+)\]")


@dataclass(frozen=True)
class Merged:
    """A deal file with its backgrounds.

    Attributes:
        as_written: The file as if all of it were written there.
        included: The backgrounds, in order.
        own_sources: Number of sources of the deal file itself; those of the backgrounds follow.
    """

    as_written: dict[str, Any]
    included: tuple[Included, ...]
    own_sources: int

    @property
    def count(self) -> int:
        """Number of clauses that come from backgrounds."""
        return sum(background.count for background in self.included)

    def name_places(self, problems: Iterable[Problem]) -> list[Problem]:
        """Return problems with the places where the text stands: background, line and clause."""
        if not self.included:
            return list(problems)
        return [
            type(problem)(
                self._source(self.name_text(problem.path)),
                self.name_text(problem.message),
                self.name_text(problem.remedy),
            )
            for problem in problems
        ]

    def name_text(self, text: str) -> str:
        """Return a text with the place of each clause of the background as it stands."""
        return CLAUSE.sub(lambda match: self.place(int(match[1]), match[2]), text)

    def place(self, number: int, rest: str = "") -> str:
        """Return the place of clause `number` of the merged background."""
        for background in self.included:
            if number <= background.count:
                return background.place(number, rest)
            number -= background.count
        return f"background.clause[{number}]{rest}"

    def _source(self, path: str) -> str:
        match = SOURCE.match(path)
        if match is None or int(match[1]) <= self.own_sources:
            return path
        return f"{self.included[0].given_as}: {path}"


def merge(as_written: Mapping[str, Any], included: Sequence[Included]) -> Merged:
    """Return a parsed deal file with the clauses and sources of what it includes.

    Sources of a background follow those of the deal. One that has the id of another source of the
    deal goes by its id and the name of its background.
    """
    merged = dict(as_written)
    sources = as_written.get("source", [])
    own = len(sources) if isinstance(sources, list) else 0
    table = as_written.get("background", {})
    clauses = table.get("clause", []) if isinstance(table, Mapping) else None
    if not included or not isinstance(sources, list) or not isinstance(clauses, list):
        return Merged(merged, (), own)
    common: list[Any] = []
    sources = list(sources)
    titles: list[str] = []
    for background in included:
        file = parse_text(background.text, background.given_as)
        names = _add_sources(sources, tables_of(file.get("source")), str(file["name"]))
        common += [_citing(clause, names) for clause in tables_of(file["clause"])]
        titles.append(background.title)
    merged["source"] = sources
    merged["background"] = {"title": "; ".join(titles), **table, "clause": [*common, *clauses]}
    return Merged(merged, tuple(included), own)


def _add_sources(sources: list[Any], new: Iterable[Mapping[str, Any]], name: str) -> dict[str, str]:
    """Add the sources of a background; return the ids of those that had to be renamed."""
    known = {str(source.get("id")): source for source in tables_of(sources)}
    renamed: dict[str, str] = {}
    for source in new:
        identifier = str(source["id"])
        if identifier not in known:
            sources.append(source)
        elif known[identifier] != source:
            renamed[identifier] = f"{identifier}-{name}"
            sources.append({**source, "id": renamed[identifier]})
    return renamed


def _citing(clause: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """Return a clause of a background that cites its sources by the ids they go by."""
    if "source" not in clause:
        return dict(clause)
    cited = clause["source"]
    if isinstance(cited, str):
        return {**clause, "source": names.get(cited, cited)}
    return {**clause, "source": [names.get(text, text) for text in texts_of(cited)]}
