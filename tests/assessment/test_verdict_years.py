"""The tariffs of every year, the parameters and the risk of the verdict."""

import datetime as dt

import numpy as np
import pytest

from accord.assessment.valuation.cash_flows import displaced
from accord.assessment.valuation.currency_risk import certainty_equivalent
from accord.assessment.valuation.uncertainty import (
    NAMES,
    PARAMETERS,
    central_inputs,
    draw_inputs,
    mix_sets,
)
from accord.deal.clauses.investment import InvestmentClause
from accord.deal.fields import Spread
from accord.lowering.tariff_path import tariff_path
from accord.lowering.tariff_schedule import tariff_on
from tests.assessment.verdicts import small_result


def test_frozen_is_the_day_and_dated_is_the_mean_over_days():
    result = small_result()
    deal, world = result.deal, result.world
    clauses = deal.clauses("no_deal")
    frozen = tariff_path(deal, "no_deal", world, "frozen")
    assert len(frozen.regimes) == 1
    np.testing.assert_array_equal(frozen.regimes[0], tariff_on(clauses, world, deal.evaluate_on))
    dated = tariff_path(deal, "no_deal", world, "dated")
    assert dated.by_year.tolist() == [0, 1] + [2] * 10
    before, after = (tariff_on(clauses, world, dt.date(2027, 7, day)) for day in (1, 2))
    np.testing.assert_array_equal(dated.regimes[0], before)
    np.testing.assert_array_equal(dated.regimes[2], after)
    share = 182 / 365  # 1 January to 1 July
    np.testing.assert_allclose(
        dated.regimes[1], share * before + (1 - share) * after, rtol=1e-12, atol=1e-15
    )
    usa, korea = world.region_index("USA"), world.region_index("KOR")
    assert before[usa, korea].mean() > after[usa, korea].mean() + 0.1


def test_phase_ins_turn_on_their_day():
    text = small_result().deal.text.replace(
        'rate = 0.15\nrule = "add"\nbasis = "232"\nfrom = 2025-04-03',
        'rate = 0.15\nrule = "add"\nbasis = "232"\nfrom = 2025-04-03\n'
        "steps = [{ from = 2029-01-01, rate = 0.05 }]",
    )
    from accord.deal.load import read_deal

    world = small_result().world
    path = tariff_path(read_deal(text, world=world), "deal", world, "dated")
    assert path.by_year.tolist() == [0] * 3 + [1] * 9


def test_draws_fill_their_ranges_evenly():
    inputs = draw_inputs(central_inputs(np.eye(3)[0], 35), 400, seed=1, order=np.arange(50))
    for parameter in PARAMETERS:
        values = getattr(inputs, parameter.name)
        assert parameter.low <= values.min() < values.max() <= parameter.high
        inside = (values < parameter.mode).mean()
        assert 0.2 < inside < 0.8
    np.testing.assert_allclose(inputs.weights.sum(axis=1), 1.0)
    np.testing.assert_allclose(inputs.weights.mean(axis=0), 1 / 3, atol=0.03)
    assert set(np.unique(inputs.path)) == set(range(50))
    assert {*NAMES} <= {*inputs.__dataclass_fields__}


@pytest.mark.parametrize("sets", [1, 2, 4])
def test_mixtures_are_even_on_the_simplex(sets):
    sample = np.random.default_rng(sets).random((4000, sets - 1))
    weights = mix_sets(sample)
    assert weights.shape == (4000, sets)
    assert weights.min() >= 0
    np.testing.assert_allclose(weights.sum(axis=1), 1.0)
    np.testing.assert_allclose(weights.mean(axis=0), 1 / sets, atol=0.02)


def test_displacement_is_the_clauses_own_or_anything():
    def clause(**more):
        return InvestmentClause(
            kind="investment", payer="KOR", host="USA", amount=100e9, instrument="equity", **more
        )

    u = np.array([0.0, 0.25, 1.0])
    np.testing.assert_allclose(displaced((clause(),), u), u)
    np.testing.assert_allclose(displaced((clause(displacement=0.3),), u), 0.3)
    spread = Spread(low=0.2, mode=0.2, high=0.6)
    given = displaced((clause(displacement=spread), clause(displacement=0.0)), u)
    np.testing.assert_allclose(given[[0, 2]], [0.1, 0.3])
    assert displaced((), u).tolist() == [0.0, 0.0, 0.0]


def test_the_certainty_equivalent_is_above_the_mean_loss_and_nothing_without_risk():
    inputs = central_inputs(np.ones(1), 20)
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
