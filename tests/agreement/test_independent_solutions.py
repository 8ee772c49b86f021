"""Small worlds solved a second time, by a general root finder, from equations written here.

Nothing of the engine is used but its answer: not its equations, its residuals or its welfare.
"""

from dataclasses import dataclass

import numpy as np
import pytest
from scipy import integrate, optimize

from accord.trade.config import TradeConfig
from accord.trade.model import TradeModel
from accord.trade.plan import TradeShock
from accord.trade.solver import solve_trade

THETA = 5.0
OWN = np.arange(3)


@dataclass(frozen=True)
class Found:
    """An equilibrium of the one-sector world: changes as ratios, money as in the flows."""

    wage: np.ndarray
    price: np.ndarray
    labour: np.ndarray
    income: np.ndarray
    flows: np.ndarray
    deficit: np.ndarray


class OneSector:
    """Three countries that make one good from labour alone, and a shock to everything."""

    def __init__(self) -> None:
        rng = np.random.default_rng(8)
        abroad = 1 - np.eye(3)
        self.flows = np.diag([90.0, 40.0, 20.0]) + rng.uniform(1, 8, (3, 3)) * abroad
        self.tariff = rng.uniform(0, 0.3, (3, 3)) * abroad
        self.new_tariff = rng.uniform(0, 0.6, (3, 3)) * abroad
        self.trade_cost = np.exp(rng.normal(0, 0.1, (3, 3)) * abroad)
        self.productivity = np.exp(rng.normal(0, 0.2, 3))
        self.transfer = np.array([-2.0, 1.5, 0.5])
        self.made = self.flows.sum(axis=0)
        self.deficit = self.flows.sum(axis=1) - self.made
        self.old_income = (self.flows * (1 + self.tariff)).sum(axis=1)

    def new_deficit(self, closure: str, bill: np.ndarray) -> np.ndarray:
        """What closure leaves of the old deficits, with the transfer."""
        if closure == "fixed":
            return self.deficit + self.transfer
        share = self.deficit / self.made
        left_over = (share * bill).sum() / bill.sum()
        return (share - left_over) * bill + self.transfer

    def evaluate(self, log_wage: np.ndarray, closure: str, kappa: float) -> Found:
        """Everything that wages decide, the labour market left open."""
        wage = np.exp(log_wage)
        share = self.flows * (1 + self.tariff) / self.old_income[:, None]
        cost = (wage / self.productivity)[None] * self.trade_cost
        weight = share * (cost * (1 + self.new_tariff) / (1 + self.tariff)) ** -THETA
        price = weight.sum(axis=1) ** (-1 / THETA)
        new = weight / weight.sum(axis=1, keepdims=True)
        labour = (wage / price) ** kappa
        bill = wage * labour * self.made
        deficit = self.new_deficit(closure, bill)
        kept = 1 - (self.new_tariff / (1 + self.new_tariff) * new).sum(axis=1)
        income = (bill + deficit) / kept
        flows = new * income[:, None] / (1 + self.new_tariff)
        return Found(wage, price, labour, income, flows, deficit)

    def solve(self, closure: str, kappa: float) -> Found:
        def gap(log_wage: np.ndarray) -> np.ndarray:
            at = self.evaluate(log_wage, closure, kappa)
            bill = at.wage * at.labour * self.made
            markets = at.flows.sum(axis=0) / bill - 1
            return np.append(markets[:2], bill.sum() / self.made.sum() - 1)

        root = optimize.root(gap, np.zeros(3), tol=1e-13)
        assert np.abs(gap(root.x)).max() < 1e-11
        return self.evaluate(root.x, closure, kappa)

    def welfare(self, outcome: Found, kappa: float) -> np.ndarray:
        """Equivalent variation over old income, effort integrated under the supply of labour.

        The real wage at which `l` (old employment is one) is supplied is `l ** (1 / kappa)`; the
        area below it is what the work costs those who do it.
        """

        def effort(labour: float) -> float:
            return integrate.quad(lambda hours: hours ** (1 / kappa), 0, labour, epsabs=1e-13)[0]

        gain = outcome.income / outcome.price - self.old_income
        if kappa:
            gain -= self.made * np.array(
                [effort(labour) - effort(1.0) for labour in outcome.labour]
            )
        return np.asarray(gain / self.old_income)

    def model(self) -> TradeModel:
        return TradeModel.from_arrays(
            flows=self.flows[:, :, None],
            tariff=self.tariff[:, :, None],
            value_added_share=np.ones((3, 1)),
            input_share=np.zeros((3, 1, 1)),
            elasticity=np.array([THETA]),
        )

    def shock(self) -> TradeShock:
        return TradeShock(
            tariff=self.new_tariff[:, :, None],
            trade_cost=self.trade_cost[:, :, None],
            productivity=self.productivity[:, None],
            transfer=self.transfer,
        )


