"""Search over terms: the gains of each party, scaled, and their optimisation from many starts."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np

from accord.bargaining.config import SearchConfig, SearchStats
from accord.bargaining.plan import Party, Term, Terms, corners
from accord.core.arrays import Float
from accord.core.errors import InputError, Problem

FEASIBLE = 1e-7  # largest violation of a condition, over the range of payoffs
CORNERS = 5  # terms of which every corner is tried: many deals have each term at a bound
NEGLIGIBLE = 1e-9  # a gain, over the range of payoffs, that is none
KINK = 1e-4  # how far around a kink gradients are taken, over the range of each term

Extra = Float[np.ndarray, " extra"]


class LostPointError(Exception):
    """Raised inside a search where payoffs do not exist."""


@dataclass(frozen=True, eq=False)
class Goal:
    """What to maximise over terms with gains `g` and free variables `y`.

    `reward·g + own·y + Σ log_i ln(g_i)` subject to `load g + slack y + shift >= 0`.

    Attributes:
        reward: On the gains.
        load: On the gains in each condition.
        guess: Best free variables at given gains.
        own: On the free variables.
        slack: On the free variables in each condition.
        shift: Constant of each condition.
        log: On the logarithms of gains; zero for those left out.
        floor: Gain below which the logarithm is replaced by a parabola.
    """

    reward: Party
    load: Float[np.ndarray, "row party"]
    guess: Callable[[Party], Extra]
    own: Extra
    slack: Float[np.ndarray, "row extra"]
    shift: Float[np.ndarray, " row"]
    log: Party | None = None
    floor: Party | None = None

    def score(self, gains: Party, extra: Extra) -> tuple[float, Party]:
        """Return what is maximised, and its derivative with respect to the gains."""
        score = float(self.reward @ gains + self.own @ extra)
        slope = self.reward
        if self.log is not None and self.floor is not None:
            depth = (gains - self.floor) / self.floor
            inside = depth >= 0
            logs = np.log(np.where(inside, gains, self.floor))
            logs = np.where(inside, logs, logs + depth - depth**2 / 2)
            slopes = np.where(inside, 1 / np.where(inside, gains, 1.0), (1 - depth) / self.floor)
            score, slope = score + float(self.log @ logs), slope + self.log * slopes
        return score, slope

    def margins(self, gains: Party, extra: Extra) -> Float[np.ndarray, " row"]:
        """Return by how much each condition is met."""
        return np.asarray(self.load @ gains + self.slack @ extra + self.shift)


@dataclass(frozen=True, eq=False)
class Peak:
    """Where an optimisation ended: place in the unit box, gains over ranges, score."""

    place: Term
    gains: Party
    extra: Extra
    score: float


@dataclass(eq=False)
class Search:
    """Gains over terms, with what was already evaluated.

    Inside, terms lie in the unit box and gains over no agreement are measured over `size`, the
    range of each payoff among the samples, so that no unit matters.
    """

    terms: Terms
    disagreement: Party
    config: SearchConfig
    size: Party = field(init=False)
    places: list[Term] = field(init=False)
    stats: SearchStats = field(init=False)

    def __post_init__(self) -> None:
        """Evaluate the samples."""
        self._known: dict[bytes, Party] = {}
        self._slopes: dict[bytes, Float[np.ndarray, "party term"]] = {}
        self._values = self._gradients = self._solves = self._failed = self._kinks = 0
        self.size = np.ones_like(self.disagreement)
        self._check_shapes()
        kept = []
        for place in self._spread():
            try:
                self.gains(place)
            except LostPointError:
                continue
            kept.append(place)
        self.places = kept
        if kept:
            gains = np.stack([self.gains(place) for place in kept])
            spread = np.ptp(gains, axis=0)
            self.size = np.where(spread > 0, spread, np.maximum(np.abs(gains).max(axis=0), 1.0))
            for key, gains_there in self._known.items():
                self._known[key] = gains_there / self.size
            self._slopes.clear()

    def cost(self) -> SearchStats:
        """Return what the search has cost so far."""
        return SearchStats(self._values, self._gradients, self._solves, self._failed, self._kinks)

    def at(self, place: Term) -> Term:
        """Return the terms at a place of the unit box."""
        low, high = self.terms.low, self.terms.high
        return np.asarray(np.clip(low + (high - low) * place, low, high))

    def known(self) -> tuple[Float[np.ndarray, "place term"], Float[np.ndarray, "place party"]]:
        """Return all places evaluated so far, and their gains over ranges, where they exist."""
        places = np.stack([np.frombuffer(key) for key in self._known])
        gains = np.stack(list(self._known.values()))
        kept = np.isfinite(gains).all(axis=1)
        return places[kept], gains[kept]

    def gains(self, place: Term) -> Party:
        """Return the gains over no agreement at a place, over their ranges.

        Raises:
            LostPointError: They are not finite.
        """
        key = place.tobytes()
        if key not in self._known:
            self._values += 1
            value = np.asarray(self.terms.payoffs.value(self.at(place)), dtype=np.float64)
            self._known[key] = (value - self.disagreement) / self.size
        gains: Party = self._known[key]
        if not np.isfinite(gains).all():
            raise LostPointError
        return gains

    def slopes(self, place: Term) -> Float[np.ndarray, "party term"]:
        """Return the derivative of the gains at a place, over ranges of gains and of terms.

        Raises:
            LostPointError: They are not finite.
        """
        key = place.tobytes()
        if key not in self._slopes:
            self._gradients += 1
            raw = np.asarray(self.terms.payoffs.gradient(self.at(place)), dtype=np.float64)
            self._slopes[key] = raw * (self.terms.high - self.terms.low) / self.size[:, None]
        slopes = self._slopes[key]
        if not np.isfinite(slopes).all():
            raise LostPointError
        return slopes

    def payoffs(self, gains: Party) -> Party:
        """Return payoffs in their own units."""
        return np.asarray(self.disagreement + self.size * gains)

    def maximise(
        self, goal: Goal, near: Iterable[Term] = (), *, samples: int | None = None
    ) -> Peak | None:
        """Return the best point found from the given places and from the best samples.

        The number of samples is `starts` of the configuration unless it is given. None where no
        start led to a point that meets the conditions.
        """
        peaks = self.climb(goal, near, samples=samples)
        return max(peaks, key=lambda peak: peak.score) if peaks else None

    def climb(
        self, goal: Goal, near: Iterable[Term] = (), *, samples: int | None = None
    ) -> list[Peak]:
        """Return where each start led that led to a point that meets the conditions."""
        count = self.config.starts if samples is None else samples
        starts = [*near, *self._best_samples(goal, count)]
        return [peak for start in starts if (peak := self._climb(goal, start)) is not None]

    def stationarity(self, peak: Peak, low: Party, high: Party) -> float:
        """Return how far a point is from the first-order conditions of an efficient one.

        A point is efficient to first order if weights on the parties exist under which no term
        that may move would raise the weighted sum of gains. The weights lie between `low` and
        `high`; where all of `low` is zero they sum to one. Where the conditions fail, the point may
        be at a kink: gradients nearby then stand in for the one that does not exist.
        """
        try:
            gap = self._gap(peak.place, [self.slopes(peak.place)], low, high)
            if gap > self.config.tolerance:
                around = self._gap(peak.place, self._slopes_around(peak.place), low, high)
                self._kinks += around <= self.config.tolerance
                gap = min(gap, around)
        except LostPointError:
            return np.inf
        return gap

    def _slopes_around(self, place: Term) -> list[Float[np.ndarray, "party term"]]:
        moves = KINK * np.eye(len(place))
        near = [np.clip(place + move, 0.0, 1.0) for move in (*moves, *-moves)]
        return [self.slopes(point) for point in (place, *near)]

    def _gap(
        self, place: Term, bundle: list[Float[np.ndarray, "party term"]], low: Party, high: Party
    ) -> float:
        """Return the smallest gap over weights of parties and, within each, of gradients."""
        from scipy.optimize import linprog  # slow to import

        edge, many, parties = self.config.tolerance, len(bundle), len(low)
        slopes = np.concatenate(bundle)  # rows: gradient after gradient, each by party
        up, down = place < 1 - edge, place > edge
        rows = np.concatenate([slopes[:, up], -slopes[:, down]], axis=1)
        if not rows.size:
            return 0.0
        known = float(low.sum())
        total = np.tile(np.eye(parties), many)  # the weight of a party, over all its gradients
        bound = np.isfinite(high)
        done = linprog(
            np.append(np.zeros(many * parties), 1.0),
            A_ub=_column(np.concatenate([rows.T, -total, total[bound]]), rows.shape[1]),
            b_ub=np.concatenate([np.zeros(rows.shape[1]), -low, high[bound]]),
            A_eq=None if known else np.append(np.ones(many * parties), 0.0)[None, :],
            b_eq=None if known else [1.0], bounds=(0.0, None),
        )  # fmt: skip
        if done.status != 0:
            return np.inf
        # The solver's own tolerance hides small residuals: measure again at its weights.
        return float(max(0.0, (done.x[:-1] @ rows).max())) / (known or 1.0)

    def _check_shapes(self) -> None:
        """Check once that payoffs and gradient have the right shapes.

        Raises:
            InputError: They do not.
        """
        middle = np.full(len(self.terms.low), 0.5)
        parties = len(self.disagreement)
        wanted = {"value": (parties,), "gradient": (parties, len(middle))}
        problems = []
        for name, shape in wanted.items():
            got = np.shape(getattr(self.terms.payoffs, name)(self.at(middle)))
            if got != shape:
                message = f"returns shape {got}, not {shape}"
                problems.append(Problem(f"payoffs.{name}", message, "Parties first, then terms"))
        if problems:
            raise InputError(problems, "the payoffs")

    def _spread(self) -> list[Term]:
        from scipy.stats import qmc  # slow to import

        count = len(self.terms.low)
        halton = qmc.Halton(count, rng=np.random.default_rng(self.config.seed))
        some = corners(count) if count <= CORNERS else np.empty((0, count))
        return [np.full(count, 0.5), *some, *halton.random(self.config.samples)]

    def _best_samples(self, goal: Goal, count: int) -> list[Term]:
        scored = []
        for place in self.places:
            gains = self.gains(place)
            extra = goal.guess(gains)
            missing = np.minimum(goal.margins(gains, extra), 0.0).sum()
            scored.append(goal.score(gains, extra)[0] + 100 * missing)
        order = np.argsort(scored)[::-1]
        return [self.places[at] for at in order[:count]]

    def _climb(self, goal: Goal, start: Term) -> Peak | None:
        """Return where one optimisation ends, or None if it gets lost or breaks a condition."""
        from scipy.optimize import minimize  # slow to import

        count = len(start)
        self._solves += 1

        def rise(x: np.ndarray) -> tuple[float, np.ndarray]:
            score, slope = goal.score(self.gains(x[:count]), x[count:])
            return -score, -np.concatenate([slope @ self.slopes(x[:count]), goal.own])

        def tilt(x: np.ndarray) -> np.ndarray:
            return np.concatenate([goal.load @ self.slopes(x[:count]), goal.slack], axis=1)

        condition = {
            "type": "ineq", "jac": tilt,
            "fun": lambda x: goal.margins(self.gains(x[:count]), x[count:]),
        }  # fmt: skip
        try:
            first = np.concatenate([start, goal.guess(self.gains(start))])
            done = minimize(
                rise, first, jac=True, method="SLSQP",
                bounds=[(0.0, 1.0)] * count + [(None, None)] * len(goal.own),
                constraints=[condition] if len(goal.shift) else [],
                options={"ftol": self.config.tolerance**2 / 10, "maxiter": self.config.max_steps},
            )  # fmt: skip
            place = np.clip(done.x[:count], 0.0, 1.0)
            gains = self.gains(place)
        except LostPointError:
            self._failed += 1
            return None
        extra = goal.guess(gains)
        if np.isnan(extra).any() or goal.margins(gains, extra).min(initial=0.0) < -FEASIBLE:
            self._failed += 1
            return None
        return Peak(place, gains, extra, goal.score(gains, extra)[0])


def _column(rows: np.ndarray, count: int) -> np.ndarray:
    """Return conditions with a last column that takes the residual from the first `count`."""
    last = np.zeros((len(rows), 1))
    last[:count] = -1.0
    return np.concatenate([rows, last], axis=1)
