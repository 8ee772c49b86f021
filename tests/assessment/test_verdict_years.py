"""The tariffs of every year, the parameters and the risk of the verdict."""

import datetime as dt

import numpy as np
import pytest

from accord.assessment.valuation.cash_flows import displaced
from accord.assessment.valuation.currency_risk import certainty_equivalent, yearly_chances
from accord.assessment.valuation.uncertainty import (
    NAMES,
    PARAMETERS,
    Parameter,
    central_inputs,
    draw_inputs,
    find_parameters,
)
from accord.deal.fields import Spread
from accord.deal.load import read_deal
from accord.lowering.tariff_path import tariff_path
from accord.lowering.tariff_schedule import tariff_on
from tests.assessment.verdicts import small_result


def test_frozen_is_the_day_and_dated_is_the_mean_over_days():
    result = small_result()
    deal, world = result.deal, result.world
    clauses = deal.clauses("no_deal")
    frozen = tariff_path(deal, "no_deal", world, "frozen")
    assert len(frozen.regimes) == 1
    np.testing.assert_array_equal(
        frozen.regimes[0].tariff, tariff_on(clauses, world, deal.evaluate_on)
    )
    dated = tariff_path(deal, "no_deal", world, "dated")
    assert dated.by_year.tolist() == [0, 1] + [2] * 10
    before, after = (tariff_on(clauses, world, dt.date(2027, 7, day)) for day in (1, 2))
    np.testing.assert_array_equal(dated.regimes[0].tariff, before)
    np.testing.assert_array_equal(dated.regimes[2].tariff, after)
    share = 182 / 365  # 1 January to 1 July
    np.testing.assert_allclose(
        dated.regimes[1].tariff, share * before + (1 - share) * after, rtol=1e-12, atol=1e-15
    )
    usa, korea = world.region_index("USA"), world.region_index("KOR")
    assert before[usa, korea].mean() > after[usa, korea].mean() + 0.1


def test_phase_ins_turn_on_their_day():
    text = small_result().deal.text.replace(
        'rate = 0.15\nrule = "add"\nbasis = "232"\nfrom = 2025-04-03',
        'rate = 0.15\nrule = "add"\nbasis = "232"\nfrom = 2025-04-03\n'
        "steps = [{ from = 2029-01-01, rate = 0.05 }]",
    )
    world = small_result().world
    path = tariff_path(read_deal(text, world=world), "deal", world, "dated")
    assert path.by_year.tolist() == [0] * 3 + [1] * 9


def test_draws_fill_their_ranges_evenly():
    inputs = draw_inputs(central_inputs(3), 400, seed=1, order=np.arange(50))
    for parameter in PARAMETERS:
        values = getattr(inputs, parameter.name)
        assert parameter.low <= values.min() < values.max() <= parameter.high
        below = (values < parameter.central).mean()
        assert 0.2 < below < 0.8
    assert set(np.unique(inputs.weights)) == {0.0, 1.0}
    np.testing.assert_allclose(inputs.weights.sum(axis=1), 1.0)
    np.testing.assert_allclose(inputs.weights.mean(axis=0), 1 / 3, atol=0.01)
    assert set(np.unique(inputs.path)) == set(range(50))
    assert {*NAMES} <= {*inputs.__dataclass_fields__}


@pytest.mark.parametrize("shape", ["triangular", "uniform"])
def test_a_central_value_is_the_mean_of_its_distribution(shape):
    parameter = Parameter("x", 0.0, 0.05, 0.2, shape, "assumption", "U")
    values = parameter.quantile((np.arange(20_000) + 0.5) / 20_000)
    assert abs(values.mean() - parameter.central) < 1e-5


def test_chances_fall_as_often_as_they_say_and_their_mean_is_the_central_case():
    drawn = draw_inputs(central_inputs(1), 4000, seed=2, order=np.arange(1))
    fixed = drawn.with_values(removal=0.08, rebuilding=0.3)
    centre = central_inputs(1).with_values(removal=0.08, rebuilding=0.3)
    assert set(np.unique(fixed.rebuilt)) == {0.0, 1.0}
    np.testing.assert_allclose(fixed.rebuilt.mean(), centre.rebuilt[0], atol=0.002)
    stands = fixed.lasting(30)
    assert (np.diff(stands, axis=1) <= 0).all()
    np.testing.assert_allclose(stands.mean(axis=0), centre.lasting(30)[0], atol=0.002)


