"""Bringing the 2014 flows to 2024: the closest flows that meet what is known of 2024.

Unknowns are flows `T_nij` and final demand `F_nj`; their priors are `P_nij` and `G_nj`. Minimise
the cross-entropy `KL(T|P) + KL(F|G)` subject to

    sum_i T_nij (1 + tau_nij) = sum_k gamma_njk Y_nk + F_nj      (880 commodity balances)
    sum_j beta_nj Y_nj = V_n                                      (44 value-added totals)
    imports_n - exports_n = D_n                                   (deficits, where known)

with some flows held fixed. The dual is convex and smooth: Newton on one multiplier a constraint.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from accord.core.arrays import Bool, Float

Cube = Float[np.ndarray, "importer exporter sector"]
Table = Float[np.ndarray, "region sector"]
Inputs = Float[np.ndarray, "region input sector"]
Vector = Float[np.ndarray, " constraint"]

TOLERANCE = 1e-12
MAX_STEPS = 100


@dataclass(frozen=True, eq=False)
class Target:
    """What the rebased world must satisfy (bn USD): priors, fixed flows, totals."""

    prior: Cube
    final_prior: Table
    fixed: Bool[np.ndarray, "importer exporter sector"]
    tariff: Cube
    beta: Table
    gamma: Inputs
    value_added: Float[np.ndarray, " region"]
    deficit: Float[np.ndarray, " region"]
    """NaN where it is free."""


@dataclass(frozen=True, eq=False)
class Rebased:
    """Balanced flows (bn USD) with how the search ended."""

    flows: Cube
    final: Table
    steps: int
    residual: float
    distance: float


@dataclass(frozen=True, eq=False)
class Dual:
    """The dual problem: constraint matrices by flow and by final demand, and its scale."""

    by_flow: Any
    by_final: Any
    fixed_part: Vector
    flow_prior: Float[np.ndarray, " free"]
    final_prior: Float[np.ndarray, " final"]
    scale: Vector

    def primal(self, multiplier: Vector) -> tuple[np.ndarray, np.ndarray]:
        """Return flows and final demand at given multipliers."""
        flow = self.flow_prior * np.exp(self.by_flow.T @ multiplier)
        return flow, self.final_prior * np.exp(self.by_final.T @ multiplier)

    def value(self, multiplier: Vector) -> float:
        """Return the convex dual objective."""
        flow, final = self.primal(multiplier)
        return float(flow.sum() + final.sum() + self.fixed_part @ multiplier)

    def gradient(self, flow: np.ndarray, final: np.ndarray) -> Vector:
        """Return the constraint residuals, bn USD."""
        result: Vector = self.by_flow @ flow + self.by_final @ final + self.fixed_part
        return result

    def curvature(self, flow: np.ndarray, final: np.ndarray) -> np.ndarray:
        """Return the Hessian."""
        from scipy import sparse

        first = self.by_flow @ sparse.diags_array(flow) @ self.by_flow.T
        second = self.by_final @ sparse.diags_array(final) @ self.by_final.T
        dense: np.ndarray = (first + second).toarray()
        return dense


def rebase_flows(target: Target) -> Rebased:
    """Return the balanced flows nearest to the priors (bn USD).

    Raises:
        ArithmeticError: No flows meet the targets to the tolerance.
    """
    dual, free = build_dual(target)
    multiplier = np.zeros(dual.fixed_part.size)
    residual, steps = np.inf, 0
    while True:
        flow, final = dual.primal(multiplier)
        gap = dual.gradient(flow, final)
        residual = float(np.max(np.abs(gap) / dual.scale))
        if residual < TOLERANCE:
            break
        if steps == MAX_STEPS:
            raise ArithmeticError(f"rebasing stopped at a relative residual of {residual:.2e}")
        multiplier = multiplier + _step(dual, multiplier, gap, dual.curvature(flow, final))
        steps += 1
    flows = np.where(target.fixed, target.prior, 0.0)
    flows[free] = flow
    table = np.zeros_like(target.final_prior)
    table[target.final_prior > 0] = final
    distance = float((flow * np.log(flow / dual.flow_prior) - flow + dual.flow_prior).sum())
    return Rebased(flows, table, steps, residual, distance)


def _step(dual: Dual, multiplier: Vector, gap: Vector, curvature: np.ndarray) -> Vector:
    """Return Newton's step, halved until the dual falls."""
    ridge = 1e-14 * np.maximum(np.diag(curvature), 1e-300)
    move = -np.linalg.solve(curvature + np.diag(ridge), gap)
    largest = float(np.max(np.abs(dual.by_flow.T @ move), initial=0.0))
    length = min(1.0, 3.0 / largest) if largest > 0 else 1.0
    start, slope = dual.value(multiplier), float(gap @ move)
    while length > 1e-8 and length < 1.0:
        if dual.value(multiplier + length * move) <= start + 1e-4 * length * slope:
            break
        length *= 0.5
    shortened: Vector = length * move
    return shortened


