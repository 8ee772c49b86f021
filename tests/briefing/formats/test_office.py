"""The workbook and the text document: numbers that live, headings that are headings."""

import datetime as dt
import io
import re
import zipfile

import docx
import pytest
from openpyxl import load_workbook

from accord.briefing.document.blocks import Chart, Column, Table
from accord.briefing.document.facts import Fact
from accord.briefing.render.workbook import number_format
from tests.golden.shared import shared_briefing

DATE = dt.date(2026, 11, 24)


def written(form, length="full", language="en"):
    briefing = shared_briefing(length=length, language=language)
    return briefing.document, io.BytesIO(briefing.render(form))


def name_of(paragraph):
    """The name of the style of a paragraph."""
    return paragraph.style.name


def blocks(document, kind):
    every = [document.picture, *document.balance, document.terms]
    every += [block for section in document.sections for block in section.blocks]
    return [block for block in every if isinstance(block, kind)]


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("length", ["short", "full"])
def test_a_sheet_a_table_with_assumptions_and_sources(length, language):
    document, content = written("xlsx", length, language)
    book = load_workbook(content)
    names = {"en": ("Briefing", "Assumptions", "Sources"), "ko": ("브리핑", "가정", "출처")}
    assert set(names[language]) <= set(book.sheetnames)
    assert book.sheetnames[0] == names[language][0]
    charts = [document.picture, *document.balance]
    expected = 1 + 1 + len(charts) + 1 + 2  # texts, cards, pictures, packages, the last two
    if length == "full":
        expected = 3 + len(blocks(document, Table)) + len(blocks(document, Chart))
    assert len(book.sheetnames) == expected
    sources = book[names[language][2]]
    assert sources.max_row == 1 + len(document.sources)


def test_numbers_are_numbers_with_a_format_and_are_those_of_the_document():
    document, content = written("xlsx")
    book = load_workbook(content)
    table = document.terms
    sheet = book[table.caption]
    heads = [sheet.cell(4, place).value for place in range(1, sheet.max_column + 1)]
    row = [sheet.cell(5, place) for place in range(1, sheet.max_column + 1)]
    line = table.groups[0].rows[0]
    for column, cell in zip(table.columns[1:], line.cells, strict=True):
        assert isinstance(cell, Fact)
        shown = row[heads.index(column.label)]
        assert shown.value == pytest.approx(cell.number)
        assert shown.number_format == number_format(cell, column)
        if column.ranged and cell.interval:
            at = heads.index(f"{column.label}: low end")
            assert (row[at].value, row[at + 1].value) == pytest.approx(cell.interval)


@pytest.mark.parametrize(
    ("fact", "column", "expected"),
    [
        (Fact(0.125, "share"), Column("", style="", decimals=1), "#,##0.0%"),
        (Fact(12.0, "bn USD"), Column("", decimals=0), "+#,##0;−#,##0;#,##0"),
        (Fact(2.5, "bn USD"), Column("", style="", with_unit=True), '#,##0.0 "bn USD"'),
        (Fact(2030, "year"), Column(""), "0"),
        (Fact(3, "count"), Column("", style=""), "#,##0"),
    ],
)
def test_a_format_follows_unit_sign_and_decimals(fact, column, expected):
    assert number_format(fact, column).startswith(expected)


def test_every_picture_has_a_chart_of_the_program_over_its_cells():
    document, content = written("xlsx")
    book = load_workbook(content)
    drawn = {name: sheet._charts for name, sheet in zip(book.sheetnames, book.worksheets,
                                                       strict=True) if sheet._charts}  # fmt: skip
    assert len(drawn) == len(blocks(document, Chart))
    with zipfile.ZipFile(content) as archive:
        charts = [name for name in archive.namelist() if name.startswith("xl/charts/chart")]
        assert len(charts) == len(drawn)
        for name in charts:
            assert b"<numRef>" in archive.read(name) or b":numRef>" in archive.read(name)


def test_headings_lists_tables_and_pictures_of_the_text_document():
    document, content = written("docx")
    file = docx.Document(content)
    headings = [(name_of(p), p.text) for p in file.paragraphs if name_of(p)[:7] == "Heading"]
    assert headings[0] == ("Heading 1", str(document.headline))
    titles = {text for style, text in headings if style == "Heading 2"}
    assert {section.title for section in document.sections} <= titles
    pictures = file.inline_shapes
    charts = blocks(document, Chart)
    assert len(pictures) == len(charts)
    told = {shape._inline.docPr.get("descr") for shape in pictures}
    assert told == {chart.alt for chart in charts}
    assert len(file.tables) == 1 + len(blocks(document, Table)) + len(charts)
    points = [p.text for p in file.paragraphs if name_of(p) == "List Number"]
    assert points == [str(point) for point in document.key_points]
    for table in file.tables:
        assert "tblHeader" in table.rows[0]._tr.xml


def test_a_text_document_tells_its_language_and_date():
    document, content = written("docx", "short", "ko")
    about = docx.Document(content).core_properties
    assert about.language == "ko"
    assert about.created.date() == DATE
    assert str(document.headline) in about.title


@pytest.mark.parametrize("form", ["docx", "xlsx"])
def test_no_part_of_an_archive_tells_the_hour(form):
    with zipfile.ZipFile(written(form, "short")[1]) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        times = re.findall(rb"T\d\d:\d\d:\d\d", archive.read("docProps/core.xml"))
        assert set(times) == {b"T00:00:00"}
