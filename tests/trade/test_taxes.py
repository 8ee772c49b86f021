"""Taxes and subsidies on exports, making, using and work: identities, closed forms, a referee."""

from dataclasses import replace
from typing import Any

import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq

from accord.core.arrays import frozen
from accord.core.errors import InputError, SolveError
from accord.core.status import Status
from accord.trade.batch import solve_trade_many
from accord.trade.config import TradeConfig
from accord.trade.iteration.taxes import NAMES
from accord.trade.model import TradeModel
from accord.trade.path.solver import solve_trade_path
from accord.trade.path.sourcing import Sourcing
from accord.trade.plan import TradeShock
from accord.trade.solver import solve_trade
from accord.trade.welfare.decomposition import decompose_welfare
from tests.trade.taxed import SIZE, draw_rates, draw_reform, draw_taxed, solve_in_levels
from tests.trade.worlds import Traits, draw_model

pytestmark = pytest.mark.first

SEEDS = st.integers(0, 10_000)
FEW = settings(max_examples=15)
TIGHT = TradeConfig(tolerance=1e-12)
CONFIGS = {
    "as it is": TIGHT,
    "work": replace(TIGHT, closure="share", labour_elasticity=0.5),
    "relief": replace(TIGHT, labour_elasticity=0.5, revenue_use="labour_tax"),
    "scale": replace(TIGHT, closure="balanced", competition="monopolistic"),
    "profits": replace(
        TIGHT, labour_elasticity=0.5, revenue_use="labour_tax", competition="fixed_entry"
    ),
}


@FEW
@given(SEEDS, st.sampled_from(sorted(CONFIGS)))
def test_no_change_gives_ones_and_the_old_rates(seed: int, name: str) -> None:
    config = CONFIGS[name]
    model: Any = draw_taxed(np.random.default_rng(seed), Traits(scale=0.5))
    if config.closure == "balanced":
        model = model.balance(config)
    solution = solve_trade(model, config=config)
    assert solution.stats.steps == 1
    assert (solution.value.wage_change == 1).all()
    assert np.abs(solution.welfare).max() < 1e-12
    np.testing.assert_allclose(solution.value.flows, model.flows, rtol=1e-9)
    np.testing.assert_allclose(solution.value.labour_tax, model.labour_tax, atol=1e-12)
    charged = model.budget(config) - model.tariff_revenue
    charged = charged - model.labour_tax * model.wage_bill(config)
    error = 1e-9 * model.value_added.sum()
    np.testing.assert_allclose(solution.value.tax_revenue, charged, atol=error)


@FEW
@given(SEEDS, st.sampled_from(sorted(CONFIGS)))
def test_every_equation_holds_and_every_budget_closes(seed: int, name: str) -> None:
    config = CONFIGS[name]
    rng = np.random.default_rng(seed)
    model: Any = draw_taxed(rng, Traits(scale=0.5))
    solution = solve_trade(model, draw_reform(rng, model, 0.1), config=config)
    assert np.max([*solution.residuals.values()]) < 1e-9
    value, base = solution.value, solution.model
    wages = value.wage_change * value.labour_change * base.wage_bill(config)
    error = 1e-8 * base.value_added.sum()
    taken = value.tariff_revenue + value.tax_revenue
    earned = wages + value.profits.sum(axis=1)
    np.testing.assert_allclose(value.income, earned + taken + value.deficit, atol=error)
    assert solution.taxes is not None
    made = (value.flows / solution.taxes.wedge).sum(axis=0)
    np.testing.assert_allclose(made, value.sales, atol=error)
    needed = value.consumer_price_change * base.budget(config)
    if config.revenue_use == "labour_tax":
        np.testing.assert_allclose(value.labour_tax * wages + taken, needed, atol=error)
    else:
        np.testing.assert_array_equal(value.labour_tax, base.labour_tax)


@pytest.mark.parametrize(
    ("seed", "most", "is_paid"), [(0, 0.1, True), (1, 0.3, True), (0, 0.5, False), (2, 0.5, False)]
)
def test_a_budget_that_no_tax_on_labour_pays_for_is_no_equilibrium(seed, most, is_paid) -> None:
    """Subsidies to making: what converges keeps the budget, and what does not has no number."""
    rng = np.random.default_rng(seed)
    model: Any = draw_taxed(rng)
    made = rng.uniform(-most, 0.0, SIZE) * (np.arange(3) == 0)[:, None]
    shock = TradeShock(production_tax=np.asarray(made))
    solution = solve_trade(model, shock, config=CONFIGS["relief"], throw=False)
    assert solution.status.ok is is_paid
    if is_paid:
        assert model.labour_tax[0] < solution.value.labour_tax[0] < 1
        assert np.max([*solution.residuals.values()]) < 1e-9
    else:
        assert np.isnan(solution.value.welfare).all()
        assert solution.status is Status.UNPAID_BUDGET
        with pytest.raises(SolveError, match=r"no rate of the labour tax.*revenue_use"):
            solve_trade(model, shock, config=CONFIGS["relief"])


