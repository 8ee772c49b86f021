"""What a government wants: gradients, best tariffs with weights, and weights read off tariffs."""

from dataclasses import replace

import numpy as np
import pytest

from accord.core.errors import InputError
from accord.core.status import Status
from accord.trade.config import TradeConfig
from accord.trade.equations import political_gain
from accord.trade.iteration.gradient import Aim, aim_gradient, joint_gradient
from accord.trade.model import TradeModel
from accord.trade.plan import TradeShock
from accord.trade.solution import TradeSolution
from accord.trade.solver import solve_trade
from accord.trade.strategy.instruments import Party
from accord.trade.strategy.politics import PoliticalWeights, Politics, real_accounts
from accord.trade.strategy.reveal import reveal_weights
from accord.trade.strategy.strategy import best_response, cooperative_tariffs, nash_tariffs
from tests.trade.test_welfare_gradient import CONFIGS, STEP
from tests.trade.worlds import Traits, draw_model

SECTORS = tuple(f"sector {j + 1}" for j in range(4))
WEIGHTS = PoliticalWeights({"sector 1": 1.15, "sector 2": 0.95, "sector 4": 1.05}, revenue=1.1)


def draw(seed: int) -> TradeModel:
    return draw_model(np.random.default_rng(seed), (3, 4))


def government(weights: PoliticalWeights, model: TradeModel) -> Party:
    return Party(model.regions[0], (model.regions[0],), weights)


@pytest.mark.parametrize("name", CONFIGS)
def test_gradient_of_value_added_and_revenue_matches_central_differences(name: str) -> None:
    rng = np.random.default_rng(23)
    model = draw_model(rng, (3, 4), Traits(scale=0.5))
    if CONFIGS[name].closure == "balanced":
        model = model.balance(CONFIGS[name])
    tariff = model.tariff + 0.3 * rng.random(model.tariff.shape)
    tariff[np.arange(3), np.arange(3)] = 0.0
    aim = Aim(rng.normal(size=3), rng.normal(size=(3, 4)), rng.normal(size=3))

    def value(tariff: np.ndarray) -> float:
        solved = solve_trade(model, TradeShock(tariff=tariff), config=CONFIGS[name]).value
        made, charged = real_accounts(model, solved)
        return float(
            aim.welfare @ solved.welfare + (aim.value_added * made).sum() + aim.revenue @ charged
        )

    solution = solve_trade(model, TradeShock(tariff=tariff), config=CONFIGS[name])
    gradient = aim_gradient(solution, aim)
    for cell in np.ndindex(*tariff.shape):
        ends = []
        for sign in (1, -1):
            moved = tariff.copy()
            moved[cell] += sign * STEP
            ends.append(value(moved))
        slope = (ends[0] - ends[1]) / (2 * STEP)
        assert gradient[cell] == pytest.approx(slope, rel=2e-5, abs=1e-5)


def test_nothing_changes_in_the_baseline_and_all_of_it_is_income() -> None:
    model = draw(2)
    made, charged = real_accounts(model, solve_trade(model, TradeShock()).value)
    assert np.abs(made).max() < 1e-9 * model.sales.max()
    assert np.abs(charged).max() < 1e-9 * model.sales.max()
    value = solve_trade(model, TradeShock(tariff=model.tariff * 2)).value
    made, charged = real_accounts(model, value)
    price = value.consumer_price_change
    received = value.income / price - model.income - (value.deficit / price - model.deficit)
    np.testing.assert_allclose(made.sum(axis=1) + charged, received, atol=1e-8)


def test_weights_of_one_give_the_figures_of_welfare_to_the_last_digit() -> None:
    model = draw(3)
    ones = PoliticalWeights(dict.fromkeys(SECTORS, 1.0), revenue=1.0)
    plain, weighed = best_response(model, "region 1"), best_response(model, government(ones, model))
    np.testing.assert_array_equal(weighed.value.tariff, plain.value.tariff)
    np.testing.assert_array_equal(weighed.value.objective, plain.value.party_gain)
    solution = plain.equilibrium
    assert solution is not None
    np.testing.assert_array_equal(
        aim_gradient(solution, Aim(np.ones(3))), joint_gradient(solution, np.ones(3))
    )


