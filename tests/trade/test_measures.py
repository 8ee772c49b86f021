"""Measures of welfare against utility and prices written out; refused where they are false."""

from dataclasses import replace

import numpy as np
import pytest

import accord as ac
from accord.core.errors import InputError
from accord.trade.config import TradeConfig
from accord.trade.model import TradeModel
from accord.trade.path.solver import solve_trade_path
from accord.trade.path.sourcing import Sourcing
from accord.trade.plan import TradeShock
from accord.trade.solution import TradeSolution
from accord.trade.solver import solve_trade
from accord.trade.welfare.decomposition import first_order_welfare
from accord.trade.welfare.measures import MEASURE_MEANING, WelfareChange, measure_welfare
from tests.trade.worlds import draw_model, draw_shock

WORK = TradeConfig(labour_elasticity=0.5, tolerance=1e-12)


def draw(seed: int = 2) -> tuple[TradeModel, TradeShock]:
    rng = np.random.default_rng(seed)
    model = draw_model(rng, (3, 4))
    tariff = model.tariff + 0.3 * rng.random(model.tariff.shape)
    tariff[np.arange(3), np.arange(3)] = 0.0
    return model, TradeShock(tariff=tariff)


def test_the_default_is_the_equivalent_variation_and_every_measure_has_its_name() -> None:
    model, shock = draw()
    solution = solve_trade(model, shock, config=WORK)
    usual = measure_welfare(solution)
    assert usual.measure == "equivalent_variation"
    np.testing.assert_array_equal(usual.change, solution.value.welfare)
    seen = []
    for name, meaning in MEASURE_MEANING.items():
        weights = model.final_share if name == "price_weights" else None
        measured: WelfareChange = ac.measure_welfare(solution, name, weights=weights)
        assert (measured.measure, measured.meaning) == (name, meaning)
        seen.append(measured.change)
    np.testing.assert_allclose(seen[2], seen[3], atol=1e-14)  # the weights are those of consumers
    for a, b in ((0, 1), (0, 2), (1, 2), (0, 4)):
        assert np.abs(seen[a] - seen[b]).max() > 1e-5


def test_net_of_effort_is_the_ratio_of_utilities() -> None:
    """Utility is consumption less `(k / (1 + k)) w L**(1 + 1/k)`; real wages before are one."""
    model, shock = draw()
    value = (solution := solve_trade(model, shock, config=WORK)).value
    k, wages = WORK.labour_elasticity, model.value_added
    before = model.income - k / (1 + k) * wages
    effort = k / (1 + k) * wages * value.labour_change ** (1 + 1 / k)
    after = value.income / value.consumer_price_change - effort
    change = measure_welfare(solution, "net_of_effort").change
    np.testing.assert_allclose(change, after / before - 1, atol=1e-10)
    np.testing.assert_allclose(value.welfare, (after - before) / model.income, atol=1e-10)
    fixed = solve_trade(model, shock)
    np.testing.assert_array_equal(
        measure_welfare(fixed, "net_of_effort").change, fixed.value.welfare
    )


def test_prices_are_weighted_as_told() -> None:
    model, shock = draw()
    solution = solve_trade(model, shock)
    value = solution.value
    for weights in ([0.1, 0.2, 0.3, 0.4], np.full((3, 4), 0.25)):
        price = np.exp((np.asarray(weights) * np.log(value.price_change)).sum(axis=1))
        change = measure_welfare(solution, "price_weights", weights=weights).change
        np.testing.assert_allclose(change, value.income / model.income / price - 1, atol=1e-12)


def test_the_formula_is_the_published_one_and_small_changes_agree_with_it() -> None:
    model, shock = draw()
    solution = solve_trade(model, shock)
    change = measure_welfare(solution, "first_order").change
    np.testing.assert_array_equal(change, first_order_welfare(solution).total)
    assert shock.tariff is not None
    little = TradeShock(tariff=model.tariff + 1e-4 * (shock.tariff - model.tariff))
    solution = solve_trade(model, little, config=TradeConfig(tolerance=1e-13))
    np.testing.assert_allclose(
        measure_welfare(solution, "first_order").change, solution.value.welfare, atol=1e-8
    )


def test_the_formula_is_refused_wherever_it_leaves_something_out() -> None:
    rng = np.random.default_rng(3)
    model = draw_model(rng, (3, 4))
    everything = solve_trade(model, draw_shock(rng, model))
    with pytest.raises(InputError) as caught:
        measure_welfare(everything, "first_order")
    said = str(caught.value)
    for what in ("other trade costs", "productivity", "transfers", "placed spending"):
        assert f"leaves out {what}" in said
    plain = solve_trade(model, draw()[1])
    for config, what in (
        (TradeConfig(closure="share"), "deficits"),
        (TradeConfig(competition="monopolistic"), "economies of scale"),
        (TradeConfig(competition="fixed_entry"), "profits"),
    ):
        with pytest.raises(InputError, match=f"leaves out {what}"):
            measure_welfare(replace(plain, config=config), "first_order")


def test_the_formula_is_refused_where_there_are_other_taxes_or_old_choices() -> None:
    """Taxes in the shock, taxes in the baseline, one on labour alone, and a year of a path."""
    model, shock = draw()
    made = np.full((3, 4), 0.1)
    taxed = replace(model, labour_tax=np.full(3, 0.2))
    for solution in (
        solve_trade(model, replace(shock, production_tax=made)),
        solve_trade(replace(model, consumption_tax=np.zeros((3, 4))), shock),
        solve_trade(taxed, shock),
    ):
        with pytest.raises(InputError, match="leaves out other taxes"):
            measure_welfare(solution, "first_order")
    year = solve_trade_path(model, [shock, shock], sourcing=Sourcing(ratio=0.3, speed=0.25)).years[
        1
    ]
    with pytest.raises(InputError, match="leaves out what buyers chose before"):
        measure_welfare(year, "first_order")


@pytest.mark.parametrize(
    ("measure", "weights", "said"),
    [
        ("first_ordr", None, "Did you mean first_order"),
        ("price_weights", None, "weights: are missing"),
        ("real_income", [0.25] * 4, "are of no use to real_income"),
        ("price_weights", [0.5, 0.5], r"have shape \(2,\), not \(4,\) or \(3, 4\)"),
        ("price_weights", [0.5, 0.5, 0.5, -0.5], "negative"),
        ("price_weights", [0.5, 0.5, 0.5, 0.5], "add to 2 in region 1"),
    ],
)
def test_a_wrong_measure_is_refused_in_words(measure, weights, said) -> None:
    model, shock = draw()
    solution = solve_trade(model, shock)
    with pytest.raises(InputError, match=said):
        measure_welfare(solution, measure, weights=weights)


def test_what_was_not_solved_has_no_welfare_by_any_measure() -> None:
    model, shock = draw()
    failed: TradeSolution = solve_trade(
        model, TradeShock(shock.tariff, transfer=np.array([-9e3, 9e3, 0.0])), throw=False
    )
    assert not failed.has_numbers
    for name in ("equivalent_variation", "net_of_effort", "real_income"):
        assert np.isnan(measure_welfare(failed, name).change).all()
