"""The 80 economies and 50 industries of the world of 2022, and what the names of sectors stand for.

The codes are those of the OECD's Inter-Country Input-Output tables of 2025. A deal file that names
one of the 20 sectors of the older world, such as `agriculture`, means the industries that it holds.
"""

from collections.abc import Mapping

from accord.data.labels import REGION_NAMES

INDUSTRY_OF_CODE: dict[str, str] = {
    "A01": "crops_livestock", "A02": "forestry", "A03": "fishing",
    "B05": "coal", "B06": "oil_gas", "B07": "metal_ores", "B08": "quarrying",
    "B09": "mining_services",
    "C10T12": "food", "C13T15": "textiles", "C16": "wood", "C17_18": "paper",
    "C19": "petroleum", "C20": "chemicals", "C21": "pharmaceuticals", "C22": "plastics",
    "C23": "minerals", "C24A": "iron_steel", "C24B": "nonferrous_metals", "C25": "metal_products",
    "C26": "electronics", "C27": "electrical", "C28": "machinery", "C29": "motor_vehicles",
    "C301": "ships", "C302T309": "aircraft_rail", "C31T33": "other_manufacturing",
    "D": "electricity", "E": "water_waste", "F": "construction", "G": "wholesale_retail",
    "H49": "land_transport", "H50": "water_transport", "H51": "air_transport",
    "H52": "warehousing", "H53": "post", "I": "hotels_restaurants", "J58T60": "media",
    "J61": "telecoms", "J62_63": "it_services", "K": "financial_services", "L": "real_estate",
    "M": "professional_services", "N": "administrative_services", "O": "public_administration",
    "P": "education", "Q": "health", "R": "arts_recreation", "S": "other_services",
    "T": "households",
}  # fmt: skip

INDUSTRIES: tuple[str, ...] = tuple(INDUSTRY_OF_CODE.values())

INDUSTRY_NAMES: dict[str, str] = {
    "crops_livestock": "Crops, livestock, hunting",
    "forestry": "Forestry and logging",
    "fishing": "Fishing and aquaculture",
    "coal": "Coal and lignite",
    "oil_gas": "Crude oil and natural gas",
    "metal_ores": "Metal ores",
    "quarrying": "Other mining and quarrying",
    "mining_services": "Mining support services",
    "food": "Food, beverages, tobacco",
    "textiles": "Textiles, clothing, leather",
    "wood": "Wood products",
    "paper": "Paper and printing",
    "petroleum": "Coke and refined petroleum",
    "chemicals": "Chemicals",
    "pharmaceuticals": "Pharmaceuticals",
    "plastics": "Rubber and plastics",
    "minerals": "Non-metallic minerals",
    "iron_steel": "Iron and steel",
    "nonferrous_metals": "Precious and non-ferrous metals",
    "metal_products": "Metal products",
    "electronics": "Computers, electronics, optics",
    "electrical": "Electrical equipment, batteries",
    "machinery": "Machinery",
    "motor_vehicles": "Motor vehicles and parts",
    "ships": "Ships and boats",
    "aircraft_rail": "Aircraft, trains, motorcycles",
    "other_manufacturing": "Furniture, other manufacturing, repair",
    "electricity": "Electricity, gas, steam",
    "water_waste": "Water, sewerage, waste",
    "construction": "Construction",
    "wholesale_retail": "Wholesale and retail trade",
    "land_transport": "Land transport and pipelines",
    "water_transport": "Water transport",
    "air_transport": "Air transport",
    "warehousing": "Warehousing, support for transport",
    "post": "Post and couriers",
    "hotels_restaurants": "Hotels and restaurants",
    "media": "Publishing, film, broadcasting",
    "telecoms": "Telecommunications",
    "it_services": "Software and information services",
    "financial_services": "Finance and insurance",
    "real_estate": "Real estate",
    "professional_services": "Professional and technical services",
    "administrative_services": "Administrative and support services",
    "public_administration": "Public administration and defence",
    "education": "Education",
    "health": "Health and social work",
    "arts_recreation": "Arts, entertainment, recreation",
    "other_services": "Other services",
    "households": "Households as employers",
}

