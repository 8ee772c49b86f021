"""What duties are charged on: price or cost, with freight or without, against firms in levels."""

from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import root

from accord.core.errors import InputError
from accord.trade import equations as eq
from accord.trade.batch import solve_trade_many
from accord.trade.config import TradeConfig
from accord.trade.model import TradeModel
from accord.trade.path.solver import solve_trade_path
from accord.trade.path.sourcing import Sourcing
from accord.trade.plan import TradeShock
from accord.trade.solver import solve_trade
from accord.trade.strategy.strategy import best_response
from accord.trade.welfare.decomposition import decompose_welfare
from tests.trade.taxed import draw_reform, draw_taxed
from tests.trade.worlds import Traits, check_slopes, draw_model, draw_shock, permute, permute_shock

pytestmark = pytest.mark.first

TIGHT = TradeConfig(tolerance=1e-12)
WORLD = Traits(value_added=(0.5, 0.9), scale=0.5)
MARKETS: dict[str, dict[str, Any]] = {
    "perfect": {},
    "fixed": {"competition": "fixed_entry"},
    "labour": {"competition": "monopolistic"},
    "bundles": {"competition": "monopolistic", "scale_of": "bundles"},
}
WITH_MARKUPS = [name for name in MARKETS if name != "perfect"]
BASES = [("price", "fob"), ("cost", "cif"), ("cost", "fob")]
COMBINATIONS = st.fixed_dictionaries(
    {
        "market": st.sampled_from(sorted(MARKETS)),
        "duty_on": st.sampled_from(["price", "cost"]),
        "customs_value": st.sampled_from(["cif", "fob"]),
        "closure": st.sampled_from(["fixed", "share", "balanced"]),
        "labour_elasticity": st.sampled_from([0.0, 0.5]),
        "revenue_use": st.sampled_from(["lump_sum", "labour_tax"]),
    }
)


def configure(market: str, **choices: Any) -> TradeConfig:
    return replace(TIGHT, **MARKETS[market], **choices)


class Firms(NamedTuple):
    """A world of firms in levels; `b` and `g` are labour and inputs in what they spend."""

    b: np.ndarray
    g: np.ndarray
    alpha: np.ndarray
    theta: np.ndarray
    mu: np.ndarray  # markups; zero under perfect competition
    staff: np.ndarray
    ease: np.ndarray  # productivity to the power theta
    deficit: np.ndarray


class Levels(NamedTuple):
    """An equilibrium of `Firms`, world value added being one; the duty is a share of spending."""

    flows: np.ndarray
    duty: np.ndarray
    utility: np.ndarray
    profits: np.ndarray
    costs: np.ndarray
    revenue: np.ndarray


def draw_firms(seed: int, *, markups: bool) -> Firms:
    rng = np.random.default_rng([71, seed])
    b = rng.uniform(0.4, 0.8, (3, 2))
    g = rng.dirichlet(np.ones(2), size=(3, 2)).transpose(0, 2, 1) * (1 - b)[:, None, :]
    theta = rng.uniform(2.0, 6.0, 2)
    ease = np.exp(rng.normal(0, 0.5, (3, 3, 2)))
    ease[np.arange(3), np.arange(3)] *= 8
    deficit = 0.01 * rng.normal(size=3)
    mu = rng.uniform(0.2, 0.5, 2) / theta
    return Firms(b, g, rng.dirichlet(np.ones(2), size=3), theta, mu if markups else 0 * mu,
                 np.exp(rng.normal(0, 0.4, 3)), ease, deficit - deficit.mean())  # fmt: skip


