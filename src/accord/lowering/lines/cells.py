"""The imports of one importer, cut to the tariff lines they fall under."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from accord.core.arrays import Bool, Float, Int
from accord.deal.clauses.tariff import BASE_CHANGING
from accord.deal.goods.codes import HS6
from accord.lowering.lines.codes import CodeCuts, CodeIndex
from accord.lowering.lines.files import EVERYBODY, TariffRows, TradeRows
from accord.lowering.lines.places import NO_SECTOR, Partners, Sectors

NO_LINE = -1
ORDINARY, PREFERENCE = BASE_CHANGING
OTHER = "other"
"""Lines that are neither ordinary rates nor preferences: measures on top."""

Values = Float[np.ndarray, " cell"]
Places = Int[np.ndarray, " cell"]
Flags = Bool[np.ndarray, " cell"]
PairPlaces = Int[np.ndarray, " pair"]
PairValues = Float[np.ndarray, " pair"]
Pairs = tuple[np.ndarray, np.ndarray]
"""Cells, and lines that hold for them."""
_Cut = tuple[str, tuple[int, float, bool, bool]]
"""Code of a part; its line, its share, whether several lines hold, whether others divide one."""


@dataclass(frozen=True, eq=False)
class Goods:
    """Rows of imports, or of lines where nothing is imported, in codes of HS 2022.

    `value` is in bn USD; `quantity` is NaN where none is given, `bought_under` (the duty paid over
    the value) where it is not known. `row` is the row of the file, -1 for what nobody imports, and
    `part` the share of it that a cell is. `divided` has the members of a union that the file names
    as one partner.
    """

    code: tuple[str, ...]
    label: tuple[str, ...]
    region: Places
    sector: Places
    value: Values
    quantity: Values
    unit: tuple[str, ...]
    bought_under: Values
    row: Places
    part: Values
    divided: Flags

    @property
    def idle(self) -> Flags:
        """Which cells nobody imports: they show what a line would charge."""
        return np.asarray(self.row < 0)

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
            row=self.row[rows],
            part=self.part[rows] * share,
            divided=self.divided[rows],
        )

    def join(self, other: "Goods") -> "Goods":
        """Return the rows of both."""

        def both(name: str) -> Any:
            first, second = getattr(self, name), getattr(other, name)
            return first + second if isinstance(first, tuple) else np.concatenate([first, second])

        return Goods(**{item.name: both(item.name) for item in fields(Goods)})


@dataclass(frozen=True, eq=False)
class Matched:
    """Goods cut to lines: the ordinary line of each cell, and cells beside the other lines.

    `coarser` has the cells of goods that several ordinary lines hold, `finer` those of one ordinary
    line that preferences or measures divide: the share of each is one of lines, not of trade.
    """

    goods: Goods
    line: Places
    coarser: Flags
    finer: Flags
    preference: Pairs
    measure: Pairs


def imported_goods(
    trade: TradeRows,
    codes: Sequence[tuple[int, str, float]],
    *,
    partners: Partners,
    sectors: Sectors,
    scale: float,
    bought: Float[np.ndarray, "exporter sector"],
    own: Sequence[int],
) -> Goods:
    """Return the imports of some rows by their codes of 2022, bn USD.

    Args:
        trade: The rows of the file.
        codes: Row of the file, its code of 2022, and the share of the row under it.
        partners: Regions of the labels of exporters. Members of a union share its imports as those
            of the world.
        sectors: Sectors of codes.
        scale: Billions of dollars a unit of the file's values.
        bought: What the importer buys in the world, in any unit.
        own: Positions of the importer's regions.
    """
    labels, units = trade.records.texts["exporter"], trade.text("quantity_unit")
    members = {label: partners.places(label, own) for label in set(labels)}
    sector = {code: sectors.of(code) for code in {code for _, code, _ in codes}}
    cells = [
        (row, code, part * weight, region)
        for row, code, part in codes
        for region, weight in _divide(members[labels[row]], bought, sector[code])
    ]
    rows = np.array([row for row, _, _, _ in cells], dtype=int)
    share = np.array([part for _, _, part, _ in cells])
    value = trade.value[rows]
    paid = np.divide(trade.duty[rows], value, out=np.full(rows.size, np.nan), where=value > 0)
    divided = np.array([len(members[labels[row]]) > 1 for row in rows.tolist()], dtype=bool)
    return Goods(
        code=tuple(code for _, code, _, _ in cells),
        label=tuple(
            partners.regions[region] if several else labels[row]
            for (row, _, _, region), several in zip(cells, divided.tolist(), strict=True)
        ),
        region=np.array([region for _, _, _, region in cells], dtype=int),
        sector=np.array([sector[code] for _, code, _, _ in cells], dtype=int),
        value=value * share * scale,
        quantity=trade.quantity[rows] * share,
        unit=tuple(units[row] for row in rows.tolist()),
        bought_under=paid, row=rows, part=share, divided=divided,
    )  # fmt: skip


def _divide(
    members: Sequence[int], bought: Float[np.ndarray, "exporter sector"], sector: int
) -> list[tuple[int, float]]:
    """Return the regions that a partner stands for with their shares of its sales in a sector."""
    if len(members) < 2:
        return [(members[0] if members else NO_LINE, 1.0)]
    sales = bought[list(members)]
    of_sector = sales.sum(axis=1) if sector == NO_SECTOR else sales[:, sector]
    total = float(of_sector.sum())
    even = [1.0 / len(members)] * len(members)
    return list(zip(members, (of_sector / total).tolist() if total > 0 else even, strict=True))


def idle_goods(
    codes: Sequence[str], sector_of: Mapping[str, int], regions: Sequence[str], holes: np.ndarray
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
    count = len(cells)
    empty = np.full(count, np.nan)
    return Goods(
        code=tuple(code for code, _ in cells),
        label=tuple(regions[n] for _, n in cells),
        region=np.array([n for _, n in cells], dtype=int),
        sector=np.array([sector_of[code] for code, _ in cells], dtype=int),
        value=np.zeros(count), quantity=empty, unit=("",) * count, bought_under=empty,
        row=np.full(count, -1), part=np.ones(count), divided=np.zeros(count, dtype=bool),
    )  # fmt: skip


class LineSchedule:
    """The lines of an importer that hold on a day, each under its codes of 2022, by their kind."""

    def __init__(
        self, rows: TariffRows, codes: Sequence[tuple[int, str]], partners: Partners
    ) -> None:
        """Sort lines (row of the file, code) by their kind and by the exporter they name."""
        self.rows, self.codes, self.partners = rows, codes, partners
        exporter = rows.text("exporter")
        held: dict[str, dict[str, list[tuple[int, str]]]] = defaultdict(lambda: defaultdict(list))
        for pair, (row, code) in enumerate(codes):
            basis = rows.basis(row)
            held[basis if basis in BASE_CHANGING else OTHER][exporter[row]].append((pair, code))
        self.indices = {
            kind: {name: CodeIndex.build(pairs) for name, pairs in held[kind].items()}
            for kind in (ORDINARY, PREFERENCE, OTHER)
        }
        self._cuts: dict[tuple[str, ...], CodeCuts] = {}

    def match(self, goods: Goods) -> Matched:
        """Return goods cut to the lines they fall under, by shares of lines where several do."""
        names = self._names(goods)
        known: dict[tuple[str, tuple[str, ...], bool], list[_Cut]] = {}
        cells: list[int] = []
        codes: list[str] = []
        cut: list[tuple[int, float, bool, bool]] = []
        idle = goods.idle.tolist()
        for at, (code, label) in enumerate(zip(goods.code, goods.label, strict=True)):
            key = (code, names[label], idle[at])
            if key not in known:
                known[key] = list(self._cut(*key))
            for part, line in known[key]:
                cells.append(at)
                codes.append(part)
                cut.append(line)
        columns = np.array(cut, dtype=float).reshape(-1, 4).T
        taken = goods.take(np.array(cells, dtype=int), columns[1], codes)
        places = columns[0].astype(int)
        return Matched(
            goods=taken,
            line=places,
            coarser=columns[2] > 0,
            finer=columns[3] > 0,
            preference=self._pairs(PREFERENCE, taken, places, names),
            measure=self._pairs(OTHER, taken, places, names),
        )

    def _cut(self, code: str, names: tuple[str, ...], idle: bool) -> Iterator[_Cut]:
        """Yield the parts of a code, with the ordinary line and the share of each."""
        parts = [(part, share, self._ordinary(part, names))
                 for part, share in self._cuts_for(names).parts(code)]  # fmt: skip
        if idle:
            parts = _alone(parts, self._ordinary(code, names))
        several = Counter(pairs for _, _, pairs in parts)
        for part, share, pairs in parts:
            is_cut = len(several) > 1 or len(pairs) > 1
            for pair in pairs:
                line = NO_LINE if pair == NO_LINE else self.codes[pair][0]
                yield part, (line, share / len(pairs), is_cut, several[pairs] > 1)

    def _names(self, goods: Goods) -> dict[str, tuple[str, ...]]:
        """Return which exporters of lines mean each partner, those that name it first."""
        all_names = {name for index in self.indices.values() for name in index}
        written = sorted(all_names, key=lambda name: (name in EVERYBODY, name))
        return {
            label: tuple(name for name in written if self.partners.is_meant(name, label))
            for label in dict.fromkeys(goods.label)
        }

    def _cuts_for(self, names: tuple[str, ...]) -> CodeCuts:
        """Return how codes are cut by the lines of some exporters' names."""
        if names not in self._cuts:
            codes = {
                kind: {code for name in names if name in index for code in index[name].exact}
                for kind, index in self.indices.items()
            }
            self._cuts[names] = CodeCuts.build(codes[ORDINARY], codes[PREFERENCE] | codes[OTHER])
        return self._cuts[names]

    def _ordinary(self, code: str, names: Sequence[str]) -> tuple[int, ...]:
        """Return the ordinary lines of a code, those that name the partner before the others."""
        index = self.indices[ORDINARY]
        tries = (index[name].nearest(code) for name in names if name in index)
        return tuple(next((pairs for pairs in tries if pairs), (NO_LINE,)))

    def _pairs(
        self, kind: str, goods: Goods, line: Places, names: Mapping[str, Sequence[str]]
    ) -> Pairs:
        """Return cells and the lines of a kind that hold for them: the nearest, of measures all."""
        index = self.indices[kind]
        cells, lines = [], []
        for at, (code, label) in enumerate(zip(goods.code, goods.label, strict=True)):
            for name in (name for name in names[label] if name in index):
                held = _every(index[name], code) if kind == OTHER else index[name].nearest(code)
                for pair in held:
                    if self._has_goods_of(pair, int(line[at])):
                        cells.append(at)
                        lines.append(self.codes[pair][0])
        return np.array(cells, dtype=int), np.array(lines, dtype=int)

    def _has_goods_of(self, pair: int, line: int) -> bool:
        """Return whether a line has goods of an ordinary one; not if other codes became one."""
        row, code = self.codes[pair]
        if line == NO_LINE:
            return True
        former, other = self.rows.hs[row], self.rows.hs[line]
        moved = all(hs[:HS6] != code[: len(hs[:HS6])] for hs in (former, other))
        return not moved or former[:HS6] == other[:HS6]


def _alone(
    parts: Sequence[tuple[str, float, tuple[int, ...]]], pairs: tuple[int, ...]
) -> list[tuple[str, float, tuple[int, ...]]]:
    """Return the parts of a code that have its own line, as shares of them together."""
    own = [entry for entry in parts if entry[2] == pairs]
    total = sum(share for _, share, _ in own)
    return [(part, share / total, held) for part, share, held in own]


def _every(index: CodeIndex, code: str) -> Iterator[int]:
    """Yield the rows of a code and of all codes above it."""
    for length in range(2, len(code) + 1, 2):
        yield from index.exact.get(code[:length], ())
