"""From other classifications to the 50 industries: GTAP and HS codes, and the older 20 sectors."""

from collections.abc import Mapping

import numpy as np

from accord.core.arrays import Int
from accord.data.build.us_lines import UNKNOWN_SECTOR, LineFrame
from accord.data.industries import (
    INDUSTRIES,
    INDUSTRY_GROUPS,
    INDUSTRY_OF_GTAP,
    REST,
    SERVICE_INDUSTRIES,
)
from accord.data.labels import SECTORS

INDUSTRY_OF_CHAPTER: dict[tuple[str, str], str] = {
    ("oxt", "26"): "metal_ores",
    ("otn", "89"): "ships",
}
"""GTAP codes that hold two industries, told apart by the chapter of the HS."""

NOT_MADE = (
    "crops_livestock", "forestry", "fishing", "coal", "oil_gas", "metal_ores", "quarrying",
    "petroleum", "electricity", *SERVICE_INDUSTRIES,
)  # fmt: skip

OTHER_PARTNERS: dict[str, str] = {
    "2230": "CRI", "3010": "COL", "3330": "PER", "3370": "CHL", "3570": "ARG", "5081": "ISR",
    "5170": "SAU", "5200": "ARE", "5350": "PAK", "5380": "BGD", "5490": "THA", "5520": "VNM",
    "5550": "KHM", "5570": "MYS", "5590": "SGP", "5650": "PHL", "5820": "HKG", "6141": "NZL",
    "7290": "EGY", "7530": "NGA", "7620": "AGO", "7910": "ZAF",
}  # fmt: skip
"""Partners of the Census table that the world of 44 regions does not have."""


def find_industry(hs10: str, gtap: str) -> int:
    """Return the position of the industry that makes a good; -1 where its kind is not known."""
    name = INDUSTRY_OF_CHAPTER.get((gtap, hs10[:2]), INDUSTRY_OF_GTAP.get(gtap))
    return UNKNOWN_SECTOR if name is None else INDUSTRIES.index(name)


def build_frame(regions: tuple[str, ...], partners: Mapping[str, str]) -> LineFrame:
    """Return the labels of US import lines in the world of 80 economies."""
    return LineFrame(
        regions, INDUSTRIES, {**partners, **OTHER_PARTNERS}, find_industry, NOT_MADE, REST
    )


def sector_of_industries() -> Int[np.ndarray, " industry"]:
    """Return the position of the older sector that each industry belongs to."""
    parents = {name: sector for sector, names in INDUSTRY_GROUPS.items() for name in names}
    parents["mining_services"] = "mining"  # in the older table; at customs it is a service
    parents["electricity"] = "services"
    return np.array([SECTORS.index(parents.get(name, name)) for name in INDUSTRIES])
