"""Polynomials of several variables through the points of a lattice.

The principal lattice of degree m on the unit simplex has the points whose coordinates are multiples
of 1/m and sum to at most one. There is exactly one polynomial of total degree m through any values
at its points (Nicolaides 1972, SIAM Journal on Numerical Analysis 9(3)).
"""

from functools import cache

import numpy as np
from jaxtyping import Float, Int


def lattice(dims: int, degree: int) -> Float[np.ndarray, "node dim"]:
    """Return the points of the principal lattice on the unit simplex; the origin is the first.

    >>> lattice(2, 1).tolist()
    [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0]]
    """
    return np.asarray(_exponents(dims, degree) / max(degree, 1))


def lagrange(
    points: Float[np.ndarray, "point dim"], degree: int
) -> Float[np.ndarray, "point node"]:
    """Return the weight of the value at every node in the value at each point.

    >>> lagrange(np.array([[0.25, 0.5]]), 1).tolist()
    [[0.25, 0.5, 0.25]]
    """
    dims = points.shape[1]
    return np.asarray(_monomials(points, degree) @ _solver(dims, degree))


def _monomials(
    points: Float[np.ndarray, "point dim"], degree: int
) -> Float[np.ndarray, "point node"]:
    powers = _exponents(points.shape[1], degree)
    value = np.ones((len(points), len(powers)))
    for dim in range(points.shape[1]):
        value *= points[:, dim, None] ** powers[:, dim]
    return value


@cache
def _solver(dims: int, degree: int) -> Float[np.ndarray, "term node"]:
    return np.asarray(np.linalg.inv(_monomials(lattice(dims, degree), degree)))


@cache
def _exponents(dims: int, degree: int) -> Int[np.ndarray, "node dim"]:
    grid = np.indices((degree + 1,) * dims).reshape(dims, (degree + 1) ** dims).T
    return np.asarray(grid[grid.sum(axis=1) <= degree])
