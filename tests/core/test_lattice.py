"""Interpolation on a lattice is exact for polynomials of its degree."""

from math import comb

import numpy as np
import pytest

from accord.core.numerics.lattice import lagrange, lattice


@pytest.mark.parametrize(("dims", "degree"), [(0, 2), (1, 4), (2, 4), (3, 2), (4, 3)])
def test_a_polynomial_is_met_everywhere(dims: int, degree: int) -> None:
    rng = np.random.default_rng(dims + 10 * degree)
    powers = np.round(lattice(dims, degree) * degree).astype(int)
    factor = rng.normal(size=len(powers))

    def value(points: np.ndarray) -> np.ndarray:
        return np.asarray([(factor * np.prod(point**powers, axis=1)).sum() for point in points])

    anywhere = rng.uniform(-0.5, 1.5, size=(20, dims))
    interpolated = lagrange(anywhere, degree) @ value(lattice(dims, degree))
    assert np.allclose(interpolated, value(anywhere), rtol=1e-9, atol=1e-9)


def test_there_are_as_many_nodes_as_terms_and_the_origin_leads() -> None:
    for dims, degree in ((1, 3), (3, 2), (5, 2)):
        nodes = lattice(dims, degree)
        assert len(nodes) == comb(dims + degree, degree)
        assert not nodes[0].any()
        assert nodes.sum(axis=1).max() == 1.0


def test_at_a_node_the_weight_is_one() -> None:
    assert np.allclose(lagrange(lattice(3, 2), 2), np.eye(10), atol=1e-12)
