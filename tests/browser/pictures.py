"""Draw the pictures of the documentation: `uv run python -m tests.browser.pictures`.

They show the short briefing of the flagship case, so they are drawn again when its figures move.
"""

import runpy
from contextlib import chdir
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Page, sync_playwright

import accord as ac
from tests.chromium import find_chromium

DOCS = Path(__file__).parents[2] / "docs"
IMAGES = DOCS / "images"
TUTORIAL = DOCS / "tutorials" / "02-a-ministrys-afternoon.py"
CASE = "us-korea-2025"
PICTURE = ".picture .drawing.wide"
SCREEN = {"width": 1280, "height": 1100}


def draw(page: Page, folder: Path) -> None:
    """Save the first screen of a briefing, and its picture."""
    page.screenshot(path=folder / "briefing.png")
    page.locator(PICTURE).first.screenshot(path=folder / "verdict.png")


def run_tutorial(folder: str) -> Path:
    """Run the tutorial on a ministry's own files in a folder; return the page that it writes."""
    with chdir(folder):
        runpy.run_path(str(TUTORIAL))
    return Path(folder) / "briefing.html"


def main() -> None:
    """Run the tutorial, assess the flagship case, open its briefing in Chromium, and draw."""
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        place = ac.brief(ac.assess(ac.load_deal(CASE))).save(Path(folder) / f"{CASE}.html")
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        page = browser.new_context(offline=True, viewport=SCREEN).new_page()  # type: ignore[arg-type]
        page.goto(place.as_uri())
        draw(page, IMAGES)
        page.goto(run_tutorial(folder).as_uri())
        page.locator(PICTURE).first.screenshot(path=IMAGES / "ministry.png")
        browser.close()


if __name__ == "__main__":
    main()
