"""Write the stored text of the example anew: `uv run python -m tests.golden.regenerate`."""

import datetime as dt
import re
from html.parser import HTMLParser
from pathlib import Path

STORED = Path(__file__).parent / "briefing.txt"
DATE = dt.date(2026, 11, 24)
SKIPPED = ("style", "script", "svg", "head")
BREAKS = ("p", "li", "h1", "h2", "h3", "tr", "summary", "pre", "section", "header", "footer")


class _Text(HTMLParser):
    """Collects the words that a reader sees, one block a line."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.skipping = 0

    def handle_starttag(self, tag: str, _: list[tuple[str, str | None]]) -> None:
        self.skipping += tag in SKIPPED
        if tag in BREAKS:
            self.parts.append("\n")
        if tag in ("td", "th"):
            self.parts.append(" | ")

    def handle_endtag(self, tag: str) -> None:
        self.skipping -= tag in SKIPPED
        if tag in BREAKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.skipping:
            self.parts.append(data)


def read_text(page: str) -> str:
    """Return the words of a page, one block a line, without markup."""
    parser = _Text()
    parser.feed(page)
    lines = (re.sub(r"[ \n\t]+", " ", line).strip() for line in "".join(parser.parts).split("\n"))
    return "\n".join(line for line in lines if line) + "\n"


def build_text() -> str:
    """Return the words of the example briefing."""
    from accord.briefing.brief import brief
    from tests.golden.example import build_example

    return read_text(brief(build_example(), date=DATE, length="full").html)


if __name__ == "__main__":
    STORED.write_text(build_text(), encoding="utf-8")
