"""The reader that looks for contradictions finds them, and none on the example."""

from dataclasses import replace

import pytest

from accord.briefing.document.blocks import Document
from accord.briefing.document.facts import Piece, Prose, quoted
from tests.briefing.contradictions import find_contradictions
from tests.golden.shared import shared_briefing


def document() -> Document:
    """The example, written."""
    return shared_briefing().document


def with_words(prose: Prose, old: str, new: str) -> Prose:
    """The same prose with other words around its figures."""
    assert old in str(prose), old
    pieces = [
        piece if piece.fact is not None else replace(piece, text=piece.text.replace(old, new))
        for piece in prose.pieces
    ]
    return Prose(tuple(pieces))


def with_sign(prose: Prose, at: int) -> Prose:
    """The same prose with one figure turned round."""
    pieces: list[Piece] = []
    for piece in prose.pieces:
        if piece.fact is not None and piece.fact.unit == "bn USD":
            if at == 0:
                turned = replace(piece.fact, value=-piece.fact.number, interval=None)
                piece = Piece(piece.text, turned)  # noqa: PLW2901
            at -= 1
        pieces.append(piece)
    return Prose(tuple(pieces))


def test_the_example_contradicts_itself_nowhere():
    assert find_contradictions(document()) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [(" gains about ", " loses about "), (" gains about ", " neither gains nor loses about ")],
)
def test_a_standfirst_of_another_sign_is_found(old, new):
    told = replace(document(), standfirst=with_words(document().standfirst, old, new))
    assert find_contradictions(told)


@pytest.mark.parametrize("at", [0, 1])
def test_a_figure_turned_round_is_found(at):
    """Payoffs are read against the cards, the ends of a range against each other."""
    told = replace(document(), standfirst=with_sign(document().standfirst, at))
    assert find_contradictions(told)
    first, *others = document().cards
    assert first.interval is not None
    turned = replace(first, interval=with_sign(first.interval, 1))
    assert find_contradictions(replace(document(), cards=(turned, *others)))


@pytest.mark.parametrize(
    "headline",
    ["Both sides lose from the deal", "The deal is a coin toss for both sides",
     "South Korea loses from the deal; the United States gains",
     "Both sides probably gain from the deal"],
)  # fmt: skip
def test_a_headline_that_the_cards_do_not_bear_out_is_found(headline):
    assert find_contradictions(replace(document(), headline=quoted(headline)))


@pytest.mark.parametrize(
    "change",
    [{"outlook": quoted("Loses")}, {"outlook": quoted("A coin toss")}, {"tone": "loss"},
     {"why": quoted("More risk weighs most")},
     {"note": quoted("The figure is outside the interval: trust the interval.")}],
)  # fmt: skip
def test_a_card_of_another_outlook_is_found(change):
    first, *others = document().cards
    assert find_contradictions(replace(document(), cards=(replace(first, **change), *others)))


@pytest.mark.parametrize(
    ("point", "old", "new"),
    [(0, "lower tariffs outweigh the investment", "the investment outweighs lower tariffs"),
     (1, "the investment outweighs the tariffs forgone", "the tariffs forgone outweigh it"),
     (1, "outweighs the tariffs forgone", "may be more than lower tariffs repay"),
     (0, "outweigh the investment", "may not cover the repayments"),
     (2, "cut what", "raise what")],
)  # fmt: skip
def test_a_lead_that_its_figures_do_not_bear_out_is_found(point, old, new):
    points = list(document().key_points)
    points[point] = replace(points[point], lead=with_words(points[point].lead, old, new))
    assert find_contradictions(replace(document(), key_points=tuple(points)))


@pytest.mark.parametrize(
    ("old", "new"),
    [("tariffs bring it", "tariffs cost it"), ("Investment costs it", "It receives")],
)
def test_a_point_of_another_sign_is_found(old, new):
    first, *others = document().key_points
    told = replace(first, body=with_words(first.body, old, new))
    assert find_contradictions(replace(document(), key_points=(told, *others)))