def test_what_is_maximised_is_the_equation_and_no_other_tariffs_do_better() -> None:
    model = draw(4)
    best = best_response(model, government(WEIGHTS, model))
    assert best.status is Status.CONVERGED
    omega, sectors = np.array([1.0, 0.0, 0.0]), np.tile(WEIGHTS.by_sector(SECTORS), (3, 1))

    def objective(tariff: np.ndarray) -> float:
        value = solve_trade(model, TradeShock(tariff=tariff)).value
        made, charged = real_accounts(model, value)
        return political_gain(
            value.welfare, model.income, made, charged, omega, sectors,
            np.full(3, WEIGHTS.revenue),
        )  # fmt: skip

    top = objective(best.value.tariff)
    assert best.value.objective[0] == pytest.approx(top, abs=1e-8)
    rng = np.random.default_rng(4)
    for _ in range(200):
        tariff = best.value.tariff.copy()
        tariff[0, 1:] += rng.normal(size=(2, 4)) * 10 ** rng.uniform(-3, -0.7)
        assert objective(np.maximum(tariff, -0.5)) <= top + 1e-7


@pytest.mark.parametrize("sector", SECTORS)
def test_a_higher_weight_on_a_sector_raises_its_best_tariff(sector: str) -> None:
    model = draw(5)
    rates = []
    for weight in (0.95, 1.0, 1.1, 1.2):
        party = government(PoliticalWeights({sector: weight}), model)
        best = best_response(model, party, over="mfn")
        assert best.status is Status.CONVERGED
        rates.append(best.value.average_tariff[0, SECTORS.index(sector)])
    assert np.all(np.diff(rates) > 1e-3)


def test_a_higher_weight_on_revenue_raises_more_of_it() -> None:
    model = draw(5)
    raised = [
        best_response(model, government(PoliticalWeights(revenue=weight), model))
        .value.tariff_revenue[0]
        for weight in (0.9, 1.0, 1.2)
    ]  # fmt: skip
    assert raised[0] < raised[1] < raised[2]


def test_a_war_and_an_agreement_serve_what_governments_want() -> None:
    model = draw(6)
    parties: list[str | Party] = [
        government(PoliticalWeights({"sector 1": 1.15}), model), "region 3",
    ]  # fmt: skip
    war = nash_tariffs(model, parties)
    plain = nash_tariffs(model, ["region 1", "region 3"])
    assert war.status is Status.CONVERGED
    assert war.value.average_tariff[0, 0] > plain.value.average_tariff[0, 0]
    assert war.value.party_gain[1] == war.value.objective[1]
    deal = cooperative_tariffs(model, parties, disagreement=war)
    assert np.all(deal.value.objective > war.value.objective)


@pytest.mark.parametrize(
    ("over", "revenue"), [("mfn", 1.1), ("partner", 1.1), ("mfn", None), ("partner", None)]
)
@pytest.mark.parametrize("closure", ["fixed", "balanced"])
def test_weights_are_read_off_the_tariffs_that_they_lead_to(over, closure, revenue) -> None:
    model, config = draw(7), TradeConfig(closure)
    given = np.array([WEIGHTS.sectors.get(name, 1.0) for name in SECTORS[:3]])
    if revenue is None:
        base = model.balance(config) if closure == "balanced" else model
        given /= np.average(given, weights=(base.value_added_share * base.sales)[0, :3])
    wanted = PoliticalWeights(dict(zip(SECTORS[:3], map(float, given), strict=True)), 1.1)
    best = best_response(model, government(wanted, model), over=over, config=config,
                         options={"sectors": SECTORS[:3], "tolerance": 1e-9})  # fmt: skip
    assert best.status is Status.CONVERGED
    revealed = reveal_weights(model, "region 1", best.value.tariff, over=over, revenue=revenue,
                           config=config, options={"sectors": SECTORS[:3]})  # fmt: skip
    for name in SECTORS[:3]:
        assert revealed.weights.sectors[name] == pytest.approx(wanted.sectors[name], abs=1e-5)
    assert revealed.weights.revenue == pytest.approx(1.1, abs=1e-5)
    assert revealed.gap < 1e-6 < revealed.gap_in_welfare
    assert revealed.explained > 0.999


