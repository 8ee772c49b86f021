"""Wrong arrays: every problem at once, each with its path and what to do."""

from typing import Any

import numpy as np
import pytest

from accord.core.boundary.economy import read_economy
from accord.core.errors import InputError, Problem, SolveError
from accord.trade.calibration import baseline_from_shares
from accord.trade.config import TradeConfig
from accord.trade.model import TradeModel
from accord.trade.plan import TradeShock
from accord.trade.solver import solve_trade
from tests.trade.worlds import draw_model


def arrays() -> dict[str, Any]:
    model = draw_model(np.random.default_rng(2), (3, 4))
    return {
        "flows": model.flows.copy(),
        "tariff": np.array(model.tariff),
        "value_added_share": np.array(model.value_added_share),
        "input_share": np.array(model.input_share),
        "elasticity": np.array(model.elasticity),
    }


def test_every_problem_is_listed_with_its_path() -> None:
    given = arrays()
    given["flows"][0, 1, 2] = -5.0
    given["tariff"][1, 0, 0] = np.nan
    given["elasticity"][1] = -2.0
    given["value_added_share"][2, 2] = 0.0
    with pytest.raises(InputError) as caught:
        TradeModel.from_arrays(**given)
    told = {problem.path.partition("[")[0]: str(problem) for problem in caught.value.problems}
    assert set(told) == {"flows", "tariff", "elasticity", "value_added_share"}
    assert "[region 1,region 2,sector 3]" in told["flows"]
    assert "not finite" in told["tariff"]
    assert "positive" in told["elasticity"]
    assert caught.value.exit_code == 2


def test_shapes_are_checked_before_anything_else() -> None:
    given = {**arrays(), "scale_elasticity": np.zeros(4)}
    given["elasticity"] = given["elasticity"][:3]
    given["flows"] = given["flows"][:, :2]
    problems: list[Problem] = []
    read_economy(given, ("a", "b", "c"), tuple("wxyz"), problems)
    assert {problem.path for problem in problems} == {"elasticity", "flows"}
    assert all("has shape" in problem.message for problem in problems)


def test_shares_that_do_not_sum_to_one_name_the_cell() -> None:
    given = arrays()
    given["input_share"][1, :, 3] *= 2
    with pytest.raises(InputError, match=r"region 2,sector 4.*one minus the value-added share"):
        TradeModel.from_arrays(**given)


def test_impossible_accounts_name_the_cell() -> None:
    given = arrays()
    given["flows"][1, :, 0] *= 1e-6
    with pytest.raises(InputError, match=r"flows\[region 2,:,sector 1\].*rebalance"):
        TradeModel.from_arrays(**given)


def test_labels_must_be_unique_and_axes_three() -> None:
    given = arrays()
    with pytest.raises(InputError, match="given more than once: A"):
        TradeModel.from_arrays(**given, labels=(("A", "A", "B"), tuple("wxyz")))


def test_a_wrong_shock_lists_everything() -> None:
    model = draw_model(np.random.default_rng(2), (3, 4))
    shock = TradeShock(
        tariff=np.full((3, 3, 4), -1.5),
        productivity=np.zeros((3, 4)),
        transfer=np.array([1.0, 1.0, 1.0]),
        spending=-np.ones((3, 4)),
    )
    with pytest.raises(InputError) as caught:
        solve_trade(model, shock)
    paths = {problem.path for problem in caught.value.problems}
    assert paths == {"shock.tariff", "shock.productivity", "shock.transfer", "shock.spending"}


def test_a_wrong_configuration_lists_everything() -> None:
    with pytest.raises(InputError) as caught:
        TradeConfig(labour_elasticity=-1.0, tolerance=1.0, max_steps=0)
    assert len(caught.value.problems) == 3
    model = draw_model(np.random.default_rng(2), (3, 4))
    with pytest.raises(InputError, match="scale"):
        solve_trade(model, config=TradeConfig(competition="monopolistic"))


def test_placed_spending_is_paid_out_of_income() -> None:
    model = draw_model(np.random.default_rng(2), (3, 4))
    placed = np.zeros((3, 4))
    placed[1, 2] = 0.05 * model.value_added[1]
    solution = solve_trade(model, TradeShock(spending=placed))
    assert np.max([*solution.residuals.values()]) < 1e-9
    assert solution.value.expenditure[1, 2] > model.expenditure[1, 2]
    assert solution.value.expenditure[1].sum() == pytest.approx(
        model.expenditure[1].sum(), rel=0.02
    )


