"""Fixed costs of exporting that are paid where goods are sold, against firms in levels."""

from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import root

from accord.core.errors import InputError
from accord.core.status import Status
from accord.trade.batch import solve_trade_many
from accord.trade.config import TradeConfig
from accord.trade.model import TradeModel
from accord.trade.path.solver import solve_trade_path
from accord.trade.plan import TradeShock
from accord.trade.solver import solve_trade
from accord.trade.strategy.instruments import Party
from accord.trade.strategy.politics import PoliticalWeights
from accord.trade.strategy.strategy import best_response
from accord.trade.welfare.decomposition import decompose_welfare
from accord.trade.welfare.measures import measure_welfare
from tests.trade.worlds import Traits, check_slopes, draw_model, draw_shock, permute, permute_shock

pytestmark = pytest.mark.first

MELITZ = TradeConfig(competition="monopolistic", scale_of="bundles", tolerance=1e-12)
WORLD = Traits(value_added=(0.6, 0.9), elasticities=(3.0, 6.0))


class Firms(NamedTuple):
    """A world of firms in levels: `b` and `g` are labour and inputs in a bundle."""

    b: np.ndarray
    g: np.ndarray
    alpha: np.ndarray
    theta: np.ndarray
    sigma: np.ndarray
    staff: np.ndarray
    entry: np.ndarray  # bundles that a firm needs to draw its productivity
    fixed: np.ndarray  # bundles of the buyer's country that it needs to sell there
    deficit: np.ndarray
    kappa: float  # elasticity of labour supply


class Levels(NamedTuple):
    """An equilibrium of `Firms`, world value added being one."""

    flows: np.ndarray
    sold: np.ndarray
    real: np.ndarray  # income at consumer prices
    utility: np.ndarray  # the same less the effort of working
    wage: np.ndarray
    firms: np.ndarray
    revenue: np.ndarray
    paid: np.ndarray
    hired: np.ndarray  # labour that firms ask for over what there is, less one


def draw_firms(seed: int, regions: int, kappa: float) -> Firms:
    rng = np.random.default_rng([91, seed])
    N, J = regions, 2
    b = rng.uniform(0.5, 0.9, (N, J))
    g = rng.dirichlet(np.ones(J), size=(N, J)).transpose(0, 2, 1) * (1 - b)[:, None, :]
    theta = rng.uniform(3.5, 6.0, J)
    deficit = 0.01 * rng.normal(size=N)
    fixed = np.exp(rng.normal(-3, 0.3, (N, N, J)))
    return Firms(b, g, rng.dirichlet(np.full(J, 5.0), size=N), theta,
                 1 + rng.uniform(0.5, 0.9, J) * theta, np.exp(rng.normal(0, 0.3, N)),
                 np.exp(rng.normal(-1, 0.2, (N, J))), fixed, deficit - deficit.mean(),
                 kappa)  # fmt: skip


