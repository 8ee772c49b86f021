"""Small frozen records that travel with a world: figures, adjustments, checks."""

from dataclasses import dataclass

from accord.core.provenance import Grade


@dataclass(frozen=True)
class MacroFigure:
    """One macroeconomic figure of one region, with its unit, date, source and trust grade."""

    region: str
    variable: str
    value: float
    unit: str
    date: str
    source: str
    grade: Grade


@dataclass(frozen=True)
class Adjustment:
    """One thing the rebasing moved: what, where, before, after, and the unit of both.

    `region` and `sector` are empty for world totals; for a bilateral flow `region` is
    "importer<exporter".
    """

    what: str
    region: str
    sector: str
    before: float
    after: float
    unit: str

    @property
    def change(self) -> float:
        """Change after over before, as a fraction; infinite where there was nothing before."""
        if self.before == 0.0:
            return 0.0 if self.after == 0.0 else float("inf")
        return self.after / self.before - 1.0


@dataclass(frozen=True)
class Check:
    """One accounting identity: largest violation found, the tolerance, and whether it holds."""

    name: str
    value: float
    tolerance: float
    ok: bool
