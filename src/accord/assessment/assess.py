"""Assessing a deal: from a deal and a world to an assessment."""

import shlex
import sys
from importlib import metadata

from accord.assessment.facade import Assessment
from accord.assessment.result import AssessmentData
from accord.assessment.settings import AssessSettings
from accord.assessment.snapshot.packages import solve_packages
from accord.assessment.valuation.welfare.node_cache import NodeCache
from accord.assessment.views.rule import viewed_world
from accord.core.arguments import check_kind, public
from accord.data.store import DEFAULT_WORLD, WIDE_WORLD, embedded_worlds, load_world
from accord.data.world import World
from accord.deal.deal import Deal
from accord.deal.load import check_deal, given_as


@public
def assess(
    deal: Deal,
    *,
    world: World | None = None,
    settings: AssessSettings | None = None,
    cache: NodeCache | None = None,
    throw: bool = True,
) -> Assessment:
    """Return what every package does to every region, against no deal and the baseline.

    Args:
        deal: A deal, as `load_deal` gives it.
        world: The baseline; the embedded world of 2024 if left out.
        settings: Closure, market structure, labour, elasticities, and events declared to have
            happened.
        cache: Equilibria solved so far, to share between assessments; a new one if left out.
        throw: Raise when an equilibrium is not found, rather than return its status; figures that
            rest on it are then NaN.

    Raises:
        InputError: The deal names something the world lacks, or a setting is unknown.
        SolveError: An equilibrium was not found and `throw` is true.
    """
    check_kind("deal", deal, Deal, "Load it first: ac.load_deal(name or path)")
    world = load_world() if world is None else world
    check_kind("world", world, World, "Give ac.load_world() or an ac.World of your own")
    settings = AssessSettings() if settings is None else settings
    check_kind("settings", settings, AssessSettings, 'Give ac.AssessSettings(closure="share", ...)')
    settings = settings.for_world(world, deal.triggers)
    deal = check_deal(deal, world)
    snapshot = solve_packages(deal, world, settings, throw=throw)
    data = AssessmentData(deal, world, settings, _reproduce(deal, world, settings), snapshot)
    return Assessment(data, NodeCache() if cache is None else cache)


def _reproduce(deal: Deal, world: World, settings: AssessSettings) -> dict[str, object]:
    """Return what it takes to get the same numbers again."""
    words = {
        "elasticities": settings.elasticities, "closure": settings.closure,
        "competition": settings.competition, "labour": settings.labour,
        "sourcing": settings.sourcing,
        "scale_strength": settings.scale_strength, "paths": settings.paths,
        "draws": settings.draws, "seed": settings.seed,
    }  # fmt: skip
    standard = AssessSettings().for_world(world)
    changed: dict[str, object] = {
        key: value for key, value in words.items() if getattr(standard, key) != value
    }
    options = "".join(f" --{key.replace('_', '-')} {value}" for key, value in changed.items())
    known = "" if deal.as_known_on is None else deal.as_known_on.isoformat()
    options += f" --as-of {known}" if known else ""
    options += "".join(f" --trigger {shlex.quote(name)}" for name in settings.triggered)
    if not settings.ranges:
        changed["ranges"] = False
    if settings.sets is not None:
        changed["sets"] = settings.sets
    if settings.triggered:
        changed["triggered"] = settings.triggered
    given = ", ".join(f"{key}={value!r}" for key, value in changed.items())
    argument = f", settings=ac.AssessSettings({given})" if given else ""
    case, own = given_as(deal), world != load_world()
    opened_by, option = _name_world(world)
    options += option
    passed = ", world=world" if own else ""
    on_day = f", as_of={known!r}" if known else ""
    lines = ["import accord as ac"]
    viewed = viewed_world(world) is not None
    if own:
        lines += opened_by or (f"# world: the one passed by you, {world.name}",)
    lines.append(
        f"# deal: the one passed by you, {deal.name}"
        if case is None
        else f"deal = ac.load_deal({case!r}{passed}{on_day})"
    )
    if viewed and case is not None:
        lines.append("world = build_view(deal, world).world")
    lines.append(f"result = ac.assess(deal{passed}{argument})")
    command = f"accord assess {shlex.quote(case or '')}{options}"
    return {
        **(
            {}
            if (own and not option) or case is None or not settings.ranges
            else {"command": command}
        ),
        "python": (*lines, "print(result.summary())"),
        "deal sha256": deal.sha256,
        "world": {"name": world.name, "sha256": world.sha256},
        "versions": {
            "accord": metadata.version("accord-workbench"),
            "jax": metadata.version("jax"),
            "numpy": metadata.version("numpy"),
            "python": f"{sys.version_info.major}.{sys.version_info.minor}",
        },
    }


def _name_world(world: World) -> tuple[tuple[str, ...], str]:
    """Return lines of Python that open an embedded world, and the option that does; else nothing.

    A view is the world that it was made of, for a deal.
    """
    name = viewed_world(world)
    if name in embedded_worlds() and name != DEFAULT_WORLD:
        opened = f"world = ac.load_world({name!r})"
        return ("from accord.assessment.views.rule import build_view", opened), f" --world {name}"
    if world.name == WIDE_WORLD and world == load_world(WIDE_WORLD):
        return (f"world = ac.load_world({WIDE_WORLD!r})",), " --world full"
    return (), ""
