"""Searches for tariffs: how they end, what they refuse, and the climb they are made of."""

import numpy as np
import pytest

from accord.core.errors import InputError
from accord.core.status import Status
from accord.trade.config import TradeConfig
from accord.trade.model import TradeModel
from accord.trade.plan import TradeShock
from accord.trade.solver import solve_trade
from accord.trade.strategy import strategy
from accord.trade.strategy.ascent import Probe, climb
from accord.trade.strategy.instruments import StrategyConfig
from accord.trade.strategy.strategy import (
    best_response,
    cooperative_tariffs,
    nash_tariffs,
    retaliate,
)
from tests.trade.worlds import Traits, draw_model


@pytest.fixture
def model() -> TradeModel:
    return draw_model(np.random.default_rng(0), (3, 4))


def test_a_climb_finds_the_top_of_a_hill_within_bounds() -> None:
    """A quadratic with a full matrix: the conditions of its maximum within bounds hold."""
    rng = np.random.default_rng(0)
    root = rng.normal(size=(12, 12))
    bend = root @ root.T + np.diag(10.0 ** rng.uniform(-6, 1, 12))
    middle = rng.normal(size=12)

    def evaluate(x: np.ndarray) -> Probe[None]:
        gap = middle - x
        return Probe(float(-gap @ bend @ gap / 2), bend @ gap, np.diag(bend), None)

    top = climb(evaluate, np.zeros(12), (-0.5, 0.5), tolerance=1e-9, max_steps=500)
    assert top is not None
    assert top.residual <= 1e-9
    low, high = top.x == -0.5, top.x == 0.5
    assert np.any(low | high)
    assert not np.all(low | high)
    slope = top.probe.slope
    assert np.all(slope[low] < 0)
    assert np.all(slope[high] > 0)
    assert np.abs(slope[~low & ~high]).max() < 1e-7


def test_a_climb_goes_round_points_that_do_not_exist() -> None:
    def evaluate(x: np.ndarray) -> Probe[None] | None:
        if x[0] >= 0.31:
            return None
        return Probe(float(np.sqrt(1 - (x[0] - 0.3) ** 2)), 0.3 - x, np.full(1, 0.05), None)

    top = climb(evaluate, np.zeros(1), (-1.0, 1.0), tolerance=1e-6, max_steps=100)
    assert top is not None
    assert top.x[0] == pytest.approx(0.3, abs=1e-6)
    assert climb(evaluate, np.ones(1), (-1.0, 1.0), tolerance=1e-6, max_steps=9) is None


def test_a_search_that_is_cut_short_leaves_a_status_and_no_number(model: TradeModel) -> None:
    for solution in (
        best_response(model, "region 1", options={"max_steps": 2}),
        nash_tariffs(model, model.regions, options={"max_steps": 1, "tolerance": 1e-12}),
        cooperative_tariffs(model, model.regions, options={"max_steps": 2}),
    ):
        assert solution.status is Status.MAX_STEPS
        assert np.isnan(solution.value.tariff).all()
        assert np.isnan(solution.value.party_gain).all()
        assert not np.max([*solution.residuals.values()]) <= 1e-12
        assert solution.equilibrium is not None
        assert "max_steps" in repr(solution)


def test_a_baseline_without_an_equilibrium_is_a_status(model: TradeModel) -> None:
    receipts = np.array([-3.0, 1.0, 2.0]) * model.value_added[0]
    shock = TradeShock(transfer=receipts)
    for solution in (
        best_response(model, "region 1", shock=shock),
        nash_tariffs(model, model.regions, shock=shock),
    ):
        assert solution.status is Status.NEGATIVE_INCOME
        assert solution.equilibrium is None
        assert np.isnan(solution.value.welfare).all()


def test_parties_take_turns_where_moving_together_does_not_settle() -> None:
    """Flows that are missing leave one seller alone on a market; its buyer goes to the bound."""
    traits = Traits(zero_flows=0.3, idle_sectors=0.2)
    model = draw_model(np.random.default_rng(2), (3, 4), traits)
    war = nash_tariffs(model, model.regions)
    assert war.status is Status.CONVERGED
    assert war.stats.method == "in turn"
    assert war.value.tariff.max() == pytest.approx(5.0)
    assert np.max([*war.residuals.values()]) < 1e-6


