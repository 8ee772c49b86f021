"""Retaliation: the tariffs with which a party would answer no deal, and their worth."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from accord.assessment.bargain.movable_package import Payoff
from accord.assessment.bargain.objectives import Objective, RevealedObjective
from accord.bargaining.plan import Party
from accord.core.arrays import Float
from accord.core.notebook import Shown
from accord.core.status import Status
from accord.data.world import World
from accord.deal.clauses.tariff import TariffClause
from accord.deal.deal import NO_DEAL, Deal, Package
from accord.deal.products import expand_regions
from accord.lowering.roles import lead_payer, region_axis
from accord.lowering.trade import lower_package
from accord.trade.config import TradeConfig
from accord.trade.model import TradeModel
from accord.trade.strategy.strategy import retaliate

ANSWER = "retaliation"
Rates = Float[np.ndarray, "against sector"]
SAME = 1e-9  # a rate that was there before


@dataclass(frozen=True, eq=False, repr=False)
class Retaliation(Shown):
    """No deal, answered with the tariffs that serve the answering party best.

    Attributes:
        by: Who answers.
        against: Whose goods it charges: the parties that raise tariffs on it under no deal.
        rates: Its tariff by party charged and sector, a fraction.
        average: The same averaged over what it buys from them in the base year.
        payoffs: Payoff of each party over no deal without an answer, bn USD; NaN unless converged.
        status: How the search for the tariffs ended.
        objective: What the tariffs are best for: welfare of the answering party, or what its own
            tariffs reveal that it wants.
    """

    by: str
    against: tuple[str, ...]
    rates: Rates
    average: float
    payoffs: Party
    status: Status
    objective: Objective = "welfare"


def find_retaliations(
    deal: Deal,
    world: World,
    model: TradeModel,
    payoff: Payoff,
    *,
    revealed: Sequence[RevealedObjective] = (),
    config: TradeConfig | None = None,
) -> tuple[Retaliation, ...]:
    """Return no deal answered with tariffs, once for each party on which others raise theirs.

    Each party answers alone, and only those that raise tariffs on it: the others do not answer.
    The party that pays comes first. Arguments are those of `find_retaliation`, with what is
    revealed of each party.
    """
    wanted = {objective.party: objective for objective in revealed}
    lead = lead_payer(deal)
    parties = (lead, *(party for party in deal.parties if party != lead))
    answers = (
        find_retaliation(
            deal, world, model, payoff,
            by=party, revealed=wanted.get(party), config=config,
        )
        for party in parties
    )  # fmt: skip
    return tuple(answer for answer in answers if answer is not None)


def find_retaliation(
    deal: Deal,
    world: World,
    model: TradeModel,
    payoff: Payoff,
    *,
    by: str,
    revealed: RevealedObjective | None = None,
    config: TradeConfig | None = None,
) -> Retaliation | None:
    """Return no deal answered with tariffs of one party; None where no other raises any on it.

    The tariffs are a party's best reply to those of the assessment date, and are then kept. They
    are best for its welfare, or for what its own tariffs reveal where those are given: the weights
    with the set of elasticities of the baseline, which comes first.

    Args:
        deal: The deal.
        world: Names the sectors.
        model: The baseline.
        payoff: Payoff of a package of a (changed) deal against no deal, by region.
        by: Who answers.
        revealed: What its own tariffs reveal that it wants; None for welfare.
        config: Closure, market structure, labour supply.
    """
    shock = lower_package(deal, NO_DEAL, world, ())
    if shock.tariff is None:
        return None
    raised = np.asarray(shock.tariff - world.tariff) > SAME
    against = tuple(
        party for party in deal.parties if party != by and raised[_cells(world, party, by)].any()
    )
    if not against:
        return None
    groups = {name: expand_regions([name], world.regions) for name in (by, *against)}
    chooser = {by: groups[by]} if revealed is None else revealed.by_set[0].party
    objective: Objective = "welfare" if revealed is None else "revealed"
    unions = tuple(groups[name] for name in against if len(groups[name]) > 1)
    charged = [member for name in against for member in groups[name]]
    options = {"together": unions, "sectors": world.goods}
    reply = retaliate(model, chooser, shock, against=charged, config=config, options=options)
    cells = [_cells(world, by, name) for name in against]
    bought = np.stack([model.flows[at].sum(axis=(0, 1)) for at in cells])
    rates = np.stack(
        [_mean_rates(np.asarray(reply.value.tariff[at]), model.flows[at]) for at in cells]
    )
    average = float((rates * bought).sum() / bought.sum())
    nothing = np.full(len(deal.parties), np.nan)
    if not reply.status.ok:
        return Retaliation(by, against, rates, average, nothing, reply.status, objective)
    changed = _with_answer(deal, world, (by, against), rates)
    regions = region_axis(deal, world)
    places = [regions.index(party) for party in deal.parties]
    payoffs = np.asarray(payoff(changed, ANSWER)[places])
    return Retaliation(by, against, rates, average, payoffs, reply.status, objective)


def _cells(world: World, importer: str, exporter: str) -> tuple[np.ndarray, ...]:
    """Return the places of the trade from one party to another in an array by both and sector."""
    return np.ix_(
        *(_places(world, expand_regions([name], world.regions)) for name in (importer, exporter))
    )


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
    deal: Deal, world: World, sides: tuple[str, tuple[str, ...]], rates: Rates
) -> Deal:
    """Return the deal with a package more: no deal with tariffs of one party on some others."""
    by, against = sides
    answer = [
        clause
        for name, theirs in zip(against, rates, strict=True)
        for clause in _answer_to(name, by, theirs, world)
    ]
    package = Package(
        name=ANSWER, title="No deal, answered with tariffs", background=deal.no_deal.background,
        clause=(*deal.no_deal.clause, *answer),
    )  # fmt: skip
    return replace(deal, packages=(*deal.packages, package))


def _answer_to(
    against: str, by: str, rates: Float[np.ndarray, " sector"], world: World
) -> Iterator[TariffClause]:
    """Yield a tariff a sector on the goods of one party, where it differs from the rate before."""
    at = _cells(world, by, against)
    before = _mean_rates(world.tariff[at], world.flows[at])
    for sector, rate, old in zip(world.sectors, rates, before, strict=True):
        if abs(rate - old) > SAME and rate >= 0:
            yield TariffClause(
                kind="tariff", importer=by, exporters=(against,), products=(sector,),
                rate=float(rate), rule="level", prohibitive=True,
            )  # fmt: skip
