"""The words of a briefing keep the rules of the house: short sentences, few numbers, no riddle."""

import datetime as dt
import math
import re
from dataclasses import replace
from statistics import median

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accord.briefing.brief import brief
from accord.briefing.document.blocks import Bullets, Paragraph
from accord.briefing.opening import headline
from accord.briefing.payoffs import GAINS, LOSSES, Payoff, read_outlook
from accord.briefing.view import BriefingView
from accord.briefing.words.templates import read_templates
from tests.golden.example import build_example
from tests.golden.shared import shared_briefing, shared_example

DATE = dt.date(2026, 11, 24)
FOLLOWED = re.compile(r"(?<=[.?!])\s+(?=[A-Z“0-9])")
FREE = ("reproduce", "terms")  # notes of the deal file, commands and digests


@pytest.fixture(scope="module")
def document():
    return shared_briefing().document


def sentences(text: str) -> list[str]:
    plain = text.replace("\u00a0", " ").replace("\u202f", " ")
    return [part for part in FOLLOWED.split(plain) if part.strip()]


def running(document) -> list[str]:
    """The running text that is ours: opening, paragraphs and points, without the deal's notes."""
    texts = [document.headline, document.standfirst, *(p.whole for p in document.key_points)]
    texts += document.not_priced
    for section in document.sections:
        if section.id in FREE:
            continue
        for block in section.blocks:
            texts += [block.prose] if isinstance(block, Paragraph) else []
            texts += block.items if isinstance(block, Bullets) and not block.folded else []
    texts += document.disclaimer
    return [sentence for text in texts for sentence in sentences(str(text))]


def test_sentences_are_short(document):
    lengths = [len(text.split()) for text in running(document)]
    assert len(lengths) > 60
    assert median(lengths) <= 22
    longest = max(running(document), key=lambda text: len(text.split()))
    assert len(longest.split()) <= 35, longest


def test_what_follows_a_full_stop_has_a_capital(document):
    for prose in document.prose():
        text = str(prose).replace("\u00a0", " ")
        assert not re.search(r"[a-z]{2}\. [a-z]", text), text


def test_at_most_two_numbers_a_sentence_where_everybody_reads(document):
    assert len(document.headline.facts) <= 1
    for text in (document.standfirst, *(point.whole for point in document.key_points)):
        for part in sentences(str(text)):
            frequencies = part.replace(" of 100", "")
            day = re.sub(r"\d+ [A-Z][a-z]+ (\d{4})", r"\1", frequencies)
            numbers = re.findall(r"[−+]?\d[\d.]*", day)
            assert len(numbers) <= 2, part


def test_every_message_is_a_sentence_or_a_label():
    """No two blanks, no blank before a full stop, no straight quotation mark in prose."""
    for key, text in read_templates("en").items():
        assert "  " not in text, key
        assert " ." not in text, key
        assert '"' not in text, key


CHANCES = st.one_of(st.just(math.nan), st.floats(0, 1))
VALUES = st.floats(-1e4, 1e4, allow_nan=False)
PARTIES = ("KOR", "USA", "JPN", "MEX")
TITLES = st.sampled_from(
    [
        "the signed deal",
        "a very long title of a package that nobody can say in one breath",
        "“Deal”",
    ]
)


class Told(BriefingView):
    """A view with payoffs of one's own."""

    def __init__(self, payoffs, title):
        super().__init__(shared_example())
        self.given, self.called = payoffs, title

    @property
    def parties(self):
        return tuple(self.given)

    @property
    def several(self):
        return len(self.given) > 2

    def payoff(self, package, region, timeline="dated"):  # noqa: ARG002
        return self.given[region]

    def short(self, package):  # noqa: ARG002
        return self.called


@given(
    st.lists(st.tuples(VALUES, CHANCES), min_size=2, max_size=4),
    TITLES,
)
@settings(max_examples=60, deadline=None)
def test_a_headline_says_what_the_figures_say(figures, title):
    payoffs = {
        party: Payoff(value, value - 1, value + 1, chance, {})
        for party, (value, chance) in zip(PARTIES, figures, strict=False)
    }
    view = Told(payoffs, title)
    text = str(headline.build_headline(view))
    assert len(text.split()) <= headline.MOST_WORDS
    assert not re.search(r"\d", text)
    assert text[0] == text[0].upper()
    outlooks = {payoff.outlook for payoff in payoffs.values()}
    if not outlooks & {*GAINS}:
        assert not re.search(r"\bgains?\b", text)
    if not outlooks & {*LOSSES}:
        assert not re.search(r"\bloses?\b", text)
    if text.startswith(("Both sides", "All parties")):
        assert len(outlooks) == 1
    if "Some parties" not in text and len(outlooks) > 1:
        for party, payoff in payoffs.items():
            name = view.capital(party)
            clause = next((part for part in text.split("; ") if name in part), "")
            if clause and payoff.outlook in GAINS:
                assert "gain" in clause
            if clause and payoff.outlook in LOSSES:
                assert "lose" in clause


@given(VALUES, CHANCES)
def test_an_outlook_never_contradicts_its_figure(value, chance):
    outlook = read_outlook(value, chance)
    if outlook in GAINS:
        assert value > 0
        assert math.isnan(chance) or chance >= 2 / 3
    if outlook in LOSSES:
        assert value <= 0
        assert math.isnan(chance) or chance <= 1 - 2 / 3


def test_a_central_value_outside_its_interval_is_called_so():
    def shift(name, frame):
        if name == "payoffs":
            frame[["low", "high"]] = frame[["low", "high"]].to_numpy() - 100.0
        return frame

    document = brief(build_example(change=shift), date=DATE).document
    assert all("trust the interval" in str(card.note) for card in document.cards[:2])


def test_three_parties_are_all_in_headline_standfirst_cards_and_points():
    view = BriefingView(shared_example())
    view.deal = replace(view.deal, parties=("USA", "KOR", "JPN"))
    assert view.parties == ("KOR", "USA", "JPN")
    told = str(headline.build_standfirst(view))
    for name in ("South Korea", "United States", "Japan"):
        assert name in told
    names = [str(card.name) for card in headline.build_cards(view)]
    assert names == ["South Korea", "United States", "Japan", "All parties gain"]
