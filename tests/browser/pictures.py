"""Draw the pictures of the documentation: `uv run python -m tests.browser.pictures`.

They show the short briefing of the flagship case, so they are drawn again when its figures move.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Page, sync_playwright

import accord as ac
from tests.chromium import find_chromium

IMAGES = Path(__file__).parents[2] / "docs" / "images"
CASE = "us-korea-2025"
SCREEN = {"width": 1280, "height": 1100}


def draw(page: Page, folder: Path) -> None:
    """Save the first screen of a briefing, and its picture."""
    page.screenshot(path=folder / "briefing.png")
    page.locator(".picture .drawing.wide").first.screenshot(path=folder / "verdict.png")


def main() -> None:
    """Assess the flagship case, open its briefing in Chromium, and draw."""
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        place = ac.brief(ac.assess(ac.load_deal(CASE))).save(Path(folder) / "briefing.html")
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        page = browser.new_context(offline=True, viewport=SCREEN).new_page()  # type: ignore[arg-type]
        page.goto(place.as_uri())
        draw(page, IMAGES)
        browser.close()


if __name__ == "__main__":
    main()
