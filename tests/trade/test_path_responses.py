"""Responses by horizon, against closed forms, and one year solved again by other means."""

import numpy as np
import pytest
from scipy.optimize import root

from accord.trade import equations as eq
from accord.trade.config import TradeConfig
from accord.trade.model import TradeModel
from accord.trade.path.solver import solve_trade_path
from accord.trade.path.sourcing import Sourcing
from accord.trade.plan import TradeShock
from accord.trade.solver import solve_trade
from tests.trade.worlds import draw_model, draw_shock, draw_tariff

TIGHT = TradeConfig(tolerance=1e-13)


def small_country(theta: float = 5.0) -> TradeModel:
    """A country too small to move the wages of the two it buys from, and these."""
    flows = np.array([[1.0, 1e-4, 1e-4], [1e-4, 1e4, 2e3], [1e-4, 2e3, 1e4]])[:, :, None]
    return TradeModel.from_arrays(
        flows=flows,
        tariff=np.zeros_like(flows),
        value_added_share=np.ones((3, 1)),
        input_share=np.zeros((3, 1, 1)),
        elasticity=np.array([theta]),
    )


@pytest.mark.parametrize(
    ("theta", "ratio", "speed"),
    [(5.0, 0.25, 0.22), (5.0, 0.36, 0.28), (5.0, 1.0, 0.25), (1.0, -0.24, 0.25)],
)
def test_the_elasticity_by_horizon_is_that_of_the_formula(
    theta: float, ratio: float, speed: float
) -> None:
    rise = 1e-5
    model = small_country(theta)
    tariff = np.zeros((3, 3, 1))
    tariff[0, 1] = rise
    path = solve_trade_path(
        model, [TradeShock(tariff=tariff)] * 12, sourcing=Sourcing(ratio, speed), config=TIGHT,
        settled=0.0,
    )  # fmt: skip
    share = np.array([year.value.trade_share for year in path.years])[:, 0, :, 0]
    response = -np.log(share[:, 1] / share[:, 2]) / np.log1p(rise)
    horizon = np.arange(12)
    expected = theta * (ratio + (1 - ratio) * (1 - (1 - speed) ** horizon))
    np.testing.assert_allclose(response, expected, rtol=2e-4)
    # Before duty, imports fall by one unit more: duty takes its part of the spending.
    flows = path.value.flows[:, 0, :, 0]
    before_duty = -np.log(flows[:, 1] / flows[:, 2]) / np.log1p(rise)
    np.testing.assert_allclose(before_duty, expected + 1, rtol=2e-4)


def test_where_no_wage_moves_the_long_run_is_there_when_all_buyers_have_chosen() -> None:
    model = small_country()
    tariff = np.zeros((3, 3, 1))
    tariff[0, 1] = 0.5
    shock = TradeShock(tariff=tariff)
    path = solve_trade_path(model, [shock] * 3, sourcing=Sourcing(0.3, 1.0), config=TIGHT)
    static = solve_trade(model, shock, config=TIGHT).value
    share = np.array([year.value.trade_share[0, :, 0] for year in path.years])
    between = share[:, 1] / share[:, 2]
    expected = static.trade_share[0, 1, 0] / static.trade_share[0, 2, 0]
    assert between[0] > 3 * expected
    np.testing.assert_allclose(between[1:], expected, rtol=1e-4)


def test_quantities_of_a_small_buyer_fall_by_the_elasticity_of_substitution() -> None:
    """With prices of sellers given, quantity falls as value before duty does."""
    model, rise = small_country(), 1e-4
    tariff = np.zeros((3, 3, 1))
    tariff[0, 1] = rise
    value = solve_trade_path(model, [TradeShock(tariff=tariff)], sourcing=Sourcing(0.3)).value
    index = (value.quantity[0] / model.flows)[0, :, 0]
    fall = -np.log(index[1] / index[2]) / np.log1p(rise)
    assert fall == pytest.approx(0.3 * 5 + 1, rel=1e-3)


def test_a_closed_form_of_two_years_when_no_wage_moves() -> None:
    """Large shocks: shares of a small buyer, from the costs that it faces alone."""
    model, theta, theta_S, delta = small_country(), 5.0, 1.5, 0.25
    rises = (0.5, 0.1, 0.0)
    shocks = []
    for rise in rises:
        tariff = np.zeros((3, 3, 1))
        tariff[0, 1] = rise
        shocks.append(TradeShock(tariff=tariff))
    path = solve_trade_path(model, shocks, sourcing=Sourcing(0.3, delta), config=TIGHT)
    abroad = np.array([1.0, 1.0])  # equal baseline imports from the two
    weight = abroad.copy()
    for year, rise in zip(path.years, rises, strict=True):
        cost = np.array([1 + rise, 1.0])
        share = weight * cost**-theta_S
        got = year.value.trade_share[0, 1:, 0]
        assert got[0] / got[1] == pytest.approx(share[0] / share[1], rel=1e-4)
        gate = year.value.gate_price_change[:, 0]
        x = np.array([gate[0], gate[1] * (1 + rise), gate[2]])
        own = model.trade_share[0, :, 0]
        level = (own @ x**-theta) ** (-1 / theta)
        chosen = (x / level) ** (theta_S - theta)
        weight = (1 - delta) * weight + delta * abroad * chosen[1:]
    assert weight[0] < weight[1]


