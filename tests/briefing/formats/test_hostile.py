"""Hostile text in a deal file is shown as text, or refused, in every format."""

import datetime as dt
import io
import json
import re
import tomllib
import zipfile
from functools import cache
from html.parser import HTMLParser
from typing import Any

import docx
import pytest
from markdown_it import MarkdownIt
from openpyxl import load_workbook
from pypdf import PdfReader

from accord.briefing.brief import Briefing, brief
from accord.briefing.render.drawings import draw_svg
from accord.briefing.render.formats import FORMATS
from accord.core.errors import InputError
from accord.core.text import REPLACEMENT
from accord.deal.load import read_deal
from tests.golden.example import DEAL, ExampleAssessment, build_world

pytestmark = pytest.mark.first

DATE = dt.date(2026, 11, 24)
MARK = "Zz9"  # in every hostile text, to find it again
TEXTS = {
    "script": f"<script>alert('{MARK}')</script>",
    "html": f'"><img src=x onerror="alert(1)">{MARK}&amp;',
    "formula": f'=HYPERLINK("http://x.test","{MARK}")',
    "plus": f"+1+cmd|' /C calc'!{MARK}",
    "minus": f"-2+3+{MARK}",
    "at": f"@SUM({MARK})",
    "reordered": f"{MARK}\u202egnp.exe\u2066\u200f",
    "emoji": f"{MARK} 🚢👩‍👩‍👧 ok",
    "markdown": f"[{MARK}](javascript:alert(1)) **b** `c` | d ![](http://x.test/a.png) www.x.test",
    "typst": f'{MARK} #read("/etc/passwd") $x$ \\ @ref <a> "quote" #sys',
    "template": f"{MARK} {{{{ 7 * 7 }}}} {{% raw %}} {{0}} %s",
    "address": f"javascript:alert('{MARK}')",
    "long": (f"{MARK} " + "w" * 90 + " ") * 2,
}
LONGEST = 199
PLACES = (
    'title = "The memorandum of 14 November 2025"',
    'title = "The demand: 350 bn up front"',
    'title = "Cars: 15 % all in"',
    'title = "A single copy"',
    'title = "United States – South Korea: an example"',
)


@cache
def hostile(name: str) -> ExampleAssessment:
    """The example with a text wherever a deal file has one of its own."""
    quoted = json.dumps(TEXTS[name][:LONGEST], ensure_ascii=False)
    deal = DEAL
    for place in PLACES:
        assert place in deal
        deal = deal.replace(place, f"title = {quoted}")
    deal = deal.replace('note = "As published."', f"note = {quoted}")
    deal = deal.replace("https://example.org/notice?a=1&b=2", "javascript:alert(1)")
    assert tomllib.loads(deal)
    world = build_world()
    return ExampleAssessment(world, read_deal(deal, world=world))


@cache
def written(name: str, length: str) -> Briefing:
    """Its briefing, whose chapters are written once for every format."""
    return brief(hostile(name), date=DATE, length=length)


def made(name: str, form: str, length: str) -> bytes:
    return written(name, length).render(form)


def safe(name: str) -> str:
    """The text as anybody may see it: what reorders or hides letters is replaced."""
    return re.sub("[\u202e\u2066\u200f]", REPLACEMENT, TEXTS[name][:LONGEST])


