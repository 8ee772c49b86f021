"""The two charts of the money: cash by year, and the steps from what is paid to its value."""

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
    dump_spec,
    row_axis,
    row_labels,
    row_step,
    wrap_labels,
)
from accord.briefing.document.facts import number_text


@dataclass(frozen=True)
class CashYear:
    """One year of the payer's cash, bn USD: paid (not positive), received, and the sum so far."""

    year: int
    paid: float
    received: float
    total: float


@dataclass(frozen=True)
class BridgeStep:
    """One step from nothing to a net value, bn USD: its name, what it adds, whether it is a sum."""

    name: str
    value: float
    is_total: bool = False


def build_cash_chart(
    years: Sequence[CashYear], size: str, labels: tuple[str, str, str], axis: str
) -> str:
    """Return a Vega-Lite text: bars of cash paid and received by year, and a line of their sum.

    Labels are those of what is paid, what is received, and the sum.
    """
    frame = FRAMES[size]
    *words, running = labels
    bars = [
        {"year": flow.year, "part": word, "value": value}
        for flow in years
        for word, value in zip(words, (flow.paid, flow.received), strict=True)
    ]
    line = [{"year": flow.year, "total": flow.total} for flow in years]
    x = {
        "field": "year",
        "type": "quantitative",
        "title": None,
        "axis": {"format": "d", "grid": False, "tickCount": 7 if frame.width == WIDE else 4},
        "scale": {"domain": [years[0].year - 0.7, years[-1].year + 0.7], "nice": False},
    }
    y = {"type": "quantitative", "title": axis, "axis": {"tickCount": 6, "gridColor": GRID}}
    legend = {"orient": "top", "direction": "horizontal" if frame.width == WIDE else "vertical"}
    shades = {"domain": [*words, running], "range": [MIDDLE, DARK, INK]}
    return dump_spec(
        {
            "width": frame.width - 60,
            "height": 240,
            "layer": [
                {
                    "data": {"values": bars},
                    "mark": {
                        "type": "bar", "stroke": RULE, "strokeWidth": 0.5,
                        "width": 0.8 * (frame.width - 60) / len(years),
                    },
                    "encoding": {
                        "x": x,
                        "y": {**y, "field": "value", "stack": "zero"},
                        "color": {
                            "field": "part", "type": "nominal", "title": None, "scale": shades,
                            "legend": legend,
                        },
                    },
                },
                {
                    "data": {"values": [{"at": 0}]},
                    "mark": {"type": "rule", "color": INK, "strokeWidth": 1},
                    "encoding": {"y": {"field": "at", "type": "quantitative"}},
                },
                {
                    "data": {"values": line},
                    "mark": {"type": "line", "strokeWidth": 2, "color": INK},
                    "encoding": {
                        "x": x,
                        "y": {**y, "field": "total"},
                        "color": {"datum": running},
                    },
                },
            ],
        },
        frame,
    )  # fmt: skip


def build_bridge_chart(steps: Sequence[BridgeStep], size: str, axis: str) -> str:
    """Return a Vega-Lite text: floating bars that lead from nothing to the net value."""
    frame = FRAMES[size]
    labels = wrap_labels([step.name for step in steps], frame)
    rows, at = [], 0.0
    for step in steps:
        start = 0.0 if step.is_total else at
        end = step.value if step.is_total else at + step.value
        at = end
        rows.append(
            {
                "step": labels[step.name], "start": start, "end": end,
                "shade": LIGHT if step.is_total else (DARK if step.value >= 0 else MIDDLE),
                "text": number_text(step.value, "signed", 1),
            }
        )  # fmt: skip
    y = row_axis("step", labels)
    x = {
        "type": "quantitative",
        "title": axis,
        "axis": {"tickCount": 5 if frame.plot > 300 else 3},
    }
    return dump_spec(
        {
            "data": {"values": rows},
            "width": frame.plot,
            "height": {"step": row_step(labels)},
            "layer": [
                {
                    "mark": {"type": "rule", "color": INK, "strokeWidth": 1},
                    "encoding": {"x": {"datum": 0, "type": "quantitative"}},
                },
                {
                    "mark": {"type": "bar", "height": {"band": 0.62}, "stroke": RULE,
                             "strokeWidth": 0.6},
                    "encoding": {
                        "y": y,
                        "x": {**x, "field": "start"},
                        "x2": {"field": "end"},
                        "color": {"field": "shade", "type": "nominal", "scale": None},
                    },
                },
                {
                    "mark": {"type": "text", "align": "right", "baseline": "middle", "color": INK,
                             "fontSize": frame.font},
                    "encoding": {
                        "y": y,
                        "x": {"value": frame.plot + frame.values - 8},
                        "text": {"field": "text"},
                    },
                },
                row_labels("step", y, frame),
            ],
        },
        frame,
    )  # fmt: skip
