"""Measures of what a shock is worth to a country, each by its name.

The equivalent variation is what Accord means by welfare wherever nothing else is said. Papers print
other measures, which can be far from it: each is given here under its own name.
"""

from dataclasses import dataclass
from typing import Literal, cast, get_args

import numpy as np

from accord.core.arguments import check_kind, public
from accord.core.arrays import Float
from accord.core.boundary.conversion import read_array
from accord.core.errors import InputError, Problem
from accord.core.notebook import Shown
from accord.core.words import propose
from accord.trade import equations as eq
from accord.trade.economy import Economy
from accord.trade.solution import TradeSolution
from accord.trade.welfare.decomposition import first_order_welfare

Measure = Literal[
    "equivalent_variation", "net_of_effort", "real_income", "price_weights", "first_order"
]

MEASURE_MEANING: dict[Measure, str] = {
    "equivalent_variation": "income that would have made the region as well off at the old prices, "
    "the effort of working more charged; over income before",
    "net_of_effort": "consumption less the effort of working, over the same before",
    "real_income": "income over consumer prices; working more is not charged",
    "price_weights": "income over prices with given weights; working more is not charged",
    "first_order": "terms of trade and volume of trade at baseline weights, over income before "
    "(Caliendo and Parro 2015)",
}
ROUNDED = 1e-4  # by as much as this weights of a region may miss a sum of one

Region = Float[np.ndarray, " region"]
RegionSector = Float[np.ndarray, "region sector"]


@dataclass(frozen=True, eq=False)
class WelfareChange(Shown):
    """What a shock is worth to each region, and how that was measured.

    Attributes:
        measure: The name of the measure.
        meaning: What it measures, in words.
        change: Change of welfare by region, a fraction; NaN if the shock was not solved.
    """

    measure: Measure
    meaning: str
    change: Region


@public
def measure_welfare(
    solution: TradeSolution,
    measure: str = "equivalent_variation",
    *,
    weights: object = None,
) -> WelfareChange:
    """Return the change of welfare of every region by one of several measures, which it names.

    Args:
        solution: What `solve_trade` returned, or a year of a path.
        measure: `"equivalent_variation"`, which is `value.welfare`; `"net_of_effort"`, which
            differs from it where labour supply is elastic; `"real_income"`, which charges no
            effort; `"price_weights"`, with price weights of your own; or `"first_order"`, the
            formula of Caliendo and Parro, which knows changes of tariffs alone.
        weights: Weights of prices by sector, or by region and sector, that add to one; for
            `"price_weights"` only.

    Raises:
        InputError: The measure is not known, weights are missing, wrong or of no use, or the
            formula leaves out part of what the shock does.
    """
    check_kind("solution", solution, TradeSolution, "Give what ac.solve_trade returned")
    problems = _find_wrong(solution, measure, weights)
    prices = solution.model.final_share
    if measure == "price_weights" and not problems:
        prices = _read_weights(solution.model, weights, problems)
    if problems:
        raise InputError(problems, "the measure of welfare")
    change = np.full(len(solution.model.regions), np.nan)
    if solution.has_numbers:
        change = _change(solution, measure, prices)
    name = cast("Measure", measure)
    return WelfareChange(name, MEASURE_MEANING[name], change)


def _change(solution: TradeSolution, measure: str, weights: RegionSector) -> Region:
    """Return the change of welfare, everything being in order."""
    model, value = solution.model, solution.value
    if measure == "first_order":
        return first_order_welfare(solution).total
    if measure in ("real_income", "price_weights"):
        price = eq.consumer_price(solution.final_price(value.price_change), weights)
        return np.asarray(value.income / model.income / price - 1)
    kappa = solution.config.labour_elasticity
    if measure == "equivalent_variation" or kappa == 0:
        return value.welfare
    effort = kappa / (1 + kappa) * model.kept(solution.config)
    return np.asarray(value.welfare * model.income / (model.income - effort))


def _find_wrong(solution: TradeSolution, measure: str, weights: object) -> list[Problem]:
    """Return what is wrong with the choice of a measure."""
    known = get_args(Measure)
    if measure not in known:
        return [Problem("measure", f"{measure!r} is not known", propose(str(measure), known))]
    if measure == "price_weights" and weights is None:
        remedy = "Give `weights` by sector, or by region and sector"
        return [Problem("weights", "are missing", remedy)]
    if measure != "price_weights" and weights is not None:
        remedy = 'Leave them out, or choose measure="price_weights"'
        return [Problem("weights", f"are of no use to {measure}", remedy)]
    left_out = _left_out(solution) if measure == "first_order" else []
    remedy = 'Choose measure="equivalent_variation"; decompose_welfare gives its parts'
    return [Problem("measure", f"first_order leaves out {what}", remedy) for what in left_out]


def _left_out(solution: TradeSolution) -> list[str]:
    """Return what moves welfare in a solution and is not in the first-order formula."""
    shock, config = solution.shock, solution.config
    moved = {
        "other trade costs": shock.trade_cost is not None,
        "productivity": shock.productivity is not None,
        "transfers": shock.transfer is not None or shock.deficit is not None,
        "placed spending": shock.spending is not None,
        "deficits that are not fixed": config.closure == "share",
        "economies of scale": config.competition == "monopolistic",
        "duties on cost": config.charges_cost,
        "fixed costs paid in markets": solution.model.substitution is not None,
        "profits": config.competition == "fixed_entry",
        "other taxes": solution.taxes is not None or solution.model.labour_tax is not None,
        "what buyers chose before": solution.sourcing is not None,
    }
    return [what for what, is_there in moved.items() if is_there]


def _read_weights(model: Economy, given: object, problems: list[Problem]) -> RegionSector:
    """Return weights by region and sector; what is wrong with them is added to the problems."""
    weights = read_array("weights", given, problems)
    shape = model.final_share.shape
    if weights is None:
        return model.final_share
    if weights.shape not in (shape, shape[1:]):
        message = f"have shape {weights.shape}, not {shape[1:]} or {shape}"
        problems.append(Problem("weights", message, "Give them by sector, or by region and sector"))
        return model.final_share
    table = np.broadcast_to(weights, shape)
    totals = table.sum(axis=1)
    if not np.isfinite(table).all() or (table < 0).any():
        problems.append(Problem("weights", "are negative or no numbers", "Give shares of spending"))
    elif (np.abs(totals - 1) > ROUNDED).any():
        n = int(np.argmax(np.abs(totals - 1)))
        message = f"add to {totals[n]:.6g} in {model.regions[n]}, not to one"
        problems.append(Problem("weights", message, "Divide them by their sum"))
    return np.asarray(table / np.where(totals > 0, totals, 1.0)[:, None])
