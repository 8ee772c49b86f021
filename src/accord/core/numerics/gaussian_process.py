"""Interpolation by a Gaussian process, with an exact slope, for payoffs over the unit box.

The kernel is a product over terms of `1 + strength * exp(-distance²/2)`: every term alone, every
pair, and so on (an ANOVA kernel: Durrande, Ginsbourger, Roustant and Carraro 2013, Journal of
Multivariate Analysis 115). Terms in different groups only add up.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

Term = Float[np.ndarray, " term"]
Party = Float[np.ndarray, " party"]
Groups = tuple[tuple[int, ...], ...]
Sites = Float[np.ndarray, "site term"]
Values = Float[np.ndarray, "site party"]

NUGGET = 1e-8  # of the mean variance: what the kernel leaves unexplained on purpose
LENGTHS = (-2.5, 3.0)  # logarithms over the range of a term
STRENGTHS = (-6.0, 5.0)
STARTS = (0.0, 1.0)
PULL = 0.02  # towards a length and a strength of one, where points do not decide
FIT_STEPS = 60


@dataclass(frozen=True, eq=False)
class CovarianceKernel:
    """How alike the payoff of one party is at two places of the unit box.

    Attributes:
        groups: Terms that act together; groups only add up.
        lengths: Distance over which each term matters, over its range.
        strengths: How much each term adds to those it acts with.
    """

    groups: Groups
    lengths: Term
    strengths: Term

    def between(
        self, left: Float[np.ndarray, "left term"], right: Float[np.ndarray, "right term"]
    ) -> Float[np.ndarray, "left right"]:
        """Return the kernel between all pairs of places.

        >>> one = CovarianceKernel(((0,),), np.ones(1), np.ones(1))
        >>> one.between(np.zeros((1, 1)), np.zeros((1, 1))).tolist()
        [[2.0]]
        """
        factors = self._factors(left[:, None, :] - right[None, :, :])
        parts = [factors[..., list(group)].prod(axis=-1) for group in self.groups]
        return np.asarray(sum(parts[1:], parts[0]))

    def slope(self, place: Term, sites: Sites) -> Float[np.ndarray, "term site"]:
        """Return the derivative of the kernel with sites, by each coordinate of a place."""
        away = place[None, :] - sites
        factors = self._factors(away)
        own = (1 - factors) * away / self.lengths**2
        rows = np.zeros((len(place), len(sites)))
        for group in self.groups:
            whole = factors[:, list(group)].prod(axis=1)
            for term in group:
                rows[term] = own[:, term] * whole / factors[:, term]
        return rows

    def slopes_in_logs(
        self, apart: Float[np.ndarray, "left right term"]
    ) -> Iterator[Float[np.ndarray, "left right"]]:
        """Yield the derivative by the logarithm of each length, then of each strength.

        Args:
            apart: Squared distance between places along each term.
        """
        own = self.strengths * np.exp(-apart / (2 * self.lengths**2))
        whole = np.ones_like(apart)
        for group in self.groups:
            at = list(group)
            whole[..., at] = (1 + own[..., at]).prod(axis=-1, keepdims=True)
        by_strength = own * whole / (1 + own)
        yield from np.moveaxis(by_strength * apart / self.lengths**2, -1, 0)
        yield from np.moveaxis(by_strength, -1, 0)

    def _factors(self, away: np.ndarray) -> np.ndarray:
        return np.asarray(1 + self.strengths * np.exp(-((away / self.lengths) ** 2) / 2))


@dataclass(frozen=True, eq=False)
class Layer:
    """An interpolation of the payoffs of all parties over the unit box.

    Attributes:
        sites: Places whose payoffs are known.
        kernels: Of each party.
        weights: Of each site in each payoff.
        center: What is added to each payoff.
    """

    sites: Sites
    kernels: tuple[CovarianceKernel, ...]
    weights: Values
    center: Party

    def value(self, place: Term) -> Party:
        """Return the payoffs at a place."""
        rows = [kernel.between(place[None, :], self.sites)[0] for kernel in self.kernels]
        return np.asarray(self.center + (np.stack(rows, axis=1) * self.weights).sum(axis=0))

    def slope(self, place: Term) -> Float[np.ndarray, "party term"]:
        """Return the derivative of the payoffs by each coordinate of a place."""
        return np.stack([
            kernel.slope(place, self.sites) @ self.weights[:, party]
            for party, kernel in enumerate(self.kernels)
        ])  # fmt: skip


def fit_layer(sites: Sites, values: Values, groups: Groups, *, learnt: int | None = None) -> Layer:
    """Return the interpolation of values at sites.

    Args:
        sites: Places in the unit box.
        values: Payoffs there.
        groups: Terms that act together; those in no group do not act.
        learnt: Number of sites, the first ones, that lengths and strengths are learnt from.
    """
    center, scale = values.mean(axis=0), values.std(axis=0)
    scale = np.where(scale > 0, scale, 1.0)
    scaled = (values - center) / scale
    some = slice(0, learnt)
    kernels = tuple(fit_kernel(sites[some], payoff[some], groups).kernel for payoff in scaled.T)
    weights = [
        np.linalg.solve(gram(kernel, sites), payoff)
        for kernel, payoff in zip(kernels, scaled.T, strict=True)
    ]
    return Layer(sites, kernels, np.stack(weights, axis=1) * scale, center)


def choose_groups(sites: Sites, values: Values, groups: Groups | None) -> Groups:
    """Return the groups if points left out are predicted better with them, one group otherwise."""
    whole: Groups = (tuple(range(sites.shape[1])),)
    if groups is None or len(groups) < 2:
        return whole
    scale = values.std(axis=0)
    scaled = (values - values.mean(axis=0)) / np.where(scale > 0, scale, 1.0)

    def error(given: Groups) -> float:
        fits = [fit_kernel(sites, payoff, given) for payoff in scaled.T]
        return float(np.mean([np.mean(fit.left_out**2) for fit in fits]))

    return min((groups, whole), key=error)


@dataclass(frozen=True, eq=False)
class Fitted:
    """A kernel with the weights of the sites and the errors at each site left out in turn."""

    kernel: CovarianceKernel
    weights: Float[np.ndarray, " site"]
    left_out: Float[np.ndarray, " site"]


def fit_kernel(sites: Sites, payoff: Float[np.ndarray, " site"], groups: Groups) -> Fitted:
    """Return the kernel of largest likelihood, its variance profiled out."""
    from scipy.linalg import cho_factor, cho_solve  # slow to import
    from scipy.optimize import minimize  # slow to import

    count = sites.shape[1]
    bounds = [LENGTHS] * count + [STRENGTHS] * count

    def kernel(logs: np.ndarray) -> CovarianceKernel:
        return CovarianceKernel(groups, np.exp(logs[:count]), np.exp(logs[count:]))

    apart = (sites[:, None, :] - sites[None, :, :]) ** 2

    def loss(logs: np.ndarray) -> tuple[float, np.ndarray]:
        """Minus the logarithm of the likelihood, the variance at its best, and its gradient."""
        tried = kernel(logs)
        lower, _ = factor = cho_factor(gram(tried, sites), lower=True)
        inverse = cho_solve(factor, np.eye(len(sites)))
        weights = inverse @ payoff
        variance = max(float(payoff @ weights) / len(payoff), 1e-300)
        log_det = float(np.log(np.diag(lower)).sum())
        pull = inverse - np.outer(weights, weights) / variance
        slopes = np.array([(pull * part).sum() / 2 for part in tried.slopes_in_logs(apart)])
        value = len(payoff) * np.log(variance) / 2 + log_det + PULL * (logs @ logs)
        return float(value), slopes + 2 * PULL * logs

    starts = [np.concatenate([np.full(count, start), np.zeros(count)]) for start in STARTS]
    options = {"maxiter": FIT_STEPS}
    optima = [
        minimize(loss, start, method="L-BFGS-B", jac=True, bounds=bounds, options=options)
        for start in starts
    ]
    best = kernel(min(optima, key=lambda optimum: float(optimum.fun)).x)
    inverse = np.linalg.inv(gram(best, sites))
    weights = inverse @ payoff
    return Fitted(best, weights, weights / np.diag(inverse))


def gram(kernel: CovarianceKernel, sites: Sites) -> Float[np.ndarray, "site site"]:
    """Return the kernel between sites, with a little more on its diagonal."""
    between = kernel.between(sites, sites)
    return np.asarray(between + NUGGET * between.trace() / len(sites) * np.eye(len(sites)))
