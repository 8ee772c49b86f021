"""The payoff plane: what each package leaves to one party and to the other."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from accord.briefing.charts.base import (
    DARK,
    FRAMES,
    GRID,
    INK,
    LIGHT,
    MIDDLE,
    WIDE,
    Frame,
    Spec,
    dump_spec,
)

HEIGHT = {"wide": 430, "narrow": 330}
LETTER = 0.62  # width of a letter over its height
MARK = 9  # pixels between a mark and its label
# Where a label may stand: marks to the right, share of its width to the left, the same downwards.
ANCHORS: dict[str, tuple[float, float, float, float]] = {
    "right": (1.0, 0.0, 0.0, 0.5), "left": (-1.0, 1.0, 0.0, 0.5),
    "below": (0.0, 0.5, 1.0, 0.0), "above": (0.0, 0.5, -1.0, 1.0),
    "lower right": (1.0, 0.0, 0.5, 0.0), "upper left": (-1.0, 1.0, -0.5, 1.0),
    "lower left": (-1.0, 1.0, 0.5, 0.0), "upper right": (1.0, 0.0, -0.5, 1.0),
    "far lower left": (-0.5, 1.0, 1.6, 0.0), "far upper left": (-0.5, 1.0, -1.6, 1.0),
    "far lower right": (0.5, 0.0, 1.6, 0.0), "far upper right": (0.5, 0.0, -1.6, 1.0),
}  # fmt: skip
ALIGN = {0.0: "left", 0.5: "center", 1.0: "right"}
ROOM = 0.08  # of the range, around the outermost points


@dataclass(frozen=True)
class Spot:
    """A point of the plane: gains of the first and the second party, and what it is.

    `kind` is "package", "rule" or "none" (no deal).
    """

    label: str
    x: float
    y: float
    kind: str


@dataclass(frozen=True)
class _Box:
    left: float
    top: float
    right: float
    bottom: float

    def overlap(self, other: "_Box") -> float:
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.bottom, other.bottom) - max(self.top, other.top)
        return max(width, 0.0) * max(height, 0.0)


def build_plane_chart(
    spots: Sequence[Spot],
    frontier: Sequence[tuple[float, float]],
    size: str,
    axes: tuple[str, str],
) -> str:
    """Return a Vega-Lite text: the plane with its points, the frontier, and where both gain.

    Args:
        spots: Points with their labels; no deal among them.
        frontier: Points of the frontier over terms, in order; none if there is none.
        size: "wide" or "narrow".
        axes: Titles of the two axes.
    """
    frame = FRAMES[size]
    width, height = frame.width - 80, HEIGHT[size]
    spans = [
        _span([*(place[at] for place in frontier), *((spot.x, spot.y)[at] for spot in spots)])
        for at in (0, 1)
    ]
    scale = (width / (spans[0][1] - spans[0][0]), height / (spans[1][1] - spans[1][0]))

    def pixel(x: float, y: float) -> tuple[float, float]:
        return (x - spans[0][0]) * scale[0], (spans[1][1] - y) * scale[1]

    line = [pixel(x, y) for x, y in frontier]
    # On a narrow page the first rule alone has a name: the key says what the others are.
    drawn = [(spot, *pixel(spot.x, spot.y)) for spot in spots]
    named = drawn
    if frame.width < WIDE:
        rules = [spot for spot in spots if spot.kind == "rule"]
        named = [
            (replace(spot, label=spot.label.partition(",")[0]), px, py)
            for spot, px, py in drawn
            if spot not in rules[1:]
        ]
    zero = pixel(0.0, 0.0)
    lines = [line, [(0.0, zero[1]), (width, zero[1])], [(zero[0], 0.0), (zero[0], height)]]
    marks = [(px, py) for _, px, py in drawn]
    names = _place(named, marks, lines, frame=frame, plot=(width, height))
    x = {"field": "x", "type": "quantitative", "title": axes[0],
         "scale": {"domain": spans[0], "nice": False, "zero": False},
         "axis": {"tickCount": 6 if frame.width == WIDE else 4, "gridColor": GRID}}  # fmt: skip
    y = {**x, "field": "y", "title": axes[1], "scale": {**x["scale"], "domain": spans[1]}}  # type: ignore[dict-item]
    both: Spec = {
        "data": {"values": [{"x": 0.0, "y": 0.0, "x2": spans[0][1], "y2": spans[1][1]}]},
        "mark": {"type": "rect", "color": LIGHT, "opacity": 0.55},
        "encoding": {"x": x, "y": y, "x2": {"field": "x2"}, "y2": {"field": "y2"}},
    }
    layers: list[Spec] = [both, *(_zero(at) for at in ("x", "y"))]
    if frontier:
        path = [{"x": place[0], "y": place[1], "order": at} for at, place in enumerate(frontier)]
        layers.append(
            {
                "data": {"values": path},
                "mark": {"type": "line", "color": DARK, "strokeWidth": 2.2},
                "encoding": {"x": x, "y": y, "order": {"field": "order", "type": "quantitative"}},
            }
        )
    colours = {"package": (DARK, "diamond", 110), "rule": (MIDDLE, "circle", 90),
               "none": (INK, "square", 80)}  # fmt: skip
    for kind, (colour, shape, area) in colours.items():
        rows = [{"x": spot.x, "y": spot.y} for spot in spots if spot.kind == kind]
        if rows:
            layers.append(
                {
                    "data": {"values": rows},
                    "mark": {"type": "point", "shape": shape, "filled": True, "size": area,
                             "opacity": 1, "color": colour, "stroke": "white", "strokeWidth": 1},
                    "encoding": {"x": x, "y": y},
                }
            )  # fmt: skip
    layers += names
    spec = {"width": width, "height": height, "layer": layers}
    return dump_spec(spec, frame)


def _span(values: Sequence[float]) -> list[float]:
    low, high = min(0.0, *values), max(0.0, *values)
    room = ROOM * (high - low) or 1.0
    return [low - room, high + room]


def _zero(at: str) -> Spec:
    return {
        "data": {"values": [{}]},
        "mark": {"type": "rule", "color": INK, "strokeWidth": 1},
        "encoding": {at: {"datum": 0, "type": "quantitative"}},
    }


def _place(
    spots: Sequence[tuple[Spot, float, float]],
    marks: Sequence[tuple[float, float]],
    lines: Sequence[Sequence[tuple[float, float]]],
    *,
    frame: Frame,
    plot: tuple[float, float],
) -> list[Spec]:
    """Return the labels, each on the side of its point where it covers least of all else."""
    font = frame.font
    taken = [_Box(px - 7, py - 7, px + 7, py + 7) for px, py in marks]
    for (x, y), (x2, y2) in (pair for line in lines for pair in pairwise(line)):
        steps = max(2, int(max(abs(x2 - x), abs(y2 - y)) / 8))
        for at in range(steps + 1):
            px, py = x + (x2 - x) * at / steps, y + (y2 - y) * at / steps
            taken.append(_Box(px - 3, py - 3, px + 3, py + 3))
    layers = []
    for spot, px, py in spots:
        words = textwrap.wrap(spot.label, frame.wrap, break_long_words=False)
        wide = max(map(len, words)) * font * LETTER
        tall = len(words) * (font + 2.0)
        sides = {
            side: (px + anchor[0] * MARK - anchor[1] * wide, py + anchor[2] * MARK
                   - anchor[3] * tall)
            for side, anchor in ANCHORS.items()
        }  # fmt: skip
        boxes = {
            side: _Box(left, top, left + wide, top + tall) for side, (left, top) in sides.items()
        }
        best = min(
            boxes, key=lambda side: _cost(boxes[side], taken, plot) + 5.0 * abs(ANCHORS[side][2])
        )
        box, (_, share, _, _) = boxes[best], ANCHORS[best]
        taken.append(box)
        x = box.left + share * wide
        layers += [
            _word(word, x, box.top + (at + 0.5) * (font + 2), font=font, align=ALIGN[share])
            for at, word in enumerate(words)
        ]
    return layers


def _cost(box: _Box, taken: Sequence[_Box], plot: tuple[float, float]) -> float:
    """Return the area that a label covers of what is there, and of what is outside."""
    inside = box.overlap(_Box(0.0, 0.0, *plot))
    whole = (box.right - box.left) * (box.bottom - box.top)
    return sum(box.overlap(label) for label in taken) + 5.0 * (whole - inside)


def _word(text: str, x: float, y: float, *, font: int, align: str) -> Spec:
    return {
        "data": {"values": [{"text": text}]},
        "mark": {"type": "text", "align": align, "baseline": "middle", "color": INK,
                 "fontSize": font},
        "encoding": {"x": {"value": round(x, 1)}, "y": {"value": round(y, 1)},
                     "text": {"field": "text", "type": "nominal"}},
    }  # fmt: skip
