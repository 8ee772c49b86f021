"""Chapters on supply chains and makers of cars, and the map: they say what their tables hold."""

import json
from typing import Any

import pytest

import accord as ac
from accord.assessment.chains.study import supply_chains
from accord.briefing.charts.base import render_svg
from accord.briefing.charts.gains_map import CLASSES, LARGE, LEAST, build_gains_map, find_class
from accord.briefing.charts.matrix import find_shade
from accord.briefing.charts.world_map import fit_shapes, read_shapes, region_of
from accord.briefing.document.blocks import Chart, Paragraph, Table
from accord.briefing.sections.goods import cars, chains
from accord.briefing.view import BriefingView
from accord.data.labels import EU27
from tests.golden.shared import shared_example


@pytest.fixture(scope="module")
def view():
    deal = ac.load_deal("us-korea-2025")
    return BriefingView(ac.assess(deal, settings=ac.AssessSettings(draws=0, paths=0)))


@pytest.fixture(scope="module")
def section(view):
    return chains.build(view)


def block(section, name):
    return next(item for item in section.blocks if getattr(item, "id", "") == name)


def test_the_chapter_on_chains_has_its_tables_and_pictures(section):
    assert [item.id for item in section.blocks if not isinstance(item, Paragraph)] == [
        "chains-aims", "chains-matrix", "chains-sectors",
    ]  # fmt: skip
    assert section.sources
    text = str(section.blocks[0].prose)
    assert "South Korea" in text
    assert "fewer jobs" in text


def test_its_sentences_are_those_of_the_study(view, section):
    aims = supply_chains(view.assessment, package="signed").to_frame("aims")
    aims = aims[(aims["package"] == "signed") & (aims["aim"] == "jobs")]
    home, far = (aims[aims["region"] == name].to_dict("records")[0] for name in ("USA", "KOR"))
    facts = [fact for fact in section.blocks[0].prose.facts if fact.unit == "count"]
    three = round(float(f"{1000 * home['change']:.3g}"))
    assert three in [fact.value for fact in facts]
    assert home["high"] < 0 < far["low"]
    told = str(section.blocks[0].prose)
    assert f"(grade {home['grade']})" in told
    assert f"(grade {far['grade']})" in told


def test_what_is_not_settled_is_said_so():
    row = {"low": -1.0, "high": 1.0}
    assert chains._way(row) == "open"
    assert chains._way({"low": 0.5, "high": 1.0}) == "up"
    assert chains._way({"low": -2.0, "high": -1.0}) == "down"


def test_pictures_say_their_finding_and_have_the_numbers_behind_them(section):
    for item in section.blocks:
        if isinstance(item, Chart):
            assert item.alt == str(item.finding)
            assert sum(len(group.rows) for group in item.table.groups) > 5
            for spec in (item.wide, item.narrow):
                assert render_svg(spec, item.id, item.title, item.alt).startswith("<svg")


def test_the_chapter_on_cars_holds_every_maker_twice(view):
    section: Any = cars.build(view)
    table: Any = block(section, "cars-makers")
    first, third = table.groups
    assert len(first.rows) == len(third.rows) == 17
    against = cars.COLUMNS.index("against")
    (kia,) = [row for row in third.rows if str(row.heading) == "Hyundai-Kia"]
    assert kia.cells[against].value > 1
    assert "Hyundai-Kia" in str(section.blocks[0].prose)
    told = " ".join(str(item.prose) for item in section.blocks if isinstance(item, Paragraph))
    assert "The verdict takes cars from the trade engine" in told
    assert isinstance(block(section, "cars-countries"), Table)


def test_pages_of_tables_alone_have_neither():
    example = BriefingView(shared_example())
    assert chains.build(example) is None
    assert cars.build(example) is None


def test_a_deal_without_america_has_no_makers_of_cars():
    deal = ac.load_deal("eu-mercosur")
    given = BriefingView(ac.assess(deal, settings=ac.AssessSettings(draws=0, paths=0)))
    assert cars.build(given) is None


def test_the_map_counts_who_gains(view):
    chart: Any = build_gains_map(view)
    told = {str(row.heading): row.cells[0].value for group in chart.table.groups
            for row in group.rows}  # fmt: skip
    assert len(told) == len(view.world.regions)
    gainers = sum(change >= LEAST for change in told.values())
    losers = sum(change <= -LEAST for change in told.values())
    counted = [fact.value for fact in chart.finding.facts if fact.unit == "count"]
    assert counted == [len(told), gainers, losers]
    assert chart.alt == str(chart.finding)
    assert "South Korea" in " ".join(str(line) for line in chart.key)


@pytest.mark.parametrize(
    ("change", "name"),
    [(0.0, "same"), (LEAST / 2, "same"), (LEAST, "gain"), (-LEAST, "loss"),
     (LARGE, "large_gain"), (-2 * LARGE, "large_loss")],
)  # fmt: skip
def test_a_gain_has_the_class_of_its_size(change, name):
    assert find_class(change) == name
    assert find_class(-change) == CLASSES[4 - CLASSES.index(name)]


def test_a_change_has_the_shade_of_its_size():
    assert [find_shade(change, 10.0) for change in (-9, -1, 0, 1, 9)] == [0, 1, 2, 3, 4]
    assert find_shade(0.0, 0.0) == 2


def test_every_country_that_is_large_enough_has_a_shape():
    shapes, world = read_shapes(), ac.load_world()
    missing = {name for name in world.regions if name not in shapes}
    assert missing == {"HKG", "MLT", "SGP", "STP", "OTH"}
    assert set(EU27) - set(shapes) == {"MLT"}
    for width in (340, 720):
        for rings in fit_shapes(width).values():
            assert rings
            assert all(0 <= x <= width for ring in rings for x, _ in ring)


def test_a_country_has_the_colour_of_the_region_that_holds_it():
    regions = ("USA", "KOR", "EU", "OTH")
    assert [region_of(code, regions) for code in ("KOR", "DEU", "PER")] == ["KOR", "EU", "OTH"]
    assert region_of("PER", ("USA", "KOR")) is None
    assert region_of("DEU", ("DEU", "ROW")) == "DEU"


def test_a_drawing_is_light(view):
    chart = build_gains_map(view)
    for spec in (chart.wide, chart.narrow):
        json.loads(spec)
        assert len(render_svg(spec, "map", chart.title, chart.alt)) < 100_000
