"""Threats: whether the tariffs of no deal serve the party that would charge them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from accord.assessment.bargain.payoffs import PackagePayoffs
from accord.core.arrays import Float
from accord.core.notebook import Shown
from accord.data.world import World
from accord.deal.deal import NO_DEAL, Deal
from accord.deal.products import expand_regions
from accord.lowering.trade import lower_package

RAISED = 1e-9  # of customs value: a rate that is higher than in the base year
PerPackage = Float[np.ndarray, " package"]


@dataclass(frozen=True, eq=False, repr=False)
class Threat(Shown):
    """What a party would gain if it lowered its tariffs to those of a package for nothing.

    Where that is a loss, the tariffs of no deal serve the party better than those of the package,
    and its threat of no deal is credible. Where it is a gain, carrying out the threat costs it.

    Attributes:
        party: Who raises tariffs on others under no deal.
        granted: What the tariffs of each package alone add to no deal for it, bn USD.
        chance: Share of the draws in which they add nothing: in which the threat is credible; None
            without draws.
    """

    party: str
    granted: PerPackage
    chance: PerPackage | None

    @property
    def is_credible(self) -> np.ndarray:
        """Whether the threat is credible beside each package, at central values."""
        return np.asarray(self.granted < 0)


def raising_parties(deal: Deal, world: World, triggered: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the parties that raise a tariff on another under no deal, on the assessment date."""
    shock = lower_package(deal, NO_DEAL, world, (), triggered=triggered)
    if shock.tariff is None:
        return ()
    raised = np.asarray((np.asarray(shock.tariff - world.tariff) > RAISED).any(axis=2))
    places = {
        party: [world.regions.index(name) for name in expand_regions([party], world.regions)]
        for party in deal.parties
    }
    return tuple(
        party
        for party in deal.parties
        if any(
            raised[np.ix_(places[party], places[other])].any()
            for other in deal.parties
            if other != party
        )
    )


def find_threats(
    deal: Deal, world: World, payoffs: PackagePayoffs, triggered: Sequence[str] = ()
) -> tuple[Threat, ...]:
    """Return the threat of each party that raises tariffs, beside each package.

    Args:
        deal: The deal.
        world: Its tariffs are those before anybody raised any.
        payoffs: What the packages are worth to the parties, by what these want.
        triggered: Events declared to have happened.
    """
    threats = []
    for party in raising_parties(deal, world, triggered):
        at = deal.parties.index(party)
        drawn = payoffs.tariff_draws[:, :, at]
        chance = np.asarray((drawn < 0).mean(axis=0)) if len(drawn) else None
        threats.append(Threat(party, payoffs.tariffs[:, at], chance))
    return tuple(threats)
