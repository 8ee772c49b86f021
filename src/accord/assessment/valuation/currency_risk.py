"""Currency risk in money: the certainty equivalent of the risk of a crash.

In each year a crash comes with the chance that the external engine finds on paths without one
before, and costs a share of that year's output. A crash changes nothing about the risk of a later
one, so a package that brings it forward is not credited with the years after. A party with constant
relative risk aversion would give up, for certain, the sum at which it is as well off. Crashes after
the engine's horizon are not counted.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from accord.assessment.snapshot.external import PartyExternal
from accord.assessment.snapshot.recall import Recall, describe_plan, never
from accord.assessment.valuation.equations import crash_cost
from accord.assessment.valuation.uncertainty import Inputs
from accord.core.arrays import Float
from accord.external.config import ExternalConfig
from accord.external.plan import FALL, FLOORS, MONTHS, ExternalPlan, Floor
from accord.external.solver import chance_by_year

PRICES = (0.5, 1.0, 2.0)  # of a flow, against the estimate: the range of the parameter

CRASH = next(floor for floor in FLOORS if floor.metric == FALL)

DrawYear = Float[np.ndarray, "draw year"]


def crash_chances(
    external: PartyExternal,
    config: ExternalConfig,
    prices: Sequence[float] = PRICES,
    *,
    recall: Recall = never,
) -> Float[np.ndarray, "price watched"]:
    """Return the chance of a crash each year, given none before, for several prices of a flow.

    Args:
        external: The currency of a party under a package.
        config: Paths and seed.
        prices: Of a flow, against the estimate.
        recall: Where chances are kept between runs; nowhere if left out.
    """
    rows, plan = [], external.plan
    watched = next((floor for floor in plan.floors if floor.metric == FALL), None)
    for price in prices:
        if price == 1.0 and watched is not None:
            by_year = external.solution.value.breach(FALL).by_year
        else:
            dearer = replace(plan, price=replace(plan.price, level=plan.price.level * price))
            by_year = _kept(dearer, watched or CRASH, config, recall)
        rows.append(yearly_chances(by_year))
    return np.array(rows)


def _kept(
    plan: ExternalPlan, floor: Floor, config: ExternalConfig, recall: Recall
) -> Float[np.ndarray, " watched"]:
    """Return the chance that a line is crossed by the end of each year, kept or worked out."""
    described = f"chance by year {describe_plan(plan)} {floor!r} {config!r}"
    years = plan.months // MONTHS
    kept = recall(described, (1, 1, years), lambda: chance_by_year(plan, floor, config)[None, None])
    return np.asarray(kept[0, 0])


def yearly_chances(by_year: Float[np.ndarray, " watched"]) -> Float[np.ndarray, " watched"]:
    """Return the chance of a crash in each year given none before, from the chance of one by then.

    >>> yearly_chances(np.array([0.2, 0.36])).round(2).tolist()
    [0.2, 0.2]
    """
    before = np.concatenate([[0.0], by_year[:-1]])
    return np.asarray(
        np.divide(by_year - before, 1 - before, out=np.zeros_like(by_year), where=before < 1)
    )


def certainty_equivalent(
    chances: Float[np.ndarray, "price watched"],
    inputs: Inputs,
    output: DrawYear,
) -> DrawYear:
    """Return what the risk of a crash is worth in each year, bn USD, zero or negative.

    Args:
        chances: Of a crash in each year, at each of `PRICES` of a flow, or at the estimate alone.
        inputs: Draws of the price of a flow, of what a crash costs and of aversion to risk.
        output: Output of the party, bn USD.
    """
    years = output.shape[1]
    prices = PRICES if len(chances) > 1 else (1.0,)
    known = np.zeros((len(prices), years))
    span = min(years, chances.shape[1])
    known[:, :span] = chances[:, :span]
    where = np.log(inputs.flow_price)
    q = np.stack([np.interp(where, np.log(prices), column) for column in known.T], axis=1)
    return crash_cost(q, inputs.crisis_loss, output, inputs.aversion)
