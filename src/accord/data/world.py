"""The world a deal is priced in: flows, tariffs, technology, elasticities, with their sources."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from accord.core.boundary.conversion import read_labels
from accord.core.boundary.economy import check_flows, complete_inputs, read_economy
from accord.core.errors import InputError, Problem
from accord.core.notebook import Shown
from accord.data.aggregate import aggregate_world
from accord.data.content import DEFAULT_ELASTICITIES, WorldContent
from accord.data.files.dataset import build_dataset
from accord.data.files.saving import save_world
from accord.data.report import world_report
from accord.data.validate import check_known

if TYPE_CHECKING:
    import xarray

ROUNDING = 1e-12  # shares that add up to one within this are left as they are


@dataclass(frozen=True, eq=False, kw_only=True)
class World(WorldContent, Shown):
    """A frozen, labelled world. Money is bn USD a year; rates are fractions of customs value.

    `flows` are sales at customs value before duty, `flows[n, n, j]` being domestic sales.
    Two worlds are equal when their `sha256` is: names, arrays and lines, not the display names.
    Make one with `World.from_arrays`, which checks everything, or `load_world`.
    """

    @classmethod
    def from_arrays(
        cls,
        regions: Any,
        sectors: Any,
        *,
        flows: Any,
        tariff: Any,
        value_added_share: Any,
        input_share: Any,
        elasticity: Any,
        **details: Any,
    ) -> "World":
        """Return a checked world from arrays of your own (bn USD a year; rates as fractions).

        Args:
            regions: Identifiers, unique, in the order of the importer and exporter axes.
            sectors: Identifiers, unique, in the order of the sector axes.
            flows: Customs values, `[importer, exporter, sector]`, domestic sales on the diagonal.
            tariff: Duty as a fraction of customs value, same axes.
            value_added_share: `[region, sector]`; with the inputs it adds to 1. Shares that a file
                printed with six digits will do: inputs are scaled so that the sum is exact.
            input_share: `[region, input, sector]`, cost share of each input.
            elasticity: Trade elasticity by sector, positive.
            **details: Any other field of `World`: name, base_year, elasticities, sources, ...
                `services` names the sectors that cross no customs post, so that a tariff on all
                goods leaves them out; a sector called "services" if not given.

        Raises:
            InputError: Something is wrong; every problem is listed with its remedy.
        """
        problems: list[Problem] = []
        regions = read_labels("regions", regions, problems)
        sectors = read_labels("sectors", sectors, problems)
        given = {
            "flows": flows, "tariff": tariff, "value_added_share": value_added_share,
            "input_share": input_share, "elasticity": elasticity,
            "scale_elasticity": details.pop("scale_elasticity", np.zeros(len(sectors))),
        }  # fmt: skip
        sets = details.pop("elasticities", {})
        if not isinstance(sets, Mapping):
            problems.append(Problem("elasticities", "is no table", "Give {name: one a sector}"))
            sets = {}
        given |= {f"elasticities.{name}": values for name, values in sets.items()}
        arrays = read_economy(given, regions, sectors, problems)
        unknown = [key for key in details if key not in cls.__dataclass_fields__]
        problems += check_known("services", list(details.get("services") or ()), sectors)
        problems += check_known("details", unknown, tuple(cls.__dataclass_fields__))
        if not problems:
            problems += check_flows(arrays, regions, sectors)
        if problems:
            raise InputError(problems, "the arrays of a world")
        named = {name: arrays.pop(f"elasticities.{name}") for name in sets}
        details["elasticities"] = _named_sets(named, arrays["elasticity"])
        details.setdefault("region_names", {region: region for region in regions})
        details.setdefault("sector_names", {sector: sector for sector in sectors})
        details.setdefault("name", "custom")
        details.setdefault("base_year", 0)
        details.setdefault("price_year", details["base_year"])
        beta, gamma = arrays["value_added_share"], arrays["input_share"]
        if np.abs(beta + gamma.sum(axis=1) - 1.0).max() > ROUNDING:
            arrays["input_share"] = complete_inputs(beta, gamma)
        details |= arrays
        world = cls(regions=regions, sectors=sectors, **details)
        failed = [check for check in world.checks() if not check.ok]
        if failed:
            raise InputError(
                [
                    Problem(
                        check.name,
                        f"off by {check.value:.3g}, tolerance {check.tolerance:.3g}",
                        "Balance the flows first: sales must cover every input bought",
                    )
                    for check in failed
                ],
                "the accounts of a world",
            )
        return world

    def __repr__(self) -> str:
        """One line: name, dimensions, years, digest."""
        lines = f", {len(self.lines):,} import lines" if self.lines is not None else ""
        return (
            f"World({self.name!r}: {len(self.regions)} regions × {len(self.sectors)} sectors, "
            f"base {self.base_year}, prices of {self.price_year}{lines}, "
            f"sha256 {self.sha256[:12]})"
        )

    def aggregate(
        self,
        regions: Mapping[str, Sequence[str]] | None = None,
        sectors: Mapping[str, Sequence[str]] | None = None,
        *,
        name: str | None = None,
    ) -> "World":
        """Return this world with regions and sectors merged; what is not named is kept.

        Duty, sales, value added, final demand and the sum of deficits are preserved: tariffs are
        averaged with trade weights (plainly where nothing is traded), shares and elasticities with
        sales weights. Where merged regions had tariffs between them, the duty stays as a rate on
        the merged region's own sales.

        Args:
            regions: New identifier to the old ones it stands for, such as `{"EU": ["DEU", ...]}`.
            sectors: The same for sectors.
            name: Name of the new world.

        Raises:
            InputError: An unknown identifier, one used twice, or a new one already taken.
        """
        return aggregate_world(self, regions or {}, sectors or {}, name)

    def with_names(
        self,
        regions: Mapping[str, str] | None = None,
        sectors: Mapping[str, str] | None = None,
    ) -> "World":
        """Return this world with other display names; the content and its digest stay the same.

        Raises:
            InputError: An identifier is unknown.
        """
        problems = check_known("regions", list(regions or {}), self.regions)
        problems += check_known("sectors", list(sectors or {}), self.sectors)
        if problems:
            raise InputError(problems, "the display names")
        return replace(
            self,
            region_names={**self.region_names, **(regions or {})},
            sector_names={**self.sector_names, **(sectors or {})},
        )

    def with_elasticities(self, elasticities: Any, *, name: str = "changed") -> "World":
        """Return this world with other trade elasticities; its digest differs if they do.

        Args:
            elasticities: Name of a set of this world, or `{sector: elasticity}` for the sectors
                that change, or one positive number a sector.
            name: Name of the new set, where numbers are given.

        Raises:
            InputError: A set or a sector is unknown, or a number is not positive.
        """
        if isinstance(elasticities, str):
            problems = check_known("elasticities", [elasticities], tuple(self.elasticities))
            if problems:
                raise InputError(problems, "the elasticities")
            return replace(self, elasticity=self.elasticities[elasticities])
        problems = []
        values = elasticities
        if isinstance(elasticities, Mapping):
            problems += check_known(
                "elasticities", [str(key) for key in elasticities], self.sectors
            )
            values = [
                elasticities.get(sector, old)
                for sector, old in zip(self.sectors, self.elasticity, strict=True)
            ]
        given = {"elasticity": values}
        arrays = read_economy(given, self.regions, self.sectors, problems)
        if problems:
            raise InputError(problems, "the elasticities")
        theta = arrays["elasticity"]
        sets = {name: theta, **{key: old for key, old in self.elasticities.items() if key != name}}
        return replace(self, elasticity=theta, elasticities=sets)

    def to_dataset(self) -> "xarray.Dataset":
        """Return the world as an xarray Dataset, labelled, with units in the attributes."""
        return build_dataset(self)

    def save(self, path: Path | str) -> Path:
        """Return the path after writing the whole world there (.npz); `accord --world` reads it.

        Raises:
            OutputError: The file cannot be written, or its ending is another one.
        """
        return save_world(self, path)

    def summary(self) -> str:
        """Return a few lines of text: dimensions, totals, checks and sources."""
        return world_report(self).text()


def _named_sets(sets: Mapping[str, np.ndarray], default: np.ndarray) -> dict[str, np.ndarray]:
    """Return the named sets of elasticities, the default one among them."""
    if any(np.array_equal(values, default) for values in sets.values()):
        return dict(sets)
    return {DEFAULT_ELASTICITIES: default, **sets}
