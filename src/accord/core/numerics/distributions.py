"""Quantiles of distributions that a range in a file stands for."""

import numpy as np


def triangular(low: float, mode: float, high: float, u: np.ndarray) -> np.ndarray:
    """Return quantiles `u` of a triangular distribution.

    >>> triangular(0.0, 0.5, 1.0, np.array([0.0, 0.5])).tolist()
    [0.0, 0.5]
    """
    if high <= low:
        return np.full_like(u, low)
    turn = (mode - low) / (high - low)
    left = low + np.sqrt(u * (high - low) * (mode - low))
    right = high - np.sqrt((1 - u) * (high - low) * (high - mode))
    return np.asarray(np.where(u < turn, left, right))
