"""Which regions and sectors of a large world a deal needs whole, and which may be merged.

Regions stay whole if the deal file or a background that it includes names them by themselves, or
if they are rivals of a party: they supply a good part of what another party buys abroad in an
industry at stake. The others are merged where every list of the file treats them alike, the
members of the European Union apart from the rest. Industries stay whole if a clause names their
goods or a party sells much of them to another; the others are merged to the wider sectors.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from accord.core.arguments import check_kind, public
from accord.data.industries import REST
from accord.data.labels import BLOC_NAMES, EU27
from accord.data.world import World
from accord.deal.clauses.tariff import TariffClause
from accord.deal.clauses.tax import TaxClause
from accord.deal.deal import Deal
from accord.deal.products import EVERYTHING, expand_regions, sectors_of

UNION = "EU"
RIVAL_SHARE = 0.05
"""Share of a buyer's imports in an industry at stake from which on a supplier is a rival."""
STAKE_SHARE = 0.02
"""Share of a party's goods sold to another party from which on an industry is at stake."""
NOTE = "merged from {world} to the regions and sectors that the deal needs (sha256 {sha256})"


@dataclass(frozen=True, eq=False)
class View:
    """A world merged for a deal.

    Attributes:
        full: The world as it was.
        world: The world to assess the deal in.
        named: Regions kept because the deal, or a background, names them.
        rivals: Regions kept because they compete with a party.
        merged_regions: New regions and the ones they stand for.
        at_stake: Industries kept because the deal is about them.
        merged_sectors: New sectors and the industries they stand for.
    """

    full: World
    world: World
    named: tuple[str, ...]
    rivals: tuple[str, ...]
    merged_regions: Mapping[str, tuple[str, ...]]
    at_stake: tuple[str, ...]
    merged_sectors: Mapping[str, tuple[str, ...]]

    def __repr__(self) -> str:
        """Return one line: how many regions and sectors of how many."""
        before, after = self.full, self.world
        return (
            f"View({after.name!r}: {len(after.regions)} of {len(before.regions)} regions, "
            f"{len(after.sectors)} of {len(before.sectors)} sectors)"
        )


@public
def build_view(deal: Deal, world: World) -> View:
    """Return the world merged to the regions and sectors that a deal needs.

    Args:
        deal: The deal, as `load_deal` gives it for this world.
        world: A world of any size; the default one is what views are for.
    """
    check_kind("deal", deal, Deal, "Load it first: ac.load_deal(name or path)")
    check_kind("world", world, World, "Give ac.load_world()")
    words, lists = _read_names(deal)
    parties = expand_regions(deal.parties, world.regions)
    named = [name for name in world.regions if name in words or name in parties]
    stake = find_stake(deal, world)
    rivals = tuple(name for name in _find_rivals(deal, world, stake) if name not in named)
    regions = _merge_regions(world, (*named, *rivals), lists)
    sectors = {
        name: members
        for name, members in world.sector_groups.items()
        if not set(members) & set(stake)
    }
    merged = world.aggregate(regions, sectors, name=view_name(world.name, deal))
    named_unions = {name: BLOC_NAMES[name] for name in regions if name in BLOC_NAMES}
    note = NOTE.format(world=world.name, sha256=merged.sha256)
    return View(
        full=world,
        world=replace(merged, notes=(*merged.notes, note)).with_names(named_unions),
        named=tuple(named),
        rivals=rivals,
        merged_regions=regions,
        at_stake=stake,
        merged_sectors=sectors,
    )


def view_name(world: str, deal: Deal) -> str:
    """Return what the view of a world for a deal is called, given the name of the world."""
    return f"{world} for {deal.name}"


def viewed_world(world: World) -> str | None:
    """Return the name of the world that this one is a view of; None if it is none, or no longer."""
    start, _, rest = NOTE.partition("{world}")
    end = rest.format(sha256=world.sha256)
    names = [
        note.removeprefix(start).removesuffix(end)
        for note in world.notes
        if note.startswith(start) and note.endswith(end)
    ]
    return names[-1] if names else None


