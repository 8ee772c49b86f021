"""What tariff clauses add to the rate paid in the base year, on each cell of one importer's trade.

Rates are fractions of customs value. A rule that is not linear, such as a floor, is applied to each
part of trade by itself: what is in a quota and beyond it, with and without a preference.
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

import numpy as np

from accord.deal.clauses.base import ClauseBase
from accord.deal.clauses.ruling import RulingClause
from accord.deal.clauses.tariff import BASE_CHANGING, OVERLAPS, Overlap, Rule, TariffClause
from accord.deal.products import (
    Extent,
    FloatCells,
    FloatCovered,
    FloatFlows,
    ImportCells,
    IntCovered,
)

BILLION = 1e9
RULE_ORDER: tuple[Rule, ...] = ("level", "cut", "add", "floor", "ceiling")
"""Within one basis a level is set or a share cut first, add-ons come on it, and the result is kept
in its band."""


@dataclass(frozen=True)
class AsOf:
    """The moment a schedule is read: the day, events declared, and which collection counts.

    With `at_border` the rate is the one collected on the day; otherwise the one that counts in the
    end, retroactive decisions and their refunds included.
    """

    date: date
    triggered: frozenset[str] = frozenset()
    at_border: bool = False


@dataclass(frozen=True)
class _Charge:
    """A clause in force: its rate and rule of the day, the positions of the cells it covers.

    `collected` is the share of its duty that is collected on the day. On one part of trade it is
    known whether that part is in the quota and claims the preference.
    """

    clause: TariffClause
    rate: float
    rule: Rule
    at: IntCovered
    extent: Extent
    collected: float = 1.0
    in_quota: bool = False
    claims: bool = False

    @property
    def key(self) -> Hashable:
        """Everything of it that rates depend on, and nothing else."""
        clause, quota = self.clause, self.clause.quota
        room = None if quota is None else (quota.amount, quota.in_quota_rate)
        value = (clause.content_share, clause.overlap, clause.preference_share,
                 clause.preference_rate)  # fmt: skip
        law = (clause.basis, clause.unless_basis)
        return self.rate, self.rule, self.collected, self.extent, law, value, room


def tariff_clauses(clauses: Iterable[ClauseBase]) -> tuple[TariffClause, ...]:
    """Return the tariff clauses among `clauses`, in order."""
    return tuple(clause for clause in clauses if isinstance(clause, TariffClause))


def is_in_force(clause: TariffClause, clauses: Iterable[ClauseBase], day: date) -> bool:
    """Whether a tariff clause applies on a day: within its dates, its basis not voided."""
    if clause.from_ is not None and day < clause.from_:
        return False
    if clause.until is not None and day > clause.until:
        return False
    return not any(
        isinstance(ruling, RulingClause)
        and ruling.importer == clause.importer
        and ruling.basis == clause.basis
        and day >= ruling.from_
        for ruling in clauses
    )


def rate_of_the_day(clause: TariffClause, moment: AsOf) -> tuple[float, Rule]:
    """Return rate (fraction) and rule of a clause at a moment: phase-in, snap-back, retroaction."""
    rate, rule = clause.rate, clause.rule
    for step in sorted(clause.steps, key=lambda step: step.from_):
        if step.from_ <= moment.date:
            rate = step.rate
    back = clause.retroactive
    if moment.at_border and back is not None and moment.date < back.decided:
        rate, rule = back.charged_rate, back.charged_rule
    snap = clause.snap_back
    if snap is not None and snap.trigger in moment.triggered:
        rate, rule = snap.rate, snap.rule or rule
    return rate, rule


def of_the_day(clause: TariffClause, day: date) -> TariffClause:
    """Return a clause whose quota is that of a day."""
    if clause.quota is None or not clause.quota.steps:
        return clause
    return clause.model_copy(update={"quota": clause.quota.on(day)})


def collected_share(clause: TariffClause, day: date) -> float:
    """Return the share of a clause's duty that is collected on a day: none while goods are at sea.

    Goods that claim an exemption pay nothing, so cost and revenue are lower alike.
    """
    first = clause.collected_from
    return clause.collected_share if first is None or day >= first else 0.0


def added_by_cell(cells: ImportCells, clauses: Sequence[ClauseBase], moment: AsOf) -> FloatCells:
    """Return what clauses add to the base-year rate in every cell, a fraction.

    It is the mean over the parts of trade that differ in quota or preference.
    """
    return _added_by_charges(cells, _charges(cells, clauses, moment))


def added_by_part(
    cells: ImportCells, part: ImportCells, clauses: Sequence[ClauseBase], moment: AsOf
) -> FloatCells:
    """Return what `added_by_cell` does in some of the cells alone, which `ImportCells.part` gives.

    Quotas are still shared out over all the cells that their clauses cover.
    """
    charges = _charges(cells, clauses, moment)
    quotas = [_quota_share(cells, charge) for charge in charges]
    return _added([replace(c, at=part.within(c.extent)) for c in charges], quotas, part)


def added_where(
    cells: ImportCells, charged: Sequence[tuple[TariffClause, IntCovered]], moment: AsOf
) -> FloatCells:
    """Return what clauses add in every cell, a fraction, where each covers the cells given for it.

    Whatever is finer than HS6, such as national tariff lines, is told apart by who asks.
    """
    charges = []
    for number, (clause, at) in enumerate(charged):
        rate, rule = rate_of_the_day(clause, moment)
        share = collected_share(clause, moment.date)
        charges.append(_Charge(clause, rate, rule, at, ((str(number),),), share))
    return _added_by_charges(cells, sorted(charges, key=_rank))


def added_by_flow(cells: ImportCells, clauses: Sequence[ClauseBase], moment: AsOf) -> FloatFlows:
    """Return what clauses add to the base-year rate by exporter and sector, a fraction.

    It is the mean over cells, weighted by imports. On days on which the same duties hold it is
    worked out once.
    """
    charges = _charges(cells, clauses, moment)
    key = tuple(charge.key for charge in charges)
    return cells.mean_by_flow(key, lambda: _added_by_charges(cells, charges))


def _charges(cells: ImportCells, clauses: Sequence[ClauseBase], moment: AsOf) -> list[_Charge]:
    """Return what the importer charges at a moment, in an order that no file changes."""
    rulings = [clause for clause in clauses if isinstance(clause, RulingClause)]
    charges = []
    for entry in tariff_clauses(clauses):
        if entry.importer == cells.importer and is_in_force(entry, rulings, moment.date):
            clause = of_the_day(entry, moment.date)
            extent, share = cells.extent(clause), collected_share(clause, moment.date)
            rate, rule = rate_of_the_day(clause, moment)
            charges.append(_Charge(clause, rate, rule, cells.within(extent), extent, share))
    return sorted(charges, key=_rank)


def _added_by_charges(cells: ImportCells, charges: Sequence[_Charge]) -> FloatCells:
    return _added(charges, [_quota_share(cells, charge) for charge in charges], cells)


def _added(charges: Sequence[_Charge], quotas: Sequence[float], cells: ImportCells) -> FloatCells:
    """What charges add to the base-year rate in every cell, given what their quotas have room for.

    Each quota's room is a share of the trade that its clause covers.
    """
    bounds = _part_bounds(charges, quotas)
    parts = []
    for start, end in pairwise(bounds):
        middle = 0.5 * (start + end)
        charged = [_of_part(c, quota, middle) for c, quota in zip(charges, quotas, strict=True)]
        parts.append((end - start, charged))
    first = _added_to_part(cells, parts[0][1])
    total = np.array(first)
    for weight, charged in parts[1:]:
        total += weight * (_added_to_part(cells, charged) - first)
    return total


def _quota_share(cells: ImportCells, charge: _Charge) -> float:
    """Share of the base-year imports a clause covers that its quota has room for; 0 without one."""
    quota = charge.clause.quota
    if quota is None:
        return 0.0
    imports = float(cells.imports[charge.at].sum())
    return min(1.0, quota.amount / BILLION / imports) if imports > 0 else 1.0


def _part_bounds(charges: Sequence[_Charge], quotas: Sequence[float]) -> tuple[float, ...]:
    """Where one part of trade ends and the next begins, in shares of it from 0 to 1.

    Within a part every dollar is on the same side of every quota and every preference. Trade is
    in one order for all of them: what claims one advantage first claims the others first.
    """
    shares = [share for share in quotas if 0.0 < share < 1.0]
    for charge in charges:
        claimed = charge.clause.preference_share
        if claimed is not None and 0.0 < claimed < 1.0:
            shares.append(claimed)
    return (0.0, *sorted(set(shares)), 1.0)


def _of_part(charge: _Charge, quota: float, place: float) -> _Charge:
    """The charge on one part of trade: its rate in or beyond the quota, its preference or not."""
    clause = charge.clause
    inside = clause.quota is not None and place < quota
    rate = clause.quota.in_quota_rate if inside and clause.quota is not None else charge.rate
    claimed = clause.preference_share is not None and place < clause.preference_share
    return replace(charge, rate=rate, in_quota=inside, claims=claimed)


def _added_to_part(cells: ImportCells, charges: Sequence[_Charge]) -> FloatCells:
    """Rate added to the base-year rate in every cell, for one part of trade, a fraction."""
    base, ordinary = _changed_base(cells, [c for c in charges if c.clause.basis in BASE_CHANGING])
    others = [c for c in charges if c.clause.basis not in BASE_CHANGING]
    added: dict[str, FloatCells] = {}
    under: dict[frozenset[str], FloatCells] = {}
    for charge in others:
        if charge.rule != "ceiling":
            if charge.clause.basis not in added:
                added[charge.clause.basis] = np.zeros(cells.imports.shape)
            bases = frozenset(charge.clause.unless_basis) - {charge.clause.basis}
            if bases not in under:
                under[bases] = _shielded(charges, bases, base.shape)
            reference = _reference(charge, base, ordinary)
            more = _add_on(reference, charge, under[bases][charge.at])
            added[charge.clause.basis][charge.at] += charge.collected * more
    for charge in others:
        if charge.rule == "ceiling" and charge.clause.basis in added:
            sums = added[charge.clause.basis]
            before = sums[charge.at]
            room = np.maximum(charge.rate - base[charge.at], 0.0)
            sums[charge.at] = _blend(charge, np.minimum(before, room), before)
    total: FloatCells = base - cells.base
    for sums in added.values():
        total += sums
    return total


def _rank(charge: _Charge) -> tuple[int, int, float, float, float, str]:
    """Place of a charge among others: by what it is, never by where it stands in the file.

    Ordinary duties come first, then the preferences that depart from them, then what is added.
    """
    clause = charge.clause
    changes = clause.basis in BASE_CHANGING
    first = BASE_CHANGING.index(clause.basis) if changes else len(BASE_CHANGING)
    claimed = -1.0 if clause.preference_share is None else clause.preference_share
    rest = (
        charge.rate,
        clause.content_share,
        claimed,
        f"{clause.quota} {clause.overlap} {charge.collected}",
    )
    return first, RULE_ORDER.index(charge.rule), *rest


def _changed_base(cells: ImportCells, charges: Sequence[_Charge]) -> tuple[FloatCells, FloatCells]:
    """Base rate in every cell after clauses on an MFN or FTA basis, and the ordinary (MFN) rate.

    Both are fractions, the second NaN where unknown. An MFN clause changes the ordinary rate too,
    which trade without a preference pays.
    """
    base, ordinary = np.array(cells.base), np.array(cells.mfn)
    for charge in charges:
        clause, at = charge.clause, charge.at
        rate = np.full(at.shape, charge.rate)
        if clause.basis == "MFN":
            ordinary[at] = _replaced(charge, ordinary[at], rate)
        elif clause.preference_share is not None and not (charge.claims or charge.in_quota):
            rate = np.where(np.isnan(ordinary[at]), base[at], ordinary[at])
        base[at] = _replaced(charge, base[at], rate)
    return base, ordinary


def _replaced(charge: _Charge, before: FloatCovered, rate: FloatCovered) -> FloatCovered:
    """What a charge that changes a base makes of it in the cells it covers, a fraction."""
    after = {
        "add": before + rate,
        "level": rate,
        "cut": before * (1.0 - rate),
        "floor": np.maximum(before, rate),
        "ceiling": np.minimum(before, rate),
    }[charge.rule]
    return _blend(charge, after, before)


def _blend(charge: _Charge, after: FloatCovered, before: FloatCovered) -> FloatCovered:
    """Rate over all of the customs value when only the content pays the rate after."""
    share = charge.clause.content_share
    return np.asarray(share * after + (1.0 - share) * before)


def _shielded(
    charges: Sequence[_Charge], bases: frozenset[str], shape: tuple[int, ...]
) -> FloatCells:
    """Share of each cell's customs value that clauses of any of the legal bases charge.

    Shares of one value are put together by what each clause says of its own: nested parts lie in
    the largest of them, independent ones overlap by chance, disjoint ones add up.
    """
    under = np.zeros(shape)
    shields = [c for c in charges if c.clause.basis in bases and c.rule != "ceiling"]
    for overlap in OVERLAPS:
        for shield in shields:
            if shield.clause.overlap_in_law == overlap:
                before, share = under[shield.at], shield.clause.content_share
                under[shield.at] = _together(overlap, before, share)
    return under


def _together(overlap: Overlap, before: FloatCovered, share: float) -> FloatCovered:
    """Share of value under either of two parts of it, from the share of each, a fraction."""
    if overlap == "nested":
        return np.asarray(np.maximum(before, share))
    if overlap == "independent":
        return np.asarray(before + share - before * share)
    return np.asarray(np.minimum(before + share, 1.0))


def _reference(charge: _Charge, base: FloatCells, ordinary: FloatCells) -> FloatCovered:
    """Rate that a floor or a level counts from in the cells it covers, a fraction."""
    clause, at = charge.clause, charge.at
    if clause.preference_share is None:
        return np.asarray(base[at])
    without = ordinary[at]
    paid = np.full(at.shape, clause.preference_rate) if charge.claims else without
    return np.asarray(np.where(np.isnan(without), base[at], paid))


def _add_on(reference: FloatCovered, charge: _Charge, others: FloatCovered) -> FloatCovered:
    """What one clause adds to the base in the cells it covers, a fraction, before ceilings.

    `others` is the share of the value that its `unless_basis` takes out.
    """
    clause = charge.clause
    more = np.full(charge.at.shape, charge.rate)
    if charge.rule != "add":
        more = more - reference
        if charge.rule == "floor":
            more = np.maximum(more, 0.0)
    share = clause.content_share
    if clause.overlap == "nested":
        return np.asarray(more * np.maximum(share - others, 0.0))
    if clause.overlap == "disjoint":
        return np.asarray(more * np.minimum(share, 1.0 - others))
    return np.asarray(more * share * (1.0 - others))
