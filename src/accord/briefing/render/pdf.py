"""A document as PDF on A4, set with Typst from the same data as the JSON."""

import json
import math
from pathlib import Path
from typing import Any

from accord.briefing.document.blocks import Chart, Document
from accord.briefing.document.length import SHORT
from accord.briefing.render.data import describe_document
from accord.briefing.render.drawings import FONTS, draw_svg
from accord.briefing.render.glyphs import find_missing
from accord.briefing.words.messages import Messages

TEMPLATE = Path(__file__).parent / "templates" / "briefing.typ"
PAGES = 2  # of the opening, which is all of a short briefing
SCALES = (1.1, 1.05, 1.0, 0.96, 0.92, 0.88, 0.84, 0.8, 0.76, 0.72)  # of letters, the largest first


def render_pdf(document: Document) -> bytes:
    """Return the document as PDF: its opening fits two pages, letters shrinking if they must.

    Fonts with Latin, Greek, Cyrillic and Korean letters come with Accord. Only a text with other
    letters makes the fonts of this machine be looked at.
    """
    import typst

    data = _lay_out(document)
    text = json.dumps(data, ensure_ascii=False)
    files = {"main": TEMPLATE.read_bytes(), "briefing.json": text.encode("utf-8")}
    for chart in _charts(document):
        for size in ("wide", "narrow"):
            files[f"{chart.id}-{size}.svg"] = draw_svg(chart, size).encode("utf-8")
    options: dict[str, Any] = {
        "font_paths": [str(FONTS)],
        "ignore_system_fonts": not find_missing(text),
    }
    scale = _fit(files, options)
    made: bytes = typst.compile(files, format="pdf", sys_inputs={"scale": str(scale)}, **options)
    return made


def find_borrowed(document: Document) -> tuple[str, ...]:
    """Return the letters of the document that no font of Accord has: fonts of a machine may."""
    return find_missing(json.dumps(_lay_out(document), ensure_ascii=False))


def _fit(files: dict[str, bytes], options: dict[str, Any]) -> float:
    """Return the largest letters at which the opening takes two pages, else the smallest."""
    import typst

    for scale in SCALES:
        asked = {"field": "value", "one": True, "sys_inputs": {"scale": str(scale)}, **options}
        if int(typst.query(files, "<opening>", **asked)) <= PAGES:
            return scale
    return SCALES[-1]


def _lay_out(document: Document) -> dict[str, Any]:
    """Return the data of the document with what only a page of paper needs."""
    words = Messages(document.language)
    data = describe_document(document)
    told = [data["day"]]
    if document.known is not None:
        told.append(words.text("page.known", day=document.known))
    told += [words.text("page.minutes", minutes=document.minutes), words.text("page.made")]
    ends = [end for card in data["cards"] if card["payoff"]
            for end in (card["payoff"][key] for key in ("value", "low", "high"))
            if end is not None and math.isfinite(end)]  # fmt: skip
    for note in data["sources"]:
        note["linked"] = note["url"].startswith(("https://", "http://"))
    return {
        **data,
        "title": f"{data['kicker']}: {data['headline']['text']}",
        "year": document.date.year,
        "month": document.date.month,
        "month-day": document.date.day,
        "dateline": " · ".join(told),
        "span": [min([0.0, *ends]), max([0.0, *ends])],
        "words": {"sources": words.text("page.sources")},
    }


def _charts(document: Document) -> list[Chart]:
    charts = [document.picture, *document.balance]
    if document.length != SHORT:
        blocks = (block for section in document.sections for block in section.blocks)
        charts += [block for block in blocks if isinstance(block, Chart)]
    return charts
