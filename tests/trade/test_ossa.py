"""The objective of Ossa (2014) on a world solved by his own equations, on made-up data.

Income of a sector is what it sells, wages and profits, and a part of tariff revenue by its share in
employment. A government adds up the real incomes of sectors at weights whose mean is one. Nothing
of the engine is used in the solve below: two unknowns a country, wages and spending.
"""

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import root

from accord.core.errors import InputError
from accord.core.status import Status
from accord.trade.config import TradeConfig
from accord.trade.model import TradeModel
from accord.trade.plan import TradeShock
from accord.trade.solver import solve_trade
from accord.trade.strategy.instruments import Party
from accord.trade.strategy.politics import PoliticalWeights, build_politics
from accord.trade.strategy.reveal import reveal_weights
from accord.trade.strategy.strategy import best_response

N, J = 3, 4
SECTORS = tuple(f"sector {j + 1}" for j in range(J))
SIGMA = np.array([7.0, 3.5, 4.0, 2.9])
CONFIG = TradeConfig("balanced", "fixed_entry", tolerance=1e-12)
LAMBDA = np.array([1.25, 1.1, 0.85, 0.8])


def draw(seed: int) -> TradeModel:
    """Return a world of firms with profits, labour alone, balanced trade, and no duty at home."""
    rng = np.random.default_rng(seed)
    flows = np.exp(rng.normal(2.0, 0.6, (N, N, J)))
    flows[np.arange(N), np.arange(N)] *= 6
    tariff = rng.uniform(0.0, 0.2, flows.shape)
    tariff[np.arange(N), np.arange(N)] = 0.0
    return TradeModel.from_arrays(
        flows=flows, tariff=tariff, value_added_share=np.ones((N, J)),
        input_share=np.zeros((N, J, J)), elasticity=SIGMA - 1, scale_elasticity=1 / (SIGMA - 1),
    ).balance(CONFIG)  # fmt: skip


@dataclass(frozen=True)
class Known:
    """What the model of the paper says at some tariffs: trade at customs value and price levels."""

    trade: np.ndarray
    price: np.ndarray

    def real_income(self, tariff: np.ndarray) -> np.ndarray:
        """Return the real income of each country and sector, revenue shared by employment."""
        sold = self.trade.sum(axis=0)
        wages = (SIGMA - 1) / SIGMA * sold
        revenue = (tariff * self.trade).sum(axis=(1, 2))
        income = sold + wages / wages.sum(axis=1, keepdims=True) * revenue[:, None]
        return np.asarray(income / self.price[:, None])


def solve_as_ossa(model: TradeModel, tariff: np.ndarray) -> Known:
    """Return the equilibrium by the paper's conditions in changes: wages, spending, profits."""
    before = np.array(model.flows)
    spent = before * (1 + model.tariff)
    whole = spent.sum(axis=1)
    share, mix = spent / whole[:, None], whole / whole.sum(axis=1, keepdims=True)
    duty = (1 + tariff) / (1 + model.tariff)
    labour = ((SIGMA - 1) / SIGMA * before).sum(axis=(0, 2))
    total = spent.sum(axis=(1, 2))

    def look(x: np.ndarray) -> tuple[np.ndarray, Known]:
        wage, spending = np.exp(x[:N]), np.exp(x[N:])
        dear = wage[None, :, None] * duty
        price = (share * dear ** (1 - SIGMA)).sum(axis=1) ** (1 / (1 - SIGMA))
        trade = before / duty * (dear / price[:, None]) ** (1 - SIGMA) * spending[:, None, None]
        paid = ((SIGMA - 1) / SIGMA * trade).sum(axis=(0, 2))
        income = trade.sum(axis=(0, 2)) + (tariff * trade).sum(axis=(1, 2))
        gap = np.concatenate([np.log(paid / labour / wage), np.log(income / total / spending)])
        gap[N] = np.log(trade.sum() / before.sum())  # Walras: a budget is left out for a unit
        return gap, Known(trade, np.exp((mix * np.log(price)).sum(axis=1)))

    ended = root(lambda x: look(x)[0], np.zeros(2 * N), tol=1e-14)
    assert np.abs(ended.fun).max() < 1e-11
    return look(ended.x)[1]


