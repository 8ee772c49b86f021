"""A document as one self-contained HTML page."""

from importlib import resources
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from accord.briefing.charts.base import render_svg
from accord.briefing.document.arrange import tell_amount, tell_ends
from accord.briefing.document.blocks import Card, Cell, Chart, Column, Document
from accord.briefing.document.facts import Fact, Piece, Prose
from accord.briefing.document.length import FULL
from accord.briefing.render.data import print_cell
from accord.briefing.words.messages import Messages
from accord.core.text import printable

if TYPE_CHECKING:
    import jinja2


def render_html(document: Document) -> str:
    """Return the page as text; it loads nothing from anywhere else."""
    style = Markup(read_template("style.css"))  # noqa: S704
    template = open_environment(document).get_template("briefing.html")
    return printable(template.render(document=document, style=style))


def open_environment(document: Document) -> "jinja2.Environment":
    """Return what a template of a document is read with; everything that it prints is escaped."""
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(read_template),
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
        day=page.words.numbers.date,
        amount=page.amount,
        interval=page.interval,
        linked=_is_link,
    )
    environment.globals["t"] = page.words.text
    return environment


def read_template(name: str) -> str:
    """Return the text of a template."""
    folder = resources.files("accord.briefing.render") / "templates"
    return (folder / name).read_text(encoding="utf-8")


def _is_link(address: str) -> bool:
    return address.startswith(("https://", "http://"))


def _ends(card: Card) -> tuple[float, ...]:
    """Return the numbers that the interval of a card has to show."""
    if card.payoff is None:
        return ()
    return (card.payoff.number, *(card.payoff.interval or ()))


class _Page:
    """Turns the pieces of one document into markup."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.words = Messages(document.language)
        self.sources = {note.source.id: note for note in document.sources}
        ends = [end for card in document.cards for end in _ends(card)]
        self.span = (min(0.0, *ends), max(0.0, *ends)) if ends else (0.0, 0.0)

    def prose(self, prose: Prose) -> Markup:
        """Return running text, its facts marked as data and its citations as links."""
        cited = {piece.cite for piece in prose.pieces if piece.cite}
        return Markup("").join(self._piece(piece, cited) for piece in prose.pieces)

    def cell(self, cell: Cell, column: Column) -> Markup:
        """Return the content of a cell, printed as its column says."""
        if cell is None:
            return Markup('<span class="none" title="{}">–</span>').format(
                self.words.text("page.none")
            )
        if isinstance(cell, Prose):
            return self.prose(cell)
        text, within = print_cell(cell, column, self.words)
        shown = self._data(cell, text) + self._flag(cell.source)
        if within:
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
        interval = fact.interval_text(words=self.words.numbers)
        within = f"; {self.words.phrase('page.range', span=interval)}" if interval else ""
        note = self.sources.get(fact.source)
        if note is None:
            return f"{self.words.phrase('page.computed')}{within}"
        told = self.words.phrase(
            "page.source_number", number=str(note.number), grade=note.source.grade
        )
        return f"{told}{within}"

    def _cite(self, source: str) -> Markup:
        note = self.sources.get(source)
        if note is None:
            return Markup("")
        if self.document.length != FULL:  # the list of sources is not on the page
            return self._flag(source)
        link = Markup('<sup><a class="cite" href="#source-{0}" title="{1}">[{0}]</a></sup>')
        return link.format(note.number, note.source.title) + self._flag(source)

    def _flag(self, source: str) -> Markup:
        note = self.sources.get(source)
        if note is None or not note.source.flagged:
            return Markup("")
        grade = note.source.grade
        told = str(self.words.phrase("page.grade_title", grade=grade, meaning=note.meaning))
        return Markup('<abbr class="flag" title="{}">{}</abbr>').format(told, grade)

    def amount(self, card: Card) -> Markup:
        """Return the payoff of a card in large digits."""
        told = tell_amount(card, self.words)
        return Markup("") if told is None else self.prose(told)

    def interval(self, card: Card) -> Markup:
        """Return a bar with the interval of a card and zero, all cards on one scale."""
        fact, (low, high) = card.payoff, self.span
        if fact is None or fact.interval is None or high <= low:
            return Markup("")

        def place(value: float) -> str:
            return f"{100 * (value - low) / (high - low):.1f}"

        left, right = (place(end) for end in fact.interval)
        bar = Markup(
            '<div class="interval" aria-hidden="true"><i style="left:{}%;right:{}%"></i>'
            '<b style="left:{}%"></b><s style="left:{}%"></s></div><p class="ends">{}</p>'
        )
        rest = f"{100 - float(right):.1f}"
        ends = tell_ends(card, self.words)
        told = Markup("") if ends is None else self.prose(ends)
        return bar.format(left, rest, place(fact.number), place(0.0), told)

    def svg(self, chart: Chart, size: str) -> Markup:
        """Return the drawing of a chart for a wide or a narrow page."""
        spec = chart.wide if size == "wide" else chart.narrow
        drawn = render_svg(spec, f"{chart.id}-{size}", chart.title, chart.alt)
        return Markup(drawn)  # noqa: S704  (made by our own program, titles escaped)
