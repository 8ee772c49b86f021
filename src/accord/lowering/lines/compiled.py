"""What tariff lines compile to: tariffs by exporter and sector, and the world that charges them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from accord.core.arrays import Float
from accord.core.errors import InputError, Problem
from accord.core.notebook import Shown
from accord.core.provenance import Source
from accord.core.words import propose
from accord.data.lines.lines import TariffLines
from accord.data.records import Adjustment
from accord.data.world import World
from accord.lowering.lines.report import ReportRow, report_text

if TYPE_CHECKING:
    import pandas as pd

AGGREGATES = ("mean", "price_index", "import_value")
Cube = Float[np.ndarray, "importer exporter sector"]
WHAT = "mean tariff, weighted with the flows of the world"


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class CompiledTariffs(Shown):
    """Tariffs by importer, exporter and sector, made of tariff lines.

    Attributes:
        table: A row an importer, exporter and sector: imports (bn USD), the share of them that
            lines cover, the number of lines of the file that hold, and as fractions the mean rate,
            the uniform rates of the same price index and of the same import value, the standard
            deviation of rates (`dispersion`), the lowest and the highest. Without imports, means
            are plain ones.
        tariffs: For each way to aggregate, the tariffs of the whole world, `[importer, exporter,
            sector]`; those of the world given where lines say nothing.
        report: What lines cover, and what is missing.
        lines: Imports by HS6 for deals that name codes, where the lines have one importer.
        sources: Where the lines come from.
    """

    baseline: World = field(repr=False)
    table: "pd.DataFrame"
    tariffs: Mapping[str, Cube]
    report: tuple[ReportRow, ...]
    lines: TariffLines | None
    sources: tuple[Source, ...] = ()

    def __repr__(self) -> str:
        """One line: importers, cells, imports, mean rate."""
        imports = float(self.table["imports"].sum())
        duty = float((self.table["imports"] * self.table["covered"] * self.table["mean"]).sum())
        base = float((self.table["imports"] * self.table["covered"]).sum())
        mean = duty / base if base > 0 else 0.0
        names = ", ".join(dict.fromkeys(self.table["importer"])) or "nothing covered"
        return (
            f"CompiledTariffs({names}: {len(self.table):,} cells, {imports:,.4g} bn USD, "
            f"mean {100 * mean:.2f} %)"
        )

    def to_frame(self) -> "pd.DataFrame":
        """Return the table, a copy."""
        return self.table.copy()

    def summary(self) -> str:
        """Return the report as text."""
        return f"{self!r}\n{report_text(self.report)}"

    def world(self, aggregate: str = "mean", *, name: str | None = None) -> World:
        """Return the world with these tariffs; flows at customs value stay as they are.

        Where the lines have one importer, deals can name HS codes in its tariffs.

        Args:
            aggregate: mean keeps the duty collected, price_index the price index of each sector,
                import_value the imports of each sector at the prices of it.
            name: Name of the world; that of the world given and "-tariffs" if left out.

        Raises:
            InputError: There is no such aggregate, or final demand is negative under the tariffs.
        """
        if aggregate not in AGGREGATES:
            problem = Problem("aggregate", f'"{aggregate}" is not known',
                              propose(aggregate, AGGREGATES))  # fmt: skip
            raise InputError([problem], "the call")
        old = self.baseline
        tariff = self.tariffs[aggregate]
        kept = {
            item.name: getattr(old, item.name)
            for item in fields(World)
            if item.init and item.name not in {"regions", "sectors"}
        }
        kept |= {
            "tariff": tariff,
            "name": name or f"{old.name}-tariffs",
            "lines": old.lines if self.lines is None else self.lines,
            "sources": (*old.sources, *self.sources),
            "adjustments": (*old.adjustments, *_changes(old, tariff)),
            "notes": (*old.notes, f"tariffs compiled from lines, aggregated by {aggregate}"),
        }
        return World.from_arrays(old.regions, old.sectors, **kept)

    def save(self, path: Path | str, aggregate: str = "mean") -> Path:
        """Return the path after writing the world there (.npz).

        Raises:
            InputError: As `world`.
            OutputError: The file cannot be written, or its ending is another one.
        """
        return self.world(aggregate).save(path)


def _changes(world: World, tariff: Cube) -> tuple[Adjustment, ...]:
    """Return the mean tariff of every importer that it changes for, before and after."""
    weight = np.array(world.flows)
    own = np.arange(len(world.regions))
    weight[own, own] = 0.0
    weight[:, :, [at for at, name in enumerate(world.sectors) if name not in world.goods]] = 0.0
    total = np.maximum(weight.sum(axis=(1, 2)), 1e-300)
    before, after = ((weight * rates).sum(axis=(1, 2)) / total for rates in (world.tariff, tariff))
    return tuple(
        Adjustment(WHAT, region, "", float(before[n]), float(after[n]), "fraction")
        for n, region in enumerate(world.regions)
        if before[n] != after[n]
    )
