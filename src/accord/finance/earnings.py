"""What finished projects earn: free cash flow from completion to the end of their life."""

from functools import lru_cache

import numpy as np

from accord.finance import queues
from accord.finance.pipeline import Construction
from accord.finance.plan import FinancePlan
from accord.finance.projects import ProjectKind
from accord.finance.queues import Flow
from accord.finance.rates import STEPS

RAMP_PARTS = 4


def free_cash_flow(
    plan: FinancePlan, construction: Construction, projects: slice = slice(None)
) -> Flow:
    """Return free cash flow by step, bn USD, of some projects of a facility (all by default).

    A project earns `planned yield x money spent x earning / overrun`, less for each year it
    waited for installers, at the prices of the day. A failed one gives back its salvage.
    """
    built = construction.portfolio
    steps = construction.asked.shape[1]
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
    flow = -queues.switch_on(when + ramp + life, full, steps)
    for part in range(RAMP_PARTS):
        begins = when + ramp * (part + 0.5) / RAMP_PARTS
        flow += queues.switch_on(begins, full / RAMP_PARTS, steps)
    flow *= (1 + plan.inflation) ** ((np.arange(steps) + 0.5) / STEPS)
    flow = np.where(np.abs(flow) < 1e-12, 0.0, flow)
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
    clock, cost = 0.0, np.zeros(steps)
    for phase in kind.phases:
        ends = clock + phase.years * STEPS
        share = np.array([[phase.cost]])
        cost += queues.flow_between(np.array([[clock]]), np.array([[ends]]), share, steps)[0]
        clock = ends
    ends = clock + (kind.ramp_up + kind.life) * STEPS
    one = np.array([[1.0 / STEPS]])
    earned = -queues.switch_on(np.array([[ends]]), one, steps)[0]
    for part in range(RAMP_PARTS):
        begins = clock + kind.ramp_up * STEPS * (part + 0.5) / RAMP_PARTS
        earned += queues.switch_on(np.array([[begins]]), one / RAMP_PARTS, steps)[0]
    earned *= (1 + inflation) ** ((np.arange(steps) + 0.5 - clock) / STEPS)
    return float((cost @ discount) / (earned @ discount))
