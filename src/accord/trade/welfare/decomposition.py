"""Where welfare comes from: terms of trade, volume of trade, transfers, and the rest.

Along any path of shocks the exact equivalent variation moves by (Caliendo and Parro 2015,
section 5; the other terms follow from the same envelope argument)

    I_n P_n d EV_n = sum_j Y_nj d ln p_nj - sum_ij M_nij d ln p_ij      terms of trade
                   + sum_ij tau_nij M_nij (d ln M_nij - d ln p_ij)      volume of trade
                   + d D_n                                              transfers
                   - sum_ij (1 + tau_nij) M_nij d ln d_nij              other trade costs
                   + sum_j (1 - m_j) Y_nj (d ln A_nj + mu_j d ln L_nj)  productivity and scale
                   + sum_j (S_nj - alpha_nj sum_k S_nk) d ln P_nj       placed spending
                   + sum_mj (1 - 1 / g_mnj) M_mnj (d ln M_mnj - d ln p_mnj)
                   + sum_j chi_nj C_nj d ln c_nj + nu_n W_n d ln L_n     taxes
                   + sum_j m_j Y_nj (d ln Y_nj - d ln p_nj)             profits

with `I_n` income before, `P_n` the change of consumer prices, `p_ij` the price at the exporter's
gate and `M_nij` imports at customs value. Working more adds to income what it costs in effort, so
elastic labour needs no term. Where makers are taxed by `g` (equation 16), `p_nij` is the price at
the border and `Y_nj d ln p_nj` a sum over it; taxes count by the volumes they hold back: of what is
made, of final use `c` (worth `C` to firms) and of work. The one of placed spending is there
because the equivalent variation values placed spending at consumer prices, while it is paid for at
the prices of what it buys. Profits `m_j` over sales are zero unless the number of firms is fixed:
they rise with the quantity of what is sold above its cost.

The path is cut into segments, each solved; a segment is valued at the mean of its ends, so what the
parts leave of the exact figure, the residual, falls with the square of the number of segments.
"""

from dataclasses import dataclass
from typing import cast

import numpy as np

from accord.core.arguments import check_kind, public
from accord.core.arrays import Float
from accord.core.errors import InputError, Problem, SolveError
from accord.trade import equations as eq
from accord.trade.equations import Cube, Region
from accord.trade.iteration.taxes import NAMES
from accord.trade.model import TradeModel
from accord.trade.plan import TradeShock
from accord.trade.solution import TradeSolution
from accord.trade.solver import solve_trade

SEGMENTS = 16


@dataclass(frozen=True, eq=False)
class WelfareParts:
    """Parts of the exact welfare change of every region, fractions of baseline income.

    `terms_of_trade + volume_of_trade + transfers + trade_costs + productivity + placed_spending
    + taxes + profits + residual` is `welfare`.
    """

    welfare: Region
    terms_of_trade: Region
    volume_of_trade: Region
    transfers: Region
    trade_costs: Region
    productivity: Region
    placed_spending: Region
    taxes: Region
    profits: Region
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
    taxed: "_Taxed"
    profit: Float[np.ndarray, " sector"]


@dataclass(frozen=True, eq=False)
class _Taxed:
    """Taxes at a point, in money, and the volumes that they hold back, as logarithms.

    `made` is taken in on what is made, with the exporter first.
    """

    log_wedge: Cube
    made: Cube
    final: Float[np.ndarray, "region sector"]
    log_used: Float[np.ndarray, "region sector"]
    wages: Region
    log_work: Region


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
    if solution.config.charges_cost or solution.config.customs_value == "fob":
        remedy = 'Solve with duty_on="price" and customs_value="cif"'
        message = "has duties that are not charged on prices with freight, which no part stands for"
        raise InputError([Problem("solution", message, remedy)], "the decomposition")
    if solution.model.substitution is not None:
        remedy = "Decompose a solution of a model without `substitution`"
        message = "has fixed costs that are paid in markets, which no part stands for"
        raise InputError([Problem("solution", message, remedy)], "the decomposition")
    if not solution.status.ok:
        raise SolveError(solution.status, "the decomposition of an unsolved equilibrium")
    previous, previous_shock = None, None
    model = cast(TradeModel, solution.model)  # what `solve_trade` was given
    parts = np.zeros((8, len(model.regions)))
    for k in range(segments + 1):
        shock = _partial(solution, k / segments)
        step = solve_trade(model, shock, config=solution.config, start=previous)
        if previous is not None and previous_shock is not None:
            parts += _segment(_point(previous, previous_shock), _point(step, shock))
        previous, previous_shock = step, shock
    welfare = solution.value.welfare
    return WelfareParts(*np.stack([welfare, *parts, welfare - parts.sum(axis=0)]))


