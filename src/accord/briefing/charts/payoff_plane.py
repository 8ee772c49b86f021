"""The payoff plane: what each package leaves to one party and to the other."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from accord.briefing.charts.base import (
    CLOUDS,
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
from accord.briefing.charts.clouds import Outline
from accord.briefing.document.facts import number_text

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
    # below the label of a mark beside it
    "farther lower right": (0.5, 0.0, 4.0, 0.0), "farther lower left": (-0.5, 1.0, 4.0, 0.0),
}  # fmt: skip
ALIGN = {0.0: "left", 0.5: "center", 1.0: "right"}
ROOM = 0.08  # of the range, around the outermost points
MOST_WIDER = 2.2  # times: a package that would widen the plane more stands at its edge


@dataclass(frozen=True)
class Spot:
    """A point of the plane: gains of the first and the second party, and what it is.

    `kind` is "package", "rule", "none" (no deal) or "off" (a package beyond the edge).
    `cloud` holds outlines around the draws of a package, the widest first.
    """

    label: str
    x: float
    y: float
    kind: str
    cloud: tuple[Outline, ...] = ()


@dataclass(frozen=True)
class PlaneWords:
    """What is written in the plane: titles of the axes, the shaded quarter, a point beyond it."""

    axes: tuple[str, str]
    corner: str
    off: str


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
    words: PlaneWords,
) -> str:
    """Return a Vega-Lite text: the plane with points and clouds, frontier, and where both gain.

    A package so far out that it would squeeze all others stands at the edge, with its figures.

    Args:
        spots: Points with their labels; no deal among them, the package in focus before others.
        frontier: Points of the frontier over terms, in order; none if there is none.
        size: "wide" or "narrow".
        words: What is written in the plane.
    """
    frame = FRAMES[size]
    width, height = frame.width - 80, HEIGHT[size]
    spans, spots = _fit(spots, frontier, words.off)
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
            (replace(spot, label=_first_name(spot)), px, py)
            for spot, px, py in drawn
            if spot not in rules[1:]
        ]
    zero = pixel(0.0, 0.0)
    lines = [line, [(0.0, zero[1]), (width, zero[1])], [(zero[0], 0.0), (zero[0], height)]]
    marks = [(px, py) for _, px, py in drawn]
    corner = _Box(width - 8 - len(words.corner) * frame.font * LETTER, 4, width, 16 + frame.font)
    names = _place(named, marks, lines, [corner], frame=frame, plot=(width, height))
    x = {"field": "x", "type": "quantitative", "title": words.axes[0],
         "scale": {"domain": spans[0], "nice": False, "zero": False},
         "axis": {"tickCount": 6 if frame.width == WIDE else 4, "gridColor": GRID}}  # fmt: skip
    y = {**x, "field": "y", "title": words.axes[1], "scale": {**x["scale"], "domain": spans[1]}}  # type: ignore[dict-item]
    both: Spec = {
        "data": {"values": [{"x": 0.0, "y": 0.0, "x2": spans[0][1], "y2": spans[1][1]}]},
        "mark": {"type": "rect", "color": LIGHT, "opacity": 0.55},
        "encoding": {"x": x, "y": y, "x2": {"field": "x2"}, "y2": {"field": "y2"}},
    }
    layers: list[Spec] = [both, *_clouds(spots, x, y), *(_zero(at) for at in ("x", "y"))]
    layers.append(_word(words.corner, width - 8, 14, font=frame.font, align="right"))
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
               "none": (INK, "square", 80), "off": (DARK, "triangle-up", 110)}  # fmt: skip
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


def _first_name(spot: Spot) -> str:
    """Return the first of the names that rules share; other labels are whole."""
    return spot.label.partition(",")[0] if spot.kind == "rule" else spot.label


def _fit(
    spots: Sequence[Spot], frontier: Sequence[tuple[float, float]], off: str
) -> tuple[list[list[float]], list[Spot]]:
    """Return the spans of both axes and the spots, those far out moved to the edge and renamed."""
    held = [spot for spot in spots if spot.kind != "package"]
    packages = [spot for spot in spots if spot.kind == "package"]
    points = [*frontier, *((spot.x, spot.y) for spot in held), (0.0, 0.0)]
    for at, spot in enumerate(packages):
        wider = [*points, (spot.x, spot.y), *(place for line in spot.cloud for place in line)]
        if at == 0 or _reach(wider) <= MOST_WIDER * _reach(points):
            points, held = wider, [*held, spot]
    spans = [_span([place[axis] for place in points]) for axis in (0, 1)]
    placed = []
    for spot in spots:
        if spot in held:
            placed.append(spot)
            continue
        x, y = (
            min(max(value, span[0]), span[1])
            for value, span in zip((spot.x, spot.y), spans, strict=True)
        )
        told = {"x": number_text(spot.x, "signed", 0), "y": number_text(spot.y, "signed", 0)}
        placed.append(Spot(off.format(label=spot.label, **told), x, y, "off"))
    return spans, placed


def _reach(points: Sequence[tuple[float, float]]) -> float:
    """Return the longer side of the box around points."""
    return max(max(place[at] for place in points) - min(place[at] for place in points)
               for at in (0, 1))  # fmt: skip


def _span(values: Sequence[float]) -> list[float]:
    low, high = min(0.0, *values), max(0.0, *values)
    room = ROOM * (high - low) or 1.0
    return [low - room, high + room]


def _clouds(spots: Sequence[Spot], x: Spec, y: Spec) -> list[Spec]:
    """Return the clouds of the packages, a colour each, the wider outline fainter."""
    layers: list[Spec] = []
    clouded = [spot for spot in spots if spot.cloud]
    for at, spot in enumerate(clouded):
        colour = CLOUDS[at % len(CLOUDS)]
        for outline in spot.cloud:
            path = [
                {"x": place[0], "y": place[1], "order": step}
                for step, place in enumerate((*outline, outline[0]))
            ]
            layers.append(
                {
                    "data": {"values": path},
                    "mark": {"type": "line", "filled": True, "color": colour, "fillOpacity": 0.16,
                             "stroke": colour, "strokeWidth": 0.8, "clip": True},
                    "encoding": {"x": x, "y": y,
                                 "order": {"field": "order", "type": "quantitative"}},
                }
            )  # fmt: skip
    return layers


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
    held: Sequence[_Box],
    *,
    frame: Frame,
    plot: tuple[float, float],
) -> list[Spec]:
    """Return the labels, each on the side of its point where it covers least of all else."""
    font = frame.font
    taken = [*held, *held]  # another text costs twice what a mark does
    taken += [_Box(px - 7, py - 7, px + 7, py + 7) for px, py in marks]
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
        taken += [box, box]  # as the words that stood before
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
