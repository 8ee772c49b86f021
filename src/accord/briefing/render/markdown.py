"""A document as Markdown that GitHub shows: headings, tables, and what each picture says."""

import re
from collections.abc import Callable, Iterator, Mapping
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
from accord.briefing.words.messages import Messages
from accord.core.text import printable

# What Markdown, or the HTML inside it, would obey, wherever it stands in a line.
# A colon is obeyed inside an address or the code of an emoji, a dot inside a bare address.
_OBEYED = re.compile(r"([\\`*_\[\]<>&|~$#@]|:(?=\S)|(?<=www)\.)", re.IGNORECASE)
_FENCE = re.compile("`{3,}")


def render_markdown(document: Document) -> bytes:
    """Return the document as Markdown text."""
    writer = _MarkdownWriter(document)
    return ("\n\n".join(writer.lines()) + "\n").encode("utf-8")


def shield(text: str) -> str:
    """Return a text that Markdown shows as it is: no mark-up, no HTML, no link, one line."""
    return _OBEYED.sub(_as_entity, re.sub(r"[\t\r\n]+", " ", printable(text)))


def shield_first(text: str) -> str:
    """Return a shielded text that begins no list and no rule where it begins a line."""
    return re.sub(r"^(\s*)([-+=]|\d+[.)])", _as_first, text)


def _as_entity(match: re.Match[str]) -> str:
    """Return the character as an entity, which is never mark-up; a back-slash would not do."""
    return f"&#{ord(match[0])};"


def _as_first(match: re.Match[str]) -> str:
    mark = match[2]
    return f"{match[1]}{mark[:-1]}&#{ord(mark[-1])};"


class _MarkdownWriter:
    """Writes the parts of one document."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.words = Messages(document.language)
        self.marks = mark_sources(document)
        self.kinds: Mapping[type, Callable[[Any, int], Iterator[str]]] = {
            Paragraph: self._paragraph,
            Heading: self._heading,
            Bullets: self._bullets,
            Numbered: self._numbered,
            Code: self._code,
            Table: self._table,
            Chart: self._chart,
        }

    def lines(self) -> Iterator[str]:
        """Yield the blocks of the file, which blank lines part."""
        document = self.document
        yield f"**{shield(document.kicker)}**"
        yield f"# {self.prose(document.headline)}"
        yield shield_first(self.prose(document.standfirst))
        told = [self.words.numbers.date(document.date)]
        if document.known is not None:
            told.append(self.words.text("page.known", day=document.known))
        told.append(self.words.text("page.minutes", minutes=document.minutes))
        yield " · ".join([*map(shield, told), shield(self.words.text("page.made"))])
        if document.warning is not None:
            yield f"> {self.prose(document.warning)}"
        yield from self._table(tabulate_cards(document), 2)
        for part in arrange_parts(document):
            yield from self._part(part)
        if document.length == FULL:
            yield f"## {shield(self.words.text('page.sources'))}"
            yield self.prose(document.grades)
            yield "\n".join(self._source(note) for note in document.sources)
        for part in close_parts(document):
            yield from self._part(part)

    def prose(self, prose: Prose) -> str:
        """Return running text; a citation is the mark of its source in brackets."""
        text = "".join(
            f"\x00{self.marks[piece.cite]}\x01" if piece.cite in self.marks else piece.text
            for piece in prose.pieces
        )
        kept = text.replace("\x00", "\ue000").replace("\x01", "\ue001")
        return re.sub("\ue000([^\ue001]+)\ue001", r"<sup>\\[\1\\]</sup>", shield(kept))

    def _part(self, part: Passage) -> Iterator[str]:
        if part.title:
            yield f"## {shield(part.title)}"
        level = 3 if part.title else 2
        for block in part.blocks:
            yield from self._block(block, level)

    def _block(self, block: Block | Numbered, level: int) -> Iterator[str]:
        yield from self.kinds[type(block)](block, level)

    def _paragraph(self, block: Paragraph, _: int) -> Iterator[str]:
        told = self.prose(block.prose)
        yield f"<sub>{told}</sub>" if block.quiet else shield_first(told)

    def _heading(self, block: Heading, _: int) -> Iterator[str]:
        yield f"### {self.prose(block.prose)}"

    def _bullets(self, block: Bullets, _: int) -> Iterator[str]:
        if block.folded:
            yield f"**{shield(block.folded)}**"
        if block.items:
            yield "\n".join(f"- {shield_first(self.prose(item))}" for item in block.items)

    def _numbered(self, block: Numbered, _: int) -> Iterator[str]:
        yield "\n".join(
            f"{at}. **{self.prose(point.lead)}** {self.prose(point.body)}"
            for at, point in enumerate(block.points, start=1)
        )

    def _code(self, block: Code, _: int) -> Iterator[str]:
        lines = [printable(line) for line in block.lines]
        longest = max((len(run) for line in lines for run in _FENCE.findall(line)), default=2)
        fence = "`" * (longest + 1)
        yield shield_first(shield(block.label))
        yield "\n".join([fence, *lines, fence])

    def _chart(self, block: Chart, level: int) -> Iterator[str]:
        yield f"{'#' * level} {shield(block.title)}"
        yield shield_first(self.prose(block.finding))
        yield f"*{shield(block.alt)}*"
        for line in block.key:
            yield f"<sub>{self.prose(line)}</sub>"
        yield from self._table(block.table, level, title=block.title)

    def _table(self, block: Table, _: int, title: str = "") -> Iterator[str]:
        """Yield a table; a caption that is the title above it is not said again."""
        caption = "" if block.caption == title else f"**{shield(block.caption)}.** "
        yield f"{caption}{self.prose(block.unit)}".rstrip()
        rule = ["--:" if column.numeric else "---" for column in block.columns]
        rows = [[shield(column.label) for column in block.columns], rule]
        for group in block.groups:
            if group.heading is not None:
                blank = [""] * (len(block.columns) - 1)
                rows.append([f"**{self.prose(group.heading)}**", *blank])
            for row in group.rows:
                cells = zip(row.cells, block.columns[1:], strict=True)
                printed = [self._cell(cell, column) for cell, column in cells]
                rows.append([self.prose(row.heading), *printed])
        yield "\n".join(f"| {' | '.join(row)} |" for row in rows)
        for note in block.notes:
            yield f"<sub>{self.prose(note)}</sub>"

    def _cell(self, cell: Cell, column: Column) -> str:
        if cell is None:
            return "–"
        if isinstance(cell, Prose):
            return self.prose(cell)
        text, within = print_cell(cell, column, self.words)
        return f"{shield(text)} ({shield(within)})" if within else shield(text)

    def _source(self, note: SourceNote) -> str:
        source = note.source
        title = shield(source.title)
        if source.url.startswith(("https://", "http://")):
            title = f"[{title}](<{_address(source.url)}>)"
        licence = self.words.text("page.licence", licence=source.licence) if source.licence else ""
        grade = self.words.text("page.grade", grade=source.grade)
        told = [title, *(shield(text) for text in (source.date, licence, grade) if text)]
        return f"{note.number}. {'. '.join(told)}: {shield(note.meaning)}"


def _address(url: str) -> str:
    """Return an address in which nothing ends the link early."""
    return re.sub(r"[\s<>()\\`|]", lambda match: f"%{ord(match[0]):02X}", printable(url))
