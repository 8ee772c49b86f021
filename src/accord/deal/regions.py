"""What names stand for: groups of regions, and countries as people write them."""

from collections.abc import Iterable, Mapping
from typing import Any

from accord.data.labels import EU27

REGION_GROUPS: dict[str, tuple[str, ...]] = {"EU": EU27}
GROUP_NAMES = {"EU": "European Union"}

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


class Group(str):
    """The name of a group of one's own: a text like any other, which knows who the members are."""

    __slots__ = ("members",)
    members: tuple[str, ...]

    def __new__(cls, name: str, members: Iterable[str]) -> "Group":  # noqa: PYI034
        """Return the name, its members remembered; a shipped group among them is taken apart."""
        group = super().__new__(cls, name)
        named = (region for member in members for region in REGION_GROUPS.get(member, (member,)))
        group.members = tuple(dict.fromkeys(named))
        return group

    def __getnewargs__(self) -> tuple[str, tuple[str, ...]]:  # type: ignore[override]
        """Return what a copy is made from."""
        return str(self), self.members


def members_of(name: str) -> tuple[str, ...]:
    """Return the members of a group, one's own or shipped; none for what is no group."""
    return name.members if isinstance(name, Group) else REGION_GROUPS.get(name, ())


def name_groups(as_written: Mapping[str, Any]) -> dict[str, Any]:
    """Return a parsed file in which each name of a group of `[groups]` knows its members."""
    table = as_written.get("groups")
    written = table.items() if isinstance(table, Mapping) else ()
    groups = {
        name: Group(name, [text for text in members if isinstance(text, str)])
        if isinstance(members, list)
        else Group(name, ())
        for name, members in written
    }
    if not groups:
        return dict(as_written)
    return {
        key: value if key == "groups" else _with_members(value, groups)
        for key, value in as_written.items()
    }


def _with_members(value: Any, groups: Mapping[str, Group]) -> Any:
    if isinstance(value, str):
        return groups.get(value, value)
    if isinstance(value, Mapping):
        return {groups.get(key, key): _with_members(part, groups) for key, part in value.items()}
    return [_with_members(part, groups) for part in value] if isinstance(value, list) else value
