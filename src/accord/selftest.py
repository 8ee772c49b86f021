"""Checks that run on a user's own machine and need no raw file.

Identities of the embedded world and of the engine, closed forms of the literature, and the dated
tariff series that others publish: expected, got, tolerance.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np

from accord.data.store import load_world
from accord.data.world import World
from accord.deal.load import load_deal
from accord.lowering.tariff_history import tariff_history
from accord.lowering.trade import build_trade_model
from accord.trade.config import TradeConfig
from accord.trade.iteration.gradient import welfare_gradient
from accord.trade.model import TradeModel
from accord.trade.plan import TradeShock
from accord.trade.solver import solve_trade

TRACKER = "tradewartracker, trade-war-redux-2025, country-by-time.csv"
# From 11 April 2025: the tracker books the exemptions of annex II on that day, the law on 5 April.
ADDED_ON_KOREA = {
    date(2025, 4, 11): 14.61,
    date(2025, 6, 3): 16.05,
    date(2025, 11, 14): 13.31,
}
STEP = 1e-4


@dataclass(frozen=True)
class CheckRow:
    """One check: what was expected, what came out, and how far apart they may be."""

    name: str
    expected: float
    got: float
    tolerance: float
    source: str

    @property
    def ok(self) -> bool:
        """Whether the two are within the tolerance (false where either is not a number)."""
        return abs(self.got - self.expected) <= self.tolerance


def selftest_rows() -> tuple[CheckRow, ...]:
    """Return every check, in the order run."""
    world = load_world()
    model = build_trade_model(world, "fontagne")
    return (
        *_check_world(world),
        *_check_engine(model),
        *_check_closed_forms(),
        *_check_tariffs(world),
    )


def _check_world(world: World) -> Iterator[CheckRow]:
    for check in world.checks():
        yield CheckRow(check.name, 0.0, check.value, check.tolerance, "accounting identity")


def _check_engine(model: TradeModel) -> Iterator[CheckRow]:
    still = solve_trade(model)
    off_one = max(
        np.abs(still.value.wage_change - 1).max(), np.abs(still.value.price_change - 1).max()
    )
    yield CheckRow("no change: largest move of a wage or price", 0.0, float(off_one), 0.0,
                   "identity")  # fmt: skip
    yield CheckRow("no change: evaluations of the map", 1.0, float(still.stats.steps), 0.0,
                   "identity")  # fmt: skip
    usa, korea = model.regions.index("USA"), model.regions.index("KOR")
    tariff = np.array(model.tariff)
    tariff[usa, :, :-1] += 0.25
    tariff[usa, usa] = 0.0
    config = TradeConfig(tolerance=1e-12)
    solution = solve_trade(model, TradeShock(tariff=tariff), config=config)
    for name, gap in solution.residuals.items():
        yield CheckRow(f"US +25 points on all goods: {name}", 0.0, gap, 1e-9, "equilibrium")
    double = TradeModel.from_arrays(
        flows=2 * model.flows,
        tariff=model.tariff,
        value_added_share=model.value_added_share,
        input_share=model.input_share,
        elasticity=model.elasticity,
        labels=(model.regions, model.sectors),
    )
    again = solve_trade(double, TradeShock(tariff=tariff), config=config)
    apart = np.abs(again.value.welfare - solution.value.welfare).max()
    yield CheckRow("all money doubled: largest change of welfare", 0.0, float(apart), 1e-10,
                   "homogeneity")  # fmt: skip
    cell = (usa, korea, model.sectors.index("motor_vehicles"))
    ends = []
    for sign in (1, -1):
        moved = tariff.copy()
        moved[cell] += sign * STEP
        value = solve_trade(model, TradeShock(tariff=moved), config=config).value
        ends.append(value.welfare[korea])
    slope = (ends[0] - ends[1]) / (2 * STEP)
    got = welfare_gradient(solution, "KOR")[cell]
    yield CheckRow("gradient of Korean welfare, US car tariff", float(slope), float(got),
                   1e-5 * abs(float(slope)), "central difference")  # fmt: skip


def _check_closed_forms() -> Iterator[CheckRow]:
    """Autarky in one sector costs `pi_nn**(1/theta) - 1`, whatever the rest of the world does."""
    share = np.array([0.93, 0.80, 0.60])
    size = np.array([10.0, 4.0, 1.0])
    abroad = (1 - share) * size
    flows = np.zeros((3, 3, 1))
    # Three balanced trade flows that make the shares: x01 = x10 and so on.
    pair = np.array([abroad[0] + abroad[1] - abroad[2], abroad[0] + abroad[2] - abroad[1],
                     abroad[1] + abroad[2] - abroad[0]]) / 2  # fmt: skip
    for (n, i), value in zip(((0, 1), (0, 2), (1, 2)), pair, strict=True):
        flows[n, i] = flows[i, n] = value
    flows[np.arange(3), np.arange(3), 0] = size - flows.sum(axis=(1, 2))
    model = TradeModel.from_arrays(
        flows=flows,
        tariff=np.zeros((3, 3, 1)),
        value_added_share=np.ones((3, 1)),
        input_share=np.zeros((3, 1, 1)),
        elasticity=np.array([5.0]),
    )
    wall = np.full((3, 3, 1), 1e4)
    wall[np.arange(3), np.arange(3)] = 1.0
    welfare = solve_trade(model, TradeShock(trade_cost=wall)).value.welfare
    for n in range(3):
        own = flows[n, n, 0] / size[n]
        yield CheckRow(
            f"autarky at home share {own:.2f}, elasticity 5", float(own ** (1 / 5) - 1),
            float(welfare[n]), 1e-9, "Arkolakis, Costinot, Rodríguez-Clare 2012, AER 102(1)",
        )  # fmt: skip


def _check_tariffs(world: World) -> Iterator[CheckRow]:
    rows = {}
    for row in tariff_history(load_deal("us-korea-2025", world), world):
        if row.exporter == "KOR" and row.history == "announced":
            rows[row.date] = 100 * row.added
    for day, expected in ADDED_ON_KOREA.items():
        yield CheckRow(f"US tariff added on Korea, {day.isoformat()}, %", expected,
                       rows.get(day, float("nan")), 1.0, TRACKER)  # fmt: skip
