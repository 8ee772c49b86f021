"""Trade elasticities of the 20 sectors, from estimates made for other classifications."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from accord.core.arrays import Float
from accord.data.build import readers
from accord.data.labels import SECTORS

BySector = Float[np.ndarray, " sector"]

DEFAULT_SET = "fontagne"
SERVICES_THETA = 5.0
"""No tariff identifies services; 5 is the value most quantitative studies set."""
LL_SERVICES_THETA = 10.0
LL_FLOOR = 1.0

BOEHM_RESPONSE = 2.0
"""Long-run fall of imports before duty, per cent per per cent of tariff: 1.75 to 2.25. A unit of it
is the part of the spending that duty takes; the rest is the elasticity of the model."""

CP_STAND_IN = 8.22
"""What the authors' file has where they have no estimate: services, cars, other transport."""
CP_OFFICE, CP_COMMUNICATION, CP_MEDICAL = 13, 15, 16
CP_MISSING = ("motor_vehicles", "other_transport", "services")
CP_NOTE = "pharmaceuticals as chemicals, electronics the mean of office, communication, medical"
CP_OF_SECTOR: dict[str, tuple[int, ...]] = {
    "agriculture": (0,),
    "mining": (1,),
    "food": (2,),
    "textiles": (3,),
    "wood": (4,),
    "paper": (5,),
    "petroleum": (6,),
    "chemicals": (7,),
    "pharmaceuticals": (7,),
    "plastics": (8,),
    "minerals": (9,),
    "basic_metals": (10,),
    "metal_products": (11,),
    "machinery": (12,),
    "electronics": (CP_OFFICE, CP_COMMUNICATION, CP_MEDICAL),
    "electrical": (14,),
    "other_manufacturing": (19,),
}


def build_elasticities(raw: Path, wiod: readers.Wiod) -> tuple[dict[str, BySector], list[str]]:
    """Return the named sets of trade elasticities, and notes on what was filled in."""
    fontagne, missing = _bridge_fontagne(raw)
    notes = [
        "fontagne: averaged over GTAP sectors with US imports of 2024; no estimate, left out: "
        + ", ".join(missing)
        + f"; services set to {SERVICES_THETA:g}",
        f"ll2023: petroleum 0.397 floored at {LL_FLOOR:g}; services {LL_SERVICES_THETA:g}",
        f"boehm2023: {BOEHM_RESPONSE - 1:g} everywhere, which is {BOEHM_RESPONSE:g} before duty",
        f"cp2015: {CP_NOTE}; petroleum 64.85 as estimated",
        f"cp2015: no estimate, mean of the estimates in logarithms: {', '.join(CP_MISSING)}",
    ]
    ll2023 = np.maximum(wiod.theta_ll2023, LL_FLOOR)
    ll2023[SECTORS.index("services")] = LL_SERVICES_THETA
    return {
        DEFAULT_SET: fontagne,
        "ll2023": ll2023,
        "cp2015": _bridge_cp2015(readers.read_cp2015(raw / readers.CP2015_FILE)),
        "boehm2023": np.full(len(SECTORS), BOEHM_RESPONSE - 1),
    }, notes


def build_scale_elasticities(wiod: readers.Wiod) -> BySector:
    """Return scale elasticities; where theta was floored, mu times theta is kept as estimated."""
    ratio = wiod.theta_ll2023 / np.maximum(wiod.theta_ll2023, LL_FLOOR)
    scaled: BySector = wiod.mu_ll2023 * ratio
    return scaled.round(6)


def _bridge_fontagne(raw: Path) -> tuple[BySector, list[str]]:
    rates = readers.read_fontagne(raw / readers.FONTAGNE_FILE)
    sector_of = readers.read_sector_of_gtap(raw / readers.CATEGORY_FILE)
    weights = readers.read_imports_by_gtap(raw / readers.CATEGORY_FILE)
    total, covered = np.zeros(len(SECTORS)), np.zeros(len(SECTORS))
    for code, weight in _of_goods(weights, sector_of):
        if code in rates:
            total[sector_of[code]] += weight * rates[code]
            covered[sector_of[code]] += weight
    theta = np.divide(total, covered, out=np.full_like(total, np.nan), where=covered > 0)
    theta[SECTORS.index("services")] = SERVICES_THETA
    missing = [code for code, _ in _of_goods(weights, sector_of) if code not in rates]
    return theta.round(6), missing


def _of_goods(
    weights: Mapping[str, float], sector_of: Mapping[str, int]
) -> list[tuple[str, float]]:
    services = SECTORS.index("services")
    return [
        (code, weight)
        for code, weight in sorted(weights.items())
        if sector_of.get(code, services) != services
    ]


def _bridge_cp2015(tradable: Float[np.ndarray, " tradable"]) -> BySector:
    """Return the estimates by sector; one that has none takes the mean of the others.

    The mean is that of logarithms: petroleum, at 65, would raise a plain one by 44 per cent.
    """
    estimated = tradable[tradable != CP_STAND_IN]
    theta = np.full(len(SECTORS), np.exp(np.log(estimated).mean()))
    for sector, positions in CP_OF_SECTOR.items():
        theta[SECTORS.index(sector)] = tradable[list(positions)].mean()
    return theta.round(6)
