"""From tariff clauses and a date to rates: one pure function, on import lines where there are any.

Every figure is what the clauses ADD to the rate paid in the base year, so that no clause gives back
the tariffs of the `World` exactly. Rates are fractions of customs value.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from jaxtyping import Float

from accord.data.world import World
from accord.deal.clauses.law import (
    BASE_CHANGING,
    Rule,
    RulingClause,
    TariffClause,
)
from accord.deal.fields import ClauseBase
from accord.deal.products import (
    BoolCells,
    FloatCells,
    FloatCovered,
    ImportCells,
    IntCovered,
    build_cells,
)

BILLION = 1e9
RULE_ORDER: tuple[Rule, ...] = ("level", "add", "floor", "ceiling")
"""Within one basis a level is set first, add-ons come on it, and the result is kept in its band."""


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
class RateRow:
    """Rates of one importer on one exporter (or group) on one day, import-weighted fractions."""

    date: date
    importer: str
    exporter: str
    added: float
    total: float


@dataclass(frozen=True)
class _Charge:
    """A clause in force with its rate and rule of the day, and the positions of its cells."""

    clause: TariffClause
    rate: float
    rule: Rule
    at: IntCovered


def tariff_on(
    clauses: Sequence[ClauseBase],
    world: World,
    date: date,
    *,
    triggered: frozenset[str] = frozenset(),
    at_border: bool = False,
) -> Float[np.ndarray, "importer exporter sector"]:
    """Return all-in tariff rates on a day, as fractions of customs value.

    Equals `world.tariff` exactly where no clause applies. Products finer than sectors are weighted
    by the imports of the base year.

    Args:
        clauses: Clauses of a package; kinds other than `tariff` and `ruling` are ignored.
        world: Regions, sectors, base tariffs and import lines.
        date: Day whose rates are wanted.
        triggered: Names of events declared to have happened (for snap-backs).
        at_border: Rates as collected on the day, before retroactive refunds.
    """
    moment = AsOf(date, triggered, at_border)
    rates = np.array(world.tariff, dtype=np.float64)
    for importer in _importers(clauses, moment):
        cells = build_cells(world, importer)
        rates[world.regions.index(importer)] += _sector_added(cells, clauses, moment)
    return rates


def added_rate(
    clauses: Sequence[ClauseBase],
    world: World,
    date: date,
    *,
    importer: str,
    exporter: str,
    at_border: bool = False,
) -> float:
    """Return what the clauses add to the base-year rate on goods, import-weighted, a fraction.

    `exporter` is a region or a group such as "EU". Services are left out of the weights.
    """
    moment = AsOf(date, at_border=at_border)
    cells = build_cells(world, importer)
    added = _added(cells, clauses, moment)
    return _mean(cells, added, cells.select_exporters([exporter]))


def effective_rates(
    clauses: Sequence[ClauseBase],
    world: World,
    dates: Iterable[date],
    *,
    importer: str,
    exporters: Iterable[str],
    at_border: bool = False,
) -> tuple[RateRow, ...]:
    """Return import-weighted rates on goods for every day and exporter, as fractions."""
    cells = build_cells(world, importer)
    chosen = {name: cells.select_exporters([name]) for name in exporters}
    rows: list[RateRow] = []
    for day in dates:
        added = _added(cells, clauses, AsOf(day, at_border=at_border))
        for name, mask in chosen.items():
            more = _mean(cells, added, mask)
            total = more + _mean(cells, cells.base, mask)
            rows.append(RateRow(day, importer, name, more, total))
    return tuple(rows)


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


def _importers(clauses: Iterable[ClauseBase], moment: AsOf) -> tuple[str, ...]:
    """Importers with a tariff clause within its dates, in order of appearance."""
    every = tuple(clauses)
    names = (c.importer for c in tariff_clauses(every) if is_in_force(c, every, moment.date))
    return tuple(dict.fromkeys(names))


def _added(cells: ImportCells, clauses: Sequence[ClauseBase], moment: AsOf) -> FloatCells:
    """Rate added to the base-year rate in every cell, a fraction."""
    charges = [
        _Charge(clause, *rate_of_the_day(clause, moment), cells.select(clause))
        for clause in tariff_clauses(clauses)
        if clause.importer == cells.importer and is_in_force(clause, clauses, moment.date)
    ]
    charges.sort(key=_rank)
    base, ordinary = _changed_base(cells, [c for c in charges if c.clause.basis in BASE_CHANGING])
    others = [c for c in charges if c.clause.basis not in BASE_CHANGING]
    under = _coverage(charges, cells.imports.shape)
    added: dict[str, FloatCells] = {}
    for charge in others:
        if charge.rule != "ceiling":
            sums = added.setdefault(charge.clause.basis, np.zeros(cells.imports.shape))
            reference = _reference(charge, base, ordinary)
            sums[charge.at] += _add_on(cells, reference, charge, under)
    for charge in others:
        if charge.rule == "ceiling" and charge.clause.basis in added:
            sums = added[charge.clause.basis]
            before = sums[charge.at]
            room = np.maximum(charge.rate - base[charge.at], 0.0)
            sums[charge.at] = _blend(charge, np.minimum(before, room), before)
    total: FloatCells = base - cells.base
    for more in added.values():
        total += more
    return total


def _rank(charge: _Charge) -> tuple[int, int, float, float, float, str]:
    """Place of a charge among others: by what it is, never by where it stands in the file.

    Ordinary duties come first, then the preferences that depart from them, then what is added.
    """
    clause = charge.clause
    changes = clause.basis in BASE_CHANGING
    first = BASE_CHANGING.index(clause.basis) if changes else len(BASE_CHANGING)
    claimed = -1.0 if clause.preference_share is None else clause.preference_share
    rest = (charge.rate, clause.content_share, claimed, str(clause.quota or ""))
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
            ordinary[at] = _replaced(cells, charge, ordinary[at], rate)
        elif clause.preference_share is not None:
            without = np.where(np.isnan(ordinary[at]), base[at], ordinary[at])
            rate = clause.preference_share * rate + (1.0 - clause.preference_share) * without
        base[at] = _replaced(cells, charge, base[at], rate)
    return base, ordinary


def _replaced(
    cells: ImportCells, charge: _Charge, before: FloatCovered, rate: FloatCovered
) -> FloatCovered:
    """What a charge that changes a base makes of it in the cells it covers, a fraction."""
    rate = _within_quota(cells, charge, rate)
    after = {
        "add": before + rate,
        "level": rate,
        "floor": np.maximum(before, rate),
        "ceiling": np.minimum(before, rate),
    }[charge.rule]
    return _blend(charge, after, before)


def _blend(charge: _Charge, after: FloatCovered, before: FloatCovered) -> FloatCovered:
    """Rate over all of the customs value when only the content pays the rate after."""
    share = charge.clause.content_share
    return np.asarray(share * after + (1.0 - share) * before)


def _coverage(charges: Sequence[_Charge], shape: tuple[int, ...]) -> dict[str, FloatCells]:
    """Share of each cell's customs value that a clause of each legal basis charges."""
    under: dict[str, FloatCells] = {}
    for charge in charges:
        if charge.rule != "ceiling":
            share = under.setdefault(charge.clause.basis, np.zeros(shape))
            share[charge.at] = np.maximum(share[charge.at], charge.clause.content_share)
    return under


