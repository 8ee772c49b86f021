"""The status of a solve: whether it found what it looked for, and if not, why."""

from enum import Enum


class Status(Enum):
    """The end of a solve; the text of each member says what happened and what to try."""

    CONVERGED = "converged"
    CORNER = (
        "the equilibrium that was reached is a corner: under scale economies some sectors have "
        "closed or all but closed there, and there may be others; lower `scale_strength`, or look "
        "at it with `throw=False`"
    )
    MAX_STEPS = (
        "the residual was still above the tolerance after the largest number of steps; "
        "make the shock smaller or raise `max_steps`; under monopolistic competition lower "
        "`scale_strength`: strong scale economies can leave no equilibrium near the baseline"
    )
    DIVERGED = (
        "the iteration left the range of finite numbers even when the shock was split into parts; "
        "the shock may have no equilibrium (check deficits against income, and scale elasticities)"
    )
    BETTER_REPLY = (
        "no rate can be improved a little, but a party has a better reply further away; balance "
        "trade (deficits that do not adjust reward ever higher tariffs), or set narrower bounds"
    )
    EDGE = (
        "what is maximised still rises where no equilibrium is found any more: strong scale "
        "economies end it there; lower `scale_strength`, or set narrower bounds"
    )
    NO_GAIN = (
        "no tariffs were found at which every party does better than without an agreement; "
        "give the parties more sectors or partners to bargain over, or another disagreement point"
    )
    UNSETTLED_WAGE = (
        "regions that trade very little with the rest clear their markets at many wages, so their "
        "wage against the rest is not settled; leave that trade out, merge the regions with a "
        "partner, or lower `tolerance`"
    )
    NEGATIVE_INCOME = (
        "a region's transfers, deficit or placed spending exceed its whole income; "
        "make the transfer smaller or spread it over more years"
    )
    UNPAID_BUDGET = (
        "no rate of the labour tax was found that pays for the budget of a region: higher rates "
        "leave less work to be taxed; lower subsidies, raise other taxes or keep more tariffs, or "
        'let revenue be paid out (`revenue_use="lump_sum"`)'
    )
    NO_AGREEMENT = (
        "nothing on the table leaves every party at least as well off as no agreement; see the "
        "smallest side payment that would change that, or widen the bounds of the terms"
    )
    NO_OPTIMUM = (
        "no starting point led to terms that meet the conditions of an optimum; raise `starts` or "
        "`samples`, check the gradient of the payoffs, or narrow the bounds to where they exist"
    )

    @property
    def ok(self) -> bool:
        """Whether the solve met its tolerance."""
        return self is Status.CONVERGED
