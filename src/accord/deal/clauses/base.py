"""The base of every kind of clause: fields, checks, wording, engines touched, lineage.

A kind is one file of this room with one class whose `kind` is a literal; nothing else lists it.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, ClassVar, Literal, get_args

from pydantic import PrivateAttr

from accord.core.errors import Problem
from accord.deal.checks.text.as_written import Place
from accord.deal.fields import Cited, Decided
from accord.deal.sources import Name

if TYPE_CHECKING:
    from accord.deal.clauses.checking import CheckContext

Engine = Literal["trade", "finance", "external"]
Component = Literal[
    "tariff", "transfer", "terms_of_trade", "capacity", "profit", "receipts_risk", "later", "risk"
]


@dataclass(frozen=True)
class Regions:
    """Regions, groups or "all" that a title names, and those it leaves out."""

    names: tuple[str, ...]
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True)
class Products:
    """Products that a title names, and those it leaves out."""

    names: tuple[str, ...]
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True)
class LegalBasis:
    """A legal basis that a title names."""

    basis: str


@dataclass(frozen=True)
class Fraction:
    """A rate or share that a title gives."""

    value: float


Piece = str | date | Regions | Products | LegalBasis | Fraction


@dataclass(frozen=True)
class Wording:
    """A title made from what a clause says: text with a place in braces for each piece."""

    text: str
    pieces: Mapping[str, Piece]


class ClauseBase(Cited):
    """What every clause has: a title, a note, sources, and its place in the file."""

    phrase: ClassVar[str] = ""
    """The kind as part of a sentence, such as "a currency swap line"; its name if empty."""
    touches: ClassVar[frozenset[Engine]] = frozenset()
    """Engines whose inputs a clause of this kind changes; without any, the page lists the clause
    among those that no figure counts."""
    lineage: ClassVar[Mapping[Component, str]] = {}
    """Components of the verdict that rest on a clause of this kind, and what it does there."""
    between: ClassVar[tuple[str, str] | None] = None
    """Keys of the fields that name the two sides of the clause, if it has two."""

    kind: str
    """Kind of clause."""
    title: str = ""
    """Short name printed beside figures that come from this clause."""
    id: Name | None = None
    """Name by which `replaces` means this clause; needed in a background that deals include."""
    replaces: tuple[Name, ...] | None = None
    """Ids of clauses of an included background whose place this clause takes, for its exporters;
    `[]` says that it holds beside them."""
    known: Decided | None = None
    """Day on which it became known. If left out: a measure of the background and a ruling on the
    first day or the day of the decision, anything else with the deal."""
    _path: str = PrivateAttr(default="")

    @classmethod
    def kind_phrase(cls) -> str:
        """Return the kind as part of a sentence."""
        (kind,) = get_args(cls.model_fields["kind"].annotation)
        return cls.phrase or str(kind).replace("_", " ")

    @classmethod
    def check(cls, place: Place, context: "CheckContext") -> Iterator[Problem]:  # noqa: ARG003
        """Yield what is wrong with a clause of this kind as written, beyond its single fields."""
        yield from ()

    @classmethod
    def check_table(cls, places: Sequence[Place]) -> Iterator[Problem]:  # noqa: ARG003
        """Yield what is wrong with clauses of this kind beside the others of their table."""
        yield from ()

    def wording(self) -> Wording:
        """Return the title of a clause that gives none, made from what it says."""
        return Wording("{kind}", {"kind": self.kind_phrase()})

    def is_counted(self, payers: Collection[str]) -> bool:  # noqa: ARG002
        """Return whether some figure counts the clause, given the parties whose currency is solved.

        A kind that no engine takes is counted nowhere.
        """
        return bool(self.touches)

    @property
    def path(self) -> str:
        """Place of the clause in its file, such as `package[1].clause[2]`; "" if built in code."""
        return self._path

    def place_at(self, path: str) -> None:
        """Remember the clause's place in its file; only the loader calls this."""
        self._path = path
