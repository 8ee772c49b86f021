"""Where welfare comes from: terms of trade, volume of trade, transfers, and the rest.

Along any path of shocks the exact equivalent variation moves by (Caliendo and Parro 2015,
section 5; the other terms follow from the same envelope argument)

    I_n P_n d EV_n = sum_j Y_nj d ln p_nj - sum_ij M_nij d ln p_ij      terms of trade
                   + sum_ij tau_nij M_nij (d ln M_nij - d ln p_ij)      volume of trade
                   + d D_n                                              transfers
                   - sum_ij (1 + tau_nij) M_nij d ln d_nij              other trade costs
                   + sum_j Y_nj (d ln A_nj + mu_j d ln L_nj)            productivity and scale
                   + sum_j (S_nj - alpha_nj sum_k S_nk) d ln P_nj       placed spending

with `I_n` income before, `P_n` the change of consumer prices, `p_ij` the price at the exporter's
gate and `M_nij` imports at customs value. Working more adds to income what it costs in effort, so
elastic labour needs no term. The last one is there because the equivalent variation values placed
spending at consumer prices, while it is paid for at the prices of what it buys.

The path is cut into segments, each solved; a segment is valued at the mean of its ends, so what the
parts leave of the exact figure, the residual, falls with the square of the number of segments.
"""

from dataclasses import dataclass
from typing import cast

import numpy as np
from jaxtyping import Float

from accord.core.arguments import check_kind, public
from accord.core.errors import InputError, Problem, SolveError
from accord.trade.equations import Cube, Region
from accord.trade.model import TradeModel
from accord.trade.plan import TradeShock
from accord.trade.solution import TradeSolution
from accord.trade.solver import solve_trade

SEGMENTS = 16


@dataclass(frozen=True, eq=False)
class WelfareParts:
    """Parts of the exact welfare change of every region, fractions of baseline income.

    `terms_of_trade + volume_of_trade + transfers + trade_costs + productivity + placed_spending
    + residual` is `welfare`.
    """

    welfare: Region
    terms_of_trade: Region
    volume_of_trade: Region
    transfers: Region
    trade_costs: Region
    productivity: Region
    placed_spending: Region
    residual: Region


@dataclass(frozen=True, eq=False)
class FirstOrderWelfare:
    """The first-order formula applied to the whole change at once, as printed by CP (2015).

    For a large shock it can be far from the exact figure: see `docs/validation.md`.
    """

    terms_of_trade: Region
    volume_of_trade: Region

    @property
    def total(self) -> Region:
        """Terms of trade and volume of trade, a fraction of baseline income."""
        return np.asarray(self.terms_of_trade + self.volume_of_trade)


@dataclass(frozen=True, eq=False)
class _Point:
    flows: Cube
    tariff: Cube
    sales: Float[np.ndarray, "region sector"]
    worth: Region
    log_gate: Float[np.ndarray, "region sector"]
    log_gain: Float[np.ndarray, "region sector"]
    log_cost: Cube
    deficit: Region
    log_price: Float[np.ndarray, "region sector"]
    placed: Float[np.ndarray, "region sector"]


def first_order_welfare(solution: TradeSolution) -> FirstOrderWelfare:
    """Return the first-order terms at baseline weights (Caliendo and Parro 2015, section 5)."""
    model, value = solution.model, solution.value
    M = model.flows
    rise = value.unit_cost_change - 1
    received, paid = (M.sum(axis=0) * rise).sum(axis=1), (M * rise[None]).sum(axis=(1, 2))
    more = value.flows - M - M * rise[None]
    volume = (model.tariff * more).sum(axis=(1, 2))
    return FirstOrderWelfare((received - paid) / model.income, volume / model.income)


