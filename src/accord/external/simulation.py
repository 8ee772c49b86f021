"""The simulation: the months of many paths at once, in one compiled scan.

Each month the dollars due are found from the sources in their order; a sudden stop may begin, and
what leaves is paid out of reserves and the swap line or sold in the market; the central bank leans
against a fall; the currency moves by itself and with net purchases; debt comes back after a stop.
Random numbers come from outside, the same for every plan of a seed, and events begin by chance
alone, so that a larger payment, or a smaller swap line, never makes any path stronger.
"""

from functools import partial
from typing import NamedTuple, TypeAlias

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from accord.core.jax_arrays import Array
from accord.core.precision import enter_solve  # importing it sets 64-bit floats
from accord.external.equations import ara_norm
from accord.external.plan import MONTHS, DollarSource, ExternalPlan

LOOK_BACK = 3  # months over which a fall is judged disorderly
UNLIMITED = 1e12
CHEAPEST = 1e-12  # log a bn: a market that nothing moves
Level: TypeAlias = dict[str, Array]


class Numbers(NamedTuple):
    """Every number of a plan the scan needs, and the random draws."""

    payments: Float[Array, " month"]
    private: Float[Array, " month"]
    covered: Float[Array, " month"]
    shocks: Float[Array, "month path"]
    arrivals: Float[Array, "month path"]
    grants: Float[Array, "month path"]
    sizes: Float[Array, "month path"]
    income: Float[Array, " path"]
    price: Float[Array, " path"]
    chance: Float[Array, " path"]
    defaults: Float[Array, " path"]
    level: Level


class State(NamedTuple):
    """What a path remembers, one number a path."""

    reserves: Array
    rate: Array
    past: Array
    variance: Array
    shock: Array
    left: Array
    size: Array
    drawn: Array
    borrowed: Array
    put_off: Array
    away: Array


class MonthOut(NamedTuple):
    """What a month leaves behind, one number a path, bn USD.

    `raised` is dollars by source; reserves fall by those found in "income" and "reserves", by `run`
    (debt withdrawn less debt that comes back) and by `sold`, and change by `other` (income,
    interest and the swap line). `called` is what guarantees cost, due like a payment.
    """

    reserves: Array
    rate: Array
    borrowed: Array
    in_stop: Array
    raised: dict[str, Array]
    run: Array
    sold: Array
    other: Array
    unmet: Array
    called: Array


def collect(plan: ExternalPlan, draws: dict[str, np.ndarray], *, quiet: bool) -> Numbers:
    """Return the numbers of a plan and its draws, on the device.

    On a `quiet` path, the one without shocks, the variance stays what it is on average.
    """
    enter_solve()
    sheet, stop, process = plan.sheet, plan.stop, plan.process
    swap, adjustment = plan.swap, plan.adjustment
    variance = process.volatility**2 / MONTHS
    first = max(1, round(stop.months / 4))
    level = {
        "reserves": sheet.reserves, "debt": sheet.short_term_debt,
        "other": sheet.other_liabilities, "norm": ara_norm(sheet),
        "variance": variance, "arch": 0.0 if quiet else process.arch,
        "garch": 1.0 if quiet else process.garch, "pull": process.pull,
        "power": plan.price.power,
        "cap": plan.financing.borrowing_cap / MONTHS,
        "spot": UNLIMITED if plan.financing.spot_cap is None else plan.financing.spot_cap / MONTHS,
        "interest": plan.financing.borrowing_rate / MONTHS,
        "short": plan.financing.borrowing_short,
        "threshold": plan.intervention.threshold, "share": plan.intervention.share,
        "most": plan.intervention.cap * sheet.reserves,
        "default": plan.guarantees.default / MONTHS,
        "stressed": plan.guarantees.stressed / MONTHS,
        "length": float(stop.months), "first": float(first),
        "early": stop.early / first,
        "late": (1 - stop.early) / max(stop.months - first, 1) if stop.months > first else 0.0,
        "not_rolled": stop.debt, "leave": stop.portfolio, "weakness": stop.weakness,
        "turbulence": stop.turbulence, "recovery": stop.recovery,
        "line": swap.amount if swap else 0.0, "line_rate": (swap.rate if swap else 0.0) / MONTHS,
        "line_first": swap.first if swap else 0, "line_last": swap.last if swap else 0,
        "trigger": swap.trigger if swap else 0.0, "repayment": swap.repayment if swap else 1.0,
        "grant": adjustment.chance if adjustment else 0.0,
        "disorder": adjustment.threshold if adjustment else 1e9,
        "pace": float(np.maximum(plan.payments, 0.0).mean()),
    }  # fmt: skip
    nothing = np.zeros(plan.months)
    guaranteed = nothing if plan.guaranteed is None else plan.guaranteed
    return Numbers(
        payments=jnp.asarray(plan.payments),
        private=jnp.asarray(nothing if plan.private is None else plan.private),
        covered=jnp.asarray(np.cumsum(guaranteed)),
        **{name: jnp.asarray(value) for name, value in draws.items()},
        level={name: jnp.asarray(float(value)) for name, value in level.items()},
    )


