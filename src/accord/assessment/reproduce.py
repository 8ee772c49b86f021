"""What it takes to get an assessment again: the command, the lines of Python, digests, versions."""

import shlex
import sys
from importlib import metadata

from accord.assessment.settings import AssessSettings
from accord.assessment.views.rule import view_name, viewed_world
from accord.data.store import DEFAULT_WORLD, OLDER_WORLD, WHOLE, embedded_worlds, load_world
from accord.data.world import World
from accord.deal.deal import Deal
from accord.deal.load import given_as

WORDS = (
    "elasticities", "closure", "competition", "labour", "sourcing", "scale_strength", "paths",
    "draws", "seed",
)  # fmt: skip
"""Settings that are options of the command too."""


def reproduce(deal: Deal, world: World, settings: AssessSettings) -> dict[str, object]:
    """Return what it takes to get the same numbers again, by name.

    The command is left out where none gives them: the deal or the world came from Python, or the
    ranges were switched off.
    """
    standard = AssessSettings().for_world(world)
    values = {name: getattr(settings, name) for name in WORDS}
    changed: dict[str, object] = {
        key: value for key, value in values.items() if getattr(standard, key) != value
    }
    options = "".join(f" --{key.replace('_', '-')} {value}" for key, value in changed.items())
    known = "" if deal.as_known_on is None else deal.as_known_on.isoformat()
    options += f" --as-of {known}" if known else ""
    options += "".join(f" --trigger {shlex.quote(name)}" for name in settings.triggered)
    case, named = given_as(deal), name_world(deal, world)
    told: dict[str, object] = {
        "python": (*_lines(deal, world, settings, changed), "print(result.summary())"),
        "deal sha256": deal.sha256,
        "world": {"name": world.name, "sha256": world.sha256},
        "versions": {
            "accord": metadata.version("accord-workbench"),
            "jax": metadata.version("jax"),
            "numpy": metadata.version("numpy"),
            "python": f"{sys.version_info.major}.{sys.version_info.minor}",
        },
    }
    if named is None or case is None or not settings.ranges:
        return told
    return {"command": f"accord assess {shlex.quote(case)}{options}{named}", **told}


def _lines(
    deal: Deal, world: World, settings: AssessSettings, changed: dict[str, object]
) -> list[str]:
    """Return the lines of Python up to the result."""
    given = dict(changed)
    if not settings.ranges:
        given["ranges"] = False
    if settings.sets is not None:
        given["sets"] = settings.sets
    if settings.triggered:
        given["triggered"] = settings.triggered
    words = ", ".join(f"{key}={value!r}" for key, value in given.items())
    argument = f", settings=ac.AssessSettings({words})" if words else ""
    usual = name_world(deal, world) == ""
    passed = "" if usual else ", world=world"
    known = "" if deal.as_known_on is None else f", as_of={deal.as_known_on.isoformat()!r}"
    case, viewed = given_as(deal), viewed_world(world) in embedded_worlds()
    lines = ["import accord as ac"]
    if not usual:
        lines += _open_world(world)
    lines.append(
        f"# deal: the one passed by you, {deal.name}"
        if case is None
        else f"deal = ac.load_deal({case!r}{passed}{known})"
    )
    if viewed and not usual:
        lines.append("world = build_view(deal, world).world")
    return [*lines, f"result = ac.assess(deal{passed}{argument})"]


def name_world(deal: Deal, world: World) -> str | None:
    """Return the option that prices a deal in this world; "" if none is needed, None if none does.

    A deal is priced in its view of the default world, in all of it, or in all of the older one.
    """
    if viewed_world(world) == DEFAULT_WORLD and world.name == view_name(DEFAULT_WORLD, deal):
        return ""
    options = {DEFAULT_WORLD: WHOLE, OLDER_WORLD: OLDER_WORLD}
    if world.name in options and world == load_world(world.name):
        return f" --world {options[world.name]}"
    return None


def _open_world(world: World) -> tuple[str, ...]:
    """Return the lines of Python that open a world, as far as it is embedded."""
    name = viewed_world(world)
    if name in embedded_worlds():
        return (
            "from accord.assessment.views.rule import build_view",
            f"world = ac.load_world({name!r})",
        )
    if world.name in embedded_worlds() and world == load_world(world.name):
        return (f"world = ac.load_world({world.name!r})",)
    return (f"# world: the one passed by you, {world.name}",)
