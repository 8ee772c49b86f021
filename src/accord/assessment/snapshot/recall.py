"""Numbers that are kept between runs under a description of all they depend on."""

from collections.abc import Callable, Collection
from dataclasses import fields
from typing import TypeAlias

import numpy as np

from accord.core.arrays import Float
from accord.external.plan import ExternalPlan

Numbers: TypeAlias = Float[np.ndarray, "block row column"]
Recall: TypeAlias = Callable[[str, tuple[int, int, int], Callable[[], Numbers]], Numbers]
"""Returns numbers of a shape that were kept under an equal description, or works them out."""


def never(
    _described: str, _shape: tuple[int, int, int], work_out: Callable[[], Numbers]
) -> Numbers:
    """Return numbers that are worked out: nothing is kept."""
    return work_out()


def describe_plan(plan: ExternalPlan, but: Collection[str] = ()) -> str:
    """Return all that numbers of a plan depend on, in words that differ where it differs.

    Args:
        plan: The plan.
        but: Names of what is replaced, and does not matter.
    """
    values = {item.name: getattr(plan, item.name) for item in fields(plan) if item.name not in but}
    monthly = {name: value.tolist() for name, value in values.items() if hasattr(value, "tolist")}
    return repr({**values, **monthly})
