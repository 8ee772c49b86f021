"""What follows if a side walks away: no deal, or no deal answered with tariffs of the payer."""

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float

from accord.assessment.bargain.movable_package import Payoff
from accord.bargaining.plan import Party
from accord.core.notebook import Shown
from accord.core.status import Status
from accord.data.world import World
from accord.deal.clauses.tariff import TariffClause
from accord.deal.deal import NO_DEAL, Deal, Package
from accord.lowering.trade import lower_package
from accord.trade.config import TradeConfig
from accord.trade.model import TradeModel
from accord.trade.strategy.strategy import retaliate

ANSWER = "retaliation"
SAME = 1e-9  # a rate that was there before


@dataclass(frozen=True, eq=False, repr=False)
class Retaliation(Shown):
    """No deal, answered with the tariffs that serve the answering party best.

    Attributes:
        by: Who answers.
        against: Whose goods it charges.
        rates: Its tariff by sector, a fraction.
        average: The same averaged over what it buys from the other in the base year.
        payoffs: Payoff of each party over no deal without an answer, bn USD; NaN unless converged.
        status: How the search for the tariffs ended.
    """

    by: str
    against: str
    rates: Float[np.ndarray, " sector"]
    average: float
    payoffs: Party
    status: Status


def find_retaliation(
    deal: Deal,
    world: World,
    model: TradeModel,
    payoff: Payoff,
    *,
    by: str,
    against: str,
    config: TradeConfig | None = None,
) -> Retaliation | None:
    """Return no deal answered with tariffs; None where the other raises none to answer.

    The tariffs are a party's best reply to those of the day of evaluation, and are then kept.

    Args:
        deal: The deal.
        world: Names the sectors.
        model: The baseline.
        payoff: Payoff of a package of a (changed) deal against no deal, by region.
        by: Who answers.
        against: Whose goods it charges.
        config: Closure, market structure, labour supply.
    """
    shock = lower_package(deal, NO_DEAL, world, ())
    payer, host = world.regions.index(by), world.regions.index(against)
    raised = None if shock.tariff is None else shock.tariff[host, payer] - world.tariff[host, payer]
    if raised is None or not (raised > SAME).any():
        return None
    found = retaliate(model, by, shock, against=(against,), config=config)
    rates = found.value.tariff[payer, host]
    bought = model.flows[payer, host]
    average = float((rates * bought).sum() / bought.sum())
    nothing = np.full(len(deal.parties), np.nan)
    if not found.status.ok:
        return Retaliation(by, against, rates, average, nothing, found.status)
    changed = _with_answer(deal, world, (by, against), rates)
    places = [world.regions.index(party) for party in deal.parties]
    payoffs = np.asarray(payoff(changed, ANSWER)[places])
    return Retaliation(by, against, rates, average, payoffs, found.status)


def _with_answer(
    deal: Deal, world: World, pair: tuple[str, str], rates: Float[np.ndarray, " sector"]
) -> Deal:
    """Return the deal with a package more: no deal with tariffs of one of a pair on the other."""
    by, against = pair
    before = world.tariff[world.regions.index(by), world.regions.index(against)]
    answer = [
        TariffClause(
            kind="tariff", importer=by, exporters=(against,), products=(sector,),
            rate=float(rate), rule="level", prohibitive=True,
        )
        for sector, rate, old in zip(world.sectors, rates, before, strict=True)
        if abs(rate - old) > SAME and rate >= 0
    ]  # fmt: skip
    package = Package(
        name=ANSWER, title="No deal, answered with tariffs", background=deal.no_deal.background,
        clause=(*deal.no_deal.clause, *answer),
    )  # fmt: skip
    return replace(deal, packages=(*deal.packages, package))
