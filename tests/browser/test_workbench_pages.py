"""The workbench as a newcomer meets it: a slider, a link sent on, the keyboard, the dark."""

import threading
from dataclasses import replace

import pytest
import uvicorn
from playwright.sync_api import expect

from accord.assessment.assess import assess
from accord.deal.load import read_deal
from accord.web.app import create_app
from accord.web.settings import ServerSettings
from tests.axe import read_axe
from tests.browser.conftest import resize
from tests.flagship import FEW, SETTINGS

pytestmark = pytest.mark.first

CASE = "us-korea-2025"
BENCH = f"/workbench?case={CASE}&package=signed"
WIDTHS = [390, 768, 1280]
LONG = 240_000.0  # milliseconds: the machine may be busy


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """A server with few draws on the loopback address."""
    settings = ServerSettings(
        library=tmp_path_factory.mktemp("library"),
        warm=False,
        curves=False,
        draws=FEW["draws"],
        paths=FEW["paths"],
    )
    server = uvicorn.Server(uvicorn.Config(create_app(settings), port=0, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.01)
        assert thread.is_alive()
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(30)


@pytest.fixture
def visit(tabs):
    """Return what opens a page of the server in a tab of its own."""

    def open_page(url, **given):
        opened = tabs.open(**given)
        opened.page.goto(url)
        return opened

    return open_page


def wait_for_figures(page):
    exact = page.locator("#results[data-stage=central], #results[data-stage=full]")
    expect(exact.locator("data[data-party]").first).to_be_visible(timeout=LONG)


def amounts(page):
    return {
        entry.get_attribute("data-party"): entry.inner_text()
        for entry in page.locator("data[data-party]").all()
    }


def printed(text):
    verdict = assess(read_deal(text), settings=replace(SETTINGS, draws=0)).verdict
    payoff = verdict.payoff("signed")
    return {
        party: f"{payoff[verdict.regions.index(party)]:+.1f}".replace("-", "−")
        for party in verdict.parties
    }


def test_a_newcomer_moves_a_tariff_and_sends_the_link(address, visit):
    opened = visit(f"{address}/workbench")
    page = opened.page
    page.get_by_role("link", name="United States – South Korea").first.click()
    wait_for_figures(page)
    before = amounts(page)
    slider = page.get_by_role("slider", name="The tariff on cars and parts")
    slider.focus()
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    expect(page.locator("output[for=term-cars]")).to_have_text("25 %")
    expect(page.locator("#results[data-stage=working]")).to_have_count(1, timeout=LONG)
    wait_for_figures(page)
    after = amounts(page)
    assert after != before
    assert page.locator("[name='clause.0.rate']").input_value() == "0.25"
    sent = visit(page.url)
    other = sent.page
    wait_for_figures(other)
    assert amounts(other) == after
    assert other.locator("#term-cars").input_value() == "25"
    saved = other.request.get(page.url.replace("/workbench?", "/workbench/deal.toml?")).text()
    assert printed(saved) == after
    expect(page.get_by_role("button", name="Undo")).to_be_enabled(timeout=LONG)
    page.get_by_role("button", name="Undo").click()
    wait_for_figures(page)
    assert amounts(page) == before
    assert opened.complaints == []
    assert sent.complaints == []


def test_what_was_worked_out_is_published_read_on_a_phone_and_asked_about(address, visit):
    opened = visit(f"{address}{BENCH}")
    page = opened.page
    wait_for_figures(page)
    expect(page.locator("#results[data-stage=full]")).to_have_count(1, timeout=LONG)
    for chart in ("gains-map", "verdict-tornado"):
        assert page.locator(f"svg title[id^={chart}]").count() == 2  # wide and narrow
    expect(page.get_by_role("rowheader", name="Hyundai-Kia").first).to_be_visible()
    page.get_by_label("Signed by").fill("A. Analyst")
    page.get_by_role("button", name="Publish in the library").click()
    link = page.get_by_role("link", name="Read it")
    expect(link).to_be_visible(timeout=LONG)
    link.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert opened.complaints == []
    phone = visit(page.url, width=390).page
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    phone.get_by_label("Your name").fill("R. Reader")
    phone.get_by_label("Your e-mail address").fill("reader@example.org")
    phone.get_by_label("Your question").fill("What if the cap were ten billion?")
    phone.get_by_role("checkbox").check()
    phone.get_by_role("button", name="Send the question").click()
    expect(phone.get_by_role("heading", name="Your question is kept")).to_be_visible()


def test_the_keyboard_alone_reaches_sliders_clauses_and_buttons(address, visit):
    page = visit(f"{address}{BENCH}").page
    reached = set()
    for _ in range(90):
        page.keyboard.press("Tab")
        tag = page.evaluate("document.activeElement.tagName + ' ' + document.activeElement.id")
        shown = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        reached.add(tag)
        assert shown != "none" or "BODY" in tag or "content" in tag
    assert "INPUT term-cars" in reached
    assert any(tag.startswith("SUMMARY") for tag in reached)
    assert any(tag.startswith("BUTTON") for tag in reached)


@pytest.mark.parametrize(
    "path", ["/workbench", BENCH, f"/compare?case={CASE}", "/api/v1/docs", "/sign-in", "/nowhere"]
)
def test_pages_keep_nobody_out(address, visit, path):
    script = read_axe()
    if script is None:
        pytest.skip("no axe-core, and no npm to fetch it")
    page = visit(f"{address}{path}", bypass_csp=True).page
    if path == BENCH:
        wait_for_figures(page)
        page.locator("details.clause").first.evaluate("entry => { entry.open = true; }")
    page.add_script_tag(content=script)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        told = page.evaluate("axe.run()")
        assert [(rule["id"], rule["nodes"][0]["target"]) for rule in told["violations"]] == []


@pytest.mark.parametrize("path", ["/workbench", BENCH, f"/compare?case={CASE}", "/api/v1/docs"])
def test_no_page_is_wider_than_its_window(address, visit, path):
    page = visit(f"{address}{path}").page
    if path == BENCH:
        wait_for_figures(page)
    page.evaluate("document.querySelectorAll('details').forEach(it => it.open = true)")
    for width in WIDTHS:
        resize(page, width)
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_scripts_are_small(address, visit):
    import gzip

    page = visit(f"{address}{BENCH}").page
    sources = page.locator("script[src]").evaluate_all("all => all.map(one => one.src)")
    sizes = [len(gzip.compress(page.request.get(source).body(), 9)) for source in sources]
    assert 0 < sum(sizes) < 40_000
    assert page.locator("script:not([src])").count() == 0
