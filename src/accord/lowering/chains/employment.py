"""Employed persons by region and sector, as far as they are known, with their sources."""

import csv
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import NamedTuple

import numpy as np

from accord.core.arrays import Float
from accord.core.provenance import Grade, Source
from accord.data.world import World

NAME = "employment"
REST = "rest"
SPREAD: Grade = "U"
"""Grade of the persons of one sector: a group's are spread over its sectors by value added."""
BEST: Grade = "C"
"""Best grade of a group's: what moves within it follows value added as well."""


class Persons(NamedTuple):
    """Persons of one group of a region.

    Attributes:
        thousand: How many, thousands.
        year: The year that they were counted in.
        source: Identifier of the source.
    """

    thousand: float
    year: int
    source: str


@dataclass(frozen=True, eq=False)
class Employment:
    """Persons by region and group of sectors.

    Attributes:
        groups: Sectors of each group; what is in none of a region's groups is the rest.
        persons: Persons by region and group.
        notes: What to know of the figures.
        sources: The sources.
    """

    groups: Mapping[str, tuple[str, ...]]
    persons: Mapping[str, Mapping[str, Persons]]
    notes: tuple[str, ...]
    sources: tuple[Source, ...]

    def grade(self, region: str, sector: str | None = None) -> str:
        """Return how far persons can be trusted; nothing where a region has none.

        Args:
            region: The region.
            sector: One sector; all manufacturing of the region if left out.
        """
        if region not in self.persons:
            return ""
        if sector is not None:
            return SPREAD
        made = set(self.groups["manufacturing"])
        grades = {source.id: source.grade for source in self.sources}
        return max(
            max(grades[persons.source], BEST)
            for group, persons in self.persons[region].items()
            if made.issuperset(self.groups.get(group, (REST,)))
        )


@cache
def load_employment() -> Employment:
    """Return the embedded figures."""
    folder = resources.files("accord.data") / "embedded"
    told = tomllib.loads((folder / f"{NAME}.toml").read_text("utf-8"))
    persons: dict[str, dict[str, Persons]] = {}
    for row in csv.DictReader((folder / f"{NAME}.csv").read_text("utf-8").splitlines()):
        counted = Persons(float(row["thousand"]), int(row["year"]), row["source"])
        persons.setdefault(row["region"], {})[row["group"]] = counted
    return Employment(
        groups={name: tuple(members) for name, members in told["groups"].items()},
        persons=persons,
        notes=tuple(told["notes"]),
        sources=tuple(Source(**entry) for entry in told["source"]),
    )


def count_persons(employment: Employment, world: World) -> Float[np.ndarray, "region sector"]:
    """Return persons by region and sector of a world, thousands; NaN where a region is unknown.

    Persons of a group follow value added. A group of which a world has no sector is in the rest.
    """
    made = world.value_added_share * world.sales
    persons = np.full(made.shape, np.nan)
    for region, by_group in employment.persons.items():
        if region not in world.regions:
            continue
        at = world.regions.index(region)
        rest, others = np.ones(len(world.sectors), dtype=bool), 0.0
        for group, counted in by_group.items():
            inside = np.isin(world.sectors, employment.groups.get(group, ()))
            total = float(made[at, inside].sum())
            if total > 0:
                persons[at, inside] = counted.thousand * made[at, inside] / total
                rest &= ~inside
            else:
                others += counted.thousand
        total = float(made[at, rest].sum())
        persons[at, rest] = others * made[at, rest] / total if total > 0 else 0.0
    return persons
