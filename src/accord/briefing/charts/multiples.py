"""Small multiples: the same few bars with intervals, in a panel for each item."""

from collections.abc import Sequence
from dataclasses import dataclass

from accord.briefing.charts.base import DARK, FRAMES, INK, MIDDLE, RULE, Spec, dump_spec
from accord.briefing.document.facts import number_text

ACROSS = {"wide": 3, "narrow": 1}
BAR = 24


@dataclass(frozen=True)
class PanelBar:
    """One bar: a change in per cent with its interval, of a party in a panel."""

    panel: str
    party: str
    value: float
    low: float
    high: float


def build_multiples_chart(bars: Sequence[PanelBar], size: str, *, axis: str) -> str:
    """Return a Vega-Lite text: panels of bars with intervals, all on one scale.

    Args:
        bars: The bars; those of a panel follow each other.
        size: "wide" or "narrow".
        axis: What is measured, with its unit.
    """
    frame, across = FRAMES[size], ACROSS[size]
    panels = list(dict.fromkeys(bar.panel for bar in bars))
    parties = list(dict.fromkeys(bar.party for bar in bars))
    values = [
        {"panel": bar.panel, "party": bar.party, "value": bar.value, "low": bar.low,
         "high": bar.high, "text": number_text(bar.value, "signed", 1)}
        for bar in bars
    ]  # fmt: skip
    ends = [end for bar in bars for end in (bar.low, bar.high, bar.value)]
    extent = [min(0.0, *ends), max(0.0, *ends)]
    y: Spec = {"field": "party", "type": "nominal", "sort": parties, "title": None,
               "axis": {"labels": size == "narrow" or len(panels) > 0, "ticks": False,
                        "domain": False}}  # fmt: skip
    x: Spec = {"field": "value", "type": "quantitative", "title": axis,
               "scale": {"domain": extent, "nice": True}, "axis": {"tickCount": 3}}  # fmt: skip
    width = (frame.width - 70) // across - (100 if size == "wide" else 60)
    color = {"field": "party", "type": "nominal", "legend": None, "sort": parties,
             "scale": {"domain": parties, "range": [DARK, MIDDLE]}}  # fmt: skip
    rule = {"type": "rule", "strokeWidth": 1.6, "color": INK}
    spec: Spec = {
        "data": {"values": values},
        "facet": {"field": "panel", "type": "nominal", "sort": panels, "title": None,
                  "header": {"labelAnchor": "start", "labelFontWeight": "bold",
                             "labelFontSize": frame.font}},
        "columns": across,
        "spacing": 14,
        "spec": {
            "width": width,
            "height": {"step": BAR},
            "layer": [
                {"mark": {"type": "rule", "color": INK},
                 "encoding": {"x": {"datum": 0, "type": "quantitative"}}},
                {"mark": {"type": "bar", "height": {"band": 0.6}, "stroke": RULE,
                          "strokeWidth": 0.6},
                 "encoding": {"y": y, "x": x, "color": color}},
                {"mark": {**rule, "strokeWidth": 4, "color": "white"},
                 "encoding": {"y": y, "x": {**x, "field": "low"}, "x2": {"field": "high"}}},
                {"mark": rule,
                 "encoding": {"y": y, "x": {**x, "field": "low"}, "x2": {"field": "high"}}},
            ],
        },
    }  # fmt: skip
    return dump_spec(spec, frame)
