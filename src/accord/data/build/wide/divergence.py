"""The flows closest to their priors that meet linear constraints, some of them softly.

Unknowns are flows `t` with priors `p`, and totals `e_c` with priors `E_c` and weights `w_c`.
Minimise the cross-entropy `KL(t|p) + sum_c w_c KL(e_c|E_c)` subject to

    (B' t)_c = r_c          hard constraints
    (B' t)_c = e_c + r_c    soft ones: the total may leave `E_c`, at a price

In the dual a constraint has one multiplier `m_c`: `t = p exp(B m)`, `e_c = E_c exp(-m_c / w_c)`.
It is convex and smooth, and solved by Newton's method. A flow's row of `B` is the sum of a row of
its own and of a row that all flows of its group share: what a seller buys in every industry.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from accord.core.arrays import Bool, Float, Int

Flows = Float[np.ndarray, " flow"]
Vector = Float[np.ndarray, " constraint"]

TOLERANCE = 1e-11
MAX_STEPS = 200
RIDGE = 1e-13
LARGEST = 200.0
"""Largest exponent: beyond it no solution lies, and numbers would overflow."""
LONGEST = 3.0
"""The logarithm of a flow moves by no more than this in a step."""


@dataclass(frozen=True, eq=False)
class Programme:
    """What is to be met, and the priors; sparse matrices have one column a constraint.

    Attributes:
        prior: Prior of every flow, positive, bn USD.
        own: `[flow, constraint]`, sparse.
        group: Group of every flow; None where no row is shared.
        shared: `[group, constraint]`, sparse.
        right: Right-hand side of every constraint, bn USD.
        soft: Which constraints have a total of their own.
        total: Prior of that total, bn USD; 0 elsewhere.
        weight: Price of leaving it; 1 elsewhere.
        scale: Size of every constraint, to measure residuals by, bn USD.
    """

    prior: Flows
    own: Any
    right: Vector
    soft: Bool[np.ndarray, " constraint"]
    total: Vector
    weight: Vector
    scale: Vector
    group: Int[np.ndarray, " flow"] | None = None
    shared: Any = None

    @cached_property
    def own_columns(self) -> Any:
        """The rows of the flows' own part, turned, for products with a constraint in front."""
        return self.own.T.tocsr()

    def flows(self, multiplier: Vector) -> Flows:
        """Return the flows at given multipliers, bn USD."""
        exponent = self.own @ multiplier
        if self.group is not None:
            exponent = exponent + (self.shared @ multiplier)[self.group]
        return np.asarray(self.prior * np.exp(np.minimum(exponent, LARGEST)))

    def totals(self, multiplier: Vector) -> Vector:
        """Return the soft totals at given multipliers, 0 for hard constraints, bn USD."""
        exponent = np.minimum(-multiplier / self.weight, LARGEST)
        return np.where(self.soft, self.total * np.exp(exponent), 0.0)

    def value(self, multiplier: Vector) -> float:
        """Return the dual objective."""
        soft = (self.weight * self.totals(multiplier)).sum()
        return float(self.flows(multiplier).sum() + soft - self.right @ multiplier)

    def gap(self, flows: Flows, totals: Vector) -> Vector:
        """Return how far every constraint is from being met, bn USD."""
        reached: Vector = self.own_columns @ flows
        if self.group is not None:
            reached = reached + self.shared.T @ self._by_group(flows, self.group)
        return np.asarray(reached - totals - self.right)

    def curvature(self, flows: Flows, totals: Vector) -> np.ndarray:
        """Return the Hessian of the dual, dense."""
        from scipy import sparse

        weighted = (self.own_columns @ sparse.diags_array(flows)).tocsr()
        result: np.ndarray = (weighted @ self.own).toarray()
        if self.group is not None:
            count = self.shared.shape[0]
            entries = (np.arange(flows.size), self.group)
            members = sparse.coo_array(
                (np.ones(flows.size), entries), shape=(flows.size, count)
            ).tocsr()
            cross = ((weighted @ members) @ self.shared).toarray()
            result += cross
            result += cross.T
            del cross
            scaled = sparse.diags_array(self._by_group(flows, self.group)) @ self.shared
            result += (self.shared.T @ scaled).toarray()
        places = np.arange(totals.size)
        result[places, places] += totals / self.weight
        return result

    def _by_group(self, flows: Flows, group: Int[np.ndarray, " flow"]) -> np.ndarray:
        return np.bincount(group, weights=flows, minlength=self.shared.shape[0])


@dataclass(frozen=True, eq=False)
class Nearest:
    """The flows and soft totals that were found (bn USD), and how the search ended."""

    flows: Flows
    totals: Vector
    steps: int
    residual: float


def find_nearest(programme: Programme, tell: Callable[[str], None] | None = None) -> Nearest:
    """Return the flows nearest to their priors that meet the constraints (bn USD).

    Args:
        programme: Priors and constraints.
        tell: Called with a line after every step.

    Raises:
        ArithmeticError: No flows meet the constraints to the tolerance.
    """
    multiplier = np.zeros(programme.right.size)
    for step in range(MAX_STEPS + 1):
        flows, totals = programme.flows(multiplier), programme.totals(multiplier)
        gap = programme.gap(flows, totals)
        residual = float(np.max(np.abs(gap) / programme.scale))
        if tell is not None:
            tell(f"step {step}: relative residual {residual:.1e}")
        if residual < TOLERANCE:
            return Nearest(flows, totals, step, residual)
        multiplier = multiplier + _move(programme, multiplier, gap, (flows, totals))
    raise ArithmeticError(f"the search stopped at a relative residual of {residual:.2e}")


def _move(
    programme: Programme, multiplier: Vector, gap: Vector, at: tuple[Flows, Vector]
) -> Vector:
    """Return Newton's step, shortened until the dual falls."""
    from scipy.linalg import cho_factor, cho_solve

    curvature = programme.curvature(*at)
    diagonal = np.diag(curvature).copy()
    root = 1.0 / np.sqrt(np.maximum(diagonal, 1e-300))
    curvature *= root[:, None]
    curvature *= root[None, :]
    curvature[np.arange(root.size), np.arange(root.size)] += RIDGE
    factor = cho_factor(curvature, overwrite_a=True, check_finite=False)
    move: Vector = -root * cho_solve(factor, root * gap, check_finite=False)
    exponent = programme.own @ move
    if programme.group is not None:
        exponent = exponent + (programme.shared @ move)[programme.group]
    largest = float(np.max(np.abs(exponent), initial=0.0))
    length = min(1.0, LONGEST / max(largest, 1e-300))
    start, slope = programme.value(multiplier), float(gap @ move)
    while length > 1e-8:
        reached = programme.value(multiplier + length * move)
        if reached <= start + 1e-4 * length * slope + 1e-15 * abs(start):
            break
        length *= 0.5
    return length * move
