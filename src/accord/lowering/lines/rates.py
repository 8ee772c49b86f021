"""The rate of every cell: specific duties over unit values, quotas, preferences, and measures."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from accord.deal.clauses.tariff import Quota, TariffClause
from accord.deal.products import ImportCells
from accord.lowering.lines.cells import (
    NO_LINE,
    Flags,
    Goods,
    Matched,
    PairPlaces,
    PairValues,
    Values,
)
from accord.lowering.lines.files import TariffRows
from accord.lowering.lines.quantities import UnitValues
from accord.lowering.stacking.charges import AsOf
from accord.lowering.stacking.rates import added_where

HALVINGS = 60
Claimed = Callable[[PairPlaces, PairValues], PairValues]
"""The share of some cells that enters under preferences, given their ordinary rates."""


@dataclass(frozen=True, eq=False)
class RatedCells:
    """Goods with their rates, fractions: `rate` all in, `mfn` the ordinary one; NaN if unknown.

    The masks say which cells rest on unit values of other exporters, lack a quantity in the unit of
    a specific duty (`lacking`) or of a quota (`unmeasured`), claim a preference, or pay a measure
    on top.
    """

    matched: Matched
    rate: Values
    mfn: Values
    borrowed: np.ndarray
    lacking: np.ndarray
    unmeasured: np.ndarray
    preferred: Flags
    measured: Flags

    @property
    def goods(self) -> Goods:
        """The cells themselves."""
        return self.matched.goods


@dataclass(frozen=True, eq=False)
class _Pairs:
    """Cells beside lines that hold for them, with the rate of each pair."""

    cells: PairPlaces
    lines: PairPlaces
    rate: PairValues
    borrowed: np.ndarray
    lacking: np.ndarray
    unmeasured: np.ndarray


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

    def rate_pairs(
        self,
        cells: PairPlaces,
        lines: PairPlaces,
        *,
        later: bool = False,
        claimed: Claimed | None = None,
    ) -> _Pairs:
        """Return what each line charges on each cell: ad valorem, specific, both, a quota's mean.

        With `later`, quotas of plain rates by value are left to the clauses that lines become.
        What is `claimed` under a preference fills no quota.
        """
        rows = self.rows
        plain, amount = (
            rows.number("rate")[lines],
            rows.number("specific")[lines] * self.usd_per_unit,
        )
        unit, combine = rows.text("specific_unit"), rows.text("combine")
        rate = np.array(plain)
        borrowed, lacking, unmeasured = (np.zeros(lines.size, dtype=bool) for _ in range(3))
        for pair in np.flatnonzero(~np.isnan(amount)).tolist():
            line, cell = int(lines[pair]), int(cells[pair])
            share, borrowed[pair] = self.units.over_value(cell, unit[line], float(amount[pair]))
            lacking[pair] = np.isnan(share)
            rate[pair] = _combine(combine[line], float(plain[pair]), share)
        inside = rows.number("in_quota_rate")[lines]
        if later:
            inside = np.where(self.is_later[lines], np.nan, inside)
        held = np.flatnonzero(~np.isnan(inside))
        if held.size:
            both = (inside[held], rate[held])
            room, others = self._quota_shares(cells[held], lines[held], both, claimed)
            rate[held] = _in_and_out(room, *both)
            borrowed[held] |= others
            unmeasured[held] = np.isnan(room)
            lacking[held] &= room < 1.0
        return _Pairs(cells, lines, rate, borrowed, lacking, unmeasured)

    @property
    def by_quantity(self) -> np.ndarray:
        """Which lines have a quota by quantity."""
        return np.array([text == "quantity" for text in self.rows.text("quota_in")], dtype=bool)

    @property
    def is_later(self) -> np.ndarray:
        """Which lines have a quota that a clause of a deal file can hold: by value, plain rate."""
        plain = np.isnan(self.rows.number("specific")) & ~np.isnan(self.rows.number("quota"))
        return np.asarray(plain & ~self.by_quantity)

    def _quota_shares(
        self,
        cells: PairPlaces,
        lines: PairPlaces,
        rates: tuple[PairValues, PairValues],
        claimed: Claimed | None,
    ) -> tuple[PairValues, np.ndarray]:
        """Return the share of what each line covers that its quota has room for, by pair.

        `rates` are those in the quota and beyond it. The share is NaN where it is not known for
        want of quantities. The second are pairs whose quantity is by the unit value of other
        exporters.
        """
        rows, by_quantity = self.rows, self.by_quantity
        units = rows.text("specific_unit")
        amount = rows.number("quota") * np.where(by_quantity, 1.0, self.usd_per_unit)
        size = np.array(self.units.value[cells])
        borrowed = np.zeros(cells.size, dtype=bool)
        counted = np.flatnonzero(by_quantity[lines])
        size[counted], borrowed[counted] = self.units.quantities(
            cells[counted], lines[counted], units
        )
        known = ~np.isnan(size)
        unknown = np.bincount(lines[~known], minlength=len(rows)) > 0

        def fill(room: Values) -> Values:
            """Return the room of each quota if goods claim preferences as at a room given."""
            entering = np.array(size)
            if claimed is not None:
                entering *= 1.0 - claimed(cells, _in_and_out(room[lines], *rates))
            covered = np.bincount(lines[known], weights=entering[known], minlength=len(rows))
            share = np.divide(amount, covered, out=np.ones(len(rows)), where=covered > 0)
            share[unknown & ~(covered > 0)] = np.nan
            return np.asarray(np.minimum(share, 1.0))

        room = _settle_rooms(fill, len(rows))
        return np.where(known, room[lines], np.nan), borrowed

    def terms(self, line: int, rate: float) -> tuple[object, ...]:
        """Return all that a measure says: lines that say the same are one measure on many codes."""
        rows = self.rows
        later = bool(self.is_later[line])
        quota = rows.number("quota")[line] * self.usd_per_unit if later else np.nan
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

    A preference is claimed where it costs less than the ordinary rate, quotas of which it does not
    fill; of several the one that saves most. Measures on other bases come on top as clauses of a
    deal file do.
    """
    known = np.flatnonzero(matched.line != NO_LINE)
    special, use = pricing.rate_pairs(*matched.preference), pricing.rows.number("use", 1.0)
    size = pricing.goods.value.size

    def claimed(cells: PairPlaces, rate: PairValues) -> PairValues:
        ordinary = np.full(size, np.nan)
        ordinary[cells] = rate
        return np.asarray(_claimed(ordinary, special, use)[cells])

    ordinary = pricing.rate_pairs(known, matched.line[known], claimed=claimed)
    mfn = np.full(size, np.nan)
    mfn[known] = ordinary.rate
    base, preferred = _prefer(mfn, special, use)
    charged = pricing.rate_pairs(*matched.measure, later=True)
    rate, measured = _stack(pricing, (base, mfn), charged, (importer, day))
    flags = np.zeros((3, mfn.size), dtype=bool)
    for pairs in (ordinary, special, charged):
        flags[0, pairs.cells[pairs.borrowed]] = True
        flags[1, pairs.cells[pairs.lacking]] = True
        flags[2, pairs.cells[pairs.unmeasured]] = True
    borrowed, lacking, unmeasured = flags
    return RatedCells(
        matched, rate, mfn, borrowed, lacking, unmeasured=unmeasured,
        preferred=preferred, measured=measured,
    )  # fmt: skip