def build_dual(target: Target) -> tuple[Dual, tuple[np.ndarray, ...]]:
    """Return the dual problem, and the positions (n, i, j) of the flows that are free."""
    from scipy import sparse

    n_region, n_sector = target.beta.shape
    free = np.nonzero(~target.fixed & (target.prior > 0))
    held = np.nonzero(target.fixed & (target.prior > 0))
    all_cells = tuple(np.concatenate(pair) for pair in zip(free, held, strict=True))
    matrix = _constraint_matrix(target, all_cells)
    known = ~np.isnan(target.deficit)
    keep = np.concatenate([np.ones(n_region * n_sector + n_region, dtype=bool), known])
    some_final = target.final_prior.ravel() > 0
    sold = target.prior.sum(axis=(0, 1)) > 0
    balance = np.zeros((n_region, n_sector), dtype=bool)
    balance[:, sold] = target.prior.sum(axis=1)[:, sold] > 0
    keep[: n_region * n_sector] &= balance.ravel()
    matrix = matrix[keep]
    final = -sparse.eye_array(keep.size, n_region * n_sector, format="csr")[keep][:, some_final]
    count = free[0].size
    totals = np.concatenate([np.zeros(n_region * n_sector), target.value_added, target.deficit])
    fixed_part = matrix[:, count:] @ target.prior[held] - totals[keep]
    prior = target.prior[free]
    spending = np.maximum((target.prior * (1 + target.tariff)).sum(axis=1).ravel(), 1e-9)
    scale = np.concatenate([spending, target.value_added, target.value_added])[keep]
    dual = Dual(
        matrix[:, :count].tocsr(),
        final.tocsr(),
        fixed_part,
        prior,
        target.final_prior.ravel()[some_final],
        scale,
    )
    return dual, free


def _constraint_matrix(target: Target, cells: tuple[np.ndarray, ...]) -> Any:
    from scipy import sparse

    n_region, n_sector = target.beta.shape
    importer, exporter, sector = cells
    flow = np.arange(importer.size)
    rows = [importer * n_sector + sector]
    columns, values = [flow], [1.0 + target.tariff[cells]]
    for used in range(n_sector):
        rows.append(exporter * n_sector + used)
        columns.append(flow)
        values.append(-target.gamma[exporter, used, sector])
    first = n_region * n_sector
    rows.append(first + exporter)
    columns.append(flow)
    values.append(target.beta[exporter, sector])
    for region, sign in ((importer, 1.0), (exporter, -1.0)):
        rows.append(first + n_region + region)
        columns.append(flow)
        values.append(np.full(importer.size, sign))
    shape = (first + 2 * n_region, importer.size)
    entries = (np.concatenate(values), (np.concatenate(rows), np.concatenate(columns)))
    return sparse.coo_array(entries, shape=shape).tocsr()
