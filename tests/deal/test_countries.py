"""Countries as people write them: understood, or named in the remedy; never another country."""

import re

import pytest

from accord.data.labels import blocs_of
from accord.data.store import load_world
from accord.deal.checks.regions import explain_region, understand_party
from accord.deal.products import expand_regions
from accord.deal.regions import Group, find_country

WORLD = load_world()
OLDER = load_world("world-2014")
MERGED = WORLD.aggregate(blocs_of(WORLD.regions))
MEANT = {
    "CH": "CHE", "UK": "GBR", "GB": "GBR", "KR": "KOR", "TW": "TWN", "cn": "CHN", "GR": "GRC",
    "EL": "GRC", "ROM": "ROU", "TAI": "TWN", "GER": "DEU", "SWI": "CHE", "KRO": "KOR",
    "Korea": "KOR", "Republic of Korea": "KOR", "South Korea": "KOR", "Taiwan": "TWN",
    "Great Britain": "GBR", "Turkey": "TUR", "Swizerland": "CHE", "EU27": "EU", "world": "ROW",
    "US": "USA", "U.S.": "USA", "eu": "EU", "E.U.": "EU", "Chinese Taipei": "TWN",
    "Korea, Republic of": "KOR", "The Republic of India": "IND", "BG": "BGR",
}  # fmt: skip


@pytest.mark.parametrize(("name", "code"), MEANT.items())
def test_the_country_meant_is_named(name, code):
    wrong = explain_region(name, WORLD)
    assert wrong is not None
    assert f"did you mean {code}" in wrong[1]


ABSENT = ["GT", "Guatemala", "KEN", "Kenya", "LK", "Sri Lanka", "OM", "Kuwait"]
ABSENT_IN_OLDER = ["VN", "Vietnam", "Viet Nam", "THA", "Thailand", "AR", "Argentina", "GT", "GCC"]


@pytest.mark.parametrize(
    ("name", "world", "rest"),
    [
        *[(name, WORLD, "OTH") for name in ABSENT],
        *[(name, OLDER, "ROW") for name in ABSENT_IN_OLDER],
    ],
)
def test_a_country_that_the_world_does_not_have_is_not_taken_for_another(name, world, rest):
    wrong = explain_region(name, world)
    assert wrong is not None
    assert f"within {rest}, the rest of the world" in wrong[1]
    assert "did you mean" not in wrong[1]


@pytest.mark.parametrize("name", ["VN", "Vietnam", "Thailand", "AR", "Argentina"])
def test_a_country_that_only_the_newer_world_has_is_named(name):
    told = remedy(name)
    assert "did you mean" in told
    assert "within" not in told
    assert understand_party("Vietnam", WORLD) == "VNM"


@pytest.mark.parametrize("name", ["QQQ", "X", "ZZ"])
def test_a_code_of_nothing_is_not_taken_for_a_country(name):
    wrong = explain_region(name, WORLD)
    assert wrong is not None
    assert "did you mean" not in wrong[1]


@pytest.mark.parametrize("name", WORLD.regions)
def test_every_region_is_understood_by_code_and_name_in_any_case(name):
    called = WORLD.region_names[name]
    for text in (name.lower(), called, called.upper(), f"the {called}"):
        wrong = explain_region(text, WORLD)
        assert wrong is not None
        assert f"did you mean {name}" in wrong[1]


WORDS = [*MEANT, "Mercosur", "NAFTA", "ASEAN", "GCC", "eea", "Vietnam", "Germany", "MEX", "all",
         "everybody", "ROW", "EU", "Europ", "Q", "", "x" * 300, "Republic of China"]  # fmt: skip


@pytest.mark.parametrize("world", [WORLD, MERGED], ids=["whole", "merged"])
@pytest.mark.parametrize("word", WORDS)
def test_what_is_suggested_is_in_the_world_and_is_not_what_was_written(word, world):
    wrong = explain_region(word, world, groups=("PACT",))
    if wrong is None:
        return
    suggested = re.findall(r"did you mean (\w+)", wrong[1])
    suggested += re.findall(r'"(\w+)"', wrong[1].partition("[groups]")[2])
    assert all(expand_regions([name], world.regions) for name in suggested)
    assert word not in suggested


def remedy(name, world=WORLD):
    """Return what is told of a name in a file with a group PACT."""
    wrong = explain_region(name, world, groups=["PACT"])
    assert wrong is not None
    return wrong[1]


def test_a_bloc_is_told_as_a_group_with_the_members_that_the_world_has():
    told = remedy("Mercosur")
    assert 'write Mercosur = ["ARG", "BRA"]; BOL, PRY, URY are within OTH' in told
    told = remedy("Mercosur", OLDER)
    assert 'write Mercosur = ["BRA"]; ARG, BOL, PRY, URY are within ROW' in told
    assert 'write GCC = ["ARE", "SAU"]; BHR, KWT, OMN, QAT are within OTH' in remedy("GCC")
    assert 'USMCA = ["CAN", "MEX", "USA"] and "USMCA" here' in remedy("NAFTA/USMCA")
    assert 'write ASEAN = ["IDN"]' in remedy("ASEAN", OLDER)
    assert 'write EEA = ["EU", "ISL", "NOR"]' in remedy("EEA")


def test_a_country_of_a_merged_region_is_told_to_be_within_it():
    assert "DEU (Germany) is within EU" in remedy("Germany", MERGED)
    assert "within another region" in remedy("MEX", MERGED)


def test_a_misspelt_group_of_the_file_is_named():
    assert "did you mean PACT" in remedy("Pact", WORLD)
    assert "did you mean PACT" in remedy("PACTS", WORLD)


def test_formal_names_do_not_take_one_country_for_another():
    assert find_country("Republic of China") == "TWN"
    assert find_country("People's Republic of China") == "CHN"
    assert find_country("Democratic People's Republic of Korea") == "PRK"
    assert find_country("Democratic Republic of the Congo") == "COD"


def test_parties_of_a_command_are_understood():
    assert understand_party("UK", WORLD) == "GBR"
    bloc = understand_party("Mercosur", WORLD)
    assert isinstance(bloc, Group)
    assert (bloc, bloc.members) == ("Mercosur", ("ARG", "BRA"))
    own = understand_party(Group("X", ("UK", "KR")), WORLD)
    assert isinstance(own, Group)
    assert (own, own.members) == ("X", ("GBR", "KOR"))
    for name in ("Vietnam", "all", "GCC", "nowhere", "EU"):
        assert understand_party(name, OLDER) == name
