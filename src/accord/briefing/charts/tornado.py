"""A tornado: how far each unknown alone moves a number, the widest bar first."""

from collections.abc import Sequence
from dataclasses import dataclass

from accord.briefing.charts.base import (
    DARK,
    FRAMES,
    INK,
    LIGHT,
    RULE,
    dump_spec,
    row_axis,
    row_labels,
    row_step,
    wrap_labels,
)
from accord.briefing.document.facts import fit_places, number_text


@dataclass(frozen=True)
class Bar:
    """The number at a low and at a high value of one unknown, all else central."""

    unknown: str
    at_low: float
    at_high: float


def build_tornado_chart(
    bars: Sequence[Bar], centre: float, size: str, *, axis: str, words: tuple[str, str, str]
) -> str:
    """Return a Vega-Lite text: for each unknown two bars that start at the central number.

    Words are those for the low value, for the high value, and for the span "{low} to {high}".
    """
    frame = FRAMES[size]
    low, high, span = words
    names = wrap_labels([bar.unknown[:1].upper() + bar.unknown[1:] for bar in bars], frame)
    places = fit_places([end for bar in bars for end in (bar.at_low, bar.at_high)], 0)
    rows = [
        {
            "unknown": names[bar.unknown[:1].upper() + bar.unknown[1:]],
            "start": centre,
            "end": end,
            "which": which,
            "text": span.format(
                low=number_text(min(bar.at_low, bar.at_high), "signed", places),
                high=number_text(max(bar.at_low, bar.at_high), "signed", places),
            ),
        }
        for bar in bars
        for which, end in ((low, bar.at_low), (high, bar.at_high))
    ]
    ends = [end for bar in bars for end in (bar.at_low, bar.at_high)]
    x = {
        "field": "start",
        "type": "quantitative",
        "title": axis,
        "scale": {"domain": [min(0.0, centre, *ends), max(0.0, centre, *ends)], "nice": True},
        "axis": {"tickCount": 5 if frame.plot > 300 else 3},
    }
    y = row_axis("unknown", names)
    spec = {
        "data": {"values": rows},
        "width": frame.plot,
        "height": {"step": row_step(names)},
        "layer": [
            {
                "mark": {"type": "bar", "height": {"band": 0.62}, "stroke": RULE,
                         "strokeWidth": 0.6},
                "encoding": {
                    "y": y, "x": x, "x2": {"field": "end"},
                    "color": {
                        "field": "which", "type": "nominal", "title": None,
                        "scale": {"domain": [low, high], "range": [DARK, LIGHT]},
                        "legend": {"orient": "top", "direction": "horizontal"},
                    },
                },
            },
            {
                "mark": {"type": "rule", "color": INK, "strokeWidth": 1},
                "encoding": {"x": {"datum": 0, "type": "quantitative"}},
            },
            {
                "mark": {"type": "text", "align": "right", "baseline": "middle", "color": INK,
                         "fontSize": frame.font - 1},
                "transform": [{"filter": {"field": "which", "equal": low}}],
                "encoding": {"y": y, "x": {"value": frame.plot + frame.values - 4},
                             "text": {"field": "text"}},
            },
            {
                **row_labels("unknown", y, frame),
                "transform": [{"filter": {"field": "which", "equal": low}}],
            },
        ],
    }  # fmt: skip
    return dump_spec(spec, frame)
