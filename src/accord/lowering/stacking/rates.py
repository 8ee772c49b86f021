"""What tariff clauses add to the rate paid in the base year, on each cell of one importer's trade.

Rates are fractions of customs value. A rule that is not linear, such as a floor, is applied to each
part of trade by itself: what is in a quota and beyond it, with and without a preference.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from accord.deal.clauses.base import ClauseBase
from accord.deal.clauses.tariff import BASE_CHANGING, OVERLAPS, Overlap, TariffClause
from accord.deal.products import FloatCells, FloatCovered, ImportCells, IntCovered
from accord.lowering.stacking.charges import (
    AsOf,
    Charge,
    charges_on,
    collected_share,
    quota_share,
    rank,
    rate_of_the_day,
)

TradeParts = tuple[tuple[float, ...], Sequence[float]]
"""Where parts of trade begin and end, and the room of each charge's quota."""


def added_by_cell(cells: ImportCells, clauses: Sequence[ClauseBase], moment: AsOf) -> FloatCells:
    """Return what clauses add to the base-year rate in every cell, a fraction.

    It is the mean over the parts of trade that differ in quota or preference.
    """
    return _added_by_charges(cells, charges_on(cells, clauses, moment))


def added_by_part(
    cells: ImportCells, part: ImportCells, clauses: Sequence[ClauseBase], moment: AsOf
) -> FloatCells:
    """Return what `added_by_cell` does in some of the cells alone, which `ImportCells.part` gives.

    Quotas are still shared out over all the cells that their clauses cover.
    """
    charges = charges_on(cells, clauses, moment)
    parts = cut_trade(cells, charges)
    return added_to_parts([replace(c, at=part.within(c.extent)) for c in charges], parts, part)


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
        charges.append(Charge(clause, rate, rule, at, ((str(number),),), share))
    return _added_by_charges(cells, sorted(charges, key=rank))


def _added_by_charges(cells: ImportCells, charges: Sequence[Charge]) -> FloatCells:
    return added_to_parts(charges, cut_trade(cells, charges), cells)


def added_to_parts(charges: Sequence[Charge], parts: TradeParts, cells: ImportCells) -> FloatCells:
    """Return what charges add to the base-year rate in every cell, a fraction.

    `parts` are those that trade is cut into, by all that charge it, with the quota of each charge.
    """
    shares, quotas = parts
    rates = []
    for start, end in pairwise(shares):
        middle = 0.5 * (start + end)
        charged = [_of_part(c, quota, middle) for c, quota in zip(charges, quotas, strict=True)]
        rates.append((end - start, charged))
    first = _added_to_part(cells, rates[0][1])
    total = np.array(first)
    for weight, charged in rates[1:]:
        total += weight * (_added_to_part(cells, charged) - first)
    return total


def cut_trade(cells: ImportCells, charges: Sequence[Charge]) -> TradeParts:
    """Return where one part of trade ends and the next begins, and the room of each quota.

    Both are shares from 0 to 1: of trade, and of what the charge covers. Within a part every dollar
    is on the same side of every quota and every preference. Trade is in one order for all of them:
    what claims one advantage first claims the others first.
    """
    quotas = [quota_share(cells, charge) for charge in charges]
    shares = [share for share in quotas if 0.0 < share < 1.0]
    for charge in charges:
        claimed = charge.clause.preference_share
        if claimed is not None and 0.0 < claimed < 1.0:
            shares.append(claimed)
    return (0.0, *sorted(set(shares)), 1.0), quotas


def _of_part(charge: Charge, quota: float, place: float) -> Charge:
    """The charge on one part of trade: its rate in or beyond the quota, its preference or not."""
    clause = charge.clause
    inside = clause.quota is not None and place < quota
    rate = clause.quota.in_quota_rate if inside and clause.quota is not None else charge.rate
    claimed = clause.preference_share is not None and place < clause.preference_share
    return replace(charge, rate=rate, in_quota=inside, claims=claimed)


def _added_to_part(cells: ImportCells, charges: Sequence[Charge]) -> FloatCells:
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


def _changed_base(cells: ImportCells, charges: Sequence[Charge]) -> tuple[FloatCells, FloatCells]:
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


def _replaced(charge: Charge, before: FloatCovered, rate: FloatCovered) -> FloatCovered:
    """What a charge that changes a base makes of it in the cells it covers, a fraction."""
    after = {
        "add": before + rate,
        "level": rate,
        "cut": before * (1.0 - rate),
        "floor": np.maximum(before, rate),
        "ceiling": np.minimum(before, rate),
    }[charge.rule]
    return _blend(charge, after, before)


def _blend(charge: Charge, after: FloatCovered, before: FloatCovered) -> FloatCovered:
    """Rate over all of the customs value when only the content pays the rate after."""
    share = charge.clause.content_share
    return np.asarray(share * after + (1.0 - share) * before)


def _shielded(
    charges: Sequence[Charge], bases: frozenset[str], shape: tuple[int, ...]
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


def _reference(charge: Charge, base: FloatCells, ordinary: FloatCells) -> FloatCovered:
    """Rate that a floor or a level counts from in the cells it covers, a fraction."""
    clause, at = charge.clause, charge.at
    if clause.preference_share is None:
        return np.asarray(base[at])
    without = ordinary[at]
    paid = np.full(at.shape, clause.preference_rate) if charge.claims else without
    return np.asarray(np.where(np.isnan(without), base[at], paid))


def _add_on(reference: FloatCovered, charge: Charge, others: FloatCovered) -> FloatCovered:
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
