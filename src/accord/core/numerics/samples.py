"""Points spread evenly over the unit cube, from which uncertain inputs are drawn."""

from importlib.metadata import version

import numpy as np

from accord.core.arrays import Float

Points = Float[np.ndarray, "draw dim"]


def latin_hypercube(dims: int, count: int, *, seed: int) -> Points:
    """Return points of which each interval of each dimension has one (McKay et al. 1979).

    They are those of `scipy.stats.qmc.LatinHypercube`, which takes half a second to import.
    """
    (rng,) = np.random.default_rng(seed).spawn(1)  # as SciPy does
    within = rng.uniform(size=(count, dims))
    intervals = np.tile(np.arange(1, count + 1), (dims, 1))
    for row in intervals:
        rng.shuffle(row)
    return np.asarray((intervals.T - within) / count)


def sobol_points(dims: int, count: int, *, seed: int) -> Points:
    """Return the first points of a scrambled Sobol' sequence; their number is a power of two."""
    from scipy.stats import qmc  # slow to import

    return np.asarray(qmc.Sobol(dims, rng=np.random.default_rng(seed)).random(count))


def describe_sobol_points(dims: int, count: int, *, seed: int) -> str:
    """Return all that the points depend on, in words."""
    return f"Sobol' points of scipy {version('scipy')} {dims} {count} {seed}"
