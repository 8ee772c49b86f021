"""A matrix of changes between pairs: colour for sign and size, and the figure in each cell."""

from collections.abc import Sequence
from dataclasses import dataclass

from accord.briefing.charts.base import FRAMES, INK, Spec, dump_spec
from accord.briefing.charts.world_map import GAINS
from accord.briefing.document.facts import number_text

SHADES = (0.25, 0.02)  # of the largest change: from there dark, and from there light


@dataclass(frozen=True)
class MatrixCell:
    """A change from one region to another."""

    seller: str
    buyer: str
    change: float


def build_matrix_chart(cells: Sequence[MatrixCell], size: str, *, axes: tuple[str, str]) -> str:
    """Return a Vega-Lite text: a matrix with a coloured cell and a figure for each pair.

    Args:
        cells: The pairs, rows first.
        size: "wide" or "narrow".
        axes: What rows and columns are.
    """
    frame = FRAMES[size]
    rows = list(dict.fromkeys(cell.seller for cell in cells))
    columns = list(dict.fromkeys(cell.buyer for cell in cells))
    columns = [name for name in rows if name in columns] or columns
    top = max(abs(cell.change) for cell in cells)
    values = [
        {"row": cell.seller, "column": cell.buyer,
         "change": cell.change, "shade": find_shade(cell.change, top),
         "text": number_text(cell.change, "signed", 1)}
        for cell in cells
    ]  # fmt: skip
    y: Spec = {"field": "row", "type": "nominal", "sort": rows, "title": axes[0]}
    x: Spec = {"field": "column", "type": "nominal", "sort": columns, "title": axes[1],
               "axis": {"orient": "top", "labelAngle": -40 if size == "wide" else -90}}  # fmt: skip
    dark = {"test": "datum.shade == 0 || datum.shade == 4", "value": "white"}
    spec: Spec = {
        "data": {"values": values},
        "width": {"step": 62 if size == "wide" else 30},
        "height": {"step": 30},
        "layer": [
            {"mark": {"type": "rect", "stroke": "white"},
             "encoding": {"x": x, "y": y, "color": {
                 "field": "shade", "type": "nominal", "legend": None,
                 "scale": {"domain": [0, 1, 2, 3, 4], "range": list(GAINS)}}}},
            {"mark": {"type": "text", "fontSize": 12 if size == "wide" else 9},
             "encoding": {"x": x, "y": y, "text": {"field": "text"},
                          "color": {"condition": dark, "value": INK}}},
        ],
    }  # fmt: skip
    return dump_spec(spec, frame)


def find_shade(change: float, top: float) -> int:
    """Return the class of a change among the colours, from a large fall to a large rise."""
    large, least = (share * top for share in SHADES)
    if abs(change) < least or top == 0:
        return 2
    step = 2 if abs(change) >= large else 1
    return 2 + step if change > 0 else 2 - step