def settle(
    firms: Firms, market: str, rate: np.ndarray, freight: np.ndarray, *, base: tuple[str, str]
) -> Levels:
    """Return the equilibrium in levels under rates of the law, fractions of what it charges.

    A good costs its maker `c`, and `c d` at the border of the buyer, freight included. Duty is
    charged on one of the two, or on one plus the markup of its maker, who adds it to all he pays.
    """
    charged = rate * (freight if base[1] == "cif" else 1)  # of what the maker pays for a unit
    shown = (freight + charged) * (1 + firms.mu)  # price of a buyer by the cost of a unit
    duty = charged / shown * (1 if base[0] == "cost" else 1 + firms.mu)
    earned = 1 - duty - freight / shown  # by a firm above its costs, of what buyers spend
    N, J, free = *firms.b.shape, ("labour", "bundles")

    def look(z: np.ndarray) -> dict[str, np.ndarray]:
        w = np.exp(z[:N])
        P, M, Y, X = np.exp(z[N:].reshape(4, N, J))
        cost = w[:, None] ** firms.b * np.prod(P[:, :, None] ** firms.g, axis=1)
        entered, entry = M ** (firms.mu * firms.theta), cost if market == "bundles" else w[:, None]
        offer = firms.ease * entered * (cost * shown) ** -firms.theta
        spent = offer / offer.sum(axis=1, keepdims=True) * X[:, None]
        above = (earned * spent).sum(axis=0)
        Z = above if market == "fixed" else np.zeros((N, J))
        revenue = (duty * spent).sum(axis=(1, 2))
        value_added = w * firms.staff + Z.sum(axis=1)
        income = value_added + revenue + firms.deficit
        bought = np.einsum("nkj,nj->nk", firms.g, Y - Z)
        gaps = [
            offer.sum(axis=1) ** (-1 / firms.theta) / P - 1,
            above / (0.2 * firms.mu * entry) / M - 1 if market in free else M - 1,
            ((1 - duty) * spent).sum(axis=0) / Y - 1,
            (bought + firms.alpha * income[:, None]) / X - 1,
        ]
        hired = (firms.b * (Y - Z)).sum(axis=1) / (w * firms.staff) - 1
        return {
            "gap": np.concatenate([hired[1:], [value_added.sum() - 1], np.ravel(gaps)]),
            "flows": (1 - duty) * spent, "profits": Z, "costs": Y - Z, "revenue": revenue,
            "utility": income / np.prod(P**firms.alpha, axis=1),
        }  # fmt: skip

    begin = np.repeat([0.0, -1.5], 2 * N * J)  # of prices and entry, sales and spending
    begin = np.concatenate([-np.log(N * firms.staff), begin])
    ended = root(lambda z: look(z)["gap"], begin, tol=1e-14)
    solved = look(ended.x)
    assert np.abs(solved.pop("gap")).max() < 1e-11
    return Levels(duty=duty, **solved)


def calibrate(firms: Firms, old: Levels) -> TradeModel:
    """Return the model of what statistics say of firms: flows with freight, duties collected."""
    sales = old.flows.sum(axis=0)
    wages, inputs = firms.b * old.costs, firms.g * old.costs[:, None]
    return TradeModel.from_arrays(
        flows=old.flows, tariff=old.duty / (1 - old.duty),
        value_added_share=(wages + old.profits) / sales, input_share=inputs / sales[:, None],
        elasticity=firms.theta, scale_elasticity=firms.mu,
    )  # fmt: skip


@pytest.mark.parametrize("base", [("price", "cif"), *BASES])
@pytest.mark.parametrize("market", sorted(MARKETS))
@pytest.mark.parametrize("seed", [0, 2])
def test_firms_in_levels_have_the_welfare_flows_and_profits_of_the_model(
    seed: int, market: str, base: tuple[str, str]
) -> None:
    firms, rng = draw_firms(seed, markups=market != "perfect"), np.random.default_rng([72, seed])
    apart = ~np.eye(3, dtype=bool)[:, :, None]
    before, after = (rng.uniform(low, 0.6, (3, 3, 2)) * apart for low in (0.0, -0.2))
    freight, later = (np.exp(rng.uniform(0, 0.4, (3, 3, 2)) * apart) for _ in range(2))
    old = settle(firms, market, before, freight, base=base)
    new = settle(firms, market, after, later, base=base)
    config = configure(market, duty_on=base[0], customs_value=base[1])
    # the shock has rates over the customs value as freight was before
    rate = after / freight if base[1] == "fob" else after
    rate = eq.collected_rate(rate, firms.mu) if base[0] == "cost" else rate
    shock = TradeShock(tariff=rate, trade_cost=later / freight)
    value = (solution := solve_trade(calibrate(firms, old), shock, config=config)).value
    np.testing.assert_allclose(value.welfare, new.utility / old.utility - 1, atol=1e-8)
    np.testing.assert_allclose(value.flows, new.flows, atol=1e-8)
    np.testing.assert_allclose(value.profits, new.profits, atol=1e-8)
    np.testing.assert_allclose(value.tariff_revenue, new.revenue, atol=1e-8)
    np.testing.assert_allclose(value.tariff, new.duty / (1 - new.duty), atol=1e-8)
    assert np.max([*solution.residuals.values()]) < 1e-9
    plain = replace(config, duty_on="price", customs_value="cif")
    other = solve_trade(calibrate(firms, old), shock, config=plain).value
    is_plain = base == ("price", "cif") or (base == ("cost", "cif") and market == "perfect")
    assert bool(np.abs(other.welfare - value.welfare).max() < 1e-12) is is_plain


