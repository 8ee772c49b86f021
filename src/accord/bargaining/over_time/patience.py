"""The price of time: what discounting, the risk of a breakdown and a deadline cost each party."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from math import exp, log

import numpy as np

from accord.bargaining.over_time.alternating_offers import AlternatingOffers, solve_offers
from accord.bargaining.over_time.curve import Pair
from accord.core.arguments import check_kind, public
from accord.core.arrays import Float
from accord.core.status import Status

DEADLINES = (1, 2, 3, 4, 6, 8, 12, 24)


@dataclass(frozen=True, eq=False)
class TimePrices:
    """How an agreement by alternating offers moves with time; payoffs, NaN without an agreement.

    Attributes:
        status: How the game as it is ended.
        agreement: Payoffs of the game as it is.
        shares: Gain of each over the most it could gain.
        delay: What each party loses if the same agreement comes one period later.
        first_mover: What proposing first, instead of second, is worth to each party.
        by_impatience: Change of payoffs if one party's rate of discount rises by one unit a period
            [whose rate, party].
        by_breakdown: Change of payoffs if the hazard of a breakdown rises by one unit a period.
        by_deadline: Payoffs if only so many proposals are left.
    """

    status: Status
    agreement: Pair
    shares: Pair
    delay: Pair
    first_mover: Pair
    by_impatience: Float[np.ndarray, "2 2"]
    by_breakdown: Pair
    by_deadline: Mapping[int, Pair]


@public
def price_time(
    game: AlternatingOffers, *, deadlines: Sequence[int] = DEADLINES, step: float = 1e-4
) -> TimePrices:
    """Return what time costs each side of alternating offers.

    Args:
        game: The game; its own deadline, if any, holds for all but `by_deadline`.
        deadlines: Numbers of proposals to try.
        step: Change of a rate, in units a period, over which derivatives are taken.

    Raises:
        InputError: With everything wrong in the game.

    Examples:
        >>> from accord.bargaining.over_time.curve import split
        >>> prices = price_time(AlternatingOffers(split(), (0.9, 0.8)), deadlines=(2,))
        >>> prices.delay.round(4).tolist(), prices.by_deadline[2].round(4).tolist()
        ([0.0714, 0.0571], [0.2, 0.8])
    """
    check_kind("deadlines", deadlines, (list, tuple), "Give numbers of proposals: (1, 2, 6)")
    check_kind("step", step, float, "Leave it out for 1e-4")
    solution = solve_offers(game)
    base = solution.value
    first, second = (
        solve_offers(replace(game, first=proposer)).value.agreement for proposer in (0, 1)
    )
    return TimePrices(
        status=solution.status,
        agreement=base.agreement,
        shares=base.shares,
        delay=_cost_of_delay(game, base.gains),
        first_mover=(first - second) * np.array([1.0, -1.0]),
        by_impatience=np.stack([
            _slope(partial(_with_rate, game, party), -log(game.discount[party]), step)
            for party in (0, 1)
        ]),
        by_breakdown=_slope(
            lambda hazard: replace(game, breakdown=1 - exp(-hazard)), -log(1 - game.breakdown), step
        ),
        by_deadline={
            deadline: solve_offers(replace(game, deadline=deadline)).value.agreement
            for deadline in deadlines
        },
    )  # fmt: skip


def _cost_of_delay(game: AlternatingOffers, gains: Pair) -> Pair:
    zero = np.array(game.disagreement)
    broken = zero if game.after_breakdown is None else np.array(game.after_breakdown)
    patience = (1 - game.breakdown) * np.array(game.discount)
    return np.asarray((1 - patience) * gains - game.breakdown * (broken - zero))


def _with_rate(game: AlternatingOffers, party: int, rate: float) -> AlternatingOffers:
    discount = [exp(-rate) if at == party else game.discount[at] for at in (0, 1)]
    return replace(game, discount=(discount[0], discount[1]))


def _slope(change: Callable[[float], AlternatingOffers], at: float, step: float) -> Pair:
    """Return the derivative of the agreement with respect to a rate that cannot be negative."""

    def agreed(rate: float) -> Pair:
        return solve_offers(change(rate)).value.agreement

    if at >= step:
        return np.asarray((agreed(at + step) - agreed(at - step)) / (2 * step))
    # To one side, exact to the same order.
    near, far = agreed(at + step), agreed(at + 2 * step)
    return np.asarray((4 * near - far - 3 * agreed(at)) / (2 * step))
