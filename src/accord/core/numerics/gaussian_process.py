"""Interpolation by a Gaussian process, with an exact slope, for payoffs over the unit box.

The kernel is a product over terms of `1 + strength * exp(-distance²/2)`: every term alone, every
pair, and so on (an ANOVA kernel: Durrande, Ginsbourger, Roustant and Carraro 2013, Journal of
Multivariate Analysis 115). Terms in different groups only add up.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, reduce

import numpy as np

from accord.core.arrays import Float

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

    def gram_and_slopes(
        self, apart: Float[np.ndarray, "term left right"]
    ) -> tuple[Float[np.ndarray, "left right"], Callable[[np.ndarray], Float[np.ndarray, " log"]]]:
        """Return the kernel between places, and what turns its weights into slopes.

        The latter returns the derivative of the sum of the kernel times some weights by the
        logarithm of each length, then of each strength.

        Args:
            apart: Squared distance between places along each term.
        """
        scale = -0.5 / self.lengths[:, None, None] ** 2
        own = self.strengths[:, None, None] * np.exp(apart * scale)
        factors = 1 + own
        parts = [_product(factors, group) for group in self.groups]

        def slopes(weights: np.ndarray) -> np.ndarray:
            by_log = np.zeros((2, len(self.lengths)))
            for group, part in zip(self.groups, parts, strict=True):
                weighted = part * weights
                for term in group:
                    by_strength = weighted * own[term] / factors[term]
                    by_length = (by_strength * apart[term]).sum() / self.lengths[term] ** 2
                    by_log[:, term] = by_length, by_strength.sum()
            return by_log.ravel()

        return np.asarray(sum(parts[1:], parts[0])), slopes

    def _factors(self, away: np.ndarray) -> np.ndarray:
        return np.asarray(1 + self.strengths * np.exp(-((away / self.lengths) ** 2) / 2))


@dataclass(frozen=True, eq=False)
class Layer:
    """An interpolation of the payoffs of all parties over the unit box.

    Attributes:
        sites: Places whose payoffs are known.
        kernels: Of each party; all with the same groups.
        weights: Of each site in each payoff.
        center: What is added to each payoff.
    """

    sites: Sites
    kernels: tuple[CovarianceKernel, ...]
    weights: Values
    center: Party

    def value(self, place: Term) -> Party:
        """Return the payoffs at a place."""
        return np.asarray(self.values(place[None, :])[0])

    def values(self, places: Float[np.ndarray, "place term"]) -> Float[np.ndarray, "place party"]:
        """Return the payoffs at many places."""
        factors = self._factors(places)[1]
        alike = sum(_product(factors, group) for group in self._groups)
        return np.asarray(self.center + np.einsum("aps,ps->ap", alike, self._weights))

    def slope(self, place: Term) -> Float[np.ndarray, "party term"]:
        """Return the derivative of the payoffs by each coordinate of a place."""
        away, factors = self._factors(place[None, :])
        slopes = np.zeros((len(self.kernels), len(place)))
        for group in self._groups:
            whole = _product(factors, group)[0] * self._weights
            for term in group:
                own = (1 / factors[term][0] - 1) * away[term]
                slopes[:, term] = (own * whole).sum(axis=1) / self._widths[term, :, 0]
        return slopes

    @cached_property
    def _groups(self) -> Groups:
        return self.kernels[0].groups

    @cached_property
    def _weights(self) -> Float[np.ndarray, "party site"]:
        return np.ascontiguousarray(self.weights.T)

    @cached_property
    def _widths(self) -> Float[np.ndarray, "term party 1"]:
        """Squared lengths."""
        return np.stack([kernel.lengths for kernel in self.kernels], axis=1)[..., None] ** 2

    @cached_property
    def _strengths(self) -> Float[np.ndarray, "term party 1"]:
        return np.stack([kernel.strengths for kernel in self.kernels], axis=1)[..., None]

    @cached_property
    def _last(self) -> dict[bytes, tuple[np.ndarray, np.ndarray]]:
        """The place asked last: its slope is mostly asked for after its value."""
        return {}

    def _factors(self, places: Float[np.ndarray, "place term"]) -> tuple[np.ndarray, np.ndarray]:
        """Return distances by term, place and site, and factors by term, place, party and site."""
        key = places.tobytes()
        if key not in self._last:
            away = places.T[:, :, None] - self.sites.T[:, None, :]
            scaled = (away**2)[:, :, None, :] * (-0.5 / self._widths[:, None])
            factors = 1 + self._strengths[:, None] * np.exp(scaled, out=scaled)
            self._last.clear()
            self._last[key] = away, factors
        return self._last[key]


def _product(factors: np.ndarray, group: tuple[int, ...]) -> np.ndarray:
    """Return the product of the factors of some terms."""
    return np.asarray(reduce(np.multiply, [factors[term] for term in group]))


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

    apart = np.stack([(column[:, None] - column[None, :]) ** 2 for column in sites.T])

    def loss(logs: np.ndarray) -> tuple[float, np.ndarray]:
        """Minus the logarithm of the likelihood, the variance at its best, and its gradient."""
        between, slopes = kernel(logs).gram_and_slopes(apart)
        lower, _ = factor = cho_factor(_with_nugget(between), lower=True)
        inverse = cho_solve(factor, np.eye(len(sites)))
        weights = inverse @ payoff
        variance = max(float(payoff @ weights) / len(payoff), 1e-300)
        log_det = float(np.log(np.diag(lower)).sum())
        pull = inverse - np.outer(weights, weights) / variance
        value = len(payoff) * np.log(variance) / 2 + log_det + PULL * (logs @ logs)
        return float(value), slopes(pull) / 2 + 2 * PULL * logs

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
    return _with_nugget(kernel.between(sites, sites))


def _with_nugget(between: Float[np.ndarray, "site site"]) -> Float[np.ndarray, "site site"]:
    return np.asarray(between + NUGGET * between.trace() / len(between) * np.eye(len(between)))
