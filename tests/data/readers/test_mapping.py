"""A mapping file: each label once, sums kept, elasticities of sectors that no list knows."""

import numpy as np
import pytest

import accord as ac
from accord.core.errors import InputError
from accord.data.industries import INDUSTRY_OF_CODE, INDUSTRY_OF_GTAP
from accord.data.readers.table.bridge import find_industries
from accord.data.store import load_world
from tests.data.readers import samples

SAMPLE = samples.draw_sample()
TOML = """
name = "two blocs"
services = ["rest"]

[regions]
EU = ["DEU"]
ROW = ["USA", "ROW"]

[sectors]
crops = ["A01"]
rest = "*"

[elasticities]
rest = 5.5

[region_names]
EU = "European Union"
"""
CSV = """kind,from,to
region,DEU,EU
region,USA,ROW
region,ROW,ROW
sector,A01,crops
sector,C29,rest
sector,G45T47,rest
elasticity,rest,5.5
service,rest,
"""


@pytest.fixture
def icio(tmp_path):
    return samples.write_icio(SAMPLE, tmp_path / "2011.csv")


@pytest.mark.parametrize(("ending", "text"), [("toml", TOML), ("csv", CSV)])
def test_sums_are_kept(icio, tmp_path, ending, text):
    path = tmp_path / f"map.{ending}"
    path.write_text(text, encoding="utf-8")
    world = ac.read_world("icio", icio, path)
    assert (world.regions, world.sectors) == (("EU", "ROW"), ("crops", "rest"))
    flows = SAMPLE.flows * 1e-3
    assert world.flows[0, 1, 1] == pytest.approx(flows[0, 1:, 1:].sum(), rel=1e-12)
    assert world.value_added.sum() == pytest.approx(SAMPLE.added.sum() * 1e-3, rel=1e-12)
    assert world.elasticity[1] == 5.5
    assert world.default_elasticities == "own"
    assert {"fontagne", "cp2015"} <= set(world.elasticities)
    assert world.services == ("rest",)
    if ending == "toml":
        assert world.name == "two blocs"
        assert world.region_names["EU"] == "European Union"


def test_a_merge_before_reading_is_one_after_it(icio):
    groups = {"ROW": ["USA", "ROW"], "DEU": ["DEU"]}
    before = ac.read_world("icio", icio, {"regions": groups})
    after = ac.read_world("icio", icio).aggregate(regions={"rest": ["USA", "ROW"]})
    order = [before.region_index(name) for name in ("DEU", "ROW")]
    assert before.flows[np.ix_(order, order)] == pytest.approx(after.flows, rel=1e-12)
    assert before.input_share[order] == pytest.approx(after.input_share, rel=1e-9)


def test_labels_unknown_twice_or_missing_are_told_at_once(icio):
    mapping = {
        "regions": {"EU": ["DEU", "DUE"], "X": ["DEU"]},
        "sectors": {"crops": ["A01"]},
    }
    with pytest.raises(InputError) as raised:
        ac.read_world("icio", icio, mapping)
    text = str(raised.value)
    assert 'the file has no "DUE". Did you mean DEU?' in text
    assert '"DEU" is also in EU' in text
    assert "2 labels of the file are not mapped: USA, ROW" in text
    assert "2 labels of the file are not mapped: C29, G45T47" in text


@pytest.mark.parametrize(
    ("mapping", "word"),
    [
        ({"region": {}}, "regions"),
        ({"regions": {"EU": "DEU"}}, "list"),
        ({"regions": {"EU": "*", "ROW": "*"}}, "rest"),
        ({"sectors": ["A01"]}, "table"),
        ({"elasticities": {"A01": "high"}}, "number"),
        ({"elasticities": {"C92": 5.0}}, "no such sector"),
        ({"elasticities": {"C29": -5.0}}, "positive"),
        ({"services": ["trade"]}, "no sector"),
    ],
)
def test_a_wrong_mapping_is_refused(icio, mapping, word):
    with pytest.raises(InputError, match=word):
        ac.read_world("icio", icio, mapping)


@pytest.mark.parametrize("text", ["kind,from\n", "kind,from,to\ncountry,DEU,EU\n", ""])
def test_a_wrong_csv_file_is_refused_with_its_line(icio, tmp_path, text):
    path = tmp_path / "map.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"map\.csv, line \d"):
        ac.read_world("icio", icio, path)


def test_sectors_without_elasticities_are_told_with_how_to_give_them(icio):
    mapping = {"sectors": {"green": ["A01"], "widgets": ["C29"], "gadgets": ["G45T47"]}}
    world = ac.read_world("icio", icio, mapping)  # by what they hold
    theta = dict(zip(world.sectors, world.elasticity, strict=True))
    known = load_world()
    assert theta["widgets"] == known.elasticity[known.sector_index("motor_vehicles")]
    frames = samples.frames(SAMPLE, sectors=("widgets", "gadgets", "services"))
    with pytest.raises(InputError) as raised:
        ac.read_world("zyx", frames, year=2011)
    (problem,) = raised.value.problems
    assert "widgets, gadgets" in problem.message
    assert "[elasticities]" in problem.remedy
    own = {"elasticities": {"widgets": 4.0, "gadgets": 6.0}}
    held = ac.read_world("zyx", frames, own, year=2011)
    assert held.elasticity.tolist() == [4.0, 6.0, 5.0]
    assert held.services == ("services",)


@pytest.mark.parametrize(
    ("label", "scheme", "industries"),
    [
        ("C10T12", "isic4", ("food",)),
        ("C10-C12", "isic4", ("food",)),
        ("10T12", "isic4", ("food",)),
        ("C31_32", "isic4", ("other_manufacturing",)),
        ("A01_02", "isic4", ("crops_livestock", "forestry")),
        ("C24", "isic4", ("iron_steel", "nonferrous_metals")),
        ("E37-E39", "isic4", ("water_waste",)),
        ("R_S", "isic4", ("arts_recreation", "other_services")),
        ("C", "isic3", ("coal", "oil_gas", "metal_ores", "quarrying")),
        ("34t35", "isic3", ("motor_vehicles", "ships", "aircraft_rail")),
        ("c15", "isic3", ("motor_vehicles", "ships", "aircraft_rail")),
        ("mvh", "gtap", ("motor_vehicles",)),
        ("Motor_Vehicles", "names", ("motor_vehicles",)),
        ("basic_metals", "names", ("iron_steel", "nonferrous_metals")),
        ("widgets", "names", ()),
        ("other", "names", ()),
        ("communication", "isic4", ()),
    ],
)
def test_labels_of_classifications(label, scheme, industries):
    assert find_industries(label, scheme) == industries


def test_every_code_of_the_classifications_that_are_known_is_bridged():
    for code, industry in INDUSTRY_OF_CODE.items():
        assert find_industries(code, "isic4") == (industry,)
    for code, industry in INDUSTRY_OF_GTAP.items():
        assert find_industries(code, "gtap") == (industry,)
    for number in range(1, 36):
        assert find_industries(f"c{number}", "isic3"), number
    for section in "ABCDEFGHIJKLMNOPQRSTU":
        assert find_industries(section, "isic4"), section