INDUSTRY_GROUPS: Mapping[str, tuple[str, ...]] = {
    "agriculture": ("crops_livestock", "forestry", "fishing"),
    "mining": ("coal", "oil_gas", "metal_ores", "quarrying"),
    "basic_metals": ("iron_steel", "nonferrous_metals"),
    "other_transport": ("ships", "aircraft_rail"),
    "services": ("mining_services", *INDUSTRIES[INDUSTRIES.index("water_waste") :]),
}
"""Sectors of the older world that are several industries here. The others have the same name."""

SERVICE_INDUSTRIES: tuple[str, ...] = INDUSTRY_GROUPS["services"]
"""Industries whose sales cross no customs post. Electricity does, under HS 2716."""

INDUSTRY_OF_GTAP: dict[str, str] = {
    **dict.fromkeys(
        ("pdr", "wht", "gro", "v_f", "osd", "c_b", "pfb", "ocr", "ctl", "oap", "rmk", "wol"),
        "crops_livestock",
    ),
    "frs": "forestry", "fsh": "fishing", "coa": "coal",
    **dict.fromkeys(("oil", "gas", "gdt"), "oil_gas"),
    "oxt": "quarrying",
    **dict.fromkeys(["cmt", "omt", "vol", "mil", "pcr", "sgr", "ofd", "b_t"], "food"),
    **dict.fromkeys(("tex", "wap", "lea"), "textiles"),
    "lum": "wood", "ppp": "paper", "p_c": "petroleum", "chm": "chemicals",
    "bph": "pharmaceuticals", "rpp": "plastics", "nmm": "minerals", "i_s": "iron_steel",
    "nfm": "nonferrous_metals", "fmp": "metal_products", "ele": "electronics",
    "eeq": "electrical", "ome": "machinery", "mvh": "motor_vehicles", "otn": "aircraft_rail",
    "omf": "other_manufacturing", "ely": "electricity",
}  # fmt: skip
"""Industry of each GTAP sector of goods; services are spread over several."""

OTHER_REGION_NAMES: dict[str, str] = {
    "AGO": "Angola", "ARE": "United Arab Emirates", "ARG": "Argentina", "BGD": "Bangladesh",
    "BLR": "Belarus", "BRN": "Brunei", "CHL": "Chile", "CIV": "Côte d'Ivoire", "CMR": "Cameroon",
    "COD": "DR Congo", "COL": "Colombia", "CRI": "Costa Rica", "EGY": "Egypt", "HKG": "Hong Kong",
    "ISL": "Iceland", "ISR": "Israel", "JOR": "Jordan", "KAZ": "Kazakhstan", "KHM": "Cambodia",
    "LAO": "Laos", "MAR": "Morocco", "MMR": "Myanmar", "MYS": "Malaysia", "NGA": "Nigeria",
    "NZL": "New Zealand", "PAK": "Pakistan", "PER": "Peru", "PHL": "Philippines",
    "SAU": "Saudi Arabia", "SEN": "Senegal", "SGP": "Singapore", "STP": "São Tomé and Príncipe",
    "THA": "Thailand", "TUN": "Tunisia", "UKR": "Ukraine", "VNM": "Viet Nam",
    "ZAF": "South Africa",
}  # fmt: skip
"""Economies that the world of 44 regions has in its rest of the world."""

REST = "OTH"
"""What none of the 80 economies is. The name ROW keeps the meaning it has in the older world."""

REST_OF_OLDER: tuple[str, ...] = (*OTHER_REGION_NAMES, REST)
"""What the rest of the world of 44 regions, ROW, is here."""

ALL_REGION_NAMES: dict[str, str] = {
    **{region: name for region, name in REGION_NAMES.items() if region != "ROW"},
    **OTHER_REGION_NAMES,
    REST: "Other economies",
}
