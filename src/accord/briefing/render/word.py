"""A document as DOCX: real headings, lists and tables, drawings as pictures with descriptions."""

import datetime as dt
import io
from collections.abc import Callable, Mapping
from typing import Any

from accord.briefing.document.arrange import (
    Numbered,
    Passage,
    arrange_parts,
    close_parts,
    mark_sources,
    tabulate_cards,
)
from accord.briefing.document.blocks import (
    Block,
    Bullets,
    Cell,
    Chart,
    Code,
    Column,
    Document,
    Heading,
    Paragraph,
    SourceNote,
    Table,
)
from accord.briefing.document.facts import Prose
from accord.briefing.document.length import FULL
from accord.briefing.render.data import print_cell
from accord.briefing.render.drawings import draw_png
from accord.briefing.words.messages import Messages
from accord.core.files import without_clock
from accord.core.text import printable

LATIN, KOREAN = "Calibri", "Malgun Gothic"  # a reader's program takes another where it lacks them
WIDTH = 170  # millimetres, of the text
DOTS = 200  # an inch, of pictures in the file
SMALL, USUAL = 8, 10  # points
MANY = 8  # columns from which letters of a table are smaller


def render_word(document: Document) -> bytes:
    """Return the document as DOCX."""
    writer = _WordWriter(document)
    writer.write()
    buffer = io.BytesIO()
    writer.file.save(buffer)
    return without_clock(buffer.getvalue())