@pytest.mark.parametrize("rate", [0.4, -0.1])
def test_a_duty_on_cost_between_two_alike_is_the_formula_by_hand(rate: float) -> None:
    """One good, both charge `t` on cost: the price of imports rises by it, and a part comes in."""
    theta, mu, home = 4.0, 0.2, 0.7
    flows = np.array([[home, 1 - home], [1 - home, home]])[:, :, None]
    model = TradeModel.from_arrays(
        flows=flows, tariff=np.zeros_like(flows), value_added_share=np.ones((2, 1)),
        input_share=np.zeros((2, 1, 1)), elasticity=[theta], scale_elasticity=[mu],
    )  # fmt: skip
    charged = np.zeros_like(flows)
    charged[[0, 1], [1, 0]] = rate
    shock = TradeShock(tariff=eq.collected_rate(charged, model.scale_elasticity))
    abroad = (1 - home) * (1 + rate) ** -theta
    price = (home + abroad) ** (-1 / theta)
    taken = abroad / (home + abroad) * rate / (1 + rate) / (1 + mu)  # of spending
    for competition in ("fixed_entry", "monopolistic"):
        config = replace(TIGHT, competition=competition, duty_on="cost")
        value = solve_trade(model, shock, config=config).value
        spent, m = 1 / (1 - taken), mu / (1 + mu)  # value added is one
        if competition == "fixed_entry":
            wage = (1 - m * spent) / (1 - m)
            np.testing.assert_allclose(value.welfare, spent / wage / price - 1, atol=1e-8)
            np.testing.assert_allclose(value.profits, m * spent, atol=1e-8)
        else:
            np.testing.assert_allclose(value.welfare, spent ** (1 + mu) / price - 1, atol=1e-8)


@settings(max_examples=12)
@given(st.integers(0, 10_000), COMBINATIONS)
def test_no_change_is_one_and_every_equation_holds_after_a_shock(seed: int, chosen) -> None:
    config, rng = configure(**chosen), np.random.default_rng(seed)
    taxed = bool(seed % 2)
    model: Any = draw_taxed(rng, WORLD) if taxed else draw_model(rng, (3, 4), WORLD)
    model = model.balance(config) if config.closure == "balanced" else model
    nothing = solve_trade(model, config=config)
    assert nothing.stats.steps <= 2
    np.testing.assert_allclose(nothing.value.wage_change, 1, atol=1e-11)
    np.testing.assert_allclose(nothing.welfare, 0, atol=1e-11)
    np.testing.assert_allclose(nothing.value.flows, model.flows, rtol=1e-9)
    shock = draw_shock(rng, model)
    if taxed:
        reform = draw_reform(rng, model, 0.05)
        shock = replace(reform, trade_cost=shock.trade_cost)
    solution = solve_trade(model, shock, config=config)
    assert np.max([*solution.residuals.values()]) < 1e-9, solution.residuals
    value, error = solution.value, 1e-9 * model.value_added.sum()
    wages = value.wage_change * value.labour_change * model.wage_bill(config)
    owned = value.profits.sum(axis=1) + value.tariff_revenue + value.tax_revenue
    np.testing.assert_allclose(value.income, wages + owned + value.deficit, atol=error)
    np.testing.assert_allclose(value.tariff_revenue, (value.flows * value.tariff).sum((1, 2)),
                               atol=error)  # fmt: skip


