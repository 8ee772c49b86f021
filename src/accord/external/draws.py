"""The random numbers of the external engine: the same for every plan of a seed."""

from functools import lru_cache

import numpy as np

from accord.external.plan import MONTHS, ExternalPlan


def draw_months(plan: ExternalPlan, paths: int, seed: int) -> dict[str, np.ndarray]:
    """Return the random numbers of a plan.

    Shocks of the currency (variance one), arrivals, grants and sizes by month and path; income,
    prices, chances of a stop and defaults by path; shocks of growth (variance one) by path and
    year.
    """
    size, known = plan.stop.spread, plan.stop.shape
    by_month = _draw_by_month(plan.months, paths, seed, tail=plan.process.tail, size=size)
    streams = _streams(seed)
    low, mode, high = plan.financing.income
    spread, uneven = plan.price.spread, plan.guarantees.spread
    normal = streams[5].standard_normal(paths)
    luck = np.ones(paths) if known is None else streams[6].standard_gamma(known, paths) / known
    return {
        **by_month,
        "income": streams[4].triangular(low, mode, high, paths) if high > low
        else np.full(paths, mode),
        "price": plan.price.level * np.exp(spread * normal - spread**2 / 2),
        "chance": np.minimum(plan.stop.rate * luck, 1.0),
        "defaults": np.exp(uneven * streams[7].standard_normal(paths) - uneven**2 / 2),
        "growth": _draw_growth(plan.months // MONTHS, paths, seed),
    }  # fmt: skip


@lru_cache(maxsize=2)
def _draw_by_month(
    months: int, paths: int, seed: int, *, tail: float, size: float
) -> dict[str, np.ndarray]:
    """Return what is drawn by month and path: the same for every package of a deal."""
    streams, shape = _streams(seed), (months, paths)
    drawn = {
        "shocks": streams[0].standard_t(tail, shape) * np.sqrt((tail - 2) / tail),
        "arrivals": streams[1].random(shape),
        "grants": streams[2].random(shape),
        "sizes": np.exp(size * streams[3].standard_normal(shape) - size**2 / 2),
    }
    for numbers in drawn.values():
        numbers.flags.writeable = False
    return drawn


@lru_cache(maxsize=2)
def _draw_growth(years: int, paths: int, seed: int) -> np.ndarray:
    """Return the shocks of growth by path and year: the same for every package of a deal."""
    drawn = np.random.default_rng([seed, years]).standard_normal((paths, years))
    drawn.flags.writeable = False
    return drawn


def _streams(seed: int) -> list[np.random.Generator]:
    return [np.random.default_rng(stream) for stream in np.random.SeedSequence(seed).spawn(8)]


def central_months(plan: ExternalPlan) -> dict[str, np.ndarray]:
    """Return one path without shocks or events, every quantity at its mean."""
    shape = (plan.months, 1)
    return {
        "shocks": np.zeros(shape),
        "arrivals": np.ones(shape),
        "grants": np.ones(shape),
        "sizes": np.ones(shape),
        "income": np.full(1, sum(plan.financing.income) / 3),
        "price": np.full(1, plan.price.level),
        "chance": np.full(1, plan.stop.rate),
        "defaults": np.ones(1),
        "growth": np.zeros((1, plan.months // MONTHS)),
    }