def settle(firms: Firms, tariff: np.ndarray, iceberg: np.ndarray) -> Levels:
    """Return the equilibrium in levels, each market's firms integrated over Pareto's distribution.

    The least productive firm that sells in a market just earns its fixed cost there. Means over the
    firms that sell are those of a Pareto distribution cut off at its productivity.
    """
    theta, sigma, (N, J) = firms.theta, firms.sigma, firms.b.shape
    tail = theta / (theta - sigma + 1)  # mean of productivity**(sigma - 1), that of the last one

    def look(z: np.ndarray, iceberg: np.ndarray, owed: np.ndarray | float) -> dict[str, np.ndarray]:
        w = np.exp(z[:N])
        P, entrants, X = np.exp(z[N:].reshape(3, N, J))
        cost = w[:, None] ** firms.b * np.prod(P[:, :, None] ** firms.g, axis=1)
        fee = firms.fixed * cost[:, None]
        # the price at which sales to a market are sigma times the fixed cost
        last = P[:, None] * (X[:, None] / ((1 + tariff) * sigma * fee)) ** (1 / (sigma - 1))
        markup = sigma / (sigma - 1)
        cutoff = (1 + tariff) * markup * iceberg * cost[None] / last
        active = entrants[None] * cutoff**-theta
        level = active * tail * last ** (1 - sigma)
        quantity = active * tail * last**-sigma * P[:, None] ** (sigma - 1) * X[:, None]
        made = quantity * iceberg * cost[None] / cutoff  # cost of making and shipping it
        sales = made * markup
        earned = (sales - made - active * fee).sum(axis=0)
        paid = made.sum(axis=0) + entrants * firms.entry * cost + (active * fee).sum(axis=1)
        revenue = (tariff * sales).sum(axis=(1, 2))
        price = np.prod(P**firms.alpha, axis=1)
        wages = w * firms.staff * (w / price) ** firms.kappa
        income = wages + revenue + owed
        gaps = [
            np.log(level.sum(axis=1)) / (1 - sigma) - np.log(P),
            np.log(earned / (entrants * firms.entry * cost)),
            (np.einsum("nkj,nj->nk", firms.g, paid) + firms.alpha * income[:, None]) / X - 1,
        ]
        hired = (firms.b * paid).sum(axis=1) / wages - 1
        return {
            "gap": np.concatenate([hired[1:], [wages.sum() - 1], np.ravel(gaps)]),
            "flows": sales, "sold": sales.sum(axis=0), "wage": w, "firms": entrants,
            "real": income / price,
            "utility": (income - firms.kappa / (1 + firms.kappa) * wages) / price,
            "revenue": revenue, "paid": paid, "hired": hired,
        }  # fmt: skip

    # from little trade, where each country is nearly alone, to as much as there is
    z = np.concatenate([-np.log(N * firms.staff), np.repeat([0.0, -1.0, -1.5], N * J)])
    speed = np.concatenate([np.tile((sigma - 1) / theta, N), np.repeat([1.0, 0.5], N * J)])
    for barrier in (1.0, 0.7, 0.5, 0.3, 0.2, 0.1, 0.0):
        far = iceberg * np.exp(barrier * ~np.eye(N, dtype=bool))[:, :, None]
        for _ in range(500 if barrier == 1.0 else 0):
            at = look(z, far, 0.0)
            move = np.concatenate([0.2 * at["hired"], speed * at["gap"][N:]])
            z += 0.3 * np.clip(move, -0.5, 0.5)
        z = root(lambda z, far=far: look(z, far, 0.0)["gap"], z, tol=1e-14).x
    z = root(lambda z: look(z, iceberg, firms.deficit)["gap"], z, tol=1e-14).x
    solved = look(z, iceberg, firms.deficit)
    assert np.abs(solved.pop("gap")).max() < 1e-11
    return Levels(**solved)


def calibrate(firms: Firms, old: Levels, tariff: np.ndarray) -> TradeModel:
    return TradeModel.from_arrays(
        flows=old.flows, tariff=tariff, value_added_share=firms.b, input_share=firms.g,
        elasticity=firms.theta, substitution=firms.sigma,
    )  # fmt: skip


@pytest.mark.parametrize("regions", [2, 3])
@pytest.mark.parametrize(("seed", "kappa"), [(0, 0.0), (1, 0.0), (2, 0.5)])
def test_firms_in_levels_have_the_welfare_and_flows_of_the_model(
    seed: int, kappa: float, regions: int
) -> None:
    firms, rng = draw_firms(seed, regions, kappa), np.random.default_rng([92, seed])
    size, apart = (regions, regions, 2), ~np.eye(regions, dtype=bool)[:, :, None]
    before, after = (rng.uniform(low, 0.4, size) * apart for low in (0.0, -0.1))
    iceberg, later = (np.exp(rng.uniform(0.4, 0.7, size) * apart) for _ in range(2))
    old = settle(firms, before, iceberg)
    model, config = calibrate(firms, old, before), replace(MELITZ, labour_elasticity=kappa)
    np.testing.assert_allclose(model.value_added, (firms.b * old.paid).sum(axis=1), atol=1e-10)
    np.testing.assert_allclose(model.deficit, firms.deficit, atol=1e-10)
    for tariff, cost in ((after, iceberg), (before, later), (after, later)):
        new = settle(firms, tariff, cost)
        solution = solve_trade(
            model, TradeShock(tariff=tariff, trade_cost=cost / iceberg), config=config
        )
        value = solution.value
        gain = (new.utility - old.utility) / old.real
        np.testing.assert_allclose(value.welfare, gain, atol=1e-8)
        np.testing.assert_allclose(value.flows, new.flows, atol=1e-8)
        np.testing.assert_allclose(value.sales, new.sold, atol=1e-8)
        np.testing.assert_allclose(value.tariff_revenue, new.revenue, atol=1e-8)
        np.testing.assert_allclose(value.wage_change, new.wage / old.wage, atol=1e-8)
        np.testing.assert_allclose(solution.scale_change, new.firms / old.firms, atol=1e-8)
        assert np.max([*solution.residuals.values()]) < 1e-9


