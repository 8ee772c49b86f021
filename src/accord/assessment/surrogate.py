"""Payoffs over terms from few evaluations, with an exact gradient and a measured error.

The payoffs are interpolated by a Gaussian process (Sacks, Welch, Mitchell and Wynn 1989,
Statistical Science 4(4)) whose kernel is a product over terms of `1 + strength *
exp(-distance²/2)`: every term alone, every pair, and so on (an ANOVA kernel: Durrande, Ginsbourger,
Roustant and Carraro 2013, Journal of Multivariate Analysis 115). Terms in different groups may
only add up; that is kept where it predicts points left out better than one group does.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from jaxtyping import Float
from scipy.linalg import cho_factor, cho_solve
from scipy.optimize import minimize
from scipy.stats import qmc

from accord.bargaining.problem import Party, Term

Evaluate = Callable[[Term], Party]
Groups = tuple[tuple[int, ...], ...]
Sites = Float[np.ndarray, "site term"]
Values = Float[np.ndarray, "site party"]

NUGGET = 1e-6  # of the mean variance: what the kernel leaves unexplained on purpose
LENGTHS = (-2.5, 3.0)  # logarithms over the range of a term
STRENGTHS = (-6.0, 5.0)
STARTS = (0.0, 1.0)
PULL = 0.02  # towards a length and a strength of one, where points do not decide
FIT_STEPS = 60


@dataclass(frozen=True)
class SurrogateConfig:
    """How many evaluations are spent on what.

    Attributes:
        mixed: Evaluations with all terms moved at once, for each term.
        held_out: Evaluations that only measure the error.
        rounds: How often the agreements and the frontier found are evaluated and learnt from.
        probes: Most evaluations of each such round.
        seed: Seed of the places where evaluations lie.
    """

    mixed: int = 5
    held_out: int = 6
    rounds: int = 3
    probes: int = 5
    seed: int = 20251114


@dataclass(frozen=True, eq=False)
class Kernel:
    """How alike the payoff of one party is at two places of the unit box.

    Attributes:
        groups: Terms that act together; groups only add up.
        lengths: Distance over which each term matters, over its range.
        strengths: How much each term adds to those it acts with.
    """

    groups: Groups
    lengths: Term
    strengths: Term

    def between(self, left: Sites, right: Sites) -> Float[np.ndarray, "left right"]:
        """Return the kernel between all pairs of places.

        >>> one = Kernel(((0,),), np.ones(1), np.ones(1))
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
class Surrogate:
    """Payoffs over terms, and what they are worth.

    Attributes:
        names: The terms.
        low: Lowest value of each.
        high: Highest value of each.
        base: Value of each in the deal as it is.
        sites: Places evaluated, in the unit box.
        values: Payoffs there.
        kernels: Of each party.
        weights: Of each site in each payoff.
        center: Mean of the payoffs at the sites.
        size: Range of each payoff among all evaluations.
        errors: Absolute error of each payoff at the places held out.
        probe_errors: The same at agreements and points of the frontier, before they were learnt.
        evaluations: Number of evaluations, those held out included.
        seconds: What the evaluations took.
    """

    names: tuple[str, ...]
    low: Term
    high: Term
    base: Term
    sites: Sites
    values: Values
    kernels: tuple[Kernel, ...]
    weights: Values
    center: Party
    size: Party
    errors: Float[np.ndarray, "held party"]
    probe_errors: Float[np.ndarray, "probe party"]
    evaluations: int
    seconds: float

    @property
    def worst_error(self) -> float:
        """Largest error at the places held out, over the range of each payoff; NaN without any."""
        return float((self.errors / self.size).max()) if self.errors.size else float("nan")

    @property
    def typical_error(self) -> float:
        """Root of the mean squared error there, over the range of each payoff; NaN without any."""
        scaled = self.errors / self.size
        return float(np.sqrt((scaled**2).mean())) if scaled.size else float("nan")

    def value(self, terms: Term, /) -> Party:
        """Return the payoff of each party."""
        place = ((terms - self.low) / (self.high - self.low))[None, :]
        rows = [kernel.between(place, self.sites)[0] for kernel in self.kernels]
        return np.asarray(self.center + (np.stack(rows, axis=1) * self.weights).sum(axis=0))

    def gradient(self, terms: Term, /) -> Float[np.ndarray, "party term"]:
        """Return the derivative of each payoff with respect to each term."""
        width = self.high - self.low
        place = (terms - self.low) / width
        rows = [
            kernel.slope(place, self.sites) @ self.weights[:, party]
            for party, kernel in enumerate(self.kernels)
        ]
        return np.asarray(np.stack(rows) / width)


