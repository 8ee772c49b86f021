"""The backtest scores what the model itself made as perfect, and anything else as less."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from accord.backtesting.backtest import backtest, scenarios
from accord.backtesting.episode import Episode
from accord.backtesting.tariffs import period_tariff
from accord.core.errors import InputError
from accord.trade.path.sourcing import SOURCING
from tests.backtesting.worlds import made_up_episode, made_up_world


@pytest.fixture(scope="module")
def world():
    return made_up_world()


@pytest.fixture(scope="module")
def episode(world):
    return made_up_episode(world)


def test_outcomes_of_the_model_itself_score_one(world, episode):
    result = backtest([episode], world=world, elasticities=["true"])
    for row in result.rows:
        assert row.central == pytest.approx(row.outcome.observed, rel=1e-6), row.outcome.name
        assert row.inside, row.outcome.name
    total = result.scores[-1]
    assert total.measure is None
    assert total.count == len(result.rows) == 8
    assert total.inside == 1.0
    assert total.skill == pytest.approx(1.0, abs=1e-5)


def test_outcomes_of_another_elasticity_score_less(world, episode):
    right = backtest([episode], world=world, elasticities=["true"]).scores[-1]
    wrong = backtest([episode], world=world, elasticities=["weak"]).scores[-1]
    assert wrong.inside < 0.5 * right.inside
    assert wrong.skill < right.skill - 0.2
    both = backtest([episode], world=world).scores[-1]
    assert both.inside == 1.0
    assert wrong.skill < both.skill < right.skill


def test_outcomes_do_not_move_predictions(world, episode):
    moved = replace(
        episode,
        outcomes=tuple(replace(o, observed=3 * o.observed + 1) for o in episode.outcomes),
    )
    first, second = (backtest([e], world=world, elasticities=["true"]) for e in (episode, moved))
    for a, b in zip(first.rows, second.rows, strict=True):
        assert (a.low, a.central, a.high, a.unchanged) == (b.low, b.central, b.high, b.unchanged)


def test_without_a_tariff_the_forecast_that_nothing_moves_is_right(world, episode):
    none = replace(episode, added=dict.fromkeys(episode.added, (0.0,)))
    for row in backtest([none], world=world, elasticities=["true"]).rows:
        for end in (row.low, row.central, row.high):
            assert end == pytest.approx(row.unchanged, abs=1e-9), row.outcome.name


def test_scenarios_have_the_ends_of_the_published_ranges():
    known = scenarios(["one-set", "another"], ["another"])
    assert len(known) == 6
    assert [case.central for case in known] == [False] * 4 + [True, False]
    for name in ("ratio", "speed"):
        values = {getattr(case.sourcing, name) for case in known}
        assert values == {SOURCING[name].low, SOURCING[name].central, SOURCING[name].high}


def test_the_score_falls_as_outcomes_move_away(world, episode):
    skills = []
    for off in (0.0, 0.5, 1.0):
        outcomes = tuple(
            replace(o, observed=o.observed * (1 + off)) for o in episode.outcomes
            if o.measure in ("share", "imports")
        )  # fmt: skip
        moved = replace(episode, outcomes=outcomes)
        skills.append(backtest([moved], world=world, elasticities=["true"]).scores[-1].skill)
    assert skills[0] > skills[1] > skills[2]


def test_rates_are_means_over_days(world, episode):
    start = episode.days[0]
    stepped = replace(
        episode,
        days=(start, start + timedelta(days=100)),
        added={"BBB": (0.2, 0.4), "CCC": (0.0, 0.1)},
    )
    spans = [(start - timedelta(days=10), start + timedelta(days=39)),
             (start + timedelta(days=40), start + timedelta(days=139))]  # fmt: skip
    assert stepped.mean_added("BBB", *spans[0]) == pytest.approx(0.2 * 40 / 50)
    assert stepped.mean_added("BBB", *spans[1]) == pytest.approx(0.2 * 0.6 + 0.4 * 0.4)
    whole = period_tariff(stepped, world, spans[0][0], spans[1][1])
    parts = [period_tariff(stepped, world, *span) for span in spans]
    np.testing.assert_allclose(whole, (50 * parts[0] + 100 * parts[1]) / 150, atol=1e-15)
    assert stepped.mean_added("BBB", date(2000, 1, 1), date(2000, 12, 31)) == 0.0


def test_services_pay_nothing_and_others_stay(world, episode):
    tariff = period_tariff(episode, world, date(2020, 1, 1), date(2020, 1, 1))
    np.testing.assert_array_equal(tariff[:, :, -1], world.tariff[:, :, -1])
    np.testing.assert_array_equal(tariff[1:], world.tariff[1:])
    np.testing.assert_array_equal(tariff[0, 3:], world.tariff[0, 3:])
    np.testing.assert_allclose(tariff[0, 1, :2] - world.tariff[0, 1, :2], 0.25)


def test_an_unknown_episode_is_refused_with_a_suggestion():
    with pytest.raises(InputError) as caught:
        backtest("2052")
    assert "2025" in str(caught.value)


def test_a_frame_and_a_line_say_the_same(world, episode):
    result = backtest([episode], world=world, elasticities=["true"])
    frame = result.to_frame()
    assert isinstance(result.episodes[0], Episode)
    assert list(frame["observed"]) == [row.outcome.observed for row in result.rows]
    assert "8 of 8" in repr(result)
    assert "made-up, all outcomes: 8 of 8 inside, skill 1.00" in result.summary()
