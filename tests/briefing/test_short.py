"""The two pages of the short briefing: few words, few numbers, and every one of them a fact."""

import datetime as dt
import json
import re
import statistics

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from accord.briefing.brief import brief
from accord.briefing.charts.base import render_svg
from accord.briefing.charts.clouds import SHARES, draw_outlines
from accord.briefing.charts.payoff_plane import PlaneWords, Spot, build_plane_chart
from accord.briefing.document.blocks import Document
from accord.briefing.document.facts import Fact, Prose
from accord.cli.main import app
from accord.core.errors import InputError
from tests.assessment.parties import THREE, assessed
from tests.golden.example import build_example
from tests.golden.shared import shared_briefing, shared_example

DATE = dt.date(2026, 11, 24)
MOST_WORDS, MEDIAN_WORDS, MOST_IN_A_POINT, MOST_NUMBERS = 35, 22, 33, 2
PACKAGE = "the memorandum of 14 November 2025"  # a name is quoted with its digits
WORDS = PlaneWords(("a", "b"), "Both gain", "{label} (off the chart: {x}, {y})")


def short(assessment=None, **options) -> Document:
    """The document of the short briefing."""
    return brief(assessment or shared_example(), date=DATE, **options).document


def opening(document: Document) -> list[Prose]:
    """The running text of the two pages, without names of clauses and the foot."""
    return [
        document.headline,
        document.standfirst,
        document.picture.finding,
        *(point.whole for point in document.key_points),
        *(chart.finding for chart in document.balance),
        *document.turning,
    ]


def number(cell: object) -> float:
    """The number in a cell."""
    assert isinstance(cell, Fact)
    return cell.number


def sentences(prose: Prose) -> list[str]:
    """The sentences of a text; the blank inside "bn USD" does not end a word."""
    return [part for part in re.split(r"(?<=[.!?])\s+", str(prose)) if part]


def loses_with_draws(name, frame):
    """A deal under which Korea loses, most likely."""
    if name == "payoffs":
        korea = frame["region"] == "KOR"
        frame.loc[korea, ["payoff", "low", "high", "gain_chance"]] = [-70.0, -90.0, 12.0, 0.1]
    return frame


@pytest.mark.parametrize("change", [None, loses_with_draws])
def test_sentences_are_short_and_hold_two_numbers_at_most(change):
    document = short(build_example(change=change) if change else None)
    told = [text for prose in opening(document) for text in sentences(prose)]
    assert max(len(text.split()) for text in told) <= MOST_WORDS
    points = [text for point in document.key_points for text in sentences(point.whole)]
    assert statistics.median(len(text.split()) for text in points) <= MEDIAN_WORDS
    assert all(len(str(point).split()) <= MOST_IN_A_POINT for point in document.key_points)
    for prose in opening(document):
        held = [fact for fact in prose.facts if fact.unit not in ("date", "year")]
        assert len(held) <= MOST_NUMBERS * len(sentences(prose))


def test_a_number_in_the_opening_is_a_fact():
    for prose in opening(short()):
        for piece in prose.pieces:
            assert piece.fact is not None or not re.search(r"\d", piece.text.replace(PACKAGE, ""))


def test_the_short_page_ends_with_how_it_was_made_and_the_full_one_goes_on():
    pages = {length: shared_briefing(length=length) for length in
             ("short", "full")}  # fmt: skip
    ends = {length: page.html for length, page in pages.items()}
    assert len(ends["short"]) < len(ends["full"]) / 2
    for section in pages["full"].document.sections:
        assert f'<section id="{section.id}"' in ends["full"]
        assert f'<section id="{section.id}"' not in ends["short"]
    for length, page in ends.items():
        assert 'id="colophon"' in page
        assert page.count("What is not counted") == 1
        assert ("<h2>Disclaimer</h2>" in page) == (length == "full")
    assert str(pages["short"].document.disclaimer[0]) in ends["short"]
    assert 'href="#source' not in ends["short"]
    assert "--length full" in ends["full"]
    assert "--length" not in ends["short"]


def test_another_length_is_refused_before_any_work():
    with pytest.raises(InputError, match="Use short or full"):
        brief(shared_example(), length="long")
    done = CliRunner().invoke(app, ["brief", "us-korea-2025", "--length", "long"])
    assert done.exit_code == 2
    assert "--length: 'long' is no length" in done.stderr


