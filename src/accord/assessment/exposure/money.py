"""What the price of the dollar and public debt hang on, and how far a package moves them.

Both are followed path by path, with and without a package, under the same random numbers.
"""

from collections.abc import Mapping

import numpy as np

from accord.assessment.exposure.hinges import Hinge, attribute, count_draws, mix_samples
from accord.core.arrays import Float
from accord.external.config import ExternalConfig
from accord.external.draws import draw_months
from accord.external.events import run_events
from accord.external.plan import ExternalPlan
from accord.external.solver import run_months

INPUTS: Mapping[str, tuple[str, ...]] = {
    "rate": ("shocks",),
    "stops": ("arrivals", "sizes", "chance"),
    "requests": ("grants",),
    "reserve_income": ("income",),
    "flow_price": ("price",),
    "guarantees": ("defaults",),
    "growth": ("growth",),
}
"""Inputs, and the random numbers of the external engine that each of them is."""
KINDS = ("currency", "debt")
INTERVAL = (0.05, 0.5, 0.95)

Moved = Float[np.ndarray, "kind path"]


def sample_ends(plan: ExternalPlan, *, draws: int, seed: int) -> list[Moved]:
    """Return the dollar and debt after the last year, on samples that tell what they hang on.

    Args:
        plan: A party's plan.
        draws: Paths in each of the two samples, rounded down to a power of two; fewer than two for
            the one path without shocks.
        seed: Seed of the first sample.
    """
    count = count_draws(draws)
    config = ExternalConfig(paths=count, seed=seed)
    if not count:
        return [_end(plan, None, config)]
    samples = (draw_months(plan, count, each) for each in (seed, seed + 1))
    return [_end(plan, drawn, config) for drawn in mix_samples(samples, list(INPUTS.values()))]


def compare_ends(
    package: list[Moved], without: list[Moved]
) -> tuple[Float[np.ndarray, "kind end"], tuple[Hinge, ...]]:
    """Return what a package changes, and what each change hangs on.

    Of the dollar's price and of debt over GDP: 5th percentile, median and 95th of the change of a
    path, with and without the package under the same random numbers.
    """
    change = [after - before for after, before in zip(package, without, strict=True)]
    ends = np.quantile(np.concatenate(change[:2], axis=1), INTERVAL, axis=1).T
    return ends, attribute(list(INPUTS), change) if len(change) > 1 else (Hinge(),) * len(KINDS)


def _end(plan: ExternalPlan, draws: dict[str, np.ndarray] | None, config: ExternalConfig) -> Moved:
    """Return the rise of the dollar since the start, and debt over GDP, after the last year."""
    months = run_months(plan, config, run_events(plan, config, draws))
    return np.stack([np.expm1(months.rate[-1]), months.debt.debt[:, -1]])
