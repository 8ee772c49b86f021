"""Units, marks of sources and languages in the chapters of a briefing."""

import re

import pytest

from accord.briefing.document.blocks import Paragraph
from accord.briefing.document.facts import keep_units, quoted
from accord.briefing.view import BriefingView
from tests.briefing.chapters import document, every_prose
from tests.golden.shared import shared_briefing, shared_example


@pytest.mark.parametrize(("given", "kept"), [
    ("Cars 25 %, from 2027 30 %", "Cars 25\u202f%, from 2027 30\u202f%"),
    ("Loans of 2.36 bn", "Loans of 2.36\u00a0bn"),
    ("3 bnx and % of 4", "3 bnx and % of 4"),
])  # fmt: skip
def test_no_line_breaks_between_digits_and_their_unit(given, kept):
    assert keep_units(given) == kept
    assert str(quoted(given)) == kept


def test_no_text_of_the_page_lets_a_unit_go():
    for prose in every_prose(document()):
        assert not re.search(r"\d %|\d (?:bn|mn|tn)\b", str(prose)), prose


def test_axes_begin_with_units_as_they_are_written():
    page = shared_briefing(length="full").html
    assert "Bn USD" not in page


@pytest.mark.parametrize("length", ["short", "full"])
def test_weak_sources_are_marked_in_files_without_flags(length):
    made = shared_briefing(length=length)
    weak = [note for note in made.document.sources if note.source.flagged]
    text = made.render("md").decode("utf-8")
    cited = [
        note for note in weak if f"[{note.number} {note.source.grade}" in text.replace("\\", "")
    ]
    if length == "full":
        assert cited
    else:
        assert not re.search(r"<sup>\\\[\d", text)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_page_says_where_its_chapters_are_not_in_its_language(language):
    view = BriefingView(shared_example(), language=language)
    note = view.text("page.untranslated")
    first = document(language).sections[0].blocks[0]
    assert isinstance(first, Paragraph)
    assert (str(first.prose) == note) == (language != "en")
    html = shared_briefing(language=language).html
    assert note not in html


def test_korean_chapters_have_korean_headings():
    for section in document("ko").sections:
        assert re.search("[가-힣]", section.title), section.id
