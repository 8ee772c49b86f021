"""Titles of clauses: their own, or words made from what they say."""

import datetime as dt
from collections.abc import Sequence

from accord.briefing.document.facts import Fact, Name, Prose, quoted, sentence
from accord.briefing.view import BriefingView
from accord.data.lines.lines import GROUP_MEANING
from accord.deal.clauses.base import (
    ClauseBase,
    Fraction,
    LegalBasis,
    Piece,
    Products,
    Regions,
)
from accord.deal.products import EVERYTHING

_MOST_NAMED = 3


def clause_title(clause: ClauseBase, view: BriefingView) -> Prose:
    """Return the title of a clause without a full stop; made from the clause where it has none."""
    if clause.title:
        return quoted(view.words.translated(clause.title))
    wording = clause.wording()
    source = next(iter(clause.source_ids), "")
    pieces = {name: _piece(piece, view, source) for name, piece in wording.pieces.items()}
    return sentence(view.words.translated(wording.text), **pieces)


def _piece(piece: Piece, view: BriefingView, source: str) -> Fact | Name:
    """Return a piece of a title as the page prints it."""
    if isinstance(piece, Fraction):
        return Fact(piece.value, "share", source=source)
    if isinstance(piece, dt.date):
        return Fact(piece, "date")
    if isinstance(piece, LegalBasis):
        return Name(_basis(piece.basis, view))
    if isinstance(piece, Regions | Products):
        word = _region if isinstance(piece, Regions) else _product
        return _among(
            view,
            [word(name, view) for name in piece.names],
            [word(name, view) for name in piece.left_out],
        )
    return Name(view.words.translated(piece))


def _among(view: BriefingView, names: Sequence[str], left_out: Sequence[str]) -> Name:
    """Return names joined as in prose, and those left out; a long list is cut."""
    text = _some(view, names)
    if not left_out:
        return Name(text)
    return Name(str(view.phrase("clause.but", names=text, others=_some(view, left_out))))


def _some(view: BriefingView, names: Sequence[str]) -> str:
    if len(names) <= _MOST_NAMED:
        return view.words.listed(names).text
    rest = str(len(names) - _MOST_NAMED)
    return str(view.phrase("clause.more", names=", ".join(names[:_MOST_NAMED]), rest=rest))


def _region(name: str, view: BriefingView) -> str:
    if name == EVERYTHING:
        return view.words.templates["clause.every_country"]
    return view.region(name)


def _product(name: str, view: BriefingView) -> str:
    if name == EVERYTHING:
        return view.words.templates["clause.all_goods"]
    if view.world.sectors_named(name):
        return view.sector(name).lower()
    return view.words.translated(GROUP_MEANING.get(name, f"HS {name}"))


def _basis(basis: str, view: BriefingView) -> str:
    return str(view.phrase("clause.section", number=basis)) if basis.isdigit() else basis
