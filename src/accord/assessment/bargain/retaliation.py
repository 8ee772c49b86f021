"""Retaliation: the tariffs with which the paying party would answer no deal, and their worth."""

from collections.abc import Sequence
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
from accord.deal.products import expand_regions
from accord.lowering.roles import region_axis
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

    The tariffs are a party's best reply to those of the assessment date, and are then kept.

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
    members = {name: expand_regions([name], world.regions) for name in (by, against)}
    ours, theirs = (np.ix_(*(_places(world, members[name]) for name in pair))
                    for pair in ((by, against), (against, by)))  # fmt: skip
    raised = None if shock.tariff is None else shock.tariff[theirs] - world.tariff[theirs]
    if raised is None or not (raised > SAME).any():
        return None
    party = by if members[by] == (by,) else {by: members[by]}
    union = {"together": (members[against],)} if len(members[against]) > 1 else None
    reply = retaliate(model, party, shock, against=members[against], config=config, options=union)
    bought = model.flows[ours]
    rates = _mean_rates(np.asarray(reply.value.tariff[ours]), bought)
    average = float((rates * bought.sum(axis=(0, 1))).sum() / bought.sum())
    nothing = np.full(len(deal.parties), np.nan)
    if not reply.status.ok:
        return Retaliation(by, against, rates, average, nothing, reply.status)
    changed = _with_answer(deal, world, (by, against), rates)
    regions = region_axis(deal, world)
    places = [regions.index(party) for party in deal.parties]
    payoffs = np.asarray(payoff(changed, ANSWER)[places])
    return Retaliation(by, against, rates, average, payoffs, reply.status)


def _places(world: World, members: Sequence[str]) -> list[int]:
    return [world.regions.index(member) for member in members]


def _mean_rates(
    rates: Float[np.ndarray, "importer exporter sector"],
    bought: Float[np.ndarray, "importer exporter sector"],
) -> Float[np.ndarray, " sector"]:
    """Return rates by sector: the common one, else the mean over what is bought."""
    first = rates[0, 0]
    if rates.shape[:2] == (1, 1):
        return np.asarray(first)
    weight = bought.sum(axis=(0, 1))
    paid = (rates * bought).sum(axis=(0, 1))
    return np.asarray(np.divide(paid, weight, out=np.array(first), where=weight > 0))


def _with_answer(
    deal: Deal, world: World, sides: tuple[str, str], rates: Float[np.ndarray, " sector"]
) -> Deal:
    """Return the deal with a package more: no deal with tariffs of one of a pair on the other."""
    by, against = sides
    pair = [_places(world, expand_regions([name], world.regions)) for name in (by, against)]
    at = np.ix_(*pair)
    before = _mean_rates(world.tariff[at], world.flows[at])
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
