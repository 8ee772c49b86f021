"""Bargaining problems for the tests: random packages, random smooth payoffs, textbook frontiers."""

from itertools import product

import numpy as np

from accord.bargaining.coalitions.game import CoalitionGame
from accord.bargaining.config import Rule
from accord.bargaining.over_time.curve import PointCurve
from accord.bargaining.plan import BargainingProblem

RULES: tuple[Rule, ...] = ("nash", "kalai_smorodinsky", "egalitarian", "utilitarian")


class Quadratic:
    """Concave payoffs `slope·t - t'Qt/2`, so that every optimum found is the optimum."""

    def __init__(self, seed, terms=4, parties=2):
        rng = np.random.default_rng(seed)
        self.slope = rng.normal(size=(parties, terms))
        self.slope[1] = -self.slope[0] * rng.uniform(0.3, 1.5, terms)
        root = 0.3 * rng.normal(size=(parties, terms, terms))
        self.curvature = np.einsum("mij,mkj->mik", root, root) + 0.05 * np.eye(terms)

    def value(self, terms):
        return self.slope @ terms - np.einsum("mij,i,j->m", self.curvature, terms, terms) / 2

    def gradient(self, terms):
        return self.slope - np.einsum("mij,j->mi", self.curvature, terms)


class Wavy(Quadratic):
    """Smooth payoffs with many local optima."""

    def __init__(self, seed, terms=3, parties=2):
        super().__init__(seed, terms, parties)
        rng = np.random.default_rng(seed + 7)
        self.wave = 4 * rng.normal(size=(parties, terms))
        self.phase = rng.uniform(0, 6, parties)

    def value(self, terms):
        return super().value(terms) + 0.25 * np.sin(self.wave @ terms + self.phase)

    def gradient(self, terms):
        slope = 0.25 * np.cos(self.wave @ terms + self.phase)
        return super().gradient(terms) + slope[:, None] * self.wave


class Scaled:
    """Payoffs in other units: `factor * payoffs + shift`."""

    def __init__(self, payoffs, factor, shift):
        self.payoffs, self.factor, self.shift = payoffs, factor, shift

    def value(self, terms):
        return self.factor * self.payoffs.value(terms) + self.shift

    def gradient(self, terms):
        return self.factor[:, None] * self.payoffs.gradient(terms)


def term_problem(seed, terms=4, parties=2, margin=0.05):
    """Return a problem over terms whose zone is not empty: no agreement is a bit below a point."""
    payoffs = Quadratic(seed, terms, parties)
    disagreement = payoffs.value(np.full(terms, 0.5)) - margin
    return BargainingProblem.from_terms(payoffs, [[0.0, 1.0]] * terms, disagreement)


def random_gains(seed, packages=8, parties=2):
    """Return gains of packages, one of which every party likes."""
    rng = np.random.default_rng(seed)
    gains = rng.normal(size=(packages, parties))
    gains[0] = rng.uniform(0.1, 0.5, parties)
    return gains


def package_problem(gains, disagreement=None):
    zero = np.zeros(np.shape(gains)[1]) if disagreement is None else np.asarray(disagreement)
    return BargainingProblem.from_packages(zero + np.asarray(gains), zero)


def pie(size=1.0, second=lambda rest: rest, disagreement=(0.0, 0.0)):
    """Return the problem of splitting a pie: the first party's share is the one term."""

    def payoffs(terms):
        return np.array([terms[0], second(size - terms[0])])

    return BargainingProblem.from_terms(payoffs, [[0.0, size]], disagreement)


def random_curve(seed):
    """Return a concave frontier through random points, above no agreement at zero."""
    rng = np.random.default_rng(seed)
    angle = np.sort(rng.uniform(0.05, 1.5, 6))
    points = rng.uniform(0.5, 3.0, 2) * np.stack([np.sin(angle), np.cos(angle)], axis=1)
    return PointCurve.from_points(
        np.concatenate([points, points[:1] * [0, 1], points[-1:] * [1, 0]])
    )


def nash_barter():
    """Return the packages of the example of Nash (1950), Bill's and Jack's gains from barter."""
    bill = {"book": (2, 4), "whip": (2, 2), "ball": (2, 1), "bat": (2, 2), "box": (4, 1)}
    jack = {"pen": (10, 1), "toy": (4, 1), "knife": (6, 2), "hat": (2, 2)}
    goods = [(-b, j) for b, j in bill.values()] + [(b, -j) for b, j in jack.values()]
    names, gains = [], []
    for given in product((0, 1), repeat=len(goods)):
        names.append(" ".join(n for n, g in zip([*bill, *jack], given, strict=True) if g) or "none")
        gains.append(np.array(given, dtype=float) @ np.array(goods, dtype=float))
    return BargainingProblem.from_packages(gains, [0, 0], parties=["Bill", "Jack"], names=names)


def random_game(seed, parties=4):
    rng = np.random.default_rng(seed)
    worth = np.append(0.0, rng.uniform(0.0, 1.0, 2**parties - 1))
    worth[-1] = rng.uniform(0.5, 2.5)
    return CoalitionGame(tuple("abcdefgh"[:parties]), worth)