def test_the_best_tariffs_of_revealed_weights_are_the_tariffs() -> None:
    """Any rates that differ little from the best: as many weights as rates explain them."""
    model = draw(8)
    options = {"sectors": SECTORS[:3]}
    tariff = best_response(model, "region 1", over="mfn", options=options).value.tariff.copy()
    tariff[0, 1:, :3] += [0.04, -0.02, 0.02]
    revealed = reveal_weights(model, "region 1", tariff, options=options)
    assert revealed.gap < 1e-9
    best = best_response(model, revealed.party, over="mfn", options=options,
                         shock=TradeShock(tariff=tariff))  # fmt: skip
    np.testing.assert_allclose(best.value.tariff, tariff, atol=1e-5)


def test_a_weight_is_never_negative_and_what_is_left_is_told() -> None:
    model = draw(9)
    tariff = np.array(model.tariff)
    tariff[0, 1:] = 0.0
    tariff[0, 1:, 0] = -0.7
    revealed = reveal_weights(model, "region 1", tariff, revenue=1.0)
    assert min(revealed.weights.sectors.values()) >= 0
    assert revealed.bound == ("sector 1",)
    assert 0 < revealed.gap < revealed.gap_in_welfare


def test_every_mistake_is_reported_at_once() -> None:
    with pytest.raises(InputError) as caught:
        PoliticalWeights({"sector 1": -1.0}, revenue=float("nan"))
    assert {problem.path for problem in caught.value.problems} == {
        "weights.sectors['sector 1']", "weights.revenue",
    }  # fmt: skip
    model = draw(1)
    with pytest.raises(InputError) as caught:
        best_response(
            model, government(PoliticalWeights({"sectr 1": 1.2, "sector 9": 1}), model),
            options={"sectors": ["sector 8"]},
        )  # fmt: skip
    assert len(caught.value.problems) == 3
    with pytest.raises(InputError) as caught:
        reveal_weights(model, "region 9", np.zeros((2, 2, 2)), revenue=-1.0)
    assert {problem.path for problem in caught.value.problems} == {
        "party region 9", "revenue", "shock.tariff",
    }  # fmt: skip


@pytest.mark.parametrize("name", CONFIGS)
def test_slopes_of_revenue_that_sectors_share_are_those_of_central_differences(name: str) -> None:
    rng = np.random.default_rng(29)
    model = draw_model(rng, (3, 4), Traits(scale=0.5))
    if CONFIGS[name].closure == "balanced":
        model = model.balance(CONFIGS[name])
    tariff = model.tariff + 0.3 * rng.random(model.tariff.shape)
    tariff[np.arange(3), np.arange(3)] = 0.0
    politics = Politics(rng.uniform(0.7, 1.4, (3, 4)), np.array([1.0, 1.2, 1.0]),
                        np.array([True, False, True]))  # fmt: skip
    config = replace(CONFIGS[name], tolerance=1e-12)
    member = rng.normal(size=3)

    def solve(tariff: np.ndarray) -> TradeSolution:
        return solve_trade(model, TradeShock(tariff=tariff), config=config)

    solution = solve(tariff)
    made, charged = politics.slopes(solution)
    gradient = aim_gradient(solution, Aim(np.zeros(3), member[:, None] * made, member * charged))
    for cell in np.ndindex(*tariff.shape):
        ends = []
        for sign in (1, -1):
            moved = tariff.copy()
            moved[cell] += sign * STEP
            ends.append(float(member @ politics.surplus(solve(moved))))
        slope = (ends[0] - ends[1]) / (2 * STEP)
        assert gradient[cell] == pytest.approx(slope, rel=5e-5, abs=2e-5)