def test_a_better_reply_further_away_is_not_called_an_equilibrium(
    model: TradeModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    gains = np.array([0.0, 1e-3, 0.0])
    monkeypatch.setattr(strategy, "find_replies", lambda *given, **_: (gains, given[2].x))
    war = nash_tariffs(model, model.regions)
    assert war.status is Status.BETTER_REPLY
    assert war.residuals["better reply of region 2"] == 1e-3
    assert np.isnan(war.value.welfare).all()


def test_a_bargain_that_nobody_gains_from_is_a_status(model: TradeModel) -> None:
    floor = dict.fromkeys(model.regions, float(model.income.max()))
    bargain = cooperative_tariffs(model, model.regions, disagreement=floor)
    assert bargain.status is Status.NO_GAIN


def test_a_bargain_may_start_where_not_everybody_gains(model: TradeModel) -> None:
    """The baseline is worse for region 1 than its own best response is."""
    best = best_response(model, "region 1")
    assert best.value.party_gain[0] > 0
    floor = dict(zip(model.regions, best.value.gain, strict=True))
    deal = cooperative_tariffs(model, model.regions, disagreement=floor)
    assert deal.status is Status.CONVERGED
    assert np.all(deal.value.gain > best.value.gain)
    other = cooperative_tariffs(model, model.regions, disagreement=best.equilibrium)
    np.testing.assert_allclose(other.value.gain, deal.value.gain, atol=1e-4)


def test_an_objective_may_be_somebody_else(model: TradeModel) -> None:
    own = best_response(model, "region 1")
    other = best_response(model, "region 1", objective={"region 2": 1.0})
    assert other.status is Status.CONVERGED
    assert other.value.gain[1] > own.value.gain[1]
    assert other.value.gain[0] < own.value.gain[0]
    assert np.all(own.value.tariff[1:] == other.value.tariff[1:])


def test_everything_wrong_is_told_at_once(model: TradeModel) -> None:
    with pytest.raises(InputError) as caught:
        best_response(
            model,
            "region1",
            objective={"region 9": 1.0},
            shock=TradeShock(tariff=np.zeros((2, 2, 1))),
            options={"sector": ["a"], "partners": ["region 7"]},
        )
    text = str(caught.value)
    for words in (
        "5 problems in the call",
        "party region1: 'region1' is not known. Did you mean region 1?",
        "objective: 'region 9' is not known",
        "options: 'sector' is not known. Did you mean sectors?",
        "options.partners: 'region 7' is not known",
        "shock.tariff: has shape (2, 2, 1)",
    ):
        assert words in text


WRONG = {
    "is not a list": ("region 1", {}, "is a string, not a list"),
    "nobody": ([], {}, "names nobody"),
    "twice": (["region 1", ["region 1", "region 2"]], {}, "used twice"),
    "empty group": ({"union": []}, {}, "party union: has no members"),
    "the whole world": ({"all": ["region 1", "region 2", "region 3"]}, {}, "imports nothing"),
    "unions overlap": (["region 1"], {"together": [["region 2"], ["region 2"]]}, "region twice"),
    "a sector": (["region 1"], {"sectors": "sector 1"}, "sectors: is a string"),
    "bounds": (["region 1"], {"lowest": 0.5, "highest": 0.2}, "bound no rate"),
    "numbers": (["region 1"], {"lowest": "low"}, "bounds and the tolerance are numbers"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_wrong_parties_and_options_get_a_remedy(name: str, model: TradeModel) -> None:
    parties, options, words = WRONG[name]
    with pytest.raises(InputError, match=words):
        nash_tariffs(model, parties, options=options)  # type: ignore[arg-type]


def test_options_are_checked_together() -> None:
    with pytest.raises(InputError) as caught:
        StrategyConfig(lowest=-2.0, tolerance=0.0, max_steps=0)
    assert len(caught.value.problems) == 3


def test_a_bargain_refuses_what_it_cannot_weigh(model: TradeModel) -> None:
    with pytest.raises(InputError) as caught:
        cooperative_tariffs(
            model,
            ["region 1", "region 2"],
            weights={"region 3": -1.0},
            disagreement={"region 1": 0.0},
        )
    text = str(caught.value)
    assert "weights: 'region 3' is not known" in text
    assert "weights: are not all positive" in text
    assert "disagreement: has no region 2" in text
    failed = best_response(model, "region 1", options={"max_steps": 1})
    with pytest.raises(InputError, match="did not converge"):
        cooperative_tariffs(model, model.regions, disagreement=failed)


def test_a_party_groups_one_name_or_none(model: TradeModel) -> None:
    with pytest.raises(InputError, match="names 2 parties"):
        best_response(model, {"a": ["region 1"], "b": ["region 2"]})
    named = best_response(model, {"a": ["region 1", "region 2"]})
    plain = best_response(model, ["region 1", "region 2"])
    assert named.parties[0].name == "a"
    assert plain.parties[0].name == "region 1+region 2"
    np.testing.assert_array_equal(named.value.tariff, plain.value.tariff)


def test_nobody_retaliates_against_nothing(model: TradeModel) -> None:
    with pytest.raises(InputError, match="raises no tariff on region 2"):
        retaliate(model, "region 2", TradeShock())


def test_a_start_of_another_world_is_refused(model: TradeModel) -> None:
    other = draw_model(np.random.default_rng(1), (5, 3))
    with pytest.raises(InputError, match="start: is of another world"):
        best_response(model, "region 1", start=solve_trade(other))


def test_closing_deficits_first_is_part_of_the_search(model: TradeModel) -> None:
    answer = best_response(model, "region 1", config=TradeConfig("balanced"))
    assert np.all(answer.model.deficit == 0)
    assert answer.value.party_gain[0] > 0
