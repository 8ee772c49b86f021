"""Bars side by side: a few items, each in a few scenarios."""

from collections.abc import Sequence
from dataclasses import dataclass

from accord.briefing.charts.base import (
    DARK,
    FRAMES,
    GRID,
    INK,
    LIGHT,
    MIDDLE,
    RULE,
    WIDE,
    Spec,
    dump_spec,
    row_axis,
    row_labels,
    wrap_labels,
)
from accord.briefing.document.facts import number_text


@dataclass(frozen=True)
class ComparedBar:
    """One bar: a value, bn USD a year, of an item (sector, exporter) in a scenario."""

    item: str
    scenario: str
    value: float


def build_comparison_chart(
    bars: Sequence[ComparedBar], size: str, axis: str, *, band: tuple[float, float] | None = None
) -> str:
    """Return a Vega-Lite text: for each item one bar a scenario, side by side, with values.

    A band behind the bars shows a range that they are to be compared with.
    """
    frame = FRAMES[size]
    items = wrap_labels(list(dict.fromkeys(bar.item for bar in bars)), frame)
    scenarios = list(dict.fromkeys(bar.scenario for bar in bars))
    rows = [
        {
            "item": items[bar.item],
            "scenario": bar.scenario,
            "value": bar.value,
            "text": number_text(bar.value, "", 1),
        }
        for bar in bars
    ]
    top = max(bar.value for bar in bars)
    y = row_axis("item", items)
    x = {
        "field": "value",
        "type": "quantitative",
        "title": axis,
        "scale": {"domain": [0, top * 1.02], "nice": False},
        "axis": {"tickCount": 5 if frame.plot > 300 else 3},
    }
    offset = {"field": "scenario", "type": "nominal", "sort": scenarios}
    color = {
        "field": "scenario",
        "type": "nominal",
        "title": None,
        "sort": scenarios,
        "scale": {"domain": scenarios, "range": [LIGHT, MIDDLE, DARK][: len(scenarios)]},
        "legend": {
            "orient": "top",
            "direction": "horizontal" if frame.width == WIDE else "vertical",
        },
    }
    spec = {
        "data": {"values": rows},
        "width": frame.plot,
        "height": {"step": 13, "for": "offset"},
        "layer": [
            *([_band(*band, x)] if band else []),
            {
                "mark": {"type": "bar", "stroke": RULE, "strokeWidth": 0.6},
                "encoding": {"y": y, "x": x, "yOffset": offset, "color": color},
            },
            {
                "mark": {
                    "type": "text",
                    "align": "left",
                    "baseline": "middle",
                    "dx": 4,
                    "color": INK,
                    "fontSize": 11,
                },
                "encoding": {"y": y, "x": x, "yOffset": offset, "text": {"field": "text"}},
            },
            {
                **row_labels("item", y, frame),
                "transform": [{"filter": {"field": "scenario", "equal": scenarios[0]}}],
            },
        ],
    }
    return dump_spec(spec, frame)


def _band(low: float, high: float, x: Spec) -> Spec:
    """Return a band over the whole height, between two values."""
    return {
        "data": {"values": [{"low": low, "high": high}]},
        "mark": {"type": "rect", "color": GRID},
        "encoding": {"x": {**x, "field": "low"}, "x2": {"field": "high"}},
    }
