"""The simulation: the months of many paths at once, one after another.

Each month the dollars due are found from the sources in their order; a sudden stop may begin, and
what leaves is paid out of reserves and the swap line or sold in the market; the central bank leans
against a fall; the currency moves by itself and with net purchases; debt comes back after a stop.
Random numbers come from outside, the same for every plan of a seed, and events begin by chance
alone, so that a larger payment, or a smaller swap line, never makes any path stronger.
"""

from collections.abc import Mapping
from typing import NamedTuple, TypeAlias

import numpy as np

from accord.core.arrays import Bool, Float
from accord.external.equations import ara_norm
from accord.external.plan import MONTHS, SOURCES, DollarSource, ExternalPlan

LOOK_BACK = 3  # months over which a fall is judged disorderly
UNLIMITED = 1e12
CHEAPEST = 1e-12  # log a bn: a market that nothing moves
Level: TypeAlias = Mapping[str, float]
Path: TypeAlias = Float[np.ndarray, " path"]
Months: TypeAlias = Float[np.ndarray, "month path"]


class Numbers(NamedTuple):
    """Every number of a plan that a month needs, and the random draws."""

    payments: Float[np.ndarray, " month"]
    private: Float[np.ndarray, " month"]
    covered: Float[np.ndarray, " month"]
    shocks: Months
    arrivals: Months
    grants: Months
    sizes: Months
    income: Path
    price: Path
    chance: Path
    defaults: Path
    level: Level


class State(NamedTuple):
    """What a path remembers, one number a path."""

    reserves: Path
    rate: Path
    past: tuple[Path, ...]
    variance: Path
    shock: Path
    left: Path
    size: Path
    drawn: Path
    borrowed: Path
    put_off: Path
    away: Path


class MonthOut(NamedTuple):
    """What a month leaves behind, one number a path, bn USD; or all months do, by month and path.

    `raised` is dollars by source; reserves fall by those found in "income" and "reserves", by `run`
    (debt withdrawn less debt that comes back) and by `sold`, and change by `other` (income,
    interest and the swap line). `called` is what guarantees cost, due like a payment.
    """

    reserves: np.ndarray
    rate: np.ndarray
    borrowed: np.ndarray
    in_stop: np.ndarray
    raised: dict[str, np.ndarray]
    run: np.ndarray
    sold: np.ndarray
    other: np.ndarray
    unmet: np.ndarray
    called: np.ndarray


def collect(plan: ExternalPlan, draws: dict[str, np.ndarray], *, quiet: bool) -> Numbers:
    """Return the numbers of a plan and its draws.

    On a `quiet` path, the one without shocks, the variance stays what it is on average.
    """
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
        payments=plan.payments,
        private=nothing if plan.private is None else plan.private,
        covered=np.cumsum(guaranteed),
        **draws,
        level={name: float(value) for name, value in level.items()},
    )


def simulate(numbers: Numbers, order: tuple[DollarSource, ...]) -> MonthOut:
    """Return every month of every path, axes month and path."""
    paths = numbers.shocks.shape[1]
    level, zeros = numbers.level, np.zeros(paths)
    state = State(
        reserves=zeros + level["reserves"], rate=zeros, past=(zeros,) * LOOK_BACK,
        variance=zeros + level["variance"], shock=zeros, left=zeros, size=zeros, drawn=zeros,
        borrowed=zeros, put_off=zeros, away=zeros,
    )  # fmt: skip
    every = _room(len(numbers.payments), paths)
    for month in range(len(numbers.payments)):
        state, out = _month(numbers, order, state, month)
        for name, of_month in out._asdict().items():
            if name != "raised":
                getattr(every, name)[month] = of_month
        for source, dollars in out.raised.items():
            every.raised[source][month] = dollars
    return every


def _room(months: int, paths: int) -> MonthOut:
    """Return room for every month of every path."""
    raised = {name: np.empty((months, paths)) for name in (*SOURCES, "unmet")}
    columns = {
        name: np.empty((months, paths)) for name in MonthOut._fields if name != "raised"
    }  # fmt: skip
    return MonthOut(raised=raised, **columns)