def _partial(solution: TradeSolution, weight: float) -> TradeShock:
    model, shock = solution.model, solution.shock

    def power(ratio: np.ndarray | None) -> np.ndarray | None:
        return None if ratio is None else ratio**weight

    def times(money: np.ndarray | None) -> np.ndarray | None:
        return None if money is None else money * weight

    def rate(new: np.ndarray | None, old: np.ndarray | None) -> np.ndarray | None:
        old = np.zeros_like(new) if old is None and new is not None else old
        if new is None or old is None:
            return None
        return np.asarray((1 + old) * ((1 + new) / (1 + old)) ** weight - 1)

    deficit = shock.deficit
    if deficit is not None:
        start = np.zeros_like(deficit) if solution.config.closure == "share" else model.deficit
        deficit = start + weight * (deficit - start)
    return TradeShock(
        rate(shock.tariff, model.tariff), power(shock.trade_cost), power(shock.productivity),
        times(shock.transfer), times(shock.spending), deficit,
        *(rate(getattr(shock, name), getattr(model, name)) for name in NAMES),
    )  # fmt: skip


def _point(solution: TradeSolution, shock: TradeShock) -> _Point:
    value, model = solution.value, solution.model
    gain = solution.scale_elasticity * np.log(np.maximum(solution.scale_change, 1e-12))
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
        value.deficit, np.log(solution.final_price(value.price_change)), placed,
        _taxed(solution), model.profit_share(solution.config),
    )  # fmt: skip


def _taxed(solution: TradeSolution) -> _Taxed:
    """Return taxes and what they hold back; nothing is where there are none."""
    value, model, taxes = solution.value, solution.model, solution.taxes
    wages = value.labour_tax * value.wage_change * value.labour_change
    wages = wages * model.wage_bill(solution.config)
    if taxes is None:
        none = np.zeros_like(model.sales)
        cube = np.zeros_like(model.tariff)
        return _Taxed(cube, cube, none, none, wages, np.log(value.labour_change))
    spent = eq.final_spending(value.income, solution.placed, model.final_share)
    used = spent / (1 + taxes.consumption)
    return _Taxed(
        np.log(taxes.wedge), (value.flows * (1 - 1 / taxes.wedge)).swapaxes(0, 1),
        used * taxes.consumption,
        np.log(np.where(used > 0, used, 1.0)) - np.log(value.price_change),
        wages, np.log(value.labour_change),
    )  # fmt: skip


def _segment(a: _Point, b: _Point) -> Float[np.ndarray, "part region"]:
    def mean(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        return np.asarray((x * _over(a.worth, x) + y * _over(b.worth, y)) / 2)

    gate, gain = b.log_gate - a.log_gate, b.log_gain - a.log_gain
    flows = mean(a.flows, b.flows)
    terms = (mean(a.sales, b.sales) * gate).sum(axis=1) - (flows * gate[None]).sum(axis=(1, 2))
    wedge, made = b.taxed.log_wedge - a.taxed.log_wedge, mean(a.taxed.made, b.taxed.made)
    risen = wedge.swapaxes(0, 1)  # exporter first, as `made` is
    sold = mean(a.flows.swapaxes(0, 1), b.flows.swapaxes(0, 1))
    terms += (sold * risen + made * gate[:, None, :] - flows * wedge).sum(axis=(1, 2))
    duty = mean(a.tariff * a.flows, b.tariff * b.flows)
    some = (a.flows > 0) & (b.flows > 0)
    growth = np.where(some, _growth(a.flows, b.flows) - gate[None] - wedge, 0.0)
    volume = (duty * growth).sum(axis=(1, 2))
    transfers = (b.deficit - a.deficit) * (a.worth + b.worth) / 2
    gross = mean((1 + a.tariff) * a.flows, (1 + b.tariff) * b.flows)
    costs = -(gross * (b.log_cost - a.log_cost)).sum(axis=(1, 2))
    productivity = ((1 - a.profit) * mean(a.sales, b.sales) * gain).sum(axis=1)
    placed = (mean(a.placed, b.placed) * (b.log_price - a.log_price)).sum(axis=1)
    used = mean(a.taxed.final, b.taxed.final) * (b.taxed.log_used - a.taxed.log_used)
    worked = mean(a.taxed.wages, b.taxed.wages) * (b.taxed.log_work - a.taxed.log_work)
    taxes = (made * growth.swapaxes(0, 1)).sum(axis=(1, 2)) + used.sum(axis=1) + worked
    profits = a.profit * mean(a.sales, b.sales) * (_growth(a.sales, b.sales) - gate)
    parts = [terms, volume, transfers, costs, productivity, placed, taxes, profits.sum(axis=1)]
    return np.stack(parts)


def _growth(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """Return the growth of sums of money, in logs; zero where there is none of them."""
    some = (before > 0) & (after > 0)
    return np.log(np.where(some, after, 1.0) / np.where(some, before, 1.0))


def _over(worth: Region, like: np.ndarray) -> np.ndarray:
    return np.asarray(worth.reshape(worth.shape + (1,) * (like.ndim - 1)))