class _WordWriter:
    """Writes the parts of one document."""

    def __init__(self, document: Document) -> None:
        import docx

        self.document = document
        self.words = Messages(document.language)
        self.marks = mark_sources(document)
        self.file: Any = docx.Document()
        self.kinds: Mapping[type, Callable[[Any, int], None]] = {
            Paragraph: lambda block, _: self.prose(block.prose, small=block.quiet),
            Heading: lambda block, _: self.heading(str(block.prose), 3),
            Bullets: self._bullets,
            Numbered: self._numbered,
            Code: self._code,
            Table: lambda block, _: self.table(block),
            Chart: self._chart,
        }
        self._set_up()

    def _set_up(self) -> None:
        """Set paper, fonts, language and properties."""
        from docx.oxml.ns import qn
        from docx.shared import Mm, Pt

        section = self.file.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.left_margin = section.right_margin = Mm(20)
        section.top_margin = section.bottom_margin = Mm(18)
        for style in self.file.styles:
            if style.type == 1:  # of paragraphs
                style.font.name = LATIN
                fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
                fonts.set(qn("w:eastAsia"), KOREAN)
                for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
                    fonts.attrib.pop(qn(f"w:{theme}"), None)
        self.file.styles["Normal"].font.size = Pt(USUAL)
        self.file.styles["Normal"].paragraph_format.space_after = Pt(5)
        for language in self.file.styles.element.iter(qn("w:lang")):
            language.set(qn("w:val"), self.document.language)
            language.set(qn("w:eastAsia"), self.document.language)
        made = dt.datetime.combine(self.document.date, dt.time())
        about = self.file.core_properties
        about.title = printable(f"{self.document.kicker}: {self.document.headline}")[:255]
        about.author = about.last_modified_by = "Accord"
        about.created = about.modified = made
        about.language, about.comments, about.revision = self.document.language, "", 1

    def write(self) -> None:
        """Write head, cards, parts and sources."""
        document = self.document
        self.text(document.kicker, bold=True)
        self.heading(str(document.headline), 1)
        self.prose(document.standfirst, size=USUAL + 2)
        told = [self.words.numbers.date(document.date)]
        if document.known is not None:
            told.append(self.words.text("page.known", day=document.known))
        told.append(self.words.text("page.minutes", minutes=document.minutes))
        self.text(" · ".join([*told, self.words.text("page.made")]), size=SMALL)
        if document.warning is not None:
            self.prose(document.warning, italic=True)
        self.table(tabulate_cards(document))
        for part in arrange_parts(document):
            self.part(part)
        if document.length == FULL:
            self.heading(self.words.text("page.sources"), 2)
            self.prose(document.grades)
            for note in document.sources:
                self._source(note)
        for part in close_parts(document):
            self.part(part)

    # ---- texts ---------------------------------------------------------------------------

    def heading(self, text: str, level: int) -> None:
        self.file.add_heading(printable(text), level)

    def text(self, text: str, *, bold: bool = False, size: int = USUAL) -> Any:
        from docx.shared import Pt

        paragraph = self.file.add_paragraph()
        run = paragraph.add_run(printable(text))
        run.bold, run.font.size = bold, Pt(size)
        return paragraph

    def prose(
        self,
        prose: Prose,
        *,
        small: bool = False,
        size: int = USUAL,
        italic: bool = False,
        style: str | None = None,
    ) -> Any:
        """Return a new paragraph with running text."""
        paragraph = self.file.add_paragraph(style=style)
        self.fill(paragraph, prose, size=SMALL if small else size, italic=italic)
        return paragraph

    def fill(
        self,
        paragraph: Any,
        prose: Prose,
        *,
        size: float = USUAL,
        bold: bool = False,
        italic: bool = False,
    ) -> None:
        """Add running text to a paragraph; a citation is the mark of its source, raised."""
        from docx.shared import Pt

        for piece in prose.pieces:
            raised = bool(piece.cite)
            if raised and piece.cite not in self.marks:
                continue
            told = f"[{self.marks[piece.cite]}]" if raised else printable(piece.text)
            run = paragraph.add_run(told)
            run.bold, run.italic, run.font.size = bold, italic, Pt(size)
            run.font.superscript = raised or None

    # ---- parts ---------------------------------------------------------------------------

    def part(self, part: Passage) -> None:
        """Write a part under its heading."""
        if part.title:
            self.heading(part.title, 2)
        for block in part.blocks:
            self.block(block, 3 if part.title else 2)

    def block(self, block: Block | Numbered, level: int) -> None:
        """Write a block; pictures take a heading of the level."""
        self.kinds[type(block)](block, level)

    def _bullets(self, block: Bullets, _: int) -> None:
        if block.folded:
            self.text(block.folded, bold=True)
        for item in block.items:
            self.prose(item, style="List Bullet")

    def _numbered(self, block: Numbered, _: int) -> None:
        for point in block.points:
            paragraph = self.file.add_paragraph(style="List Number")
            self.fill(paragraph, point.lead, bold=True)
            paragraph.add_run(" ")
            self.fill(paragraph, point.body)

    def _code(self, block: Code, _: int) -> None:
        from docx.shared import Pt

        self.text(block.label, size=SMALL)
        run = self.file.add_paragraph().add_run("\n".join(map(printable, block.lines)))
        run.font.name, run.font.size = "Consolas", Pt(SMALL)

    def _chart(self, block: Chart, level: int) -> None:
        """Write a chart: its finding, the drawing with its description, its figures."""
        from docx.shared import Mm

        self.heading(block.title, level)
        self.prose(block.finding).paragraph_format.keep_with_next = True
        drawn = io.BytesIO(draw_png(block, dots=DOTS))
        shape = self.file.add_picture(drawn, width=Mm(WIDTH))
        highest = Mm(200)
        if shape.height > highest:
            shape.width, shape.height = round(shape.width * highest / shape.height), highest
        named = shape._inline.docPr  # noqa: SLF001  (python-docx has no name for a description)
        named.set("descr", printable(block.alt))
        named.set("name", block.id)
        for line in block.key:
            self.prose(line, small=True)
        self.table(block.table, title=block.title)

    def table(self, table: Table, *, title: str = "") -> None:
        """Write a table below its caption, which is not said again where a title has said it."""
        above = self.file.add_paragraph()
        above.paragraph_format.keep_with_next = True
        if table.caption != title:
            run = above.add_run(f"{printable(table.caption)}. ")
            run.bold = True
        self.fill(above, table.unit)
        rows = [len(group.rows) + (group.heading is not None) for group in table.groups]
        grid = self.file.add_table(rows=1 + sum(rows), cols=len(table.columns))
        grid.style = "Light List"
        size = 6.5 if len(table.columns) > MANY else SMALL
        cells = iter(grid.rows)
        head = next(cells)
        _repeat(head)
        for cell, column in zip(head.cells, table.columns, strict=True):
            self._cell(cell, Prose(()), column, size)
            run = cell.paragraphs[0].add_run(printable(column.label))
            run.bold, run.font.size = True, _points(size)
        for group in table.groups:
            if group.heading is not None:
                merged = next(cells).cells
                whole = merged[0].merge(merged[-1])
                self._cell(whole, group.heading, table.columns[0], size, bold=True)
            for row in group.rows:
                for cell, value, column in zip(
                    next(cells).cells, (row.heading, *row.cells), table.columns, strict=True
                ):
                    self._cell(cell, value, column, size)
        for note in table.notes:
            self.prose(note, small=True)
        self.file.add_paragraph().paragraph_format.space_after = _points(2)

    def _cell(
        self, cell: Any, value: Cell, column: Column, size: float, *, bold: bool = False
    ) -> None:
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.space_after = _points(0)
        if column.numeric:
            paragraph.alignment = 2  # to the right
        if isinstance(value, Prose):
            self.fill(paragraph, value, size=size, bold=bold)
            return
        text, within = ("–", "") if value is None else print_cell(value, column, self.words)
        for told in (text, f"\n{within}" if within else ""):
            run = paragraph.add_run(told)
            run.bold, run.font.size = bold, _points(size if told == text else size - 1)

    def _source(self, note: SourceNote) -> None:
        source = note.source
        licence = self.words.text("page.licence", licence=source.licence) if source.licence else ""
        grade = f"{self.words.text('page.grade', grade=source.grade)}: {note.meaning}"
        told = [source.title, source.date, licence, grade, source.url]
        self.text(f"[{note.number}] {'. '.join(str(text) for text in told if text)}", size=SMALL)


def _points(size: float) -> Any:
    from docx.shared import Pt

    return Pt(size)


def _repeat(row: Any) -> None:
    """Have the heading of a table stand on every page that the table takes."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)  # noqa: SLF001  (python-docx has no name for it)
