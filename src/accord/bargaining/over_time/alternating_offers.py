"""Alternating offers: agreements under discounting, the risk of a breakdown, and a deadline."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp, log

import numpy as np

from accord.bargaining.over_time.curve import Curve, Pair, product_point
from accord.core.arguments import check_kind, public
from accord.core.arrays import Float
from accord.core.errors import InputError, Problem
from accord.core.notebook import Shown
from accord.core.status import Status

NOTHING = (0.0, 0.0)
MERGE = "Make parties one side: add up their payoffs, and give one factor for it"
EXACT = 1e-7  # over the range of payoffs


@dataclass(frozen=True, eq=False)
class AlternatingOffers:
    """Two parties take turns to propose (Rubinstein 1982); payoffs are in any unit.

    Time costs gains over `disagreement`: a gain agreed `k` periods from now is worth
    `discount ** k` of itself. After each rejection talks break down with probability `breakdown`,
    at once. Payoffs after a breakdown may be below those of disagreement: threats count.

    Attributes:
        curve: The frontier, concave.
        discount: Worth of a gain one period later, of each party.
        disagreement: Payoffs while there is no agreement.
        breakdown: Probability that talks break down after a rejection.
        after_breakdown: Payoffs then; those of disagreement if None.
        walk_away: Payoffs if one side walks away, which each may do when it rejects; None if
            nobody can.
        first: Who proposes first, 0 or 1.
        deadline: Number of proposals until talks end; None for no end.
        after_deadline: Payoffs if the last proposal is rejected; those of disagreement if None.
    """

    curve: Curve
    discount: tuple[float, float]
    disagreement: tuple[float, float] = NOTHING
    breakdown: float = 0.0
    after_breakdown: tuple[float, float] | None = None
    walk_away: tuple[float, float] | None = None
    first: int = 0
    deadline: int | None = None
    after_deadline: tuple[float, float] | None = None

    def problems(self) -> list[Problem]:
        """Return everything wrong with the game."""
        if len(self.discount) != len(NOTHING):
            message = f"{len(self.discount)} factors, and offers alternate between two sides"
            return [Problem("discount", message, MERGE)]
        problems = [
            Problem(
                f"discount[{at}]", f"{factor:g} is not above 0 and at most 1", "0.99 is patient"
            )
            for at, factor in enumerate(self.discount)
            if not 0 < factor <= 1
        ]
        if not 0 <= self.breakdown < 1:
            message = f"{self.breakdown:g} is not a probability below 1"
            problems.append(Problem("breakdown", message))
        if self.first not in {0, 1}:
            problems.append(Problem("first", f"{self.first} is neither 0 nor 1"))
        if self.deadline is not None and self.deadline < 1:
            message = f"{self.deadline} leaves no proposal"
            problems.append(Problem("deadline", message, "Leave it out for no deadline"))
        if self.deadline is None and min(self.discount) == 1 and self.breakdown == 0:
            remedy = "Give a discount below 1, a risk of breakdown, or a deadline"
            problems.append(Problem("discount", "time costs nobody anything", remedy))
        return problems


@dataclass(frozen=True, eq=False, repr=False)
class OffersOutcome(Shown):
    """What is agreed at once, and what stands behind it; NaN without an agreement.

    Attributes:
        agreement: Payoffs agreed on.
        gains: The same less those of disagreement.
        shares: Gain of each over the most it could gain without a loss to the other.
        offers: Payoffs that each party would propose [proposer, party], in the first period it
            does.
        path: Payoffs proposed in each period [period, party]; None without a deadline.
        limit: Payoffs as offers follow each other without delay and there is no deadline: the
            weighted Nash solution.
        power: Weights of that solution.
        limit_point: Payoffs from which it counts gains.
    """

    agreement: Pair
    gains: Pair
    shares: Pair
    offers: Float[np.ndarray, "2 2"]
    path: Float[np.ndarray, "period 2"] | None
    limit: Pair
    power: Pair
    limit_point: Pair


@dataclass(frozen=True, eq=False)
class OffersStats:
    """What a solve cost: evaluations of the responses."""

    steps: int


@dataclass(frozen=True, eq=False, repr=False)
class OffersSolution(Shown):
    """The subgame-perfect agreement: `value`, `status`, `residuals` and `stats`.

    `residuals` are, over the range of payoffs: "responder", by how much a responder gets less than
    it would by rejecting, and "proposer", by how much a proposer could ask for more.
    """

    game: AlternatingOffers
    value: OffersOutcome
    status: Status
    residuals: Mapping[str, float]
    stats: OffersStats


def discount_per_period(rate: float, period: float) -> float:
    """Return the discount factor of a period of so many years at a yearly rate."""
    return exp(-rate * period)


def breakdown_per_period(hazard: float, period: float) -> float:
    """Return the probability of a breakdown in a period, from breakdowns expected a year."""
    return 1.0 - exp(-hazard * period)


@public
def solve_offers(game: AlternatingOffers) -> OffersSolution:
    """Return what is agreed in alternating offers, at once and by both sides' foresight.

    The status is `NO_AGREEMENT`, and payoffs are NaN, where no agreement gives both what they get
    by walking away, or where the first to propose would rather be refused.

    Raises:
        InputError: With everything wrong in the game.

    Examples:
        >>> from accord.bargaining.over_time.curve import split
        >>> value = solve_offers(AlternatingOffers(split(), (0.9, 0.8))).value
        >>> value.agreement.round(4).tolist(), value.limit.round(4).tolist()
        ([0.7143, 0.2857], [0.6793, 0.3207])
    """
    remedy = "Make one: AlternatingOffers(split(), (0.95, 0.9))"
    check_kind("game", game, AlternatingOffers, remedy)
    problems = game.problems()
    if problems:
        raise InputError(problems, "the game")
    return _Talks(game).solve()


class _Talks:
    """A game with payoffs counted from disagreement."""

    def __init__(self, game: AlternatingOffers) -> None:
        self.game = game
        self.zero = np.array(game.disagreement)
        self.broken = self._gains(game.after_breakdown)
        self.late = self._gains(game.after_deadline)
        self.away = np.full(2, -np.inf) if game.walk_away is None else self._gains(game.walk_away)
        self.steps = 0
        ideal = np.array([self.best(party, 0.0) for party in (0, 1)])
        self.size = np.where(ideal > 0, ideal, 1.0)

    def _gains(self, payoffs: tuple[float, float] | None) -> Pair:
        return np.zeros(2) if payoffs is None else np.array(payoffs) - self.zero

    def best(self, party: int, floor: float) -> float:
        """Return the largest gain of a party if the other gains at least `floor`."""
        self.steps += 1
        payoff = self.game.curve.best(party, floor + float(self.zero[1 - party]))
        return float(payoff - self.zero[party])

    def wait(self, party: int, later: float) -> float:
        """Return what a gain is worth that is agreed in the next period, if talks go on."""
        risk = self.game.breakdown
        patience = (1 - risk) * self.game.discount[party]
        return float(risk * self.broken[party] + patience * later)

    def accept(self, party: int, later: float) -> float:
        """Return the smallest gain that a responder accepts if it would propose `later` next."""
        return max(self.wait(party, later), float(self.away[party]))

    def propose(self, party: int, floor: float) -> Pair:
        """Return the gains that a proposer offers if the other accepts no less than `floor`."""
        own = self.best(party, floor)
        pair = np.array([own, own])
        pair[1 - party] = max(self.best(1 - party, own), floor)
        return pair

    def refused(self, responder: int, later: Pair) -> Pair:
        """Return what both get if a responder says no and `later` is agreed in the next period."""
        waiting = np.array([self.wait(party, float(later[party])) for party in (0, 1)])
        return self.away if self.away[responder] > waiting[responder] else waiting

    def stationary(self) -> Float[np.ndarray, "2 2"] | None:
        """Return the proposals that both make whenever they propose; None without an agreement."""
        from scipy.optimize import brentq  # slow to import

        def excess(own: float) -> float:
            answer = self.best(1, self.accept(0, own))
            return own - self.best(0, self.accept(1, answer))

        high = self.game.curve.most(0) - float(self.zero[0])
        low = self.best(0, self.accept(1, self.game.curve.most(1) - float(self.zero[1])))
        ends = excess(low), excess(high)
        if not np.isfinite([low, high, *ends]).all():
            return None
        own = low if ends[0] >= 0 else high
        if ends[0] < 0 < ends[1]:
            own = float(brentq(excess, low, high, xtol=1e-15, rtol=1e-14))
        answer = self.propose(1, self.accept(0, own))
        offers = np.stack([self.propose(0, self.accept(1, float(answer[1]))), answer])
        for proposer in (0, 1):
            instead = self.refused(1 - proposer, offers[1 - proposer])
            if offers[proposer, proposer] < instead[proposer] - EXACT * self.size[proposer]:
                return None  # it would rather be refused
        return offers

    def backwards(self, periods: int) -> Float[np.ndarray, "period 2"] | None:
        """Return the proposals of all periods; None if the first one is not accepted."""
        path, agreed = np.empty((periods, 2)), False
        for period in range(periods - 1, -1, -1):
            proposer = (self.game.first + period) % 2
            other = 1 - proposer
            if period < periods - 1:
                refused = self.refused(other, path[period + 1])
            else:
                refused = self.away if self.away[other] > self.late[other] else self.late
            own = self.best(proposer, float(refused[other]))
            agreed = own >= refused[proposer]
            path[period] = self.propose(proposer, float(refused[other])) if agreed else refused
        return path if agreed else None

    def limit(self) -> tuple[Pair, Pair, Pair]:
        """Return the weighted Nash solution without delays, its weights, and where it counts from.

        With impatience `r_i` and risk `h` in the same unit of time, each party loses
        `(r_i + h) (x_i - h b_i / (r_i + h))` a moment by waiting (Binmore, Rubinstein and
        Wolinsky 1986).
        """
        nothing = np.full(2, np.nan)
        hurry = -np.log(np.array(self.game.discount)) - log(1 - self.game.breakdown)
        if not hurry.any():
            return nothing, nothing, nothing
        power = hurry[::-1] / hurry.sum()
        share = -log(1 - self.game.breakdown) / np.where(hurry > 0, hurry, 1.0)
        point = self.zero + share * self.broken
        floors = np.maximum(point, self.zero + self.away)
        limit = product_point(self.game.curve, power, point, floors)
        return (nothing if limit is None else limit), power, point

    def residuals(self, offers: Float[np.ndarray, "2 2"]) -> dict[str, float]:
        """Return by how much stationary proposals break the conditions of an equilibrium."""
        short, more = [], []
        for proposer in (0, 1):
            other = 1 - proposer
            floor = self.accept(other, float(offers[other, other]))
            short.append((floor - offers[proposer, other]) / self.size[other])
            more.append((self.best(proposer, floor) - offers[proposer, proposer])
                        / self.size[proposer])  # fmt: skip
        return {"responder": max(0.0, *map(float, short)), "proposer": max(0.0, *map(float, more))}

    def solve(self) -> OffersSolution:
        """Return the solution."""
        game, path, residuals = self.game, None, {}
        first, talking = game.first, self.best(0, float(self.away[1])) >= self.away[0]
        offers = np.full((2, 2), np.nan)
        status = Status.NO_AGREEMENT
        if not talking:
            pass  # to one of them, walking away is worth more than any agreement both could accept
        elif game.deadline is None:
            standing = self.stationary()
            if standing is not None:
                offers, residuals = standing, self.residuals(standing)
                status = (
                    Status.CONVERGED if np.max([*residuals.values()]) <= EXACT else Status.MAX_STEPS
                )
        else:
            path = self.backwards(game.deadline)
            if path is not None:
                status = Status.CONVERGED
                for period in range(min(2, len(path))):
                    offers[(first + period) % 2] = path[period]
        gains = offers[first] if status.ok else np.full(2, np.nan)
        limit, power, point = self.limit()
        value = OffersOutcome(
            agreement=self.zero + gains, gains=gains, shares=gains / self.size,
            offers=self.zero + offers, path=None if path is None else self.zero + path,
            limit=limit, power=power, limit_point=point,
        )  # fmt: skip
        return OffersSolution(game, value, status, residuals, OffersStats(self.steps))
