"""The briefing as a reader opens it: a file on disk, no network, on a desk and on a telephone."""

import pytest

import accord as ac
from tests.flagship import flagship


@pytest.fixture(scope="module")
def briefing(tmp_path_factory):
    """The briefing of the shipped case, saved."""
    path = tmp_path_factory.mktemp("briefing") / "us-korea-2025.html"
    ac.brief(flagship()).save(path)
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
    opened.page.set_viewport_size({"width": width, "height": 800})
    opened.page.goto(briefing.as_uri())
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= width


def test_complaints_and_requests_are_heard(opened):
    """The fixture can fail: an error, a warning and a request for a missing image are noticed."""
    opened.page.set_content(
        "<script>console.warn('careful'); missing()</script><img src='http://x.test/a.png'>"
    )
    opened.page.wait_for_timeout(100)
    assert any("careful" in text for text in opened.complaints)
    assert any("missing" in text for text in opened.complaints)
    assert any("x.test" in url for url in opened.requests)
