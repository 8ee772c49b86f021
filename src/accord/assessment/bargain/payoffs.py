"""What packages are worth to the parties by what they want, and what their tariffs alone are."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from accord.assessment.result import Assessed
from accord.assessment.valuation.appraiser import Appraiser
from accord.assessment.valuation.equations import COMPONENTS
from accord.assessment.valuation.valuation import build_valuation, with_surface
from accord.assessment.valuation.verdict import Verdict, sample_payoffs
from accord.assessment.valuation.welfare.surface import Progress
from accord.bargaining.plan import PackageParty
from accord.core.arrays import Float
from accord.core.notebook import Shown
from accord.lowering.tariff_path import Timeline

TARIFF_PART = COMPONENTS.index("tariff")
Draws = Float[np.ndarray, "draw package party"]


@dataclass(frozen=True, eq=False, repr=False)
class PackagePayoffs(Shown):
    """Packages over no deal, bn USD of present value; without draws these have no rows.

    Attributes:
        whole: Each package to each party.
        tariffs: The part of it that tariffs alone make: lower ones, for nothing.
        draws: The whole by draw.
        tariff_draws: The part of tariffs by draw.
    """

    whole: PackageParty
    tariffs: PackageParty
    draws: Draws
    tariff_draws: Draws


def welfare_payoffs(
    verdict: Verdict, names: Sequence[str], parties: Sequence[str], timeline: Timeline
) -> PackagePayoffs:
    """Return the packages by welfare, as the verdict has them."""
    at = [verdict.regions.index(party) for party in parties]
    rows = [verdict.packages.index(name) for name in names]
    central, sample = verdict.central[timeline], verdict.sample[timeline]
    return PackagePayoffs(
        np.stack([verdict.payoff(name, timeline)[at] for name in names]),
        central[rows][:, TARIFF_PART][:, at],
        np.stack([verdict.draws(name, timeline)[:, at] for name in names], axis=1),
        sample[:, rows][:, :, TARIFF_PART][:, :, at],
    )


def wanted_payoffs(
    assessment: Assessed,
    appraiser: Appraiser,
    names: Sequence[str],
    progress: Progress | None = None,
) -> PackagePayoffs:
    """Return the packages by what an appraiser counts, on the draws of the verdict.

    Args:
        assessment: The packages, assessed.
        appraiser: Adds political weights to welfare; on its timeline.
        names: The packages.
        progress: Told what is being done, how much of it is done, and of how much.

    Raises:
        SolveError: An equilibrium was not found.
    """
    deal, verdict, timeline = assessment.deal, assessment.verdict, appraiser.timeline
    at = [verdict.regions.index(party) for party in deal.parties]
    parts = np.stack([appraiser.components(deal, name)[:, at] for name in names])
    whole, tariffs = parts.sum(axis=1), parts[:, TARIFF_PART]
    if not verdict.count:
        nothing = np.zeros((0, len(names), len(at)))
        return PackagePayoffs(whole, tariffs, nothing, nothing)
    valuation = build_valuation(assessment.snapshot, appraiser.cache, politics=appraiser.politics)
    valuation = with_surface(valuation, verdict.inputs, progress)
    packages = {package.name: package for package in valuation.packages}
    sample = np.stack(
        [
            sample_payoffs(valuation, packages[name], verdict.inputs, timeline)[:, :, at]
            for name in names
        ],
        axis=1,
    )
    return PackagePayoffs(whole, tariffs, sample.sum(axis=2), sample[:, :, TARIFF_PART])
