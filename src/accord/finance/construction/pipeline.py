"""From a commitment to projects: selected, called, built, delayed, finished or failed.

A project asks for money phase by phase. Its phases are stretched by its own delay and by waiting
for installers; its money waits behind what was asked for before. It is finished when its last
phase is over and its last dollar is paid. Times are in steps (quarters) from the start.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from accord.core.arrays import Bool, Float, Int
from accord.finance.construction import queues
from accord.finance.construction.projects import LabourSupply, Phase, ProjectKind, count_projects
from accord.finance.construction.queues import Flow
from accord.finance.draws import Draws, PathProject, lognormal
from accord.finance.plan import Facility, FinancePlan, Missed, Pace
from accord.finance.rates import DAYS_OFF, STEPS, steps_until

MONTHS = 12 / STEPS  # in a step


@dataclass(frozen=True, eq=False)
class Portfolio:
    """The projects of one facility, before any money is paid.

    Attributes:
        kind: Position of each project's kind in the plan.
        budget: Budget, bn USD.
        first_call: Earliest call: selection plus notice, in steps.
        start: When each phase starts as planned, by phase (padded), in steps.
        end: When it ends as planned, own delay included.
        cost: Share of the budget spent in each phase.
        installers: Installer-months needed in each phase.
        overrun: Cost over budget, as a ratio above one.
        earning: Earnings over plan, a ratio.
        success: One if the project works, zero if it fails; its chance on the central path.
        first: Whether the project is paid before the others.
    """

    kind: Int[np.ndarray, " project"]
    budget: Float[np.ndarray, " project"]
    first_call: Float[np.ndarray, " project"]
    start: Float[np.ndarray, "phase path project"]
    end: Float[np.ndarray, "phase path project"]
    cost: Float[np.ndarray, "phase project"]
    installers: Float[np.ndarray, "phase project"]
    overrun: PathProject
    earning: PathProject
    success: PathProject
    first: Bool[np.ndarray, " project"]


@dataclass(frozen=True, eq=False)
class Lane:
    """Projects of one facility that wait for money in one queue, and that money by step, bn USD.

    Attributes:
        projects: Which projects.
        asked: Money asked for.
        due: Money that could be called under the cap.
        called: Money that was paid (less what the payer missed).
    """

    projects: Bool[np.ndarray, " project"]
    asked: Flow
    due: Flow
    called: Flow


@dataclass(frozen=True, eq=False)
class Construction:
    """What happened to the projects of one facility.

    Attributes:
        portfolio: The projects.
        lanes: The queues for money, in the order in which they are served.
        start: Start of every phase, installers' delay included, in steps.
        end: End of every phase.
        waited: Steps each project waited for installers.
        finished: When each project is finished and paid; infinite if not within the horizon.
        funded: Share of each project's money that was really paid.
    """

    portfolio: Portfolio
    lanes: tuple[Lane, ...]
    start: Float[np.ndarray, "phase path project"]
    end: Float[np.ndarray, "phase path project"]
    waited: PathProject
    finished: PathProject
    funded: PathProject

    @cached_property
    def due(self) -> Flow:
        """Money that could be called under the cap by step, bn USD."""
        return _total([lane.due for lane in self.lanes])

    @cached_property
    def called(self) -> Flow:
        """Money that was paid by step (less what the payer missed), bn USD."""
        return _total([lane.called for lane in self.lanes])


def _total(flows: Sequence[Flow]) -> Flow:
    return flows[0] if len(flows) == 1 else np.asarray(sum(flows))


def build_portfolio(plan: FinancePlan, facility: Facility, at: int, draws: Draws) -> Portfolio:
    """Return the projects of a facility with their luck, phases laid out as planned."""
    kinds = plan.kinds
    kind, budget = count_projects(facility.instrument.amount, dict(facility.mix), kinds)
    count = len(kind)
    luck = draws.take(count, at)
    of = [kinds[k] for k in kind]
    names = [project_kind.name for project_kind in of]
    first_call = _first_calls(facility, names)

    def column(name: str) -> Float[np.ndarray, " project"]:
        return np.array([float(getattr(project_kind, name)) for project_kind in of])

    shared = np.sqrt(plan.common)
    own = np.sqrt(1 - plan.common)
    cost_luck = shared * luck.common[:, :1] + own * luck.cost
    earn_luck = shared * luck.common[:, 1:] + own * luck.earning
    overrun = _outcomes(of, "overrun", cost_luck, central=luck.central)
    delay = _outcomes(of, "delay", luck.time, central=luck.central)
    earning = _outcomes(of, "earning", earn_luck, central=luck.central)
    failure = column("failure")
    success = (
        np.broadcast_to(1 - failure, luck.fate.shape)
        if luck.central
        else (luck.fate >= failure).astype(float)
    )
    phases = max(len(project_kind.phases) for project_kind in of)
    start = np.zeros((phases, draws.paths, count))
    end = np.zeros_like(start)
    cost, installers = np.zeros((phases, count)), np.zeros((phases, count))
    clock = np.broadcast_to(first_call, delay.shape)
    for phase in range(phases):
        years = np.array([_phase(project_kind, phase).years for project_kind in of])
        cost[phase] = [_phase(project_kind, phase).cost for project_kind in of]
        installers[phase] = budget * [_phase(project_kind, phase).installers for project_kind in of]
        start[phase] = clock
        clock = clock + years * STEPS * delay
        end[phase] = clock
    return Portfolio(
        np.array(kind, dtype=np.int64), budget, first_call, start, end, cost, installers,
        overrun, earning, success, np.isin(names, list(facility.pace.chosen)),
    )  # fmt: skip


def build_portfolios(plan: FinancePlan, draws: Draws) -> tuple[Portfolio, ...]:
    """Return the projects of every facility that builds, with their luck, as planned."""
    return tuple(build_portfolio(plan, facility, at, draws) for at, facility in plan.building)


def build(
    plan: FinancePlan, portfolios: tuple[Portfolio, ...], steps: int, peak: float | None = None
) -> tuple[Construction, ...]:
    """Return the construction of every facility that builds; installers are shared by all of them.

    Args:
        plan: The plan.
        portfolios: The projects of each facility that builds.
        steps: Quarters of the plan.
        peak: Most installers needed in a quarter, on average over all paths, where there are more
            paths than these; None to take it from these.
    """
    if not portfolios:
        return ()
    facilities = [facility for _, facility in plan.building]
    delays = _wait_for_installers(plan.labour, portfolios, steps, peak)
    return tuple(
        _build_one(facility, portfolio, delay, steps)
        for facility, portfolio, delay in zip(facilities, portfolios, delays, strict=True)
    )


def _first_calls(facility: Facility, kinds: Sequence[str]) -> Float[np.ndarray, " project"]:
    """Return the earliest call of each project, in steps: selection, then notice."""
    pace = facility.pace
    if pace.up_front:
        return np.full(len(kinds), steps_until(pace.select_from))
    notice = np.broadcast_to(np.asarray(pace.notice, dtype=float), (len(kinds),))
    return steps_until(selection_times(facility, kinds) + notice)


def selection_times(facility: Facility, kinds: Sequence[str]) -> Float[np.ndarray, " project"]:
    """Return when each project is selected, years from the start: evenly spread, unless known.

    Args:
        facility: The facility.
        kinds: The kind of each project, in order.
    """
    pace = facility.pace
    times = np.array([pace.chosen.get(kind, np.nan) for kind in kinds], dtype=float)
    spread = np.isnan(times)
    share = (np.arange(spread.sum()) + 0.5) / max(spread.sum(), 1)
    times[spread] = pace.select_from + share * (pace.select_until - pace.select_from)
    return times


def _outcomes(of: list[ProjectKind], name: str, luck: PathProject, *, central: bool) -> PathProject:
    """Return a quantity of every project, as a ratio; for costs and times one plus its mean."""
    plus = 0.0 if name == "earning" else 1.0
    columns = [
        lognormal(plus + getattr(kind, name).mean, getattr(kind, name).spread, luck[:, at],
                  central=central)
        for at, kind in enumerate(of)
    ]  # fmt: skip
    return np.stack(columns, axis=1)


NO_PHASE = Phase("", 0.0, 0.0)


def _phase(kind: ProjectKind, at: int) -> Phase:
    return kind.phases[at] if at < len(kind.phases) else NO_PHASE


def installers_needed(portfolios: tuple[Portfolio, ...], steps: int) -> Flow:
    """Return the installer-months that building as planned takes in each step."""
    switches = queues.Switches(portfolios[0].end.shape[1], steps)
    for portfolio in portfolios:
        for phase in range(portfolio.end.shape[0]):
            if portfolio.installers[phase].any():
                switches.spread(
                    portfolio.start[phase], portfolio.end[phase], portfolio.installers[phase]
                )
    return np.asarray(np.maximum(switches.flow(), 0.0))


def _wait_for_installers(
    labour: LabourSupply, portfolios: tuple[Portfolio, ...], steps: int, peak: float | None
) -> list[Float[np.ndarray, "phase path project"]]:
    """Return how many steps every phase ends later because installers are busy or away."""
    none = [np.zeros_like(portfolio.end) for portfolio in portfolios]
    work = sum(float(portfolio.installers.sum()) for portfolio in portfolios)
    if work == 0 or not (labour.limited or labour.absences):
        return none
    asked = installers_needed(portfolios, steps)
    if peak is None:
        peak = float(asked.mean(axis=0).max())
    done = queues.serve(asked, _capacity(labour, portfolios, asked, peak))
    need, served = queues.to_edges(asked), queues.to_edges(done)
    delays = []
    for portfolio, delay in zip(portfolios, none, strict=True):
        for phase in range(portfolio.end.shape[0]):
            busy = np.flatnonzero(portfolio.installers[phase])
            if busy.size:
                planned = portfolio.end[phase][:, busy]
                late = queues.time_of(served, queues.level_at(need, planned)) - planned
                late = np.clip(late, 0.0, float(steps))
                delay[phase][:, busy] = np.where(planned < steps, late, 0.0)
        delays.append(np.maximum.accumulate(delay, axis=0))
    return delays


def _capacity(
    labour: LabourSupply, portfolios: tuple[Portfolio, ...], asked: Flow, peak: float
) -> Flow:
    """Return the installer-months that can be worked in each step."""
    steps = asked.shape[1]
    edge = np.arange(steps + 1) / STEPS
    if labour.staffed is None:
        capacity = np.full(asked.shape, np.inf)
    else:
        first = min(float(portfolio.first_call.min()) for portfolio in portfolios)
        staffed = np.full(steps, labour.staffed)
        if labour.training is not None:
            closed = np.clip((edge[1:] * STEPS - first) / (labour.training * STEPS), 0.0, 1.0)
            staffed = staffed + np.maximum(1.0 - staffed, 0.0) * closed
        capacity = np.broadcast_to(staffed * peak, asked.shape)
    for visas in labour.visas:
        open_for = np.diff(np.maximum(edge - max(visas.start, 0.0), 0.0)) * STEPS
        capacity = capacity + visas.quota * MONTHS * open_for
    for absence in labour.absences:
        inside = np.clip(edge, absence.start, absence.start + absence.years)
        away = np.diff(inside) * STEPS  # share of the step
        at_work = np.where(np.isfinite(capacity), capacity, asked)
        left = np.maximum(at_work - absence.people * MONTHS * away, 0.0)
        capacity = np.where(away > 0, left, capacity)
    return capacity


def _build_one(
    facility: Facility,
    portfolio: Portfolio,
    delay: Float[np.ndarray, "phase path project"],
    steps: int,
) -> Construction:
    pace = facility.pace
    end = portfolio.end + delay
    start = np.concatenate([portfolio.start[:1], end[:-1]], axis=0)
    lanes = tuple(_pay_lanes(portfolio, pace, start, end, steps=steps))
    finished, funded = np.full(end[-1].shape, np.inf), np.ones(end[-1].shape)
    for lane in lanes:
        own = lane.projects
        begins, last = start[0][:, own], end[-1][:, own]
        need, paid = queues.to_edges(lane.asked), queues.to_edges(lane.due)
        money = queues.time_of(paid, queues.level_at(need, begins + 1 if pace.up_front else last))
        finished[:, own] = np.where(last < steps, np.maximum(last, money), np.inf)
        if pace.missed:
            books = (paid, queues.to_edges(lane.called))
            funded[:, own] = _funded(need, books, (begins, money))
    return Construction(portfolio, lanes, start, end, delay[-1], finished, funded)


def _pay_lanes(
    portfolio: Portfolio,
    pace: Pace,
    start: Float[np.ndarray, "phase path project"],
    end: Float[np.ndarray, "phase path project"],
    *,
    steps: int,
) -> Iterator[Lane]:
    """Yield the queues for money: projects chosen first, then the others with what is left."""
    until = steps
    if pace.until is not None:
        until = min(steps, int(np.ceil(pace.until * STEPS - DAYS_OFF)))
    set_aside = None
    for own in (portfolio.first, ~portfolio.first):
        if not own.any():
            continue
        budget = portfolio.budget[own]
        if pace.up_front:
            asked = queues.lump(start[0][:, own], budget, steps)
        else:
            switches = queues.Switches(end.shape[1], steps)
            for phase in range(end.shape[0]):
                cost = budget * portfolio.cost[phase][own]
                switches.spread(start[phase][:, own], end[phase][:, own], cost)
            asked = np.maximum(switches.flow(), 0.0)
        due = queues.pay_under_cap(asked, pace.annual_cap, until, set_aside)
        set_aside = due
        yield Lane(own, asked, due, _miss(due, pace.missed))


def _miss(due: Flow, missed: tuple[Missed, ...]) -> Flow:
    """Return what is paid after calls missed, with what is made up later."""
    called = due
    if not missed:
        return called
    edge = np.arange(due.shape[1] + 1) / STEPS
    for miss in missed:
        inside = np.diff(np.clip(edge, miss.start, miss.end)) * STEPS
        gone = due * miss.share * inside
        called = called - gone
        if miss.made_up is not None:
            at = min(int(steps_until(miss.made_up)), due.shape[1] - 1)
            called = called.copy()
            called[:, at] += gone.sum(axis=1)
    return called


def _funded(
    need: queues.Edges,
    books: tuple[queues.Edges, queues.Edges],
    window: tuple[PathProject, PathProject],
) -> PathProject:
    """Return the share of the money due between two times that was really paid."""
    paid, came = books
    start = queues.time_of(paid, queues.level_at(need, window[0]))
    end = np.minimum(window[1], float(need.shape[1] - 1))
    start = np.minimum(start, end)
    due = queues.level_at(paid, end) - queues.level_at(paid, start)
    got = queues.level_at(came, end) - queues.level_at(came, start)
    share = np.divide(got, due, out=np.ones_like(due), where=due > 1e-12)
    return np.asarray(np.clip(share, 0.0, 1.0))
