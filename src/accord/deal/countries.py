"""Countries as people write them: names in common use, codes of two letters, codes gone by."""

# What the registry of holidays does not have: names in common use and codes of other lists.
IN_COMMON_USE: dict[str, str] = {
    "america": "USA", "u.s.": "USA", "u.s.a.": "USA", "united states of america": "USA",
    "uk": "GBR", "u.k.": "GBR", "britain": "GBR", "great britain": "GBR", "england": "GBR",
    "korea": "KOR", "republic of korea": "KOR", "rok": "KOR", "s. korea": "KOR", "kr": "KOR",
    "china": "CHN", "prc": "CHN", "people's republic of china": "CHN", "mainland china": "CHN",
    "taiwan": "TWN", "chinese taipei": "TWN", "tai": "TWN", "tpe": "TWN", "roc": "TWN",
    "rom": "ROU", "ger": "DEU", "sui": "CHE", "swiss": "CHE", "ned": "NLD", "holland": "NLD",
    "the netherlands": "NLD", "den": "DNK", "gre": "GRC", "el": "GRC", "por": "PRT", "cro": "HRV",
    "slo": "SVN", "lat": "LVA", "bul": "BGR", "ina": "IDN", "turkey": "TUR", "türkiye": "TUR",
    "turkiye": "TUR", "russia": "RUS", "russian federation": "RUS", "czech republic": "CZE",
    "eu27": "EU", "eu28": "EU", "european union": "EU", "europe": "EU", "world": "ROW",
    "others": "ROW", "other": "ROW", "rest": "ROW", "rest of world": "ROW", "wld": "all",
    "everybody": "all", "everyone": "all",
}  # fmt: skip


def find_country(name: str) -> str | None:
    """Return the three-letter code (or "EU", "ROW", "all") that a name in common use stands for.

    None for what is no country. Case does not count.

    >>> find_country("CH"), find_country("Republic of Korea"), find_country("ROM")
    ('CHE', 'KOR', 'ROU')
    """
    word = " ".join(name.casefold().split())
    if word in IN_COMMON_USE:
        return IN_COMMON_USE[word]
    from holidays.registry import COUNTRIES  # looked up only where a name is not known

    plain = word.removeprefix("the ").replace(" ", "_")
    for country, (_, *codes) in COUNTRIES.items():
        if plain == country or word.upper() in codes:
            return next((code for code in codes if len(code) == 3), None)
    return None
