"""Preferences in force in 2024 that the tariff table of 2014 does not have yet.

Each row of `figures/preferences.csv` says which share of the 2014 duty of an importer on an
exporter is left in 2024, by sector, from the staging of an agreement. Rows are graded.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from accord.data.build.readers import Wiod, read_bundled
from accord.data.build.tariffs import CorrectedTariffs, mean_rates
from accord.data.labels import EU27, SECTORS

FARM = ("agriculture", "food")
INDUSTRY = tuple(name for name in SECTORS if name not in (*FARM, "services"))
SECTOR_SETS: dict[str, tuple[str, ...]] = {
    "industry": INDUSTRY,
    "industry_but_textiles": tuple(name for name in INDUSTRY if name != "textiles"),
    "industry_but_cars": tuple(name for name in INDUSTRY if name != "motor_vehicles"),
}
PREFERENCES_FILE = "preferences.csv"
WHAT = "duty rate on goods, preferences of 2024"


@dataclass(frozen=True)
class Preference:
    """What an agreement leaves of the duty of 2014: a share, by importer, exporter and sectors."""

    importer: str
    exporter: str
    sectors: tuple[str, ...]
    remaining: float
    agreement: str


def read_preferences() -> tuple[Preference, ...]:
    """Return the preferences of 2024 kept with the project."""
    rows = csv.DictReader(io.StringIO(read_bundled(PREFERENCES_FILE)))
    return tuple(
        Preference(
            importer=row["importer"],
            exporter=row["exporter"],
            sectors=tuple(s for name in row["sectors"].split() for s in _sectors_of(name)),
            remaining=float(row["remaining"]),
            agreement=row["agreement"],
        )
        for row in rows
    )


def add_preferences(
    corrected: CorrectedTariffs, wiod: Wiod, preferences: Sequence[Preference]
) -> CorrectedTariffs:
    """Return the corrected tariffs with what each agreement leaves of them in 2024 (fractions)."""
    tariff = corrected.tariff.copy()
    for row in preferences:
        sectors = [SECTORS.index(name) for name in row.sectors]
        for importer in _places(row.importer, wiod.regions):
            for exporter in _places(row.exporter, wiod.regions):
                tariff[importer, exporter, sectors] *= row.remaining
    names = ", ".join(dict.fromkeys(row.agreement for row in preferences))
    return CorrectedTariffs(
        tariff,
        (*corrected.adjustments, *mean_rates(wiod, WHAT, corrected.tariff, tariff)),
        (*corrected.notes, f"preferences in force in 2024 on the tariffs of 2014: {names}"),
    )


def _sectors_of(name: str) -> tuple[str, ...]:
    return SECTOR_SETS.get(name, (name,))


def _places(name: str, regions: Sequence[str]) -> np.ndarray:
    names = EU27 if name == "EU" else (name,)
    return np.array([regions.index(region) for region in names if region in regions], dtype=int)
