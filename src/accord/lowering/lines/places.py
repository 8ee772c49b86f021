"""Where the rows of the two files belong in a world: regions of partners, sectors of codes."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import get_args

import numpy as np

from accord.core.errors import InputError, Problem
from accord.core.words import propose, suggest
from accord.data.industries import INDUSTRIES
from accord.data.readers.table.bridge import find_industries
from accord.data.readers.table.grid import shorten
from accord.data.readers.table.mapping import REST, MapFile
from accord.data.readers.table.records import read_records
from accord.data.readers.table.table import Scheme
from accord.data.store import load_world
from accord.data.world import World
from accord.deal.products import expand_regions
from accord.lowering.lines.codes import CodeIndex, clean_code, explain_shape
from accord.lowering.lines.files import EVERYBODY

NO_SECTOR = -1


@dataclass(frozen=True)
class Partners:
    """The regions that labels of partners stand for: those of a world, or what a mapping says."""

    regions: tuple[str, ...]
    mapping: MapFile = field(default_factory=MapFile)

    def region_of(self, label: str) -> str | None:
        """Return the region of a partner; None for a label that neither world nor mapping has."""
        if label in self.regions:
            return label
        groups = self.mapping.regions
        named = (new for new, members in groups.items() if label in members)
        rest = (new for new, members in groups.items() if REST in members)
        return next((new for new in (*named, *rest) if new in self.regions), None)

    def charging(self, label: str) -> tuple[str, ...]:
        """Return the regions that an importer is: itself, or the members of a union."""
        own = self.region_of(label)
        return expand_regions([label], self.regions) or ((own,) if own is not None else ())

    def members(self, label: str) -> tuple[str, ...]:
        """Return the regions that a partner is: its own, or those of a union."""
        own = self.region_of(label)
        return (own,) if own is not None else self.charging(label)

    def places(self, label: str, own: Sequence[int]) -> tuple[int, ...]:
        """Return the positions of the regions that a partner is, without those of the importer.

        The first of the importer's own, where the partner has no other regions.
        """
        at = [self.regions.index(name) for name in self.members(label)]
        return tuple(place for place in at if place not in own) or tuple(at[:1])

    def is_meant(self, written: str, label: str) -> bool:
        """Return whether an exporter as a line writes it takes in a partner of the imports."""
        if written in EVERYBODY or written == label:
            return True
        return self.region_of(label) in expand_regions([written], self.regions)

    def check(self, where: str, label: str, others: Sequence[str] = ()) -> list[Problem]:
        """Return that a label is no region of the world, of the mapping, or among others."""
        if self.charging(label) or label in others:
            return []
        groups = self.mapping.regions.items()
        stray = next((name for name, members in groups if label in members), None)
        if stray is not None:
            message = f'"{label}" is part of {stray}, which is no region of the world'
            remedy = f"Name one under [regions] of the mapping, such as {self._example(label)}"
            return [Problem(where, message, remedy)]
        meant = suggest(label, self.regions)
        start = f"Did you mean {meant}? Or say" if meant else "Say"
        remedy = f"{start} in a --map file where it belongs: [regions] {self._example(label)}"
        return [Problem(where, f'"{label}" is no region of the world', remedy)]

    def _example(self, label: str) -> str:
        """Return how a mapping puts a label into the last region, which mostly is the rest."""
        last = self.regions[-1]
        return f'{last} = ["{label}"], or {last} = "*" for all that are not named'


@dataclass(frozen=True)
class Sectors:
    """The sector of every HS code, by position in the world: by a file, or by the goods in it.

    Where `fills`, a code that is not in the table has the sector of most of its heading or chapter.
    """

    index: CodeIndex
    places: tuple[int, ...]
    fills: bool = False

    def of(self, code: str) -> int:
        """Return the position of the sector of a code; -1 where none is known.

        A code that is coarser than the table belongs to the sector that most of its goods have.
        """
        rows = self.index.match(code)
        for short in (code[:4], code[:2]) if self.fills else ():
            rows = rows or self.index.finer.get(short, ())
        if not rows:
            return NO_SECTOR
        return Counter(self.places[row] for row in rows).most_common(1)[0][0]


def read_sectors(path: Path, world: World) -> Sectors:
    """Return the sectors that a file gives to codes: hs, sector.

    Raises:
        InputError: Columns are missing, or codes or sectors are none; all told at once.
    """
    records = read_records(path, ("hs", "sector"), number="")
    problems: list[Problem] = []
    codes = [clean_code(text) for text in records.texts["hs"]]
    places = []
    for line, (code, sector) in enumerate(zip(codes, records.texts["sector"], strict=True)):
        wrong = explain_shape(code)
        if wrong is not None:
            problems.append(Problem(records.where(line), *wrong))
        if sector not in world.sectors:
            message = f'"{sector}" is no sector of the world'
            remedy = propose(sector, world.sectors)
            problems.append(Problem(records.where(line), message, remedy))
        places.append(world.sectors.index(sector) if sector in world.sectors else NO_SECTOR)
    problems += records.check_repeats(("hs",))
    if problems:
        raise InputError(shorten(problems, path.name), "the sectors of HS codes")
    return Sectors(CodeIndex.build(enumerate(codes)), tuple(places))


def bridge_sectors(world: World, mapping: MapFile) -> Sectors:
    """Return the sectors of codes by the industries that the sectors of a world hold.

    Raises:
        InputError: No sector is known by its label, or two hold the same industry.
    """
    held = _hold(world, mapping)
    problems = list(_check_held(held))
    if problems:
        raise InputError(problems, "the sectors of HS codes")
    place = {industry: world.sectors.index(sector) for sector, names in held.items()
             for industry in names}  # fmt: skip
    codes, industries = _industry_of_hs6()
    rows = [(at, code) for at, code in enumerate(codes) if industries[at] in place]
    places = tuple(place.get(industry, NO_SECTOR) for industry in industries)
    return Sectors(CodeIndex.build(rows), places, fills=True)


def _hold(world: World, mapping: MapFile) -> Mapping[str, tuple[str, ...]]:
    """Return the industries of each sector of goods, by its label or those the mapping merged."""
    goods = {name: (name, *mapping.sectors.get(name, ())) for name in world.goods}
    schemes: tuple[Scheme, ...] = get_args(Scheme)

    def held(scheme: Scheme) -> dict[str, tuple[str, ...]]:
        return {
            sector: tuple(dict.fromkeys(
                name for label in labels for name in find_industries(label, scheme)
            ))
            for sector, labels in goods.items()
        }  # fmt: skip

    tries = [held(scheme) for scheme in ("names", "isic4", "gtap", "isic3") if scheme in schemes]
    return max(tries, key=lambda names: sum(bool(those) for those in names.values()))


def _check_held(held: Mapping[str, tuple[str, ...]]) -> Iterator[Problem]:
    remedy = "Give --sectors FILE with the columns hs and sector"
    if not any(held.values()):
        yield Problem("sectors", "no classification has the labels of the world's sectors", remedy)
    sectors = defaultdict(list)
    for sector, names in held.items():
        for name in names:
            sectors[name].append(sector)
    for name, those in sectors.items():
        if len(those) > 1:
            told = f"{' and '.join(those)} both hold {name}, so that its goods cannot be told apart"
            yield Problem("sectors", told, remedy)


@lru_cache(maxsize=1)
def _industry_of_hs6() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return HS6 codes and the industry with most of the value of each, as the world has them."""
    world = load_world()
    if world.lines is None:
        return (), ()
    lines = world.lines
    codes, back = np.unique(lines.hs6, return_inverse=True)
    value = np.zeros((codes.size, len(INDUSTRIES)))
    at = np.array([INDUSTRIES.index(name) for name in world.sectors])
    np.add.at(value, (back, at[lines.sector]), lines.imports)
    known = [f"{code:06d}" for code in codes.tolist()]
    return tuple(known), tuple(INDUSTRIES[best] for best in value.argmax(axis=1).tolist())
