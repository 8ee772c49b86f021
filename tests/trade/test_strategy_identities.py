"""What must hold of tariffs that parties choose: best replies, symmetry, groups, agreements."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accord.core.status import Status
from accord.trade.config import TradeConfig
from accord.trade.iteration.gradient import welfare_gradient
from accord.trade.model import TradeModel
from accord.trade.plan import TradeShock
from accord.trade.solver import solve_trade
from accord.trade.strategy.solution import StrategySolution
from accord.trade.strategy.strategy import (
    best_response,
    cooperative_tariffs,
    nash_tariffs,
    retaliate,
)
from tests.trade.worlds import Traits, draw_model, permute

pytestmark = pytest.mark.first

SEEDS = st.integers(0, 10_000)
FEW = settings(max_examples=10)
NOISE = 1e-10
CONFIGS = {
    "fixed deficits": TradeConfig(),
    "deficits as shares": TradeConfig("share"),
    "balanced trade": TradeConfig("balanced"),
    "elastic labour": TradeConfig(labour_elasticity=0.6),
    "scale economies": TradeConfig("balanced", "monopolistic"),
}


def draw(seed: int, size: tuple[int, int] = (3, 4), traits: Traits = Traits()) -> TradeModel:  # noqa: B008
    return draw_model(np.random.default_rng(seed), size, traits)


def welfare_at(solution: StrategySolution, tariff: np.ndarray) -> np.ndarray:
    """Return everybody's welfare at other tariffs, all else as in the solution."""
    assert solution.equilibrium is not None
    shock = replace(solution.shock, tariff=tariff)
    solved = solve_trade(
        solution.model, shock, config=solution.equilibrium.config, start=solution.equilibrium
    )
    return solved.value.welfare


@pytest.mark.parametrize("over", ["partner", "mfn"])
def test_a_best_response_beats_a_thousand_others(over) -> None:
    """Near and far, on one rate and on all of them."""
    rng = np.random.default_rng(5)
    best = best_response(draw(5), "region 2", over=over)
    own, others = 1, [0, 2]
    shape = (2, 4) if over == "partner" else (1, 4)
    for _ in range(1000):
        move = rng.normal(size=shape) * 10 ** rng.uniform(-4, 0)
        move *= rng.random(shape) < rng.choice([0.2, 1.0])
        tariff = best.value.tariff.copy()
        tariff[own, others] = np.clip(np.exp(move) * (1 + tariff[own, others]) - 1, -0.5, 5)
        assert welfare_at(best, tariff)[own] <= best.value.welfare[own] + NOISE


@pytest.mark.parametrize("name", CONFIGS)
def test_at_a_nash_point_no_step_along_a_slope_helps(name: str) -> None:
    model = draw(7, traits=Traits(scale=0.5))
    war = nash_tariffs(model, model.regions, config=CONFIGS[name])
    assert war.status is Status.CONVERGED
    assert war.equilibrium is not None
    for n, region in enumerate(model.regions):
        slope = np.zeros_like(war.value.tariff)
        slope[n] = welfare_gradient(war.equilibrium, region)[n]
        slope[n, n] = 0
        for length in (1e-4, 1e-2, 0.3):
            for sign in (1, -1):
                step = sign * length * slope / np.abs(slope).max()
                welfare = welfare_at(war, np.maximum(war.value.tariff + step, -0.5))
                assert welfare[n] <= war.value.welfare[n] + NOISE


@FEW
@given(SEEDS)
def test_a_war_is_the_best_response_of_each_to_the_others(seed: int) -> None:
    model = draw(seed)
    war = nash_tariffs(model, model.regions)
    for n, region in enumerate(model.regions):
        others = war.value.tariff.copy()
        others[n] = model.tariff[n]
        reply = best_response(model, region, shock=TradeShock(tariff=others))
        np.testing.assert_allclose(reply.value.tariff[n], war.value.tariff[n], atol=2e-5)