def government_gain(model: TradeModel, tariff: np.ndarray, region: int) -> float:
    """Return what the government of a country gains over the baseline, by the paper."""
    start = Known(np.array(model.flows), np.ones(N)).real_income(np.array(model.tariff))
    now = solve_as_ossa(model, tariff).real_income(tariff)
    return float(LAMBDA @ (now - start)[region])


def lobbied(revenue_to="sectors") -> PoliticalWeights:
    return PoliticalWeights(dict(zip(SECTORS, LAMBDA, strict=True)), revenue_to=revenue_to)


def test_the_programs_objective_is_that_of_the_paper() -> None:
    """The real incomes of sectors add up to welfare: the paper's weights of one are welfare."""
    model = draw(1)
    tariff = np.array(model.tariff) * 1.7
    solved = solve_trade(model, TradeShock(tariff=tariff), config=CONFIG).value
    income = solve_as_ossa(model, tariff).real_income(tariff).sum(axis=1)
    np.testing.assert_allclose(income / model.income - 1, solved.welfare, atol=1e-10)


@settings(max_examples=15)
@given(seed=st.integers(0, 999), most=st.floats(0.0, 0.8))
def test_what_a_government_gains_is_the_papers_formula_on_its_own_equations(seed, most) -> None:
    model = draw(seed)
    tariff = np.random.default_rng(seed + 1).uniform(-most / 4, most, model.tariff.shape)
    tariff[np.arange(N), np.arange(N)] = 0.0
    solution = solve_trade(model, TradeShock(tariff=tariff), config=CONFIG)
    politics = build_politics(model.regions, SECTORS, dict.fromkeys(model.regions, lobbied()))
    assert politics is not None
    gains = model.income * solution.value.welfare + politics.surplus(solution)
    for region in range(N):
        expected = government_gain(model, tariff, region)
        # Both are in the money of the baseline, so no unit of account is left to choose.
        assert gains[region] == pytest.approx(expected, abs=1e-8 * model.income.max())


@pytest.mark.parametrize("seed", [3, 4])
def test_no_tariff_near_the_best_serves_that_government_better(seed: int) -> None:
    model = draw(seed)
    party = Party(model.regions[0], (model.regions[0],), lobbied())
    best = best_response(model, party, config=CONFIG)
    assert best.status is Status.CONVERGED
    top = government_gain(model, best.value.tariff, 0)
    assert best.value.objective[0] == pytest.approx(top, abs=1e-7)
    plain = best_response(
        model, Party(model.regions[0], (model.regions[0],), lobbied("consumers")), config=CONFIG
    )
    assert government_gain(model, plain.value.tariff, 0) < top - 1e-6
    rng = np.random.default_rng(seed)
    for _ in range(60):
        tariff = best.value.tariff.copy()
        tariff[0, 1:] += rng.normal(size=(N - 1, J)) * 10 ** rng.uniform(-3, -1)
        assert government_gain(model, tariff, 0) <= top + 1e-8


def test_weights_are_read_off_the_tariffs_that_they_lead_to() -> None:
    model = draw(5)
    sectors = SECTORS[:3]
    weights = PoliticalWeights(dict(zip(sectors, LAMBDA, strict=False)), revenue_to="sectors")
    party = Party(model.regions[0], (model.regions[0],), weights)
    best = best_response(model, party, over="mfn", config=CONFIG,
                         options={"sectors": sectors, "tolerance": 1e-9})  # fmt: skip
    revealed = reveal_weights(
        model, model.regions[0], best.value.tariff, revenue_to="sectors", config=CONFIG,
        options={"sectors": sectors},
    )  # fmt: skip
    assert revealed.weights.revenue_to == "sectors"
    made = model.sales[0, :3]
    mean = float(made @ [revealed.weights.sectors[name] for name in sectors] / made.sum())
    assert mean == pytest.approx(1.0, abs=1e-6)
    assert revealed.gap_in_welfare > 0.01


def test_revenue_of_sectors_has_no_weight_of_its_own() -> None:
    with pytest.raises(InputError, match=r"weights\.revenue: is given to revenue"):
        PoliticalWeights(revenue=1.2, revenue_to="sectors")
    with pytest.raises(InputError, match=r"revenue_to: is"):
        reveal_weights(draw(1), "region 1", draw(1).tariff, revenue=1.0, revenue_to="sectors")
