"""Arrays as offices and authors publish them: cut, filled, turned, net of duty, and reported."""

from typing import Any

import numpy as np
import pytest
from scipy.optimize import brentq

from accord.core.errors import InputError
from accord.core.status import Status
from accord.trade.config import TradeConfig
from accord.trade.model import TradeModel
from accord.trade.plan import TradeShock
from accord.trade.solver import solve_trade
from tests.published.caliendo_parro import MIX_STEP, load_inputs, shipped_arrays
from tests.trade.worlds import Traits, draw_model, supply_inputs

pytestmark = pytest.mark.first


def arrays(seed: int = 2, traits: Traits = Traits()) -> dict[str, Any]:  # noqa: B008
    model = draw_model(np.random.default_rng(seed), (3, 4), traits)
    return {
        "flows": model.flows.copy(),
        "tariff": np.array(model.tariff),
        "value_added_share": np.array(model.value_added_share),
        "input_share": np.array(model.input_share),
        "elasticity": np.array(model.elasticity),
        "scale_elasticity": np.array(model.scale_elasticity),
    }


def published() -> dict[str, Any]:
    """Return the raw arrays of Caliendo and Parro (2015)."""
    raw = {name: array.astype(np.float64) for name, array in shipped_arrays().items()}
    beta, mix = raw["value_added_share"], raw["input_mix"] * MIX_STEP
    return {
        "flows": raw["flows"],
        "tariff": raw["tariff"],
        "value_added_share": beta,
        "input_share": mix / mix.sum(axis=1, keepdims=True) * (1 - beta)[:, None, :],
        "elasticity": raw["elasticity"],
    }


def test_published_flows_with_negative_demand_are_cut_and_the_report_says_where() -> None:
    given = published()
    with pytest.raises(InputError, match='clip="zero"'):
        TradeModel.from_arrays(**given)
    model = TradeModel.from_arrays(**given, clip="zero")
    prepared = load_inputs().model  # cut by the authors' procedure, step by step
    for name in ("trade_share", "final_share", "sales", "value_added", "deficit"):
        np.testing.assert_allclose(
            getattr(model, name), getattr(prepared, name), rtol=1e-8, atol=1e-10
        )
    assert model.clipped
    assert f"cut in {len(model.clipped)} cells" in repr(model)
    gamma, sales = given["input_share"], given["flows"].sum(axis=0)
    inputs = np.einsum("nkj,nj->nk", gamma, sales)
    spent = (given["flows"] * (1 + given["tariff"])).sum(axis=1)
    for (region, sector), money in model.clipped.items():
        n, j = model.regions.index(region), model.sectors.index(sector)
        assert money == pytest.approx(inputs[n, j] - spent[n, j], rel=1e-6)
    assert (solve_trade(model).value.wage_change == 1).all()


def test_nothing_is_cut_where_nothing_is_negative() -> None:
    given = arrays()
    plain, clipped = TradeModel.from_arrays(**given), TradeModel.from_arrays(**given, clip="zero")
    assert clipped.clipped == {}
    np.testing.assert_array_equal(plain.sales, clipped.sales)
    np.testing.assert_array_equal(plain.final_share, clipped.final_share)
    with pytest.raises(InputError, match="clip: 'one' is not known"):
        TradeModel.from_arrays(**given, clip="one")


@pytest.mark.parametrize("cost", [0.0, np.nan])
def test_sectors_without_output_need_no_costs(cost: float) -> None:
    given = arrays(seed=3, traits=Traits(value_added=(0.85, 0.95)))
    given["flows"][:, 1, 3] += given["flows"][:, 0, 3]  # what region 1 made comes from region 2
    given["flows"][:, 0, 3] = 0.0
    given["flows"] = supply_inputs(given["flows"], given["tariff"], given["input_share"])
    idle = given["flows"].sum(axis=0) == 0
    assert idle.any()
    tariff = given["tariff"] * 1.2
    full = solve_trade(TradeModel.from_arrays(**given), TradeShock(tariff=tariff))
    blank = {**given}
    blank["value_added_share"] = np.where(idle, cost, given["value_added_share"])
    blank["input_share"] = np.where(idle[:, None, :], cost, given["input_share"])
    model = TradeModel.from_arrays(**blank)
    again = solve_trade(model, TradeShock(tariff=tariff))
    np.testing.assert_allclose(again.value.welfare, full.value.welfare, atol=1e-9)
    shares = TradeModel.from_shares(
        trade_share=model.trade_share * ~idle[None], final_share=model.final_share,
        tariff=model.tariff, value_added_share=blank["value_added_share"],
        input_share=blank["input_share"], elasticity=model.elasticity,
        value_added=model.value_added, deficit=model.deficit,
    )  # fmt: skip
    np.testing.assert_allclose(shares.sales, model.sales, rtol=1e-8)
    sold = ~idle
    busy = np.argwhere(sold)[0]
    blank["value_added_share"][tuple(busy)] = 0.0
    with pytest.raises(InputError, match="value_added_share"):
        TradeModel.from_arrays(**blank)