def test_equal_countries_charge_equal_tariffs() -> None:
    flows = np.full((3, 3, 2), 0.1)
    flows[..., 1] = 0.05
    flows[np.arange(3), np.arange(3)] = 1.0
    tariff = np.full_like(flows, 0.03)
    tariff[np.arange(3), np.arange(3)] = 0.0
    model = TradeModel.from_arrays(
        flows=flows,
        tariff=tariff,
        value_added_share=np.full((3, 2), 0.6),
        input_share=np.full((3, 2, 2), 0.2),
        elasticity=np.array([4.0, 6.0]),
    )
    rates = nash_tariffs(model, model.regions).value.tariff
    abroad = rates[~np.eye(3, dtype=bool)]
    np.testing.assert_allclose(abroad, np.broadcast_to(abroad[0], abroad.shape), atol=1e-6)
    assert np.ptp(nash_tariffs(model, model.regions).value.welfare) < 1e-9


@FEW
@given(SEEDS, st.sampled_from(["partner", "mfn"]))
def test_names_and_order_do_not_matter(seed: int, over) -> None:
    model = draw(seed)
    rng = np.random.default_rng(seed + 1)
    n, j = rng.permutation(3), rng.permutation(4)
    original = nash_tariffs(model, ["region 1", "region 3"], over=over)
    renamed = nash_tariffs(permute(model, n, j), ["region 3", "region 1"], over=over)
    np.testing.assert_allclose(
        renamed.value.tariff, original.value.tariff[np.ix_(n, n, j)], atol=1e-5
    )
    np.testing.assert_allclose(renamed.value.party_gain, original.value.party_gain[::-1], atol=1e-5)


def test_a_union_has_one_external_tariff_and_keeps_its_internal_ones() -> None:
    model = draw(3, (5, 3))
    union = {"union": ["region 1", "region 2"]}
    best = best_response(model, union)
    rates = best.value.tariff
    np.testing.assert_array_equal(rates[0, 2:], rates[1, 2:])
    np.testing.assert_array_equal(rates[:2, :2], model.tariff[:2, :2])
    np.testing.assert_array_equal(rates[2:], model.tariff[2:])
    assert best.value.party_gain == pytest.approx(best.value.gain[:2].sum())
    war = nash_tariffs(model, {**union, "other": ["region 3", "region 4"]})
    rates = war.value.tariff
    np.testing.assert_allclose(rates[2:4, :2], np.broadcast_to(rates[2, 0], (2, 2, 3)))
    np.testing.assert_allclose(rates[:2, 2:4], np.broadcast_to(rates[0, 2], (2, 2, 3)))
    assert np.any(np.abs(rates[0, 4] - rates[0, 3]) > 1e-4)


def test_mfn_rates_are_one_for_everybody_and_gain_less() -> None:
    model = draw(4, (5, 3))
    apart, uniform = (best_response(model, "region 1", over=over) for over in ("partner", "mfn"))
    rates = uniform.value.tariff[0, 1:]
    np.testing.assert_array_equal(rates, np.broadcast_to(rates[0], rates.shape))
    assert 0 < uniform.value.party_gain[0] < apart.value.party_gain[0]


def test_only_what_may_be_set_is_set() -> None:
    model = draw(4, (5, 3))
    options = {"sectors": ["sector 2"], "partners": ["region 2", "region 3"], "highest": 0.1}
    rates = best_response(model, "region 1", options=options).value.tariff
    set_here = np.zeros(rates.shape, dtype=bool)
    set_here[0, 1:3, 1] = True
    np.testing.assert_array_equal(rates[~set_here], model.tariff[~set_here])
    np.testing.assert_allclose(rates[set_here], 0.1)  # both bounds are below the optimum


def test_a_warm_start_costs_less_and_ends_at_the_same_point() -> None:
    model = draw(6)
    cold = nash_tariffs(model, model.regions)
    warm = nash_tariffs(model, model.regions, start=cold)
    np.testing.assert_allclose(warm.value.tariff, cold.value.tariff, atol=1e-5)
    assert warm.stats.steps < cold.stats.steps / 3


def test_the_world_together_chooses_free_trade() -> None:
    """Where prices are those of free trade, a dollar is worth the same to everybody."""
    model = draw(8)
    free = TradeModel.from_arrays(
        flows=model.flows,
        tariff=np.zeros_like(model.flows),
        value_added_share=np.ones((3, 4)),
        input_share=np.zeros((3, 4, 4)),
        elasticity=model.elasticity,
    )
    war = nash_tariffs(free, free.regions)
    assert war.value.party_gain.sum() < 0
    peace = cooperative_tariffs(free, free.regions, shock=TradeShock(tariff=war.value.tariff))
    np.testing.assert_allclose(peace.value.tariff, 0.0, atol=2e-5)
    assert abs(peace.value.party_gain.sum()) < 1e-6 * free.income.sum()


