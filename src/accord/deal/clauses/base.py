"""The base of every kind of clause: fields, checks, wording, engines touched, lineage.

A kind is one file of this room with one class whose `kind` is a literal; nothing else lists it.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar, Literal, TypeGuard, get_args

from pydantic import PrivateAttr

from accord.core.errors import Problem
from accord.core.words import propose
from accord.data.world import World
from accord.deal.checks.regions import explain_region
from accord.deal.checks.text.as_written import Place
from accord.deal.checks.text.slips import correct_number
from accord.deal.fields import Cited, Decided
from accord.deal.projects import read_rate
from accord.deal.sources import Name

LOWEST_RATE = -0.2
HELP_WITH_RATES = 'give a fraction, or text such as "ust20 + 0.01"'

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


@dataclass(frozen=True)
class CheckContext:
    """What the rest of a file defines, for the checks of its clauses.

    Attributes:
        world: Where regions and products are looked up; None leaves those checks out.
        sources: Ids of the sources.
        rates: Yearly level of each market rate, a fraction.
        projects: Names of the kinds of projects.
        horizon: Years over which money is followed.
        groups: Names of the groups of the file.
    """

    world: World | None
    sources: tuple[str, ...]
    rates: Mapping[str, float]
    projects: tuple[str, ...]
    horizon: int
    groups: tuple[str, ...] = ()


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
    sets_rates: ClassVar[bool] = False
    """Whether clauses of this kind set rates of duty or tax and nothing else: the money that
    passes between the parties does not depend on them."""

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
    def check(cls, place: Place, context: CheckContext) -> Iterator[Problem]:  # noqa: ARG003
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


def check_regions(
    path: str,
    names: Iterable[str],
    world: World | None,
    *,
    everything: bool = False,
    groups: Iterable[str] = (),
) -> Iterator[Problem]:
    """Yield names that are neither a region nor a group of the world (nor "all", if allowed)."""
    if world is None:
        return
    for name in names:
        wrong = explain_region(name, world, everything=everything, groups=groups)
        if wrong is not None:
            yield Problem(path, *wrong)


def check_market_rate(path: str, value: Any, rates: Mapping[str, float]) -> Iterator[Problem]:
    """Yield what is wrong with a rate: its text, its reference, or its size."""
    if value is None or isinstance(value, bool) or not isinstance(value, str | int | float):
        return
    terms = read_rate(value)
    if terms is None:
        remedy = correct_number(str(value)) or HELP_WITH_RATES
        yield Problem(path, f'"{value}" is not a rate', remedy)
        return
    reference, spread = terms
    if reference and reference not in rates:
        remedy = propose(reference, rates)
        yield Problem(path, f'"{reference}" is not a market rate', remedy)
        return
    rate = spread + rates.get(reference, 0.0)
    if isinstance(value, str) and rate < LOWEST_RATE:
        message = f"a rate of {rate:.0%} is below {LOWEST_RATE:.0%}"
        yield Problem(path, message, "a rate is a fraction: 0.05 is 5 %")
    if rate > 1:
        meant = f'"{reference} + {spread / 100:g}"' if reference else f"{spread / 100:g}"
        remedy = f"a rate is a fraction: did you mean {meant} ({spread:g} %)?"
        yield Problem(path, f"would be {rate:.0%} a year", remedy)


def guess_rate(value: float) -> str:
    """Return the remedy for a rate above 100 %, which is more likely one in per cent."""
    return (
        f"a rate is a fraction: did you mean {value / 100:g} ({value:g} %)? "
        "For a real rate above 100 %, add `prohibitive = true`"
    )


def check_not_before(path: str, start: Any, day: Any) -> Iterator[Problem]:
    """Yield a day that lies before the `from` of its clause."""
    if _is_day(start) and _is_day(day) and day < start:
        message = f"{day.isoformat()} is before `from` {start.isoformat()}"
        yield Problem(path, message, "swap the dates, or correct the year")


def _is_day(value: Any) -> TypeGuard[date]:
    """Whether a value is a date without a time of day."""
    return isinstance(value, date) and not isinstance(value, datetime)
