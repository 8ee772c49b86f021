"""The page in a real browser: no errors, charts seen, no sideways scroll, prints."""

import datetime as dt

import pytest

from accord.briefing.brief import brief
from tests.browser.conftest import resize
from tests.golden.example import build_example

CHARTS = 13
SIDE_BY_SIDE = 2  # charts that stand in half a page, drawn as for a telephone


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """The example briefing on disk."""
    path = tmp_path_factory.mktemp("page") / "briefing.html"
    return brief(build_example(), date=dt.date(2026, 11, 24), length="full").save(path).as_uri()


@pytest.fixture
def open_page(opened, address):
    """A way to open the page at a width."""

    def at(width):
        resize(opened.page, width)
        opened.page.goto(address)
        return opened.page

    return at


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_clean_and_no_sideways_scroll(opened, open_page, width):
    page = open_page(width)
    assert opened.complaints == []
    assert [url for url in opened.requests if not url.startswith(("file:", "data:"))] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_no_table_is_cut_on_a_screen(open_page):
    """Narrow phones may scroll a table; a screen shows every column."""
    page = open_page(1280)
    cut = page.evaluate(
        "[...document.querySelectorAll('table')].filter(table => table.offsetParent"
        " && table.scrollWidth > table.parentElement.clientWidth + 1).map(table => table.id)"
    )
    assert cut == []


@pytest.mark.parametrize(
    ("width", "kind", "count"), [(360, "narrow", CHARTS), (1280, "wide", CHARTS - SIDE_BY_SIDE)]
)
def test_every_chart_is_seen_and_legible(open_page, width, kind, count):
    page = open_page(width)
    drawings = page.locator(".drawing svg:visible")
    assert drawings.count() == CHARTS
    assert page.locator(f".drawing.{kind} svg:visible").count() == count
    for at in range(CHARTS):
        box = drawings.nth(at).bounding_box()
        assert box["height"] > 100
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
    smallest = page.evaluate(
        """() => Math.min(...[...document.querySelectorAll('.drawing svg text')]
            .filter(text => text.getClientRects().length && text.textContent)
            .map(text => text.getBoundingClientRect().height))"""
    )
    assert smallest >= 9


@pytest.mark.parametrize("width", [360, 1280])
def test_texts_in_charts_do_not_overlap(open_page, width):
    page = open_page(width)
    overlaps = page.evaluate(
        """() => {
            const found = [];
            for (const svg of document.querySelectorAll('.drawing svg')) {
                const texts = [...svg.querySelectorAll('text')].filter(
                    text => text.textContent && text.getClientRects().length);
                const boxes = texts.map(text => text.getBoundingClientRect());
                for (let a = 0; a < boxes.length; a++) for (let b = 0; b < a; b++) {
                    const wide = Math.min(boxes[a].right, boxes[b].right)
                        - Math.max(boxes[a].left, boxes[b].left);
                    const high = Math.min(boxes[a].bottom, boxes[b].bottom)
                        - Math.max(boxes[a].top, boxes[b].top);
                    if (wide > 2 && high > 4)
                        found.push(texts[a].textContent + ' / ' + texts[b].textContent);
                }
            }
            return found;
        }"""
    )
    assert overlaps == []


WIDEST = "* { font-family: Verdana, 'DejaVu Sans', sans-serif !important; }"


@pytest.mark.parametrize("style", ["", WIDEST], ids=["as it is", "wide letters"])
@pytest.mark.parametrize("width", [360, 1280])
def test_texts_in_charts_are_whole(open_page, width, style):
    """Every text lies inside its drawing, whatever fonts this machine has."""
    page = open_page(width)
    if style:
        page.add_style_tag(content=style.replace("*", ".drawing svg, .drawing svg *"))
    cut = page.evaluate(
        """() => {
            const found = [];
            for (const svg of document.querySelectorAll('.drawing svg')) {
                const frame = svg.getBoundingClientRect();
                for (const text of svg.querySelectorAll('text')) {
                    if (!text.textContent || !text.getClientRects().length) continue;
                    const box = text.getBoundingClientRect();
                    if (box.left < frame.left - 0.5 || box.right > frame.right + 0.5)
                        found.push(text.textContent);
                }
            }
            return found;
        }"""
    )
    assert cut == []


def test_the_numbers_behind_a_chart_open(open_page):
    page = open_page(1280)
    table = page.locator("#welfare-data")
    assert not table.is_visible()
    page.locator("#welfare summary").click()
    assert table.is_visible()


def test_it_prints(open_page):
    page = open_page(1280)
    printed = page.pdf(format="A4")
    assert printed.startswith(b"%PDF")
    page.emulate_media(media="print")
    assert page.locator("nav").is_hidden()
    assert page.locator(".drawing.wide svg:visible").count() == CHARTS - SIDE_BY_SIDE
    assert page.locator("#welfare-data").is_visible()
