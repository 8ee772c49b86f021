"""Polynomials of several variables through points taken from the data they are to describe.

The points are approximate Fekete points: of all that occur, those that a QR factorisation with
column pivoting of the monomials picks (Sommariva and Vianello 2009, Computers and Mathematics with
Applications 57(8)). Where the data fill fewer dimensions than they have coordinates, fewer points
are picked. The polynomials have no constant: they are zero at the origin.
"""

from functools import cache

import numpy as np

from accord.core.arrays import Float, Int

SMALLEST_PIVOT = 1e-10  # over the largest: what is smaller adds no new direction

Points = Float[np.ndarray, "point dim"]


def choose_points(points: Points, degree: int) -> Float[np.ndarray, "node dim"]:
    """Return those of some points through which a polynomial describes all of them.

    At most one for each monomial of total degree one to `degree`.

    >>> choose_points(np.array([[0.0], [1.0], [1.5], [2.0]]), 2).ravel().tolist()
    [2.0, 1.0]
    """
    from scipy.linalg import qr  # slow to import

    _, triangle, order = qr(monomials(points, degree).T, mode="economic", pivoting=True)
    pivots = np.abs(np.diag(triangle))
    count = int((pivots > SMALLEST_PIVOT * max(pivots.max(initial=0.0), 1e-300)).sum())
    return np.asarray(points[order[:count]])


def point_weights(
    points: Points, nodes: Float[np.ndarray, "node dim"], degree: int
) -> Float[np.ndarray, "point node"]:
    """Return the weight of the value at every node in the value at each point.

    >>> point_weights(np.array([[3.0]]), np.array([[2.0], [1.0]]), 2).round(9).tolist()
    [[3.0, -3.0]]
    """
    return np.asarray(monomials(points, degree) @ coefficients(nodes, degree))


def coefficients(
    nodes: Float[np.ndarray, "node dim"], degree: int
) -> Float[np.ndarray, "term node"]:
    """Return what the value at every node adds to the coefficient of each monomial.

    >>> coefficients(np.array([[2.0], [1.0]]), 2).round(9).tolist()
    [[-0.5, 2.0], [0.5, -1.0]]
    """
    return np.asarray(np.linalg.pinv(monomials(nodes, degree), rcond=SMALLEST_PIVOT))


def monomials(points: Float[np.ndarray, "any dim"], degree: int) -> Float[np.ndarray, "any term"]:
    """Return every monomial of every point, each from a smaller one times one coordinate."""
    steps = _steps(points.shape[1], degree)
    value = np.empty((len(steps), len(points)))
    columns = np.ascontiguousarray(points.T)
    for at, (smaller, dim) in enumerate(steps):
        if smaller < 0:
            value[at] = columns[dim]
        else:
            np.multiply(value[smaller], columns[dim], out=value[at])
    return value.T


@cache
def _steps(dims: int, degree: int) -> tuple[tuple[int, int], ...]:
    """Return for each monomial the one before it that it is a multiple of, and by what.

    -1 stands for the constant.
    """
    powers = [tuple(row) for row in _exponents(dims, degree)]
    steps = []
    for row in powers:
        dim = max(at for at, power in enumerate(row) if power)
        smaller = tuple(power - (at == dim) for at, power in enumerate(row))
        steps.append((powers.index(smaller) if any(smaller) else -1, dim))
    return tuple(steps)


@cache
def _exponents(dims: int, degree: int) -> Int[np.ndarray, "term dim"]:
    grid = np.indices((degree + 1,) * dims).reshape(dims, (degree + 1) ** dims).T
    total = grid.sum(axis=1)
    return np.asarray(grid[(total > 0) & (total <= degree)])
