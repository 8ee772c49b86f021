"""The rate of every cell: specific duties over unit values, quotas, preferences, and measures."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from accord.deal.clauses.tariff import Quota, TariffClause
from accord.deal.products import ImportCells
from accord.lowering.lines.cells import (
    MASS,
    NO_LINE,
    Flags,
    Goods,
    Matched,
    PairPlaces,
    PairValues,
    Values,
)
from accord.lowering.lines.files import TariffRows
from accord.lowering.tariff_rates import BILLION, AsOf, added_where


@dataclass(frozen=True, eq=False)
class RatedCells:
    """Goods with their rates, fractions: `rate` all in, `mfn` the ordinary one; NaN if unknown.

    The masks say which cells rest on unit values of other exporters, lack a quantity for a specific
    duty, claim a preference, or pay a measure on top.
    """

    matched: Matched
    rate: Values
    mfn: Values
    borrowed: np.ndarray
    lacking: np.ndarray
    preferred: Flags
    measured: Flags

    @property
    def goods(self) -> Goods:
        """The cells themselves."""
        return self.matched.goods


class UnitValues:
    """Money a unit of goods, in the currency of the file: of a cell, else of all of its code."""

    def __init__(self, goods: Goods, *, like: Goods | None = None) -> None:
        """Add up values and quantities by code and unit, of other goods where these have none."""
        self.units = [unit.strip().casefold() for unit in goods.unit]
        self.size = np.array([MASS.get(unit, 1.0) for unit in self.units])
        self.value, self.quantity = goods.value * BILLION, goods.quantity * self.size
        self.code = [code[:6] for code in goods.code]
        self.mean: dict[tuple[str, str], float] = (
            self._mean_by_code() if like is None else UnitValues(like).mean
        )

    def _mean_by_code(self) -> dict[tuple[str, str], float]:
        total: dict[tuple[str, str], list[float]] = defaultdict(lambda: [0.0, 0.0])
        for at in np.flatnonzero(self.quantity > 0).tolist():
            sums = total[self.code[at], self._kind(self.units[at])]
            sums[0] += self.value[at]
            sums[1] += self.quantity[at]
        return {key: value / count for key, (value, count) in total.items() if value > 0}

    @staticmethod
    def _kind(unit: str) -> str:
        return "kg" if unit in MASS else unit

    def over_value(self, at: int, unit: str, amount: float) -> tuple[float, bool]:
        """Return an amount a unit as a fraction of value, and whether others' unit value served."""
        name = unit.strip().casefold()
        kind, money = self._kind(name), amount / MASS.get(name, 1.0)
        own = self._kind(self.units[at]) == kind and self.quantity[at] > 0 and self.value[at] > 0
        if own:
            return float(money * self.quantity[at] / self.value[at]), False
        mean = self.mean.get((self.code[at], kind))
        return (np.nan, False) if mean is None else (money / mean, True)


@dataclass(frozen=True, eq=False)
class _Pairs:
    """Cells beside lines that hold for them, with the rate of each pair."""

    cells: PairPlaces
    lines: PairPlaces
    rate: PairValues
    borrowed: np.ndarray
    lacking: np.ndarray


@dataclass(frozen=True, eq=False)
class LinePricing:
    """What turns lines into rates: their rows, the goods, unit values, dollars a unit of money.

    `usual` is what the world charges on the sector of each cell, a fraction: the base of measures
    on goods without a line.
    """

    rows: TariffRows
    goods: Goods
    units: UnitValues
    usd_per_unit: float
    usual: Values

    def rate_pairs(self, cells: PairPlaces, lines: PairPlaces, *, later: bool = False) -> _Pairs:
        """Return what each line charges on each cell: ad valorem, specific, both, a quota's mean.

        With `later`, quotas by value are left to the clauses that the lines become.
        """
        rows = self.rows
        plain, amount = (
            rows.number("rate")[lines],
            rows.number("specific")[lines] * self.usd_per_unit,
        )
        unit, combine = rows.text("specific_unit"), rows.text("combine")
        rate = np.array(plain)
        borrowed, lacking = (np.zeros(lines.size, dtype=bool) for _ in range(2))
        for pair in np.flatnonzero(~np.isnan(amount)).tolist():
            line, cell = int(lines[pair]), int(cells[pair])
            share, borrowed[pair] = self.units.over_value(cell, unit[line], float(amount[pair]))
            lacking[pair] = np.isnan(share)
            rate[pair] = _combine(combine[line], float(plain[pair]), share)
        inside = rows.number("in_quota_rate")[lines]
        if later:
            inside = np.where(self.by_quantity[lines], inside, np.nan)
        held = np.flatnonzero(~np.isnan(inside))
        if held.size:
            room = self._quota_shares(cells, lines)
            rate[held] = room[held] * inside[held] + (1.0 - room[held]) * rate[held]
        return _Pairs(cells, lines, rate, borrowed, lacking)

    @property
    def by_quantity(self) -> np.ndarray:
        """Which lines have a quota by quantity."""
        return np.array([text == "quantity" for text in self.rows.text("quota_in")], dtype=bool)

    def _quota_shares(self, cells: PairPlaces, lines: PairPlaces) -> PairValues:
        """Return the share of what each line covers that its quota has room for, by pair."""
        rows, units = self.rows, self.units
        factor = np.array([MASS.get(text.strip().casefold(), 1.0)
                           for text in rows.text("specific_unit")])  # fmt: skip
        amount = rows.number("quota") * np.where(self.by_quantity, factor, self.usd_per_unit)
        quantity = np.nan_to_num(units.quantity)[cells]
        size = np.where(self.by_quantity[lines], quantity, units.value[cells])
        covered = np.bincount(lines, weights=size, minlength=len(rows))
        room = np.divide(amount, covered, out=np.ones(len(rows)), where=covered > 0)
        return np.asarray(np.minimum(room, 1.0)[lines])

    def terms(self, line: int, rate: float) -> tuple[object, ...]:
        """Return all that a measure says: lines that say the same are one measure on many codes."""
        rows = self.rows
        quota = np.nan if self.by_quantity[line] else rows.number("quota")[line] * self.usd_per_unit
        inside = float(rows.number("in_quota_rate")[line])
        room = None if np.isnan(quota) else (float(quota), inside)
        return (
            rate,
            rows.text("rule")[line] or "add",
            rows.basis(line),
            tuple(rows.text("unless_basis")[line].split()),
            float(rows.number("content_share", 1.0)[line]),
            room,
            rows.text("exporter")[line],
            line if room is not None else None,
        )