@pytest.mark.parametrize(("kappa", "relief"), [(0.0, False), (0.5, False), (0.5, True)])
@pytest.mark.parametrize("seed", [3, 4])
def test_a_solve_cell_by_cell_finds_the_same(seed: int, kappa: float, relief) -> None:
    rng = np.random.default_rng(seed)
    model: Any = draw_taxed(rng)
    shock = draw_reform(rng, model, 0.15)
    base = CONFIGS["relief"] if relief else TIGHT
    config = replace(base, labour_elasticity=kappa)
    value = solve_trade(model, shock, config=config).value
    other = solve_in_levels(model, shock, kappa, relief=relief)
    world = model.value_added.sum()
    np.testing.assert_allclose(value.wage_change, other["wage"], atol=1e-8)
    np.testing.assert_allclose(value.price_change, other["price"], atol=1e-8)
    np.testing.assert_allclose(value.consumer_price_change, other["consumer"], atol=1e-8)
    np.testing.assert_allclose(value.labour_change, other["labour"], atol=1e-8)
    np.testing.assert_allclose(value.labour_tax, other["labour_tax"], atol=1e-8)
    for name, figure in {"income": "income", "sales": "sales", "tariff_revenue": "duty",
                         "tax_revenue": "charged"}.items():  # fmt: skip
        np.testing.assert_allclose(getattr(value, name), other[figure], atol=1e-8 * world)
    work = model.value_added * (1 - model.labour_tax)
    gain = other["income"] / other["consumer"] - model.income
    if kappa:
        gain -= kappa / (1 + kappa) * work * (other["labour"] ** (1 + 1 / kappa) - 1)
    np.testing.assert_allclose(value.welfare, gain / model.income, atol=1e-8)


@FEW
@given(SEEDS)
def test_units_and_names_do_not_matter_with_taxes(seed: int) -> None:
    model: Any = draw_taxed(np.random.default_rng(seed))
    shock: Any = draw_reform(np.random.default_rng(seed + 1), model)
    rng = np.random.default_rng(seed + 2)
    n, j = rng.permutation(3), rng.permutation(4)
    cube, table = np.ix_(n, n, j), np.ix_(n, j)
    moved = TradeModel.from_arrays(
        flows=7 * model.flows[cube],
        tariff=model.tariff[cube],
        value_added_share=model.value_added_share[table],
        input_share=model.input_share[np.ix_(n, j, j)],
        elasticity=model.elasticity[j],
        export_tax=model.export_tax[cube],
        production_tax=model.production_tax[table],
        consumption_tax=model.consumption_tax[table],
        labour_tax=model.labour_tax[n],
    )
    other = TradeShock(shock.tariff[cube], export_tax=shock.export_tax[cube],
                       production_tax=shock.production_tax[table],
                       consumption_tax=shock.consumption_tax[table])  # fmt: skip
    value = solve_trade(model, shock, config=TIGHT).value
    again = solve_trade(moved, other, config=TIGHT).value
    np.testing.assert_allclose(again.welfare, value.welfare[n], atol=1e-9)
    error = 1e-8 * model.value_added.sum()
    np.testing.assert_allclose(again.tax_revenue, 7 * value.tax_revenue[n], atol=7 * error)
    np.testing.assert_allclose(again.flows, 7 * value.flows[cube], atol=7 * error)


@pytest.mark.parametrize("name", ["as it is", "scale"])
def test_a_world_calibrated_with_taxes_is_the_one_that_they_lead_to(name: str) -> None:
    """Taxes brought in and taken out again, the second time from a baseline that has them."""
    rng = np.random.default_rng(8)
    model, config = draw_model(rng, SIZE, Traits(scale=0.5)), CONFIGS[name]
    model = model.balance(config) if config.closure == "balanced" else model
    rates = draw_rates(rng)
    there = solve_trade(model, TradeShock(**rates), config=config).value
    taxed = TradeModel.from_arrays(
        flows=there.flows, tariff=model.tariff, value_added_share=model.value_added_share,
        input_share=model.input_share, elasticity=model.elasticity,
        scale_elasticity=model.scale_elasticity, **rates,
    )  # fmt: skip
    np.testing.assert_allclose(taxed.income, there.income, rtol=1e-8)
    np.testing.assert_allclose(taxed.final_share, model.final_share, atol=1e-8)
    none = TradeShock(**{name: np.zeros_like(rate) for name, rate in rates.items()})
    back = solve_trade(taxed, none, config=config).value
    np.testing.assert_allclose((1 + there.welfare) * (1 + back.welfare), 1, atol=1e-8)
    np.testing.assert_allclose(back.flows, model.flows, atol=1e-8 * model.value_added.sum())


