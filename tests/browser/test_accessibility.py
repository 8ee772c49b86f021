"""What keeps readers out: rules of axe-core, elements that overflow, a page that is too large."""

import datetime as dt
from dataclasses import dataclass

import pytest

from accord.briefing.brief import brief
from tests.axe import read_axe
from tests.browser.conftest import resize
from tests.golden.shared import shared_example

pytestmark = pytest.mark.first

DATE = dt.date(2026, 11, 24)
MEGABYTE = 1_000_000
PAGES = [("short", "en"), ("short", "ko"), ("full", "en")]
WIDTHS = [390, 1280]

# Of every element that is seen: does it reach beyond the page, or is its text wider than it is?
# A table in a frame that scrolls may, and what is meant for programs that read aloud is aside.
OVERFLOWING = """(width) => {
    const wrong = [];
    for (const element of document.querySelectorAll('body *')) {
        const box = element.getBoundingClientRect();
        if (!box.width || !box.height || element.closest('.skip, svg, .scroll > *')) continue;
        const name = `${element.tagName} ${element.id} ${element.className} `
            + element.textContent.trim().slice(0, 40);
        if (box.left < -0.5 || box.right > width + 0.5) wrong.push('outside: ' + name);
        const style = getComputedStyle(element);
        const scrolls = ['auto', 'scroll'].includes(style.overflowX);
        if (!scrolls && style.display !== 'inline'
            && element.scrollWidth > element.clientWidth + 1) wrong.push('wider: ' + name);
        if (style.overflowY === 'hidden' && element.scrollHeight > element.clientHeight + 1)
            wrong.push('cut: ' + name);
    }
    return wrong;
}"""
# Texts outside drawings that lie on each other, line by line.
OVERLAPPING = """() => {
    const boxes = [];
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
        const parent = walk.currentNode.parentElement;
        if (!walk.currentNode.textContent.trim() || !parent.checkVisibility()
            || parent.closest('svg, .skip, sup')) continue;
        const range = document.createRange();
        range.selectNodeContents(walk.currentNode);
        for (const box of range.getClientRects())
            boxes.push([box, walk.currentNode.textContent.trim().slice(0, 30)]);
    }
    boxes.sort((a, b) => a[0].top - b[0].top);
    const wrong = [];
    for (let i = 0; i < boxes.length; i++)
        for (let j = i + 1; j < boxes.length && boxes[j][0].top < boxes[i][0].bottom - 4; j++) {
            const [a, b] = [boxes[i][0], boxes[j][0]];
            const high = Math.min(a.bottom, b.bottom) - b.top;
            if (Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2
                && high > 0.5 * Math.min(a.height, b.height))
                wrong.push(boxes[i][1] + ' / ' + boxes[j][1]);
        }
    return wrong;
}"""


@dataclass(frozen=True)
class Written:
    """A page on disk."""

    address: str
    size: int


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """A way to get a page by its length and language."""
    pages: dict[tuple[str, str], Written] = {}

    def get(length, language):
        if (length, language) not in pages:
            path = tmp_path_factory.mktemp("page") / f"{length}-{language}.html"
            brief(shared_example(), date=DATE, length=length, language=language).save(path)
            pages[length, language] = Written(path.as_uri(), path.stat().st_size)
        return pages[length, language]

    return get


@pytest.fixture(scope="session")
def axe():
    """The script of axe-core; the tests that need it are skipped where it cannot be had."""
    script = read_axe()
    if script is None:
        pytest.skip("no axe-core and no npm on this machine; set ACCORD_AXE to its path")
    return script


def look(page, axe):
    """The rules that a page breaks, each with the elements that do."""
    page.evaluate(axe)
    broken = page.evaluate("async () => (await axe.run()).violations")
    return [
        f"{rule['id']}: {rule['help']}: {[node['html'][:120] for node in rule['nodes']][:3]}"
        for rule in broken
    ]


@pytest.mark.parametrize("kind", PAGES)
def test_axe_finds_nothing_to_mend(opened, written, axe, kind):
    opened.page.goto(written(*kind).address)
    opened.page.evaluate("document.querySelectorAll('details').forEach(it => it.open = true)")
    for width in WIDTHS:
        resize(opened.page, width)
        assert look(opened.page, axe) == [], width


def test_axe_can_find_something(opened, axe):
    opened.page.set_content("<html><body><img src='data:,'><p style='color:#ddd'>pale</p>")
    assert len(look(opened.page, axe)) >= 3


@pytest.mark.parametrize("kind", PAGES)
def test_nothing_overflows_or_overlaps(opened, written, kind):
    opened.page.goto(written(*kind).address)
    for width in WIDTHS:
        resize(opened.page, width)
        assert opened.page.evaluate(OVERFLOWING, width) == []
        assert opened.page.evaluate(OVERLAPPING) == []
        assert opened.page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_look_for_overflow_and_overlap_can_fail(opened):
    resize(opened.page, 390)
    opened.page.set_content(
        "<div style='width:500px'>wide</div>"
        "<div style='width:50px;overflow:hidden;height:9px'>averyveryverylongword and more</div>"
        "<p style='margin:0'>over</p><p style='margin:-16px 0 0'>under</p>"
    )
    wrong = opened.page.evaluate(OVERFLOWING, 390)
    assert {line.partition(":")[0] for line in wrong} == {"outside", "wider", "cut"}
    assert opened.page.evaluate(OVERLAPPING)


@pytest.mark.parametrize(("length", "language"), PAGES)
def test_a_page_is_under_a_megabyte(written, length, language):
    assert 10_000 < written(length, language).size < MEGABYTE
