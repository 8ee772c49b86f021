"""A document as a workbook: a sheet a table with live numbers, charts of its own, sources."""

import datetime as dt
import io
import re
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from accord.briefing.document.arrange import (
    Numbered,
    arrange_parts,
    close_parts,
    find_assumptions,
    tabulate_cards,
)
from accord.briefing.document.blocks import (
    Bullets,
    Cell,
    Chart,
    Code,
    Column,
    Document,
    Heading,
    Paragraph,
    Table,
)
from accord.briefing.document.facts import Fact, Prose
from accord.briefing.render.native_charts import add_chart
from accord.briefing.words.messages import Messages
from accord.core.files import without_clock
from accord.core.text import printable

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

LONGEST_NAME = 31  # letters in the name of a sheet
LONGEST_TEXT = 32_000  # letters in a cell
FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
FORMULA = ("=", "+", "-", "@", "\t")  # how a text begins that a program might work out
TEXT_WIDTH, NUMBER_WIDTH = 34, 16
WIDE = 110  # of the sheet of texts
LINE = 15.0  # points, the height of a line


Place = tuple[Column, int | None]  # a column of a sheet; which end of its intervals, if one


def render_workbook(document: Document) -> bytes:
    """Return the document as XLSX: the texts, a sheet a table, assumptions, sources."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    moment = dt.datetime.combine(document.date, dt.time())
    book.properties.created = book.properties.modified = moment
    book.properties.creator = "Accord"
    book.properties.title = printable(document.kicker)
    writer = _WorkbookWriter(book, document)
    writer.write()
    buffer = io.BytesIO()
    book.save(buffer)
    return without_clock(buffer.getvalue())


class _WorkbookWriter:
    """Fills the sheets of a workbook from one document."""

    def __init__(self, book: "Workbook", document: Document) -> None:
        self.book = book
        self.document = document
        self.words = Messages(document.language)

    def write(self) -> None:
        document = self.document
        parts = arrange_parts(document)
        self._texts()
        self._table(tabulate_cards(document))
        for part in parts:
            for block in part.blocks:
                if isinstance(block, Chart):
                    add_chart(self._table(block.table, block.title), block)
                elif isinstance(block, Table):
                    self._table(block)
        assumptions = find_assumptions(document)
        if assumptions is not None:
            title = self.words.text("page.assumptions")
            written = any(block is assumptions for part in parts for block in part.blocks)
            if written:
                self.book[_sheet_name(assumptions.caption, ())].title = _sheet_name(title, ())
            else:
                self._table(assumptions, title)
        self._sources()

    # ---- sheets --------------------------------------------------------------------------

    def _add(self, name: str) -> "Worksheet":
        sheet = self.book.create_sheet(_sheet_name(name, self.book.sheetnames))
        _lay_out(sheet)
        return sheet

    def _texts(self) -> None:
        """Write the texts, a row a paragraph, its heading in the first column."""
        from openpyxl.styles import Alignment

        document = self.document
        sheet = self._add(self.words.text("page.briefing"))
        sheet.column_dimensions["A"].width = TEXT_WIDTH
        sheet.column_dimensions["B"].width = WIDE
        for head, text in self._told():
            row = sheet.max_row + 1 if sheet["B1"].value is not None else 1
            for at, value in enumerate((head, text), start=1):
                cell = _put(sheet, row, at, value)
                cell.alignment = Alignment(wrap_text=True, vertical="top")
                cell.font = _font(bold=at == 1 or text == str(document.headline))
            _set_height(sheet, row, ((head, TEXT_WIDTH), (text, WIDE)))
        sheet.sheet_view.showGridLines = False

    def _told(self) -> Iterable[tuple[str, str]]:
        document = self.document
        yield printable(document.kicker), str(document.headline)
        yield self.words.numbers.date(document.date), str(document.standfirst)
        if document.warning is not None:
            yield "", str(document.warning)
        for part in (*arrange_parts(document), *close_parts(document)):
            head = part.title
            for block in part.blocks:
                for text in _texts_of(block):
                    yield head, text
                    head = ""

    def _table(self, table: Table, title: str = "") -> "Worksheet":
        """Write a table: headings in the fourth row, below the caption and the unit."""
        from openpyxl.styles import Alignment
        from openpyxl.utils import get_column_letter

        sheet = self._add(title or table.caption)
        _put(sheet, 1, 1, title or table.caption).font = _font(bold=True, size=13)
        _put(sheet, 2, 1, str(table.unit))
        places = _places(table)
        for place, (column, end) in enumerate(places, start=1):
            head = column.label if end is None else f"{column.label}: {self._end(end)}"
            cell = _put(sheet, 4, place, head)
            cell.font = _font(bold=True)
            cell.alignment = Alignment(wrap_text=True, vertical="bottom")
            wide = TEXT_WIDTH if place == 1 or not column.numeric else NUMBER_WIDTH
            sheet.column_dimensions[get_column_letter(place)].width = wide
        row = 5
        for group in table.groups:
            if group.heading is not None:
                _put(sheet, row, 1, str(group.heading)).font = _font(bold=True)
                row += 1
            for line in group.rows:
                head = _put(sheet, row, 1, str(line.heading))
                head.alignment = Alignment(wrap_text=True, vertical="top")
                texts = [(str(line.heading), TEXT_WIDTH)]
                texts += [(str(cell), TEXT_WIDTH) for cell in line.cells if isinstance(cell, Prose)]
                _set_height(sheet, row, texts)
                values = {id(column): cell for column, cell in
                          zip(table.columns[1:], line.cells, strict=True)}  # fmt: skip
                for place, (column, end) in enumerate(places[1:], start=2):
                    _put_cell(sheet, (row, place), values[id(column)], (column, end))
                row += 1
        for note in table.notes:
            row += 1
            _put(sheet, row, 1, str(note))
        sheet.freeze_panes = "B5"
        return sheet

    def _end(self, end: int) -> str:
        return self.words.text("page.low" if end == 0 else "page.high").lower()

    def _sources(self) -> None:
        from openpyxl.styles import Alignment

        sheet = self._add(self.words.text("page.sources"))
        heads = ("number", "source", "date", "licence", "grade", "meaning", "address")
        for place, name in enumerate(heads, start=1):
            _put(sheet, 1, place, self.words.text(f"page.source.{name}")).font = _font(bold=True)
        widths = (9, 60, 14, 30, 8, 44, 60)
        for place, wide in enumerate(widths):
            sheet.column_dimensions["ABCDEFG"[place]].width = wide
        for row, note in enumerate(self.document.sources, start=2):
            source = note.source
            values = (note.number, source.title, str(source.date), source.licence, source.grade,
                      note.meaning, source.url)  # fmt: skip
            for place, value in enumerate(values, start=1):
                _put(sheet, row, place, value).alignment = Alignment(wrap_text=True, vertical="top")
        sheet.freeze_panes = "A2"


def _font(*, bold: bool = False, size: int = 11) -> Any:
    from openpyxl.styles import Font

    return Font(name="Calibri", bold=bold, size=size)


def _set_height(sheet: "Worksheet", row: int, texts: Iterable[tuple[str, float]]) -> None:
    """Make a row high enough for texts, each with the width of its column in letters."""
    lines = max((-(-sum(2 if ord(letter) > 0x1100 else 1 for letter in text) // int(0.85 * wide))
                 for text, wide in texts), default=1)  # fmt: skip
    sheet.row_dimensions[row].height = LINE * min(max(lines, 1), 27)


def _lay_out(sheet: "Worksheet") -> None:
    """Print a sheet across one page, lying."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _texts_of(block: Any) -> list[str]:
    """Return the texts of a block; a table has a sheet of its own."""
    match block:
        case Paragraph() | Heading():
            return [str(block.prose)]
        case Bullets():
            head = [block.folded] if block.folded else []
            return [*head, *map(str, block.items)]
        case Numbered():
            return [str(point) for point in block.points]
        case Code():
            return [block.label, *block.lines]
        case Chart():
            return [f"{block.title}: {block.finding}", *map(str, block.key)]
    return []