def free_world(seed: int, inputs: float = 0.4) -> TradeModel:
    """Return a world in balance without tariffs or taxes."""
    rng = np.random.default_rng(seed)
    mix = rng.dirichlet(np.ones(4), size=(3, 4)).transpose(0, 2, 1)
    flows = rng.uniform(5, 20, (3, 3, 4)) + 60 * np.eye(3)[:, :, None]
    return TradeModel.from_arrays(
        flows=flows, tariff=np.zeros_like(flows), value_added_share=np.full((3, 4), 1 - inputs),
        input_share=inputs * mix, elasticity=rng.uniform(2, 8, 4),
    ).balanced  # fmt: skip


@pytest.mark.parametrize("rate", [0.25, -0.1])
def test_a_uniform_export_tax_is_a_uniform_tariff(rate: float) -> None:
    """Lerner (1936), Economica 3(11): with balanced trade the two are the same for everybody."""
    model = free_world(1)
    abroad = np.zeros_like(model.tariff)
    abroad[0, 1:] = rate
    tariff = solve_trade(model, TradeShock(tariff=abroad), config=TIGHT).value
    export = solve_trade(model, TradeShock(export_tax=abroad.swapaxes(0, 1)), config=TIGHT).value
    assert np.abs(tariff.welfare).max() > 1e-4
    np.testing.assert_allclose(export.welfare, tariff.welfare, atol=1e-8)
    np.testing.assert_allclose(export.trade_share, tariff.trade_share, atol=1e-8)


def test_taxes_on_making_and_using_add_up_to_a_tariff() -> None:
    """Without inputs: a tax on using a good and an equal subsidy to making it, exports taxed."""
    model = free_world(2, inputs=0.0)
    rate = np.array([0.1, 0.3, 0.0, 0.2])
    tariff, used, made = np.zeros_like(model.tariff), np.zeros((3, 4)), np.zeros((3, 4))
    tariff[0, 1:] = used[0] = rate
    made[0] = 1 / (1 + rate) - 1
    export = np.zeros_like(tariff)
    export[1:, 0] = rate
    mixed = TradeShock(export_tax=export, production_tax=made, consumption_tax=used)
    plain = solve_trade(model, TradeShock(tariff=tariff), config=TIGHT).value
    other = solve_trade(model, mixed, config=TIGHT).value
    assert np.abs(plain.welfare).max() > 1e-3
    np.testing.assert_allclose(other.welfare, plain.welfare, atol=1e-8)
    np.testing.assert_allclose(other.sales, plain.sales, rtol=1e-7)


def test_one_tax_on_everything_made_or_used_moves_nothing() -> None:
    """With one factor in fixed supply the owner pays it, and gets it back."""
    model = free_world(3)
    made, used = np.zeros((3, 4)), np.zeros((3, 4))
    used[1] = 0.2
    value = solve_trade(model, TradeShock(consumption_tax=used), config=TIGHT).value
    np.testing.assert_allclose(value.welfare, 0, atol=1e-9)
    model = free_world(3, inputs=0.0)
    made[1] = 0.2
    value = solve_trade(model, TradeShock(production_tax=made), config=TIGHT).value
    np.testing.assert_allclose(value.welfare, 0, atol=1e-9)
    np.testing.assert_allclose(value.flows / value.flows.sum(), model.flows / model.flows.sum(),
                               atol=1e-9)  # fmt: skip


@pytest.mark.parametrize("name", sorted(CONFIGS))
def test_decomposition_closes_with_the_square_of_the_segments(name: str) -> None:
    rng = np.random.default_rng(5)
    model: Any = draw_taxed(rng, Traits(scale=0.5))
    solution = solve_trade(model, draw_reform(rng, model, 0.2), config=CONFIGS[name])
    left = []
    for segments in (8, 16):
        parts = decompose_welfare(solution, segments)
        whole = parts.terms_of_trade + parts.volume_of_trade + parts.transfers + parts.taxes
        whole = whole + parts.trade_costs + parts.productivity + parts.placed_spending
        whole = whole + parts.profits
        np.testing.assert_allclose(whole + parts.residual, solution.value.welfare, atol=1e-14)
        left.append(np.abs(parts.residual).max())
    assert np.abs(parts.taxes).max() > 1e-3
    assert left[1] == pytest.approx(left[0] / 4, rel=0.1)


