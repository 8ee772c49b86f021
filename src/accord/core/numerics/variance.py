"""Shares of variance: what each uncertain input accounts for in the spread of a figure.

Two samples of all inputs are drawn apart. For each input a mixed sample takes that input from the
second and all others from the first. Shares are Sobol' indices (Saltelli et al. 2010, Computer
Physics Communications 181(2), table 2, b and f): the means over draws of `second (mixed - first)`
and of `(first - mixed) ** 2 / 2`, over the variance of the figure. `scipy.stats.sobol_indices`
gives the same, and takes half a second to import.
"""

from typing import NamedTuple

import numpy as np

from accord.core.arrays import Bool, Float

ByInput = Float[np.ndarray, "input figure"]


class VarianceShares(NamedTuple):
    """Shares of variance by input and figure, and standard errors of the estimates.

    Attributes:
        first: By itself.
        total: With all that it interacts with.
        first_error: Standard error of `first`.
        total_error: Standard error of `total`.
    """

    first: ByInput
    total: ByInput
    first_error: ByInput
    total_error: ByInput


def share_variance(
    first: Float[np.ndarray, "figure draw"],
    second: Float[np.ndarray, "figure draw"],
    mixed: Float[np.ndarray, "input figure draw"],
) -> VarianceShares:
    """Return what each input accounts for in the variance of each figure, cut at one.

    A figure that does not vary has shares of zero. Errors are those of means of independent draws;
    drawn evenly, estimates err somewhat less.

    Args:
        first: Figures on the first sample; the number of draws is a power of two.
        second: On the second.
        mixed: On the first with one input of the second.
    """
    both = np.concatenate([first, second], axis=1)
    variance = both.var(axis=1)
    varies = both.std(axis=1) > 0
    by_first = (second - both.mean(axis=1, keepdims=True)) * (mixed - first)
    by_total = (first - mixed) ** 2 / 2
    shares = [
        np.minimum(_over(by.mean(axis=2), variance, varies), 1.0) for by in (by_first, by_total)
    ]
    size = np.sqrt(first.shape[1]) * variance
    errors = [_over(by.std(axis=2), size, varies) for by in (by_first, by_total)]
    return VarianceShares(*shares, *errors)


def _over(
    figures: ByInput, size: Float[np.ndarray, " figure"], varies: Bool[np.ndarray, " figure"]
) -> ByInput:
    """Return figures over their size, zero where a figure does not vary."""
    return np.asarray(np.divide(figures, size, out=np.zeros_like(figures), where=varies))
