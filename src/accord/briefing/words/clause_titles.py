"""What a clause is called: its own title, or words made from what it says."""

import datetime as dt
from collections.abc import Sequence

from accord.briefing.document.facts import Fact, Name, Prose, listed, sentence
from accord.briefing.view import BriefingView
from accord.data.lines import GROUP_MEANING
from accord.deal.clauses.base import (
    ClauseBase,
    Fraction,
    LegalBasis,
    Piece,
    Products,
    Regions,
)
from accord.deal.products import EVERYTHING, REGION_GROUPS

_MOST_NAMED = 3


def clause_title(clause: ClauseBase, view: BriefingView) -> Prose:
    """Return the title of a clause without a full stop; made from the clause where it has none."""
    if clause.title:
        return sentence("{title}", title=Name(clause.title))
    wording = clause.wording()
    source = next(iter(clause.source_ids), "")
    pieces = {name: _piece(one, view, source) for name, one in wording.pieces.items()}
    return sentence(wording.text, **pieces)


def _piece(piece: Piece, view: BriefingView, source: str) -> Fact | Name:
    """Return a piece of a title as the page prints it."""
    if isinstance(piece, Fraction):
        return Fact(piece.value, "share", source=source)
    if isinstance(piece, dt.date):
        return Fact(piece, "date")
    if isinstance(piece, LegalBasis):
        return Name(_basis(piece.basis))
    if isinstance(piece, Regions | Products):
        word = _region if isinstance(piece, Regions) else _product
        return _among(
            [word(name, view) for name in piece.names],
            [word(name, view) for name in piece.left_out],
        )
    return Name(piece)


def _among(names: Sequence[str], left_out: Sequence[str]) -> Name:
    """Return names joined as in prose, and those left out; a long list is cut."""
    text = _some(names)
    return Name(f"{text} but {_some(left_out)}" if left_out else text)


def _some(names: Sequence[str]) -> str:
    if len(names) <= _MOST_NAMED:
        return listed(list(names)).text
    return f"{', '.join(names[:_MOST_NAMED])} and {len(names) - _MOST_NAMED} more"


def _region(name: str, view: BriefingView) -> str:
    if name == EVERYTHING:
        return "every country"
    if name in REGION_GROUPS and name not in view.world.regions:
        return "the European Union"
    return view.region(name)


def _product(name: str, view: BriefingView) -> str:
    if name == EVERYTHING:
        return "all goods"
    if name in view.world.sectors:
        return view.sector(name).lower()
    return GROUP_MEANING.get(name, f"HS {name}")


def _basis(basis: str) -> str:
    return f"section {basis}" if basis.isdigit() else basis
