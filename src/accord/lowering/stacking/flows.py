"""What clauses add by exporter and sector, worked out anew only where charges are others.

Few clauses change between two scenarios, or two days, and each covers few flows. The rate of a cell
depends on the charges that cover it and on nothing else, but for the parts that quotas cut trade
into and the order in which the legal bases are added up. Where both are as before, so are all flows
that no changed charge covers, to the last digit.
"""

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field, replace
from weakref import WeakKeyDictionary

import numpy as np

from accord.deal.clauses.base import ClauseBase
from accord.deal.products import Extent, FloatFlows, ImportCells
from accord.lowering.stacking.charges import AsOf, Charge, charges_on
from accord.lowering.stacking.rates import added_to_parts, cut_trade

MOST_OF_IT = 0.5
"""Share of the cells from which on all of them are worked out."""
MOST_PARTS = 16


@dataclass(frozen=True, eq=False)
class _Worked:
    """What was worked out last for all flows, and parts of the cells that were worked out since."""

    charges: Sequence[Charge]
    shares: tuple[float, ...]
    means: FloatFlows
    parts: dict[frozenset[Extent], ImportCells] = field(default_factory=dict)


_worked: WeakKeyDictionary[ImportCells, _Worked] = WeakKeyDictionary()


def added_by_flow(cells: ImportCells, clauses: Sequence[ClauseBase], moment: AsOf) -> FloatFlows:
    """Return what clauses add to the base-year rate by exporter and sector, a fraction.

    It is the mean over cells, weighted by imports. On days on which the same duties hold it is
    worked out once.
    """
    charges = charges_on(cells, clauses, moment)
    key = tuple(charge.key for charge in charges)
    return cells.known_means(key, lambda: _work_out(cells, charges))


def _work_out(cells: ImportCells, charges: Sequence[Charge]) -> FloatFlows:
    shares, quotas = cut_trade(cells, charges)
    before = _worked.get(cells)
    part = None if before is None else _find_part(cells, before, charges, shares)
    if before is None or part is None:
        means = cells.mean_by_flow(added_to_parts(charges, (shares, quotas), cells))
        _worked[cells] = _Worked(charges, shares, means)
        return means
    if not part.imports.size:
        return before.means
    inside, rooms = _within(part, charges, quotas)
    means = part.mean_by_flow(added_to_parts(inside, (shares, rooms), part))
    return np.asarray(np.where(part.has_flow, means, before.means))


def _within(
    part: ImportCells, charges: Sequence[Charge], quotas: Sequence[float]
) -> tuple[list[Charge], list[float]]:
    """Return the charges that cover cells of a part, and the first of each basis, in their order.

    The first ones keep the order in which the bases are added up.
    """
    seen: set[Hashable] = set()
    kept = []
    for charge, quota in zip(charges, quotas, strict=True):
        at = part.within(charge.extent)
        if at.size or charge.clause.basis not in seen:
            kept.append((replace(charge, at=at), quota))
        seen.add(charge.clause.basis)
    return [charge for charge, _ in kept], [quota for _, quota in kept]


def _find_part(
    cells: ImportCells, before: _Worked, charges: Sequence[Charge], shares: tuple[float, ...]
) -> ImportCells | None:
    """Return the cells of all flows that charges cover which are others; None where all may be."""
    if shares != before.shares or _bases(charges) != _bases(before.charges):
        return None
    old, new = ([charge.key for charge in those] for those in (before.charges, charges))
    often = Counter(new)
    same = {key for key, count in Counter(old).items() if often[key] == count}
    if [key for key in old if key in same] != [key for key in new if key in same]:
        return None
    extents = frozenset(
        charge.extent for charge in (*before.charges, *charges) if charge.key not in same
    )
    if extents not in before.parts:
        covered = [cells.within(extent) for extent in extents]
        at = cells.whole_flows(np.concatenate(covered)) if covered else np.array([], dtype=int)
        if at.size > MOST_OF_IT * cells.imports.size:
            return None
        if len(before.parts) >= MOST_PARTS:
            before.parts.clear()
        before.parts[extents] = cells.part(at)
    return before.parts[extents]


def _bases(charges: Sequence[Charge]) -> list[Hashable]:
    """Return the legal bases of charges in the order in which they are added up."""
    return list(dict.fromkeys(c.clause.basis for c in charges if c.rule != "ceiling"))
