"""What finished projects earn: free cash flow from completion to the end of their life."""

from functools import lru_cache

import numpy as np

from accord.finance.construction import queues
from accord.finance.construction.pipeline import Construction
from accord.finance.construction.projects import ProjectKind
from accord.finance.construction.queues import Flow
from accord.finance.plan import FinancePlan
from accord.finance.rates import STEPS

RAMP_PARTS = 4
DUST = 1e-12  # bn USD: what rounding leaves when projects are switched off


def free_cash_flow(
    plan: FinancePlan, construction: Construction, projects: slice = slice(None)
) -> Flow:
    """Return free cash flow by step, bn USD, of some projects of a facility (all by default).

    A project earns `planned yield x money spent x earning / overrun`, less for each year it
    waited for installers, at the prices of the day. A failed one gives back its salvage.
    """
    built = construction.portfolio
    steps = construction.due.shape[1]
    kinds = [plan.kinds[k] for k in built.kind[projects]]
    wanted = np.array([planned_yield(kind, plan.inflation) for kind in kinds])
    delay_cost = np.array([kind.delay_cost for kind in kinds])
    salvage = np.array([kind.salvage for kind in kinds])
    ramp = np.array([kind.ramp_up for kind in kinds]) * STEPS
    life = np.array([kind.life for kind in kinds]) * STEPS
    finished = construction.finished[:, projects]
    waited = construction.waited[:, projects] / STEPS
    spent = built.budget[projects] * construction.funded[:, projects]
    done = np.isfinite(finished)
    when = np.where(done, finished, float(steps))
    success = built.success[:, projects]
    prices = (1 + plan.inflation) ** (-when / STEPS)
    full = spent * wanted * built.earning[:, projects] / built.overrun[:, projects]
    full = full / (1 + delay_cost * waited) * success * prices * done / STEPS
    switches = queues.Switches(full.shape[0], steps)
    switches.turn_on(when + ramp + life, -full)
    for part in range(RAMP_PARTS):
        switches.turn_on(when + ramp * (part + 0.5) / RAMP_PARTS, full / RAMP_PARTS)
    flow = switches.flow() * (1 + plan.inflation) ** ((np.arange(steps) + 0.5) / STEPS)
    flow[flow < DUST] = 0.0
    back = spent * salvage * (1 - success) * done
    return np.asarray(flow + queues.lump(when, back, steps))


@lru_cache(maxsize=256)
def planned_yield(kind: ProjectKind, inflation: float) -> float:
    """Return first-year cash flow over budget that gives the planned return, a fraction.

    The plan: money spent evenly in each phase, no overrun and no delay, cash flow from completion
    with its ramp-up, rising with prices, to the end of the project's life.
    """
    steps = int(np.ceil((kind.construction + kind.ramp_up + kind.life) * STEPS)) + 1
    discount = (1 + kind.planned_return) ** (-(np.arange(steps) + 0.5) / STEPS)
    clock = 0.0
    spent, earns = queues.Switches(1, steps), queues.Switches(1, steps)
    for phase in kind.phases:
        ends = clock + phase.years * STEPS
        spent.spread(np.array([[clock]]), np.array([[ends]]), np.array([phase.cost]))
        clock = ends
    rate = np.array([1.0 / STEPS])
    earns.turn_on(np.array([[clock + (kind.ramp_up + kind.life) * STEPS]]), -rate)
    for part in range(RAMP_PARTS):
        begins = clock + kind.ramp_up * STEPS * (part + 0.5) / RAMP_PARTS
        earns.turn_on(np.array([[begins]]), rate / RAMP_PARTS)
    cost, earned = spent.flow()[0], earns.flow()[0]
    earned *= (1 + inflation) ** ((np.arange(steps) + 0.5 - clock) / STEPS)
    return float((cost @ discount) / (earned @ discount))
