"""Charts as Vega-Lite descriptions, and their drawing as inline SVG without a browser."""

import json
import re
import textwrap
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from accord.briefing.document.facts import number_text

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
WIDE, NARROW = 720, 340
LONG = 100.0  # from here on, labels of an axis have three digits and need room

# Told apart by lightness as well as by hue, so that grey print and colour-blind readers keep them.
DARK, MIDDLE, LIGHT = "#12436d", "#e07b39", "#c8ced6"
CLOUDS = (DARK, MIDDLE, "#5b8c6a", "#7b5a8c", "#8a8f98")  # the package in focus first
INK, RULE, GRID = "#1f2933", "#52606d", "#e4e7eb"

# The drawing program carries Liberation Sans, which is as wide as Arial, letter by letter. A reader
# may have neither: room is kept for letters wider by this factor, such as DejaVu's or Verdana's.
_MEASURED_FONT = "Liberation Sans"
PAGE_FONT = (
    "Arial, 'Liberation Sans', Arimo, Helvetica, 'Nimbus Sans', 'DejaVu Sans Condensed', sans-serif"
)
_WIDER = 1.2
_MEASURED = ("fontSize", "labelFontSize", "titleFontSize", "labelLimit")

Spec = dict[str, Any]


@dataclass(frozen=True)
class WelfareBar:
    """One bar: welfare of a country under a package, bn USD a year, in two parts and in all."""

    country: str
    package: str
    tariff_part: float
    transfer_part: float
    total: float
    low: float
    high: float
    party: bool


@dataclass(frozen=True)
class Frame:
    """Sizes of a chart on a wide or a narrow page, in pixels."""

    width: int
    label: int
    wrap: int
    values: int
    font: int

    @property
    def plot(self) -> int:
        """Width left for the bars."""
        return self.width - self.label - self.values


FRAMES = {
    "wide": Frame(WIDE, label=205, wrap=27, values=70, font=13),
    "narrow": Frame(NARROW, label=120, wrap=16, values=54, font=12),
}


def build_welfare_chart(
    bars: Sequence[WelfareBar],
    size: str,
    *,
    axis: str,
    labels: tuple[str, str],
    other: str = "",
) -> str:
    """Return a Vega-Lite text: bars by country and package, with totals and ranges.

    Where no bar has a second part, there is nothing to tell apart and no key.

    Parties and other countries have scales of their own, one above the other; `other` follows the
    name of the second axis.
    """
    frame = FRAMES[size]
    parted = any(bar.transfer_part for bar in bars)
    panels = [
        _welfare_panel(
            [bar for bar in bars if bar.party is party],
            frame,
            axis if party else f"{axis} {other}",
            labels,
            named=party and parted,
        )
        for party in (True, False)
        if any(bar.party is party for bar in bars)
    ]
    return dump_spec({"vconcat": panels, "spacing": 28}, frame)


