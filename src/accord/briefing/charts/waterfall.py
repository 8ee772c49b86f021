"""A waterfall: the parts of a number one below the other, and the whole with its interval."""

from collections.abc import Sequence
from dataclasses import dataclass

from accord.briefing.charts.base import (
    DARK,
    FRAMES,
    GRID,
    INK,
    LIGHT,
    RULE,
    Spec,
    dump_spec,
    row_axis,
    row_labels,
    row_step,
    wrap_labels,
)
from accord.briefing.document.facts import fit_places, number_text


@dataclass(frozen=True)
class GainBars:
    """The parts of a number in order, its own name, and the interval around it if it has one."""

    parts: Sequence[tuple[str, float]]
    name: str
    interval: tuple[float, float] | None

    @property
    def total(self) -> float:
        """The sum of the parts."""
        return sum(value for _, value in self.parts)

    @property
    def reach(self) -> tuple[float, float]:
        """The lowest and the highest figure that it has to show, zero among them."""
        ends = [0.0, *(self.interval or ())]
        at = 0.0
        for _, value in self.parts:
            at += value
            ends.append(at)
        return min(ends), max(ends)


def build_waterfall(fall: GainBars, reach: tuple[float, float], size: str, axis: str) -> str:
    """Return a Vega-Lite text: each part starts where the one above it ends.

    Args:
        fall: What to draw.
        reach: Ends of the axis, the same for charts that stand side by side.
        size: "wide" or "narrow".
        axis: Title of the axis.
    """
    frame = FRAMES[size]
    names = wrap_labels([*(name for name, _ in fall.parts), fall.name], frame)
    rows, at = [], 0.0
    places = fit_places((fall.total, *(value for _, value in fall.parts)), 0)
    for name, value in fall.parts:
        text = number_text(value, "signed", places)
        rows.append({"part": names[name], "start": at, "end": at + value, "text": text,
                     "gain": "yes" if value >= 0 else "no"})  # fmt: skip
        at += value
    low, high = fall.interval or (at, at)
    whole = {"part": names[fall.name], "start": low, "end": high, "total": at,
             "text": number_text(at, "signed", places)}  # fmt: skip
    x = {
        "field": "start", "type": "quantitative", "title": axis,
        "scale": {"domain": list(reach), "nice": False, "zero": False},
        "axis": {"tickCount": 4, "gridColor": GRID},
    }  # fmt: skip
    y = row_axis("part", names)
    end = {"field": "end"}
    figures: Spec = {
        "mark": {"type": "text", "align": "right", "baseline": "middle", "color": INK,
                 "fontSize": frame.font},
        "encoding": {"y": y, "x": {"value": frame.plot + frame.values - 4},
                     "text": {"field": "text"}},
    }  # fmt: skip
    spec = {
        "width": frame.plot,
        "height": {"step": row_step(names)},
        "layer": [
            {"data": {"values": [{}]}, "mark": {"type": "rule", "color": INK, "strokeWidth": 1},
             "encoding": {"x": {"datum": 0, "type": "quantitative"}}},
            {"data": {"values": rows},
             "layer": [
                 {"mark": {"type": "bar", "height": {"band": 0.62}, "stroke": RULE,
                           "strokeWidth": 0.6},
                  "encoding": {"y": y, "x": x, "x2": end, "color": {
                      "field": "gain", "type": "nominal", "legend": None,
                      "scale": {"domain": ["yes", "no"], "range": [DARK, LIGHT]}}}},
                 figures, row_labels("part", y, frame)]},
            {"data": {"values": [whole]},
             "layer": [
                 {"mark": {"type": "rule", "color": INK, "strokeWidth": 2},
                  "encoding": {"y": y, "x": x, "x2": end}},
                 {"mark": {"type": "point", "shape": "diamond", "filled": True, "size": 70,
                           "opacity": 1, "color": DARK, "stroke": "white"},
                  "encoding": {"y": y, "x": {**x, "field": "total"}}},
                 {**figures, "mark": {**figures["mark"], "fontWeight": "bold"}},
                 row_labels("part", y, frame)]},
        ],
    }  # fmt: skip
    return dump_spec(spec, frame)
