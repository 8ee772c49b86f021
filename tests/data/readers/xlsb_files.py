"""Binary workbooks as Excel writes them: records of MS-XLSB, shared strings, short numbers."""

import struct
import zipfile
from collections.abc import Sequence
from pathlib import Path

ROW, BLANK, SHORT, REAL, SHARED = 0, 1, 2, 5, 7
SHEET, SHEET_END, DATA, DATA_END, SIZE = 129, 130, 145, 146, 148
BOOK, BOOK_END, SHEETS, SHEETS_END, SHEET_OF_BOOK = 131, 132, 143, 144, 156
STRINGS, STRINGS_END, STRING = 159, 160, 19
TYPES = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="bin" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/>
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Override PartName="/xl/worksheets/sheet1.bin" ContentType="application/vnd.ms-excel.worksheet"/>
<Override PartName="/xl/sharedStrings.bin" ContentType="application/vnd.ms-excel.sharedStrings"/>
</Types>"""
LINKS = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{links}
</Relationships>"""
LINK = """
<Relationship Id="rId{number}" Target="{target}"
Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"/>"""


def write_xlsb(path: Path, rows: Sequence[Sequence[object]], sheet: str = "2014") -> Path:
    """Return the path of a binary workbook of one sheet after writing it."""
    strings: dict[str, int] = {}
    body = b"".join(_row(at, row, strings) for at, row in enumerate(rows))
    width = max(len(row) for row in rows)
    data = b"".join([
        _record(SHEET),
        _record(SIZE, struct.pack("<IIII", 0, len(rows) - 1, 0, width - 1)),
        _record(DATA), body, _record(DATA_END), _record(SHEET_END),
    ])  # fmt: skip
    shared = b"".join([
        _record(STRINGS, struct.pack("<II", len(strings), len(strings))),
        *(_record(STRING, b"\0" + _wide(text)) for text in strings),
        _record(STRINGS_END),
    ])  # fmt: skip
    book = b"".join([
        _record(BOOK), _record(SHEETS),
        _record(SHEET_OF_BOOK, struct.pack("<II", 0, 1) + _wide("rId1") + _wide(sheet)),
        _record(SHEETS_END), _record(BOOK_END),
    ])  # fmt: skip
    inside = (("worksheet", "worksheets/sheet1.bin"), ("sharedStrings", "sharedStrings.bin"))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("_rels/.rels", _links([("officeDocument", "xl/workbook.bin")]))
        archive.writestr("xl/workbook.bin", book)
        archive.writestr("xl/_rels/workbook.bin.rels", _links(inside))
        archive.writestr("xl/worksheets/sheet1.bin", data)
        archive.writestr("xl/sharedStrings.bin", shared)
    return path


def _links(targets: Sequence[tuple[str, str]]) -> str:
    links = [LINK.format(number=at, kind=kind, target=target)
             for at, (kind, target) in enumerate(targets, start=1)]  # fmt: skip
    return LINKS.format(links="".join(links))


def _row(at: int, row: Sequence[object], strings: dict[str, int]) -> bytes:
    """Return a row: its head, and a record a cell that is not empty."""
    cells = (_cell(column, cell, strings) for column, cell in enumerate(row) if cell is not None)
    return _record(ROW, struct.pack("<I", at) + bytes(13)) + b"".join(cells)


def _cell(column: int, cell: object, strings: dict[str, int]) -> bytes:
    place = struct.pack("<II", column, 0)
    if isinstance(cell, str):
        return _record(SHARED, place + struct.pack("<I", strings.setdefault(cell, len(strings))))
    assert isinstance(cell, int | float)
    hundredfold = round(100 * cell)
    if cell == int(cell) and abs(cell) < 1 << 29:  # a whole number in 30 bits
        return _record(SHORT, place + struct.pack("<i", int(cell) << 2 | 2))
    if hundredfold / 100 == cell and abs(hundredfold) < 1 << 29:  # a hundredth of one
        return _record(SHORT, place + struct.pack("<i", hundredfold << 2 | 3))
    return _record(REAL, place + struct.pack("<d", cell))


def _record(kind: int, content: bytes = b"") -> bytes:
    """Return a record: kind and length in groups of seven bits, the low ones first."""
    return _groups(kind) + _groups(len(content)) + content


def _groups(number: int) -> bytes:
    groups = [number & 127]
    while number := number >> 7:
        groups[-1] |= 128
        groups.append(number & 127)
    return bytes(groups)


def _wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")
