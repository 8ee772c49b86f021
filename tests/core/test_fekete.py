"""Polynomials through points of the data: exact where they should be, solved where data are."""

import doctest

import numpy as np
import pytest

from accord.core.numerics import fekete
from accord.core.numerics.fekete import choose_points, point_weights

RNG = np.random.default_rng(4)


@pytest.mark.parametrize(("dims", "degree"), [(1, 2), (3, 2), (4, 3)])
def test_a_polynomial_of_that_degree_is_met_everywhere(dims, degree):
    points = RNG.normal(size=(300, dims))
    nodes = choose_points(points, degree)
    linear, bent = RNG.normal(size=(2, dims))

    def value(at):
        return at @ linear + 0.5 * (at @ bent) ** 2

    away = 2 * RNG.normal(size=(20, dims))
    np.testing.assert_allclose(point_weights(away, nodes, degree) @ value(nodes), value(away))


def test_nodes_are_points_that_occur_and_no_more_than_the_data_have_directions():
    line = np.outer(RNG.uniform(0, 3, 200), [1.0, -2.0, 0.0])
    nodes = choose_points(line, 2)
    assert len(nodes) == 2
    assert all((line == node).all(axis=1).any() for node in nodes)
    weights = point_weights(line, nodes, 2)
    np.testing.assert_allclose(weights @ nodes, line, atol=1e-9)
    assert np.abs(weights).max() < 2


def test_nothing_moved_needs_no_node_and_adds_nothing():
    still = np.zeros((5, 3))
    nodes = choose_points(still, 2)
    assert len(nodes) == 0
    assert point_weights(still, nodes, 2).shape == (5, 0)


def test_the_examples_in_the_docstrings_hold():
    assert doctest.testmod(fekete).failed == 0