class Tags(HTMLParser):
    """Every tag of a page with its attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))


def look_at_html(name: str, content: bytes) -> None:
    page = content.decode()
    for tag, attributes in Tags(page).tags:
        assert tag not in {"script", "img", "iframe", "object", "base", "form", "input"}
        assert not any(key.startswith("on") for key in attributes)
        for key in ("href", "src", "action"):
            assert not (attributes.get(key) or "").lower().startswith("javascript")
    if name == "template":
        assert "{{ 7 * 7 }}" in page


def look_at_md(name: str, content: bytes) -> None:
    page = MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(content.decode())
    tags = {tag.lower() for tag in re.findall(r"<(\w+)", page)}
    known = {"h1", "h2", "h3", "h4", "p", "strong", "em", "ol", "ul", "li", "table", "thead"}
    known |= {"tbody", "tr", "th", "td", "sub", "sup", "pre", "code", "a", "blockquote", "br"}
    assert tags <= known
    assert not re.search(r'href="(?!http)', page)
    assert "x.test" not in " ".join(re.findall(r'href="([^"]*)"', page))
    shown = re.sub(r"<[^>]+>", "", page)
    for entity, letter in {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&amp;": "&"}.items():
        shown = shown.replace(entity, letter)
    assert " ".join(safe(name).split()) in " ".join(shown.split())


def look_at_json(name: str, content: bytes) -> None:
    assert safe(name) in json.dumps(json.loads(content), ensure_ascii=False).replace('\\"', '"').replace("\\\\", "\\")  # fmt: skip  # noqa: E501


def look_at_xlsx(name: str, content: bytes) -> None:
    book = load_workbook(io.BytesIO(content))
    cells = [cell for sheet in book for row in sheet for cell in row if cell.value is not None]
    assert all(cell.data_type != "f" and cell.hyperlink is None for cell in cells)
    own = [cell for cell in cells if cell.data_type == "s" and cell.value.startswith(safe(name))]
    assert own
    if TEXTS[name][0] in "=+-@":
        assert all(cell.quotePrefix for cell in own)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for part in archive.namelist():
            if part.startswith("xl/worksheets"):
                assert b"<f>" not in archive.read(part)


def look_at_docx(name: str, content: bytes) -> None:
    file = docx.Document(io.BytesIO(content))
    told = [paragraph.text for paragraph in file.paragraphs]
    assert any(safe(name) in text for text in told)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        body = archive.read("word/document.xml")
        assert b"fldChar" not in body
        assert b"w:hyperlink" not in body
        assert b"javascript" not in archive.read("word/_rels/document.xml.rels")


def look_at_pdf(name: str, content: bytes) -> None:
    reader = PdfReader(io.BytesIO(content))
    text = "".join("".join(page.extract_text() for page in reader.pages).split())
    assert MARK in text
    assert "root:x:0" not in text
    if name in {"script", "formula", "plus", "typst", "address", "template"}:
        assert "".join(safe(name).split()) in text
    pages: list[Any] = list(reader.pages)
    for page in pages:
        for note in page.get("/Annots", []):
            action = note.get_object().get("/A", {})
            assert "javascript" not in str(action.get("/URI", "")).lower()
            assert action.get("/S") in (None, "/URI")
    root: Any = reader.trailer["/Root"]
    assert "/JavaScript" not in root.get("/Names", {})


def look_at_png(name: str, content: bytes) -> None:
    drawn = draw_svg(written(name, "short").document.picture, "wide")
    assert content.startswith(b"\x89PNG")
    assert not {"script", "img", "foreignObject", "image"} & set(re.findall(r"<(\w+)", drawn))


LOOKS = {
    "html": look_at_html, "pdf": look_at_pdf, "md": look_at_md, "docx": look_at_docx,
    "xlsx": look_at_xlsx, "png": look_at_png, "json": look_at_json,
}  # fmt: skip


WHOLE = ("script", "typst", "formula", "markdown")  # looked at with every chapter


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("form", FORMATS)
def test_hostile_text_is_shown_as_text(form, name):
    LOOKS[form](name, made(name, form, "full" if name in WHOLE else "short"))


@pytest.mark.parametrize("form", FORMATS)
def test_no_format_holds_what_reorders_letters(form):
    content = made("reordered", form, "short")
    if form in ("docx", "xlsx"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            content = b"".join(archive.read(part) for part in archive.namelist())
    for mark in "\u202e\u2066\u200f":
        assert mark.encode() not in content


@pytest.mark.parametrize(("letters", "told"), [(1_000_000, "larger than 1 MB"), (20_000, "note")])
def test_a_megabyte_of_text_is_refused(letters, told):
    with pytest.raises(InputError, match=told):
        read_deal(DEAL.replace("As published.", "x" * letters), world=build_world())


def test_the_longest_text_that_is_allowed_is_written_whole():
    text = ("word " * 1990).strip()
    world = build_world()
    example = ExampleAssessment(world, read_deal(DEAL.replace("As published.", text), world=world))
    briefing = brief(example, date=DATE, length="full")
    for form in ("html", "md", "json"):
        assert text in briefing.render(form).decode()
