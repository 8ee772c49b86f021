"""Shares of variance against a function whose shares are known."""

import numpy as np
import pytest
from scipy.stats import qmc, sobol_indices

from accord.core.numerics.samples import describe_sobol_points, latin_hypercube, sobol_points
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


def test_shares_are_those_of_scipy():
    drawn = np.random.default_rng(5)
    first, second = drawn.random((2, 3, 64))
    mixed = drawn.random((4, 3, 64))
    shares = share_variance(first, second, mixed)
    scipy = sobol_indices(func={"f_A": first, "f_B": second, "f_AB": mixed}, n=64)
    np.testing.assert_allclose(shares.first, np.minimum(scipy.first_order.T, 1), rtol=1e-12)
    np.testing.assert_allclose(shares.total, np.minimum(scipy.total_order.T, 1), rtol=1e-12)


@pytest.mark.parametrize(("dims", "count"), [(1, 1), (3, 10), (19, 500)])
def test_a_latin_hypercube_is_that_of_scipy(dims, count):
    points = latin_hypercube(dims, count, seed=7)
    scipy = qmc.LatinHypercube(dims, rng=np.random.default_rng(7)).random(count)
    np.testing.assert_array_equal(points, scipy)
    assert (np.sort(np.floor(points * count), axis=0) == np.arange(count)[:, None]).all()


def test_sobol_points_are_described_by_all_they_depend_on():
    assert sobol_points(3, 8, seed=1).shape == (8, 3)
    told = {
        describe_sobol_points(dims, count, seed=seed)
        for dims in (3, 4) for count in (8, 16) for seed in (1, 2)
    }  # fmt: skip
    assert len(told) == 8
