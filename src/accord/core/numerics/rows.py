"""Rows of a table that are the same."""

import numpy as np

from accord.core.arrays import Float, Int


def distinct(
    rows: Float[np.ndarray, "row any"],
) -> tuple[Int[np.ndarray, " kind"], Int[np.ndarray, " row"]]:
    """Return where each different row stands first, and which of these every row is.

    >>> first, kind = distinct(np.array([[2.0], [1.0], [2.0]]))
    >>> first.tolist(), kind.tolist()
    ([0, 1], [0, 1, 0])
    """
    places: dict[bytes, int] = {}
    kind = [places.setdefault(row.tobytes(), len(places)) for row in rows]
    order = np.array(kind, dtype=int)
    first = np.full(len(places), len(rows))
    np.minimum.at(first, order, np.arange(len(rows)))
    return first, order