def closed_economy(labour_tax: float) -> TradeModel:
    """Return two equal countries that do not trade, with one good and no inputs."""
    flows = 100 * np.eye(2)[:, :, None]
    return TradeModel.from_arrays(
        flows=flows, tariff=np.zeros_like(flows), value_added_share=np.ones((2, 1)),
        input_share=np.zeros((2, 1, 1)), elasticity=[4.0], labour_tax=np.full(2, labour_tax),
    )  # fmt: skip


@pytest.mark.parametrize("rate", [0.1, -0.05])
def test_a_tax_on_making_paid_out_costs_work_and_in_place_of_one_on_work_nothing(rate) -> None:
    """One good: both are a wedge between effort and what it buys."""
    nu, kappa = 0.3, 0.5
    model = closed_economy(nu)
    shock = TradeShock(production_tax=np.array([[rate], [0.0]]))
    config = replace(TIGHT, labour_elasticity=kappa)
    paid_out = solve_trade(model, shock, config=config).value
    work = (1 + rate) ** -kappa
    effort = (1 - nu) * kappa / (1 + kappa) * (work ** (1 + 1 / kappa) - 1)
    np.testing.assert_allclose(paid_out.labour_change, [work, 1], atol=1e-8)
    np.testing.assert_allclose(paid_out.welfare, [work - 1 - effort, 0], atol=1e-8)
    relief = solve_trade(model, shock, config=replace(config, revenue_use="labour_tax")).value
    np.testing.assert_allclose(relief.labour_change, 1, atol=1e-8)
    np.testing.assert_allclose(relief.welfare, 0, atol=1e-8)
    np.testing.assert_allclose(relief.labour_tax, [1 - (1 + rate) * (1 - nu), nu], atol=1e-8)


@pytest.mark.parametrize(("nu", "kappa"), [(0.3, 0.5), (0.2, 2.0)])
def test_the_laffer_curve_is_the_closed_form_up_to_its_peak(nu: float, kappa: float) -> None:
    """One good, productivity `A` in one country: `nu' (1 - nu')^kappa A^(1 + kappa)` is kept."""
    model, peak = closed_economy(nu), 1 / (1 + kappa)
    config = replace(TIGHT, labour_elasticity=kappa, revenue_use="labour_tax")

    def taken(rate: float) -> float:
        return float(rate * (1 - rate) ** kappa)

    last = (taken(nu) / taken(peak)) ** peak
    for part in (1.2, 1.05, 1.0001):
        shock = TradeShock(productivity=np.array([[part * last], [1.0]]))
        needed = taken(nu) * (part * last) ** (-1 - kappa)
        rate = brentq(lambda rate, needed=needed: taken(rate) - needed, 0, peak, xtol=1e-14)
        solution = solve_trade(model, shock, config=config)
        np.testing.assert_allclose(solution.value.labour_tax, [rate, nu], atol=1e-8)
        assert solution.multiplicity == ()
    for part in (0.9999, 0.9):
        shock = TradeShock(productivity=np.array([[part * last], [1.0]]))
        solution = solve_trade(model, shock, config=config, throw=False)
        assert solution.status is Status.UNPAID_BUDGET
        assert np.isnan(solution.value.labour_tax).all()


def test_fixed_labour_cannot_be_taxed_by_more_than_its_wage() -> None:
    model = closed_economy(0.3)
    config = replace(TIGHT, revenue_use="labour_tax")
    for part, is_paid in ((0.31, True), (0.29, False)):
        shock = TradeShock(productivity=np.array([[part], [1.0]]))
        solution = solve_trade(model, shock, config=config, throw=False)
        assert solution.status is (Status.CONVERGED if is_paid else Status.UNPAID_BUDGET)
        rate = 0.3 / part if is_paid else np.nan
        np.testing.assert_allclose(solution.value.labour_tax[0], rate, atol=1e-8)


def beyond(seed: int, kappa: float, rate: float) -> tuple[Any, TradeShock, TradeConfig]:
    """Return a world in which the first region's labour tax is beyond the peak, and a reform."""
    rng = np.random.default_rng(seed)
    model: Any = replace(draw_taxed(rng), labour_tax=frozen(np.array([rate, 0.15, 0.1])))
    shock = draw_reform(rng, model, 0.05)
    return model, shock, replace(CONFIGS["relief"], labour_elasticity=kappa)


