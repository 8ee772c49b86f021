"""Maximisation within bounds: projected L-BFGS, started from an approximate curvature.

The rates of a tariff schedule differ in curvature by eight orders of magnitude, as the flows they
tax do. Each is therefore measured by its own: `scale` is a guess of minus the second derivative,
and the two-loop recursion (Nocedal 1980) starts from its inverse. Rates that press against a bound
are left out of a step (Bertsekas 1982, SIAM J. Control Optim. 20(2)), the others are cut at it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar

import numpy as np

from accord.core.arrays import Float

MEMORY = 12
LONGEST_MOVE = 0.5
SUFFICIENT = 1e-4
HALVINGS = 12
NOISE = 1e-11  # of the value: below it a fall says nothing

Rates = Float[np.ndarray, " rate"]
Note = TypeVar("Note")
Box: TypeAlias = tuple[float | Rates, float | Rates]
"""Lower and upper bounds: one for all rates, or one a rate."""


@dataclass(frozen=True, eq=False)
class Probe(Generic[Note]):
    """What is known of a point: value, slopes, rough curvatures, and what the caller keeps."""

    value: float
    slope: Rates
    scale: Rates
    note: Note


@dataclass(frozen=True, eq=False)
class Summit(Generic[Note]):
    """Where a climb ended: the point, its probe, how far it is from a maximum, and the steps.

    It is at an edge where the shortest step upwards, too, leads to where nothing can be evaluated.
    """

    x: Rates
    probe: Probe[Note]
    residual: float
    steps: int
    at_edge: bool = False


def newton_gap(x: Rates, probe: Probe[Note], box: Box) -> Rates:
    """Return the step to the maximum as each rate's own slope and curvature see it, within bounds.

    It is zero exactly where the conditions of a maximum within bounds hold.
    """
    step = np.divide(probe.slope, probe.scale, out=np.zeros_like(x), where=probe.scale > 0)
    return np.asarray(np.clip(x + step, *box) - x)


def climb(
    evaluate: Callable[[Rates], Probe[Note] | None],
    start: Rates,
    box: Box,
    *,
    tolerance: float,
    max_steps: int,
    accept: Callable[[Note], None] = lambda _: None,
) -> Summit[Note] | None:
    """Return where steps upwards end; None if the start itself cannot be evaluated.

    Args:
        evaluate: Returns the probe of a point, or None where there is none.
        start: Where to begin.
        box: Bounds of every rate.
        tolerance: The climb ends when no rate is further than this from its own maximum.
        max_steps: Largest number of steps.
        accept: Told of every point that the climb goes on from.
    """
    lost = False

    def look(point: Rates) -> Probe[Note] | None:
        nonlocal lost
        reached = evaluate(point)
        lost = reached is None
        return reached

    x = np.clip(start, *box)
    probe = look(x)
    if probe is None:
        return None
    accept(probe.note)
    past: list[tuple[Rates, Rates]] = []
    for steps in range(max_steps):
        residual = float(np.abs(newton_gap(x, probe, box)).max())
        if residual <= tolerance:
            return Summit(x, probe, residual, steps)
        step = _step(look, x, probe, box, past=past)
        if step is None:
            if not past:
                return Summit(x, probe, residual, steps, at_edge=lost)
            past.clear()
            continue
        x_new, probe_new = step
        past.append((x_new - x, probe.slope - probe_new.slope))
        del past[:-MEMORY]
        x, probe = x_new, probe_new
        accept(probe.note)
    return Summit(x, probe, float(np.abs(newton_gap(x, probe, box)).max()), max_steps)


def _step(
    evaluate: Callable[[Rates], Probe[Note] | None],
    x: Rates,
    probe: Probe[Note],
    box: Box,
    *,
    past: list[tuple[Rates, Rates]],
) -> tuple[Rates, Probe[Note]] | None:
    """Return the next point, or None where no step along the direction leads up."""
    stuck = ((x <= box[0]) & (probe.slope < 0)) | ((x >= box[1]) & (probe.slope > 0))
    free = ~stuck & (probe.scale > 0)
    direction = _direction(probe, free, past)
    if not probe.slope @ direction > 0:
        direction = np.where(free, probe.slope / np.where(free, probe.scale, 1.0), 0.0)
    length = min(1.0, LONGEST_MOVE / float(np.abs(direction).max()))
    for _ in range(HALVINGS):
        x_new = np.clip(x + length * direction, *box)
        reached = evaluate(x_new)
        if reached is not None:
            promised = float(probe.slope @ (x_new - x))
            if reached.value >= probe.value + SUFFICIENT * promised - NOISE:
                return x_new, reached
        length /= 3
    return None


def _direction(probe: Probe[Note], free: np.ndarray, past: list[tuple[Rates, Rates]]) -> Rates:
    """Return the quasi-Newton direction among the free rates."""
    scale = np.where(free, probe.scale, 1.0)
    pairs = []
    for s, y in past:
        s_free, y_free = np.where(free, s, 0.0), np.where(free, y, 0.0)
        bend = float(s_free @ y_free)
        if bend > 1e-10 * float(s_free @ (scale * s_free)):
            pairs.append((s_free, y_free, bend))
    q = np.where(free, probe.slope, 0.0)
    taken = []
    for s, y, bend in reversed(pairs):
        part = float(s @ q) / bend
        taken.append(part)
        q = q - part * y
    q = q / scale
    if pairs:
        _, y, bend = pairs[-1]
        q = q * (bend / float(y @ (y / scale)))
    for (s, y, bend), part in zip(pairs, reversed(taken), strict=True):
        q = q + (part - float(y @ q) / bend) * s
    return np.where(free, q, 0.0)