def _welfare_panel(
    bars: Sequence[WelfareBar], frame: Frame, axis: str, labels: tuple[str, str], *, named: bool
) -> Spec:
    packages = wrap_labels(list(dict.fromkeys(bar.package for bar in bars)), frame)
    countries = list(dict.fromkeys(bar.country for bar in bars))
    places = 1 if max(abs(bar.total) for bar in bars) >= 10 else 2
    rows = [
        {
            "country": bar.country,
            "package": packages[bar.package],
            "tariffs": bar.tariff_part,
            "transfer": bar.transfer_part,
            "total": bar.total,
            "low": bar.low,
            "high": bar.high,
            "text": number_text(bar.total, "signed", places),
        }
        for bar in bars
    ]
    y = row_axis("package", packages)
    extent = [min(0.0, *(_ends(bars, min))), max(0.0, *(_ends(bars, max)))]
    x = {
        "type": "quantitative",
        "title": axis,
        "scale": {"domain": extent, "nice": True},
        "axis": {"tickCount": 5 if frame.plot > 300 else 3 if max(map(abs, extent)) < LONG else 2},
    }
    parts = {
        "transform": [
            {"fold": ["tariffs", "transfer"], "as": ["part", "value"]},
            {"calculate": f"datum.part == 'tariffs' ? '{labels[0]}' : '{labels[1]}'",
             "as": "part"},
        ],
        "mark": {"type": "bar", "height": {"band": 0.62}, "stroke": RULE, "strokeWidth": 0.6},
        "encoding": {
            "y": y,
            "x": {**x, "field": "value", "stack": "zero"},
            "color": {
                "field": "part",
                "type": "nominal",
                "title": None,
                "scale": {
                    "domain": list(labels), "range": [DARK, LIGHT],
                },
                "legend": {"orient": "top", "direction": "horizontal"} if named else None,
            },
        },
    }  # fmt: skip
    total = {"y": y, "x": {**x, "field": "total"}}
    layers = [
        {"mark": {"type": "rule", "color": INK, "strokeWidth": 1},
         "encoding": {"x": {"datum": 0, "type": "quantitative"}}},
        parts,
        {"mark": {"type": "rule", "color": "white", "strokeWidth": 4.5},
         "encoding": {"y": y, "x": {**x, "field": "low"}, "x2": {"field": "high"}}},
        {"mark": {"type": "rule", "color": INK, "strokeWidth": 1.6},
         "encoding": {"y": y, "x": {**x, "field": "low"}, "x2": {"field": "high"}}},
        {"mark": {"type": "point", "shape": "diamond", "filled": True, "size": 52, "opacity": 1,
                  "color": MIDDLE, "stroke": INK, "strokeWidth": 1},
         "encoding": total},
        {"mark": {"type": "text", "align": "right", "baseline": "middle", "color": INK,
                  "fontSize": frame.font},
         "encoding": {"y": y, "x": {"value": frame.plot + frame.values - 8},
                      "text": {"field": "text"}}},
        row_labels("package", y, frame),
    ]  # fmt: skip
    return {
        "data": {"values": rows},
        "facet": {
            "row": {
                "field": "country",
                "type": "nominal",
                "title": None,
                "sort": countries,
                "header": {
                    "labelOrient": "top",
                    "labelAnchor": "start",
                    "labelFontWeight": "bold",
                    "labelFontSize": frame.font + 1,
                    "labelPadding": 3,
                },
            }
        },
        "spacing": 12,
        "spec": {
            "width": frame.plot,
            "height": {"step": row_step(packages)},
            "layer": layers,
        },
    }


def _ends(bars: Sequence[WelfareBar], pick: Any) -> list[float]:
    ends = []
    for bar in bars:
        stacked = [part for part in (bar.tariff_part, bar.transfer_part) if pick(part, 0) == part]
        ends.append(float(pick(sum(stacked), bar.low, bar.high, bar.total)))
    return ends


def row_axis(field: str, labels: dict[str, str]) -> Spec:
    """Return the encoding of rows in the order of their labels, without an axis."""
    return {
        "field": field,
        "type": "nominal",
        "title": None,
        "sort": list(labels.values()),
        "axis": None,
    }


def row_labels(field: str, y: Spec, frame: Frame) -> Spec:
    """Return the names of the rows as text beside the plot, each centred on its row."""
    lines = f"length(split(datum.{field}, '|'))"
    return {
        "mark": {
            "type": "text",
            "align": "right",
            "baseline": "middle",
            "lineBreak": "|",
            "lineHeight": frame.font + 2,
            "dy": {"expr": f"-({lines} - 1) * {(frame.font + 2) / 2}"},
            "color": INK,
            "fontSize": frame.font,
        },
        "encoding": {"y": y, "x": {"value": -8}, "text": {"field": field, "type": "nominal"}},
    }


def wrap_labels(labels: Sequence[str], frame: Frame) -> dict[str, str]:
    """Return labels with bars where lines break, by label."""
    return {label: "|".join(textwrap.wrap(label, frame.wrap)) for label in labels}


def row_step(labels: dict[str, str]) -> int:
    """Return the height of a row that holds the longest label, pixels."""
    lines = max(text.count("|") + 1 for text in labels.values())
    return max(24, 15 * lines + 4)


