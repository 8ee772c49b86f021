"""A document as JSON: every text beside its numbers, every table and picture as figures."""

import json
import math
from collections.abc import Callable, Mapping
from importlib import resources
from typing import Any

from accord.briefing.document.arrange import (
    Numbered,
    Passage,
    arrange_parts,
    close_parts,
    tabulate_cards,
    tell_amount,
    tell_ends,
)
from accord.briefing.document.blocks import (
    Block,
    Bullets,
    Card,
    Cell,
    Chart,
    Code,
    Column,
    Document,
    Heading,
    Paragraph,
    SourceNote,
    Table,
)
from accord.briefing.document.facts import Fact, Prose
from accord.briefing.words.messages import Messages
from accord.core.text import escaped, printable

FORMAT = "accord-briefing-1"
SCHEMA = "briefing.schema.json"


def render_json(document: Document) -> bytes:
    """Return the document as JSON that follows the schema of `read_schema`."""
    data = describe_document(document)
    text = json.dumps(data, indent=1, ensure_ascii=False, allow_nan=False)
    return (escaped(text) + "\n").encode("utf-8")


def read_schema() -> dict[str, Any]:
    """Return the JSON Schema of a briefing as JSON."""
    text = (resources.files("accord.briefing.render") / "templates" / SCHEMA).read_text("utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


def describe_document(document: Document) -> dict[str, Any]:
    """Return the document as plain data: texts with their facts, parts in order, sources."""
    teller = _Teller(document)
    known = document.known
    return {
        "format": FORMAT,
        "case": printable(document.case),
        "language": document.language,
        "length": document.length,
        "date": document.date.isoformat(),
        "day": teller.words.numbers.date(document.date),
        "known": None if known is None else teller.fact(known),
        "minutes": teller.fact(document.minutes),
        "kicker": printable(document.kicker),
        "headline": teller.prose(document.headline),
        "standfirst": teller.prose(document.standfirst),
        "warning": teller.maybe(document.warning),
        "cards": [teller.card(card) for card in document.cards],
        "cards_table": teller.table(tabulate_cards(document)),
        "parts": [teller.part(part) for part in arrange_parts(document)],
        "sources": [teller.source(note) for note in document.sources],
        "grades": teller.prose(document.grades),
        "closing": [teller.part(part) for part in close_parts(document)],
    }


class _Teller:
    """Turns the pieces of one document into plain data."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.words = Messages(document.language)
        self.numbers = {note.source.id: note.number for note in document.sources}
        self.kinds: Mapping[type, Callable[[Any], dict[str, Any]]] = {
            Paragraph: lambda block: {"quiet": block.quiet, "prose": self.prose(block.prose)},
            Heading: lambda block: {"prose": self.prose(block.prose)},
            Bullets: lambda block: {
                "folded": printable(block.folded),
                "items": [self.prose(item) for item in block.items],
            },
            Numbered: lambda block: {
                "points": [
                    {"lead": self.prose(point.lead), "body": self.prose(point.body)}
                    for point in block.points
                ]
            },
            Code: lambda block: {
                "label": printable(block.label),
                "lines": [printable(line) for line in block.lines],
            },
            Table: self.table,
            Chart: self.chart,
        }

    def fact(self, fact: Fact) -> dict[str, Any]:
        is_date = fact.unit == "date"
        low, high = fact.interval or (None, None)
        return {
            "text": fact.text(words=self.words.numbers),
            "value": str(fact.value) if is_date else plain(fact.number),
            "unit": fact.unit,
            "low": low,
            "high": high,
            "source": printable(fact.source),
        }

    def prose(self, prose: Prose) -> dict[str, Any]:
        """Return a text whole, and the pieces of it that are numbers or citations."""
        pieces: list[dict[str, Any]] = []
        for piece in prose.pieces:
            if piece.fact is not None:
                pieces.append({**self.fact(piece.fact), "text": printable(piece.text)})
            elif piece.cite:
                pieces.append({"text": "", "cite": self.numbers.get(piece.cite)})
            elif pieces and set(pieces[-1]) == {"text"}:
                pieces[-1]["text"] += printable(piece.text)
            else:
                pieces.append({"text": printable(piece.text)})
        return {"text": printable(str(prose)), "pieces": pieces}

    def maybe(self, prose: Prose | None) -> dict[str, Any] | None:
        return None if prose is None else self.prose(prose)

    def card(self, card: Card) -> dict[str, Any]:
        return {
            "name": self.prose(card.name),
            "outlook": self.prose(card.outlook),
            "tone": card.tone,
            "payoff": None if card.payoff is None else self.fact(card.payoff),
            "amount": self.maybe(tell_amount(card, self.words)),
            "ends": self.maybe(tell_ends(card, self.words)),
            "chance": self.maybe(card.chance),
            "why": self.maybe(card.why),
            "note": self.maybe(card.note),
        }

    def part(self, part: Passage) -> dict[str, Any]:
        blocks = [self.block(block) for block in part.blocks]
        return {"id": part.id, "title": printable(part.title), "blocks": blocks}

    def block(self, block: Block | Numbered) -> dict[str, Any]:
        kind = "points" if isinstance(block, Numbered) else type(block).__name__.lower()
        return {"kind": kind, **self.kinds[type(block)](block)}

    def table(self, table: Table) -> dict[str, Any]:
        groups = [
            {
                "heading": self.maybe(group.heading),
                "rows": [
                    {
                        "heading": self.prose(row.heading),
                        "cells": [
                            self.cell(cell, column)
                            for cell, column in zip(row.cells, table.columns[1:], strict=True)
                        ],
                    }
                    for row in group.rows
                ],
            }
            for group in table.groups
        ]
        return {
            "id": table.id,
            "caption": printable(table.caption),
            "unit": self.prose(table.unit),
            "folded": table.folded,
            "columns": [
                {"label": printable(column.label), "numeric": column.numeric}
                for column in table.columns
            ],
            "groups": groups,
            "notes": [self.prose(note) for note in table.notes],
        }

    def cell(self, cell: Cell, column: Column) -> dict[str, Any] | None:
        if cell is None or isinstance(cell, Prose):
            return self.maybe(cell)
        text, within = print_cell(cell, column, self.words)
        return {**self.fact(cell), "text": text, "range": within}

    def chart(self, chart: Chart) -> dict[str, Any]:
        return {
            "id": chart.id,
            "title": printable(chart.title),
            "finding": self.prose(chart.finding),
            "alt": printable(chart.alt),
            "key": [self.prose(line) for line in chart.key],
            "table": self.table(chart.table),
        }

    def source(self, note: SourceNote) -> dict[str, Any]:
        source = note.source
        told = {name: printable(str(getattr(source, name)))
                for name in ("id", "title", "date", "url", "licence", "grade")}  # fmt: skip
        return {"number": note.number, **told, "meaning": note.meaning, "weak": source.flagged}


def print_cell(fact: Fact, column: Column, words: Messages) -> tuple[str, str]:
    """Return a number as its column prints it, and the interval below it, "" where none shows."""
    numbers = words.numbers
    text = fact.text(column.style, column.decimals, with_unit=column.with_unit, words=numbers)
    if not column.ranged or fact.interval is None:
        return text, ""
    within = fact.interval_text(column.decimals, words=numbers)
    alone = fact.text("", column.decimals, with_unit=False, words=numbers)
    return text, within if within != alone else ""


def plain(value: float) -> float | int:
    """Return a number to the digits that are meant; a whole one without a decimal point."""
    kept = float(f"{value:.12g}")
    return int(kept) if kept == math.floor(kept) and abs(kept) < 1e15 else kept
