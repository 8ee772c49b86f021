"""Text made safe to show keeps what people write and drops what a terminal obeys."""

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.core.text import REPLACEMENT, escaped, printable

OBEYED = ("\x1b", "\x07", "\x00", "\r", "\x9b", "\u202e", "\u2066", "\u200f", "\u2028", "\ud800",
          "\U000e0041")  # fmt: skip


@pytest.mark.parametrize("character", OBEYED)
def test_what_a_terminal_obeys_is_replaced(character):
    assert printable(f"a{character}b") == f"a{REPLACEMENT}b"


@pytest.mark.parametrize(
    "text", ["Seoul", "서울", "Zürich", "القدس", "a\u200db", "1\u2009%", "a\tb\nc"]
)
def test_what_people_write_stays(text):
    assert printable(text) == text


@given(st.text(st.characters()))
def test_nothing_that_controls_is_left(text):
    shown = printable(text)
    assert len(shown) == len(text)
    left = {character for character in shown if unicodedata.category(character) in ("Cc", "Cs")}
    assert left <= {"\n", "\t"}
    assert printable(shown) == shown


@given(st.text(st.characters(exclude_categories=[])))
def test_json_keeps_its_content(text):
    written = escaped(json.dumps(text, ensure_ascii=False))
    assert json.loads(written) == json.loads(json.dumps(text))
    assert printable(written) == written
