"""A background: measures that hold whatever the parties of a deal decide, as of a day."""

import re
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal

from pydantic import Field

from accord.deal.clauses.registry import Clause
from accord.deal.fields import Day, Part
from accord.deal.sources import Name, SourceEntry

HEADING = re.compile(r"^[ \t]*\[\[[ \t]*clause[ \t]*\]\]", re.MULTILINE)


class BackgroundFile(Part):
    """A file of measures in force, shared by deals: `include = "us-tariffs"` in a deal file."""

    schema_: Literal[1] = Field(alias="schema")
    """Version of the format: 1."""
    name: Name
    """Short name of the background."""
    title: str
    """What it holds, printed by `accord check`."""
    as_of: Day
    """Day up to which the law is known to it."""
    note: str = ""
    """Anything a reader should know, such as what is left out."""
    source: tuple[SourceEntry, ...] = ()
    """Sources cited by the clauses; clauses of the deal may cite them too."""
    clause: tuple[Clause, ...] = Field(min_length=1)
    """The clauses, each with an `id` by which a deal can replace it."""


@dataclass(frozen=True)
class Included:
    """A background as a deal includes it.

    Attributes:
        given_as: What the deal file calls it: the name of a shipped background, or a path.
        title: Title of the background.
        as_of: Day up to which the law is known to it.
        ids: Names of its clauses, by which a deal can replace them.
        text: Content of its file.
    """

    given_as: str
    title: str
    as_of: date
    ids: tuple[str, ...]
    text: str

    @property
    def count(self) -> int:
        """Number of its clauses."""
        return len(self.ids)

    @cached_property
    def _starts(self) -> tuple[int, ...]:
        """Where the heading of each clause stands in the text."""
        return tuple(match.start() for match in HEADING.finditer(self.text))

    def place(self, number: int, rest: str = "") -> str:
        """Return where clause `number` (from 1) is, or a field of it: background, line, clause."""
        starts = self._starts
        spot = f"clause[{number}]{rest}"
        if len(starts) != self.count:  # headings that the look for lines does not understand
            return f"{self.given_as}: {spot}"
        start = starts[number - 1]
        end = starts[number] if number < len(starts) else len(self.text)
        key = re.match(r"\.(\w+)", rest)
        field = key and re.compile(rf"^[ \t]*{key[1]}[ \t]*=", re.MULTILINE).search(
            self.text, start, end
        )
        line = self.text.count("\n", 0, field.start() if field else start) + 1
        return f"{self.given_as}, line {line}: {spot}"