def rate_cells(matched: Matched, pricing: LinePricing, importer: str, day: date) -> RatedCells:
    """Return the rates of cells on a day, fractions of customs value.

    A preference never costs more than the ordinary rate, and of several the lowest is claimed.
    Measures on other bases come on top as clauses of a deal file do.
    """
    known = np.flatnonzero(matched.line != NO_LINE)
    ordinary = pricing.rate_pairs(known, matched.line[known])
    mfn = np.full(pricing.goods.value.size, np.nan)
    mfn[known] = ordinary.rate
    cells, lines, codes = matched.preference
    special = pricing.rate_pairs(cells, lines)
    base, preferred = _prefer(mfn, special, codes, pricing.rows.number("use", 1.0))
    charged = pricing.rate_pairs(*matched.measure[:2], later=True)
    rate, measured = _stack(pricing, (base, mfn), charged, (importer, day))
    flags = np.zeros((2, mfn.size), dtype=bool)
    for pairs in (ordinary, special, charged):
        flags[0, pairs.cells[pairs.borrowed]] = True
        flags[1, pairs.cells[pairs.lacking]] = True
    return RatedCells(matched, rate, mfn, flags[0], flags[1], preferred, measured)


def _combine(how: str, plain: float, specific: float) -> float:
    """Return a compound or a mixed duty; the part that is known where the other is not."""
    parts = [part for part in (plain, specific) if not np.isnan(part)]
    if not parts:
        return np.nan
    return {"higher": max(parts), "lower": min(parts)}.get(how, sum(parts))


def _prefer(
    mfn: Values, special: _Pairs, codes: PairPlaces, use: np.ndarray
) -> tuple[Values, np.ndarray]:
    """Return the base rate after preferences, and which cells claim one.

    Of several preferences on one code the lowest is claimed; a cell that holds several codes with
    one has their mean.
    """
    ordinary = mfn[special.cells]
    is_known = ~np.isnan(ordinary)
    paid = np.where(is_known, np.fmin(special.rate, ordinary), special.rate)
    share = np.where(is_known, use[special.lines], 1.0)
    after = share * paid + (1.0 - share) * np.where(is_known, ordinary, paid)
    known = ~np.isnan(after) & ~np.isnan(special.rate)
    base, preferred = np.array(mfn), np.zeros(mfn.size, dtype=bool)
    if not known.any():
        return base, preferred
    keys = np.stack([special.cells[known], codes[known]])
    pairs, back = np.unique(keys, axis=1, return_inverse=True)
    lowest = np.full(pairs.shape[1], np.inf)
    np.minimum.at(lowest, back.ravel(), after[known])
    count = np.bincount(pairs[0], minlength=mfn.size)
    total = np.bincount(pairs[0], weights=lowest, minlength=mfn.size)
    preferred = count > 0
    base[preferred] = total[preferred] / count[preferred]
    return base, preferred


def _stack(
    pricing: LinePricing, base: tuple[Values, Values], charged: _Pairs, moment: tuple[str, date]
) -> tuple[Values, np.ndarray]:
    """Return rates with the measures on top, by the rules of the deal file, and where they are."""
    importer, day = moment
    goods, (paid, mfn) = pricing.goods, base
    measured = np.zeros(paid.size, dtype=bool)
    groups: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for pair in np.flatnonzero(~np.isnan(charged.rate)).tolist():
        terms = pricing.terms(int(charged.lines[pair]), float(charged.rate[pair]))
        groups[terms].append(int(charged.cells[pair]))
    if not groups:
        return paid, measured
    clauses = [(_clause(importer, terms), np.unique(cells)) for terms, cells in groups.items()]
    for _, at in clauses:
        measured[at] = True
    start = np.where(np.isnan(paid), pricing.usual, paid)
    blank = np.zeros(paid.size, dtype=np.int64)
    cells = ImportCells(
        importer, (importer,), ("all",), (), blank, blank, blank - 1, blank - 1,
        goods.value, start, mfn,
    )  # fmt: skip
    added = added_where(cells, clauses, AsOf(day))
    return np.where(np.isnan(paid) & ~measured, np.nan, start + added), measured


def _clause(importer: str, terms: Sequence[object]) -> TariffClause:
    rate, rule, basis, unless, content, room, *_ = terms
    quota = None if not isinstance(room, tuple) else Quota(amount=room[0], in_quota_rate=room[1])
    return TariffClause.model_validate(
        {"kind": "tariff", "importer": importer, "exporters": ("all",), "rate": rate, "rule": rule,
         "basis": basis, "unless_basis": unless, "content_share": content, "quota": quota}
    )  # fmt: skip
