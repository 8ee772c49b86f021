"""What can be wrong with groups of regions: their names, their members, parties that share one."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

from accord.core.errors import Problem
from accord.core.words import LONGEST_WORD
from accord.data.world import World
from accord.deal.checks.regions import explain_region, members_in
from accord.deal.checks.text.as_written import Written, texts_of
from accord.deal.products import EVERYTHING
from accord.deal.regions import REGION_GROUPS, find_bloc, members_of

EXAMPLE = 'name at least one region, as in ["CAN", "MEX"]'


def check_groups(as_written: Written, world: World | None) -> Iterator[Problem]:
    """Yield what is wrong with the groups of a file: names that are taken, members that are none.

    Args:
        as_written: The file as parsed from TOML.
        world: Where members are looked up; None leaves that out.
    """
    table = as_written.get("groups")
    groups = table if isinstance(table, Mapping) else {}
    for name, members in groups.items():
        path = f"groups.{name}"
        taken = _explain_taken(name, world)
        if taken:
            yield Problem(path, taken, "choose another name for the group")
        if members == []:
            yield Problem(path, "has no members", EXAMPLE)
        yield from _check_members(path, texts_of(members), groups, world)


def _explain_taken(name: str, world: World | None) -> str:
    """Return why a group cannot be called by a name; "" if it can."""
    if name == EVERYTHING:
        return f'"{name}" stands for every region'
    if name in REGION_GROUPS:
        return f'"{name}" is a group that is there already'
    if world is not None and name in world.regions:
        return f'"{name}" is a region of {world.name}'
    return ""


def _check_members(
    path: str, members: Sequence[str], groups: Mapping[str, Any], world: World | None
) -> Iterator[Problem]:
    """Yield members that are groups of the file or not in the world, or are there twice."""
    seen: dict[str, str] = {}
    for number, member in enumerate(members, start=1):
        where = f"{path}[{number}]"
        if member in groups:
            yield Problem(where, f'"{member}" is a group of this file', "name its members instead")
            continue
        wrong = _explain_member(member, world) if world is not None else None
        if wrong is not None:
            yield Problem(where, *wrong)
        for region in members_of(member) or (member,):
            if region in seen:
                yield Problem(where, f'"{region}" is in {seen[region]} already', "delete one")
                break
            seen[region] = where


def _explain_member(member: str, world: World) -> tuple[str, str] | None:
    """Return the message and remedy for a member that is no region of the world, or None."""
    wrong = explain_region(member, world)
    bloc = find_bloc(member[:LONGEST_WORD])
    there = members_in(bloc, world)[0] if wrong is not None and bloc is not None else ()
    if wrong is None or not there:
        return wrong
    names = ", ".join(f'"{name}"' for name in there)
    return wrong[0], f"name the members of {bloc} that {world.name} has: {names}"


def check_overlap(parties: Sequence[str]) -> Iterator[Problem]:
    """Yield parties that are members of another party, and groups that share a member."""
    for number, name in enumerate(parties, start=1):
        for group in parties:
            if group != name and name in members_of(group):
                message = f'"{name}" is a member of "{group}", which is a party too'
                yield Problem(f"parties[{number}]", message, "keep one of the two")
    for (_, first), (number, second) in combinations(enumerate(parties, start=1), 2):
        shared = [name for name in members_of(second) if name in members_of(first)]
        if shared and first != second:
            names = ", ".join(f'"{name}"' for name in shared[:3])
            more = f" and {len(shared) - 3} more" if len(shared) > 3 else ""
            verb = "is" if len(shared) == 1 else "are"
            message = f'{names}{more} {verb} in "{first}" and in "{second}", which are both parties'
            remedy = "take it out of one of the two groups, or make one party of both"
            yield Problem(f"parties[{number}]", message, remedy)
