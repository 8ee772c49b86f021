"""The measure of 2025 that each HS10 code falls under, from the published lists."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from accord.core.arrays import Bool, Int
from accord.data.build.readers import LISTS_FOLDER, read_tariff_list
from accord.data.lines.lines import GROUPS

LIST_FILES: dict[str, str] = {
    "annex2_2025_04": "annex-II-exemptions.csv",
    "electronics_2025_04": "consumer_electronics_EO14257_apr11.csv",
    "annex2_2025_11": "annex-II-exemptions-nov14.csv",
    "vehicles_232": "auto-tariffs.csv",
    "steel_232": "steel-tariffs.csv",
    "aluminium_232": "alu-tariffs.csv",
    "copper_232": "copper-list.csv",
}

VEHICLE_HEADINGS = ("8703", "8704")
STEEL_HEADINGS = (*(str(heading) for heading in range(7206, 7230)), "7304", "7305", "7306")
STEEL_CODES = ("730110", "730120", "730210", "730240", "730290")
ALUMINIUM_HEADINGS = ("7601", "7604", "7605", "7606", "7607", "7608", "7609")
STATISTICAL = 10
PADDING = "00"
SPECIAL_CHAPTERS = ("98", "99")


def read_lists(raw: Path) -> dict[str, tuple[str, ...]]:
    """Return the HS codes of every measure, keyed by group."""
    folder = raw / LISTS_FOLDER
    return {
        group: cut_padding(read_tariff_list(folder / name)) for group, name in LIST_FILES.items()
    }


def cut_padding(codes: Sequence[str]) -> tuple[str, ...]:
    """Return the codes of a list, tariff lines of 8 digits that were padded to 10 cut back.

    A list all of whose codes end in 00 holds tariff lines and not statistical ones: taken as they
    stand, its codes miss every line that is split for statistics, such as most medicines.
    """
    padded = all(len(code) == STATISTICAL and code.endswith(PADDING) for code in codes)
    return tuple(code.removesuffix(PADDING) for code in codes) if padded else tuple(codes)


def match_codes(hs10: np.ndarray, codes: Sequence[str]) -> Bool[np.ndarray, " code"]:
    """Return which HS10 start with one of the codes."""
    matches = np.zeros(hs10.size, dtype=bool)
    for length in sorted({len(code) for code in codes}):
        some = [code for code in codes if len(code) == length]
        matches |= np.isin(hs10.astype(f"U{length}"), some)
    return matches


def classify_hs10(hs10: np.ndarray, lists: Mapping[str, Sequence[str]]) -> Int[np.ndarray, " code"]:
    """Return the group (position in `GROUPS`) of each HS10.

    Section 232 goes before the exemptions: cars, then parts, steel, aluminium, copper; then the
    exemption of 5 April, of 11 April and of 14 November 2025; the rest is general.
    """
    matched = {group: match_codes(hs10, codes) for group, codes in lists.items()}
    cars = matched["vehicles_232"] & match_codes(hs10, VEHICLE_HEADINGS)
    steel = matched["steel_232"] | match_codes(hs10, (*STEEL_HEADINGS, *STEEL_CODES))
    aluminium = matched["aluminium_232"] | match_codes(hs10, ALUMINIUM_HEADINGS)
    order = (
        ("special_provisions", match_codes(hs10, SPECIAL_CHAPTERS)),
        ("vehicles_232", cars),
        ("auto_parts_232", matched["vehicles_232"]),
        ("steel_232", steel),
        ("aluminium_232", aluminium),
        ("copper_232", matched["copper_232"]),
        ("annex2_2025_04", matched["annex2_2025_04"]),
        ("electronics_2025_04", matched["electronics_2025_04"]),
        ("annex2_2025_11", matched["annex2_2025_11"]),
    )
    group = np.full(hs10.size, GROUPS.index("general"))
    open_still = np.ones(hs10.size, dtype=bool)
    for name, mask in order:
        group[open_still & mask] = GROUPS.index(name)
        open_still &= ~mask
    return group


CATEGORY_OF_GROUP: dict[str, str] = {
    "general": "country_rate_or_exempt",
    "special_provisions": "country_rate_or_exempt",
    "annex2_2025_04": "country_rate_or_exempt",
    "electronics_2025_04": "country_rate_or_exempt",
    "annex2_2025_11": "country_rate_or_exempt",
    "vehicles_232": "s232_auto_vehicles",
    "auto_parts_232": "s232_auto_parts",
    "steel_232": "s232_steel",
    "aluminium_232": "s232_alu",
    "copper_232": "s232_copper",
}
CATEGORY_OF_TABLE: dict[str, str] = dict.fromkeys(
    ("reciprocal", "annexII_exempt", "nov14_exempt"), "country_rate_or_exempt"
)
"""The precomputed table takes the annex of April 2025 by 10 digits, so its exempt and its general
goods are compared in one sum."""
