"""Optimal tariffs against the closed forms of the literature.

Gros (1987, Journal of International Economics 23(3-4)); for gravity models at large, Costinot and
Rodríguez-Clare (2014, Handbook of International Economics 4). With one sector and two countries the
optimal tariff is `1 / (theta * own)`, where `own` is the share of his own goods in what the
foreigner buys, at customs values; his tariff matters through that share alone. With many sectors a
small economy that taxes no exports charges one rate for everything, one over the mean elasticity of
its exports: compare Costinot, Donaldson, Vogel and Werning (2015, Quarterly Journal of Economics
130(2)), where import tariffs are uniform because export taxes do the rest.
`docs/theory/strategic-tariffs.md` derives both.
"""

import numpy as np
import pytest
from scipy.optimize import root

from accord.trade.config import TradeConfig
from accord.trade.model import TradeModel
from accord.trade.strategy.strategy import best_response, nash_tariffs
from tests.trade.worlds import settle

pytestmark = pytest.mark.first

TIGHT = {"tolerance": 1e-8}
SMALL = 1e-6


def two_countries(home: float, theta: float, tariff: tuple[float, float]) -> TradeModel:
    """One sector without inputs; trade is 0.3 times the size of home, and balanced."""
    flows = np.array([[[0.7 * home], [0.3 * home]], [[0.3 * home], [1 - 0.3 * home]]])
    rates = np.zeros_like(flows)
    rates[0, 1], rates[1, 0] = tariff
    return TradeModel.from_arrays(
        flows=flows,
        tariff=rates,
        value_added_share=np.ones((2, 1)),
        input_share=np.zeros((2, 1, 1)),
        elasticity=np.array([theta]),
    )


def own_share(flows: np.ndarray, country: int) -> float:
    """Return the share of a country's own goods in what it buys, at customs values."""
    return float(flows[country, country, 0] / flows[country, :, 0].sum())


@pytest.mark.parametrize("theta", [2.0, 5.0, 8.0])
@pytest.mark.parametrize("foreign", [0.0, 0.25])
@pytest.mark.parametrize("home", [1.0, 0.3, SMALL])
def test_one_sector_and_two_countries_give_the_formula_of_gros(
    home: float, foreign: float, theta: float
) -> None:
    model = two_countries(home, theta, (0.05, foreign))
    answer = best_response(model, "region 1", options=TIGHT)
    assert answer.equilibrium is not None
    formula = 1 / (theta * own_share(answer.equilibrium.value.flows, 1))
    assert answer.value.tariff[0, 1, 0] == pytest.approx(formula, abs=1e-7)
    assert answer.value.tariff[1, 0, 0] == foreign
    if home == SMALL:
        assert answer.value.tariff[0, 1, 0] == pytest.approx(1 / theta, abs=1e-6)


@pytest.mark.parametrize("home", [1.0, 0.3])
def test_a_war_of_two_is_the_pair_of_formulas_solved_apart(home: float) -> None:
    """Wages and both tariffs by a general root finder, from the formula alone."""
    theta = 4.0
    model = two_countries(home, theta, (0.05, 0.1))
    war = nash_tariffs(model, ["region 1", "region 2"], options=TIGHT)
    spent = model.trade_share[:, :, 0]

    def flows_at(wage: float, rates: np.ndarray) -> np.ndarray:
        """Return flows at customs values; the wage is the foreign one over that of home."""
        cost = np.array([1.0, wage]) * (1 + rates) / (1 + model.tariff[:, :, 0])
        share = spent * cost**-theta
        share /= share.sum(axis=1, keepdims=True)
        net = share / (1 + rates)
        bill = np.array([1.0, wage]) * model.value_added
        return np.asarray(net * (bill / net.sum(axis=1))[:, None])

    def gaps(unknown: np.ndarray) -> np.ndarray:
        rates = np.array([[0.0, unknown[1]], [unknown[2], 0.0]])
        flows = flows_at(float(np.exp(unknown[0])), rates)
        formula = 1 / (theta * np.diag(flows) / flows.sum(axis=1))
        balance = flows[0, 1] / flows[1, 0] - 1
        return np.array([balance, unknown[1] - formula[1], unknown[2] - formula[0]])

    apart = root(gaps, np.array([0.0, 0.3, 0.3]), tol=1e-12)
    assert apart.success
    np.testing.assert_allclose(
        [war.value.tariff[0, 1, 0], war.value.tariff[1, 0, 0]], apart.x[1:], atol=1e-7
    )


def many_sectors(home: float, theta: np.ndarray, seed: int) -> TradeModel:
    """Three countries without inputs, the first of the size given, each at balance."""
    rng = np.random.default_rng(seed)
    size = np.array([home, 1.0, 1.5])
    own = rng.uniform(0.5, 1.5, (3, theta.size)) * size[:, None]
    flows = rng.uniform(0.05, 0.3, (3, 3, theta.size)) * np.minimum.outer(size, size)[:, :, None]
    flows = settle(flows, np.ones(3))
    flows[np.arange(3), np.arange(3)] = own
    tariff = rng.uniform(0, 0.2, flows.shape)
    tariff[np.arange(3), np.arange(3)] = 0.0
    return TradeModel.from_arrays(
        flows=flows,
        tariff=tariff,
        value_added_share=np.ones_like(own),
        input_share=np.zeros((3, theta.size, theta.size)),
        elasticity=theta,
    )


@pytest.mark.parametrize("closure", ["balanced", "fixed", "share"])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_small_economy_charges_one_rate_for_everything(closure, seed: int) -> None:
    """Uniform, though elasticities run from 2.5 to 10; at the level that its exports call for."""
    theta = np.array([2.5, 4.0, 6.0, 10.0])
    answer = best_response(
        many_sectors(SMALL, theta, seed), "region 1", config=TradeConfig(closure), options=TIGHT
    )
    assert answer.equilibrium is not None
    rates = answer.value.tariff[0, 1:]
    exports = answer.equilibrium.value.flows[1:, 0].sum(axis=0)
    mean = float(theta @ exports / exports.sum())
    assert 1 / theta.max() < 1 / mean < 1 / theta.min()
    np.testing.assert_allclose(rates, 1 / mean, atol=2e-6)


def test_a_larger_economy_charges_more_and_not_quite_the_same() -> None:
    theta = np.array([2.5, 4.0, 6.0, 10.0])
    spreads, levels = [], []
    for home in (1e-3, 1e-2, 1e-1):
        answer = best_response(many_sectors(home, theta, 0), "region 1", options=TIGHT)
        rates = answer.value.tariff[0, 1:]
        spreads.append(float(np.ptp(rates)))
        levels.append(float(rates.mean()))
    assert spreads[0] < spreads[1] / 5 < spreads[2] / 25
    assert levels[0] < levels[1] < levels[2]
