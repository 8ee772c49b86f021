"""Clouds of draws in a plane, each as the outline that holds a share of them."""

import numpy as np

from accord.core.arrays import Float

Outline = tuple[tuple[float, float], ...]

SHARES = (0.9, 0.5)  # of the draws inside an outline, the wider first
DIRECTIONS = 48  # in which the spread of the draws is looked at
SPREAD = 0.95  # quantile of the draws in a direction that gives an outline its shape
LEAST = 0.05  # of the widest spread: a direction counts as having no less
FLAT = 1e-9  # a spread below this share of the distance to the origin is none


def draw_outlines(points: Float[np.ndarray, "draw 2"]) -> tuple[Outline, ...]:
    """Return the outlines that hold nine tenths and half of the draws; none without a spread.

    An outline is convex around the median. It reaches farther where the draws do, as far as their
    quantile in each direction says, and is scaled so that it holds its share of them. It ends where
    the last draw does: it shows no loss where no draw has one.
    """
    if len(points) < 3:
        return ()
    centre = points.mean(axis=0)
    sizes, axes = np.linalg.eigh(np.cov(points.T))
    if sizes[0] <= (FLAT * (1.0 + np.abs(centre).max())) ** 2:
        return ()
    spread = axes * np.sqrt(sizes)
    plain = np.linalg.solve(spread, (points - centre).T).T
    middle = np.median(plain, axis=0)
    normals = _directions(spread)
    along = (plain - middle) @ normals.T
    reach = np.quantile(along, SPREAD, axis=0)
    reach = np.maximum(reach, LEAST * reach.max())
    scales = (along / reach).max(axis=1)
    outlines = []
    for share in SHARES:
        limits = np.minimum(np.quantile(scales, share) * reach, along.max(axis=0))
        corners = centre + (middle + _cut(normals, limits)) @ spread.T
        outlines.append(tuple((float(x), float(y)) for x, y in corners))
    return tuple(outlines)


def _directions(spread: Float[np.ndarray, "2 2"]) -> Float[np.ndarray, "direction 2"]:
    """Return unit vectors all around, and those along which either axis of the plane runs."""
    angles = np.linspace(0.0, 2.0 * np.pi, DIRECTIONS, endpoint=False)
    ends = spread / np.linalg.norm(spread, axis=1, keepdims=True)
    return np.vstack([np.column_stack([np.cos(angles), np.sin(angles)]), ends, -ends])


def _cut(
    normals: Float[np.ndarray, "direction 2"], limits: Float[np.ndarray, " direction"]
) -> Float[np.ndarray, "corner 2"]:
    """Return the corners of what lies below the limit in every direction, in order."""
    far = 4.0 * float(limits.max())
    corners = far * np.array([[1.0, 1.0], [-1.0, 1.0], [-1.0, -1.0], [1.0, -1.0]])
    for normal, limit in zip(normals, limits, strict=True):
        above = corners @ normal - limit
        kept = []
        for at, (corner, height) in enumerate(zip(corners, above, strict=True)):
            before, other = corners[at - 1], above[at - 1]
            if (height > 0) != (other > 0):
                kept.append(before + (corner - before) * other / (other - height))
            if height <= 0:
                kept.append(corner)
        corners = np.array(kept)
    steps = np.linalg.norm(corners - np.roll(corners, 1, axis=0), axis=1)
    distinct: np.ndarray = corners[steps > FLAT * far]
    return distinct
