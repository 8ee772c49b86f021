"""What is wrong with a name that is no region of the world, and which region was meant."""

import re
from collections.abc import Iterable, Mapping, Sequence

from accord.core.words import LONGEST_WORD, suggest
from accord.data.industries import ALL_REGION_NAMES
from accord.data.industries import REST as OTHERS
from accord.data.labels import REGION_NAMES
from accord.data.world import World
from accord.deal.checks.text.limits import shorten
from accord.deal.fields import GROUP_NAME
from accord.deal.products import EVERYTHING, did_you_mean, expand_regions
from accord.deal.regions import (
    GROUP_NAMES,
    REGION_GROUPS,
    Group,
    find_bloc,
    find_country,
    members_of,
)

REST = "ROW"
KNOWN_REGIONS = (
    "use a three-letter id; `accord world` lists them; name groups of your own in [groups]"
)
CODE_LENGTH = 3


def explain_region(
    name: str, world: World, *, everything: bool = False, groups: Iterable[str] = ()
) -> tuple[str, str] | None:
    """Return the message and remedy for what is neither a region nor a group, or None.

    What the remedy suggests is a region of the world, a shipped group with members in it, or a
    group of the file; never the name itself. Groups of one's own are checked where they are
    written.

    Args:
        name: What stands where a region is expected.
        world: Where it is looked up.
        everything: Whether the word "all" may stand there too.
        groups: Names of the groups of the file.
    """
    if isinstance(name, Group):
        return None
    if expand_regions([name], world.regions) and (everything or name != EVERYTHING):
        return None
    message = f'"{name}" is not a region of {world.name}'
    return message, _write_instead(name, world, tuple(groups), everything=everything)


def _write_instead(name: str, world: World, groups: Sequence[str], *, everything: bool) -> str:
    """Return what to write instead of a name that is no region."""
    bloc = find_bloc(name) if len(name) <= LONGEST_WORD else None
    same = {group.casefold(): group for group in groups}.get(name.casefold())
    if same is not None:
        return did_you_mean(same)
    if "," in name and not _find_country(name):
        parts = ", ".join(f'"{part.strip()}"' for part in name.split(",") if part.strip())
        return f"put each region in quotes of its own: [{shorten(parts, LONGEST_WORD)}]"
    if bloc is not None:
        return _explain_bloc(name, bloc, world)
    meant = understand_region(name, world)
    if meant is None and name.strip() and name != EVERYTHING:
        country = _find_country(name)
        if country is not None and country not in (REST, EVERYTHING):
            return _explain_absent(country, world)
        meant = suggest(name, groups) or _guess_region(name, world)
    if meant in (None, name) or (meant == EVERYTHING and not everything):
        return KNOWN_REGIONS
    called = world.region_names.get(meant or "", meant)
    label = f"{meant} ({called})" if len(name) <= CODE_LENGTH and called != meant else meant
    return did_you_mean(label)


def understand_region(name: str, world: World) -> str | None:
    """Return the region, shipped group or "all" that a name in common use stands for, or None.

    None too where the world does not have it.
    """
    exact = {text.casefold(): identifier for identifier, text in world.region_names.items()}
    meant = exact.get(name.casefold()) or _find_country(name)
    return meant if meant is not None and expand_regions([meant], world.regions) else None


def understand_party(name: str, world: World) -> str:
    """Return what a name given as a party stands for: a region, or a group with its members.

    The name itself where it is known as it is, and where nothing is known of it.
    """
    if isinstance(name, Group):
        return Group(name, [understand_region(member, world) or member for member in name.members])
    if expand_regions([name], world.regions):
        return name
    bloc = find_bloc(name) if len(name) <= LONGEST_WORD else None
    there = members_in(bloc, world)[0] if bloc is not None else ()
    if there:
        return Group(name if re.fullmatch(GROUP_NAME, name) else str(bloc), there)
    meant = understand_region(name, world)
    return name if meant in (None, EVERYTHING) else str(meant)


