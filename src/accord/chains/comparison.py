"""What a change of the world does to chains: trade created and diverted, exposures, contents."""

from dataclasses import dataclass

import numpy as np

from accord.chains import equations as eq
from accord.chains.solution import ChainsSolution
from accord.core.arguments import check_kind, public
from accord.core.arrays import Float
from accord.core.errors import InputError, Problem
from accord.core.notebook import Shown

Cube = Float[np.ndarray, "importer exporter sector"]
Exposure = Float[np.ndarray, "supplier importer user"]


@dataclass(frozen=True, eq=False, repr=False)
class ChainsShift(Shown):
    """What changes from one solved world to another. Money is that of the plans.

    Attributes:
        created: Change of imports that comes of importing more or less of all exporters.
        diverted: Change of imports that comes of other shares: it adds up to zero over exporters.
        direct: Change of inputs bought from a region for a unit of a sector's output.
        look_through: Change of output of a region in a unit of a sector's output.
        content: Change of value added of a region in a unit of a sector's output.
    """

    created: Cube
    diverted: Cube
    direct: Exposure
    look_through: Exposure
    content: Exposure


@public
def compare_chains(before: ChainsSolution, after: ChainsSolution) -> ChainsShift:
    """Return what changes from one solved world to another.

    Args:
        before: The world to start from.
        after: The other, of the same regions and sectors.

    Raises:
        InputError: An argument is no solution, or regions or sectors differ.
    """
    check_kind("before", before, ChainsSolution, "Give solve_chains(...)")
    check_kind("after", after, ChainsSolution, "Give solve_chains(...)")
    problems = []
    for name in ("regions", "sectors"):
        names, others = (getattr(solution.plan, name) for solution in (before, after))
        if names != others:
            message = f"has the {name} {', '.join(others[:5])} and not {', '.join(names[:5])}"
            problems.append(Problem("after", message, "Compare views of one world"))
    if problems:
        raise InputError(problems, "the comparison")
    old, new = before.value, after.value
    return ChainsShift(
        created=eq.trade_created(old.imports, new.imports),
        diverted=eq.trade_diverted(old.imports, new.imports),
        direct=new.direct - old.direct,
        look_through=new.look_through - old.look_through,
        content=new.content - old.content,
    )
