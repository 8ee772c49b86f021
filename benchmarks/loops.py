"""The pipeline and the waterfall as a plain loop over paths, projects and quarters.

It does what `solve_finance` does for a plan like the memorandum (installers left out), one number
at a time, and serves as a yardstick; what it pays the payer is checked against the engine.
"""

import math
from math import exp

from accord.finance.construction.earnings import RAMP_PARTS, planned_yield
from accord.finance.construction.pipeline import selection_times
from accord.finance.construction.projects import count_projects
from accord.finance.draws import Draws
from accord.finance.instruments import Guarantee
from accord.finance.plan import FinancePlan
from accord.finance.rates import DAYS_OFF, STEPS, level_of


def solve_in_plain_python(plan: FinancePlan, draws: Draws) -> list[float]:
    """Return the undiscounted profit paid to the payer on each path, bn USD."""
    facilities = []
    for at, facility in enumerate(plan.facilities):
        kind, budget = count_projects(facility.instrument.amount, dict(facility.mix), plan.kinds)
        times = selection_times(facility, [plan.kinds[at].name for at in kind])
        notice = facility.pace.notice
        wait = notice if isinstance(notice, tuple) else [notice] * len(kind)
        first = [_begin((t + w) * STEPS) for t, w in zip(times, wait, strict=True)]
        facilities.append((facility, kind, budget, first, draws.take(len(kind), at)))
    return [_one_path(plan, facilities, path) for path in range(draws.paths)]


def _begin(step: float) -> float:
    """Return the step of a call; what is a day or two before a quarter begins with it."""
    return math.ceil(step) if math.ceil(step) - step <= DAYS_OFF else step


def _one_path(plan: FinancePlan, facilities: list, path: int) -> float:
    total = 0.0
    for facility, kind, budget, first, luck in facilities:
        paid, cash = _cash(plan, facility, (kind, budget, first, luck), path)
        if isinstance(facility.instrument, Guarantee):
            total += sum(cash)
        else:
            total += _split(plan, paid, cash)
    return total


def _cash(plan, facility, given, path):
    kind, budget, first, luck = given
    steps = plan.years * STEPS
    # Two queues: projects whose selection is known are paid first, the others what is left.
    first_in_turn = [plan.kinds[at].name in facility.pace.chosen for at in kind]
    asked = {turn: [0.0] * steps for turn in (True, False)}
    ends, earn = [], []
    shared, own = plan.common**0.5, (1 - plan.common) ** 0.5
    for project, at in enumerate(kind):
        traits = plan.kinds[at]
        cost = shared * luck.common[path, 0] + own * luck.cost[path, project]
        gain = shared * luck.common[path, 1] + own * luck.earning[path, project]
        overrun = (1 + traits.overrun.mean) * exp(
            traits.overrun.spread * cost - traits.overrun.spread**2 / 2
        )
        spread = traits.delay.spread
        delay = (1 + traits.delay.mean) * exp(spread * luck.time[path, project] - spread**2 / 2)
        earning = traits.earning.mean * exp(
            traits.earning.spread * gain - traits.earning.spread**2 / 2
        )
        clock = first[project]
        for phase in traits.phases:
            end = clock + phase.years * STEPS * delay
            queue = asked[first_in_turn[project]]
            _spread(queue, clock, end, budget[project] * phase.cost)
            clock = end
        ends.append(clock)
        works = luck.fate[path, project] >= traits.failure
        earn.append(earning / overrun * works)
    cap = facility.pace.annual_cap
    paid = {True: _under_cap(asked[True], cap)}
    paid[False] = _under_cap(asked[False], cap, paid[True])
    cash = [0.0] * steps
    for project, at in enumerate(kind):
        traits = plan.kinds[at]
        turn = first_in_turn[project]
        done = max(ends[project], _time_of(paid[turn], _level(asked[turn], ends[project])))
        if done >= steps:
            continue
        yearly = budget[project] * planned_yield(traits, plan.inflation) * earn[project]
        for part in range(RAMP_PARTS):
            begin = done + traits.ramp_up * STEPS * (part + 0.5) / RAMP_PARTS
            end = done + (traits.ramp_up + traits.life) * STEPS
            rate = yearly / RAMP_PARTS / STEPS
            for step in range(int(begin), min(int(end) + 1, steps)):
                share = min(step + 1, end) - max(step, begin)
                prices = (1 + plan.inflation) ** ((step + 0.5 - done) / STEPS)
                cash[step] += rate * max(share, 0.0) * prices
        if not earn[project]:
            cash[int(done)] += budget[project] * traits.salvage
    return [a + b for a, b in zip(paid[True], paid[False], strict=True)], cash


def _split(plan, paid, cash):
    split = plan.split
    rate = (1 + level_of(split.deemed, plan.references)) ** (1 / STEPS) - 1
    balance = total = 0.0
    for called, here in zip(paid, cash, strict=True):
        balance = balance * (1 + rate) + called
        before = min(here, balance / split.until_recovery)
        balance -= split.until_recovery * before
        total += split.until_recovery * before + split.after_recovery * (here - before)
    return total


def _spread(asked, start, end, amount):
    length = max(end - start, 1e-3)
    for step in range(int(start), min(int(end) + 1, len(asked))):
        asked[step] += amount * max(min(step + 1, end) - max(step, start), 0.0) / length


def _under_cap(asked, cap, set_aside=None):
    if cap is None:
        return asked
    paid, waiting, room = [], 0.0, 0.0
    for step, new in enumerate(asked):
        left = STEPS - step % STEPS
        if left == STEPS:
            room = cap - sum(set_aside[step : step + STEPS]) if set_aside else cap
        waiting += new
        now = min(waiting, room / left)
        waiting, room = waiting - now, room - now
        paid.append(now)
    return paid


def _level(flow, time):
    whole = min(int(time), len(flow))
    part = flow[whole] * (time - whole) if whole < len(flow) else 0.0
    return sum(flow[:whole]) + part


def _time_of(flow, level):
    total = 0.0
    for step, here in enumerate(flow):
        if total + here >= level - 1e-9:
            return step + (level - total) / here if here > 0 else step
        total += here
    return float(len(flow) + 1)
