"""A deal file and what it includes as one file: clauses of the backgrounds first, then its own."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from accord.core.errors import Notice, Problem
from accord.data.world import World
from accord.deal.checks.text.as_written import tables_of, texts_of
from accord.deal.checks.text.reading import parse_text
from accord.deal.includes.background import Included
from accord.deal.includes.fit import HeldClause, fit_clause, is_shipped, tell_fit, without

CLAUSE = re.compile(r"\bbackground\.clause\[(\d+)\]((?:\.\w+)?)")
SOURCE = re.compile(r"^source\[(\d+)\]")


@dataclass(frozen=True)
class Merged:
    """A deal file with its backgrounds.

    Attributes:
        as_written: The file as if all of it were written there.
        included: The backgrounds, in order.
        own_sources: Number of sources of the deal file itself; those of the backgrounds follow.
        spots: Background and number of each clause that comes from one, in order.
        left_out: What of the backgrounds the world does not have.
    """

    as_written: dict[str, Any]
    included: tuple[Included, ...]
    own_sources: int
    spots: tuple[tuple[Included, int], ...] = ()
    left_out: tuple[Notice, ...] = ()

    @property
    def count(self) -> int:
        """Number of clauses that come from backgrounds."""
        return len(self.spots)

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
        if number <= self.count:
            background, at = self.spots[number - 1]
            return background.place(at, rest)
        return f"background.clause[{number - self.count}]{rest}"

    def _source(self, path: str) -> str:
        match = SOURCE.match(path)
        if match is None or int(match[1]) <= self.own_sources:
            return path
        return f"{self.included[0].given_as}: {path}"


def merge(
    as_written: Mapping[str, Any], included: Sequence[Included], world: World | None = None
) -> Merged:
    """Return a parsed deal file with the clauses and sources of what it includes.

    Of a background, only what the world has is kept; all of it without a world.

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
    spots: list[tuple[Included, int]] = []
    notices: list[Notice] = []
    gone: set[str] = set()
    for background in included:
        file = parse_text(background.text, background.given_as)
        names = _add_sources(sources, tables_of(file.get("source")), str(file["name"]))
        fitted = _fit(background, tables_of(file["clause"]), world)
        for number, (name, fit) in enumerate(zip(background.ids, fitted, strict=True), start=1):
            if fit.clause is None:
                gone.add(name)
                continue
            common.append(_citing(fit.clause, names))
            spots.append((background, number))
        notices += tell_fit(background, fitted, world) if world is not None else ()
        titles.append(background.title)
    merged = dict(without(merged, frozenset(gone))) if gone else merged
    clauses = without(clauses, frozenset(gone))
    merged["source"] = sources
    merged["background"] = {"title": "; ".join(titles), **table, "clause": [*common, *clauses]}
    return Merged(merged, tuple(included), own, tuple(spots), tuple(notices))


def _fit(
    background: Included, clauses: Sequence[Mapping[str, Any]], world: World | None
) -> list[HeldClause]:
    """Return the clauses of a background as they hold in a world; as they are without one."""
    if world is None:
        return [HeldClause(clause) for clause in clauses]
    shipped = is_shipped(background)
    return [fit_clause(clause, world, shipped=shipped) for clause in clauses]


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
