"""Tariffs of 81 regions by 50 industries: duty paid for the United States, else those of 2014.

The table of 2014 has 43 economies. What it knows of its rest of the world stands for each of the 37
economies that were in it, as buyers and as sellers. Agreements in force in 2024 are then applied.
"""

import csv
import io
from collections.abc import Sequence

import numpy as np

from accord.core.arrays import Float
from accord.data.build.preferences import SECTOR_SETS
from accord.data.build.readers import Wiod, read_bundled
from accord.data.build.wide.bridge import sector_of_industries
from accord.data.industries import INDUSTRIES, SERVICE_INDUSTRIES
from accord.data.labels import EU27, SECTORS

Cube = Float[np.ndarray, "importer exporter industry"]
BySector = Float[np.ndarray, "older older sector"]

PREFERENCES_FILE = "preferences_80.csv"
REGION_SETS: dict[str, tuple[str, ...]] = {
    "EU": EU27,
    "ASEAN": ("BRN", "KHM", "IDN", "LAO", "MYS", "MMR", "PHL", "SGP", "THA", "VNM"),
    "MERCOSUR": ("ARG", "BRA"),
    "EAEU": ("RUS", "BLR", "KAZ"),
    "GCC": ("ARE", "SAU"),
    "CER": ("AUS", "NZL"),
    "PACIFIC": ("CHL", "COL", "MEX", "PER"),
    "MED": ("EGY", "ISR", "JOR", "MAR", "TUN"),
    "ANDES": ("CHL", "COL", "CRI", "PER"),
}
EVERYBODY = "all"


def build_tariffs(corrected: BySector, wiod: Wiod, regions: Sequence[str]) -> Cube:
    """Return tariffs by importer, exporter and industry (fractions), the US ones still of 2014.

    Args:
        corrected: Tariffs of 44 regions by 20 sectors, with the preferences of 2024.
        wiod: The table of 2014.
        regions: The 81 regions.
    """
    last = len(wiod.regions) - 1
    table = corrected.copy()
    table[last, last] = _mean_of_rest(corrected, wiod)
    older = {region: place for place, region in enumerate(wiod.regions)}
    place = np.array([older.get(region, last) for region in regions])
    tariff = table[np.ix_(place, place)][:, :, sector_of_industries()]
    tariff[:, :, [INDUSTRIES.index(name) for name in SERVICE_INDUSTRIES]] = 0.0
    for row in csv.DictReader(io.StringIO(read_bundled(PREFERENCES_FILE))):
        industries = _industries(row["sectors"])
        buyers, sellers = (_places(row[side], regions) for side in ("importer", "exporter"))
        tariff[np.ix_(buyers, sellers, industries)] *= float(row["remaining"])
    own = np.arange(len(regions))
    tariff[own, own] = 0.0
    return np.asarray(tariff)


def agreements() -> tuple[str, ...]:
    """Return the names of the agreements applied."""
    rows = csv.DictReader(io.StringIO(read_bundled(PREFERENCES_FILE)))
    return tuple(dict.fromkeys(row["agreement"] for row in rows))


def _mean_of_rest(corrected: BySector, wiod: Wiod) -> Float[np.ndarray, " sector"]:
    """Return what the old rest of the world charges the 43, by sector, weighted by its imports."""
    weight = wiod.flows[-1, :-1]
    total = weight.sum(axis=0)
    paid = (weight * corrected[-1, :-1]).sum(axis=0)
    return np.asarray(np.divide(paid, total, out=np.zeros_like(total), where=total > 0))


def _industries(text: str) -> np.ndarray:
    names = {sector for word in text.split() for sector in SECTOR_SETS.get(word, (word,))}
    wanted = [place for place, sector in enumerate(SECTORS) if sector in names]
    return np.flatnonzero(np.isin(sector_of_industries(), wanted))


def _places(name: str, regions: Sequence[str]) -> np.ndarray:
    if name == EVERYBODY:
        return np.arange(len(regions))
    members = REGION_SETS.get(name, (name,))
    return np.array([place for place, region in enumerate(regions) if region in members])
