"""From a world and clauses to the model and the shock of the trade engine."""

from collections.abc import Collection
from dataclasses import replace

import numpy as np

from accord.core.arrays import Float, frozen
from accord.data.world import World
from accord.deal.deal import Deal
from accord.lowering.roles import member_shares
from accord.lowering.tariff_path import levies_on
from accord.lowering.transfers import Transfer
from accord.trade.model import TradeModel
from accord.trade.plan import TradeShock


def build_trade_model(world: World, elasticities: str) -> TradeModel:
    """Return the trade model of a world (money in bn USD a year) with a named elasticity set."""
    return TradeModel.from_arrays(
        flows=world.flows,
        tariff=world.tariff,
        value_added_share=world.value_added_share,
        input_share=world.input_share,
        elasticity=world.elasticities[elasticities],
        scale_elasticity=world.scale_elasticity,
        labels=(world.regions, world.sectors),
    )


def with_elasticity(model: TradeModel, elasticity: Float[np.ndarray, " sector"]) -> TradeModel:
    """Return the same baseline with other trade elasticities (they do not enter the accounts)."""
    return replace(model, elasticity=frozen(elasticity))


def lower_transfers(
    transfers: tuple[Transfer, ...], world: World
) -> Float[np.ndarray, " region"] | None:
    """Return net receipts by region, bn USD a year, or None where nothing is paid.

    Members of a group share what it pays or receives by value added.
    """
    if not any(transfer.net for transfer in transfers):
        return None
    receipts = np.zeros(len(world.regions))
    for transfer in transfers:
        for name, sign in ((transfer.host, 1.0), (transfer.payer, -1.0)):
            for member, share in member_shares(name, world).items():
                receipts[world.regions.index(member)] += sign * share * transfer.net
    return receipts


def lower_package(
    deal: Deal,
    name: str,
    world: World,
    transfers: tuple[Transfer, ...],
    *,
    triggered: Collection[str] = (),
) -> TradeShock:
    """Return the shock of a package to the baseline: tariffs, taxes and net yearly transfers.

    It places no spending, and says so: all solves of an assessment are then one program. Rates
    are those in force on `deal.evaluate_on`, snap-backs that wait for an event in `triggered`
    included.
    """
    clauses = deal.clauses(name)
    levies = levies_on(clauses, world, deal.evaluate_on, triggered=frozenset(triggered))
    receipts = lower_transfers(transfers, world)
    still = np.zeros(world.sales.shape)
    return TradeShock(**levies.changes, transfer=receipts, spending=still)