def test_flows_that_include_duty_are_taken_at_customs_value() -> None:
    given = arrays()
    paid = {**given, "flows": given["flows"] * (1 + given["tariff"])}
    customs = TradeModel.from_arrays(**given)
    net = TradeModel.from_arrays(**paid, flows_include_tariff=True)
    np.testing.assert_allclose(net.flows, customs.flows, rtol=1e-12)
    np.testing.assert_allclose(net.value_added, customs.value_added, rtol=1e-12)


def test_a_cube_of_exporters_by_importers_is_told_from_its_accounts() -> None:
    """Region 1 buys its inputs abroad: turned round, it would have to use what it sells."""
    flows = np.zeros((2, 2, 2))
    flows[0, 1, 0], flows[1, 1, 0] = 100.0, 50.0
    flows[0, 0, 1], flows[1, 0, 1], flows[1, 1, 1] = 120.0, 100.0, 50.0
    beta, gamma = np.ones((2, 2)), np.zeros((2, 2, 2))
    beta[0, 1], gamma[0, 0, 1] = 0.6, 0.4
    given: dict[str, Any] = {
        "flows": flows, "tariff": np.zeros((2, 2, 2)), "value_added_share": beta,
        "input_share": gamma, "elasticity": np.array([4.0, 4.0]),
    }  # fmt: skip
    assert TradeModel.from_arrays(**given).value_added[0] == pytest.approx(132.0)
    with pytest.raises(InputError, match=r"numpy\.swapaxes\(flows, 0, 1\)"):
        TradeModel.from_arrays(**{**given, "flows": np.swapaxes(flows, 0, 1)})
    wrong = flows.copy()
    wrong[0, 1, 0] = 10.0  # too little either way round
    with pytest.raises(InputError) as caught:
        TradeModel.from_arrays(**{**given, "flows": wrong})
    assert "swapaxes" not in str(caught.value)


def test_a_long_list_of_surpluses_is_a_short_one() -> None:
    """Nine regions that each lend more than they earn: five are named, four are counted."""
    N = 12
    deficit = np.where(np.arange(N) < 9, -2.0, 6.0)
    shares: dict[str, Any] = {
        "trade_share": np.full((N, N, 1), 1 / N),
        "final_share": np.ones((N, 1)),
        "tariff": np.zeros((N, N, 1)),
        "value_added_share": np.ones((N, 1)),
        "input_share": np.zeros((N, 1, 1)),
        "elasticity": np.array([4.0]),
        "value_added": np.ones(N),
        "deficit": deficit,
    }
    with pytest.raises(InputError) as caught:
        TradeModel.from_shares(**shares)
    paths = [problem.path for problem in caught.value.problems]
    assert len(paths) == 6
    assert "4 more" in str(caught.value.problems[-1])


