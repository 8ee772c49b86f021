"""One importer: its lines on its imports, aggregated by exporter and sector."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from accord.data.lines.lines import TariffLines
from accord.data.world import World
from accord.lowering.lines.aggregates import aggregate_rates
from accord.lowering.lines.cells import (
    NO_LINE,
    ORDINARY,
    Goods,
    LineSchedule,
    idle_goods,
    imported_goods,
)
from accord.lowering.lines.compiled import AGGREGATES
from accord.lowering.lines.files import TariffRows, TradeRows
from accord.lowering.lines.places import NO_SECTOR, Partners, Sectors
from accord.lowering.lines.quantities import UnitValues
from accord.lowering.lines.rates import LinePricing, RatedCells, rate_cells
from accord.lowering.lines.report import ReportRow, report_rows

if TYPE_CHECKING:
    import pandas as pd

GENERAL = ("general",)
"""The only group of measures of imports that are not those of the United States."""
Coded = Sequence[tuple[int, str, float]]


@dataclass(frozen=True, eq=False)
class ImporterInputs:
    """All that is the same for every importer; `scale` is bn USD a unit of the file's values."""

    world: World
    rows: TariffRows
    trade: TradeRows
    partners: Partners
    sectors: Sectors
    day: date
    scale: float
    usd_per_unit: float


@dataclass(frozen=True, eq=False)
class Compiled:
    """The tariffs of one importer: by exporter and sector where `known`, and what they rest on."""

    regions: tuple[int, ...]
    table: "pd.DataFrame"
    rates: Mapping[str, np.ndarray]
    known: np.ndarray
    lines: TariffLines | None
    report: tuple[ReportRow, ...]


def compile_importer(inputs: ImporterInputs, label: str, lines: Coded, trade: Coded) -> Compiled:
    """Return the tariffs of an importer from its rows of both files, in codes of 2022."""
    world, rows = inputs.world, inputs.rows
    regions = tuple(world.regions.index(name) for name in inputs.partners.charging(label))
    kept = [(row, code) for row, code, _ in lines if code]
    valid = [(row, code) for row, code in kept if rows.holds_on(row, inputs.day)]
    schedule = LineSchedule(rows, valid, inputs.partners)
    goods = imported_goods(
        inputs.trade, [entry for entry in trade if entry[1]], partners=inputs.partners,
        sectors=inputs.sectors, scale=inputs.scale, bought=_bought(world, regions), own=regions,
    )  # fmt: skip
    codes = sorted({code for row, code in valid if rows.basis(row) == ORDINARY})
    sector_of = {code: inputs.sectors.of(code) for code in codes}
    nobody = idle_goods(codes, sector_of, world.regions, _find_holes(world, goods, regions))
    rated = _rate(inputs, schedule, goods.join(nobody), label)
    table, rates, known = _aggregate(world, label, rated, regions)
    left_out = [(inputs.trade.hs[row], inputs.trade.value[row] * inputs.scale)
                for row, code, _ in trade if not code]  # fmt: skip
    report = report_rows(
        label, rated, schedule, written=inputs.trade.hs, own=frozenset(regions), left_out=left_out,
        earlier=_count_earlier(inputs, kept, trade),
        idle_lines=len({row for row, _ in kept}) - len({row for row, _ in valid}),
    )  # fmt: skip
    held = _hold_lines(world, rated, regions[0]) if len(regions) == 1 else None
    return Compiled(regions, table, rates, known, held, report)


def _bought(world: World, regions: Sequence[int]) -> np.ndarray:
    """Return the flows of goods to an importer's regions, [exporter, sector], bn USD."""
    goods = np.isin(world.sectors, world.goods)
    return np.asarray(np.where(goods, world.flows[list(regions)].sum(axis=0), 0.0))


def _rate(inputs: ImporterInputs, schedule: LineSchedule, goods: Goods, label: str) -> RatedCells:
    """Return the rates of goods, those that nobody imports among them: all share the quotas."""
    world, matched = inputs.world, schedule.match(goods)
    buyer = world.regions.index(inputs.partners.charging(label)[0])
    cut = matched.goods
    usual = np.where((cut.region == NO_LINE) | (cut.sector == NO_SECTOR), 0.0,
                     world.tariff[buyer][cut.region, cut.sector])  # fmt: skip
    pricing = LinePricing(inputs.rows, cut, UnitValues(cut), inputs.usd_per_unit, usual)
    return rate_cells(matched, pricing, label, inputs.day)


def _find_holes(world: World, goods: Goods, own: Sequence[int]) -> np.ndarray:
    """Return which regions and sectors of goods have no imports in the file."""
    holes = np.zeros((len(world.regions), len(world.sectors)), dtype=bool)
    holes[:, [world.sectors.index(name) for name in world.goods]] = True
    held = (goods.region != NO_LINE) & (goods.sector != NO_SECTOR) & (goods.value > 0)
    holes[goods.region[held], goods.sector[held]] = False
    holes[list(own)] = False
    return holes


