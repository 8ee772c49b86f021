"""Shares of variance: what each uncertain input accounts for in the spread of a figure.

Two samples of all inputs are drawn apart. For each input a mixed sample takes that input from the
second and all others from the first. Shares are Sobol' indices by scipy (Saltelli et al. 2010,
Computer Physics Communications 181(2)).
"""

from typing import NamedTuple

import numpy as np

from accord.core.arrays import Float

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

    A figure that does not vary has shares of zero.

    Args:
        first: Figures on the first sample; the number of draws is a power of two.
        second: On the second.
        mixed: On the first with one input of the second.
    """
    from scipy.stats import sobol_indices  # slow to import, and not needed without draws

    varies = np.concatenate([first, second], axis=1).std(axis=1) > 0
    shares = np.zeros((4, len(mixed), len(first)))
    if varies.any():
        values = {"f_A": first[varies], "f_B": second[varies], "f_AB": mixed[:, varies]}
        indices = sobol_indices(func=values, n=first.shape[1])
        of = (int(varies.sum()), len(mixed))
        shares[0][:, varies] = np.minimum(np.reshape(indices.first_order, of), 1.0).T
        shares[1][:, varies] = np.minimum(np.reshape(indices.total_order, of), 1.0).T
        shares[2:, :, varies] = _share_errors(**values)
    return VarianceShares(*shares)


def _share_errors(
    f_A: Float[np.ndarray, "figure draw"],  # noqa: N803
    f_B: Float[np.ndarray, "figure draw"],  # noqa: N803
    f_AB: Float[np.ndarray, "input figure draw"],  # noqa: N803
) -> tuple[ByInput, ByInput]:
    """Return standard errors of the estimates of first-order and of total shares of variance.

    Both are means over draws, divided by the variance of the figure: of `f_B (f_AB - f_A)`, and of
    `(f_A - f_AB) ** 2 / 2`. Drawn evenly, they err somewhat less than independent draws would.
    """
    both = np.concatenate([f_A, f_B], axis=1)
    mean, variance = both.mean(axis=1), both.var(axis=1)
    size = np.sqrt(f_A.shape[1]) * variance
    products = (f_B - mean[:, None]) * (f_AB - f_A)
    squares = (f_A - f_AB) ** 2 / 2
    return products.std(axis=2) / size, squares.std(axis=2) / size
