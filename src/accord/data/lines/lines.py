"""Import lines of one country: the rows that a product-level tariff clause acts on."""

import hashlib
from dataclasses import dataclass

import numpy as np

from accord.core.arrays import Float, Int

GROUPS: tuple[str, ...] = (
    "general",
    "annex2_2025_04",
    "electronics_2025_04",
    "annex2_2025_11",
    "vehicles_232",
    "auto_parts_232",
    "steel_232",
    "aluminium_232",
    "copper_232",
    "special_provisions",
)

GROUP_MEANING: dict[str, str] = {
    "general": "in no list: pays the country rate",
    "annex2_2025_04": "exempt from the country rate since 5 April 2025 (annex II)",
    "electronics_2025_04": "exempt from the country rate since 11 April 2025 (electronics)",
    "annex2_2025_11": "exempt from the country rate since 14 November 2025",
    "vehicles_232": "cars and light trucks under section 232",
    "auto_parts_232": "car parts under section 232",
    "steel_232": "steel and steel products under section 232",
    "aluminium_232": "aluminium and aluminium products under section 232",
    "copper_232": "copper products under section 232",
    "special_provisions": "chapters 98 and 99: returned goods, repairs, low-value parcels",
}


def freeze(array: np.ndarray, kind: np.dtype | type) -> np.ndarray:
    """Return a read-only copy of `array` in the given kind, laid out row by row."""
    copy = np.array(array, dtype=kind, order="C")
    copy.flags.writeable = False
    return copy


@dataclass(frozen=True, eq=False)
class TariffLines:
    """Imports and duty of one importer by exporter, HS6 and measure group, in bn USD.

    `exporter` and `sector` index into the regions and sectors of the world that holds the lines,
    `group` into `groups`. `mfn` is the most-favoured-nation rate (fraction), NaN where unknown.
    """

    importer: str
    exporter: Int[np.ndarray, " line"]
    hs6: Int[np.ndarray, " line"]
    sector: Int[np.ndarray, " line"]
    group: Int[np.ndarray, " line"]
    imports: Float[np.ndarray, " line"]
    duty: Float[np.ndarray, " line"]
    mfn: Float[np.ndarray, " line"]
    groups: tuple[str, ...] = GROUPS

    def __post_init__(self) -> None:
        """Freeze the columns in their narrow kinds."""
        kinds = {
            "exporter": np.int16,
            "hs6": np.int32,
            "sector": np.int16,
            "group": np.int16,
            "imports": np.float64,
            "duty": np.float64,
            "mfn": np.float64,
        }
        for name, kind in kinds.items():
            object.__setattr__(self, name, freeze(getattr(self, name), kind))

    def __len__(self) -> int:
        """Number of lines."""
        return int(self.imports.size)

    def __eq__(self, other: object) -> bool:
        """Whether both hold the same lines, byte for byte."""
        return isinstance(other, TariffLines) and self.sha256 == other.sha256

    def __hash__(self) -> int:
        """Hash of the content."""
        return hash(self.sha256)

    def __repr__(self) -> str:
        """Short description."""
        return (
            f"TariffLines({self.importer}: {len(self):,} lines, "
            f"{self.imports.sum():,.1f} bn USD, duty {self.duty.sum():,.2f} bn USD)"
        )

    @property
    def sha256(self) -> str:
        """Digest of the content."""
        digest = hashlib.sha256("\n".join((self.importer, *self.groups)).encode())
        for column in self.columns().values():
            digest.update(column.tobytes())
        return digest.hexdigest()

    def columns(self) -> dict[str, np.ndarray]:
        """Return the columns by name."""
        names = ("exporter", "hs6", "sector", "group", "imports", "duty", "mfn")
        return {name: getattr(self, name) for name in names}

    def group_index(self, name: str) -> int:
        """Return the position of a measure group; KeyError when there is none of that name."""
        try:
            return self.groups.index(name)
        except ValueError as error:
            raise KeyError(name) from error

    def by_cell(
        self, region_count: int, sector_count: int
    ) -> tuple[Float[np.ndarray, "exporter sector"], Float[np.ndarray, "exporter sector"]]:
        """Return imports and duty summed by exporter and sector, bn USD."""
        cell = self.exporter.astype(np.int64) * sector_count + self.sector
        size = region_count * sector_count
        shape = (region_count, sector_count)
        imports = np.bincount(cell, weights=self.imports, minlength=size).reshape(shape)
        duty = np.bincount(cell, weights=self.duty, minlength=size).reshape(shape)
        return imports, duty

    def relabel(
        self,
        importer: str,
        region_of: Int[np.ndarray, " region"],
        sector_of: Int[np.ndarray, " sector"],
    ) -> "TariffLines":
        """Return the lines on new axes, rows that fall together added up (bn USD preserved).

        `region_of` and `sector_of` give the new position of each old region and sector.
        """
        exporter = np.asarray(region_of)[self.exporter].astype(np.int64)
        sector = np.asarray(sector_of)[self.sector].astype(np.int64)
        key = ((exporter * 1_000_000 + self.hs6) * 1_000 + sector) * 100 + self.group
        unique, first, back = np.unique(key, return_index=True, return_inverse=True)
        size = unique.size
        imports = np.bincount(back, weights=self.imports, minlength=size)
        known = ~np.isnan(self.mfn)
        weight = np.where(known, self.imports, 0.0)
        rate = np.where(known, self.mfn, 0.0)
        covered = np.bincount(back, weights=weight, minlength=size)
        paid = np.bincount(back, weights=weight * rate, minlength=size)
        mfn = np.divide(paid, covered, out=np.full(size, np.nan), where=covered > 0)
        return TariffLines(
            importer=importer,
            exporter=exporter[first],
            hs6=self.hs6[first],
            sector=sector[first],
            group=self.group[first],
            imports=imports,
            duty=np.bincount(back, weights=self.duty, minlength=size),
            mfn=mfn,
            groups=self.groups,
        )
