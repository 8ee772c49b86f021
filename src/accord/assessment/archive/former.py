"""A saved assessment whose world has another name now is told so."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from accord.data.store import FORMER_NAMES, load_world
from accord.data.world import World

LOADED = re.compile(r"""(ac\.load_deal\((?:'[^']*'|"[^"]*"))""")


def rename_former(world: World) -> World:
    """Return an embedded world that had another name when it was saved, under its name of today.

    Any other world is returned as it is, one of the same name but with other content too.
    """
    if world.name not in FORMER_NAMES:
        return world
    named = replace(world, name=FORMER_NAMES[world.name])
    return named if named == load_world(named.name) else world


def name_default(reproduce: Mapping[str, Any], world: World) -> dict[str, Any]:
    """Return what it takes to get the numbers again, with the world that was the default then.

    The command and the lines of that time named no world; today they would take another one.
    """
    told = dict(reproduce)
    lines = tuple(told["python"])
    if told["world"]["name"] == world.name:
        return told
    told["world"] = {"name": world.name, "sha256": world.sha256}
    if any("world" in line for line in lines):
        return told
    opened = f"world = ac.load_world({world.name!r})"
    told["python"] = (lines[0], opened, *(_pass_world(line) for line in lines[1:]))
    if "command" in told:
        told["command"] += f" --world {world.name}"
    return told


def _pass_world(line: str) -> str:
    line = LOADED.sub(r"\1, world=world", line)
    return line.replace("ac.assess(deal", "ac.assess(deal, world=world")
