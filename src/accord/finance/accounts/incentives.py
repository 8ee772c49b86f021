"""Grants of the host as building proceeds, what comes back of them, and projects abandoned.

A project whose approval is withdrawn is called and earns nothing from that day on. On the central
path, where nothing is drawn, each flow after the day is what it would be times the chance that the
approval stands; so is the mean over the paths.
"""

from dataclasses import dataclass

import numpy as np

from accord.core.arrays import Float
from accord.finance.construction.queues import Flow
from accord.finance.draws import Draws
from accord.finance.incentives import Approval, Incentive
from accord.finance.rates import STEPS

REACHED = 1e-9  # of the building: what rounding leaves


@dataclass(frozen=True, eq=False)
class Standing:
    """Whether the approval of the projects stands, by path.

    Attributes:
        refused: One where it is withdrawn, zero where it stands; its chance on the central path.
        decided: Step in which that happens.
        salvage: Share of what was spent by then that is got back.
    """

    refused: Float[np.ndarray, " path"]
    decided: int
    salvage: float

    def left_of(self, flow: Flow) -> Flow:
        """Return what is left of a flow: all of it before the day, where it stands after it."""
        left = np.array(flow)
        left[:, self.decided :] *= (1.0 - self.refused)[:, None]
        return left

    def lost_by(self, flow: Flow) -> Float[np.ndarray, " path"]:
        """Return what a flow had come to by the day, where the approval is withdrawn."""
        return np.asarray(self.refused * flow[:, : self.decided].sum(axis=1))

    def salvaged(self, spent: Flow) -> Flow:
        """Return what is got back of money spent, on the day."""
        back = np.zeros_like(spent)
        if self.decided < spent.shape[1]:
            back[:, self.decided] = self.salvage * self.lost_by(spent)
        return back


def decide(approval: Approval, draws: Draws, steps: int) -> Standing:
    """Return on which paths an approval is withdrawn."""
    chance = np.full(draws.paths, approval.refusal)
    refused = chance if draws.central else (draws.approval < approval.refusal).astype(float)
    decided = min(max(int(np.floor(approval.decided * STEPS)), 0), steps)
    return Standing(refused, decided, approval.salvage)


def grant(
    incentive: Incentive, asked: Flow, whole: float, standing: Standing | None
) -> tuple[Flow, Flow]:
    """Return what the host pays and what comes back to it, by path and step, bn USD.

    Args:
        incentive: The terms.
        asked: Money that building takes as long as the approval stands.
        whole: All that building takes, bn USD.
        standing: Whether the approval stands; None where none can be withdrawn.
    """
    paths, steps = asked.shape
    built = np.cumsum(asked, axis=1) / whole
    start = min(max(int(np.floor(incentive.start * STEPS)), 0), steps)
    spread = max(round(incentive.years * STEPS), 1)
    places = np.arange(steps)
    paid = np.zeros((paths, steps))
    for part in incentive.milestones:
        reached = np.maximum((built < part.built - REACHED).sum(axis=1), start)
        inside = (places >= reached[:, None]) & (places < reached[:, None] + spread)
        paid += incentive.amount * part.share / spread * inside
    returned = np.zeros((paths, steps))
    if standing is None:
        return paid, returned
    when = standing.decided + round(incentive.delay * STEPS)
    if when < steps:
        share = incentive.claw_back * incentive.recovered
        returned[:, when] = share * standing.lost_by(paid)
    return standing.left_of(paid), returned