def members_in(bloc: Group, world: World) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the regions of the world that make up a bloc, and the members it does not have apart.

    A shipped group stands for its members where the world has all of them.
    """
    there = [member for member in bloc.members if member in world.regions]
    missing = tuple(member for member in bloc.members if member not in world.regions)
    for group, members in REGION_GROUPS.items():
        if set(members) <= set(there):
            there = [group, *(member for member in there if member not in members)]
    return tuple(there), missing


def suggest_party(name: str, parties: Sequence[str], world: World | None) -> str | None:
    """Return the party that a name stands for; None for none of them."""
    known = {party: party for party in parties}
    if world is not None:
        known |= {understand_region(party, world) or party: party for party in parties}
        meant = understand_region(name, world) or name
        if meant in known:
            return known[meant]
    close = suggest(name, parties)
    return None if close == name else close


def _find_country(name: str) -> str | None:
    return find_country(name) if len(name) <= LONGEST_WORD else None


def explain_reading(name: str, world: World) -> str:
    """Return what a party is read as that goes by another name in the world; "" for itself."""
    meant = understand_party(name, world)
    if isinstance(meant, Group):
        if isinstance(name, Group) and meant.members == name.members:
            return ""
        bloc = find_bloc(name) or meant
        missing = members_in(bloc, world)[1]
        told = f"; {_place(missing, world)}" if missing else ""
        return f"{name} is read as {meant}={'+'.join(members_in(meant, world)[0])}{told}"
    called = world.region_names.get(meant) or GROUP_NAMES.get(meant)
    return "" if meant == name else f"{name} is read as {meant} ({called})"


def _explain_bloc(name: str, bloc: Group, world: World) -> str:
    """Return how to write a trade bloc, which no world has as a region of its own."""
    there, missing = members_in(bloc, world)
    told = f"; {_place(missing, world)}" if missing else ""
    if not there:
        return f"no member of {bloc} is a region of its own{told}"
    called = name if re.fullmatch(GROUP_NAME, name) else str(bloc)
    members = ", ".join(f'"{member}"' for member in there)
    again = "" if called == name else f' and "{called}" here'
    return f"name its members in a table [groups]: write {called} = [{members}]{again}{told}"


def _explain_absent(country: str, world: World) -> str:
    """Return where a country is that the world does not have apart."""
    called = GROUP_NAMES.get(country) or REGION_NAMES.get(country)
    label = f"{country} ({called})" if called else country
    return _place(members_of(country) or (country,), world, label)


def _place(countries: Sequence[str], world: World, label: str | None = None) -> str:
    """Return in which region countries are that a world does not have apart.

    A world with regions of its own making may hold them in any of these.
    """
    they = label or ", ".join(countries)
    verb = "is" if label is not None or len(countries) == 1 else "are"
    for group, members in REGION_GROUPS.items():
        if group in world.regions and set(countries) <= set(members):
            return f"{they} {verb} within {group} and cannot be told apart from it"
    left = next((name for name in (REST, OTHERS) if name in world.regions), None)
    if left is None or any(_is_own(name) for name in world.regions):
        return f"{they} {verb} within another region, if at all: `accord world` lists them"
    rest = f"{left}, the rest of the world,"
    return f"{they} {verb} within {rest} and cannot be told apart from it"


def _is_own(region: str) -> bool:
    """Return whether a region is one of a world's own making: no country, group or the rest."""
    known = {*REGION_NAMES, *ALL_REGION_NAMES, *REGION_GROUPS}
    return region not in known and not find_country(region)


def _guess_region(name: str, world: World) -> str | None:
    """Return the region a misspelt name most likely meant; a code only for its letters swapped."""
    by_name: Mapping[str, str] = {text: code for code, text in world.region_names.items()}
    if len(name) > CODE_LENGTH:
        close = suggest(name, world.regions)
        word = suggest(name, by_name) if close is None else None
        return close if word is None else by_name[word]
    starts = [code for text, code in by_name.items() if text.casefold().startswith(name.casefold())]
    if len(name) == CODE_LENGTH and len(starts) == 1:
        return starts[0]
    swapped = [region for region in world.regions if sorted(region) == sorted(name.upper())]
    return swapped[0] if len(swapped) == 1 else None
