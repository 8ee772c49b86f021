"""A document as one self-contained HTML page."""

from importlib import resources

from markupsafe import Markup, escape

from accord.briefing.charts.base import render_svg
from accord.briefing.document.blocks import Cell, Chart, Column, Document
from accord.briefing.document.facts import Fact, Piece, Prose, date_text
from accord.core.text import printable


def render_html(document: Document) -> str:
    """Return the page as text; it loads nothing from anywhere else."""
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(_read_template),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
    )
    page = _Page(document)
    environment.filters.update(
        prose=page.prose,
        cell=page.cell,
        svg=page.svg,
        kind=lambda block: type(block).__name__.lower(),
        day=date_text,
        linked=_is_link,
    )
    style = Markup(_read_template("style.css"))  # noqa: S704
    template = environment.get_template("briefing.html")
    return printable(template.render(document=document, style=style))


def _read_template(name: str) -> str:
    folder = resources.files("accord.briefing.render") / "templates"
    return (folder / name).read_text(encoding="utf-8")


def _is_link(address: str) -> bool:
    return address.startswith(("https://", "http://"))


class _Page:
    """Turns the pieces of one document into markup."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.sources = {note.source.id: note for note in document.sources}

    def prose(self, prose: Prose) -> Markup:
        """Return running text, its facts marked as data and its citations as links."""
        cited = {piece.cite for piece in prose.pieces if piece.cite}
        return Markup("").join(self._piece(piece, cited) for piece in prose.pieces)

    def cell(self, cell: Cell, column: Column) -> Markup:
        """Return the content of a cell, printed as its column says."""
        if cell is None:
            return Markup('<span class="none" title="does not apply">–</span>')
        if isinstance(cell, Prose):
            return self.prose(cell)
        text = cell.text(column.style, column.decimals, with_unit=column.with_unit)
        shown = self._data(cell, text) + self._flag(cell.source)
        if column.ranged and cell.interval is not None:
            within = cell.interval_text(column.decimals)
            if within != cell.text("", column.decimals, with_unit=False):
                shown += Markup(' <span class="range">{}</span>').format(within)
        return shown

    def _piece(self, piece: Piece, cited: set[str]) -> Markup:
        if piece.fact is not None:
            shown = self._data(piece.fact, piece.text)
            # A source cited in the same sentence carries its own flag.
            return shown if piece.fact.source in cited else shown + self._flag(piece.fact.source)
        if piece.cite:
            return self._cite(piece.cite)
        return escape(piece.text)

    def _data(self, fact: Fact, text: str) -> Markup:
        return Markup('<data value="{}" title="{}">{}</data>').format(
            fact.value if fact.unit == "date" else repr(float(f"{fact.number:.6g}")),
            self._origin(fact),
            text,
        )

    def _origin(self, fact: Fact) -> str:
        interval = fact.interval_text()
        within = f"; range {interval}" if interval else ""
        note = self.sources.get(fact.source)
        if note is None:
            return f"computed by Accord or given by its settings{within}"
        return f"source {note.number}, grade {note.source.grade}{within}"

    def _cite(self, source: str) -> Markup:
        note = self.sources.get(source)
        if note is None:
            return Markup("")
        link = Markup('<sup><a class="cite" href="#source-{0}" title="{1}">[{0}]</a></sup>')
        return link.format(note.number, note.source.title) + self._flag(source)

    def _flag(self, source: str) -> Markup:
        note = self.sources.get(source)
        if note is None or not note.source.flagged:
            return Markup("")
        mark = Markup('<abbr class="flag" title="grade {}: {}">{}</abbr>')
        return mark.format(note.source.grade, note.meaning, note.source.grade)

    def svg(self, chart: Chart, size: str) -> Markup:
        """Return the drawing of a chart for a wide or a narrow page."""
        spec = chart.wide if size == "wide" else chart.narrow
        drawn = render_svg(spec, f"{chart.id}-{size}", chart.title, chart.alt)
        return Markup(drawn)  # noqa: S704  (made by our own program, titles escaped)