def _month(
    numbers: Numbers, order: tuple[DollarSource, ...], state: State, month: int
) -> tuple[State, MonthOut]:
    """Return what every path remembers after a month, and what the month leaves behind."""
    level = numbers.level
    is_open = level["line_first"] <= month < level["line_last"]
    free_line = (
        np.maximum(level["line"] - state.drawn, 0.0) if is_open else np.zeros_like(state.drawn)
    )

    due, put_off = _put_off(level, state, float(numbers.payments[month]), numbers.grants[month])
    failing = np.where(state.left > 0, level["stressed"], level["default"]) * numbers.defaults
    called = numbers.covered[month] * np.minimum(failing, 1.0)
    due = due + called
    income = numbers.income * state.reserves / MONTHS
    got = _find_dollars(order, due, (income, state.reserves, free_line), level)
    borrowed = state.borrowed + got["borrowing"]
    other = income + np.maximum(-due, 0.0)
    other = other - borrowed * level["interest"] - state.drawn * level["line_rate"]
    reserves = state.reserves + other - got["income"] - got["reserves"]

    struck = numbers.arrivals[month] < numbers.chance / MONTHS
    run = _run(level, state, (struck, numbers.sizes[month]), free_line)
    market = _price(numbers, state, run)
    excess = np.where(run.now, np.maximum(state.rate - level["threshold"], 0.0), 0.0)
    sold = np.minimum(level["share"] * excess / market.price, level["most"])
    free_line = free_line - got["swap"]
    withdrawn = np.minimum(run.withdrawn, np.maximum(reserves, 0.0) + free_line)
    reserves = reserves - withdrawn
    sold = np.minimum(sold, np.maximum(reserves, 0.0))
    reserves = reserves - sold
    draw = np.minimum(np.maximum(level["trigger"] - reserves, 0.0), free_line)
    back = np.where(run.now, 0.0, state.away / level["recovery"])
    reserves = reserves + draw + back
    drawn = state.drawn + draw + got["swap"]
    room = np.maximum(reserves - level["trigger"], 0.0)
    repaid = np.where(run.now, 0.0, np.minimum(state.drawn / level["repayment"], room))
    unmet = got["unmet"] + np.maximum(repaid - reserves, 0.0)
    reserves, drawn = np.maximum(reserves - repaid, 0.0), drawn - repaid

    bought = got["spot"] + numbers.private[month] + run.leaving - sold
    moved = np.sqrt(market.variance) * numbers.shocks[month]
    rate = state.rate * (1 - level["pull"]) + moved * market.turbulence + market.price * bought
    after = State(
        reserves=reserves, rate=rate,
        past=(*state.past[1:], state.rate),
        variance=market.variance, shock=moved, left=run.left - 1.0, size=run.size, drawn=drawn,
        borrowed=borrowed, put_off=put_off, away=state.away + withdrawn - back,
    )  # fmt: skip
    return after, MonthOut(
        reserves, rate, borrowed, run.now.astype(float), got, withdrawn - back, sold,
        other + draw - repaid, unmet, called,
    )  # fmt: skip


class Run(NamedTuple):
    """A sudden stop in a month: whether it is on, what is left of it, its size, what leaves."""

    now: Bool[np.ndarray, " path"]
    left: Path
    size: Path
    withdrawn: Path
    leaving: Path


def _run(level: Level, state: State, given: tuple[np.ndarray, Path], free_line: Path) -> Run:
    """Return what a sudden stop, on its way or beginning, takes away this month."""
    struck, size = given
    begins = (state.left <= 0) & struck
    left = np.where(begins, level["length"], np.maximum(state.left, 0.0))
    size = np.where(begins, size, state.size)
    now = left > 0
    age = level["length"] - left
    weight = np.where(age < level["first"], level["early"], level["late"]) * now
    thin = np.maximum(1.0 - (state.reserves + free_line) / level["norm"], 0.0)
    force = weight * size * (1.0 + level["weakness"] * thin)
    withdrawn = np.minimum(force * level["not_rolled"], 1.0) * level["debt"]
    leaving = np.minimum(force * level["leave"], 1.0) * level["other"]
    return Run(now, left, size, withdrawn, leaving)


class Market(NamedTuple):
    """The market in a month: variance of the currency, turbulence, price of a purchase."""

    variance: Path
    turbulence: Path
    price: Path


def _price(numbers: Numbers, state: State, run: Run) -> Market:
    """Return what a purchase of dollars does to their price this month, and how rough it is."""
    level = numbers.level
    turbulence = np.where(run.now, level["turbulence"], 1.0)
    calm = level["variance"] * (1 - level["arch"] - level["garch"])
    variance = calm + level["arch"] * state.shock**2 + level["garch"] * state.variance
    relative = variance / level["variance"] if level["variance"] > 0 else np.ones_like(variance)
    price = numbers.price * (relative * turbulence**2) ** level["power"]
    return Market(variance, turbulence, np.maximum(price, CHEAPEST))


def _put_off(level: Level, state: State, payment: float, grant: Path) -> tuple[Path, Path]:
    """Return what is due this month and what is put off to later ones."""
    fall = state.rate - state.past[0]
    wanted = max(payment, 0.0)
    later = (fall > level["disorder"]) & (grant < level["grant"])
    catch_up = np.minimum(state.put_off, level["pace"])
    due = np.where(later, 0.0, wanted + catch_up)
    put_off = np.where(later, state.put_off + wanted, state.put_off - catch_up)
    return due + min(payment, 0.0), put_off


def _find_dollars(
    order: tuple[DollarSource, ...],
    due: Path,
    limits: tuple[Path, Path, Path],
    level: Level,
) -> dict[str, Path]:
    """Return how much each source gives, and what none of them can."""
    income, reserves, free_line = limits
    most: dict[str, Path | float] = {
        "income": income, "borrowing": level["cap"], "spot": level["spot"],
        "reserves": reserves, "swap": free_line,
    }  # fmt: skip
    need = np.maximum(due, 0.0)
    got = dict.fromkeys(most, np.zeros_like(need))
    for source in order:
        got[source] = np.minimum(need, most[source])
        need = need - got[source]
    return {**got, "unmet": need}
