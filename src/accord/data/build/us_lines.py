"""US import lines of 2024: one row an exporter, HS6, sector and measure group."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np

from accord.core.arrays import Float, Int
from accord.data.build import readers
from accord.data.build.classify import classify_hs10, read_lists
from accord.data.labels import EU27, SECTORS
from accord.data.lines.lines import GROUPS
from accord.data.lines.packing import EU_BLOC, PackedLines

IMPORTER = "USA"
EU_PARTNER = "0003"
REGION_OF_PARTNER: dict[str, str] = {
    "1220": "CAN",
    "2010": "MEX",
    "3510": "BRA",
    "4039": "NOR",
    "4120": "GBR",
    "4359": "SVK",
    "4419": "CHE",
    "4621": "RUS",
    "4890": "TUR",
    "5330": "IND",
    "5600": "IDN",
    "5700": "CHN",
    "5800": "KOR",
    "5830": "TWN",
    "5880": "JPN",
    "6021": "AUS",
}
SPECIAL = GROUPS.index("special_provisions")
UNKNOWN_SECTOR = -1
HALF_DOLLAR = 5e-10
NOT_MADE = ("agriculture", "mining", "petroleum", "services")
"""Sectors that returned goods and parcels are not spread over."""

Rows = Int[np.ndarray, " line"]
Money = Float[np.ndarray, " line"]


@dataclass(frozen=True, eq=False)
class LineTable:
    """Rows on the way to lines; `place` is a region position or `EU_BLOC`. Money in bn USD."""

    place: Rows
    hs6: Rows
    sector: Rows
    group: Rows
    imports: Money
    duty: Money
    mfn_duty: Money
    mfn_base: Money


@dataclass(frozen=True, eq=False)
class LineFrame:
    """The labels that lines are given: regions, sectors, and where partners and goods belong.

    Attributes:
        regions: Regions of the world, the rest of the world among them.
        sectors: Sectors of the world.
        region_of_partner: Region of each Census code of a country; others are rest of the world.
        sector_of: Position of the sector of an HS10 code and its GTAP code; -1 if there is none.
        not_made: Sectors that returned goods and parcels are not spread over.
        rest: Region of the partners that have none of their own.
    """

    regions: tuple[str, ...]
    sectors: tuple[str, ...]
    region_of_partner: Mapping[str, str]
    sector_of: Callable[[str, str], int]
    not_made: tuple[str, ...]
    rest: str = "ROW"


def build_us_lines(
    raw: Path, wiod: readers.Wiod, growth: Float[np.ndarray, " region"]
) -> PackedLines:
    """Return the US import lines of 2024 in their packed form (bn USD).

    Args:
        raw: Folder of raw files.
        wiod: The 2014 table, whose US imports split the EU aggregate between its members.
        growth: GDP of 2024 over GDP of 2014 by region, which updates that split.
    """
    places = readers.read_sector_of_gtap(raw / readers.CATEGORY_FILE)
    frame = LineFrame(
        wiod.regions,
        SECTORS,
        REGION_OF_PARTNER,
        lambda _code, gtap: places.get(gtap, UNKNOWN_SECTOR),
        NOT_MADE,
    )
    table = read_line_table(raw, frame)
    usa = wiod.regions.index(IMPORTER)
    members = find_members(wiod.regions)
    return pack_table(table, members, wiod.flows[usa][members] * growth[members][:, None])


def read_line_table(raw: Path, frame: LineFrame) -> LineTable:
    """Return the lines of 2024, the European Union but Slovakia as one exporter (bn USD)."""
    census = readers.read_census_2024(raw / readers.CENSUS_FILE)
    table = _sum_rows(_label_rows(raw, census, frame))
    table = _remove_slovakia(table, frame.regions.index("SVK"))
    return _spread_special(table, frame)


def find_members(regions: tuple[str, ...]) -> Rows:
    """Return the positions of the members that the lines hold as one exporter."""
    return np.array([regions.index(code) for code in EU27 if code != "SVK"])


def pack_table(
    table: LineTable, members: Rows, weight: Float[np.ndarray, "member sector"]
) -> PackedLines:
    """Return lines in their packed form, the Union's split by the weights of its members."""
    total = weight.sum(axis=0)
    share = np.divide(weight, total, out=np.zeros_like(weight), where=total > 0)
    mfn = np.divide(
        table.mfn_duty,
        table.mfn_base,
        out=np.full(table.imports.size, np.nan),
        where=table.mfn_base > 0,
    )
    return PackedLines(
        importer=IMPORTER,
        place=table.place,
        hs6=table.hs6,
        sector=table.sector,
        group=table.group,
        imports=table.imports,
        duty=table.duty,
        mfn=mfn,
        members=members,
        member_share=share,
    )


