"""The drawings of a document outside a browser: as SVG with fonts of our own, and as PNG."""

from functools import cache
from pathlib import Path

from accord.briefing.charts.base import PAGE_FONT, render_svg
from accord.briefing.document.blocks import Chart, Document

FONTS = Path(__file__).parent / "fonts"
FAMILIES = "'Accord Sans', 'Accord Sans KR'"
DOTS_AN_INCH = 300
PIXELS_AN_INCH = 96  # of the page


def draw_svg(chart: Chart, size: str) -> str:
    """Return the drawing of a chart for a "wide" or "narrow" page, in the fonts of `FONTS`."""
    spec = chart.wide if size == "wide" else chart.narrow
    drawn = render_svg(spec, f"{chart.id}-{size}", chart.title, chart.alt)
    return drawn.replace(PAGE_FONT, FAMILIES, 1)


def draw_png(chart: Chart, *, dots: int = DOTS_AN_INCH) -> bytes:
    """Return the wide drawing of a chart as PNG, with so many dots an inch when printed."""
    import vl_convert

    _register_fonts()
    drawn: bytes = vl_convert.svg_to_png(
        draw_svg(chart, "wide"), scale=dots / PIXELS_AN_INCH, ppi=72
    )
    return drawn


def render_png(document: Document) -> bytes:
    """Return the picture of the document, the payoff plane, as PNG at 300 dots an inch."""
    return draw_png(document.picture)


@cache
def _register_fonts() -> None:
    import vl_convert

    vl_convert.register_font_directory(str(FONTS))
