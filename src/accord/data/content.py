"""The content of a world (arrays, names, lines, sources) and the totals that follow from it."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property
from types import MappingProxyType
from typing import Any

import numpy as np

from accord.core.arrays import Float
from accord.core.errors import InputError
from accord.core.provenance import Source
from accord.data.accounts import (
    build_absorption,
    build_final_demand,
    build_sales,
    check_accounts,
)
from accord.data.lines.lines import TariffLines, freeze
from accord.data.records import Adjustment, Check, MacroFigure
from accord.data.validate import check_known

SERVICES = "services"
DEFAULT_ELASTICITIES = "default"
MAPPINGS = ("region_names", "sector_names", "sector_groups", "elasticities")
ARRAYS = (
    "flows",
    "tariff",
    "value_added_share",
    "input_share",
    "elasticity",
    "scale_elasticity",
)


@dataclass(frozen=True, eq=False, kw_only=True)
class WorldContent:
    """What a `World` holds; see there."""

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
    services: tuple[str, ...] | None = None
    sector_groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sha256: str = field(default="", init=False, repr=False)

    def __post_init__(self) -> None:
        """Freeze the arrays and mappings, and compute the digest.

        It is computed for every world, so that one made of another by `replace` has its own.
        """
        for name in ARRAYS:
            object.__setattr__(self, name, freeze(getattr(self, name), np.float64))
        frozen = {key: freeze(value, np.float64) for key, value in self.elasticities.items()}
        object.__setattr__(self, "elasticities", MappingProxyType(frozen))
        groups = {key: tuple(names) for key, names in self.sector_groups.items()}
        object.__setattr__(self, "sector_groups", MappingProxyType(groups))
        for name in ("region_names", "sector_names"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))
        if self.services is None:
            object.__setattr__(self, "services", usual_services(self.sectors))
        object.__setattr__(self, "sha256", self._digest())

    def __eq__(self, other: object) -> bool:
        """Whether both worlds hold the same labels, arrays and lines."""
        return isinstance(other, WorldContent) and self.sha256 == other.sha256

    def __hash__(self) -> int:
        """Hash of the content."""
        return hash(self.sha256)

    def __reduce__(self) -> tuple[Any, ...]:
        """Make copies and pickles work: the read-only mappings travel as plain ones."""
        state = {item.name: getattr(self, item.name) for item in fields(self) if item.init}
        plain = {key: dict(state[key]) for key in MAPPINGS}
        return _build_again, (type(self), state | plain)

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

    def sectors_named(self, name: str) -> tuple[str, ...]:
        """Return the sectors that a name stands for: itself, the members of a group, or none."""
        return (name,) if name in self.sectors else self.sector_groups.get(name, ())

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

    @property
    def goods(self) -> tuple[str, ...]:
        """Sectors that cross a border at customs: all but `services`."""
        return tuple(name for name in self.sectors if name not in (self.services or ()))

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
        if self.services != usual_services(self.sectors):
            digest.update("\n".join(("services", *(self.services or ()))).encode())
        for name, members in sorted(self.sector_groups.items()):
            digest.update("\n".join(("group", name, *members)).encode())
        return digest.hexdigest()


def usual_services(sectors: Sequence[str]) -> tuple[str, ...]:
    """Return the sectors that cross no customs post where a world does not say: by their label."""
    return tuple(name for name in sectors if name.casefold() == SERVICES)


def _build_again(kind: type[WorldContent], state: dict[str, Any]) -> WorldContent:
    return kind(**state)
