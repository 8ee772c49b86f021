"""What happens to a path whatever is paid: the currency by itself, sudden stops, failing projects.

Events begin by chance alone, so that they are worked out once for every payment that is tried.
"""

from typing import NamedTuple, TypeAlias

import numpy as np

from accord.core.arrays import Bool, Float
from accord.external.config import ExternalConfig
from accord.external.draws import central_months, draw_months
from accord.external.plan import MONTHS, ExternalPlan, SuddenStop

CHEAPEST = 1e-12  # log a bn: a market that nothing moves
Path: TypeAlias = Float[np.ndarray, " path"]
Months: TypeAlias = Float[np.ndarray, "month path"]


class Events(NamedTuple):
    """What happens whatever is paid.

    Attributes:
        income: What reserves earn in a year, a share of them.
        grants: The draw that decides whether a payment may be put off, from 0 to 1.
        in_stop: Whether a sudden stop is on.
        force: What a stop takes this month, over all that one of usual size takes.
        failing: Share of what is guaranteed that is called this month.
        moved: By how much the currency moves by itself, a logarithm.
        price: What buying a bn USD does to the currency, a logarithm.
        growth: Shock of growth in a year, by path and year; variance one.
    """

    income: Path
    grants: Months
    in_stop: Bool[np.ndarray, "month path"]
    force: Months
    failing: Months
    moved: Months
    price: Months
    growth: Float[np.ndarray, "path year"]


def run_events(
    plan: ExternalPlan, config: ExternalConfig, draws: dict[str, np.ndarray] | None = None
) -> Events:
    """Return what happens to the paths of a configuration, or to the central one without paths.

    On the central path, which has no shocks, the variance stays what it is on average.

    Args:
        plan: Where stops, the currency and guarantees are told; its payments play no part.
        config: Paths and seed.
        draws: Random numbers (see `draw_months`); those of the configuration if left out.
    """
    quiet = not config.paths
    if draws is None:
        draws = central_months(plan) if quiet else draw_months(plan, config.paths, config.seed)
    in_stop, force, failing = _stops(plan, draws)
    variance, moved = _variances(plan, draws["shocks"], quiet=quiet)
    turbulence = np.where(in_stop, plan.stop.turbulence, 1.0)
    usual = _usual_variance(plan)
    relative = variance / usual if usual > 0 else np.ones_like(variance)
    price = draws["price"] * (relative * turbulence**2) ** plan.price.power
    return Events(
        income=draws["income"],
        grants=draws["grants"],
        in_stop=in_stop,
        force=force,
        failing=failing,
        moved=moved * turbulence,
        price=np.maximum(price, CHEAPEST),
        growth=draws["growth"],
    )


def _usual_variance(plan: ExternalPlan) -> float:
    return float(plan.process.volatility**2 / MONTHS)


def _stops(
    plan: ExternalPlan, draws: dict[str, np.ndarray]
) -> tuple[Bool[np.ndarray, "month path"], Months, Months]:
    """Return whether a stop is on, its force, and the share of what is guaranteed that fails."""
    stop, terms = plan.stop, plan.guarantees
    length, first, early, late = _course(stop)
    struck = draws["arrivals"] < draws["chance"] / MONTHS
    in_stop, force, failing = np.empty(struck.shape, dtype=bool), *np.empty((2, *struck.shape))
    left, size = np.zeros((2, struck.shape[1]))
    calm, stressed = float(terms.default / MONTHS), float(terms.stressed / MONTHS)
    for month, (hit, drawn) in enumerate(zip(struck, draws["sizes"], strict=True)):
        is_on = left > 0
        failing[month] = np.where(is_on, stressed, calm) * draws["defaults"]
        begins = ~is_on & hit
        left = np.where(begins, length, np.maximum(left, 0.0))
        size = np.where(begins, drawn, size)
        in_stop[month] = now = left > 0
        force[month] = np.where(length - left < first, early, late) * now * size
        left = left - 1.0
    return in_stop, force, np.minimum(failing, 1.0)


def _course(stop: SuddenStop) -> tuple[float, float, float, float]:
    """Return months of a stop, months of its first quarter, and the share that leaves in each."""
    first = max(1, round(stop.months / 4))
    late = (1 - stop.early) / max(stop.months - first, 1) if stop.months > first else 0.0
    return float(stop.months), float(first), float(stop.early / first), float(late)


def _variances(plan: ExternalPlan, shocks: Months, *, quiet: bool) -> tuple[Months, Months]:
    """Return the variance of the currency in a month, and its move before turbulence."""
    usual = _usual_variance(plan)
    arch = 0.0 if quiet else float(plan.process.arch)
    garch = 1.0 if quiet else float(plan.process.garch)
    variances, moved = np.empty((2, *shocks.shape))
    variance, shock = np.full(shocks.shape[1], usual), np.zeros(shocks.shape[1])
    for month, drawn in enumerate(shocks):
        variance = usual * (1 - arch - garch) + arch * shock**2 + garch * variance
        shock = np.sqrt(variance) * drawn
        variances[month], moved[month] = variance, shock
    return variances, moved
