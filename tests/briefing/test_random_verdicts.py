"""No sentence of headline, standfirst, cards and key points contradicts its number, ever."""

import datetime as dt
from collections import Counter
from copy import copy
from dataclasses import replace
from functools import cache

import pandas as pd
import pytest

from accord.assessment.tables.verdict import build_components
from accord.briefing.brief import brief
from accord.briefing.document.blocks import Document
from accord.briefing.opening.headline import build_cards, build_headline, build_standfirst
from accord.briefing.opening.key_points import build_key_points
from accord.briefing.opening.turning import build_turning
from accord.briefing.view import BriefingView
from tests.briefing.contradictions import OUTLOOKS, find_contradictions
from tests.briefing.random_verdicts import RandomAssessment, draw_assessment
from tests.golden.shared import shared_briefing, shared_example

DATE = dt.date(2026, 11, 24)
MANY, GROUPS = 500, 4
VERDICT = ("_payoffs", "_chances", "draws")  # what a view keeps of a verdict
LONG = 40  # times as many, where that is asked for


def frame() -> Document:
    """The document of the example, whose sentences are replaced."""
    return shared_briefing().document


@cache
def example_view() -> BriefingView:
    """The view of the example: its trade and its money are those of every random assessment."""
    view = BriefingView(shared_example(), date=DATE)
    build_key_points(view)  # looks up what is kept
    return view


def write(assessment: RandomAssessment) -> Document:
    """The sentences of an assessment, without the drawings that take most of the time."""
    view = copy(example_view())
    view.assessment = assessment
    for name in VERDICT:
        vars(view).pop(name, None)
    return replace(
        frame(), headline=build_headline(view), standfirst=build_standfirst(view),
        cards=build_cards(view), key_points=build_key_points(view), turning=build_turning(view),
    )  # fmt: skip


@pytest.mark.parametrize("group", range(GROUPS))
def test_no_sentence_contradicts_its_number(group, long):
    told: Counter[str] = Counter()
    for seed in range(group, MANY * (LONG if long else 1), GROUPS):
        document = write(draw_assessment(seed))
        assert find_contradictions(document) == [], seed
        told.update(str(card.outlook) for card in document.cards if card.payoff is not None)
    assert set(told) == set(OUTLOOKS)  # every outlook has been tried


def test_a_whole_page_is_that_of_its_sentences():
    """What is written without drawings is what the page says."""
    for seed in range(3):
        page, alone = brief(draw_assessment(seed), date=DATE).document, write(draw_assessment(seed))
        for name in ("headline", "standfirst", "cards", "key_points", "turning"):
            assert getattr(page, name) == getattr(alone, name)


def test_a_seed_is_one_assessment_and_another_seed_another():
    first, again, other = (write(draw_assessment(seed)) for seed in (1, 1, 2))
    assert str(first.standfirst) == str(again.standfirst) != str(other.standfirst)


def test_the_table_of_components_is_that_of_the_program():
    assessment = draw_assessment(5)
    pd.testing.assert_frame_equal(assessment.components(), build_components(assessment.drawn))
