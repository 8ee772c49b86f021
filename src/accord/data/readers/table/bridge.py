"""Which of the 50 industries a sector of another classification holds, and its elasticities.

Known are ISIC Rev. 4 (with NACE Rev. 2 and the codes of ICIO, FIGARO and WIOD 2016), ISIC Rev. 3
(WIOD 2013, ADB, ICIO 2016), GTAP, and the names of both embedded worlds.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from accord.core.arrays import Float
from accord.core.errors import InputError, Problem
from accord.data.industries import (
    INDUSTRIES,
    INDUSTRY_GROUPS,
    INDUSTRY_OF_CODE,
    INDUSTRY_OF_GTAP,
    SERVICE_INDUSTRIES,
)
from accord.data.readers.table.grid import shorten
from accord.data.readers.table.mapping import MapFile
from accord.data.readers.table.table import LabelledTable, Scheme
from accord.data.world import World

OWN = "own"

_SECTIONS = {
    "A": "1-3", "B": "5-9", "C": "10-33", "D": "35", "E": "36-39", "F": "41-43", "G": "45-47",
    "H": "49-53", "I": "55-56", "J": "58-63", "K": "64-66", "L": "68", "M": "69-75", "N": "77-82",
    "O": "84", "P": "85", "Q": "86-88", "R": "90-93", "S": "94-96", "T": "97-98", "U": "99",
}  # fmt: skip

_DIVISIONS = {
    "1": "crops_livestock", "2": "forestry", "3": "fishing", "5": "coal", "6": "oil_gas",
    "7": "metal_ores", "8": "quarrying", "9": "mining_services", "10-12": "food",
    "13-15": "textiles", "16": "wood", "17-18": "paper", "19": "petroleum", "20": "chemicals",
    "21": "pharmaceuticals", "22": "plastics", "23": "minerals", "24": "iron_steel",
    "25": "metal_products", "26": "electronics", "27": "electrical", "28": "machinery",
    "29": "motor_vehicles", "30": "ships", "31-33": "other_manufacturing", "35": "electricity",
    "36-39": "water_waste", "41-43": "construction", "45-47": "wholesale_retail",
    "49": "land_transport", "50": "water_transport", "51": "air_transport", "52": "warehousing",
    "53": "post", "55-56": "hotels_restaurants", "58-60": "media", "61": "telecoms",
    "62-63": "it_services", "64-66": "financial_services", "68": "real_estate",
    "69-75": "professional_services", "77-82": "administrative_services",
    "84": "public_administration", "85": "education", "86-88": "health",
    "90-93": "arts_recreation", "94-96": "other_services", "97-98": "households",
    "99": "public_administration",
}  # fmt: skip

_TWO = {24: ("iron_steel", "nonferrous_metals"), 30: ("ships", "aircraft_rail")}

# The 35 industries of the World Input-Output Database of 2013, by number and by ISIC Rev. 3 code.
_ISIC3 = """
c1 AtB C01T05AGR C01T05: crops_livestock forestry fishing
c2 C C10T14MIN C10T14: coal oil_gas metal_ores quarrying
c3 15t16 C15T16FOD: food
c4 17t18 C17T19TEX: textiles
c5 19: textiles
c6 20 C20WOD: wood
c7 21t22 C21T22PAP: paper
c8 23 C23PET: petroleum
c9 24 C24CHM: chemicals pharmaceuticals
c10 25 C25RBP: plastics
c11 26 C26NMM: minerals
c12 27t28: iron_steel nonferrous_metals metal_products
C27MET: iron_steel nonferrous_metals
C28FBM: metal_products
c13 29 C29MEQ: machinery
c14 30t33 C30T33XCEQ: electronics electrical
C30.32.33CEQ: electronics
C31ELQ: electrical
c15 34t35: motor_vehicles ships aircraft_rail
C34MTR: motor_vehicles
C35TRQ: ships aircraft_rail
c16 36t37 C36T37OTM: other_manufacturing
c17 E C40T41EGW: electricity water_waste
c18 F C45CON: construction
c19 50: wholesale_retail
c20 51: wholesale_retail
c21 52: wholesale_retail
C50T52WRT: wholesale_retail
c22 H C55HTR: hotels_restaurants
c23 60: land_transport
c24 61: water_transport
c25 62: air_transport
c26 63: warehousing
C60T63TRN: land_transport water_transport air_transport warehousing
c27 64 C64PTL: post telecoms
c28 J C65T67FIN: financial_services
c29 70 C70REA: real_estate
c30 71t74: professional_services administrative_services it_services
C71RMQ: administrative_services
C72ITS: it_services
C73T74OBZ: professional_services
c31 L C75GOV: public_administration
c32 M C80EDU: education
c33 N C85HTH: health
c34 O C90T93OTS: arts_recreation other_services water_waste
c35 P C95PVH: households
"""

_GTAP_SERVICES = {
    "wtr": ("water_waste",), "cns": ("construction",), "trd": ("wholesale_retail",),
    "afs": ("hotels_restaurants",), "otp": ("land_transport",), "wtp": ("water_transport",),
    "atp": ("air_transport",), "whs": ("warehousing",), "cmn": ("telecoms", "post", "it_services"),
    "ofi": ("financial_services",), "ins": ("financial_services",), "rsa": ("real_estate",),
    "obs": ("professional_services", "administrative_services"),
    "ros": ("arts_recreation", "other_services"), "osg": ("public_administration",),
    "edu": ("education",), "hht": ("health",), "dwe": ("real_estate",),
}  # fmt: skip

# Plain names that can mean one thing only; "other" or "communication" can mean two.
_NAMES = {
    "textile": ("textiles",), "plastic": ("plastics",), "auto": ("motor_vehicles",),
    "machinery n.e.c.": ("machinery",), "basic metals": ("iron_steel", "nonferrous_metals"),
    "metal products": ("metal_products",), "other transport": ("ships", "aircraft_rail"),
    "manufacturing": INDUSTRIES[8:27], "trade": ("wholesale_retail",),
    "transport": INDUSTRIES[31:36], "utilities": INDUSTRIES[27:29],
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Elasticities:
    """Named sets of trade elasticities, scale elasticities, sectors without customs, and notes."""

    sets: Mapping[str, Float[np.ndarray, " sector"]]
    scale: Float[np.ndarray, " sector"]
    services: tuple[str, ...]
    notes: tuple[str, ...]


def find_industries(label: str, scheme: Scheme) -> tuple[str, ...]:
    """Return the industries that a sector holds, or none where its label is not known."""
    for known in (_by_name, _READ[scheme], _by_gtap, _by_isic4):
        industries = known(label)
        if industries:
            return industries
    return ()


def _by_name(label: str) -> tuple[str, ...]:
    name = label.strip().casefold()
    plain = name.replace(" ", "_")
    if plain in INDUSTRIES:
        return (plain,)
    return INDUSTRY_GROUPS.get(plain, _NAMES.get(name, ()))


def _by_gtap(label: str) -> tuple[str, ...]:
    code = label.strip().casefold()
    if code in INDUSTRY_OF_GTAP:
        return (INDUSTRY_OF_GTAP[code],)
    return _GTAP_SERVICES.get(code, ())


def _by_isic4(label: str) -> tuple[str, ...]:
    code = label.strip().upper().replace("-", "T")
    if code in INDUSTRY_OF_CODE:
        return (INDUSTRY_OF_CODE[code],)
    numbers: set[int] = set()
    for part in re.split(r"[_,;+]", code):
        match = re.fullmatch(r"([A-U]?)(\d\d)(\d)?(?:T([A-U]?)(\d\d)(\d)?)?", part)
        if part in _SECTIONS:
            numbers |= _expand(_SECTIONS[part])
        elif match:
            numbers |= set(range(int(match[2]), int(match[5] or match[2]) + 1))
        else:
            return ()
    held = (_TWO.get(number, _OF_DIVISION.get(number, ())) for number in sorted(numbers))
    return tuple(dict.fromkeys(name for names in held for name in names))


def _by_isic3(label: str) -> tuple[str, ...]:
    return _OF_ISIC3.get(label.strip().casefold(), ())


def _expand(text: str) -> set[int]:
    first, _, last = text.partition("-")
    return set(range(int(first), int(last or first) + 1))


_OF_DIVISION = {number: (name,) for text, name in _DIVISIONS.items() for number in _expand(text)}
_OF_ISIC3 = {
    code.casefold(): tuple(names.split())
    for codes, _, names in (line.partition(":") for line in _ISIC3.strip().splitlines())
    for code in codes.split()
}
_READ = {"isic3": _by_isic3, "isic4": _by_isic4, "gtap": _by_gtap, "names": _by_name}


def bridge_elasticities(
    table: LabelledTable, members: Mapping[str, Sequence[str]], mapping: MapFile, known: World
) -> Elasticities:
    """Return trade elasticities of the sectors of a merged table.

    A sector has the elasticities of the industries it holds, averaged with the trade of `known`,
    the world that has them. Those of the file and of the mapping come first, as the set `own`.

    Raises:
        InputError: Sectors have none, or the mapping gives some to sectors there are not.
    """
    held = {
        sector: tuple(dict.fromkeys(
            name for label in (sector, *members.get(sector, ()))[: 1 if find_industries(
                sector, table.scheme) else None]
            for name in find_industries(label, table.scheme)
        ))
        for sector in table.sectors
    }  # fmt: skip
    own = {} if table.elasticity is None else dict(
        zip(table.sectors, table.elasticity.tolist(), strict=True))  # fmt: skip
    own |= mapping.elasticities
    _refuse_missing(table, held, own, mapping)
    weight = known.flows.sum(axis=(0, 1)) - np.einsum("nnj->j", known.flows)
    at = {name: known.sectors.index(name) for name in INDUSTRIES}

    def average(values: np.ndarray, sector: str, otherwise: float) -> float:
        places = [at[name] for name in held[sector]]
        if not places:
            return otherwise
        shares = np.maximum(weight[places], 1e-9)
        return float((values[places] * shares).sum() / shares.sum())

    sets: dict[str, np.ndarray] = {}
    filled = {
        name: np.array([average(values, sector, own.get(sector, np.nan))
                        for sector in table.sectors])
        for name, values in known.elasticities.items()
    }  # fmt: skip
    usual = filled[known.default_elasticities]
    if own:
        sets[OWN] = np.array(
            [own.get(sector, value) for sector, value in zip(table.sectors, usual, strict=True)]
        )
    sets |= filled
    scale = np.array([average(known.scale_elasticity, name, 0.0) for name in table.sectors])
    services = mapping.services
    if services is None:
        services = tuple(name for name in table.sectors if _is_service(name, held[name]))
    bridged = sum(bool(names) for names in held.values())
    note = f"trade elasticities: {bridged} of {len(held)} sectors by the industries they hold"
    return Elasticities(sets, scale, services, (note,))


def _is_service(sector: str, industries: Sequence[str]) -> bool:
    if not industries:
        return "service" in sector.casefold()
    return all(name in SERVICE_INDUSTRIES for name in industries)


def _refuse_missing(
    table: LabelledTable,
    held: Mapping[str, Sequence[str]],
    own: Mapping[str, float],
    mapping: MapFile,
) -> None:
    problems = [
        Problem(f"{mapping.path}: elasticities.{name}", "there is no such sector",
                "Give elasticities to the sectors of the world that is made")
        for name in mapping.elasticities
        if name not in table.sectors
    ]  # fmt: skip
    problems += [
        Problem(f"{mapping.path}: services", f'there is no sector "{name}"', "Leave it out")
        for name in mapping.services or ()
        if name not in table.sectors
    ]
    missing = [name for name, names in held.items() if not names and name not in own]
    if missing:
        shown = ", ".join(missing[:12]) + (" ..." if len(missing) > 12 else "")
        problems.append(Problem(
            "elasticities", f"{len(missing)} sectors have none, because no classification has "
            f"their label: {shown}",
            f"Give them in the mapping file under [elasticities], such as {missing[0]} = 5.0, or "
            "map them to ISIC codes, GTAP codes or names that `accord world` prints",
        ))  # fmt: skip
    if problems:
        raise InputError(shorten(problems, mapping.path), "the sectors")
