"""The simulation: the months of many paths at once, one after another.

Each month the dollars due are found from the sources in their order; a sudden stop may begin, and
what leaves is paid out of reserves and the swap line or sold in the market; the central bank leans
against a fall; the currency moves by itself and with net purchases; debt comes back after a stop.
Events come from outside (`events.py`), the same for every plan of a seed, so that a larger payment,
or a smaller swap line, never makes any path stronger.
"""

from collections.abc import Mapping
from typing import NamedTuple, TypeAlias

import numpy as np

from accord.core.arrays import Float
from accord.external.equations import ara_norm
from accord.external.events import Events, Path
from accord.external.plan import MONTHS, SOURCES, DollarSource, ExternalPlan

LOOK_BACK = 3  # months over which a fall is judged disorderly
UNLIMITED = 1e12
Level: TypeAlias = Mapping[str, float]


class Numbers(NamedTuple):
    """Every number of a plan that a month needs, and what happens whatever is paid."""

    payments: Float[np.ndarray, " month"]
    private: Float[np.ndarray, " month"]
    covered: Float[np.ndarray, " month"]
    events: Events
    level: Level


class State(NamedTuple):
    """What a path remembers, one number a path."""

    reserves: Path
    rate: Path
    past: tuple[Path, ...]
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


def collect(plan: ExternalPlan, events: Events) -> Numbers:
    """Return the numbers of a plan beside what happens whatever is paid."""
    sheet, stop, swap, adjustment = plan.sheet, plan.stop, plan.swap, plan.adjustment
    level = {
        "reserves": sheet.reserves, "debt": sheet.short_term_debt,
        "other": sheet.other_liabilities, "norm": ara_norm(sheet),
        "pull": plan.process.pull, "cap": plan.financing.borrowing_cap / MONTHS,
        "spot": UNLIMITED if plan.financing.spot_cap is None else plan.financing.spot_cap / MONTHS,
        "interest": plan.financing.borrowing_rate / MONTHS,
        "threshold": plan.intervention.threshold, "share": plan.intervention.share,
        "most": plan.intervention.cap * sheet.reserves,
        "not_rolled": stop.debt, "leave": stop.portfolio, "weakness": stop.weakness,
        "recovery": stop.recovery,
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
        events=events,
        level={name: float(value) for name, value in level.items()},
    )


def simulate(
    numbers: Numbers, order: tuple[DollarSource, ...], room: MonthOut | None = None
) -> MonthOut:
    """Return every month of every path, axes month and path.

    Args:
        numbers: Those of the plan, and its events.
        order: Where dollars come from, first to last.
        room: A result of the same size that is not needed any more: it is written over.
    """
    paths = numbers.events.moved.shape[1]
    level, zeros = numbers.level, np.zeros(paths)
    state = State(
        reserves=zeros + level["reserves"], rate=zeros, past=(zeros,) * LOOK_BACK,
        drawn=zeros, borrowed=zeros, put_off=zeros, away=zeros,
    )  # fmt: skip
    every = make_room(len(numbers.payments), paths) if room is None else room
    for month in range(len(numbers.payments)):
        state, out = _month(numbers, order, state, month)
        for name, of_month in out._asdict().items():
            if name != "raised":
                getattr(every, name)[month] = of_month
        for source, dollars in out.raised.items():
            every.raised[source][month] = dollars
    return every


def make_room(months: int, paths: int) -> MonthOut:
    """Return room for every month of every path, with nothing written in it yet."""
    raised = {name: np.empty((months, paths)) for name in (*SOURCES, "unmet")}
    columns = {
        name: np.empty((months, paths)) for name in MonthOut._fields if name != "raised"
    }  # fmt: skip
    return MonthOut(raised=raised, **columns)


def _month(
    numbers: Numbers, order: tuple[DollarSource, ...], state: State, month: int
) -> tuple[State, MonthOut]:
    """Return what every path remembers after a month, and what the month leaves behind."""
    level, events = numbers.level, numbers.events
    in_stop, price = events.in_stop[month], events.price[month]
    has_line = level["line"] > 0
    is_open = has_line and level["line_first"] <= month < level["line_last"]
    free_line = (
        np.maximum(level["line"] - state.drawn, 0.0) if is_open else np.zeros_like(state.drawn)
    )

    due, put_off = _put_off(level, state, float(numbers.payments[month]), events.grants[month])
    called = numbers.covered[month] * events.failing[month]
    due = due + called
    income = events.income * state.reserves / MONTHS
    got = _find_dollars(order, due, (income, state.reserves, free_line), level)
    borrowed = state.borrowed + got["borrowing"]
    other = income + np.maximum(-due, 0.0) - borrowed * level["interest"]
    if has_line:
        other = other - state.drawn * level["line_rate"]
    reserves = state.reserves + other - got["income"] - got["reserves"]

    wanted, leaving = _run(level, state, events.force[month], free_line)
    excess = np.where(in_stop, np.maximum(state.rate - level["threshold"], 0.0), 0.0)
    sold = np.minimum(level["share"] * excess / price, level["most"])
    free_line = free_line - got["swap"]
    withdrawn = np.minimum(wanted, np.maximum(reserves, 0.0) + free_line)
    reserves = reserves - withdrawn
    sold = np.minimum(sold, np.maximum(reserves, 0.0))
    reserves = reserves - sold
    back = np.where(in_stop, 0.0, state.away / level["recovery"])
    drawn, draw, repaid = state.drawn, np.zeros(()), np.zeros(())
    if has_line:
        draw = np.minimum(np.maximum(level["trigger"] - reserves, 0.0), free_line)
        drawn = state.drawn + draw + got["swap"]
    reserves = reserves + draw + back
    if has_line:
        room = np.maximum(reserves - level["trigger"], 0.0)
        repaid = np.where(in_stop, 0.0, np.minimum(state.drawn / level["repayment"], room))
        drawn = drawn - repaid
    unmet = got["unmet"] + np.maximum(repaid - reserves, 0.0)
    reserves = np.maximum(reserves - repaid, 0.0)

    bought = got["spot"] + numbers.private[month] + leaving - sold
    rate = state.rate * (1 - level["pull"]) + events.moved[month] + price * bought
    after = State(
        reserves=reserves, rate=rate, past=(*state.past[1:], state.rate), drawn=drawn,
        borrowed=borrowed, put_off=put_off, away=state.away + withdrawn - back,
    )  # fmt: skip
    return after, MonthOut(
        reserves, rate, borrowed, in_stop, got, withdrawn - back, sold,
        other + draw - repaid, unmet, called,
    )  # fmt: skip


def _run(level: Level, state: State, force: Path, free_line: Path) -> tuple[Path, Path]:
    """Return what a sudden stop wants of the debt, and of other claims, this month."""
    thin = np.maximum(1.0 - (state.reserves + free_line) / level["norm"], 0.0)
    force = force * (1.0 + level["weakness"] * thin)
    withdrawn = np.minimum(force * level["not_rolled"], 1.0) * level["debt"]
    leaving = np.minimum(force * level["leave"], 1.0) * level["other"]
    return withdrawn, leaving


def _put_off(level: Level, state: State, payment: float, grant: Path) -> tuple[Path, Path]:
    """Return what is due this month and what is put off to later ones."""
    wanted = max(payment, 0.0)
    if not level["grant"]:
        return np.full_like(state.rate, wanted + min(payment, 0.0)), state.put_off
    fall = state.rate - state.past[0]
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
