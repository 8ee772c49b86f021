"""Small made-up worlds and shocks for the tests of the trade engine."""

from dataclasses import dataclass, replace

import numpy as np
import pytest

from accord.trade.config import TradeConfig
from accord.trade.iteration.gradient import welfare_gradient
from accord.trade.model import TradeModel
from accord.trade.plan import TradeShock
from accord.trade.solver import solve_trade

# Few sizes, so that each solver is compiled once and used often.
SIZES = ((2, 1), (3, 4), (5, 3), (8, 6))
CLOSURES = ("fixed", "share", "balanced")
LARGEST_SCALE = 0.6


@dataclass(frozen=True)
class Traits:
    """What a made-up world looks like."""

    elasticities: tuple[float, float] = (2.0, 8.0)
    value_added: tuple[float, float] = (0.3, 0.8)
    zero_flows: float = 0.0
    idle_sectors: float = 0.0
    scale: float = 0.0
    money: float = 1000.0


def draw_model(
    rng: np.random.Generator, size: tuple[int, int], traits: Traits = Traits()
) -> TradeModel:
    """Return a world whose accounts hold, drawn from `rng`."""
    N, J = size
    economy = np.exp(rng.normal(0, 1.0, N))
    flows = economy[:, None, None] * economy[None, :, None] * np.exp(rng.normal(0, 1.0, (N, N, J)))
    flows *= 0.3 / economy.sum()
    drop = rng.random((N, N, J)) < traits.zero_flows
    idle = rng.random((N, J)) < traits.idle_sectors
    staple = rng.integers(J)  # a good that every region makes, and that circles the world
    idle[:, staple] = False
    drop[np.arange(N), np.arange(N) - 1, staple] = False
    flows[drop | idle[None]] = 0.0
    flows = settle(flows, np.exp(rng.normal(0, 0.05, N)))
    own = economy[:, None] * np.exp(rng.normal(0, 0.5, (N, J))) * ~idle
    flows[np.arange(N), np.arange(N)] = own
    beta = rng.uniform(*traits.value_added, (N, J))
    mix = rng.dirichlet(np.full(J, 0.7), size=(N, J)).transpose(0, 2, 1)
    gamma = mix * (1 - beta)[:, None, :]
    tariff = np.where(rng.random((N, N, J)) < 0.7, rng.uniform(0, 0.3, (N, N, J)), 0.0)
    tariff[np.arange(N), np.arange(N)] = 0.0
    theta = rng.uniform(*traits.elasticities, J)
    return TradeModel.from_arrays(
        flows=traits.money * supply_inputs(flows, tariff, gamma),
        tariff=tariff,
        value_added_share=beta,
        input_share=gamma,
        elasticity=theta,
        scale_elasticity=traits.scale * rng.uniform(0.3, 1.0, J) / theta,
    )


def settle(flows: np.ndarray, excess: np.ndarray) -> np.ndarray:
    """Return trade scaled by importer until imports are nearly exports times `excess`."""
    own = np.arange(flows.shape[0])
    flows = flows.copy()
    flows[own, own] = 0.0
    for _ in range(50):
        ratio = excess * flows.sum(axis=(0, 2)) / flows.sum(axis=(1, 2))
        flows *= np.sqrt(ratio)[:, None, None]
    return flows


def supply_inputs(flows: np.ndarray, tariff: np.ndarray, gamma: np.ndarray) -> np.ndarray:
    """Return flows with domestic sales raised until every input bought is supplied."""
    N = flows.shape[0]
    flows = flows.copy()
    for _ in range(10_000):
        inputs = np.einsum("nkj,nj->nk", gamma, flows.sum(axis=0))
        short = 1.01 * inputs - (flows * (1 + tariff)).sum(axis=1)
        if short.max() <= 0:
            return flows
        flows[np.arange(N), np.arange(N)] += np.maximum(short, 0) + 1e-12 * (short > 0)
    raise AssertionError("inputs cannot be supplied")


