"""A briefing as frozen blocks of text, tables and charts, before any file format."""

import datetime as dt
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from accord.briefing.document.facts import MONEY, Fact, Prose, fit_places
from accord.briefing.document.length import FULL
from accord.core.provenance import Source

WORDS_A_MINUTE = 220
FINE = 10.0  # bn USD: sums of less show the decimals of their smallest part


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of prose; a `quiet` one is a note in smaller type."""

    prose: Prose
    quiet: bool = False


@dataclass(frozen=True)
class Heading:
    """A heading of the third level, inside a section."""

    prose: Prose


@dataclass(frozen=True)
class Bullets:
    """A list of short texts; one with a `folded` label opens on demand."""

    items: tuple[Prose, ...]
    folded: str = ""


@dataclass(frozen=True)
class Code:
    """Lines that a reader can copy and run."""

    lines: tuple[str, ...]
    label: str


@dataclass(frozen=True)
class Column:
    """A column of a table: its heading and how its numbers are printed.

    A `ranged` column prints the interval of each fact below it.
    """

    label: str
    numeric: bool = True
    style: str = "signed"
    decimals: int | None = None
    with_unit: bool = False
    ranged: bool = False


Cell = Fact | Prose | None


@dataclass(frozen=True)
class Row:
    """A row: its cells, one for each column after the heading cell."""

    heading: Prose
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class RowGroup:
    """Rows under one heading; an empty heading prints none."""

    heading: Prose | None
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Table:
    """A table with its caption, unit line and notes; a folded one opens on demand.

    Where `sums` is true, columns of money add up along a row, and all show the same decimals.
    """

    id: str
    caption: str
    unit: Prose
    columns: tuple[Column, ...]
    groups: tuple[RowGroup, ...]
    notes: tuple[Prose, ...] = ()
    folded: bool = False
    sums: bool = False

    def __post_init__(self) -> None:
        """Check that every row fills every column, and give amounts the digits they need."""
        width = len(self.columns) - 1
        for group in self.groups:
            for row in group.rows:
                if len(row.cells) != width:
                    raise ValueError(f"table {self.id}: {len(row.cells)} cells for {width} columns")
        fitted = [self.columns[0], *(self._fit(at) for at in range(width))]
        if self.sums:
            money = [at for at in range(width) if self._is_money(at)]
            finest = max((fitted[at + 1].decimals or 0 for at in money), default=0)
            sizes = [abs(fact.number) for at in money for fact in self._facts(at)]
            usual = max((self.columns[at + 1].decimals or 0 for at in money), default=0)
            places = finest if max(sizes, default=0.0) < FINE else usual
            for at in money:
                fitted[at + 1] = replace(fitted[at + 1], decimals=places)
        object.__setattr__(self, "columns", tuple(fitted))

    def _facts(self, at: int) -> list[Fact]:
        cells = [row.cells[at] for group in self.groups for row in group.rows]
        return [cell for cell in cells if isinstance(cell, Fact)]

    def _is_money(self, at: int) -> bool:
        facts = self._facts(at)
        return bool(facts) and all(fact.unit in MONEY for fact in facts)

    def _fit(self, at: int) -> Column:
        """Return a column of cells; one of small amounts of money shows two digits of them."""
        column = self.columns[at + 1]
        if column.decimals is None or not self._is_money(at):
            return column
        facts = self._facts(at)
        ends = [end for fact in facts if column.ranged for end in fact.interval or ()]
        sizes = [*(fact.number for fact in facts), *ends]
        return replace(column, decimals=fit_places(sizes, column.decimals))


@dataclass(frozen=True)
class Chart:
    """A chart for wide and narrow pages, with the words and the table that say the same.

    Attributes:
        id: Used in addresses and in the ids inside the drawing.
        title: What the chart shows, in words.
        finding: One sentence with what a reader should see in it.
        alt: The description read aloud in its place.
        wide: Vega-Lite description as JSON text, for pages about 700 pixels wide.
        narrow: The same for telephones.
        table: The numbers behind it.
        key: How to read marks that the drawing does not name.
    """

    id: str
    title: str
    finding: Prose
    alt: str
    wide: str
    narrow: str
    table: Table
    key: tuple[Prose, ...] = ()


Block = Paragraph | Heading | Bullets | Code | Table | Chart


def with_suffix(block: Block, suffix: str) -> Block:
    """Return a block whose id, where it has one, ends in a suffix: one page has an id once."""
    if not suffix or not isinstance(block, Table | Chart):
        return block
    if isinstance(block, Table):
        return replace(block, id=f"{block.id}{suffix}")
    table = replace(block.table, id=f"{block.table.id}{suffix}")
    return replace(block, id=f"{block.id}{suffix}", table=table)


@dataclass(frozen=True)
class Section:
    """A part of the document under a heading of the second level, with sources of its own."""

    id: str
    title: str
    blocks: tuple[Block, ...]
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True)
class SourceNote:
    """A source in the list, with the meaning of its grade and its number in the text."""

    number: int
    source: Source
    meaning: str


@dataclass(frozen=True)
class Card:
    """A party's verdict at a glance; without a payoff, the chance that all gain.

    Attributes:
        name: Whose verdict it is.
        outlook: What it comes to, in a few words.
        tone: "gain", "loss" or "open": how the card is coloured.
        payoff: Present value over no deal with nine draws in ten around it.
        chance: In how many simulated futures it gains; None without draws.
        why: What moves the payoff most, in about five words; None where nothing does.
        interval: A sentence with where nine draws in ten lie, for text without a drawing.
        note: Why the figure should be read with care; None where it need not.
    """

    name: Prose
    outlook: Prose
    tone: str
    payoff: Fact | None = None
    chance: Prose | None = None
    why: Prose | None = None
    interval: Prose | None = None
    note: Prose | None = None


@dataclass(frozen=True)
class KeyPoint:
    """One of the points that carry the result: a bold lead, and a sentence or two."""

    lead: Prose
    body: Prose

    @property
    def whole(self) -> Prose:
        """Lead and body as one running text."""
        return self.lead + self.body

    @property
    def facts(self) -> tuple[Fact, ...]:
        """The facts it prints."""
        return self.whole.facts

    def __str__(self) -> str:
        """Return the plain text."""
        return str(self.whole)


@dataclass(frozen=True)
class Document:
    """A whole briefing, ready to be laid out in any format.

    The two pages of the short briefing end with the colophon; the full one goes on with the
    sections, the sources and the disclaimer.
    """

    case: str
    length: str
    language: str
    kicker: str
    headline: Prose
    standfirst: Prose
    warning: Prose | None
    date: dt.date
    cards: tuple[Card, ...]
    picture: Chart
    key_points: tuple[KeyPoint, ...]
    balance: tuple[Chart, ...]
    turning: tuple[Prose, ...]
    not_priced: tuple[Prose, ...]
    terms: Table
    colophon: tuple[Prose, ...]
    write_sections: Callable[[], tuple[Section, ...]]
    number_sources: Callable[[tuple[Section, ...]], tuple[SourceNote, ...]]
    grades: Prose
    disclaimer: tuple[Prose, ...]
    known: Fact | None = None

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """The chapters, written when they are first asked for: some take longer than the pages."""
        return self.write_sections()

    @cached_property
    def sources(self) -> tuple[SourceNote, ...]:
        """The numbered sources; without those of chapters that the page does not show."""
        return self.number_sources(self.sections if self.length == FULL else ())

    @property
    def minutes(self) -> Fact:
        """Reading time at 220 words a minute, rounded up."""
        words = sum(len(str(prose).split()) for prose in self.prose())
        return Fact(max(1, math.ceil(words / WORDS_A_MINUTE)), "minutes")

    def prose(self) -> Iterator[Prose]:
        """Yield every running text, in order; tables and folded lists are not read through."""
        yield from (
            self.headline,
            self.standfirst,
            *(() if self.warning is None else (self.warning,)),
        )
        yield self.picture.finding
        yield from (*(point.whole for point in self.key_points), *self.turning, *self.not_priced)
        yield from self.colophon
        for section in self.sections if self.length == FULL else ():
            for block in section.blocks:
                if isinstance(block, Paragraph):
                    yield block.prose
                elif isinstance(block, Bullets) and not block.folded:
                    yield from block.items
                elif isinstance(block, Chart):
                    yield block.finding
        yield from self.disclaimer

    def source_number(self, source: str) -> int | None:
        """Return the number of a source in the list, or None when it is not listed."""
        return next((note.number for note in self.sources if note.source.id == source), None)