@pytest.mark.parametrize("closure", ["fixed", "share"])
@pytest.mark.parametrize("kappa", [0.0, 0.5, 2.0])
def test_one_sector_against_an_independent_root_finder(closure: str, kappa: float) -> None:
    world = OneSector()
    expected = world.solve(closure, kappa)
    config = TradeConfig(closure=closure, labour_elasticity=kappa)  # type: ignore[arg-type]
    value = solve_trade(world.model(), world.shock(), config=config).value
    np.testing.assert_allclose(value.wage_change, expected.wage, rtol=1e-8)
    np.testing.assert_allclose(value.consumer_price_change, expected.price, rtol=1e-8)
    np.testing.assert_allclose(value.labour_change, expected.labour, rtol=1e-8)
    np.testing.assert_allclose(value.deficit, expected.deficit, atol=1e-7)
    np.testing.assert_allclose(value.flows[:, :, 0], expected.flows, rtol=1e-7)
    np.testing.assert_allclose(value.welfare, world.welfare(expected, kappa), atol=1e-8)


def test_closures_and_labour_supply_matter_in_the_small_world() -> None:
    world = OneSector()
    fixed, share = world.solve("fixed", 0.5), world.solve("share", 0.5)
    assert np.abs(fixed.deficit - share.deficit).max() > 0.05
    unpaid = (share.income / share.price - world.old_income) / world.old_income
    assert np.abs(unpaid - world.welfare(share, 0.5)).max() > 0.005


MU = np.array([0.12, 0.05])
THETAS = np.array([4.0, 7.0])


def two_sector_gap(
    unknown: np.ndarray, flows: np.ndarray, new: np.ndarray, strength: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Gaps of the two-country, two-sector world with scale economies; wages, prices, sales.

    No tariffs before. A sector that employs more is cheaper: cost is wage over `L ** mu`, with
    `L` the wage bill of the sector over the wage, against the same before.
    """
    wage, sales = np.exp(unknown[:2]), np.exp(unknown[2:]).reshape(2, 2)
    made, bought = flows.sum(axis=0), flows.sum(axis=1)
    people = made.sum(axis=1)
    labour = sales / wage[:, None] / made
    cost = wage[:, None] / labour ** (strength * MU)
    weight = flows / bought[:, None] * (cost[None] * (1 + new)) ** -THETAS
    total = weight.sum(axis=1)
    share = weight / total[:, None]
    taste = bought / bought.sum(axis=1, keepdims=True)
    revenue_share = (new / (1 + new) * share).sum(axis=1)
    deficit = bought.sum(axis=1) - people
    income = (wage * people + deficit) / (1 - (taste * revenue_share).sum(axis=1))
    sold = (share * (taste * income[:, None])[:, None] / (1 + new)).sum(axis=0)
    markets = (sold / sales - 1).ravel()
    labour_market = sales[0].sum() / (wage[0] * people[0]) - 1
    numeraire = (wage * people).sum() / people.sum() - 1
    gaps = np.concatenate([markets, [labour_market, numeraire]])
    price = np.prod(total ** (-taste / THETAS), axis=1)
    return gaps, wage, sales, income / bought.sum(axis=1) / price - 1


@pytest.mark.parametrize("strength", [1.0, 0.5])
def test_two_sectors_with_scale_economies_against_an_independent_root_finder(
    strength: float,
) -> None:
    flows = np.array([[[60.0, 50.0], [9.0, 14.0]], [[12.0, 8.0], [30.0, 45.0]]])
    new = np.zeros_like(flows)
    new[0, 1], new[1, 0] = [0.3, 0.1], [0.05, 0.2]
    start = np.concatenate([np.zeros(2), np.log(flows.sum(axis=0)).ravel()])
    root = optimize.root(lambda z: two_sector_gap(z, flows, new, strength)[0], start, tol=1e-13)
    gaps, wage, sales, welfare = two_sector_gap(root.x, flows, new, strength)
    assert np.abs(gaps).max() < 1e-11
    model = TradeModel.from_arrays(
        flows=flows,
        tariff=np.zeros_like(flows),
        value_added_share=np.ones((2, 2)),
        input_share=np.zeros((2, 2, 2)),
        elasticity=THETAS,
        scale_elasticity=MU,
    )
    config = TradeConfig(competition="monopolistic", scale_strength=strength)
    value = solve_trade(model, TradeShock(tariff=new), config=config).value
    np.testing.assert_allclose(value.wage_change, wage, rtol=1e-8)
    np.testing.assert_allclose(value.sales, sales, rtol=1e-7)
    np.testing.assert_allclose(value.welfare, welfare, atol=1e-9)
    perfect = solve_trade(model, TradeShock(tariff=new)).value
    assert np.abs(perfect.welfare - welfare).max() > 1e-4
