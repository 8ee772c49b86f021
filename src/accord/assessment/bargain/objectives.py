"""What parties want in a bargain: welfare, or what their governments revealed by their tariffs."""

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Literal, get_args

import numpy as np

from accord.assessment.bargain.threats import raising_parties
from accord.assessment.valuation.appraiser import Appraiser
from accord.core.arrays import Float
from accord.core.errors import InputError, Problem, SolveError
from accord.core.notebook import Shown
from accord.data.world import World
from accord.deal.deal import NO_DEAL, Deal
from accord.deal.products import expand_regions
from accord.lowering.trade import lower_package, with_elasticity
from accord.trade.strategy.politics import Politics, build_politics
from accord.trade.strategy.reveal import RevealedWeights, reveal_weights

Objective = Literal["welfare", "revealed"]
OBJECTIVES: tuple[Objective, ...] = get_args(Objective)
"""What a party's people gain, or that with the weights that its tariffs reveal on sectors."""


@dataclass(frozen=True, eq=False, repr=False)
class RevealedObjective(Shown):
    """What the tariffs of one party reveal that it wants.

    Attributes:
        party: Whose tariffs.
        day: The day they are of, without a deal.
        sectors: Sectors in which it sets rates.
        tariff: Its tariff in each sector, a fraction, averaged over what it buys.
        by_set: The weights read off them with each set of elasticities in play.
    """

    party: str
    day: date
    sectors: tuple[str, ...]
    tariff: Float[np.ndarray, " sector"]
    by_set: tuple[RevealedWeights, ...]

    @property
    def weights(self) -> Float[np.ndarray, "set sector"]:
        """Weight of value added by set of elasticities and sector."""
        return np.array(
            [revealed.weights.by_sector(self.sectors) for revealed in self.by_set], dtype=np.float64
        )

    @property
    def gap(self) -> float:
        """Largest distance of the rates from their best with the weights, log points."""
        return max(revealed.gap for revealed in self.by_set)

    @property
    def gap_in_welfare(self) -> float:
        """Largest distance of the rates from their best for welfare alone, log points."""
        return max(revealed.gap_in_welfare for revealed in self.by_set)


def reveal_objectives(
    deal: Deal, world: World, appraiser: Appraiser
) -> tuple[RevealedObjective, ...]:
    """Return what each party that raises tariffs on another under no deal reveals by them.

    All tariffs of such a party on the assessment date count, those on third countries included,
    moved together within each sector. Parties that raise none reveal nothing here.

    Args:
        deal: The deal.
        world: Its tariffs are those before anybody raised any.
        appraiser: Knows the baseline and the sets of elasticities.

    Raises:
        InputError: No party raises tariffs on another.
        SolveError: No equilibrium was found at these tariffs.
    """
    settings = appraiser.settings
    shock = lower_package(deal, NO_DEAL, world, (), triggered=settings.triggered)
    tariff = world.tariff if shock.tariff is None else shock.tariff
    revealed = []
    for party in raising_parties(deal, world, settings.triggered):
        members = expand_regions([party], world.regions)
        places = [world.regions.index(name) for name in members]
        by_set = tuple(
            reveal_weights(
                with_elasticity(appraiser.model, elasticity), {party: members}, tariff,
                config=settings.trade,
            )
            for elasticity in appraiser.solvers[-1].sets
        )  # fmt: skip
        for weights in by_set:
            if not weights.status.ok:
                raise SolveError(weights.status, f"the tariffs of {party} on {deal.evaluate_on}")
        sectors = tuple(by_set[0].weights.sectors)
        average = partial(_average, world, tariff, places)
        revealed.append(
            RevealedObjective(
                party, deal.evaluate_on, sectors, np.array([*map(average, sectors)]), by_set
            )
        )
    if not revealed:
        message = "no party raises a tariff on another without a deal: nothing is revealed"
        raise InputError([Problem("objective", message, "Use welfare")], "the bargain")
    return tuple(revealed)


def politics_of(
    revealed: tuple[RevealedObjective, ...], world: World, sets: int
) -> tuple[Politics, ...]:
    """Return the weights of the whole world with each set of elasticities; none if all are one."""
    tables = []
    for at in range(sets):
        weights = {
            name: objective.by_set[at].weights
            for objective in revealed
            for name in objective.by_set[at].party.members
        }
        table = build_politics(world.regions, world.sectors, weights)
        shape = (len(world.regions), len(world.sectors))
        ones = Politics(np.ones(shape), np.ones(shape[0]), np.zeros(shape[0], dtype=bool))
        tables.append(table or ones)
    return tuple(tables)


def _average(world: World, tariff: np.ndarray, members: list[int], sector: str) -> float:
    """Return what a party charges in a sector, a fraction of what it buys from outside."""
    j = world.sectors.index(sector)
    outside = [at for at in range(len(world.regions)) if at not in members]
    cells = np.ix_(members, outside)
    bought = world.flows[..., j][cells]
    return float((bought * tariff[..., j][cells]).sum() / bought.sum())
