"""Payoffs over terms from few evaluations, with an exact gradient and a measured error.

What is dear, the payoffs, is evaluated at some fifty terms; what is cheap and like it, the value of
the money alone, at some hundreds. The cheap one is interpolated, and so is the difference
between the two, which is smoother (Kennedy and O'Hagan 2000, Biometrika 87(1)), each by a Gaussian
process (Sacks, Welch, Mitchell and Wynn 1989, Statistical Science 4(4)).
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from accord.core.arrays import Float
from accord.core.boundary.settings import make_plain
from accord.core.errors import InputError
from accord.core.numerics.gaussian_process import (
    Groups,
    Layer,
    Party,
    Sites,
    Term,
    Values,
    choose_groups,
    fit_layer,
)

Evaluate = Callable[[Term], Party]


@dataclass(frozen=True)
class Rough:
    """A cheap function of the terms that moves much as the payoffs do.

    Attributes:
        evaluate: Its value for each party, in units of the payoffs.
        terms: Positions of the terms it depends on.
    """

    evaluate: Evaluate
    terms: tuple[int, ...]


@dataclass(frozen=True)
class SurrogateConfig:
    """How many evaluations are spent on what.

    Attributes:
        mixed: Evaluations with all terms moved at once, for each term.
        held_out: Evaluations that only measure the error.
        rounds: How often the agreements and the frontier found are evaluated and learnt from.
        probes: Most evaluations of each such round.
        rough: Evaluations of the cheap function; 0 to do without it.
        rough_learnt: Of them, those that lengths and strengths are learnt from.
        seed: Seed of the places where evaluations lie.
    """

    mixed: int = 5
    held_out: int = 6
    rounds: int = 3
    probes: int = 6
    rough: int = 512
    rough_learnt: int = 128
    seed: int = 20251114

    def __post_init__(self) -> None:
        """Check that every field is a number, all problems at once."""
        problems = make_plain(self)
        if problems:
            raise InputError(problems, "the configuration of the surrogate")


@dataclass(frozen=True, eq=False)
class Surrogate:
    """Payoffs over terms, and what they are worth.

    Attributes:
        names: The terms.
        low: Lowest value of each.
        high: Highest value of each.
        base: Value of each in the deal as it is.
        layers: Interpolations that add up to the payoffs.
        sites: Terms evaluated and learnt from.
        size: Range of each payoff among all evaluations.
        errors: Absolute error of each payoff at the terms held out.
        probe_errors: The same at agreements and points of the frontier, before they were learnt.
        evaluations: Number of evaluations, those held out included.
        seconds: What the evaluations took.
    """

    names: tuple[str, ...]
    low: Term
    high: Term
    base: Term
    layers: tuple[Layer, ...]
    sites: Sites
    size: Party
    errors: Float[np.ndarray, "held party"]
    probe_errors: Float[np.ndarray, "probe party"]
    evaluations: int
    seconds: float

    @property
    def worst_error(self) -> float:
        """Largest error at the terms held out, over the range of each payoff; NaN without any."""
        return float((self.errors / self.size).max()) if self.errors.size else float("nan")

    @property
    def typical_error(self) -> float:
        """Root of the mean squared error there, over the range of each payoff; NaN without any."""
        scaled = self.errors / self.size
        return float(np.sqrt((scaled**2).mean())) if scaled.size else float("nan")

    def value(self, terms: Term, /) -> Party:
        """Return the payoff of each party."""
        place = (terms - self.low) / (self.high - self.low)
        return np.asarray(sum(layer.value(place) for layer in self.layers))

    def values(self, terms: Float[np.ndarray, "place term"]) -> Values:
        """Return the payoff of each party at many terms at once."""
        places = (terms - self.low) / (self.high - self.low)
        return np.asarray(sum(layer.values(places) for layer in self.layers))

    def gradient(self, terms: Term, /) -> Float[np.ndarray, "party term"]:
        """Return the derivative of each payoff with respect to each term."""
        width = self.high - self.low
        place = (terms - self.low) / width
        return np.asarray(sum(layer.slope(place) for layer in self.layers) / width)


@dataclass(eq=False)
class Emulation:
    """Evaluations of payoffs over terms, and the surrogate made of them.

    Attributes:
        evaluate: Payoff of each party at given terms.
        names: The terms.
        bounds: Lowest and highest value of each.
        base: Value of each in the deal as it is, within the bounds.
        groups: Terms that may act together; all of them if None.
        rough: A cheap function like the payoffs; None to do without.
        config: How many evaluations are spent on what.
        announce: Told which terms will be evaluated next; None if nothing can be done ahead.
    """

    evaluate: Evaluate
    names: tuple[str, ...]
    bounds: Float[np.ndarray, "term 2"]
    base: Term
    groups: Groups | None = None
    rough: Rough | None = None
    config: SurrogateConfig = field(default_factory=SurrogateConfig)
    announce: Callable[[Sites], None] | None = None

    def __post_init__(self) -> None:
        """Start with no evaluation."""
        self.seconds = 0.0
        self._known: dict[bytes, Party] = {}
        self._probed: list[Party] = []
        self._grouping: Groups | None = None
        self._below: Layer | None = None

    def at(self, terms: Term) -> Party:
        """Return the payoffs at terms, evaluated once."""
        terms = np.asarray(terms, dtype=np.float64)
        key = terms.tobytes()
        if key not in self._known:
            start = time.perf_counter()
            self._known[key] = np.asarray(self.evaluate(terms), dtype=np.float64)
            self.seconds += time.perf_counter() - start
        return self._known[key]

    def evaluate_all(self, places: Sites) -> Values:
        """Return the payoffs at many terms, told beforehand."""
        if self.announce is not None:
            self.announce(places)
        return np.stack([self.at(place) for place in places])

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
        spread = low + (high - low) * _spread(
            config.mixed * count + config.held_out, count, config.seed
        )
        self._sites = np.unique(np.concatenate([ends, spread[config.held_out :]]), axis=0)
        self._held = spread[: config.held_out]
        if self.rough is not None and config.rough:
            self._below = self._fit_below(self.rough)
        return self._make()

    def learn(self, surrogate: Surrogate, terms: Float[np.ndarray, "probe term"]) -> Surrogate:
        """Return the surrogate with more evaluations; how far it was from them is noted."""
        self.evaluate_all(terms)
        for term in terms:
            self._probed.append(np.abs(surrogate.value(term) - self.at(term)))
        self._sites = np.unique(np.concatenate([self._sites, terms]), axis=0)
        return self._make()

    def _fit_below(self, rough: Rough) -> Layer:
        """Return the interpolation of the cheap function."""
        low, high = self.bounds.T
        config = self.config
        box = _spread(config.rough, len(self.base), config.seed + 1)
        values = np.stack([
            np.asarray(rough.evaluate(low + (high - low) * place), dtype=np.float64)
            for place in box
        ])  # fmt: skip
        return fit_layer(box, values, (rough.terms,), learnt=config.rough_learnt)

    def _make(self) -> Surrogate:
        low, high = self.bounds.T
        every = self.evaluate_all(np.concatenate([self._sites, self._held]))
        values, held = every[: len(self._sites)], every[len(self._sites) :]
        sites = (self._sites - low) / (high - low)
        below = () if self._below is None else (self._below,)
        left = values - sum(layer.values(sites) for layer in below)
        if self._grouping is None:
            self._grouping = choose_groups(sites, left, self.groups)
        size = np.ptp(every, axis=0)
        parties = values.shape[1]
        made = Surrogate(
            self.names, low, high, self.base,
            (*below, fit_layer(sites, left, self._grouping)),
            self._sites, np.where(size > 0, size, 1.0), np.zeros((0, parties)),
            np.array(self._probed).reshape(-1, parties), len(self._known), self.seconds,
        )  # fmt: skip
        return replace(made, errors=np.abs(made.values(self._held) - held)) if len(held) else made


def _spread(count: int, terms: int, seed: int) -> Float[np.ndarray, "place term"]:
    """Return places spread evenly over the unit box."""
    from scipy.stats import qmc  # slow to import

    power = max(count - 1, 1).bit_length()
    return np.asarray(qmc.Sobol(terms, seed=seed).random_base2(power)[:count])


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
    return Emulation(evaluate, tuple(names), bounds, base, groups, config=config).fit()