def _places(table: Table) -> list[Place]:
    """Return the columns of a sheet: those of the table, and two for the ends of an interval."""
    places: list[Place] = [(table.columns[0], None)]
    for at, column in enumerate(table.columns[1:]):
        places.append((column, None))
        cells = (row.cells[at] for group in table.groups for row in group.rows)
        if column.ranged and any(isinstance(cell, Fact) and cell.interval for cell in cells):
            places += [(column, 0), (column, 1)]
    return places


def _put(sheet: "Worksheet", row: int, place: int, value: str | int | None) -> Any:
    """Return a cell with a text that stays one, or with a number."""
    cell = sheet.cell(row, place)
    if isinstance(value, str):
        text = printable(value)[:LONGEST_TEXT]
        cell.value, cell.data_type = text, "s"
        cell.quotePrefix = text.startswith(FORMULA)
    else:
        cell.value = value
    return cell


def _put_cell(sheet: "Worksheet", at: tuple[int, int], cell: Cell, place: Place) -> None:
    """Write a cell of a table: a number as one, anything else as a text that wraps."""
    from openpyxl.styles import Alignment

    column, end = place
    if isinstance(cell, Prose) and len(cell.pieces) == 1 and cell.pieces[0].fact is not None:
        cell, column = (
            cell.pieces[0].fact,
            replace(column, with_unit=True, style="signed" if column.numeric else ""),
        )
    if isinstance(cell, Prose) and end is None:
        _put(sheet, *at, str(cell)).alignment = Alignment(wrap_text=True, vertical="top")
    if not isinstance(cell, Fact) or (end is not None and cell.interval is None):
        return
    value = cell.value if end is None or cell.interval is None else cell.interval[end]
    written = sheet.cell(*at)
    written.alignment = Alignment(vertical="top")
    if isinstance(value, dt.date):
        written.value, written.number_format = value, "yyyy-mm-dd"
        return
    written.value = float(value) * (100.0 if cell.unit == "points" else 1.0)
    written.number_format = number_format(cell, column)


def number_format(fact: Fact, column: Column) -> str:
    """Return how a program shows a number of a column: its decimals, its sign, its unit."""
    if fact.unit == "year":
        return "0"
    decimals = column.decimals
    if decimals is None:
        size = abs(fact.number) * (100.0 if fact.unit in ("share", "points") else 1.0)
        whole = fact.unit in ("count", "minutes")
        decimals = 0 if whole or size >= 100 else 1 if size >= 1 else 2
    digits = "#,##0" + (f".{'0' * decimals}" if decimals else "")
    if fact.unit == "share":
        digits += "%"
    elif column.with_unit and fact.unit != "ratio":
        digits += f' "{fact.unit.removesuffix(" a year")}"'
    signed = column.style.startswith(("signed", "about_signed"))
    return f"+{digits};\u2212{digits};{digits}" if signed else f"{digits};\u2212{digits}"


def _sheet_name(title: str, taken: Iterable[str]) -> str:
    """Return a name that a sheet may have, and that no other has."""
    plain = " ".join(FORBIDDEN.sub(" ", printable(title)).split()) or "–"
    name, others = plain[:LONGEST_NAME].strip(), {other.casefold() for other in taken}
    number = 2
    while name.casefold() in others:
        ending = f" {number}"
        name = plain[: LONGEST_NAME - len(ending)].strip() + ending
        number += 1
    return name
