"""Trade elasticities of the 50 industries, in the same four sets as those of the older world."""

from pathlib import Path

import numpy as np

from accord.core.arrays import Float
from accord.data.build import readers
from accord.data.build.elasticities import (
    DEFAULT_SET,
    SERVICES_THETA,
    build_elasticities,
    build_scale_elasticities,
)
from accord.data.build.wide.bridge import find_industry, sector_of_industries
from accord.data.industries import INDUSTRIES, SERVICE_INDUSTRIES
from accord.data.labels import SECTORS

ByIndustry = Float[np.ndarray, " industry"]


def build_wide_elasticities(
    raw: Path, wiod: readers.Wiod
) -> tuple[dict[str, ByIndustry], ByIndustry, list[str]]:
    """Return the sets of trade elasticities, the scale elasticities, and notes on both.

    An industry has the estimate of its own GTAP sectors in the default set, and that of the older
    sector that it belongs to where there is none, as in all other sets.
    """
    older, notes = build_elasticities(raw, wiod)
    parent = sector_of_industries()
    services = [INDUSTRIES.index(name) for name in SERVICE_INDUSTRIES]
    parent[services] = SECTORS.index("services")
    sets = {name: values[parent] for name, values in older.items()}
    own, missing = _bridge_fontagne(raw)
    sets[DEFAULT_SET] = np.where(np.isnan(own), sets[DEFAULT_SET], own).round(6)
    sets[DEFAULT_SET][services] = SERVICES_THETA
    notes.append(
        "fontagne by industry: no estimate of their own, that of the wider sector: "
        + ", ".join(missing)
    )
    return sets, build_scale_elasticities(wiod)[parent], notes


def _bridge_fontagne(raw: Path) -> tuple[ByIndustry, list[str]]:
    """Return the mean over the GTAP sectors of an industry, by US imports; NaN where none has."""
    rates = readers.read_fontagne(raw / readers.FONTAGNE_FILE)
    weights = readers.read_imports_by_gtap(raw / readers.CATEGORY_FILE)
    total, covered = np.zeros(len(INDUSTRIES)), np.zeros(len(INDUSTRIES))
    chapters = {"oxt": ("25", "26"), "otn": ("88", "89")}
    for code, weight in sorted(weights.items()):
        for chapter in chapters.get(code, ("",)):
            place = find_industry(chapter, code)
            if code in rates and place >= 0:
                total[place] += weight * rates[code]
                covered[place] += weight
    theta = np.divide(total, covered, out=np.full_like(total, np.nan), where=covered > 0)
    goods = [place for place, name in enumerate(INDUSTRIES) if name not in SERVICE_INDUSTRIES]
    return theta, [INDUSTRIES[place] for place in goods if np.isnan(theta[place])]
