"""The chapters of the example for tests that read them: texts, tables, views with other rows."""

from accord.briefing.document.blocks import Chart, Document, Paragraph, Table
from accord.briefing.view import BriefingView
from tests.golden.shared import shared_briefing, shared_example


def document(language: str = "en") -> Document:
    """The example with its chapters, written."""
    return shared_briefing(language=language, length="full").document


def blocks(kind):
    """The blocks of a kind in all chapters, the tables of charts among the tables."""
    every = [block for section in document().sections for block in section.blocks]
    if kind is Table:
        every += [block.table for block in every if isinstance(block, Chart)]
    return [block for block in every if isinstance(block, kind)]


def told(section) -> str:
    """The paragraphs of a section, as plain text with plain blanks."""
    assert section is not None
    text = " ".join(str(block.prose) for block in section.blocks if isinstance(block, Paragraph))
    return text.replace("\u00a0", " ")


def table_of(section, name):
    """A table of a section, that of a chart among them."""
    every = [block.table if isinstance(block, Chart) else block for block in section.blocks]
    return next(block for block in every if isinstance(block, Table) and block.id == name)


def with_records(monkeypatch, name, change):
    """A view whose rows of a table are changed."""
    records = BriefingView.records

    def changed(view, table):
        rows = records(view, table)
        return change(rows) if table == name else rows

    monkeypatch.setattr(BriefingView, "records", changed)
    return BriefingView(shared_example())


def every_prose(made):
    """Every text of the chapters: paragraphs, lists, units, notes and keys."""
    for section in made.sections:
        for block in section.blocks:
            if isinstance(block, Paragraph):
                yield block.prose
            table = block.table if isinstance(block, Chart) else block
            if isinstance(block, Chart):
                yield from (block.finding, *block.key)
            if isinstance(table, Table):
                yield from (table.unit, *table.notes)
            yield from getattr(block, "items", ())
