"""The PDF and the PNG of a briefing: two pages, fonts of our own, every sentence on paper."""

import datetime as dt
import io
import struct
from dataclasses import replace

import pytest
from pypdf import PdfReader

from accord.briefing.brief import brief
from accord.briefing.document.facts import Piece, Prose, quoted
from accord.briefing.render.drawings import FONTS, draw_svg
from accord.briefing.render.glyphs import find_missing
from accord.briefing.render.pdf import find_borrowed, render_pdf
from accord.briefing.words.templates import list_languages, read_templates
from tests.assessment.parties import THREE, assessed
from tests.golden.shared import shared_briefing

DATE = dt.date(2026, 11, 24)
A4 = (595.28, 841.89)


def document(length="short", language="en"):
    return shared_briefing(length=length, language=language).document


def read(content):
    return PdfReader(io.BytesIO(content))


def words(pages):
    """The text of pages without blanks, which lines break anywhere."""
    return "".join("".join(page.extract_text() for page in pages).split())


def squeezed(text):
    return "".join(str(text).split())


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_short_one_is_two_pages_of_a4_and_says_everything(language):
    short = document(language=language)
    pages = read(render_pdf(short)).pages
    assert len(pages) == 2
    for page in pages:
        assert (float(page.mediabox.width), float(page.mediabox.height)) == pytest.approx(A4, 1e-3)
    first, second = words(pages[:1]), words(pages[1:])
    for told in (short.headline, short.standfirst, *(point.body for point in short.key_points)):
        assert squeezed(told) in first
    for told in (*short.turning, *short.not_priced, *short.colophon, *short.disclaimer):
        assert squeezed(told) in second


@pytest.mark.parametrize("many", [3, 6])
def test_letters_shrink_until_two_pages_hold_the_text(many):
    short = document()
    long = replace(short, turning=short.turning * many)
    assert len(read(render_pdf(long)).pages) == 2


def test_three_parties_fit_two_pages():
    three = brief(assessed(THREE), date=DATE).document
    assert len(read(render_pdf(three)).pages) == 2


def test_the_full_one_starts_with_the_two_pages_and_says_every_paragraph():
    full = document("full")
    pages = read(render_pdf(full)).pages
    assert len(pages) > 6
    assert squeezed(full.colophon[-1]) in words(pages[1:2])
    told = words(pages)
    for section in full.sections:
        assert squeezed(section.title) in told
    for note in full.sources:
        assert squeezed(note.source.title) in told


def lines(content):
    """The lines of the paper, page by page."""
    return [
        line.strip() for page in read(content).pages for line in page.extract_text().split("\n")
    ]


def test_no_line_of_paper_begins_with_the_unit_of_the_one_before():
    """The titles and notes of a deal file are set in lines of every width."""
    full = document("full")
    note = quoted(
        "charged " + " ".join(f"{rate} % on {rate} bn of goods" for rate in range(10, 99))
    )
    told = lines(render_pdf(replace(full, turning=(note, *full.turning))))
    assert any("98" in line for line in told)
    assert [line for line in told if line.startswith(("% on", "bn of"))] == []


def test_sources_that_are_cited_together_are_parted_and_weak_ones_are_marked():
    full = document("full")
    strong = [note for note in full.sources if not note.source.flagged][:2]
    (weak, *_) = [note for note in full.sources if note.source.flagged]
    cited = Prose(tuple(Piece("", cite=note.source.id) for note in (*strong, weak)))
    said = Prose((Piece("Cited together"), *cited.pieces))
    text = "".join(lines(render_pdf(replace(full, turning=(said, *full.turning))))).replace(" ", "")
    marks = ",".join(str(note.number) for note in strong)
    assert f"Citedtogether{marks},{weak.number}{weak.source.grade}" in text


def test_no_heading_of_a_group_is_alone_at_the_foot_of_a_page():
    full = document("full")
    headings = {
        str(group.heading)
        for section in full.sections
        for block in section.blocks
        for group in getattr(getattr(block, "table", block), "groups", ())
        if group.heading is not None
    }
    assert headings
    for page in read(render_pdf(full)).pages:
        told = [line.strip() for line in page.extract_text().split("\n") if line.strip()]
        *_, last, _ = told  # the number of the page comes last
        assert last not in headings


def test_its_properties_are_those_of_the_briefing():
    reader = read(render_pdf(document(language="ko")))
    meta = reader.metadata
    assert meta is not None
    assert str(document(language="ko").headline) in meta.title
    assert meta.creation_date is not None
    assert meta.creation_date.date() == DATE
    catalogue = reader.trailer["/Root"]
    assert catalogue["/Lang"] == "ko"
    assert catalogue["/MarkInfo"]["/Marked"]


def test_every_picture_has_its_description():
    short = document()
    told, waiting = set(), [read(render_pdf(short)).trailer["/Root"]["/StructTreeRoot"]]
    while waiting:
        item = waiting.pop().get_object()
        if isinstance(item, dict):
            told.add(squeezed(item.get("/Alt", "")))
            waiting += [item["/K"]] if "/K" in item else []
        elif isinstance(item, list):
            waiting += [part for part in item if hasattr(part, "get_object")]
    assert {squeezed(chart.alt) for chart in (short.picture, *short.balance)} <= told


def test_only_fonts_that_come_with_accord_are_used():
    names = set()
    for page in read(render_pdf(document(language="ko"))).pages:
        for font in page["/Resources"]["/Font"].values():
            names.add(font.get_object()["/BaseFont"].partition("+")[2].partition("-")[0])
    assert names == {"AccordSans", "AccordSansKR"}


@pytest.mark.parametrize("language", list_languages())
def test_the_fonts_have_every_letter_of_a_catalogue(language):
    assert find_missing("".join(read_templates(language).values())) == ()


def test_letters_that_no_font_has_are_named():
    assert find_missing("a가−é\u202f") == ()
    assert find_missing("a뷁漢a漢") == ("뷁", "漢")
    assert find_borrowed(document()) == ()
    assert find_borrowed(replace(document(), standfirst=quoted("漢"))) == ("漢",)


def test_the_licence_of_the_fonts_is_beside_them():
    assert "SIL OPEN FONT LICENSE" in (FONTS / "OFL.txt").read_text(encoding="utf-8").upper()
    named = (FONTS / "README.md").read_text(encoding="utf-8")
    for font in FONTS.glob("*.?tf"):
        assert font.stem.partition("-")[0] in named


def test_the_picture_is_drawn_for_print_at_300_dots_an_inch():
    short = document()
    content = shared_briefing().render("png")
    assert content.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", content[16:24])
    svg = draw_svg(short.picture, "wide")
    box = [float(side) for side in svg.split('viewBox="')[1].split('"')[0].split()]
    assert width == pytest.approx(box[2] * 300 / 96, abs=2)
    assert height == pytest.approx(box[3] * 300 / 96, abs=2)
    assert "Accord Sans" in svg
