"""Codes of regions as tables print them, and the ISO 3166 alpha-3 codes that deal files use."""

OF_TWO_LETTERS: dict[str, str] = {
    "AR": "ARG", "AT": "AUT", "AU": "AUS", "BE": "BEL", "BG": "BGR", "BR": "BRA", "CA": "CAN",
    "CH": "CHE", "CN": "CHN", "CY": "CYP", "CZ": "CZE", "DE": "DEU", "DK": "DNK", "EE": "EST",
    "EL": "GRC", "ES": "ESP", "FI": "FIN", "FIGW1": "ROW", "FR": "FRA", "GB": "GBR", "GR": "GRC",
    "HR": "HRV", "HU": "HUN", "ID": "IDN", "IE": "IRL", "IN": "IND", "IT": "ITA", "JP": "JPN",
    "KR": "KOR", "LT": "LTU", "LU": "LUX", "LV": "LVA", "MT": "MLT", "MX": "MEX", "NL": "NLD",
    "NO": "NOR", "PL": "POL", "PT": "PRT", "RO": "ROU", "RU": "RUS", "SA": "SAU", "SE": "SWE",
    "SI": "SVN", "SK": "SVK", "TR": "TUR", "TW": "TWN", "UK": "GBR", "US": "USA", "ZA": "ZAF",
}  # fmt: skip
"""FIGARO and EXIOBASE; FIGW1 is the rest of the world of FIGARO."""

OF_WIOD: dict[str, str] = {"ROM": "ROU", "RoW": "ROW", "ROW": "ROW"}

OF_ADB: dict[str, str] = {
    **OF_WIOD, "BAN": "BGD", "BHU": "BTN", "BRU": "BRN", "CAM": "KHM", "DEN": "DNK", "FIJ": "FJI",
    "GER": "DEU", "INO": "IDN", "IRE": "IRL", "MAL": "MYS", "MLD": "MDV", "MON": "MNG",
    "NEP": "NPL", "NET": "NLD", "PHI": "PHL", "POR": "PRT", "PRC": "CHN", "SIN": "SGP",
    "SPA": "ESP", "SRI": "LKA", "SWI": "CHE", "TAP": "TWN", "THA": "THA", "UKG": "GBR",
    "VIE": "VNM",
}  # fmt: skip
"""Codes of the Asian Development Bank where they are not those of ISO."""