@pytest.mark.parametrize("seed", range(4))
def test_a_later_year_solves_again_with_a_general_root_finder(seed: int) -> None:
    """Wages of year three from SciPy, with prices by substitution, from the weights alone."""
    rng = np.random.default_rng(seed)
    model = draw_model(rng, (3, 4))
    shocks = [TradeShock(tariff=draw_tariff(rng, model)) for _ in range(3)]
    ratio, speed = 0.3, 0.25
    path = solve_trade_path(model, shocks, sourcing=Sourcing(ratio, speed), config=TIGHT)
    weight = np.array(model.trade_share)
    wages = np.ones(3)
    for shock in shocks:
        assert shock.tariff is not None
        wages, prices, x = clear(model, shock.tariff, weight, ratio=ratio, start=wages)
        theta = model.elasticity
        level = (model.trade_share * x**-theta).sum(axis=1) ** (-1 / theta)
        chosen = model.trade_share * (x / level[:, None, :]) ** ((ratio - 1) * theta)
        weight = (1 - speed) * weight + speed * chosen
    last = path.years[-1].value
    np.testing.assert_allclose(last.wage_change, wages, rtol=1e-8)
    np.testing.assert_allclose(last.price_change, prices, rtol=1e-8)


def clear(
    model: TradeModel, tariff: np.ndarray, weight: np.ndarray, *, ratio: float, start: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Wages, prices and delivered costs at which labour markets clear, by SciPy."""
    theta = ratio * model.elasticity

    def prices_at(w: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        log_p = np.zeros_like(model.sales)
        for _ in range(2000):
            inputs = np.einsum("nkj,nk->nj", model.input_share, log_p)
            cost = np.exp(model.value_added_share * np.log(w)[:, None] + inputs)
            x = cost[None] * (1 + tariff) / (1 + model.tariff)
            new = -np.log((weight * x**-theta).sum(axis=1)) / theta
            done, log_p = np.abs(new - log_p).max() < 1e-15, new
            if done:
                break
        return np.exp(log_p), x

    def excess(log_w: np.ndarray) -> np.ndarray:
        w = np.exp(log_w)
        p, x = prices_at(w)
        share = weight * (x / p[:, None, :]) ** -theta
        N, J = p.shape
        net, duty = share / (1 + tariff), 1 - (share / (1 + tariff)).sum(axis=1)
        # X = gamma Y + alpha (w VA + D + duty X), Y = net' X: linear in X.
        to_sales = np.zeros((N * J, N * J))
        for j in range(J):
            to_sales[j::J, j::J] = net[:, :, j].T
        inputs = np.zeros((N * J, N * J))
        final = np.zeros((N * J, N * J))
        for n in range(N):
            own = slice(n * J, (n + 1) * J)
            inputs[own, own] = model.input_share[n]
            final[own, own] = np.outer(model.final_share[n], duty[n])
        cash = (model.final_share * (w * model.value_added + model.deficit)[:, None]).ravel()
        X = np.linalg.solve(np.eye(N * J) - inputs @ to_sales - final, cash)
        Y = (to_sales @ X).reshape(N, J)
        gap = (model.value_added_share * Y).sum(axis=1) / model.value_added - w
        gap[-1] = (w * model.value_added).sum() / model.value_added.sum() - 1
        return np.asarray(gap)

    found_at = root(excess, np.log(start), method="hybr", options={"xtol": 1e-14})
    assert np.abs(found_at.fun).max() < 1e-11
    wages = np.exp(found_at.x)
    return wages, *prices_at(wages)


def draw_tariff_shock(rng: np.random.Generator, model: TradeModel) -> TradeShock:
    """Tariffs alone: complements bear no shock to everything at once."""
    return TradeShock(tariff=draw_tariff(rng, model))


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("ratio", [0.3, -0.1])
def test_inertia_is_no_taste_nobody_pays_less_than_a_buyer_who_is_free_to_choose(
    seed: int, ratio: float
) -> None:
    """At the same costs, whatever happened before. Counting old sources as a taste breaks this."""
    rng = np.random.default_rng(seed)
    model = draw_model(rng, (3, 4))
    draw = draw_shock if ratio > 0 else draw_tariff_shock
    shocks = [draw(rng, model) for _ in range(5)]
    path = solve_trade_path(model, shocks, sourcing=Sourcing(ratio, 0.25), config=TIGHT)
    for year in path.years:
        free = eq.price(model.trade_share, year.delivered_cost, model.elasticity)
        paid = year.value.price_change
        assert (paid > free * (1 - 1e-9)).all()
        assert (paid > free * (1 + 1e-4)).any()


def test_welfare_of_a_lasting_tariff_runs_from_the_short_run_to_the_long_run() -> None:
    model = small_country()
    tariff = np.zeros((3, 3, 1))
    tariff[1, 2] = 0.25
    shock, sourcing = TradeShock(tariff=tariff), Sourcing(0.3, 0.25)
    path = solve_trade_path(model, [shock] * 60, sourcing=sourcing, config=TIGHT)
    short = solve_trade(sourcing.short_run(model), shock, config=TIGHT).value.welfare
    long = solve_trade(model, shock, config=TIGHT).value.welfare
    for region in (1, 2):
        run = path.value.welfare[:, region]
        assert run[0] == pytest.approx(short[region], abs=1e-12)
        assert run[-1] == pytest.approx(long[region], abs=1e-9)
        assert (np.diff(run) * np.sign(long[region] - short[region]) > -1e-12).all()
    assert path.value.welfare[0, 1] > path.value.welfare[-1, 1]  # the gain of charging it wears off