@public
def decompose_welfare(solution: TradeSolution, segments: int = SEGMENTS) -> WelfareParts:
    """Return the parts of the exact welfare change, summed along the path of the shock.

    Raises:
        SolveError: If the solution did not converge, or a point of the path does not solve.
        InputError: If the solution is a year of a path: what buyers chose before is no part of its
            shock.
    """
    check_kind("solution", solution, TradeSolution, "Give what ac.solve_trade returned")
    check_kind("segments", segments, int, f"Leave it out for {SEGMENTS}")
    if solution.sourcing is not None:
        remedy = "Decompose what ac.solve_trade returns"
        message = "is a year of a path, whose sourcing follows from the years before"
        raise InputError([Problem("solution", message, remedy)], "the decomposition")
    if not solution.status.ok:
        raise SolveError(solution.status, "the decomposition of an unsolved equilibrium")
    previous, previous_shock = None, None
    model = cast(TradeModel, solution.model)  # what `solve_trade` was given
    parts = np.zeros((6, len(model.regions)))
    for k in range(segments + 1):
        shock = _partial(solution, k / segments)
        step = solve_trade(model, shock, config=solution.config, start=previous)
        if previous is not None and previous_shock is not None:
            parts += _segment(_point(previous, previous_shock), _point(step, shock))
        previous, previous_shock = step, shock
    welfare = solution.value.welfare
    terms, volume, transfers, costs, productivity, placed = parts
    rest = welfare - parts.sum(axis=0)
    return WelfareParts(welfare, terms, volume, transfers, costs, productivity, placed, rest)


def _partial(solution: TradeSolution, weight: float) -> TradeShock:
    model, shock = solution.model, solution.shock

    def power(ratio: np.ndarray | None) -> np.ndarray | None:
        return None if ratio is None else ratio**weight

    def times(money: np.ndarray | None) -> np.ndarray | None:
        return None if money is None else money * weight

    tariff = None
    if shock.tariff is not None:
        tariff = (1 + model.tariff) * ((1 + shock.tariff) / (1 + model.tariff)) ** weight - 1
    deficit = shock.deficit
    if deficit is not None:
        start = np.zeros_like(deficit) if solution.config.closure == "share" else model.deficit
        deficit = start + weight * (deficit - start)
    return TradeShock(
        tariff, power(shock.trade_cost), power(shock.productivity), times(shock.transfer),
        times(shock.spending), deficit,
    )  # fmt: skip


def _point(solution: TradeSolution, shock: TradeShock) -> _Point:
    value, model = solution.value, solution.model
    gain = solution.scale_elasticity * np.log(np.maximum(value.employment_change, 1e-12))
    if shock.productivity is not None:
        gain = gain + np.log(shock.productivity)
    cost = np.zeros_like(model.tariff)
    if shock.trade_cost is not None:
        cost = np.log(shock.trade_cost)
    placed = np.zeros_like(model.sales)
    if shock.spending is not None:
        total = shock.spending.sum(axis=1, keepdims=True)
        placed = shock.spending - model.final_share * total
    worth = 1 / (model.income * value.consumer_price_change)
    return _Point(
        value.flows, value.tariff, value.sales, worth, np.log(value.gate_price_change), gain, cost,
        value.deficit, np.log(value.price_change), placed,
    )  # fmt: skip


def _segment(a: _Point, b: _Point) -> Float[np.ndarray, "part region"]:
    def mean(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        return np.asarray((x * _over(a.worth, x) + y * _over(b.worth, y)) / 2)

    gate, gain = b.log_gate - a.log_gate, b.log_gain - a.log_gain
    flows = mean(a.flows, b.flows)
    terms = (mean(a.sales, b.sales) * gate).sum(axis=1) - (flows * gate[None]).sum(axis=(1, 2))
    duty = mean(a.tariff * a.flows, b.tariff * b.flows)
    some = (a.flows > 0) & (b.flows > 0)
    growth = np.log(np.where(some, b.flows, 1.0) / np.where(some, a.flows, 1.0))
    volume = (duty * np.where(some, growth - gate[None], 0.0)).sum(axis=(1, 2))
    transfers = (b.deficit - a.deficit) * (a.worth + b.worth) / 2
    gross = mean((1 + a.tariff) * a.flows, (1 + b.tariff) * b.flows)
    costs = -(gross * (b.log_cost - a.log_cost)).sum(axis=(1, 2))
    productivity = (mean(a.sales, b.sales) * gain).sum(axis=1)
    placed = (mean(a.placed, b.placed) * (b.log_price - a.log_price)).sum(axis=1)
    return np.stack([terms, volume, transfers, costs, productivity, placed])


def _over(worth: Region, like: np.ndarray) -> np.ndarray:
    return np.asarray(worth.reshape(worth.shape + (1,) * (like.ndim - 1)))
