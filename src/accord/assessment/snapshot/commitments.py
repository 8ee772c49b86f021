"""How much of each commitment is called and finished, and by when, on the central path.

Projects are run once, on the central path (every cost, time and return at its mean). Nothing is
valued, so this is quick enough for a check of a deal file.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from accord.core.errors import InputError, Notice
from accord.deal.clauses.investment import InvestmentClause
from accord.deal.deal import Deal
from accord.finance.accounts.incentives import Standing, decide
from accord.finance.construction.pipeline import Construction, build, build_portfolio
from accord.finance.draws import central_draws
from accord.finance.rates import STEPS
from accord.lowering.finance import BILLION, PairPlan, lower_finance

TOLERANCE = 1e-6  # of the commitment: what rounding leaves
YEAR = re.compile(r"(?:(\w+)\s+)??(?:(\w+)\s+)?\b(2[01]\d\d)\b")
BEGINS = ("from", "since", "of", "starting", "after")  # words before a year that is not an end
ENDS = ("end", "close", "middle")  # words before "of" and a year that is one
DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Commitment:
    """What one investment clause comes to on the central path.

    Attributes:
        package: Name of the package.
        path: Place of the clause in its file.
        title: Title of the clause, or what it is.
        payer: Who pays.
        host: Where it is invested.
        committed: Amount of the clause, bn of the file's currency.
        called: What of it is called within the horizon, bn; the mean where it may be abandoned.
        finished: Budget of the projects that are finished within the horizon, bn; the same way.
        last_call: Last day of the quarter in which the last money is called; None for no call.
        last_finish: Day on which the last project is finished; None if none is.
        horizon: Last day of the horizon.
    """

    package: str
    path: str
    title: str
    payer: str
    host: str
    committed: float
    called: float
    finished: float
    last_call: dt.date | None
    last_finish: dt.date | None
    horizon: dt.date

    @property
    def is_called(self) -> bool:
        """Whether all of it is called."""
        return self.called >= self.committed * (1 - TOLERANCE)

    @property
    def is_finished(self) -> bool:
        """Whether every project that is called for is finished."""
        return self.finished >= self.called - self.committed * TOLERANCE


def follow_commitments(deal: Deal) -> tuple[Commitment, ...]:
    """Return what becomes of every investment clause of every package, in the file's order.

    Raises:
        InputError: A plan is wrong in a way that the checks of the file do not show.
    """
    return tuple(
        commitment
        for name in deal.package_names
        for pair in lower_finance(deal, name)
        for commitment in _follow_pair(name, pair)
    )


def find_shortfalls(deal: Deal, commitments: tuple[Commitment, ...]) -> tuple[Notice, ...]:
    """Return a notice for each commitment that is not called or not finished in full."""
    clauses = {
        part.path: part
        for name in deal.package_names
        for clause in deal.clauses(name)
        if isinstance(clause, InvestmentClause)
        for part in clause.parts
    }
    notices = (
        notice
        for commitment in commitments
        for notice in _explain_shortfall(commitment, clauses[commitment.path], deal.window[0])
    )
    return tuple(dict.fromkeys(notices))


def _follow_pair(package: str, pair: PairPlan) -> Iterator[Commitment]:
    plan = pair.plan
    problems = plan.problems()
    if problems:
        raise InputError(problems, f"the finance plan of {package}")
    steps = plan.years * STEPS
    draws = central_draws(steps)
    portfolios = tuple(build_portfolio(plan, facility, at, draws) for at, facility in plan.building)
    start = dt.date(plan.first_year, 1, 1)
    horizon = dt.date(plan.first_year + plan.years - 1, 12, 31)
    built = build(plan, portfolios, steps) if portfolios else ()
    building = [(facility, pair.clauses[at]) for at, facility in plan.building]
    for (facility, clause), construction in zip(building, built, strict=True):
        standing = None
        if facility.approval is not None:
            standing = decide(facility.approval, draws, steps)
        called, last_call = _calls(construction, standing, start, clause.from_)
        finished, last_finish = _finish(construction, standing, start)
        yield Commitment(
            package, clause.path, clause.title or f"investment, {clause.instrument}",
            clause.payer, clause.host, clause.amount / BILLION, called, finished,
            last_call, last_finish, horizon,
        )  # fmt: skip


def _calls(
    built: Construction, standing: Standing | None, start: dt.date, first: dt.date | None
) -> tuple[float, dt.date | None]:
    """Return what is called, bn USD, and the last day of the quarter of the last call.

    Quarters begin where years of 365.25 days put them, so a first day can lie just behind the end
    of the quarter in which the engine calls: then it is the first day itself.
    """
    calls = built.called if standing is None else standing.left_of(built.called)
    so_far = np.cumsum(calls[0])
    total = float(so_far[-1])
    if total <= 0:
        return 0.0, None
    last = int(np.argmax(so_far >= total * (1 - TOLERANCE)))
    day = _day_of(last + 1, start.year) - DAY
    return total, day if first is None else max(day, first)


def _finish(
    built: Construction, standing: Standing | None, start: dt.date
) -> tuple[float, dt.date | None]:
    """Return the budget of finished projects, bn USD, and the day of the last one."""
    when = built.finished[0]
    done = np.isfinite(when)
    if not done.any():
        return 0.0, None
    budget = np.array(built.portfolio.budget)
    if standing is not None:
        budget *= np.where(when >= standing.decided, 1.0 - standing.refused[0], 1.0)
        done &= budget > 0
        if not done.any():
            return 0.0, None
    return float(budget[done].sum()), _day_of(float(when[done].max()), start.year)


def _day_of(step: float, first_year: int) -> dt.date:
    """Return the day of a time in quarters since the start of a year."""
    quarters = int(step)
    start, end = (
        dt.date(first_year + at // STEPS, 3 * (at % STEPS) + 1, 1)
        for at in (quarters, quarters + 1)
    )
    return start + (end - start) * (step - quarters)


def show_billions(value: float) -> str:
    """Return an amount in bn as text of four significant digits: 166.2, 1,234, 0.05."""
    rounded = round(value, 6)  # before the digits are cut, so that equal amounts read alike
    return f"{rounded:,.0f}" if abs(rounded) >= 1000 else f"{rounded:.4g}"


def _explain_shortfall(
    commitment: Commitment, clause: InvestmentClause, first_year: int
) -> Iterator[Notice]:
    if clause.approval is not None:
        return
    if not commitment.is_called:
        when = f", the last in {commitment.last_call.year}" if commitment.last_call else ""
        called, committed = show_billions(commitment.called), show_billions(commitment.committed)
        message = f"{called} of {committed} bn are called{when}"
        yield Notice(commitment.path, message, _remedy_for_calls(clause))
    named, last = _last_year_named(clause, first_year), commitment.last_call
    if named and last is not None and last.year > named:
        message = f"the title names {named}, and the last money is called in {last.year}"
        remedy = (
            "if all is to be paid by then, write a clause with `up_front = true` for each year, "
            "with its amount and its day in `from`"
        )
        if clause.up_front:
            remedy = "begin with the year in which it is paid: `first_year` in [assessment]"
        yield Notice(commitment.path, message, remedy)
    if not commitment.is_finished:
        done, called = show_billions(commitment.finished), show_billions(commitment.called)
        message = f"projects worth {done} of the {called} bn called are finished"
        remedy = "what is not finished earns nothing: "
        remedy += (
            "`until` stops calls before projects are paid for"
            if clause.until is not None and not commitment.is_called
            else f"lengthen `horizon` in [assessment], now to {commitment.horizon.year}, "
            "or select earlier"
        )
        yield Notice(commitment.path, f"{message} by {commitment.horizon.year}", remedy)


def _last_year_named(clause: InvestmentClause, first_year: int) -> int:
    """The last year that the title of an investment names as an end; 0 if it names none.

    Years in which it begins, and those before the first money, are no end.
    """
    start = first_year if clause.from_ is None else clause.from_.year
    named = YEAR.findall(clause.title.casefold())
    years = [
        int(year)
        for earlier, before, year in named
        if before not in BEGINS or (before == "of" and earlier in ENDS)
    ]
    return max((year for year in years if year >= start), default=0)


def _remedy_for_calls(clause: InvestmentClause) -> str:
    if clause.missed:
        return "calls are missed by the clause itself; say when they are `made_up`, if they are"
    if clause.until is not None:
        return (
            "`until` is the last day of calls. If it is the day by which projects are chosen or "
            "money is promised, write it as `select_until` and leave `until` out"
        )
    if clause.annual_cap is not None:
        return "raise `annual_cap`, or lengthen `horizon` in [assessment]"
    return "lengthen `horizon` in [assessment], or select earlier"