def find_stake(deal: Deal, world: World) -> tuple[str, ...]:
    """Return the goods industries that a deal is about, in the order of the world.

    They are those whose goods a tariff or a tax names, and those that a party sells another in
    quantity.
    """
    chosen: set[str] = set()
    named = {
        clause.products: None
        for package in deal.package_names
        for clause in deal.clauses(package)
        if isinstance(clause, TariffClause | TaxClause) and EVERYTHING not in clause.products
    }
    for products in named:
        chosen.update(sectors_of(products, world))
    goods = [world.sector_index(name) for name in world.goods]
    for seller, buyer in _pairs(deal, world):
        sold = world.flows[np.ix_(buyer, seller, goods)].sum(axis=(0, 1))
        large = np.flatnonzero(sold >= STAKE_SHARE * max(float(sold.sum()), 1e-300))
        chosen.update(world.goods[at] for at in large)
    return tuple(name for name in world.goods if name in chosen)


def _pairs(deal: Deal, world: World) -> Iterator[tuple[list[int], list[int]]]:
    """Yield sellers and buyers, every two parties both ways, as positions."""
    places = [
        [world.region_index(name) for name in expand_regions([party], world.regions)]
        for party in deal.parties
    ]
    for seller in places:
        for buyer in places:
            if seller is not buyer:
                yield seller, buyer


def _find_rivals(deal: Deal, world: World, stake: Sequence[str]) -> tuple[str, ...]:
    """Return who supplies a good part of what a party buys abroad in an industry at stake."""
    industries = [world.sector_index(name) for name in stake]
    rival = np.zeros(len(world.regions), dtype=bool)
    for _, buyer in _pairs(deal, world):
        bought = world.flows[np.ix_(buyer, range(len(world.regions)), industries)].sum(axis=0)
        bought[buyer] = 0.0
        total = np.maximum(bought.sum(axis=0), 1e-300)
        rival |= (bought / total >= RIVAL_SHARE).any(axis=1)
    inside = [name for name in world.regions if name in EU27]
    return tuple(
        name
        for name, is_rival in zip(world.regions, rival, strict=True)
        if is_rival and name not in inside and name != REST
    )


def _merge_regions(
    world: World, kept: Sequence[str], lists: Sequence[tuple[str, ...]]
) -> dict[str, tuple[str, ...]]:
    """Return new regions and their members: those not kept that every list treats alike."""
    members = [set(expand_regions(names, world.regions)) for names in lists]
    classes: dict[tuple[bool, ...], list[str]] = {}
    whole = all(name not in kept for name in EU27 if name in world.regions)
    for region in world.regions:
        union = region in EU27
        if region in kept or (union and not whole):
            continue
        key = (union, *(region in inside for inside in members))
        classes.setdefault(key, []).append(region)
    merged: dict[str, tuple[str, ...]] = {}
    for (union, *_), regions in classes.items():
        if len(regions) > 1:
            merged[_name_of(regions, merged, union=union)] = tuple(regions)
    return merged


def _name_of(regions: Sequence[str], taken: Mapping[str, Any], *, union: bool) -> str:
    if union and UNION not in taken:
        return UNION
    if REST in regions:
        return REST
    return f"{regions[0]}+"


def is_joined(region: str) -> bool:
    """Whether a region stands for economies that have no name together, as "ARG+" does."""
    return region in ("ROW", REST) or region.endswith("+")


def _read_names(deal: Deal) -> tuple[set[str], list[tuple[str, ...]]]:
    """Return every word of the file and its backgrounds, and every list of words."""
    words: set[str] = set()
    lists: dict[tuple[str, ...], None] = {}
    for text in (deal.text, *deal.included_texts.values()):
        for value in _walk(tomllib.loads(text)):
            if isinstance(value, str):
                words.add(value)
            else:
                lists.setdefault(value)
    return words, list(lists)


def _walk(value: Any) -> Iterator[str | tuple[str, ...]]:
    """Yield every text in a parsed file, keys of tables too, and every list of texts."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from (str(key) for key in value)
        for part in value.values():
            yield from _walk(part)
    elif isinstance(value, list):
        if value and all(isinstance(part, str) for part in value):
            yield tuple(value)
        for part in value:
            yield from _walk(part)