def _combine(how: str, plain: float, specific: float) -> float:
    """Return a compound or a mixed duty; the part that is known where the other is not."""
    parts = [part for part in (plain, specific) if not np.isnan(part)]
    if not parts:
        return np.nan
    return {"higher": max(parts), "lower": min(parts)}.get(how, sum(parts))


def _in_and_out(room: PairValues, inside: PairValues, beyond: PairValues) -> PairValues:
    """Return the mean rate, given the share of trade that a quota has room for."""
    within = room * inside
    return np.asarray(np.where(room < 1.0, within + (1.0 - room) * beyond, within))


def _settle_rooms(fill: Callable[[Values], Values], count: int) -> Values:
    """Return the room of each quota at which goods claim preferences so as to leave that room.

    More room lowers the ordinary rate, so that fewer goods claim a preference and more fill the
    quota: `fill` does not rise, and one room agrees with itself. Goods for which both cost the same
    there are cut between the two.
    """
    low, high = np.zeros(count), np.ones(count)
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        is_above = fill(middle) > middle
        low, high = np.where(is_above, middle, low), np.where(is_above, high, middle)
    return np.asarray(np.clip(0.5 * (low + high), fill(high), fill(low)))


def _claimed(mfn: Values, special: _Pairs, use: np.ndarray) -> Values:
    """Return the share of each cell that claims a preference, all that may where it has no rate."""
    ordinary, share = mfn[special.cells], use[special.lines]
    saved = np.where(np.isnan(ordinary), share, share * (ordinary - special.rate))
    saved[np.isnan(special.rate)] = 0.0
    most = np.zeros(mfn.size)
    np.maximum.at(most, special.cells, saved)
    chosen = (saved > 0) & (saved == most[special.cells])
    claimed = np.zeros(mfn.size)
    np.maximum.at(claimed, special.cells[chosen], share[chosen])
    return claimed


def _prefer(mfn: Values, special: _Pairs, use: np.ndarray) -> tuple[Values, np.ndarray]:
    """Return the base rate after preferences, of several the lowest, and which cells claim one."""
    ordinary = mfn[special.cells]
    is_known = ~np.isnan(ordinary)
    paid = np.where(is_known, np.fmin(special.rate, ordinary), special.rate)
    share = np.where(is_known, use[special.lines], 1.0)
    after = share * paid + (1.0 - share) * np.where(is_known, ordinary, paid)
    known = ~np.isnan(after) & ~np.isnan(special.rate)
    lowest = np.full(mfn.size, np.inf)
    np.minimum.at(lowest, special.cells[known], after[known])
    preferred = np.isfinite(lowest)
    return np.where(preferred, lowest, mfn), preferred


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
