"""Shares of variance against a function whose shares are known."""

import numpy as np
import pytest

from accord.core.numerics.variance import share_variance

COUNT = 1 << 12


def samples(figure, inputs=3, seed=5):
    """Return a figure on two samples of standard normal inputs, and on the mixed ones."""
    first, second = np.random.default_rng(seed).standard_normal((2, inputs, COUNT))
    mixed = []
    for at in range(inputs):
        sample = first.copy()
        sample[at] = second[at]
        mixed.append(figure(sample))
    return figure(first), figure(second), np.array(mixed)


def test_shares_are_those_of_a_sum_and_of_a_product():
    """3 x + y has shares of 9 and 1 tenths; of x y neither has any alone, and each all of it."""
    shares = share_variance(*samples(lambda x: np.stack([3 * x[0] + x[1], x[0] * x[1]])))
    for part, error, known in (
        (shares.first, shares.first_error, [[0.9, 0.0], [0.1, 0.0], [0.0, 0.0]]),
        (shares.total, shares.total_error, [[0.9, 1.0], [0.1, 1.0], [0.0, 0.0]]),
    ):
        assert np.all(np.abs(part - known) <= 4 * error + 1e-12)
        assert error.max() < 0.1
    assert np.all(shares.total_error[2] == 0)  # what plays no part does so for sure


def test_errors_fall_with_the_root_of_the_draws():
    whole = samples(lambda x: np.stack([3 * x[0] + x[1]]))
    few = [part[..., : COUNT // 16] for part in whole]
    ratio = share_variance(*few).total_error[0, 0] / share_variance(*whole).total_error[0, 0]
    assert ratio == pytest.approx(4.0, rel=0.3)


def test_a_figure_that_does_not_vary_has_no_shares():
    shares = share_variance(*samples(lambda x: np.stack([np.ones(COUNT), x[0]])))
    assert np.all(np.array(shares)[:, :, 0] == 0)
    assert shares.total[0, 1] == pytest.approx(1.0, abs=0.1)
