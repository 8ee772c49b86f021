"""Identifiers and display names: regions, sectors, sets of elasticities. Plain tables."""

from collections.abc import Sequence

SECTORS: tuple[str, ...] = (
    "agriculture",
    "mining",
    "food",
    "textiles",
    "wood",
    "paper",
    "petroleum",
    "chemicals",
    "pharmaceuticals",
    "plastics",
    "minerals",
    "basic_metals",
    "metal_products",
    "electronics",
    "electrical",
    "machinery",
    "motor_vehicles",
    "other_transport",
    "other_manufacturing",
    "services",
)

SECTOR_NAMES: dict[str, str] = {
    "agriculture": "Agriculture, forestry, fishing",
    "mining": "Mining and quarrying",
    "food": "Food, beverages, tobacco",
    "textiles": "Textiles, clothing, leather",
    "wood": "Wood products",
    "paper": "Paper and printing",
    "petroleum": "Coke and refined petroleum",
    "chemicals": "Chemicals",
    "pharmaceuticals": "Pharmaceuticals",
    "plastics": "Rubber and plastics",
    "minerals": "Non-metallic minerals",
    "basic_metals": "Basic metals",
    "metal_products": "Metal products",
    "electronics": "Computers, electronics, optics",
    "electrical": "Electrical equipment",
    "machinery": "Machinery",
    "motor_vehicles": "Motor vehicles and parts",
    "other_transport": "Other transport equipment",
    "other_manufacturing": "Furniture, other manufacturing",
    "services": "Services, utilities, construction",
}

ELASTICITY_NAMES: dict[str, str] = {
    "fontagne": "Fontagné, Guimbard and Orefice (2022)",
    "ll2023": "Lashkaripour and Lugovskyy (2023)",
    "cp2015": "Caliendo and Parro (2015)",
    "boehm2023": "Boehm, Levchenko and Pandalai-Nayar (2023)",
}

REGION_NAMES: dict[str, str] = {
    "AUS": "Australia",
    "AUT": "Austria",
    "BEL": "Belgium",
    "BGR": "Bulgaria",
    "BRA": "Brazil",
    "CAN": "Canada",
    "CHE": "Switzerland",
    "CHN": "China",
    "CYP": "Cyprus",
    "CZE": "Czechia",
    "DEU": "Germany",
    "DNK": "Denmark",
    "ESP": "Spain",
    "EST": "Estonia",
    "FIN": "Finland",
    "FRA": "France",
    "GBR": "United Kingdom",
    "GRC": "Greece",
    "HRV": "Croatia",
    "HUN": "Hungary",
    "IDN": "Indonesia",
    "IND": "India",
    "IRL": "Ireland",
    "ITA": "Italy",
    "JPN": "Japan",
    "KOR": "South Korea",
    "LTU": "Lithuania",
    "LUX": "Luxembourg",
    "LVA": "Latvia",
    "MEX": "Mexico",
    "MLT": "Malta",
    "NLD": "Netherlands",
    "NOR": "Norway",
    "POL": "Poland",
    "PRT": "Portugal",
    "ROU": "Romania",
    "RUS": "Russia",
    "SVK": "Slovakia",
    "SVN": "Slovenia",
    "SWE": "Sweden",
    "TUR": "Türkiye",
    "TWN": "Taiwan",
    "USA": "United States",
    "ROW": "Rest of the world",
}

EU27: tuple[str, ...] = (
    "AUT",
    "BEL",
    "BGR",
    "CYP",
    "CZE",
    "DEU",
    "DNK",
    "ESP",
    "EST",
    "FIN",
    "FRA",
    "GRC",
    "HRV",
    "HUN",
    "IRL",
    "ITA",
    "LTU",
    "LUX",
    "LVA",
    "MLT",
    "NLD",
    "POL",
    "PRT",
    "ROU",
    "SVK",
    "SVN",
    "SWE",
)

# Seven blocs, for a quick look at the world: these three, and USA, CHN, JPN, KOR as they are.
_APART = (*EU27, "CAN", "CHN", "JPN", "KOR", "MEX", "USA")
BLOCS: dict[str, tuple[str, ...]] = {
    "EU": EU27,
    "CANMEX": ("CAN", "MEX"),
    "ROW": tuple(region for region in REGION_NAMES if region not in _APART),
}


def blocs_of(regions: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return the blocs of a world, all that belongs to no other in the rest of the world."""
    return {**BLOCS, "ROW": tuple(region for region in regions if region not in _APART)}


BLOC_NAMES: dict[str, str] = {
    "EU": "European Union",
    "CANMEX": "Canada and Mexico",
    "ROW": "Rest of the world",
}
