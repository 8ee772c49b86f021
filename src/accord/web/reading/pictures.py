"""The picture of a verdict: a row for each party, its interval and zero, as SVG without styles."""

from collections.abc import Callable, Sequence

from markupsafe import Markup

from accord.library.content import PartyFigure

WIDTH, ROW, MARGIN, TOP = 320, 54, 8, 12
TEXT, TRACK = 16, 34  # below the top of a row: the base of its text, the middle of its bar
LONGEST_NAME = 22  # letters of a name beside its figure
Placing = Callable[[float], float]

_FRAME = Markup(
    '<svg class="verdict" viewBox="0 0 {width} {height}" role="img" aria-label="{label}">'
    "{rows}</svg>"
)
_ROW = Markup(
    '<g class="{tone}"><text class="name" x="{left}" y="{text}">{name}</text>'
    '<text class="amount" x="{right}" y="{text}">{amount}</text>'
    '<line class="track" x1="{left}" x2="{right}" y1="{track}" y2="{track}"/>{span}'
    '<line class="zero" x1="{zero}" x2="{zero}" y1="{above}" y2="{below}"/>'
    '<circle class="value" cx="{value}" cy="{track}" r="5"/></g>'
)
_SPAN = Markup('<rect class="span" x="{x}" y="{y}" width="{width}" height="8" rx="4"/>')


def draw_verdict(figures: Sequence[PartyFigure]) -> Markup:
    """Return the picture of what a deal is worth to each party, all on one scale.

    The dot is the central value, the bar holds nine draws in ten, the upright line is nothing.
    """
    ends = [0.0, *(end for figure in figures for end in _ends(figure))]
    low, high = min(ends), max(ends)
    size = (high - low) or 1.0
    room = WIDTH - 2 * MARGIN

    def place(value: float) -> float:
        return round(MARGIN + room * (value - low) / size, 1)

    rows = Markup("").join(
        _draw_row(figure, TOP + at * ROW, place) for at, figure in enumerate(figures)
    )
    return _FRAME.format(
        width=WIDTH, height=TOP + ROW * len(figures), label=describe_verdict(figures), rows=rows
    )


def describe_verdict(figures: Sequence[PartyFigure]) -> str:
    """Return the same in words, for a reader who hears the page."""
    return "; ".join(
        f"{figure.party}: {figure.amount}" + (f" ({figure.ends})" if figure.ends else "")
        for figure in figures
    )


def _ends(figure: PartyFigure) -> tuple[float, ...]:
    return tuple(end for end in (figure.value, figure.low, figure.high) if end is not None)


def _draw_row(figure: PartyFigure, top: int, place: Placing) -> Markup:
    track = top + TRACK
    span = Markup("")
    if figure.low is not None and figure.high is not None:
        left, right = place(figure.low), place(figure.high)
        span = _SPAN.format(x=left, y=track - 4, width=round(max(right - left, 1.0), 1))
    name = figure.party
    return _ROW.format(
        tone=figure.tone if figure.tone in {"gain", "loss"} else "open",
        name=name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…",
        amount=figure.amount,
        left=MARGIN,
        right=WIDTH - MARGIN,
        text=top + TEXT,
        track=track,
        zero=place(0.0),
        above=track - 9,
        below=track + 9,
        value=place(figure.value),
        span=span,
    )