def draw_tariff(rng: np.random.Generator, model: TradeModel, most: float = 0.5) -> np.ndarray:
    """Return new tariffs: some as before, some abolished, some raised by up to `most`."""
    raised = model.tariff + rng.uniform(0, most, model.tariff.shape)
    kind = rng.integers(3, size=model.tariff.shape)
    tariff = np.choose(kind, [model.tariff, np.zeros_like(raised), raised])
    own = np.arange(len(model.regions))
    tariff[own, own] = model.tariff[own, own]
    return tariff


def draw_transfer(rng: np.random.Generator, model: TradeModel, share: float) -> np.ndarray:
    """Return transfers that sum to zero, the largest `share` of the payer's income."""
    receipts = rng.normal(size=len(model.regions))
    receipts -= receipts.mean()
    return np.asarray(receipts * share / np.max(np.abs(receipts) / model.income))


def draw_shock(rng: np.random.Generator, model: TradeModel) -> TradeShock:
    """Return a shock to everything at once: tariffs, trade costs, productivity, transfers."""
    N, J = len(model.regions), len(model.sectors)
    placed = 0.01 * rng.random((N, J)) * model.income[:, None] / J
    return TradeShock(
        tariff=draw_tariff(rng, model),
        trade_cost=np.exp(rng.normal(0, 0.1, (N, N, J))),
        productivity=np.exp(rng.normal(0, 0.1, (N, J))),
        transfer=draw_transfer(rng, model, 0.03),
        spending=placed,
    )


def permute(model: TradeModel, regions: np.ndarray, sectors: np.ndarray) -> TradeModel:
    """Return the same world with its regions and sectors in another order."""
    cube = np.ix_(regions, regions, sectors)
    table = np.ix_(regions, sectors)
    return replace(
        model,
        trade_share=model.trade_share[cube],
        tariff=model.tariff[cube],
        final_share=model.final_share[table],
        value_added_share=model.value_added_share[table],
        input_share=model.input_share[np.ix_(regions, sectors, sectors)],
        elasticity=model.elasticity[sectors],
        scale_elasticity=model.scale_elasticity[sectors],
        substitution=None if model.substitution is None else model.substitution[sectors],
        value_added=model.value_added[regions],
        deficit=model.deficit[regions],
        sales=model.sales[table],
        expenditure=model.expenditure[table],
        regions=tuple(model.regions[n] for n in regions),
        sectors=tuple(model.sectors[j] for j in sectors),
    )


def permute_shock(shock: TradeShock, regions: np.ndarray, sectors: np.ndarray) -> TradeShock:
    """Return the same shock for `permute`'s order."""

    def pick(value: np.ndarray | None) -> np.ndarray | None:
        if value is None:
            return None
        by_axes = {1: (regions,), 2: (regions, sectors), 3: (regions, regions, sectors)}
        return value[np.ix_(*by_axes[value.ndim])]

    return TradeShock(
        pick(shock.tariff), pick(shock.trade_cost), pick(shock.productivity),
        pick(shock.transfer), pick(shock.spending), pick(shock.deficit),
    )  # fmt: skip


def check_slopes(model: TradeModel, shock: TradeShock, config: TradeConfig) -> None:
    """The gradient of the first region's welfare is that of differences, in three tariffs."""
    slope = welfare_gradient(solve_trade(model, shock, config=config), "region 1")
    assert shock.tariff is not None
    for cell in ((0, 1, 0), (0, 2, 3), (1, 0, 2)):
        gains = []
        for step in (1e-4, -1e-4):
            tariff = np.array(shock.tariff)
            tariff[cell] += step
            moved = solve_trade(model, replace(shock, tariff=tariff), config=config)
            gains.append(moved.welfare[0])
        rise = (gains[0] - gains[1]) / 2e-4
        assert slope[cell] == pytest.approx(rise, rel=1e-4, abs=1e-9)