def test_deficits_of_the_world_must_sum_to_zero() -> None:
    model = draw_model(np.random.default_rng(2), (3, 4))
    deficit = np.array(model.deficit)
    deficit[0] += 0.1 * model.value_added[0]
    with pytest.raises(InputError, match="deficit: sums to") as caught:
        TradeModel.from_shares(
            trade_share=model.trade_share,
            final_share=model.final_share,
            tariff=model.tariff,
            value_added_share=model.value_added_share,
            input_share=model.input_share,
            elasticity=model.elasticity,
            value_added=model.value_added,
            deficit=deficit,
        )
    assert len(caught.value.problems) == 1


def test_shares_whose_accounts_never_settle_are_refused() -> None:
    """Almost no value added, so that a round of inputs is almost as large as the last."""
    shares: dict[str, Any] = {
        "trade_share": np.array([[[0.9], [0.1]], [[0.1], [0.9]]]),
        "final_share": np.ones((2, 1)),
        "tariff": np.zeros((2, 2, 1)),
        "elasticity": np.array([4.0]),
        "value_added": np.array([1.0, 1.0]),
        "deficit": np.zeros(2),
    }
    thin, thick = (
        {
            **shares,
            "value_added_share": np.full((2, 1), b),
            "input_share": np.full((2, 1, 1), 1 - b),
        }
        for b in (1e-5, 0.5)
    )
    assert baseline_from_shares(thick)["sales"] == pytest.approx(np.full((2, 1), 2.0))
    with pytest.raises(SolveError, match="value added is 1e-05"):
        TradeModel.from_shares(**thin)


@pytest.mark.parametrize(
    ("rate", "refused"), [(0.4, False), (24.0, False), (101.0, True), (1e4, False)]
)
def test_a_tariff_that_only_a_per_cent_can_be_is_refused(rate: float, refused: bool) -> None:
    tariff = np.array(arrays()["tariff"])
    tariff[0, 1, 0] = rate
    problems = TradeShock(tariff=tariff).problems(3, 4)
    assert bool(problems) is refused
    if refused:
        assert "did you mean 1.01?" in str(problems[0])


@pytest.mark.parametrize("rate", [25.0, 40.0, 100.0])
def test_a_tariff_that_may_be_a_per_cent_is_asked_about(rate: float) -> None:
    tariff = np.array(arrays()["tariff"])
    tariff[0, 1, 0] = rate
    with pytest.warns(UserWarning, match=f"did you mean {rate / 100:g}"):
        assert TradeShock(tariff=tariff).problems(3, 4) == []


RATES = ("tariff", "export_tax", "production_tax", "consumption_tax")


def rates(name: str, rate: float, cells: int) -> np.ndarray:
    """Return rates of 0.2, and another one in the first cells; nothing on sales at home."""
    cube = name in ("tariff", "export_tax")
    table = np.full((3, 3, 4) if cube else (3, 4), 0.2)
    if cube:
        table[np.arange(3), np.arange(3)] = 0.0
    table[tuple(axis[:cells] for axis in np.nonzero(table))] = rate
    return table


@pytest.mark.parametrize("name", RATES)
def test_rates_of_the_baseline_that_are_per_cents_are_refused_or_asked_about(name: str) -> None:
    given = arrays()
    with pytest.raises(InputError, match=f"{name}.*\n?.*did you mean per cent"):
        TradeModel.from_arrays(**{**given, name: rates(name, 25.0, 100)})
    with pytest.raises(InputError, match=f"{name}.*\n?.*did you mean 1.5"):
        TradeModel.from_arrays(**{**given, name: rates(name, 150.0, 1)})
    with pytest.warns(UserWarning, match=f"{name}.*did you mean 0.25"):
        TradeModel.from_arrays(**{**given, name: rates(name, 25.0, 1)}, clip="zero")


@pytest.mark.parametrize("name", RATES)
def test_rates_of_a_shock_that_are_per_cents_are_refused_or_asked_about(name: str) -> None:
    shock = TradeShock(**{name: rates(name, 150.0, 1)})
    assert "did you mean 1.5?" in str(shock.problems(3, 4)[0])
    with pytest.warns(UserWarning, match="did you mean 0.25"):
        assert TradeShock(**{name: rates(name, 25.0, 1)}).problems(3, 4) == []
