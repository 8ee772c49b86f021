"""Moving a baseline to the equilibrium that other deficits lead to."""

from dataclasses import replace
from typing import TypeVar

import numpy as np

from accord.core.arrays import Float, frozen
from accord.core.errors import SolveError
from accord.trade import equations as eq
from accord.trade.calibration import EXTRAS, baseline_from_shares
from accord.trade.config import TradeConfig
from accord.trade.economy import Economy
from accord.trade.iteration.methods import iterate
from accord.trade.plan import TradeShock
from accord.trade.solution import TradeOutcome

SomeEconomy = TypeVar("SomeEconomy", bound=Economy)


def rebase(
    model: SomeEconomy, deficit: Float[np.ndarray, " region"], config: TradeConfig | None = None
) -> SomeEconomy:
    """Return the model moved to the equilibrium with the given deficits, tariffs unchanged.

    Args:
        model: Where to start.
        deficit: Deficits after the move, in the money of the model; they sum to zero.
        config: Market structure, labour supply and tolerance of the move; its closure is ignored.

    Raises:
        SolveError: If that equilibrium is not found.
    """
    config = replace(config or TradeConfig(), closure="fixed", revenue_use="lump_sum")
    if model.substitution is not None:
        config = replace(config, competition="monopolistic", scale_of="bundles")
    solution = iterate(model, TradeShock(deficit=deficit), config, None)
    if not solution.status.ok:
        raise SolveError(solution.status, "moving the baseline to the given deficits")
    value = solution.value
    beta, gamma = _shares_of_sales(model, value, config)
    arrays = baseline_from_shares(
        {
            "trade_share": value.trade_share,
            "final_share": model.final_share,
            "tariff": model.tariff,
            "value_added_share": beta,
            "input_share": gamma,
            "elasticity": model.elasticity,
            "value_added": eq.value_added(
                value.wage_change, value.labour_change, model.wage_bill(config), value.profits
            ),
            "deficit": deficit,
            **{name: rates for name in EXTRAS if (rates := getattr(model, name)) is not None},
        }
    )
    bought = (arrays["trade_share"] / (1 + model.tariff)).sum(axis=1) * arrays["expenditure"]
    paid = eq.bundles_paid(arrays["sales"], bought, model.fixed_cost_share)
    paid = arrays["sales"] if model.substitution is None else paid
    return replace(
        model,
        trade_share=frozen(arrays["trade_share"]),
        sales=frozen(arrays["sales"]),
        expenditure=frozen(arrays["expenditure"]),
        deficit=frozen(arrays["deficit"]),
        value_added=frozen((beta * paid).sum(axis=1)),
        value_added_share=beta,
        input_share=gamma,
    )


def _shares_of_sales(
    model: Economy, value: TradeOutcome, config: TradeConfig
) -> tuple[Float[np.ndarray, "region sector"], Float[np.ndarray, "region input sector"]]:
    """Return value added and inputs over sales after a move.

    They are as before unless profits have become another share of sales, as they do where duties
    are charged on cost.
    """
    before = model.profit_before(config)
    if not config.charges_cost or not before.any():
        return model.value_added_share, model.input_share
    made = value.sales > 0
    after = np.divide(value.profits, value.sales, out=before.copy(), where=made)
    left = (1 - after) / (1 - before)
    beta = (model.value_added_share - before) * left + after
    return frozen(beta), frozen(model.input_share * left[:, None, :])