@partial(jax.jit, static_argnames=("order",))
def simulate(numbers: Numbers, order: tuple[DollarSource, ...]) -> MonthOut:
    """Return every month of every path, axes month and path."""
    paths = numbers.shocks.shape[1]
    level = numbers.level
    zeros = jnp.zeros(paths)
    start = State(
        reserves=zeros + level["reserves"], rate=zeros, past=jnp.zeros((LOOK_BACK, paths)),
        variance=zeros + level["variance"], shock=zeros, left=zeros, size=zeros, drawn=zeros,
        borrowed=zeros, put_off=zeros, away=zeros,
    )  # fmt: skip
    months = jnp.arange(numbers.payments.shape[0], dtype=float)
    step = partial(_month, numbers, order)
    given = (months, numbers.payments, numbers.private, numbers.covered, numbers.shocks,
             numbers.arrivals, numbers.grants, numbers.sizes)  # fmt: skip
    return jax.lax.scan(step, start, given)[1]


def _month(
    numbers: Numbers, order: tuple[DollarSource, ...], state: State, given: tuple[Array, ...]
) -> tuple[State, MonthOut]:
    month, payment, private, covered, shock, arrival, grant, size = given
    level = numbers.level
    is_open = (month >= level["line_first"]) & (month < level["line_last"])
    free_line = jnp.where(is_open, jnp.maximum(level["line"] - state.drawn, 0.0), 0.0)

    due, put_off = _put_off(level, state, payment, grant)
    failing = jnp.where(state.left > 0, level["stressed"], level["default"]) * numbers.defaults
    called = covered * jnp.minimum(failing, 1.0)
    due = due + called
    income = numbers.income * state.reserves / MONTHS
    got = _find_dollars(order, due, (income, state.reserves, free_line), level)
    borrowed = state.borrowed + got["borrowing"]
    other = income + jnp.maximum(-due, 0.0)
    other = other - borrowed * level["interest"] - state.drawn * level["line_rate"]
    reserves = state.reserves + other - got["income"] - got["reserves"]

    run = _run(level, state, (arrival < numbers.chance / MONTHS, size), free_line)
    market = _price(numbers, state, run)
    excess = jnp.where(run.now, jnp.maximum(state.rate - level["threshold"], 0.0), 0.0)
    sold = jnp.minimum(level["share"] * excess / market.price, level["most"])
    free_line = free_line - got["swap"]
    withdrawn = jnp.minimum(run.withdrawn, jnp.maximum(reserves, 0.0) + free_line)
    reserves = reserves - withdrawn
    sold = jnp.minimum(sold, jnp.maximum(reserves, 0.0))
    reserves = reserves - sold
    draw = jnp.clip(level["trigger"] - reserves, 0.0, free_line)
    back = jnp.where(run.now, 0.0, state.away / level["recovery"])
    reserves = reserves + draw + back
    drawn = state.drawn + draw + got["swap"]
    room = jnp.maximum(reserves - level["trigger"], 0.0)
    repaid = jnp.where(run.now, 0.0, jnp.minimum(state.drawn / level["repayment"], room))
    unmet = got["unmet"] + jnp.maximum(repaid - reserves, 0.0)
    reserves, drawn = jnp.maximum(reserves - repaid, 0.0), drawn - repaid

    bought = got["spot"] + private + run.leaving - sold
    moved = jnp.sqrt(market.variance) * shock
    rate = state.rate * (1 - level["pull"]) + moved * market.turbulence + market.price * bought
    after = State(
        reserves=reserves, rate=rate,
        past=jnp.concatenate([state.past[1:], state.rate[None]]),
        variance=market.variance, shock=moved, left=run.left - 1.0, size=run.size, drawn=drawn,
        borrowed=borrowed, put_off=put_off, away=state.away + withdrawn - back,
    )  # fmt: skip
    return after, MonthOut(
        reserves, rate, borrowed, run.now.astype(float), got, withdrawn - back, sold,
        other + draw - repaid, unmet, called,
    )  # fmt: skip


