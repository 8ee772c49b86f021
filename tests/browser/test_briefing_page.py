"""The briefing as a reader opens it: a file on disk, no network, on a desk and on a telephone."""

import re

import pytest

import accord as ac
from tests.browser.conftest import resize
from tests.flagship import flagship


@pytest.fixture(scope="module")
def briefing(tmp_path_factory):
    """The briefing of the shipped case, saved."""
    path = tmp_path_factory.mktemp("briefing") / "us-korea-2025.html"
    ac.brief(flagship(), length="full").save(path)
    return path


def test_page_opens_without_a_complaint_or_a_request(opened, briefing):
    opened.page.goto(briefing.as_uri())
    assert opened.complaints == []
    assert [url for url in opened.requests if not url.startswith("data:")] == [briefing.as_uri()]


def test_page_shows_a_headline_and_three_charts(opened, briefing):
    opened.page.goto(briefing.as_uri())
    assert opened.page.locator("h1").count() == 1
    assert opened.page.locator("h1").is_visible()
    assert opened.page.title()
    charts = opened.page.locator("figure svg:visible")
    assert charts.count() >= 3
    assert all(chart.bounding_box()["width"] > 200 for chart in charts.all())


@pytest.mark.parametrize("width", [1280, 390])
def test_page_never_scrolls_sideways(opened, briefing, width):
    resize(opened.page, width)
    opened.page.goto(briefing.as_uri())
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_short_briefing_prints_on_two_pages(opened, tmp_path, language):
    path = tmp_path / "short.html"
    ac.brief(flagship(), language=language).save(path)
    opened.page.goto(path.as_uri())
    printed = opened.page.pdf(prefer_css_page_size=True)
    assert re.findall(rb"/Count\s+(\d+)", printed) == [b"2"]
    assert opened.complaints == []


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_on_the_short_page_overlaps_or_is_cut(opened, tmp_path, width):
    path = tmp_path / "short.html"
    ac.brief(flagship()).save(path)
    resize(opened.page, width)
    opened.page.goto(path.as_uri())
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= width
    boxes = opened.page.evaluate(
        "[...document.querySelectorAll('main > section, main > .cards, main > .sides > section')]"
        ".map(part => part.getBoundingClientRect()).map(r => [r.left, r.right, r.top, r.bottom])"
    )
    for at, (left, right, top, bottom) in enumerate(boxes):
        assert left >= 0
        assert right <= width
        for left2, right2, top2, bottom2 in boxes[:at]:
            apart = left >= right2 or left2 >= right or top >= bottom2 or top2 >= bottom
            assert apart


def test_complaints_and_requests_are_heard(opened):
    """The fixture can fail: an error, a warning and a request for a missing image are noticed."""
    opened.page.set_content(
        "<script>console.warn('careful'); missing()</script><img src='http://x.test/a.png'>"
    )
    opened.page.wait_for_timeout(100)
    assert any("careful" in text for text in opened.complaints)
    assert any("missing" in text for text in opened.complaints)
    assert any("x.test" in url for url in opened.requests)