def _reference(charge: _Charge, base: FloatCells, ordinary: FloatCells) -> FloatCovered:
    """Rate that a floor or a level counts from in the cells it covers, a fraction."""
    clause, at = charge.clause, charge.at
    if clause.preference_share is None:
        return np.asarray(base[at])
    without = ordinary[at]
    blended = clause.preference_share * clause.preference_rate
    blended = blended + (1.0 - clause.preference_share) * without
    return np.asarray(np.where(np.isnan(without), base[at], blended))


def _add_on(
    cells: ImportCells, reference: FloatCovered, charge: _Charge, under: dict[str, FloatCells]
) -> FloatCovered:
    """What one clause adds to the base in the cells it covers, a fraction, before ceilings."""
    clause, at = charge.clause, charge.at
    more = _within_quota(cells, charge, np.full(at.shape, charge.rate))
    if charge.rule != "add":
        more = more - reference
        if charge.rule == "floor":
            more = np.maximum(more, 0.0)
    others = np.zeros(at.shape)
    for basis in clause.unless_basis:
        if basis in under and basis != clause.basis:
            others = np.maximum(others, under[basis][at])
    return np.asarray(more * clause.content_share * (1.0 - others))


def _within_quota(cells: ImportCells, charge: _Charge, rate: FloatCovered) -> FloatCovered:
    """Rate weighted between the quota and what exceeds it, on base-year imports (bn USD)."""
    quota = charge.clause.quota
    if quota is None:
        return rate
    imports = float(cells.imports[charge.at].sum())
    inside = min(1.0, quota.amount / BILLION / imports) if imports > 0 else 1.0
    return np.asarray(inside * quota.in_quota_rate + (1.0 - inside) * rate)


def _sector_added(
    cells: ImportCells, clauses: Sequence[ClauseBase], moment: AsOf
) -> Float[np.ndarray, "exporter sector"]:
    """Rate added by exporter and sector, cells weighted by imports, a fraction."""
    added = _added(cells, clauses, moment)
    shape = (len(cells.regions), len(cells.sectors))
    flat = cells.exporter * shape[1] + cells.sector
    size = shape[0] * shape[1]
    weight = np.bincount(flat, weights=cells.imports, minlength=size)
    paid = np.bincount(flat, weights=cells.imports * added, minlength=size)
    plain = np.bincount(flat, weights=added, minlength=size)
    count = np.maximum(np.bincount(flat, minlength=size), 1)
    mean = np.divide(paid, weight, out=plain / count, where=weight > 0)
    return np.asarray(mean.reshape(shape))


def _mean(cells: ImportCells, rate: FloatCells, mask: BoolCells) -> float:
    """Import-weighted mean of `rate` over the goods in `mask`, a fraction; 0 without imports."""
    goods = mask & cells.select_products(["all"])
    weight = float(cells.imports[goods].sum())
    return float((cells.imports[goods] * rate[goods]).sum() / weight) if weight > 0 else 0.0


__all__ = [
    "AsOf",
    "RateRow",
    "added_rate",
    "effective_rates",
    "is_in_force",
    "rate_of_the_day",
    "tariff_clauses",
    "tariff_on",
]
