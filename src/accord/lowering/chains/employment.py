"""Employed persons by region and sector, as far as they are known, with their sources."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np

from accord.core.arrays import Float
from accord.core.provenance import Source
from accord.data.world import World

NAME = "employment"
REST = "rest"


@dataclass(frozen=True, eq=False)
class Employment:
    """Persons by region and group of sectors, thousands.

    Attributes:
        groups: Sectors of each group; what is in none is the rest.
        persons: Persons by region and group; the rest is the whole less the groups that are known.
        source: Where the groups of a region were read, by region: its best source.
        notes: What to know of the figures.
        sources: The sources.
    """

    groups: Mapping[str, tuple[str, ...]]
    persons: Mapping[str, Mapping[str, float]]
    source: Mapping[str, str]
    notes: tuple[str, ...]
    sources: tuple[Source, ...]

    def grade(self, region: str, *, manufacturing: bool = True) -> str:
        """Return how far persons in a region's manufacturing can be trusted; none if unknown."""
        if region not in self.persons:
            return ""
        return "C" if manufacturing and len(self.persons[region]) > 1 else "U"


@cache
def load_employment() -> Employment:
    """Return the embedded figures."""
    folder = resources.files("accord.data") / "embedded"
    told = tomllib.loads((folder / f"{NAME}.toml").read_text("utf-8"))
    whole: dict[str, float] = {}
    groups: dict[str, dict[str, float]] = {}
    source: dict[str, str] = {}
    for entry in told["figure"]:
        if "whole" in entry:
            whole |= entry["whole"]
            source |= {name: entry["source"] for name in entry["whole"] if name not in source}
        else:
            groups[entry["region"]] = entry["groups"]
            source[entry["region"]] = entry["source"]
    persons = {
        name: {**groups.get(name, {}), REST: total - sum(groups.get(name, {}).values())}
        for name, total in whole.items()
    }
    return Employment(
        groups={name: tuple(members) for name, members in told["groups"].items()},
        persons=persons,
        source=source,
        notes=tuple(told["notes"]),
        sources=tuple(Source(**entry) for entry in told["source"]),
    )


def count_persons(employment: Employment, world: World) -> Float[np.ndarray, "region sector"]:
    """Return persons by region and sector of a world, thousands; NaN where a region is unknown."""
    made = world.value_added_share * world.sales
    persons = np.full(made.shape, np.nan)
    for region, by_group in employment.persons.items():
        if region not in world.regions:
            continue
        at = world.regions.index(region)
        left = np.ones(len(world.sectors), dtype=bool)
        for group, count in by_group.items():
            named = employment.groups.get(group)
            inside = left if named is None else np.isin(world.sectors, named)
            total = float(made[at, inside].sum())
            persons[at, inside] = count * made[at, inside] / total if total > 0 else 0.0
            left = left & ~inside
    return persons
