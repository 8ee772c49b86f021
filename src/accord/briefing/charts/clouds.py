"""Clouds of draws in a plane, each as the ellipse that holds a share of them."""

import numpy as np

from accord.core.arrays import Float

Outline = tuple[tuple[float, float], ...]

SHARES = (0.9, 0.5)  # of the draws inside an outline, the wider first
CORNERS = 48  # of an outline
FLAT = 1e-9  # a spread below this share of the distance to the origin is none


def draw_outlines(points: Float[np.ndarray, "draw 2"]) -> tuple[Outline, ...]:
    """Return the outlines that hold nine tenths and half of the draws; none without a spread.

    An outline is an ellipse around the mean with the axes of the covariance. Its size is the
    quantile of the draws' own distances, so it holds its share of them whatever their distribution.
    """
    if len(points) < 3:
        return ()
    centre = points.mean(axis=0)
    sizes, axes = np.linalg.eigh(np.cov(points.T))
    if sizes[0] <= (FLAT * (1.0 + np.abs(centre).max())) ** 2:
        return ()
    spread = axes * np.sqrt(sizes)
    distances = np.linalg.norm(np.linalg.solve(spread, (points - centre).T), axis=0)
    angles = np.linspace(0.0, 2.0 * np.pi, CORNERS, endpoint=False)
    circle = np.stack([np.cos(angles), np.sin(angles)])
    outlines = []
    for share in SHARES:
        ellipse = (centre[:, None] + spread @ circle * np.quantile(distances, share)).T
        outlines.append(tuple((float(x), float(y)) for x, y in ellipse))
    return tuple(outlines)