def draw_world(rng: np.random.Generator) -> TradeModel:
    """Return a world of three regions and four sectors in which no sector is about to close."""
    drawn = draw_model(rng, (3, 4), WORLD)
    own = np.eye(3)[:, :, None]
    flows = drawn.flows + 4 * own * drawn.flows.sum(axis=0).mean(axis=1)[:, None]
    return TradeModel.from_arrays(
        flows=flows, tariff=drawn.tariff, value_added_share=drawn.value_added_share,
        input_share=drawn.input_share, elasticity=drawn.elasticity,
        substitution=1 + rng.uniform(0.5, 0.95, 4) * drawn.elasticity,
    )  # fmt: skip


def small_shock(rng: np.random.Generator, model: TradeModel) -> TradeShock:
    shock = draw_shock(rng, model)
    cost, productivity = shock.trade_cost, shock.productivity
    assert cost is not None
    assert productivity is not None
    return replace(shock, trade_cost=cost**0.3, productivity=productivity**0.3)


COMBINATIONS = st.fixed_dictionaries(
    {
        "closure": st.sampled_from(["fixed", "share", "balanced"]),
        "labour_elasticity": st.sampled_from([0.0, 0.5]),
    }
)


@settings(max_examples=10)
@given(st.integers(0, 10_000), COMBINATIONS)
def test_no_change_is_one_and_every_equation_holds_after_a_shock(seed: int, chosen) -> None:
    config, rng = replace(MELITZ, **chosen), np.random.default_rng(seed)
    model = draw_world(rng)
    model = model.balance(config) if config.closure == "balanced" else model
    nothing = solve_trade(model, config=config)
    assert nothing.stats.steps <= 2 or config.closure == "balanced"
    np.testing.assert_allclose(nothing.value.wage_change, 1, atol=1e-11)
    np.testing.assert_allclose(nothing.welfare, 0, atol=1e-11)
    np.testing.assert_allclose(nothing.value.flows, model.flows, rtol=1e-9)
    solution = solve_trade(model, small_shock(rng, model), config=config, throw=False)
    # with free entry a sector may close: the status says so
    assert solution.status in {Status.CONVERGED, Status.CORNER}
    assert np.max([*solution.residuals.values()]) < 1e-9, solution.residuals
    value, error = solution.value, 1e-9 * model.value_added.sum()
    wages = value.wage_change * value.labour_change * model.value_added
    np.testing.assert_allclose(value.income, wages + value.tariff_revenue + value.deficit,
                               atol=error)  # fmt: skip
    # Walras: what a country spends beyond what it earns is what others earn beyond what they spend
    share = model.fixed_cost_share
    net = (1 - share) * (value.flows.sum(axis=1) - value.sales)
    np.testing.assert_allclose(net.sum(axis=1), value.deficit, atol=error)


@settings(max_examples=5)
@given(st.integers(0, 10_000), COMBINATIONS)
def test_units_and_names_do_not_matter(seed: int, chosen) -> None:
    config, rng = replace(MELITZ, **chosen), np.random.default_rng(seed)
    model = draw_world(rng)
    shock = small_shock(rng, model)
    n, j = rng.permutation(3), rng.permutation(4)
    value = solve_trade(model, shock, config=config).value
    moved = solve_trade(permute(model, n, j), permute_shock(shock, n, j), config=config).value
    np.testing.assert_allclose(moved.welfare, value.welfare[n], atol=1e-9)
    money = {name: 7 * getattr(model, name)
             for name in ("value_added", "deficit", "sales", "expenditure")}  # fmt: skip
    dearer: Any = {name: 7 * getattr(shock, name) for name in ("transfer", "spending")}
    again = solve_trade(replace(model, **money), replace(shock, **dearer), config=config).value
    np.testing.assert_allclose(again.welfare, value.welfare, atol=1e-9)