def dump_spec(spec: Spec, frame: Frame) -> str:
    """Return a chart as text, with the settings all charts share."""
    whole = {
        "$schema": SCHEMA,
        "background": "white",
        "padding": {"left": 2, "top": 4, "right": 2, "bottom": 4},
        "autosize": {"type": "pad", "contains": "padding"},
        **spec,
        "config": {
            "aria": False,
            "font": _MEASURED_FONT,
            "view": {"stroke": None},
            "axis": {
                "labelFontSize": frame.font,
                "titleFontSize": frame.font,
                "labelColor": INK,
                "titleColor": INK,
                "titleFontWeight": "normal",
                "gridColor": GRID,
                "domainColor": RULE,
                "tickColor": RULE,
                "labelLineHeight": frame.font + 2,
            },
            "header": {"labelColor": INK},
            "legend": {
                "labelFontSize": frame.font,
                "labelColor": INK,
                "labelLimit": frame.width - 40,
                "symbolType": "square",
                "symbolStrokeWidth": 0.6,
                "symbolStrokeColor": RULE,
                "offset": 10,
            },
        },
    }
    return json.dumps(_widened(whole), sort_keys=True, ensure_ascii=False)


def _widened(value: Any) -> Any:
    """Return a description with room for wider letters; `render_svg` gives them their own size."""
    if isinstance(value, dict):
        return {
            key: round(item * _WIDER, 3) if key in _MEASURED else _widened(item)
            for key, item in value.items()
        }
    return [_widened(item) for item in value] if isinstance(value, list) else value


def start_drawing() -> threading.Thread:
    """Return the started thread that loads the drawing program while other work goes on.

    Its first drawing takes some 0.4 s more than the next; nothing waits for this thread.
    """
    thread = threading.Thread(target=_draw, args=('{"data":{"values":[{}]},"mark":"bar"}',))
    thread.start()
    return thread


def _draw(spec: str) -> str:
    import vl_convert

    drawn: str = vl_convert.vegalite_to_svg(spec)
    return drawn


_TAG = re.compile(r"<svg\b[^>]*>")
_NOISE = re.compile(
    r' (?:aria-[a-z]+|role|class|pointer-events|xmlns:xlink|version)="[^"]*"'
    r'|(?<= )opacity="1" ?| font-family="[^"]*"'
)
_LONG_NUMBER = re.compile(r"-?\d+\.\d{3,}")
_SIZE = re.compile(r'(?<= font-size=")([\d.]+)px"')
_ID = re.compile(r'(id="|url\(#)')
_CLIP = re.compile(r'(?<="|#)clip\d+(?="|\))')
_EMPTY = re.compile(r'<path d="" display="none"/>|<g></g>')


def render_svg(spec: str, id: str, title: str, description: str) -> str:  # noqa: A002
    """Return the drawing as SVG for inclusion in a page: same text in, same bytes out.

    Ids inside start with `id`, so that several drawings share a page; width follows the page.
    """
    drawn = _draw(spec)
    head = _TAG.search(drawn)
    if head is None:
        raise AssertionError("the chart has no drawing; please report this")
    box = re.search(r'viewBox="([^"]+)"', head.group())
    width = re.search(r'width="([^"]+)"', head.group())
    if box is None or width is None:
        raise AssertionError("the drawing has no size; please report this")
    body = _NOISE.sub("", drawn[head.end() :])
    body = _SIZE.sub(lambda match: f'{_short(str(float(match.group(1)) / _WIDER))}px"', body)
    body = _LONG_NUMBER.sub(lambda match: _short(match.group()), body)
    # The drawing program counts clips over all drawings of a process: here they count from one.
    clips = {name: f"clip{at}" for at, name in enumerate(dict.fromkeys(_CLIP.findall(body)), 1)}
    body = _CLIP.sub(lambda match: clips[match.group()], body)
    body = _ID.sub(rf"\g<1>{id}-", _EMPTY.sub("", body))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box.group(1)}" role="img" '
        f'aria-labelledby="{id}-title {id}-desc" font-family="{PAGE_FONT}" '
        f'style="max-width:{width.group(1)}px">'
        f'<title id="{id}-title">{escape(title)}</title>'
        f'<desc id="{id}-desc">{escape(description)}</desc>{body}'
    )


def _short(number: str) -> str:
    text = f"{float(number):.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
