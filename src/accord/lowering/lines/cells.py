"""The imports of one importer, cut to the tariff lines they fall under."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from accord.core.arrays import Bool, Float, Int
from accord.deal.clauses.tariff import BASE_CHANGING
from accord.lowering.lines.codes import CodeIndex
from accord.lowering.lines.files import EVERYBODY, TariffRows, TradeRows
from accord.lowering.lines.places import NO_SECTOR, Partners, Sectors

NO_LINE = -1
OTHER = "other"
"""Lines that are neither ordinary rates nor preferences: measures on top."""
MASS = {"g": 1e-3, "kg": 1.0, "kgs": 1.0, "kilogram": 1.0, "kilograms": 1.0, "100kg": 100.0,
        "100 kg": 100.0, "t": 1e3, "tonne": 1e3, "tonnes": 1e3, "ton": 1e3, "tons": 1e3,
        "mt": 1e3}  # fmt: skip
"""Kilograms of a unit of mass. Any other unit is compared as it is written."""

Values = Float[np.ndarray, " cell"]
Places = Int[np.ndarray, " cell"]
Flags = Bool[np.ndarray, " cell"]
PairPlaces = Int[np.ndarray, " pair"]
PairValues = Float[np.ndarray, " pair"]
Pairs = tuple[np.ndarray, np.ndarray, np.ndarray]
"""Cells, lines that hold for them, and numbers that stand for the codes of these lines."""


@dataclass(frozen=True, eq=False)
class Goods:
    """Rows of imports, or of lines where nothing is imported, in codes of HS 2022.

    `value` is in bn USD; `quantity` is NaN where none is given, `bought_under` (the duty paid over
    the value) where it is not known.
    """

    code: tuple[str, ...]
    label: tuple[str, ...]
    region: Places
    sector: Places
    value: Values
    quantity: Values
    unit: tuple[str, ...]
    bought_under: Values

    def take(
        self,
        rows: Int[np.ndarray, " part"],
        share: Float[np.ndarray, " part"],
        codes: Sequence[str],
    ) -> "Goods":
        """Return some rows, one perhaps several times, each with a share of its amounts."""
        places = rows.tolist()
        return Goods(
            code=tuple(codes),
            label=tuple(self.label[at] for at in places),
            region=self.region[rows],
            sector=self.sector[rows],
            value=self.value[rows] * share,
            quantity=self.quantity[rows] * share,
            unit=tuple(self.unit[at] for at in places),
            bought_under=self.bought_under[rows],
        )


@dataclass(frozen=True, eq=False)
class Matched:
    """Goods cut to lines: the ordinary line of each cell, and cells beside the other lines.

    `coarser` has the cells of goods that several lines hold, among which they were cut equally.
    """

    goods: Goods
    line: Places
    coarser: Flags
    preference: Pairs
    measure: Pairs


def imported_goods(
    trade: TradeRows,
    codes: Sequence[tuple[int, str, float]],
    *,
    partners: Partners,
    sectors: Sectors,
    scale: float,
) -> Goods:
    """Return the imports of some rows by their codes of 2022, bn USD.

    Args:
        trade: The rows of the file.
        codes: Row of the file, its code of 2022, and the share of the row under it.
        partners: Regions of the labels of exporters.
        sectors: Sectors of codes.
        scale: Billions of dollars a unit of the file's values.
    """
    labels, units = trade.records.texts["exporter"], trade.text("quantity_unit")
    rows = np.array([row for row, _, _ in codes], dtype=int)
    share = np.array([part for _, _, part in codes])
    at = {name: place for place, name in enumerate(partners.regions)}
    region = {label: at.get(partners.region_of(label) or "", NO_LINE) for label in set(labels)}
    sector = {code: sectors.of(code) for code in {code for _, code, _ in codes}}
    value = trade.value[rows]
    paid = np.divide(trade.duty[rows], value, out=np.full(rows.size, np.nan), where=value > 0)
    return Goods(
        code=tuple(code for _, code, _ in codes),
        label=tuple(labels[row] for row in rows.tolist()),
        region=np.array([region[labels[row]] for row in rows.tolist()], dtype=int),
        sector=np.array([sector[code] for _, code, _ in codes], dtype=int),
        value=value * share * scale,
        quantity=trade.quantity[rows] * share,
        unit=tuple(units[row] for row in rows.tolist()),
        bought_under=paid,
    )


def idle_goods(
    codes: Sequence[str], sector_of: dict[str, int], regions: Sequence[str], holes: np.ndarray
) -> Goods:
    """Return rows without value: each code from each region that sells nothing of its sector.

    `holes` says of every region and sector whether nothing is imported.
    """
    cells = [
        (code, n)
        for code in codes
        if sector_of[code] != NO_SECTOR
        for n in np.flatnonzero(holes[:, sector_of[code]]).tolist()
    ]
    empty = np.full(len(cells), np.nan)
    return Goods(
        code=tuple(code for code, _ in cells),
        label=tuple(regions[n] for _, n in cells),
        region=np.array([n for _, n in cells], dtype=int),
        sector=np.array([sector_of[code] for code, _ in cells], dtype=int),
        value=np.zeros(len(cells)), quantity=empty, unit=("",) * len(cells), bought_under=empty,
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class LineSchedule:
    """The lines of an importer that hold on a day, each under its codes of 2022, by their kind."""

    rows: TariffRows
    codes: Sequence[tuple[int, str]]
    partners: Partners

    def match(self, goods: Goods) -> Matched:
        """Return goods cut to the lines they fall under, equally where there are several."""
        ordinary = self._indices("MFN")
        names = self._names(ordinary, goods)
        rows, lines, codes, shares = [], [], [], []
        for at, (code, label) in enumerate(zip(goods.code, goods.label, strict=True)):
            tries = (ordinary[name].match(code) for name in names[label])
            several = next((pairs for pairs in tries if pairs), (NO_LINE,))
            for pair in several:
                line, finer = (NO_LINE, code) if pair == NO_LINE else self.codes[pair]
                rows.append(at)
                lines.append(line)
                codes.append(max(code, finer, key=len))
                shares.append(1.0 / len(several))
        cut = goods.take(np.array(rows, dtype=int), np.array(shares), codes)
        return Matched(
            goods=cut,
            line=np.array(lines, dtype=int),
            coarser=np.array(shares) < 1.0,
            preference=self._pairs("FTA", cut),
            measure=self._pairs(OTHER, cut),
        )

    def _indices(self, kind: str) -> dict[str, CodeIndex]:
        """Return the lines of a kind by the exporter they name."""
        exporter = self.rows.text("exporter")
        held: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for pair, (row, code) in enumerate(self.codes):
            basis = self.rows.basis(row)
            if (basis if basis in BASE_CHANGING else OTHER) == kind:
                held[exporter[row]].append((pair, code))
        return {name: CodeIndex.build(pairs) for name, pairs in held.items()}

    def _names(self, indices: dict[str, CodeIndex], goods: Goods) -> dict[str, tuple[str, ...]]:
        """Return which exporters of lines mean each partner, those that name it first."""
        written = sorted(indices, key=lambda name: name in EVERYBODY)
        return {
            label: tuple(name for name in written if self.partners.is_meant(name, label))
            for label in dict.fromkeys(goods.label)
        }

    def _pairs(self, kind: str, goods: Goods) -> Pairs:
        """Return cells, the lines of a kind that hold for them, and the codes of those lines."""
        indices = self._indices(kind)
        names = self._names(indices, goods)
        cells, lines = [], []
        for at, (code, label) in enumerate(zip(goods.code, goods.label, strict=True)):
            for name in names[label]:
                held = _every(indices[name], code) if kind == OTHER else indices[name].match(code)
                for pair in held:
                    cells.append(at)
                    lines.append(pair)
        places = np.array(lines, dtype=int)
        row = np.array([line for line, _ in self.codes], dtype=int)
        codes = [code for _, code in self.codes]
        _, code_of = np.unique(codes, return_inverse=True)
        return np.array(cells, dtype=int), row[places], np.asarray(code_of)[places]


def _every(index: CodeIndex, code: str) -> Iterator[int]:
    """Yield the rows of a code and of all codes above it."""
    for length in range(2, len(code) + 1, 2):
        yield from index.exact.get(code[:length], ())
