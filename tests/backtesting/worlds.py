"""A made-up world and an episode in it, whose outcomes are worked out here and not by the room."""

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np

from accord.backtesting.episode import Episode, Outcome
from accord.data.world import World
from accord.lowering.trade import build_trade_model
from accord.trade.path.solution import TradePathSolution
from accord.trade.path.solver import solve_trade_path
from accord.trade.path.sourcing import Sourcing
from accord.trade.plan import TradeShock
from tests.trade.worlds import draw_model

REGIONS, SECTORS = ("AAA", "BBB", "CCC", "DDD", "EEE"), ("food", "cars", "services")
RATE = {"BBB": 0.25, "CCC": 0.10}
SECOND = (date(2021, 1, 1), date(2021, 12, 31))


def made_up_world(seed: int = 7) -> World:
    """Return a world of five regions with two sets of elasticities, `true` and `weak`."""
    model = draw_model(np.random.default_rng(seed), (5, 3))
    tariff = np.array(model.tariff)
    tariff[:, :, -1] = 0.0  # no customs post for services
    flows = np.array(model.flows)
    true = np.array([6.0, 8.0, 5.0])
    return World.from_arrays(
        REGIONS, SECTORS, flows=flows, tariff=tariff,
        value_added_share=model.value_added_share, input_share=model.input_share,
        elasticity=true, elasticities={"true": true, "weak": true / 4},
    )  # fmt: skip


def made_up_episode(world: World) -> Episode:
    """Return tariffs of AAA on two others, with outcomes as the set `true` has them."""
    episode = Episode(
        name="made-up", title="Tariffs of AAA", importer="AAA",
        days=(date(2020, 1, 1),), added={name: (rate,) for name, rate in RATE.items()},
        outcomes=(),
    )  # fmt: skip
    return replace(episode, outcomes=tuple(_outcomes(world)))


def _outcomes(world: World) -> list[Outcome]:
    tariff = np.array(world.tariff)
    for name, rate in RATE.items():
        tariff[0, REGIONS.index(name), :2] += rate
    model = build_trade_model(world, "true")
    shock = TradeShock(tariff=tariff)
    path = solve_trade_path(model, [shock, shock], sourcing=Sourcing())
    wage = [year.value.wage_change[0] for year in path.years]
    before, first, after = (
        world.flows[0, 1:, :2],
        *(path.value.flows[year, 0, 1:, :2] / wage[year] for year in (0, 1)),
    )
    rates = tariff[0, 1:, :2]
    b = REGIONS.index("BBB") - 1
    share = [imports[b].sum() / imports.sum() for imports in (before, first, after)]
    seen = {
        "share": share[2] / share[0] - 1,
        "against": share[2] / share[1] - 1,
        "imports": after[b, 1] / before[b, 1] - 1,
        "rate": (after * rates).sum() / after.sum(),
        "rate_rise": (after * rates).sum() / after.sum()
        - (before * world.tariff[0, 1:, :2]).sum() / before.sum(),
        "duty": (after * rates).sum(),
        "response": _slope(np.log(after / before), before, rates, world),
        "pass_through": 1 + _slope(_price(path, wage[1]), before, rates, world),
    }
    about: dict[str, dict[str, Any]] = {
        "share": {"exporters": ("BBB",)},
        "against": {"exporters": ("BBB",), "against": 2020, "measure": "share"},
        "imports": {"exporters": ("BBB",), "sectors": ("cars",)},
    }
    made = []
    for name, value in seen.items():
        fields: dict[str, Any] = {
            "name": name, "title": name, "measure": name, "start": SECOND[0], "end": SECOND[1],
            "observed": float(value), "sources": ("here",), "grade": "D",
        }  # fmt: skip
        made.append(Outcome(**{**fields, **about.get(name, {})}))
    return made


def _price(path: TradePathSolution, wage: float) -> np.ndarray:
    """Return the log change of border prices of imports of AAA in the second year."""
    value = path.value
    return np.log(value.flows[1, 0, 1:, :2] / value.quantity[1, 0, 1:, :2] / wage)


def _slope(change: np.ndarray, weight: np.ndarray, rates: np.ndarray, world: World) -> float:
    """Return the slope on log gross tariffs by weighted least squares, a dummy a sector."""
    gross = np.log((1 + rates) / (1 + world.tariff[0, 1:, :2]))
    sector = np.tile([0, 1], len(gross))
    columns = np.column_stack([gross.ravel(), sector == 0, sector == 1])
    root = np.sqrt(weight.ravel())
    solved = np.linalg.lstsq(columns * root[:, None], change.ravel() * root, rcond=None)
    return float(solved[0][0])
