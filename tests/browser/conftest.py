"""Tabs of Debian's Chromium, some cut off from the network, and what went wrong in them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.chromium import find_chromium

HEIGHT = 900
STORED = "() => { try { sessionStorage.clear(); } catch { /* a page that may keep nothing */ } }"


@dataclass(frozen=True)
class Opened:
    """A page of the browser, and the complaints and requests it made."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


@dataclass
class Tabs:
    """Tabs of a browser, used again: each new one takes half a second of processor time."""

    browser: Browser
    idle: dict[str, list[Page]] = field(default_factory=dict)
    heard: list[tuple[str, Page, dict[str, Callable[..., None]]]] = field(default_factory=list)

    def open(self, *, width: int = 1280, **options: Any) -> Opened:
        """Return an empty page of a width, in a context with these options."""
        kind = repr(sorted(options.items()))
        left = self.idle.setdefault(kind, [])
        result = Opened(left.pop() if left else self.browser.new_context(**options).new_page())
        resize(result.page, width)
        handlers: dict[str, Callable[..., None]] = {
            "console": lambda message: (
                result.complaints.append(message.text)
                if message.type in {"error", "warning"}
                else None
            ),
            "pageerror": lambda error: result.complaints.append(str(error)),
            "request": lambda request: result.requests.append(request.url),
        }
        for event, handler in handlers.items():
            result.page.on(event, handler)  # type: ignore[call-overload]
        self.heard.append((kind, result.page, handlers))
        return result

    def leave(self) -> None:
        """Empty the tabs of a test, and forget what they have kept."""
        for kind, page, handlers in self.heard:
            for event, handler in handlers.items():
                page.remove_listener(event, handler)
            page.context.clear_cookies()
            page.evaluate(STORED)
            page.goto("about:blank")
            page.emulate_media(media="null", color_scheme="null")
            self.idle[kind].append(page)
        self.heard.clear()


def resize(page: Page, width: int) -> None:
    """Give a page a width, be it open or not."""
    page.set_viewport_size({"width": width, "height": HEIGHT})


@pytest.fixture(scope="session")
def chromium() -> Iterator[Tabs]:
    """The tabs of a running Chromium; tests that need it are skipped where there is none."""
    path = find_chromium()
    if path is None:
        pytest.skip("no Chromium on this machine; set ACCORD_CHROMIUM to its path")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield Tabs(browser)
        browser.close()


@pytest.fixture
def tabs(chromium: Tabs) -> Iterator[Tabs]:
    """Tabs that a test may open."""
    yield chromium
    chromium.leave()


@pytest.fixture
def opened(tabs: Tabs) -> Opened:
    """An empty page that is offline."""
    return tabs.open(offline=True)
