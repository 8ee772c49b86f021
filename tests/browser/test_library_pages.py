"""The library as readers meet it: on a phone, in the dark, by keyboard, without scripts."""

import threading

import pytest
import uvicorn

from accord.library.enquiries import open_enquiries
from accord.library.opening import open_library
from accord.web.app import create_app
from accord.web.settings import ServerSettings
from tests.axe import read_axe
from tests.browser.conftest import resize
from tests.browser.test_accessibility import OVERFLOWING, OVERLAPPING, look
from tests.library.contents import make_content, real_files

pytestmark = pytest.mark.first

WIDTHS = [390, 768, 1280]
PAGES = {
    "list": "/",
    "search": "/?q=tariffs",
    "nothing": "/?q=zzzz",
    "tag": "/tags/ships",
    "briefing": "/briefings/a-deal",
    "older": "/briefings/a-deal/1",
    "shipped": "/briefings/us-korea-2025",
    "thanks": "/briefings/a-deal/asked",
    "withdrawn": "/briefings/gone",
    "missing": "/briefings/none",
}


class Served:
    """A server on the loopback address, and the folder of its library."""

    def __init__(self, folder):
        self.folder = folder
        settings = ServerSettings(library=folder, warm=False, draws=8, paths=8)
        self.server = uvicorn.Server(
            uvicorn.Config(create_app(settings), port=0, log_level="warning")
        )
        self.thread = threading.Thread(target=self.server.run, daemon=True)

    def __enter__(self):
        self.thread.start()
        while not self.server.started:
            self.thread.join(0.01)
            assert self.thread.is_alive()
        port = self.server.servers[0].sockets[0].getsockname()[1]
        self.address = f"http://127.0.0.1:{port}"
        return self

    def __exit__(self, *_):
        self.server.should_exit = True
        self.thread.join()


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    library = open_library(tmp_path_factory.mktemp("served") / "library")
    library.add(make_content("a-deal", title="An older finding"), real_files())
    library.add(make_content("a-deal"), real_files(), author="Ann Lee", tags=["ships"])
    library.add(make_content("gone"), {})
    library.withdraw("gone", "An error in a rate")
    with Served(library.folder) as server:
        yield server


@pytest.fixture(scope="module")
def axe_script():
    script = read_axe()
    if script is None:
        pytest.skip("no axe-core and no npm on this machine; set ACCORD_AXE to its path")
    return script


@pytest.fixture
def browse(tabs, served):
    """A way to open a page, with all that the browser complains of."""

    def open_page(path, *, scripts=True, **given):
        opened = tabs.open(java_script_enabled=scripts, **given)
        opened.page.goto(f"{served.address}{path}")
        return opened

    return open_page


def complaints(opened, served):
    """What a page complained of, and what it asked of others than the server."""
    return [
        *opened.complaints,
        *(url for url in opened.requests if not url.startswith(served.address)),
    ]


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_to_mend_in_light_and_dark(browse, axe_script, name):
    page = browse(PAGES[name]).page
    page.evaluate("document.querySelectorAll('details').forEach(it => it.open = true)")
    for scheme, width in (("light", 390), ("dark", 1280)):
        page.emulate_media(color_scheme=scheme)
        resize(page, width)
        assert look(page, axe_script) == [], (scheme, width)


@pytest.mark.parametrize("name", PAGES)
def test_nothing_overflows_or_overlaps_at_any_width(browse, served, name):
    opened = browse(PAGES[name])
    page = opened.page
    for width in WIDTHS:
        resize(page, width)
        assert page.evaluate(OVERFLOWING, width) == []
        assert page.evaluate(OVERLAPPING) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    if name not in ("withdrawn", "missing"):
        assert complaints(opened, served) == []


def test_a_reader_finds_a_briefing_on_a_phone_reads_it_and_takes_a_file(browse, served):
    opened = browse("/", width=390)
    page = opened.page
    page.get_by_role("searchbox").fill("ships fall")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Both sides gain").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Both sides gain"
    headings = page.get_by_role("heading", level=2).all_inner_texts()
    assert headings[0] == "Key points"
    with page.expect_download() as download:
        page.get_by_role("link", name="PDF").click()
    assert download.value.path().read_bytes() == real_files()["pdf"]
    assert complaints(opened, served) == []


@pytest.mark.parametrize("scripts", [True, False])
def test_a_reader_asks_and_the_enquiry_is_listed(browse, served, scripts):
    page = browse("/briefings/a-deal", width=390, scripts=scripts).page
    question = f"Which tariff is that? Scripts: {scripts}"
    page.get_by_label("Your name").fill("Ann Lee")
    page.get_by_label("Your e-mail address").fill("ann@example.org")
    page.get_by_label("Your question").fill(question)
    page.get_by_label("I agree").check()
    page.get_by_role("button", name="Send the question").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Your question is kept"
    asked = [entry.question for entry in open_enquiries(served.folder).list()]
    assert question in asked
    page.get_by_role("link", name="Back to the briefing").click()
    assert page.url.endswith("/briefings/a-deal")


def test_the_rest_of_a_shipped_case_is_made_while_the_reader_waits(browse, served):
    opened = browse("/briefings/india-uk")
    page = opened.page
    page.get_by_role("button", name="Make the whole briefing").click()
    page.get_by_text("is being made").wait_for()
    page.get_by_role("link", name="PDF").wait_for(timeout=240_000)  # without a further click
    assert page.get_by_text("is being made").count() == 0
    assert complaints(opened, served) == []


def test_the_keyboard_alone_reaches_everything(browse):
    page = browse("/briefings/a-deal").page
    wanted = page.evaluate(
        """() => [...document.querySelectorAll('a[href], button, input, textarea, summary')]
            .filter(it => it.tabIndex >= 0 && it.checkVisibility()).length"""
    )
    reached, hidden = set(), []
    for _ in range(wanted + 20):
        page.keyboard.press("Tab")
        told = page.evaluate(
            """() => {
                const it = document.activeElement;
                if (it === document.body) return null;
                it.dataset.mark ??= String(Math.random());
                const style = getComputedStyle(it);
                const seen = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
                return [it.dataset.mark, it.tagName, seen, it.textContent.slice(0, 30)];
            }"""
        )
        if told is None:
            break
        if told[1] in {"A", "BUTTON", "INPUT", "TEXTAREA", "SUMMARY"}:
            reached.add(told[0])
        if not told[2]:
            hidden.append(told)
    assert len(reached) == wanted
    assert hidden == [], "the focus cannot be seen"
