"""The trade that a tariff clause covers: exporters, sectors, HS codes and product groups."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Protocol, runtime_checkable

import numpy as np

from accord.core.arrays import Bool, Float, Int
from accord.data.industries import REST_OF_OLDER
from accord.data.lines.lines import TariffLines
from accord.data.world import World
from accord.deal.goods.codes import HS_CODE
from accord.deal.regions import Group, members_of

EVERYTHING = "all"
NO_CODE = -1
REST = "ROW"  # what none of the 43 economies of the older world is
LEAST_SHARE = 0.1  # of the value of a code, for a sector to be one of its goods
MOST_KEPT = 256  # selections of cells kept for the next question, some 200 kB each

BoolCells = Bool[np.ndarray, " cell"]
FloatCells = Float[np.ndarray, " cell"]
IntCells = Int[np.ndarray, " cell"]
FloatCovered = Float[np.ndarray, " covered"]
IntCovered = Int[np.ndarray, " covered"]
FloatFlows = Float[np.ndarray, "exporter sector"]
BoolFlows = Bool[np.ndarray, "exporter sector"]
Extent = tuple[tuple[str, ...], ...]


@runtime_checkable
class Coverage(Protocol):
    """Whose goods are meant, and which: what a tariff clause says of both."""

    @property
    def exporters(self) -> tuple[str, ...]:
        """Regions, groups or "all"."""

    @property
    def except_exporters(self) -> tuple[str, ...]:
        """Those left out."""

    @property
    def products(self) -> tuple[str, ...]:
        """Sectors, HS codes, product groups or "all"."""

    @property
    def except_products(self) -> tuple[str, ...]:
        """Those left out."""


@dataclass(frozen=True, eq=False)
class ImportCells:
    """Imports of one importer, as fine as the dataset has them, in bn USD of the base year.

    A cell is an import line (exporter, HS6, product group) where the dataset has lines, and an
    exporter and sector otherwise; `hs6` and `group` are then -1. `base` is the rate paid in the
    base year and `mfn` the most-favoured-nation rate (fractions; `mfn` NaN where unknown).
    """

    importer: str
    regions: tuple[str, ...]
    sectors: tuple[str, ...]
    groups: tuple[str, ...]
    exporter: IntCells
    sector: IntCells
    hs6: IntCells
    group: IntCells
    imports: FloatCells
    base: FloatCells
    mfn: FloatCells
    services: tuple[str, ...] = ()
    sector_groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    _codes_of_whole: "tuple[IntCovered, IntCells] | None" = field(default=None, repr=False)
    _masks: dict[tuple[str, ...], BoolCells] = field(default_factory=dict)
    _sold: dict[tuple[str, ...], BoolCells] = field(default_factory=dict)
    _covered: dict[Extent, IntCovered] = field(default_factory=dict)
    _means: dict[Hashable, FloatFlows] = field(default_factory=dict)

    @property
    def has_lines(self) -> bool:
        """Whether HS codes and product groups can be told apart."""
        return bool(self.groups)

    def select_products(self, products: Sequence[str]) -> BoolCells:
        """Return which cells hold any of `products`; unknown names select nothing."""
        key = tuple(products)
        if key not in self._masks:
            if len(self._masks) >= MOST_KEPT:
                self._masks.clear()
            mask = np.zeros(self.imports.shape, dtype=bool)
            codes: dict[int, list[int]] = defaultdict(list)
            for product in key:
                if HS_CODE.match(product):
                    codes[len(product[:6])].append(int(product[:6]))
                else:
                    mask |= self._select_product(product)
            if codes:
                known, place = self._codes
                chosen = np.zeros(known.shape, dtype=bool)
                for digits, wanted in codes.items():
                    meant = np.zeros(10**digits + 1, dtype=bool)  # the last is that of no code
                    meant[wanted] = True
                    chosen |= meant[known // 10 ** (6 - digits)]
                mask |= np.take(chosen, place)
            self._masks[key] = mask
        return self._masks[key]

    def by_sector(self, product: str) -> Float[np.ndarray, " sector"]:
        """Return the imports of a product in each sector, bn USD."""
        if HS_CODE.match(product):
            code = product[:6]
            held = self._codes[0] // 10 ** (6 - len(code)) == int(code)
            return np.asarray(self._imports_by_code[held].sum(axis=0))
        chosen = self.select_products([product])
        count = len(self.sectors)
        sums = np.bincount(self.sector[chosen], self.imports[chosen], minlength=count)
        return sums.astype(np.float64)  # of nothing at all NumPy counts in whole numbers

    def select_exporters(self, names: Sequence[str]) -> BoolCells:
        """Return which cells come from any of the named regions or groups."""
        key = expand_regions(names, self.regions)
        if key not in self._sold:
            if len(self._sold) >= MOST_KEPT:
                self._sold.clear()
            chosen = np.zeros(len(self.regions), dtype=bool)
            for identifier in key:
                if identifier != self.importer:
                    chosen[self.regions.index(identifier)] = True
            self._sold[key] = np.take(chosen, self.exporter)
        return self._sold[key]

    def select(self, clause: Coverage) -> IntCovered:
        """Return the positions of the cells a clause covers, exceptions left out, dates ignored."""
        return self.within(self.extent(clause))

    def extent(self, clause: Coverage) -> Extent:
        """Return regions charged, regions spared, products charged and products spared.

        Clauses of one extent cover the same cells.
        """
        return (
            expand_regions(clause.exporters, self.regions),
            expand_regions(clause.except_exporters, self.regions),
            clause.products,
            clause.except_products,
        )

    def within(self, extent: Extent) -> IntCovered:
        """Return the positions of the cells of an extent."""
        if extent not in self._covered:
            if len(self._covered) >= MOST_KEPT:
                self._covered.clear()
            charged, spared, products, without = extent
            mask = self.select_exporters(charged) & self.select_products(products)
            if spared:
                mask &= ~self.select_exporters(spared)
            if without:
                mask &= ~self.select_products(without)
            self._covered[extent] = np.flatnonzero(mask)
        return self._covered[extent]

    def part(self, at: IntCovered) -> "ImportCells":
        """Return some of the cells, by their positions, in that order."""
        columns = ("exporter", "sector", "hs6", "group", "imports", "base", "mfn")
        kept = {name: getattr(self, name)[at] for name in columns}
        known, place = self._codes
        codes = known, place[at]
        return replace(
            self, **kept, _codes_of_whole=codes, _masks={}, _sold={}, _covered={}, _means={}
        )

    def whole_flows(self, at: IntCovered) -> Int[np.ndarray, " whole"]:
        """Return the positions of all cells of the flows that some cells are of."""
        is_meant = np.zeros(len(self.regions) * len(self.sectors), dtype=bool)
        is_meant[self._flow[at]] = True
        return np.flatnonzero(is_meant[self._flow])

    @cached_property
    def has_flow(self) -> BoolFlows:
        """Which flows have cells, by exporter and sector."""
        count = np.bincount(self._flow, minlength=len(self.regions) * len(self.sectors))
        return np.asarray(count.reshape(len(self.regions), len(self.sectors)) > 0)

    def known_means(self, key: Hashable, make: Callable[[], FloatFlows]) -> FloatFlows:
        """Return means by exporter and sector that are made once, and kept for the next question.

        Args:
            key: Everything that they depend on.
            make: Works them out.
        """
        if key not in self._means:
            if len(self._means) >= MOST_KEPT:
                self._means.clear()
            self._means[key] = make()
        return self._means[key]

    def mean_by_flow(self, rate: FloatCells) -> FloatFlows:
        """Return the mean of a rate by exporter and sector, cells weighted by imports, a fraction.

        Flows without imports have the plain mean of their cells.
        """
        size = len(self.regions) * len(self.sectors)
        idle, weight = self._idle, self._flow_imports
        paid = np.bincount(self._flow, weights=self.imports * rate, minlength=size)
        flow = self._flow[idle]
        count = np.maximum(np.bincount(flow, minlength=size), 1)
        plain = np.asarray(np.bincount(flow, weights=rate[idle], minlength=size) / count)
        mean = np.divide(paid, weight, out=plain, where=weight > 0)
        return np.asarray(mean.reshape(len(self.regions), len(self.sectors)))

    @cached_property
    def _codes(self) -> tuple[IntCovered, IntCells]:
        """Return HS6 codes, all that occur among them, and the place of each cell's code.

        `NO_CODE` is first. A part has the codes of the whole.
        """
        if self._codes_of_whole is not None:
            return self._codes_of_whole
        count = np.bincount(self.hs6 - NO_CODE)
        known = np.flatnonzero(count)
        places = np.zeros(count.shape, dtype=np.int64)
        places[known] = np.arange(known.size)
        return known + NO_CODE, np.take(places, self.hs6 - NO_CODE)

    @cached_property
    def _imports_by_code(self) -> Float[np.ndarray, "code sector"]:
        known, place = self._codes
        count = len(self.sectors)
        imports = np.bincount(
            place * count + self.sector, self.imports, minlength=known.size * count
        )
        return imports.reshape(known.size, count)

    @cached_property
    def _flow(self) -> IntCells:
        """Position of the exporter and sector of every cell among all of them."""
        return np.asarray(self.exporter * len(self.sectors) + self.sector)

    @cached_property
    def _flow_imports(self) -> Float[np.ndarray, " flow"]:
        size = len(self.regions) * len(self.sectors)
        return np.bincount(self._flow, weights=self.imports, minlength=size)

    @cached_property
    def _idle(self) -> IntCovered:
        """Positions of the cells of flows without imports."""
        return np.flatnonzero(self._flow_imports[self._flow] <= 0)

    def _select_product(self, product: str) -> BoolCells:
        if product == EVERYTHING:
            return ~np.isin(self.sector, [self.sectors.index(name) for name in self.services])
        if product in self.sectors:
            return np.asarray(self.sector == self.sectors.index(product))
        if product in self.sector_groups:
            members = [self.sectors.index(name) for name in self.sector_groups[product]]
            return np.isin(self.sector, members)
        if product in self.groups:
            return np.asarray(self.group == self.groups.index(product))
        return np.zeros(self.imports.shape, dtype=bool)


@lru_cache(maxsize=128)  # every member of a union, each a few megabytes
def build_cells(world: World, importer: str) -> ImportCells:
    """Return the import cells of `importer`: its lines, and sectors where it has none (bn USD).

    Lines of services are left out: services are one cell an exporter, charged only if named.
    """
    n = world.regions.index(importer)
    flows, tariff = world.flows[n], world.tariff[n]
    lines = world.lines if world.lines is not None and world.lines.importer == importer else None
    bare = np.ones(flows.shape, dtype=bool)
    bare[n, :] = False
    goods = np.ones(0 if lines is None else len(lines), dtype=bool)
    if lines is not None:
        goods = np.isin(lines.sector, [world.sectors.index(name) for name in world.goods])
        bare[lines.exporter[goods], lines.sector[goods]] = False
    exporter, sector = (axis.astype(np.int64) for axis in np.nonzero(bare))
    blank = np.full(exporter.shape, NO_CODE, dtype=np.int64)
    columns = {
        "exporter": exporter,
        "sector": sector,
        "hs6": blank,
        "group": blank,
        "imports": flows[bare].astype(np.float64),
        "base": tariff[bare].astype(np.float64),
        "mfn": np.full(exporter.shape, np.nan),
    }
    if lines is not None:
        paid = np.divide(
            lines.duty, lines.imports, out=np.zeros(len(lines)), where=lines.imports > 0
        )
        fine = {
            "exporter": lines.exporter.astype(np.int64),
            "sector": lines.sector.astype(np.int64),
            "hs6": lines.hs6.astype(np.int64),
            "group": lines.group.astype(np.int64),
            "imports": _scaled_imports(lines, flows),
            "base": paid,
            "mfn": np.asarray(lines.mfn),
        }
        columns = {name: np.concatenate([fine[name][goods], columns[name]]) for name in columns}
    groups = lines.groups if lines is not None else ()
    services = tuple(name for name in world.sectors if name not in world.goods)
    return ImportCells(
        importer, world.regions, world.sectors, groups, **columns,
        services=services, sector_groups=world.sector_groups,
    )  # fmt: skip


def _scaled_imports(
    lines: TariffLines, flows: Float[np.ndarray, "exporter sector"]
) -> Float[np.ndarray, " line"]:
    """Imports of every line in bn USD, scaled where a flow holds more than its lines do.

    The lines of a group of countries, such as the rest of the world, cover only some of them.
    """
    held, _ = lines.by_cell(*flows.shape)
    scale = np.divide(flows, held, out=np.ones_like(held), where=(held > 0) & (flows > 0))
    scale[np.isclose(scale, 1.0, rtol=1e-9, atol=0.0)] = 1.0
    return np.asarray(lines.imports * scale[lines.exporter, lines.sector])


def sectors_of(products: Sequence[str], world: World) -> tuple[str, ...]:
    """Return the sectors that hold products, in the order of the world; () if any has none.

    An HS code or a product group is looked up in the import lines of the world, whoever imports;
    a sector with less than a tenth of its value is left out.
    """
    if EVERYTHING in products:
        return world.goods
    names = {sector for product in products for sector in world.sectors_named(product)}
    rest = [product for product in products if not world.sectors_named(product)]
    if rest and world.lines is not None:
        cells = build_cells(world, world.lines.importer)
        for product in rest:
            value = cells.by_sector(product)
            if not value.sum():
                return ()
            held = np.flatnonzero(value >= LEAST_SHARE * value.sum())
            names.update(world.sectors[at] for at in held)
    elif rest:
        return ()
    return tuple(name for name in world.sectors if name in names)


def expand_regions(names: Iterable[str], regions: Sequence[str]) -> tuple[str, ...]:
    """Return the region ids meant by `names`: ids, groups such as "EU" or of one's own, or "all".

    An id of the dataset wins over a group of the same name; unknown names give nothing. Where the
    rest of the older world is many regions, its name stands for all of them.
    """
    there = tuple(regions)
    given = tuple(names)
    if not any(isinstance(name, Group) for name in given):
        return _expand(given, there)
    members: list[str] = []
    for name in given:
        if isinstance(name, Group) and name not in there:
            members.extend(_expand(_named(name.members, there), there))
        else:
            members.extend(_expand((str(name),), there))
    return tuple(dict.fromkeys(members))


@lru_cache(maxsize=1024)
def _expand(names: tuple[str, ...], regions: tuple[str, ...]) -> tuple[str, ...]:
    """Return the region ids meant by ids and shipped groups, which mean the same in every file."""
    members: list[str] = []
    for name in names:
        if name == EVERYTHING:
            members.extend(regions)
        elif name in regions:
            members.append(name)
        else:
            inside = REST_OF_OLDER if name == REST else members_of(name)
            members.extend(_expand(_named(inside, regions), regions))
    return tuple(dict.fromkeys(members))


def _named(names: Sequence[str], regions: Sequence[str]) -> tuple[str, ...]:
    """Return the names that are regions, and the rest of the older world if they have it."""
    return tuple(name for name in names if name in regions or name == REST)


def did_you_mean(word: str | None) -> str:
    """Return the question "did you mean …?", or "" when there is nothing to suggest."""
    return f"did you mean {word}?" if word else ""