def test_where_fixed_costs_choose_no_firms_the_model_is_the_one_without_them() -> None:
    """Substitution of one plus the trade elasticity: Krugman's model, to the last digit of a solve.

    Just below it, something is chosen and something is paid.
    """
    rng = np.random.default_rng(8)
    model = draw_world(rng)
    shock = small_shock(rng, model)
    plain = _again(model, None, scale_elasticity=1 / model.elasticity)
    whole = solve_trade(plain, shock, config=MELITZ).value
    same = solve_trade(_again(model, 1 + model.elasticity), shock, config=MELITZ).value
    other = solve_trade(_again(model, 1 + 0.8 * model.elasticity), shock, config=MELITZ).value
    np.testing.assert_allclose(same.welfare, whole.welfare, atol=1e-10)
    np.testing.assert_allclose(same.flows, whole.flows, rtol=1e-8)
    assert np.abs(other.welfare - whole.welfare).max() > 1e-4


def _again(model: TradeModel, sigma: np.ndarray | None, **more: Any) -> TradeModel:
    """Return the model of the same flows with another elasticity of substitution."""
    return TradeModel.from_arrays(
        flows=model.flows, tariff=model.tariff, value_added_share=model.value_added_share,
        input_share=model.input_share, elasticity=model.elasticity, substitution=sigma, **more,
    )  # fmt: skip


def test_autarky_is_the_closed_form_of_costinot_and_rodriguez_clare() -> None:
    """Column 6 of their table of gains (Handbook of International Economics 4, 2014).

    A country alone has `ln P_j = ln c_j - (ln pi_jj + ln(Y_j / c_j) + psi_j ln(X_j / c_j)) /
    theta_j` at a wage of one. What it buys is then what it makes.
    """
    drawn = draw_world(np.random.default_rng(6))
    model = TradeModel.from_arrays(
        flows=drawn.flows, tariff=np.zeros_like(drawn.flows), input_share=drawn.input_share,
        value_added_share=drawn.value_added_share, elasticity=drawn.elasticity,
        substitution=drawn.substitution,
    )  # fmt: skip
    apart = np.full(drawn.tariff.shape, 1e5)
    apart[np.arange(3), np.arange(3)] = 1.0
    shock = TradeShock(trade_cost=apart, deficit=np.zeros(3))
    solution = solve_trade(model, shock, config=MELITZ)
    assert model.substitution is not None
    home, theta = np.einsum("nnj->nj", model.trade_share), model.elasticity
    psi = theta / (model.substitution - 1) - 1
    for n in range(3):
        gamma = model.input_share[n]
        sales = np.linalg.solve(np.eye(4) - gamma, model.final_share[n] * model.value_added[n])
        own = np.log(home[n]) + np.log(sales / model.sales[n])
        own = -(own + psi * np.log(sales / model.expenditure[n])) / theta
        times = 1 + (1 + psi) / theta
        log_price = np.linalg.solve(np.eye(4) - times[:, None] * gamma.T, own)
        real = np.exp(-model.final_share[n] @ log_price)
        assert solution.value.real_wage_change[n] == pytest.approx(real, rel=1e-8)


def test_gains_of_a_single_sector_are_the_home_share_to_one_over_the_trade_elasticity() -> None:
    """Arkolakis, Costinot and Rodríguez-Clare (2012): whatever the elasticity of substitution."""
    flows = np.array([[70.0, 30.0], [30.0, 90.0]])[:, :, None]
    model = TradeModel.from_arrays(
        flows=flows, tariff=np.zeros_like(flows), value_added_share=np.ones((2, 1)),
        input_share=np.zeros((2, 1, 1)), elasticity=[4.0], substitution=[3.5],
    )  # fmt: skip
    dearer = np.array([[1.0, 1.3], [1.1, 1.0]])[:, :, None]
    value = solve_trade(model, TradeShock(trade_cost=dearer), config=MELITZ).value
    home = np.einsum("nnj->nj", value.trade_share / model.trade_share)[:, 0]
    np.testing.assert_allclose(1 + value.welfare, home ** (-1 / 4.0), atol=1e-9)


