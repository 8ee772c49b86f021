"""The words of the example briefing against the stored ones."""

import difflib

import pytest

from accord.briefing.brief import brief
from tests.golden.example import build_example
from tests.golden.regenerate import DATE, STORED, build_text, read_text

HOW = "If the change is meant: uv run python -m tests.golden.regenerate, and read the difference."


def compare(text: str) -> None:
    stored = STORED.read_text(encoding="utf-8")
    lines = difflib.unified_diff(
        stored.splitlines(), text.splitlines(), "stored", "now", lineterm="", n=0
    )
    difference = "\n".join(lines)
    assert not difference, f"{difference}\n{HOW}"


def test_the_words_are_the_stored_ones():
    compare(build_text())


def test_the_comparison_can_fail():
    def change(name, frame):
        if name == "welfare":
            frame.loc[frame["region"] == "KOR", ["ev", "high"]] += 1.0
        return frame

    page = brief(build_example(change=change), date=DATE, length="full").html
    with pytest.raises(AssertionError, match="regenerate"):
        compare(read_text(page))