def test_a_bargain_leaves_both_better_off_than_the_war_and_cannot_be_improved() -> None:
    model = draw(9)
    war = nash_tariffs(model, model.regions)
    deal = cooperative_tariffs(model, model.regions, disagreement=war)
    gain = deal.value.party_gain - war.value.party_gain
    assert np.all(gain > 0)
    money = cooperative_tariffs(
        model,
        model.regions,
        disagreement=dict(zip(model.regions, war.value.party_gain, strict=True)),
    )
    np.testing.assert_allclose(money.value.tariff, deal.value.tariff, atol=1e-4)
    rng = np.random.default_rng(9)
    for _ in range(200):
        move = rng.normal(size=war.value.tariff.shape) * 10 ** rng.uniform(-3, -1)
        move[np.arange(3), np.arange(3)] = 0
        other = welfare_at(deal, deal.value.tariff + move) * model.income - war.value.party_gain
        assert np.any(other <= 0) or np.log(other / gain).sum() <= 1e-8
    whole = cooperative_tariffs(model, model.regions)
    assert whole.value.party_gain.sum() >= deal.value.party_gain.sum() - 1e-6


def test_a_weight_moves_a_bargain_towards_its_owner() -> None:
    model = draw(9)
    war = nash_tariffs(model, model.regions)
    gains = [
        cooperative_tariffs(model, model.regions, disagreement=war, weights={"region 1": weight})
        .value.party_gain[0]
        for weight in (0.5, 1.0, 3.0)
    ]  # fmt: skip
    assert gains[0] < gains[1] < gains[2]


def test_retaliation_hits_those_who_raised_tariffs_and_no_others() -> None:
    model = draw(10, (5, 3))
    attack = best_response(model, "region 1")
    answer = retaliate(model, "region 2", TradeShock(tariff=attack.value.tariff))
    changed = np.argwhere(np.abs(answer.value.tariff - attack.value.tariff) > 1e-9)
    assert set(map(tuple, changed[:, :2])) == {(1, 0)}
    assert answer.value.welfare[1] > attack.value.welfare[1]
    assert answer.value.welfare[0] < attack.value.welfare[0]


def test_retaliation_lowers_no_tariff_even_where_that_would_pay() -> None:
    """A tariff above the best one stays: to cut it would answer nobody."""
    model = draw(10, (5, 3))
    attack = np.array(best_response(model, "region 1").value.tariff)
    attack[1, 0, 0] = 2.0
    shock = TradeShock(tariff=attack)
    free = best_response(model, "region 2", shock=shock, options={"partners": ["region 1"]})
    assert free.value.tariff[1, 0, 0] < 2.0
    answer = retaliate(model, "region 2", shock)
    assert answer.status is Status.CONVERGED
    assert (answer.value.tariff >= attack - 1e-12).all()
    assert answer.value.tariff[1, 0, 0] == pytest.approx(2.0, abs=1e-12)


def test_a_deficit_that_does_not_adjust_rewards_ever_higher_tariffs() -> None:
    """Received in units of world value added, it buys the more, the poorer tariffs make others."""
    flows = np.array([[[70.0], [30.0]], [[20.0], [300.0]]])
    model = TradeModel.from_arrays(
        flows=flows,
        tariff=np.zeros_like(flows),
        value_added_share=np.ones((2, 1)),
        input_share=np.zeros((2, 1, 1)),
        elasticity=np.array([5.0]),
    )
    fixed = best_response(model, "region 1")
    assert fixed.value.tariff[0, 1, 0] == pytest.approx(5.0)
    valley = np.array(model.tariff)
    valley[0, 1] = 1.0
    low = model.tariff.copy()
    low[0, 1] = 0.2
    assert welfare_at(fixed, valley)[0] < welfare_at(fixed, low)[0] < fixed.value.welfare[0]
    balanced = best_response(model, "region 1", config=TradeConfig("balanced"))
    assert balanced.value.tariff[0, 1, 0] < 0.25
    war = nash_tariffs(model, model.regions)
    assert war.status is Status.CONVERGED
    assert war.value.tariff[0, 1, 0] == pytest.approx(5.0)