@pytest.mark.parametrize("barrier", [1e2, 1e6, 1e12])
@pytest.mark.parametrize("theta", [4.0, 65.0])
def test_a_good_that_is_not_made_at_home_is_bought_at_any_cost(barrier, theta) -> None:
    """A millionfold cost to the power of minus 65 is no number; shares and prices still are.

    Region 1 makes only good 1, so that region 2 has to sell it good 2 and to buy good 1 of it. One
    relative wage is unknown, and it is found here in logarithms.
    """
    flows = np.array([[[60.0, 0.0], [10.0, 30.0]], [[40.0, 0.0], [120.0, 80.0]]])
    model = TradeModel.from_arrays(
        flows=flows, tariff=np.zeros((2, 2, 2)), value_added_share=np.ones((2, 2)),
        input_share=np.zeros((2, 2, 2)), elasticity=np.array([3.0, theta]),
    )  # fmt: skip
    cost = np.full((2, 2, 2), barrier)
    cost[[0, 1], [0, 1]] = 1.0
    solution = solve_trade(model, TradeShock(trade_cost=cost), config=TradeConfig(tolerance=1e-12))
    mine, theirs = 100.0, 240.0  # value added of both regions
    share, spent = model.trade_share[:, 0, 0], np.array(model.expenditure)

    def shares(log_w: float) -> np.ndarray:
        """Share of good 1 that comes from region 1, for both buyers."""
        odds = np.log(share / (1 - share)) - 3.0 * (log_w + np.array([-1.0, 1.0]) * np.log(barrier))
        return np.exp(-np.logaddexp(0.0, -odds))

    def excess(log_w: float) -> float:
        w = np.array([np.exp(log_w), 1.0])
        sold = shares(log_w) * spent[:, 0] / spent.sum(axis=1) * w * [mine, theirs]
        return float(np.log(sold.sum() / (w[0] * mine)))

    log_w = brentq(excess, -80.0, 20.0, xtol=1e-14)
    wage = solution.value.wage_change
    assert np.log(wage[0] / wage[1]) == pytest.approx(log_w, abs=1e-8)
    own = shares(log_w)
    np.testing.assert_allclose(solution.value.trade_share[:, 0, 0], own, rtol=1e-8)
    assert solution.value.trade_share[0, 1, 1] == pytest.approx(1.0, rel=1e-12)
    dear = model.final_share[0] @ [np.log(own[0] / share[0]) / 3.0, np.log(barrier) - log_w]
    assert solution.value.welfare[0] == pytest.approx(np.expm1(-dear), rel=1e-8)
    assert np.max([*solution.residuals.values()]) < 1e-10


def test_millionfold_trade_costs_solve_on_the_raw_tables() -> None:
    """Twenty-six goods are bought where they are not made, one at an elasticity of 65."""
    model = TradeModel.from_arrays(**published(), clip="zero")
    regions, sectors = model.sales.shape
    home = model.trade_share[np.arange(regions), np.arange(regions)]
    assert ((home == 0) & (model.expenditure > 0)).sum() == 26
    cost = np.full(model.tariff.shape, 1e6)
    cost[np.arange(regions), np.arange(regions)] = 1.0
    solution = solve_trade(model, TradeShock(trade_cost=cost, deficit=np.zeros(regions)))
    assert solution.status is Status.CONVERGED
    value = solution.value
    sold = value.flows.sum(axis=0)
    earned = value.wage_change * model.value_added
    np.testing.assert_allclose((model.value_added_share * sold).sum(axis=1), earned, rtol=1e-8)
    bought = np.einsum("nkj,nj->nk", model.input_share, sold)
    income = earned + value.tariff_revenue
    np.testing.assert_allclose(
        (value.flows * (1 + value.tariff)).sum(axis=1),
        bought + model.final_share * income[:, None], rtol=1e-8, atol=1e-12 * income.sum(),
    )  # fmt: skip
    # With the delivered cost of every source the prices follow, in logarithms.
    log_cost = model.value_added_share * np.log(value.wage_change)[:, None] + np.einsum(
        "nkj,nk->nj", model.input_share, np.log(value.price_change)
    )
    power = -model.elasticity * (log_cost[None] + np.log(cost))
    with np.errstate(divide="ignore"):
        offer = np.log(model.trade_share) + power
    price = -np.logaddexp.reduce(offer, axis=1) / model.elasticity
    np.testing.assert_allclose(price, np.log(value.price_change), atol=1e-8)
    # Who makes all that he uses is nearly alone: the closed form at his home shares.
    whole = (home > 0).all(axis=1)
    inverse = np.linalg.inv(np.eye(sectors) - model.input_share.transpose(0, 2, 1))
    alone = np.einsum("njk,nk->nj", inverse[whole], np.log(home[whole]) / model.elasticity)
    real = model.value_added[whole] / model.income[whole]
    welfare = real * np.exp((model.final_share[whole] * alone).sum(axis=1)) - 1
    np.testing.assert_allclose(value.welfare[whole], welfare, atol=3e-3)
