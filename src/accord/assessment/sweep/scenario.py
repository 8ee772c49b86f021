"""The scenarios of a plan, one after the other."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np

from accord.assessment.sweep.changes import Changes, Range, Value, Values
from accord.assessment.sweep.plan import SweepPlan
from accord.core.arrays import Float
from accord.core.numerics.samples import sobol_points


@dataclass(frozen=True, eq=False)
class SweepScenario:
    """One scenario of a plan.

    Attributes:
        index: Its place in the plan, from zero.
        name: What the plan calls it; "" for those of a grid or a sample.
        changes: What it changes, by name.
    """

    index: int
    name: str
    changes: Changes


def scenarios_of(plan: SweepPlan) -> Iterator[SweepScenario]:
    """Yield the scenarios of a plan in order: those of its grid, of its sample and of its list.

    The last change of a grid moves fastest. The first scenarios of a sample are the same whatever
    their number.
    """
    every = _changes_of(plan)
    for index, (name, changes) in enumerate(every):
        yield SweepScenario(index, name, changes)


def _changes_of(plan: SweepPlan) -> Iterator[tuple[str, Changes]]:
    if plan.grid:
        for values in product(*plan.grid.values()):
            yield "", dict(zip(plan.grid, values, strict=True))
    if plan.count:
        for place in spread(plan.count, len(plan.sample), plan.seed):
            yield (
                "",
                {
                    name: _pick(values, float(u))
                    for (name, values), u in zip(plan.sample.items(), place, strict=True)
                },
            )
    yield from zip(plan.names, plan.listed, strict=True)


def spread(count: int, dims: int, seed: int) -> Float[np.ndarray, "scenario change"]:
    """Return evenly spread places between 0 and 1: a scrambled Sobol' sequence.

    More of them begin with the same ones, so a larger sample goes on from a smaller.
    """
    whole = max(int(count - 1).bit_length(), 0)
    return sobol_points(dims, 2**whole, seed=seed)[:count]


def _pick(values: Values, u: float) -> Value:
    """Return the value at a place between 0 and 1."""
    if isinstance(values, Range):
        return values.low + u * (values.high - values.low)
    return values[min(int(u * len(values)), len(values) - 1)]
