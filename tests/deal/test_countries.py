"""Countries as people write them: understood, or named in the remedy; never another country."""

import pytest

from accord.data.store import load_world
from accord.deal.products import explain_region

WORLD = load_world()
MEANT = {
    "CH": "CHE", "UK": "GBR", "GB": "GBR", "KR": "KOR", "TW": "TWN", "cn": "CHN", "GR": "GRC",
    "EL": "GRC", "ROM": "ROU", "TAI": "TWN", "GER": "DEU", "SWI": "CHE", "KRO": "KOR",
    "Korea": "KOR", "Republic of Korea": "KOR", "South Korea": "KOR", "Taiwan": "TWN",
    "Great Britain": "GBR", "Turkey": "TUR", "Swizerland": "CHE", "EU27": "EU", "world": "ROW",
}  # fmt: skip


@pytest.mark.parametrize(("name", "code"), MEANT.items())
def test_the_country_meant_is_named(name, code):
    wrong = explain_region(name, WORLD)
    assert wrong is not None
    assert f"did you mean {code}" in wrong[1]


@pytest.mark.parametrize("name", ["VN", "Vietnam", "THA", "Thailand", "AR"])
def test_a_country_that_the_world_does_not_have_is_not_taken_for_another(name):
    wrong = explain_region(name, WORLD)
    assert wrong is not None
    assert "within ROW" in wrong[1]
    assert "did you mean" not in wrong[1]


@pytest.mark.parametrize("name", ["QQQ", "X", "ZZ"])
def test_a_code_of_nothing_is_not_taken_for_a_country(name):
    wrong = explain_region(name, WORLD)
    assert wrong is not None
    assert "did you mean" not in wrong[1]
