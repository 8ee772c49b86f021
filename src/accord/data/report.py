"""A report of a world as plain rows: dimensions, sources, checks, adjustments."""

from dataclasses import dataclass

from accord.core.provenance import Source
from accord.data.content import WorldContent
from accord.data.lines.lines import GROUP_MEANING
from accord.data.records import Adjustment, Check


@dataclass(frozen=True)
class Dimension:
    """One quantity that describes a world: what, how much, its unit."""

    what: str
    value: float
    unit: str

    @property
    def shown(self) -> str:
        """The value with its unit, as printed."""
        digits = 0 if self.unit in ("", "year") or float(self.value).is_integer() else 1
        grouped = f"{self.value:.0f}" if self.unit == "year" else f"{self.value:,.{digits}f}"
        return f"{grouped} {self.unit}".strip() if self.unit != "year" else grouped


@dataclass(frozen=True)
class Label:
    """An identifier that a deal file may name, and what it stands for."""

    id: str
    name: str


@dataclass(frozen=True)
class WorldReport:
    """A world described: dimensions, labels, sources, identities, what rebasing moved, notes."""

    name: str
    sha256: str
    dimensions: tuple[Dimension, ...]
    regions: tuple[Label, ...]
    sectors: tuple[Label, ...]
    groups: tuple[Label, ...]
    sources: tuple[Source, ...]
    checks: tuple[Check, ...]
    adjustments: tuple[Adjustment, ...]
    notes: tuple[str, ...]

    def largest(self, what: str, count: int = 10) -> tuple[Adjustment, ...]:
        """Return the adjustments of one kind that moved most, in their own unit."""
        rows = [row for row in self.adjustments if row.what == what]
        rows.sort(key=lambda row: -abs(row.after - row.before))
        return tuple(rows[:count])

    def kinds(self) -> tuple[str, ...]:
        """Return the kinds of adjustment, in the order they were made."""
        return tuple(dict.fromkeys(row.what for row in self.adjustments))

    def text(self) -> str:
        """Return the report as plain lines."""
        lines = [f"{self.name}  sha256 {self.sha256[:16]}"]
        lines += [f"  {row.what}: {row.shown}" for row in self.dimensions]
        lines.append("Checks")
        lines += [
            f"  {'ok  ' if row.ok else 'FAIL'} {row.name}: {row.value:.1e} "
            f"(tolerance {row.tolerance:.0e})"
            for row in self.checks
        ]
        lines.append("Sources")
        lines += [
            f"  [{source.grade}] {source.title} ({source.date}; {source.licence})"
            for source in self.sources
        ]
        return "\n".join(lines)


def world_report(world: WorldContent) -> WorldReport:
    """Return a description of the world as rows that a program can print (bn USD)."""
    diagonal = sum(world.flows[place, place].sum() for place in range(len(world.regions)))
    trade = float(world.flows.sum() - diagonal)
    duty = float(world.duty.sum())
    rows = [
        Dimension("regions", float(len(world.regions)), ""),
        Dimension("sectors", float(len(world.sectors)), ""),
        Dimension("base year", float(world.base_year), "year"),
        Dimension("price year", float(world.price_year), "year"),
        Dimension("world value added", float(world.value_added.sum()), "bn USD"),
        Dimension("world trade at customs value", trade, "bn USD"),
        Dimension("duty collected", duty, "bn USD"),
    ]
    groups = world.lines.groups if world.lines is not None else ()
    if world.lines is not None:
        rows.append(
            Dimension(f"import lines of {world.lines.importer}", float(len(world.lines)), "")
        )
        rows.append(Dimension("imports they cover", float(world.lines.imports.sum()), "bn USD"))
    return WorldReport(
        name=world.name,
        sha256=world.sha256,
        dimensions=tuple(rows),
        regions=tuple(
            Label(region, world.region_names.get(region, region)) for region in world.regions
        ),
        sectors=tuple(
            Label(sector, world.sector_names.get(sector, sector)) for sector in world.sectors
        ),
        groups=tuple(Label(group, GROUP_MEANING.get(group, group)) for group in groups),
        sources=world.sources,
        checks=world.checks(),
        adjustments=world.adjustments,
        notes=world.notes,
    )
