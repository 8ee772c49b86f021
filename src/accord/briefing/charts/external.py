"""The chart of the currency: the price of the dollar under each package."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from accord.briefing.charts.base import (
    DARK,
    FRAMES,
    GRID,
    INK,
    LIGHT,
    RULE,
    WIDE,
    Spec,
    dump_spec,
)


@dataclass(frozen=True)
class DollarYear:
    """How much dearer the dollar is at the end of a year than at the start, per cent."""

    package: str
    year: int
    low: float
    median: float
    high: float


def build_dollar_chart(years: Sequence[DollarYear], size: str, axes: tuple[str, str]) -> str:
    """Return a Vega-Lite text: for each package a panel with the median and the 90 % interval.

    Axes are the titles of that to the right and of that upwards.
    """
    frame = FRAMES[size]
    packages = list(dict.fromkeys(point.package for point in years))
    columns = min(len(packages), 3) if frame.width == WIDE else 1
    width = (frame.width - 60) / columns - 28
    few = int(width / frame.font * 1.5)  # letters that fit above a panel
    names = {name: "|".join(textwrap.wrap(name, few)) for name in packages}
    rows = [
        {"package": names[point.package], "year": point.year, "low": point.low,
         "median": point.median, "high": point.high}
        for point in years
    ]  # fmt: skip
    x: Spec = {
        "field": "year",
        "type": "quantitative",
        "title": axes[0],
        "axis": {"tickCount": 5, "grid": False, "format": "d"},
    }
    y: Spec = {
        "type": "quantitative",
        "title": axes[1] if frame.width == WIDE else None,
        "axis": {"tickCount": 5, "gridColor": GRID},
    }
    layers = [
        {
            "mark": {"type": "area", "color": LIGHT, "stroke": RULE, "strokeWidth": 0.5},
            "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}},
        },
        {
            "mark": {"type": "rule", "color": INK, "strokeWidth": 1},
            "encoding": {"y": {"datum": 0, "type": "quantitative"}},
        },
        {
            "mark": {"type": "line", "color": DARK, "strokeWidth": 2},
            "encoding": {"x": x, "y": {**y, "field": "median"}},
        },
    ]
    return dump_spec(
        {
            "data": {"values": rows},
            "facet": {
                "field": "package",
                "type": "nominal",
                "title": None,
                "sort": list(names.values()),
                "header": {
                    "labelAnchor": "start",
                    "labelFontWeight": "bold",
                    "labelFontSize": frame.font,
                    "labelLimit": 0,
                    "labelExpr": "split(datum.label, '|')",
                    "labelLineHeight": frame.font + 2,
                },
            },
            "columns": columns,
            "spacing": 18,
            "spec": {"width": width, "height": 170, "layer": layers},
        },
        frame,
    )