class Run(NamedTuple):
    """A sudden stop in a month: whether it is on, what is left of it, its size, what leaves."""

    now: Array
    left: Array
    size: Array
    withdrawn: Array
    leaving: Array


def _run(level: Level, state: State, given: tuple[Array, Array], free_line: Array) -> Run:
    """Return what a sudden stop, on its way or beginning, takes away this month."""
    struck, size = given
    begins = (state.left <= 0) & struck
    left = jnp.where(begins, level["length"], jnp.maximum(state.left, 0.0))
    size = jnp.where(begins, size, state.size)
    now = left > 0
    age = level["length"] - left
    weight = jnp.where(age < level["first"], level["early"], level["late"]) * now
    thin = jnp.maximum(1.0 - (state.reserves + free_line) / level["norm"], 0.0)
    force = weight * size * (1.0 + level["weakness"] * thin)
    withdrawn = jnp.minimum(force * level["not_rolled"], 1.0) * level["debt"]
    leaving = jnp.minimum(force * level["leave"], 1.0) * level["other"]
    return Run(now, left, size, withdrawn, leaving)


class Market(NamedTuple):
    """The market in a month: variance of the currency, turbulence, price of a purchase."""

    variance: Array
    turbulence: Array
    price: Array


def _price(numbers: Numbers, state: State, run: Run) -> Market:
    """Return what a purchase of dollars does to their price this month, and how rough it is."""
    level = numbers.level
    turbulence = jnp.where(run.now, level["turbulence"], 1.0)
    calm = level["variance"] * (1 - level["arch"] - level["garch"])
    variance = calm + level["arch"] * state.shock**2 + level["garch"] * state.variance
    relative = jnp.where(level["variance"] > 0, variance / level["variance"], 1.0)
    price = numbers.price * (relative * turbulence**2) ** level["power"]
    return Market(variance, turbulence, jnp.maximum(price, CHEAPEST))


def _put_off(level: Level, state: State, payment: Array, grant: Array) -> tuple[Array, Array]:
    """Return what is due this month and what is put off to later ones."""
    fall = state.rate - state.past[0]
    wanted = jnp.maximum(payment, 0.0)
    later = (fall > level["disorder"]) & (grant < level["grant"])
    catch_up = jnp.minimum(state.put_off, level["pace"])
    due = jnp.where(later, 0.0, wanted + catch_up)
    put_off = jnp.where(later, state.put_off + wanted, state.put_off - catch_up)
    return due + jnp.minimum(payment, 0.0), put_off


def _find_dollars(
    order: tuple[DollarSource, ...],
    due: Array,
    limits: tuple[Array, Array, Array],
    level: Level,
) -> dict[str, Array]:
    """Return how much each source gives, and what none of them can."""
    income, reserves, free_line = limits
    most = {
        "income": income, "borrowing": level["cap"], "spot": level["spot"],
        "reserves": reserves, "swap": free_line,
    }  # fmt: skip
    need = jnp.maximum(due, 0.0)
    got = dict.fromkeys(most, jnp.zeros_like(need))
    for source in order:
        got[source] = jnp.minimum(need, most[source])
        need = need - got[source]
    return {**got, "unmet": need}