def _label_rows(raw: Path, census: readers.CensusImports, frame: LineFrame) -> LineTable:
    codes, back = np.unique(census.hs10, return_inverse=True)
    gtap = readers.read_gtap_of_hs6(raw / readers.GTAP_FILE)
    by_heading = {hs6[:4]: code for hs6, code in sorted(gtap.items(), reverse=True)}
    by_chapter = {hs6[:2]: code for hs6, code in sorted(gtap.items(), reverse=True)}
    rates = readers.read_mfn_rates(raw / readers.MFN_FILE)
    sectors = []
    for code in codes.tolist():
        name = gtap.get(code[:6], by_heading.get(code[:4], by_chapter.get(code[:2], "")))
        sectors.append(frame.sector_of(code, name))
    rate = np.array([rates.get(code[:8], np.nan) for code in codes.tolist()])[back]
    regions = frame.regions
    home = {partner: regions.index(name) for partner, name in frame.region_of_partner.items()}
    home[EU_PARTNER] = EU_BLOC
    outside = regions.index(frame.rest)
    known = ~np.isnan(rate)
    return LineTable(
        place=np.array([home.get(partner, outside) for partner in census.partner.tolist()]),
        hs6=np.array([int(code[:6]) for code in codes.tolist()])[back],
        sector=np.array(sectors)[back],
        group=classify_hs10(codes, read_lists(raw))[back],
        imports=census.imports,
        duty=census.duty,
        mfn_duty=np.where(known, rate, 0.0) * census.imports,
        mfn_base=np.where(known, census.imports, 0.0),
    )


def _sum_rows(table: LineTable) -> LineTable:
    parts = (table.place + 1, table.hs6, table.sector + 1, table.group)
    key = ((parts[0] * 1_000_000 + parts[1]) * 100 + parts[2]) * 100 + parts[3]
    unique, first, back = np.unique(key, return_index=True, return_inverse=True)

    def total(column: np.ndarray) -> np.ndarray:
        return np.bincount(back, weights=column, minlength=unique.size)

    return LineTable(
        place=table.place[first],
        hs6=table.hs6[first],
        sector=table.sector[first],
        group=table.group[first],
        imports=total(table.imports),
        duty=total(table.duty),
        mfn_duty=total(table.mfn_duty),
        mfn_base=total(table.mfn_base),
    )


def _remove_slovakia(table: LineTable, slovakia: int) -> LineTable:
    """Return the table with the EU rows net of Slovakia, which is there on its own as well."""
    here = table.place == slovakia
    both = LineTable(
        place=np.concatenate([table.place, np.full(here.sum(), EU_BLOC)]),
        hs6=np.concatenate([table.hs6, table.hs6[here]]),
        sector=np.concatenate([table.sector, table.sector[here]]),
        group=np.concatenate([table.group, table.group[here]]),
        imports=np.concatenate([table.imports, -table.imports[here]]),
        duty=np.concatenate([table.duty, -table.duty[here]]),
        mfn_duty=np.concatenate([table.mfn_duty, -table.mfn_duty[here]]),
        mfn_base=np.concatenate([table.mfn_base, -table.mfn_base[here]]),
    )
    net = _sum_rows(both)
    if float(net.imports.min()) < -1e-6:
        raise ValueError("Slovakia sells more of a product to the US than the EU does")
    columns = [column[net.imports > HALF_DOLLAR] for column in _columns(net)]
    return LineTable(*columns[:4], *(np.maximum(column, 0.0) for column in columns[4:]))


def _columns(table: LineTable) -> list[np.ndarray]:
    return [getattr(table, item.name) for item in fields(table)]


def _spread_special(table: LineTable, frame: LineFrame) -> LineTable:
    """Return the table with rows of unknown sector spread over what the exporter manufactures."""
    unknown = table.sector == UNKNOWN_SECTOR
    made = np.array([name not in frame.not_made for name in frame.sectors])
    place = table.place + 1
    cell = np.zeros((len(frame.regions) + 1, made.size))
    np.add.at(cell, (place[~unknown], table.sector[~unknown]), table.imports[~unknown])
    cell *= made
    share = cell / np.maximum(cell.sum(axis=1, keepdims=True), 1e-300)
    rows, sectors = np.nonzero(share[place[unknown]] > 0)
    source = np.flatnonzero(unknown)[rows]
    part = share[place[source], sectors]
    known = [column[~unknown] for column in _columns(table)]
    spread = [column[source] for column in _columns(table)]
    spread[2] = sectors
    for position in range(4, 8):
        spread[position] = spread[position] * part
    return LineTable(*(np.concatenate(pair) for pair in zip(known, spread, strict=True)))