def test_the_parts_of_a_balance_add_up_to_the_gain_on_its_card():
    document = short()
    for card, chart in zip(document.cards[:2], document.balance, strict=True):
        *parts, whole = [number(row.cells[0]) for row in chart.table.groups[0].rows]
        assert sum(parts) == pytest.approx(whole)
        assert card.payoff is not None
        assert whole == pytest.approx(card.payoff.number)


def test_what_turns_the_verdict_is_nearest_first_and_says_which_way():
    lines = [str(line) for line in short().turning]
    assert "would no longer gain if" in lines[0]
    assert lines[-1] == "At central values both sides prefer the deal to no deal."
    lines = [str(line) for line in short(build_example(change=loses_with_draws)).turning]
    assert any("would break even if" in line for line in lines)


def test_every_party_has_a_card_a_balance_and_a_column():
    document = brief(assessed(THREE), date=DATE).document
    assert len(document.balance) == 3
    assert len(document.cards) in (3, 4)
    assert len(document.terms.columns) == 1 + 3 + 3 + 1  # all that is pledged is paid in


def cross(edge, to):
    """Twice the area between an edge and the way to points, with its sign."""
    return edge[0] * to[..., 1] - edge[1] * to[..., 0]


@given(
    st.integers(0, 2**32 - 1), st.floats(0.01, 1e4), st.floats(-0.99, 0.99), st.floats(-1e3, 1e3)
)
def test_an_outline_holds_its_share_of_the_draws(seed, size, correlation, centre):
    random = np.random.default_rng(seed)
    x, y = random.exponential(size, (2, 400))
    points = np.column_stack([centre + x, correlation * x + (1 - abs(correlation)) * y])
    outlines = draw_outlines(points)
    for outline, share in zip(outlines, SHARES, strict=True):
        corners = np.array(outline)
        middle = corners.mean(axis=0)
        # A convex outline holds a point if it lies on one side of every edge.
        edges = np.roll(corners, -1, axis=0) - corners
        inside = np.ones(len(points), dtype=bool)
        turn = np.sign(cross(edges[0], middle - corners[0]))
        for corner, edge in zip(corners, edges, strict=True):
            inside &= turn * cross(edge, points - corner) >= 0
        assert abs(inside.mean() - share) < 0.02


@given(st.integers(0, 2**32 - 1), st.floats(0.1, 3.0), st.floats(-0.99, 0.99))
def test_an_outline_ends_where_the_draws_do(seed, skew, slope):
    """Where every draw is a gain, the cloud shows no loss."""
    random = np.random.default_rng(seed)
    x = random.lognormal(sigma=skew, size=300)
    points = np.column_stack([x, slope * x + random.lognormal(sigma=skew, size=300)])
    room = 1e-6 * np.ptp(points, axis=0)
    for outline in draw_outlines(points):
        corners = np.array(outline)
        assert (corners >= points.min(axis=0) - room).all()
        assert (corners <= points.max(axis=0) + room).all()


@pytest.mark.parametrize(
    "points",
    [np.zeros((0, 2)), np.ones((10, 2)), np.column_stack([np.arange(9.0), np.arange(9.0)])],
)
def test_draws_without_a_spread_have_no_cloud(points):
    assert draw_outlines(points) == ()


def test_a_drawing_has_the_same_bytes_whatever_was_drawn_before():
    points = np.random.default_rng(1).normal(size=(200, 2))
    spots = [
        Spot("No deal", 0.0, 0.0, "none"),
        Spot("Signed", 0.0, 0.0, "package", draw_outlines(points)),
    ]
    spec = build_plane_chart(spots, [], "wide", WORDS)
    first, again = (render_svg(spec, "plane", "a", "b") for _ in range(2))
    assert "clip1" in first
    assert first == again


@pytest.mark.parametrize("size", ["wide", "narrow"])
def test_a_package_far_out_does_not_squeeze_the_others(size):
    spots = [
        Spot("No deal", 0.0, 0.0, "none"),
        Spot("Signed", -10.0, 70.0, "package"),
        Spot("Demand", -3700.0, 3600.0, "package"),
    ]
    spec = json.loads(build_plane_chart(spots, [], size, WORDS))
    axes = [layer["encoding"] for layer in spec["layer"] if "x" in layer.get("encoding", {})]
    low, high = next(axis["x"]["scale"]["domain"] for axis in axes if "scale" in axis["x"])
    assert high - low < 100
    texts = [row.get("text", "") for layer in spec["layer"]
             for row in layer.get("data", {}).get("values", [])]  # fmt: skip
    assert "−3\u202f700" in " ".join(texts)
