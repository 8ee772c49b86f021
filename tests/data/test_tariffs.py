"""The corrections of the 2014 tariff table, on a table made up and then spoilt."""

import numpy as np

from accord.data.build.readers import Wiod, read_sector_of_gtap
from accord.data.build.tariffs import UNION, correct_tariffs, find_astray
from accord.data.labels import EU27, SECTORS

REGIONS = (*EU27, "GBR", "BRA", "CHN", "USA")
UNION_AT = [REGIONS.index(code) for code in UNION]
BGR, BRA, HRV, CHN = (REGIONS.index(code) for code in ("BGR", "BRA", "HRV", "CHN"))
GOODS = len(SECTORS) - 1


def made_up(rng: np.random.Generator) -> Wiod:
    """A table in which everything is as it should be, in millionths."""
    shape = (len(REGIONS), len(REGIONS), len(SECTORS))
    tariff = rng.uniform(0.01, 0.3, shape).round(6)
    tariff[UNION_AT] = tariff[0]
    tariff[np.ix_(UNION_AT, UNION_AT)] = 0.0
    tariff[np.arange(len(REGIONS)), np.arange(len(REGIONS))] = 0.0
    tariff[:, :, GOODS] = 0.0
    flows = rng.uniform(1.0, 2.0, shape)
    ones, theta = np.ones(shape[1:]), np.ones(len(SECTORS))
    inputs = np.zeros((shape[0], shape[2], shape[2]))
    return Wiod(REGIONS, flows, flows, tariff, ones, inputs, theta, theta)


def spoil(wiod: Wiod, tariff: np.ndarray) -> Wiod:
    return Wiod(**{**vars(wiod), "tariff": tariff})


def test_a_table_without_mistakes_is_left_as_it_is():
    wiod = made_up(np.random.default_rng(1))
    corrected = correct_tariffs(wiod)
    np.testing.assert_array_equal(corrected.tariff, wiod.tariff)
    assert corrected.adjustments == ()
    assert "set to the common ones: none" in corrected.notes[-1]


def test_every_known_mistake_is_put_right():
    wiod = made_up(np.random.default_rng(2))
    order = np.arange(len(REGIONS))
    order[[BGR, BRA]] = BRA, BGR
    wrong = wiod.tariff[np.ix_(order, order)]
    wrong[HRV, CHN, :GOODS] += 0.05
    wrong[HRV, 0, 2] = wrong[0, HRV, 2] = 0.1
    wrong[:, CHN, GOODS] = 0.02
    corrected = correct_tariffs(spoil(wiod, wrong))
    np.testing.assert_allclose(corrected.tariff, wiod.tariff, atol=1e-15)
    rates = {row.region: row for row in corrected.adjustments}
    assert {"BGR", "BRA", "HRV"} <= set(rates)
    assert rates["BRA"].after > rates["BRA"].before
    assert rates["BGR"].after < rates["BGR"].before
    text = " ".join(corrected.notes)
    assert "Bulgaria and Brazil" in text
    assert "set to the common ones: HRV" in text


def test_a_member_astray_takes_the_rate_of_the_others_weighted_with_their_imports():
    """Two members differ from the rest by a rounding, which enters the weighted mean."""
    wiod = made_up(np.random.default_rng(3))
    wrong = wiod.tariff.copy()
    wrong[HRV, CHN, 0] += 0.05
    two = UNION_AT[:2]
    wrong[two, CHN, 0] += [4e-7, 8e-7]
    assert find_astray(wrong, UNION_AT) == [HRV]
    weights = wiod.flows[[m for m in UNION_AT if m != HRV], CHN, 0]
    more = (weights[0] * 4e-7 + weights[1] * 8e-7) / weights.sum()
    got = correct_tariffs(spoil(wiod, wrong)).tariff[HRV, CHN, 0]
    np.testing.assert_allclose(got, wiod.tariff[HRV, CHN, 0] + more, rtol=0, atol=1e-15)


def test_electricity_is_a_good(tmp_path):
    path = tmp_path / "c.csv"
    path.write_text("gtap,wiod20_index\ncoa,1\nely,\nmvh,16\n")
    places = read_sector_of_gtap(path)
    assert SECTORS[places["ely"]] == "mining"
    assert SECTORS[places["mvh"]] == "motor_vehicles"
