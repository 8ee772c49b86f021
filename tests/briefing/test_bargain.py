"""The bargain in a briefing: an honest no, what terms open, and a plane whose labels keep clear."""

import datetime as dt
import json
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from accord.assessment.bargain.bargain import settle
from accord.assessment.bargain.over_terms import bargain_over_terms
from accord.assessment.bargain.retaliation import Retaliation
from accord.briefing.brief import brief
from accord.briefing.charts.payoff_plane import PlaneWords, Spot, build_plane_chart
from accord.briefing.document.blocks import Paragraph
from accord.briefing.opening.picture import build_picture, settle_packages
from accord.briefing.sections import bargain as bargain_section
from accord.briefing.view import BriefingView
from accord.core.numerics.surrogate import SurrogateConfig
from accord.core.status import Status
from tests.assessment.movable_packages import make_movable
from tests.golden.shared import shared_briefing, shared_example

CONFIG = SurrogateConfig(mixed=4, held_out=4, rounds=1, probes=4)


@pytest.fixture(scope="module")
def view():
    return BriefingView(shared_example())


@cache
def agree_on_terms(cost):
    """The bargain over the terms of an invented package."""
    return bargain_over_terms(make_movable(cost), config=CONFIG)


def bargain(view, payoffs, cost=None):
    """A bargain over invented payoffs; with a cost, over the terms of an invented package too."""
    terms = None if cost is None else agree_on_terms(cost)
    answer = Retaliation(
        "KOR", ("USA",), np.zeros((1, 4)), 0.08, np.array([-20.0, 30.0]), Status.CONVERGED
    )
    return settle(
        view.deal, view.alike, np.array(payoffs), focus=view.alike[-1], terms=terms,
        retaliations=(answer,),
    )  # fmt: skip


def build(bargain):
    """The section on a bargain worked out before."""
    return bargain_section.build(BriefingView(shared_example(), bargain=bargain))


def words(section):
    return " ".join(str(block.prose) for block in section.blocks if isinstance(block, Paragraph))


def picture(bargain):
    """The plane of the two principal parties, which stands at the head of the page."""
    return build_picture(BriefingView(shared_example(), bargain=bargain))


def test_without_a_zone_it_says_so_with_the_smallest_payment(view):
    made = bargain(view, [[100.0, -120.0], [20.0, -7.0]], 60.0)
    section = build(made)
    text = words(section)
    assert "There is no zone of possible agreement among them" in text
    assert "7\u00a0bn\u00a0USD to South Korea" in text.replace("7.0", "7")
    assert "would need a benefit of at least" in text
    assert "Other terms of" in text
    assert "No payment between the parties opens a zone there" in text
    assert str(picture(made).finding) == (
        "At central values no package on the table lets both sides gain."
    )


def test_terms_that_both_accept_are_told_with_the_least_change(view):
    made = bargain(view, [[100.0, -120.0], [70.0, -18.0]], 0.0)
    section = build(made)
    text = words(section)
    assert "With other terms of" in text
    assert "The least change that all sides accept is" in text
    assert "; other terms would" in str(picture(made).finding)
    assert "South Korea could then raise its tariffs" in text
    assert "Every figure shown comes from one of" in text
    ids = [getattr(block, "id", "") for block in section.blocks]
    assert {"bargain-changes", "bargain-rules"} <= {*ids}


def test_a_package_that_both_accept_needs_nothing(view):
    agreed = replace(bargain(view, [[100.0, -120.0], [5.0, 4.0]]), retaliations=())
    text = words(build(agreed))
    assert "all sides prefer" in text
    assert "would need" not in text


def test_the_page_takes_a_bargain_and_stays_the_same_without_one(view):
    day = dt.date(2026, 11, 24)
    agreed = bargain(view, [[100.0, -120.0], [70.0, -18.0]], 0.0)
    page = brief(shared_example(), date=day, bargain=agreed, length="full").html
    assert "What each bargaining rule picks" in page
    assert "What each bargaining rule picks" not in shared_briefing(date=day, length="full").html


def boxes(spec, size):
    """Where labels are drawn, by text."""
    font = 13 if size == "wide" else 12
    drawn = []
    for layer in json.loads(spec)["layer"]:
        if layer["mark"]["type"] == "text":
            text = layer["data"]["values"][0]["text"]
            x, y = (layer["encoding"][at]["value"] for at in ("x", "y"))
            width = 0.55 * font * len(text)
            left = x - {"left": 0.0, "center": 0.5, "right": 1.0}[layer["mark"]["align"]] * width
            drawn.append((text, left, left + width, y - font / 2, y + font / 2))
    return drawn


@pytest.mark.parametrize("size", ["wide", "narrow"])
def test_labels_do_not_cover_each_other(size):
    spots = [
        Spot("No deal", 0.0, 0.0, "none"),
        Spot("The US demand", -365.8, 361.1, "package"),
        Spot("Korea's counter-offer", -5.7, 68.4, "package"),
        Spot("The memorandum of 14 November 2025", -10.0, 71.6, "package"),
        Spot("Nash, egalitarian", 68.7, 67.7, "rule"),
        Spot("Kalai–Smorodinsky", 79.0, 54.9, "rule"),
        Spot("Utilitarian", 113.0, 23.6, "rule"),
    ]
    line = [(-166.0, 248.0), (-28.0, 167.0), (98.0, 49.0), (226.0, -49.0)]
    words = PlaneWords(("South Korea", "United States"), "Both gain", "{label} ({x}, {y})")
    spec = build_plane_chart(spots, line, size, words)
    drawn = boxes(spec, size)
    assert any("Nash" in text for text, *_ in drawn)
    for at, (_, left, right, top, bottom) in enumerate(drawn):
        for _, left2, right2, top2, bottom2 in drawn[:at]:
            wide = min(right, right2) - max(left, left2)
            tall = min(bottom, bottom2) - max(top, top2)
            assert min(wide, tall) < 2


def test_a_page_does_not_work_out_what_time_does(view, monkeypatch):
    """No text of a page has it, and the search for it takes longer than all else in a bargain."""
    payoffs = np.full((len(view.alike), 2), 5.0)
    timed = settle(view.deal, view.alike, payoffs, focus=view.alike[-1])
    assert timed.pressure is not None

    def never(*_):
        raise AssertionError("a page worked out what time does")

    monkeypatch.setattr("accord.assessment.bargain.bargain._pressure", never)
    plain = settle_packages(BriefingView(shared_example()))
    assert plain.pressure is None
