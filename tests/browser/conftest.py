"""A page in Debian's Chromium, cut off from the network, that remembers what went wrong in it."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.chromium import find_chromium


@dataclass(frozen=True)
class Opened:
    """A page of the browser, and the complaints and requests it made."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A running Chromium; the tests that need it are skipped where there is none."""
    path = find_chromium()
    if path is None:
        pytest.skip("no Chromium on this machine; set ACCORD_CHROMIUM to its path")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield browser
        browser.close()


@pytest.fixture
def opened(chromium: Browser) -> Iterator[Opened]:
    """A fresh page, in a context that is offline."""
    context = chromium.new_context(offline=True, viewport={"width": 1280, "height": 900})
    result = Opened(context.new_page())
    result.page.on(
        "console",
        lambda message: (
            result.complaints.append(message.text) if message.type in {"error", "warning"} else None
        ),
    )
    result.page.on("pageerror", lambda error: result.complaints.append(str(error)))
    result.page.on("request", lambda request: result.requests.append(request.url))
    yield result
    context.close()