@settings(max_examples=6)
@given(st.integers(0, 10_000), COMBINATIONS)
def test_units_and_names_do_not_matter(seed: int, chosen) -> None:
    config, rng = configure(**chosen), np.random.default_rng(seed)
    model = draw_model(rng, (3, 4), WORLD)
    shock = draw_shock(rng, model)
    n, j = rng.permutation(3), rng.permutation(4)
    value = solve_trade(model, shock, config=config).value
    moved = solve_trade(permute(model, n, j), permute_shock(shock, n, j), config=config).value
    np.testing.assert_allclose(moved.welfare, value.welfare[n], atol=1e-9)
    money = {name: 7 * getattr(model, name)
             for name in ("value_added", "deficit", "sales", "expenditure")}  # fmt: skip
    dearer: Any = {name: 7 * getattr(shock, name) for name in ("transfer", "spending")}
    again = solve_trade(replace(model, **money), replace(shock, **dearer), config=config).value
    np.testing.assert_allclose(again.welfare, value.welfare, atol=1e-9)
    np.testing.assert_allclose(again.profits, 7 * value.profits, rtol=1e-7)


# A program a market and base is what takes the time: each market, and each base, once.
@pytest.mark.parametrize(("market", "base"), [*zip(WITH_MARKUPS, BASES, strict=True)])
def test_slopes_are_those_of_differences(market: str, base: tuple[str, str]) -> None:
    rng = np.random.default_rng(5)
    model = draw_model(rng, (3, 4), WORLD)
    shock = draw_shock(rng, model)
    config = configure(market, duty_on=base[0], customs_value=base[1])
    check_slopes(model, shock, config)


@pytest.mark.parametrize("market", WITH_MARKUPS)
def test_years_and_batches_and_warm_starts_are_the_same(market: str) -> None:
    rng = np.random.default_rng(6)
    model = draw_model(rng, (3, 4), WORLD)
    shocks = [draw_shock(rng, model) for _ in range(9)]
    config = configure(market, duty_on="cost", customs_value="fob")
    alone = [solve_trade(model, shock, config=config) for shock in shocks]
    for many, each in zip(solve_trade_many(model, shocks, config=config), alone, strict=True):
        np.testing.assert_array_equal(many.welfare, each.welfare)
    at_once = Sourcing(ratio=1.0, speed=0.25)
    path = solve_trade_path(model, [None, shocks[0]], sourcing=at_once, config=config)
    np.testing.assert_allclose(path.value.welfare[1], alone[0].welfare, atol=1e-9)
    for other in (TIGHT, replace(config, duty_on="price"), configure("fixed"), configure("labour")):
        start = solve_trade(model, shocks[0], config=other)
        warm = solve_trade(model, shocks[0], config=config, start=start)
        np.testing.assert_allclose(warm.welfare, alone[0].welfare, atol=1e-9)
        back = solve_trade(model, shocks[0], config=other, start=alone[0])
        np.testing.assert_allclose(back.welfare, start.welfare, atol=1e-9)


def test_rates_that_no_duty_on_cost_collects_are_refused() -> None:
    model = draw_model(np.random.default_rng(5), (3, 4), WORLD)
    config = configure("fixed", duty_on="cost")
    limit = 1 / model.scale_elasticity[2]
    tariff = np.array(model.tariff)
    for rate, is_refused in ((limit + 0.01, True), (0.9 * limit, False)):
        tariff[0, 1, 2] = rate
        if is_refused:
            with pytest.raises(InputError, match=r"shock\.tariff\[region 1, region 2, sector 3\]"):
                solve_trade(model, TradeShock(tariff=tariff), config=config)
            with pytest.raises(InputError, match="no duty on cost collects"):
                solve_trade_many(model, [TradeShock(tariff=tariff)], config=config)
        solve_trade(model, TradeShock(tariff=tariff), config=configure("fixed"))
    assert solve_trade(model, TradeShock(tariff=tariff), config=config).status.ok


def test_what_does_not_know_the_duty_base_refuses_it() -> None:
    model = draw_model(np.random.default_rng(5), (3, 4), WORLD)
    for base in BASES:
        config = configure("fixed", duty_on=base[0], customs_value=base[1])
        with pytest.raises(InputError, match="duties on prices, freight included"):
            best_response(model, "region 1", config=config)
        with pytest.raises(InputError, match="no part stands for"):
            decompose_welfare(solve_trade(model, config=config))