@dataclass(eq=False)
class Emulation:
    """Evaluations of payoffs over terms, and the surrogate made of them.

    Attributes:
        evaluate: Payoff of each party at given terms.
        names: The terms.
        bounds: Lowest and highest value of each.
        base: Value of each in the deal as it is, within the bounds.
        groups: Terms that may act together; all of them if None.
        config: How many evaluations are spent on what.
    """

    evaluate: Evaluate
    names: tuple[str, ...]
    bounds: Float[np.ndarray, "term 2"]
    base: Term
    groups: Groups | None = None
    config: SurrogateConfig = field(default_factory=SurrogateConfig)

    def __post_init__(self) -> None:
        """Start with no evaluation."""
        self.seconds = 0.0
        self._known: dict[bytes, Party] = {}
        self._probed: list[Party] = []
        self._grouping: Groups | None = None

    def at(self, terms: Term) -> Party:
        """Return the payoffs at terms, evaluated once."""
        terms = np.asarray(terms, dtype=np.float64)
        key = terms.tobytes()
        if key not in self._known:
            start = time.perf_counter()
            self._known[key] = np.asarray(self.evaluate(terms), dtype=np.float64)
            self.seconds += time.perf_counter() - start
        return self._known[key]

    @property
    def known(self) -> tuple[Float[np.ndarray, "site term"], Values]:
        """Return all terms evaluated so far, and the payoffs there."""
        places = np.stack([np.frombuffer(key) for key in self._known])
        return places, np.stack(list(self._known.values()))

    def fit(self) -> Surrogate:
        """Return the surrogate after a first round of evaluations: base, ends, and mixtures."""
        low, high = self.bounds.T
        count, config = len(self.base), self.config
        ends = np.tile(self.base, (2 * count + 1, 1))
        for term in range(count):
            ends[[2 * term + 1, 2 * term + 2], term] = low[term], high[term]
        wanted = config.mixed * count + config.held_out
        box = qmc.Sobol(count, seed=config.seed).random_base2(max(wanted - 1, 1).bit_length())
        box = box[:wanted]
        spread = low + (high - low) * box
        places = np.concatenate([ends, spread[config.held_out :]])
        self._sites = np.unique(places, axis=0)
        self._held = spread[: config.held_out]
        return self._make()

    def learn(self, surrogate: Surrogate, terms: Float[np.ndarray, "probe term"]) -> Surrogate:
        """Return the surrogate with more evaluations; how far it was from them is noted."""
        for one in terms:
            self._probed.append(np.abs(surrogate.value(one) - self.at(one)))
        self._sites = np.unique(np.concatenate([self._sites, terms]), axis=0)
        return self._make()

    def _make(self) -> Surrogate:
        low, high = self.bounds.T
        values = np.stack([self.at(one) for one in self._sites])
        sites = (self._sites - low) / (high - low)
        center, scale = values.mean(axis=0), values.std(axis=0)
        scale = np.where(scale > 0, scale, 1.0)
        scaled = (values - center) / scale
        if self._grouping is None:
            self._grouping = _choose_groups(sites, scaled, self.groups)
        found = [_fit_kernel(sites, one, self._grouping) for one in scaled.T]
        held = np.stack([self.at(one) for one in self._held]) if len(self._held) else None
        everything = np.concatenate([values, *([] if held is None else [held])])
        size = np.ptp(everything, axis=0)
        parties = len(center)
        made = Surrogate(
            self.names, low, high, self.base, sites, values,
            tuple(one.kernel for one in found),
            np.stack([one.weights for one in found], axis=1) * scale,
            center, np.where(size > 0, size, 1.0), np.zeros((0, parties)),
            np.array(self._probed).reshape(-1, parties), len(self._known), self.seconds,
        )  # fmt: skip
        errors = [np.abs(made.value(one) - self.at(one)) for one in self._held]
        return replace(made, errors=np.array(errors).reshape(-1, parties))


