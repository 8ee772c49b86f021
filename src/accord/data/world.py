"""The world a deal is priced in: flows, tariffs, technology, elasticities, with their sources."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
from jaxtyping import Float

from accord.core.errors import InputError, Problem
from accord.core.provenance import Source
from accord.data.accounts import (
    build_absorption,
    build_final_demand,
    build_sales,
    check_accounts,
)
from accord.data.lines import TariffLines, freeze
from accord.data.records import Adjustment, Check, MacroFigure
from accord.data.validate import check_elasticities, check_known, check_world_arrays

if TYPE_CHECKING:
    import xarray

DEFAULT_ELASTICITIES = "default"


@dataclass(frozen=True, eq=False, kw_only=True)
class World:
    """A frozen, labelled world. Money is bn USD a year; rates are fractions of customs value.

    `flows` are sales at customs value before duty, `flows[n, n, j]` being domestic sales.
    Two worlds are equal when their `sha256` is: names, arrays and lines, not the display names.
    Make one with `World.from_arrays`, which checks everything, or `load_world`.
    """

    name: str
    regions: tuple[str, ...]
    sectors: tuple[str, ...]
    region_names: Mapping[str, str]
    sector_names: Mapping[str, str]
    flows: Float[np.ndarray, "importer exporter sector"]
    tariff: Float[np.ndarray, "importer exporter sector"]
    value_added_share: Float[np.ndarray, "region sector"]
    input_share: Float[np.ndarray, "region input sector"]
    elasticity: Float[np.ndarray, " sector"]
    elasticities: Mapping[str, Float[np.ndarray, " sector"]]
    scale_elasticity: Float[np.ndarray, " sector"]
    base_year: int
    price_year: int
    macro: tuple[MacroFigure, ...] = ()
    lines: TariffLines | None = None
    sources: tuple[Source, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    notes: tuple[str, ...] = ()
    sha256: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        """Freeze the arrays and mappings, and compute the digest where none is given."""
        for name in ARRAYS:
            object.__setattr__(self, name, freeze(getattr(self, name), np.float64))
        frozen = {key: freeze(value, np.float64) for key, value in self.elasticities.items()}
        object.__setattr__(self, "elasticities", MappingProxyType(frozen))
        for name in ("region_names", "sector_names"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))
        if not self.sha256:
            object.__setattr__(self, "sha256", self._digest())

    @classmethod
    def from_arrays(
        cls,
        regions: Sequence[str],
        sectors: Sequence[str],
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
            value_added_share: `[region, sector]`; with the inputs it adds to 1.
            input_share: `[region, input, sector]`, cost share of each input.
            elasticity: Trade elasticity by sector, positive.
            **details: Any other field of `World`: name, base_year, elasticities, sources, ...

        Raises:
            InputError: Something is wrong; every problem is listed with its remedy.
        """
        regions, sectors = tuple(regions), tuple(sectors)
        theta = np.asarray(elasticity, dtype=np.float64)
        details["elasticities"] = _named_sets(details.get("elasticities", {}), theta)
        details.setdefault("scale_elasticity", np.zeros(len(sectors)))
        details.setdefault("region_names", {region: region for region in regions})
        details.setdefault("sector_names", {sector: sector for sector in sectors})
        details.setdefault("name", "custom")
        details.setdefault("base_year", 0)
        details.setdefault("price_year", details["base_year"])
        arrays = {
            "flows": np.asarray(flows, dtype=np.float64),
            "tariff": np.asarray(tariff, dtype=np.float64),
            "value_added_share": np.asarray(value_added_share, dtype=np.float64),
            "input_share": np.asarray(input_share, dtype=np.float64),
            "scale_elasticity": np.asarray(details.pop("scale_elasticity"), dtype=np.float64),
        }
        problems = check_world_arrays(arrays, regions, sectors)
        problems += check_elasticities("elasticity", theta, sectors)
        for key, values in details["elasticities"].items():
            problems += check_elasticities(f"elasticities.{key}", np.asarray(values), sectors)
        unknown = [key for key in details if key not in cls.__dataclass_fields__]
        problems += check_known("details", unknown, tuple(cls.__dataclass_fields__))
        if problems:
            raise InputError(problems, "the arrays of a world")
        details |= arrays
        world = cls(regions=regions, sectors=sectors, elasticity=theta, **details)
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

    def __eq__(self, other: object) -> bool:
        """Whether both worlds hold the same labels, arrays and lines."""
        return isinstance(other, World) and self.sha256 == other.sha256

    def __hash__(self) -> int:
        """Hash of the content."""
        return hash(self.sha256)

    def __repr__(self) -> str:
        """One line: name, dimensions, years, digest."""
        lines = f", {len(self.lines):,} import lines" if self.lines is not None else ""
        return (
            f"World({self.name!r}: {len(self.regions)} regions × {len(self.sectors)} sectors, "
            f"base {self.base_year}, prices of {self.price_year}{lines}, "
            f"sha256 {self.sha256[:12]})"
        )

    def __reduce__(self) -> tuple[Any, ...]:
        """Make copies and pickles work: the read-only mappings travel as plain ones."""
        state = {item.name: getattr(self, item.name) for item in fields(self)}
        plain = {key: dict(state[key]) for key in ("region_names", "sector_names", "elasticities")}
        return _build_again, (state | plain,)

    def region_index(self, region: str) -> int:
        """Return the position of a region.

        Raises:
            InputError: There is no region of that identifier; the message suggests one.
        """
        return self._position("region", region, self.regions)

    def sector_index(self, sector: str) -> int:
        """Return the position of a sector.

        Raises:
            InputError: There is no sector of that identifier; the message suggests one.
        """
        return self._position("sector", sector, self.sectors)

    @property
    def default_elasticities(self) -> str:
        """Name of the set of trade elasticities that `elasticity` holds."""
        names = (
            name
            for name, values in self.elasticities.items()
            if np.array_equal(values, self.elasticity)
        )
        return next(names, next(iter(self.elasticities), DEFAULT_ELASTICITIES))

    @cached_property
    def sales(self) -> Float[np.ndarray, "region sector"]:
        """Sales of every region and sector to all markets, before duty, bn USD."""
        return build_sales(self.flows)

    @cached_property
    def absorption(self) -> Float[np.ndarray, "region sector"]:
        """Spending of every region on every sector, duty included, bn USD."""
        return build_absorption(self.flows, self.tariff)

    @property
    def value_added(self) -> Float[np.ndarray, " region"]:
        """Value added of every region, bn USD."""
        total: Float[np.ndarray, " region"] = (self.value_added_share * self.sales).sum(axis=1)
        return total

    @property
    def duty(self) -> Float[np.ndarray, " importer"]:
        """Duty collected by every region, bn USD."""
        total: Float[np.ndarray, " importer"] = (self.flows * self.tariff).sum(axis=(1, 2))
        return total

    @property
    def deficit(self) -> Float[np.ndarray, " region"]:
        """Trade deficit of every region, imports less exports before duty, bn USD."""
        total: Float[np.ndarray, " region"] = self.flows.sum(axis=(1, 2)) - self.flows.sum(
            axis=(0, 2)
        )
        return total

    def final_demand(self) -> Float[np.ndarray, "region sector"]:
        """Return final demand at purchaser prices (duty included), bn USD."""
        return build_final_demand(self.absorption, self.input_share, self.sales)

    def checks(self) -> tuple[Check, ...]:
        """Return the accounting identities, each with its largest violation and tolerance."""
        return check_accounts(
            flows=self.flows,
            tariff=self.tariff,
            beta=self.value_added_share,
            gamma=self.input_share,
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
        from accord.data.aggregate import aggregate_world

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

    def to_dataset(self) -> "xarray.Dataset":
        """Return the world as an xarray Dataset, labelled, with units in the attributes."""
        from accord.data.dataset import build_dataset

        return build_dataset(self)

    def summary(self) -> str:
        """Return a few lines of text: dimensions, totals, checks and sources."""
        from accord.data.report import world_report

        return world_report(self).text()

    def _position(self, kind: str, label: str, options: tuple[str, ...]) -> int:
        if label not in options:
            raise InputError(check_known(kind, [label], options), f"a {kind} identifier")
        return options.index(label)

    def _digest(self) -> str:
        labels = (self.name, str(self.base_year), str(self.price_year))
        digest = hashlib.sha256("\n".join((*labels, *self.regions, *self.sectors)).encode())
        for name in ARRAYS:
            digest.update(getattr(self, name).tobytes())
        for key in sorted(self.elasticities):
            digest.update(key.encode() + self.elasticities[key].tobytes())
        if self.lines is not None:
            digest.update(self.lines.sha256.encode())
        return digest.hexdigest()


def _named_sets(sets: Mapping[str, Any], default: np.ndarray) -> dict[str, Any]:
    """Return the named sets of elasticities, the default one among them."""
    if any(
        np.array_equal(np.asarray(values, dtype=np.float64), default) for values in sets.values()
    ):
        return dict(sets)
    return {DEFAULT_ELASTICITIES: default, **sets}


def _build_again(state: dict[str, Any]) -> World:
    return World(**state)


ARRAYS = (
    "flows",
    "tariff",
    "value_added_share",
    "input_share",
    "elasticity",
    "scale_elasticity",
)