def _count_earlier(
    inputs: ImporterInputs, lines: Sequence[tuple[int, str]], trade: Coded
) -> tuple[int, float]:
    """Return how many rows stood under codes that HS 2022 lacks, and the imports of those."""
    moved = {row for row, code in lines if not inputs.rows.hs[row].startswith(code[:6])
             and not code.startswith(inputs.rows.hs[row])}  # fmt: skip
    bought = {row for row, code, _ in trade if code and not code.startswith(inputs.trade.hs[row])}
    value = sum(float(inputs.trade.value[row]) for row in bought) * inputs.scale
    return len(moved) + len(bought), value


def _aggregate(
    world: World, label: str, rated: RatedCells, own: Sequence[int]
) -> tuple["pd.DataFrame", dict[str, np.ndarray], np.ndarray]:
    """Return the table by exporter and sector, the rates as arrays, and where they are known."""
    import pandas as pd

    size = (len(world.regions), len(world.sectors))
    goods = rated.goods
    region, sector, value = goods.region, goods.sector, goods.value
    placed = (region != NO_LINE) & (sector != NO_SECTOR) & ~np.isin(region, list(own))
    known = placed & ~np.isnan(rated.rate)
    flow = region * size[1] + sector
    held = np.zeros(size[0] * size[1], dtype=bool)
    held[flow[known]] = True
    usable = placed & (known | (value > 0)) & held[flow]
    rate = np.where(known | ~placed, rated.rate, world.tariff[own[0]][region, sector])
    cells, group = np.unique(flow[usable], return_inverse=True)
    count = cells.size
    imports = np.bincount(group, weights=value[usable], minlength=count)
    told = aggregate_rates(
        group, np.where(imports[group] > 0, value[usable], goods.part[usable]), rate=rate[usable],
        bought_under=np.where(np.isnan(goods.bought_under), rate, goods.bought_under)[usable],
        theta=world.elasticity[sector[usable]],
    )  # fmt: skip
    covered = np.bincount(group, weights=(value * known)[usable], minlength=count)
    share = np.divide(covered, imports, out=np.ones(count), where=imports > 0)
    exporters, sectors = np.divmod(cells, size[1])
    table = pd.DataFrame(
        {
            "importer": label,
            "exporter": [world.regions[n] for n in exporters.tolist()],
            "sector": [world.sectors[j] for j in sectors.tolist()],
            "imports": imports,
            "covered": share,
            "lines": _count_lines(rated, np.where(usable & known, flow, NO_LINE))[cells],
            **told,
        }
    )
    rates = {}
    for name in AGGREGATES:
        values = np.full(size[0] * size[1], np.nan)
        values[cells] = told[name]
        rates[name] = values.reshape(size)
    return table, rates, ~np.isnan(rates["mean"])


def _count_lines(rated: RatedCells, flow: np.ndarray) -> np.ndarray:
    """Return how many lines of the file hold in each flow, whatever their kind.

    `flow` is the number of the flow of each cell, -1 for those that do not count.
    """
    matched = rated.matched
    every = np.arange(flow.size)
    sides = ((every, matched.line), matched.preference, matched.measure)
    cells, lines = (np.concatenate([side[at] for side in sides]) for at in (0, 1))
    kept = (flow[cells] != NO_LINE) & (lines != NO_LINE)
    pairs = np.unique(np.stack([flow[cells[kept]], lines[kept]]), axis=1)
    return np.bincount(pairs[0], minlength=int(flow.max(initial=0)) + 1)


def _hold_lines(world: World, rated: RatedCells, importer: int) -> TariffLines | None:
    """Return the imports by exporter and HS6; what has no line pays the tariff of its sector."""
    goods = rated.goods
    kept = (goods.value > 0) & (goods.region != NO_LINE) & (goods.sector != NO_SECTOR)
    kept &= goods.region != importer
    kept &= np.isin(goods.sector, [world.sectors.index(name) for name in world.goods])
    at = np.flatnonzero(kept)
    if not at.size:
        return None
    region, sector = goods.region[at], goods.sector[at]
    usual = world.tariff[importer][region, sector]
    rate = np.where(np.isnan(rated.rate[at]), usual, rated.rate[at])
    hs6 = np.array([int(goods.code[cell][:6].ljust(6, "0")) for cell in at.tolist()])
    lines = TariffLines(
        importer=world.regions[importer], exporter=region, hs6=hs6, sector=sector,
        group=np.zeros(at.size, dtype=int), imports=goods.value[at], duty=goods.value[at] * rate,
        mfn=rated.mfn[at], groups=GENERAL,
    )  # fmt: skip
    return lines.relabel(lines.importer, np.arange(len(world.regions)),
                         np.arange(len(world.sectors)))  # fmt: skip
