"""Preferences of 2024 on the tariffs of 2014: what each agreement leaves, and nothing else."""

import csv
import io

import numpy as np
import pytest

from accord.data.build.preferences import Preference, add_preferences, read_preferences
from accord.data.build.readers import read_bundled, read_grade, read_sources
from accord.data.build.tariffs import correct_tariffs
from accord.data.labels import EU27, SECTORS
from accord.data.store import load_world
from tests.data.test_tariffs import REGIONS, made_up


def test_an_agreement_leaves_its_share_and_nothing_else_changes():
    wiod = made_up(np.random.default_rng(4))
    before = correct_tariffs(wiod)
    row = Preference("EU", "USA", ("food", "textiles"), 0.25, "made up")
    after = add_preferences(before, wiod, (row,))
    ratio = np.ones_like(before.tariff)
    members = [REGIONS.index(code) for code in EU27]
    for sector in ("food", "textiles"):
        ratio[members, REGIONS.index("USA"), SECTORS.index(sector)] = 0.25
    np.testing.assert_allclose(after.tariff, before.tariff * ratio, rtol=0, atol=1e-15)
    assert {a.region for a in after.adjustments} >= set(EU27)
    assert "made up" in after.notes[-1]


def test_every_row_is_graded_and_sourced_and_leaves_a_share():
    known = {source.id for source in read_sources()}
    rows = list(csv.DictReader(io.StringIO(read_bundled("preferences.csv"))))
    for row in rows:
        read_grade(row["grade"])
        assert row["source"] in known
    preferences = read_preferences()
    assert len(preferences) == len(rows)
    for preference in preferences:
        assert 0.0 <= preference.remaining <= 1.0
        assert set(preference.sectors) < set(SECTORS)
        assert "services" not in preference.sectors


@pytest.mark.parametrize(
    ("importer", "exporter", "sector", "highest"),
    [
        ("KOR", "USA", "agriculture", 0.08),
        ("KOR", "USA", "food", 0.045),
        ("KOR", "USA", "motor_vehicles", 0.0),
        ("KOR", "DEU", "food", 0.05),
        ("JPN", "USA", "food", 0.09),
        ("JPN", "DEU", "chemicals", 0.0),
        ("DEU", "KOR", "motor_vehicles", 0.0),
        ("DEU", "JPN", "motor_vehicles", 0.02),
        ("MEX", "USA", "food", 0.001),
    ],
)
def test_the_embedded_world_has_the_agreements_of_2024(importer, exporter, sector, highest):
    world = load_world("world-2014")
    place = world.region_index(importer), world.region_index(exporter), world.sector_index(sector)
    assert 0.0 <= world.tariff[place] <= highest
