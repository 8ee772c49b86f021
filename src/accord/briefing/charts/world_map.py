"""A map of the world: each country in the colour of a class."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from itertools import groupby
from typing import Any

from accord.briefing.charts.base import FRAMES, RULE, Spec, dump_spec
from accord.data.industries import REST
from accord.data.labels import EU27

UNION, OTHERS = "EU", (REST, "ROW")
GAINS = ("#b3500f", "#f0b58c", "#eef1f4", "#8fb1d0", "#12436d")
"""Colours from large losses to large gains; in grey the table tells the ends apart."""
BARE = "#ffffff"
MARGIN = 4
TRIANGLE = 3  # corners of the least area
Ring = Sequence[Sequence[float]]


@cache
def read_shapes() -> Mapping[str, tuple[Ring, ...]]:
    """Return the outlines of countries by code, the largest first, in the plane of the map."""
    path = resources.files("accord.briefing.charts") / "shapes" / "world.json"
    stored: dict[str, list[list[int]]] = json.loads(path.read_text("utf-8"))["shapes"]
    return {
        code: tuple([[flat[at], flat[at + 1]] for at in range(0, len(flat), 2)] for flat in rings)
        for code, rings in stored.items()
    }


@cache
def fit_shapes(width: int) -> Mapping[str, tuple[Ring, ...]]:
    """Return the outlines in pixels of a map of this width, to half a pixel, top left first.

    Points that fall together are one, so that a drawing is no larger than it has to be.
    """
    left, right, _, top = _box()
    scale = width / (right - left)
    fitted = {}
    for code, rings in read_shapes().items():
        drawn = []
        for ring in rings:
            points = [[round(2 * scale * (x - left)) / 2, round(2 * scale * (top - y)) / 2]
                      for x, y in ring]  # fmt: skip
            drawn.append([point for point, _ in groupby(points)])
        kept = [ring for ring in drawn if len(ring) > TRIANGLE]
        fitted[code] = tuple(kept or drawn[:1])
    return fitted


def _box() -> tuple[float, float, float, float]:
    points = [point for rings in read_shapes().values() for ring in rings for point in ring]
    across, up = [point[0] for point in points], [point[1] for point in points]
    return min(across), max(across), min(up), max(up)


def _height(width: int) -> int:
    left, right, bottom, top = _box()
    return round(width * (top - bottom) / (right - left))


def region_of(code: str, regions: Sequence[str]) -> str | None:
    """Return the region of a world that a country is in; None where the world does not tell."""
    if code in regions:
        return code
    if code in EU27 and UNION in regions:
        return UNION
    return next((name for name in OTHERS if name in regions), None)


def build_world_map(
    classes: Mapping[str, str],
    size: str,
    *,
    values: Mapping[str, float],
    names: Sequence[str],
) -> str:
    """Return a Vega-Lite text: the world with regions coloured by class.

    Args:
        classes: Class of each region, one of `names`.
        size: "wide" or "narrow".
        values: What each region gains or loses, kept with its outline.
        names: Names of the classes, from large losses to large gains.
    """
    frame = FRAMES[size]
    regions = tuple(classes)
    width = frame.width - 2 * MARGIN
    told_of: dict[str | None, dict[str, Any]] = {
        name: {"class": shade, "value": values[name]} for name, shade in classes.items()
    }
    told_of[None] = {"class": ""}
    features: list[dict[str, Any]] = []
    for code, rings in fit_shapes(width).items():
        region = region_of(code, regions)
        coordinates = [[ring] for ring in rings]
        features.append({
            "type": "Feature", "geometry": {"type": "MultiPolygon", "coordinates": coordinates},
            "properties": told_of[region],
        })  # fmt: skip
    return dump_spec(
        {"layer": [_countries(features, names, narrow=size == "narrow")],
         "projection": {"type": "identity", "scale": 1, "translate": [0, 0]},
         "width": width, "height": _height(width)}, frame,
    )  # fmt: skip


def _countries(features: list[dict[str, Any]], names: Sequence[str], *, narrow: bool) -> Spec:
    legend = {"orient": "bottom", "direction": "vertical" if narrow else "horizontal",
              "columns": 1 if narrow else 3, "title": None, "values": list(names)}  # fmt: skip
    countries: Spec = {
        "data": {"values": {"type": "FeatureCollection", "features": features},
                 "format": {"property": "features"}},
        "mark": {"type": "geoshape", "stroke": RULE, "strokeWidth": 0.4},
        "encoding": {"color": {
            "field": "properties.class", "type": "nominal", "legend": legend,
            "scale": {"domain": [*names, ""], "range": [*GAINS, BARE]},
        }},
    }  # fmt: skip
    return countries
