"""The textbook method, for comparison: nested fixed points in plain NumPy, nothing clever.

The appendix of Caliendo and Parro (2015): guess wages; iterate prices to convergence; form the
shares; find expenditure; move every wage a fifth of the way that its labour market asks for; start
again. The inner loops begin from their last values, which is kinder than the authors' code.
"""

from dataclasses import dataclass

import numpy as np

from accord.trade.model import TradeModel

DAMPING = 0.2
INNER = 0.01  # the inner loops end at this part of the outer tolerance


@dataclass(frozen=True)
class TextbookResult:
    """Welfare (fraction of baseline income), outer rounds, and the residual reached."""

    welfare: np.ndarray
    rounds: int
    residual: float


def solve_textbook(
    model: TradeModel, tariff: np.ndarray, tolerance: float, max_rounds: int
) -> TextbookResult:
    """Return the equilibrium under new tariffs, deficits fixed in world value added."""
    VA, D, world = model.value_added, model.deficit, model.value_added.sum()
    alpha, beta, gamma = model.final_share, model.value_added_share, model.input_share
    kappa_hat = (1 + tariff) / (1 + model.tariff)
    w_hat, P_hat, X = np.ones_like(VA), np.ones_like(beta), np.array(model.expenditure)
    income, residual, rounds = model.income, np.inf, 0
    while residual > tolerance and rounds < max_rounds:
        rounds += 1
        P_hat, pi = _find_prices(model, w_hat, P_hat, kappa_hat, tolerance=tolerance * INNER)
        net = pi / (1 + tariff)
        gap = np.inf
        while gap > tolerance * INNER:
            Y = (net * X[:, None, :]).sum(axis=0)
            duty = ((pi - net) * X[:, None, :]).sum(axis=(1, 2))
            income = w_hat * VA + duty + D
            X_new = np.einsum("nkj,nj->nk", gamma, Y) + alpha * income[:, None]
            gap = np.abs(X_new - X).max() / world
            X = X_new
        excess = (beta * (net * X[:, None, :]).sum(axis=0)).sum(axis=1) / VA - w_hat
        residual = float(np.abs(excess / w_hat).max())
        w_hat = w_hat + DAMPING * excess
        w_hat *= world / (w_hat * VA).sum()
    cost_of_living = np.exp((alpha * np.log(P_hat)).sum(axis=1))
    return TextbookResult(income / model.income / cost_of_living - 1, rounds, residual)


def _find_prices(
    model: TradeModel,
    w_hat: np.ndarray,
    P_hat: np.ndarray,
    kappa_hat: np.ndarray,
    *,
    tolerance: float,
) -> tuple[np.ndarray, np.ndarray]:
    """Return prices and shares at given wages."""
    beta, gamma, theta = model.value_added_share, model.input_share, model.elasticity
    gap = np.inf
    while True:
        log_inputs = np.einsum("nkj,nk->nj", gamma, np.log(P_hat))
        c_hat = w_hat[:, None] ** beta * np.exp(log_inputs)
        weight = model.trade_share * (kappa_hat * c_hat[None, :, :]) ** -theta
        total = weight.sum(axis=1)
        P_new = total ** (-1 / theta)
        gap = np.abs(P_new / P_hat - 1).max()
        P_hat = P_new
        if not gap > tolerance:
            return P_hat, weight / total[:, None, :]
