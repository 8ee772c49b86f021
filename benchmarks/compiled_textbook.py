"""The textbook method of `textbook.py` in loops that Numba compiles: a table of `trade.py`.

Numba does not come with Accord: `uv run --with numba python benchmarks/trade.py --only compiled`.
Prices are found as the authors' code does, which raises every cell of the cube to the power
`-theta` in each pass, or with those powers formed once a shock, as a careful author would.
"""

import time
from collections.abc import Callable
from typing import Any

import numpy as np
from tables import measure, print_table
from textbook import DAMPING, INNER, TextbookResult
from worlds import Case

from accord.trade.model import TradeModel
from accord.trade.plan import TradeShock
from accord.trade.solver import solve_trade

compiled: Callable[[Any], Any]
try:
    from numba import njit

    compiled = njit(fastmath=True)
except ImportError:
    compiled = None  # type: ignore[assignment]


def time_compiled(cases: list[Case], repeats: int, tolerance: float, max_rounds: int) -> None:
    """Print how long the textbook takes as compiled loops, where Numba is installed."""
    if compiled is None:
        print(
            "\nThe textbook as compiled loops: left out, for it needs Numba (uv run --with numba)"
        )
        return
    rows = []
    for case in cases:
        shock = TradeShock(tariff=case.tariff)
        ours = measure(lambda m=case.model, s=shock: solve_trade(m, s), repeats)
        welfare = solve_trade(case.model, shock).value.welfare
        for once in (False, True):
            solve_compiled(case.model, case.tariff, 1.0, 1, once=once)  # compiles
            start = time.perf_counter()
            textbook = solve_compiled(case.model, case.tariff, tolerance, max_rounds, once=once)
            took = time.perf_counter() - start
            rows.append(
                (
                    *(case.size, case.name, "once a shock" if once else "in each pass"),
                    *(textbook.rounds, f"{textbook.residual:.0e}", f"{took * 1e3:.0f}", ours),
                    f"{took / ours.median:.0f}",
                    f"{np.abs(textbook.welfare - welfare).max():.0e}",
                )
            )
    header = ("size", "shock", "powers of the cube", "rounds", "residual", "compiled, ms",
              "solve_trade, ms", "ratio to median", "largest difference of welfare")  # fmt: skip
    print_table("The textbook as compiled loops, once, and solve_trade to 1e-10", header, rows)


def solve_compiled(
    model: TradeModel, tariff: np.ndarray, tolerance: float, max_rounds: int, *, once: bool
) -> TextbookResult:
    """Return the equilibrium under new tariffs, deficits fixed in world value added."""
    kappa_hat = (1 + tariff) / (1 + model.tariff)
    weight = model.trade_share
    if once:
        weight, kappa_hat = weight * kappa_hat**-model.elasticity, np.ones_like(kappa_hat)
    cubes = tuple(
        np.ascontiguousarray(np.moveaxis(cube, 2, 0)) for cube in (weight, kappa_hat, 1 + tariff)
    )
    shares = (model.final_share, model.value_added_share, model.input_share, model.elasticity)
    money = (model.value_added, model.deficit, model.expenditure)
    income, log_P, rounds, residual = _iterate(cubes, shares, money, (tolerance, max_rounds, once))
    cost_of_living = np.exp((model.final_share * log_P).sum(axis=1))
    return TextbookResult(income / model.income / cost_of_living - 1, rounds, residual)


def _prices(cubes, shares, w_hat, log_P, pi, goal, once):  # noqa: PLR0917
    (weight, kappa_hat, _), (_, beta, gamma, theta) = cubes, shares
    J, N, _ = weight.shape
    log_c, cost = np.zeros((N, J)), np.zeros((J, N))
    gap = np.inf
    while gap > goal:
        gap = 0.0
        for n in range(N):
            for j in range(J):
                log_c[n, j] = beta[n, j] * np.log(w_hat[n])
            for k in range(J):
                for j in range(J):
                    log_c[n, j] += gamma[n, k, j] * log_P[n, k]
        for j in range(J):
            for i in range(N):
                cost[j, i] = np.exp(-theta[j] * log_c[i, j]) if once else np.exp(log_c[i, j])
            for n in range(N):
                total = 0.0
                for i in range(N):
                    offer = cost[j, i] if once else (kappa_hat[j, n, i] * cost[j, i]) ** -theta[j]
                    pi[j, n, i] = weight[j, n, i] * offer
                    total += pi[j, n, i]
                new = -np.log(total) / theta[j]
                gap = max(gap, abs(np.expm1(new - log_P[n, j])))
                log_P[n, j] = new
                for i in range(N):
                    pi[j, n, i] /= total


def _spending(duty, shares, money, unknowns, goal):  # noqa: PLR0917
    (alpha, _, gamma, _), (VA, D, _), (w_hat, pi, X, Y, income) = shares, money, unknowns
    J, N, _ = pi.shape
    gap, world = np.inf, VA.sum()
    while gap > goal:
        gap = 0.0
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
        for n in range(N):
            for k in range(J):
                spent = alpha[n, k] * income[n]
                for j in range(J):
                    spent += gamma[n, k, j] * Y[n, j]
                gap = max(gap, abs(spent - X[n, k]) / world)
                X[n, k] = spent


def _wages(beta, VA, w_hat, Y):
    worst = total = 0.0
    for n in range(len(VA)):
        demand = 0.0
        for j in range(Y.shape[1]):
            demand += beta[n, j] * Y[n, j]
        excess = demand / VA[n] - w_hat[n]
        worst = max(worst, abs(excess / w_hat[n]))
        w_hat[n] += DAMPING * excess
        total += w_hat[n] * VA[n]
    w_hat *= VA.sum() / total
    return worst


def _iterate(cubes, shares, money, limits):
    (tolerance, max_rounds, once), (J, N, _) = limits, cubes[0].shape
    w_hat, log_P, X = np.ones(N), np.zeros((N, J)), money[2].copy()
    pi, income, Y = np.zeros_like(cubes[0]), np.zeros(N), np.zeros((N, J))
    residual, rounds = np.inf, 0
    while residual > tolerance and rounds < max_rounds:
        rounds += 1
        _prices(cubes, shares, w_hat, log_P, pi, tolerance * INNER, once)
        _spending(cubes[2], shares, money, (w_hat, pi, X, Y, income), tolerance * INNER)
        residual = _wages(shares[1], money[0], w_hat, Y)
    return income, log_P, rounds, residual


if compiled is not None:
    _prices, _spending, _wages = map(compiled, (_prices, _spending, _wages))
    _iterate = compiled(_iterate)
