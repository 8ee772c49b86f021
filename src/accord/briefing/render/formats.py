"""The formats of a briefing, by name and by the ending of a file."""

from collections.abc import Callable, Mapping
from pathlib import Path

from accord.briefing.document.blocks import Document
from accord.core.errors import InputError, Problem

ENDINGS: Mapping[str, tuple[str, ...]] = {
    "html": (".html", ".htm"),
    "pdf": (".pdf",),
    "md": (".md", ".markdown"),
    "docx": (".docx",),
    "xlsx": (".xlsx",),
    "png": (".png",),
    "json": (".json",),
}
FORMATS = tuple(ENDINGS)


def render(document: Document, format: str) -> bytes:  # noqa: A002
    """Return the content of a file of the document, the same bytes for the same document.

    Raises:
        InputError: There is no such format.
    """
    if format not in ENDINGS:
        raise InputError([_unknown(format)], "the call")
    return _renderer(format)(document)


def choose_format(given: str | None, path: Path | str) -> str:
    """Return the format of a file: the one given, or what the ending says; a page if neither does.

    Raises:
        InputError: There is no such format, or the ending is that of another one.
    """
    ending = Path(path).suffix.casefold()
    meant = next((name for name, endings in ENDINGS.items() if ending in endings), None)
    if given is None:
        return meant or FORMATS[0]
    if given not in ENDINGS:
        raise InputError([_unknown(given)], "the call")
    if meant not in (None, given):
        message = f"{Path(path).name} would hold {given}, and its ending says {meant}"
        remedy = f"write {Path(path).stem}{ENDINGS[given][0]}"
        raise InputError([Problem("format", message, remedy)], "the call")
    return given


def _unknown(given: str) -> Problem:
    return Problem("format", f"{given!r:.80} is not known", f"use one of {', '.join(FORMATS)}")


def _renderer(format: str) -> Callable[[Document], bytes]:  # noqa: A002
    """Return what writes a format; what it needs is imported when it is asked for."""
    if format == "md":
        from accord.briefing.render.markdown import render_markdown

        return render_markdown
    if format == "pdf":
        from accord.briefing.render.pdf import render_pdf

        return render_pdf
    if format == "docx":
        from accord.briefing.render.word import render_word

        return render_word
    if format == "xlsx":
        from accord.briefing.render.workbook import render_workbook

        return render_workbook
    if format == "png":
        from accord.briefing.render.drawings import render_png

        return render_png
    if format == "json":
        from accord.briefing.render.data import render_json

        return render_json
    from accord.briefing.render.html import render_html

    return lambda document: render_html(document).encode("utf-8")
