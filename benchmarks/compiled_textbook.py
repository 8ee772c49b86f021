"""The same textbook method as in `textbook.py`, in loops that Numba compiles to machine code.

Numba is not installed with Accord: `uv run --with numba python benchmarks/trade.py --only textbook`.
Prices are found as the authors' code does, which raises every cell of the cube to the power
`-theta` in each pass, or with those powers formed once a shock (`once`), as a careful author would.
"""

import numpy as np
from numba import njit
from textbook import DAMPING, INNER, TextbookResult

from accord.trade.model import TradeModel


def solve_compiled(
    model: TradeModel, tariff: np.ndarray, tolerance: float, max_rounds: int, *, once: bool
) -> TextbookResult:
    """Return the equilibrium under new tariffs, deficits fixed in world value added."""
    kappa_hat = (1 + tariff) / (1 + model.tariff)
    weight = model.trade_share
    if once:
        weight, kappa_hat = weight * kappa_hat**-model.elasticity, np.ones_like(kappa_hat)
    turned = (np.ascontiguousarray(np.moveaxis(a, 2, 0)) for a in (weight, kappa_hat, 1 + tariff))
    income, log_P, rounds, residual = _solve(
        *turned, *(model.value_added, model.deficit, model.final_share, model.value_added_share),
        *(model.input_share, model.elasticity, model.expenditure),
        *(tolerance, max_rounds), once=once,
    )  # fmt: skip
    cost_of_living = np.exp((model.final_share * log_P).sum(axis=1))
    return TextbookResult(income / model.income / cost_of_living - 1, rounds, residual)


@njit(fastmath=True)
def _solve(weight, kappa_hat, duty, VA, D, alpha, beta, gamma, theta, X0, tolerance, most, once):
    J, N, _ = weight.shape
    world = VA.sum()
    w_hat, log_P, X = np.ones(N), np.zeros((N, J)), X0.copy()
    log_c, cost, Y = np.zeros((N, J)), np.zeros((J, N)), np.zeros((N, J))
    pi, income = np.zeros_like(weight), np.zeros(N)
    residual, rounds = np.inf, 0
    while residual > tolerance and rounds < most:
        rounds += 1
        gap = np.inf
        while gap > tolerance * INNER:
            for n in range(N):
                for j in range(J):
                    log_c[n, j] = beta[n, j] * np.log(w_hat[n])
                for k in range(J):
                    for j in range(J):
                        log_c[n, j] += gamma[n, k, j] * log_P[n, k]
            gap = 0.0
            for j in range(J):
                for i in range(N):
                    cost[j, i] = np.exp(-theta[j] * log_c[i, j]) if once else np.exp(log_c[i, j])
                for n in range(N):
                    total = 0.0
                    for i in range(N):
                        if once:
                            pi[j, n, i] = weight[j, n, i] * cost[j, i]
                        else:
                            pi[j, n, i] = (
                                weight[j, n, i] * (kappa_hat[j, n, i] * cost[j, i]) ** -theta[j]
                            )
                        total += pi[j, n, i]
                    new = -np.log(total) / theta[j]
                    gap = max(gap, abs(np.expm1(new - log_P[n, j])))
                    log_P[n, j] = new
                    for i in range(N):
                        pi[j, n, i] /= total
        gap = np.inf
        while gap > tolerance * INNER:
            Y[:] = 0.0
            for n in range(N):
                income[n] = w_hat[n] * VA[n] + D[n]
            for j in range(J):
                for n in range(N):
                    kept = 0.0
                    for i in range(N):
                        net = pi[j, n, i] / duty[j, n, i] * X[n, j]
                        Y[i, j] += net
                        kept += net
                    income[n] += X[n, j] - kept
            gap = 0.0
            for n in range(N):
                for k in range(J):
                    spent = alpha[n, k] * income[n]
                    for j in range(J):
                        spent += gamma[n, k, j] * Y[n, j]
                    gap = max(gap, abs(spent - X[n, k]) / world)
                    X[n, k] = spent
        residual = 0.0
        total = 0.0
        for n in range(N):
            demand = 0.0
            for j in range(J):
                demand += beta[n, j] * Y[n, j]
            excess = demand / VA[n] - w_hat[n]
            residual = max(residual, abs(excess / w_hat[n]))
            w_hat[n] += DAMPING * excess
            total += w_hat[n] * VA[n]
        for n in range(N):
            w_hat[n] *= world / total
    return income, log_P, rounds, residual