def test_tariffs_without_a_hazard_last_and_those_certain_to_fall_stand_for_a_year():
    inputs = central_inputs(1)
    assert (inputs.with_values(removal=0.0).lasting(9) == 1.0).all()
    assert inputs.with_values(removal=1.0).lasting(9)[0].tolist() == [1.0] + [0.0] * 8


def test_a_deal_file_has_the_last_word_on_its_chances():
    text = small_result().deal.text.replace(
        "horizon = 12",
        "horizon = 12\nremoval = { low = 0.1, mode = 0.2, high = 0.3 }",
    )
    own = {
        parameter.name: parameter
        for parameter in find_parameters(read_deal(text, world=small_result().world))
    }
    assert own["removal"].central == pytest.approx(0.2)
    assert own["removal"].source == "the deal file"
    assert own["rebuilding"].source != "the deal file"


def test_a_voided_tariff_is_set_anew_in_place_of_what_came_instead():
    """The clause of the ruling's successor gives way for those who pay the old rate again."""
    text = small_result().deal.text.replace(
        "[no_deal]\n[[no_deal.clause]]",
        """[[background.clause]]
kind = "tariff"
importer = "USA"
exporters = ["KOR", "JPN"]
products = ["all"]
rate = 0.1
rule = "add"
basis = "301"
from = 2027-07-02

[no_deal]
[[no_deal.clause]]
rebuilt = { from = 2027-07-02, basis = "301" }""",
    )
    world = small_result().world
    deal = read_deal(text, world=world)
    path = tariff_path(deal, "no_deal", world, "dated", rebuilt=True)
    plain = tariff_path(deal, "no_deal", world, "dated")
    usa, korea, japan = (world.region_index(name) for name in ("USA", "KOR", "JPN"))
    last, first = path.regimes[path.by_year[-1]].tariff, path.regimes[path.by_year[0]].tariff
    np.testing.assert_allclose(last[usa, korea], first[usa, korea], atol=1e-12)
    void = plain.regimes[plain.by_year[-1]].tariff
    np.testing.assert_array_equal(last[usa, japan], void[usa, japan])
    assert (last[usa, korea] - void[usa, korea]).max() == pytest.approx(0.15)
    assert not path.equals(plain)
    assert tariff_path(deal, "deal", world, "dated", rebuilt=True).equals(
        tariff_path(deal, "deal", world, "dated")
    )


def test_the_chance_of_a_crash_is_that_of_a_year_without_one_before():
    even = 1 - 0.9 ** np.arange(1, 6)
    np.testing.assert_allclose(yearly_chances(even), 0.1, atol=1e-12)
    assert yearly_chances(np.ones(3)).tolist() == [1.0, 0.0, 0.0]


def test_displacement_is_the_clauses_own_or_anything():
    u = np.array([0.0, 0.25, 1.0])
    np.testing.assert_allclose(displaced(None, u), u)
    np.testing.assert_allclose(displaced(0.3, u), 0.3)
    given = displaced(Spread(low=0.2, mode=0.2, high=0.6), u)
    np.testing.assert_allclose(given[[0, 2]], [0.2, 0.6])


def test_the_certainty_equivalent_is_above_the_mean_loss_and_nothing_without_risk():
    inputs = central_inputs(1)
    output = np.full((1, 20), 1000.0)
    chances = np.array([[0.1, 0.2, 0.0]])
    worth = certainty_equivalent(chances, inputs, output)
    mean = -1000.0 * 0.065 * np.array([0.1, 0.2])
    assert (worth[0, :2] < mean).all()
    np.testing.assert_allclose(worth[0, :2], mean, rtol=0.15)
    assert (worth[0, 2:] == 0).all()
    dearer = np.array([[0.1, 0.0], [0.2, 0.0], [0.4, 0.0]])
    rows = [
        certainty_equivalent(dearer, inputs.with_values(flow_price=price), output)[0, 0]
        for price in (0.5, 1.0, 2.0)
    ]
    assert rows[0] > rows[1] > rows[2]
