"""Charts: valid descriptions, and drawings that are the same every time."""

import itertools
import json
import re

import pytest

from accord.briefing.charts.base import (
    WelfareBar,
    build_welfare_chart,
    render_svg,
)
from accord.briefing.charts.comparison import ComparedBar, build_comparison_chart

BARS = [
    WelfareBar("Korea & sons", "The demand <up front>", 1.0, -12.0, -11.0, -14.0, -9.0, party=True),
    WelfareBar("Korea & sons", "Signed", 3.0, -4.0, -1.0, -2.0, 0.5, party=True),
    WelfareBar("Japan", "The demand <up front>", 0.1, 0.0, 0.1, 0.0, 0.2, party=False),
    WelfareBar("Japan", "Signed", -0.1, 0.05, -0.05, -0.1, 0.0, party=False),
]
SALES = [
    ComparedBar(item, scenario, value)
    for item, values in {"Motor vehicles": (45.0, 11.0, 25.0), "Chemicals": (9.0, 3.0, 5.0)}.items()
    for scenario, value in zip(("2024", "No deal", "Signed"), values, strict=True)
]
SPECS = {
    f"{kind}-{size}": build(size)
    for size in ("wide", "narrow")
    for kind, build in {
        "welfare": lambda size: build_welfare_chart(
            BARS, size, axis="bn USD a year", labels=("From tariffs", "From the transfer")
        ),
        "sales": lambda size: build_comparison_chart(SALES, size, "bn USD a year"),
    }.items()
}


@pytest.mark.parametrize("name", SPECS)
def test_the_description_is_valid(name):
    altair = pytest.importorskip("altair")
    altair.Chart.from_json(SPECS[name]).to_dict()


@pytest.mark.parametrize("name", SPECS)
def test_the_same_drawing_every_time(name):
    first, second = (render_svg(SPECS[name], "x", "A title", "A text") for _ in range(2))
    assert first == second


@pytest.mark.parametrize("name", SPECS)
def test_the_drawing_fits_its_page(name):
    (box,) = re.findall(r'viewBox="0 0 ([\d.]+) ', render_svg(SPECS[name], "x", "t", "d"))
    assert float(box) <= (760 if name.endswith("wide") else 360)


def test_words_are_escaped_and_ids_are_prefixed():
    drawn = render_svg(SPECS["welfare-wide"], "welfare-wide", "A <b> title", 'With "quotes" & more')
    assert '<title id="welfare-wide-title">A &lt;b&gt; title</title>' in drawn
    assert "&amp; more" in drawn
    assert "&lt;up front&gt;" in drawn
    assert "Korea &amp; sons" in drawn
    assert all(name.startswith("welfare-wide-") for name in re.findall(r' id="([^"]+)"', drawn))


def test_every_value_is_in_the_drawing():
    drawn = render_svg(SPECS["sales-wide"], "x", "t", "d")
    for bar in SALES:
        assert f">{bar.value:.1f}<" in drawn


def test_labels_do_not_overlap():
    """No two lines of row labels are closer than their letters are high."""
    drawn = render_svg(SPECS["welfare-narrow"], "x", "t", "d")
    places = [float(y) for y in re.findall(r'text-anchor="end" transform="translate\(-8,([-\d.]+)',
                                           drawn)]  # fmt: skip
    assert len(places) == len(BARS)
    per_country = [sorted(places[:2]), sorted(places[2:])]
    assert all(high - low >= 14 for low, high in per_country)


def test_three_lightnesses_survive_grey_print():
    colours = json.loads(SPECS["sales-wide"])["layer"][0]["encoding"]["color"]["scale"]["range"]

    def light(colour: str) -> float:
        red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    shades = sorted(light(colour) for colour in colours)
    assert len(shades) == 3
    assert min(b - a for a, b in itertools.pairwise(shades)) > 0.15
