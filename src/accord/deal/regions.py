"""What names stand for: groups of regions, and countries as people write them."""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib import resources
from typing import Any

from accord.data.labels import EU27

REGION_GROUPS: dict[str, tuple[str, ...]] = {"EU": EU27}
GROUP_NAMES = {"EU": "European Union"}

WORDS_FILE = "region_words.toml"
FORMAL = re.compile(
    r"^(?:(?:federal|federative|islamic|socialist|democratic|bolivarian|plurinational|united"
    r"|independent|co-?operative|arab|people's|hashemite|grand) )*"
    r"(?:republic|kingdom|state|commonwealth|principality|sultanate|federation|duchy|union) of "
)


def find_country(name: str) -> str | None:
    """Return the three-letter code (or "EU", "ROW", "all") that a name in common use stands for.

    None for what is no country. Case, dots and accents do not count.

    >>> find_country("CH"), find_country("Republic of Korea"), find_country("E.U.")
    ('CHE', 'KOR', 'EU')
    """
    word = _plain(name).removeprefix("the ")
    last, comma, first = word.partition(", ")
    inverted = f"{first} {last}".removeprefix("the ") if comma else word
    for form in dict.fromkeys((word, inverted, FORMAL.sub("", inverted))):
        code = _find_code(form.removeprefix("the ")) if form else None
        if code is not None:
            return code
    return None


def _find_code(word: str) -> str | None:
    names, other_codes = _words()["names"], _words()["codes"]
    if word in names:
        return str(names[word])
    if word.upper() in other_codes.values():
        return word.upper()
    from holidays.registry import COUNTRIES  # looked up only where a name is not known

    plain = re.sub(r"[ -]", "_", word)
    for country, (_, *codes) in COUNTRIES.items():
        if plain == country or word.upper() in codes:
            return next((other_codes.get(code, code) for code in codes if len(code) == 3), None)
    return None


def _plain(name: str) -> str:
    """Return a name in small letters, without dots, accents and needless blanks."""
    bare = unicodedata.normalize("NFKD", name.casefold()).replace("\u2019", "'")
    return " ".join("".join(c for c in bare if c != "." and not unicodedata.combining(c)).split())


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


def find_bloc(name: str) -> Group | None:
    """Return a trade bloc in common use, its members codes of countries, or None for no bloc.

    >>> find_bloc("Nafta")
    'USMCA'
    """
    word = re.sub(r"[-/]", " ", _plain(name).removeprefix("the "))
    for bloc, entry in _words()["blocs"].items():
        if word == bloc.casefold() or word in entry["names"]:
            return Group(bloc, entry["members"])
    return None


@lru_cache(maxsize=1)
def _words() -> Mapping[str, Any]:
    return tomllib.loads((resources.files("accord.deal") / WORDS_FILE).read_text(encoding="utf-8"))


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