def fit_surrogate(
    evaluate: Evaluate,
    names: Sequence[str],
    bounds: Float[np.ndarray, "term 2"],
    base: Term,
    *,
    groups: Groups | None = None,
    config: SurrogateConfig | None = None,
) -> Surrogate:
    """Return payoffs over terms from a first round of evaluations; see `Emulation` for more.

    Args:
        evaluate: Payoff of each party at given terms.
        names: The terms.
        bounds: Lowest and highest value of each.
        base: Value of each in the deal as it is, within the bounds.
        groups: Terms that may act together; all of them if None.
        config: How many evaluations are spent on what.

    Examples:
        >>> bounds = np.array([[0.0, 1.0], [0.0, 2.0]])
        >>> made = fit_surrogate(
        ...     lambda t: np.array([t[0] * t[1], t[1] - t[0]]), ("a", "b"), bounds, np.zeros(2)
        ... )
        >>> made.value(np.array([0.5, 1.0])).round(2).tolist(), made.worst_error < 0.01
        ([0.5, 0.5], True)
    """
    config = config or SurrogateConfig()
    return Emulation(evaluate, tuple(names), bounds, base, groups, config).fit()


@dataclass(frozen=True, eq=False)
class _Fitted:
    """A kernel with the weights of the sites and the errors at each site left out in turn."""

    kernel: Kernel
    weights: Float[np.ndarray, " site"]
    left_out: Float[np.ndarray, " site"]


def _choose_groups(sites: Sites, scaled: Values, groups: Groups | None) -> Groups:
    """Return the groups if points left out are predicted better with them, one group otherwise."""
    whole: Groups = (tuple(range(sites.shape[1])),)
    if groups is None or len(groups) < 2:
        return whole

    def error(given: Groups) -> float:
        found = [_fit_kernel(sites, one, given) for one in scaled.T]
        return float(np.mean([np.mean(one.left_out**2) for one in found]))

    return min((groups, whole), key=error)


def _fit_kernel(sites: Sites, payoff: Float[np.ndarray, " site"], groups: Groups) -> _Fitted:
    """Return the kernel of largest likelihood, its variance profiled out."""
    count = sites.shape[1]
    bounds = [LENGTHS] * count + [STRENGTHS] * count

    def kernel(logs: np.ndarray) -> Kernel:
        return Kernel(groups, np.exp(logs[:count]), np.exp(logs[count:]))

    apart = (sites[:, None, :] - sites[None, :, :]) ** 2

    def loss(logs: np.ndarray) -> tuple[float, np.ndarray]:
        """Minus the logarithm of the likelihood, the variance at its best, and its gradient."""
        one = kernel(logs)
        lower, _ = factor = cho_factor(_gram(one, sites), lower=True)
        inverse = cho_solve(factor, np.eye(len(sites)))
        weights = inverse @ payoff
        variance = max(float(payoff @ weights) / len(payoff), 1e-300)
        log_det = float(np.log(np.diag(lower)).sum())
        pull = inverse - np.outer(weights, weights) / variance
        slopes = np.array([(pull * part).sum() / 2 for part in one.slopes_in_logs(apart)])
        value = len(payoff) * np.log(variance) / 2 + log_det + PULL * (logs @ logs)
        return float(value), slopes + 2 * PULL * logs

    starts = [np.concatenate([np.full(count, one), np.zeros(count)]) for one in STARTS]
    options = {"maxiter": FIT_STEPS}
    found = [
        minimize(loss, one, method="L-BFGS-B", jac=True, bounds=bounds, options=options)
        for one in starts
    ]
    best = kernel(min(found, key=lambda one: float(one.fun)).x)
    inverse = np.linalg.inv(_gram(best, sites))
    weights = inverse @ payoff
    return _Fitted(best, weights, weights / np.diag(inverse))


def _gram(kernel: Kernel, sites: Sites) -> Float[np.ndarray, "site site"]:
    gram = kernel.between(sites, sites)
    return np.asarray(gram + NUGGET * gram.trace() / len(sites) * np.eye(len(sites)))
