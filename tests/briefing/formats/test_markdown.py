"""The Markdown of a briefing, as a program that follows GitHub's rules for tables reads it."""

import itertools
import re

import pytest
from markdown_it import MarkdownIt

from accord.briefing.document.blocks import Chart, Table
from tests.golden.shared import shared_briefing


def written(length="short", language="en"):
    briefing = shared_briefing(length=length, language=language)
    return briefing.document, briefing.render("md").decode()


def shown(text):
    """The HTML that a reader of the file sees."""
    return MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(text)


def charts_and_tables(document):
    blocks = [block for section in document.sections for block in section.blocks]
    charts = [block for block in blocks if isinstance(block, Chart)]
    charts = [document.picture, *document.balance, *charts]
    return charts, [block for block in blocks if isinstance(block, Table)]


@pytest.mark.parametrize("language", ["en", "ko"])
def test_headings_tables_and_what_pictures_say(language):
    document, text = written("full", language)
    page = shown(text)
    charts, tables = charts_and_tables(document)
    assert page.count("<h1>") == 1
    assert page.count("<table>") == len(charts) + len(tables) + 2  # the cards, and the packages
    for chart in charts:
        assert chart.alt in page.replace("&quot;", '"')
    levels = [int(level) for level in re.findall(r"<h(\d)>", page)]
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_every_row_of_a_table_has_a_cell_for_each_column():
    _, text = written("full")
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    assert len(rows) > 100
    page = shown(text)
    for table in re.findall(r"<table>.*?</table>", page, re.DOTALL):
        widths = {row.count("<t") - 1 for row in re.findall(r"<tr>.*?</tr>", table, re.DOTALL)}
        assert len(widths) == 1


def test_the_short_text_says_each_sentence_once():
    document, text = written()
    page = re.sub("<[^>]+>", "", shown(text))
    for point in document.key_points:
        assert page.count(str(point.body)) == 1
    assert page.count(str(document.headline)) == 1