@pytest.mark.parametrize(("seed", "kappa"), [(2, 1.0), (4, 1.0), (0, 1.0)])
def test_no_rate_goes_over_the_peak_that_need_not(seed: int, kappa: float) -> None:
    """Accelerated steps alone end beyond it in two of these worlds."""
    model, shock, config = beyond(seed, kappa, 0.6)
    assert solve_trade(model, config=config).multiplicity == ("region 1",)
    solution = solve_trade(model, shock, config=config)
    assert solution.multiplicity == ("region 1",)
    other = solve_in_levels(model, shock, kappa, relief=True)
    np.testing.assert_allclose(solution.value.labour_tax, other["labour_tax"], atol=1e-8)
    np.testing.assert_allclose(solution.value.labour_change, other["labour"], atol=1e-8)


def test_two_rates_pay_for_one_budget_and_the_one_beyond_the_peak_is_named() -> None:
    kappa = 2.0
    model, shock, config = beyond(0, kappa, 0.5)
    low = solve_in_levels(model, shock, kappa, relief=True, near=np.array([0.5, 0.15, 0.1]))
    high = solve_in_levels(model, shock, kappa, relief=True, near=np.array([0.6, 0.15, 0.1]))
    assert (low["labour_tax"] < 1 / (1 + kappa)).tolist() == [False, True, True]
    assert (high["labour_tax"] < 1 / (1 + kappa)).tolist() == [False, False, True]
    solution = solve_trade(model, shock, config=config)
    np.testing.assert_allclose(solution.value.labour_tax, low["labour_tax"], atol=1e-8)
    assert solution.multiplicity == ("region 1",)
    scale = model.sales + model.value_added[:, None]
    state = [np.log(high["wage"]), np.log(high["price"]).ravel(), (high["sales"] / scale).ravel()]
    near = replace(solution, state=jnp.asarray(np.concatenate(state)))
    again = solve_trade(model, shock, config=config, start=near)
    np.testing.assert_allclose(again.value.labour_tax, high["labour_tax"], atol=1e-8)
    assert again.multiplicity == ("region 1", "region 2")
    assert np.max([*again.residuals.values()]) < 1e-9


def test_years_with_taxes_end_where_the_taxes_lead() -> None:
    model: Any = draw_taxed(np.random.default_rng(1))
    shock = draw_reform(np.random.default_rng(2), model, 0.1)
    there = solve_trade(model, shock, config=CONFIGS["relief"]).welfare
    path = solve_trade_path(
        model, [None, *[shock] * 80], sourcing=Sourcing(ratio=0.3, speed=0.25),
        config=CONFIGS["relief"],
    )  # fmt: skip
    np.testing.assert_allclose(path.value.welfare[0], 0, atol=1e-12)
    assert np.abs(path.value.welfare[1] - there).max() > 1e-4
    np.testing.assert_allclose(path.value.welfare[-1], there, atol=1e-8)


def test_solved_together_or_alone_is_the_same() -> None:
    model: Any = draw_taxed(np.random.default_rng(9))
    shocks = [draw_reform(np.random.default_rng(seed), model, 0.1) for seed in range(9)]
    for many, shock in zip(solve_trade_many(model, shocks), shocks, strict=True):
        alone = solve_trade(model, shock)
        np.testing.assert_array_equal(many.value.welfare, alone.value.welfare)


def test_what_is_wrong_with_a_tax_is_said() -> None:
    model: Any = draw_taxed(np.random.default_rng(9))
    wrong = TradeShock(export_tax=np.full((3, 3, 4), 0.1), production_tax=np.full((3, 4), -1.0),
                       consumption_tax=np.full((3, 4), np.nan))  # fmt: skip
    with pytest.raises(InputError) as caught:
        solve_trade(model, wrong)
    assert {problem.path for problem in caught.value.problems} == {f"shock.{n}" for n in NAMES}
    with pytest.raises(InputError) as caught:
        TradeModel.from_arrays(
            flows=model.flows, tariff=model.tariff, value_added_share=model.value_added_share,
            input_share=model.input_share, elasticity=model.elasticity, labour_tax=[0.2, 1.0, 0.2],
            export_tax=np.full((3, 3, 4), 0.1), production_tax=np.full((3, 4), np.nan),
        )  # fmt: skip
    paths = {problem.path.split("[")[0] for problem in caught.value.problems}
    assert paths == {"labour_tax", "export_tax", "production_tax"}