@pytest.mark.parametrize("labour_elasticity", [0.0, 0.5])
def test_slopes_are_those_of_differences(labour_elasticity: float) -> None:
    rng = np.random.default_rng(5)
    model = draw_world(rng)
    shock, config = small_shock(rng, model), replace(MELITZ, labour_elasticity=labour_elasticity)
    check_slopes(model, shock, config)


def test_shares_give_the_same_model_and_batches_and_parts_the_same_welfare() -> None:
    rng = np.random.default_rng(6)
    model = draw_world(rng)
    again = TradeModel.from_shares(
        trade_share=model.trade_share, final_share=model.final_share, tariff=model.tariff,
        value_added_share=model.value_added_share, input_share=model.input_share,
        elasticity=model.elasticity, value_added=model.value_added, deficit=model.deficit,
        substitution=model.substitution,
    )  # fmt: skip
    np.testing.assert_allclose(again.flows, model.flows, rtol=1e-8)
    np.testing.assert_allclose(again.value_added, model.value_added, rtol=1e-9)
    shocks = [small_shock(rng, model) for _ in range(9)]
    alone = [solve_trade(model, shock, config=MELITZ) for shock in shocks]
    for many, each in zip(solve_trade_many(model, shocks, config=MELITZ), alone, strict=True):
        np.testing.assert_array_equal(many.welfare, each.welfare)
    warm = solve_trade(model, shocks[0], config=MELITZ, start=alone[1])
    np.testing.assert_allclose(warm.welfare, alone[0].welfare, atol=1e-9)


def test_what_is_not_known_is_refused_with_what_to_do() -> None:
    rng = np.random.default_rng(7)
    model = draw_world(rng)
    known: dict[str, Any] = {"competition": "monopolistic", "scale_of": "bundles"}
    for change in (
        {"competition": "perfect"}, {"competition": "fixed_entry"}, {"scale_of": "labour"},
        {"duty_on": "cost"}, {"revenue_use": "labour_tax"},
    ):  # fmt: skip
        with pytest.raises(InputError, match=r"in markets: \w.* model without `substitution`"):
            solve_trade(model, config=TradeConfig(**{**known, **change}))
    with pytest.raises(InputError, match="with free entry it is one"):
        solve_trade(model, config=replace(MELITZ, scale_strength=0.5))
    taxed = TradeShock(production_tax=np.full((3, 4), 0.1))
    with pytest.raises(InputError, match="has taxes"):
        solve_trade(model, taxed, config=MELITZ)
    with pytest.raises(InputError, match="trade that answers slowly is not known"):
        solve_trade_path(model, [None], config=MELITZ)
    lobbied = Party("region 1", ("region 1",), PoliticalWeights(revenue=1.1))
    for party, options in (("region 1", {"instruments": ["export_tax"]}), (lobbied, None)):
        with pytest.raises(InputError, match="any choice but that of tariffs by welfare"):
            best_response(model, party, config=MELITZ, options=options)
    solution = solve_trade(model, config=MELITZ)
    with pytest.raises(InputError, match="which no part stands for"):
        decompose_welfare(solution)
    with pytest.raises(InputError, match="first_order leaves out fixed costs"):
        measure_welfare(solution, "first_order")
    with pytest.raises(InputError, match=r"substitution\[sector 2\]: .* above one plus the trade"):
        _again(model, np.array([2.0, 20.0, 2.0, 2.0]))
    with pytest.raises(InputError, match="substitution"):
        _again(model, np.array([2.0, 1.0, 2.0, 2.0]))
    with pytest.raises(InputError, match="production_tax: is not known"):
        _again(model, model.substitution, production_tax=np.zeros((3, 4)))
    with pytest.raises(InputError, match="clip: does not know"):
        _again(model, model.substitution, clip="zero")
