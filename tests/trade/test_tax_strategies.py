"""Taxes and subsidies that parties choose: slopes, closed forms, first and second best."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from accord.core.errors import InputError
from accord.core.status import Status
from accord.trade.config import TradeConfig
from accord.trade.iteration.gradient import Aim, aim_slopes
from accord.trade.model import TradeModel
from accord.trade.plan import TradeShock
from accord.trade.solver import solve_trade
from accord.trade.strategy.instruments import StrategyConfig
from accord.trade.strategy.policy import Policy, read_policy
from accord.trade.strategy.politics import real_accounts
from accord.trade.strategy.reveal import reveal_weights
from accord.trade.strategy.strategy import best_response, nash_tariffs
from tests.trade.taxed import draw_reform, draw_taxed
from tests.trade.test_taxes import CONFIGS
from tests.trade.worlds import Traits

pytestmark = pytest.mark.first

ALL = ("tariff", "export_tax", "production_tax", "consumption_tax")
STEP = 1e-4


@pytest.mark.parametrize("name", ["relief", "scale", "profits"])
def test_slopes_of_every_rate_match_central_differences(name: str) -> None:
    """Of welfare, value added and revenue at once; a few rates of each kind."""
    rng = np.random.default_rng(31)
    config = CONFIGS[name]
    model = draw_taxed(rng, Traits(scale=0.5))
    model = model.balance(config) if config.closure == "balanced" else model
    shock = draw_reform(rng, model, 0.1)
    aim = Aim(rng.normal(size=3), rng.normal(size=(3, 4)), rng.normal(size=3))
    before = read_policy(model, shock)

    def solve(cells: np.ndarray) -> Any:
        rates = Policy.of_cells(np.expm1(cells), 3, 4)
        return solve_trade(model, TradeShock(**rates._asdict()), config=config)

    def value(cells: np.ndarray) -> float:
        solved = solve(cells).value
        made, charged = real_accounts(model, solved)
        return float(
            aim.welfare @ solved.welfare + (aim.value_added * made).sum() + aim.revenue @ charged
        )

    log_gross = np.log1p(before.cells)
    tariff, taxes = aim_slopes(solve(log_gross), aim)
    assert taxes is not None
    slopes = Policy(tariff, *taxes).cells
    abroad = (1 - np.eye(3))[:, :, None] * np.ones(4)
    free = np.ones((3, 4))
    usable = np.flatnonzero(Policy(abroad, abroad, free, free).cells)
    for cell in usable[::5]:
        ends = []
        for sign in (1, -1):
            moved = log_gross.copy()
            moved[cell] += sign * STEP
            ends.append(value(moved))
        slope = (ends[0] - ends[1]) / (2 * STEP)
        assert slopes[cell] == pytest.approx(slope, rel=2e-5, abs=2e-5)


def two_countries(theta: float = 5.0) -> TradeModel:
    flows = np.array([[[70.0], [30.0]], [[30.0], [170.0]]])
    return TradeModel.from_arrays(
        flows=flows, tariff=np.zeros_like(flows), value_added_share=np.ones((2, 1)),
        input_share=np.zeros((2, 1, 1)), elasticity=[theta],
    )  # fmt: skip


def test_the_best_export_tax_is_the_best_tariff_where_there_is_one_good() -> None:
    """Lerner symmetry and the formula of Gros (1987): one over elasticity times home share."""
    model = two_countries()
    options = {"instruments": ["export_tax"], "tolerance": 1e-9}
    best = best_response(model, "region 1", options=options)
    assert best.status is Status.CONVERGED
    rate = best.value.policy.export_tax[1, 0, 0]
    tariff = best_response(model, "region 1", options={"tolerance": 1e-9})
    assert rate == pytest.approx(tariff.value.tariff[0, 1, 0], abs=1e-8)
    assert best.value.party_gain == pytest.approx(tariff.value.party_gain, abs=1e-8)
    assert best.equilibrium is not None
    bought = best.equilibrium.value.flows[1, :, 0]
    assert rate == pytest.approx(1 / (5.0 * bought[1] / bought.sum()), abs=1e-8)
    assert np.isnan(best.value.overall_tariff).all()
    assert best.value.tax_revenue[0] > 0


def small_economy(mu: np.ndarray, theta: np.ndarray) -> TradeModel:
    """Return a small country in balanced trade with the rest of the world, without inputs."""
    J, size = theta.size, 1e-5
    home = size * np.linspace(3, 5, J)
    sold, bought = size * np.linspace(1, 2, J), size * np.linspace(2, 1, J)
    flows = np.stack([np.stack([home, bought]), np.stack([sold, np.linspace(80, 90, J)])])
    return TradeModel.from_arrays(
        flows=flows, tariff=np.zeros_like(flows), value_added_share=np.ones((2, J)),
        input_share=np.zeros((2, J, J)), elasticity=theta, scale_elasticity=mu,
    )  # fmt: skip


def test_a_small_economy_taxes_each_export_by_one_over_its_elasticity() -> None:
    theta = np.array([2.0, 4.0, 8.0])
    model = small_economy(np.zeros(3), theta)
    taxed = best_response(model, "region 1", options={"instruments": ["export_tax"]})
    assert taxed.status is Status.CONVERGED
    np.testing.assert_allclose(taxed.value.policy.export_tax[1, 0], 1 / theta, atol=1e-4)
    charged = best_response(model, "region 1")
    assert charged.value.party_gain[0] < taxed.value.party_gain[0]
    both = best_response(model, "region 1", options={"instruments": ["tariff", "export_tax"]})
    assert both.value.party_gain[0] == pytest.approx(taxed.value.party_gain[0], rel=1e-4)


SCALE = TradeConfig(competition="monopolistic")


@pytest.mark.parametrize("competition", ["monopolistic", "fixed_entry"])
def test_in_a_closed_economy_the_best_subsidy_to_making_is_the_markup(competition) -> None:
    """With free entry labour goes where scale is, with a fixed number of firms where spending is.

    The markup is one plus the scale elasticity either way.
    """
    mu, share = np.array([0.05, 0.2, 0.3]), np.array([0.5, 0.3, 0.2])
    flows = np.eye(2)[:, :, None] * np.stack([100 * share, 300 * share])[:, None]
    model = TradeModel.from_arrays(
        flows=flows, tariff=np.zeros_like(flows), value_added_share=np.ones((2, 3)),
        input_share=np.zeros((2, 3, 3)), elasticity=np.array([2.0, 2.5, 3.0]), scale_elasticity=mu,
    )  # fmt: skip
    config, options = replace(SCALE, competition=competition), {"tolerance": 1e-8}
    best = best_response(
        model, "region 1", config=config, options={**options, "instruments": ["production_tax"]}
    )
    assert best.status is Status.CONVERGED
    gross = (1 + best.value.policy.production_tax[0]) * (1 + mu)
    np.testing.assert_allclose(gross / gross[0], 1, atol=1e-6)
    returns = 1 + mu if competition == "monopolistic" else np.ones(3)
    before = share if competition == "monopolistic" else share / (1 + mu)
    staff = share * returns / (share @ returns) / (before / before.sum())
    assert best.equilibrium is not None
    np.testing.assert_allclose(best.equilibrium.value.employment_change[0], staff, atol=1e-6)
    gain = np.prod(staff ** (returns * share)) - 1
    assert best.value.welfare[0] == pytest.approx(gain, abs=1e-8)
    assert np.abs(best.value.welfare[1]) < 1e-10


def test_first_best_of_a_small_economy_with_scale_and_what_lesser_instruments_leave() -> None:
    """Lashkaripour and Lugovskyy (2023): markups for makers, one over elasticity for exports."""
    theta, mu = np.array([2.0, 4.0, 8.0]), np.array([0.1, 0.1, 0.02])
    model = small_economy(mu, theta)
    gains = {}
    for instruments in (("production_tax", "export_tax"), ("export_tax",), ("tariff",), ALL):
        best = best_response(model, "region 1", config=SCALE, options={"instruments": instruments})
        assert best.status is Status.CONVERGED
        gains[instruments] = float(best.value.party_gain[0])
        if instruments == ("production_tax", "export_tax"):
            gross = (1 + best.value.policy.production_tax[0]) * (1 + mu)
            np.testing.assert_allclose(gross / gross[0], 1, atol=1e-4)
            rates = best.value.policy.export_tax[1, 0]
            np.testing.assert_allclose(rates, 1 / theta, atol=1e-3)
    first, second, third, every = gains.values()
    assert 0 < third < second < first
    assert every == pytest.approx(first, rel=1e-4)


def test_a_war_of_export_taxes_is_at_rest_and_a_rate_more_never_hurts() -> None:
    model = two_countries()
    options = StrategyConfig(instruments=["export_tax"])
    war = nash_tariffs(model, ["region 1", "region 2"], options=options)
    assert war.status is Status.CONVERGED
    base = war.value
    for n, m in ((0, 1), (1, 0)):
        for factor in (0.9, 0.99, 1.01, 1.1):
            export = base.policy.export_tax.copy()
            export[m, n] *= factor
            moved = solve_trade(model, replace(TradeShock(), export_tax=export)).value
            assert moved.welfare[n] < base.welfare[n]
    plain = best_response(model, "region 1").value.party_gain[0]
    both = best_response(model, "region 1", options={"instruments": ALL}).value.party_gain[0]
    assert both >= plain - 1e-7


def test_what_cannot_be_chosen_is_refused() -> None:
    model = two_countries()
    with pytest.raises(InputError, match="export_tax"):
        best_response(model, "region 1", options={"instruments": ["export_taxes"]})
    with pytest.raises(InputError, match="nothing to set"):
        best_response(model, "region 1", options={"instruments": []})
    with pytest.raises(InputError, match="more than tariffs"):
        reveal_weights(model, "region 1", model.tariff, options={"instruments": ALL})
