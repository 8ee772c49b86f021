"""The parts of a document in the order in which every file without a layout of its own has them."""

from dataclasses import dataclass

from accord.briefing.document.blocks import (
    Block,
    Bullets,
    Card,
    Column,
    Document,
    KeyPoint,
    Paragraph,
    Row,
    RowGroup,
    Table,
)
from accord.briefing.document.facts import Fact, Piece, Prose, sentence
from accord.briefing.document.length import FULL
from accord.briefing.words.messages import Messages

CARDS, ASSUMPTIONS = "cards", "verdict-parameters"


@dataclass(frozen=True)
class Numbered:
    """The key points: each a bold lead and what follows from it."""

    points: tuple[KeyPoint, ...]


@dataclass(frozen=True)
class Passage:
    """A part of a document: its heading, "" where a table or picture is the whole of it."""

    id: str
    title: str
    blocks: tuple[Block | Numbered, ...]


def mark_sources(document: Document) -> dict[str, str]:
    """Return how each source is marked in a text, by its id: its number, and its grade if weak.

    The two pages have no list of sources, and keep the grades of weak ones alone.
    """
    marks = {}
    for note in document.sources:
        grade = note.source.grade if note.source.flagged else ""
        number = str(note.number) if document.length == FULL else ""
        if number or grade:
            marks[note.source.id] = " ".join(filter(None, (number, grade)))
    return marks


def arrange_parts(document: Document) -> tuple[Passage, ...]:
    """Return what follows the standfirst and the cards: two pages, then the chapters if full.

    The list of sources, which a full briefing ends with, is `document.sources`.
    """
    words = Messages(document.language)
    quiet = [Paragraph(line, quiet=True) for line in document.colophon]
    if document.length != FULL:
        quiet += [Paragraph(line, quiet=True) for line in document.disclaimer]
    lead = Paragraph(words.say("page.balance_lead"), quiet=True)
    caution = Paragraph(words.say("page.not_priced_lead"))
    parts = [
        Passage("picture", "", (document.picture,)),
        Passage("key-points", words.text("page.key_points"), (Numbered(document.key_points),)),
        Passage("balance", words.text("page.balance"), (lead, *document.balance)),
        Passage("turning", words.text("page.turning"), (Bullets(document.turning),)),
        Passage(
            "not-priced", words.text("page.not_priced"), (caution, Bullets(document.not_priced))
        ),
        Passage("packages", "", (document.terms,)),
        Passage("colophon", words.text("page.colophon"), tuple(quiet)),
    ]  # fmt: skip
    if document.length == FULL:
        parts += [Passage(part.id, part.title, part.blocks) for part in document.sections]
    return tuple(parts)


def close_parts(document: Document) -> tuple[Passage, ...]:
    """Return what stands after the list of sources of a full briefing."""
    title = Messages(document.language).text("page.disclaimer")
    blocks = tuple(Paragraph(line) for line in document.disclaimer)
    return (Passage("disclaimer", title, blocks),) if document.length == FULL else ()


def tell_ends(card: Card, words: Messages) -> Prose | None:
    """Return where nine draws in ten of a card lie, such as "−97 … +100", or None without draws."""
    fact = card.payoff
    if fact is None or fact.interval is None:
        return None
    low, high = (
        Piece(end.text("about_signed_bare", words=words.numbers), fact=end)
        for end in (Fact(value, fact.unit) for value in fact.interval)
    )
    return Prose((low, Piece(" … "), high))


def tell_amount(card: Card, words: Messages) -> Prose | None:
    """Return the payoff of a card to two digits, with its unit."""
    if card.payoff is None:
        return None
    return Prose((Piece(card.payoff.text("about_signed", words=words.numbers), card.payoff),))


def tabulate_cards(document: Document) -> Table:
    """Return the cards as a table: a row a party, and one for the chance that all gain."""
    words = Messages(document.language)
    rows = []
    for card in document.cards:
        why = card.why
        if card.note is not None:
            why = card.note if why is None else sentence("{why}. {note}", why=why, note=card.note)
        cells = (
            card.outlook, tell_amount(card, words), tell_ends(card, words), card.chance, why
        )  # fmt: skip
        rows.append(Row(card.name, cells))
    labels = ("party", "outlook", "gain", "ends", "chance", "why")
    columns = tuple(
        Column(words.text(f"page.card.{name}"), numeric=name in ("gain", "ends")) for name in labels
    )
    unit = words.say("page.card.unit")
    title = words.text("page.card.title")
    return Table(CARDS, title, unit, columns, (RowGroup(None, tuple(rows)),))


def find_assumptions(document: Document) -> Table | None:
    """Return the table of what is drawn, with grades; None for an assessment without draws."""
    tables = (
        block for section in document.sections for block in section.blocks
        if isinstance(block, Table) and block.id == ASSUMPTIONS
    )  # fmt: skip
    return next(tables, None)
